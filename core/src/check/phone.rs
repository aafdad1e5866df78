//! Validation of `userPhone`, and conversion of numbers as people type them.
//!
//! The API requires the number with its country code and without any symbol.
//! [`PhoneNumber::parse`] accepts only that form and repairs nothing. [`PhoneNumber::from_typed`]
//! converts the forms that people type and paste.

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use crate::check::chars::{self, Quoted};
use crate::check::country_code;

const MIN_DIGITS: usize = PhoneNumber::MIN_DIGITS;
const MAX_DIGITS: usize = PhoneNumber::MAX_DIGITS;

/// A phone number in the API's form: 7 to 15 ASCII digits that start with an assigned E.164 country
/// code.
///
/// Its `Debug` shows only the country code and the number of digits, since a phone number is
/// personal data.
///
/// ```
/// use callbot_core::{PhoneError, PhoneNumber};
///
/// let phone = PhoneNumber::parse("8615612345678")?;
/// assert_eq!(phone.country_code(), "86");
///
/// assert_eq!(PhoneNumber::parse("+8615612345678"), Err(PhoneError::Plus { position: 1 }));
/// assert_eq!(PhoneNumber::from_typed("+86 156-1234-5678")?, phone);
/// # Ok::<(), PhoneError>(())
/// ```
///
/// API page:
/// [Callbot-API-addBatchOrder](https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-addBatchOrder).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhoneNumber {
    // Zero after `len`, so that the derived comparisons compare only the digits.
    digits: [u8; MAX_DIGITS],
    len: u8,
}

impl PhoneNumber {
    /// The minimum number of digits, including the country code.
    pub const MIN_DIGITS: usize = 7;
    /// The maximum number of digits, including the country code (ITU-T E.164).
    pub const MAX_DIGITS: usize = 15;

    /// Parses a number that is in the API's form. Nothing is repaired.
    ///
    /// # Errors
    ///
    /// The first [`PhoneError`] of the string.
    pub fn parse(string: &str) -> Result<Self, PhoneError> {
        let mut first = None;
        check(string, |error| first = first.or(Some(error)));
        match first {
            Some(error) => Err(error),
            None => Ok(Self::from_checked(string)),
        }
    }

    /// Converts a number that people typed or pasted, such as `+86 156-1234-5678`,
    /// `0086 156 1234 5678` or `+44 (0)20 7946 0958`.
    ///
    /// - Whitespace, hyphens, dots, brackets and invisible characters are removed.
    /// - Full-width digits and those of the Arabic, Persian, Devanagari, Bengali and Thai scripts
    ///   become ASCII digits.
    /// - A leading `+` or `00` marks the country code. A `(0)` after the country code is removed.
    /// - Without a `+` or `00`, only a string of digits is accepted, since that is the API's form.
    ///
    /// # Errors
    ///
    /// A [`PhoneError`] if the string is ambiguous or invalid:
    /// [`NoCountryCode`](PhoneError::NoCountryCode) for a national number,
    /// [`TrunkZero`](PhoneError::TrunkZero) if a 0 follows the country code and may be the prefix
    /// for calls within the country, [`Spreadsheet`](PhoneError::Spreadsheet) if a spreadsheet has
    /// destroyed the digits, [`Character`](PhoneError::Character) for letters, extensions or two
    /// numbers in one, and the errors of [`parse`](Self::parse) for the remaining digits.
    ///
    /// ```
    /// use callbot_core::{PhoneError, PhoneNumber};
    ///
    /// for typed in [
    ///     "+44 (0)20 7946 0958",
    ///     "0044 20 7946 0958",
    ///     "＋４４　２０　７９４６　０９５８",
    ///     "442079460958",
    /// ] {
    ///     assert_eq!(PhoneNumber::from_typed(typed)?.as_str(), "442079460958");
    /// }
    /// assert_eq!(PhoneNumber::from_typed("020 7946 0958"), Err(PhoneError::NoCountryCode));
    /// # Ok::<(), PhoneError>(())
    /// ```
    pub fn from_typed(string: &str) -> Result<Self, PhoneError> {
        if string.chars().all(chars::is_whitespace_or_invisible) {
            return Err(PhoneError::Empty);
        }
        let without_plus = string
            .trim_matches(chars::is_whitespace_or_invisible)
            .trim_start_matches(['+', '＋']);
        if is_spreadsheet_number(without_plus) {
            return Err(PhoneError::Spreadsheet);
        }
        let typed = Typed::read(string)?;
        let digits = typed.digits()?;
        Self::parse(&digits)
    }

