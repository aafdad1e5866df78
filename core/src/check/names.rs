//! Names that are nearly a known one.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use unicode_normalization::char::{canonical_combining_class, decompose_canonical};

use crate::check::chars::is_invisible;

/// The maximum length in bytes of a name that is compared. It bounds the work for a name that comes
/// from elsewhere.
const MAX_LEN: usize = 256;

/// The minimum number of characters of a known name that may differ by one letter. A shorter one
/// would be near to too many.
const MIN_CHARS: usize = 3;

/// How a name differs from a known one.
///
/// Its `Display` tells the kinds of difference, and of whitespace and invisible characters the code
/// point of the first: "by invisible characters (U+FEFF)". It never tells the name that was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameDifference(Difference);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Difference {
    /// Nothing of it would be seen, or it is the same words in another style, such as `order_id`.
    Form {
        case: bool,
        separators: bool,
        whitespace: Option<char>,
        invisible: Option<char>,
        unicode_form: bool,
    },
    Letter,
}

impl fmt::Display for NameDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Difference::Form {
            case,
            separators,
            whitespace,
            invisible,
            unicode_form,
        } = self.0
        else {
            return f.write_str("by one letter");
        };
        let parts = [
            (case, "case", None),
            (separators, "underscores or hyphens", None),
            (whitespace.is_some(), "whitespace", whitespace),
            (invisible.is_some(), "invisible characters", invisible),
            (unicode_form, "Unicode form (NFC or NFD)", None),
        ];
        let mut separator = "by ";
        for (_, name, character) in parts.into_iter().filter(|(is_part, ..)| *is_part) {
            write!(f, "{separator}{name}")?;
            if let Some(character) = character {
                write!(f, " (U+{:04X})", u32::from(character))?;
            }
            separator = " and ";
        }
        Ok(())
    }
}

/// What two names are compared without: a set of kinds of difference.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Ignored(u8);

impl Ignored {
    const CASE: Self = Self(1);
    const WHITESPACE: Self = Self(2);
    const INVISIBLE: Self = Self(4);
    const UNICODE_FORM: Self = Self(8);
    const SEPARATORS: Self = Self(16);
    const UNSEEN: Self = Self(Self::INVISIBLE.0 | Self::UNICODE_FORM.0);
    const EVERYTHING: Self =
        Self(Self::CASE.0 | Self::SEPARATORS.0 | Self::WHITESPACE.0 | Self::UNSEEN.0);

    /// The kinds of difference one at a time, by precedence.
    const EACH: [Self; 5] = [
        Self::CASE,
        Self::SEPARATORS,
        Self::WHITESPACE,
        Self::INVISIBLE,
        Self::UNICODE_FORM,
    ];

    const fn has(self, kind: Self) -> bool {
        self.0 & kind.0 != 0
    }

    const fn without(self, kind: Self) -> Self {
        Self(self.0 & !kind.0)
    }

    fn keeps(self, c: char) -> bool {
        match kind_of(c) {
            Unseen::Whitespace => !self.has(Self::WHITESPACE),
            Unseen::Invisible => !self.has(Self::INVISIBLE),
            Unseen::No if matches!(c, '_' | '-') => !self.has(Self::SEPARATORS),
            Unseen::No => true,
        }
    }

    /// The name without what is ignored. One step after the other takes less code than their
    /// combinations.
    fn rest(self, name: &str) -> String {
        let mut rest: String = name.chars().filter(|&c| self.keeps(c)).collect();
        if self.has(Self::CASE) {
            rest = rest.chars().flat_map(char::to_lowercase).collect();
        }
        if self.has(Self::UNICODE_FORM) && !is_decomposed(&rest) {
            rest = decomposed(&rest);
        }
        rest
    }

    fn are_equal(self, one: &str, other: &str) -> bool {
        self.rest(one) == self.rest(other)
    }
}

/// Whether a string is its own canonical decomposition and has no marks that could be in another
/// order. In doubt, `false`.
fn is_decomposed(string: &str) -> bool {
    let is_whole = |c: char| {
        let mut is_whole = true;
        decompose_canonical(c, |part| is_whole &= part == c);
        is_whole && canonical_combining_class(c) == 0
    };
    string.is_ascii() || string.chars().all(is_whole)
}

/// The canonical decomposition of a string (Unicode form NFD). Two strings have the same exactly if
/// they have the same NFC, whose tables would be much larger.
fn decomposed(string: &str) -> String {
    let mut parts = Vec::new();
    for c in string.chars() {
        decompose_canonical(c, |part| {
            parts.push((canonical_combining_class(part), part));
        });
    }
    let are_marks = |one: &(u8, char), other: &(u8, char)| one.0 != 0 && other.0 != 0;
    for marks in parts.chunk_by_mut(are_marks) {
        marks.sort_by_key(|&(class, _)| class);
    }
    parts.into_iter().map(|(_, part)| part).collect()
}

