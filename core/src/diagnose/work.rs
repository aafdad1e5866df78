//! The hash of a candidate for the signed string, and how much was hashed in all.

use alloc::vec::Vec;

use zeroize::Zeroizing;

use crate::diagnose::hash::{BLOCK, Hash, MAX_PADDING, blocks_of, pad};
use crate::diagnose::plan::{Hmac, Id, Piece, Plan};
use crate::diagnose::target::Target;

/// The most digits of a number.
const MAX_DIGITS: usize = 20;

/// The hash of whole blocks, and how many bytes they are.
struct State<H: Hash> {
    hash: Zeroizing<H::State>,
    len: usize,
}

impl<H: Hash> Clone for State<H> {
    fn clone(&self) -> Self {
        Self {
            hash: self.hash.clone(),
            len: self.len,
        }
    }
}

/// How many states are kept: those of the strings that one change leads to with each of the others.
const MAX_KEPT: usize = 24;

/// The pieces up to a body, and the state after the whole blocks in them.
struct Kept<H: Hash> {
    hmac: Hmac,
    pieces: Vec<Id>,
    state: State<H>,
    /// How many bytes of the pieces the state has.
    hashed: usize,
}

/// Hashes candidates and compares each with the target. It keeps the states after the last bodies,
/// so that candidates that are the same up to there hash only what follows.
pub(super) struct Work<'t, H: Hash> {
    target: &'t Target,
    /// The last one that was used is at the end.
    kept: Vec<Kept<H>>,
    /// The key of the kept HMAC, and the state of its outer hash.
    outer: Option<(Id, State<H>)>,
    /// How many variants of the body have an ID.
    bodies: usize,
    blocks: u64,
    max_blocks: u64,
}

impl<'t, H: Hash> Work<'t, H> {
    pub(super) const fn new(target: &'t Target, blocks: u64, max_blocks: u64) -> Self {
        Self {
            target,
            kept: Vec::new(),
            outer: None,
            bodies: 0,
            blocks,
            max_blocks,
        }
    }

    /// The number of compressed blocks.
    pub(super) const fn blocks(&self) -> u64 {
        self.blocks
    }

    /// An ID for a variant of the body.
    pub(super) const fn new_body(&mut self) -> Id {
        self.bodies += 1;
        Id::Body(self.bodies)
    }

    /// Whether the bound of the search is reached.
    pub(super) const fn is_exhausted(&self) -> bool {
        self.blocks >= self.max_blocks
    }

    /// Whether the plan's string has the target's signature.
    pub(super) fn is_match(&mut self, plan: &Plan<'_>) -> bool {
        if self.is_exhausted() {
            return false;
        }
        let pieces = plan.pieces();
        let (mut state, mut end) = self.state_after(plan, &pieces);
        let len = state.len + end.len();
        pad::<H>(&mut end, len);
        self.compress(&mut state.hash, &end);
        self.is_target(&state.hash, plan.hmac)
    }

    /// Whether the plan's string has the target's signature with one of these values of createTs.
    ///
    /// They are not tried if the body comes after the createTs: each would take a hash of the body.
    pub(super) fn find_create_ts(
        &mut self,
        plan: &Plan<'_>,
        values: impl Iterator<Item = u64>,
    ) -> bool {
        let pieces = plan.pieces();
        let is_create_ts = |piece: &Piece<'_>| piece.id == Id::AnyCreateTs;
        let Some(place) = pieces.iter().position(is_create_ts) else {
            return false;
        };
        let (before, after) = (&pieces[..place], &pieces[place + 1..]);
        if self.is_exhausted() || after.iter().any(|piece| piece.id.is_body()) {
            return false;
        }
        let (mut start, first) = self.state_after(plan, before);
        let whole = first.len() / BLOCK * BLOCK;
        self.compress(&mut start.hash, &first[..whole]);
        start.len += whole;
        let first = &first[whole..];
        let rest: usize = after.iter().map(|piece| piece.bytes.len()).sum();
        // It has room for all, so that no copy of a key is left.
        let room = first.len() + MAX_DIGITS + rest + MAX_PADDING;
        let mut end = Zeroizing::new(Vec::with_capacity(room));
        let mut buffer = itoa::Buffer::new();
        let mut count = 0;
        let mut hash = start.hash.clone();
        for value in values {
            let digits = buffer.format(value).as_bytes();
            if digits.len() == count {
                end[first.len()..][..count].copy_from_slice(digits);
            } else {
                count = digits.len();
                end.clear();
                end.extend_from_slice(first);
                end.extend_from_slice(digits);
                push_all(&mut end, after);
                let len = start.len + end.len();
                pad::<H>(&mut end, len);
            }
            *hash = *start.hash;
            self.compress(&mut hash, &end);
            if self.is_target(&hash, plan.hmac) {
                return true;
            }
        }
        false
    }

