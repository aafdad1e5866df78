//! Phone numbers, against the documented rule and the list of country codes.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use callbot_core::{PhoneError, PhoneNumber, Rules, ViolationKind};
use proptest::prelude::*;
use proptest::sample::select;

use crate::common::{self, OwnedOrder, country_codes};
use crate::strategies::good_phone;

/// The phone rule as simple reference code.
fn is_phone(phone: &str, codes: &[String]) -> bool {
    phone.chars().all(|c| c.is_ascii_digit())
        && phone.len() >= 7
        && phone.len() <= 15
        && codes.iter().any(|code| phone.starts_with(code.as_str()))
}

#[test]
fn every_prefix_has_the_country_code_of_the_list() {
    let codes = country_codes();
    assert_eq!(codes.len(), 216);
    for prefix in 0..1000 {
        let digits = format!("{prefix:03}0000000");
        let expected: Vec<&str> = (codes.iter().map(String::as_str))
            .filter(|code| digits.starts_with(code))
            .collect();
        assert!(expected.len() <= 1, "{expected:?}");
        let phone = PhoneNumber::parse(&digits);
        assert_eq!(
            phone.ok().map(|phone| phone.country_code().to_owned()),
            expected.first().map(|code| (*code).to_owned()),
            "{digits}"
        );
    }
    for code in 0..10_000 {
        let code = code.to_string();
        let is_assigned = Rules::new().allow_country_code(&code).is_ok();
        assert_eq!(is_assigned, codes.contains(&code), "{code}");
    }
}

/// Separators that do not change the number.
fn separator() -> impl Strategy<Value = &'static str> {
    select(vec![
        "", "", "", " ", "-", ".", "  ", " - ", "\u{a0}", "\u{3000}", "\u{202f}", "\u{2011}",
        "\u{2013}", "－", "\u{200b}", "\u{ad}", "\u{202c}", "\t",
    ])
}

/// The zeros of some scripts.
const ZEROS: [char; 9] = [
    '0',
    '０',
    '\u{660}',
    '\u{6f0}',
    '\u{966}',
    '\u{9e6}',
    '\u{e50}',
    '\u{1040}',
    '\u{1d7ce}',
];

fn written_digit(digit: char, script: usize) -> char {
    let value = digit.to_digit(10).expect("an ASCII digit");
    char::from_u32(u32::from(ZEROS[script]) + value).expect("the script has ten consecutive digits")
}

/// The value of a decimal digit, from the list of all of them.
fn value_of(c: char) -> Option<char> {
    static VALUES: LazyLock<BTreeMap<u32, char>> = LazyLock::new(|| {
        let pair = |line: &str| {
            let (code_point, value) = line.split_once(' ')?;
            Some((
                u32::from_str_radix(code_point, 16).ok()?,
                value.parse().ok()?,
            ))
        };
        let lines = include_str!("../data/decimal_digits.txt").lines();
        lines
            .map(|line| pair(line).expect("a code point and a value"))
            .collect()
    });
    VALUES.get(&u32::from(c)).copied()
}

