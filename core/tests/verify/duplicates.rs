//! Duplicate keys: otherwise one reader could take the first value, and another the last one.

use callbot_core::{ContentError, Position};

use crate::common::edited;
use crate::examples::{CONTENTS, response_json};
use crate::support::{answered, code_of};

#[test]
fn a_duplicate_key_is_refused_in_every_object() {
    let deep = "[".repeat(50) + r#"{"o":{"k":1,"K":2}}"# + &"]".repeat(50);
    let many: Vec<String> = (0..100).map(|i| format!("\"{i}\":{i},")).collect();
    let many = many.concat();
    let unknown = format!(r#""new":[{{"o":{{{many}"a/b~":{{"o":{{"k":1}}}}}}}}],"deep":{deep},"#);
    for content in CONTENTS {
        let json = (content.example)().to_string();
        let json = format!("{{{unknown}{}", &json[1..]);
        let body = json.as_bytes();
        assert_eq!(content.read(body), Ok(()));
        let mut objects = 0;
        for (place, _) in json.match_indices('{') {
            let rest = &json[place + 1..];
            let known = rest.split('"').nth(1).expect("the object has a key");
            for duplicate in [
                r#""zq":0,"zq":0,"#.to_owned(),
                r#""zq":0,"\u007aq":1,"#.to_owned(),
                r#""\ud800":0,"\udfff":1,"#.to_owned(),
                format!(r#""{known}":null,"#),
            ] {
                let body = format!("{}{duplicate}{rest}", &json[..=place]);
                let error = content.read(body.as_bytes()).expect_err(&body);
                let ContentError::DuplicateKey { path, position } = &error else {
                    panic!("{error:?}");
                };
                // The second of its two keys, or the one that was there already.
                let second = duplicate.find(',').expect("a comma") + 1;
                assert_eq!(*position, position_of(&body, place + 1 + second));
                let shown = if path.is_empty() { "the body" } else { path };
                let Position {
                    line,
                    column,
                    offset,
                } = position;
                let at = format!("line {line}, column {column} (byte {offset}, counted from 0)");
                assert_eq!(
                    error.to_string(),
                    format!("duplicate key in {shown} at {at}")
                );
                if (1..=unknown.len()).contains(&place) {
                    assert_eq!(path, "");
                } else {
                    check_path(&json, place, path);
                }
            }
            objects += 1;
        }
        assert!(objects >= 6);
    }
}

fn position_of(body: &str, offset: usize) -> Position {
    let before = body[..offset].rsplit('\n').next().expect("a line");
    Position {
        line: body[..offset].matches('\n').count() + 1,
        column: before.len() + 1,
        offset,
    }
}

/// An object with many keys is looked through when it ends, after those inside of it.
#[test]
fn the_first_duplicate_of_the_body_is_told_whichever_object_ends_first() {
    let many: Vec<String> = (0..100).map(|i| format!("\"{i}\":{i},\n")).collect();
    let many = many.concat();
    for (members, path) in [
        (r#""sms":{"x":1,>"x":{"y":1,"y":1}}"#.to_owned(), "/sms"),
        (r#""sms":{"x":{"y":1,>"y":1},"x":1}"#.to_owned(), "/sms"),
        (
            r#""agent":{"sms":{"y":1,>"y":1},"x":1,"x":1}"#.to_owned(),
            "/agent/sms",
        ),
        (
            format!(r#""agent":{{{many}>"7":{{"sms":{{"y":1,"y":1}}}}}}"#),
            "/agent",
        ),
        (
            format!(r#""agent":{{"sms":{{"y":1,>"y":1}},{many}"7":1}}"#),
            "/agent/sms",
        ),
        (format!(r#""agent":{{{many}>"9":1,"9":1,"7":1}}"#), "/agent"),
        (format!(r#"{many}>"\u0039":1,"agent":{{"y":1,"y":1}}"#), ""),
    ] {
        let body = format!("\u{feff}{{\"retCode\":0,{members}}}");
        let offset = body.find('>').expect("a mark");
        let body = body.replace('>', "");
        let position = position_of(&body, offset);
        let path = path.to_owned();
        let error = answered(body.as_bytes()).response().expect_err(&body);
        assert_eq!(
            error,
            ContentError::DuplicateKey { path, position },
            "{body}"
        );
    }
}

/// Asserts that the object of a pointer begins at `place`.
#[track_caller]
fn check_path(json: &str, place: usize, path: &str) {
    let value: serde_json::Value = serde_json::from_str(json).expect("valid JSON");
    let object = value.pointer(path).expect(path).as_object().expect(path);
    let key = json[place + 1..].split('"').nth(1).expect("a key");
    assert!(object.contains_key(key), "{path} {key}");
}

/// A path is no longer than a body allows many of.
#[test]
fn the_path_of_a_deep_object_ends_at_an_outer_value() {
    let deep = "[".repeat(10_000) + r#"{"k":1,"k":2}"# + &"]".repeat(10_000);
    let known = r#"{"agent":"#.repeat(1_000) + r#"{"k":1,"k":2}"# + &"}".repeat(1_000);
    for (value, path) in [
        (deep, "/sms".to_owned() + &"/0".repeat(510)),
        (known, "/sms".to_owned() + &"/agent".repeat(170)),
    ] {
        let body = format!(r#"{{"retCode":0,"sms":{value}}}"#);
        let error = answered(body.as_bytes())
            .response()
            .expect_err("it has a duplicate");
        let position = position_of(&body, body.find(r#""k":2"#).expect("the second key"));
        assert_eq!(error, ContentError::DuplicateKey { path, position });
    }
}

/// Objects in between, also more of them than the parser remembers at once.
#[test]
fn a_duplicate_key_is_found_after_objects_inside() {
    for depth in 0..20 {
        for key in ["k", "\\u006b", "z"] {
            let inside = r#"{"o":"#.repeat(depth) + "0" + &"}".repeat(depth);
            let object = format!(r#"{{"k":0,"o":{inside},"{key}":1}}"#);
            for around in 0..20 {
                let body = r#"{"retCode":0,"o":"#.repeat(around + 1);
                let body = body + &object + &"}".repeat(around + 1);
                let found = answered(body.as_bytes()).response().is_err();
                assert_eq!(found, key != "z", "{body}");
            }
        }
    }
}

/// The end of a key is looked for in several bytes at once, if there are as many.
#[test]
fn a_duplicate_key_is_found_wherever_the_body_ends() {
    for len in 0..20 {
        let key = "k".repeat(len);
        for spaces in 0..20 {
            let spaces = " ".repeat(spaces);
            for (last, is_duplicate) in [(key.clone(), true), (key.clone() + "k", false)] {
                let body = format!(r#"{{"retCode":0,"o":{{"{key}":0,"{last}":1}}}}{spaces}"#);
                let found = answered(body.as_bytes()).response().is_err();
                assert_eq!(found, is_duplicate, "{body}");
            }
        }
    }
}

#[test]
fn invalid_json_is_told_before_duplicate_keys() {
    // A failure followed by a success.
    let body = edited(
        &response_json().to_string(),
        r#""retCode":0"#,
        r#""retCode":6,"retCode":0"#,
    );
    let found = answered(body.as_bytes()).response();
    assert_eq!(code_of(found), "content_repeated");
    let found = answered(br#"{"retCode":6,"retCode":0,"#).response();
    assert_eq!(code_of(found), "content_json");
}
