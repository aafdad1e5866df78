//! The caller's own IDs, and other names that have to be repeated exactly: what stands at their
//! edges, and how long an ID can be.

use crate::check::chars::{blank_end, is_whitespace_or_invisible};
use crate::check::path::Path;
use crate::check::violation::{ViolationKind, Violations};

/// The maximum length of an ID in bytes. What is longer is surely no ID. The API's pages name no
/// limit.
pub(crate) const MAX_LEN: usize = 4096;

/// Whether a string has a visible character at each end, or is empty. In doubt, `false`.
#[inline]
pub(crate) fn has_visible_edges(string: &[u8]) -> bool {
    let (Some(first), Some(last)) = (string.first(), string.last()) else {
        return true;
    };
    (first.is_ascii_graphic() && last.is_ascii_graphic()) || has_visible_chars_at_edges(string)
}

/// The same for any characters.
#[inline(never)]
fn has_visible_chars_at_edges(string: &[u8]) -> bool {
    let is_continuation = |byte: &u8| byte & 0xc0 == 0x80;
    let first_len = 1 + string[1..]
        .iter()
        .take(3)
        .take_while(|b| is_continuation(b))
        .count();
    let last_len = 1 + string
        .iter()
        .rev()
        .take(3)
        .take_while(|b| is_continuation(b))
        .count();
    [
        &string[..first_len],
        &string[string.len().saturating_sub(last_len)..],
    ]
    .into_iter()
    .all(|bytes| {
        let c = core::str::from_utf8(bytes)
            .ok()
            .and_then(|s| s.chars().next());
        c.is_some_and(|c| !is_whitespace_or_invisible(c))
    })
}

/// Whether an ID is surely valid. In doubt, `false`: [`check`] tells what is wrong, if anything.
#[inline]
pub(crate) fn is_plain(id: &[u8], allows_blank_edges: bool) -> bool {
    id.len() <= MAX_LEN && (allows_blank_edges || has_visible_edges(id))
}

/// Reports an ID that is too long, or that begins or ends with a character that nobody sees. An
/// empty one is left to the caller.
pub(crate) fn check(id: &str, allows_blank_edges: bool, path: Path, violations: &mut Violations) {
    if id.len() > MAX_LEN {
        violations.push(path, ViolationKind::IdTooLong { len: id.len() });
    } else {
        check_edges(id, allows_blank_edges, path, violations);
    }
}

/// Reports what stands at the edges of an ID, or of a name. U+0000 is left to those who report it
/// anywhere.
pub(crate) fn check_edges(
    string: &str,
    allows_blank_edges: bool,
    path: Path,
    violations: &mut Violations,
) {
    if allows_blank_edges {
        return;
    }
    let hint = "; if it is really part of the string, allow blank edges in the rules";
    let first = string.chars().next();
    let first = first.filter(|&c| is_whitespace_or_invisible(c));
    // A single character is told once.
    let rest = first.map_or(string, |first| &string[first.len_utf8()..]);
    for (found, is_at_start) in [(first, true), (blank_end(rest), false)] {
        if let Some(character) = found.filter(|&c| c != '\0') {
            let kind = ViolationKind::BlankEdge {
                character,
                is_at_start,
            };
            violations.push_with_hint(path, kind, hint);
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::String;
    use alloc::vec::Vec;

    use proptest::prelude::*;

    use super::*;

    fn found(string: &str, allows: bool) -> Vec<String> {
        let mut violations = Violations::new();
        check(string, allows, Path::ROOT, &mut violations);
        violations
            .iter()
            .map(super::super::violation::Violation::message)
            .collect()
    }

    #[test]
    fn the_character_at_an_edge_is_told_with_what_to_do() {
        assert_eq!(
            found("A-1\r", false),
            [
                "ends with a carriage return (U+000D); remove it; if it is really part of the string, \
                 allow blank edges in the rules"
            ]
        );
        assert_eq!(
            found("\u{feff}A-1", false),
            [
                "starts with a byte-order mark (U+FEFF); remove it; if it is really part of the \
                 string, allow blank edges in the rules"
            ]
        );
        assert_eq!(
            found("A-1\u{1}", false),
            [
                "ends with a control character (U+0001); remove it; if it is really part of the \
              string, allow blank edges in the rules"
            ]
        );
        assert_eq!(found("\u{3000}A\u{200b}", false).len(), 2);
        assert_eq!(found(" ", false).len(), 1);
        assert_eq!(found(" A ", true), [""; 0]);
        assert_eq!(found("\u{fe0f}", false).len(), 1);
        assert_eq!(found("\u{3164}A\u{e0041}", false).len(), 2);
        for visible in [
            "A 1",
            "-",
            "\u{4e2d}\u{6587}",
            "a\u{200b}b",
            "\u{1f600}",
            "\u{2764}\u{fe0f}",
        ] {
            assert_eq!(found(visible, false), [""; 0], "{visible:?}");
        }
    }

    #[test]
    fn an_id_has_4096_bytes_at_most() {
        for allows in [false, true] {
            assert_eq!(found(&"a".repeat(4096), allows), [""; 0]);
            let [message] = &found(&("a".repeat(4096) + " "), allows)[..] else {
                panic!("one violation");
            };
            assert!(message.contains("4097 bytes"), "{message}");
        }
        assert!(is_plain("a".repeat(4096).as_bytes(), true));
        assert!(!is_plain("a".repeat(4097).as_bytes(), true));
    }

    proptest! {
        #[test]
        fn the_quick_check_agrees_with_the_thorough_one(
            string in "[a-z \\-\t\u{1}\u{7f}\u{85}\u{a0}\u{ad}\u{e9}\u{200b}\u{3000}\u{4e2d}\u{feff}\u{1f600}]{0,3}",
        ) {
            prop_assert_eq!(is_plain(string.as_bytes(), false), found(&string, false).is_empty());
        }

        /// What modifies a character before it is left to the thorough check.
        #[test]
        fn the_quick_check_never_passes_what_the_thorough_one_refuses(
            string in "[a\u{2764}\u{4e2d}\u{200b}\u{3164}\u{fe0f}\u{e0041}\u{e0100}]{0,4}",
        ) {
            prop_assert!(!is_plain(string.as_bytes(), false) || found(&string, false).is_empty());
        }

        /// Bytes that are not UTF-8 are left to the thorough check.
        #[test]
        fn bytes_that_are_not_utf8_are_never_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..6)) {
            let lossy = String::from_utf8_lossy(&bytes);
            if has_visible_edges(&bytes) {
                prop_assert!(found(&lossy, false).is_empty());
            }
        }
    }
}
