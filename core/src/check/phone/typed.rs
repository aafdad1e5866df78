//! Numbers as people type and paste them.

use alloc::string::String;

use crate::check::chars;
use crate::check::country_code;
use crate::check::digit;
use crate::check::phone::change::PhoneChange;
use crate::check::phone::class::{self, Class};
use crate::check::phone::error::PhoneError;
use crate::check::phone::extension;

/// A typed number after normalisation: ASCII digits, at most one `+` before them, and `(`, `)` and
/// ` ` as separators.
pub(crate) struct Typed(String);

impl Typed {
    /// Reads a string without blanks at its ends, after `before` other characters.
    pub(crate) fn read(string: &str, before: usize) -> Result<Self, PhoneError> {
        let mut cleaned = String::with_capacity(string.len());
        let mut begun = false;
        let mut digits = 0;
        for (position, (at, found)) in (before + 1..).zip(string.char_indices()) {
            let class = Class::of(found);
            digits += usize::from(matches!(class, Class::Digit | Class::ForeignDigit));
            match class {
                Class::Digit => cleaned.push(found),
                Class::ForeignDigit => cleaned.extend(digit::ascii_of_foreign(found)),
                Class::Plus if !begun => cleaned.push('+'),
                Class::Plus => return Err(PhoneError::Plus { position }),
                Class::Invisible => continue,
                Class::Whitespace if class::is_line_end(found) => {
                    return Err(PhoneError::LineEnd { position, found });
                }
                Class::Whitespace => cleaned.push(' '),
                Class::Punctuation => cleaned.push(match found {
                    '(' | '（' | '[' => '(',
                    ')' | '）' | ']' => ')',
                    _ => ' ',
                }),
                Class::Other if extension::follows(digits, &string[at..]) => {
                    return Err(PhoneError::Extension { position });
                }
                Class::Other => return Err(PhoneError::Character { position, found }),
            }
            begun |= !cleaned.ends_with([' ', '(']);
        }
        Ok(Self(cleaned))
    }

    /// Whether the number is in the API's form: only digits, and no 0 at the start.
    pub(crate) fn is_plain(&self) -> bool {
        let string = self.0.trim_matches(' ');
        string.starts_with(|c: char| c.is_ascii_digit() && c != '0')
            && chars::is_ascii_digits(string.as_bytes())
    }

