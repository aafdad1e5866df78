//! Tolerant reading: what is absent, what is kept as it was sent, and what is read all the same.

use callbot_core::{CallInfoDetail, Intent, RefusedPhone};
use serde_json::{Value, json};

use crate::examples::{
    CONTENTS, call_json, order_json, remove, replaced, response_json, task_json,
};
use crate::support::{answered, bytes, kept, verified};

#[test]
fn a_null_is_like_a_missing_field() {
    for content in CONTENTS {
        let example = (content.example)();
        for &(path, _) in content.required {
            let null = bytes(&replaced(&example, path, Value::Null));
            let mut without = example.clone();
            remove(&mut without, path);
            let without = bytes(&without);
            let read = |body: &[u8]| match content.name {
                "response" => answered(body).response().map(|read| {
                    let first = read.err_list.get(0).unwrap();
                    let first = first.map(|row| (row.phone, row.err_msg));
                    let counts = (read.total_count, read.success_count);
                    (
                        kept(&read.extra),
                        format!("{:?}{first:?}{counts:?}", read.ret_msg),
                    )
                }),
                "call" => verified(body).call_callback().map(|read| {
                    let ids = (read.user_phone, read.user_name, read.scene_id, read.finish);
                    let shown = format!("{ids:?}{:?}{:?}", read.user_task_id, read.other);
                    (kept(&read.extra), shown)
                }),
                "order" => verified(body).order_callback().map(|read| {
                    let ids = (read.user_phone, read.user_name, read.scene_id, read.finish);
                    (kept(&read.extra), format!("{ids:?}{:?}", read.user_task_id))
                }),
                _ => verified(body).task_callback().map(|read| {
                    let stat = read.task_stat.map(|stat| {
                        let counts = (
                            stat.answer_order_count,
                            stat.total_call,
                            stat.total_answer_call,
                        );
                        (
                            counts,
                            stat.finish_rate,
                            stat.answer_rate,
                            kept(&stat.extra),
                        )
                    });
                    (kept(&read.extra), format!("{stat:?}{:?}", read.task_status))
                }),
            };
            let (null, without) = (read(&null), read(&without));
            assert_eq!(null, without, "{path}");
            assert!(null.expect("it is read").0.is_empty(), "{path}");
        }
    }
    let mut value = call_json();
    let detail = value["callInfoDetail"].as_object_mut();
    for each in detail.expect("the value is an object").values_mut() {
        *each = Value::Null;
    }
    let body = bytes(&value);
    let call = verified(&body)
        .call_callback()
        .expect("the body is a callback");
    assert!(call.call_info_detail == Some(CallInfoDetail::default()));
}

