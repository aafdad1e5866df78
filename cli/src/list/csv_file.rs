//! CSV files, read row by row.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use csv::{ByteRecord, Reader, ReaderBuilder};

use crate::failure::{Failure, misuse};
use crate::input::cannot_read;
use crate::list::delimiter;
use crate::list::guard::{CAPACITY, Consumed, Guard};
use crate::list::style::Style;
use crate::list::utf16::{Utf16Reader, encoding_of};

const MARK: &[u8] = b"\xef\xbb\xbf";

/// What is known of the file so far.
#[derive(Clone, Copy, Default)]
pub(super) struct State {
    pub(super) consumed: u64,
    pub(super) ends_in_quotes: bool,
}

pub(super) struct CsvFile {
    reader: Reader<Box<dyn Read + Send>>,
    consumed: Arc<Consumed>,
    path: PathBuf,
    /// The number of the last row, as a spreadsheet shows it.
    row: u64,
    /// The line after the last row, by the reader's count, if nothing comes in between.
    next_line: u64,
    /// Whether the last cell of the last row has lines.
    last_has_lines: bool,
}

impl CsvFile {
    /// Reads the header.
    pub(super) fn open(
        input: BufReader<impl Read + Send + 'static>,
        delimiter: Option<u8>,
        path: &Path,
    ) -> Result<(Self, ByteRecord, Style), Failure> {
        let failed = |error| cannot_read(path, &error);
        let consumed = Arc::<Consumed>::default();
        let mut input = Guard {
            inner: input,
            consumed: Arc::clone(&consumed),
        };
        let encoding = encoding_of(input.inner.fill_buf().map_err(failed)?);
        let mut input: BufReader<Box<dyn Read + Send>> = match encoding {
            Some(encoding) => {
                let buffered = BufReader::with_capacity(CAPACITY, input);
                BufReader::with_capacity(CAPACITY, Box::new(Utf16Reader::new(buffered, encoding)))
            }
            None => BufReader::with_capacity(CAPACITY, Box::new(input)),
        };
        let mut has_mark = encoding.is_some();
        if input.fill_buf().map_err(failed)?.starts_with(MARK) {
            has_mark = true;
            input.consume(MARK.len());
        }
        let start = input.fill_buf().map_err(failed)?;
        let named = delimiter::named(start);
        let found = named.map_or_else(|| delimiter::of_header(start), |(named, _)| named);
        let delimiter = delimiter.unwrap_or(found);
        if let Some((_, len)) = named {
            let len = len.min(start.len());
            input.consume(len);
        }
        let skipped = u64::from(named.is_some());

        let reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .has_headers(false)
            .buffer_capacity(CAPACITY)
            .from_reader(Box::new(input) as Box<dyn Read + Send>);
        let mut file = Self {
            reader,
            consumed,
            path: path.into(),
            row: skipped,
            next_line: 1,
            last_has_lines: false,
        };
        let mut header = ByteRecord::new();
        if file.next(&mut header)?.is_none() {
            return Err(misuse(format!(
                "{}: it is empty; the first row has the columns' names",
                path.display()
            )));
        }
        Ok((
            file,
            header,
            Style {
                delimiter,
                has_mark,
            },
        ))
    }

    pub(super) fn header_row(&self) -> u64 {
        self.row
    }

    /// The number counts rows as a spreadsheet does: empty lines count, and lines within a cell do
    /// not.
    pub(super) fn next(&mut self, row: &mut ByteRecord) -> Result<Option<u64>, Failure> {
        let read = self
            .reader
            .read_byte_record(row)
            .map_err(|error| match error.into_kind() {
                csv::ErrorKind::Io(error) => cannot_read(&self.path, &error),
                // Nothing else is an error for rows of any length.
                _ => misuse(format!("{}: it cannot be read as CSV", self.path.display())),
            })?;
        self.consumed.row();
        if !read {
            return Ok(None);
        }
        let after = self.reader.position().line();
        self.row += 1;
        // Most rows are one line. Otherwise there are empty lines before it, or lines in its cells.
        self.last_has_lines = false;
        if after != self.next_line + 1 {
            let inside = row.as_slice().split(|&b| b == b'\n').skip(1).count() as u64;
            let last = row.iter().next_back().unwrap_or_default();
            self.last_has_lines = last.contains(&b'\n');
            self.row += after.saturating_sub(self.next_line + 1 + inside);
        }
        self.next_line = after;
        Ok(Some(self.row))
    }

    /// What is known of the file so far. It ends in quotes if the last cell of all has lines, and no
    /// quotation mark comes after it.
    pub(super) fn state(&self) -> State {
        State {
            consumed: self.consumed.total(),
            ends_in_quotes: self.last_has_lines && self.consumed.last() != b'"',
        }
    }
}
