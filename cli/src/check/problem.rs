//! What is wrong with a list, and where.

/// One thing that is wrong.
pub(crate) struct Problem {
    /// The row in the file, which counts from 1.
    pub(crate) row: u64,
    /// The column's index. `None` if it is the whole row.
    pub(crate) column: Option<usize>,
    pub(crate) code: &'static str,
    pub(crate) message: String,
}
