//! `Debug` shows no content, and no error and no deviation an unknown key.

use std::fmt::Debug;

use callbot_core::{Algorithm, ContentError, ContentKind, Deviation, Verifier};
use serde_json::{Value, json};

use crate::common::credentials;
use crate::examples::{CONTENTS, Content, call_json, response_json, task_json};
use crate::support::{account, answered, bytes, request, verified};

#[track_caller]
fn assert_shows_nothing(value: &impl Debug) {
    for output in [format!("{value:?}"), format!("{value:#?}")] {
        assert!(!output.to_lowercase().contains("zq"), "{output}");
        assert!(!output.contains("4711"), "{output}");
    }
}

/// Replaces all strings and numbers by private markers.
fn private(value: &mut Value) {
    match value {
        Value::String(string) => *string = "zqprivate".into(),
        Value::Number(number) => *number = 4711.into(),
        Value::Array(values) => values.iter_mut().for_each(private),
        Value::Object(map) => {
            map.values_mut().for_each(private);
            map.insert("zqkey".into(), json!("zqprivate"));
        }
        Value::Null | Value::Bool(_) => {}
    }
}

#[test]
fn debug_shows_no_content() {
    let mut value = call_json();
    private(&mut value);
    value["callbackType"] = json!(1);
    let body = bytes(&value);
    let verified_call = verified(&body);
    assert_shows_nothing(&verified_call);
    let call = verified_call
        .call_callback()
        .expect("the body is a callback");
    assert_shows_nothing(&call);
    let detail = call.call_info_detail.expect("the field is present");
    assert_shows_nothing(&detail);
    assert_shows_nothing(&detail.intents);
    assert_shows_nothing(&detail.sms);
    assert_shows_nothing(&detail.agent);
    assert_shows_nothing(&detail.params);
    let order = verified_call
        .order_callback()
        .expect("the body is a callback");
    assert_shows_nothing(&order);

    let mut value = task_json();
    private(&mut value);
    let body = bytes(&value);
    let task = verified(&body)
        .task_callback()
        .expect("the body is a callback");
    assert_shows_nothing(&task);
    assert_shows_nothing(&task.task_stat);

    let mut value = response_json();
    private(&mut value["errList"]);
    value["retMsg"] = json!("zqprivate");
    value["zqkey"] = json!(4711);
    value["totalCount"] = json!("zqprivate");
    value["successCount"] = json!("4711");
    let body = bytes(&value);
    let response = answered(&body).response().expect("the body is a response");
    assert_shows_nothing(&response);
    assert_shows_nothing(&response.err_list);
    assert_shows_nothing(&response.err_list.iter());
    assert_shows_nothing(&response.err_list.get(0));
    assert_shows_nothing(&response.extra);
    let message = answered(&body);
    assert_shows_nothing(&message.result().expect("the body is a response"));
    let document = message.document(ContentKind::Response);
    let document = document.expect("the body is a response");
    assert_shows_nothing(&document);
    let root = document.root();
    assert_shows_nothing(&root);
    assert_shows_nothing(&root.members());
    let list = root.member("errList").expect("the field is present");
    assert_shows_nothing(&list.elements());
    assert_shows_nothing(&list.element(0));
    let deviations = document.deviations();
    assert!(deviations.count() > 0);
    assert_shows_nothing(&deviations);
    let request = request("r1", &credentials(Algorithm::Md5));
    let outcome = document.outcome(request.body());
    assert_shows_nothing(&outcome.expect("the request has orders"));
    assert!(
        format!("{response:?}").contains("x-1"),
        "the response ID is shown"
    );

    let error = verified(b"{\"callbackType\":\"zq4711\"").call_callback();
    let error = error.expect_err("the body is truncated");
    assert_shows_nothing(&error);
    assert!(!error.to_string().contains("zq"));
    let error = verified(b"{\"callbackType\":\"zq4711\"}").call_callback();
    let error = error.expect_err("the phone number is invalid");
    assert_shows_nothing(&error);
    assert_eq!(
        error.to_string(),
        "/callbackType: expected an integer, or a string of its digits"
    );

    let verifier = Verifier::new(account("a", "zqsecret", Algorithm::Md5));
    assert_shows_nothing(&verifier);
}

