//! The hash of a candidate for the signed string, and how much was hashed in all.

use alloc::vec::Vec;
use core::mem;
use core::ops::RangeInclusive;

use zeroize::Zeroizing;

use crate::check::memory::{self, NoMemoryError};
use crate::diagnose::hash::{BLOCK, Hash, MAX_PADDING, blocks_of, last_block, pad};
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

/// What follows the last whole block: less than a block.
struct Rest {
    block: Zeroizing<[u8; BLOCK]>,
    len: usize,
}

impl Rest {
    fn new() -> Self {
        Self {
            block: Zeroizing::new([0; BLOCK]),
            len: 0,
        }
    }

    fn push(&mut self, bytes: &[u8]) {
        let end = self.len + bytes.len();
        self.block[self.len..end].copy_from_slice(bytes);
        self.len = end;
    }

    fn as_slice(&self) -> &[u8] {
        &self.block[..self.len]
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
    rest: Rest,
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

/// Empties a buffer and makes room in it. It does not grow, which would leave a copy of a key.
fn make_room(buffer: &mut Zeroizing<Vec<u8>>, len: usize) -> Result<(), NoMemoryError> {
    buffer.clear();
    if buffer.capacity() < len {
        *buffer = Zeroizing::new(memory::with_capacity(len)?);
    }
    Ok(())
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
    /// Buffers that are used again: what comes before a body, and the end of a string.
    before: Zeroizing<Vec<u8>>,
    end: Zeroizing<Vec<u8>>,
    /// How many variants of the body have an ID.
    bodies: usize,
    blocks: u64,
    max_blocks: u64,
}

impl<'t, H: Hash> Work<'t, H> {
    pub(super) fn new(
        target: &'t Target,
        blocks: u64,
        max_blocks: u64,
    ) -> Result<Self, NoMemoryError> {
        Ok(Self {
            target,
            kept: memory::with_capacity(MAX_KEPT)?,
            before: Zeroizing::default(),
            end: Zeroizing::default(),
            bodies: 0,
            blocks,
            max_blocks,
        })
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
    pub(super) fn is_match(&mut self, plan: &Plan<'_>) -> Result<bool, NoMemoryError> {
        if self.is_exhausted() {
            return Ok(false);
        }
        let mut end = self.start(plan, plan.pieces().as_slice(), 0)?;
        end.pad();
        let mut state = end.state.clone();
        let is_match = self.finish(&mut state, &end);
        self.end = end.rest;
        Ok(is_match)
    }

    /// Whether the plan's string has the target's signature with one of these values of createTs.
    ///
    /// They are not tried if the body comes after the createTs: each would take a hash of the body.
    pub(super) fn find_create_ts(
        &mut self,
        plan: &Plan<'_>,
        mut values: RangeInclusive<u64>,
    ) -> Result<bool, NoMemoryError> {
        let pieces = plan.pieces();
        let pieces = pieces.as_slice();
        let is_create_ts = |piece: &Piece<'_>| piece.id == Id::AnyCreateTs;
        let Some(place) = pieces.iter().position(is_create_ts) else {
            return Ok(false);
        };
        let (before, after) = (&pieces[..place], &pieces[place + 1..]);
        if self.is_exhausted() || after.iter().any(|piece| piece.id.is_body()) {
            return Ok(false);
        }
        let mut end = self.start(plan, before, MAX_DIGITS + len(after))?;
        let whole = end.rest.len() / BLOCK * BLOCK;
        self.update(&mut end.state, &end.rest[..whole]);
        end.rest.drain(..whole);
        // The string is put together and padded once for all values with as many digits.
        let first = end.rest.len();
        let mut digits = first..first;
        let mut state = end.state.clone();
        let is_match = values.any(|value| {
            if !increment(&mut end.rest[digits.clone()]) {
                end.rest.truncate(first);
                let mut buffer = itoa::Buffer::new();
                end.rest.extend_from_slice(buffer.format(value).as_bytes());
                digits.end = end.rest.len();
                end.push(after);
                end.pad();
            }
            *state.hash = *end.state.hash;
            self.finish(&mut state, &end)
        });
        self.end = end.rest;
        Ok(is_match)
    }

    /// Hashes the pieces up to a body, and keeps the state. The end that is returned has all
    /// pieces, and room for so many bytes more.
    fn start(
        &mut self,
        plan: &Plan<'_>,
        pieces: &[Piece<'_>],
        more: usize,
    ) -> Result<End<H>, NoMemoryError> {
        let place = pieces.iter().position(|piece| piece.id.is_body());
        let (before, from_body) = pieces.split_at(place.unwrap_or(0));
        let (body, after) = from_body.split_at(usize::from(place.is_some()));
        let key = (plan.hmac != Hmac::No).then_some(plan.key.id);
        make_room(&mut self.before, len(before))?;
        make_room(&mut self.end, BLOCK + len(after) + more + MAX_PADDING)?;
        for piece in before {
            self.before.extend_from_slice(piece.bytes);
        }
        let id = body.first().map(|body| body.id);
        let is_same_start =
            |kept: &Kept<H>| kept.key == key && kept.body == id && *kept.before == *self.before;
        // No error comes while a state is moved, which would leave a copy of it in the list.
        if let Some(place) = self.kept.iter().rposition(is_same_start) {
            self.kept[place..].rotate_left(1);
        } else {
            let (mut state, outer) = self.start_of_hash(plan)?;
            let mut rest = Rest::new();
            let before = mem::take(&mut self.before);
            self.absorb(&mut state, &mut rest, &before);
            for body in body {
                self.absorb(&mut state, &mut rest, body.bytes);
            }
            if self.kept.len() == MAX_KEPT {
                self.before = self.kept.remove(0).before;
            }
            self.kept.push(Kept {
                key,
                before,
                body: id,
                state,
                rest,
                outer,
            });
        }
        let kept = &self.kept[self.kept.len() - 1];
        let mut end = End {
            state: kept.state.clone(),
            rest: mem::take(&mut self.end),
            outer: kept.outer.clone(),
        };
        end.rest.extend_from_slice(kept.rest.as_slice());
        end.push(after);
        Ok(end)
    }

    /// The state before the string: that of a fresh hash, or that of HMAC after its inner key, with
    /// that of its outer one.
    fn start_of_hash(
        &mut self,
        plan: &Plan<'_>,
    ) -> Result<(State<H>, Option<State<H>>), NoMemoryError> {
        let fresh = State {
            hash: Zeroizing::new(H::INITIAL),
            len: 0,
        };
        if plan.hmac == Hmac::No {
            return Ok((fresh, None));
        }
        // RFC 2104: a key longer than a block is hashed first.
        let bytes = plan.key.bytes;
        let mut key = Zeroizing::new([0; BLOCK]);
        if let Some(place) = key.get_mut(..bytes.len()) {
            place.copy_from_slice(bytes);
        } else {
            let room = bytes.len() + MAX_PADDING;
            let mut padded = Zeroizing::new(memory::with_capacity(room)?);
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
        Ok((inner, Some(outer)))
    }

    /// Hashes as many of the bytes as make whole blocks with those of the rest.
    fn absorb(&mut self, state: &mut State<H>, rest: &mut Rest, bytes: &[u8]) {
        let Some((first, bytes)) = bytes.split_at_checked(BLOCK - rest.len) else {
            rest.push(bytes);
            return;
        };
        rest.push(first);
        self.update(state, rest.as_slice());
        rest.len = 0;
        let (whole, last) = bytes.split_at(bytes.len() / BLOCK * BLOCK);
        self.update(state, whole);
        rest.push(last);
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
        let block = last_block::<H>(digest, outer.len + digest.len());
        let mut outer = outer.clone();
        self.update(&mut outer, &block);
        self.target.is_digest(H::digest(&outer.hash).as_ref())
    }
}
