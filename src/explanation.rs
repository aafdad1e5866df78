//! Explaining a wrong signature.

use std::ffi::CString;

use callbot_core::diagnose::{self, Cause, Message};

use crate::abi::boundary::{accessor, free, produce};
use crate::abi::defaults;
use crate::abi::failure::{callbot_error, made};
use crate::abi::pointer::{Handle, borrow_handle};
use crate::abi::string::{borrow_bytes, callbot_str};
use crate::headers::{callbot_header, from_pairs};
use crate::signer::callbot_signer;
use crate::status::callbot_status;

/// Whether a signature is right, and if not, which mistakes make it.
///
/// Made by callbot_explain; freed by callbot_explanation_free.
pub struct callbot_explanation {
    matches: bool,
    /// The code, the message and the fix of each cause.
    causes: Vec<[CString; 3]>,
}

impl Handle for callbot_explanation {}

impl callbot_explanation {
    fn string(&self, index: usize, which: usize) -> callbot_str {
        let cause = self.causes.get(index);
        cause.map_or(callbot_str::EMPTY, |cause| {
            callbot_str::of_c_string(&cause[which])
        })
    }
}

/// Tells whether the signature of a message is right, and if not, which mistake makes it, or which
/// two mistakes together. docs/explain.md lists them.
///
/// headers and body are the message as it was sent or received, with the sign header that somebody
/// made; all other headers may be missing, since that can be the mistake. received is whether it
/// came from the provider: a signature in lower case is a mistake only in one that is sent. now is
/// the time around which the signed time is searched if the header createTs is missing, in Unix
/// seconds; 0 means the system's time.
///
/// The search hashes the body up to 2,700 times. It is for the owner of the account, at a desk:
/// never call it for every message that a server refuses, and never tell its result to whoever sent
/// a message. It takes up to 1 MiB, 60 times the memory of the body and 150 times that of the
/// signed headers. Only a body of dense brackets takes most of that.
///
/// Returns CALLBOT_OK, and in *explanation an object that the caller frees, whether or not the
/// signature is right. Fails with CALLBOT_HEADERS if the header sign is missing or a header that is
/// signed is duplicate, with CALLBOT_CREATE_TS for an invalid now, and with CALLBOT_CLOCK if the
/// system's time is needed and invalid.
///
/// Example:
///
///     callbot_explanation *explanation;
///     if (callbot_explain(signer, headers, header_count, body, false, 0, &explanation, &error) ==
///         CALLBOT_OK) {
///         for (size_t i = 0; i < callbot_explanation_cause_count(explanation); i++) {
///             puts(callbot_explanation_message(explanation, i).data);
///         }
///         callbot_explanation_free(explanation);
///     }
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_explain(
    signer: *const callbot_signer,
    headers: *const callbot_header,
    header_count: usize,
    body: callbot_str,
    received: bool,
    now: i64,
    explanation: *mut *mut callbot_explanation,
    error: *mut *mut callbot_error,
) -> callbot_status {
    produce!(explanation, error, || {
        let signer = borrow_handle!(signer)?;
        let body = borrow_bytes!(body)?;
        let make = |pairs: &mut dyn Iterator<Item = _>| Message::from_pairs(pairs, body);
        // SAFETY: convention 2 of the header: arrays and strings point to that many elements.
        let message = unsafe { from_pairs(headers, header_count, make) }?;
        let mut message = message.received(received);
        // The system's clock may be wrong, which does not matter if the time is in the header.
        if now != 0 || message.lacks_create_ts() {
            message = message.now(defaults::now(now)?);
        }
        let explanation = made(diagnose::explain(&signer.0, &message))?;
        let strings = |cause: &Cause| {
            [cause.code(), cause.message(), cause.fix()]
                .map(|string| CString::new(string).unwrap_or_default())
        };
        Ok(callbot_explanation {
            matches: explanation.matches(),
            causes: explanation.causes().iter().map(strings).collect(),
        })
    })
}

/// Returns whether the signature is right. false for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_explanation_matches(
    explanation: *const callbot_explanation,
) -> bool {
    accessor!(explanation, explanation.matches)
}

/// Returns the number of mistakes that together make the signature: 1 or 2, or 0 if it is right or
/// no mistake explains it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_explanation_cause_count(
    explanation: *const callbot_explanation,
) -> usize {
    accessor!(explanation, explanation.causes.len())
}

/// Returns the code of the mistake at index, such as "body_separators". A NUL follows it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_explanation_code(
    explanation: *const callbot_explanation,
    index: usize,
) -> callbot_str {
    accessor!(explanation, explanation.string(index, 0))
}

/// Returns what the mistake at index is, for people. A NUL follows it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_explanation_message(
    explanation: *const callbot_explanation,
    index: usize,
) -> callbot_str {
    accessor!(explanation, explanation.string(index, 1))
}

/// Returns what to do about the mistake at index, for people. A NUL follows it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_explanation_fix(
    explanation: *const callbot_explanation,
    index: usize,
) -> callbot_str {
    accessor!(explanation, explanation.string(index, 2))
}

/// Frees an explanation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_explanation_free(explanation: *mut callbot_explanation) {
    free!(explanation);
}
