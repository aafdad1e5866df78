//! The memory of batches.

use callbot_core::{Batch, Order, Param, Rules, Violations};

use crate::allocator::measured;
use crate::common::{self, DOCUMENT, TASK, codes, document_of, found};

/// The size of a large document.
const LARGE: usize = if cfg!(debug_assertions) {
    10 << 20
} else {
    200 << 20
};

/// A document of [`LARGE`] bytes whose orders are written by `part(0)`, `part(1)` and so on.
fn large_document(mut part: impl FnMut(usize, &mut String)) -> (String, usize) {
    let orders_at = DOCUMENT
        .find("{\"orderID\"")
        .expect("the document has an order");
    let mut json = String::with_capacity(LARGE + 1000);
    json.push_str(&DOCUMENT[..orders_at]);
    let mut count = 0;
    while json.len() < LARGE {
        if count > 0 {
            json.push(',');
        }
        part(count, &mut json);
        count += 1;
    }
    json.push_str("]}}");
    (json, count)
}

fn push_order(i: usize, json: &mut String) {
    use std::fmt::Write;
    write!(
        json,
        "{{\"orderID\":\"7b0f2a60-2f0c-4a6e-9f0b-{i:012}\",\"userPhone\":\"86138{:08}\",\"other\":\"row {i}\",\
         \"userName\":\"王芳\",\"customerName\":\"\",\"params\":[{{\"name\":\"amount\",\"value\":\"120.50\"}}]}}",
        i % 100_000_000,
    )
    .expect("writing to a string cannot fail");
}

fn push_zero(_: usize, json: &mut String) {
    json.push('0');
}

/// Asserts that `peak` is at most `percent` of the document's size, plus a constant.
#[track_caller]
fn assert_peak(peak: usize, json: &str, percent: usize) {
    let limit = json.len() / 100 * percent + (64 << 10);
    assert!(
        peak <= limit,
        "{peak} bytes for a document of {} are {} %",
        json.len(),
        peak / (json.len() / 100)
    );
}

/// Asserts that `peak` is at most a full list of violations, plus half of it while it grows.
fn assert_only_the_list(peak: usize, violations: &Violations, name_bytes: usize) {
    let listed = Violations::MAX_LISTED * (size_of::<callbot_core::Violation>() + name_bytes);
    let limit = listed / 2 * 3 + (1 << 20);
    assert!(
        peak <= limit,
        "{peak} bytes for {} listed ones",
        violations.as_slice().len()
    );
}

/// A batch keeps its body and an index. A full body doubles its capacity, and for a moment both
/// buffers exist: at most three times the body. The index takes 8 bytes an order, plus the empty
/// slots of a hash table.
#[test]
fn a_large_document_takes_at_most_three_times_its_size() {
    let (json, orders) = large_document(push_order);
    let (batch, peak, _) = measured(|| Batch::from_json(json.as_bytes(), Rules::new()));
    let batch = batch.expect("the document is valid");
    assert_eq!(batch.len(), orders);
    assert!(batch.body() == json.as_bytes(), "the document is canonical");
    assert_peak(peak, &json, 325);

    let (kept, peak, _) = measured(|| Batch::from_json_keep_valid(json.as_bytes(), Rules::new()));
    assert_eq!(kept.expect("the document is valid").batch.len(), orders);
    assert_peak(peak, &json, 325);
}

#[test]
fn the_worst_order_of_keys_takes_no_more_memory() {
    // The task comes last, so all orders have to move to make room for it.
    let (json, orders) = large_document(push_order);
    let end = json.find("\"callList\":").expect("the document has orders");
    let list = &json[end..json.len() - "}}".len()];
    let head = DOCUMENT
        .split_once("\"callList\"")
        .expect("the document has orders")
        .0;
    let task = head
        .trim_start_matches('{')
        .split_once("\"callInfoList\":{")
        .expect("the document has a list of orders");
    let json = format!(
        "{{\"callInfoList\":{{{list},{}}},{}}}",
        task.1.trim_end_matches(','),
        task.0.trim_end_matches(',')
    );
    let (batch, peak, _) = measured(|| Batch::from_json(json.as_bytes(), Rules::new()));
    let batch = batch.expect("the document is valid");
    assert_eq!(batch.len(), orders);
    assert_eq!(batch.body().len(), json.len());
    assert_peak(peak, &json, 325);
}

