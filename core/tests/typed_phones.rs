//! Phone numbers as people type, paste and export them.

mod common;

use std::collections::BTreeMap;

use callbot_core::{Order, PhoneError, PhoneNumber, PhoneWrapper, ViolationKind};
use common::ORDER;

#[test]
fn typed_numbers_become_digits() {
    for (typed, digits) in [
        // The API's own form.
        ("8615612345678", "8615612345678"),
        ("  8615612345678\n", "8615612345678"),
        ("\u{feff}8615612345678", "8615612345678"),
        ("1234567", "1234567"),
        ("861561234567890", "861561234567890"),
        // A 0 after the country code is not ambiguous in a number of digits only.
        ("4402079460958", "4402079460958"),
        // With a plus.
        ("+8615612345678", "8615612345678"),
        ("+86 156-1234-5678", "8615612345678"),
        ("+86 156 1234 5678", "8615612345678"),
        ("+86.156.1234.5678", "8615612345678"),
        ("+ 86 156 1234 5678", "8615612345678"),
        ("(+86) 156 1234 5678", "8615612345678"),
        ("[+86] 156 1234 5678", "8615612345678"),
        ("+86 (156) 1234-5678", "8615612345678"),
        ("+1 (415) 555-0100", "14155550100"),
        ("(+1) 415-555-0100", "14155550100"),
        ("+1-415-555-0100", "14155550100"),
        ("+852 2345 6789", "85223456789"),
        ("+7 (916) 123-45-67", "79161234567"),
        ("+55 (11) 91234-5678", "5511912345678"),
        // With 00.
        ("008615612345678", "8615612345678"),
        ("0086 156 1234 5678", "8615612345678"),
        ("00 86 156 1234 5678", "8615612345678"),
        ("0086-156-1234-5678", "8615612345678"),
        ("0044 (0)20 7946 0958", "442079460958"),
        // The bracketed trunk prefix 0.
        ("+44 (0)20 7946 0958", "442079460958"),
        ("+44(0)2079460958", "442079460958"),
        ("+44 ( 0 ) 20 7946 0958", "442079460958"),
        ("+44 [0] 20 7946 0958", "442079460958"),
        ("+49 (0) 151 12345678", "4915112345678"),
        (
            "+49 (0)151/12345678".replace('/', "-").as_str(),
            "4915112345678",
        ),
        // Countries where the 0 is part of the number.
        ("+39 06 6982 1234", "390669821234"),
        ("+39 (06) 6982 1234", "390669821234"),
        ("+225 07 08 12 34 56", "2250708123456"),
        ("+242 06 123 4567", "242061234567"),
        ("+241 06 12 34 56", "24106123456"),
        ("+378 0549 882345", "3780549882345"),
        // A later 0 is an ordinary digit.
        ("+86 10 0000 0000", "861000000000"),
        ("+1 (800) 000-0000", "18000000000"),
        // Digits and signs that are full-width or of other scripts.
        ("＋８６　１５６１２３４５６７８", "8615612345678"),
        ("８６１５６１２３４５６７８", "8615612345678"),
        ("＋８６（１５６）１２３４－５６７８", "8615612345678"),
        ("+٩٧١ ٥٠ ١٢٣ ٤٥٦٧", "971501234567"),
        ("+۹۸ ۹۱۲ ۳۴۵ ۶۷۸۹", "989123456789"),
        ("+९१ ९८१२३ ४५६७८", "919812345678"),
        ("+৮৮০ ১৭১২ ৩৪৫৬৭৮", "8801712345678"),
        ("+๖๖ ๘๑ ๒๓๔ ๕๖๗๘", "66812345678"),
        ("+၉၅၉၇၈၀၀၀၀၀၁၂", "959780000012"),
        ("+៨៥៥១២៣៤៥៦៧៨", "85512345678"),
        ("+𝟒𝟒 𝟐𝟎 𝟕𝟗𝟒𝟔 𝟎𝟗𝟓𝟖", "442079460958"),
        // Invisible characters that come with pasted numbers.
        ("\u{202a}+86 156 1234 5678\u{202c}", "8615612345678"),
        ("\u{202d}+8615612345678\u{202c}", "8615612345678"),
        ("\u{200e}+1\u{a0}415\u{a0}555\u{a0}0100", "14155550100"),
        ("\u{2068}+44 20 7946 0958\u{2069}", "442079460958"),
        ("+1\u{202f}415\u{2009}555\u{2003}0100", "14155550100"),
        (
            "+1\u{200b}415\u{200d}555\u{2060}0100\u{feff}",
            "14155550100",
        ),
        ("+1\t415\t5550100\r\n", "14155550100"),
        ("861561234\u{200b}5678", "8615612345678"),
        ("+1 415\u{ad}555\u{34f}0100", "14155550100"),
        ("+1 415\u{180e}555\u{61c}0100", "14155550100"),
        // Typographic hyphens and dashes.
        ("+1\u{2010}415\u{2011}555\u{2012}0100", "14155550100"),
        ("+1 415\u{2013}555\u{2014}0100\u{2015}", "14155550100"),
        ("+1 415\u{2212}555\u{fe63}0100", "14155550100"),
        ("+1 415\u{fe58}555．0100", "14155550100"),
    ] {
        let phone =
            PhoneNumber::from_typed(typed).unwrap_or_else(|error| panic!("{typed:?}: {error}"));
        assert_eq!(phone.as_str(), digits, "{typed:?}");
        assert_eq!(PhoneNumber::parse(digits), Ok(phone), "{typed:?}");
        assert!(digits.starts_with(phone.country_code()), "{typed:?}");
    }
}

