//! The rule against one phone number twice, under both policies.

use callbot_core::{Batch, Order, Policy, Rules, ViolationKind};
use proptest::prelude::*;

use crate::common::{ORDER, batch_with, codes, document_of, found, order_json};

fn unique() -> Rules {
    let mut rules = Rules::new();
    rules.unique_phones();
    rules
}

fn order<'a>(order_id: &'a str, user_phone: &'a str) -> Order<'a> {
    Order {
        order_id,
        user_phone,
        ..ORDER
    }
}

fn at(order: usize) -> (&'static str, String) {
    (
        "duplicate_phone",
        format!("/callInfoList/callList/{order}/userPhone"),
    )
}

#[test]
fn a_number_that_an_earlier_order_has_is_refused_only_by_the_rule() {
    let document = document_of(&[
        order_json("A-1", "8613800000001"),
        order_json("A-2", "8613800000002"),
        order_json("A-3", "8613800000001"),
        order_json("A-4", "861380000000"),
        order_json("A-5", "8613800000001"),
    ]);
    let json = document.as_bytes();
    assert_eq!(Batch::from_json(json, Rules::new()).map(|b| b.len()), Ok(5));
    let refused = Batch::from_json(json, unique()).unwrap_err();
    assert_eq!(found(&refused), [at(2), at(4)]);
    for violation in &refused {
        assert_eq!(
            violation.kind(),
            &ViolationKind::DuplicatePhone { first: 0 }
        );
        let message = violation.message();
        assert!(message.contains("/callInfoList/callList/0;"), "{message}");
        assert!(!message.contains("8613"), "{message}");
    }
    let kept = Batch::from_json_keep_valid(json, unique()).expect("three orders are valid");
    assert_eq!(kept.refused, refused);
    assert_eq!(kept.batch.len(), 3);
}

#[test]
fn the_numbers_of_refused_orders_count_only_if_all_are_refused() {
    let mut batch = batch_with(unique());
    let orders = [
        order("", "8613800000001"),
        order("1", "8613800000001"),
        order("1", "8613800000002"),
        order("2", "8613800000002"),
        order("3", "8613800000002"),
    ];
    let refused = batch.add_all(orders).unwrap_err();
    assert_eq!(
        codes(&refused),
        [
            "empty",
            "duplicate_phone",
            "duplicate_order_id",
            "duplicate_phone",
            "duplicate_phone"
        ]
    );
    let mut transaction = batch.begin(Policy::KeepValid);
    for order in &orders {
        transaction.add(order);
    }
    let refused = transaction.commit().expect("some orders are valid");
    assert_eq!(
        codes(&refused),
        ["empty", "duplicate_order_id", "duplicate_phone"]
    );
    assert_eq!(batch.len(), 2);
    // The numbers are the batch's, with its own indices.
    let refused = batch.add(&order("4", "8613800000002")).unwrap_err();
    assert_eq!(
        refused.as_slice()[0].kind(),
        &ViolationKind::DuplicatePhone { first: 1 }
    );
    batch.reseed(7);
    assert!(batch.add(&order("4", "8613800000002")).is_err());
    batch.clear();
    batch
        .add(&order("4", "8613800000002"))
        .expect("the batch is empty");
}

proptest! {
    /// Against a list of all orders.
    #[test]
    fn the_rule_finds_what_a_list_finds(
        lists in prop::collection::vec(
            (any::<bool>(), prop::collection::vec((0..6_u8, 0..6_u8), 0..6)),
            0..4,
        ),
    ) {
        let mut batch = batch_with(unique());
        let mut model: Vec<(String, String)> = Vec::new();
        for (keeps_valid, list) in lists {
            let policy = if keeps_valid { Policy::KeepValid } else { Policy::RefuseAll };
            let list: Vec<(String, String)> = list
                .iter()
                .map(|(id, phone)| (format!("{id}"), format!("861380000000{phone}")))
                .collect();
            let mut transaction = batch.begin(policy);
            for (id, phone) in &list {
                transaction.add(&order(id, phone));
            }
            let outcome = transaction.commit();
            let before = model.clone();
            let mut is_refused = false;
            for (id, phone) in list {
                let is_new = model.iter().all(|(other, number)| *other != id && *number != phone);
                is_refused |= !is_new;
                if is_new {
                    model.push((id, phone));
                }
            }
            let is_err = is_refused && !keeps_valid;
            if is_err {
                model = before;
            }
            prop_assert_eq!(outcome.is_err(), is_err);
            prop_assert_eq!(batch.len(), model.len());
            for (i, (id, phone)) in model.iter().enumerate() {
                let refused = batch.add(&order(id, phone)).unwrap_err();
                let expected = [
                    ("duplicate_order_id", ViolationKind::DuplicateOrderId { first: i }),
                    ("duplicate_phone", ViolationKind::DuplicatePhone { first: i }),
                ];
                for (violation, (code, kind)) in refused.iter().zip(expected) {
                    prop_assert_eq!(violation.code(), code);
                    prop_assert_eq!(violation.kind(), &kind);
                }
                prop_assert_eq!(refused.len(), 2);
            }
        }
    }
}
