//! The columns' names.

use csv::ByteRecord;

/// What reports name a column by.
pub(super) struct Names(Vec<String>);

impl Names {
    pub(super) fn of_header(header: &ByteRecord) -> Self {
        let names = header
            .iter()
            .map(|name| String::from_utf8_lossy(name).into_owned());
        Self(names.collect())
    }

    /// The name of a column; empty for a whole row.
    pub(super) fn of(&self, column: Option<usize>) -> &str {
        column
            .and_then(|index| self.0.get(index))
            .map_or("", String::as_str)
    }
}
