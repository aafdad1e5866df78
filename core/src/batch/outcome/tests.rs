//! Outcomes of whole responses and requests. The numbers alone are tested with the account.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt::Write as _;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::api::content::ContentKind;
use crate::api::endpoint::Endpoint;

fn response(json: &str) -> Document {
    Document::new(
        json,
        || Ok(Arc::new(json.into())),
        ContentKind::Response,
        Some(Endpoint::AddBatchCall),
    )
    .unwrap()
}

/// The body of a request with these phone numbers. The IDs are `id-0`, `id-1`, ...
fn request(phones: &[&str]) -> String {
    let orders: Vec<String> = phones
        .iter()
        .enumerate()
        .map(|(i, phone)| format!(r#"{{"orderID":"id-{i}","userPhone":"{phone}"}}"#))
        .collect();
    let orders = orders.join(",");
    format!(r#"{{"userTaskID":"t","callInfoList":{{"callList":[{orders}]}}}}"#)
}

/// An outcome as its kind and one line for each refusal.
fn outcome(json: &str, request_body: &str) -> (OutcomeKind, Vec<String>) {
    let outcome = response(json).outcome(request_body.as_bytes()).unwrap();
    let line = |refusal: &Refusal| {
        let order = refusal.order.map_or("-".into(), |order| order.to_string());
        let [id, phone, message] = [
            refusal.order_id.as_deref(),
            refusal.phone.as_deref(),
            refusal.message.as_deref().map(String::as_str),
        ]
        .map(|part| part.unwrap_or("-"));
        let mark = if refusal.is_ambiguous { " ?" } else { "" };
        format!("{order} {id} {phone} {message}{mark}")
    };
    let refused = outcome.refused().iter().map(line).collect();
    (outcome.kind(), refused)
}

const PHONES: [&str; 3] = ["8613800000001", "447700900123", "8613800000003"];

#[track_caller]
fn check(json: &str, kind: OutcomeKind, refused: &[&str]) {
    let (found, lines) = outcome(json, &request(&PHONES));
    assert_eq!(found, kind);
    assert_eq!(lines, refused);
}

#[test]
fn a_phone_number_is_compared_by_its_digits() {
    for phone in [
        r#""447700900123""#,
        r#""+447700900123""#,
        r#""00447700900123""#,
        r#""+44 (7700) 900-123""#,
        "447700900123",
    ] {
        check(
            &format!(
                r#"{{"retCode":0,"totalCount":3,"successCount":2,
                "errList":[{{"phone":{phone},"errMsg":"not allowed"}}]}}"#
            ),
            OutcomeKind::Partly,
            &["1 id-1 447700900123 not allowed"],
        );
    }
}

#[test]
fn orders_that_nobody_accounts_for_are_told() {
    let kind = OutcomeKind::Unaccounted;
    check(
        r#"{"retCode":0,"totalCount":3,"successCount":2}"#,
        kind,
        &[],
    );
    check(
        r#"{"retCode":0,"totalCount":1,"successCount":1}"#,
        kind,
        &[],
    );
    check(r#"{"retCode":0}"#, kind, &[]);
    check(
        r#"{"retCode":0,"totalCount":3,"successCount":"three"}"#,
        kind,
        &[],
    );
    check(
        r#"{"retCode":6,"totalCount":3,"successCount":3}"#,
        kind,
        &[],
    );
    check(
        r#"{"retCode":0,"totalCount":3,"successCount":2,"errList":{}}"#,
        kind,
        &[],
    );
    check(r#"{"retCode":5001,"retMsg":"error"}"#, kind, &[]);
}

#[test]
fn a_row_that_names_no_order_is_kept() {
    check(
        r#"{"retCode":0,"totalCount":3,"successCount":0,"errList":["447700900123",null,
            {"phone":"861","errMsg":"b"},{"phone":"","errMsg":"c"},{"phone":4.5,"errMsg":5},
            {"phone":"8613800000003","errMsg":"d"}]}"#,
        OutcomeKind::Unaccounted,
        &[
            "- - - -",
            "- - - -",
            "- - 861 b",
            "- -  c",
            "- - - 5",
            "2 id-2 8613800000003 d",
        ],
    );
}

#[test]
fn two_orders_with_one_phone_number_are_ambiguous() {
    let request = request(&["861", "862", "861", "861"]);
    let two = r#"{"phone":"861","errMsg":"a"},{"phone":"861","errMsg":"b"}"#;
    let json = format!(r#"{{"retCode":0,"totalCount":4,"successCount":2,"errList":[{two}]}}"#);
    let (kind, refused) = outcome(&json, &request);
    assert_eq!(kind, OutcomeKind::Ambiguous);
    assert_eq!(
        refused,
        ["0 id-0 861 a ?", "2 id-2 861 b ?", "3 id-3 861 b ?"]
    );

    let json = format!(r#"{{"retCode":0,"totalCount":4,"successCount":1,"errList":[{two}]}}"#);
    let (kind, refused) = outcome(&json, &request);
    assert_eq!(kind, OutcomeKind::Partly);
    assert_eq!(refused, ["0 id-0 861 a", "2 id-2 861 b", "3 id-3 861 b"]);
}

#[test]
fn orders_that_are_stopped_are_named_by_their_ids() {
    let json = r#"{"retCode":0,"totalCount":2,"successCount":1,
        "errList":[{"orderID":"b","errMsg":"finished"}]}"#;
    let (kind, refused) = outcome(json, r#"{"userTaskID":"t","orderIDs":["a","b"]}"#);
    assert_eq!(kind, OutcomeKind::Partly);
    assert_eq!(refused, ["1 b - finished"]);
}

#[test]
fn the_advice_about_a_retry_calls_neither_a_success_nor_a_refusal_what_is_not_known() {
    let retry = |json: &str| {
        let outcome = response(json).outcome(request(&PHONES).as_bytes()).unwrap();
        outcome.retry()
    };
    assert_eq!(
        retry(r#"{"retCode":0,"totalCount":3,"successCount":3}"#),
        Retry::Succeeded
    );
    assert_eq!(
        retry(r#"{"retCode":0,"totalCount":3,"successCount":2}"#),
        Retry::Unknown
    );
    assert_eq!(
        retry(r#"{"retCode":0,"totalCount":3,"successCount":9}"#),
        Retry::Unknown
    );
    assert_eq!(retry(r#"{"retCode":5001}"#), Retry::Unknown);
    assert_eq!(retry(r#"{"retCode":7}"#), Retry::Later);
    assert_eq!(retry(r#"{"retCode":6}"#), Retry::Never);
    let rows = PHONES
        .map(|phone| format!(r#"{{"phone":"{phone}"}}"#))
        .join(",");
    assert_eq!(
        retry(&format!(r#"{{"retCode":0,"errList":[{rows}]}}"#)),
        Retry::Never
    );
    let one = r#"{"retCode":0,"errList":[{"phone":"447700900123"}]}"#;
    assert_eq!(retry(one), Retry::Succeeded);
}

#[test]
fn a_body_without_orders_is_refused() {
    let refused = r#"{"retCode":0,"errList":[{"phone":"861"}]}"#;
    for json in [r#"{"retCode":0}"#, refused] {
        for request in [
            "",
            "[]",
            "{}",
            r#"{"callInfoList":{"callList":{}}}"#,
            r#"{"orderIDs":1}"#,
        ] {
            let error = response(json).outcome(request.as_bytes()).unwrap_err();
            assert_eq!(error, OutcomeError::Request, "{request}");
        }
        let error = response(json).outcome(b"\xff").unwrap_err();
        assert_eq!(error, OutcomeError::Request);
    }
    let callback = r#"{"callbackType":1,"orderID":"1"}"#;
    let callback = Document::new(
        callback,
        || Ok(Arc::new(callback.into())),
        ContentKind::CallCallback,
        None,
    )
    .unwrap();
    let error = callback.outcome(request(&PHONES).as_bytes()).unwrap_err();
    assert_eq!(error, OutcomeError::Callback);
}

/// A response without a `retCode` is no success.
#[test]
fn the_code_of_a_ping_is_under_another_key() {
    let json = r#"{"code":7,"msg":"busy","reqId":"x"}"#;
    let ping = Document::new(
        json,
        || Ok(Arc::new(json.into())),
        ContentKind::Response,
        Some(Endpoint::Ping),
    )
    .unwrap();
    let outcome = ping.outcome(request(&PHONES).as_bytes()).unwrap();
    assert_eq!(outcome.kind(), OutcomeKind::Refused);
    assert_eq!(outcome.retry(), Retry::Later);
}

#[test]
fn orders_are_counted_in_any_body() {
    let json = r#"{"retCode":0,"totalCount":2,"successCount":2}"#;
    for orders in [
        r#"{"orderID":"1"},{"orderID":"2"}"#,
        r#"{"orderID":"1"} , { "orderID" : "2" }"#,
        r#"{"orderID":"{\"orderID\":\""},{"orderID":"2"}"#,
        r#"{"userPhone":"1"},{"other":"{\"orderID\":\"","orderID":"2"}"#,
    ] {
        let request = format!(r#"{{"callInfoList":{{"callList":[{orders}]}}}}"#);
        assert_eq!(outcome(json, &request).0, OutcomeKind::Accepted, "{orders}");
    }
    let one = r#"{"callInfoList":{"callList":[{"orderID":"1","other":"{\"orderID\":\""}]}}"#;
    assert_eq!(outcome(json, one).0, OutcomeKind::Unaccounted);
}

#[test]
fn many_refusals_of_one_number_take_no_product() {
    const COUNT: usize = 20_000;
    let request = request(&alloc::vec!["861"; COUNT]);
    let rows = alloc::vec![r#"{"phone":"861"}"#; COUNT].join(",");
    let (kind, refused) = outcome(&format!(r#"{{"retCode":0,"errList":[{rows}]}}"#), &request);
    assert_eq!((kind, refused.len()), (OutcomeKind::Refused, COUNT));
}

/// What is listed is bounded by the request, whatever the response's size. Those that name nothing
/// and those that name another number count alike.
#[test]
fn refusals_that_belong_to_no_order_are_counted_beyond_a_bound() {
    let known = r#"{"phone":"861"}"#;
    for (sent, max) in [(1, 100), (100, 100), (150, 150)] {
        let phones = alloc::vec!["861"; sent];
        let mut rows = alloc::vec!["0", r#"{"phone":"9"}"#].repeat(max);
        rows.push(known);
        let json = format!(r#"{{"retCode":0,"errList":[{}]}}"#, rows.join(","));
        let outcome = response(&json)
            .outcome(request(&phones).as_bytes())
            .unwrap();
        assert_eq!(outcome.kind(), OutcomeKind::Unaccounted);
        assert_eq!(outcome.unlisted(), max, "{sent}");
        let listed = outcome.refused();
        assert_eq!(listed.len(), max + sent);
        assert!(listed[..max].iter().all(|refusal| refusal.order.is_none()));
        assert!(listed[max..].iter().all(|refusal| refusal.order.is_some()));

        let json = format!(r#"{{"retCode":0,"errList":[{}]}}"#, rows[..max].join(","));
        let outcome = response(&json)
            .outcome(request(&phones).as_bytes())
            .unwrap();
        assert_eq!((outcome.refused().len(), outcome.unlisted()), (max, 0));
    }
}

/// More rows than orders with a number: the first reasons count.
#[test]
fn more_refusals_than_orders_of_a_number_are_not_listed() {
    let rows: Vec<_> = (0..1000)
        .map(|i| format!(r#"{{"phone":"861","errMsg":"{i}"}}"#))
        .collect();
    let json = format!(r#"{{"retCode":0,"errList":[{}]}}"#, rows.join(","));
    let (kind, refused) = outcome(&json, &request(&["861", "862", "861"]));
    assert_eq!(kind, OutcomeKind::Partly);
    assert_eq!(refused, ["0 id-0 861 0", "2 id-2 861 1"]);
}

#[test]
fn debug_shows_no_personal_data() {
    let json = r#"{"retCode":0,"errList":[{"phone":"447700900123","errMsg":"message"}]}"#;
    let outcome = response(json).outcome(request(&PHONES).as_bytes()).unwrap();
    let debug = format!("{outcome:?}");
    for secret in ["447700900123", "message", "id-1"] {
        assert!(!debug.contains(secret), "{debug}");
    }
}

proptest! {
    /// The provider refuses some orders and lists a row for each, or for each number. An outcome
    /// that claims to account for every order names these orders and no others.
    #[test]
    fn what_is_accounted_for_is_true(
        orders in vec((0..4_usize, any::<bool>()), 1..8),
        a_row_for_each_order in any::<bool>(),
        has_total in any::<bool>(),
        has_accepted in any::<bool>(),
    ) {
        let numbers = ["861", "862", "863", "864"];
        let phones: Vec<&str> = orders.iter().map(|&(number, _)| numbers[number]).collect();
        let refused: Vec<usize> = (0..orders.len()).filter(|&i| orders[i].1).collect();
        let mut rows: Vec<&str> = refused.iter().map(|&i| phones[i]).collect();
        if !a_row_for_each_order {
            rows.sort_unstable();
            rows.dedup();
        }
        let rows: Vec<String> = rows.iter().map(|phone| format!(r#"{{"phone":"{phone}"}}"#)).collect();
        let mut json = format!(r#"{{"retCode":0,"errList":[{}]"#, rows.join(","));
        if has_total {
            write!(json, r#","totalCount":{}"#, orders.len()).unwrap();
        }
        if has_accepted {
            write!(json, r#","successCount":{}"#, orders.len() - refused.len()).unwrap();
        }
        json += "}";
        let outcome = response(&json).outcome(request(&phones).as_bytes()).unwrap();
        let mut named: Vec<usize> = outcome.refused().iter().filter_map(|refusal| refusal.order).collect();
        named.sort_unstable();
        match outcome.kind() {
            OutcomeKind::Accepted => prop_assert!(refused.is_empty()),
            OutcomeKind::Partly => prop_assert_eq!(named, refused),
            OutcomeKind::Refused => prop_assert_eq!(refused.len(), orders.len()),
            // A row that stands for one of several orders; all that may be refused are named.
            OutcomeKind::Ambiguous => {
                prop_assert!(refused.iter().all(|order| named.contains(order)));
                prop_assert!(outcome.refused().iter().any(|refusal| refusal.is_ambiguous));
            }
            OutcomeKind::Unaccounted => prop_assert!(false, "the numbers add up"),
        }
    }
}
