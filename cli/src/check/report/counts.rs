//! How much of a list there is of each sort.

/// How many rows of each sort there are.
#[derive(Default)]
pub(crate) struct Counts {
    pub(crate) accepted: u64,
    pub(crate) rejected: u64,
    /// Rows whose cells are all empty.
    pub(crate) empty: u64,
    /// Accepted phone numbers that were not in the API's form.
    pub(crate) rewritten: u64,
    pub(crate) problems: u64,
    pub(crate) batches: u64,
}