/// Whether two names surely differ although everything that may differ is ignored: their first
/// letters do. That spares most names the rest.
fn surely_differ(one: &str, other: &str) -> bool {
    let first = |name: &str| name.chars().find(|&c| Ignored::EVERYTHING.keeps(c));
    match (first(one), first(other)) {
        // A letter is part of what it is composed to.
        (Some(one), Some(other)) if one.is_ascii() && other.is_ascii() => {
            !one.eq_ignore_ascii_case(&other)
        }
        _ => false,
    }
}

enum Unseen {
    Whitespace,
    Invisible,
    No,
}

fn kind_of(c: char) -> Unseen {
    if c.is_whitespace() {
        Unseen::Whitespace
    } else if c.is_control() || is_invisible(c) {
        Unseen::Invisible
    } else {
        Unseen::No
    }
}

/// Finds the known name that another one nearly is, and how that one differs: by case, underscores
/// or hyphens, whitespace, invisible characters or Unicode form, by several of them, or by one
/// letter (one inserted, lost, changed, or two swapped), in this order of precedence.
///
/// `None` for a known name, and for one of more than [`MAX_LEN`] bytes.
pub(crate) fn nearest<K: AsRef<str>>(
    given: &str,
    known: impl IntoIterator<Item = K>,
) -> Option<(K, NameDifference)> {
    if given.len() > MAX_LEN {
        return None;
    }
    let wanted = Ignored::EVERYTHING.rest(given);
    let mut best: Option<(usize, K, NameDifference)> = None;
    for candidate in known {
        let name = candidate.as_ref();
        if name == given {
            return None;
        }
        let Some((rank, difference)) = difference(given, &wanted, name) else {
            continue;
        };
        if best.as_ref().is_none_or(|(least, ..)| rank < *least) {
            best = Some((rank, candidate, NameDifference(difference)));
        }
    }
    best.map(|(_, name, difference)| (name, difference))
}

/// What can be seen of a name: without invisible characters, in one Unicode form.
pub(crate) fn visible(name: &str) -> Cow<'_, str> {
    let is_seen = |c| Ignored::UNSEEN.keeps(c);
    if name.chars().all(is_seen) && is_decomposed(name) {
        return name.into();
    }
    Ignored::UNSEEN.rest(name).into()
}

/// How a name differs from a known one, with a rank that is lower for what comes first. `wanted` is
/// what is left of the name without [everything](Ignored::EVERYTHING) that may differ.
fn difference(given: &str, wanted: &str, known: &str) -> Option<(usize, Difference)> {
    if known.len() > MAX_LEN {
        return None;
    }
    let is_wanted = || !wanted.is_empty() && Ignored::EVERYTHING.rest(known) == wanted;
    if !surely_differ(given, known) && is_wanted() {
        return Some(difference_in_form(given, known));
    }
    differ_by_one_letter(given, known).then_some((Ignored::EACH.len() + 1, Difference::Letter))
}

/// How two names differ that are equal if everything that may differ is ignored.
fn difference_in_form(given: &str, known: &str) -> (usize, Difference) {
    let (rank, ignored) = needed(given, known);
    let first = |kind: Ignored, is_of_kind: fn(char) -> bool| {
        let found = ignored
            .has(kind)
            .then(|| first_other(given, known, is_of_kind));
        found.flatten()
    };
    let difference = Difference::Form {
        case: ignored.has(Ignored::CASE),
        separators: ignored.has(Ignored::SEPARATORS),
        whitespace: first(Ignored::WHITESPACE, |c| {
            matches!(kind_of(c), Unseen::Whitespace)
        }),
        invisible: first(Ignored::INVISIBLE, |c| {
            matches!(kind_of(c), Unseen::Invisible)
        }),
        unicode_form: ignored.has(Ignored::UNICODE_FORM),
    };
    (rank, difference)
}

/// How a name differs from another one that [looks equal](visible).
pub(crate) fn unseen_difference(name: &str, other: &str) -> NameDifference {
    NameDifference(difference_in_form(name, other).1)
}

/// The least that has to be ignored so that two names are equal, which are if everything is.
///
/// Case is the first that need not be: the Kelvin sign and K differ by case too, but they are one
/// character in two Unicode forms.
fn needed(given: &str, known: &str) -> (usize, Ignored) {
    let mut needed = Ignored::EVERYTHING;
    for kind in Ignored::EACH {
        let fewer = needed.without(kind);
        if fewer.are_equal(given, known) {
            needed = fewer;
        }
    }
    let alone = Ignored::EACH.iter().position(|&kind| kind == needed);
    (alone.unwrap_or(Ignored::EACH.len()), needed)
}

