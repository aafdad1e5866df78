//! Transactions: lists of orders that are accepted or refused as a whole.

mod common;

use std::panic::{AssertUnwindSafe, catch_unwind};

use callbot_core::{Batch, Order, Policy, Rules, Violation, ViolationKind, Violations};
use common::{batch, batch_with, codes, document_of, found, order_json};

fn order<'a>(order_id: &'a str, user_phone: &'a str) -> Order<'a> {
    Order {
        order_id,
        user_phone,
        ..Order::default()
    }
}

const PHONE: &str = "8613800000001";

/// A batch with the orders `x` and `y`, and its body.
fn filled() -> (Batch, Vec<u8>) {
    let mut batch = batch();
    for id in ["x", "y"] {
        batch.add(&order(id, PHONE)).expect("the order is valid");
    }
    let body = document_of(&["x", "y"].map(|id| order_json(id, PHONE))).into_bytes();
    assert_eq!(batch.body(), body);
    (batch, body)
}

fn at(place: &str) -> String {
    format!("/callInfoList/callList/{place}")
}

/// Asserts that the batch accepts each of these IDs, and refuses its duplicate.
fn assert_free(batch: &Batch, ids: &[&str]) {
    let mut batch = batch.clone();
    for id in ids {
        batch.add(&order(id, PHONE)).expect("the ID is free");
        let refused = batch.add(&order(id, PHONE)).unwrap_err();
        assert_eq!(codes(&refused), ["duplicate_order_id"]);
    }
}

#[test]
fn a_valid_list_is_accepted() {
    for (before, mut batch) in [(vec![], batch()), (vec!["x", "y"], filled().0)] {
        let added = batch.add_all(["a", "b", "c"].map(|id| order(id, PHONE)));
        assert_eq!(added, Ok(()));
        let ids = [before, vec!["a", "b", "c"]].concat();
        let orders: Vec<String> = ids.iter().map(|id| order_json(id, PHONE)).collect();
        assert_eq!(batch.body(), document_of(&orders).as_bytes());
        assert_eq!(batch.len(), ids.len());
        assert_eq!(
            codes(&batch.add(&order("a", PHONE)).unwrap_err()),
            ["duplicate_order_id"]
        );
        assert_free(&batch, &["d"]);
    }
    assert_eq!(batch().add_all::<str>([]), Ok(()));
}

#[test]
fn an_invalid_order_refuses_the_whole_list_and_leaves_no_trace() {
    let (mut batch, body) = filled();
    for _ in 0..2 {
        let refused = batch
            .add_all([
                order("a", PHONE),
                order("b", "+1"),
                order("", PHONE),
                order("b", PHONE),
                order("a", PHONE),
                order("x", PHONE),
                order("c", PHONE),
            ])
            .unwrap_err();
        assert_eq!(
            found(&refused),
            [
                ("phone_plus", at("3/userPhone")),
                ("empty", at("4/orderID")),
                ("duplicate_order_id", at("5/orderID")),
                ("duplicate_order_id", at("6/orderID")),
                ("duplicate_order_id", at("7/orderID")),
            ]
        );
        let firsts: Vec<&ViolationKind> = refused.iter().skip(2).map(Violation::kind).collect();
        let duplicate = |first| ViolationKind::DuplicateOrderId { first };
        assert_eq!(firsts, [&duplicate(3), &duplicate(2), &duplicate(0)]);
        assert_eq!(batch.body(), body);
        assert_eq!(batch.len(), 2);
        assert_free(&batch, &["a", "b", "c"]);
    }
    assert_eq!(
        codes(&batch.add(&order("y", PHONE)).unwrap_err()),
        ["duplicate_order_id"]
    );
}

/// The violations of a list of IDs and phone numbers, by simple reference code. The list starts at
/// index `before`.
fn expected_violations(
    orders: &[(&str, &str)],
    before: usize,
) -> Vec<(&'static str, String, Option<usize>)> {
    let mut violations = Vec::new();
    for (i, (id, phone)) in orders.iter().enumerate() {
        let number = before + i;
        if *phone != PHONE {
            violations.push(("phone_plus", at(&format!("{number}/userPhone")), None));
        }
        if let Some(first) = orders[..i].iter().position(|(other, _)| other == id) {
            let path = at(&format!("{number}/orderID"));
            violations.push(("duplicate_order_id", path, Some(before + first)));
        }
    }
    violations
}

