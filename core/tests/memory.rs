//! How much memory is taken, counted by an allocator of this test's own.
//!
//! An unoptimised build reads documents of 10 MB, so that `cargo test` stays quick; an optimised one reads 200 MB:
//! `cargo test --release -p callbot-core --test memory`. The body of 4 GiB is only made on demand, since it needs 6 GB
//! of memory: `cargo test --release -p callbot-core --test memory -- --ignored`.

mod common;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use callbot_core::{Batch, Order, Param, Rules, Violations};
use common::{DOCUMENT, TASK, codes, document_of, found};

/// The size of a large document.
const LARGE: usize = if cfg!(debug_assertions) {
    10 << 20
} else {
    200 << 20
};

/// Counts what the current thread allocates, so that tests that run beside each other do not mix.
struct Counting;

thread_local! {
    static NOW: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn count(bytes: isize) {
    // A thread that ends may have no counters any more.
    let _ = NOW.try_with(|now| {
        now.set(now.get() + bytes);
        PEAK.with(|peak| peak.set(peak.get().max(now.get())));
        if bytes > 0 {
            ALLOCATIONS.with(|allocations| allocations.set(allocations.get() + 1));
        }
    });
}

fn signed(size: usize) -> isize {
    isize::try_from(size).expect("no layout is larger")
}

// SAFETY: all calls are handed on unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(signed(layout.size()));
        // SAFETY: the caller keeps the rules, which are the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(signed(layout.size()));
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-signed(layout.size()));
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // The worst case: both exist for a moment.
        count(signed(new_size));
        count(-signed(layout.size()));
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, new_size) }
    }
}

/// What `make` makes, how many bytes more than before were allocated at the worst moment, and how often.
fn measured<T>(make: impl FnOnce() -> T) -> (T, usize, usize) {
    let before = NOW.get();
    PEAK.set(before);
    ALLOCATIONS.set(0);
    let result = make();
    let peak = usize::try_from(PEAK.get() - before).expect("a peak is no valley");
    (result, peak, ALLOCATIONS.get())
}

/// A document with `part(0)`, `part(1)` and so on in place of its orders, of [`LARGE`] bytes.
fn large_document(mut part: impl FnMut(usize, &mut String)) -> (String, usize) {
    let orders_at = DOCUMENT.find("{\"orderID\"").expect("it has an order");
    let mut text = String::with_capacity(LARGE + 1000);
    text.push_str(&DOCUMENT[..orders_at]);
    let mut count = 0;
    while text.len() < LARGE {
        if count > 0 {
            text.push(',');
        }
        part(count, &mut text);
        count += 1;
    }
    text.push_str("]}}");
    (text, count)
}

fn push_order(i: usize, text: &mut String) {
    use std::fmt::Write;
    write!(
        text,
        "{{\"orderID\":\"7b0f2a60-2f0c-4a6e-9f0b-{i:012}\",\"userPhone\":\"86138{:08}\",\"other\":\"row {i}\",\
         \"userName\":\"王芳\",\"customerName\":\"\",\"params\":[{{\"name\":\"amount\",\"value\":\"120.50\"}}]}}",
        i % 100_000_000,
    )
    .expect("a string takes all");
}

fn push_zero(_: usize, text: &mut String) {
    text.push('0');
}

/// Holds that `peak` is no more than `percent` of the document's size, with some room for what does not grow.
#[track_caller]
fn assert_peak(peak: usize, text: &str, percent: usize) {
    let limit = text.len() / 100 * percent + (64 << 10);
    assert!(
        peak <= limit,
        "{peak} bytes for a document of {} are {} %",
        text.len(),
        peak / (text.len() / 100)
    );
}

/// The most that a full list of violations takes: the list and, while it grows, the half of it.
fn assert_only_the_list(peak: usize, violations: &Violations, text_of_each: usize) {
    let listed = Violations::MAX_LISTED * (size_of::<callbot_core::Violation>() + text_of_each);
    let limit = listed / 2 * 3 + (1 << 20);
    assert!(
        peak <= limit,
        "{peak} bytes for {} listed ones",
        violations.as_slice().len()
    );
}

