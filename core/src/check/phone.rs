//! Validation of `userPhone`, and conversion of numbers as people type them.
//!
//! The API requires the number with its country code and without any symbol.
//! [`PhoneNumber::parse`] accepts only that form and repairs nothing. [`PhoneNumber::from_typed`]
//! converts the forms that people type and paste.

pub(crate) mod change;
mod class;
pub(crate) mod error;
mod extension;
mod typed;
mod wrapper;

use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use crate::check::chars;
use crate::check::country_code;
use crate::check::phone::change::PhoneChange;
use crate::check::phone::class::Class;
use crate::check::phone::error::{MAX_DIGITS, MAX_STRING_LEN, MIN_DIGITS, PhoneError};
use crate::check::phone::typed::Typed;
use crate::check::phone::wrapper::Unwrapped;

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
    pub const MIN_DIGITS: usize = MIN_DIGITS;
    /// The maximum number of digits, including the country code (ITU-T E.164).
    pub const MAX_DIGITS: usize = MAX_DIGITS;
    /// The maximum length of a string that is read as a number, in bytes: 256. A longer one is
    /// refused before its characters are looked at.
    pub const MAX_STRING_LEN: usize = MAX_STRING_LEN;

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
    /// - Full-width digits and the decimal digits of all scripts (Unicode 18.0) become ASCII digits.
    /// - What a program put around a number is removed: a spreadsheet's apostrophe or formula
    ///   (`'+1...`, `="+1..."`, `=T("+1...")`), quotation marks, angle brackets, commas and
    ///   semicolons after it, the end of a chat's ID (`...@c.us`), and a URI's scheme or a label
    ///   (`tel:`, `callto:`, `sms:`, `whatsapp:`, `p:`, `Phone: `, `Mob. `). After a scheme or
    ///   label the number must have a `+` or `00`.
    /// - A leading `+` or `00` marks the country code. A `(0)` after the country code is removed.
    /// - Without a `+` or `00`, only a string of digits is accepted, since that is the API's form.
    ///
    /// The time that this takes is proportional to the length, which is at most
    /// [`MAX_STRING_LEN`](Self::MAX_STRING_LEN).
    ///
    /// # Errors
    ///
    /// A [`PhoneError`] if the string is ambiguous or invalid:
    /// [`NoCountryCode`](PhoneError::NoCountryCode) for a national number,
    /// [`TrunkZero`](PhoneError::TrunkZero) if a 0 follows the country code and may be the prefix
    /// for calls within the country, [`LineEnd`](PhoneError::LineEnd) for two lines in one cell,
    /// [`Extension`](PhoneError::Extension), [`Wrapped`](PhoneError::Wrapped) for a link, a fax, a
    /// `#` or a formula with a function,
    /// [`Spreadsheet`](PhoneError::Spreadsheet) if a spreadsheet has destroyed the digits,
    /// [`Character`](PhoneError::Character) for letters or two numbers in one, and the errors of
    /// [`parse`](Self::parse) for the remaining digits.
    ///
    /// ```
    /// use callbot_core::{PhoneError, PhoneNumber};
    ///
    /// for typed in [
    ///     "+44 (0)20 7946 0958",
    ///     "0044 20 7946 0958",
    ///     "＋４４　２０　７９４６　０９５８",
    ///     "tel:+44-20-7946-0958",
    ///     "'+442079460958",
    ///     "442079460958",
    /// ] {
    ///     assert_eq!(PhoneNumber::from_typed(typed)?.as_str(), "442079460958");
    /// }
    /// assert_eq!(PhoneNumber::from_typed("020 7946 0958"), Err(PhoneError::NoCountryCode));
    /// # Ok::<(), PhoneError>(())
    /// ```
    pub fn from_typed(string: &str) -> Result<Self, PhoneError> {
        Self::read_typed(string, None, &mut |_| {})
    }

    /// Converts a number as [`from_typed`](Self::from_typed) does, where the caller knows that
    /// every number without `+` or `00` is a national number of one country.
    ///
    /// A 0 before the national number is removed where it is the prefix for calls within the
    /// country, and kept where it is part of the number. A string of digits alone is a national
    /// number too: `4155550101` is one of the United States with `1`, and one of Switzerland
    /// without.
    ///
    /// # Errors
    ///
    /// [`CountryCode`](PhoneError::CountryCode) unless `country_code` is exactly an assigned
    /// country code, such as `44`. [`NoCountryCode`](PhoneError::NoCountryCode) for a national
    /// number that starts with the country code, or with an 8 that may be a prefix, since it may be
    /// meant either way, and for one of more than 11 digits that does not start with 0, since it
    /// may have another country code. [`LeadingZero`](PhoneError::LeadingZero) for a 0 that is not
    /// known to be a prefix or a part of the number. Otherwise those of
    /// [`from_typed`](Self::from_typed).
    ///
    /// ```
    /// use callbot_core::{PhoneError, PhoneNumber};
    ///
    /// assert_eq!(PhoneNumber::from_typed_in("020 7946 0958", "44")?.as_str(), "442079460958");
    /// assert_eq!(PhoneNumber::from_typed_in("06 6982 1234", "39")?.as_str(), "390669821234");
    /// assert_eq!(PhoneNumber::from_typed_in("+86 156 1234 5678", "44")?.as_str(), "8615612345678");
    /// let open = PhoneNumber::from_typed_in("442079460958", "44");
    /// assert_eq!(open, Err(PhoneError::NoCountryCode));
    /// # Ok::<(), PhoneError>(())
    /// ```
    pub fn from_typed_in(string: &str, country_code: &str) -> Result<Self, PhoneError> {
        Self::read_typed(string, Some(country_code), &mut |_| {})
    }

    /// Converts a number as [`from_typed`](Self::from_typed) does, or with a country code as
    /// [`from_typed_in`](Self::from_typed_in), and tells what was read and changed.
    ///
    /// Each change is told once. There is none if the string is in the API's form.
    ///
    /// # Errors
    ///
    /// Those of the two functions.
    ///
    /// ```
    /// use callbot_core::{PhoneChange, PhoneNumber};
    ///
    /// let (phone, changes) = PhoneNumber::from_typed_with_changes("0207946-0958", Some("44"))?;
    /// assert_eq!(phone.as_str(), "442079460958");
    /// assert_eq!(
    ///     changes,
    ///     [PhoneChange::LeadingZero, PhoneChange::CountryCode, PhoneChange::Punctuation]
    /// );
    /// # Ok::<(), callbot_core::PhoneError>(())
    /// ```
    pub fn from_typed_with_changes(
        string: &str,
        country_code: Option<&str>,
    ) -> Result<(Self, Vec<PhoneChange>), PhoneError> {
        let mut changes = Vec::new();
        let mut change = |change| {
            if !changes.contains(&change) {
                changes.push(change);
            }
        };
        let phone = Self::read_typed(string, country_code, &mut change)?;
        // Only blanks are removed both in the number and between it and its wrappers.
        for class in string.chars().map(Class::of) {
            match class {
                Class::Whitespace => change(PhoneChange::Whitespace),
                Class::Invisible => change(PhoneChange::Invisible),
                _ => {}
            }
        }
        for class in Unwrapped::of(string, &mut |_| {})
            .inner
            .chars()
            .map(Class::of)
        {
            match class {
                Class::Punctuation => change(PhoneChange::Punctuation),
                Class::ForeignDigit => change(PhoneChange::ForeignDigits),
                _ => {}
            }
        }
        Ok((phone, changes))
    }

    /// Reads a typed number, and reports what is changed.
    fn read_typed(
        string: &str,
        country_code: Option<&str>,
        report: &mut impl FnMut(PhoneChange),
    ) -> Result<Self, PhoneError> {
        if country_code.is_some_and(|code| !country_code::is_assigned(code)) {
            return Err(PhoneError::CountryCode);
        }
        if string.len() > MAX_STRING_LEN {
            return Err(PhoneError::StringTooLong { len: string.len() });
        }
        if string.chars().all(chars::is_whitespace_or_invisible) {
            return Err(PhoneError::Empty);
        }
        let number = Unwrapped::of(string, &mut |wrapper| report(PhoneChange::Wrapper(wrapper)));
        if let Some((position, wrapper)) = number.ambiguous {
            return Err(PhoneError::Wrapped { position, wrapper });
        }
        if is_spreadsheet_number(number.inner.trim_start_matches(['+', '＋'])) {
            return Err(PhoneError::Spreadsheet);
        }
        let typed = Typed::read(number.inner, number.before)?;
        let digits = match country_code {
            Some(country_code) => typed.digits_in(country_code, report),
            // A `tel:` URI without a `+` has a national number.
            None if number.has_label && typed.is_plain() => Err(PhoneError::NoCountryCode),
            None => typed.digits(report),
        };
        Self::parse(&digits?)
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
    if string.len() > MAX_STRING_LEN {
        return report(PhoneError::StringTooLong { len: string.len() });
    }
    if is_spreadsheet_number(string) {
        return report(PhoneError::Spreadsheet);
    }
    if chars::is_ascii_digits(string.as_bytes()) {
        return diagnose_digits(string, report);
    }
    let number = Unwrapped::of(string, &mut |_| {});
    if let Some((position, wrapper)) = number.wrapper {
        return report(PhoneError::Wrapped { position, wrapper });
    }
    // Each class once, at its first position: a number with four spaces has one error, not four.
    let mut seen = [false; Class::COUNT];
    let mut seen_line_end = false;
    let mut digits = 0;
    let last = number.before + number.inner.chars().count();
    for (position, (at, found)) in (1..).zip(string.char_indices()) {
        let class = Class::of(found);
        let is_inside = number.before < position && position <= last;
        if is_inside && class::is_line_end(found) {
            if !core::mem::replace(&mut seen_line_end, true) {
                report(PhoneError::LineEnd { position, found });
            }
            continue;
        }
        if class == Class::Other && extension::follows(digits, &string[at..]) {
            return report(PhoneError::Extension { position });
        }
        digits += usize::from(matches!(class, Class::Digit | Class::ForeignDigit));
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
