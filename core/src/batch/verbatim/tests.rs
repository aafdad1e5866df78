//! The full reader is the oracle.

use alloc::string::String;
use alloc::vec::Vec;

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;
use crate::api::endpoint::OrderEndpoint;
use crate::api::tables;
use crate::api::task::Task;
use crate::batch::body::Body;
use crate::batch::from_json::{self, Format};
use crate::batch::order::{Order, Param};
use crate::batch::rules::Rules;
use crate::batch::{Batch, Policy};
use crate::check::violation::Violations;

const ENDPOINTS: [OrderEndpoint; 2] = [OrderEndpoint::AddBatchCall, OrderEndpoint::CreateAndCall];

fn format_of(endpoint: OrderEndpoint) -> Format {
    Format {
        table: tables::of_request(endpoint.into()),
        may_lack_orders: false,
    }
}

const TASK: Task<'static> = Task {
    user_task_id: "t",
    order_callback_url: "https://a.example/",
    call_callback_url: "https://b.example/?x=1",
};

#[derive(Debug, Clone)]
struct OwnedOrder {
    strings: [String; 4],
    user_phone: String,
    params: Vec<(String, String)>,
}

fn string() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,20}",
        "[ -~]{1,12}",
        "[\"\\\\\u{0}-\u{1f}a\u{7f}é中😀/]{1,9}",
    ]
}

fn order() -> impl Strategy<Value = OwnedOrder> {
    let params = prop::collection::vec((string(), string()), 0..4);
    (
        [string(), string(), string(), string()],
        "861[0-9]{10}",
        params,
    )
        .prop_map(|(strings, user_phone, params)| OwnedOrder {
            strings,
            user_phone,
            params,
        })
}

/// The body of the valid orders.
fn document(orders: &[OwnedOrder]) -> String {
    let mut batch = Batch::new(&TASK, blank_edges()).unwrap();
    for order in orders {
        let params: Vec<Param<'_>> = order
            .params
            .iter()
            .map(|(name, value)| Param { name, value })
            .collect();
        let [order_id, other, user_name, customer_name] = order.strings.each_ref();
        let _ = batch.add(&Order {
            order_id,
            user_phone: &order.user_phone,
            other,
            user_name,
            customer_name,
            params: &params,
        });
    }
    String::from_utf8(batch.body().to_vec()).unwrap()
}