#[test]
fn ambiguous_numbers_are_refused_with_the_reason() {
    use PhoneError as F;
    let other = |position, found| F::Character { position, found };
    for (typed, error) in [
        // No digits.
        ("", F::Empty),
        (" \t\u{a0}\u{3000}", F::Empty),
        ("\u{202a}\u{202c}\u{feff}\u{200b}", F::Empty),
        // No country code.
        ("(415) 555-2671", F::NoCountryCode),
        ("415-555-2671", F::NoCountryCode),
        ("86 156 1234 5678", F::NoCountryCode),
        ("020 7946 0958", F::NoCountryCode),
        ("02079460958", F::NoCountryCode),
        ("156-1234-5678", F::NoCountryCode),
        ("(0) 20 7946 0958", F::NoCountryCode),
        ("-", F::NoCountryCode),
        ("()", F::NoCountryCode),
        ("0", F::NoCountryCode),
        // A 0 that may be a trunk prefix.
        ("+44 020 7946 0958", F::TrunkZero),
        ("0044 020 7946 0958", F::TrunkZero),
        ("+44 (020) 7946 0958", F::TrunkZero),
        ("+49 0151 12345678", F::TrunkZero),
        ("+86 0156 1234 5678", F::TrunkZero),
        ("+39 (0)6 6982 1234", F::TrunkZero),
        ("+225 (0)7 08 12 34 56", F::TrunkZero),
        ("+44 (0)020 7946 0958", F::TrunkZero),
        ("+44 (0)(0)20 7946 0958", F::TrunkZero),
        ("+44 20 (0) 7946 0958", F::TrunkZero),
        ("+4 (0) 4 20 7946 0958", F::TrunkZero),
        ("+(0) 44 20 7946 0958", F::TrunkZero),
        // No country code starts with 0.
        ("+0044 20 7946 0958", F::LeadingZero),
        ("+020 7946 0958", F::LeadingZero),
        ("00044 20 7946 0958", F::LeadingZero),
        // A second plus, perhaps of a second number.
        ("+86 156+1234+5678", F::Plus { position: 8 }),
        ("++8615612345678", F::Plus { position: 2 }),
        ("8615612345678+", F::Plus { position: 14 }),
        ("00+8615612345678", F::Plus { position: 3 }),
        // Letters, two numbers in one.
        ("+86 138x0000001", other(8, 'x')),
        ("+1 415 555 0100 xx", other(17, 'x')),
        ("+1 415 555 0100 x12x", other(17, 'x')),
        ("x12", other(1, 'x')),
        ("+1 415 555 0100,12", other(16, ',')),
        ("+1 415 555 0100;12", other(16, ';')),
        ("+1 415 555 0100*12", other(16, '*')),
        ("+1-800-FLOWERS", other(8, 'F')),
        ("+14155550100 / +14155550101", other(14, '/')),
        ("+14155550100, +14155550101", other(13, ',')),
        ("+1415555O100", other(9, 'O')),
        ("n/a", other(1, 'n')),
        ("电话+8615612345678", other(1, '电')),
        ("+86 156 1234 567八", other(17, '八')),
        ("+8615612345678😀", other(15, '😀')),
        // A superscript is a digit in Unicode, but not in a phone number.
        ("+861561234567²", other(14, '²')),
        // Spreadsheet formats.
        ("8.6156E+12", F::Spreadsheet),
        ("8,6156E+12", F::Spreadsheet),
        ("8.61561234567800E+12", F::Spreadsheet),
        ("8.6156e12", F::Spreadsheet),
        ("8E+12", F::Spreadsheet),
        ("8.6156E-12", F::Spreadsheet),
        (" 8.6156E+12 ", F::Spreadsheet),
        ("\u{feff}8.6156E+12", F::Spreadsheet),
        ("8615612345678.0", F::Spreadsheet),
        ("8615612345678,00", F::Spreadsheet),
        // Digits with an invalid length or country code.
        ("+86 156", F::TooShort { len: 5 }),
        ("+86 15", F::TooShort { len: 4 }),
        ("+", F::Empty),
        ("00", F::Empty),
        ("123456", F::TooShort { len: 6 }),
        ("+86 1561 2345 6789 0123", F::TooLong { len: 18 }),
        ("8615612345678901", F::TooLong { len: 16 }),
        ("+999 123 4567", F::CountryCode),
        ("2101234567", F::CountryCode),
    ] {
        assert_eq!(PhoneNumber::from_typed(typed), Err(error), "{typed:?}");
    }
}

