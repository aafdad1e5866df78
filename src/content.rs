//! The content of what was verified.
//!
//! A response is few fields and is asked the same few questions by everybody: accessors. A callback is some sixty
//! fields, nested and mostly optional, of which each program wants others: as many accessors would be a poor JSON
//! reader, and C programs have a good one. They get it as canonical JSON, checked.

use std::sync::Arc;

use callbot_core::{
    AddBatchResponse, ContentKind, RefusedPhone, RequestPart, Retry, SignedRequest, Verified,
    VerifyError,
};

use crate::boundary;
use crate::error::{Failure, callbot_error};
use crate::pointer::{self, Handle, Out};
use crate::request::callbot_request;
use crate::status::callbot_status;
use crate::text::{callbot_str, callbot_string};
use crate::verifier::callbot_verified;

/// The response to a batch of orders.
pub const CALLBOT_CONTENT_RESPONSE: i32 = 0;
/// A call callback: what comes to callCallbackUrl.
pub const CALLBOT_CONTENT_CALL_CALLBACK: i32 = 1;
/// An order callback: what comes to orderCallbackUrl.
pub const CALLBOT_CONTENT_ORDER_CALLBACK: i32 = 2;
/// A task callback: what comes to taskCallbackUrl.
pub const CALLBOT_CONTENT_TASK_CALLBACK: i32 = 3;

/// The request succeeded: sending it again would dial the same people again.
pub const CALLBOT_RETRY_SUCCEEDED: i32 = 0;
/// The provider is busy (7), under maintenance (5), or refuses while a batch import is running (1001): trying again
/// later can help.
pub const CALLBOT_RETRY_LATER: i32 = 1;
/// The same request will fail again.
pub const CALLBOT_RETRY_NEVER: i32 = 2;
/// The API's pages do not say whether trying again can help, as for an internal server error (5001): the orders may
/// have been taken.
pub const CALLBOT_RETRY_UNKNOWN: i32 = 3;

/// What stands for a number that is not there.
const NOTHING: i64 = -1;

/// The provider's answer to a batch of orders.
///
/// Made by callbot_verified_response; free it with callbot_response_free. Its texts live as long as it does.
pub struct callbot_response {
    response: AddBatchResponse,
    /// For each of the response's `err_list`, the ids of the orders that it stands for.
    order_ids: Vec<Arc<[String]>>,
}

impl Handle for callbot_response {}

/// The content of a verified message as JSON: checked for the fields that the API requires, compact, its keys sorted,
/// callbackType always a number, which an int64_t holds. All fields are there, those that the API's pages do not have
/// too.
///
/// Numbers are written as they were sent. So is what cannot be written anew: a text that escapes half of a surrogate
/// pair, what is nested more than 100 levels deep, and an object among the fields that the pages do not have in which a
/// key stands twice. In these, blanks stay, and keys are not sorted. So let your JSON library refuse what it cannot
/// read, and do not take two such texts as different contents because their bytes differ.
///
/// content is one of the CALLBOT_CONTENT constants. Which callback it is tells only the URL that it came to: a call
/// callback can be read as an order callback too, and the signature covers no URL. So give each kind a URL of its own that
/// nobody can guess, and keep the kinds apart where ids are remembered against replays.
///
/// A callback is some sixty fields, nested and mostly optional, of which each program wants others: they are read with a
/// JSON library. A response is few fields, which callbot_verified_response reads.
///
/// Returns CALLBOT_OK, and in *json an object that the caller frees with callbot_string_free. Fails with CALLBOT_CONTENT
/// when the message was verified as a response and content is a callback, or the other way round; when the body is not
/// one JSON object and nothing else; and when it has a key twice, lacks a required field, or has one of another type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_verified_json(
    verified: *const callbot_verified,
    content: i32,
    json: *mut *mut callbot_string,
    error: *mut *mut callbot_error,
) -> callbot_status {
    // SAFETY: convention 4 of the header: an output pointer is NULL or may be written.
    let (json, error) = unsafe { (Out::new(json), Out::new(error)) };
    boundary::status(error, || {
        json.needed("json")?;
        // SAFETY: convention 3 of the header: a handle is valid, or NULL.
        let verified = unsafe { pointer::get(verified, "verified") }?;
        let kind = match content {
            CALLBOT_CONTENT_RESPONSE => ContentKind::Response,
            CALLBOT_CONTENT_CALL_CALLBACK => ContentKind::CallCallback,
            CALLBOT_CONTENT_ORDER_CALLBACK => ContentKind::OrderCallback,
            CALLBOT_CONTENT_TASK_CALLBACK => ContentKind::TaskCallback,
            other => return Err(Failure::unknown_constant("content", other)),
        };
        let text = verified.0.canonical_json(kind)?;
        json.write(Some(callbot_string(text.into_bytes())));
        Ok(())
    })
}

