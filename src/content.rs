//! The content of verified messages.
//!
//! A response has few fields, which every program asks for: it has accessors. A callback has some
//! sixty, nested and mostly optional, and each program needs others. As C programs have good JSON
//! libraries, they get it as validated, canonical JSON.

use std::sync::Arc;

use callbot_core::{
    AddBatchResponse, ContentKind, RefusedPhone, RequestPart, Retry, SignedRequest, Verified,
    VerifyError,
};

use crate::abi::boundary::{accessor, free, produce};
use crate::abi::failure::{Failure, callbot_error};
use crate::abi::pointer::{Handle, borrow_handle};
use crate::abi::string::{callbot_str, callbot_string};
use crate::request::callbot_request;
use crate::status::callbot_status;
use crate::verifier::callbot_verified;

/// The response to a batch of orders.
pub const CALLBOT_CONTENT_RESPONSE: i32 = 0;
/// A call callback, which is sent to callCallbackUrl.
pub const CALLBOT_CONTENT_CALL_CALLBACK: i32 = 1;
/// An order callback, which is sent to orderCallbackUrl.
pub const CALLBOT_CONTENT_ORDER_CALLBACK: i32 = 2;
/// A task callback, which is sent to taskCallbackUrl.
pub const CALLBOT_CONTENT_TASK_CALLBACK: i32 = 3;

/// The request succeeded: sending it again would call the same people again.
pub const CALLBOT_RETRY_SUCCEEDED: i32 = 0;
/// A retry can succeed later: the provider is busy (7), under maintenance (5), or importing a batch
/// (1001).
pub const CALLBOT_RETRY_LATER: i32 = 1;
/// The same request will fail again.
pub const CALLBOT_RETRY_NEVER: i32 = 2;
/// Not documented, as for an internal server error (5001): the orders may have been accepted.
pub const CALLBOT_RETRY_UNKNOWN: i32 = 3;

/// Stands for a number that is absent.
const ABSENT: i64 = -1;

/// The provider's response to a batch of orders.
///
/// Made by callbot_verified_response; freed by callbot_response_free.
pub struct callbot_response {
    response: AddBatchResponse,
    errors: Vec<RefusedPhone>,
    /// For each element of `err_list`, the IDs of the orders with that phone number.
    order_ids: Vec<Arc<[String]>>,
}

impl Handle for callbot_response {}

impl callbot_response {
    fn error(&self, index: usize) -> Option<&RefusedPhone> {
        self.errors.get(index)
    }
}

/// Returns the content of a verified message as JSON, with the fields that the API requires
/// validated. The JSON is compact, its keys are sorted, and callbackType is always a number that
/// fits an int64_t. All fields are kept, also undocumented ones.
///
/// A lone surrogate escape becomes U+FFFD. Numbers are written as they were sent. So is what cannot
/// be normalised: values nested more than 100 levels deep, and an undocumented object with a
/// duplicate key. Whitespace and key order stay as they were there. So let your JSON library refuse
/// what it cannot read, and do not compare such content by its bytes.
///
/// content is a CALLBOT_CONTENT constant. Only the URL that a callback was sent to tells its kind:
/// a call callback can be read as an order callback too, and the signature does not cover the URL.
/// So give each kind a URL of its own that nobody can guess, and store the IDs against replays for
/// each kind separately.
///
/// Returns CALLBOT_OK, and in *json an object that the caller frees with callbot_string_free. Fails
/// with CALLBOT_CONTENT if the message was verified as a response and content is a callback, or the
/// other way round; if the body is not one JSON object; and if it has a duplicate key, lacks a
/// required field, or has one of another type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_verified_json(
    verified: *const callbot_verified,
    content: i32,
    json: *mut *mut callbot_string,
    error: *mut *mut callbot_error,
) -> callbot_status {
    produce!(json, error, || {
        let verified = borrow_handle!(verified)?;
        let kind = match content {
            CALLBOT_CONTENT_RESPONSE => ContentKind::Response,
            CALLBOT_CONTENT_CALL_CALLBACK => ContentKind::CallCallback,
            CALLBOT_CONTENT_ORDER_CALLBACK => ContentKind::OrderCallback,
            CALLBOT_CONTENT_TASK_CALLBACK => ContentKind::TaskCallback,
            other => return Err(Failure::unknown_constant("content", other)),
        };
        let document = verified.0.document(kind)?;
        Ok(callbot_string::new(document.root().json()))
    })
}

