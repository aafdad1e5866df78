//! Characters that nobody sees: at the edges of IDs and names, and in names that look equal.

use callbot_core::{
    Algorithm, Batch, Endpoint, Order, Policy, Rules, SignedRequest, StopOrder, Task, Violation,
    ViolationKind, Violations,
};

use crate::common::{
    DOCUMENT, ORDER, TASK, batch, batch_with, codes, credentials, document_of, found, order_json,
    request_id, timestamp,
};
use crate::support::{ORDER_PATH, PARAM_PATH, param};

/// Whitespace, control and invisible characters, and how a message names each.
const BLANKS: [(char, &str); 13] = [
    ('\u{2800}', "an invisible character (U+2800)"),
    ('\u{3164}', "an invisible character (U+3164)"),
    ('\u{fff9}', "an invisible character (U+FFF9)"),
    ('\u{e0001}', "an invisible character (U+E0001)"),
    (' ', "a space (U+0020)"),
    ('\r', "a carriage return (U+000D)"),
    ('\n', "a line feed (U+000A)"),
    ('\t', "a tab (U+0009)"),
    ('\u{1f}', "a control character (U+001F)"),
    ('\u{7f}', "a control character (U+007F)"),
    ('\u{3000}', "a whitespace character (U+3000)"),
    ('\u{200b}', "an invisible character (U+200B)"),
    ('\u{feff}', "a byte-order mark (U+FEFF)"),
];

fn with_edges() -> Rules {
    let mut rules = Rules::new();
    rules.allow_blank_edges();
    rules
}

fn messages(violations: &Violations) -> Vec<String> {
    violations.iter().map(Violation::message).collect()
}

#[test]
fn a_character_that_nobody_sees_is_refused_at_both_edges_of_ids_and_names() {
    for (blank, name) in BLANKS {
        for (string, end) in [
            (format!("{blank}A-1"), "starts"),
            (format!("A-1{blank}"), "ends"),
        ] {
            let order = Order {
                order_id: &string,
                params: &[param(&string, "1")],
                ..ORDER
            };
            let task = Task {
                user_task_id: &string,
                ..TASK
            };
            let of_order = batch().add(&order).unwrap_err();
            let of_task = Batch::new(&task, Rules::new()).unwrap_err();
            assert_eq!(
                found(&of_order),
                [
                    ("blank_edge", format!("{ORDER_PATH}/orderID")),
                    ("blank_edge", format!("{PARAM_PATH}/name"))
                ]
            );
            assert_eq!(found(&of_task), [("blank_edge", "/userTaskID".into())]);
            for message in messages(&of_order).iter().chain(&messages(&of_task)) {
                let expected = format!("{end} with {name}; remove it; if it is really part of");
                assert!(message.starts_with(&expected), "{message}");
            }
            let mut allowed = Batch::new(&task, with_edges()).expect("the rules allow the edge");
            allowed.add(&order).expect("the rules allow the edges");
            // What is not at an edge is the caller's own.
            let inner = format!("a{string}z");
            let order = Order {
                order_id: &inner,
                params: &[param(&inner, "1")],
                ..ORDER
            };
            batch().add(&order).expect("nothing is at an edge");
        }
    }
}

#[test]
fn the_other_strings_may_have_such_edges() {
    let order = Order {
        other: " \r\n",
        user_name: "\u{feff}Ada",
        customer_name: "\tAda ",
        params: &[param("p", " 1\u{200b}")],
        ..ORDER
    };
    batch().add(&order).expect("only IDs and names are checked");
}

#[test]
fn a_document_keeps_its_other_orders() {
    let document = document_of(&[
        order_json("A-1\\r", "8613800000001"),
        order_json("A-2 ", "8613800000002"),
        order_json("A-3", "8613800000003"),
        order_json("\\ufeffA-4", "8613800000004"),
        order_json("A-5\\u200e", "8613800000005"),
    ]);
    let at = |i: usize| ("blank_edge", format!("/callInfoList/callList/{i}/orderID"));
    let kept =
        Batch::from_json_keep_valid(document.as_bytes(), Rules::new()).expect("one order is valid");
    assert_eq!(found(&kept.refused), [at(0), at(1), at(3), at(4)]);
    assert_eq!(kept.batch.len(), 1);
    let refused = Batch::from_json(document.as_bytes(), Rules::new()).unwrap_err();
    assert_eq!(refused, kept.refused);
    let allowed = Batch::from_json(document.as_bytes(), with_edges()).expect("the rules allow it");
    assert_eq!(allowed.len(), 5);

    let document = document.replace("\"t\"", "\"t\\n\"");
    let refused = Batch::from_json(document.as_bytes(), Rules::new()).unwrap_err();
    assert_eq!(found(&refused)[0], ("blank_edge", "/userTaskID".into()));
    assert!(Batch::from_json(document.as_bytes(), with_edges()).is_ok());
}

