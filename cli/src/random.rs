//! Randomness of the system.

use crate::failure::{Failure, misuse};

/// Random bytes. `instead` says what else the user can do.
pub(crate) fn bytes<const N: usize>(instead: &str) -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| misuse(format!("the system gives no randomness{instead}: {error}")))?;
    Ok(bytes)
}
