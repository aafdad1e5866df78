//! What became of an order.

use std::fmt;
use std::str::FromStr;

/// What became of an order, and why, in a word such as `phone_plus`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Nothing was taken, so that the order may be sent again.
    Again,
    /// The provider has it.
    Accepted,
    /// The library or the provider refused it: nobody is called.
    Refused(String),
    /// The provider may have it, so it must not be sent again.
    Unknown(String),
}

impl Fate {
    pub(crate) fn refused(reason: &str) -> Self {
        Self::Refused(reason.into())
    }

    pub(crate) fn unknown(reason: &str) -> Self {
        Self::Unknown(reason.into())
    }
}

/// As the output and the journal have it.
impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Again => f.write_str("again"),
            Self::Accepted => f.write_str("accepted"),
            Self::Refused(reason) => write!(f, "refused {reason}"),
            Self::Unknown(reason) => write!(f, "unknown {reason}"),
        }
    }
}

impl FromStr for Fate {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text.split_once(' ') {
            None if text == "again" => Ok(Self::Again),
            None if text == "accepted" => Ok(Self::Accepted),
            Some(("refused", reason)) => Ok(Self::refused(reason)),
            Some(("unknown", reason)) => Ok(Self::unknown(reason)),
            _ => Err(()),
        }
    }
}
