//! Finds malformed quotation marks in a CSV file. The csv crate reads any text, and rewrites these
//! silently or takes further rows into one cell.

use std::collections::VecDeque;
use std::io::{self, Read};

use memchr::memchr;

/// A row that is longer than this is none: a quotation mark before it is not closed, and the rest
/// of the file would be read into one cell, or the file has no line ends.
const MAX_ROW: usize = 16 << 20;

/// What is wrong with a quotation mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is never closed.
    Open,
    /// It is closed, and the cell goes on.
    TextAfter,
}

/// A malformed cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Malformed {
    pub(super) fault: Fault,
    /// The byte of the quotation mark that opens the cell.
    pub(super) at: u64,
}

/// A position of the csv crate's own state machine, as far as quotation marks matter.
#[derive(Clone, Copy)]
enum State {
    Outside,
    Inside {
        opened: u64,
    },
    /// After a quotation mark in quotes. The next byte tells whether it closes the cell.
    Closing {
        opened: u64,
    },
}

/// Looks for malformed cells block by block. It touches only quotation marks and their neighbours.
struct Scanner {
    delimiter: u8,
    state: State,
    /// The last byte of the block before.
    before: u8,
    found: VecDeque<Malformed>,
}

impl Scanner {
    fn ends_cell(&self, byte: u8) -> bool {
        byte == self.delimiter || matches!(byte, b'\n' | b'\r')
    }

    /// Scans the block that begins at byte `base`.
    fn scan(&mut self, block: &[u8], base: u64) {
        let mut i = 0;
        while let Some(&byte) = block.get(i) {
            match self.state {
                State::Closing { opened } if byte == b'"' => {
                    self.state = State::Inside { opened };
                    i += 1;
                }
                State::Closing { opened } => {
                    if !self.ends_cell(byte) {
                        self.found.push_back(Malformed {
                            fault: Fault::TextAfter,
                            at: opened,
                        });
                    }
                    self.state = State::Outside;
                }
                State::Inside { opened } => {
                    let Some(found) = memchr(b'"', &block[i..]) else {
                        break;
                    };
                    self.state = State::Closing { opened };
                    i += found + 1;
                }
                State::Outside => {
                    let Some(found) = memchr(b'"', &block[i..]) else {
                        break;
                    };
                    let mark = i + found;
                    let before = mark.checked_sub(1).map_or(self.before, |last| block[last]);
                    // Within a cell that does not begin with one, it is a character like any other.
                    if self.ends_cell(before) {
                        let opened = base + mark as u64;
                        self.state = State::Inside { opened };
                    }
                    i = mark + 1;
                }
            }
        }
        self.before = block.last().copied().unwrap_or(self.before);
    }

    fn end(&mut self) {
        if let State::Inside { opened } = self.state {
            self.found.push_back(Malformed {
                fault: Fault::Open,
                at: opened,
            });
        }
        self.state = State::Outside;
    }
}

/// A reader that looks for malformed cells, and keeps the bytes of the row that is being read.
pub(super) struct Quotes<R> {
    inner: R,
    scanner: Scanner,
    /// The bytes from `base` on, of which those before `row` are not needed any more.
    raw: Vec<u8>,
    base: u64,
    row: u64,
    is_too_long: bool,
}

impl<R> Quotes<R> {
    pub(super) fn new(inner: R, delimiter: u8) -> Self {
        let scanner = Scanner {
            delimiter,
            state: State::Outside,
            before: b'\n',
            found: VecDeque::new(),
        };
        Self {
            inner,
            scanner,
            raw: Vec::new(),
            base: 0,
            row: 0,
            is_too_long: false,
        }
    }

    /// The first malformed cell of the row that ends before byte `end`: after it, the borders of
    /// cells and rows are uncertain.
    pub(super) fn malformed_before(&mut self, end: u64) -> Option<Malformed> {
        let found = &mut self.scanner.found;
        let count = found.partition_point(|cell| cell.at < end);
        found.drain(..count).next()
    }

    /// The bytes of the row that is being read, up to byte `end`.
    pub(super) fn raw(&self, end: u64) -> &[u8] {
        let index = |byte: u64| usize::try_from(byte - self.base).unwrap_or(usize::MAX);
        self.raw
            .get(index(self.row)..index(end))
            .unwrap_or_default()
    }

    /// The next row begins at byte `start`.
    pub(super) fn begin_row(&mut self, start: u64) {
        self.row = start;
    }

    /// The bytes of the row that is being read, as far as they were read.
    pub(super) fn raw_so_far(&self) -> &[u8] {
        self.raw(self.base + self.raw.len() as u64)
    }

    /// Whether a quotation mark is open where reading ended.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.scanner.state, State::Inside { .. })
    }

    /// Whether reading ended because a row is too long.
    pub(super) fn is_too_long(&self) -> bool {
        self.is_too_long
    }
}

impl<R: Read> Read for Quotes<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = self.inner.read(buffer)?;
        let block = &buffer[..len];
        let done = usize::try_from(self.row - self.base).unwrap_or(usize::MAX);
        self.raw.drain(..done.min(self.raw.len()));
        self.base = self.row;
        self.scanner.scan(block, self.base + self.raw.len() as u64);
        self.raw.extend_from_slice(block);
        if len == 0 {
            self.scanner.end();
        }
        if self.raw.len() > MAX_ROW {
            self.is_too_long = true;
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found, however the text is cut into blocks.
    fn found(text: &str) -> Vec<(Fault, u64)> {
        let scan = |size: usize| {
            let mut quotes = Quotes::new(text.as_bytes(), b',');
            let mut block = vec![0; size];
            while quotes.read(&mut block).unwrap() > 0 {}
            let found = quotes.scanner.found.into_iter();
            found.map(|cell| (cell.fault, cell.at)).collect::<Vec<_>>()
        };
        let whole = scan(text.len() + 1);
        for size in 1..text.len() {
            assert_eq!(scan(size), whole, "{text:?} in blocks of {size}");
        }
        whole
    }

    #[test]
    fn well_formed_cells_are_passed_over() {
        for text in [
            "",
            "a,b\n",
            "\"a\",\"b\"\r\n\"c\"",
            "\"a\"\"b\",\"\",\"\"\"\"\r\"\n,\r\"",
            "5\" pipe,a\"b\"c\n",
        ] {
            assert_eq!(found(text), [], "{text:?}");
        }
    }

    #[test]
    fn malformed_cells_are_found_where_they_open() {
        for (text, expected) in [
            ("a,\"b", &[(Fault::Open, 2)][..]),
            ("a,\"", &[(Fault::Open, 2)]),
            ("\"a\"\"", &[(Fault::Open, 0)]),
            ("a,\"b\nc,d\r\n", &[(Fault::Open, 2)]),
            ("\"x\"y", &[(Fault::TextAfter, 0)]),
            ("\"x\" ,\"y\"", &[(Fault::TextAfter, 0)]),
            (
                "a\n\"un\"closed\" q\n\"b",
                &[(Fault::TextAfter, 2), (Fault::Open, 16)],
            ),
            ("\"Bob\nb\nc,\"Cy\"\n", &[(Fault::TextAfter, 0)]),
        ] {
            assert_eq!(found(text), expected, "{text:?}");
        }
    }
}
