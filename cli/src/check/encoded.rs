//! A file that is written in the list's encoding.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Write};

/// Takes UTF-8, and writes it as it is or as UTF-16.
pub(super) struct Encoded {
    file: File,
    utf16: Option<fn(u16) -> [u8; 2]>,
    /// The beginning of a character that is not complete yet.
    rest: RefCell<Vec<u8>>,
}

impl Encoded {
    pub(super) fn new(file: File, utf16: Option<fn(u16) -> [u8; 2]>) -> Self {
        Self {
            file,
            utf16,
            rest: RefCell::default(),
        }
    }
}

impl Write for &Encoded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(unit_bytes) = self.utf16 else {
            return (&self.file).write(bytes);
        };
        let mut rest = self.rest.borrow_mut();
        rest.extend_from_slice(bytes);
        // What was read as UTF-16 is valid: only the last character can be incomplete.
        let valid = match std::str::from_utf8(&rest) {
            Ok(text) => text.len(),
            Err(error) => error.valid_up_to(),
        };
        let text = String::from_utf8_lossy(&rest[..valid]);
        let encoded: Vec<u8> = text.encode_utf16().flat_map(unit_bytes).collect();
        (&self.file).write_all(&encoded)?;
        rest.drain(..valid);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        (&self.file).flush()
    }
}

impl Write for Encoded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (&*self).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        (&*self).flush()
    }
}