#[test]
fn a_document_of_invalid_orders_takes_a_bounded_list() {
    let (json, invalid) = large_document(push_zero);
    let (refused, peak, _) = measured(|| Batch::from_json(json.as_bytes(), Rules::new()));
    let refused = refused.unwrap_err();
    assert_eq!(refused.len(), invalid);
    assert_eq!(refused.as_slice().len(), Violations::MAX_LISTED);
    assert_eq!(refused.unlisted(), invalid - Violations::MAX_LISTED);
    assert!(refused.iter().all(|v| v.code() == "wrong_type"));
    let last = format!("/callInfoList/callList/{}", Violations::MAX_LISTED - 1);
    assert_eq!(
        refused
            .iter()
            .next_back()
            .map(callbot_core::Violation::path),
        Some(last)
    );
    assert_only_the_list(peak, &refused, 0);

    // The message gives the count of unlisted violations. KeepValid returns no batch if a refused
    // order would be unlisted.
    let kept = Batch::from_json_keep_valid(json.as_bytes(), Rules::new());
    assert_eq!(kept.unwrap_err(), refused);
    assert!(
        refused
            .to_string()
            .ends_with(&format!("\nand {} more", refused.unlisted()))
    );
}

#[test]
fn keep_valid_accepts_a_list_that_is_exactly_full() {
    let list = |n: usize| {
        let good = common::order_json("1", "8613800000001");
        document_of(&["0,".repeat(n) + &good])
    };
    let full = list(Violations::MAX_LISTED);
    let kept = Batch::from_json_keep_valid(full.as_bytes(), Rules::new())
        .expect("every refused order is listed");
    assert_eq!(kept.batch.len(), 1);
    assert_eq!(kept.refused.len(), Violations::MAX_LISTED);
    assert_eq!(kept.refused.unlisted(), 0);

    let too_full = list(Violations::MAX_LISTED + 1);
    let refused = Batch::from_json_keep_valid(too_full.as_bytes(), Rules::new()).unwrap_err();
    assert_eq!(refused.unlisted(), 1);
}

#[test]
fn a_document_of_unknown_keys_takes_a_bounded_list() {
    let order = common::order_json("1", "8613800000001");
    let key = "\"abcdefghijklmnopqrstuvwxyz\":0,";
    let keys = key.repeat(LARGE / key.len());
    let json = document_of(&[order.replacen('{', &format!("{{{keys}"), 1)]);
    let (refused, peak, _) = measured(|| Batch::from_json(json.as_bytes(), Rules::new()));
    let refused = refused.unwrap_err();
    assert_eq!(refused.len(), LARGE / key.len());
    assert_only_the_list(peak, &refused, 26);
}

#[test]
fn memory_for_invalid_params_is_linear() {
    for param in ["0", "{}"] {
        let mut list = [param, ","].concat().repeat(LARGE / 4 / (param.len() + 1));
        list.pop();
        let order = common::order_json("1", "8613800000001");
        let json = document_of(&[order.replace("[]", &format!("[{list}]"))]);
        let (refused, peak, _) = measured(|| Batch::from_json(json.as_bytes(), Rules::new()));
        let refused = refused.unwrap_err();
        assert_eq!(refused.as_slice().len(), Violations::MAX_LISTED);
        let list = Violations::MAX_LISTED * size_of::<callbot_core::Violation>() / 2 * 3;
        assert_peak(peak.saturating_sub(list), &json, 500);
    }
}

#[test]
fn memory_for_many_params_is_linear() {
    let params: Vec<String> = (0..LARGE / 10 / 30)
        .map(|i| format!("{{\"name\":\"n{i:07}\",\"value\":\"v\"}}"))
        .collect();
    let order = common::order_json("1", "8613800000001");
    let json = document_of(&[order.replace("[]", &format!("[{}]", params.join(",")))]);
    let (batch, peak, _) = measured(|| Batch::from_json(json.as_bytes(), Rules::new()));
    assert_eq!(batch.map(|batch| batch.len()), Ok(1));
    assert_peak(peak, &json, 600);
}