/// Reads a verified message as the response to a batch of orders, which everybody asks the same few questions: they have
/// functions of their own. For the fields that the API's page does not have there is callbot_verified_json.
///
/// request is the request that it was verified with, by which the refused phone numbers are traced to their orders; NULL
/// leaves that out. The same request that was built anew, with the same id, is fine too.
///
/// Returns CALLBOT_OK, and in *response an object that the caller frees. Fails with CALLBOT_CONTENT as
/// callbot_verified_json does, and with CALLBOT_OTHER_REQUEST when request has another id or is another account's: the
/// message tells which.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_verified_response(
    verified: *const callbot_verified,
    request: *const callbot_request,
    response: *mut *mut callbot_response,
    error: *mut *mut callbot_error,
) -> callbot_status {
    // SAFETY: convention 4 of the header: an output pointer is NULL or may be written.
    let (response, error) = unsafe { (Out::new(response), Out::new(error)) };
    boundary::status(error, || {
        response.needed("response")?;
        // SAFETY: convention 3 of the header: a handle is valid, or NULL.
        let verified = unsafe { pointer::get(verified, "verified") }?;
        // SAFETY: the same.
        let request = unsafe { request.as_ref() };
        let content = verified.0.response()?;
        if let Some(differs) = request.and_then(|request| difference(&request.0, &verified.0)) {
            return Err(VerifyError::OtherRequest { differs }.into());
        }
        let order_ids = request.map_or_else(Vec::new, |request| {
            let refused = content.refused_orders(&request.0);
            refused
                .into_iter()
                .map(|refused| refused.order_ids)
                .collect()
        });
        response.write(Some(callbot_response {
            response: content,
            order_ids,
        }));
        Ok(())
    })
}

/// In what a response that was verified differs from the one to this request.
fn difference(request: &SignedRequest, response: &Verified<'_>) -> Option<RequestPart> {
    if request.request_id().as_str() != response.request_id() {
        Some(RequestPart::RequestId)
    } else if request.uuid() != response.uuid() {
        Some(RequestPart::Uuid)
    } else {
        None
    }
}

/// Reads something of a response; `or` for NULL.
///
/// # Safety
///
/// As [`pointer::get`].
unsafe fn read<R: Copy>(
    response: *const callbot_response,
    or: R,
    read: impl FnOnce(&callbot_response) -> R,
) -> R {
    boundary::value(or, || {
        // SAFETY: the same contract.
        unsafe { pointer::get(response, "response") }.map_or(or, read)
    })
}

/// Lends a text of one of the refused phone numbers.
fn lend_of_error(
    response: &callbot_response,
    index: usize,
    text: impl FnOnce(&RefusedPhone) -> &str,
) -> callbot_str {
    let refused = response.response.err_list.get(index);
    callbot_str::lend_if(refused.map(text))
}

/// retCode: 0 for success, every other number is a failure. It is any JSON integer that an int64_t holds; one that is
/// not is CALLBOT_CONTENT when the response is read. -1 for NULL, and for a provider that sends -1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_response_ret_code(response: *const callbot_response) -> i64 {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe { read(response, NOTHING, |r| r.response.ret_code.0) }
}