#[test]
fn a_spreadsheet_fraction_is_refused_after_a_plus() {
    // A program may put a plus before each value of a column that was read as numbers.
    for typed in ["+8615612345678.0", "+14155550100.0", "＋14155550100.0"] {
        assert_eq!(
            PhoneNumber::from_typed(typed),
            Err(PhoneError::Spreadsheet),
            "{typed:?}"
        );
    }
}

#[test]
fn the_strict_parser_refuses_typed_forms() {
    for typed in [
        "+8615612345678",
        "008615612345678",
        " 8615612345678",
        "8615612345678 ",
        "86-15612345678",
        "8615612345678\n",
        "\u{202a}8615612345678\u{202c}",
        "８６１５６１２３４５６７８",
        "861561234567٨",
        "8615612345678\0",
        "8.6156E+12",
        "8615612345678.0",
        "",
    ] {
        assert!(PhoneNumber::parse(typed).is_err(), "{typed:?}");
        assert_eq!(typed.parse::<PhoneNumber>(), PhoneNumber::parse(typed));
    }
}

#[test]
fn a_number_knows_its_country_code() {
    for (digits, code) in [
        ("14155550100", "1"),
        ("12425550100", "1"),
        ("77011234567", "7"),
        ("79161234567", "7"),
        ("2012345678", "20"),
        ("21112345678", "211"),
        ("8613800000001", "86"),
        ("85212345678", "852"),
        ("88612345678", "886"),
        ("1234567", "1"),
        ("998999999999999", "998"),
    ] {
        assert_eq!(
            PhoneNumber::parse(digits).map(|p| p.country_code().to_owned()),
            Ok(code.into())
        );
    }
}

