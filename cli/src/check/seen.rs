//! Which IDs and phone numbers came before.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher};

use foldhash::quality::FixedState;

use crate::failure::Failure;
use crate::random;

/// The rows of IDs, by 96 bits of hashes whose keys are random: two IDs in a billion have the same
/// with a chance of one in 10^11. So the memory does not grow with the length of the IDs: 16 bytes
/// for each, in a table that is at most seven eighths full.
pub(super) struct Seen {
    rows: HashMap<[u32; 3], u32, BuildHasherDefault<Hashed>>,
    /// The last ones, which are not in the table yet. Each takes the time of a cache miss there,
    /// and those of several at once take little more.
    recent: Vec<([u32; 3], u32)>,
    hashers: [FixedState; 2],
}

const RECENT: usize = 16;

impl Seen {
    pub(super) fn new() -> Result<Self, Failure> {
        let seeds: [u8; 16] = random::bytes("")?;
        let (first, second) = seeds.split_at(8);
        let hasher = |seed: &[u8]| {
            let seed = seed
                .iter()
                .fold(0, |seed, byte| seed << 8 | u64::from(*byte));
            FixedState::with_seed(seed)
        };
        Ok(Self {
            rows: HashMap::default(),
            recent: Vec::with_capacity(RECENT),
            hashers: [hasher(first), hasher(second)],
        })
    }

    /// The first row that has this ID, if it is not the row `number` itself. A row that is rejected
    /// counts too: the two would be duplicates as soon as it is repaired. An empty ID is none.
    pub(super) fn first(&mut self, id: &[u8], number: u64) -> Option<u32> {
        let key = self.key(id);
        let first = self.row(key);
        if first.is_none() && !id.is_empty() {
            self.insert(key, u32::try_from(number).unwrap_or(u32::MAX));
        }
        first
    }

    pub(super) fn key(&self, id: &[u8]) -> [u32; 3] {
        let [first, second] = self.hashers.each_ref().map(|hasher| hasher.hash_one(id));
        let [a, b] = halves(first);
        [a, b, halves(second)[0]]
    }

    /// The row that has this ID already.
    pub(super) fn row(&self, key: [u32; 3]) -> Option<u32> {
        let recent = self.recent.iter().find(|(known, _)| *known == key);
        recent
            .map(|(_, row)| *row)
            .or_else(|| self.rows.get(&key).copied())
    }

    pub(super) fn insert(&mut self, key: [u32; 3], row: u32) {
        self.recent.push((key, row));
        if self.recent.len() == RECENT {
            self.rows.extend(self.recent.drain(..));
        }
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
