//! What became of the orders as a whole.

/// What became of the orders of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OutcomeKind {
    /// Every order was accepted.
    Accepted,
    /// Some orders were refused. Each refusal is traced to its order.
    Partly,
    /// No order was accepted.
    Refused,
    /// A refused phone number stands for several orders, and the provider did not refuse all of
    /// them: which ones is not known.
    Ambiguous,
    /// The response does not account for every order: its numbers do not add up to what was sent, a
    /// refusal belongs to no order, or the request failed in a way that leaves open what was
    /// accepted.
    Unaccounted,
}
