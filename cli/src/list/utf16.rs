//! Reading UTF-16, as spreadsheets write "Unicode text".

use std::io::{self, BufRead, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_16BE, UTF_16LE};

/// The encoding of a file in UTF-16, with or without a byte-order mark: the first character of a
/// header is an ASCII character.
pub(super) fn encoding_of(start: &[u8]) -> Option<&'static Encoding> {
    match start {
        [0xff, 0xfe, ..] => Some(UTF_16LE),
        [0xfe, 0xff, ..] => Some(UTF_16BE),
        [first, 0, second, 0, ..] if *first != 0 && *second != 0 => Some(UTF_16LE),
        [0, first, 0, second, ..] if *first != 0 && *second != 0 => Some(UTF_16BE),
        _ => None,
    }
}

/// Whether a byte-order mark of UTF-16 comes first.
pub(super) fn has_utf16_mark(start: &[u8]) -> bool {
    start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff")
}

/// How an encoding writes a unit of UTF-16.
pub(super) fn unit_bytes(encoding: &'static Encoding) -> fn(u16) -> [u8; 2] {
    if encoding == UTF_16BE {
        u16::to_be_bytes
    } else {
        u16::to_le_bytes
    }
}

/// Converts UTF-16 to UTF-8 while it is read. A byte-order mark is removed.
pub(super) struct Utf16Reader<R> {
    inner: R,
    decoder: Decoder,
    is_finished: bool,
}

impl<R: BufRead> Utf16Reader<R> {
    pub(super) fn new(inner: R, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_with_bom_removal();
        Self {
            inner,
            decoder,
            is_finished: false,
        }
    }
}

impl<R: BufRead> Read for Utf16Reader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // A character has up to 4 bytes; the callers' buffers are larger.
        while !self.is_finished {
            let input = self.inner.fill_buf()?;
            let is_last = input.is_empty();
            let (result, read, written, has_errors) =
                self.decoder.decode_to_utf8(input, buffer, is_last);
            self.inner.consume(read);
            if has_errors {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    "it begins as UTF-16 and is not UTF-16 throughout; export it again, as UTF-8",
                ));
            }
            self.is_finished = is_last && result == CoderResult::InputEmpty;
            if written > 0 {
                return Ok(written);
            }
        }
        Ok(0)
    }
}
