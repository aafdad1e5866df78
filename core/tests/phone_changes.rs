//! What is changed in phone numbers as people type them.

use callbot_core::{PhoneError, PhoneNumber};

/// What was changed, by its names.
fn changes(typed: &str, country_code: Option<&str>) -> Vec<&'static str> {
    let (phone, changes) = PhoneNumber::from_typed_with_changes(typed, country_code)
        .unwrap_or_else(|error| panic!("{typed:?}: {error}"));
    let alone = match country_code {
        Some(country_code) => PhoneNumber::from_typed_in(typed, country_code),
        None => PhoneNumber::from_typed(typed),
    };
    assert_eq!(alone, Ok(phone), "{typed:?}");
    changes.iter().map(|change| change.name()).collect()
}

#[test]
fn every_change_is_told_once() {
    for (typed, country_code, expected) in [
        ("8615612345678", None, &[][..]),
        ("+8615612345678", None, &["plus_read"]),
        ("008615612345678", None, &["international_prefix_removed"]),
        (
            " +86 156 1234-5678",
            None,
            &["plus_read", "whitespace_removed", "punctuation_removed"],
        ),
        (
            "0044(0)2079460958",
            None,
            &[
                "international_prefix_removed",
                "bracketed_zero_removed",
                "punctuation_removed",
            ],
        ),
        ("\u{200b}8615612345678", None, &["invisible_removed"]),
        ("８615612345678", None, &["digits_converted"]),
        // The dot of the label is not one of the number.
        (
            "'Mob. +8615612345678",
            None,
            &[
                "wrapper_removed",
                "wrapper_removed",
                "plus_read",
                "whitespace_removed",
            ],
        ),
        (
            "02079460958",
            Some("44"),
            &["leading_zero_removed", "country_code_added"],
        ),
        ("2079460958", Some("44"), &["country_code_added"]),
        (
            "0669821234",
            Some("39"),
            &["leading_zero_kept", "country_code_added"],
        ),
        ("+8615612345678", Some("44"), &["plus_read"]),
    ] {
        assert_eq!(changes(typed, country_code), expected, "{typed:?}");
    }
    let unclear = PhoneNumber::from_typed_with_changes("020 7946 0958", None);
    assert_eq!(unclear, Err(PhoneError::NoCountryCode));
    let code = PhoneNumber::from_typed_with_changes("020 7946 0958", Some("999"));
    assert_eq!(code, Err(PhoneError::CountryCode));
}