#[test]
fn memory_for_nesting_is_linear() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let depth = LARGE / 10 / (open.len() + close.len());
        let nested = [&open.repeat(depth), "0", &close.repeat(depth)].concat();
        let json = common::edited(DOCUMENT, "\"o\"", &nested);
        let (refused, peak, _) = measured(|| Batch::from_json(json.as_bytes(), Rules::new()));
        assert_eq!(codes(&refused.unwrap_err()), ["wrong_type"]);
        assert_peak(peak, &json, 150);
    }
}

/// Adds orders whose strings have the same lengths in every round.
fn fill(batch: &mut Batch, orders: usize) {
    let mut order_id = String::with_capacity(20);
    for i in 0..orders {
        use std::fmt::Write;
        order_id.clear();
        write!(order_id, "order \"{i:05}\"").expect("writing to a string cannot fail");
        batch
            .add(&Order {
                order_id: &order_id,
                user_phone: "8613800000001",
                other: "o\n",
                user_name: "王芳",
                customer_name: "",
                params: &[Param {
                    name: "amount",
                    value: "120.50",
                }],
            })
            .expect("the order is valid");
    }
}

#[test]
fn a_cleared_batch_is_filled_again_without_an_allocation() {
    const ORDERS: usize = 5000;
    let mut batch = Batch::new(&TASK, Rules::new()).expect("the task is valid");
    let ((), _, first) = measured(|| fill(&mut batch, ORDERS));
    assert!(first > 10, "allocations are counted");
    let full = batch.body().to_vec();
    for _ in 0..2 {
        let ((), _, cleared) = measured(|| batch.clear());
        assert_eq!(cleared, 0);
        let ((), peak, again) = measured(|| fill(&mut batch, ORDERS));
        // The test's own buffer for order IDs is one allocation.
        assert_eq!(again, 1);
        assert!(peak < 100);
        assert!(batch.body() == full);
    }
}

#[test]
fn reserved_capacity_is_enough() {
    const ORDERS: usize = 5000;
    let mut batch = Batch::new(&TASK, Rules::new()).expect("the task is valid");
    batch.reserve(ORDERS, 200).unwrap();
    let ((), _, allocations) = measured(|| fill(&mut batch, ORDERS));
    assert_eq!(allocations, 1);
    assert_eq!(batch.len(), ORDERS);
}

/// A number of orders that exposes any growth per order.
const MANY: usize = if cfg!(debug_assertions) {
    10_000
} else {
    100_000
};

/// Asserts that a batch takes at most 115 % of its body, 32 bytes for each order, and a constant.
#[track_caller]
fn assert_peak_of_batch(peak: usize, batch: &Batch) {
    let limit = batch.body().len() / 100 * 115 + 32 * batch.len() + (4 << 10);
    let body = batch.body().len();
    assert!(
        peak <= limit,
        "{peak} bytes for a body of {body}, limit {limit}"
    );
}

#[test]
fn the_number_of_allocations_does_not_depend_on_a_reserved_size() {
    let build = |orders| {
        measured(|| {
            let mut batch = Batch::new(&TASK, Rules::new()).expect("the task is valid");
            batch.reserve(orders, 190).unwrap();
            fill(&mut batch, orders);
            batch
        })
    };
    let (_, _, few) = build(100);
    let (batch, peak, many) = build(MANY);
    assert_eq!(few, many);
    assert!((3..20).contains(&few), "{few}");
    assert_peak_of_batch(peak, &batch);
}

/// A document of `orders` orders, each written by `push_order`.
fn document_of_many(orders: usize) -> String {
    let mut list = Vec::with_capacity(orders);
    for i in 0..orders {
        let mut json = String::new();
        push_order(i, &mut json);
        list.push(json);
    }
    document_of(&list)
}

#[test]
fn json_needs_no_allocation_per_order() {
    let with_spaces = |orders| document_of_many(orders).replace("\"other\":", "\"other\" : ");
    let with_whitespace = |orders| document_of_many(orders).replace("\":", "\":\n          \t    ");
    let forms: [(&dyn Fn(usize) -> String, usize); 3] = [
        (&document_of_many, 3),
        (&with_spaces, 20),
        (&with_whitespace, 20),
    ];
    for (document, growth) in forms {
        let (few, many) = (document(1000), document(MANY));
        let (_, _, few) = measured(|| Batch::from_json(few.as_bytes(), Rules::new()));
        let (batch, peak, allocations) =
            measured(|| Batch::from_json(many.as_bytes(), Rules::new()));
        let batch = batch.expect("the document is valid");
        assert_eq!(batch.len(), MANY);
        // The index doubles repeatedly, except for canonical documents.
        assert!(
            few < 50 && allocations <= few + growth,
            "{allocations} and {few}"
        );
        assert_peak_of_batch(peak, &batch);
    }
}