#[test]
fn fields_of_another_type_are_absent_and_kept() {
    let keys: Vec<String> = call_json()["callInfoDetail"]
        .as_object()
        .expect("the value is an object")
        .keys()
        .cloned()
        .collect();
    assert_eq!(keys.len(), 15);
    for other_type in [json!(0.5), json!(true), json!(u64::MAX), json!(1e300)] {
        let mut value = call_json();
        for key in &keys {
            value["callInfoDetail"][key] = other_type.clone();
        }
        let body = bytes(&value);
        let call = verified(&body)
            .call_callback()
            .expect("the body is a callback");
        let detail = call.call_info_detail.expect("the field is present");
        let expected: Vec<_> = keys
            .iter()
            .map(|key| (key.clone(), other_type.to_string()))
            .collect();
        assert_eq!(Vec::from_iter(kept(&detail.extra)), expected);
        let mut nothing_else = CallInfoDetail::default();
        nothing_else.extra = detail.extra.clone();
        assert!(detail == nothing_else);
    }

    // The same one level deeper, and for documented fields.
    let mut value = call_json();
    value["userName"] = json!(["n"]);
    value["finish"] = json!(1);
    value["callInfoDetail"] = json!({
        "intents": [{"intentID": 1, "intentTag": 1, "intentName": 1, "intentLevel": "x"}],
        "sms": [{"smsSendTs": "", "sysMessageID": 1, "smsContent": 1}],
        "agent": {"agentName": 1, "agentGroup": [], "agentCallStatus": {}, "manualHangupBy": ""},
        "params": [{"name": 1, "value": 120.5}],
    });
    let body = bytes(&value);
    let call = verified(&body)
        .call_callback()
        .expect("the body is a callback");
    assert_eq!((call.user_name, call.finish), (None, None));
    assert_eq!(call.extra.get("userName"), Some(r#"["n"]"#));
    assert_eq!(call.extra.get("finish"), Some("1"));
    let detail = call.call_info_detail.expect("the field is present");
    let first = "the list has an element";
    assert_eq!(detail.intents.get(0).unwrap().expect(first).extra.len(), 4);
    assert_eq!(detail.sms.get(0).unwrap().expect(first).extra.len(), 3);
    assert_eq!(detail.agent.expect("the field is present").extra.len(), 4);
    assert_eq!(
        detail
            .params
            .get(0)
            .unwrap()
            .expect(first)
            .extra
            .get("value"),
        Some("120.5")
    );

    for other_type in [json!([]), json!("x"), json!(1)] {
        let mut value = order_json();
        value["callInfoDetail"] = other_type.clone();
        let body = bytes(&value);
        let order = verified(&body)
            .order_callback()
            .expect("the body is a callback");
        assert!(order.call_info_detail.is_none());
        assert_eq!(
            order.extra.get("callInfoDetail"),
            Some(&*other_type.to_string())
        );
    }
    for other_type in [json!({}), json!("x"), json!(1)] {
        let body = bytes(&replaced(&response_json(), "/errList", other_type.clone()));
        let response = answered(&body).response().expect("the body is a response");
        assert!(response.err_list.is_empty());
        assert_eq!(
            response.extra.get("errList"),
            Some(&*other_type.to_string())
        );
    }
}

#[test]
fn numbers_may_be_strings_of_their_digits() {
    for (json, integer, number) in [
        ("0", Some(0), Some(0.0)),
        ("-0", Some(0), Some(0.0)),
        ("12", Some(12), Some(12.0)),
        ("1.0", Some(1), Some(1.0)),
        ("1e3", Some(1000), Some(1000.0)),
        ("-1.5e1", Some(-15), Some(-15.0)),
        ("1.5", None, Some(1.5)),
        (
            "9223372036854775808",
            None,
            Some(9_223_372_036_854_775_808.0),
        ),
        ("1e400", None, None),
        (r#""0""#, Some(0), Some(0.0)),
        (r#""-3""#, Some(-3), Some(-3.0)),
        (r#""\u0031""#, Some(1), Some(1.0)),
        (r#""0.95""#, None, Some(0.95)),
        (r#""-0.5""#, None, Some(-0.5)),
        (r#""007""#, None, None),
        (r#""-0""#, None, Some(0.0)),
        (r#""+1""#, None, None),
        (r#"" 1""#, None, None),
        (r#""1.""#, None, None),
        (r#"".5""#, None, None),
        (r#""1e3""#, None, None),
        (r#""NaN""#, None, None),
        (r#""inf""#, None, None),
        (r#""""#, None, None),
        (r#""-""#, None, None),
        (r#""\u0661""#, None, None),
        ("true", None, None),
        ("[1]", None, None),
    ] {
        let body = task_json().to_string();
        let body = body.replace("\"taskStatus\":2", &format!("\"taskStatus\":{json}"));
        let body = body.replace("\"finishRate\":0.67", &format!("\"finishRate\":{json}"));
        let task = verified(body.as_bytes())
            .task_callback()
            .expect("the body is a callback");
        let stat = task.task_stat.expect("the field is present");
        assert_eq!(
            (task.task_status, stat.finish_rate),
            (integer, number),
            "{json}"
        );
        let expected = integer.is_none().then_some(json);
        assert_eq!(task.extra.get("taskStatus"), expected);
        let expected = number.is_none().then_some(json);
        assert_eq!(stat.extra.get("finishRate"), expected);
    }
}

#[test]
fn each_element_of_a_list_has_the_index_that_it_was_sent_with() {
    let rows = json!([null, {"phone": "1", "errMsg": 5, "new": []}, "x", [1], 7, {}, {"phone": 1}]);
    let body = bytes(&replaced(&response_json(), "/errList", rows.clone()));
    let response = answered(&body).response().expect("the body is a response");
    let list = response.err_list;
    assert_eq!((list.len(), list.is_empty()), (7, false));
    assert!(list.get(7).unwrap().is_none());
    for (index, (row, sent)) in list
        .iter()
        .zip(rows.as_array().expect("an array"))
        .enumerate()
    {
        let row = row.unwrap();
        assert!(list.get(index).unwrap() == Some(row.clone()));
        if sent.is_object() {
            let phone = sent.get("phone").and_then(Value::as_str);
            assert_eq!((row.phone.as_deref(), row.err_msg), (phone, None));
            let others = sent.as_object().expect("an object").len() - usize::from(phone.is_some());
            assert_eq!(row.extra.len(), others);
        } else {
            assert_eq!((row.phone, row.err_msg), (None, None));
            let whole = [("", &*sent.to_string())];
            assert_eq!(row.extra.iter().collect::<Vec<_>>(), whole);
            assert_eq!(row.extra.get(""), Some(&*sent.to_string()));
        }
    }
    assert_eq!((&list).into_iter().count(), 7);
    for empty in [json!([]), Value::Null] {
        let body = bytes(&replaced(&response_json(), "/errList", empty));
        let response = answered(&body).response().expect("the body is a response");
        assert!(response.err_list.is_empty() && response.extra.is_empty());
        assert_eq!(
            (response.err_list.len(), response.err_list.iter().count()),
            (0, 0)
        );
    }
}

#[test]
fn what_was_read_compares_by_content() {
    let sent = |name: &str, other: &str| {
        let list = format!(r#"[{{"intentName":{name},{other}}}]"#);
        let mut value = call_json();
        value["callInfoDetail"]["intents"] = serde_json::from_str(&list).expect("valid JSON");
        let body = bytes(&value);
        verified(&body)
            .call_callback()
            .expect("the body is a callback")
    };
    let first = sent(r#""n""#, r#""x":1,"y":2"#);
    assert!(first == sent(r#""n""#, r#""y":2,"x":1"#));
    assert!(first == first.clone());
    assert!(first != sent(r#""m""#, r#""x":1,"y":2"#));
    assert!(first != sent(r#""n""#, r#""x":1,"y":3"#));
    assert!(first != sent(r#""n""#, r#""x":1"#));
    assert!(Intent::default() == Intent::default());
    assert!(RefusedPhone::default().extra == RefusedPhone::default().extra);
}

#[test]
fn what_was_read_outlives_the_message() {
    let detail = {
        let body = bytes(&call_json());
        let call = verified(&body)
            .call_callback()
            .expect("the body is a callback");
        call.call_info_detail.expect("the field is present")
    };
    let intent = detail
        .intents
        .get(0)
        .unwrap()
        .expect("the list has an element");
    assert_eq!(intent.intent_name.as_deref(), Some("n"));
}
