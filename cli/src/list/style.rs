//! The form of a CSV file.

/// How a list was written, so that its parts can be written alike.
#[derive(Clone, Copy)]
pub(crate) struct Style {
    pub(crate) delimiter: u8,
    /// A byte-order mark comes first: some spreadsheets need it to see that a file is UTF-8.
    pub(crate) has_mark: bool,
    /// A line before the header names the delimiter, as `sep=;`.
    pub(crate) names_delimiter: bool,
    /// `\n`, `\r\n` or `\r`.
    pub(crate) line_end: &'static str,
    /// The bytes of a unit of UTF-16; `None` in UTF-8.
    pub(crate) utf16: Option<fn(u16) -> [u8; 2]>,
}

impl Style {
    /// What is written where the list is no CSV file.
    pub(crate) const PLAIN: Self = Self {
        delimiter: b',',
        has_mark: false,
        names_delimiter: false,
        line_end: "\n",
        utf16: None,
    };
}
