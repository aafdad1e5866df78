//! Orders and their body: values and JSON, both policies, any sequence of calls.

use std::str;

use callbot_core::{
    Algorithm, Batch, OrderBytes, ParamBytes, Policy, Task, ViolationKind, Violations,
};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;

use crate::common::{self, OwnedOrder, timestamp};
use crate::strategies::{
    LooseWriter, any_edges, batch_of, choices, document, good_order, good_orders, mixed_orders,
    name, rules, string,
};

/// Codes and kinds, without the indices of orders.
fn kinds<'v>(violations: impl IntoIterator<Item = &'v Violations>) -> Vec<(&'static str, String)> {
    let each = violations.into_iter().flat_map(Violations::iter);
    each.map(|violation| {
        let kind = match violation.kind() {
            ViolationKind::DuplicateOrderId { .. } => String::new(),
            kind => format!("{kind:?}"),
        };
        (violation.code(), kind)
    })
    .collect()
}

proptest! {
    #![proptest_config(common::cases(256))]

    #[test]
    fn orders_and_json_give_the_same_body(orders in good_orders(), choices in choices()) {
        let loose = LooseWriter::write(&document(&orders), &choices);
        let batch = batch_of(&orders);
        let read = Batch::from_json(loose.as_bytes(), any_edges()).unwrap();
        prop_assert_eq!(read.body(), batch.body());
        prop_assert_eq!(read.len(), orders.len());
        let kept = Batch::from_json_keep_valid(loose.as_bytes(), any_edges()).unwrap();
        prop_assert_eq!(kept.batch.body(), batch.body());
        prop_assert!(kept.refused.is_empty());
        // A body reads to itself.
        let again = Batch::from_json(batch.body(), any_edges()).unwrap();
        prop_assert_eq!(again.body(), batch.body());
    }

    #[test]
    fn the_body_has_the_values_of_the_orders(
        user_task_id in string(),
        query in "[a-zA-Z0-9%20&=/?]{0,20}",
        orders in good_orders(),
    ) {
        let url = format!("https://a.example:8080/{}", query.replace('%', "%25"));
        let user_task_id = format!("t{user_task_id}");
        let task = Task { user_task_id: &user_task_id, order_callback_url: &url, call_callback_url: "HTTP://b" };
        let mut batch = Batch::new(&task, any_edges()).unwrap();
        for order in &orders {
            order.add_to(&mut batch).unwrap();
        }
        let mut expected = document(&orders);
        expected["userTaskID"] = user_task_id.into();
        expected["callInfoList"]["orderCallbackUrl"] = url.into();
        expected["callInfoList"]["callCallbackUrl"] = "HTTP://b".into();
        let back: Value = serde_json::from_slice(batch.body()).unwrap();
        prop_assert_eq!(back, expected);
    }

    #[test]
    fn only_required_escapes_are_written(string in string()) {
        let order = OwnedOrder { order_id: "i".into(), user_phone: "1234567".into(), other: string.clone(), ..OwnedOrder::default() };
        let batch = batch_of(&[order]);
        let body = std::str::from_utf8(batch.body()).unwrap();
        let written = body.split_once("\"other\":\"").unwrap().1.split_once("\",\"userName\"").unwrap().0;
        let mut plain = String::new();
        for c in string.chars() {
            match c {
                '"' | '\\' => plain.extend(['\\', c]),
                '\u{8}' => plain.push_str("\\b"),
                '\u{c}' => plain.push_str("\\f"),
                '\n' => plain.push_str("\\n"),
                '\r' => plain.push_str("\\r"),
                '\t' => plain.push_str("\\t"),
                c if c < ' ' => {
                    let digits = [u32::from(c) >> 4, u32::from(c) & 15];
                    plain.push_str("\\u00");
                    plain.extend(digits.map(|digit| char::from_digit(digit, 16).unwrap()));
                }
                c => plain.push(c),
            }
        }
        prop_assert_eq!(written, plain);
    }

    #[test]
    fn keep_valid_keeps_what_add_accepts(orders in mixed_orders(), rules in rules(), choices in choices()) {
        let mut batch = common::batch_with(rules.clone());
        let mut accepted = Vec::new();
        let mut refused = Vec::new();
        let mut refused_at = Vec::new();
        for (i, order) in orders.iter().enumerate() {
            match order.add_to(&mut batch) {
                Ok(()) => accepted.push(order.clone()),
                Err(violations) => {
                    for _ in 0..violations.len() {
                        refused_at.push(Some(i));
                    }
                    refused.push(violations);
                }
            }
        }
        prop_assert_eq!(batch.len(), accepted.len());
        let plain = batch_of(&accepted);
        prop_assert_eq!(batch.body(), plain.body());

        let json = LooseWriter::write(&document(&orders), &choices);
        let kept = Batch::from_json_keep_valid(json.as_bytes(), rules.clone()).unwrap();
        prop_assert_eq!(kept.batch.body(), batch.body());
        prop_assert_eq!(kept.batch.len(), batch.len());
        prop_assert_eq!(kinds([&kept.refused]), kinds(&refused));
        let indexes: Vec<_> = kept.refused.iter().map(callbot_core::Violation::order_index).collect();
        prop_assert_eq!(indexes, refused_at);

        // The list is refused exactly if an order is.
        match Batch::from_json(json.as_bytes(), rules.clone()) {
            Ok(all) => {
                prop_assert!(refused.is_empty());
                prop_assert_eq!(all.body(), batch.body());
            }
            Err(violations) => {
                prop_assert!(!refused.is_empty());
                prop_assert!(!violations.is_empty());
            }
        }

        // The same orders by value, as strings and as bytes.
        for are_bytes in [false, true] {
            let add = |batch: &mut Batch, policy| {
                let mut transaction = batch.begin(policy);
                for order in &orders {
                    if are_bytes {
                        order.with_bytes(|order| transaction.add(order));
                    } else {
                        order.with(|order| transaction.add(order));
                    }
                }
                transaction.commit()
            };
            let mut added = common::batch_with(rules.clone());
            prop_assert_eq!(add(&mut added, Policy::KeepValid), Ok(kept.refused.clone()));
            prop_assert_eq!(added.body(), batch.body());
            let mut added = common::batch_with(rules.clone());
            let refused = add(&mut added, Policy::RefuseAll).err();
            prop_assert_eq!(&refused, &Batch::from_json(json.as_bytes(), rules.clone()).err());
            prop_assert_eq!(added.len(), if refused.is_some() { 0 } else { orders.len() });
        }
    }

    #[test]
    fn a_template_does_not_change_the_body(
        orders in good_orders(),
        names in prop::collection::btree_set(prop_oneof![name(), "[a-z\"é]{1,100}"], 0..4),
        is_reversed in any::<bool>(),
    ) {
        let names: Vec<String> = names.into_iter().filter(|name| !name.is_empty()).collect();
        let mut rules = any_edges();
        rules.require_no_other_params();
        for name in &names {
            rules.require_param(name).unwrap();
        }
        let mut without = common::batch_with(any_edges());
        let mut with = common::batch_with(rules.clone());
        let mut with_bytes = common::batch_with(rules);
        let mut transaction = with_bytes.begin(Policy::RefuseAll);
        for order in orders {
            let mut params: Vec<_> = names.iter().map(|name| (name.clone(), order.other.clone() + "v")).collect();
            if is_reversed {
                params.reverse();
            }
            let order = OwnedOrder { params, ..order };
            order.add_to(&mut without).unwrap();
            order.add_to(&mut with).unwrap();
            order.with_bytes(|order| transaction.add(order));
        }
        transaction.commit().unwrap();
        prop_assert_eq!(with.body(), without.body());
        prop_assert_eq!(with_bytes.body(), without.body());
    }

    #[test]
    fn an_order_with_invalid_utf8_is_refused(
        orders in good_orders(),
        invalid in good_order(),
        policy in select(vec![Policy::RefuseAll, Policy::KeepValid]),
        which in 0..7_usize,
        at in any::<Index>(),
        junk in select(vec![&b"\xff"[..], b"\xc3", b"\xe4\xb8", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xc0\xaf"]),
    ) {
        let mut rules = any_edges();
        rules.max_orders(orders.len() + 1).expect("the limit is valid");
        let mut batch = common::batch_with(rules);
        let mut transaction = batch.begin(policy);
        let (before, after) = orders.split_at(orders.len() / 2);
        for order in before {
            order.with_bytes(|order| transaction.add(order));
        }
        let corrupt = |string: &str| {
            let mut bytes = string.as_bytes().to_vec();
            let at = at.index(bytes.len() + 1);
            bytes.splice(at..at, junk.iter().copied());
            bytes
        };
        let invalid = OwnedOrder { order_id: format!("w{}", invalid.order_id), ..invalid };
        let corrupted = invalid.with_bytes(|order| {
            let mut strings = [b"n", b"v", order.order_id, order.user_phone, order.other, order.user_name, order.customer_name]
                .map(<[u8]>::to_vec);
            strings[which] = corrupt(str::from_utf8(&strings[which]).expect("it was valid UTF-8"));
            strings
        });
        let [name, value, order_id, user_phone, other, user_name, customer_name] = corrupted.each_ref().map(Vec::as_slice);
        let params = [ParamBytes { name, value }];
        let order = OrderBytes { order_id, user_phone, other, user_name, customer_name, params: &params };
        let Err(expected) = str::from_utf8(&corrupted[which]) else {
            // The inserted bytes and those after them are valid UTF-8 together.
            return Ok(());
        };
        transaction.add(&order);

        for order in after {
            order.with_bytes(|order| transaction.add(order));
        }
        // The string is reported, whatever other violations the order has.
        let (refused, accepted) = match transaction.commit() {
            Ok(refused) => (refused, &orders[..]),
            Err(refused) => (refused, &[][..]),
        };
        prop_assert_eq!(accepted.is_empty(), policy == Policy::RefuseAll || orders.is_empty());
        let keys = ["params/0/name", "params/0/value", "orderID", "userPhone", "other", "userName", "customerName"];
        let path = format!("/callInfoList/callList/{}/{}", before.len(), keys[which]);
        let expected_kind = ViolationKind::StringNotUtf8 { offset: expected.valid_up_to() };
        prop_assert!(refused.iter().any(|found| found.path() == path && *found.kind() == expected_kind));
        prop_assert!(refused.iter().all(|violation| violation.order_index() == Some(before.len())));
        let plain = batch_of(accepted);
        prop_assert_eq!(batch.body(), plain.body());
        prop_assert_eq!(batch.len(), accepted.len());
    }
}

/// An operation on a batch.
#[derive(Debug, Clone)]
enum Step {
    Add(OwnedOrder),
    AddAll(Vec<OwnedOrder>),
    Clear,
    Sign,
    Clone,
    Reserve,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => good_order().prop_map(|mut order| {
            // Few IDs, so that duplicates occur.
            order.order_id = order.order_id.len().to_string();
            Step::Add(order)
        }),
        1 => mixed_orders().prop_map(|orders| Step::AddAll(orders.into_iter().take(3).collect())),
        1 => Just(Step::Clear),
        2 => Just(Step::Sign),
        1 => Just(Step::Clone),
        1 => Just(Step::Reserve),
    ]
}

proptest! {
    #![proptest_config(common::cases(256))]

    #[test]
    fn a_batch_equals_the_list_of_its_orders_after_any_operations(steps in proptest::collection::vec(step(), 1..20)) {
        let mut batch = common::batch_with(any_edges());
        let mut model: Vec<OwnedOrder> = Vec::new();
        let mut requests = Vec::new();
        let is_new = |model: &[OwnedOrder], order: &OwnedOrder| {
            model.iter().all(|other| other.order_id != order.order_id)
        };
        for step in steps {
            match step {
                Step::Add(order) => {
                    let added = order.add_to(&mut batch).is_ok();
                    prop_assert_eq!(added, is_new(&model, &order));
                    if added {
                        model.push(order);
                    }
                }
                Step::AddAll(orders) => {
                    let mut transaction = batch.begin(Policy::RefuseAll);
                    for order in &orders {
                        order.with(|order| transaction.add(order));
                    }
                    if transaction.commit().is_ok() {
                        model.extend(orders);
                    }
                }
                Step::Clear => {
                    batch.clear();
                    model.clear();
                }
                Step::Sign => {
                    let credentials = common::credentials(Algorithm::Md5);
                    let signed = batch.sign(&credentials, common::request_id("r"), timestamp(1));
                    prop_assert_eq!(signed.is_ok(), !model.is_empty());
                    requests.extend(signed.map(|request| (request, batch.body().to_vec())));
                }
                Step::Clone => batch = batch.clone(),
                Step::Reserve => batch.reserve(2, 100).unwrap(),
            }
            prop_assert_eq!(batch.len(), model.len());
            let plain = batch_of(&model);
            prop_assert_eq!(batch.body(), plain.body());
        }
        for (request, body) in requests {
            prop_assert_eq!(request.body(), body);
        }
    }
}