/// Body and index are all that is kept. The body doubles when it is full, so that for a moment the old and the new one
/// are there: three times the body at the worst. Of the index it is 8 bytes an order and what a hash table leaves empty.
#[test]
fn a_large_document_takes_its_size_three_times_at_most() {
    let (text, orders) = large_document(push_order);
    let (batch, peak, _) = measured(|| Batch::from_json(text.as_bytes(), Rules::new()));
    let batch = batch.expect("it is right");
    assert_eq!(batch.len(), orders);
    assert!(batch.body() == text.as_bytes(), "nothing was to change");
    assert_peak(peak, &text, 325);

    let (kept, peak, _) = measured(|| Batch::from_json_keep_valid(text.as_bytes(), Rules::new()));
    assert_eq!(kept.expect("it is right").batch.len(), orders);
    assert_peak(peak, &text, 325);
}

#[test]
fn a_large_document_with_its_keys_in_the_worst_order_takes_no_more() {
    // The task comes last, so that all orders move to make room for it.
    let (text, orders) = large_document(push_order);
    let end = text.find("\"callList\":").expect("it has orders");
    let list = &text[end..text.len() - "}}".len()];
    let head = DOCUMENT
        .split_once("\"callList\"")
        .expect("it has orders")
        .0;
    let task = head
        .trim_start_matches('{')
        .split_once("\"callInfoList\":{")
        .expect("it is there");
    let text = format!(
        "{{\"callInfoList\":{{{list},{}}},{}}}",
        task.1.trim_end_matches(','),
        task.0.trim_end_matches(',')
    );
    let (batch, peak, _) = measured(|| Batch::from_json(text.as_bytes(), Rules::new()));
    let batch = batch.expect("it is right");
    assert_eq!(batch.len(), orders);
    assert_eq!(batch.body().len(), text.len());
    assert_peak(peak, &text, 325);
}

#[test]
fn a_document_of_nothing_but_mistakes_takes_a_bounded_list() {
    let (text, mistakes) = large_document(push_zero);
    let (refused, peak, _) = measured(|| Batch::from_json(text.as_bytes(), Rules::new()));
    let refused = refused.unwrap_err();
    assert_eq!(refused.len(), mistakes);
    assert_eq!(refused.as_slice().len(), Violations::MAX_LISTED);
    assert_eq!(refused.unlisted(), mistakes - Violations::MAX_LISTED);
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

    // All that were counted are said to be there, and no batch is given without a list of all that it lacks.
    let kept = Batch::from_json_keep_valid(text.as_bytes(), Rules::new());
    assert_eq!(kept.unwrap_err(), refused);
    assert!(
        refused
            .to_string()
            .ends_with(&format!("\nand {} more", refused.unlisted()))
    );
}

#[test]
fn a_full_list_is_no_reason_to_refuse_what_can_be_kept() {
    let list = |n: usize| {
        let good = common::order_json("1", "8613800000001");
        document_of(&["0,".repeat(n) + &good])
    };
    let full = list(Violations::MAX_LISTED);
    let kept = Batch::from_json_keep_valid(full.as_bytes(), Rules::new()).expect("all are named");
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
    let text = document_of(&[order.replacen('{', &format!("{{{keys}"), 1)]);
    let (refused, peak, _) = measured(|| Batch::from_json(text.as_bytes(), Rules::new()));
    let refused = refused.unwrap_err();
    assert_eq!(refused.len(), LARGE / key.len());
    assert_only_the_list(peak, &refused, 26);
}

#[test]
fn a_document_of_nothing_but_wrong_params_takes_memory_in_proportion() {
    for param in ["0", "{}"] {
        let mut list = [param, ","].concat().repeat(LARGE / 4 / (param.len() + 1));
        list.pop();
        let order = common::order_json("1", "8613800000001");
        let text = document_of(&[order.replace("[]", &format!("[{list}]"))]);
        let (refused, peak, _) = measured(|| Batch::from_json(text.as_bytes(), Rules::new()));
        let refused = refused.unwrap_err();
        assert_eq!(refused.as_slice().len(), Violations::MAX_LISTED);
        let list = Violations::MAX_LISTED * size_of::<callbot_core::Violation>() / 2 * 3;
        assert_peak(peak.saturating_sub(list), &text, 500);
    }
}

