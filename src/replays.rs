//! The store of received messages against processing one twice.

use std::sync::{Mutex, MutexGuard};

use callbot_core::{Claim, Replays};

use crate::abi::boundary::{fallible, free, produce};
use crate::abi::defaults;
use crate::abi::failure::{Failure, callbot_error};
use crate::abi::pointer::{Handle, borrow_handle};
use crate::abi::string::{borrow_bytes, callbot_str};
use crate::status::callbot_status;

/// The callback is claimed by the caller from now on.
pub const CALLBOT_CLAIM_BEGUN: i32 = 1;
/// Another worker processes the callback. Answer 503 with the header Retry-After.
pub const CALLBOT_CLAIM_IN_PROCESS: i32 = 2;
/// The callback was processed. Answer as for a processed one: 200 with the body "success".
pub const CALLBOT_CLAIM_DONE: i32 = 3;

/// The capacity that 0 stands for.
const DEFAULT_CAPACITY: usize = 100_000;

/// The seconds that a lease of 0 stands for.
const DEFAULT_LEASE: u64 = 60;

/// A store of received callbacks, in memory.
///
/// Made by callbot_replays_new; freed by callbot_replays_free.
pub struct callbot_replays(Mutex<Replays>);

impl Handle for callbot_replays {}

impl callbot_replays {
    fn lock(&self) -> Result<MutexGuard<'_, Replays>, Failure> {
        self.0.lock().map_err(|_| Failure::poisoned())
    }
}

/// What callbot_replays_begin found. The struct never changes.
#[repr(C)]
pub struct callbot_claim {
    /// A CALLBOT_CLAIM constant.
    pub state: i32,
    /// With CALLBOT_CLAIM_BEGUN, the token by which the owner completes the claim; otherwise 0. No
    /// other claim of the store has the same.
    pub token: u64,
    /// With CALLBOT_CLAIM_IN_PROCESS, the seconds until the lease has run out, for Retry-After;
    /// otherwise 0.
    pub left: u64,
}

/// Makes an empty store of at most capacity callbacks, about 100 bytes each; 0 means 100,000.
///
/// The store can take as many callbacks a second for long as the capacity divided by the seconds
/// for which a callback is kept. These are at most 421 by default (300 for which a message is
/// fresh, 60 by which its time may be ahead, a margin of 60, and 1 since times are whole seconds):
/// 100,000 are enough for 237 callbacks a second.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_replays_new(
    capacity: usize,
    replays: *mut *mut callbot_replays,
    error: *mut *mut callbot_error,
) -> callbot_status {
    produce!(replays, error, || {
        let capacity = match capacity {
            0 => DEFAULT_CAPACITY,
            capacity => capacity,
        };
        Ok(callbot_replays(Mutex::new(Replays::new(capacity))))
    })
}

/// Claims a callback for lease seconds, unless another worker has claimed it or it is done. lease
/// must be longer than processing ever takes; 0 means 60 seconds.
///
/// Returns CALLBOT_OK, and what was found in *claim. Fails with CALLBOT_REPLAYS_FULL if the store
/// is full, because a fresh message that is forgotten would be accepted again; answer 503 then.
///
/// Example:
///
///     callbot_claim claim;
///     if (callbot_replays_begin(replays, key, 60, 0, &claim, &error) == CALLBOT_OK &&
///         claim.state == CALLBOT_CLAIM_BEGUN) {
///         if (process(callback)) {
///             uint64_t until = callbot_verified_replay_expires_at(verified) + 60;
///             status = callbot_replays_done(replays, key, claim.token, until, 0, &error);
///         } else {
///             status = callbot_replays_release(replays, key, claim.token, 0, &error);
///         }
///     }
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_replays_begin(
    replays: *mut callbot_replays,
    key: callbot_str,
    lease: u64,
    now: i64,
    claim: *mut callbot_claim,
    error: *mut *mut callbot_error,
) -> callbot_status {
    fallible!(error, || {
        let replays = borrow_handle!(replays)?;
        let key = borrow_bytes!(key)?;
        if claim.is_null() {
            return Err(Failure::null_pointer("claim"));
        }
        let lease = match lease {
            0 => DEFAULT_LEASE,
            lease => lease,
        };
        let now = defaults::now(now)?;
        let (state, token, left) = match replays.lock()?.begin(key, now, lease)? {
            Claim::Begun(token) => (CALLBOT_CLAIM_BEGUN, token, 0),
            Claim::InProcess { left } => (CALLBOT_CLAIM_IN_PROCESS, 0, left),
            Claim::Done => (CALLBOT_CLAIM_DONE, 0, 0),
        };
        // SAFETY: the caller's struct can be written.
        unsafe { claim.write(callbot_claim { state, token, left }) };
        Ok(())
    })
}

