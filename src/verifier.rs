//! Verifying responses and callbacks.
#![allow(clippy::similar_names, reason = "a verifier makes a verified message")]

use callbot_core::{ReceivedHeaders, Sent, Verifier};

use crate::abi::boundary::{fallible, free, produce};
use crate::abi::defaults;
use crate::abi::failure::{Failure, callbot_error};
use crate::abi::pointer::{Handle, Poison, borrow_handle, borrow_handle_mut};
use crate::abi::string::{borrow_bytes, borrow_str, callbot_str};
use crate::headers::{callbot_header, from_pairs};
use crate::request::callbot_sent;
use crate::signer::{self, callbot_signer};
use crate::status::callbot_status;
use crate::verified::callbot_verified;

/// Verifies that responses and callbacks are authentic and recent.
///
/// Made by callbot_verifier_new; freed by callbot_verifier_free. Several threads may verify with
/// one verifier at once.
pub struct callbot_verifier(Poison<Verifier>);

impl Handle for callbot_verifier {}

/// Makes a verifier for the account of a signer, which is copied. Messages may be 300 seconds old
/// and 60 seconds in the future.
///
/// Returns CALLBOT_OK, and in *verifier an object that the caller frees.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_verifier_new(
    signer: *const callbot_signer,
    verifier: *mut *mut callbot_verifier,
    error: *mut *mut callbot_error,
) -> callbot_status {
    produce!(verifier, error, || {
        let signer = borrow_handle!(signer)?;
        let verifier = Verifier::new(signer.0.clone());
        Ok(callbot_verifier(Poison::new(verifier)))
    })
}

/// Accepts the account of another signer too. While the secret key is being changed, that is the
/// one with the new key. callbot_verified_signer_index tells which signer matched.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_verifier_add(
    verifier: *mut callbot_verifier,
    signer: *const callbot_signer,
    error: *mut *mut callbot_error,
) -> callbot_status {
    fallible!(error, || {
        let verifier = borrow_handle_mut!(verifier)?;
        let credentials = borrow_handle!(signer)?.0.clone();
        verifier
            .0
            .write(|verifier| verifier.try_add(credentials))??;
        Ok(())
    })
}

/// Sets how old a message may be, and how far in the future its time may be, both in seconds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_verifier_set_tolerance(
    verifier: *mut callbot_verifier,
    max_age: u64,
    max_skew: u64,
    error: *mut *mut callbot_error,
) -> callbot_status {
    fallible!(error, || {
        let verifier = borrow_handle_mut!(verifier)?;
        verifier
            .0
            .write(|verifier| verifier.set_tolerance(max_age, max_skew))
    })
}

/// Verifies that a callback came from the provider and is recent.
///
/// headers are all received headers, or at least requestID, uuid, createTs and sign;
/// callbot_headers_parse makes them from raw lines. body is the raw bytes as received: a body that
/// was parsed and serialised again has other bytes. now is the time in Unix seconds; 0 means the
/// system's time.
///
/// Returns CALLBOT_OK, and in *verified an object that the caller frees. Fails with the first that
/// applies of CALLBOT_HEADERS, CALLBOT_OTHER_ALGORITHM, CALLBOT_UNKNOWN_UUID,
/// CALLBOT_SIGNATURE_MISMATCH, CALLBOT_BODY_NOT_UTF8, CALLBOT_TOO_OLD and CALLBOT_TOO_NEW. An
/// invalid now fails with CALLBOT_CREATE_TS, and an invalid system clock with CALLBOT_CLOCK. Tell
/// the sender only that the message was refused; log the reason.
///
/// Replays: whoever saw a message can send it again while it is recent. Claim each one before it is
/// processed: see callbot_replays_begin.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_verify_callback(
    verifier: *const callbot_verifier,
    headers: *const callbot_header,
    header_count: usize,
    body: callbot_str,
    now: i64,
    verified: *mut *mut callbot_verified,
    error: *mut *mut callbot_error,
) -> callbot_status {
    produce!(verified, error, || {
        let verifier = borrow_handle!(verifier)?;
        // SAFETY: convention 2 of the header: arrays and strings point to that many elements.
        let headers = unsafe {
            from_pairs(headers, header_count, |pairs| {
                ReceivedHeaders::from_pairs(pairs)
            })
        }?;
        let body = borrow_bytes!(body)?;
        let now = defaults::now(now)?;
        let verified = verifier.0.read()?.verify_callback(&headers, body, now)?;
        Ok(callbot_verified::new(verified)?)
    })
}

/// Verifies that a response came from the provider, is recent, and answers the request that was
/// sent. sent is from callbot_request_sent, or made from stored values.
///
/// Whether the provider signs its error responses is not published. A response without signature
/// headers, such as a proxy's error page, fails with CALLBOT_HEADERS and the code "header_missing".
/// It is not evidence of anything: the orders may have been accepted or not.
///
/// The arguments, *verified and the failures are as for callbot_verify_callback. A verified message
/// whose requestID, uuid or algorithm differs from the request's fails with CALLBOT_OTHER_REQUEST;
/// the message tells which differs. A callback passed as a response differs in its requestID.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_verify_response(
    verifier: *const callbot_verifier,
    sent: *const callbot_sent,
    headers: *const callbot_header,
    header_count: usize,
    body: callbot_str,
    now: i64,
    verified: *mut *mut callbot_verified,
    error: *mut *mut callbot_error,
) -> callbot_status {
    produce!(verified, error, || {
        let verifier = borrow_handle!(verifier)?;
        // SAFETY: the caller's struct is NULL, or valid during the call.
        let sent = unsafe { sent.as_ref() }.ok_or_else(|| Failure::null_pointer("sent"))?;
        let sent = Sent {
            endpoint: borrow_str!(sent.endpoint)?,
            request_id: borrow_str!(sent.request_id)?,
            uuid: borrow_str!(sent.uuid)?,
            algorithm: signer::algorithm_of(sent.algorithm)?,
        };
        // SAFETY: convention 2 of the header: arrays and strings point to that many elements.
        let headers = unsafe {
            from_pairs(headers, header_count, |pairs| {
                ReceivedHeaders::from_pairs(pairs)
            })
        }?;
        let body = borrow_bytes!(body)?;
        let now = defaults::now(now)?;
        let verifier = verifier.0.read()?;
        let verified = verifier.verify_response(&sent, &headers, body, now)?;
        Ok(callbot_verified::new(verified)?)
    })
}

/// Frees a verifier and wipes its secret keys. Messages that it verified stay valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_verifier_free(verifier: *mut callbot_verifier) {
    free!(verifier);
}