#[test]
fn an_order_of_many_params_takes_memory_in_proportion() {
    let params: Vec<String> = (0..LARGE / 10 / 30)
        .map(|i| format!("{{\"name\":\"n{i:07}\",\"value\":\"v\"}}"))
        .collect();
    let order = common::order_json("1", "8613800000001");
    let text = document_of(&[order.replace("[]", &format!("[{}]", params.join(",")))]);
    let (batch, peak, _) = measured(|| Batch::from_json(text.as_bytes(), Rules::new()));
    assert_eq!(batch.map(|batch| batch.len()), Ok(1));
    assert_peak(peak, &text, 600);
}

#[test]
fn nesting_takes_memory_in_proportion() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let depth = LARGE / 10 / (open.len() + close.len());
        let nested = [&open.repeat(depth), "0", &close.repeat(depth)].concat();
        let text = common::edited(DOCUMENT, "\"o\"", &nested);
        let (refused, peak, _) = measured(|| Batch::from_json(text.as_bytes(), Rules::new()));
        assert_eq!(codes(&refused.unwrap_err()), ["wrong_type"]);
        assert_peak(peak, &text, 150);
    }
}

/// Texts of orders that are as long in every round.
fn fill(batch: &mut Batch, orders: usize) {
    let mut order_id = String::with_capacity(20);
    for i in 0..orders {
        use std::fmt::Write;
        order_id.clear();
        write!(order_id, "order \"{i:05}\"").expect("a string takes all");
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
            .expect("the order is right");
    }
}

#[test]
fn a_batch_that_was_cleared_is_filled_again_without_an_allocation() {
    const ORDERS: usize = 5000;
    let mut batch = Batch::new(&TASK, Rules::new()).expect("the task is right");
    let ((), _, first) = measured(|| fill(&mut batch, ORDERS));
    assert!(first > 10, "it was counted");
    let full = batch.body().to_vec();
    for _ in 0..2 {
        let ((), _, cleared) = measured(|| batch.clear());
        assert_eq!(cleared, 0);
        let ((), peak, again) = measured(|| fill(&mut batch, ORDERS));
        // One is that of the order ids' own text.
        assert_eq!(again, 1);
        assert!(peak < 100);
        assert!(batch.body() == full);
    }
}

#[test]
fn room_that_was_reserved_is_enough() {
    const ORDERS: usize = 5000;
    let mut batch = Batch::new(&TASK, Rules::new()).expect("the task is right");
    batch.reserve(ORDERS, 200);
    let ((), _, allocations) = measured(|| fill(&mut batch, ORDERS));
    assert_eq!(allocations, 1);
    assert_eq!(batch.len(), ORDERS);
}

/// How many orders are many: enough to tell what grows with them.
const MANY: usize = if cfg!(debug_assertions) {
    10_000
} else {
    100_000
};

/// Holds that a batch takes no more than its body and a seventh of it, and 32 bytes for each order.
#[track_caller]
fn assert_peak_of_batch(peak: usize, batch: &Batch) {
    let limit = batch.body().len() / 100 * 115 + 32 * batch.len() + (4 << 10);
    let body = batch.body().len();
    assert!(
        peak <= limit,
        "{peak} bytes for a body of {body}, where {limit} are allowed"
    );
}

