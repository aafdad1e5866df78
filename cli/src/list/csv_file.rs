//! CSV files, read row by row.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use csv::{ByteRecord, Reader, ReaderBuilder};

use crate::failure::{Failure, misuse};
use crate::input::cannot_read;
use crate::list::delimiter;
use crate::list::guard::{CAPACITY, Guard};
use crate::list::quotes::{Fault, Malformed, Quotes};
use crate::list::row::{BadCell, Found};
use crate::list::style::Style;
use crate::list::utf16::{Utf16Reader, encoding_of, has_utf16_mark, unit_bytes};

const MARK: &[u8] = b"\xef\xbb\xbf";

pub(super) struct CsvFile {
    reader: Reader<Quotes<Box<dyn Read + Send>>>,
    consumed: Arc<AtomicU64>,
    delimiter: u8,
    path: PathBuf,
    /// The number of the last row, as a spreadsheet shows it.
    row: u64,
    /// Whether it ends with `\r`. The reader gives a `\n` after that to the next row.
    ends_in_cr: bool,
    /// The line on which the next row begins, by the reader's count.
    line: u64,
    /// Lines before the reader's first one.
    skipped: u64,
}

impl CsvFile {
    /// Reads the header.
    pub(super) fn open(
        input: BufReader<impl Read + Send + 'static>,
        delimiter: Option<u8>,
        path: &Path,
    ) -> Result<(Self, ByteRecord, Style), Failure> {
        let failed = |error| cannot_read(path, &error);
        let consumed = Arc::<AtomicU64>::default();
        let mut input = Guard {
            inner: input,
            consumed: Arc::clone(&consumed),
        };
        let start = input.inner.fill_buf().map_err(failed)?;
        let encoding = encoding_of(start);
        let mut has_mark = encoding.is_some() && has_utf16_mark(start);
        let mut input: BufReader<Box<dyn Read + Send>> = match encoding {
            Some(encoding) => {
                let buffered = BufReader::with_capacity(CAPACITY, input);
                BufReader::with_capacity(CAPACITY, Box::new(Utf16Reader::new(buffered, encoding)))
            }
            None => BufReader::with_capacity(CAPACITY, Box::new(input)),
        };
        if input.fill_buf().map_err(failed)?.starts_with(MARK) {
            has_mark = true;
            input.consume(MARK.len());
        }
        let start = input.fill_buf().map_err(failed)?;
        let named = delimiter::named(start);
        let found = named.map_or_else(|| delimiter::of_header(start), |(named, _)| named);
        let delimiter = delimiter.unwrap_or(found);
        let line_end = delimiter::line_end(start);
        if let Some((_, len)) = named {
            let len = len.min(start.len());
            input.consume(len);
        }
        let skipped = u64::from(named.is_some());

        let input = Box::new(input);
        let reader = builder(delimiter)
            .buffer_capacity(CAPACITY)
            .from_reader(Quotes::new(input as Box<dyn Read + Send>, delimiter));
        let mut file = Self {
            reader,
            consumed,
            delimiter,
            path: path.into(),
            row: skipped,
            ends_in_cr: false,
            line: 1,
            skipped,
        };
        let mut header = ByteRecord::new();
        let Some(found) = file.next(&mut header)? else {
            return Err(misuse(format!(
                "{}: it is empty; the first row has the columns' names",
                path.display()
            )));
        };
        if let Some(cell) = found.bad_cell {
            return Err(misuse(format!(
                "{}: the first row, which has the columns' names: {}",
                path.display(),
                cell.message()
            )));
        }
        Ok((
            file,
            header,
            Style {
                delimiter,
                has_mark,
                names_delimiter: named.is_some(),
                line_end,
                utf16: encoding.map(unit_bytes),
            },
        ))
    }

    pub(super) fn header_row(&self) -> u64 {
        self.row
    }

    /// The number counts rows as a spreadsheet does: empty lines count, and lines within a cell do
    /// not.
    pub(super) fn next(&mut self, row: &mut ByteRecord) -> Result<Option<Found>, Failure> {
        let read = self.reader.read_byte_record(row);
        let read = read.map_err(|error| self.failure(error))?;
        if !read {
            return Ok(None);
        }
        let position = self.reader.position();
        let (next_line, end) = (position.line(), position.byte());
        let raw = self.reader.get_ref().raw(end);
        self.row += 1 + empty_lines(raw, self.ends_in_cr);
        self.ends_in_cr = raw.ends_with(b"\r");
        let malformed = self.reader.get_mut().malformed_before(end);
        let bad_cell = malformed.map(|cell| Box::new(self.bad_cell(cell, end)));
        self.line = next_line;
        self.reader.get_mut().begin_row(end);
        Ok(Some(Found {
            number: self.row,
            bad_cell,
            errors: Vec::new(),
        }))
    }

    /// Describes a malformed cell of the last row, which ends before byte `end`.
    fn bad_cell(&self, Malformed { fault, at }: Malformed, end: u64) -> BadCell {
        let quotes = self.reader.get_ref();
        let before = quotes.raw(at);
        let mut cells = ByteRecord::new();
        // What comes before the cell is well-formed, and ends with a delimiter or is empty.
        let mut reader = builder(self.delimiter).from_reader(before);
        let is_read = reader.read_byte_record(&mut cells).unwrap_or_default();
        let lines = before.split(|&b| b == b'\n').skip(1).count() as u64;
        let raw = quotes.raw(end);
        // The reader ends a row between `\r` and `\n`, and passes over empty lines before it.
        let start = raw.iter().position(|b| !matches!(b, b'\r' | b'\n'));
        let raw = &raw[start.unwrap_or_default()..];
        let raw = match fault {
            Fault::Open => raw,
            Fault::TextAfter => raw.strip_suffix(b"\n").unwrap_or(raw),
        };
        BadCell {
            fault,
            // Lines that end with `\r` alone are not counted, and rows are.
            line: (self.line + lines + self.skipped).max(self.row),
            column: if is_read { cells.len() - 1 } else { 0 },
            raw: raw.strip_suffix(b"\r").unwrap_or(raw).to_vec(),
        }
    }

    fn failure(&self, error: csv::Error) -> Failure {
        let path = self.path.display();
        match error.into_kind() {
            csv::ErrorKind::Io(_) if self.reader.get_ref().is_too_long() => {
                let quotes = self.reader.get_ref();
                let row = self.row + 1 + empty_lines(quotes.raw_so_far(), self.ends_in_cr);
                let what = if quotes.is_open() {
                    "close the quotation mark that is open there"
                } else {
                    "look for the line end that is missing there"
                };
                misuse(format!("{path}: row {row} has more than 16 MiB; {what}"))
            }
            csv::ErrorKind::Io(error) => cannot_read(&self.path, &error),
            // Nothing else is an error for rows of any length.
            _ => misuse(format!("{path}: it cannot be read as CSV")),
        }
    }

    /// How much was read of the file.
    pub(super) fn consumed(&self) -> u64 {
        self.consumed.load(Relaxed)
    }
}

fn builder(delimiter: u8) -> ReaderBuilder {
    let mut builder = ReaderBuilder::new();
    builder
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(false);
    builder
}

/// How many empty lines come before a row.
fn empty_lines(raw: &[u8], is_after_cr: bool) -> u64 {
    let raw = raw
        .strip_prefix(b"\n")
        .filter(|_| is_after_cr)
        .unwrap_or(raw);
    let (mut count, mut before) = (0, 0);
    for &byte in raw.iter().take_while(|&&b| matches!(b, b'\r' | b'\n')) {
        count += u64::from(byte == b'\r' || before != b'\r');
        before = byte;
    }
    count
}
