//! What a `userPhone` may be, and how to turn what people type into it.
//!
//! The API wants the number with its country code and without any symbol. [`PhoneNumber::parse`] holds a text to that
//! and repairs nothing; [`PhoneNumber::from_typed`] reads the forms that people type and paste.

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use crate::check::chars::{self, Shown};
use crate::check::country_code;

const MIN_DIGITS: usize = PhoneNumber::MIN_DIGITS;
const MAX_DIGITS: usize = PhoneNumber::MAX_DIGITS;

/// A phone number as the API wants it: 7 to 15 ASCII digits that begin with an assigned E.164 country code.
///
/// Its `Debug` shows the country code and the number of digits only, since a phone number is personal data.
///
/// API page: [Callbot-API-addBatchOrder](https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-addBatchOrder).
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
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhoneNumber {
    // Unused places hold 0, so that the derived comparisons see the digits alone.
    digits: [u8; MAX_DIGITS],
    len: u8,
}

impl PhoneNumber {
    /// The fewest digits that a number may have, country code included.
    pub const MIN_DIGITS: usize = 7;
    /// The most digits that a number may have, country code included (ITU-T E.164).
    pub const MAX_DIGITS: usize = 15;

    /// Takes a number that already has the API's form. Nothing is repaired.
    ///
    /// # Errors
    ///
    /// The first [`PhoneError`] that the text has.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let mut first = None;
        check(text, |fault| first = first.or(Some(fault)));
        match first {
            Some(fault) => Err(fault),
            None => Ok(Self::from_checked(text)),
        }
    }

    /// Reads a number in the forms that people type and paste, such as `+86 156-1234-5678`, `0086 156 1234 5678` or
    /// `+44 (0)20 7946 0958`.
    ///
    /// - Blanks of all kinds, hyphens, dots and brackets are dropped, and so are invisible characters.
    /// - Full-width digits and those of the Arabic, Persian, Devanagari, Bengali and Thai scripts become ASCII digits.
    /// - A leading `+` or `00` marks the country code. A `(0)` behind the country code is dropped.
    /// - Without a `+` or `00` only a number that is nothing but digits is taken, since that is the API's own form.
    ///
    /// # Errors
    ///
    /// A [`PhoneError`] where the text does not say for certain which number is meant:
    /// [`NoCountryCode`](PhoneError::NoCountryCode) for a national number,
    /// [`TrunkZero`](PhoneError::TrunkZero) where a 0 follows the country code and cannot be told from the prefix for
    /// calls within the country, [`Spreadsheet`](PhoneError::Spreadsheet) where a spreadsheet has destroyed the digits,
    /// [`Character`](PhoneError::Character) for letters, extensions or two numbers in one, and the faults of
    /// [`parse`](Self::parse) for what remains.
    ///
    /// ```
    /// use callbot_core::{PhoneError, PhoneNumber};
    ///
    /// for typed in ["+44 (0)20 7946 0958", "0044 20 7946 0958", "＋４４　２０　７９４６　０９５８", "442079460958"] {
    ///     assert_eq!(PhoneNumber::from_typed(typed)?.as_str(), "442079460958");
    /// }
    /// assert_eq!(PhoneNumber::from_typed("020 7946 0958"), Err(PhoneError::NoCountryCode));
    /// # Ok::<(), PhoneError>(())
    /// ```
    pub fn from_typed(text: &str) -> Result<Self, PhoneError> {
        if text.chars().all(chars::is_blank) {
            return Err(PhoneError::Empty);
        }
        let without_plus = text
            .trim_matches(chars::is_blank)
            .trim_start_matches(['+', '＋']);
        if is_spreadsheet_number(without_plus) {
            return Err(PhoneError::Spreadsheet);
        }
        let typed = Typed::read(text)?;
        let digits = typed.digits()?;
        Self::parse(&digits)
    }

    /// The digits, as they are sent.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "digits are ASCII")]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.digits[..usize::from(self.len)]).expect("digits are ASCII")
    }

    /// The country code that the number begins with: 1 to 3 digits.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "a number has a country code")]
    pub fn country_code(&self) -> &str {
        country_code::of_digits(self.as_str()).expect("the country code was checked")
    }

    /// Copies digits that [`check`] found nothing wrong with.
    fn from_checked(text: &str) -> Self {
        let mut digits = [0; MAX_DIGITS];
        digits[..text.len()].copy_from_slice(text.as_bytes());
        let len = u8::try_from(text.len()).expect("15 digits at most");
        Self { digits, len }
    }
}

impl FromStr for PhoneNumber {
    type Err = PhoneError;

