//! What the request's headers are called and what their values may hold.
//!
//! The signing scheme does not cover the lengths of its parts, so a `&` or `=` inside a header value could move the
//! border between two parts. Values that go out are held to a set of characters where that cannot happen.

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use crate::check::chars::Shown;
use crate::error::Error;

/// `requestID`: the unique id of one request.
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

/// The longest uuid or request id, in bytes.
pub const MAX_TOKEN_LEN: usize = 128;

/// Whether `value` may be sent as a uuid or request id.
pub(crate) fn check_token(value: &str) -> Result<(), HeaderError> {
    if value.is_empty() {
        return Err(HeaderError::Empty);
    }
    if value.len() > MAX_TOKEN_LEN {
        return Err(HeaderError::TooLong { len: value.len() });
    }
    // A small request spends a tenth of its time here, if it is looked through as characters.
    let Some(place) = value.bytes().position(|b| !is_token_byte(b)) else {
        return Ok(());
    };
    // What is before is ASCII, so that a character begins here.
    let found = value[place..].chars().next().unwrap_or_default();
    let position = place + 1;
    Err(HeaderError::Character { position, found })
}

const fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':')
}

/// Why a text cannot be sent as a uuid or request id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeaderError {
    /// There is no text.
    Empty,
    /// It is longer than [`MAX_TOKEN_LEN`].
    TooLong {
        /// Its length in bytes.
        len: usize,
    },
    /// It holds a character other than ASCII letters, digits and `-_.:`.
    Character {
        /// The place of the first such character, counted in characters from 1.
        position: usize,
        /// That character.
        found: char,
    },
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Empty => f.write_str("it is empty; give 1 to 128 characters"),
            Self::TooLong { len } => {
                write!(f, "it has {len} bytes; give at most {MAX_TOKEN_LEN}")
            }
            Self::Character { position, found } => write!(
                f,
                "character {position} is {}; use only ASCII letters, digits, '-', '_', '.' and ':'",
                Shown(found)
            ),
        }
    }
}

/// The unique id of one request, chosen by the caller: 1 to 128 bytes of ASCII letters, digits and `-_.:`.
///
/// The provider asks for a random unique value; a UUID or 32 random hex digits are usual. Never use one twice.
///
/// This holds for ids that are sent. What the provider sends is not known to keep to it: a received id is carried as it
/// is, as [`ReceivedHeaders`](crate::ReceivedHeaders) tells.
///
/// ```
/// use callbot_core::RequestId;
///
/// let id = RequestId::new("9f86d081-884c-4d65-9a2f-eaa0c55ad015")?;
/// assert_eq!(id.as_str(), "9f86d081-884c-4d65-9a2f-eaa0c55ad015");
/// assert_eq!(RequestId::new("a&uuid=b").unwrap_err().code(), "request_id_character");
/// # Ok::<(), callbot_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RequestId(String);

impl RequestId {
    /// Takes the caller's id.
    ///
    /// # Errors
    ///
    /// [`Error::RequestId`] when it is empty, too long, or holds another character.
    pub fn new(id: impl Into<String>) -> Result<Self, Error> {
        let id = id.into();
        check_token(&id).map_err(Error::RequestId)?;
        Ok(Self(id))
    }

    /// The id as it is sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RequestId {
    type Err = Error;

