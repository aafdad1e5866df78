//! What is reported if an allocation fails.

use alloc::collections::TryReserveError;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// An allocation failed.
///
/// Whatever the call would have changed is as it was, and the call can be made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoMemoryError;

impl NoMemoryError {
    /// The message.
    pub const MESSAGE: &'static str = "not enough memory; free some, and do it again";

    /// The stable code: `no_memory`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        "no_memory"
    }
}

impl fmt::Display for NoMemoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::MESSAGE)
    }
}

impl core::error::Error for NoMemoryError {}

impl From<TryReserveError> for NoMemoryError {
    fn from(_: TryReserveError) -> Self {
        Self
    }
}

impl NoMemoryError {
    /// What a hash table's failure is; no `From`, which would make hashbrown part of the interface.
    pub(crate) fn of_table(_: hashbrown::TryReserveError) -> Self {
        Self
    }
}

/// Copies bytes.
pub(crate) fn to_vec(bytes: &[u8]) -> Result<Vec<u8>, NoMemoryError> {
    concat(&[bytes])
}

/// Joins bytes.
pub(crate) fn concat(pieces: &[&[u8]]) -> Result<Vec<u8>, NoMemoryError> {
    let mut joined = Vec::new();
    joined.try_reserve_exact(pieces.iter().map(|piece| piece.len()).sum())?;
    for piece in pieces {
        joined.extend_from_slice(piece);
    }
    Ok(joined)
}

/// Joins strings.
pub(crate) fn concat_strings(pieces: &[&str]) -> Result<String, NoMemoryError> {
    let mut joined = String::new();
    joined.try_reserve_exact(pieces.iter().map(|piece| piece.len()).sum())?;
    for piece in pieces {
        joined.push_str(piece);
    }
    Ok(joined)
}
