//! What comes with a value that was copied from a file of settings.

use crate::check::chars;

/// What comes with a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Copied {
    /// Its name, as in `UUID=...` and `export UUID=...`.
    Name,
    /// A pair of quotation marks around it.
    Quotes,
}

/// What comes with a value that should stand alone.
pub(crate) fn what_comes_with(value: &str) -> Option<Copied> {
    if has_name(value) {
        return Some(Copied::Name);
    }
    chars::quotation_marks(value).map(|_| Copied::Quotes)
}

/// The same for a uuid, which is known to have a character that none has, and so no Base64 to take
/// care of. What nobody sees around it is removed before.
pub(crate) fn what_comes_with_uuid(value: &str) -> Option<Copied> {
    let value = value.trim_matches(chars::is_whitespace_or_invisible);
    let is_in_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let is_assignment = value.split_once('=').is_some_and(|(name, rest)| {
        let name = name.trim_end();
        let is_uuid = name.to_ascii_lowercase().ends_with("uuid") && !name.contains('&');
        let is_name =
            name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(is_in_name);
        is_uuid || (is_name && rest.bytes().any(|byte| byte != b'='))
    });
    if is_assignment {
        return Some(Copied::Name);
    }
    what_comes_with(value)
}

/// Whether a value starts with a name in capital letters and `=`. A Base64 key may end in `=`, so
/// something else must follow, unless the name has a character that Base64 has not.
fn has_name(value: &str) -> bool {
    let line = ["export ", "set "]
        .iter()
        .find_map(|word| value.strip_prefix(word))
        .unwrap_or(value);
    line.split_once('=').is_some_and(|(name, rest)| {
        let name = name.trim_end_matches(' ');
        name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
            && name
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
            && (rest.bytes().any(|b| b != b'=') || name.contains('_') || line != value)
    })
}