    /// The same as [`new`](Self::new).
    fn from_str(id: &str) -> Result<Self, Error> {
        Self::new(id)
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The time of a request in whole Unix seconds, as the `createTs` header carries it.
///
/// The core reads no clock: the time is the caller's, so that the same inputs always give the same signature.
///
/// ```
/// use callbot_core::Timestamp;
///
/// let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
/// assert!(Timestamp::from_unix_seconds(now.as_secs()).is_ok());
/// assert_eq!("1726200000".parse::<Timestamp>()?.unix_seconds(), 1_726_200_000);
///
/// let mistaken = Timestamp::from_unix_seconds(1_726_200_000_000).unwrap_err();
/// assert_eq!(mistaken.code(), "create_ts_milliseconds");
/// # Ok::<(), callbot_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The last second that is taken: it lies in the year 5138. As milliseconds it would lie in 1973, so that whatever
    /// is larger can only be milliseconds (or finer).
    pub const MAX_UNIX_SECONDS: u64 = 99_999_999_999;

    /// Takes Unix seconds.
    ///
    /// # Errors
    ///
    /// [`Error::CreateTs`]: [`TimestampError::Zero`] for 0, which is a time that was never set, and
    /// [`TimestampError::Milliseconds`] for more than [`MAX_UNIX_SECONDS`](Self::MAX_UNIX_SECONDS).
    pub const fn from_unix_seconds(seconds: u64) -> Result<Self, Error> {
        match seconds {
            0 => Err(Error::CreateTs(TimestampError::Zero)),
            1..=Self::MAX_UNIX_SECONDS => Ok(Self(seconds)),
            _ => Err(Error::CreateTs(TimestampError::Milliseconds)),
        }
    }

    /// The time in Unix seconds.
    #[must_use]
    pub const fn unix_seconds(self) -> u64 {
        self.0
    }
}

impl TryFrom<i64> for Timestamp {
    type Error = Error;

    /// Takes Unix seconds as C and Go count them.
    ///
    /// # Errors
    ///
    /// As [`from_unix_seconds`](Self::from_unix_seconds), and [`TimestampError::Negative`].
    fn try_from(seconds: i64) -> Result<Self, Error> {
        u64::try_from(seconds)
            .map_err(|_| Error::CreateTs(TimestampError::Negative))
            .and_then(Self::from_unix_seconds)
    }
}

impl FromStr for Timestamp {
    type Err = Error;

    /// Reads the header's form: decimal digits, without sign, blank or leading zero.
    ///
    /// # Errors
    ///
    /// As [`from_unix_seconds`](Self::from_unix_seconds), and [`TimestampError::Character`],
    /// [`TimestampError::LeadingZero`] or [`TimestampError::Empty`] when the text is not of that form.
    fn from_str(text: &str) -> Result<Self, Error> {
        if let Some((position, found)) = (1..).zip(text.chars()).find(|(_, c)| !c.is_ascii_digit())
        {
            return Err(Error::CreateTs(TimestampError::Character {
                position,
                found,
            }));
        }
        match text {
            "" => Err(Error::CreateTs(TimestampError::Empty)),
            "0" => Err(Error::CreateTs(TimestampError::Zero)),
            _ if text.starts_with('0') => Err(Error::CreateTs(TimestampError::LeadingZero)),
            // Digits alone fail to parse only where they are too many, which is finer than seconds by far.
            _ => Self::from_unix_seconds(text.parse().unwrap_or(u64::MAX)),
        }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Why a value cannot be sent as `createTs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimestampError {
    /// There is no text.
    Empty,
    /// It is 0: a time that was never set.
    Zero,
    /// It lies before 1970.
    Negative,
    /// It is so large that it can only be milliseconds, or finer.
    Milliseconds,
    /// It begins with a 0.
    LeadingZero,
    /// It holds something other than a digit.
    Character {
        /// The place of the first such character, counted in characters from 1.
        position: usize,
        /// That character.
        found: char,
    },
}

impl TimestampError {
    /// The stable code of this fault.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "create_ts_empty",
            Self::Zero => "create_ts_zero",
            Self::Negative => "create_ts_negative",
            Self::Milliseconds => "create_ts_milliseconds",
            Self::LeadingZero => "create_ts_leading_zero",
            Self::Character { .. } => "create_ts_character",
        }
    }
}

impl fmt::Display for TimestampError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Empty => f.write_str("it is empty; give Unix seconds"),
            Self::Zero => f.write_str("it is 0, a time that was never set; give Unix seconds"),
            Self::Negative => f.write_str("it is negative; give Unix seconds, counted from 1970"),
            Self::Milliseconds => f.write_str(
                "it is too large for seconds and can only be milliseconds or finer; the API wants \
                 whole Unix seconds, so divide by 1000",
            ),
            Self::LeadingZero => f.write_str("it begins with 0; give it without leading zeros"),
            Self::Character { position, found } => write!(
                f,
                "character {position} is {}; give decimal digits only, without sign or fraction",
                Shown(found)
            ),
        }
    }
}
