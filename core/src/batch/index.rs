//! Which orderIDs a batch holds, without a copy of any of them.

mod table;
#[cfg(test)]
mod tests;

use alloc::vec::Vec;
use core::hash::{BuildHasher, Hasher};
use core::ops::Range;

use foldhash::quality::RandomState;

use crate::batch::written;
use table::Table;

/// An index over the orderIDs in a body.
///
/// It keeps where each id begins in [`Body::orders`](crate::batch::body::Body::orders), where the id is in its written form.
/// Two ids are equal exactly when their written forms are, with the quotes that end them.
///
/// The hash is seeded in each process from the places in memory at which it lies, so that ids which all fall into one place
/// of the table cannot be prepared without knowing those. Where a system puts programs always in the same places, the
/// seed is always the same too.
#[derive(Clone)]
pub(crate) struct OrderIndex {
    /// In the order in which they stand in the body.
    ids: Vec<Id>,
    /// How many of them were looked for in the table. They are found there, or another one that is equal and came first.
    settled: usize,
    table: Table,
    hasher: RandomState,
}

#[derive(Clone, Copy)]
struct Id {
    /// Where its written form begins.
    start: u32,
    /// Which order has it: of the list that is being read, and of the batch once it was.
    order: u32,
    /// The upper half of its hash.
    hash: u32,
}

impl OrderIndex {
    /// The largest place that an id can begin at.
    pub(crate) const MAX_START: usize = u32::MAX as usize;

    pub(crate) fn new() -> Self {
        Self {
            ids: Vec::new(),
            settled: 0,
            table: Table::default(),
            hasher: RandomState::default(),
        }
    }

    pub(crate) fn clear(&mut self) {
        // A table that is nearly empty is cleared faster one by one.
        if self.ids.len() > self.table.room() / 16 {
            self.table.clear();
            self.settled = 0;
        }
        self.truncate(0);
    }

    /// Forgets the ids that begin at `start` or behind it.
    pub(crate) fn truncate(&mut self, start: usize) {
        let kept = self.count_before(start);
        for place in (kept..self.settled).rev() {
            self.table.remove_last(self.ids[place].hash, place);
        }
        self.ids.truncate(kept);
        self.settled = self.settled.min(kept);
    }

    /// Counts the orders anew whose ids begin at `start` or behind it: after some orders of a list were refused, those that
    /// were taken have other places in the batch than in the list. The first of them is the order `first`.
    pub(crate) fn renumber(&mut self, start: usize, first: usize) {
        let kept = self.count_before(start);
        for (order, id) in (first..).zip(&mut self.ids[kept..]) {
            id.order = number(order);
        }
    }

    /// How many ids begin before `start`.
    fn count_before(&self, start: usize) -> usize {
        self.ids.partition_point(|id| (id.start as usize) < start)
    }

    /// Makes room for more ids, if there is any to be had. Without it they grow as they are added.
    pub(crate) fn reserve(&mut self, additional: usize) {
        let _ = self.ids.try_reserve(additional);
        let wanted = self.ids.len().saturating_add(additional);
        if let Some(room) = self.more_room(wanted) {
            if let Some(table) = Table::try_with_room(room) {
                self.move_to(table);
            }
        }
    }

    /// How much room the table needs where it has none for so many: at least twice as much as it has, so that little by
    /// little costs no more than all at once.
    fn more_room(&self, wanted: usize) -> Option<usize> {
        let room = self.table.room();
        (room < wanted).then_some(wanted.max(2 * room))
    }

    /// Puts the settled ids into another table. Those that are equal to others are put in too, and not found there.
    fn move_to(&mut self, mut table: Table) {
        for (place, id) in self.ids[..self.settled].iter().enumerate() {
            table.insert(id.hash, place, |_| false);
        }
        self.table = table;
    }

    /// The order that has the id which is written at `id` of `orders`, if there is one. None may be unsettled.
    pub(crate) fn find(&self, orders: &[u8], id: Range<usize>) -> Option<usize> {
        let wanted = &orders[id];
        let hash = self.hash(wanted);
        let found = self.table.find(hash, |place| {
            let id = &self.ids[place];
            id.hash == hash && id.is(wanted, orders)
        });
        found.map(|place| self.ids[place].order as usize)
    }

    /// Adds the id that is written at `id` of `orders`, or says which order has it already. None may be unsettled.
    pub(crate) fn insert(
        &mut self,
        orders: &[u8],
        id: Range<usize>,
        order: usize,
    ) -> Result<(), usize> {
        self.insert_later(orders, id, order);
        let mut found = None;
        self.settle(orders, |_, first| found = Some(first));
        match found {
            None => Ok(()),
            Some(first) => {
                self.ids.pop();
                self.settled = self.ids.len();
                Err(first)
            }
        }
    }

    /// Adds the id that is written at `id` of `orders` once it is [settled](Self::settle). The more are settled at once the
    /// less each takes, since no orders that are written between them drive the table out of the processor's caches.
    #[inline]
    pub(crate) fn insert_later(&mut self, orders: &[u8], id: Range<usize>, order: usize) {
        self.ids.push(Id {
            start: u32::try_from(id.start).expect("the batch keeps to MAX_START"),
            order: number(order),
            hash: self.hash(&orders[id]),
        });
    }

    /// Looks for the ids that were added for later, in their order, and reports each that an order had already: the order
    /// that comes second, and the first one.
    pub(crate) fn settle(&mut self, orders: &[u8], mut report: impl FnMut(usize, usize)) {
        if let Some(room) = self.more_room(self.ids.len()) {
            self.move_to(Table::with_room(room));
        }
        let ids = &self.ids[..];
        for (place, id) in ids.iter().enumerate().skip(self.settled) {
            let first = self.table.insert(id.hash, place, |other| {
                ids[other].hash == id.hash && ids[other].is(id.text(orders), orders)
            });
            if let Some(first) = first {
                report(id.order as usize, ids[first].order as usize);
            }
        }
        self.settled = ids.len();
    }

    #[inline]
    fn hash(&self, id: &[u8]) -> u32 {
        let mut hasher = self.hasher.build_hasher();
        hasher.write(id);
        (hasher.finish() >> 32) as u32
    }
}

/// An order's number as it is kept.
fn number(order: usize) -> u32 {
    u32::try_from(order).unwrap_or(u32::MAX)
}

impl Id {
    /// Whether it is `wanted`, which ends with its quote: only the whole id can begin so.
    fn is(self, wanted: &[u8], orders: &[u8]) -> bool {
        orders[self.start as usize..].starts_with(wanted)
    }

    /// Its written form, with the quote that ends it.
    fn text(self, orders: &[u8]) -> &[u8] {
        written::text_with_quote(&orders[self.start as usize..])
    }
}
