//! `callbot phone`.

use std::io::Write;
use std::process::Stdio;

use callbot_core::PhoneNumber;

use crate::support::{Run, assert_misuse, callbot, run_with};

fn phone(arguments: &[&str]) -> Run {
    run_with(&[&["phone"], arguments].concat(), &[])
}

#[test]
fn a_number_is_told_with_the_reasons() {
    let run = phone(&["+86 156-1234-5678"]);
    assert_eq!(
        run.success(),
        "8615612345678  from \"+86 156-1234-5678\", country code 86\n  the '+' says that the country code follows [plus_read]\n  \
         whitespace was removed [whitespace_removed]\n  \
         hyphens, dots, brackets or dashes were removed [punctuation_removed]\n"
    );
    assert_eq!(
        phone(&["8615612345678"]).success(),
        "8615612345678  from \"8615612345678\", country code 86\n"
    );
}

/// Each of them, and what the digits mean then, is described.
#[test]
fn every_change_is_told_and_documented() {
    let documented = crate::support::read("docs/command.md");
    for (arguments, changes) in [
        (
            &["00442079460958"][..],
            &["international_prefix_removed"][..],
        ),
        (
            &["tel:+44(0)2079460958"],
            &[
                "wrapper_removed",
                "plus_read",
                "bracketed_zero_removed",
                "punctuation_removed",
            ],
        ),
        (
            &["--region=44", "02079460958"],
            &["leading_zero_removed", "country_code_added"],
        ),
        (
            &["--region=39", "0669821234"],
            &["leading_zero_kept", "country_code_added"],
        ),
        (
            &["\u{200e}８615612345678"],
            &["invisible_removed", "digits_converted"],
        ),
    ] {
        let entries = phone(&[&["--json"], arguments].concat()).json(0);
        let told = entries[0]["changes"].as_array().unwrap();
        let codes: Vec<_> = told.iter().map(|change| &change["code"]).collect();
        assert_eq!(codes, changes, "{arguments:?}");
        for code in changes {
            assert!(documented.contains(&format!("| `{code}` |")), "{code}");
        }
    }
}

#[test]
fn an_unclear_number_fails() {
    let run = phone(&["8615612345678", "020 7946 0958"]);
    assert_eq!(run.code, Some(1));
    let error = PhoneNumber::from_typed("020 7946 0958").unwrap_err();
    assert_eq!(
        run.stdout.lines().last().unwrap(),
        format!("unclear  \"020 7946 0958\": {error} [phone_no_country_code]")
    );
}

#[test]
fn a_region_is_used_only_if_it_is_given() {
    assert_eq!(phone(&["020 7946 0958"]).code, Some(1));
    let run = phone(&["--region", "44", "020 7946 0958"]);
    assert!(run.success().starts_with("442079460958  "));
    // It may be a national number, and may have its country code.
    let open = phone(&["--region", "44", "442079460958"]);
    assert_eq!(open.code, Some(1));
    assert!(
        open.stdout.contains("none that is certain") && open.stdout.contains("of one country"),
        "{}",
        open.stdout
    );
    let wrong = phone(&["--region", "+44", "1"]);
    let usage = "callbot phone [OPTIONS] <TEXT>...";
    let message = "not an assigned country code; give its digits alone, such as 86 or 1";
    assert_misuse(&wrong, usage, &format!("--region <CC>: {message}"));
}

#[test]
fn characters_that_a_terminal_obeys_are_escaped() {
    let run = phone(&["+44 20\u{202e}7946 0958\u{1b}[2J"]);
    assert_eq!(run.code, Some(1));
    assert!(
        run.stdout.contains("\\u{202e}7946 0958\\u{1b}[2J"),
        "{}",
        run.stdout
    );
    assert!(!run.stdout.contains(['\u{1b}', '\u{202e}']));
}

#[test]
fn json_has_one_entry_for_each_text() {
    let entries = phone(&["--json", "+8615612345678", "8615612345678", "020 7946 0958"]).json(1);
    let first = serde_json::json!({
        "text": "+8615612345678",
        "phone": "8615612345678",
        "countryCode": "86",
        "changes": [{
            "code": "plus_read",
            "message": "the '+' says that the country code follows",
        }],
        "error": null,
        "differences": [{
            "code": "phone_plus",
            "message": "character 1 is '+'; write only digits, starting with the country code",
        }],
    });
    assert_eq!(entries[0], first);
    for key in ["changes", "differences"] {
        assert_eq!(entries[1][key], serde_json::json!([]));
    }
    assert_eq!(entries[2]["phone"], serde_json::Value::Null);
    assert_eq!(entries[2]["error"]["code"], "phone_no_country_code");
}

#[test]
fn a_hyphen_is_the_lines_of_standard_input() {
    let mut command = callbot(&["phone", "--json", "-"]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(b"+8615612345678\n+442079460958\r\n")
        .unwrap();
    let run = Run::new(child.wait_with_output().unwrap());
    let entries = run.json(0);
    assert_eq!(entries[1]["phone"], "442079460958");
    assert_eq!(entries.as_array().unwrap().len(), 2);
}
