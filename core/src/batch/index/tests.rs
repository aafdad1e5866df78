//! A plain list is the oracle.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use proptest::prelude::*;

use super::OrderIndex;

#[derive(Debug, Clone)]
enum Step {
    Insert(u32),
    Append(u32),
    Resolve,
    Truncate(usize),
    Reindex(usize),
    Clear,
    Reserve(usize),
    Reseed(u64),
}

fn step() -> impl Strategy<Value = Step> {
    // Few IDs, so that duplicates occur, and many, so that the table grows.
    let id = || prop_oneof![0..8_u32, any::<u32>()];
    prop_oneof![
        4 => id().prop_map(Step::Insert),
        12 => id().prop_map(Step::Append),
        2 => Just(Step::Resolve),
        1 => (0..400_usize).prop_map(Step::Truncate),
        1 => (0..400_usize).prop_map(Step::Reindex),
        1 => Just(Step::Clear),
        1 => (0..300_usize).prop_map(Step::Reserve),
        1 => any::<u64>().prop_map(Step::Reseed),
    ]
}

/// The written IDs, and the orders that have them.
#[derive(Default)]
struct Model {
    orders: String,
    /// The start of the ID, its order, and whether the index has it.
    ids: Vec<(usize, usize, bool)>,
}

impl Model {
    fn string(&self, start: usize) -> &str {
        self.orders[start..].split_inclusive('"').next().unwrap()
    }

    fn first(&self, string: &str) -> Option<usize> {
        let mut ids = self.ids.iter();
        let found = ids.find(|&&(start, _, resolved)| resolved && self.string(start) == string)?;
        Some(found.1)
    }

    /// Appends an ID.
    fn write(&mut self, id: u32) -> core::ops::Range<usize> {
        self.orders.push_str("{\"orderID\":\"");
        let start = self.orders.len();
        self.orders.push_str(&id.to_string());
        self.orders.push('"');
        start..self.orders.len()
    }

    /// The duplicates that resolving all IDs must report.
    fn resolve(&mut self) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        for i in 0..self.ids.len() {
            let (start, order, resolved) = self.ids[i];
            if !resolved {
                found.extend(self.first(self.string(start)).map(|first| (order, first)));
                self.ids[i].2 = true;
            }
        }
        found
    }
}

fn resolve(ids: &mut OrderIndex, orders: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let report = |order, first| found.push((order, first));
    ids.resolve_duplicates(orders.as_bytes(), report).unwrap();
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
                Step::Insert(id) => {
                    prop_assert_eq!(resolve(&mut ids, &model.orders), model.resolve());
                    let range = model.write(id);
                    let first = model.first(model.string(range.start));
                    prop_assert_eq!(ids.find(model.orders.as_bytes(), range.clone()), first);
                    let inserted = ids.insert(model.orders.as_bytes(), range.clone(), next);
                    prop_assert_eq!(inserted.unwrap(), first);
                    if first.is_none() {
                        model.ids.push((range.start, next, true));
                    }
                    next += gap;
                }
                Step::Append(id) => {
                    let range = model.write(id);
                    ids.append(model.orders.as_bytes(), range.clone(), next).unwrap();
                    model.ids.push((range.start, next, false));
                    next += gap;
                }
                Step::Resolve => prop_assert_eq!(resolve(&mut ids, &model.orders), model.resolve()),
                Step::Truncate(kept) => {
                    if let Some(&(start, order, _)) = model.ids.get(kept) {
                        ids.truncate(start);
                        model.ids.truncate(kept);
                        next = order;
                    }
                }
                Step::Reindex(from) => {
                    if let Some(&(start, ..)) = model.ids.get(from) {
                        ids.reindex(start, from);
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
                Step::Reserve(additional) => ids.reserve(additional).unwrap(),
                Step::Reseed(seed) => ids.reseed(seed, model.orders.as_bytes()),
            }
        }
        prop_assert_eq!(resolve(&mut ids, &model.orders), model.resolve());
        for &(start, ..) in &model.ids {
            let range = start..start + model.string(start).len();
            let found = ids.find(model.orders.as_bytes(), range);
            prop_assert_eq!(found, model.first(model.string(start)));
        }
    }
}
