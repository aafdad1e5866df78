//! What reading a typed number changes.

use core::fmt;

use crate::check::phone::error::PhoneWrapper;

/// What was read or changed to make a [`PhoneNumber`](crate::PhoneNumber) of a typed string.
///
/// It holds nothing of the string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PhoneChange {
    /// What a program put around the number was removed.
    Wrapper(PhoneWrapper),
    /// Whitespace was removed.
    Whitespace,
    /// Invisible characters were removed.
    Invisible,
    /// Hyphens, dots, brackets or dashes were removed.
    Punctuation,
    /// Digits outside of ASCII were converted.
    ForeignDigits,
    /// The `+` was read: a country code follows.
    Plus,
    /// The `00` was read and removed: a country code follows.
    InternationalPrefix,
    /// The `(0)` after the country code was removed.
    BracketedZero,
    /// The 0 before a national number was removed.
    LeadingZero,
    /// The 0 at the start of a national number was kept, since it is part of the number.
    KeptZero,
    /// The caller's country code was put before a national number.
    CountryCode,
}

impl PhoneChange {
    /// The stable name of this change. It is no error, and so has no code of one.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wrapper(_) => "wrapper_removed",
            Self::Whitespace => "whitespace_removed",
            Self::Invisible => "invisible_removed",
            Self::Punctuation => "punctuation_removed",
            Self::ForeignDigits => "digits_converted",
            Self::Plus => "plus_read",
            Self::InternationalPrefix => "international_prefix_removed",
            Self::BracketedZero => "bracketed_zero_removed",
            Self::LeadingZero => "leading_zero_removed",
            Self::KeptZero => "leading_zero_kept",
            Self::CountryCode => "country_code_added",
        }
    }
}

impl fmt::Display for PhoneChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match *self {
            Self::Wrapper(wrapper) => return write!(f, "{wrapper}; that was removed"),
            Self::Whitespace => "whitespace was removed",
            Self::Invisible => "invisible characters were removed",
            Self::Punctuation => "hyphens, dots, brackets or dashes were removed",
            Self::ForeignDigits => "digits of another script or width became ASCII digits",
            Self::Plus => "the '+' says that the country code follows",
            Self::InternationalPrefix => {
                "the 00 before the country code, a prefix for international calls, was removed"
            }
            Self::BracketedZero => {
                "the (0) after the country code was removed; it is only dialled within the country"
            }
            Self::LeadingZero => {
                "the 0 before the national number was removed; it is only dialled within the country"
            }
            Self::KeptZero => "the 0 at the start was kept; in this country it is part of the number",
            Self::CountryCode => {
                "the given country code was put before it, since it had no '+' or 00"
            }
        })
    }
}