#[test]
fn many_small_reserves_cost_no_more_than_one() {
    let ((), peak, allocations) = measured(|| {
        let mut batch = Batch::new(&TASK, Rules::new()).expect("the task is valid");
        for i in 0..MANY {
            batch.reserve(1, 200).unwrap();
            let order_id = i.to_string();
            let order = Order {
                order_id: &order_id,
                user_phone: "8613800000001",
                ..Order::default()
            };
            batch.add(&order).expect("the order is valid");
        }
    });
    // The test's own order IDs are one allocation each.
    assert!(allocations - MANY < 100, "{allocations} for {MANY} orders");
    assert!(peak < MANY * 1000, "{peak} bytes for {MANY} orders");
}

#[test]
fn an_impossible_reserve_allocates_only_what_is_possible() {
    let mut batch = Batch::new(&TASK, Rules::new()).expect("the task is valid");
    let ((), peak, _) = measured(|| batch.reserve(usize::MAX, 0).unwrap());
    assert!(peak < 1 << 30, "{peak}");

    let mut batch = Batch::new(&TASK, Rules::new()).expect("the task is valid");
    let ((), peak, _) = measured(|| assert!(batch.reserve(usize::MAX, 200).is_err()));
    assert!(
        peak < 1000,
        "{peak}: the body of so many orders cannot be reserved"
    );
}

#[test]
fn signing_does_not_copy_the_body() {
    let mut batch = Batch::new(&TASK, Rules::new()).expect("the task is valid");
    fill(&mut batch, 5000);
    let size = batch.body().len();
    for algorithm in [
        callbot_core::Algorithm::Md5,
        callbot_core::Algorithm::Sha256,
    ] {
        let account = common::credentials(algorithm);
        let id = common::request_id("r");
        let (request, peak, _) = measured(|| batch.sign(&account, id, common::timestamp(1)));
        let request = request.expect("the batch has orders");
        assert!(peak < 1000, "{peak} for {size}");
        let id = common::request_id("s");
        let (again, peak, _) = measured(|| request.sign_again(&account, id, common::timestamp(2)));
        assert!(peak < 1000, "{peak} for {size}");
        let (sent, peak, _) = measured(|| again.to_http("https://a.example"));
        assert!(sent.is_ok() && peak < 5000, "{peak} for {size}");
    }
}

#[test]
fn a_refused_order_takes_only_its_violations() {
    let mut batch = Batch::new(&TASK, Rules::new()).expect("the task is valid");
    fill(&mut batch, 5000);
    let (refused, peak, _) = measured(|| batch.add(&Order::default()));
    assert_eq!(refused.map_err(|v| v.len()), Err(2));
    assert!(peak < 1500, "{peak}");
}

#[test]
#[ignore = "needs 6 GB of memory and an optimised build"]
fn a_body_of_4_gib_accepts_no_more_orders() {
    const GIB: usize = 1 << 30;
    let other = "x".repeat(GIB);
    let mut batch = Batch::new(&TASK, Rules::new()).expect("the task is valid");
    batch.reserve(1, 4 * GIB + 10_000).unwrap();
    let ids = ["a", "b", "c", "d"];
    for order_id in ids {
        let order = Order {
            order_id,
            user_phone: "8613800000001",
            other: &other,
            ..Order::default()
        };
        batch.add(&order).expect("the body has room");
    }
    let len = batch.body().len();
    assert!(len > 4 * GIB);
    let order = Order {
        order_id: "e",
        user_phone: "8613800000001",
        ..Order::default()
    };
    let refused = batch.add(&order).unwrap_err();
    assert_eq!(
        found(&refused),
        [("body_too_large", "/callInfoList/callList/4".into())]
    );
    assert!(refused.to_string().contains("another request"));
    assert_eq!((batch.len(), batch.body().len()), (4, len));
    assert!(batch.body().ends_with(b"\"params\":[]}]}}"));

    batch.clear();
    batch.add(&order).expect("the body has room again");
}
