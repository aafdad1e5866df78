//! Unknown fields and values.

use std::collections::BTreeMap;

use callbot_core::{ContentKind, Deviation, RetCode};
use serde_json::{Value, json};

use crate::common::edited;
use crate::examples::{CONTENTS, call_json, response_json, task_json};
use crate::support::{answered, bytes, code_of, kept, verified};

#[test]
fn undocumented_values_are_kept() {
    for number in [i64::MIN, -1, 0, 2, 4711, i64::MAX] {
        for content in &CONTENTS[1..] {
            let mut value = (content.example)();
            value["callbackType"] = json!(number.to_string());
            assert_eq!(content.read(&bytes(&value)), Ok(()), "{}", content.name);
        }
        let mut value = call_json();
        value["callbackType"] = json!(number);
        value["callInfoDetail"]["callStatus"] = json!(number);
        value["callInfoDetail"]["hangupCause"] = json!("SOMETHING_NEW");
        let body = bytes(&value);
        let call = verified(&body)
            .call_callback()
            .expect("the body is a callback");
        assert_eq!(call.callback_type, number);
        let detail = call.call_info_detail.expect("the field is present");
        assert_eq!(detail.call_status, Some(number));
        assert_eq!(detail.hangup_cause.as_deref(), Some("SOMETHING_NEW"));

        let mut value = task_json();
        value["callbackType"] = json!(number.to_string());
        value["taskStatus"] = json!(number);
        let body = bytes(&value);
        let task = verified(&body)
            .task_callback()
            .expect("the body is a callback");
        assert_eq!(
            (task.callback_type, task.task_status),
            (number, Some(number))
        );

        if number != 0 {
            let mut value = response_json();
            value["retCode"] = json!(number);
            let body = bytes(&value);
            let response = answered(&body).response().expect("the body is a response");
            assert_eq!(response.ret_code, RetCode(number));
        }
    }
}