/// Completes a claim: the callback is done, and remembered until the second until. That must be at
/// least callbot_verified_replay_expires_at, and a minute more if clocks differ. For a key without
/// the request ID it is also as long as the provider may send the callback again.
///
/// Fails with CALLBOT_CLAIM_LOST if the claim is not held, because the lease ran out; nothing
/// happens then. The callback may have been processed by another worker: answer 503, and the
/// provider learns the outcome when it sends it again. A completed claim can be completed again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_replays_done(
    replays: *mut callbot_replays,
    key: callbot_str,
    token: u64,
    until: u64,
    now: i64,
    error: *mut *mut callbot_error,
) -> callbot_status {
    fallible!(error, || {
        let replays = borrow_handle!(replays)?;
        let key = borrow_bytes!(key)?;
        let now = defaults::now(now)?;
        let held = replays.lock()?.done(key, token, now, until);
        held.then_some(()).ok_or_else(Failure::claim_lost)
    })
}

/// Ends a claim whose callback could not be processed, so that it is accepted again at once.
///
/// Fails with CALLBOT_CLAIM_LOST if the claim is not held, or is done; nothing happens then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_replays_release(
    replays: *mut callbot_replays,
    key: callbot_str,
    token: u64,
    now: i64,
    error: *mut *mut callbot_error,
) -> callbot_status {
    fallible!(error, || {
        let replays = borrow_handle!(replays)?;
        let key = borrow_bytes!(key)?;
        let now = defaults::now(now)?;
        let held = replays.lock()?.release(key, token, now);
        held.then_some(()).ok_or_else(Failure::claim_lost)
    })
}

/// Frees a store.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_replays_free(replays: *mut callbot_replays) {
    free!(replays);
}

#[cfg(test)]
mod tests {
    use std::panic::{self, AssertUnwindSafe};
    use std::ptr;

    use super::*;
    use crate::status::{CALLBOT_OK, CALLBOT_PANIC};

    /// After a panic nobody knows what the store holds.
    #[test]
    fn a_poisoned_store_is_refused() {
        let key = callbot_str::borrow("key");
        let nowhere = ptr::null_mut();
        let mut replays = ptr::null_mut();
        let mut claim = callbot_claim {
            state: 0,
            token: 0,
            left: 0,
        };
        // SAFETY: the strings are static; the store came from the first call and is freed once.
        unsafe {
            let made = callbot_replays_new(0, &raw mut replays, nowhere);
            assert_eq!(made, CALLBOT_OK);
            let panics = AssertUnwindSafe(|| {
                let _held = (*replays).lock();
                panic!();
            });
            assert!(panic::catch_unwind(panics).is_err());
            for status in [
                callbot_replays_begin(replays, key, 0, 0, &raw mut claim, nowhere),
                callbot_replays_done(replays, key, 1, 0, 0, nowhere),
                callbot_replays_release(replays, key, 1, 0, nowhere),
            ] {
                assert_eq!(status, CALLBOT_PANIC);
            }
            callbot_replays_free(replays);
        }
        assert_eq!(claim.state, 0);
    }
}
