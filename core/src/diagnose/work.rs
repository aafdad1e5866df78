//! The hash of a candidate for the signed string, and how much was hashed in all.

use alloc::vec::Vec;

use zeroize::Zeroizing;

use crate::diagnose::plan::{Hmac, Id, Piece, Plan};
use crate::diagnose::target::Target;

/// The block length of both algorithms, in bytes.
const BLOCK: usize = 64;

/// The most digits of a number.
const MAX_DIGITS: usize = 20;

/// A hash in progress, and how many bytes it has taken.
#[derive(Clone)]
struct State<D> {
    hash: D,
    len: usize,
}

/// How many states are kept: those of the strings that one change leads to with each of the others.
const MAX_KEPT: usize = 24;

/// The pieces up to a body, the state after the last whole block in them, and how much of the body
/// it has.
///
/// From the start of a block, what follows is hashed in one call, which takes less time.
type Kept<D> = (Hmac, Vec<Id>, State<D>, usize);

/// Hashes candidates and compares each with the target. It keeps the states after the last bodies,
/// so that candidates that are the same up to there hash only what follows.
pub(super) struct Work<'t, D> {
    target: &'t Target,
    /// The last one that was used is at the end.
    kept: Vec<Kept<D>>,
    /// The key of the kept HMAC, and the state of its outer hash.
    outer: Option<(Id, State<D>)>,
    /// How many variants of the body have an ID.
    bodies: usize,
    blocks: u64,
    max_blocks: u64,
}

impl<'t, D: sha2::Digest + Clone> Work<'t, D> {
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
        let (mut state, rest) = self.state_after(plan, &pieces);
        self.update(&mut state, &rest);
        self.finish(state, plan.hmac)
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
        let (blocks, first) = first.split_at(first.len() / BLOCK * BLOCK);
        self.update(&mut start, blocks);
        // All in one update. It has room for all, so that no copy of a key is left.
        let rest: usize = after.iter().map(|piece| piece.bytes.len()).sum();
        let mut string = Zeroizing::new(Vec::with_capacity(first.len() + MAX_DIGITS + rest));
        string.extend_from_slice(first);
        let mut digits = itoa::Buffer::new();
        for value in values {
            string.truncate(first.len());
            string.extend_from_slice(digits.format(value).as_bytes());
            for piece in after {
                string.extend_from_slice(piece.bytes);
            }
            let mut state = start.clone();
            self.update(&mut state, &string);
            if self.finish(state, plan.hmac) {
                return true;
            }
        }
        false
    }

    /// The state after the pieces, but for the bytes that are returned too. Those after a body are
    /// kept.
    fn state_after(
        &mut self,
        plan: &Plan<'_>,
        pieces: &[Piece<'_>],
    ) -> (State<D>, Zeroizing<Vec<u8>>) {
        let body = pieces.iter().position(|piece| piece.id.is_body());
        let shared = body.map_or(0, |body| body + 1);
        let (before, after) = pieces.split_at(shared);
        let place = self.kept.iter().rposition(|(hmac, ids, ..)| {
            *hmac == plan.hmac
                && (*hmac == Hmac::No || self.outer_key() == Some(plan.key.id))
                && ids.iter().copied().eq(before.iter().map(|piece| piece.id))
        });
        let kept = place.map(|place| self.kept.remove(place));
        let body = before.last().map_or(b"".as_slice(), |piece| piece.bytes);
        let (hmac, ids, state, hashed) = kept.unwrap_or_else(|| {
            let mut state = self.start(plan);
            for piece in before.iter().take(shared.saturating_sub(1)) {
                self.update(&mut state, piece.bytes);
            }
            let blocks = (state.len + body.len()) / BLOCK * BLOCK;
            let hashed = blocks.saturating_sub(state.len);
            self.update(&mut state, &body[..hashed]);
            (
                plan.hmac,
                before.iter().map(|piece| piece.id).collect(),
                state,
                hashed,
            )
        });
        let end = state.clone();
        if self.kept.len() == MAX_KEPT {
            self.kept.remove(0);
        }
        self.kept.push((hmac, ids, state, hashed));
        // It has room for all, so that no copy of a key is left.
        let body = &body[hashed..];
        let len: usize = after.iter().map(|piece| piece.bytes.len()).sum();
        let mut rest = Zeroizing::new(Vec::with_capacity(body.len() + len));
        rest.extend_from_slice(body);
        for piece in after {
            rest.extend_from_slice(piece.bytes);
        }
        (end, rest)
    }

    fn outer_key(&self) -> Option<Id> {
        self.outer.as_ref().map(|(id, _)| *id)
    }

    /// The state before the string: that of a fresh hash, or that of HMAC after its inner key.
    fn start(&mut self, plan: &Plan<'_>) -> State<D> {
        let fresh = State {
            hash: D::new(),
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
            let mut state = fresh.clone();
            self.update(&mut state, bytes);
            let digest = state.hash.finalize();
            key[..digest.len()].copy_from_slice(&digest);
        }
        let [inner, outer] = [0x36, 0x5c].map(|pad| {
            let key = Zeroizing::new(key.map(|byte| byte ^ pad));
            let mut state = fresh.clone();
            self.update(&mut state, key.as_slice());
            state
        });
        self.outer = Some((plan.key.id, outer));
        inner
    }

    fn update(&mut self, state: &mut State<D>, bytes: &[u8]) {
        let before = state.len / BLOCK;
        state.len += bytes.len();
        self.blocks += (state.len / BLOCK - before) as u64;
        state.hash.update(bytes);
    }

    fn finish(&mut self, state: State<D>, hmac: Hmac) -> bool {
        // The padding takes 9 bytes at least.
        self.blocks += ((state.len % BLOCK + 9).div_ceil(BLOCK)) as u64;
        let digest = state.hash.finalize();
        if hmac == Hmac::No {
            return self.target.is_digest(&digest);
        }
        let Some((_, outer)) = &self.outer else {
            return false;
        };
        self.blocks += 1;
        let digest = outer.hash.clone().chain_update(digest).finalize();
        self.target.is_digest(&digest)
    }
}
