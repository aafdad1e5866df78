//! A plain list is the oracle.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use proptest::prelude::*;

use super::OrderIndex;

#[derive(Debug, Clone)]
enum Step {
    Now(u32),
    Later(u32),
    Settle,
    Truncate(usize),
    Renumber(usize),
    Clear,
    Reserve(usize),
}

fn step() -> impl Strategy<Value = Step> {
    // Few ids, so that they meet again, and so many that the table grows.
    let id = || prop_oneof![0..8_u32, any::<u32>()];
    prop_oneof![
        4 => id().prop_map(Step::Now),
        12 => id().prop_map(Step::Later),
        2 => Just(Step::Settle),
        1 => (0..400_usize).prop_map(Step::Truncate),
        1 => (0..400_usize).prop_map(Step::Renumber),
        1 => Just(Step::Clear),
        1 => (0..300_usize).prop_map(Step::Reserve),
    ]
}

/// Ids as they are written, and the orders that have them.
#[derive(Default)]
struct Model {
    orders: String,
    /// Where it begins, its order, and whether it is in the index yet.
    ids: Vec<(usize, usize, bool)>,
}

impl Model {
    fn text(&self, start: usize) -> &str {
        self.orders[start..].split_inclusive('"').next().unwrap()
    }

    fn first(&self, text: &str) -> Option<usize> {
        let mut ids = self.ids.iter();
        let found = ids.find(|&&(start, _, settled)| settled && self.text(start) == text)?;
        Some(found.1)
    }

    /// Writes an id behind the others.
    fn write(&mut self, id: u32) -> core::ops::Range<usize> {
        self.orders.push_str("{\"orderID\":\"");
        let start = self.orders.len();
        self.orders.push_str(&id.to_string());
        self.orders.push('"');
        start..self.orders.len()
    }

    /// What is to be reported when all are settled.
    fn settle(&mut self) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        for i in 0..self.ids.len() {
            let (start, order, settled) = self.ids[i];
            if !settled {
                found.extend(self.first(self.text(start)).map(|first| (order, first)));
                self.ids[i].2 = true;
            }
        }
        found
    }
}

fn settle(ids: &mut OrderIndex, orders: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    ids.settle(orders.as_bytes(), |order, first| found.push((order, first)));
    found
}

proptest! {
    #[test]
    fn an_id_is_found_if_it_is_in_the_list(
        steps in prop::collection::vec(step(), 0..600),
        gap in 1..3_usize,
    ) {
        let mut ids = OrderIndex::new();
        let mut model = Model::default();
        let mut next = 0;
        for step in steps {
            match step {
                Step::Now(id) => {
                    prop_assert_eq!(settle(&mut ids, &model.orders), model.settle());
                    let range = model.write(id);
                    let first = model.first(model.text(range.start));
                    prop_assert_eq!(ids.find(model.orders.as_bytes(), range.clone()), first);
                    let inserted = ids.insert(model.orders.as_bytes(), range.clone(), next);
                    prop_assert_eq!(inserted.err(), first);
                    if first.is_none() {
                        model.ids.push((range.start, next, true));
                    }
                    next += gap;
                }
                Step::Later(id) => {
                    let range = model.write(id);
                    ids.insert_later(model.orders.as_bytes(), range.clone(), next);
                    model.ids.push((range.start, next, false));
                    next += gap;
                }
                Step::Settle => prop_assert_eq!(settle(&mut ids, &model.orders), model.settle()),
                Step::Truncate(kept) => {
                    if let Some(&(start, order, _)) = model.ids.get(kept) {
                        ids.truncate(start);
                        model.ids.truncate(kept);
                        next = order;
                    }
                }
                Step::Renumber(from) => {
                    if let Some(&(start, ..)) = model.ids.get(from) {
                        ids.renumber(start, from);
                        for (i, id) in model.ids.iter_mut().enumerate().skip(from) {
                            id.1 = i;
                        }
                        next = model.ids.len();
                    }
                }
                Step::Clear => {
                    ids.clear();
                    model = Model::default();
                    next = 0;
                }
                Step::Reserve(additional) => ids.reserve(additional),
            }
        }
        prop_assert_eq!(settle(&mut ids, &model.orders), model.settle());
        for &(start, ..) in &model.ids {
            let range = start..start + model.text(start).len();
            let found = ids.find(model.orders.as_bytes(), range);
            prop_assert_eq!(found, model.first(model.text(start)));
        }
    }
}
