//! Extensions and parameters after a phone number: `x12`, `ext. 12`, `#12`, `;ext=12`.

use crate::check::chars;
use crate::check::phone::error::MIN_DIGITS;

/// The words before an extension.
const WORDS: [&str; 5] = ["x", "ext", "extn", "extension", "#"];

/// Whether an extension or a parameter of a `tel:` URI follows a number. `digits` are those before
/// `rest`, which begins with the first unexpected character.
pub(crate) fn follows(digits: usize, rest: &str) -> bool {
    digits >= MIN_DIGITS && is_extension(rest)
}

fn is_extension(rest: &str) -> bool {
    let blank = |c: char| c.is_whitespace() || chars::is_invisible(c);
    let after = rest
        .trim_start_matches([',', ';'])
        .trim_start_matches(blank);
    let is_word = |c: char| c.is_ascii_alphabetic() || matches!(c, '-' | '#');
    let (word, value) = after.split_at(after.find(|c| !is_word(c)).unwrap_or(after.len()));
    if rest.starts_with(';') && !word.is_empty() && value.starts_with('=') {
        return true;
    }
    let digits = value
        .trim_start_matches(['.', ':', '='])
        .trim_start_matches(blank)
        .trim_end_matches(|c| c == ')' || blank(c));
    WORDS.iter().any(|known| word.eq_ignore_ascii_case(known))
        && !digits.is_empty()
        && chars::is_ascii_digits(digits.as_bytes())
}
