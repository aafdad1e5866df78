//! Pins the body format: the same orders give the same bytes in every release.
//!
//! `golden/<case>/input.json` is the documented JSON in any form: whitespace, redundant escapes,
//! keys in any order. `golden/<case>/body.json` has the expected body, without a line feed at its
//! end. This library wrote neither; Python's
//! `json.dumps(body, separators=(",", ":"), ensure_ascii=False)` gives the same bytes. Never change
//! a body to make a test pass.

mod common;

use callbot_core::{Batch, Rules, Task};
use common::{OwnedOrder, names_in, path, read};
use serde_json::Value;

const CASES: [&str; 6] = [
    "all-escapes",
    "many-orders",
    "minimal",
    "orders-before-task",
    "params",
    "scripts-and-emoji",
];

/// Calls `check` with the name, input and body of each case.
fn for_each_case(check: impl Fn(&str, &[u8], &[u8])) {
    for case in CASES {
        let folder = path("tests/golden").join(case);
        assert_eq!(names_in(&folder), ["body.json", "input.json"], "{case}");
        check(
            case,
            &read(folder.join("input.json")),
            &read(folder.join("body.json")),
        );
    }
}

#[track_caller]
fn assert_same(case: &str, made: &[u8], golden: &[u8]) {
    let show = |bytes| String::from_utf8_lossy(bytes).into_owned();
    assert_eq!(show(made), show(golden), "{case}");
    assert!(made == golden, "{case}");
}

/// Adds the orders of a document one by one.
fn batch_of(document: &Value) -> Batch {
    let string = |pointer: &str| {
        let value = document.pointer(pointer).and_then(Value::as_str);
        value.unwrap_or_else(|| panic!("{pointer} is a string"))
    };
    let task = Task {
        user_task_id: string("/userTaskID"),
        order_callback_url: string("/callInfoList/orderCallbackUrl"),
        call_callback_url: string("/callInfoList/callCallbackUrl"),
    };
    let mut batch = Batch::new(&task, Rules::new()).expect("the task is valid");
    let orders = document["callInfoList"]["callList"].as_array();
    for order in orders.expect("callList is an array") {
        OwnedOrder::from_value(order)
            .add_to(&mut batch)
            .expect("the order is valid");
    }
    batch
}

#[test]
fn every_case_is_read() {
    let mut names = names_in(&path("tests/golden"));
    // `typed_requests.rs` reads these.
    names.retain(|name| name != "requests");
    assert_eq!(names, CASES);
}

#[test]
fn json_input_gives_the_golden_body() {
    for_each_case(|case, input, body| {
        let batch = Batch::from_json(input, Rules::new()).unwrap_or_else(|e| panic!("{case}: {e}"));
        assert_same(case, batch.body(), body);

        let kept = Batch::from_json_keep_valid(input, Rules::new())
            .unwrap_or_else(|e| panic!("{case}: {e}"));
        assert!(kept.refused.is_empty(), "{case}");
        assert_same(case, kept.batch.body(), body);
    });
}

#[test]
fn orders_give_the_golden_body() {
    for_each_case(|case, input, body| {
        let document = serde_json::from_slice(input).unwrap_or_else(|e| panic!("{case}: {e}"));
        assert_same(case, batch_of(&document).body(), body);
    });
}

#[test]
fn a_golden_body_gives_itself() {
    for_each_case(|case, _, body| {
        let batch = Batch::from_json(body, Rules::new()).unwrap_or_else(|e| panic!("{case}: {e}"));
        assert_same(case, batch.body(), body);
    });
}

#[test]
fn a_golden_body_has_the_values_of_its_input() {
    for_each_case(|case, input, body| {
        let read = |json| serde_json::from_slice::<Value>(json).expect("valid JSON");
        assert_eq!(read(input), read(body), "{case}");
    });
}

#[test]
fn the_signed_body_is_the_golden_one() {
    for_each_case(|case, input, body| {
        let batch = Batch::from_json(input, Rules::new()).unwrap_or_else(|e| panic!("{case}: {e}"));
        let credentials = common::credentials(callbot_core::Algorithm::Md5);
        let id = common::request_id("r");
        let request = batch
            .sign(&credentials, id.clone(), common::timestamp(1))
            .expect("the batch has orders");
        assert_same(case, request.body(), body);
        assert_eq!(
            request.signature(),
            &credentials.sign(&id, common::timestamp(1), body),
            "{case}"
        );
    });
}