    /// The same as [`parse`](Self::parse).
    fn from_str(text: &str) -> Result<Self, PhoneError> {
        Self::parse(text)
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

/// The country code of a `userPhone`; `None` when anything is wrong with it.
pub(crate) fn country_code_of(phone: &[u8]) -> Option<&[u8]> {
    let well_formed = (MIN_DIGITS..=MAX_DIGITS).contains(&phone.len()) && chars::all_digits(phone);
    if well_formed {
        phone.get(..country_code::len_of(phone)?)
    } else {
        None
    }
}

/// Reports all that is wrong with `phone` as a `userPhone`; nothing when it is right.
pub(crate) fn check(phone: &str, report: impl FnMut(PhoneError)) {
    if country_code_of(phone.as_bytes()).is_none() {
        diagnose(phone, report);
    }
}

/// Says why `text`, which is known to be wrong, is wrong.
#[cold]
fn diagnose(text: &str, mut report: impl FnMut(PhoneError)) {
    if text.is_empty() {
        return report(PhoneError::Empty);
    }
    if is_spreadsheet_number(text) {
        return report(PhoneError::Spreadsheet);
    }
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return diagnose_digits(text, report);
    }
    // Each kind once, at its first place: a number with four blanks has one fault to mend, not four.
    let mut seen = [false; Class::COUNT];
    for (position, found) in (1..).zip(text.chars()) {
        let class = Class::of(found);
        if let Some(fault) = class.fault(position, found) {
            if !core::mem::replace(&mut seen[class as usize], true) {
                report(fault);
            }
        }
    }
}

/// Says why `digits`, which are digits alone, are no number.
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

/// Whether a spreadsheet has made a number of the text: `8.6156E+12`, `8,6156E+12`, `8615612345678.0`.
fn is_spreadsheet_number(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['E', 'e']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
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

/// What kind of character stands in a phone number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Digit,
    ForeignDigit,
    Plus,
    Blank,
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
            c if c.is_whitespace() => Self::Blank,
            _ => Self::Other,
        }
    }

    fn fault(self, position: usize, found: char) -> Option<PhoneError> {
        Some(match self {
            Self::Digit => return None,
            Self::ForeignDigit => PhoneError::ForeignDigit { position, found },
            Self::Plus => PhoneError::Plus { position },
            Self::Blank => PhoneError::Blank { position, found },
            Self::Punctuation => PhoneError::Punctuation { position, found },
            Self::Invisible => PhoneError::Invisible { position, found },
            Self::Other => PhoneError::Character { position, found },
        })
    }
}

/// The signs that people put between digits, with their typographic, small and full-width forms.
const fn is_punctuation(c: char) -> bool {
    matches!(
        c,
        '-' | '.' | '(' | ')' | '[' | ']' | '（' | '）' | '－' | '．' | '\u{2010}'
            ..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}'
    )
}

/// The ASCII digit that a full-width, Arabic, Persian, Devanagari, Bengali or Thai digit stands for.
fn foreign_digit(c: char) -> Option<char> {
    const ZEROS: [char; 6] = ['０', '\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{e50}'];
    ZEROS.into_iter().find_map(|zero| {
        let value = u32::from(c).checked_sub(u32::from(zero))?;
        (value < 10).then(|| char::from_digit(value, 10))?
    })
}

/// A typed number, cleaned: ASCII digits, at most one `+` before them, and `(`, `)` and ` ` where something separated
/// them.
struct Typed(String);

