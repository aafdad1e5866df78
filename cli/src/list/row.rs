//! What is known of a row beside its cells.

use crate::list::quotes::Fault;

/// A row that was read.
#[derive(Default)]
pub(crate) struct Found {
    /// Its number in the file, which counts from 1.
    pub(crate) number: u64,
    /// Its first malformed cell, which few rows have.
    pub(crate) bad_cell: Option<Box<BadCell>>,
    /// The columns whose formula has failed in a workbook.
    pub(crate) errors: Vec<usize>,
}

/// A cell whose quotation marks are malformed.
pub(crate) struct BadCell {
    pub(super) fault: Fault,
    /// The line on which the quotation mark opens.
    pub(super) line: u64,
    /// The column's index.
    pub(crate) column: usize,
    /// The row as it is in the file, without its line end.
    pub(crate) raw: Vec<u8>,
}

impl BadCell {
    pub(crate) const fn code(&self) -> &'static str {
        match self.fault {
            Fault::Open => "open_quote",
            Fault::TextAfter => "text_after_quote",
        }
    }

    pub(crate) fn message(&self) -> String {
        let line = self.line;
        match self.fault {
            Fault::Open => format!(
                "the quotation mark that opens on line {line} is never closed, so that the rest of the \
                 file is in this row; close it"
            ),
            Fault::TextAfter => format!(
                "text follows the quotation mark that closes the one of line {line}; close it at the \
                 cell's end, and write each quotation mark within it twice"
            ),
        }
    }
}
