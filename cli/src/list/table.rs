//! A file that is read as a whole.

use csv::ByteRecord;

/// A whole table, of a file that cannot be read row by row.
pub(super) struct Table {
    pub(super) header: ByteRecord,
    pub(super) header_row: u64,
    pub(super) rows: Vec<TableRow>,
}

/// A row of a whole table.
pub(super) struct TableRow {
    pub(super) number: u64,
    pub(super) cells: ByteRecord,
    /// The columns whose formula has failed, such as `#N/A`.
    pub(super) errors: Vec<usize>,
}