/// Keys that the API does not have: names, phone numbers and tokens.
const KEYS: &[&str] = &[
    "zhangwei",
    "8613800000001",
    "4f9a2be17c",
    "zq_token",
    "\u{738b}\u{82b3}",
    "\u{41c}\u{430}\u{440}\u{438}\u{44f}",
    "zq/a~b",
];

/// What an error, or each deviation, says to people and programs.
fn told(content: &Content, body: &str) -> Vec<String> {
    match content.document(body.as_bytes()) {
        Ok(document) => {
            let deviations = document.deviations();
            let told = |each: &Deviation<'_>| [each.to_string(), each.path(), format!("{each:?}")];
            deviations.iter().flat_map(told).collect()
        }
        Err(error) => vec![
            error.to_string(),
            format!("{error:?}"),
            format!("{error:#?}"),
        ],
    }
}

#[test]
fn no_error_and_no_deviation_shows_an_unknown_key() {
    for content in CONTENTS {
        let json = (content.example)().to_string();
        for (place, _) in json.match_indices('{') {
            let (before, after) = json.split_at(place + 1);
            for key in KEYS {
                for (member, is_read) in [
                    (format!(r#""{key}":1,"{key}":2"#), false),
                    (format!(r#""{key}":{{"a":1,"a":2}}"#), false),
                    (
                        format!(r#""{key}":{{"{key}":[{{"other":1,"other":2}}]}}"#),
                        false,
                    ),
                    (
                        format!(r#""sms":[{{"{key}":[0,{{"agent":1,"agent":2}}]}}]"#),
                        false,
                    ),
                    (format!(r#""{key}":"\ud83d""#), true),
                    (format!(r#""{key}\ud83d":{{"{key}":["\ud83d"]}}"#), true),
                    (
                        format!(r#""{key}":{{"other":{{"{key}\udc00":"\udc00"}}}}"#),
                        true,
                    ),
                    (format!(r#""{key}":["#), false),
                ] {
                    let body = [before, &member, ",", after].concat();
                    let told = told(&content, &body);
                    assert_eq!(content.document(body.as_bytes()).is_ok(), is_read, "{body}");
                    assert!(!told.is_empty());
                    // A path would show these two with escapes.
                    let escaped = key.replace('~', "~0").replace('/', "~1");
                    for each in told {
                        assert!(!each.contains(key) && !each.contains(&escaped), "{each}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_path_ends_at_the_innermost_place_that_is_known() {
    let call = call_json().to_string();
    for (member, path) in [
        (r#""8613800000001":{"zhangwei":{"a":1,"a":2}}"#, ""),
        (r#""zhangwei":1,"zhangwei":2"#, ""),
        (r#""agent":{"zhangwei":{"a":1,"a":2}}"#, "/agent"),
        (r#""agent":[0,{"zhangwei":[{"a":1,"a":2}]}]"#, "/agent/1"),
        (r#""agent":[0,{"sms":[{"a":1,"a":2}]}]"#, "/agent/1/sms/0"),
        (r#""zhangwei":{"agent":{"a":1,"a":2}}"#, ""),
        // Keys of other messages, at any place.
        (
            r#""taskStat":{"batchID":{"a":1,"a":2}}"#,
            "/taskStat/batchID",
        ),
    ] {
        let body = format!("{{{member},{}", &call[1..]);
        let error = verified(body.as_bytes()).call_callback();
        let error = error.expect_err("an object has a duplicate key");
        let ContentError::DuplicateKey { path: told, .. } = error else {
            panic!("{error:?}");
        };
        assert_eq!(told, path);
    }
}
