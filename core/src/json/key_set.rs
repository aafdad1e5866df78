//! A set of the keys of an object. Unlike the collections of `alloc`, it tells if an allocation
//! fails.

use core::hash::BuildHasher as _;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use crate::check::memory::NoMemoryError;

/// The keys of an object. The hash is seeded, so that keys which collide cannot be computed in
/// advance.
pub(crate) struct KeySet<K> {
    keys: HashTable<K>,
    hasher: RandomState,
}

impl<K> Default for KeySet<K> {
    fn default() -> Self {
        Self {
            keys: HashTable::new(),
            hasher: RandomState::default(),
        }
    }
}

impl<K: AsRef<str>> KeySet<K> {
    pub(crate) fn contains(&self, key: &str) -> bool {
        let hash = self.hasher.hash_one(key);
        self.keys.find(hash, |each| each.as_ref() == key).is_some()
    }

    /// Adds a key that is not there.
    pub(crate) fn insert(&mut self, key: K) -> Result<(), NoMemoryError> {
        let hash_of = |key: &K| self.hasher.hash_one(key.as_ref());
        self.keys
            .try_reserve(1, hash_of)
            .map_err(NoMemoryError::of_table)?;
        self.keys.insert_unique(hash_of(&key), key, hash_of);
        Ok(())
    }
}
