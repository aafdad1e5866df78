//! Where a message differs from what the API's page says.

use callbot_core::{Deviations, Endpoint};
use serde_json::{Value, json};

use crate::examples::{CONTENTS, call_json, remove, replaced};
use crate::support::{answered_by, bytes, verified};
use callbot_core::ContentKind;

#[test]
fn a_message_as_the_page_says_has_none() {
    for content in CONTENTS {
        let mut value = (content.example)();
        value["new"] = json!({"a": [null, 1]});
        let document = content.document(&bytes(&value)).expect("it is read");
        let deviations = document.deviations();
        assert_eq!(deviations.count(), 0, "{deviations:?}");
        assert!(deviations.as_slice().is_empty());
    }
}

#[test]
fn each_required_field_that_is_missing_null_or_of_another_type_is_told() {
    for content in CONTENTS {
        let example = (content.example)();
        let told = |value: &Value| {
            let document = content.document(&bytes(value)).expect("it is read");
            let deviations = document.deviations();
            let told: Vec<_> = deviations.iter().map(ToString::to_string).collect();
            assert_eq!(deviations.count(), told.len());
            told
        };
        for &(path, expected) in content.required {
            let mut without = example.clone();
            remove(&mut without, path);
            assert_eq!(told(&without), [format!("{path}: missing")]);
            for (value, found) in [
                (Value::Null, "null"),
                (json!(true), "a boolean"),
                (json!(0.5), "a number"),
                (json!("8"), "a string"),
                (json!([1]), "an array"),
                (json!({}), "an object"),
            ] {
                let is_type = found == expected;
                let told = told(&replaced(&example, path, value));
                if path == "/taskStat" && is_type {
                    assert_eq!(told.len(), 7);
                    continue;
                }
                let expected = format!("{path}: expected {expected}, found {found}");
                assert_eq!(told, if is_type { vec![] } else { vec![expected] });
            }
        }
    }
}

#[test]
fn fields_of_an_example_are_told_only_for_their_type() {
    let told = |value: Value| {
        let body = bytes(&value);
        let document = verified(&body).document(ContentKind::CallCallback);
        let document = document.expect("it is read");
        let deviations = document.deviations();
        deviations
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    for value in [
        Value::Null,
        json!({}),
        json!({"intents": [{}], "agent": null, "sms": []}),
    ] {
        let nothing: [&str; 0] = [];
        assert_eq!(
            told(replaced(&call_json(), "/callInfoDetail", value)),
            nothing
        );
    }
    let detail = json!({
        "callStatus": "1", "callDuration": 1.5, "intents": [{}, 0, null, {"intentLevel": []}],
        "agent": {"agentName": 1}, "sms": {},
    });
    assert_eq!(
        told(replaced(&call_json(), "/callInfoDetail", detail)),
        [
            "/callInfoDetail/callStatus: expected an integer, found a string",
            "/callInfoDetail/callDuration: expected an integer, found a number",
            "/callInfoDetail/intents/1: expected an object, found a number",
            "/callInfoDetail/intents/2: expected an object, found null",
            "/callInfoDetail/intents/3/intentLevel: expected an integer, found an array",
            "/callInfoDetail/sms: expected an array, found an object",
            "/callInfoDetail/agent/agentName: expected a string, found a number",
        ]
    );

    // The same object is documented on the page of one message, and in an example of another.
    let body = br#"{"retCode":0,"taskData":[{"taskStat":{"totalCall":"1"}}]}"#;
    let document = answered_by(Endpoint::ListTask.name(), body).document(ContentKind::Response);
    let document = document.expect("it is read");
    let deviations = document.deviations();
    let told: Vec<_> = deviations.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        ["/taskData/0/taskStat/totalCall: expected an integer, found a string"]
    );
}

#[test]
fn a_mark_and_half_pairs_are_told() {
    let body = "\u{feff}".to_owned()
        + r#"{"callbackType":1,"new":{"a/b~\udc00":["\ud800",{}]},"orderID":"\ud800","userPhone":"1","#
        + r#""userName":"","sceneID":"","userTaskID":"","taskID":"","finish":true}"#;
    let document = verified(body.as_bytes()).document(ContentKind::CallCallback);
    let document = document.expect("it is read");
    let deviations = document.deviations();
    let told: Vec<_> = deviations.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "byte-order mark before the body, skipped",
            "/other: missing",
            "half of a surrogate pair, read as U+FFFD",
            "half of a surrogate pair, read as U+FFFD",
            "/orderID: half of a surrogate pair, read as U+FFFD",
        ]
    );
    let paths: Vec<_> = deviations
        .iter()
        .map(callbot_core::Deviation::path)
        .collect();
    assert_eq!(paths[..2], ["", "/other"]);
}

#[test]
fn at_most_a_hundred_are_listed() {
    let rows = vec![json!(0); 250];
    let body = bytes(&replaced(
        &call_json(),
        "/callInfoDetail/intents",
        json!(rows),
    ));
    let document = verified(&body).document(ContentKind::CallCallback);
    let document = document.expect("it is read");
    let deviations = document.deviations();
    assert_eq!(deviations.count(), 250);
    assert_eq!(deviations.as_slice().len(), Deviations::MAX_LISTED);
    let last = deviations.iter().last().map(callbot_core::Deviation::path);
    assert_eq!(last.as_deref(), Some("/callInfoDetail/intents/99"));
}
