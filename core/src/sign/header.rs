//! The names of the headers, and the IDs that they may carry.
//!
//! The signature does not cover the lengths of its parts, so a `&` or `=` inside a header value
//! could move the boundary between two parts. Values that are sent are restricted to characters
//! with which that is impossible.

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use crate::check::chars::Quoted;
use crate::sign::copied::{self, Copied};

/// `requestID`: the unique ID of one request.
pub const REQUEST_ID: &str = "requestID";
/// `uuid`: the account.
pub const UUID: &str = "uuid";
/// `createTs`: when the request was made, in Unix seconds.
pub const CREATE_TS: &str = "createTs";
/// `sign`: the signature, in upper-case hex.
pub const SIGN: &str = "sign";
/// `algorithm`: `MD5` or `SHA256`.
pub const ALGORITHM: &str = "algorithm";
/// `Content-Type`: always `application/json`.
pub const CONTENT_TYPE: &str = "Content-Type";

/// The maximum length of a uuid or request ID, in bytes.
pub const MAX_TOKEN_LEN: usize = 128;

/// A header that carries an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IdHeader {
    Uuid,
    RequestId,
}

impl IdHeader {
    const fn name(self) -> &'static str {
        match self {
            Self::Uuid => UUID,
            Self::RequestId => REQUEST_ID,
        }
    }

    /// Validates an ID that is to be sent in this header.
    pub(crate) fn check(self, id: &str) -> Result<(), HeaderError> {
        match check_token(id) {
            Ok(()) => Ok(()),
            Err(kind) => Err(self.error(id, kind)),
        }
    }
}

impl IdHeader {
    /// The error of an invalid ID. Only a uuid comes from a file of settings.
    #[cold]
    fn error(self, id: &str, kind: HeaderErrorKind) -> HeaderError {
        let copied = match self {
            Self::Uuid => copied::what_comes_with_uuid(id),
            Self::RequestId => None,
        };
        let kind = match copied {
            Some(Copied::Name) => HeaderErrorKind::Assignment,
            Some(Copied::Quotes) => HeaderErrorKind::Quoted,
            None => kind,
        };
        HeaderError { header: self, kind }
    }
}

fn check_token(value: &str) -> Result<(), HeaderErrorKind> {
    if value.is_empty() {
        return Err(HeaderErrorKind::Empty);
    }
    if value.len() > MAX_TOKEN_LEN {
        return Err(HeaderErrorKind::TooLong { len: value.len() });
    }
    // Bytes, not characters: decoding characters takes a tenth of the time of a small request.
    let Some(index) = value.bytes().position(|b| !is_token_byte(b)) else {
        return Ok(());
    };
    // All bytes before `index` are ASCII, so it is a character boundary.
    let found = value[index..].chars().next().unwrap_or_default();
    let position = index + 1;
    Err(HeaderErrorKind::Character { position, found })
}

const fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':')
}

/// An ID that cannot be sent: a `uuid` or a `requestID`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeaderError {
    header: IdHeader,
    kind: HeaderErrorKind,
}

impl HeaderError {
    pub(crate) const fn uuid_is_secret_key() -> Self {
        Self {
            header: IdHeader::Uuid,
            kind: HeaderErrorKind::SecretKey,
        }
    }

