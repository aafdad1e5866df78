//! Everything that can be refused, as one type.

use core::fmt;

use crate::api::content::ContentError;
use crate::batch::EmptyBatch;
use crate::batch::rules::RulesError;
use crate::check::phone::PhoneError;
#[cfg(feature = "http")]
use crate::check::url::UrlError;
use crate::check::violation::Violations;
use crate::sign::credentials::SecretKeyError;
use crate::sign::header::{HeaderError, TimestampError};
use crate::verify::VerifyError;

/// Why something was refused, and what to do about it.
///
/// Neither the secret key nor contacts' data is ever in an error, its `Debug` or its text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The secret key.
    SecretKey(SecretKeyError),
    /// The account's uuid.
    Uuid(HeaderError),
    /// The request id.
    RequestId(HeaderError),
    /// The time of the request.
    CreateTs(TimestampError),
    /// The name of the algorithm: it is neither `MD5` nor `SHA256`.
    Algorithm,
    /// A rule for the campaign.
    Rules(RulesError),
    /// A phone number that was read on its own.
    Phone(PhoneError),
    /// The base URL of the provider.
    #[cfg(feature = "http")]
    BaseUrl(UrlError),
    /// The base URL of the provider has a query (`?...`), behind which no path can stand.
    #[cfg(feature = "http")]
    BaseUrlQuery,
    /// A message from the provider was not accepted.
    Verify(VerifyError),
    /// A verified message has not the content that it was read for.
    Content(ContentError),
    /// A batch without orders was to be signed.
    EmptyBatch,
    /// A task, an order, or a batch from JSON: everything that is wrong with it.
    Refused(Violations),
}

impl Error {
    /// The stable code of this error, for programs. It never changes its meaning.
    ///
    /// For [`Refused`](Self::Refused) it is that of the first violation; read them all from there.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::SecretKey(fault) => fault.code(),
            Self::Uuid(HeaderError::Empty) => "uuid_empty",
            Self::Uuid(HeaderError::TooLong { .. }) => "uuid_too_long",
            Self::Uuid(HeaderError::Character { .. }) => "uuid_character",
            Self::RequestId(HeaderError::Empty) => "request_id_empty",
            Self::RequestId(HeaderError::TooLong { .. }) => "request_id_too_long",
            Self::RequestId(HeaderError::Character { .. }) => "request_id_character",
            Self::CreateTs(fault) => fault.code(),
            Self::Algorithm => "algorithm",
            Self::Rules(fault) => fault.code(),
            Self::Phone(fault) => fault.code(),
            #[cfg(feature = "http")]
            Self::BaseUrl(fault) => fault.code(),
            #[cfg(feature = "http")]
            Self::BaseUrlQuery => "base_url_query",
            Self::Verify(error) => error.code(),
            Self::Content(error) => error.code(),
            Self::EmptyBatch => "empty_batch",
            Self::Refused(violations) => violations.iter().next().map_or("refused", |v| v.code()),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SecretKey(fault) => write!(f, "secret key: {fault}"),
            Self::Uuid(fault) => write!(f, "uuid: {fault}"),
            Self::RequestId(fault) => write!(f, "request id: {fault}"),
            Self::CreateTs(fault) => write!(f, "createTs: {fault}"),
            Self::Algorithm => f.write_str(
                "algorithm: it is neither MD5 nor SHA256; the console says under Developer which one the account uses",
            ),
            Self::Rules(fault) => write!(f, "rules: {fault}"),
            Self::Phone(fault) => write!(f, "phone number: {fault}"),
            #[cfg(feature = "http")]
            Self::BaseUrl(fault) => write!(f, "base URL: {fault}"),
            #[cfg(feature = "http")]
            Self::BaseUrlQuery => {
                f.write_str("base URL: it has a query, behind which no path can stand; remove '?' and what follows")
            }
            Self::Verify(error) => error.fmt(f),
            Self::Content(error) => error.fmt(f),
            Self::EmptyBatch => f.write_str("the batch has no orders; add one before it is signed"),
            Self::Refused(violations) => violations.fmt(f),
        }
    }
}

impl core::error::Error for Error {}

impl From<SecretKeyError> for Error {
    fn from(fault: SecretKeyError) -> Self {
        Self::SecretKey(fault)
    }
}

impl From<RulesError> for Error {
    fn from(fault: RulesError) -> Self {
        Self::Rules(fault)
    }
}

impl From<PhoneError> for Error {
    fn from(fault: PhoneError) -> Self {
        Self::Phone(fault)
    }
}

impl From<VerifyError> for Error {
    fn from(error: VerifyError) -> Self {
        Self::Verify(error)
    }
}

impl From<ContentError> for Error {
    fn from(error: ContentError) -> Self {
        Self::Content(error)
    }
}

impl From<EmptyBatch> for Error {
    fn from(_: EmptyBatch) -> Self {
        Self::EmptyBatch
    }
}

impl From<Violations> for Error {
    fn from(violations: Violations) -> Self {
        Self::Refused(violations)
    }
}
