//! A table that finds the place of an id by its hash.

use alloc::vec;
use alloc::vec::Vec;

/// Open addressing with linear probing. Of equal ids the one that came first is found. What came last can be taken out by
/// emptying its slot, since nothing was put further on because of it.
///
/// A slot holds only a place, so that the table stays small; the hashes are in the list that the places are of.
#[derive(Clone, Default)]
pub(super) struct Table {
    /// Places, kept as one more than they are, or [`EMPTY`]. A third of them at least is empty, or there are none at all.
    slots: Vec<u32>,
}

const EMPTY: u32 = 0;

impl Table {
    /// An empty table that has room for so many places.
    pub(super) fn with_room(places: usize) -> Self {
        let len = Self::len_for(places).expect("a body has no room for more orders than that");
        Self {
            slots: vec![EMPTY; len],
        }
    }

    /// The same, if there is memory for it.
    pub(super) fn try_with_room(places: usize) -> Option<Self> {
        let len = Self::len_for(places)?;
        let mut slots = Vec::new();
        slots.try_reserve_exact(len).ok()?;
        slots.resize(len, EMPTY);
        Some(Self { slots })
    }

    fn len_for(places: usize) -> Option<usize> {
        places.checked_add(places.div_ceil(2))?.checked_add(1)
    }

    /// For how many places it has room in all.
    pub(super) fn room(&self) -> usize {
        (self.slots.len() * 2).saturating_sub(1) / 3
    }

    pub(super) fn clear(&mut self) {
        self.slots.fill(EMPTY);
    }

    /// The first place of which `is_wanted` holds among those where `hash` may be.
    #[inline]
    pub(super) fn find(&self, hash: u32, is_wanted: impl FnMut(usize) -> bool) -> Option<usize> {
        if self.slots.is_empty() {
            return None;
        }
        place(self.slots[self.probe(hash, is_wanted)])
    }

    /// Puts a place into the table, which has room for it, unless there is one of which `is_equal` holds among those where
    /// `hash` may be: that one is returned.
    #[inline]
    pub(super) fn insert(
        &mut self,
        hash: u32,
        new: usize,
        is_equal: impl FnMut(usize) -> bool,
    ) -> Option<usize> {
        let at = self.probe(hash, is_equal);
        let found = place(self.slots[at]);
        if found.is_none() {
            self.slots[at] = u32::try_from(new + 1).expect("places are fewer than bytes of a body");
        }
        found
    }

    /// Takes a place out, if it is there: it has to be the last one that was put in of those that are.
    pub(super) fn remove_last(&mut self, hash: u32, last: usize) {
        let at = self.probe(hash, |place| place == last);
        self.slots[at] = EMPTY;
    }

    /// What is in the slot where a hash is looked for first.
    #[inline]
    pub(super) fn at_home(&self, hash: u32) -> Option<usize> {
        place(self.slots[self.home(hash)])
    }

    /// The slot of the first place of which `is_wanted` holds, or else the empty slot where it would be.
    #[inline]
    fn probe(&self, hash: u32, mut is_wanted: impl FnMut(usize) -> bool) -> usize {
        let mut at = self.home(hash);
        while let Some(place) = place(self.slots[at]) {
            if is_wanted(place) {
                break;
            }
            at += 1;
            if at == self.slots.len() {
                at = 0;
            }
        }
        at
    }

    /// Spreads all hashes over all slots.
    #[inline]
    fn home(&self, hash: u32) -> usize {
        ((u64::from(hash) * self.slots.len() as u64) >> 32) as usize
    }
}

/// The place that is in a slot.
#[inline]
fn place(slot: u32) -> Option<usize> {
    (slot as usize).checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All hashes are one of four, the last of which begins at the last slot, so that most are passed on the way to another.
    fn filled(places: usize) -> Table {
        let mut table = Table::with_room(places);
        for place in 0..places {
            assert_eq!(table.insert(hash_of(place), place, |_| false), None);
        }
        table
    }

    fn hash_of(place: usize) -> u32 {
        [0, 1 << 30, 1 << 31, u32::MAX][place % 4]
    }

    #[test]
    fn each_place_is_found_and_no_other() {
        assert_eq!(Table::default().find(hash_of(0), |_| true), None);
        for places in [0, 1, 2, 3, 50, 500] {
            let table = filled(places);
            for place in 0..places {
                assert_eq!(table.find(hash_of(place), |p| p == place), Some(place));
            }
            for hash in [0, 1 << 31, u32::MAX] {
                assert_eq!(table.find(hash, |_| false), None);
            }
        }
    }

    #[test]
    fn of_equal_ones_the_first_is_found_and_no_other_is_put_in() {
        let mut table = filled(100);
        let has_hash_of_2 = |place| hash_of(place) == hash_of(2);
        assert_eq!(table.find(hash_of(2), has_hash_of_2), Some(2));
        assert_eq!(table.insert(hash_of(2), 100, has_hash_of_2), Some(2));
        assert_eq!(table.find(hash_of(2), |place| place == 100), None);
    }

    #[test]
    fn what_came_last_can_be_taken_out_again_and_again() {
        let mut table = filled(100);
        for last in (20..100).rev() {
            table.remove_last(hash_of(last), last);
            table.remove_last(hash_of(last), last);
            for place in 0..100 {
                let found = table.find(hash_of(place), |p| p == place);
                assert_eq!(found, (place < last).then_some(place));
            }
        }
    }

    #[test]
    fn a_third_of_the_slots_stays_empty() {
        assert_eq!(Table::default().room(), 0);
        for places in 0..5000 {
            let table = Table::with_room(places);
            assert!(table.room() >= places, "{places}");
            assert!(table.room() * 3 < table.slots.len() * 2, "{places}");
        }
        for places in [usize::MAX, usize::MAX / 2, usize::MAX / 16] {
            assert!(Table::try_with_room(places).is_none(), "{places}");
        }
    }
}
