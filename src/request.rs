//! One finished request out.

use callbot_core::SignedRequest;

use crate::batch::callbot_batch;
use crate::boundary;
use crate::error::callbot_error;
use crate::fresh;
use crate::pointer::{self, Handle, Out};
use crate::signer::callbot_signer;
use crate::status::callbot_status;
use crate::text::callbot_str;

/// One finished, signed HTTP request: send exactly this body with exactly these headers.
///
/// Made by callbot_build_batch or callbot_request_sign_again; free it with callbot_request_free. It never changes, so that
/// any number of threads may read it at once, and it lives on when the signer and the batch that it came from are changed
/// or freed. Its texts live as long as it does.
pub struct callbot_request(pub(crate) SignedRequest);

impl Handle for callbot_request {}

/// Builds the request that puts a batch's orders into their task: POST /callcentre/api/v3/addBatchCall.
///
/// An empty request_id means a fresh random one, and a create_ts of 0 means now; both can be read back from the request's
/// headers. create_ts is in Unix seconds. The batch may be used again afterwards. Its body is not copied for that; it is when
/// the batch changes, or is about to, while the request lives.
///
/// Returns CALLBOT_OK, and in *request an object that the caller frees. Fails with CALLBOT_EMPTY_BATCH,
/// CALLBOT_REQUEST_ID, CALLBOT_CREATE_TS, CALLBOT_NO_RANDOM, CALLBOT_CLOCK, and for wrong arguments. May be called from
/// several threads with one signer and one batch.
///
/// Example:
///
///     callbot_request *request;
///     callbot_status status = callbot_build_batch(signer, batch, CALLBOT_STR(""), 0, &request, NULL);
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_build_batch(
    signer: *const callbot_signer,
    batch: *const callbot_batch,
    request_id: callbot_str,
    create_ts: i64,
    request: *mut *mut callbot_request,
    error: *mut *mut callbot_error,
) -> callbot_status {
    // SAFETY: convention 4 of the header: an output pointer is NULL or may be written.
    let (request, error) = unsafe { (Out::new(request), Out::new(error)) };
    boundary::status(error, || {
        request.needed("request")?;
        // SAFETY: convention 3 of the header: a handle is valid, or NULL.
        let (signer, batch) = unsafe {
            (
                pointer::get(signer, "signer")?,
                pointer::get(batch, "batch")?,
            )
        };
        // SAFETY: convention 2 of the header: a text points to len bytes.
        let request_id = fresh::request_id(unsafe { request_id.text("request_id") }?)?;
        let create_ts = fresh::create_ts(create_ts)?;
        let built = batch.0.read()?.sign(&signer.0, request_id, create_ts)?;
        request.write(Some(callbot_request(built)));
        Ok(())
    })
}

/// Signs the body of a request again, for a retry: the provider wants a new request id for each try. The body is not
/// copied, and the first request stays as it is.
///
/// Where an answer was lost, or was an internal error (5001), the provider may have taken the orders already. What it
/// does with an orderID that comes a second time is not published: it may call the same people twice.
///
/// request_id, create_ts and what is returned are as for callbot_build_batch, in *again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_request_sign_again(
    request: *const callbot_request,
    signer: *const callbot_signer,
    request_id: callbot_str,
    create_ts: i64,
    again: *mut *mut callbot_request,
    error: *mut *mut callbot_error,
) -> callbot_status {
    // SAFETY: convention 4 of the header: an output pointer is NULL or may be written.
    let (again, error) = unsafe { (Out::new(again), Out::new(error)) };
    boundary::status(error, || {
        again.needed("again")?;
        // SAFETY: convention 3 of the header: a handle is valid, or NULL.
        let (request, signer) = unsafe {
            (
                pointer::get(request, "request")?,
                pointer::get(signer, "signer")?,
            )
        };
        // SAFETY: convention 2 of the header: a text points to len bytes.
        let request_id = fresh::request_id(unsafe { request_id.text("request_id") }?)?;
        let create_ts = fresh::create_ts(create_ts)?;
        let built = request.0.sign_again(&signer.0, request_id, create_ts);
        again.write(Some(callbot_request(built)));
        Ok(())
    })
}

/// Reads something of a request; `or` for NULL.
///
/// # Safety
///
/// As [`pointer::get`].
unsafe fn read<R: Copy>(
    request: *const callbot_request,
    or: R,
    read: impl FnOnce(&SignedRequest) -> R,
) -> R {
    boundary::value(or, || {
        // SAFETY: the same contract.
        unsafe { pointer::get(request, "request") }.map_or(or, |request| read(&request.0))
    })
}

/// The HTTP method: "POST". The empty text for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_request_method(request: *const callbot_request) -> callbot_str {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe {
        read(request, callbot_str::EMPTY, |r| {
            callbot_str::lend(r.method().as_bytes())
        })
    }
}

/// The path below the provider's base URL. The empty text for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_request_path(request: *const callbot_request) -> callbot_str {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe {
        read(request, callbot_str::EMPTY, |r| {
            callbot_str::lend(r.path().as_bytes())
        })
    }
}

/// The bytes to send. They are signed: do not parse and write them again on the way. The empty text for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_request_body(request: *const callbot_request) -> callbot_str {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe { read(request, callbot_str::EMPTY, |r| callbot_str::lend(r.body())) }
}

/// How many headers there are to send. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_request_header_count(request: *const callbot_request) -> usize {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe { read(request, 0, |r| r.headers().len()) }
}

/// The name of the header at index. The empty text for NULL or an index that is too large.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_request_header_name(
    request: *const callbot_request,
    index: usize,
) -> callbot_str {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe {
        read(request, callbot_str::EMPTY, |r| {
            let header = r.headers().get(index).copied();
            callbot_str::lend_if(header.map(|(name, _)| name))
        })
    }
}

/// The value of the header at index: ASCII without controls. The empty text for NULL or an index that is too large.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_request_header_value(
    request: *const callbot_request,
    index: usize,
) -> callbot_str {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe {
        read(request, callbot_str::EMPTY, |r| {
            let header = r.headers().get(index).copied();
            callbot_str::lend_if(header.map(|(_, value)| value))
        })
    }
}

/// Frees a request. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_request_free(request: *mut callbot_request) {
    // SAFETY: convention 3 of the header: a handle is freed once, or NULL.
    boundary::value((), || unsafe { pointer::free(request) });
}
