//! Counts what is read of a CSV file.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// How much is read from a file at once.
pub(super) const CAPACITY: usize = 1 << 16;

/// Counts the bytes of a reader. Both ends share the count, and are in one thread.
pub(super) struct Guard<R> {
    pub(super) inner: R,
    pub(super) consumed: Arc<AtomicU64>,
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = self.inner.read(buffer)?;
        self.consumed.fetch_add(len as u64, Relaxed);
        Ok(len)
    }
}
