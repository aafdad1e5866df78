//! What an error says of a name that is nearly a known one: the known name and how they differ,
//! never what was given, and nothing that nobody sees.

mod common;

use callbot_core::{
    Algorithm, Batch, Endpoint, Order, Param, Rules, SignedRequest, Task, Violation, ViolationKind,
    Violations,
};
use common::{DOCUMENT, batch, batch_with, credentials, edited, found, request_id, timestamp};

/// Spellings of a known name that nobody may see the difference of, or that are mistyped.
fn nearly(known: &str) -> Vec<String> {
    let mut given = vec![
        known.to_uppercase(),
        format!(" {known}"),
        format!("{known}\u{a0}"),
        format!("{known}\r\n"),
        known.replacen('a', "7", 1),
        format!("{known}7"),
        format!("7{known}"),
        known[1..].to_owned(),
    ];
    for unseen in [
        '\u{feff}',
        '\u{200b}',
        '\u{3164}',
        '\u{115f}',
        '\u{2800}',
        '\u{fe0f}',
        '\u{e0041}',
        '\u{fff9}',
        '\u{1d173}',
        '\u{180b}',
    ] {
        given.push(format!("{unseen}{known}"));
        given.push(format!("{known}{unseen}"));
        given.push(format!("{}{unseen}{}", &known[..2], &known[2..]));
    }
    for separator in ["_", "-"] {
        given.push(styled(known, separator));
        given.push(styled(known, separator).to_uppercase());
    }
    given.retain(|given| given != known);
    given
}

/// The words of a name in lower case with separators, as in `order_id`.
fn styled(name: &str, separator: &str) -> String {
    let mut styled = String::new();
    let mut was_lower = false;
    for c in name.chars() {
        if c.is_uppercase() && was_lower {
            styled.push_str(separator);
        }
        was_lower = c.is_lowercase();
        styled.extend(c.to_lowercase());
    }
    styled
}

fn is_unseen(c: char) -> bool {
    (c.is_whitespace() && c != ' ')
        || c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{115f}'
                | '\u{180b}'
                | '\u{200b}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{fe0f}'
                | '\u{feff}'
                | '\u{fff9}'
                | '\u{1d173}'
                | '\u{e0041}'
        )
}

/// Asserts that no output shows a name as it was given, or a character that nobody sees.
#[track_caller]
fn assert_silent_about(given: &str, known: &str, violations: &Violations) {
    let parts = |violation: &Violation| {
        [
            violation.message(),
            violation.path(),
            violation.field().into(),
            violation.param().unwrap_or_default().into(),
        ]
    };
    let outputs = violations.iter().flat_map(parts);
    for output in outputs.chain([violations.to_string()]) {
        // The known name may contain the one that was given.
        let rest = output.replace(known, "");
        assert!(!rest.contains(given), "{given:?} in {output:?}");
        let lines = output.replace('\n', "");
        assert!(!lines.contains(is_unseen), "{given:?}: {output:?}");
    }
    let debug = format!("{violations:?}").replace(known, "");
    assert!(!debug.contains(given), "{given:?} in {debug:?}");
}

#[test]
fn a_param_that_is_nearly_a_variable_is_not_shown() {
    for known in ["amount", "zahlungsdatum"] {
        let mut rules = Rules::new();
        rules.require_param(known).expect("it is new");
        for given in nearly(known) {
            let order = Order {
                params: &[Param {
                    name: &given,
                    value: "v",
                }],
                ..common::ORDER
            };
            let refused = batch_with(rules.clone()).add(&order).expect_err(&given);
            let kinds: Vec<_> = refused.iter().map(Violation::kind).collect();
            let [
                ViolationKind::UnknownParam { nearest },
                ViolationKind::MissingParam { .. },
            ] = kinds[..]
            else {
                panic!("{given:?}: {refused}");
            };
            assert_eq!(
                nearest.as_ref().map(|(name, _)| name.as_str()),
                Some(known),
                "{given:?}"
            );
            assert_silent_about(&given, known, &refused);
        }
    }
}

