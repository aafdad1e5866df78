//! Helpers for short strings and single characters.

use core::fmt;
use core::str::FromStr;

/// Parses plain decimal digits: no sign, no whitespace, no leading zero.
pub(crate) fn plain_number<T: FromStr>(digits: &str) -> Option<T> {
    let plain = is_ascii_digits(digits.as_bytes()) && !digits.starts_with('0');
    if plain { digits.parse().ok() } else { None }
}

/// Compares two strings. Those of 4 to 16 bytes are compared by two overlapping loads, without a
/// call to `memcmp`.
#[inline]
pub(crate) fn eq_short(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    match one.len() {
        4..=8 => {
            one.first_chunk::<4>() == other.first_chunk()
                && one.last_chunk::<4>() == other.last_chunk()
        }
        9..=16 => {
            one.first_chunk::<8>() == other.first_chunk()
                && one.last_chunk::<8>() == other.last_chunk()
        }
        _ => one == other,
    }
}

/// Where the first `byte` in a short string is. The standard library's search is made for long ones.
#[inline]
pub(crate) fn position(string: &[u8], byte: u8) -> Option<usize> {
    const ONES: u64 = u64::MAX / 255;
    let mut rest = string;
    while let Some((&word, after)) = rest.split_first_chunk() {
        let word = u64::from_le_bytes(word) ^ (ONES * u64::from(byte));
        // The lowest top bit is that of the first byte that is 0.
        let zeros = word.wrapping_sub(ONES) & !word & (ONES << 7);
        if zeros != 0 {
            return Some(string.len() - rest.len() + zeros.trailing_zeros() as usize / 8);
        }
        rest = after;
    }
    let found = rest.iter().position(|&each| each == byte);
    found.map(|found| string.len() - rest.len() + found)
}

/// Copies the first `N` bytes of `from` and the last `N`, and returns both.
///
/// A string of `N` to `2 * N` bytes is copied whole by these two overlapping loads, without a loop.
/// `None` if `from` is shorter than `N` bytes, or if `to` has another length.
#[inline]
pub(crate) fn copy_ends<const N: usize>(from: &[u8], to: &mut [u8]) -> Option<[[u8; N]; 2]> {
    let (first, last) = (*from.first_chunk()?, *from.last_chunk()?);
    if to.len() != from.len() {
        return None;
    }
    *to.first_chunk_mut()? = first;
    *to.last_chunk_mut()? = last;
    Some([first, last])
}

/// Whether `string` is only ASCII digits, or empty.
pub(crate) fn is_ascii_digits(string: &[u8]) -> bool {
    if let (Some(first), Some(last)) = (string.first_chunk(), string.last_chunk()) {
        if string.len() <= 16 {
            return are_digits([first, last].map(|word| u64::from_le_bytes(*word)));
        }
    }
    string.iter().all(u8::is_ascii_digit)
}

/// Whether each byte of two words is an ASCII digit (SWAR).
///
/// `byte ^ b'0'` is 0 to 9 only for a digit, and adding 0x76 sets a byte's top bit only above 9.
fn are_digits(words: [u64; 2]) -> bool {
    const ONES: u64 = u64::MAX / 255;
    let [first, last] = words.map(|word| {
        let digits = word ^ (ONES * u64::from(b'0'));
        digits | digits.wrapping_add(ONES * 0x76)
    });
    (first | last) & (ONES << 7) == 0
}

/// A character in an error message: `'x' (U+0078)`, or its name and code point if the character
/// itself would not be visible.
pub(crate) struct Quoted(pub(crate) char);

impl fmt::Display for Quoted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.0 {
            '\t' => "a tab",
            '\n' => "a line feed",
            '\r' => "a carriage return",
            ' ' => "a space",
            '\u{a0}' => "a no-break space",
            '\u{feff}' => "a byte-order mark",
            c if c.is_control() => "a control character",
            c if is_invisible(c) => "an invisible character",
            c if c.is_whitespace() => "a whitespace character",
            c => return write!(f, "'{c}' (U+{:04X})", u32::from(c)),
        };
        write!(f, "{name} (U+{:04X})", u32::from(self.0))
    }
}

/// The opening and closing quotation mark around a string, if they belong together. Those that word
/// processors make of the straight ones are included.
pub(crate) fn quotation_marks(string: &str) -> Option<(char, char)> {
    const PAIRS: [(char, char); 10] = [
        ('"', '"'),
        ('\'', '\''),
        ('`', '`'),
        ('＂', '＂'),
        ('“', '”'),
        ('„', '“'),
        ('”', '”'),
        ('‘', '’'),
        ('’', '’'),
        ('«', '»'),
    ];
    let mut inside = string.chars();
    let pair = (inside.next()?, inside.next_back()?);
    PAIRS.contains(&pair).then_some(pair)
}

/// Whether `c` is a character without width that comes with pasted text: a direction mark, a
/// zero-width space or joiner, the soft hyphen, the byte-order mark.
pub(crate) const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
    )
}

/// Whether `c` is a whitespace, control or invisible character.
pub(crate) fn is_whitespace_or_invisible(c: char) -> bool {
    c.is_whitespace() || c.is_control() || is_invisible(c)
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    #[test]
    fn strings_that_differ_in_one_byte_are_not_equal() {
        for len in 0..20 {
            let string = vec![b'a'; len];
            assert!(eq_short(&string, &string.clone()), "{len}");
            assert!(!eq_short(&string, &vec![b'a'; len + 1]), "{len}");
            for position in 0..len {
                let mut other = string.clone();
                other[position] = b'b';
                assert!(!eq_short(&string, &other), "{position} of {len}");
            }
        }
    }

    #[test]
    fn digits_are_distinguished_from_every_other_byte_at_every_position() {
        for len in 0..20 {
            assert!(is_ascii_digits(&vec![b'0'; len]) && is_ascii_digits(&vec![b'9'; len]));
            for position in 0..len {
                for byte in 0..=255_u8 {
                    let mut string = vec![b'5'; len];
                    string[position] = byte;
                    assert_eq!(
                        is_ascii_digits(&string),
                        byte.is_ascii_digit(),
                        "{byte} in {len}"
                    );
                }
            }
        }
    }
}
