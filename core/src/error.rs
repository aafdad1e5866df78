//! Every error of the crate as one type.

use core::fmt;

use crate::api::content::ContentError;
use crate::api::endpoint::EndpointError;
use crate::batch::EmptyBatchError;
use crate::batch::outcome::error::OutcomeError;
use crate::batch::rules::RulesError;
use crate::check::memory::NoMemoryError;
use crate::check::phone::error::PhoneError;
use crate::check::url::{BaseUrlError, JoinUrlError, PathError};
use crate::check::violation::Violations;
use crate::diagnose::MessageError;
use crate::json::value::PointerError;
use crate::replays::ReplaysError;
use crate::sign::credentials::SecretKeyError;
use crate::sign::header::HeaderError;
use crate::sign::signature::AlgorithmError;
use crate::sign::timestamp::TimestampError;
use crate::verify::block::{HeaderBlockError, HeaderBlockErrorKind};
use crate::verify::error::VerifyError;

/// Any error of this crate.
///
/// Each function returns its own error type, and each of those converts into this one by `?`.
///
/// No error contains the secret key or contacts' data, neither in its message nor in its `Debug`.
///
/// ```
/// use callbot_core::{Error, RequestId, SecretKey};
///
/// fn parse(key: &str, id: &str) -> Result<(SecretKey, RequestId), Error> {
///     Ok((SecretKey::new(key)?, RequestId::new(id)?))
/// }
///
/// assert_eq!(parse("", "1").unwrap_err().code(), "secret_key_empty");
/// assert_eq!(parse("u7Mf3zUN", "").unwrap_err().code(), "request_id_empty");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The secret key is invalid.
    SecretKey(SecretKeyError),
    /// The account's uuid or the request ID is invalid.
    Header(HeaderError),
    /// The time of the request is invalid.
    CreateTs(TimestampError),
    /// The name of the algorithm is invalid.
    Algorithm(AlgorithmError),
    /// A rule of the campaign is invalid.
    Rules(RulesError),
    /// A phone number that was parsed on its own is invalid.
    Phone(PhoneError),
    /// The provider's base URL is invalid.
    BaseUrl(BaseUrlError),
    /// The name of an endpoint is unknown.
    Endpoint(EndpointError),
    /// The path of a request is invalid.
    Path(PathError),
    /// A raw header block is malformed.
    HeaderBlock(HeaderBlockError),
    /// A message from the provider failed verification.
    Verify(VerifyError),
    /// A message has no signature that could be explained.
    Message(MessageError),
    /// A verified message does not have the expected content.
    Content(ContentError),
    /// A string is not a JSON Pointer.
    Pointer(PointerError),
    /// A response and a request cannot be compared.
    Outcome(OutcomeError),
    /// A received message cannot be stored against replays.
    Replays(ReplaysError),
    /// A batch without orders cannot be signed.
    EmptyBatch(EmptyBatchError),
    /// A task, an order, or a batch from JSON is invalid: everything that is wrong with it.
    Refused(Violations),
    /// An allocation failed.
    NoMemory(NoMemoryError),
}