/// What the API's pages say that retCode means. The empty text for a code that they do not have, and for NULL.
///
/// Returns a text that lives as long as the program.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_response_ret_meaning(
    response: *const callbot_response,
) -> callbot_str {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe {
        read(response, callbot_str::EMPTY, |r| {
            let meaning = r.response.ret_code.meaning();
            callbot_str::lend_if(meaning)
        })
    }
}

/// Whether trying again, with a new request id and time, can help: one of the CALLBOT_RETRY constants.
/// CALLBOT_RETRY_UNKNOWN for NULL.
///
/// That it can help does not make it harmless: see callbot_request_sign_again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_response_retry(response: *const callbot_response) -> i32 {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe {
        read(response, CALLBOT_RETRY_UNKNOWN, |r| {
            match r.response.ret_code.retry() {
                Retry::Succeeded => CALLBOT_RETRY_SUCCEEDED,
                Retry::Later => CALLBOT_RETRY_LATER,
                Retry::Never => CALLBOT_RETRY_NEVER,
                // Retry::Unknown, and what a later core may tell besides.
                _ => CALLBOT_RETRY_UNKNOWN,
            }
        })
    }
}

/// retMsg: the provider's message. The empty text for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_response_ret_msg(
    response: *const callbot_response,
) -> callbot_str {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe {
        read(response, callbot_str::EMPTY, |r| {
            callbot_str::lend(r.response.ret_msg.as_bytes())
        })
    }
}

/// responseID: the provider's id for tracing. The empty text for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_response_id(response: *const callbot_response) -> callbot_str {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe {
        read(response, callbot_str::EMPTY, |r| {
            callbot_str::lend(r.response.response_id.as_bytes())
        })
    }
}

/// totalCount: orders received. -1 where a failure leaves it out, and for NULL; a provider that sends -1 cannot be told
/// from that.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_response_total_count(response: *const callbot_response) -> i64 {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe {
        read(response, NOTHING, |r| {
            r.response.total_count.unwrap_or(NOTHING)
        })
    }
}

/// successCount: orders accepted. -1 as for callbot_response_total_count.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_response_success_count(response: *const callbot_response) -> i64 {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe {
        read(response, NOTHING, |r| {
            r.response.success_count.unwrap_or(NOTHING)
        })
    }
}

/// How many phone numbers were refused (errList). 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_response_error_count(response: *const callbot_response) -> usize {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe { read(response, 0, |r| r.response.err_list.len()) }
}

/// The refused phone number at index. The empty text for NULL or an index that is too large.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_response_error_phone(
    response: *const callbot_response,
    index: usize,
) -> callbot_str {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe {
        read(response, callbot_str::EMPTY, |r| {
            lend_of_error(r, index, |refused| &refused.phone)
        })
    }
}

/// Why the phone number at index was refused. The empty text for NULL or an index that is too large.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_response_error_message(
    response: *const callbot_response,
    index: usize,
) -> callbot_str {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe {
        read(response, callbot_str::EMPTY, |r| {
            lend_of_error(r, index, |refused| &refused.err_msg)
        })
    }
}

/// How many orders of the request have the refused phone number at index: the provider names the phone only, so that of
/// two orders with one phone it cannot be told which was refused. 0 where no request was given, for NULL, and for an
/// index that is too large.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_response_error_order_count(
    response: *const callbot_response,
    index: usize,
) -> usize {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe {
        read(response, 0, |r| {
            r.order_ids.get(index).map_or(0, |ids| ids.len())
        })
    }
}

/// The orderID of one of the orders that have the refused phone number at index. The empty text for NULL or a number that
/// is too large.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_response_error_order_id(
    response: *const callbot_response,
    index: usize,
    order: usize,
) -> callbot_str {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe {
        read(response, callbot_str::EMPTY, |r| {
            let id = r.order_ids.get(index).and_then(|ids| ids.get(order));
            callbot_str::lend_if(id.map(String::as_str))
        })
    }
}

/// Frees a response. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_response_free(response: *mut callbot_response) {
    // SAFETY: convention 3 of the header: a handle is freed once, or NULL.
    boundary::value((), || unsafe { pointer::free(response) });
}