    /// The digits, as they are sent.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "digits are ASCII")]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.digits[..usize::from(self.len)]).expect("digits are ASCII")
    }

    /// The country code that the number starts with: 1 to 3 digits.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "a number has a country code")]
    pub fn country_code(&self) -> &str {
        country_code::of_digits(self.as_str()).expect("a number has a country code")
    }

    /// Copies digits that passed [`check`].
    fn from_checked(string: &str) -> Self {
        let mut digits = [0; MAX_DIGITS];
        digits[..string.len()].copy_from_slice(string.as_bytes());
        let len = u8::try_from(string.len()).expect("15 digits at most");
        Self { digits, len }
    }
}

impl FromStr for PhoneNumber {
    type Err = PhoneError;

    /// Equivalent to [`parse`](Self::parse).
    fn from_str(string: &str) -> Result<Self, PhoneError> {
        Self::parse(string)
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "PhoneNumber({}..., {} digits)",
            self.country_code(),
            self.len
        )
    }
}

/// The country code of a `userPhone`; `None` if the number is invalid.
pub(crate) fn country_code_of(phone: &[u8]) -> Option<&[u8]> {
    let well_formed =
        (MIN_DIGITS..=MAX_DIGITS).contains(&phone.len()) && chars::is_ascii_digits(phone);
    if well_formed {
        phone.get(..country_code::len_of(phone)?)
    } else {
        None
    }
}

/// Reports every error of a `userPhone`.
pub(crate) fn check(phone: &str, report: impl FnMut(PhoneError)) {
    if country_code_of(phone.as_bytes()).is_none() {
        diagnose(phone, report);
    }
}

/// Reports every error of a string that is known to be invalid.
#[cold]
fn diagnose(string: &str, mut report: impl FnMut(PhoneError)) {
    if string.is_empty() {
        return report(PhoneError::Empty);
    }
    if is_spreadsheet_number(string) {
        return report(PhoneError::Spreadsheet);
    }
    if chars::is_ascii_digits(string.as_bytes()) {
        return diagnose_digits(string, report);
    }
    // Each class once, at its first position: a number with four spaces has one error, not four.
    let mut seen = [false; Class::COUNT];
    for (position, found) in (1..).zip(string.chars()) {
        let class = Class::of(found);
        if let Some(error) = class.error(position, found) {
            if !core::mem::replace(&mut seen[class as usize], true) {
                report(error);
            }
        }
    }
}

/// Reports every error of a string of digits that is known to be invalid.
fn diagnose_digits(digits: &str, mut report: impl FnMut(PhoneError)) {
    if digits.starts_with("00") {
        return report(PhoneError::InternationalPrefix);
    }
    if digits.starts_with('0') {
        return report(PhoneError::LeadingZero);
    }
    match digits.len() {
        len @ ..MIN_DIGITS => report(PhoneError::TooShort { len }),
        MIN_DIGITS..=MAX_DIGITS => {}
        len => report(PhoneError::TooLong { len }),
    }
    if digits.len() >= 3 && country_code::of_digits(digits).is_none() {
        report(PhoneError::CountryCode);
    }
}

/// Whether a spreadsheet has converted the number: `8.6156E+12`, `8,6156E+12`, `8615612345678.0`.
fn is_spreadsheet_number(string: &str) -> bool {
    let (mantissa, exponent) = match string.split_once(['E', 'e']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (string, None),
    };
    let is_digits = |part: &str| !part.is_empty() && chars::is_ascii_digits(part.as_bytes());
    let (whole, fraction) = match mantissa.split_once(['.', ',']) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    match (exponent, fraction) {
        (Some(exponent), fraction) => {
            is_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))
                && is_digits(whole)
                && fraction.is_none_or(is_digits)
        }
        (None, Some(fraction)) => {
            is_digits(whole) && !fraction.is_empty() && fraction.bytes().all(|b| b == b'0')
        }
        (None, None) => false,
    }
}

/// The class of a character in a phone number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Digit,
    ForeignDigit,
    Plus,
    Whitespace,
    Punctuation,
    Invisible,
    Other,
}

impl Class {
    const COUNT: usize = Self::Other as usize + 1;

    fn of(c: char) -> Self {
        match c {
            '0'..='9' => Self::Digit,
            '+' | '＋' => Self::Plus,
            c if is_punctuation(c) => Self::Punctuation,
            c if foreign_digit(c).is_some() => Self::ForeignDigit,
            c if chars::is_invisible(c) => Self::Invisible,
            c if c.is_whitespace() => Self::Whitespace,
            _ => Self::Other,
        }
    }

