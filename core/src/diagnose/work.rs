//! The hash of a candidate for the signed string, and how much was hashed in all.

use alloc::vec::Vec;
use core::ops::RangeInclusive;

use zeroize::Zeroizing;

use crate::diagnose::hash::{BLOCK, Hash, MAX_PADDING, blocks_of, pad};
use crate::diagnose::plan::{Hmac, Id, Piece, Plan};
use crate::diagnose::target::Target;

/// The most digits of a number.
const MAX_DIGITS: usize = 20;

/// How many states are kept: those of the strings that one change leads to with each of the others.
const MAX_KEPT: usize = 128;

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

/// What comes up to a body, as far as it is hashed.
struct Kept<H: Hash> {
    /// The key, if it is that of an HMAC.
    key: Option<Id>,
    /// What comes before the body.
    before: Zeroizing<Vec<u8>>,
    body: Option<Id>,
    state: State<H>,
    /// What follows the last whole block.
    rest: Zeroizing<Vec<u8>>,
    /// The outer hash of an HMAC after its key.
    outer: Option<State<H>>,
}

/// The end of a string: the state after the last whole block that is shared, and all that follows.
struct End<H: Hash> {
    state: State<H>,
    rest: Zeroizing<Vec<u8>>,
    outer: Option<State<H>>,
}

impl<H: Hash> End<H> {
    fn push(&mut self, pieces: &[Piece<'_>]) {
        for piece in pieces {
            self.rest.extend_from_slice(piece.bytes);
        }
    }

    fn pad(&mut self) {
        let len = self.state.len + self.rest.len();
        pad::<H>(&mut self.rest, len);
    }
}

/// Makes the next number of these digits. False if it has more digits.
fn increment(digits: &mut [u8]) -> bool {
    for digit in digits.iter_mut().rev() {
        if *digit < b'9' {
            *digit += 1;
            return true;
        }
        *digit = b'0';
    }
    false
}

fn len(pieces: &[Piece<'_>]) -> usize {
    pieces.iter().map(|piece| piece.bytes.len()).sum()
}

/// Hashes candidates and compares each with the target. It keeps the states after the last bodies,
/// so that candidates that are the same up to there hash only what follows.
pub(super) struct Work<'t, H: Hash> {
    target: &'t Target,
    /// The last one that was used is at the end.
    kept: Vec<Kept<H>>,
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
        let mut end = self.start(plan, &plan.pieces(), 0);
        end.pad();
        let mut state = end.state.clone();
        self.finish(&mut state, &end)
    }

    /// Whether the plan's string has the target's signature with one of these values of createTs.
    ///
    /// They are not tried if the body comes after the createTs: each would take a hash of the body.
    pub(super) fn find_create_ts(&mut self, plan: &Plan<'_>, values: RangeInclusive<u64>) -> bool {
        let pieces = plan.pieces();
        let is_create_ts = |piece: &Piece<'_>| piece.id == Id::AnyCreateTs;
        let Some(place) = pieces.iter().position(is_create_ts) else {
            return false;
        };
        let (before, after) = (&pieces[..place], &pieces[place + 1..]);
        if self.is_exhausted() || after.iter().any(|piece| piece.id.is_body()) {
            return false;
        }
        let mut end = self.start(plan, before, MAX_DIGITS + len(after));
        let whole = end.rest.len() / BLOCK * BLOCK;
        self.update(&mut end.state, &end.rest[..whole]);
        end.rest.drain(..whole);
        // The string is put together and padded once for all values with as many digits.
        let first = end.rest.len();
        let mut digits = first..first;
        let mut state = end.state.clone();
        for value in values {
            if !increment(&mut end.rest[digits.clone()]) {
                end.rest.truncate(first);
                let mut buffer = itoa::Buffer::new();
                end.rest.extend_from_slice(buffer.format(value).as_bytes());
                digits.end = end.rest.len();
                end.push(after);
                end.pad();
            }
            *state.hash = *end.state.hash;
            if self.finish(&mut state, &end) {
                return true;
            }
        }
        false
    }

