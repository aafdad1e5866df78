//! Integers as they are read, in whatever form JSON has them.

use crate::check::violation::JsonType;
use crate::json::tape::Tape;

/// Reads an integer that an `i64` holds: a number, or a string of its plain digits. A number with a
/// fraction or an exponent is one if its value is, as those of 2.0 and 2e0 are.
#[inline]
pub(crate) fn read(tape: &Tape, node: u32) -> Option<i64> {
    tape.integer(node).or_else(|| read_integral(tape, node))
}

#[cold]
fn read_integral(tape: &Tape, node: u32) -> Option<i64> {
    let is_number = tape.json_type(node) == JsonType::Number;
    is_number.then(|| integral(tape.json(node))).flatten()
}

/// The value of a JSON number if it is an integer that an `i64` holds.
fn integral(number: &str) -> Option<i64> {
    let (sign, number) = match number.strip_prefix('-') {
        Some(number) => (-1, number),
        None => (1, number),
    };
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    // Without the zeros at both ends, the digits are an integer times a power of ten.
    let digits = || whole.bytes().chain(fraction.bytes());
    let others = digits().enumerate().filter(|&(_, digit)| digit != b'0');
    let Some((last, _)) = others.last() else {
        return Some(0);
    };
    // One that is too large for an `i64` is too large for the result as well.
    let exponent: i64 = exponent.parse().ok()?;
    let trimmed = i64::try_from(last + 1).ok()? - i64::try_from(whole.len()).ok()?;
    let zeros = exponent.checked_sub(trimmed)?;
    // As many zeros as no result has, if its first digit is another.
    if !(0..=18).contains(&zeros) {
        return None;
    }
    let zeros = (0..zeros).map(|_| b'0');
    let mut digits = digits().take(last + 1).chain(zeros);
    digits.try_fold(0_i64, |value, digit| {
        value
            .checked_mul(10)?
            .checked_add(sign * i64::from(digit - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_an_integer_by_its_value() {
        for (number, expected) in [
            ("0.0", 0),
            ("-0.0", 0),
            ("0e0", 0),
            ("0e99999999999999999999", 0),
            ("0.000e-7", 0),
            ("2.0", 2),
            ("-2.0", -2),
            ("2e0", 2),
            ("2E+3", 2000),
            ("-1.5e1", -15),
            ("1.25e2", 125),
            ("1200e-2", 12),
            ("1200.00E-02", 12),
            ("0.0012e4", 12),
            ("9223372036854775807.0", i64::MAX),
            ("-9223372036854775808.00", i64::MIN),
            ("922337203685477580.7e1", i64::MAX),
            ("1e18", 1_000_000_000_000_000_000),
        ] {
            assert_eq!(integral(number), Some(expected), "{number}");
        }
        for number in [
            "0.5",
            "1.5",
            "-1.0000000000000000000000000000001",
            "12e-1",
            "1e-1",
            "9223372036854775808.0",
            "-9223372036854775809.0",
            "9223372036854775807.5",
            "1e19",
            "1e400",
            "1e9223372036854775807",
            "1e-9223372036854775808",
            "1e99999999999999999999",
        ] {
            assert_eq!(integral(number), None, "{number}");
        }
    }
}
