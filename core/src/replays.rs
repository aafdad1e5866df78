//! A store of received messages, against processing one twice.

use core::fmt;

use hashbrown::HashTable;
use sha2::{Digest as _, Sha256};

use crate::check::memory;

/// A store in memory that prevents that a callback is processed a second time: because its answer
/// was lost and the provider sent it again, or because somebody replayed it.
///
/// A message is claimed while it is processed, and done afterwards. A claim ends when its lease has
/// run out, so that a message whose worker died is processed again. A worker that comes after that
/// is told so by its token, and changes nothing.
///
/// The key is what tells a message: the account, the kind of callback, and the request ID or, since
/// a callback that is sent again may carry a new one, its order and call. Times are Unix seconds,
/// as everywhere in this crate. Several threads need a lock.
///
/// The store holds at most as many messages as its capacity, about 100 bytes each. It can take as
/// many callbacks a second for long as the capacity divided by the seconds for which a message is
/// kept: 237 for a capacity of 100,000 and 421 seconds, which is the most unless
/// [`Verifier::max_age`](crate::Verifier::max_age) or `max_skew` change it.
///
/// ```
/// use callbot_core::{Claim, Replays};
///
/// let mut replays = Replays::new(100_000);
/// let key = b"Vh71ym3y call r-1";
/// let Claim::Begun(token) = replays.begin(key, 1_726_200_000, 60)? else {
///     panic!("processed before, or being processed");
/// };
/// // Being processed: answer 503 with Retry-After.
/// assert_eq!(replays.begin(key, 1_726_200_001, 60)?, Claim::InProcess { left: 59 });
///
/// // Processed. `Verified::replay_expires_at` and a minute for clocks that differ.
/// assert!(replays.done(key, token, 1_726_200_002, 1_726_200_360));
/// // Done: answer 200 again.
/// assert_eq!(replays.begin(key, 1_726_200_003, 60)?, Claim::Done);
/// # Ok::<(), callbot_core::Error>(())
/// ```
#[derive(Debug)]
pub struct Replays {
    claims: HashTable<Stored>,
    capacity: usize,
    last_token: u64,
    /// No claim expires before this time.
    earliest: u64,
}

/// The claim of a message. Its size does not depend on the key, and no contact's data is kept.
#[derive(Debug)]
struct Stored {
    key: Key,
    token: u64,
    /// The first second in which it is not there any more.
    until: u64,
    is_done: bool,
}

type Key = [u8; 32];

/// The state of a message's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// The message is claimed by the caller from now on, who completes the claim by this token. No
    /// other claim of the store has the same.
    Begun(u64),
    /// Another one processes the message.
    InProcess {
        /// The seconds until the lease has run out; at least 1.
        left: u64,
    },
    /// The message was processed.
    Done,
}

impl Replays {
    /// An empty store. It allocates nothing yet.
    #[must_use]
    pub const fn new(capacity: usize) -> Self {
        Self {
            claims: HashTable::new(),
            capacity,
            last_token: 0,
            earliest: u64::MAX,
        }
    }

    /// Claims a message for `lease` seconds, unless it is claimed or done.
    ///
    /// # Errors
    ///
    /// [`ReplaysError::Full`]: a fresh message must not be evicted, since it would be accepted
    /// again.
    /// [`ReplaysError::NoMemory`]: an allocation failed. The store is as before.
    pub fn begin(&mut self, key: &[u8], now: u64, lease: u64) -> Result<Claim, ReplaysError> {
        let key: Key = Sha256::digest(key).into();
        let begun = Stored {
            key,
            token: self.last_token + 1,
            until: now.saturating_add(lease),
            is_done: false,
        };
        let claim = Claim::Begun(begun.token);
        let until = begun.until;
        match self.claims.find_mut(hash(&key), |stored| stored.key == key) {
            Some(stored) if now < stored.until => {
                let left = stored.until - now;
                return Ok(if stored.is_done {
                    Claim::Done
                } else {
                    Claim::InProcess { left }
                });
            }
            Some(expired) => *expired = begun,
            None => {
                self.reserve(now)?;
                let rehash = |stored: &Stored| hash(&stored.key);
                self.claims.insert_unique(hash(&key), begun, rehash);
            }
        }
        self.last_token += 1;
        self.earliest = self.earliest.min(until);
        Ok(claim)
    }

    /// Completes a claim: the message is done, and remembered before the second `until`.
    ///
    /// Returns whether the claim was held. If it was not, nothing happens: the lease has run out,
    /// and the message may have been processed again.
    #[must_use]
    pub fn done(&mut self, key: &[u8], token: u64, now: u64, until: u64) -> bool {
        let key: Key = Sha256::digest(key).into();
        let found = self.claims.find_mut(hash(&key), |stored| stored.key == key);
        let Some(stored) = found.filter(|stored| stored.is_held(token, now)) else {
            return false;
        };
        stored.is_done = true;
        stored.until = until;
        self.earliest = self.earliest.min(until);
        true
    }

    /// Ends a claim that is not done, so that the message is accepted again at once.
    ///
    /// Returns whether the claim was held. If it was not, nothing happens.
    #[must_use]
    pub fn release(&mut self, key: &[u8], token: u64, now: u64) -> bool {
        let key: Key = Sha256::digest(key).into();
        match self.claims.find_entry(hash(&key), |stored| {
            stored.key == key && stored.is_held(token, now) && !stored.is_done
        }) {
            Ok(stored) => {
                stored.remove();
                true
            }
            Err(_) => false,
        }
    }

    /// Makes room for one more claim. Expired ones are looked for only if there is none, and only
    /// if there can be some: at most once in a second.
    fn reserve(&mut self, now: u64) -> Result<(), ReplaysError> {
        let is_full = |store: &Self| store.claims.len() >= store.capacity;
        if is_full(self) || self.claims.len() == self.claims.capacity() {
            self.forget_expired(now);
        }
        if is_full(self) {
            return Err(ReplaysError::Full);
        }
        // So many at first that they are not in the reserve: see `first_capacity`.
        let more = match self.claims.capacity() {
            0 => memory::first_capacity::<Stored>(),
            _ => 1,
        };
        self.claims
            .try_reserve(more, |stored| hash(&stored.key))
            .map_err(|_| ReplaysError::NoMemory)
    }

    fn forget_expired(&mut self, now: u64) {
        if now < self.earliest {
            return;
        }
        let mut earliest = u64::MAX;
        self.claims.retain(|stored| {
            let is_kept = now < stored.until;
            if is_kept {
                earliest = earliest.min(stored.until);
            }
            is_kept
        });
        self.earliest = earliest;
    }
}

impl Stored {
    const fn is_held(&self, token: u64, now: u64) -> bool {
        self.token == token && now < self.until
    }
}

/// A part of the digest, which is as good as random.
const fn hash(key: &Key) -> u64 {
    match key.first_chunk() {
        Some(part) => u64::from_ne_bytes(*part),
        None => 0,
    }
}

/// A message that cannot be stored. Ask the sender to send it again: answer 503.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReplaysError {
    /// The store has reached its capacity.
    Full,
    /// An allocation failed.
    NoMemory,
}

impl ReplaysError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Full => "replays_full",
            Self::NoMemory => "no_memory",
        }
    }
}

impl fmt::Display for ReplaysError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full => "the store against replays is full; increase its capacity",
            Self::NoMemory => "there is not enough memory; free some, and call again",
        })
    }
}

impl core::error::Error for ReplaysError {}