/// IDs are looked up in groups. Wherever in a group the violations are, they are reported in list
/// order, and the JSON of the list has the same violations.
#[test]
fn violations_of_a_long_list_are_reported_in_list_order() {
    let ids: Vec<String> = (0..300).map(|i| format!("id-{i}")).collect();
    let good: Vec<(&str, &str)> = ids.iter().map(|id| (id.as_str(), PHONE)).collect();
    let all_duplicates: &[&[(usize, usize)]] = &[
        &[],
        &[(1, 0)],
        &[(127, 0), (126, 0)],
        &[(128, 127)],
        &[(299, 298), (256, 255), (255, 3), (129, 128)],
        &[(299, 0)],
    ];
    for duplicates in all_duplicates {
        for wrong_phone in [
            None,
            Some(0),
            Some(126),
            Some(127),
            Some(128),
            Some(200),
            Some(299),
        ] {
            let mut orders = good.clone();
            for &(second, first) in *duplicates {
                orders[second].0 = good[first].0;
            }
            if let Some(i) = wrong_phone {
                orders[i].1 = "+8613800000001";
            }

            let (mut batch, body) = filled();
            let added = batch.add_all(orders.iter().map(|&(id, phone)| order(id, phone)));
            let json: Vec<String> = orders
                .iter()
                .map(|(id, phone)| order_json(id, phone))
                .collect();
            let read = Batch::from_json(document_of(&json).as_bytes(), Rules::new());
            for (refused, before) in [(added.err(), 2), (read.err(), 0)] {
                let refused: Vec<_> = refused
                    .iter()
                    .flatten()
                    .map(|violation| {
                        let first = match violation.kind() {
                            ViolationKind::DuplicateOrderId { first } => Some(*first),
                            _ => None,
                        };
                        (violation.code(), violation.path(), first)
                    })
                    .collect();
                assert_eq!(
                    refused,
                    expected_violations(&orders, before),
                    "{duplicates:?} {wrong_phone:?}"
                );
            }
            if duplicates.is_empty() && wrong_phone.is_none() {
                assert_eq!(batch.len(), 302);
                let taken = batch.add(&order("id-299", PHONE)).unwrap_err();
                assert_eq!(codes(&taken), ["duplicate_order_id"]);
            } else {
                assert_eq!(batch.body(), body);
                assert_eq!(batch.len(), 2);
                assert_free(&batch, &["id-0", "id-127", "id-299"]);
            }
        }
    }
}

/// Rollback removes every ID, whether it was looked up or not.
#[test]
fn a_dropped_transaction_with_many_orders_leaves_no_trace() {
    for count in [1, 127, 128, 129, 300] {
        let (mut batch, body) = filled();
        let ids: Vec<String> = (0..count).map(|i| format!("id-{i}")).collect();
        let mut transaction = batch.begin(Policy::RefuseAll);
        for id in &ids {
            transaction.add(&order(id, PHONE));
        }
        drop(transaction);
        assert_eq!(batch.body(), body);
        assert_eq!(batch.len(), 2);
        let add_all = |batch: &mut Batch| batch.add_all(ids.iter().map(|id| order(id, PHONE)));
        assert_eq!(add_all(&mut batch), Ok(()));

        // A leaked transaction can be cleared.
        batch.clear();
        let mut transaction = batch.begin(Policy::RefuseAll);
        for id in &ids {
            transaction.add(&order(id, PHONE));
        }
        std::mem::forget(transaction);
        batch.clear();
        assert_eq!(add_all(&mut batch), Ok(()));
        assert_eq!(batch.len(), count);
    }
}

#[test]
fn add_all_refuses_what_from_json_refuses() {
    let orders = [
        ("a", PHONE),
        ("b", ""),
        ("a", "0"),
        ("", "x"),
        ("b", PHONE),
        ("c", PHONE),
    ];
    let mut rules = Rules::new();
    rules.max_orders(5).expect("the limit is valid");
    let document = document_of(&orders.map(|(id, phone)| order_json(id, phone)));
    let from_json = Batch::from_json(document.as_bytes(), rules.clone()).unwrap_err();
    let added = batch_with(rules).add_all(orders.map(|(id, phone)| order(id, phone)));
    assert_eq!(added, Err(from_json));
}

