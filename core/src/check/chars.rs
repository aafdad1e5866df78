//! Helpers for short strings and single characters.

use core::fmt::{self, Write as _};
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

/// Where the first `byte` in a short string is. The standard library's search is made for long
/// ones.
#[inline]
pub(crate) fn position(string: &[u8], byte: u8) -> Option<usize> {
    const ONES: u64 = u64::MAX / 255;
    let position_in = |word| {
        let word = u64::from_le_bytes(word) ^ (ONES * u64::from(byte));
        // The lowest top bit is that of the first byte that is 0.
        let zeros = word.wrapping_sub(ONES) & !word & (ONES << 7);
        (zeros != 0).then(|| zeros.trailing_zeros() as usize / 8)
    };
    let mut rest = string;
    while let Some((&word, after)) = rest.split_first_chunk() {
        if let Some(found) = position_in(word) {
            return Some(string.len() - rest.len() + found);
        }
        rest = after;
    }
    if let Some(&last) = string.last_chunk() {
        // It overlaps the word before, where none was found.
        return position_in(last).map(|found| string.len() - 8 + found);
    }
    rest.iter().position(|&each| each == byte)
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

/// A string as a literal in an error message: in quotation marks, with an escape for each character
/// that would not be visible.
pub(crate) struct Literal<'s>(pub(crate) &'s str);

impl fmt::Display for Literal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for c in self.0.chars() {
            match c {
                '\'' => f.write_char(c)?,
                c if is_invisible(c) => write!(f, "{}", c.escape_unicode())?,
                c => write!(f, "{}", c.escape_debug())?,
            }
        }
        f.write_char('"')
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

/// Whether nobody sees `c`, which comes with pasted text: a direction mark, a zero-width space or
/// joiner, a filler, a variation selector, the byte-order mark.
///
/// These are Unicode's `Default_Ignorable_Code_Point`, with those that the standard reserves for
/// it, the marks of interlinear annotations, and the blank of Braille.
#[inline]
pub(crate) const fn is_invisible(c: char) -> bool {
    c >= '\u{ad}' && is_invisible_beyond_ascii(c)
}

const fn is_invisible_beyond_ascii(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Whether an invisible `c` changes how the character before it looks: a variation selector, as
/// after an emoji or a Chinese character, or a tag, as in the flag of Scotland.
const fn is_modifier(c: char) -> bool {
    matches!(
        c,
        '\u{180b}'..='\u{180d}'
            | '\u{180f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{e0020}'..='\u{e007f}'
            | '\u{e0100}'..='\u{e01ef}'
    )
}

/// The last character of a string, if nobody sees it.
///
/// Variation selectors and tags belong to the visible character before them, unless that is ASCII.
pub(crate) fn blank_end(string: &str) -> Option<char> {
    let last = string.chars().next_back()?;
    if !is_whitespace_or_invisible(last) {
        return None;
    }
    let base = || string.chars().rev().find(|&c| !is_modifier(c));
    let belongs = |base: char| !base.is_ascii() && !is_whitespace_or_invisible(base);
    let is_seen = is_modifier(last) && base().is_some_and(belongs);
    (!is_seen).then_some(last)
}

/// Whether `c` is a whitespace, control or invisible character.
pub(crate) fn is_whitespace_or_invisible(c: char) -> bool {
    c.is_whitespace() || c.is_control() || is_invisible(c)
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString as _};
    use alloc::vec;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn invisible_characters_are_those_that_unicode_ignores() {
        // DerivedCoreProperties.txt of Unicode 16.0, Default_Ignorable_Code_Point.
        let ignored = [
            0xad..=0xad,
            0x34f..=0x34f,
            0x61c..=0x61c,
            0x115f..=0x1160,
            0x17b4..=0x17b5,
            0x180b..=0x180f,
            0x200b..=0x200f,
            0x202a..=0x202e,
            0x2060..=0x206f,
            0x3164..=0x3164,
            0xfe00..=0xfe0f,
            0xfeff..=0xfeff,
            0xffa0..=0xffa0,
            0xfff0..=0xfff8,
            0x1bca0..=0x1bca3,
            0x1d173..=0x1d17a,
            0xe0000..=0xe0fff,
        ];
        let others = [0x2800..=0x2800, 0xfff9..=0xfffb];
        for c in '\0'..=char::MAX {
            let code_point = u32::from(c);
            let mut listed = ignored.iter().chain(&others);
            let is_listed = listed.any(|range| range.contains(&code_point));
            assert_eq!(is_invisible(c), is_listed, "U+{:04X}", u32::from(c));
            assert!(!is_modifier(c) || is_invisible(c), "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn a_modifier_belongs_to_a_visible_character_that_is_not_ascii() {
        for seen in [
            "",
            "A",
            "\u{2764}\u{fe0f}",
            "\u{845b}\u{e0100}",
            "\u{1820}\u{180b}",
            "\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
            "1\u{fe0f}\u{20e3}",
        ] {
            assert_eq!(blank_end(seen), None, "{seen:?}");
        }
        for (blank, end) in [
            ("A\u{fe0f}", '\u{fe0f}'),
            ("A\u{fe0e}\u{fe0f}", '\u{fe0f}'),
            ("\u{fe0f}", '\u{fe0f}'),
            ("A\u{e0041}", '\u{e0041}'),
            ("\u{4e2d}\u{200b}\u{fe0f}", '\u{fe0f}'),
            ("\u{4e2d}\u{3000}\u{fe0f}", '\u{fe0f}'),
            ("\u{4e2d}\u{3164}", '\u{3164}'),
            ("\u{4e2d}\u{200d}", '\u{200d}'),
            ("\u{1f600}\u{e0001}", '\u{e0001}'),
            ("A ", ' '),
        ] {
            assert_eq!(blank_end(blank), Some(end), "{blank:?}");
        }
    }

    proptest! {
        #[test]
        fn a_message_shows_no_character_that_is_not_seen(
            string in "[a\u{e9}\u{301}'\"\\\\ \n\u{2800}\u{3164}\u{ffa0}\u{fe0f}\u{e0041}\u{fff9}\u{feff}]{0,6}",
        ) {
            let shown = Literal(&string).to_string();
            let unseen = |c: char| c != ' ' && is_whitespace_or_invisible(c);
            prop_assert!(!shown.contains(unseen), "{shown:?}");
            if !string.contains(is_invisible) {
                prop_assert_eq!(&shown, &alloc::format!("{string:?}"));
            }
            let quoted: String = string.chars().map(|c| Quoted(c).to_string()).collect();
            prop_assert!(!quoted.contains(unseen), "{quoted:?}");
        }
    }

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
