//! Phone numbers as people type, paste and export them.

use callbot_core::{PhoneError, PhoneNumber};

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
        // Extensions, letters, two numbers in one.
        ("+1 415 555 0100 x12", other(17, 'x')),
        ("+1 415 555 0100 ext. 12", other(17, 'e')),
        ("+1 415 555 0100,12", other(16, ',')),
        ("+1 415 555 0100;12", other(16, ';')),
        ("+1 415 555 0100#12", other(16, '#')),
        ("+1 415 555 0100*12", other(16, '*')),
        ("+1-800-FLOWERS", other(8, 'F')),
        ("tel:+14155550100", other(1, 't')),
        ("+14155550100 / +14155550101", other(14, '/')),
        ("+14155550100, +14155550101", other(13, ',')),
        ("+1415555O100", other(9, 'O')),
        ("'+14155550100", other(1, '\'')),
        ("=\"+14155550100\"", other(1, '=')),
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