impl Error {
    /// The stable code of this error, for programs. It never changes its meaning.
    ///
    /// For [`Refused`](Self::Refused) it is the code of the first violation; the list has them all.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::SecretKey(error) => error.code(),
            Self::Header(error) => error.code(),
            Self::CreateTs(error) => error.code(),
            Self::Algorithm(error) => error.code(),
            Self::Rules(error) => error.code(),
            Self::Phone(error) => error.code(),
            Self::BaseUrl(error) => error.code(),
            Self::Endpoint(error) => error.code(),
            Self::Path(error) => error.code(),
            Self::HeaderBlock(error) => error.code(),
            Self::Verify(error) => error.code(),
            Self::Message(error) => error.code(),
            Self::Content(error) => error.code(),
            Self::Pointer(error) => error.code(),
            Self::Outcome(error) => error.code(),
            Self::Replays(error) => error.code(),
            Self::EmptyBatch(error) => error.code(),
            Self::Refused(violations) => violations.iter().next().map_or("refused", |v| v.code()),
            Self::NoMemory(error) => error.code(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SecretKey(error) => error.fmt(f),
            Self::Header(error) => error.fmt(f),
            Self::CreateTs(error) => error.fmt(f),
            Self::Algorithm(error) => error.fmt(f),
            Self::Rules(error) => error.fmt(f),
            // Its other messages have no subject: a violation shows them after the JSON Pointer.
            Self::Phone(PhoneError::Empty) => PhoneError::Empty.fmt(f),
            Self::Phone(error) => write!(f, "phone number: {error}"),
            Self::BaseUrl(error) => error.fmt(f),
            Self::Endpoint(error) => error.fmt(f),
            Self::Path(error) => error.fmt(f),
            Self::HeaderBlock(error) => error.fmt(f),
            Self::Verify(error) => error.fmt(f),
            Self::Message(error) => error.fmt(f),
            Self::Content(error) => error.fmt(f),
            Self::Pointer(error) => error.fmt(f),
            Self::Outcome(error) => error.fmt(f),
            Self::Replays(error) => error.fmt(f),
            Self::EmptyBatch(error) => error.fmt(f),
            Self::Refused(violations) => violations.fmt(f),
            Self::NoMemory(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for Error {}

impl From<JoinUrlError> for Error {
    fn from(error: JoinUrlError) -> Self {
        match error {
            JoinUrlError::Base(error) => error.into(),
            JoinUrlError::Path(error) => error.into(),
        }
    }
}

impl From<BaseUrlError> for Error {
    fn from(error: BaseUrlError) -> Self {
        match error {
            BaseUrlError::NoMemory => Self::NoMemory(NoMemoryError),
            error => Self::BaseUrl(error),
        }
    }
}

impl From<ContentError> for Error {
    fn from(error: ContentError) -> Self {
        match error {
            ContentError::NoMemory => Self::NoMemory(NoMemoryError),
            error => Self::Content(error),
        }
    }
}

impl From<OutcomeError> for Error {
    fn from(error: OutcomeError) -> Self {
        match error {
            OutcomeError::NoMemory => Self::NoMemory(NoMemoryError),
            error => Self::Outcome(error),
        }
    }
}

impl From<PathError> for Error {
    fn from(error: PathError) -> Self {
        match error {
            PathError::NoMemory => Self::NoMemory(NoMemoryError),
            error => Self::Path(error),
        }
    }
}

impl From<HeaderBlockError> for Error {
    fn from(error: HeaderBlockError) -> Self {
        match error.kind() {
            HeaderBlockErrorKind::NoMemory => Self::NoMemory(NoMemoryError),
            _ => Self::HeaderBlock(error),
        }
    }
}

impl From<RulesError> for Error {
    fn from(error: RulesError) -> Self {
        match error {
            RulesError::NoMemory => Self::NoMemory(NoMemoryError),
            error => Self::Rules(error),
        }
    }
}

impl From<Violations> for Error {
    fn from(violations: Violations) -> Self {
        match violations.no_memory() {
            Some(error) => Self::NoMemory(error),
            None => Self::Refused(violations),
        }
    }
}

/// Implements `From` for each variant's error.
macro_rules! from_errors {
    ($($variant:ident($error:ty)),+ $(,)?) => {$(
        impl From<$error> for Error {
            fn from(error: $error) -> Self {
                Self::$variant(error)
            }
        }
    )+};
}

from_errors!(
    SecretKey(SecretKeyError),
    Header(HeaderError),
    CreateTs(TimestampError),
    Algorithm(AlgorithmError),
    Phone(PhoneError),
    Endpoint(EndpointError),
    Verify(VerifyError),
    Message(MessageError),
    Pointer(PointerError),
    Replays(ReplaysError),
    EmptyBatch(EmptyBatchError),
    NoMemory(NoMemoryError),
);