/// The same orders for `createAndCall`, with members before and after them.
fn created(json: &str) -> String {
    let before = r#","sceneID":[1.50,"a\""],"funcFlag":{"x":1},"callInfoList""#;
    let json = json.replacen(",\"callInfoList\"", before, 1);
    let open = json.strip_suffix('}').unwrap();
    alloc::format!(r#"{open},"x":{{"callList":[1]}},"a":null}}"#)
}

/// Replaces `removed` characters.
#[derive(Debug, Clone)]
struct Change {
    place: Index,
    removed: usize,
    put: String,
}

fn change() -> impl Strategy<Value = Change> {
    let put = prop_oneof![
        Just(String::new()),
        "[ \t\n]",
        "[\"\\\\{}\\[\\],:0a+]",
        "\\\\u00[01][0-9a-fA-F]",
        "\\\\[\"\\\\/bfnrtu]",
        "\u{1}|é|😀",
    ];
    (any::<Index>(), 0..3_usize, put).prop_map(|(place, removed, put)| Change {
        place,
        removed,
        put,
    })
}

fn changed(document: &str, changes: &[Change]) -> String {
    let mut chars: Vec<char> = document.chars().collect();
    for change in changes {
        let start = change.place.index(chars.len());
        let end = chars.len().min(start + change.removed);
        chars.splice(start..end, change.put.chars());
    }
    chars.into_iter().collect()
}

fn blank_edges() -> Rules {
    let mut rules = Rules::new();
    rules.allow_blank_edges();
    rules
}

fn rules(strict: bool) -> Rules {
    let mut rules = Rules::new();
    if strict {
        rules.max_orders(3).unwrap();
        rules.allow_country_code("86").unwrap();
    }
    rules
}

/// Everything observable: the violations, the body, and which IDs are taken by which order.
fn seen(
    batch: &mut Batch,
    outcome: Result<Violations, Violations>,
    orders: &[OwnedOrder],
) -> (Result<String, String>, Vec<u8>, Vec<String>) {
    let outcome = match outcome {
        Ok(violations) => Ok(alloc::format!("{violations:?}")),
        Err(violations) => {
            return (
                Err(alloc::format!("{violations:?}")),
                Vec::new(),
                Vec::new(),
            );
        }
    };
    let body = batch.body().to_vec();
    let user_phone = "8613800000001";
    let taken = orders.iter().map(|order| {
        let order_id = &order.strings[0];
        alloc::format!(
            "{:?}",
            batch.add(&Order {
                order_id,
                user_phone,
                ..Order::default()
            })
        )
    });
    (outcome, body, taken.collect())
}

fn both_readers_agree(json: &str, orders: &[OwnedOrder], strict: bool) {
    for endpoint in ENDPOINTS {
        for policy in [Policy::RefuseAll, Policy::KeepValid] {
            let [fast, slow] = [from_json::read_str, from_json::read_any].map(|read| {
                let mut batch = without_task(endpoint, rules(strict));
                let mut transaction = batch.begin(policy);
                read(json, format_of(endpoint), &mut transaction);
                let outcome = transaction.commit();
                seen(&mut batch, outcome, orders)
            });
            assert_eq!(fast, slow, "{json}");
        }
    }
}

/// Whether the fast path reads the document.
fn is_read(endpoint: OrderEndpoint, json: &str) -> bool {
    let mut batch = without_task(endpoint, blank_edges());
    let mut transaction = batch.begin(Policy::RefuseAll);
    let is_read = read(json, &mut transaction, |json, transaction| {
        from_json::read_any(json, format_of(endpoint), transaction);
    });
    assert_eq!(
        transaction.size().0 > 0,
        is_read,
        "an unread document is rolled back"
    );
    is_read
}

proptest! {
    #[test]
    fn a_canonical_document_is_read(orders in prop::collection::vec(order(), 1..6)) {
        let added = document(&orders);
        let has_escaped_name = orders.iter().flat_map(|order| &order.params).any(|(name, _)| {
            name.contains(|c: char| c < ' ' || c == '"' || c == '\\')
        });
        let is_empty = added.contains(r#""callList":[]"#);
        for (endpoint, json) in ENDPOINTS.into_iter().zip([added.clone(), created(&added)]) {
            prop_assert!(is_read(endpoint, &json) || has_escaped_name || is_empty);
            both_readers_agree(&json, &orders, false);
            both_readers_agree(&json, &orders, true);
        }
    }

    #[test]
    fn a_changed_document_is_read_as_the_full_reader_reads_it(
        orders in prop::collection::vec(order(), 1..4),
        duplicated in any::<Index>(),
        has_duplicate in any::<bool>(),
        changes in prop::collection::vec(change(), 0..4),
        strict in any::<bool>(),
        is_created in any::<bool>(),
    ) {
        let mut json = document(&orders);
        if is_created {
            json = created(&json);
        }
        if has_duplicate {
            // A duplicate order.
            let list = json.find(r#""callList":["#).unwrap() + r#""callList":["#.len();
            let ends: Vec<usize> = json.match_indices("]}").map(|(at, _)| at + 2).collect();
            let end = ends[duplicated.index(ends.len())];
            if end < json.len() {
                let order = alloc::format!("{},", &json[list..end]);
                json.insert_str(list, &order);
            }
        }
        both_readers_agree(&changed(&json, &changes), &orders, strict);
    }
}

#[test]
fn any_one_byte_removed_or_changed_is_read_as_the_full_reader_reads_it() {
    let orders = [OwnedOrder {
        strings: ["1", "o \"\\\u{1}", "王芳", "c"].map(String::from),
        user_phone: "8613800000001".into(),
        params: [("a", "1"), ("b", "2")]
            .map(|(name, value)| (name.into(), value.into()))
            .to_vec(),
    }];
    let json = document(&orders);
    for (endpoint, json) in ENDPOINTS.into_iter().zip([json.clone(), created(&json)]) {
        assert!(is_read(endpoint, &json));
        any_one_byte_of(&json, &orders);
    }
}

fn any_one_byte_of(json: &str, orders: &[OwnedOrder]) {
    for at in (0..json.len()).filter(|&at| json.is_char_boundary(at)) {
        both_readers_agree(&json[..at], orders, false);
        for put in ["\"", "\\", "x", " ", ",", "]", "}", "/"] {
            let end = (at + 1..=json.len())
                .find(|&end| json.is_char_boundary(end))
                .unwrap();
            let other = [&json[..at], put, &json[end..]].concat();
            both_readers_agree(&other, orders, false);
            let more = [&json[..at], put, &json[at..]].concat();
            both_readers_agree(&more, orders, false);
        }
    }
}

#[test]
fn more_orders_than_the_sample_are_read() {
    let orders: Vec<OwnedOrder> = (0..100)
        .map(|i| OwnedOrder {
            strings: [
                alloc::format!("{i}"),
                String::new(),
                String::new(),
                String::new(),
            ],
            user_phone: "8613800000001".into(),
            params: Vec::new(),
        })
        .collect();
    for count in [SAMPLE - 1, SAMPLE, SAMPLE + 1, 80] {
        let json = document(&orders[..count]);
        assert!(is_read(ENDPOINTS[0], &json), "{count}");
        both_readers_agree(&json, &orders, false);
    }
}

/// The last byte of an ID's escaped form says nothing about its last character.
#[test]
fn an_edge_that_is_escaped_is_refused_as_any_other() {
    for order_id in [
        "1\n", "1\u{1f}", "1\u{1}", "\r1", "\u{1f}1", "1\u{7f}", "\u{a0}1",
    ] {
        let orders = [OwnedOrder {
            strings: [order_id, "", "", ""].map(String::from),
            user_phone: "8613800000001".into(),
            params: Vec::new(),
        }];
        let json = document(&orders);
        both_readers_agree(&json, &orders, false);
        let refused = Batch::from_json(json.as_bytes(), Rules::new()).unwrap_err();
        assert_eq!(refused.as_slice()[0].code(), "blank_edge", "{order_id:?}");
    }
}

/// The template's variable is a backslash and an n, and the document's is a line feed.
#[test]
fn a_name_is_not_confused_with_its_escape() {
    let orders = [OwnedOrder {
        strings: ["1", "", "", ""].map(String::from),
        user_phone: "8613800000001".into(),
        params: [("\n".into(), "1".into())].to_vec(),
    }];
    let mut rules = Rules::new();
    rules.require_param("\\n").unwrap();
    let refused = Batch::from_json(document(&orders).as_bytes(), rules).unwrap_err();
    let codes: Vec<&str> = refused
        .iter()
        .map(crate::check::violation::Violation::code)
        .collect();
    assert_eq!(codes, ["unknown_param", "missing_param"]);
}

fn without_task(endpoint: OrderEndpoint, rules: Rules) -> Batch {
    Batch::of_body(endpoint, rules, Body::new().unwrap()).unwrap()
}
