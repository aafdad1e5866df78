//! Watches over what is read of a CSV file.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering::Relaxed};

/// How much is read from a file at once.
pub(super) const CAPACITY: usize = 1 << 16;

/// A row that is longer than this is none: a quotation mark before it is not closed, and the rest of
/// the file would be read into one cell.
const MAX_ROW: u64 = 16 << 20;

/// What was read. Two ends of a reader share it, which are in one thread.
#[derive(Default)]
pub(super) struct Consumed {
    total: AtomicU64,
    /// The total when the last row was complete.
    at_row: AtomicU64,
    /// The last byte that ends no line. A byte 0 is half of a character of UTF-16.
    last: AtomicU8,
}

impl Consumed {
    pub(super) fn total(&self) -> u64 {
        self.total.load(Relaxed)
    }

    /// A row is complete.
    pub(super) fn row(&self) {
        self.at_row.store(self.total.load(Relaxed), Relaxed);
    }

    pub(super) fn last(&self) -> u8 {
        self.last.load(Relaxed)
    }
}

/// Counts the bytes of a reader.
pub(super) struct Guard<R> {
    pub(super) inner: R,
    pub(super) consumed: Arc<Consumed>,
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = self.inner.read(buffer)?;
        let Consumed {
            total,
            at_row,
            last,
        } = &*self.consumed;
        total.fetch_add(len as u64, Relaxed);
        if let Some(&byte) = buffer[..len].iter().rfind(|byte| !b"\r\n\0".contains(byte)) {
            last.store(byte, Relaxed);
        }
        if total.load(Relaxed) - at_row.load(Relaxed) > MAX_ROW {
            return Err(io::Error::other(
                "a row has more than 16 MiB; look for a quotation mark that is not closed",
            ));
        }
        Ok(len)
    }
}