/// A template's names are the caller's own.
#[test]
fn a_templates_variable_may_have_such_edges() {
    let mut rules = Rules::new();
    rules
        .require_param("amount ")
        .and_then(|rules| rules.require_param("due"))
        .expect("the names are new");
    for names in [["amount ", "due"], ["due", "amount "]] {
        let order = Order {
            params: &names.map(|name| param(name, "1")),
            ..ORDER
        };
        batch_with(rules.clone())
            .add(&order)
            .expect("the names are the template's");
    }
}

#[test]
fn an_id_is_checked_in_every_endpoint() {
    let read = |rules: &Rules, endpoint, json: &str| {
        let (credentials, id, now) = (credentials(Algorithm::Md5), request_id("r"), timestamp(1));
        let json = json.as_bytes();
        SignedRequest::from_json_with(rules, endpoint, json, &credentials, id, now)
    };
    let refused = |endpoint, json: &str| {
        read(&Rules::new(), endpoint, json).expect_err("an ID has a blank edge")
    };
    let mut rules = Rules::new();
    rules.allow_blank_edges();
    for (endpoint, json, path) in [
        (
            Endpoint::StopOrder,
            r#"{"userTaskID":"t","orderIDs":["1","2\n"]}"#,
            "/orderIDs/1",
        ),
        (
            Endpoint::StopOrder,
            r#"{"userTaskID":" t","orderIDs":["1"]}"#,
            "/userTaskID",
        ),
        (
            Endpoint::ListOrderDetail,
            r#"{"userTaskID":"t","orderList":["\ufeff1"]}"#,
            "/orderList/0",
        ),
        (
            Endpoint::UpdateTask,
            r#"{"userTaskID":"t\u200b"}"#,
            "/userTaskID",
        ),
    ] {
        let violations = refused(endpoint, json);
        assert_eq!(found(&violations), [("blank_edge", path.into())]);
        assert!(messages(&violations)[0].ends_with("allow blank edges in the rules"));
        // What a batch may send can be stopped and listed.
        let allowed = read(&rules, endpoint, json).expect(json);
        assert_eq!(allowed.endpoint(), Some(endpoint));
    }
    let stop = StopOrder {
        user_task_id: "t\t",
        order_ids: &["1 "],
        ..StopOrder::default()
    };
    let sign = |rules: &Rules| {
        let (credentials, id, now) = (credentials(Algorithm::Md5), request_id("r"), timestamp(1));
        SignedRequest::from_request(rules, &stop, &credentials, id, now)
    };
    let refused_twice = sign(&Rules::new()).expect_err("two IDs have blank edges");
    assert_eq!(refused_twice.len(), 2);
    let allowed = sign(&rules).expect("the rules allow it");
    let body = br#"{"productID":"callbot","userTaskID":"t\t","orderIDs":["1 "]}"#;
    assert_eq!(allowed.body(), body);
    // For orders they are the rules of the batch.
    let document = DOCUMENT.replace("\"1\"", "\"1 \"");
    assert!(read(&rules, Endpoint::AddBatchCall, &document).is_ok());
    rules.require_param("a variable").expect("it is new");
    let refused_batch = read(&rules, Endpoint::AddBatchCall, &document).expect_err("no param");
    assert_eq!(codes(&refused_batch), ["unknown_param", "missing_param"]);
    let long = "x".repeat(4097);
    let json = format!(r#"{{"userTaskID":"{long}","orderIDs":["1","{long}"]}}"#);
    assert_eq!(
        found(&refused(Endpoint::StopOrder, &json)),
        [
            ("id_too_long", "/userTaskID".into()),
            ("id_too_long", "/orderIDs/1".into())
        ]
    );
}

#[test]
fn an_id_of_more_than_4_kib_is_surely_none() {
    let longest = "x".repeat(4096);
    let longer = "x".repeat(4097);
    for rules in [Rules::new(), with_edges()] {
        let task = |user_task_id| {
            Batch::new(
                &Task {
                    user_task_id,
                    ..TASK
                },
                rules.clone(),
            )
        };
        task(&longest).expect("4096 bytes are allowed");
        let refused = task(&longer).unwrap_err();
        assert_eq!(found(&refused), [("id_too_long", "/userTaskID".into())]);
        assert!(messages(&refused)[0].starts_with("4097 bytes"));

        let add = |order_id| batch_with(rules.clone()).add(&Order { order_id, ..ORDER });
        add(&longest).expect("4096 bytes are allowed");
        let refused = add(&longer).unwrap_err();
        assert_eq!(
            found(&refused),
            [("id_too_long", format!("{ORDER_PATH}/orderID"))]
        );
    }
    // Escapes do not count: these are 4,096 bytes, and 8,192 in the body.
    let quotes = "\"".repeat(4096);
    let order = Order {
        order_id: &quotes,
        ..ORDER
    };
    let mut full = batch();
    full.add(&order).expect("4096 bytes are allowed");
    let again = Batch::from_json(full.body(), Rules::new()).expect("it was valid before");
    assert_eq!(again.body(), full.body());
    // Nothing else is limited.
    let order = Order {
        other: &longer,
        user_name: &longer,
        customer_name: &longer,
        params: &[param(&longer, &longer)],
        ..ORDER
    };
    batch().add(&order).expect("only IDs are limited");
}

fn order<'a>(order_id: &'a str, params: &'a [callbot_core::Param<'a>]) -> Order<'a> {
    Order {
        order_id,
        params,
        ..ORDER
    }
}

