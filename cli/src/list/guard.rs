//! Watches over what is read of a CSV file.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

/// A row that is longer than this is none: a quotation mark before it is not closed, and the rest of
/// the file would be read into one cell.
const MAX_ROW: u64 = 16 << 20;

/// What was read.
#[derive(Default)]
pub(super) struct Consumed {
    total: Cell<u64>,
    /// The total when the last row was complete.
    at_row: Cell<u64>,
    /// The last byte that ends no line.
    last: Cell<u8>,
}

impl Consumed {
    pub(super) fn total(&self) -> u64 {
        self.total.get()
    }

    /// A row is complete.
    pub(super) fn row(&self) {
        self.at_row.set(self.total.get());
    }

    pub(super) fn last(&self) -> u8 {
        self.last.get()
    }
}

/// Counts the bytes of a reader.
pub(super) struct Guard<R> {
    pub(super) inner: R,
    pub(super) consumed: Rc<Consumed>,
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = self.inner.read(buffer)?;
        let Consumed {
            total,
            at_row,
            last,
        } = &*self.consumed;
        total.set(total.get() + len as u64);
        if let Some(&byte) = buffer[..len].iter().rfind(|byte| !b"\r\n".contains(byte)) {
            last.set(byte);
        }
        if total.get() - at_row.get() > MAX_ROW {
            return Err(io::Error::other(
                "a row has more than 16 MiB; look for a quotation mark that is not closed",
            ));
        }
        Ok(len)
    }
}
