//! The names of params in a batch, so that no two of them look equal.

use alloc::string::String;
use alloc::vec::Vec;
use core::hash::BuildHasher as _;
use core::ops::Range;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use crate::batch::order::ParamFields;
use crate::check::memory::{self, NoMemoryError};
use crate::check::{chars, names};
use crate::json::utf8::sealed::MaybeUtf8 as _;

/// The maximum number of names that are kept. Most batches have a few, and a list that has another
/// name in every order must not be copied. It also bounds what colliding hashes cost.
const MAX_NAMES: usize = 1024;

/// The number of names that are searched linearly.
const LINEAR_MAX: usize = 16;

/// The different names of the params in a batch, each with its first place.
#[derive(Clone, Default)]
pub(crate) struct ParamNames {
    /// In the order of their first places.
    names: Vec<Name>,
    /// The names one after the other.
    strings: String,
    /// The index of each by what can be seen of it.
    by_visible: HashTable<usize>,
}

#[derive(Clone)]
struct Name {
    /// Where it is in the strings.
    range: Range<usize>,
    /// The hash of what can be seen of it.
    hash: u64,
    place: Place,
    /// Its order's index in the batch. Until the list is added, the place has the index in the
    /// list.
    order_in_batch: usize,
}

/// A param of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) order: usize,
    pub(crate) param: usize,
}

impl ParamNames {
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// Reserves capacity for the names of most batches.
    pub(crate) fn reserve(&mut self) -> Result<(), NoMemoryError> {
        let additional = LINEAR_MAX.saturating_sub(self.len());
        if additional == 0 {
            return Ok(());
        }
        // So much that it is not in the reserve: see `first_capacity`.
        let additional = additional.max(memory::first_capacity::<u64>());
        self.names.try_reserve(additional)?;
        self.strings.try_reserve(additional * 16)?;
        self.by_visible
            .try_reserve(additional, |&index| self.names[index].hash)
            .map_err(NoMemoryError::of_table)?;
        Ok(())
    }

    /// Removes all names. The memory is kept.
    pub(crate) fn clear(&mut self) {
        self.names.clear();
        self.strings.clear();
        self.by_visible.clear();
    }

    /// Removes all but the first `len` names.
    pub(crate) fn truncate(&mut self, len: usize) {
        let Some(first) = self.names.get(len) else {
            return;
        };
        self.strings.truncate(first.range.start);
        for (index, name) in self.names.iter().enumerate().skip(len) {
            let entry = self
                .by_visible
                .find_entry(name.hash, |&other| other == index);
            if let Ok(entry) = entry {
                entry.remove();
            }
        }
        self.names.truncate(len);
    }

    /// Numbers the orders of the names from `start` on as the batch does.
    pub(crate) fn reindex(&mut self, start: usize) {
        for name in &mut self.names[start..] {
            name.place.order = name.order_in_batch;
        }
    }

    fn string(&self, name: &Name) -> &str {
        &self.strings[name.range.clone()]
    }

    /// Whether the names of an order are the first ones here, in the same order. All of them are
    /// then known, and none is twice.
    #[inline]
    pub(crate) fn have_at_same_places<P: ParamFields>(&self, params: &[P]) -> bool {
        let is_it = |(param, known): (&P, &Name)| {
            let name = param.name().map_or(&[][..], |name| name.bytes());
            chars::eq_short(self.string(known).as_bytes(), name)
        };
        params.len() <= self.names.len() && params.iter().zip(&self.names).all(is_it)
    }

    /// Adds the names of an order that are new. `false` if one of them may look like another name;
    /// the names are then as they were.
    pub(crate) fn try_add<P: ParamFields>(
        &mut self,
        params: &[P],
        order: usize,
        order_in_batch: usize,
    ) -> bool {
        let len = self.len();
        for (param, index) in params.iter().zip(0..) {
            let name = param.name().and_then(|name| name.as_str().ok());
            let place = Place {
                order,
                param: index,
            };
            if name.is_none_or(|name| self.add(name, place, order_in_batch).is_err()) {
                self.truncate(len);
                return false;
            }
        }
        true
    }

