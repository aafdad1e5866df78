//! Essential fields: what a message cannot be read without. Everything else it can do without.

use callbot_core::ContentError;
use serde_json::{Value, json};

use crate::examples::{
    BOOLEAN, CONTENTS, INTEGER, INTEGER_OR_DIGITS, NUMBER, OBJECT, STRING, call_json, remove,
    replaced, task_json,
};
use crate::support::{bytes, code_of, verified};

#[test]
fn an_essential_field_that_is_missing_or_null_is_named() {
    for content in CONTENTS {
        let example = (content.example)();
        assert_eq!(content.read(&bytes(&example)), Ok(()), "{}", content.name);
        for &(path, _) in content.essential {
            let expected = Err(ContentError::Missing { path: path.into() });
            let mut without = example.clone();
            remove(&mut without, path);
            let name = content.name;
            assert_eq!(content.read(&bytes(&without)), expected, "{name}");
            let null = replaced(&example, path, Value::Null);
            assert_eq!(content.read(&bytes(&null)), expected, "{name}");
        }
    }
}

/// Values, and the types that each of them can be read as.
fn values() -> Vec<(Value, &'static [&'static str])> {
    vec![
        (json!(1), &[INTEGER, NUMBER, INTEGER_OR_DIGITS]),
        (json!(-1), &[INTEGER, NUMBER, INTEGER_OR_DIGITS]),
        (json!(i64::MAX), &[INTEGER, NUMBER, INTEGER_OR_DIGITS]),
        (json!(i64::MIN), &[INTEGER, NUMBER, INTEGER_OR_DIGITS]),
        (json!(u64::MAX), &[NUMBER]),
        (json!(0.5), &[NUMBER]),
        (json!(1.0), &[INTEGER, NUMBER, INTEGER_OR_DIGITS]),
        (json!(-0.0), &[INTEGER, NUMBER, INTEGER_OR_DIGITS]),
        (json!("1"), &[STRING, INTEGER_OR_DIGITS]),
        (json!("-7"), &[STRING, INTEGER_OR_DIGITS]),
        (json!("1.0"), &[STRING]),
        (json!(" 1"), &[STRING]),
        (json!("+1"), &[STRING]),
        (json!("-0"), &[STRING]),
        (json!("9223372036854775808"), &[STRING]),
        (json!("one"), &[STRING]),
        (json!(""), &[STRING]),
        (json!(true), &[BOOLEAN]),
        (json!(false), &[BOOLEAN]),
        (json!([]), &[]),
        (json!([1]), &[]),
        (json!(["1"]), &[]),
        (json!({}), &[OBJECT]),
    ]
}

#[test]
fn an_essential_field_of_another_type_is_named() {
    for content in CONTENTS {
        let example = (content.example)();
        for &(path, expected) in content.essential {
            for (value, types) in values() {
                let found = content.read(&bytes(&replaced(&example, path, value.clone())));
                let wanted = if types.contains(&expected) {
                    Ok(())
                } else {
                    let path = path.into();
                    Err(ContentError::WrongType { path, expected })
                };
                assert_eq!(found, wanted, "{} {path} {value}", content.name);
            }
        }
    }
}

#[test]
fn no_other_field_refuses_a_message() {
    for content in CONTENTS {
        let example = (content.example)();
        let everything = values().into_iter().map(|(value, _)| value);
        for value in everything.chain([Value::Null, json!([null]), json!({"a": {"b": 1}})]) {
            for &(path, _) in content.required {
                let body = bytes(&replaced(&example, path, value.clone()));
                assert_eq!(content.read(&body), Ok(()), "{path} {value}");
            }
            // All at once, and an unknown one.
            let mut all = example.clone();
            let fields = all.as_object_mut().expect("the example is an object");
            for (key, each) in &mut *fields {
                let path = format!("/{key}");
                let is_essential = content.essential.iter().any(|(each, _)| *each == path);
                if !is_essential && !content.either.iter().any(|pair| pair.contains(&&*path)) {
                    *each = value.clone();
                }
            }
            fields.insert("new".into(), value.clone());
            assert_eq!(content.read(&bytes(&all)), Ok(()), "{value}");
        }
        // Without all but the essential ones.
        let mut least = json!({});
        let essential = content.essential.iter().map(|(path, _)| *path);
        for path in essential.chain(content.either.iter().map(|pair| pair[1])) {
            least[&path[1..]] = example.pointer(path).expect(path).clone();
        }
        assert_eq!(content.read(&bytes(&least)), Ok(()), "{}", content.name);
    }
}

