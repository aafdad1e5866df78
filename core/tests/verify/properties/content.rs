//! Arbitrary JSON as content: read, refused or kept.

use std::collections::BTreeMap;

use callbot_core::{Algorithm, ContentKind, Order};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;

use crate::common::{self, ORDER, credentials};
use crate::support::{answered, kept, request, request_of, verified};

const KINDS: [ContentKind; 4] = [
    ContentKind::Response,
    ContentKind::CallCallback,
    ContentKind::OrderCallback,
    ContentKind::TaskCallback,
];

/// The keys of all kinds of content, and some unknown ones.
const KEYS: [&str; 64] = [
    "retCode",
    "retMsg",
    "responseID",
    "totalCount",
    "successCount",
    "errList",
    "phone",
    "errMsg",
    "callbackType",
    "orderID",
    "userPhone",
    "userName",
    "sceneID",
    "userTaskID",
    "taskID",
    "finish",
    "other",
    "callInfoDetail",
    "callID",
    "callingNumber",
    "lineAddress",
    "callStatus",
    "callStartTs",
    "callAnswerTs",
    "callEndTs",
    "callDuration",
    "callAudioUrl",
    "hangupCause",
    "termSipCode",
    "intents",
    "intentID",
    "intentTag",
    "intentName",
    "intentLevel",
    "sms",
    "smsSendTs",
    "sysMessageID",
    "smsContent",
    "agent",
    "agentName",
    "agentGroup",
    "agentCallStatus",
    "agentCallElapsed",
    "agentLabel",
    "manualCallStart",
    "manualCallAnswer",
    "manualCallEnd",
    "manualHangupBy",
    "params",
    "name",
    "value",
    "taskStatus",
    "createTs",
    "taskStat",
    "answerOrderCount",
    "finishOrderCount",
    "totalOrderCount",
    "finishRate",
    "totalAnswerCall",
    "totalCall",
    "answerRate",
    "new",
    "",
    "é\"",
];