/// Reads a verified message as the response to a batch of orders. For undocumented fields, use
/// callbot_verified_json.
///
/// request is the request that the message was verified with, or an equal one that was built again
/// with the same ID. It maps the refused phone numbers to orders; NULL omits that.
///
/// Returns CALLBOT_OK, and in *response an object that the caller frees. Fails with CALLBOT_CONTENT
/// as callbot_verified_json does, and with CALLBOT_OTHER_REQUEST if request has another ID or
/// account; the message tells which differs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_verified_response(
    verified: *const callbot_verified,
    request: *const callbot_request,
    response: *mut *mut callbot_response,
    error: *mut *mut callbot_error,
) -> callbot_status {
    produce!(response, error, || {
        let verified = borrow_handle!(verified)?;
        // SAFETY: convention 3 of the header: a handle is valid, or NULL, which is allowed here.
        let request = unsafe { request.as_ref() };
        let response = verified.0.response()?;
        if let Some(differs) = request.and_then(|request| difference(&request.0, &verified.0)) {
            return Err(VerifyError::OtherRequest { differs }.into());
        }
        let order_ids = request.map_or_else(Vec::new, |request| {
            let refused = response.refused_orders(&request.0);
            let order_ids = refused.into_iter().map(|refused| refused.order_ids);
            order_ids.collect()
        });
        Ok(callbot_response {
            errors: response.err_list.iter().collect(),
            response,
            order_ids,
        })
    })
}

/// Which part of the request a verified response does not match.
fn difference(request: &SignedRequest, response: &Verified<'_>) -> Option<RequestPart> {
    if request.request_id().as_str() != response.request_id() {
        Some(RequestPart::RequestId)
    } else if request.uuid() != response.uuid() {
        Some(RequestPart::Uuid)
    } else {
        None
    }
}

/// Returns retCode: 0 for success, any other number is a failure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_response_ret_code(response: *const callbot_response) -> i64 {
    accessor!(response, ABSENT, response.response.ret_code.0)
}

/// Returns the documented meaning of retCode; empty for an undocumented one. The string lives as
/// long as the program.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_response_ret_meaning(
    response: *const callbot_response,
) -> callbot_str {
    accessor!(response, {
        let meaning = response.response.ret_code.meaning();
        callbot_str::borrow_or_empty(meaning)
    })
}

/// Returns whether a retry, with a new request ID and time, can succeed: a CALLBOT_RETRY constant.
/// CALLBOT_RETRY_UNKNOWN for NULL. A retry that can succeed is not harmless: see
/// callbot_request_sign_again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_response_retry(response: *const callbot_response) -> i32 {
    accessor!(
        response,
        CALLBOT_RETRY_UNKNOWN,
        match response.response.ret_code.retry() {
            Retry::Succeeded => CALLBOT_RETRY_SUCCEEDED,
            Retry::Later => CALLBOT_RETRY_LATER,
            Retry::Never => CALLBOT_RETRY_NEVER,
            // Retry::Unknown, and variants that a later core adds.
            _ => CALLBOT_RETRY_UNKNOWN,
        }
    )
}

/// Returns retMsg: the provider's message.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_response_ret_msg(
    response: *const callbot_response,
) -> callbot_str {
    accessor!(
        response,
        callbot_str::borrow_or_empty(response.response.ret_msg.as_deref())
    )
}

/// Returns responseID: the provider's ID for tracing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_response_id(response: *const callbot_response) -> callbot_str {
    accessor!(
        response,
        callbot_str::borrow_or_empty(response.response.response_id.as_deref())
    )
}

/// Returns totalCount: the number of orders received.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_response_total_count(response: *const callbot_response) -> i64 {
    accessor!(
        response,
        ABSENT,
        response.response.total_count.unwrap_or(ABSENT)
    )
}

/// Returns successCount: the number of orders accepted.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_response_success_count(response: *const callbot_response) -> i64 {
    accessor!(
        response,
        ABSENT,
        response.response.success_count.unwrap_or(ABSENT)
    )
}

/// Returns the number of refused phone numbers (errList).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_response_error_count(response: *const callbot_response) -> usize {
    accessor!(response, response.response.err_list.len())
}

/// Returns the refused phone number at index.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_response_error_phone(
    response: *const callbot_response,
    index: usize,
) -> callbot_str {
    accessor!(response, {
        let refused = response.error(index);
        callbot_str::borrow_or_empty(refused.and_then(|refused| refused.phone.as_deref()))
    })
}

/// Returns the reason for the refused phone number at index.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_response_error_message(
    response: *const callbot_response,
    index: usize,
) -> callbot_str {
    accessor!(response, {
        let refused = response.error(index);
        callbot_str::borrow_or_empty(refused.and_then(|refused| refused.err_msg.as_deref()))
    })
}

/// Returns the number of orders with the refused phone number at index. The provider names only the
/// number, so it is not known which of several orders with it was refused. 0 if no request was
/// passed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_response_error_order_count(
    response: *const callbot_response,
    index: usize,
) -> usize {
    accessor!(
        response,
        response.order_ids.get(index).map_or(0, |ids| ids.len())
    )
}

/// Returns the orderID of one of the orders with the refused phone number at index.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_response_error_order_id(
    response: *const callbot_response,
    index: usize,
    order: usize,
) -> callbot_str {
    accessor!(response, {
        let ids = response.order_ids.get(index);
        let id = ids.and_then(|ids| ids.get(order));
        callbot_str::borrow_or_empty(id.map(String::as_str))
    })
}

/// Frees a response.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_response_free(response: *mut callbot_response) {
    free!(response);
}
