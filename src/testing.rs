//! The provider's side, for tests.

use callbot_core::testing::{self, SignedMessage};

use crate::boundary;
use crate::error::callbot_error;
use crate::fresh;
use crate::pointer::{self, Handle, Out};
use crate::request::callbot_request;
use crate::signer::callbot_signer;
use crate::status::callbot_status;
use crate::text::callbot_str;

/// The headers of a message as the provider would send it, for testing your own endpoint without the provider.
///
/// Made by callbot_testing_sign_response and callbot_testing_sign_callback; free it with callbot_testing_message_free.
/// Its texts live as long as it does.
pub struct callbot_testing_message(SignedMessage);

impl Handle for callbot_testing_message {}

/// Signs a body as the response to a request. create_ts is in Unix seconds; 0 means now.
///
/// Returns CALLBOT_OK, and in *message an object that the caller frees. Fails with CALLBOT_CREATE_TS, and for wrong
/// arguments.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_testing_sign_response(
    signer: *const callbot_signer,
    request: *const callbot_request,
    create_ts: i64,
    body: callbot_str,
    message: *mut *mut callbot_testing_message,
    error: *mut *mut callbot_error,
) -> callbot_status {
    // SAFETY: convention 4 of the header: an output pointer is NULL or may be written.
    let (message, error) = unsafe { (Out::new(message), Out::new(error)) };
    boundary::status(error, || {
        message.needed("message")?;
        // SAFETY: convention 3 of the header: a handle is valid, or NULL.
        let (signer, request) = unsafe {
            (
                pointer::get(signer, "signer")?,
                pointer::get(request, "request")?,
            )
        };
        // SAFETY: convention 2 of the header: a text points to len bytes.
        let body = unsafe { body.bytes("body") }?;
        let create_ts = fresh::create_ts(create_ts)?;
        let made = testing::sign_response(&signer.0, &request.0, create_ts, body);
        message.write(Some(callbot_testing_message(made)));
        Ok(())
    })
}

/// Signs a body as a callback. An empty request_id means a fresh random one; create_ts is in Unix seconds, and 0 means
/// now. The provider's own ids may hold more characters than request_id may.
///
/// Returns CALLBOT_OK, and in *message an object that the caller frees. Fails with CALLBOT_REQUEST_ID, CALLBOT_CREATE_TS,
/// and for wrong arguments.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_testing_sign_callback(
    signer: *const callbot_signer,
    request_id: callbot_str,
    create_ts: i64,
    body: callbot_str,
    message: *mut *mut callbot_testing_message,
    error: *mut *mut callbot_error,
) -> callbot_status {
    // SAFETY: convention 4 of the header: an output pointer is NULL or may be written.
    let (message, error) = unsafe { (Out::new(message), Out::new(error)) };
    boundary::status(error, || {
        message.needed("message")?;
        // SAFETY: convention 3 of the header: a handle is valid, or NULL.
        let signer = unsafe { pointer::get(signer, "signer") }?;
        // SAFETY: convention 2 of the header: a text points to len bytes.
        let (request_id, body) = unsafe { (request_id.text("request_id")?, body.bytes("body")?) };
        let request_id = fresh::request_id(request_id)?;
        let create_ts = fresh::create_ts(create_ts)?;
        let made = testing::sign_callback(&signer.0, &request_id, create_ts, body);
        message.write(Some(callbot_testing_message(made)));
        Ok(())
    })
}

/// Reads a header of a message, or its place among them.
///
/// # Safety
///
/// As [`pointer::get`].
unsafe fn read<R: Copy>(
    message: *const callbot_testing_message,
    or: R,
    read: impl FnOnce(&SignedMessage) -> R,
) -> R {
    boundary::value(or, || {
        // SAFETY: the same contract.
        unsafe { pointer::get(message, "message") }.map_or(or, |message| read(&message.0))
    })
}

/// How many headers the message has. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_testing_message_header_count(
    message: *const callbot_testing_message,
) -> usize {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe { read(message, 0, |m| m.headers().len()) }
}

/// The name of the header at index. The empty text for NULL or an index that is too large.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_testing_message_header_name(
    message: *const callbot_testing_message,
    index: usize,
) -> callbot_str {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe {
        read(message, callbot_str::EMPTY, |m| {
            let header = m.headers().get(index).copied();
            callbot_str::lend_if(header.map(|(name, _)| name))
        })
    }
}

/// The value of the header at index. The empty text for NULL or an index that is too large.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_testing_message_header_value(
    message: *const callbot_testing_message,
    index: usize,
) -> callbot_str {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe {
        read(message, callbot_str::EMPTY, |m| {
            let header = m.headers().get(index).copied();
            callbot_str::lend_if(header.map(|(_, value)| value))
        })
    }
}

/// Frees a message. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_testing_message_free(message: *mut callbot_testing_message) {
    // SAFETY: convention 3 of the header: a handle is freed once, or NULL.
    boundary::value((), || unsafe { pointer::free(message) });
}
