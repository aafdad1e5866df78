//! What the responses of all endpoints have in common.

use core::fmt;

use serde_json::value::RawValue;

use crate::json::content::{At, ReadError, Value};

/// `retCode`: how a request went.
///
/// Codes that the pages do not list are kept as they are, if they are JSON integers that an `i64`
/// holds: 1.0, 1e3 and 2^63 are [`ContentError::WrongType`](crate::ContentError::WrongType).
///
/// ```
/// use callbot_core::{RetCode, Retry};
///
/// assert!(RetCode(0).is_success());
/// assert_eq!(RetCode(6).meaning(), Some("signature wrong"));
/// assert_eq!(RetCode(7).retry(), Retry::Later);
/// assert_eq!(RetCode(4711).meaning(), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RetCode(
    /// The number as the provider sent it.
    pub i64,
);

/// Whether sending a request again can help, unchanged but for its ID, time and signature.
///
/// That it can help does not make it harmless. After a lost answer or an internal error, the
/// provider may already have taken the orders. What it does with an `orderID` that it receives a
/// second time is not published: it may call the same people twice. Find out first what became of
/// the orders, or let a person decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Retry {
    /// The request succeeded: sending it again would dial the same people again.
    Succeeded,
    /// The provider is busy (7), under maintenance (5), or refuses requests during a batch import
    /// (1001): try again later.
    Later,
    /// The same request will fail again.
    Never,
    /// The pages do not say. This covers an internal server error (5001) and a general error (1),
    /// after which the orders may have been accepted, and codes that the pages do not list.
    Unknown,
}

impl RetCode {
    /// Returns whether the request succeeded: the code is 0.
    #[must_use]
    pub const fn is_success(self) -> bool {
        self.0 == 0
    }

    /// Returns the meaning that the pages give. `None` for a code that they do not list.
    #[must_use]
    pub const fn meaning(self) -> Option<&'static str> {
        Some(match self.0 {
            0 => "success",
            1 => "general error",
            2 => "a parameter is missing",
            3 => "a parameter has the wrong format",
            4 => "a parameter has an invalid value",
            4001 => "content too large: too many array elements",
            5 => "server under maintenance",
            5001 => "internal server error",
            6 => "signature wrong",
            6001 => "signature missing",
            6002 => "account does not exist",
            6003 => "user has no permission",
            7 => "system busy",
            1001 => "a batch import is running, so import and export are refused",
            _ => return None,
        })
    }

    /// Returns whether trying again can help, as far as the code's meaning says. See [`Retry`] for
    /// the risk of it.
    #[must_use]
    pub const fn retry(self) -> Retry {
        match self.0 {
            0 => Retry::Succeeded,
            5 | 7 | 1001 => Retry::Later,
            2 | 3 | 4 | 4001 | 6 | 6001 | 6002 | 6003 => Retry::Never,
            _ => Retry::Unknown,
        }
    }
}

impl fmt::Display for RetCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.meaning() {
            Some(meaning) => write!(f, "{} ({meaning})", self.0),
            None => self.0.fmt(f),
        }
    }
}

impl Value for RetCode {
    const EXPECTED: &'static str = i64::EXPECTED;

    fn read(value: &RawValue, at: At<'_>) -> Result<Option<Self>, ReadError> {
        Ok(i64::read(value, at)?.map(Self))
    }
}