    fn error(self, position: usize, found: char) -> Option<PhoneError> {
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

/// The ASCII digit for a full-width, Arabic, Persian, Devanagari, Bengali or Thai digit.
fn foreign_digit(c: char) -> Option<char> {
    const ZEROS: [char; 6] = ['０', '\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{e50}'];
    ZEROS.into_iter().find_map(|zero| {
        let value = u32::from(c).checked_sub(u32::from(zero))?;
        (value < 10).then(|| char::from_digit(value, 10))?
    })
}

/// A typed number after normalisation: ASCII digits, at most one `+` before them, and `(`, `)` and
/// ` ` as separators.
struct Typed(String);

impl Typed {
    fn read(string: &str) -> Result<Self, PhoneError> {
        let mut cleaned = String::with_capacity(string.len());
        let mut begun = false;
        for (position, found) in (1..).zip(string.chars()) {
            match Class::of(found) {
                Class::Digit => cleaned.push(found),
                Class::ForeignDigit => cleaned.extend(foreign_digit(found)),
                Class::Plus if !begun => cleaned.push('+'),
                Class::Plus => return Err(PhoneError::Plus { position }),
                Class::Invisible => continue,
                Class::Whitespace => cleaned.push(' '),
                Class::Punctuation => cleaned.push(match found {
                    '(' | '（' | '[' => '(',
                    ')' | '）' | ']' => ')',
                    _ => ' ',
                }),
                Class::Other => return Err(PhoneError::Character { position, found }),
            }
            begun |= !cleaned.ends_with([' ', '(']);
        }
        Ok(Self(cleaned))
    }

    /// The digits in the API's form, unless they are ambiguous. Only [`PhoneNumber::parse`]
    /// validates them.
    fn digits(&self) -> Result<String, PhoneError> {
        let string = self.0.trim_matches(' ');
        if string.starts_with(|c: char| c.is_ascii_digit() && c != '0')
            && chars::is_ascii_digits(string.as_bytes())
        {
            return Ok(string.into());
        }
        let international = string.trim_start_matches([' ', '(']).strip_prefix('+');
        let international = match international {
            Some(rest) => rest,
            None => string.strip_prefix("00").ok_or(PhoneError::NoCountryCode)?,
        };
        let (before_zero, after_zero) = split_at_bracketed_zero(international);
        let mut digits = only_digits(before_zero);
        if digits.starts_with('0') {
            return Err(PhoneError::LeadingZero);
        }
        let Some(after_zero) = after_zero else {
            return match country_code::of_digits(&digits) {
                Some(code) if has_trunk_zero(code, &digits[code.len()..]) => {
                    Err(PhoneError::TrunkZero)
                }
                // `parse` reports any other error.
                _ => Ok(digits),
            };
        };
        // A bracketed 0 is the trunk prefix only directly after the country code, once, and only in
        // a country that has one. Anywhere else it is ambiguous.
        let rest = only_digits(after_zero);
        if !country_code::is_assigned(&digits)
            || country_code::may_be_followed_by_zero(&digits)
            || rest.starts_with('0')
            || split_at_bracketed_zero(after_zero).1.is_some()
        {
            return Err(PhoneError::TrunkZero);
        }
        digits.push_str(&rest);
        Ok(digits)
    }
}

fn has_trunk_zero(country_code: &str, national: &str) -> bool {
    national.starts_with('0') && !country_code::may_be_followed_by_zero(country_code)
}

/// Splits at the first `(0)`, which may contain spaces.
fn split_at_bracketed_zero(string: &str) -> (&str, Option<&str>) {
    string
        .match_indices('(')
        .find_map(|(open, _)| {
            let inner_and_rest = &string[open + 1..];
            let (inner, rest) = inner_and_rest.split_once(')')?;
            (inner.trim_matches(' ') == "0").then_some((&string[..open], Some(rest)))
        })
        .unwrap_or((string, None))
}

fn only_digits(string: &str) -> String {
    string.chars().filter(char::is_ascii_digit).collect()
}

/// A string that is not a phone number in the API's form.
///
/// The error holds positions and at most one character of the string, never the number. Positions
/// count characters from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PhoneError {
    /// The string is empty.
    Empty,
    /// The string has a `+`.
    Plus {
        /// Its position.
        position: usize,
    },
    /// The number starts with `00`, a prefix for international calls.
    InternationalPrefix,
    /// The number starts with 0, like a national number.
    LeadingZero,
    /// The string has whitespace.
    Whitespace {
        /// The position of the first one.
        position: usize,
        /// The character.
        found: char,
    },
    /// The string has a hyphen, dot, bracket or dash.
    Punctuation {
        /// The position of the first one.
        position: usize,
        /// The character.
        found: char,
    },
    /// The string has an invisible character, such as a direction mark.
    Invisible {
        /// The position of the first one.
        position: usize,
        /// The character.
        found: char,
    },
    /// The string has a full-width digit or a digit of another script.
    ForeignDigit {
        /// The position of the first one.
        position: usize,
        /// The character.
        found: char,
    },
    /// The string has another character, such as a letter.
    Character {
        /// The position of the first one.
        position: usize,
        /// The character.
        found: char,
    },
    /// A spreadsheet has converted the number (`8.6156E+12`, `8615612345678.0`).
    Spreadsheet,
    /// The number has fewer than [`PhoneNumber::MIN_DIGITS`] digits.
    TooShort {
        /// The number of digits.
        len: usize,
    },
    /// The number has more than [`PhoneNumber::MAX_DIGITS`] digits.
    TooLong {
        /// The number of digits.
        len: usize,
    },
    /// The number does not start with an assigned country code.
    CountryCode,
    /// The number does not mark its country code with `+` or `00`. Only
    /// [`PhoneNumber::from_typed`] returns this.
    NoCountryCode,
    /// A 0 follows the country code and may or may not be part of the number. Only
    /// [`PhoneNumber::from_typed`] returns this.
    TrunkZero,
}

impl PhoneError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "phone_empty",
            Self::Plus { .. } => "phone_plus",
            Self::InternationalPrefix => "phone_international_prefix",
            Self::LeadingZero => "phone_leading_zero",
            Self::Whitespace { .. } => "phone_blank",
            Self::Punctuation { .. } => "phone_punctuation",
            Self::Invisible { .. } => "phone_invisible",
            Self::ForeignDigit { .. } => "phone_foreign_digit",
            Self::Character { .. } => "phone_character",
            Self::Spreadsheet => "phone_spreadsheet",
            Self::TooShort { .. } => "phone_too_short",
            Self::TooLong { .. } => "phone_too_long",
            Self::CountryCode => "phone_country_code",
            Self::NoCountryCode => "phone_no_country_code",
            Self::TrunkZero => "phone_trunk_zero",
        }
    }
}