#[test]
fn one_of_a_pair_of_a_task_callback_is_enough() {
    let example = task_json();
    let read = |value: &Value| {
        let body = bytes(value);
        verified(&body).task_callback().map(drop)
    };
    for [first, second] in CONTENTS[3].either {
        for (absent, present) in [(first, second), (second, first)] {
            for value in [Value::Null, json!([1]), json!(true)] {
                assert_eq!(read(&replaced(&example, absent, value.clone())), Ok(()));
                let neither = replaced(&example, absent, value);
                // The error names the one that is there, or the first of both.
                let missing = replaced(&neither, present, Value::Null);
                let (named, code) = if neither.pointer(absent).expect("it is there").is_null() {
                    (first, "content_missing")
                } else {
                    (absent, "content_wrong_type")
                };
                let error = read(&missing).expect_err("neither can be read");
                assert_eq!(error.code(), code);
                assert!(
                    error.to_string().starts_with(&format!("{named}: ")),
                    "{error}"
                );
            }
            let mut without = example.clone();
            remove(&mut without, absent);
            assert_eq!(read(&without), Ok(()));
            remove(&mut without, present);
            let path = (*first).into();
            assert_eq!(read(&without), Err(ContentError::Missing { path }));
        }
    }
}

#[test]
fn callbacks_of_other_kinds_are_told_apart_as_far_as_they_can_be() {
    let (call, task) = (bytes(&call_json()), bytes(&task_json()));
    assert_eq!(code_of(verified(&call).task_callback()), "content_missing");
    assert_eq!(code_of(verified(&task).call_callback()), "content_missing");
    assert_eq!(code_of(verified(&task).order_callback()), "content_missing");
    // Only the URL tells these apart.
    assert_eq!(code_of(verified(&call).order_callback()), "");
}

#[test]
fn only_one_json_object_is_content() {
    for content in CONTENTS {
        let json = (content.example)().to_string();
        for valid in [
            json.clone(),
            format!(" \r\n\t{json} \r\n\t"),
            format!("{:#}", (content.example)()),
            format!("\u{feff}{json}"),
        ] {
            assert_eq!(content.read(valid.as_bytes()), Ok(()), "{}", content.name);
        }
        for (invalid, line) in [
            (String::new(), 1),
            ("\n\n ".into(), 3),
            (json[..json.len() - 1].into(), 1),
            (json[1..].into(), 1),
            (format!("{json}x"), 1),
            (format!("{json}\0"), 1),
            (format!("{json}\n\nx"), 3),
            (format!("{json}{json}"), 1),
            (format!("{json},"), 1),
            (format!("\u{feff}\u{feff}{json}"), 1),
            (format!("[{json}]"), 1),
            (json!(json).to_string(), 1),
            ("null".into(), 1),
            ("0".into(), 1),
            ("{'a':1}".into(), 1),
            ("{\"a\":1,}".into(), 1),
            ("{\"a\":\"\n\"}".into(), 1),
            (format!("{json}&createTs=1&requestID=2&uuid=3"), 1),
        ] {
            let error = content.read(invalid.as_bytes()).expect_err(&invalid);
            assert_eq!(error.code(), "content_json", "{invalid}");
            assert!(!error.to_string().contains("o-1"));
            let ContentError::Json {
                line: found,
                column,
            } = error
            else {
                assert_eq!(error, ContentError::Empty);
                assert!(invalid.is_empty());
                continue;
            };
            assert!(found >= line.min(1) && column >= 1, "{invalid}: {column}");
            if !invalid.contains("\"\n\"") {
                assert_eq!(found, line, "{invalid}");
            }
        }
    }
}
