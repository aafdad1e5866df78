//! Which orderIDs a batch holds, without a copy of any of them.

use alloc::vec::Vec;
use core::hash::BuildHasher;
use core::mem;
use core::ops::Range;

use foldhash::quality::RandomState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use crate::written;

/// An index over the orderIDs in a body.
///
/// It keeps where each id begins in [`Body::orders`](crate::body::Body::orders), where the id is in its written form.
/// Two ids are equal exactly when their written forms are, with the quotes that end them. Eight bytes an order, so that the
/// index stays small beside the body.
///
/// The hash is seeded in each process from the places in memory at which it lies, so that ids which all fall into one place
/// of the table cannot be prepared without knowing those. Where a system puts programs always in the same places, the
/// seed is always the same too.
#[derive(Clone)]
pub(crate) struct OrderIds {
    table: HashTable<Id>,
    hasher: RandomState,
    /// Not in the table yet.
    unsettled: Vec<Unsettled>,
}

#[derive(Clone, Copy)]
struct Id {
    /// Where its written form begins.
    start: u32,
    /// Which order has it: of the list that is being read, and of the batch once it was.
    order: u32,
}

/// An id that is to be looked for and added together with others. In a table that is larger than the processor's caches
/// each look waits for memory, and those that follow closely on each other wait at the same time: measured, an index of
/// 100,000 orders costs less than half of what it does when each id is added on its own.
#[derive(Clone, Copy)]
struct Unsettled {
    hash: u64,
    start: u32,
    order: u32,
    /// With the quote that ends it.
    len: usize,
}

impl OrderIds {
    /// How many ids are added together.
    const TOGETHER: usize = 128;

    /// The largest place that an id can begin at.
    pub(crate) const MAX_START: usize = u32::MAX as usize;

    pub(crate) fn new() -> Self {
        Self {
            table: HashTable::new(),
            hasher: RandomState::default(),
            unsettled: Vec::new(),
        }
    }

    pub(crate) fn clear(&mut self) {
        self.table.clear();
        self.unsettled.clear();
    }

    /// Forgets the ids that begin at `start` or behind it.
    pub(crate) fn truncate(&mut self, start: usize) {
        self.table.retain(|id| (id.start as usize) < start);
        self.unsettled.retain(|id| (id.start as usize) < start);
    }

    /// Counts orders anew, by the ids that are written at `ids` of `orders`: after some orders of a list were refused, those
    /// that were taken have other places in the batch than in the list. The first of them is the order `first`.
    pub(crate) fn renumber(
        &mut self,
        orders: &[u8],
        ids: impl Iterator<Item = Range<usize>>,
        first: usize,
    ) {
        for (order, id) in (first..).zip(ids) {
            let wanted = &orders[id];
            let hash = self.hasher.hash_one(wanted);
            if let Some(id) = self.table.find_mut(hash, |id| id.is(wanted, orders)) {
                id.order = u32::try_from(order).unwrap_or(u32::MAX);
            }
        }
    }

    pub(crate) fn reserve(&mut self, additional: usize, orders: &[u8]) {
        let Self {
            table,
            hasher,
            unsettled,
        } = self;
        // Without the room they grow as they are filled.
        let _ = unsettled.try_reserve(Self::TOGETHER);
        let _ = table.try_reserve(additional, |id| hasher.hash_one(id.in_orders(orders)));
    }

    /// The order that has the id which is written at `id` of `orders`, if there is one.
    pub(crate) fn find(&self, orders: &[u8], id: Range<usize>) -> Option<usize> {
        let wanted = &orders[id];
        self.table
            .find(self.hasher.hash_one(wanted), |id| id.is(wanted, orders))
            .map(|id| id.order as usize)
    }

    /// Adds the id that is written at `id` of `orders`, or says which order has it already. None may be unsettled.
    pub(crate) fn insert(
        &mut self,
        orders: &[u8],
        id: Range<usize>,
        order: usize,
    ) -> Result<(), usize> {
        let id = self.unsettled(orders, id, order);
        self.insert_hashed(orders, id)
    }

    /// Adds the id that is written at `id` of `orders` once it is [settled](Self::settle). Returns whether it is time to do
    /// that.
    #[inline]
    pub(crate) fn insert_later(&mut self, orders: &[u8], id: Range<usize>, order: usize) -> bool {
        if self.unsettled.is_empty() {
            self.unsettled.reserve(Self::TOGETHER);
        }
        let id = self.unsettled(orders, id, order);
        self.unsettled.push(id);
        self.unsettled.len() >= Self::TOGETHER
    }

    /// Adds the ids that were to be added later, in their order, and reports each that an order had already: the order
    /// that comes second, and the first one.
    pub(crate) fn settle(&mut self, orders: &[u8], mut report: impl FnMut(usize, usize)) {
        let mut unsettled = mem::take(&mut self.unsettled);
        for id in unsettled.drain(..) {
            if let Err(first) = self.insert_hashed(orders, id) {
                report(id.order as usize, first);
            }
        }
        self.unsettled = unsettled;
    }

    #[inline]
    fn unsettled(&self, orders: &[u8], id: Range<usize>, order: usize) -> Unsettled {
        Unsettled {
            start: u32::try_from(id.start).expect("the batch keeps to MAX_START"),
            len: id.len(),
            order: u32::try_from(order).unwrap_or(u32::MAX),
            hash: self.hasher.hash_one(&orders[id]),
        }
    }

    fn insert_hashed(&mut self, orders: &[u8], id: Unsettled) -> Result<(), usize> {
        let Self { table, hasher, .. } = self;
        let Unsettled {
            hash,
            start,
            len,
            order,
        } = id;
        let wanted = &orders[start as usize..][..len];
        let entry = table.entry(
            hash,
            |id| id.is(wanted, orders),
            |id| hasher.hash_one(id.in_orders(orders)),
        );
        match entry {
            Entry::Occupied(entry) => Err(entry.get().order as usize),
            Entry::Vacant(entry) => {
                entry.insert(Id { start, order });
                Ok(())
            }
        }
    }
}

impl Id {
    /// Whether it is `wanted`, which ends with its quote: only the whole id can begin so.
    fn is(self, wanted: &[u8], orders: &[u8]) -> bool {
        orders[self.start as usize..].starts_with(wanted)
    }

    fn in_orders(self, orders: &[u8]) -> &[u8] {
        written::text_with_quote(&orders[self.start as usize..])
    }
}
