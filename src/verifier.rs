//! Proof that what was received came from the provider.
#![allow(clippy::similar_names, reason = "a verifier gives a verified message")]
#![allow(
    clippy::redundant_closure_for_method_calls,
    reason = "each export has the same form, by which a test knows it"
)]

use callbot_core::{ReceivedHeaders, Verified, Verifier};

use crate::boundary;
use crate::error::{Failure, callbot_error};
use crate::fresh;
use crate::pointer::{self, Guarded, Handle, Out};
use crate::request::callbot_request;
use crate::signer::callbot_signer;
use crate::status::callbot_status;
use crate::text::{self, callbot_str};

/// A header of a received message.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct callbot_header {
    /// Its name, in any case.
    pub name: callbot_str,
    /// Its value, as it was received.
    pub value: callbot_str,
}

/// What proves that responses and callbacks are genuine and fresh.
///
/// Made by callbot_verifier_new; free it with callbot_verifier_free. Any number of threads may verify with one verifier
/// at once.
pub struct callbot_verifier(Guarded<Verifier>);

impl Handle for callbot_verifier {}

/// A message that was proven to come from the testing, with a copy of its body.
///
/// Made by callbot_verify_callback and callbot_verify_response; free it with callbot_verified_free. Its texts live as
/// long as it does.
pub struct callbot_verified(pub(crate) Verified<'static>);

impl Handle for callbot_verified {}

/// Makes a verifier for the account of a signer, which is copied. Messages may be 300 seconds old and 60 seconds ahead.
///
/// Returns CALLBOT_OK, and in *verifier an object that the caller frees.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_verifier_new(
    signer: *const callbot_signer,
    verifier: *mut *mut callbot_verifier,
    error: *mut *mut callbot_error,
) -> callbot_status {
    // SAFETY: convention 4 of the header: an output pointer is NULL or may be written.
    let (verifier, error) = unsafe { (Out::new(verifier), Out::new(error)) };
    boundary::status(error, || {
        verifier.needed("verifier")?;
        // SAFETY: convention 3 of the header: a handle is valid, or NULL.
        let signer = unsafe { pointer::get(signer, "signer") }?;
        let made = Verifier::new(signer.0.clone());
        verifier.write(Some(callbot_verifier(Guarded::new(made))));
        Ok(())
    })
}

/// Changes a verifier.
///
/// # Safety
///
/// `verifier` as for [`pointer::get_mut`], `error` as for [`Out::new`].
unsafe fn change(
    verifier: *mut callbot_verifier,
    error: *mut *mut callbot_error,
    change: impl FnOnce(Verifier) -> Result<Verifier, Failure>,
) -> callbot_status {
    // SAFETY: the same contract.
    boundary::status(unsafe { Out::new(error) }, || {
        // SAFETY: the same contract.
        let verifier = unsafe { pointer::get_mut(verifier, "verifier") }?;
        verifier.0.write(|verifier| {
            *verifier = change(verifier.clone())?;
            Ok(())
        })?
    })
}

/// Accepts the account of another signer too: the one with the new secret key, while keys are being changed.
/// callbot_verified_signer_index tells which matched.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_verifier_add(
    verifier: *mut callbot_verifier,
    signer: *const callbot_signer,
    error: *mut *mut callbot_error,
) -> callbot_status {
    // SAFETY: conventions 3 and 4 of the header: handles and output pointers are valid, or NULL.
    unsafe {
        change(verifier, error, |verifier| {
            // SAFETY: the same.
            let signer = pointer::get(signer, "signer")?;
            Ok(verifier.with_credentials(signer.0.clone()))
        })
    }
}

/// Sets how old a message may be, and how far its time may lie ahead of our clock, both in seconds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_verifier_set_tolerance(
    verifier: *mut callbot_verifier,
    max_age: u64,
    max_skew: u64,
    error: *mut *mut callbot_error,
) -> callbot_status {
    // SAFETY: conventions 3 and 4 of the header: handles and output pointers are valid, or NULL.
    unsafe {
        change(verifier, error, |verifier| {
            Ok(verifier.max_age(max_age).max_skew(max_skew))
        })
    }
}

/// Reads the headers that were received.
///
/// # Safety
///
/// `headers` as for [`text::array`], and each header's texts as for [`callbot_str::bytes`].
unsafe fn received<'a>(
    headers: *const callbot_header,
    header_count: usize,
) -> Result<ReceivedHeaders<'a>, Failure> {
    // SAFETY: the same contract.
    let headers: &'a [callbot_header] = unsafe { text::array(headers, header_count, "headers") }?;
    let mut pairs = Vec::with_capacity(headers.len());
    for header in headers {
        // SAFETY: the same contract.
        let name = unsafe { header.name.bytes("headers[].name") }?;
        // SAFETY: the same contract.
        let value = unsafe { header.value.bytes("headers[].value") }?;
        pairs.push((name, value));
    }
    Ok(ReceivedHeaders::from_pairs(pairs)?)
}

