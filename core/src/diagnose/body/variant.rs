//! A variant of a body, as it is written.

use alloc::vec::Vec;

use crate::check::memory::{self, NoMemoryError};

/// The bytes of a variant.
///
/// Writing returns no error. If an allocation fails, bytes are left out, and
/// [`finish`](Self::finish) returns the error.
#[derive(Default)]
pub(in crate::diagnose) struct Variant {
    bytes: Vec<u8>,
    is_cut: bool,
}

impl Variant {
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.is_cut = false;
    }

    pub(super) fn push(&mut self, byte: u8) {
        self.extend_from_slice(&[byte]);
    }

    pub(super) fn extend_from_slice(&mut self, bytes: &[u8]) {
        if self.reserve(bytes.len()) {
            self.bytes.extend_from_slice(bytes);
        }
    }

    /// Makes room for this many more bytes. Returns whether it succeeded.
    #[inline]
    pub(super) fn reserve(&mut self, more: usize) -> bool {
        self.bytes.capacity() - self.bytes.len() >= more || self.grow(more)
    }

    #[cold]
    fn grow(&mut self, more: usize) -> bool {
        let more = more.max(memory::first_capacity::<u8>());
        self.is_cut = self.is_cut || self.bytes.try_reserve(more).is_err();
        !self.is_cut
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// All that was written.
    pub(super) fn finish(&self) -> Result<&[u8], NoMemoryError> {
        if self.is_cut {
            return Err(NoMemoryError);
        }
        Ok(&self.bytes)
    }
}