#[test]
fn wrappers_are_removed_from_typed_numbers_and_named_by_the_parser() {
    use PhoneWrapper as W;
    for (typed, wrapper) in [
        // Spreadsheets.
        ("'+14155550123", W::Apostrophe),
        ("'14155550123", W::Apostrophe),
        ("’+1 415 555 0123", W::Apostrophe),
        ("'0014155550123", W::Apostrophe),
        ("=\"14155550123\"", W::Formula),
        ("=\"+14155550123\"", W::Formula),
        ("= \"+1 (415) 555-0123\"", W::Formula),
        ("=+14155550123", W::Formula),
        ("=14155550123", W::Formula),
        ("='+14155550123'", W::Formula),
        // A CSV field in which the quotation marks are doubled.
        ("\"=\"\"+14155550123\"\"\"", W::Quotes),
        ("\"+14155550123\"", W::Quotes),
        ("'+14155550123'", W::Quotes),
        ("“+1 415 555 0123”", W::Quotes),
        ("„+1 415 555 0123“", W::Quotes),
        ("«+1 415 555 0123»", W::Quotes),
        ("\"'+14155550123\"", W::Quotes),
        // URIs and labels.
        ("tel:+14155550123", W::Label),
        ("tel:+1-415-555-0123", W::Label),
        ("TEL:+1(415)555.0123", W::Label),
        ("tel: +1 415 555 0123", W::Label),
        ("tel://+14155550123", W::Label),
        ("p:+14155550123", W::Label),
        ("whatsapp:+14155550123", W::Label),
        ("callto:+14155550123", W::Label),
        ("callto://+14155550123", W::Label),
        ("sms:+14155550123", W::Label),
        ("smsto:+14155550123", W::Label),
        ("facetime-audio:+14155550123", W::Label),
        ("Phone: +1 415 555 0123", W::Label),
        ("Tel.: 001 415 555 0123", W::Label),
        ("Tel：+1 415 555 0123", W::Label),
        ("<tel:+14155550123>", W::AngleBrackets),
        ("<+14155550123>", W::AngleBrackets),
        ("=\"tel:+14155550123\"", W::Formula),
        ("p:tel:+14155550123", W::Label),
        ("signal:+14155550123", W::Label),
        ("viber:+14155550123", W::Label),
        ("Tel. +1 415 555 0123", W::Label),
        ("Mob +1 415 555 0123", W::Label),
        ("Mob. : (+1) 415 555 0123", W::Label),
        ("TEL;TYPE=CELL:+14155550123", W::Label),
        ("TEL;VALUE=uri:tel:+14155550123", W::Label),
        ("☎ +1 415 555 0123", W::Label),
        ("☎\u{fe0f}+14155550123", W::Label),
        ("📞 +14155550123", W::Label),
        ("14155550123@c.us", W::ChatId),
        ("14155550123@S.WhatsApp.net", W::ChatId),
        // A spreadsheet's function that changes nothing.
        ("=T(\"+14155550123\")", W::Formula),
        ("=t(14155550123)", W::Formula),
        // Parts of a line of CSV.
        ("\"+14155550123", W::UnmatchedQuote),
        ("+14155550123\"", W::UnmatchedQuote),
        ("14155550123'", W::UnmatchedQuote),
        ("“14155550123", W::UnmatchedQuote),
        ("+14155550123,", W::Separator),
        ("14155550123;", W::Separator),
        ("14155550123 ;, ", W::Separator),
        ("\"14155550123\",", W::Separator),
        ("14155550123\"，", W::Separator),
        // Full-width digits and blanks inside and outside.
        ("\u{feff} '＋１４１５５５５０１２３ \n", W::Apostrophe),
    ] {
        let phone = PhoneNumber::from_typed(typed);
        assert_eq!(
            phone.as_ref().map(PhoneNumber::as_str),
            Ok("14155550123"),
            "{typed:?}"
        );
        let Err(PhoneError::Wrapped { wrapper: found, .. }) = PhoneNumber::parse(typed) else {
            panic!("{typed:?}: {:?}", PhoneNumber::parse(typed));
        };
        assert_eq!(found, wrapper, "{typed:?}");
    }
    let wrapped = |position, wrapper| Err(PhoneError::Wrapped { position, wrapper });
    let parsed = PhoneNumber::parse(" \u{feff}'+14155550123");
    assert_eq!(parsed, wrapped(3, W::Apostrophe));
    let parsed = PhoneNumber::parse(" 14155550123;, ");
    assert_eq!(parsed, wrapped(13, W::Separator));
    let parsed = PhoneNumber::parse("１4155550123@c.us");
    assert_eq!(parsed, wrapped(12, W::ChatId));
}