/// Proves that a callback came from the provider and is fresh.
///
/// headers are all that were received, or at least requestID, uuid, createTs and sign; names in any case. body is the raw
/// bytes as they were received: a body that was parsed and written anew has other bytes. now is the time in Unix seconds;
/// 0 means the system's time.
///
/// Returns CALLBOT_OK, and in *verified an object that the caller frees. Fails with the first of CALLBOT_HEADERS,
/// CALLBOT_OTHER_ALGORITHM, CALLBOT_UNKNOWN_UUID, CALLBOT_SIGNATURE_MISMATCH, CALLBOT_BODY_NOT_UTF8, CALLBOT_TOO_OLD and
/// CALLBOT_TOO_NEW that holds; with CALLBOT_CREATE_TS when now is negative or can only be milliseconds, CALLBOT_CLOCK, and
/// for wrong arguments. Answer whoever sent it with nothing but a refusal; the reason is for your own log.
///
/// Whoever saw a message can send it again while it is fresh: keep callbot_verified_uuid and callbot_verified_request_id
/// until a minute after callbot_verified_replay_expires_at, and refuse it the second time.
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
    // SAFETY: convention 4 of the header: an output pointer is NULL or may be written.
    let (verified, error) = unsafe { (Out::new(verified), Out::new(error)) };
    boundary::status(error, || {
        verified.needed("verified")?;
        // SAFETY: convention 3 of the header: a handle is valid, or NULL.
        let verifier = unsafe { pointer::get(verifier, "verifier") }?;
        // SAFETY: convention 2 of the header: a text points to len bytes, and so do an array's.
        let (headers, body) = unsafe { (received(headers, header_count)?, body.bytes("body")?) };
        let now = fresh::now(now)?;
        let proven = verifier.0.read()?.verify_callback(&headers, body, now)?;
        verified.write(Some(callbot_verified(proven.into_owned())));
        Ok(())
    })
}

/// Proves that a response came from the testing, is fresh, and answers this request.
///
/// Whether the provider signs its errors too is not published. An answer without signature headers, as a proxy's error
/// page is too, ends in CALLBOT_HEADERS with the code "header_missing". It proves nothing, and does not tell whether
/// the orders were taken.
///
/// The parameters and what is returned are as for callbot_verify_callback; and when all of that passed, it fails with
/// CALLBOT_OTHER_REQUEST when requestID, uuid or algorithm are not those of the request: the message tells which. The
/// requestID differs also where a callback is verified as a response.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_verify_response(
    verifier: *const callbot_verifier,
    request: *const callbot_request,
    headers: *const callbot_header,
    header_count: usize,
    body: callbot_str,
    now: i64,
    verified: *mut *mut callbot_verified,
    error: *mut *mut callbot_error,
) -> callbot_status {
    // SAFETY: convention 4 of the header: an output pointer is NULL or may be written.
    let (verified, error) = unsafe { (Out::new(verified), Out::new(error)) };
    boundary::status(error, || {
        verified.needed("verified")?;
        // SAFETY: convention 3 of the header: a handle is valid, or NULL.
        let (verifier, request) = unsafe {
            (
                pointer::get(verifier, "verifier")?,
                pointer::get(request, "request")?,
            )
        };
        // SAFETY: convention 2 of the header: a text points to len bytes, and so do an array's.
        let (headers, body) = unsafe { (received(headers, header_count)?, body.bytes("body")?) };
        let now = fresh::now(now)?;
        let verifier = verifier.0.read()?;
        let proven = verifier.verify_response(&request.0, &headers, body, now)?;
        verified.write(Some(callbot_verified(proven.into_owned())));
        Ok(())
    })
}

/// Reads something of a verified message; `or` for NULL.
///
/// # Safety
///
/// As [`pointer::get`].
unsafe fn read<R: Copy>(
    verified: *const callbot_verified,
    or: R,
    read: impl FnOnce(&Verified<'static>) -> R,
) -> R {
    boundary::value(or, || {
        // SAFETY: the same contract.
        unsafe { pointer::get(verified, "verified") }.map_or(or, |verified| read(&verified.0))
    })
}

/// The raw body that was verified. The empty text for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_verified_body(verified: *const callbot_verified) -> callbot_str {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe {
        read(verified, callbot_str::EMPTY, |v| {
            callbot_str::lend(v.body())
        })
    }
}

/// The account that the message is for. A request id is one account's: remember both against replays. The empty text for
/// NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_verified_uuid(verified: *const callbot_verified) -> callbot_str {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe {
        read(verified, callbot_str::EMPTY, |v| {
            callbot_str::lend(v.uuid().as_bytes())
        })
    }
}

/// The message's request id: what to remember against replays, together with the uuid. The empty text for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_verified_request_id(
    verified: *const callbot_verified,
) -> callbot_str {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe {
        read(verified, callbot_str::EMPTY, |v| {
            callbot_str::lend(v.request_id().as_bytes())
        })
    }
}

/// When the message was made, in Unix seconds. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_verified_create_ts(verified: *const callbot_verified) -> u64 {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe { read(verified, 0, |v| v.create_ts()) }
}

/// Until when the request id has to be remembered, in Unix seconds. Later the message is too old anyway. 0 for NULL.
///
/// That second is included, and a store that drops the id by its own clock may be ahead of the verifier's. So let it keep
/// the id for a margin longer: with Redis EXPIREAT at this and 60.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_verified_replay_expires_at(
    verified: *const callbot_verified,
) -> u64 {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe { read(verified, 0, |v| v.replay_expires_at()) }
}

/// Which signer matched: 0 for that of callbot_verifier_new, then those of callbot_verifier_add in their order. SIZE_MAX
/// for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_verified_signer_index(verified: *const callbot_verified) -> usize {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe { read(verified, usize::MAX, |v| v.credentials_index()) }
}

/// Frees a verified message. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_verified_free(verified: *mut callbot_verified) {
    // SAFETY: convention 3 of the header: a handle is freed once, or NULL.
    boundary::value((), || unsafe { pointer::free(verified) });
}

/// Frees a verifier, and wipes the secret keys in it. NULL is fine. What it verified lives on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_verifier_free(verifier: *mut callbot_verifier) {
    // SAFETY: convention 3 of the header: a handle is freed once, or NULL.
    boundary::value((), || unsafe { pointer::free(verifier) });
}
