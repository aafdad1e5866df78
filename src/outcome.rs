//! What became of the orders of a request.

use callbot_core::{Outcome, OutcomeKind, Refusal};

use crate::abi::boundary::{self, accessor, free, produce};
use crate::abi::failure::{Failure, callbot_error};
use crate::abi::pointer::{Handle, borrow_handle};
use crate::abi::string::{borrow_bytes, callbot_str};
use crate::content::callbot_content;
use crate::status::{CALLBOT_ABSENT, CALLBOT_OK, CALLBOT_PANIC, callbot_status};
use crate::verified;

/// Every order was accepted.
pub const CALLBOT_OUTCOME_ACCEPTED: i32 = 0;
/// Some orders were refused. Each refusal is traced to its order.
pub const CALLBOT_OUTCOME_PARTLY: i32 = 1;
/// No order was accepted.
pub const CALLBOT_OUTCOME_REFUSED: i32 = 2;
/// A refused phone number stands for several orders, and not all of them were refused: which ones
/// is not known.
pub const CALLBOT_OUTCOME_AMBIGUOUS: i32 = 3;
/// The response does not account for every order: its numbers do not add up to what was sent, a
/// refusal belongs to no order, or the request failed in a way that leaves open what was accepted.
pub const CALLBOT_OUTCOME_UNACCOUNTED: i32 = 4;

/// What became of the orders of a request.
///
/// Made by callbot_outcome_new; freed by callbot_outcome_free.
pub struct callbot_outcome(Outcome);

impl Handle for callbot_outcome {}

/// An order that the provider refused, or may have refused. This struct never changes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct callbot_refused {
    /// The order's index in the request. SIZE_MAX for a refusal that belongs to no order.
    pub order: usize,
    /// The order's ID, or the one that the response names. Empty if neither is known.
    pub order_id: callbot_str,
    /// The order's phone number, or the one that the response names. Empty if neither is known.
    pub phone: callbot_str,
    /// The provider's reason. Empty if it is absent.
    pub message: callbot_str,
    /// Whether the refusal may be for another order with the same phone number.
    pub ambiguous: bool,
}

/// Compares a response with the body of its request, which the caller kept: which orders were
/// accepted, and which were refused. Neither is needed afterwards.
///
/// The provider names a refused order by its phone number only (by its ID in stopOrder), so two
/// orders with one phone number cannot always be told apart. Phone numbers are compared by their
/// digits. request_body must be the body of the request that the response was verified with. This
/// is not checked, since the response does not repeat it. Its orders are read only if the response
/// refuses any. They are counted if the response is a success, and the body is not looked at if the
/// response's code says that the whole request was refused.
///
/// Returns CALLBOT_OK, and in *outcome an object that the caller frees. Fails with CALLBOT_CONTENT
/// if content is a callback, or request_body is looked at and has no list of orders (callList or
/// orderIDs).
///
/// Example:
///
///     callbot_outcome *outcome;
///     callbot_refused refused;
///     if (callbot_outcome_new(content, callbot_request_body(request), &outcome, &error) ==
///         CALLBOT_OK) {
///         for (size_t i = 0; callbot_outcome_refused(outcome, i, &refused) == CALLBOT_OK; i++) {
///             ...
///         }
///     }
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_outcome_new(
    content: *const callbot_content,
    request_body: callbot_str,
    outcome: *mut *mut callbot_outcome,
    error: *mut *mut callbot_error,
) -> callbot_status {
    produce!(outcome, error, || {
        let content = borrow_handle!(content)?;
        let request_body = borrow_bytes!(request_body)?;
        Ok(callbot_outcome(content.document().outcome(request_body)?))
    })
}

/// Returns what became of the orders as a whole: a CALLBOT_OUTCOME constant. Neither
/// CALLBOT_OUTCOME_AMBIGUOUS nor CALLBOT_OUTCOME_UNACCOUNTED, which it is for NULL, is a success.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_outcome_kind(outcome: *const callbot_outcome) -> i32 {
    accessor!(
        outcome,
        CALLBOT_OUTCOME_UNACCOUNTED,
        match outcome.0.kind() {
            OutcomeKind::Accepted => CALLBOT_OUTCOME_ACCEPTED,
            OutcomeKind::Partly => CALLBOT_OUTCOME_PARTLY,
            OutcomeKind::Refused => CALLBOT_OUTCOME_REFUSED,
            OutcomeKind::Ambiguous => CALLBOT_OUTCOME_AMBIGUOUS,
            // OutcomeKind::Unaccounted, and variants that a later core adds.
            _ => CALLBOT_OUTCOME_UNACCOUNTED,
        }
    )
}

/// Returns whether sending the same request again can help: a CALLBOT_RETRY constant. It is
/// CALLBOT_RETRY_UNKNOWN unless the response accounts for every order, whatever its code says:
/// sending the request again may then dial people twice. CALLBOT_RETRY_UNKNOWN for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_outcome_retry(outcome: *const callbot_outcome) -> i32 {
    accessor!(
        outcome,
        verified::CALLBOT_RETRY_UNKNOWN,
        verified::constant_of(outcome.0.retry())
    )
}

/// Returns the number of orders that were refused, or may have been, and of the listed refusals
/// that belong to no order. No more of the latter are listed than the request has orders, or 100 if
/// it has fewer. callbot_outcome_unlisted_count counts the rest.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_outcome_refused_count(outcome: *const callbot_outcome) -> usize {
    accessor!(outcome, outcome.0.refused().len())
}

/// Returns how many refusals that belong to no order are not listed. If it is not 0, the outcome is
/// never a success. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_outcome_unlisted_count(outcome: *const callbot_outcome) -> usize {
    accessor!(outcome, outcome.0.unlisted())
}

/// Reads the refused order at index, in the order of the provider's list. Its strings live as long
/// as the outcome.
///
/// Returns CALLBOT_OK, and the order in *refused; CALLBOT_ABSENT for an index out of range.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_outcome_refused(
    outcome: *const callbot_outcome,
    index: usize,
    refused: *mut callbot_refused,
) -> callbot_status {
    boundary::value(CALLBOT_PANIC, || {
        let outcome = match borrow_handle!(outcome) {
            Ok(_) if refused.is_null() => return Failure::null_pointer("refused").status(),
            Ok(outcome) => outcome,
            Err(failure) => return failure.status(),
        };
        let Some(found) = outcome.0.refused().get(index) else {
            return CALLBOT_ABSENT;
        };
        // SAFETY: the pointer is not NULL, and the caller's struct can be written.
        unsafe { refused.write(found.into()) };
        CALLBOT_OK
    })
}

impl From<&Refusal> for callbot_refused {
    fn from(refusal: &Refusal) -> Self {
        Self {
            order: refusal.order.unwrap_or(usize::MAX),
            order_id: callbot_str::borrow_or_empty(refusal.order_id.as_deref()),
            phone: callbot_str::borrow_or_empty(refusal.phone.as_deref()),
            message: callbot_str::borrow_or_empty(refusal.message.as_deref().map(String::as_str)),
            ambiguous: refusal.is_ambiguous,
        }
    }
}

/// Frees an outcome.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_outcome_free(outcome: *mut callbot_outcome) {
    free!(outcome);
}