    /// The state after the whole blocks of the pieces up to a body, which is kept, and the bytes
    /// that follow it.
    fn state_after(
        &mut self,
        plan: &Plan<'_>,
        pieces: &[Piece<'_>],
    ) -> (State<H>, Zeroizing<Vec<u8>>) {
        let body = pieces.iter().position(|piece| piece.id.is_body());
        let shared = &pieces[..body.map_or(0, |body| body + 1)];
        let place = self.kept.iter().rposition(|kept| {
            kept.hmac == plan.hmac
                && (kept.hmac == Hmac::No || self.outer_key() == Some(plan.key.id))
                && kept
                    .pieces
                    .iter()
                    .copied()
                    .eq(shared.iter().map(|piece| piece.id))
        });
        let kept = match place {
            Some(place) => self.kept.remove(place),
            None => self.hash(plan, shared),
        };
        let state = kept.state.clone();
        let mut hashed = kept.hashed;
        if self.kept.len() == MAX_KEPT {
            self.kept.remove(0);
        }
        self.kept.push(kept);
        // It has room for all, so that no copy of a key is left.
        let len: usize = pieces.iter().map(|piece| piece.bytes.len()).sum();
        let mut end = Zeroizing::new(Vec::with_capacity(len - hashed + MAX_PADDING));
        for piece in pieces {
            let skipped = hashed.min(piece.bytes.len());
            end.extend_from_slice(&piece.bytes[skipped..]);
            hashed -= skipped;
        }
        (state, end)
    }

    /// Hashes the whole blocks of pieces of which the last one is a body.
    fn hash(&mut self, plan: &Plan<'_>, pieces: &[Piece<'_>]) -> Kept<H> {
        let mut state = self.start(plan);
        let (body, before) = match pieces.split_last() {
            Some((body, before)) => (body.bytes, before),
            None => (b"".as_slice(), pieces),
        };
        let len: usize = before.iter().map(|piece| piece.bytes.len()).sum();
        // The start of the body completes the last block of what comes before it.
        let (first, body) = body.split_at(body.len().min(len.next_multiple_of(BLOCK) - len));
        let mut start = Zeroizing::new(Vec::with_capacity(len + first.len()));
        push_all(&mut start, before);
        start.extend_from_slice(first);
        let mut hashed = 0;
        for bytes in [start.as_slice(), body] {
            self.compress(&mut state.hash, bytes);
            hashed += bytes.len() / BLOCK * BLOCK;
        }
        state.len += hashed;
        Kept {
            hmac: plan.hmac,
            pieces: pieces.iter().map(|piece| piece.id).collect(),
            state,
            hashed,
        }
    }

    fn outer_key(&self) -> Option<Id> {
        self.outer.as_ref().map(|(id, _)| *id)
    }

    /// The state before the string: that of a fresh hash, or that of HMAC after its inner key.
    fn start(&mut self, plan: &Plan<'_>) -> State<H> {
        let fresh = State {
            hash: Zeroizing::new(H::INITIAL),
            len: 0,
        };
        if plan.hmac == Hmac::No {
            return fresh;
        }
        // RFC 2104: a key longer than a block is hashed first.
        let mut key = Zeroizing::new([0; BLOCK]);
        let bytes = plan.key.bytes;
        if let Some(place) = key.get_mut(..bytes.len()) {
            place.copy_from_slice(bytes);
        } else {
            let mut string = Zeroizing::new(Vec::with_capacity(bytes.len() + MAX_PADDING));
            string.extend_from_slice(bytes);
            pad::<H>(&mut string, bytes.len());
            let mut hash = fresh.hash.clone();
            self.compress(&mut hash, &string);
            let digest = H::digest(&hash);
            key[..digest.as_ref().len()].copy_from_slice(digest.as_ref());
        }
        let [inner, outer] = [0x36, 0x5c].map(|pad| {
            let key = Zeroizing::new(key.map(|byte| byte ^ pad));
            let mut state = fresh.clone();
            self.compress(&mut state.hash, key.as_slice());
            state.len += BLOCK;
            state
        });
        self.outer = Some((plan.key.id, outer));
        inner
    }

    /// Hashes the whole blocks of a string.
    fn compress(&mut self, hash: &mut H::State, string: &[u8]) {
        let blocks = blocks_of(string);
        self.blocks += blocks.len() as u64;
        H::compress(hash, blocks);
    }

    /// Whether the hash of a padded string is the target's digest.
    fn is_target(&mut self, hash: &H::State, hmac: Hmac) -> bool {
        let digest = H::digest(hash);
        let digest = digest.as_ref();
        if hmac == Hmac::No {
            return self.target.is_digest(digest);
        }
        let Some((_, outer)) = &self.outer else {
            return false;
        };
        let mut hash = outer.hash.clone();
        let mut end = Vec::with_capacity(digest.len() + MAX_PADDING);
        end.extend_from_slice(digest);
        pad::<H>(&mut end, outer.len + digest.len());
        self.compress(&mut hash, &end);
        self.target.is_digest(H::digest(&hash).as_ref())
    }
}

fn push_all(string: &mut Vec<u8>, pieces: &[Piece<'_>]) {
    for piece in pieces {
        string.extend_from_slice(piece.bytes);
    }
}
