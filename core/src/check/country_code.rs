//! The country codes of ITU-T E.164, and the prefix lookup for phone numbers.
//!
//! Source: ITU-T's "List of Recommendation ITU-T E.164 assigned country codes" with its amendments.
//! The codes of global services and networks (800, 808, 870, 878, 881 to 883, 888, 979) count as
//! assigned. Reserved, spare and withdrawn codes (388, 991, 997, ...) do not.

use crate::check::chars;

/// All assigned codes, grouped by their first digits. No code is a prefix of another.
const ASSIGNED: &[u16] = &[
    1, 7, //
    20, 27, 211, 212, 213, 216, 218, //
    220, 221, 222, 223, 224, 225, 226, 227, 228, 229, //
    230, 231, 232, 233, 234, 235, 236, 237, 238, 239, //
    240, 241, 242, 243, 244, 245, 246, 247, 248, 249, //
    250, 251, 252, 253, 254, 255, 256, 257, 258, //
    260, 261, 262, 263, 264, 265, 266, 267, 268, 269, //
    290, 291, 297, 298, 299, //
    30, 31, 32, 33, 34, 36, 39, //
    350, 351, 352, 353, 354, 355, 356, 357, 358, 359, //
    370, 371, 372, 373, 374, 375, 376, 377, 378, 379, //
    380, 381, 382, 383, 385, 386, 387, 389, //
    40, 41, 43, 44, 45, 46, 47, 48, 49, 420, 421, 423, //
    51, 52, 53, 54, 55, 56, 57, 58, //
    500, 501, 502, 503, 504, 505, 506, 507, 508, 509, //
    590, 591, 592, 593, 594, 595, 596, 597, 598, 599, //
    60, 61, 62, 63, 64, 65, 66, //
    670, 672, 673, 674, 675, 676, 677, 678, 679, //
    680, 681, 682, 683, 685, 686, 687, 688, 689, //
    690, 691, 692, //
    81, 82, 84, 86, 800, 808, 850, 852, 853, 855, 856, //
    870, 878, 880, 881, 882, 883, 886, 888, //
    90, 91, 92, 93, 94, 95, 98, //
    960, 961, 962, 963, 964, 965, 966, 967, 968, //
    970, 971, 972, 973, 974, 975, 976, 977, 979, //
    992, 993, 994, 995, 996, 998,
];

/// Assigned codes after which a 0 may be part of the number. After any other code, a 0 is the trunk
/// prefix for calls within the country.
const WITH_SIGNIFICANT_ZERO: &[u16] = &[
    39, 225, 226, 227, 229, 241, 242, 250, 378, 379, 800, 881, 992,
];

/// Codes of countries where a national number is dialled with a 0 before it, which is not part of
/// it. In a country that is not listed, a 0 at the start of a national number is part of it, or
/// nobody knows without more than the digits: Argentina (54), Brazil (55) and Bolivia (591) have
/// further prefixes.
///
/// Compared with libphonenumber's metadata of 2026, which has the national prefix 0 for each of
/// them.
const WITH_TRUNK_ZERO: &[u16] = &[
    20, 27, 31, 32, 33, 40, 41, 43, 44, 46, 49, 51, 53, 58, 60, 61, 62, 63, 64, 66, 81, 82, 84,
    86, //
    90, 91, 92, 93, 94, 95, 98, 211, 212, 213, 218, 233, 234, 249, 251, 254, 255, 256, 260,
    261, //
    263, 264, 353, 355, 358, 359, 370, 373, 374, 380, 381, 382, 383, 385, 386, 387, 389,
    421, //
    593, 595, 598, 855, 856, 880, 886, 961, 962, 963, 964, 966, 967, 970, 971, 972, 976,
    977, //
    994, 995, 996,
];

/// Codes of countries where an 8 before a national number is, or was until lately, no part of it.
const WITH_TRUNK_EIGHT: &[u16] = &[7, 370, 375, 992, 993, 998];