#[test]
fn a_batch_of_known_size_takes_as_many_allocations_whatever_that_is() {
    let build = |orders| {
        measured(|| {
            let mut batch = Batch::new(&TASK, Rules::new()).expect("the task is right");
            batch.reserve(orders, 190);
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

/// A document of so many orders as `push_order` makes them.
fn document_of_many(orders: usize) -> String {
    let mut list = Vec::with_capacity(orders);
    for i in 0..orders {
        let mut text = String::new();
        push_order(i, &mut text);
        list.push(text);
    }
    document_of(&list)
}

#[test]
fn json_takes_no_allocation_for_each_order() {
    let in_another = |orders| document_of_many(orders).replace("\"other\":", "\"other\" : ");
    let with_blanks = |orders| document_of_many(orders).replace("\":", "\":\n          \t    ");
    let forms: [(&dyn Fn(usize) -> String, usize); 3] = [
        (&document_of_many, 3),
        (&in_another, 20),
        (&with_blanks, 20),
    ];
    for (document, growth) in forms {
        let (few, many) = (document(1000), document(MANY));
        let (_, _, few) = measured(|| Batch::from_json(few.as_bytes(), Rules::new()));
        let (batch, peak, allocations) =
            measured(|| Batch::from_json(many.as_bytes(), Rules::new()));
        let batch = batch.expect("it is right");
        assert_eq!(batch.len(), MANY);
        // The table of ids doubles, but for documents in our form.
        assert!(
            few < 50 && allocations <= few + growth,
            "{allocations} and {few}"
        );
        assert_peak_of_batch(peak, &batch);
    }
}

#[test]
fn room_that_is_made_little_by_little_costs_as_little_as_room_made_at_once() {
    let ((), peak, allocations) = measured(|| {
        let mut batch = Batch::new(&TASK, Rules::new()).expect("the task is right");
        for i in 0..MANY {
            batch.reserve(1, 200);
            let order_id = i.to_string();
            let order = Order {
                order_id: &order_id,
                user_phone: "8613800000001",
                ..Order::default()
            };
            batch.add(&order).expect("it is right");
        }
    });
    // One for each id that the test itself makes.
    assert!(allocations - MANY < 100, "{allocations} for {MANY} orders");
    assert!(peak < MANY * 1000, "{peak} bytes for {MANY} orders");
}

#[test]
fn room_for_more_orders_than_there_can_be_takes_no_more_than_for_all_that_can() {
    let mut batch = Batch::new(&TASK, Rules::new()).expect("the task is right");
    let ((), peak, _) = measured(|| batch.reserve(usize::MAX, 0));
    assert!(peak < 1 << 30, "{peak}");

    let mut batch = Batch::new(&TASK, Rules::new()).expect("the task is right");
    let ((), peak, _) = measured(|| batch.reserve(usize::MAX, 200));
    assert!(
        peak < 1000,
        "{peak}: there is no room for the body of so many"
    );
}

#[test]
fn signing_takes_no_copy_of_the_body() {
    let mut batch = Batch::new(&TASK, Rules::new()).expect("the task is right");
    fill(&mut batch, 5000);
    let size = batch.body().len();
    for algorithm in [
        callbot_core::Algorithm::Md5,
        callbot_core::Algorithm::Sha256,
    ] {
        let account = common::credentials(algorithm);
        let id = common::request_id("r");
        let (request, peak, _) = measured(|| batch.sign(&account, id, common::timestamp(1)));
        let request = request.expect("it has orders");
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
    let mut batch = Batch::new(&TASK, Rules::new()).expect("the task is right");
    fill(&mut batch, 5000);
    let (refused, peak, _) = measured(|| batch.add(&Order::default()));
    assert_eq!(refused.map_err(|v| v.len()), Err(2));
    assert!(peak < 1000, "{peak}");
}

#[test]
#[ignore = "needs 6 GB of memory and an optimised build"]
fn a_body_of_4_gib_takes_no_more_orders() {
    const GIB: usize = 1 << 30;
    let other = "x".repeat(GIB);
    let mut batch = Batch::new(&TASK, Rules::new()).expect("the task is right");
    batch.reserve(1, 4 * GIB + 10_000);
    let ids = ["a", "b", "c", "d"];
    for order_id in ids {
        let order = Order {
            order_id,
            user_phone: "8613800000001",
            other: &other,
            ..Order::default()
        };
        batch.add(&order).expect("there is room");
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
    batch.add(&order).expect("there is room again");
}
