//! The index of the orderIDs in a batch, or of its phone numbers, without a copy of any of them.

#[cfg(test)]
mod tests;

use alloc::vec::Vec;
use core::hash::{BuildHasher, Hasher};
use core::ops::Range;

use foldhash::SharedSeed;
use foldhash::quality::SeedableRandomState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use crate::batch::canonical::{self, MIN_ORDER_LEN};
use crate::check::memory::{self, NoMemoryError};

/// How many IDs the table has room for at first, so that it is not in the reserve: see
/// [`memory::first_capacity`].
const MIN_TABLE: usize = 128;

/// An index of the orderIDs in a body, or of its phone numbers, which it treats as IDs.
///
/// It stores the offset of each ID in [`Body::orders`](crate::batch::body::Body::orders). Two IDs
/// are equal exactly when their canonical forms, closing quote included, are equal.
///
/// The hash is seeded, so that IDs which collide cannot be computed in advance. Without a seed from
/// the caller it comes from addresses in memory, which is weaker: see
/// [`Batch::reseed`](crate::Batch::reseed).
#[derive(Clone)]
pub(crate) struct OrderIndex {
    /// In body order.
    ids: Vec<Id>,
    /// The number of them whose duplicates are resolved: each is in the table, or an equal ID that
    /// came before it is.
    resolved: usize,
    /// Indices into `ids`.
    table: HashTable<u32>,
    hasher: SeedableRandomState,
}

#[derive(Clone, Copy)]
struct Id {
    /// Where its canonical form begins.
    start: u32,
    /// Its order's index: in the list that is being added, and in the batch afterwards.
    order: u32,
    /// The upper half of its hash.
    hash: u32,
}

impl OrderIndex {
    /// The largest offset at which an ID can begin.
    pub(crate) const MAX_START: usize = u32::MAX as usize;

    pub(crate) fn new() -> Self {
        Self {
            ids: Vec::new(),
            resolved: 0,
            table: HashTable::new(),
            hasher: SeedableRandomState::random(),
        }
    }

    /// Hashes with another seed from now on, and rehashes the IDs that are there.
    pub(crate) fn reseed(&mut self, seed: u64, orders: &[u8]) {
        // foldhash also mixes in its process-wide seed.
        self.hasher = SeedableRandomState::with_seed(seed, SharedSeed::global_random());
        for id in 0..self.ids.len() {
            self.ids[id].hash = self.hash(self.ids[id].string(orders));
        }
        // Clearing the table costs as much as its capacity.
        if self.table.is_empty() {
            return;
        }
        // It had room for them before, so that it does not grow.
        self.table.clear();
        let ids = &self.ids[..];
        for (number, id) in (0..).zip(&ids[..self.resolved]) {
            let is_equal = |&other: &u32| {
                let other = &ids[other as usize];
                other.hash == id.hash && other.is(id.string(orders), orders)
            };
            if let Entry::Vacant(entry) = self.table.entry(spread(id.hash), is_equal, rehash(ids)) {
                entry.insert(number);
            }
        }
    }

    pub(crate) fn clear(&mut self) {
        // Clearing the table costs as much as its capacity, removing an ID as much as finding it.
        if self.ids.len() < self.table.capacity() / 16 {
            return self.truncate(0);
        }
        self.ids.clear();
        self.resolved = 0;
        self.table.clear();
    }

    /// Removes the IDs that begin at `start` or after it.
    pub(crate) fn truncate(&mut self, start: usize) {
        let kept = self.count_before(start);
        for (id, removed) in self.ids.iter().enumerate().take(self.resolved).skip(kept) {
            let entry = self
                .table
                .find_entry(spread(removed.hash), |&other| other as usize == id);
            if let Ok(entry) = entry {
                entry.remove();
            }
        }
        self.ids.truncate(kept);
        self.resolved = self.resolved.min(kept);
    }

    /// Numbers the orders whose IDs begin at `start` or after it from `first` on. After some orders
    /// of a list were refused, the others have other indices in the batch than in the list.
    pub(crate) fn reindex(&mut self, start: usize, first: usize) {
        let kept = self.count_before(start);
        for (order, id) in (first..).zip(&mut self.ids[kept..]) {
            id.order = saturated(order);
        }
    }

    /// The number of IDs that begin before `start`.
    fn count_before(&self, start: usize) -> usize {
        self.ids.partition_point(|id| (id.start as usize) < start)
    }