impl fmt::Display for PhoneError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Empty => f.write_str(
                "the phone number is empty; enter digits that start with the country code",
            ),
            Self::Plus { position } => write!(
                f,
                "character {position} is '+'; write only digits, starting with the country code"
            ),
            Self::InternationalPrefix => {
                f.write_str("it starts with 00; remove that and start with the country code")
            }
            Self::LeadingZero => f.write_str(
                "it starts with 0, like a national number; replace the 0 with the country code",
            ),
            Self::Whitespace { position, found } | Self::Invisible { position, found } => {
                write!(f, "character {position} is {}; remove it", Quoted(found))
            }
            Self::Punctuation { position, found } => write!(
                f,
                "character {position} is {}; write the digits without separators",
                Quoted(found)
            ),
            Self::ForeignDigit { position, found } => write!(
                f,
                "character {position} is the digit {}; replace it with an ASCII digit",
                Quoted(found)
            ),
            Self::Character { position, found } => write!(
                f,
                "character {position} is {}; use only digits",
                Quoted(found)
            ),
            Self::Spreadsheet => f.write_str(
                "a spreadsheet has converted it to a number, and digits may be lost; \
                 format the column as text and copy the number from its source again",
            ),
            Self::TooShort { len } => write!(
                f,
                "it has {len} digits; at least {MIN_DIGITS} are required, \
                 including the country code"
            ),
            Self::TooLong { len } => write!(
                f,
                "it has {len} digits; at most {MAX_DIGITS} are allowed, \
                 including the country code"
            ),
            Self::CountryCode => {
                f.write_str("it does not start with an assigned country code; add the country code")
            }
            Self::NoCountryCode => {
                f.write_str("it has no country code; start with '+' and the country code")
            }
            Self::TrunkZero => f.write_str(
                "a 0 follows the country code and may or may not be part of the number; \
                 remove it, or write the digits as they are dialled from abroad",
            ),
        }
    }
}

impl core::error::Error for PhoneError {}
