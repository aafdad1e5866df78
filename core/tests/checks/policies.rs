//! The two policies and the limit on the number of orders.

use callbot_core::{Batch, Order, Rules, ViolationKind};

use crate::common::{DOCUMENT, ORDER, batch_with, codes, document_of, edited, found, order_json};

#[test]
fn keep_valid_returns_a_usable_batch() {
    let document = document_of(&[
        order_json("a", "+8613800000001"),
        order_json("b", "8613800000002"),
    ]);
    let mut batch = Batch::from_json_keep_valid(document.as_bytes(), Rules::new())
        .expect("the document is accepted")
        .batch;
    let order = |order_id| Order { order_id, ..ORDER };
    assert_eq!(
        codes(&batch.add(&order("b")).unwrap_err()),
        ["duplicate_order_id"]
    );
    batch.add(&order("a")).expect("the ID is free");
    let refused = batch.add(&order("a")).unwrap_err();
    assert_eq!(
        found(&refused),
        [(
            "duplicate_order_id",
            "/callInfoList/callList/2/orderID".into()
        )]
    );
    assert_eq!(batch.len(), 2);
}

#[test]
fn keep_valid_refuses_the_document_if_not_only_orders_are_invalid() {
    let bad_order = edited(DOCUMENT, "\"8613800000001\"", "\"\"");
    for (from, to) in [
        ("\"callbot\"", "\"\""),
        ("\"t\"", "\"\""),
        ("\"https://a.example/o\"", "\"\""),
        ("\"orderCallbackUrl\":\"https://a.example/o\",", ""),
        ("\"userTaskID\"", "\"note\":1,\"userTaskID\""),
    ] {
        for document in [DOCUMENT, &bad_order] {
            let edited_document = edited(document, from, to);
            let refused =
                Batch::from_json_keep_valid(edited_document.as_bytes(), Rules::new()).unwrap_err();
            let all = Batch::from_json(edited_document.as_bytes(), Rules::new()).unwrap_err();
            assert_eq!(refused, all, "{edited_document}");
        }
    }
}

#[test]
fn refuse_all_reports_too_many_orders_once() {
    let mut rules = Rules::new();
    rules.max_orders(2).expect("the limit is valid");
    let orders: Vec<String> = ["1", "2", "3", "4", "5"]
        .map(|id| order_json(id, "8613800000001"))
        .into();
    let read = |orders: &[String]| Batch::from_json(document_of(orders).as_bytes(), rules.clone());
    assert_eq!(read(&orders[..2]).map(|batch| batch.len()), Ok(2));
    let refused = read(&orders).unwrap_err();
    assert_eq!(
        found(&refused),
        [("too_many_orders", "/callInfoList/callList/2".into())]
    );
    assert_eq!(
        refused.as_slice()[0].kind(),
        &ViolationKind::TooManyOrders { max: 2 }
    );

    // Refused orders count too, since the caller wants to send them.
    let mut orders = orders;
    orders[0] = order_json("1", "");
    let refused = read(&orders).unwrap_err();
    assert_eq!(
        found(&refused),
        [
            ("phone_empty", "/callInfoList/callList/0/userPhone".into()),
            ("too_many_orders", "/callInfoList/callList/2".into()),
        ]
    );
}

#[test]
fn refuse_all_reports_too_many_orders_whatever_the_first_excess_order_is() {
    let mut rules = Rules::new();
    rules.max_orders(1).expect("the limit is valid");
    let orders = [
        order_json("1", "8613800000001"),
        "null".into(),
        order_json("3", "8613800000001"),
    ];
    let refused = Batch::from_json(document_of(&orders).as_bytes(), rules).unwrap_err();
    let mut codes = codes(&refused);
    codes.sort_unstable();
    assert_eq!(codes, ["too_many_orders", "wrong_type"]);
}

#[test]
fn keep_valid_keeps_up_to_the_limit() {
    let mut rules = Rules::new();
    rules.max_orders(2).expect("the limit is valid");
    let document = document_of(&[
        order_json("1", ""),
        order_json("2", "8613800000001"),
        order_json("3", "8613800000001"),
        order_json("4", "8613800000001"),
        order_json("5", ""),
    ]);
    let kept =
        Batch::from_json_keep_valid(document.as_bytes(), rules).expect("the document is accepted");
    assert_eq!(
        found(&kept.refused),
        [
            ("phone_empty", "/callInfoList/callList/0/userPhone".into()),
            ("too_many_orders", "/callInfoList/callList/3".into()),
            ("too_many_orders", "/callInfoList/callList/4".into()),
            ("phone_empty", "/callInfoList/callList/4/userPhone".into()),
        ]
    );
    assert_eq!(kept.batch.len(), 2);
}

#[test]
fn add_refuses_orders_beyond_the_limit_until_clear() {
    let mut rules = Rules::new();
    rules.max_orders(1).expect("the limit is valid");
    let mut batch = batch_with(rules);
    batch.add(&ORDER).expect("the body has room");
    let second = Order {
        order_id: "2",
        ..ORDER
    };
    for _ in 0..2 {
        let refused = batch.add(&second).unwrap_err();
        assert_eq!(
            found(&refused),
            [("too_many_orders", "/callInfoList/callList/1".into())]
        );
    }
    batch.clear();
    batch.add(&second).expect("the body has room again");
}