#[test]
fn what_has_no_number_inside_is_not_unwrapped() {
    for (string, found) in [
        ("'", '\''),
        ("\"n/a\"", '"'),
        ("tel:", 't'),
        ("=TEXT(A1)", '='),
        ("=HYPERLINK(A1)", '='),
        ("tel.", 't'),
        ("P12", 'P'),
        (",", ','),
        ("@c.us", '@'),
        ("wa.me/1", 'w'),
        ("é:+14155550123", 'é'),
        ("#N/A", '#'),
        ("#REF!", '#'),
        ("https://dial.example/", 'h'),
    ] {
        let error = Err(PhoneError::Character { position: 1, found });
        assert_eq!(PhoneNumber::parse(string), error, "{string}");
        assert_eq!(PhoneNumber::from_typed(string), error, "{string}");
    }
}

#[test]
fn wrappers_that_leave_the_number_open_are_refused_with_the_reason() {
    use PhoneError as F;
    let wrapped = |position, wrapper| F::Wrapped { position, wrapper };
    for (typed, error) in [
        // A plus, or a number in a list.
        ("#1 (415) 555 0123", wrapped(1, PhoneWrapper::NumberSign)),
        ("'#14155550123", wrapped(2, PhoneWrapper::NumberSign)),
        ("https://wa.me/14155550123", wrapped(1, PhoneWrapper::Link)),
        (
            " whatsapp://send?phone=14155550123",
            wrapped(2, PhoneWrapper::Link),
        ),
        ("wa.me/14155550123", wrapped(1, PhoneWrapper::Link)),
        (
            "\"api.whatsapp.com/send?phone=14155550123\"",
            wrapped(2, PhoneWrapper::Link),
        ),
        (
            "viber://chat?number=%2B14155550123",
            wrapped(1, PhoneWrapper::Link),
        ),
        ("fax:+14155550123", wrapped(1, PhoneWrapper::Fax)),
        ("Fax +1 415 555 0123", wrapped(1, PhoneWrapper::Fax)),
        (
            "TEL;TYPE=WORK:fax:+14155550123",
            wrapped(15, PhoneWrapper::Fax),
        ),
        (
            "=HYPERLINK(\"tel:+14155550123\",\"+1 415 555 0123\")",
            wrapped(2, PhoneWrapper::Function),
        ),
        (
            "14155550123@g.us",
            F::Character {
                position: 12,
                found: '@',
            },
        ),
        ("Mob 415 555 0123", F::NoCountryCode),
        ("☎ 14155550123", F::NoCountryCode),
        (
            "4155550123,14155550123;",
            F::Character {
                position: 11,
                found: ',',
            },
        ),
        // RFC 3966: a number without a plus is a local one.
        ("tel:4155550123", F::NoCountryCode),
        ("tel:14155550123", F::NoCountryCode),
        ("p:4155550123", F::NoCountryCode),
        ("Phone: 415 555 0123", F::NoCountryCode),
        ("'415 555 0123", F::NoCountryCode),
        ("=\"0415 555 0123\"", F::NoCountryCode),
        ("tel:+44 020 7946 0958", F::TrunkZero),
        ("=\"8.6156E+12\"", F::Spreadsheet),
        ("'14155550123.0", F::Spreadsheet),
        ("tel:+14155550123;ext=12", F::Extension { position: 17 }),
        (
            "tel:415-555-0123;phone-context=+1",
            F::Extension { position: 17 },
        ),
        (
            "sip:+14155550123@dial.example",
            F::Character {
                position: 17,
                found: '@',
            },
        ),
        (
            "tel:%2B14155550123",
            F::Character {
                position: 5,
                found: '%',
            },
        ),
    ] {
        assert_eq!(PhoneNumber::from_typed(typed), Err(error), "{typed:?}");
    }
}

