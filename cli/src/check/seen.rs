//! Which IDs and phone numbers came before.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};

/// The rows of IDs, by 96 bits of hashes whose keys are random: two IDs in a billion have the same
/// with a chance of one in 10^11. So the memory does not grow with the length of the IDs: 16 bytes
/// for each, in a table that is at most seven eighths full.
pub(super) struct Seen {
    rows: HashMap<[u32; 3], u32, BuildHasherDefault<Hashed>>,
    hashers: [RandomState; 2],
}

impl Seen {
    pub(super) fn new() -> Self {
        Self {
            rows: HashMap::default(),
            hashers: [RandomState::new(), RandomState::new()],
        }
    }

    pub(super) fn key(&self, id: &[u8]) -> [u32; 3] {
        let [first, second] = self.hashers.each_ref().map(|hasher| hasher.hash_one(id));
        let [a, b] = halves(first);
        [a, b, halves(second)[0]]
    }

    /// The row that has this ID already.
    pub(super) fn row(&self, key: [u32; 3]) -> Option<u32> {
        self.rows.get(&key).copied()
    }

    pub(super) fn insert(&mut self, key: [u32; 3], row: u32) {
        self.rows.insert(key, row);
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the halves are what is asked for"
)]
const fn halves(hash: u64) -> [u32; 2] {
    [hash as u32, (hash >> 32) as u32]
}

/// Keys that are hashes already.
#[derive(Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for word in bytes.chunks(8) {
            let mut padded = [0; 8];
            padded[..word.len()].copy_from_slice(word);
            self.0 = self.0.rotate_left(32) ^ u64::from_le_bytes(padded);
        }
    }

    fn write_usize(&mut self, _len: usize) {}
}
