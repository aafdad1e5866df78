//! Unknown fields and values, canonical JSON, duplicate keys.

use callbot_core::{ContentKind, Extra, RetCode};
use serde_json::{Value, json};

use crate::common::edited;
use crate::examples::{CONTENTS, call_json, order_json, remove, response_json, task_json};
use crate::support::{answered, bytes, code_of, verified, verified_for};

#[test]
fn undocumented_values_are_kept() {
    for number in [i64::MIN, -1, 0, 2, 4711, i64::MAX] {
        for content in &CONTENTS[1..] {
            let mut value = (content.example)();
            value["callbackType"] = json!(number.to_string());
            assert_eq!((content.read)(&bytes(&value)), Ok(()), "{}", content.name);
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
        assert_eq!((task.callback_type, task.task_status), (number, number));

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
    let expected: Extra = [("new", r#"{"a":[1,null,"é"]}"#), ("", "null")]
        .map(|(key, json)| (key.into(), json.into()))
        .into();

    let mut value = response_json();
    more(&mut value);
    more(&mut value["errList"][1]);
    let body = bytes(&value);
    let response = answered(&body).response().expect("the body is a response");
    assert_eq!(response.extra, expected);
    assert!(response.err_list[0].extra.is_empty());
    assert_eq!(response.err_list[1].extra, expected);

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
        assert_eq!(extra, expected);
        let detail = detail.expect("the field is present");
        assert_eq!(detail.extra, expected);
        assert_eq!(detail.intents[0].extra, expected);
        assert_eq!(detail.sms[0].extra, expected);
        assert_eq!(detail.params[0].extra, expected);
        assert_eq!(detail.agent.expect("the field is present").extra, expected);
    }

    let mut value = task_json();
    more(&mut value);
    more(&mut value["taskStat"]);
    let body = bytes(&value);
    let task = verified(&body)
        .task_callback()
        .expect("the body is a callback");
    assert_eq!(task.extra, expected);
    assert_eq!(task.task_stat.extra, expected);
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
    let more = [r#""\u00e9\/""#, r#"{"b":1,"a":2,"b":3}"#, "[1,\n 2]"].map(Into::into);
    for value in odd_values().into_iter().chain(more) {
        let expected = |key: &str| Extra::from([(key.into(), value.clone())]);
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
        assert_eq!(call.extra, expected("new"));

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
            None => assert_eq!(detail.extra, expected("termSipCode")),
        }
    }
}

#[test]
fn canonical_json_is_compact_sorted_and_complete() {
    let contents = [
        (ContentKind::Response, response_json()),
        (ContentKind::CallCallback, call_json()),
        (ContentKind::OrderCallback, order_json()),
        (ContentKind::TaskCallback, task_json()),
    ];
    for (kind, mut value) in contents {
        value["new"] = json!({"b": [1, {"d": null, "c": "\"\\\u{1}é"}], "a": true});
        let body = format!("\n{value:#} ");
        let found = verified_for(kind, body.as_bytes()).canonical_json(kind);
        if kind == ContentKind::OrderCallback {
            value["callbackType"] = json!(1);
        }
        // serde_json sorts its maps.
        assert_eq!(found, Ok(value.to_string()), "{kind:?}");

        remove(
            &mut value,
            if kind == ContentKind::Response {
                "/retMsg"
            } else {
                "/taskID"
            },
        );
        let body = bytes(&value);
        assert_eq!(
            code_of(verified_for(kind, &body).canonical_json(kind)),
            "content_missing"
        );
        let body = body.repeat(2);
        assert_eq!(
            code_of(verified_for(kind, &body).canonical_json(kind)),
            "content_json"
        );
    }
    for value in odd_values() {
        let json = task_json().to_string();
        let edit = |value: &str| {
            edited(
                &json,
                "\"userTaskID\"",
                &format!("\"uA\":{value},\"userTaskID\""),
            )
        };
        let body = edit(&format!(" {value} "));
        let found = verified(body.as_bytes()).canonical_json(ContentKind::TaskCallback);
        assert_eq!(found, Ok(edit(&value.replace(r"\ud800", "\u{fffd}"))));
    }
    // An ambiguous value in an unknown field is passed on as sent.
    let odd = r#"{"a":1, "a":2}"#;
    let body = format!(r#"{{"newA":{odd},{}"#, &task_json().to_string()[1..]);
    let found = verified(body.as_bytes()).canonical_json(ContentKind::TaskCallback);
    let found = found.expect("the body is a callback");
    assert!(found.contains(odd), "{found}");
}

/// Otherwise one reader could take the first value, and another the last one.
#[test]
fn a_duplicate_key_is_refused_in_every_object_that_is_read() {
    let task = r#""taskStat":{"#;
    for (kind, value, object, path) in [
        (ContentKind::Response, response_json(), "{", ""),
        (
            ContentKind::Response,
            response_json(),
            r#""errList":[{"#,
            "/errList/0",
        ),
        (ContentKind::CallCallback, call_json(), "{", ""),
        (ContentKind::OrderCallback, order_json(), "{", ""),
        (ContentKind::TaskCallback, task_json(), "{", ""),
        (ContentKind::TaskCallback, task_json(), task, "/taskStat"),
    ]
    .into_iter()
    .chain(
        [
            (r#""callInfoDetail":{"#, "/callInfoDetail"),
            (r#""agent":{"#, "/callInfoDetail/agent"),
            (r#""intents":[{"#, "/callInfoDetail/intents/0"),
            (r#""sms":[{"#, "/callInfoDetail/sms/0"),
            (r#""params":[{"#, "/callInfoDetail/params/0"),
        ]
        .into_iter()
        .flat_map(|(object, path)| {
            [
                (ContentKind::CallCallback, call_json(), object, path),
                (ContentKind::OrderCallback, order_json(), object, path),
            ]
        }),
    ) {
        let json = value.to_string();
        let place = json.find(object).expect(object) + object.len();
        let known = json[place..]
            .split('"')
            .nth(1)
            .expect("the object has a key");
        for duplicate in [
            r#""zq":0,"zq":0,"#.to_owned(),
            r#""zq":0,"\u007aq":1,"#.to_owned(),
            format!(r#""{known}":null,"#),
        ] {
            let body = format!("{}{duplicate}{}", &json[..place], &json[place..]);
            let verified = verified_for(kind, body.as_bytes());
            let found = match kind {
                ContentKind::Response => verified.response().map(drop),
                ContentKind::CallCallback => verified.call_callback().map(drop),
                ContentKind::OrderCallback => verified.order_callback().map(drop),
                ContentKind::TaskCallback => verified.task_callback().map(drop),
                other => panic!("{other:?} has no typed reader"),
            };
            assert_eq!(code_of(found.clone()), "content_repeated", "{body}");
            assert_eq!(verified.canonical_json(kind).map(drop), found);
            let message = found.expect_err("a duplicate key is refused").to_string();
            let place = if path.is_empty() { "the body" } else { path };
            assert_eq!(message, format!("duplicate key in {place}"));
        }
    }
    // A failure followed by a success.
    let body = edited(
        &response_json().to_string(),
        r#""retCode":0"#,
        r#""retCode":6,"retCode":0"#,
    );
    let found = answered(body.as_bytes()).response();
    assert_eq!(code_of(found), "content_repeated");
    // Truncated JSON is invalid, whatever its duplicate keys.
    let found = answered(br#"{"retCode":6,"retCode":0,"#).response();
    assert_eq!(code_of(found), "content_json");
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
        assert_eq!(call.user_name, "a\u{fffd}b\u{fffd}");
        assert_eq!(call.extra["x\u{fffd}"], "1");
        let detail = call.call_info_detail.expect("the field is present");
        assert_eq!(detail.term_sip_code.as_deref(), Some("\u{fffd}"));
        let json = message
            .canonical_json(ContentKind::CallCallback)
            .expect("the body is a callback");
        assert!(json.contains("\"userName\":\"a\u{fffd}b\u{fffd}\""));
        assert!(!json.contains(half));
    }
    // A pair is one character.
    let body = edited(
        &call_json().to_string(),
        r#""termSipCode":"200""#,
        r#""termSipCode":"\ud83d\ude00""#,
    );
    let call = verified(body.as_bytes()).call_callback();
    let detail = call.expect("the body is a callback").call_info_detail;
    assert_eq!(detail.unwrap().term_sip_code.as_deref(), Some("😀"));
}