#[test]
fn an_extension_is_named() {
    for (typed, position) in [
        ("+1 415 555 0100 x12", 17),
        ("+1 415 555 0100x12", 16),
        ("+1 415 555 0100 X 12", 17),
        ("+1 415 555 0100 ext. 12", 17),
        ("+1 415 555 0100 ext 12", 17),
        ("+1 415 555 0100 (ext. 12)", 18),
        ("+1 415 555 0100 extension: 12", 17),
        ("+1 415 555 0100, ext 12", 16),
        ("+1 415 555 0100#12", 16),
        ("+14155550100;ext=12", 13),
        ("+14155550100;isub=12", 13),
        ("14155550100x12", 12),
    ] {
        let error = PhoneError::Extension { position };
        assert_eq!(PhoneNumber::from_typed(typed), Err(error), "{typed}");
        let mut batch = common::batch();
        let order = Order {
            user_phone: typed,
            ..ORDER
        };
        let violations = batch.add(&order).expect_err(typed);
        let found = ViolationKind::Phone(error);
        assert!(
            violations.iter().any(|each| *each.kind() == found),
            "{typed}"
        );
    }
}

#[test]
fn a_line_end_ends_a_number() {
    for (end, found) in [
        ("\n", '\n'),
        ("\r", '\r'),
        ("\r\n", '\r'),
        ("\u{b}", '\u{b}'),
        ("\u{c}", '\u{c}'),
        ("\u{85}", '\u{85}'),
        ("\u{2028}", '\u{2028}'),
        ("\u{2029}", '\u{2029}'),
        (" \n\n ", '\n'),
    ] {
        let error = |position| PhoneError::LineEnd {
            position: position + end.chars().position(|c| c == found).unwrap_or(0),
            found,
        };
        for (first, second) in [
            ("+298 200123", "200124"),
            ("+1 415 555 0123", "0124"),
            ("+1 415 555 0123", "+1 415 555 0124"),
            ("14155550123", "14155550124"),
            ("+1 415", "555 0123"),
            ("=\"+1 415 555 0123", "0124\""),
            ("+1 415 555 0123", "n/a"),
        ] {
            let both = format!("{first}{end}{second}");
            let position = first.chars().count() + 1;
            assert_eq!(
                PhoneNumber::from_typed(&both),
                Err(error(position)),
                "{both:?}"
            );
        }
        // The strict parser names it after what is wrong before it.
        let both = format!("14155550123{end}14155550124");
        if !end.starts_with(' ') {
            assert_eq!(PhoneNumber::parse(&both), Err(error(12)), "{both:?}");
        }
        // At the ends of the string it separates nothing.
        let alone = format!("{end}+1 415 555 0123{end}");
        let phone = PhoneNumber::from_typed(&alone).expect("there is one number");
        assert_eq!(phone.as_str(), "14155550123");
        assert_eq!(
            PhoneNumber::parse(&alone)
                .expect_err("it is no number")
                .code(),
            "phone_blank"
        );
    }
}

#[test]
fn a_string_that_is_too_long_for_a_number_is_refused_at_once() {
    let padded = |len: usize| format!("+14155550123{}", " ".repeat(len - 12));
    assert_eq!(PhoneNumber::MAX_STRING_LEN, 256);
    assert!(PhoneNumber::from_typed(&padded(256)).is_ok());
    for string in [
        padded(257),
        format!("+1{}", "(".repeat(1 << 20)),
        "9".repeat(1 << 20),
        " ".repeat(257),
        "ä".repeat(129),
    ] {
        let error = Err(PhoneError::StringTooLong { len: string.len() });
        assert_eq!(PhoneNumber::from_typed(&string), error);
        assert_eq!(PhoneNumber::parse(&string), error);
    }
}

