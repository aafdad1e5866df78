//! The form of a CSV file.

/// How a list was written, so that its parts can be written alike.
#[derive(Clone, Copy)]
pub(crate) struct Style {
    pub(crate) delimiter: u8,
    /// A byte-order mark comes first: some spreadsheets need it to see that a file is UTF-8.
    pub(crate) has_mark: bool,
}
