//! The provider's side, for tests.

use callbot_core::testing::{self, SignedMessage};

use crate::abi::boundary::{accessor, free, produce};
use crate::abi::defaults;
use crate::abi::failure::callbot_error;
use crate::abi::pointer::{Handle, borrow_handle};
use crate::abi::string::{borrow_bytes, borrow_str, callbot_str, header_name, header_value};
use crate::request::callbot_request;
use crate::signer::callbot_signer;
use crate::status::callbot_status;

/// The headers of a message as the provider sends it, for testing your own code without the
/// provider.
///
/// Made by callbot_testing_sign_response and callbot_testing_sign_callback; freed by
/// callbot_testing_message_free.
pub struct callbot_testing_message(SignedMessage);

impl Handle for callbot_testing_message {}

/// Signs a body as the response to a request. A create_ts (Unix seconds) of 0 means now.
///
/// Returns CALLBOT_OK, and in *message an object that the caller frees. Fails with
/// CALLBOT_CREATE_TS and CALLBOT_CLOCK.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_testing_sign_response(
    signer: *const callbot_signer,
    request: *const callbot_request,
    create_ts: i64,
    body: callbot_str,
    message: *mut *mut callbot_testing_message,
    error: *mut *mut callbot_error,
) -> callbot_status {
    produce!(message, error, || {
        let signer = borrow_handle!(signer)?;
        let request = borrow_handle!(request)?;
        let body = borrow_bytes!(body)?;
        let create_ts = defaults::create_ts(create_ts)?;
        let message = testing::sign_response(&signer.0, &request.0, create_ts, body);
        Ok(callbot_testing_message(message))
    })
}

/// Signs a body as a callback. An empty request_id means a random one, and a create_ts (Unix
/// seconds) of 0 means now. The provider's own IDs can have more characters than request_id.
///
/// Returns CALLBOT_OK, and in *message an object that the caller frees. Fails with
/// CALLBOT_REQUEST_ID, CALLBOT_CREATE_TS, CALLBOT_NO_RANDOM and CALLBOT_CLOCK.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_testing_sign_callback(
    signer: *const callbot_signer,
    request_id: callbot_str,
    create_ts: i64,
    body: callbot_str,
    message: *mut *mut callbot_testing_message,
    error: *mut *mut callbot_error,
) -> callbot_status {
    produce!(message, error, || {
        let signer = borrow_handle!(signer)?;
        let request_id = borrow_str!(request_id)?;
        let body = borrow_bytes!(body)?;
        let request_id = defaults::request_id(request_id)?;
        let create_ts = defaults::create_ts(create_ts)?;
        let message = testing::sign_callback(&signer.0, &request_id, create_ts, body);
        Ok(callbot_testing_message(message))
    })
}

/// Returns the number of headers of the message.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_testing_message_header_count(
    message: *const callbot_testing_message,
) -> usize {
    accessor!(message, message.0.headers().len())
}

/// Returns the name of the header at index.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_testing_message_header_name(
    message: *const callbot_testing_message,
    index: usize,
) -> callbot_str {
    accessor!(message, header_name(&message.0.headers(), index))
}

/// Returns the value of the header at index.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_testing_message_header_value(
    message: *const callbot_testing_message,
    index: usize,
) -> callbot_str {
    accessor!(message, header_value(&message.0.headers(), index))
}

/// Frees a message.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_testing_message_free(message: *mut callbot_testing_message) {
    free!(message);
}
