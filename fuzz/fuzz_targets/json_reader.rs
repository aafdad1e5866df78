//! Arbitrary bytes as the JSON of a batch. The first byte selects the rules: see [`rules`].
#![no_main]

use std::collections::BTreeSet;

use callbot_core::{Batch, Order, Param, Rules, Task, Violation};
use callbot_fuzz::{Document, check_violations};
use libfuzzer_sys::fuzz_target;
use serde::Deserialize;
use serde_json::value::RawValue;

fuzz_target!(|data: &[u8]| {
    let Some((&choice, json)) = data.split_first() else {
        return;
    };
    let rules = rules(choice);
    let whole = Batch::from_json(json, rules.clone());
    let kept = Batch::from_json_keep_valid(json, rules.clone());
    match &whole {
        Ok(batch) => {
            let kept = kept.as_ref().expect("the document is valid");
            assert!(kept.refused.is_empty());
            assert_eq!(kept.batch.body(), batch.body());
            assert_eq!(kept.batch.len(), batch.len());
            check_same_content(json, batch, &rules);
        }
        Err(violations) => check_violations(violations),
    }
    match &kept {
        Ok(kept) => {
            check_body(&kept.batch, &rules);
            assert_eq!(whole.is_err(), !kept.refused.is_empty());
            let mut refused = BTreeSet::new();
            if !kept.refused.is_empty() {
                check_violations(&kept.refused);
                let indices = kept.refused.iter().map(Violation::order_index);
                refused.extend(indices.map(|index| index.expect("the violation is of an order")));
            }
            assert!(refused.last().is_none_or(|&last| last < count_orders(json)));
            assert_eq!(kept.batch.len() + refused.len(), count_orders(json));
        }
        Err(violations) => {
            check_violations(violations);
            assert!(whole.is_err());
        }
    }
});

/// Each of the low four bits of `choice` selects a rule, so that the digit `0` selects none.
fn rules(choice: u8) -> Rules {
    let mut rules = Rules::new();
    if choice & 1 != 0 {
        rules.require_param("amount").expect("the name is new");
        rules.require_param("día").expect("the name is new");
    }
    if choice & 2 != 0 {
        rules
            .allow_country_code("86")
            .expect("the country code is assigned");
        rules
            .allow_country_code("44")
            .expect("the country code is assigned");
    }
    if choice & 4 != 0 {
        rules.max_orders(2).expect("the limit is not 0");
    }
    if choice & 16 != 0 {
        rules.allow_blank_edges();
    }
    if choice & 32 != 0 {
        rules.unique_phones();
    }
    if choice & 8 != 0 {
        rules.require_no_other_params();
    }
    rules
}

/// A body is JSON, and reads to the same body.
fn check_body(batch: &Batch, rules: &Rules) {
    let document: Document = serde_json::from_slice(batch.body()).expect("a body is JSON");
    assert_eq!(document.product_id, "callbot");
    assert_eq!(document.call_info_list.call_list.len(), batch.len());
    let again = Batch::from_json(batch.body(), rules.clone()).expect("a body is valid");
    assert_eq!(again.body(), batch.body());
    assert_eq!(again.len(), batch.len());
}

/// Another reader finds the same values in the document and in the body, and the orders added one
/// by one give the same body.
fn check_same_content(json: &[u8], batch: &Batch, rules: &Rules) {
    let document: Document = serde_json::from_slice(json).expect("the document was read");
    let read_again: Document = serde_json::from_slice(batch.body()).expect("a body is JSON");
    assert_eq!(document, read_again);

    let list = &document.call_info_list;
    let task = Task {
        user_task_id: &document.user_task_id,
        order_callback_url: &list.order_callback_url,
        call_callback_url: &list.call_callback_url,
    };
    let mut added = Batch::new(&task, rules.clone()).expect("the task is valid");
    for order in &list.call_list {
        let params: Vec<_> = order
            .params
            .iter()
            .map(|param| Param {
                name: &param.name,
                value: &param.value,
            })
            .collect();
        added
            .add(&Order {
                order_id: &order.order_id,
                user_phone: &order.user_phone,
                other: &order.other,
                user_name: &order.user_name,
                customer_name: &order.customer_name,
                params: &params,
            })
            .expect("the order is valid");
    }
    assert_eq!(added.body(), batch.body());
}

/// Counts the orders of a document whose other fields are valid.
fn count_orders(json: &[u8]) -> usize {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Outer<'a> {
        #[serde(borrow)]
        call_info_list: Inner<'a>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Inner<'a> {
        #[serde(borrow)]
        call_list: Vec<&'a RawValue>,
    }
    let outer: Outer<'_> = serde_json::from_slice(json).expect("the document was read");
    outer.call_info_list.call_list.len()
}