    /// Hashes the pieces up to a body, and keeps the state. The end that is returned has all
    /// pieces, and room for so many bytes more.
    fn start(&mut self, plan: &Plan<'_>, pieces: &[Piece<'_>], more: usize) -> End<H> {
        let place = pieces.iter().position(|piece| piece.id.is_body());
        let (before, from_body) = pieces.split_at(place.unwrap_or(0));
        let (body, after) = from_body.split_at(usize::from(place.is_some()));
        let key = (plan.hmac != Hmac::No).then_some(plan.key.id);
        // All have room for all, so that no copy of a key is left.
        let mut bytes = Zeroizing::new(Vec::with_capacity(len(before)));
        for piece in before {
            bytes.extend_from_slice(piece.bytes);
        }
        let id = body.first().map(|body| body.id);
        let is_same_start =
            |kept: &Kept<H>| kept.key == key && kept.body == id && *kept.before == *bytes;
        let kept = if let Some(place) = self.kept.iter().rposition(is_same_start) {
            self.kept.remove(place)
        } else {
            let (mut state, outer) = self.start_of_hash(plan);
            let mut rest = Zeroizing::new(Vec::with_capacity(BLOCK));
            self.absorb(&mut state, &mut rest, &bytes);
            for body in body {
                self.absorb(&mut state, &mut rest, body.bytes);
            }
            Kept {
                key,
                before: bytes,
                body: id,
                state,
                rest,
                outer,
            }
        };
        let room = kept.rest.len() + len(after) + more + MAX_PADDING;
        let mut end = End {
            state: kept.state.clone(),
            rest: Zeroizing::new(Vec::with_capacity(room)),
            outer: kept.outer.clone(),
        };
        end.rest.extend_from_slice(&kept.rest);
        end.push(after);
        if self.kept.len() == MAX_KEPT {
            self.kept.remove(0);
        }
        self.kept.push(kept);
        end
    }

    /// The state before the string: that of a fresh hash, or that of HMAC after its inner key, with
    /// that of its outer one.
    fn start_of_hash(&mut self, plan: &Plan<'_>) -> (State<H>, Option<State<H>>) {
        let fresh = State {
            hash: Zeroizing::new(H::INITIAL),
            len: 0,
        };
        if plan.hmac == Hmac::No {
            return (fresh, None);
        }
        // RFC 2104: a key longer than a block is hashed first.
        let bytes = plan.key.bytes;
        let mut key = Zeroizing::new([0; BLOCK]);
        if let Some(place) = key.get_mut(..bytes.len()) {
            place.copy_from_slice(bytes);
        } else {
            let mut padded = Zeroizing::new(Vec::with_capacity(bytes.len() + MAX_PADDING));
            padded.extend_from_slice(bytes);
            pad::<H>(&mut padded, bytes.len());
            let mut state = fresh.clone();
            self.update(&mut state, &padded);
            let digest = Zeroizing::new(H::digest(&state.hash));
            let digest = &*digest;
            key[..digest.as_ref().len()].copy_from_slice(digest.as_ref());
        }
        let [inner, outer] = [0x36, 0x5c].map(|pad| {
            let key = Zeroizing::new(key.map(|byte| byte ^ pad));
            let mut state = fresh.clone();
            self.update(&mut state, key.as_slice());
            state
        });
        (inner, Some(outer))
    }

    /// Hashes as many of the bytes as make whole blocks with those of the rest.
    fn absorb(&mut self, state: &mut State<H>, rest: &mut Vec<u8>, bytes: &[u8]) {
        let Some((first, bytes)) = bytes.split_at_checked(BLOCK - rest.len()) else {
            rest.extend_from_slice(bytes);
            return;
        };
        rest.extend_from_slice(first);
        self.update(state, rest);
        rest.clear();
        let (whole, last) = bytes.split_at(bytes.len() / BLOCK * BLOCK);
        self.update(state, whole);
        rest.extend_from_slice(last);
    }

    /// Hashes whole blocks.
    fn update(&mut self, state: &mut State<H>, bytes: &[u8]) {
        let blocks = blocks_of(bytes);
        self.blocks += blocks.len() as u64;
        state.len += bytes.len();
        H::compress(&mut state.hash, blocks);
    }

    /// Hashes the padded end, and compares the digest.
    fn finish(&mut self, state: &mut State<H>, end: &End<H>) -> bool {
        self.update(state, &end.rest);
        let digest = H::digest(&state.hash);
        let digest = digest.as_ref();
        let Some(outer) = &end.outer else {
            return self.target.is_digest(digest);
        };
        let mut block = Vec::with_capacity(BLOCK);
        block.extend_from_slice(digest);
        pad::<H>(&mut block, outer.len + digest.len());
        let mut outer = outer.clone();
        self.update(&mut outer, &block);
        self.target.is_digest(H::digest(&outer.hash).as_ref())
    }
}