impl Typed {
    fn read(text: &str) -> Result<Self, PhoneError> {
        let mut cleaned = String::with_capacity(text.len());
        let mut begun = false;
        for (position, found) in (1..).zip(text.chars()) {
            match Class::of(found) {
                Class::Digit => cleaned.push(found),
                Class::ForeignDigit => cleaned.extend(foreign_digit(found)),
                Class::Plus if !begun => cleaned.push('+'),
                Class::Plus => return Err(PhoneError::Plus { position }),
                Class::Invisible => continue,
                Class::Blank => cleaned.push(' '),
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

    /// The digits of the number in the API's form, as far as the text says what they are.
    fn digits(&self) -> Result<String, PhoneError> {
        let text = self.0.trim_matches(' ');
        if text.starts_with(|c: char| c.is_ascii_digit() && c != '0')
            && text.bytes().all(|b| b.is_ascii_digit())
        {
            return Ok(text.into());
        }
        let international = text.trim_start_matches([' ', '(']).strip_prefix('+');
        let international = match international {
            Some(rest) => rest,
            None => text.strip_prefix("00").ok_or(PhoneError::NoCountryCode)?,
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
                // Whatever else is wrong is for `parse` to say.
                _ => Ok(digits),
            };
        };
        // A bracketed 0 is the prefix for calls within the country only right behind the country code, once, and only
        // in a country that has one. Anywhere else nobody can say what it is.
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

/// Splits at the first `(0)`, in which blanks may stand.
fn split_at_bracketed_zero(text: &str) -> (&str, Option<&str>) {
    text.match_indices('(')
        .find_map(|(open, _)| {
            let inner_and_rest = &text[open + 1..];
            let (inner, rest) = inner_and_rest.split_once(')')?;
            (inner.trim_matches(' ') == "0").then_some((&text[..open], Some(rest)))
        })
        .unwrap_or((text, None))
}

fn only_digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Why a text is not a phone number as the API wants it, with what to do.
///
/// A fault holds positions and at most one character of the text, never the number. Positions count characters from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PhoneError {
    /// There is no text.
    Empty,
    /// It has a `+`.
    Plus {
        /// Where it stands.
        position: usize,
    },
    /// It begins with `00`, a prefix for international calls.
    InternationalPrefix,
    /// It begins with 0, as a number within a country does.
    LeadingZero,
    /// It has a blank.
    Blank {
        /// Where the first one stands.
        position: usize,
        /// Which one it is.
        found: char,
    },
    /// It has a hyphen, dot, bracket or dash.
    Punctuation {
        /// Where the first one stands.
        position: usize,
        /// Which one it is.
        found: char,
    },
    /// It has a character that cannot be seen, such as a direction mark.
    Invisible {
        /// Where the first one stands.
        position: usize,
        /// Which one it is.
        found: char,
    },
    /// It has a full-width digit or a digit of another script.
    ForeignDigit {
        /// Where the first one stands.
        position: usize,
        /// Which one it is.
        found: char,
    },
    /// It has some other character, such as a letter.
    Character {
        /// Where the first one stands.
        position: usize,
        /// Which one it is.
        found: char,
    },
    /// A spreadsheet has made a number of it (`8.6156E+12`, `8615612345678.0`).
    Spreadsheet,
    /// It has less than [`PhoneNumber::MIN_DIGITS`] digits.
    TooShort {
        /// How many it has.
        len: usize,
    },
    /// It has more than [`PhoneNumber::MAX_DIGITS`] digits.
    TooLong {
        /// How many it has.
        len: usize,
    },
    /// It does not begin with an assigned country code.
    CountryCode,
    /// Only from [`PhoneNumber::from_typed`]: it does not show its country code with `+` or `00`.
    NoCountryCode,
    /// Only from [`PhoneNumber::from_typed`]: a 0 follows the country code, and it cannot be told whether it is part of
    /// the number.
    TrunkZero,
}

impl PhoneError {
    /// The stable code of this fault.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "phone_empty",
            Self::Plus { .. } => "phone_plus",
            Self::InternationalPrefix => "phone_international_prefix",
            Self::LeadingZero => "phone_leading_zero",
            Self::Blank { .. } => "phone_blank",
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
            Self::Empty => f.write_str("the phone number is empty"),
            Self::Plus { position } => write!(
                f,
                "character {position} is '+'; write the country code and the number without it"
            ),
            Self::InternationalPrefix => {
                f.write_str("it begins with 00; leave that out and begin with the country code")
            }
            Self::LeadingZero => f.write_str(
                "it begins with 0, as a number within a country does; put the country code in place of the 0",
            ),
            Self::Blank { position, found } | Self::Invisible { position, found } => {
                write!(f, "character {position} is {}; remove it", Shown(found))
            }
            Self::Punctuation { position, found } => write!(
                f,
                "character {position} is {}; write the digits without separators",
                Shown(found)
            ),
            Self::ForeignDigit { position, found } => write!(
                f,
                "character {position} is the digit {}; write it as an ASCII digit",
                Shown(found)
            ),
            Self::Character { position, found } => {
                write!(f, "character {position} is {}; only digits belong here", Shown(found))
            }
            Self::Spreadsheet => f.write_str(
                "a spreadsheet has made a number of it and digits may be lost; format the column as \
                 text and take the number from its source again",
            ),
            Self::TooShort { len } => write!(
                f,
                "it has {len} digits and needs at least {MIN_DIGITS}, country code included"
            ),
            Self::TooLong { len } => write!(
                f,
                "it has {len} digits and may have at most {MAX_DIGITS}, country code included"
            ),
            Self::CountryCode => f.write_str(
                "it does not begin with an assigned country code; write the country code before it",
            ),
            Self::NoCountryCode => f.write_str(
                "it does not say which country it belongs to; begin with '+' and the country code",
            ),
            Self::TrunkZero => f.write_str(
                "a 0 follows the country code and may or may not be part of the number; leave it out, or write \
                 the digits as they are dialled from abroad",
            ),
        }
    }
}

impl core::error::Error for PhoneError {}
