//! What is reported if an allocation fails.

use alloc::collections::TryReserveError;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::sync::atomic::{AtomicUsize, Ordering};

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

/// The size in bytes of the blocks of a reserve that the program's allocator may have, for small
/// allocations that cannot fail. It is an agreement with the C library, and not for others.
pub const RESERVE_BLOCK: usize = 512;

/// How many blocks of that reserve are in use.
///
/// While it is not 0, memory is short, and this crate makes no small copies: the functions that
/// would make them fail, so that they do not use the reserve up.
pub static RESERVE_IN_USE: AtomicUsize = AtomicUsize::new(0);

/// Fails if the allocator uses a reserve.
pub(crate) fn check_reserve() -> Result<(), NoMemoryError> {
    match RESERVE_IN_USE.load(Ordering::Relaxed) {
        0 => Ok(()),
        _ => Err(NoMemoryError),
    }
}

/// How many elements a list of long life reserves first, so that it is not in the reserve, whose
/// blocks are small.
pub(crate) const fn first_capacity<T>() -> usize {
    // A power of two, so that a list that doubles does not exceed its own limit.
    (RESERVE_BLOCK / size_of::<T>() + 1).next_power_of_two()
}

/// Reserves capacity for one more element of a list of long life.
#[inline]
pub(crate) fn reserve_one<T>(list: &mut Vec<T>) -> Result<(), NoMemoryError> {
    if list.len() < list.capacity() {
        return Ok(());
    }
    grow(list)
}

#[cold]
fn grow<T>(list: &mut Vec<T>) -> Result<(), NoMemoryError> {
    Ok(list.try_reserve(first_capacity::<T>())?)
}

/// An empty list with this capacity.
pub(crate) fn with_capacity<T>(capacity: usize) -> Result<Vec<T>, NoMemoryError> {
    let mut list = Vec::new();
    list.try_reserve_exact(capacity)?;
    check_reserve()?;
    Ok(list)
}

/// Copies bytes.
pub(crate) fn to_vec(bytes: &[u8]) -> Result<Vec<u8>, NoMemoryError> {
    concat(&[bytes])
}

/// Copies a string.
#[inline]
pub(crate) fn to_string(string: &str) -> Result<String, NoMemoryError> {
    let mut copy = String::new();
    copy.try_reserve_exact(string.len())?;
    copy.push_str(string);
    check_reserve()?;
    Ok(copy)
}

/// Joins bytes.
pub(crate) fn concat(pieces: &[&[u8]]) -> Result<Vec<u8>, NoMemoryError> {
    let mut joined = with_capacity(pieces.iter().map(|piece| piece.len()).sum())?;
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
    check_reserve()?;
    Ok(joined)
}
