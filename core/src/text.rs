//! What a character is to a person who looks for a mistake: how it is shown, and whether it can be seen at all.

use core::fmt;
use core::str::FromStr;

/// The number that plain decimal digits stand for: no sign, no blank, no leading zero.
pub(crate) fn plain_number<T: FromStr>(digits: &str) -> Option<T> {
    let plain = digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
    if plain { digits.parse().ok() } else { None }
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