#[test]
fn keep_valid_keeps_the_valid_orders() {
    let (mut batch, _) = filled();
    let mut transaction = batch.begin(Policy::KeepValid);
    for (id, phone) in [
        ("a", "+1"),
        ("a", PHONE),
        ("x", PHONE),
        ("b", PHONE),
        ("a", PHONE),
    ] {
        transaction.add(&order(id, phone));
    }
    let refused = transaction.commit().expect("the valid orders are accepted");
    assert_eq!(
        found(&refused),
        [
            ("phone_plus", at("2/userPhone")),
            ("duplicate_order_id", at("4/orderID")),
            ("duplicate_order_id", at("6/orderID")),
        ]
    );
    let orders = ["x", "y", "a", "b"].map(|id| order_json(id, PHONE));
    assert_eq!(batch.body(), document_of(&orders).as_bytes());
    assert_eq!(batch.len(), 4);
    assert_free(&batch, &["c"]);

    // After the commit, indices are those of the batch.
    for (first, id) in ["x", "y", "a", "b"].into_iter().enumerate() {
        let refused = batch.add(&order(id, PHONE)).unwrap_err();
        let expected = ViolationKind::DuplicateOrderId { first };
        assert_eq!(refused.as_slice()[0].kind(), &expected);
        assert_eq!(refused.as_slice()[0].path(), at("4/orderID"));
    }

    let mut transaction = batch.begin(Policy::KeepValid);
    transaction.add(&order("c", PHONE));
    assert_eq!(transaction.commit(), Ok(Violations::default()));
    assert_eq!(batch.len(), 5);
}

#[test]
fn a_dropped_transaction_leaves_no_trace() {
    for policy in [Policy::RefuseAll, Policy::KeepValid] {
        for orders in [
            &[][..],
            &[("a", PHONE), ("b", PHONE)],
            &[("a", ""), ("b", PHONE), ("b", PHONE)],
            &[("a", PHONE), ("b", "")],
        ] {
            let (mut batch, body) = filled();
            let mut transaction = batch.begin(policy);
            for (id, phone) in orders {
                transaction.add(&order(id, phone));
            }
            drop(transaction);
            assert_eq!(batch.body(), body);
            assert_eq!(batch.len(), 2);
            assert_free(&batch, &["a", "b"]);
        }
    }
}

#[test]
fn a_transaction_that_panics_leaves_no_trace() {
    let (mut batch, body) = filled();
    let orders = ["a", "b"].into_iter().map(|id| order(id, ""));
    let broken = orders.chain(std::iter::from_fn(|| panic!("no more")));
    let result = catch_unwind(AssertUnwindSafe(|| batch.add_all(broken)));
    assert!(result.is_err());
    assert_eq!(batch.body(), body);
    assert_free(&batch, &["a", "b"]);
}

#[test]
fn a_request_keeps_its_body_if_a_list_is_refused_or_accepted() {
    let (mut batch, body) = filled();
    let request = batch
        .sign(
            &common::credentials(callbot_core::Algorithm::Md5),
            common::request_id("r"),
            common::timestamp(1),
        )
        .expect("the batch has orders");
    batch
        .add_all([order("a", PHONE), order("b", "")])
        .unwrap_err();
    assert_eq!((request.body(), batch.body()), (&*body, &*body));
    batch
        .add_all([order("a", PHONE)])
        .expect("the order is valid");
    assert_eq!(request.body(), body);
    assert_eq!(batch.len(), 3);
}

#[test]
fn the_limit_counts_earlier_orders() {
    let mut rules = Rules::new();
    rules.max_orders(3).expect("the limit is valid");
    let mut batch = batch_with(rules);
    batch.add(&order("x", PHONE)).expect("the order is valid");
    let ids = ["a", "b", "c", "d"];
    let refused = batch.add_all(ids.map(|id| order(id, PHONE))).unwrap_err();
    assert_eq!(found(&refused), [("too_many_orders", at("3"))]);
    assert_eq!(batch.len(), 1);

    let mut transaction = batch.begin(Policy::KeepValid);
    for id in ids {
        transaction.add(&order(id, PHONE));
    }
    let refused = transaction.commit().expect("the limit is not exceeded");
    assert_eq!(
        found(&refused),
        [("too_many_orders", at("3")), ("too_many_orders", at("4"))]
    );
    assert_eq!(batch.len(), 3);

    // The batch is full.
    let refused = batch.add_all([order("e", PHONE)]).unwrap_err();
    assert_eq!(found(&refused), [("too_many_orders", at("3"))]);
}

#[test]
fn a_list_with_unlisted_violations_is_refused_under_both_policies() {
    let too_many = Violations::MAX_LISTED + 1;
    for (policy, mistakes) in [
        (Policy::RefuseAll, 1),
        (Policy::RefuseAll, too_many),
        (Policy::KeepValid, too_many),
    ] {
        let (mut batch, body) = filled();
        let mut transaction = batch.begin(policy);
        transaction.add(&order("good", PHONE));
        for _ in 0..mistakes {
            transaction.add(&order("a", ""));
        }
        let refused = transaction.commit().unwrap_err();
        // Every further use of the ID is a violation.
        assert!(refused.len() >= mistakes);
        assert!(refused.as_slice().len() <= Violations::MAX_LISTED);
        assert_eq!(batch.body(), body);
        assert_free(&batch, &["good", "a"]);
    }
}
