//! A table that finds the place of an id by its hash.

use alloc::vec;
use alloc::vec::Vec;

/// Open addressing with linear probing. Of equal ids the one that came first is found. What came last can be taken out by
/// emptying its slot, since nothing was put further on because of it.
///
/// A slot holds a place and, in the bits that this leaves free, a part of the hash. So most slots of others are passed
/// without a look at the list that the places are of, which would be one more wait for memory.
#[derive(Clone, Default)]
pub(super) struct Table {
    /// Half of them at least are [`EMPTY`], or there are none at all.
    slots: Vec<u32>,
    /// How many bits of a slot hold its place, which is kept as one more than it is.
    place_bits: u32,
}

const EMPTY: u32 = 0;

impl Table {
    /// For how many places there can be room.
    const MOST: usize = 1 << 31;

    /// An empty table that has room for so many places.
    pub(super) fn with_room(places: usize) -> Self {
        let len = Self::len_for(places).expect("a body has no room for more orders than that");
        Self::of(vec![EMPTY; len])
    }

    /// The same, if there is memory for it.
    pub(super) fn try_with_room(places: usize) -> Option<Self> {
        let len = Self::len_for(places)?;
        let mut slots = Vec::new();
        slots.try_reserve_exact(len).ok()?;
        slots.resize(len, EMPTY);
        Some(Self::of(slots))
    }

    fn len_for(places: usize) -> Option<usize> {
        let len = places.checked_mul(2)?.checked_add(1)?;
        (places < Self::MOST).then_some(len)
    }

    fn of(slots: Vec<u32>) -> Self {
        Self {
            place_bits: bits_for(room_in(slots.len())),
            slots,
        }
    }

    /// For how many places it has room in all.
    pub(super) fn room(&self) -> usize {
        room_in(self.slots.len())
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
        self.place(self.slots[self.probe(hash, is_wanted)])
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
        let found = self.place(self.slots[at]);
        if found.is_none() {
            debug_assert!(
                new < self.room(),
                "what is in a slot would be another place"
            );
            let place = u32::try_from(new + 1).expect("there is room for less than 2^31 places");
            self.slots[at] = self.part_of(hash) | place;
        }
        found
    }

    /// Takes a place out, if it is there: it has to be the last one that was put in of those that are.
    pub(super) fn remove_last(&mut self, hash: u32, last: usize) {
        let at = self.probe(hash, |place| place == last);
        self.slots[at] = EMPTY;
    }

    /// The slot of the first place of which `is_wanted` holds, or else the empty slot where it would be.
    #[inline]
    fn probe(&self, hash: u32, mut is_wanted: impl FnMut(usize) -> bool) -> usize {
        let part = self.part_of(hash);
        let mut at = self.home(hash);
        while let Some(place) = self.place(self.slots[at]) {
            let may_be_wanted = (self.slots[at] ^ part) >> self.place_bits == 0;
            if may_be_wanted && is_wanted(place) {
                break;
            }
            at += 1;
            if at == self.slots.len() {
                at = 0;
            }
        }
        at
    }

    /// Spreads all hashes over all slots, by their highest bits.
    #[inline]
    fn home(&self, hash: u32) -> usize {
        ((u64::from(hash) * self.slots.len() as u64) >> 32) as usize
    }

    /// The part of a hash that a slot keeps: its lowest bits.
    #[inline]
    fn part_of(&self, hash: u32) -> u32 {
        hash << self.place_bits
    }

    /// The place that is in a slot.
    #[inline]
    fn place(&self, slot: u32) -> Option<usize> {
        let place = slot & ((1 << self.place_bits) - 1);
        (place as usize).checked_sub(1)
    }
}

/// For how many places so many slots have room.
const fn room_in(slots: usize) -> usize {
    slots / 2
}

/// How many bits the places need where there is room for so many, each kept as one more than it is.
const fn bits_for(room: usize) -> u32 {
    usize::BITS - room.leading_zeros()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All hashes are one of six, the last of which begins at the last slot, so that most are passed on the way to another.
    /// Those that begin at one slot keep different parts of their hashes.
    fn filled(places: usize) -> Table {
        let mut table = Table::with_room(places);
        for place in 0..places {
            assert_eq!(table.insert(hash_of(place), place, |_| false), None);
        }
        table
    }

    fn hash_of(place: usize) -> u32 {
        [0, 1, 1 << 30, 1 << 31, u32::MAX - 1, u32::MAX][place % 6]
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
    fn a_slot_has_bits_enough_for_each_place() {
        for (room, bits) in [
            (0, 0),
            (1, 1),
            (2, 2),
            (3, 2),
            (1 << 20, 21),
            (Table::MOST - 1, 31),
        ] {
            assert_eq!(bits_for(room), bits, "{room}");
        }
        for room in [0, 1, 100, 100_000] {
            let table = Table::with_room(room);
            assert_eq!(table.place_bits, bits_for(room));
        }
    }

    #[test]
    fn what_another_hash_has_is_passed_without_a_look() {
        let mut table = Table::with_room(100);
        table.insert(1 << 30, 99, |_| panic!("the table is empty"));
        let other = (1 << 30) + 1;
        assert_eq!(table.home(other), table.home(1 << 30));
        assert_eq!(table.find(other, |_| panic!("it is another one")), None);
        assert_eq!(table.find(1 << 30, |place| place == 99), Some(99));
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
    fn half_of_the_slots_stay_empty() {
        assert_eq!(Table::default().room(), 0);
        for places in 0..5000 {
            let table = Table::with_room(places);
            assert!(table.room() >= places, "{places}");
            assert!(table.room() * 2 < table.slots.len(), "{places}");
        }
        for places in [usize::MAX, usize::MAX / 2, Table::MOST] {
            assert!(Table::try_with_room(places).is_none(), "{places}");
        }
    }
}
