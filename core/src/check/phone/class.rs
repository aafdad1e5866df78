//! The classes of characters in a phone number.

use crate::check::chars;
use crate::check::digit;
use crate::check::phone::error::PhoneError;

/// The class of a character in a phone number.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    Digit,
    ForeignDigit,
    Plus,
    Whitespace,
    Punctuation,
    Invisible,
    Other,
}

impl Class {
    pub(crate) const COUNT: usize = Self::Other as usize + 1;

    pub(crate) fn of(c: char) -> Self {
        match c {
            '0'..='9' => Self::Digit,
            '+' | '＋' => Self::Plus,
            c if is_punctuation(c) => Self::Punctuation,
            c if digit::ascii_of_foreign(c).is_some() => Self::ForeignDigit,
            c if chars::is_invisible(c) => Self::Invisible,
            c if c.is_whitespace() => Self::Whitespace,
            _ => Self::Other,
        }
    }

    /// The error of a character of this class; `None` for a digit.
    pub(crate) const fn error(self, position: usize, found: char) -> Option<PhoneError> {
        Some(match self {
            Self::Digit => return None,
            Self::ForeignDigit => PhoneError::ForeignDigit { position, found },
            Self::Plus => PhoneError::Plus { position },
            Self::Whitespace => PhoneError::Whitespace { position, found },
            Self::Punctuation => PhoneError::Punctuation { position, found },
            Self::Invisible => PhoneError::Invisible { position, found },
            Self::Other => PhoneError::Character { position, found },
        })
    }
}

/// Whether `c` separates digits: hyphens, dots and brackets, with their typographic, small and
/// full-width forms.
const fn is_punctuation(c: char) -> bool {
    matches!(
        c,
        '-' | '.' | '(' | ')' | '[' | ']' | '（' | '）' | '－' | '．' | '\u{2010}'
            ..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}'
    )
}

/// Whether `c` ends a line, and so a number: the line ends of Unicode (UAX #14, classes BK, CR, LF
/// and NL).
pub(crate) const fn is_line_end(c: char) -> bool {
    matches!(c, '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}
