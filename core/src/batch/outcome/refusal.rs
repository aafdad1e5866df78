//! An order that was refused.

use alloc::string::String;
use alloc::sync::Arc;

use crate::api::content::debug_without_content;

/// An order that the provider refused, or may have refused.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// The order's index in the request, counted from 0. `None` for a refusal that belongs to no
    /// order of the request.
    pub order: Option<usize>,
    /// The order's ID, or the one that the response names.
    pub order_id: Option<String>,
    /// The order's phone number, or the one that the response names. `None` if the orders are named
    /// by their IDs, as in `stopOrder`.
    pub phone: Option<String>,
    /// The provider's reason. Orders with one phone number share it.
    pub message: Option<Arc<String>>,
    /// Whether the refusal may be for another order with the same phone number.
    pub is_ambiguous: bool,
}

debug_without_content!(Refusal);