    /// Reserves capacity for more IDs, as far as a body can hold them.
    pub(crate) fn reserve(&mut self, additional: usize) -> Result<(), NoMemoryError> {
        let additional = additional.min(Self::MAX_START / MIN_ORDER_LEN);
        self.ids
            .try_reserve(additional.max(memory::first_capacity::<Id>()))?;
        let unresolved = self.ids.len() - self.resolved;
        self.table
            .try_reserve(
                unresolved.saturating_add(additional).max(MIN_TABLE),
                rehash(&self.ids),
            )
            .map_err(NoMemoryError::of_table)?;
        Ok(())
    }

    /// The order that has the ID at `id` of `orders`. All IDs must be resolved.
    pub(crate) fn find(&self, orders: &[u8], id: Range<usize>) -> Option<usize> {
        let wanted = &orders[id];
        let hash = self.hash(wanted);
        let found = self.table.find(spread(hash), |&other| {
            let other = &self.ids[other as usize];
            other.hash == hash && other.is(wanted, orders)
        })?;
        Some(self.ids[*found as usize].order as usize)
    }

    /// Adds the ID at `id` of `orders`, or returns the order that has it already. All IDs must be
    /// resolved. If an allocation fails, the ID is not added.
    pub(crate) fn insert(
        &mut self,
        orders: &[u8],
        id: Range<usize>,
        order: usize,
    ) -> Result<Option<usize>, NoMemoryError> {
        self.append(orders, id, order)?;
        let mut found = None;
        let resolved = self.resolve_duplicates(orders, |_, first| found = Some(first));
        if resolved.is_err() || found.is_some() {
            self.ids.pop();
            self.resolved = self.ids.len();
        }
        resolved.map(|()| found)
    }

    /// Adds the ID at `id` of `orders`, unresolved.
    ///
    /// The more IDs are resolved at once, the less each costs: orders that are written in between
    /// evict the table from the processor's caches.
    #[inline]
    pub(crate) fn append(
        &mut self,
        orders: &[u8],
        id: Range<usize>,
        order: usize,
    ) -> Result<(), NoMemoryError> {
        memory::reserve_one(&mut self.ids)?;
        self.ids.push(Id {
            start: u32::try_from(id.start).expect("the batch keeps to MAX_START"),
            order: saturated(order),
            hash: self.hash(&orders[id]),
        });
        Ok(())
    }

    /// Resolves the IDs that were appended, in their order, and reports each duplicate: its order
    /// and the order that had it first.
    pub(crate) fn resolve_duplicates(
        &mut self,
        orders: &[u8],
        mut report: impl FnMut(usize, usize),
    ) -> Result<(), NoMemoryError> {
        let ids = &self.ids[..];
        let more = ids.len() - self.resolved;
        if self.table.capacity() - self.table.len() < more {
            self.table
                .try_reserve(more.max(MIN_TABLE), rehash(ids))
                .map_err(NoMemoryError::of_table)?;
        }
        for (id, new) in ids.iter().enumerate().skip(self.resolved) {
            let is_equal = |&other: &u32| {
                let other = &ids[other as usize];
                other.hash == new.hash && other.is(new.string(orders), orders)
            };
            match self.table.entry(spread(new.hash), is_equal, rehash(ids)) {
                Entry::Vacant(entry) => {
                    let id = u32::try_from(id).expect("a body holds fewer than 2^32 orders");
                    entry.insert(id);
                }
                Entry::Occupied(entry) => {
                    report(
                        new.order as usize,
                        ids[*entry.get() as usize].order as usize,
                    );
                }
            }
        }
        self.resolved = ids.len();
        Ok(())
    }

    #[inline]
    fn hash(&self, id: &[u8]) -> u32 {
        let mut hasher = self.hasher.build_hasher();
        hasher.write(id);
        (hasher.finish() >> 32) as u32
    }
}

/// The table's hash of an ID: it takes the bucket from the low bits and a tag from the high ones.
const fn spread(hash: u32) -> u64 {
    (hash as u64) << 32 | hash as u64
}

fn rehash(ids: &[Id]) -> impl Fn(&u32) -> u64 {
    |&id| spread(ids[id as usize].hash)
}

fn saturated(order: usize) -> u32 {
    u32::try_from(order).unwrap_or(u32::MAX)
}

impl Id {
    /// Whether it is `wanted`, which ends with its closing quote: only the whole ID can begin so.
    fn is(self, wanted: &[u8], orders: &[u8]) -> bool {
        orders[self.start as usize..].starts_with(wanted)
    }

    /// Its canonical form, with the closing quote.
    fn string(self, orders: &[u8]) -> &[u8] {
        canonical::string_with_quote(&orders[self.start as usize..])
    }
}