#[test]
fn a_key_that_is_nearly_a_known_one_is_not_shown() {
    for (known, at) in [
        ("userTaskID", Endpoint::StopOrder),
        ("orderIDs", Endpoint::StopOrder),
        ("taskOperate", Endpoint::MgrTaskStatus),
        ("orderCallbackUrl", Endpoint::AddBatchCall),
        ("userName", Endpoint::AddBatchCall),
        ("callList", Endpoint::ImportBatchCall),
    ] {
        for given in nearly(known) {
            let quoted = serde_json::to_string(&given).expect("a string can be serialized");
            let json = if DOCUMENT.contains(known) && at != Endpoint::StopOrder {
                edited(DOCUMENT, &format!("\"{known}\""), &quoted)
            } else {
                format!("{{{quoted}:\"Zq\"}}")
            };
            let (id, now) = (request_id("r"), timestamp(1));
            let credentials = credentials(Algorithm::Md5);
            let refused = SignedRequest::from_json(at, json.as_bytes(), &credentials, id, now)
                .expect_err(&given);
            let is_named = |kind: &ViolationKind| {
                let ViolationKind::UnknownKey { nearest, .. } = kind else {
                    return false;
                };
                nearest.is_some_and(|(name, _)| name == known)
            };
            assert!(
                refused.iter().any(|v| is_named(v.kind())),
                "{given:?}: {refused}"
            );
            assert_silent_about(&given, known, &refused);
        }
    }
}

#[test]
fn an_endpoint_that_is_nearly_one_is_not_shown() {
    for known in Endpoint::ALL.iter().map(|endpoint| endpoint.name()) {
        for given in nearly(known) {
            let error = given.parse::<Endpoint>().expect_err(&given);
            let message = error.to_string();
            assert!(message.contains(known), "{given:?}: {message:?}");
            assert!(!message.replace(known, "").contains(&given), "{message:?}");
            assert!(!message.contains(is_unseen), "{given:?}: {message:?}");
        }
    }
}

#[test]
fn names_that_look_equal_are_not_shown() {
    let name = "Zqname";
    for other in nearly(name)
        .iter()
        .filter(|other| other.contains(is_unseen))
    {
        let order = |order_id, name| {
            let params: &[Param<'_>] = Box::leak(Box::new([Param { name, value: "v" }]));
            Order {
                order_id,
                params,
                ..common::ORDER
            }
        };
        let mut batch = batch();
        batch
            .add(&order("1", name))
            .expect("the first name is valid");
        let refused = batch.add(&order("2", other)).expect_err(other);
        let codes = common::codes(&refused);
        assert!(
            codes
                .iter()
                .all(|code| ["similar_param", "blank_edge"].contains(code)),
            "{refused}"
        );
        assert_silent_about(other, name, &refused);
        assert!(!format!("{refused}{refused:?}").contains("Zq"), "{refused}");
    }
}

/// A variable's own name is shown, with escapes for what nobody sees.
#[test]
fn a_variable_is_shown_with_escapes() {
    let mut rules = Rules::new();
    rules
        .require_param("a\u{3164}b'\u{e0041}\u{200b}c")
        .expect("it is new");
    let none = Order {
        params: &[],
        ..common::ORDER
    };
    let refused = batch_with(rules).add(&none).expect_err("it is not filled");
    let message = refused.as_slice()[0].message();
    assert!(
        message.contains("\"a\\u{3164}b'\\u{e0041}\\u{200b}c\""),
        "{message:?}"
    );
}

/// An edge is told by its code point.
#[test]
fn an_edge_is_told_by_its_code_point() {
    let task = Task {
        user_task_id: "\u{3164}Zq\u{e0041}",
        ..common::TASK
    };
    let refused = Batch::new(&task, Rules::new())
        .map(drop)
        .expect_err("it has two blank edges");
    assert_eq!(
        found(&refused),
        [
            ("blank_edge", "/userTaskID".into()),
            ("blank_edge", "/userTaskID".into())
        ]
    );
    assert!(refused.to_string().contains("(U+3164)") && refused.to_string().contains("(U+E0041)"));
    assert_silent_about("Zq", "-", &refused);
}