#[test]
fn names_of_a_batch_that_look_equal_are_refused() {
    for (name, other, difference) in [
        (
            "amount",
            "am\u{200b}ount",
            "by invisible characters (U+200B)",
        ),
        ("am\u{ad}ount", "amount", "by invisible characters (U+00AD)"),
        ("caf\u{e9}", "cafe\u{301}", "by Unicode form"),
        (
            "caf\u{e9} 1",
            "ca\u{200d}fe\u{301} 1",
            "by invisible characters (U+200D) and Unicode form",
        ),
    ] {
        let (first, second) = ([param("x", "1"), param(name, "1")], [param(other, "1")]);
        let mut batch = batch();
        batch.add(&order("1", &first)).expect("the names are new");
        let refused = batch.add(&order("2", &second)).unwrap_err();
        assert_eq!(
            found(&refused),
            [(
                "similar_param",
                "/callInfoList/callList/1/params/0/name".into()
            )]
        );
        let message = &messages(&refused)[0];
        assert!(
            message.contains("/callInfoList/callList/0/params/1"),
            "{message}"
        );
        assert!(message.contains(difference), "{message}");
        // The batch is as it was, and takes the name as it was written first.
        batch
            .add(&order("2", &first))
            .expect("the names are the same");

        // After the batch is emptied, the other name may be the first.
        batch.clear();
        batch.add(&order("1", &second)).expect("the name is new");
        assert_eq!(
            codes(&batch.add(&order("2", &first)).unwrap_err()),
            ["similar_param"]
        );

        // Within one order too.
        let both = [first[1], second[0]];
        let refused = crate::common::batch().add(&order("1", &both)).unwrap_err();
        assert_eq!(codes(&refused), ["similar_param"]);
    }
}

#[test]
fn names_that_differ_in_what_is_seen_are_different() {
    let names = [
        "amount",
        "Amount",
        "am ount",
        "\u{430}mount",
        "\u{ff41}mount",
        "amounts",
        "amoumt",
    ];
    let mut batch = batch();
    for (i, name) in names.iter().enumerate() {
        let params = [param(name, "1")];
        batch
            .add(&order(&i.to_string(), &params))
            .expect("the name is another one");
    }
}

#[test]
fn a_refused_order_leaves_no_name_behind() {
    let (plain, hidden) = ([param("amount", "1")], [param("am\u{200b}ount", "1")]);
    let invalid = Order {
        user_phone: "",
        ..order("1", &hidden)
    };
    let mut batch = batch();
    let mut transaction = batch.begin(Policy::KeepValid);
    for order in [
        invalid,
        order("2", &plain),
        order("3", &hidden),
        order("2", &[]),
        order("4", &plain),
    ] {
        transaction.add(&order);
    }
    let refused = transaction.commit().expect("some orders are valid");
    assert_eq!(
        codes(&refused),
        ["phone_empty", "similar_param", "duplicate_order_id"]
    );
    assert_eq!(
        refused.as_slice()[1].kind().code(),
        "similar_param",
        "the second order has the name first"
    );
    assert!(messages(&refused)[1].contains("/callInfoList/callList/1/params/0"));
    assert_eq!(batch.len(), 2);
    // In the batch that order is the first one.
    let later = batch.add(&order("5", &hidden)).unwrap_err();
    assert!(matches!(
        later.as_slice()[0].kind(),
        ViolationKind::SimilarParam {
            first_order: 0,
            first: 0,
            ..
        }
    ));
}
