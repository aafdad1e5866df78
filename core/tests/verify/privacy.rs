//! `Debug` shows no content.

use std::fmt::Debug;

use callbot_core::{Algorithm, ContentKind, Verifier};
use serde_json::{Value, json};

use crate::common::credentials;
use crate::examples::{call_json, response_json, task_json};
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
