//! What credentials are made of.

/// The parts of credentials, before any is validated.
pub(super) struct Parts {
    pub(super) uuid: Option<String>,
    pub(super) secret_key: Option<String>,
    pub(super) algorithm: Option<String>,
}
