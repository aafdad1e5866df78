//! The time of a request, as the `createTs` header carries it.

use core::fmt;
use core::str::FromStr;

use crate::check::chars::Quoted;

/// The time of a request in whole Unix seconds, as the `createTs` header carries it.
///
/// The core reads no clock: the caller passes the time, so that the same inputs always give the
/// same signature.
///
/// ```
/// use callbot_core::Timestamp;
///
/// let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
/// assert!(Timestamp::from_unix_seconds(now.as_secs()).is_ok());
/// assert_eq!("1726200000".parse::<Timestamp>()?.unix_seconds(), 1_726_200_000);
///
/// let error = Timestamp::from_unix_seconds(1_726_200_000_000).unwrap_err();
/// assert_eq!(error.code(), "create_ts_milliseconds");
/// # Ok::<(), callbot_core::TimestampError>(())
/// ```
///
/// API page:
/// [Callbot-API-authorization](https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-authorization).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The largest valid time, in Unix seconds: the year 5138.
    ///
    /// As milliseconds the same number is a time in 1973, so a larger one can only be milliseconds
    /// or finer.
    pub const MAX_UNIX_SECONDS: u64 = 99_999_999_999;

    /// Validates a time in Unix seconds.
    ///
    /// # Errors
    ///
    /// [`TimestampError::Zero`] for 0, which is a time that was never set, and
    /// [`TimestampError::Milliseconds`] for more than
    /// [`MAX_UNIX_SECONDS`](Self::MAX_UNIX_SECONDS).
    pub const fn from_unix_seconds(seconds: u64) -> Result<Self, TimestampError> {
        match seconds {
            0 => Err(TimestampError::Zero),
            1..=Self::MAX_UNIX_SECONDS => Ok(Self(seconds)),
            _ => Err(TimestampError::Milliseconds),
        }
    }

    /// The time in Unix seconds.
    #[must_use]
    pub const fn unix_seconds(self) -> u64 {
        self.0
    }
}

impl TryFrom<i64> for Timestamp {
    type Error = TimestampError;

    /// Validates a time in Unix seconds, in the type that C and Go use.
    ///
    /// # Errors
    ///
    /// Those of [`from_unix_seconds`](Self::from_unix_seconds), and [`TimestampError::Negative`].
    fn try_from(seconds: i64) -> Result<Self, TimestampError> {
        u64::try_from(seconds)
            .map_err(|_| TimestampError::Negative)
            .and_then(Self::from_unix_seconds)
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    /// Parses the header's form: decimal digits without sign, whitespace or leading zero.
    ///
    /// # Errors
    ///
    /// Those of [`from_unix_seconds`](Self::from_unix_seconds), and
    /// [`TimestampError::Character`], [`TimestampError::LeadingZero`] or
    /// [`TimestampError::Empty`] if the string has another form.
    fn from_str(digits: &str) -> Result<Self, TimestampError> {
        let is_wrong = |&(_, c): &(usize, char)| !c.is_ascii_digit();
        if let Some((position, found)) = (1..).zip(digits.chars()).find(is_wrong) {
            return Err(TimestampError::Character { position, found });
        }
        match digits {
            "" => Err(TimestampError::Empty),
            "0" => Err(TimestampError::Zero),
            _ if digits.starts_with('0') => Err(TimestampError::LeadingZero),
            // Digits fail to parse only on overflow, which is far finer than seconds.
            _ => Self::from_unix_seconds(digits.parse().unwrap_or(u64::MAX)),
        }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A time that cannot be sent as `createTs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimestampError {
    /// The string is empty.
    Empty,
    /// The time is 0: it was never set.
    Zero,
    /// The time is before 1970.
    Negative,
    /// The number is so large that it can only be milliseconds or finer.
    Milliseconds,
    /// The string starts with a 0.
    LeadingZero,
    /// The string has a character other than a digit.
    Character {
        /// The position of the first such character, counted in characters from 1.
        position: usize,
        /// That character.
        found: char,
    },
}

impl TimestampError {
    /// The stable code of this error.
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
            Self::Empty => f.write_str("the timestamp is empty; use Unix seconds"),
            Self::Zero => f.write_str("the timestamp is 0, so it was never set; use Unix seconds"),
            Self::Negative => f.write_str("the timestamp is negative; use Unix seconds"),
            Self::Milliseconds => f.write_str(
                "the timestamp can only be milliseconds or finer; the API requires Unix seconds, \
                 so divide by 1000",
            ),
            Self::LeadingZero => f.write_str("the timestamp has a leading zero; remove it"),
            Self::Character { position, found } => write!(
                f,
                "character {position} of the timestamp is {}; use decimal digits only",
                Quoted(found)
            ),
        }
    }
}

impl core::error::Error for TimestampError {}