/// The length of the country code for each prefix of three digits; 0 if no code is assigned.
static LEN_BY_PREFIX: [u8; 1000] = len_by_prefix();

const fn len_by_prefix() -> [u8; 1000] {
    let mut lens = [0; 1000];
    let mut i = 0;
    while i < ASSIGNED.len() {
        let (len, width) = match ASSIGNED[i] {
            0..=9 => (1, 100),
            10..=99 => (2, 10),
            _ => (3, 1),
        };
        let first = ASSIGNED[i] as usize * width;
        let mut prefix = first;
        while prefix < first + width {
            assert!(lens[prefix] == 0, "a country code is a prefix of another");
            lens[prefix] = len;
            prefix += 1;
        }
        i += 1;
    }
    lens
}

/// Whether a 0 before a national number is surely no part of it.
pub(crate) fn has_trunk_zero(code: &str) -> bool {
    is_listed(code, WITH_TRUNK_ZERO)
}

/// Whether an 8 before a national number may be no part of it.
pub(crate) fn may_have_trunk_eight(code: &str) -> bool {
    is_listed(code, WITH_TRUNK_EIGHT)
}

fn is_listed(code: &str, list: &[u16]) -> bool {
    chars::plain_number(code).is_some_and(|code| list.contains(&code))
}

/// The country code that `digits` start with. `None` if no assigned code matches, or if the first
/// three bytes are not ASCII digits.
pub(crate) fn of_digits(digits: &str) -> Option<&str> {
    digits.get(..len_of(digits.as_bytes())?)
}

/// The length of the country code that `digits` start with; `None` as for [`of_digits`].
#[inline]
pub(crate) fn len_of(digits: &[u8]) -> Option<usize> {
    let [a, b, c, ..] = digits else {
        return None;
    };
    let value = |digit: &u8| match digit.wrapping_sub(b'0') {
        value @ 0..=9 => Some(usize::from(value)),
        _ => None,
    };
    let prefix = value(a)? * 100 + value(b)? * 10 + value(c)?;
    match LEN_BY_PREFIX[prefix] {
        0 => None,
        len => Some(usize::from(len)),
    }
}

/// Whether the whole of `code` is an assigned country code.
pub(crate) fn is_assigned(code: &str) -> bool {
    is_listed(code, ASSIGNED)
}

/// Whether a 0 after this country code may be part of the number.
pub(crate) fn may_be_followed_by_zero(code: &str) -> bool {
    is_listed(code, WITH_SIGNIFICANT_ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_each_length_are_found() {
        assert_eq!(of_digits("14155550100"), Some("1"));
        assert_eq!(of_digits("8613800000001"), Some("86"));
        assert_eq!(of_digits("85212345678"), Some("852"));
    }

    #[test]
    fn unassigned_and_malformed_prefixes_have_none() {
        for digits in [
            "",
            "1",
            "86",
            "0123456",
            "210123456",
            "999123456",
            "8a6123",
            "８６１",
        ] {
            assert_eq!(of_digits(digits), None, "{digits}");
        }
    }

    #[test]
    fn a_code_is_assigned_only_as_a_whole() {
        assert!(is_assigned("1") && is_assigned("86") && is_assigned("852"));
        for code in ["", "0", "01", "+1", "861", "8", "85", "210", "99999999999"] {
            assert!(!is_assigned(code), "{code}");
        }
    }

    #[test]
    fn what_is_known_of_prefixes_is_of_assigned_codes() {
        let lists = [WITH_SIGNIFICANT_ZERO, WITH_TRUNK_ZERO, WITH_TRUNK_EIGHT];
        assert!(lists.concat().iter().all(|code| ASSIGNED.contains(code)));
    }

    #[test]
    fn a_zero_is_a_prefix_or_part_of_the_number() {
        let is_both = |code| WITH_SIGNIFICANT_ZERO.contains(code);
        assert!(!WITH_TRUNK_ZERO.iter().any(is_both));
    }
}