    /// The name of the header: [`UUID`] or [`REQUEST_ID`].
    #[must_use]
    pub const fn header(&self) -> &'static str {
        self.header.name()
    }

    /// What is wrong with its value.
    #[must_use]
    pub const fn kind(&self) -> HeaderErrorKind {
        self.kind
    }

    /// The stable code of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match (self.header, self.kind) {
            (IdHeader::Uuid, HeaderErrorKind::Empty) => "uuid_empty",
            (IdHeader::Uuid, HeaderErrorKind::TooLong { .. }) => "uuid_too_long",
            (IdHeader::Uuid, HeaderErrorKind::Character { .. }) => "uuid_character",
            (_, HeaderErrorKind::Quoted) => "uuid_quoted",
            (_, HeaderErrorKind::Assignment) => "uuid_assignment",
            (_, HeaderErrorKind::SecretKey) => "uuid_is_secret_key",
            (IdHeader::RequestId, HeaderErrorKind::Empty) => "request_id_empty",
            (IdHeader::RequestId, HeaderErrorKind::TooLong { .. }) => "request_id_too_long",
            (IdHeader::RequestId, HeaderErrorKind::Character { .. }) => "request_id_character",
        }
    }
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = self.header();
        match self.kind {
            HeaderErrorKind::Empty => {
                write!(f, "{header} is empty; use 1 to {MAX_TOKEN_LEN} characters")
            }
            HeaderErrorKind::TooLong { len } => {
                write!(
                    f,
                    "{header} is {len} bytes long; use at most {MAX_TOKEN_LEN}"
                )
            }
            HeaderErrorKind::Character { position, found } => write!(
                f,
                "character {position} of {header} is {}; \
                 use only ASCII letters, digits, '-', '_', '.' and ':'",
                Quoted(found)
            ),
            HeaderErrorKind::Quoted => write!(
                f,
                "{header} is in quotation marks, which are no part of it; remove them"
            ),
            HeaderErrorKind::Assignment => write!(
                f,
                "{header} starts with a name and '=', like a line of a file of settings; \
                 pass only what follows the '='"
            ),
            HeaderErrorKind::SecretKey => write!(
                f,
                "{header} and the secret key are the same string; \
                 copy each again from the console, and change the key if it was sent as {header}"
            ),
        }
    }
}

impl core::error::Error for HeaderError {}

/// What is wrong with the value of a [`HeaderError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeaderErrorKind {
    /// The value is empty.
    Empty,
    /// The value is longer than [`MAX_TOKEN_LEN`].
    TooLong {
        /// Its length in bytes.
        len: usize,
    },
    /// The value has a character other than ASCII letters, digits and `-_.:`.
    Character {
        /// The position of the first such character, counted in characters from 1.
        position: usize,
        /// That character.
        found: char,
    },
    /// A uuid is in quotation marks, as in a file of settings.
    Quoted,
    /// A uuid comes with its name, as in `UUID=...`: a whole line of a file of settings.
    Assignment,
    /// A uuid is the same string as the secret key, which would be sent with it.
    SecretKey,
}

/// The unique ID of one request: 1 to 128 bytes of ASCII letters, digits and `-_.:`.
///
/// The caller chooses it. The provider asks for a random unique value; a UUID or 32 random hex
/// digits are usual. Never use an ID twice.
///
/// These limits hold for IDs that are sent. The provider's own IDs may have other characters;
/// [`ReceivedHeaders`](crate::ReceivedHeaders) takes them as they are.
///
/// ```
/// use callbot_core::RequestId;
///
/// let id = RequestId::new("9f86d081-884c-4d65-9a2f-eaa0c55ad015")?;
/// assert_eq!(id.as_str(), "9f86d081-884c-4d65-9a2f-eaa0c55ad015");
/// assert_eq!(RequestId::new("a&uuid=b").unwrap_err().code(), "request_id_character");
/// # Ok::<(), callbot_core::HeaderError>(())
/// ```
///
/// API page:
/// [Callbot-API-authorization](https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-authorization).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RequestId(String);

impl RequestId {
    /// Validates the caller's id.
    ///
    /// # Errors
    ///
    /// [`HeaderError`] if the ID is empty, too long, or has another character.
    pub fn new(id: impl Into<String>) -> Result<Self, HeaderError> {
        let id = id.into();
        IdHeader::RequestId.check(&id)?;
        Ok(Self(id))
    }

    /// The ID as it is sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RequestId {
    type Err = HeaderError;

    /// Equivalent to [`new`](Self::new).
    fn from_str(id: &str) -> Result<Self, HeaderError> {
        Self::new(id)
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
