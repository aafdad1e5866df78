//! Defaults that need the operating system, which the core does not use: random numbers and the
//! time now.

use std::time::{SystemTime, UNIX_EPOCH};

use callbot_core::{RequestId, Timestamp};

use crate::abi::failure::{Failure, made};
use crate::abi::memory;

/// The caller's request ID, or 32 random hex digits if it is empty.
pub(crate) fn request_id(given: &str) -> Result<RequestId, Failure> {
    if !given.is_empty() {
        return given_request_id(given);
    }
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|_| Failure::no_random())?;
    let digits = format!("{:032x}", u128::from_be_bytes(random));
    Ok(RequestId::new(digits)?)
}

/// The caller's ID. It can be empty, which is an error.
pub(crate) fn given_request_id(given: &str) -> Result<RequestId, Failure> {
    Ok(RequestId::new(made(memory::try_string(given))?)?)
}

/// A random seed for a batch's index of orderIDs; `None` if the system has no random numbers. The
/// core's own seed then stays: it is weaker, but no reason to fail.
pub(crate) fn index_seed() -> Option<u64> {
    getrandom::u64().ok()
}

/// The caller's time of signing, or the time now if it is 0.
pub(crate) fn create_ts(given: i64) -> Result<Timestamp, Failure> {
    if given != 0 {
        return Ok(Timestamp::try_from(given)?);
    }
    Timestamp::from_unix_seconds(system_time("create_ts")?).map_err(|_| Failure::clock("create_ts"))
}

/// The caller's time of receiving, or the time now if it is 0.
pub(crate) fn now(given: i64) -> Result<u64, Failure> {
    if given != 0 {
        let now = Timestamp::try_from(given).map_err(Failure::now)?;
        return Ok(now.unix_seconds());
    }
    system_time("now")
}

fn system_time(name: &str) -> Result<u64, Failure> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    Ok(now.map_err(|_| Failure::clock(name))?.as_secs())
}