    /// The digits in the API's form, unless they are ambiguous. They are not validated. What is
    /// changed is reported; that means something only if there is no error.
    pub(crate) fn digits(
        &self,
        report: &mut impl FnMut(PhoneChange),
    ) -> Result<String, PhoneError> {
        let string = self.0.trim_matches(' ');
        if self.is_plain() {
            return Ok(string.into());
        }
        let international = string.trim_start_matches([' ', '(']).strip_prefix('+');
        let international = if let Some(rest) = international {
            report(PhoneChange::Plus);
            rest
        } else {
            let rest = string.strip_prefix("00").ok_or(PhoneError::NoCountryCode)?;
            report(PhoneChange::InternationalPrefix);
            rest
        };
        let (before_zero, after_zero) = split_at_bracketed_zero(international);
        let mut digits = only_digits(before_zero);
        if digits.starts_with('0') {
            return Err(PhoneError::LeadingZero);
        }
        let Some(after_zero) = after_zero else {
            return match country_code::of_digits(&digits) {
                Some(code) if starts_with_trunk_zero(code, &digits[code.len()..]) => {
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
        report(PhoneChange::BracketedZero);
        digits.push_str(&rest);
        Ok(digits)
    }

    /// As [`digits`](Self::digits), where a number without `+` or `00` is one of a country.
    pub(crate) fn digits_in(
        &self,
        country_code: &str,
        report: &mut impl FnMut(PhoneChange),
    ) -> Result<String, PhoneError> {
        if self.is_plain() {
            return self.national_digits(country_code, report);
        }
        match self.digits(report) {
            Err(PhoneError::NoCountryCode) => self.national_digits(country_code, report),
            international => international,
        }
    }

    /// The digits of a national number after the country code.
    fn national_digits(
        &self,
        country_code: &str,
        report: &mut impl FnMut(PhoneChange),
    ) -> Result<String, PhoneError> {
        let (before_zero, after_zero) = split_at_bracketed_zero(&self.0);
        if after_zero.is_some() && !only_digits(before_zero).is_empty() {
            return Err(PhoneError::TrunkZero);
        }
        let digits = only_digits(&self.0);
        // It may have its country code already, or another one, or a prefix that is not part of it.
        let is_long = !digits.starts_with('0') && digits.len() > MAX_NATIONAL_DIGITS;
        let is_open = is_long
            || digits.starts_with(country_code)
            || (digits.starts_with('8') && country_code::may_have_trunk_eight(country_code));
        if is_open {
            return Err(PhoneError::NoCountryCode);
        }
        let significant = match digits.strip_prefix('0') {
            Some(rest) if country_code::has_trunk_zero(country_code) => {
                report(PhoneChange::LeadingZero);
                rest
            }
            Some(_) if country_code::may_be_followed_by_zero(country_code) => {
                report(PhoneChange::KeptZero);
                &digits
            }
            Some(_) => return Err(PhoneError::LeadingZero),
            None => &digits,
        };
        if significant.starts_with('0') && !country_code::may_be_followed_by_zero(country_code) {
            return Err(PhoneError::LeadingZero);
        }
        report(PhoneChange::CountryCode);
        Ok([country_code, significant].concat())
    }
}

/// No national number without a prefix is known to be longer.
const MAX_NATIONAL_DIGITS: usize = 11;

fn starts_with_trunk_zero(country_code: &str, national: &str) -> bool {
    national.starts_with('0') && !country_code::may_be_followed_by_zero(country_code)
}

/// Splits at the first `(0)`, which may contain spaces.
///
/// The time is linear: what is looked at after a bracket ends at the next one.
fn split_at_bracketed_zero(string: &str) -> (&str, Option<&str>) {
    let is_space = |c| c == ' ';
    let after_zero = |open: usize| {
        let inner = string[open + 1..].trim_start_matches(is_space);
        let rest = inner.strip_prefix('0')?.trim_start_matches(is_space);
        rest.strip_prefix(')')
    };
    string
        .match_indices('(')
        .find_map(|(open, _)| Some((&string[..open], Some(after_zero(open)?))))
        .unwrap_or((string, None))
}

fn only_digits(string: &str) -> String {
    string.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::check::phone::wrapper::Unwrapped;

    /// The least time of several runs.
    fn time_of(string: &str, runs: usize) -> Duration {
        let run = |_| {
            let start = Instant::now();
            let number = Unwrapped::of(string, &mut |_| {});
            let typed = Typed::read(number.inner, number.before);
            let digits = typed.and_then(|typed| typed.digits(&mut |_| {}));
            core::hint::black_box(digits.is_ok());
            start.elapsed()
        };
        (0..runs).map(run).min().expect("there are runs")
    }

    /// `from_typed` refuses longer strings, so this calls what is below its bound.
    #[test]
    fn the_time_grows_no_faster_than_the_string() {
        for (start, repeated, end) in [
            ("+1", "(", ""),
            ("+1", "( ", ""),
            ("+1", "(0", ")"),
            ("+1", "()", ""),
            ("+1", "(0 ) ", ""),
            ("+44 (0)", "(", ""),
            ("", " ", "1"),
            ("", "'", "1"),
            ("", "\"", "1"),
            ("", "=", "1"),
            ("", "<", "1"),
            ("", "tel:", "1"),
            ("", "p: ", "1"),
            ("", "tel://", "x"),
            ("", "tel://;\"", ";"),
            ("a.b/", "\";", ";"),
            ("", "tel;", ":1"),
            ("", "=T(", ")"),
            ("1", ";", ""),
            ("1", "\"", "@c.us"),
            ("1", "@c.us", ""),
            ("a.b/", "1", ""),
            ("+1", "\u{200b}", ""),
            ("+1", ";", ""),
            ("+1", "x", "1"),
            ("+1", "1", "ext"),
        ] {
            let of_size = |size| [start, &repeated.repeat(size / repeated.len()), end].concat();
            let short = time_of(&of_size(1 << 9), 20).max(Duration::from_micros(20));
            let long = time_of(&of_size(1 << 16), 5);
            // The string is 128 times as long. Quadratic time would be 16,384 times as long.
            assert!(
                long < short * 1600,
                "{repeated:?}: {short:?}, then {long:?}"
            );
        }
    }
}
