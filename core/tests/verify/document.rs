//! A document: values by pointer, by index and by key.

use callbot_core::{ContentError, ContentKind, Document, JsonType};

use crate::examples::{CONTENTS, call_json};
use crate::support::{answered, bytes, code_of, verified};

fn document(fields: &str) -> Document {
    let body = format!(r#"{{"retCode":0,{fields}}}"#);
    let document = answered(body.as_bytes()).document(ContentKind::Response);
    document.expect("the body is a response")
}

#[test]
fn a_value_is_given_as_it_was_sent() {
    for sent in [
        "{}",
        "[ ]",
        r#"[[],[{"]":"}"}]]"#,
        r#"{ "a" : [ 1 , "\\" ] , "\"{[" : "\\\"]}" }"#,
        r#""\\""#,
        r#""\"}""#,
        r#""a\u005d""#,
        r#""a]""#,
        "-1.5e3",
        "null",
    ] {
        for after in ["", " ", r#","b":{}"#] {
            let document = document(&format!(r#""a":{sent}{after}"#));
            let value = document.get("/a").expect("a pointer").expect(sent);
            assert_eq!(value.json(), sent, "{after}");
        }
    }
}

#[test]
fn values_are_found_by_pointer() {
    let document = document(
        r#""a":[10,{"b":"x","":{"~/":null}},[]],"0":true,"é\n":1.5,"a/b":{"c~d":"y","~1":"z"},"s":"\ud83d\ude00""#,
    );
    let json = |pointer: &str| {
        let value = document.get(pointer).expect(pointer)?;
        Some(value.json())
    };
    assert_eq!(json(""), Some(document.root().json()));
    for (pointer, expected) in [
        ("/a/0", "10"),
        ("/a/1/b", r#""x""#),
        ("/a/1//~0~1", "null"),
        ("/a/2", "[]"),
        ("/0", "true"),
        ("/é\n", "1.5"),
        ("/a~1b/c~0d", r#""y""#),
        ("/a~1b/~01", r#""z""#),
        ("/s", r#""\ud83d\ude00""#),
    ] {
        assert_eq!(json(pointer), Some(expected), "{pointer}");
    }
    for pointer in [
        "/",
        "/a/3",
        "/a/-",
        "/a/00",
        "/a/01",
        "/a/+1",
        "/a/ 1",
        "/a/1 ",
        "/a/",
        "/a/b",
        "/b",
        "/a/0/0",
        "/a~1b/c~1d",
        "/A",
        "/a/99999999999999999999",
        "/0/0",
        "/s/0",
    ] {
        assert_eq!(json(pointer), None, "{pointer}");
    }
    for malformed in [
        "a", "a/b", " /a", "~", "/~", "/~2", "/a~", "/~~0", "/a/~x", "#/a",
    ] {
        let error = document.get(malformed).expect_err(malformed);
        assert_eq!(error.code(), "content_pointer");
    }
    let inner = document.get("/a/1").expect("a pointer").expect("a value");
    let inner = inner.get("/b").expect("a pointer").expect("a value");
    assert_eq!(inner.as_str(), Some("x"));
}

#[test]
fn values_have_their_type() {
    use JsonType::{Array, Boolean, Null, Number, Object, String};

    let document = document(r#""v":[null,true,false,0,-1.5,"x\n","12",[1,2],{"a":1}]"#);
    let values: Vec<_> = document
        .get("/v")
        .expect("a pointer")
        .expect("a value")
        .elements()
        .collect();
    let types: Vec<_> = values.iter().map(|value| value.json_type()).collect();
    assert_eq!(
        types,
        [
            Null, Boolean, Boolean, Number, Number, String, String, Array, Object
        ]
    );
    let of = |read: fn(&callbot_core::Value<'_>) -> bool| -> Vec<usize> {
        (0..values.len())
            .filter(|&index| read(&values[index]))
            .collect()
    };
    assert_eq!(of(|value| value.is_null()), [0]);
    assert_eq!(of(|value| value.as_bool().is_some()), [1, 2]);
    assert_eq!(of(|value| value.as_i64().is_some()), [3, 6]);
    assert_eq!(of(|value| value.as_f64().is_some()), [3, 4, 6]);
    assert_eq!(of(|value| value.as_str().is_some()), [5, 6]);
    assert_eq!(of(|value| value.len().is_some()), [7, 8]);
    assert_eq!(of(|value| value.element(0).is_some()), [7]);
    assert_eq!(of(|value| value.key(0).is_some()), [8]);
    assert_eq!(of(|value| value.member("a").is_some()), [8]);
    assert_eq!(of(|value| value.elements().count() > 0), [7]);
    assert_eq!(of(|value| value.members().count() > 0), [8]);
    assert_eq!(values[5].as_str(), Some("x\n"));
    assert_eq!(values[1].as_bool(), Some(true));
    assert_eq!(values[4].as_f64(), Some(-1.5));
    assert_eq!(values[6].as_i64(), Some(12));
}

#[test]
fn children_are_found_by_index_and_key_in_small_and_large_values() {
    for len in [0, 1, 2, 15, 16, 17, 31, 32, 33, 47, 48, 49, 1000] {
        let elements: Vec<String> = (0..len).map(|i| format!("[{i},[]]")).collect();
        // Keys are not sorted.
        let key = |i: usize| format!("k\u{e9}{}", i * 7919 % 1009);
        let members: Vec<String> = (0..len)
            .map(|i| format!("\"{}\":{{\"a\":{i}}}", key(i).replace('\u{e9}', "\\u00e9")))
            .collect();
        let document = document(&format!(
            r#""e":[{}],"m":{{{}}}"#,
            elements.join(","),
            members.join(",")
        ));
        let [list, map] = ["e", "m"].map(|key| document.root().member(key).expect(key));
        assert_eq!((list.len(), map.len()), (Some(len), Some(len)));
        assert_eq!((list.elements().count(), map.members().count()), (len, len));
        for (i, (element, (name, member))) in list.elements().zip(map.members()).enumerate() {
            assert_eq!(element.json(), elements[i]);
            assert_eq!(list.element(i).expect("an element").json(), elements[i]);
            let by_pointer = document.get(&format!("/e/{i}/0")).expect("a pointer");
            assert_eq!(by_pointer.expect("a value").as_i64(), i64::try_from(i).ok());
            assert_eq!(name, key(i));
            assert_eq!(map.key(i), Some(name));
            assert_eq!(map.member(name).expect("a member").json(), member.json());
        }
        assert!(list.element(len).is_none() && map.key(len).is_none());
        assert!(list.element(usize::MAX).is_none() && map.key(usize::MAX).is_none());
        assert!(map.member("k").is_none() && map.member("z").is_none());
    }
}

#[test]
fn a_document_is_read_as_what_it_was_made_for() {
    let body = bytes(&call_json());
    let message = verified(&body);
    let document = message
        .document(ContentKind::CallCallback)
        .expect("a callback");
    assert_eq!(document.kind(), ContentKind::CallCallback);
    let call: callbot_core::CallCallback = document.clone().read().expect("a callback");
    assert!(message.call_callback() == Ok(call));
    let as_order: Result<callbot_core::OrderCallback, _> = document.read();
    assert_eq!(code_of(as_order), "content_other_kind");
    assert_eq!(document.root().json().as_bytes(), body);
}

#[test]
fn whitespace_around_is_no_part_of_the_document() {
    for content in CONTENTS {
        let json = (content.example)().to_string();
        let body = format!("\u{feff}\r\n {json}\t\n");
        let document = content.document(body.as_bytes()).expect("it is read");
        assert_eq!(document.root().json(), json);
    }
}

#[test]
fn an_empty_body_is_told() {
    for body in ["", "\u{feff}"] {
        let error = answered(body.as_bytes())
            .result()
            .expect_err("there is nothing");
        assert_eq!(error, ContentError::Empty);
        assert_eq!(error.code(), "content_json");
        assert!(error.to_string().contains("empty"));
    }
}