/// The list has every character of the category Nd, as Python's `unicodedata2` 18.0 gives them:
/// code point and value.
#[test]
fn a_decimal_digit_of_any_script_is_a_digit() {
    let list = include_str!("data/decimal_digits.txt");
    let values: BTreeMap<char, char> = list
        .lines()
        .map(|line| {
            let (code_point, value) = line.split_once(' ').expect("a code point and a value");
            let code_point = u32::from_str_radix(code_point, 16).expect("it is in hex");
            let c = char::from_u32(code_point).expect("it is a character");
            (c, value.parse().expect("it is a digit"))
        })
        .collect();
    assert_eq!(values.len(), 770);
    let mut string = String::new();
    for c in '\u{80}'..=char::MAX {
        string.clear();
        string.push_str("+861561234567");
        string.push(c);
        let error = PhoneNumber::parse(&string[1..]).expect_err("it has a foreign character");
        let expected = PhoneError::ForeignDigit {
            position: 13,
            found: c,
        };
        let value = values.get(&c);
        assert_eq!(error == expected, value.is_some(), "{c:?}");
        if let Some(value) = value {
            let phone = PhoneNumber::from_typed(&string).expect("the number has digits only");
            assert_eq!(phone.as_str(), format!("861561234567{value}"), "{c:?}");
        }
    }
}

#[test]
fn a_number_without_a_country_code_is_of_the_given_country() {
    for (typed, country_code, digits) in [
        ("020 7946 0958", "44", "442079460958"),
        ("(020) 7946-0958", "44", "442079460958"),
        ("(0)20 7946 0958", "44", "442079460958"),
        ("20 7946 0958", "44", "442079460958"),
        ("2079460958", "44", "442079460958"),
        ("tel:020-7946-0958", "44", "442079460958"),
        ("'07700900123", "44", "447700900123"),
        ("０７７００９００１２３", "44", "447700900123"),
        ("13800000001", "86", "8613800000001"),
        ("15112345678", "49", "4915112345678"),
        ("0812 3456 78901", "62", "62812345678901"),
        ("4155550101", "1", "14155550101"),
        ("(415) 555-0101", "1", "14155550101"),
        ("06 6982 1234", "39", "390669821234"),
        ("912 345 678", "34", "34912345678"),
        ("9161234567", "7", "79161234567"),
        // With a country code, the given one does not matter.
        ("+44 20 7946 0958", "1", "442079460958"),
        ("0044 (0)20 7946 0958", "1", "442079460958"),
    ] {
        let phone = PhoneNumber::from_typed_in(typed, country_code);
        let phone = phone.unwrap_or_else(|error| panic!("{typed} in {country_code}: {error}"));
        assert_eq!(phone.as_str(), digits, "{typed} in {country_code}");
    }
}

#[test]
fn a_national_number_that_can_be_meant_otherwise_is_refused() {
    for (typed, country_code, error) in [
        ("442079460958", "44", PhoneError::NoCountryCode),
        ("44 20 7946 0958", "44", PhoneError::NoCountryCode),
        ("1-415-555-0101", "1", PhoneError::NoCountryCode),
        // They have another country code.
        ("8613800000001", "49", PhoneError::NoCountryCode),
        ("44 7700 900123", "86", PhoneError::NoCountryCode),
        ("491511234567", "1", PhoneError::NoCountryCode),
        ("8 916 123 45 67", "7", PhoneError::NoCountryCode),
        ("06 20 123 4567", "36", PhoneError::LeadingZero),
        ("0415 555 0101", "1", PhoneError::LeadingZero),
        ("0 020 7946 0958", "44", PhoneError::LeadingZero),
        ("20 (0) 7946 0958", "44", PhoneError::TrunkZero),
        ("+44 020 7946 0958", "44", PhoneError::TrunkZero),
        ("1234", "86", PhoneError::TooShort { len: 6 }),
        ("020 7946 0958", "", PhoneError::CountryCode),
        ("020 7946 0958", "+44", PhoneError::CountryCode),
        ("020 7946 0958", "440", PhoneError::CountryCode),
        (
            "call me",
            "44",
            PhoneError::Character {
                position: 1,
                found: 'c',
            },
        ),
    ] {
        let found = PhoneNumber::from_typed_in(typed, country_code);
        assert_eq!(found, Err(error), "{typed} in {country_code}");
    }
}