proptest! {
    #![proptest_config(common::cases(1000))]

    #[test]
    fn the_parser_agrees_with_the_reference(
        string in prop_oneof![
            4 => "[0-9]{0,18}",
            4 => "[1-9][0-9]{5,15}",
            1 => "[0-9]{3,8}[-+. ０a\u{200b}\\x00][0-9]{3,8}",
            1 => any::<String>(),
        ],
    ) {
        let codes = country_codes();
        let phone = PhoneNumber::parse(&string);
        prop_assert_eq!(phone.is_ok(), is_phone(&string, &codes), "{:?}", phone);
        if let Ok(phone) = phone {
            prop_assert_eq!(phone.as_str(), &*string);
            prop_assert!(codes.iter().any(|code| code == phone.country_code()));
        }
        // An order follows the same rule.
        let order = OwnedOrder { order_id: "1".into(), user_phone: string.clone(), ..OwnedOrder::default() };
        match order.add_to(&mut common::batch()) {
            Ok(()) => prop_assert!(phone.is_ok()),
            Err(violations) => {
                prop_assert!(violations.iter().all(|violation| violation.path().ends_with("/userPhone")));
                let first = violations.as_slice()[0].kind();
                let expected = match phone {
                    // No string may have it.
                    _ if string.contains('\0') => ViolationKind::NulCharacter { position: None },
                    phone => ViolationKind::Phone(phone.unwrap_err()),
                };
                prop_assert_eq!(first, &expected);
            }
        }
    }

    #[test]
    fn a_number_from_typed_input_is_valid_and_stable(
        string in prop_oneof![
            any::<String>(),
            "[+＋ 0-9０-９()\\-.]{0,22}",
            "('|=|\"|=\"|tel:|p: ?|<)[+＋]?[0-9０-９]{7,15}(\"|>|;ext=1|\n)?",
            "(\\+|00)?[ (]?[1-9][0-9]{0,2}[ )]? ?(\\(0\\))?[0-9 -]{4,12}",
        ],
    ) {
        let typed = PhoneNumber::from_typed(&string);
        if let Ok(phone) = typed {
            prop_assert!(is_phone(phone.as_str(), &country_codes()));
            prop_assert_eq!(PhoneNumber::from_typed(phone.as_str()), Ok(phone));
            prop_assert_eq!(PhoneNumber::parse(phone.as_str()), Ok(phone));
            // The digits are those of the input; only the prefix 00 and one bracketed 0 may be
            // removed.
            let digits: String = string.chars().filter_map(value_of).collect();
            let rest = digits.trim_start_matches('0');
            let code = phone.country_code().len();
            let with_zero = format!("{}0{}", &phone.as_str()[..code], &phone.as_str()[code..]);
            prop_assert!(rest == phone.as_str() || rest == with_zero, "{} from {:?}", phone.as_str(), string);
        }
        // The strict parser accepts nothing that this one refuses.
        if PhoneNumber::parse(&string).is_ok() {
            prop_assert!(typed.is_ok());
        }
    }

    #[test]
    fn a_number_is_recovered_from_any_spelling(
        digits in good_phone(),
        separators in proptest::collection::vec(separator(), 16),
        script in 0..ZEROS.len(),
        plus in select(vec!["+", "＋", "00 ", "(+", "+ ", "\u{202a}+"]),
    ) {
        let phone = PhoneNumber::parse(&digits).unwrap();
        let (code, national) = digits.split_at(phone.country_code().len());
        let mut typed = plus.to_owned();
        for (c, separator) in code.chars().zip(&separators) {
            typed.push(written_digit(c, script));
            typed.push_str(separator);
        }
        if plus == "(+" {
            typed.push(')');
        }
        for (c, separator) in national.chars().zip(separators.iter().rev()) {
            typed.push(written_digit(c, script));
            typed.push_str(separator);
        }
        let read = PhoneNumber::from_typed(&typed);
        if read != Err(PhoneError::TrunkZero) || !national.starts_with('0') {
            prop_assert_eq!(read, Ok(phone), "{:?}", typed);
        }
    }
}

#[test]
fn a_zero_after_the_country_code_is_part_of_the_number_in_few_countries() {
    let with_zero: Vec<String> = country_codes()
        .into_iter()
        .filter(|code| PhoneNumber::from_typed(&format!("+{code} 0123 4567")).is_ok())
        .collect();
    assert_eq!(
        with_zero,
        [
            "39", "225", "226", "227", "229", "241", "242", "250", "378", "379", "800", "881",
            "992"
        ]
    );
    for code in country_codes() {
        // In the others the bracketed 0 is a trunk prefix.
        let bracketed = PhoneNumber::from_typed(&format!("+{code} (0) 1234 5678"));
        let expected = if with_zero.contains(&code) {
            Err(PhoneError::TrunkZero)
        } else {
            PhoneNumber::parse(&format!("{code}12345678"))
        };
        assert_eq!(bracketed, expected, "{code}");
    }
}