#[test]
fn undocumented_fields_are_kept() {
    let more = |value: &mut Value| {
        value["new"] = json!({"a": [1, null, "é"]});
        value[""] = json!(null);
    };
    let expected: BTreeMap<String, String> = [("new", r#"{"a":[1,null,"é"]}"#), ("", "null")]
        .map(|(key, json)| (key.into(), json.into()))
        .into();

    let mut value = response_json();
    more(&mut value);
    more(&mut value["errList"][1]);
    let body = bytes(&value);
    let response = answered(&body).response().expect("the body is a response");
    assert_eq!(kept(&response.extra), expected);
    let rows: Vec<_> = response.err_list.iter().map(Result::unwrap).collect();
    assert!(rows[0].extra.is_empty());
    assert_eq!(kept(&rows[1].extra), expected);

    let mut value = call_json();
    more(&mut value);
    let detail = &mut value["callInfoDetail"];
    more(detail);
    more(&mut detail["agent"]);
    for list in ["intents", "sms", "params"] {
        more(&mut detail[list][0]);
    }
    let body = bytes(&value);
    let verified_call = verified(&body);
    let call = verified_call
        .call_callback()
        .expect("the body is a callback");
    let order = verified_call
        .order_callback()
        .expect("the body is a callback");
    for (extra, detail) in [
        (call.extra, call.call_info_detail),
        (order.extra, order.call_info_detail),
    ] {
        assert_eq!(kept(&extra), expected);
        let detail = detail.expect("the field is present");
        assert_eq!(kept(&detail.extra), expected);
        let first = detail
            .intents
            .get(0)
            .unwrap()
            .expect("the list has an element");
        assert_eq!(kept(&first.extra), expected);
        let first = detail.sms.get(0).unwrap().expect("the list has an element");
        assert_eq!(kept(&first.extra), expected);
        let first = detail
            .params
            .get(0)
            .unwrap()
            .expect("the list has an element");
        assert_eq!(kept(&first.extra), expected);
        let agent = detail.agent.expect("the field is present");
        assert_eq!(kept(&agent.extra), expected);
    }

    let mut value = task_json();
    more(&mut value);
    more(&mut value["taskStat"]);
    let body = bytes(&value);
    let task = verified(&body)
        .task_callback()
        .expect("the body is a callback");
    assert_eq!(kept(&task.extra), expected);
    let stat = task.task_stat.expect("the field is present");
    assert_eq!(kept(&stat.extra), expected);
}

/// Values that a JSON library changes or refuses.
fn odd_values() -> Vec<String> {
    let values = [
        "123456789012345678901234567890",
        "-0",
        "1.10",
        "1E5",
        "1e400",
        r#""\ud800""#,
        r#"{"\ud800":1}"#,
    ];
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    values.into_iter().map(Into::into).chain([deep]).collect()
}

#[test]
fn extra_values_are_kept_as_sent() {
    let more = [r#""\u00e9\/""#, r#"{"b":1,"a":2,"c":3}"#, "[1,\n 2]"].map(Into::into);
    for value in odd_values().into_iter().chain(more) {
        let expected = |key: &str| BTreeMap::from([(key.into(), value.clone())]);
        let json = call_json().to_string();

        let body = edited(
            &json,
            "{\"callInfo",
            &format!("{{\"new\": {value} ,\"callInfo"),
        );
        let verified_call = verified(body.as_bytes());
        let call = verified_call
            .call_callback()
            .expect("the body is a callback");
        assert_eq!(kept(&call.extra), expected("new"));

        let body = edited(
            &json,
            r#""termSipCode":"200""#,
            &format!("\"termSipCode\":\t{value}\n"),
        );
        let verified_call = verified(body.as_bytes());
        let call = verified_call
            .call_callback()
            .expect("the body is a callback");
        let detail = call.call_info_detail.expect("the field is present");
        // A string is the type of the field, so it is not in `extra`.
        match detail.term_sip_code {
            Some(code) => assert!(["é/", "\u{fffd}"].contains(&code.as_str())),
            None => assert_eq!(kept(&detail.extra), expected("termSipCode")),
        }
    }
}

/// Half of a surrogate pair, in every string of the reader: values, keys, nested ones.
#[test]
fn half_a_surrogate_pair_is_read_as_the_replacement_character() {
    for half in [r"\ud83d", r"\udc00", r"\uDBFF"] {
        let json = call_json().to_string();
        let name = call_json()["userName"].to_string();
        let body = edited(
            &json,
            &format!("\"userName\":{name}"),
            &format!(r#""userName":"a{half}b{half}","x{half}":1"#),
        );
        let body = edited(
            &body,
            r#""termSipCode":"200""#,
            &format!(r#""termSipCode":"{half}""#),
        );
        let message = verified(body.as_bytes());
        let call = message.call_callback().expect("the body is a callback");
        assert_eq!(call.user_name.as_deref(), Some("a\u{fffd}b\u{fffd}"));
        assert_eq!(call.extra.get("x\u{fffd}"), Some("1"));
        let detail = call.call_info_detail.expect("the field is present");
        assert_eq!(detail.term_sip_code.as_deref(), Some("\u{fffd}"));
        let document = message.document(ContentKind::CallCallback);
        let document = document.expect("the body is a callback");
        assert_eq!(document.root().json(), body);
        let paths: Vec<_> = document.deviations().iter().map(Deviation::path).collect();
        assert_eq!(
            paths,
            // The unknown key is not shown.
            ["/callInfoDetail/termSipCode", "/userName", ""]
        );
    }
    // A pair is one character, and what follows a half is read on its own.
    for (escapes, expected) in [
        (r"\ud83d\ude00", "😀"),
        (r"\uD83D\uDE00x", "😀x"),
        (r"\ud83d\ud83d\ude00", "\u{fffd}😀"),
        (r"\ud83d\u0041", "\u{fffd}A"),
        (r"\ud83d\n", "\u{fffd}\n"),
        (r"\ud83d\ude", ""),
        (r"\ude00\ud83d", "\u{fffd}\u{fffd}"),
        (r"\ud83dé\ude00", "\u{fffd}é\u{fffd}"),
        (r"\ud800\udc00\udbff\udfff", "\u{10000}\u{10ffff}"),
        (r"\ud7ff\ue000", "\u{d7ff}\u{e000}"),
    ] {
        let body = edited(
            &call_json().to_string(),
            r#""termSipCode":"200""#,
            &format!(r#""termSipCode":"{escapes}""#),
        );
        let call = verified(body.as_bytes()).call_callback();
        if expected.is_empty() {
            assert_eq!(code_of(call), "content_json");
            continue;
        }
        let detail = call.expect("the body is a callback").call_info_detail;
        let code = detail.expect("the field is present").term_sip_code;
        assert_eq!(code.as_deref(), Some(expected), "{escapes}");
    }
}
