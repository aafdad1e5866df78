//! A list of contacts: rows of cells under a header, from a CSV, XLSX or JSON file.

mod ahead;
mod csv_file;
mod delimiter;
mod guard;
mod json_file;
mod quotes;
pub(crate) mod row;
pub(crate) mod style;
mod table;
mod utf16;
mod xlsx_file;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;

use csv::ByteRecord;

use crate::failure::{Failure, misuse};
use crate::input::{cannot_read, is_stdin};
use crate::list::ahead::Ahead;
use crate::list::csv_file::CsvFile;
use crate::list::guard::CAPACITY;
use crate::list::row::Found;
use crate::list::style::Style;
use crate::list::table::TableRow;

/// The rows of a list, one after the other.
pub(crate) struct List {
    /// The columns' names.
    pub(crate) header: ByteRecord,
    /// The number of the header's row.
    pub(crate) header_row: u64,
    pub(crate) style: Style,
    rows: Rows,
    /// The size of the file, where it is known.
    size: Option<u64>,
}

enum Rows {
    Csv(Ahead),
    /// All rows with their numbers, of which those before the index were given out.
    Table {
        rows: Vec<TableRow>,
        next: usize,
    },
}

impl List {
    /// Opens a file, or standard input for `-`, and tells by its first bytes what it is.
    pub(crate) fn open(
        path: &Path,
        delimiter: Option<u8>,
        sheet: Option<&str>,
    ) -> Result<Self, Failure> {
        let failed = |error| cannot_read(path, &error);
        if is_stdin(path) {
            let input = BufReader::with_capacity(CAPACITY, io::stdin());
            return Self::read(input, None, path, delimiter, sheet);
        }
        let file = File::open(path).map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        let size = metadata.is_file().then_some(metadata.len());
        Self::read(
            BufReader::with_capacity(CAPACITY, file),
            size,
            path,
            delimiter,
            sheet,
        )
    }

    fn read(
        mut input: BufReader<impl Read + Send + 'static>,
        size: Option<u64>,
        path: &Path,
        delimiter: Option<u8>,
        sheet: Option<&str>,
    ) -> Result<Self, Failure> {
        let failed = |error: io::Error| cannot_read(path, &error);
        let wrong = |what: &str| misuse(format!("{}: {what}", path.display()));
        let kind = Kind::of(input.fill_buf().map_err(failed)?);
        let whole = |input: &mut BufReader<_>| -> Result<Vec<u8>, Failure> {
            let mut bytes = Vec::new();
            Read::read_to_end(input, &mut bytes).map_err(failed)?;
            Ok(bytes)
        };
        let table = match kind {
            Kind::Csv => {
                let (csv, header, style) = CsvFile::open(input, delimiter, path)?;
                let header_row = csv.header_row();
                let rows = Rows::Csv(Ahead::new(csv));
                return Ok(Self {
                    header,
                    header_row,
                    style,
                    rows,
                    size,
                });
            }
            Kind::Xlsx => xlsx_file::read(Cursor::new(whole(&mut input)?), sheet)
                .map_err(|what| wrong(&what))?,
            Kind::Json => json_file::read(&whole(&mut input)?).map_err(|what| wrong(&what))?,
            Kind::Xls => {
                return Err(wrong(
                    "it is an Excel file of the kind before 2007; save it as .xlsx or CSV",
                ));
            }
        };
        Ok(Self {
            header: table.header,
            header_row: table.header_row,
            style: Style::PLAIN,
            rows: Rows::Table {
                rows: table.rows,
                next: 0,
            },
            size: None,
        })
    }

    /// Reads the next row.
    pub(crate) fn next(&mut self, row: &mut ByteRecord) -> Result<Option<Found>, Failure> {
        match &mut self.rows {
            Rows::Csv(csv) => csv.next(row),
            Rows::Table { rows, next } => Ok(rows.get_mut(*next).map(|found| {
                *next += 1;
                std::mem::swap(row, &mut found.cells);
                Found {
                    number: found.number,
                    bad_cell: None,
                    errors: std::mem::take(&mut found.errors),
                }
            })),
        }
    }

    /// How much was read, and of how much.
    pub(crate) fn progress(&self) -> (u64, Option<u64>) {
        match &self.rows {
            Rows::Csv(csv) => (csv.consumed(), self.size),
            Rows::Table { rows, next } => (*next as u64, Some(rows.len() as u64)),
        }
    }
}

enum Kind {
    Csv,
    Xlsx,
    Xls,
    Json,
}

impl Kind {
    fn of(start: &[u8]) -> Self {
        let text = start
            .strip_prefix(b"\xef\xbb\xbf")
            .unwrap_or(start)
            .trim_ascii_start();
        match start {
            [b'P', b'K', 3, 4, ..] => Self::Xlsx,
            [0xd0, 0xcf, 0x11, 0xe0, ..] => Self::Xls,
            _ if text.starts_with(b"[") || text.starts_with(b"{") => Self::Json,
            _ => Self::Csv,
        }
    }
}
