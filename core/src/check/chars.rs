//! What is asked of short texts and of characters: whether they are digits or equal, and what a character is to a person
//! who looks for a mistake.

use core::fmt;
use core::str::FromStr;

/// The number that plain decimal digits stand for: no sign, no blank, no leading zero.
pub(crate) fn plain_number<T: FromStr>(digits: &str) -> Option<T> {
    let plain = all_digits(digits.as_bytes()) && !digits.starts_with('0');
    if plain { digits.parse().ok() } else { None }
}

/// Whether two texts are equal. Those of a few bytes are compared without a call.
#[inline]
pub(crate) fn are_equal(text: &[u8], other: &[u8]) -> bool {
    if text.len() != other.len() {
        return false;
    }
    match text.len() {
        4..=8 => {
            text.first_chunk::<4>() == other.first_chunk()
                && text.last_chunk::<4>() == other.last_chunk()
        }
        9..=16 => {
            text.first_chunk::<8>() == other.first_chunk()
                && text.last_chunk::<8>() == other.last_chunk()
        }
        _ => text == other,
    }
}

/// Copies the first `N` bytes of a text and the last, and returns them: the whole of it, some of it twice, if it is no
/// longer than both. So no byte is copied alone, and nothing is counted. `None` where the text has less than `N` bytes, or
/// `to` another length.
#[inline]
pub(crate) fn copy_ends<const N: usize>(text: &[u8], to: &mut [u8]) -> Option<[[u8; N]; 2]> {
    let (first, last) = (*text.first_chunk()?, *text.last_chunk()?);
    if to.len() != text.len() {
        return None;
    }
    *to.first_chunk_mut()? = first;
    *to.last_chunk_mut()? = last;
    Some([first, last])
}

/// Whether `text` is ASCII digits alone, or empty.
pub(crate) fn all_digits(text: &[u8]) -> bool {
    if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        if text.len() <= 16 {
            return are_digits([first, last].map(|word| u64::from_le_bytes(*word)));
        }
    }
    text.iter().all(u8::is_ascii_digit)
}

/// Whether each byte of two words is an ASCII digit. Those are 0 to 9 where all bits of `b'0'` are turned, and reach a
/// byte's top bit with 0x76 more only if they are above 9.
fn are_digits(words: [u64; 2]) -> bool {
    const ONES: u64 = u64::MAX / 255;
    let [first, last] = words.map(|word| {
        let digits = word ^ (ONES * u64::from(b'0'));
        digits | digits.wrapping_add(ONES * 0x76)
    });
    (first | last) & (ONES << 7) == 0
}

/// A character as an error message shows it: `'x' (U+0078)`, or a name and the code point where the character itself
/// would not be seen.
pub(crate) struct Shown(pub(crate) char);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.0 {
            '\t' => "a tab",
            '\n' => "a line feed",
            '\r' => "a carriage return",
            ' ' => "a blank",
            '\u{a0}' => "a no-break blank",
            '\u{feff}' => "a byte-order mark",
            c if c.is_control() => "a control character",
            c if is_invisible(c) => "an invisible character",
            c if c.is_whitespace() => "a blank",
            c => return write!(f, "'{c}' (U+{:04X})", u32::from(c)),
        };
        write!(f, "{name} (U+{:04X})", u32::from(self.0))
    }
}

/// Characters that take no room on a screen and come along when text is pasted: direction marks, zero-width blanks and
/// joiners, the soft hyphen, the byte-order mark.
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

/// Whether `c` is a blank, a control or an invisible character.
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control() || is_invisible(c)
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    #[test]
    fn texts_that_differ_in_one_byte_are_not_equal() {
        for len in 0..20 {
            let text = vec![b'a'; len];
            assert!(are_equal(&text, &text.clone()), "{len}");
            assert!(!are_equal(&text, &vec![b'a'; len + 1]), "{len}");
            for place in 0..len {
                let mut other = text.clone();
                other[place] = b'b';
                assert!(!are_equal(&text, &other), "{place} of {len}");
            }
        }
    }

    #[test]
    fn digits_are_told_from_every_other_byte_at_every_place() {
        for len in 0..20 {
            assert!(all_digits(&vec![b'0'; len]) && all_digits(&vec![b'9'; len]));
            for place in 0..len {
                for byte in 0..=255_u8 {
                    let mut text = vec![b'5'; len];
                    text[place] = byte;
                    assert_eq!(all_digits(&text), byte.is_ascii_digit(), "{byte} in {len}");
                }
            }
        }
    }
}