/// The first character of a kind that one name has and the other has not at its turn.
fn first_other(given: &str, known: &str, is_of_kind: fn(char) -> bool) -> Option<char> {
    let mut in_given = given.chars().filter(|&c| is_of_kind(c));
    let mut in_known = known.chars().filter(|&c| is_of_kind(c));
    let first = in_given.clone().next().or(in_known.clone().next());
    loop {
        match (in_given.next(), in_known.next()) {
            (Some(one), Some(other)) if one == other => {}
            // The same characters at other places.
            (None, None) => return first,
            (one, other) => return one.or(other),
        }
    }
}

/// Whether one letter was inserted, lost or changed, or two neighbours were swapped (restricted
/// Damerau-Levenshtein distance 1).
fn differ_by_one_letter(given: &str, known: &str) -> bool {
    let (mut one, mut other) = (given.chars(), known.chars());
    if known.chars().take(MIN_CHARS).count() < MIN_CHARS {
        return false;
    }
    loop {
        let (rest_of_one, rest_of_other) = (one.clone(), other.clone());
        match (one.next(), other.next()) {
            (None, None) => return false,
            (a, b) if a == b => {}
            (a, b) => {
                let is_swapped = || {
                    let (mut one, mut other) = (one.clone(), other.clone());
                    a.is_some() && one.next() == b && other.next() == a && one.eq(other)
                };
                return (a.is_some() && one.clone().eq(rest_of_other))
                    || (b.is_some() && rest_of_one.eq(other.clone()))
                    || (a.is_some() && b.is_some() && one.clone().eq(other.clone()))
                    || is_swapped();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization as _;

    use super::*;

    const KNOWN: [&str; 7] = [
        "\u{212b}ngel",
        "amount",
        "dialAtUpHour ",
        "caf\u{e9}",
        "due date",
        "p1",
        "\u{59d3}\u{540d}",
    ];

    fn told(given: &str) -> Option<(&'static str, String)> {
        nearest(given, KNOWN).map(|(known, difference)| (known, difference.to_string()))
    }

    #[test]
    fn each_kind_of_difference_is_told_with_the_known_name() {
        for (given, known, difference) in [
            ("Amount", "amount", "by case"),
            ("AMOUNT", "amount", "by case"),
            (" amount", "amount", "by whitespace (U+0020)"),
            ("am ount", "amount", "by whitespace (U+0020)"),
            ("amount\r\n", "amount", "by whitespace (U+000D)"),
            ("dialAtUpHour", "dialAtUpHour ", "by whitespace (U+0020)"),
            ("due\u{a0}date", "due date", "by whitespace (U+00A0)"),
            ("duedat e", "due date", "by whitespace (U+0020)"),
            (
                "\u{feff}amount",
                "amount",
                "by invisible characters (U+FEFF)",
            ),
            ("amount\0\0", "amount", "by invisible characters (U+0000)"),
            (
                "\u{59d3}\u{200b}\u{540d}",
                "\u{59d3}\u{540d}",
                "by invisible characters (U+200B)",
            ),
            ("cafe\u{301}", "caf\u{e9}", "by Unicode form (NFC or NFD)"),
            (
                "\u{3164}amount",
                "amount",
                "by invisible characters (U+3164)",
            ),
            (
                "amount\u{fe0f}",
                "amount",
                "by invisible characters (U+FE0F)",
            ),
            (
                "amount\u{e0041}",
                "amount",
                "by invisible characters (U+E0041)",
            ),
            // The Angstrom sign is the letter A with a ring in another form.
            ("\u{c5}ngel", "\u{212b}ngel", "by Unicode form (NFC or NFD)"),
            (
                "\u{c5}ngel ",
                "\u{212b}ngel",
                "by whitespace (U+0020) and Unicode form (NFC or NFD)",
            ),
            (
                "\u{feff}Amount ",
                "amount",
                "by case and whitespace (U+0020) and invisible characters (U+FEFF)",
            ),
            (
                "CAFE\u{301}",
                "caf\u{e9}",
                "by case and Unicode form (NFC or NFD)",
            ),
            ("am_ount", "amount", "by underscores or hyphens"),
            ("Am-ount", "amount", "by case and underscores or hyphens"),
            (
                "dial_at-up_hour ",
                "dialAtUpHour ",
                "by case and underscores or hyphens",
            ),
            (
                "due_date",
                "due date",
                "by underscores or hyphens and whitespace (U+0020)",
            ),
            ("p_1", "p1", "by underscores or hyphens"),
            ("amounts", "amount", "by one letter"),
            ("ammount", "amount", "by one letter"),
            ("amoun", "amount", "by one letter"),
            ("mount", "amount", "by one letter"),
            ("anount", "amount", "by one letter"),
            ("amuont", "amount", "by one letter"),
            ("xcaf\u{e9}", "caf\u{e9}", "by one letter"),
        ] {
            assert_eq!(told(given), Some((known, difference.into())), "{given:?}");
        }
    }

    #[test]
    fn a_name_that_is_known_or_far_from_all_is_near_none() {
        for given in KNOWN {
            assert_eq!(told(given), None, "{given:?}");
        }
        let long = "amount".to_string() + &" ".repeat(MAX_LEN);
        for given in [
            "", " ", "_", "-_-", "\u{feff}", "a", "p2", "p", "amountss", "ammountt", "aumuont",
            "name", &long,
        ] {
            assert_eq!(told(given), None, "{given:?}");
        }
        assert!(nearest("Amount", ["x".repeat(MAX_LEN + 1)]).is_none());
    }

    #[test]
    fn the_difference_that_is_hardest_to_see_loses_to_case() {
        let known = ["amounts", "\u{200b}amount", "amount ", "AMOUNT"];
        let found = nearest("amount", known).map(|(known, _)| known);
        assert_eq!(found, Some("AMOUNT"));
        let found = nearest("amount", &known[..3]).map(|(known, _)| *known);
        assert_eq!(found, Some("amount "));
        let found = nearest("amount", &known[..2]).map(|(known, _)| *known);
        assert_eq!(found, Some("\u{200b}amount"));
    }

    #[test]
    fn names_that_look_equal_differ_in_nothing_that_is_seen() {
        let look_equal = |one, other| visible(one) == visible(other);
        assert!(look_equal("caf\u{e9}", "\u{feff}cafe\u{301}\u{200d}"));
        assert!(look_equal("amount", "am\u{200b}ou\0nt"));
        for other in ["Amount", "amount ", "\u{430}mount", "amounts"] {
            assert!(!look_equal("amount", other), "{other:?}");
        }
    }

    /// The number of edits between two names, by the textbook's table.
    fn distance(one: &str, other: &str) -> usize {
        let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
        let mut rows = Vec::from([(0..=other.len()).collect::<Vec<_>>()]);
        for i in 1..=one.len() {
            let mut row = Vec::from([i]);
            for j in 1..=other.len() {
                let changed = rows[i - 1][j - 1] + usize::from(one[i - 1] != other[j - 1]);
                let mut least = changed.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
                if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                    least = least.min(rows[i - 2][j - 2] + 1);
                }
                row.push(least);
            }
            rows.push(row);
        }
        rows[one.len()][other.len()]
    }

    proptest! {
        #[test]
        fn names_have_one_decomposition_exactly_if_they_have_one_nfc(
            one in "[a\u{e9}e\u{301}\u{323}\u{1e69}s\u{ac00}\u{1100}\u{1161}\u{212b}\u{c5}]{0,4}",
            other in "[a\u{e9}e\u{301}\u{323}\u{1e69}s\u{ac00}\u{1100}\u{1161}\u{212b}\u{c5}]{0,4}",
            any in any::<String>(),
        ) {
            let same_nfc = one.nfc().eq(other.nfc());
            prop_assert_eq!(Ignored::UNICODE_FORM.are_equal(&one, &other), same_nfc);
            prop_assert_eq!(decomposed(&any), any.nfd().collect::<String>());
            prop_assert!(!is_decomposed(&any) || decomposed(&any) == any);
        }

        #[test]
        fn one_letter_is_distance_1(given in "[ab\u{e9}]{0,6}", known in "[ab\u{e9}]{3,6}") {
            prop_assert_eq!(differ_by_one_letter(&given, &known), distance(&given, &known) == 1);
        }

        /// Whatever is near is told, and the name that was given is not.
        #[test]
        fn a_difference_that_is_not_seen_is_always_found(
            name in "[a-z\u{e9}\u{59d3}]{1,8}",
            noise in prop::collection::vec((any::<prop::sample::Index>(), "[ \t\u{a0}\0\u{feff}\u{200b}]"), 0..4),
            is_upper in any::<bool>(),
            is_decomposed in any::<bool>(),
        ) {
            let mut given: String = if is_decomposed { name.nfd().collect() } else { name.clone() };
            if is_upper {
                given = given.to_uppercase();
            }
            for (index, noise) in noise {
                let places: Vec<usize> = given.char_indices().map(|(at, _)| at).collect();
                given.insert_str(places[index.index(places.len())], &noise);
            }
            let found = nearest(&given, [&name]);
            prop_assert_eq!(found.is_some(), given != name);
            if let Some((known, difference)) = found {
                prop_assert_eq!(known, &name);
                prop_assert!(difference.to_string().starts_with("by "));
            }
        }
    }
}