    /// Adds a name unless it is there. Fails with another name that looks equal, and its place, or
    /// with `None` if an allocation does.
    pub(crate) fn add(
        &mut self,
        name: &str,
        place: Place,
        order_in_batch: usize,
    ) -> Result<(), Option<(&str, Place)>> {
        let is_it = |known: &Name| chars::eq_short(self.string(known).as_bytes(), name.as_bytes());
        if self.names.iter().take(LINEAR_MAX).any(is_it) {
            return Ok(());
        }
        let visible = names::visible(name);
        let hash = FixedState::default().hash_one(&*visible);
        let found = self.by_visible.find(hash, |&index| {
            let known = &self.names[index];
            known.hash == hash && names::visible(self.string(known)) == visible
        });
        if let Some(&index) = found {
            let known = &self.names[index];
            if is_it(known) {
                return Ok(());
            }
            return Err(Some((self.string(known), known.place)));
        }
        if self.len() < MAX_NAMES {
            if self.names.is_empty() && self.reserve().is_err() {
                return Err(None);
            }
            let has_room =
                self.names.try_reserve(1).is_ok() && self.strings.try_reserve(name.len()).is_ok();
            let hash_of = |&index: &usize| self.names[index].hash;
            let has_room = has_room && self.by_visible.try_reserve(1, hash_of).is_ok();
            if !has_room {
                return Err(None);
            }
            let start = self.strings.len();
            self.strings.push_str(name);
            self.by_visible
                .insert_unique(hash, self.names.len(), hash_of);
            self.names.push(Name {
                range: start..self.strings.len(),
                hash,
                place,
                order_in_batch,
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::batch::order::Param;

    const NAMES: [&str; 8] = [
        "amount",
        "am\u{200b}ount",
        "amount\u{feff}",
        "Amount",
        "caf\u{e9}",
        "cafe\u{301}",
        "due",
        "\0",
    ];

    fn place(order: usize) -> Place {
        Place { order, param: 0 }
    }

    proptest! {
        /// With more names than are searched linearly, and with few.
        #[test]
        fn a_name_is_refused_if_an_earlier_one_looks_equal(
            used in prop::collection::vec(select(NAMES.to_vec()), 0..8),
            others in select(&[0, LINEAR_MAX][..]),
            truncated in prop::option::of(0..8_usize),
        ) {
            let mut names = ParamNames::default();
            for i in 0..others {
                let name = alloc::format!("other{i}");
                names.add(&name, place(0), 0).unwrap();
            }
            let mut model: Vec<(&str, usize)> = Vec::new();
            for (order, &name) in used.iter().enumerate() {
                if truncated == Some(order) {
                    model.truncate(1);
                    names.truncate(others + model.len());
                }
                let looks_equal = |(known, _): &&(&str, usize)| names::visible(known) == names::visible(name);
                let expected = match model.iter().find(looks_equal) {
                    Some(&(known, first)) if known != name => Err(Some((known, place(first)))),
                    Some(_) => Ok(()),
                    None => {
                        model.push((name, order));
                        Ok(())
                    }
                };
                prop_assert_eq!(names.add(name, place(order), order), expected);
            }
        }
    }

    #[test]
    fn an_order_is_added_with_all_its_names_or_none() {
        let mut names = ParamNames::default();
        let params = |names: &[&'static str]| -> Vec<Param<'_>> {
            names
                .iter()
                .map(|name| Param { name, value: "v" })
                .collect()
        };
        assert!(names.try_add(&params(&["amount", "due"]), 0, 0));
        assert!(names.try_add(&params(&["due", "amount"]), 1, 1));
        assert!(!names.try_add(&params(&["new", "a\u{200b}mount"]), 2, 2));
        assert!(!names.try_add(&params(&["caf\u{e9}", "cafe\u{301}"]), 2, 2));
        assert_eq!(names.len(), 2);
    }

    #[test]
    fn a_list_with_another_name_in_every_order_is_not_copied() {
        let mut names = ParamNames::default();
        for order in 0..2 * MAX_NAMES {
            let name = alloc::format!("n{order}");
            assert_eq!(names.add(&name, place(order), order), Ok(()));
        }
        assert_eq!(names.len(), MAX_NAMES);
        assert_eq!(
            names.add("n\u{0}7", place(0), 0),
            Err(Some(("n7", place(7))))
        );
        names.truncate(7);
        assert_eq!(names.add("n\u{0}7", place(9), 3), Ok(()));
        names.reindex(7);
        assert_eq!(
            names.add("n7", place(0), 0),
            Err(Some(("n\u{0}7", place(3))))
        );
        names.clear();
        assert_eq!(names.add("n7", place(0), 0), Ok(()));
        assert_eq!(names.len(), 1);
    }
}
