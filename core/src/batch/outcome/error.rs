//! Why there is no outcome.

use core::fmt;

use crate::check::memory::NoMemoryError;

/// Why a request and a response cannot be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum OutcomeError {
    /// The document is a callback and not a response.
    Callback,
    /// The body is not that of a request with orders.
    Request,
    /// An allocation failed.
    NoMemory,
}

impl OutcomeError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Callback => "outcome_callback",
            Self::NoMemory => NoMemoryError.code(),
            Self::Request => "outcome_request",
        }
    }
}

impl fmt::Display for OutcomeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoMemory => NoMemoryError::MESSAGE,
            Self::Callback => "a callback does not answer a request; pass a response",
            Self::Request => {
                "the request's body has no list of orders; pass the body that was sent, with callList \
                 or orderIDs"
            }
        })
    }
}

impl core::error::Error for OutcomeError {}

impl From<NoMemoryError> for OutcomeError {
    fn from(_: NoMemoryError) -> Self {
        Self::NoMemory
    }
}
