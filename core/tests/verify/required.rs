//! Requirements for content: required fields, their types, one JSON object.

use callbot_core::ContentError;
use serde_json::{Value, json};

use crate::examples::{
    BOOLEAN, CONTENTS, INTEGER, INTEGER_OR_DIGITS, NUMBER, OBJECT, STRING, remove, replaced,
    response_json,
};
use crate::support::{answered, bytes};

#[test]
fn a_required_field_that_is_missing_or_null_is_named() {
    for content in CONTENTS {
        let example = (content.example)();
        assert_eq!((content.read)(&bytes(&example)), Ok(()), "{}", content.name);
        for &(pointer, _) in content.required {
            let expected = Err(ContentError::Missing {
                path: pointer.into(),
            });
            let mut without = example.clone();
            remove(&mut without, pointer);
            assert_eq!(
                (content.read)(&bytes(&without)),
                expected,
                "{}",
                content.name
            );
            let null = replaced(&example, pointer, Value::Null);
            assert_eq!((content.read)(&bytes(&null)), expected, "{}", content.name);
        }
    }
}

#[test]
fn a_required_field_of_another_type_is_named() {
    let values = [
        (json!(1), &[INTEGER, NUMBER, INTEGER_OR_DIGITS][..]),
        (json!(-1), &[INTEGER, NUMBER, INTEGER_OR_DIGITS]),
        (json!(i64::MAX), &[INTEGER, NUMBER, INTEGER_OR_DIGITS]),
        (json!(i64::MIN), &[INTEGER, NUMBER, INTEGER_OR_DIGITS]),
        (json!(u64::MAX), &[NUMBER]),
        (json!(0.5), &[NUMBER]),
        (json!(1.0), &[NUMBER]),
        (json!("1"), &[STRING, INTEGER_OR_DIGITS]),
        (json!("-7"), &[STRING, INTEGER_OR_DIGITS]),
        (json!("1.0"), &[STRING]),
        (json!(" 1"), &[STRING]),
        (json!("+1"), &[STRING]),
        (json!("9223372036854775808"), &[STRING]),
        (json!("one"), &[STRING]),
        (json!(""), &[STRING]),
        (json!(true), &[BOOLEAN]),
        (json!(false), &[BOOLEAN]),
        (json!([]), &[]),
        (json!([1]), &[]),
        (json!(["1"]), &[]),
    ];
    for content in CONTENTS {
        let example = (content.example)();
        for &(pointer, expected) in content.required {
            for (value, types) in &values {
                let found = (content.read)(&bytes(&replaced(&example, pointer, value.clone())));
                let wanted = if types.contains(&expected) {
                    Ok(())
                } else {
                    Err(ContentError::WrongType {
                        path: pointer.into(),
                        expected,
                    })
                };
                // Only a success requires the counts.
                let failed = pointer == "/retCode" && *value != json!(0);
                if !failed || wanted.is_err() {
                    assert_eq!(found, wanted, "{} {pointer} {value}", content.name);
                }
            }
            let object = replaced(&example, pointer, json!({}));
            let found = (content.read)(&bytes(&object)).expect_err("no required field accepts {}");
            if expected != OBJECT {
                let path = pointer.into();
                assert_eq!(found, ContentError::WrongType { path, expected });
            }
        }
    }
}

#[test]
fn the_list_of_refused_phones_holds_objects() {
    for invalid in [
        json!({}),
        json!("x"),
        json!(0),
        json!(false),
        json!([null]),
        json!(["8613800000001"]),
        json!([{"phone": "1", "errMsg": "x"}, 1]),
    ] {
        let body = bytes(&replaced(&response_json(), "/errList", invalid));
        let expected = ContentError::WrongType {
            path: "/errList".into(),
            expected: "an array of objects",
        };
        assert_eq!(answered(&body).response().map(drop), Err(expected));
    }
    for empty in [json!([]), Value::Null] {
        let body = bytes(&replaced(&response_json(), "/errList", empty));
        let response = answered(&body).response().expect("the body is a response");
        assert!(response.err_list.is_empty());
        assert!(response.extra.is_empty());
    }
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
            assert_eq!((content.read)(valid.as_bytes()), Ok(()), "{}", content.name);
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
            let error = (content.read)(invalid.as_bytes()).expect_err(&invalid);
            assert_eq!(error.code(), "content_json", "{invalid}");
            let ContentError::Json {
                line: found,
                column,
            } = error
            else {
                panic!("{error:?}")
            };
            assert!(found >= line.min(1) && column >= 1, "{invalid}: {error:?}");
            if !invalid.contains("\"\n\"") {
                assert_eq!(found, line, "{invalid}");
            }
            assert!(!error.to_string().contains("o-1"));
        }
    }
}