fn key() -> impl Strategy<Value = String> {
    prop_oneof![9 => select(KEYS.to_vec()).prop_map(Into::into), 1 => any::<String>()]
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        // These keep their form when read and written.
        any::<i32>().prop_map(|n| Value::from(f64::from(n) / 64.0)),
        "-?[0-9]{1,20}".prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 8, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            btree_map(key(), inner, 0..8).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

/// A body with the required fields of every kind of content.
fn example() -> Value {
    serde_json::json!({
        "retCode": 0, "retMsg": "", "responseID": "", "totalCount": 1, "successCount": 0,
        "errList": [{"phone": "1", "errMsg": ""}],
        "callbackType": 1, "orderID": "", "userPhone": "", "userName": "", "sceneID": "",
        "userTaskID": "", "taskID": "", "finish": true, "other": "",
        "callInfoDetail": {"intents": [{}], "sms": [{}], "agent": {}, "params": [{}]},
        "taskStatus": 1, "createTs": 1,
        "taskStat": {
            "answerOrderCount": 0, "finishOrderCount": 0, "totalOrderCount": 0, "finishRate": 0.5,
            "totalAnswerCall": 0, "totalCall": 0, "answerRate": 0,
        },
    })
}

/// Reads a body as every kind of content, and returns the extra fields of each.
fn read_all(body: &[u8]) -> [Option<BTreeMap<String, String>>; 4] {
    let (answered, verified) = (answered(body), verified(body));
    let request = request("r1", &credentials(Algorithm::Md5));
    if let Ok(document) = answered.document(ContentKind::Response) {
        let outcome = document.outcome(request.body());
        assert!(outcome.is_ok(), "the request has orders");
    }
    let others = [
        answered.response().map(|content| content.extra),
        verified.call_callback().map(|content| content.extra),
        verified.order_callback().map(|content| content.extra),
        verified.task_callback().map(|content| content.extra),
    ];
    for (kind, other) in KINDS.into_iter().zip(&others) {
        let verified = match kind {
            ContentKind::Response => &answered,
            _ => &verified,
        };
        let document = verified.document(kind);
        assert_eq!(document.as_ref().err(), other.as_ref().err());
        if let Ok(document) = document {
            let deviations = document.deviations();
            for deviation in &deviations {
                let value = document
                    .get(&deviation.path())
                    .expect("a path is a pointer");
                let is_missing = deviation.to_string().ends_with(": missing");
                assert_eq!(value.is_none(), is_missing, "{deviation}");
            }
        }
    }
    others.map(|extra| Some(kept(&extra.ok()?)))
}

/// A string that may go out.
fn sent_string() -> impl Strategy<Value = String> {
    any::<String>().prop_map(|string| string.replace('\0', ""))
}

proptest! {
    #![proptest_config(common::cases(200))]

    #[test]
    fn no_json_panics(value in json()) {
        read_all(value.to_string().as_bytes());
    }

    #[test]
    fn no_string_panics(string in any::<String>(), cut in any::<Index>()) {
        read_all(string.as_bytes());
        let json = example().to_string();
        let end = cut.index(json.len());
        prop_assert!(read_all(&json.as_bytes()[..end]).iter().all(Option::is_none));
        let doubled = json.repeat(2);
        prop_assert!(read_all(doubled.as_bytes()).iter().all(Option::is_none));
    }

    #[test]
    fn any_value_in_any_place_is_read_refused_or_kept(
        changes in btree_map(key(), json(), 0..6),
        inside in option::of(select(vec![
            "/errList/0", "/callInfoDetail", "/callInfoDetail/agent", "/callInfoDetail/sms/0",
            "/callInfoDetail/params/0", "/callInfoDetail/intents/0", "/taskStat",
        ])),
    ) {
        let mut value = example();
        let object = value.pointer_mut(inside.unwrap_or("")).expect("the path exists");
        for (key, change) in &changes {
            object[key] = change.clone();
        }
        let known: Vec<String> = example().as_object().expect("the body is an object").keys().cloned().collect();
        for extra in read_all(value.to_string().as_bytes()).into_iter().flatten() {
            for (key, json) in &extra {
                prop_assert_eq!(&value[key].to_string(), json);
            }
            // Every unknown field is kept.
            for (key, json) in value.as_object().expect("the body is an object") {
                if !known.contains(key) {
                    prop_assert_eq!(&extra[key], &json.to_string());
                }
            }
        }
    }

    #[test]
    fn refused_phones_are_traced_like_a_linear_search(
        orders in vec((sent_string(), 0..5_u8, sent_string()), 1..20),
        refused in vec(0..7_u8, 0..8),
    ) {
        let phone = |number: u8| format!("861380000000{number}");
        let phones: Vec<String> = orders.iter().map(|&(_, number, _)| phone(number)).collect();
        // IDs are unique.
        let ids: Vec<String> =
            orders.iter().enumerate().map(|(i, (id, ..))| format!("{i}{id}x")).collect();
        let listed: Vec<Order<'_>> = ids
            .iter()
            .zip(&phones)
            .zip(&orders)
            .map(|((order_id, user_phone), (_, _, other))| Order {
                order_id, user_phone, other, user_name: other, customer_name: other, ..ORDER
            })
            .collect();
        let request = request_of(&listed, "r1", &credentials(Algorithm::Md5));
        let mut value = example();
        value["errList"] = refused
            .iter()
            .map(|&number| serde_json::json!({"phone": phone(number), "errMsg": "x"}))
            .collect();
        let body = value.to_string();
        let document = answered(body.as_bytes()).document(ContentKind::Response)?;
        let outcome = document.outcome(request.body()).expect("the request has orders");
        let found = outcome.refused().iter();
        let named = found.filter_map(|refusal| refusal.order.zip(refusal.order_id.as_ref()));
        // Each refused number once, in the order of the list, with all of its orders.
        let mut expected = Vec::new();
        for (i, &number) in refused.iter().enumerate() {
            if !refused[..i].contains(&number) {
                let orders = (0..ids.len()).filter(|&order| orders[order].1 == number);
                expected.extend(orders.map(|order| (order, &ids[order])));
            }
        }
        prop_assert_eq!(named.collect::<Vec<_>>(), expected);
    }
}
