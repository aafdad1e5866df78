//! The content of verified messages, value by value.

use std::sync::OnceLock;

use callbot_core::{ContentKind, Deviations, Document, JsonType, Value};

use crate::abi::boundary::{self, accessor, free, produce};
use crate::abi::failure::{Failure, callbot_error};
use crate::abi::memory::{self, Watch};
use crate::abi::pointer::{Handle, borrow_handle};
use crate::abi::string::{borrow_str, callbot_str};
use crate::status::{
    CALLBOT_ABSENT, CALLBOT_JSON_POINTER, CALLBOT_OK, CALLBOT_PANIC, CALLBOT_WRONG_TYPE,
    callbot_status,
};
use crate::verified::callbot_verified;

/// The response to the request that the message was verified with.
pub const CALLBOT_CONTENT_RESPONSE: i32 = 0;
/// A call callback, which is sent to callCallbackUrl.
pub const CALLBOT_CONTENT_CALL_CALLBACK: i32 = 1;
/// An order callback, which is sent to orderCallbackUrl.
pub const CALLBOT_CONTENT_ORDER_CALLBACK: i32 = 2;
/// A task callback, which is sent to taskCallbackUrl.
pub const CALLBOT_CONTENT_TASK_CALLBACK: i32 = 3;

/// The content of a verified message: a JSON object with the fields that make it what it is.
///
/// Made by callbot_content_new; freed by callbot_content_free. It never changes, so several threads
/// may read it at once, and it stays valid when the verified message is freed.
pub struct callbot_content {
    document: Document,
    /// Made on first use.
    deviations: OnceLock<Vec<String>>,
}

impl Handle for callbot_content {}

impl callbot_content {
    pub(crate) const fn document(&self) -> &Document {
        &self.document
    }

    /// `None` if an allocation fails; they are then made by a later call.
    fn listed_deviations(&self) -> Option<&[String]> {
        if let Some(listed) = self.deviations.get() {
            return Some(listed);
        }
        let watch = Watch::new();
        let deviations = self.document.deviations();
        let mut listed = Vec::new();
        if deviations.iter().len() < deviations.count().min(Deviations::MAX_LISTED) {
            return None;
        }
        listed.try_reserve_exact(deviations.iter().len()).ok()?;
        for deviation in &deviations {
            listed.push(memory::try_to_string(deviation).ok()?);
        }
        (!watch.is_short()).then(|| &**self.deviations.get_or_init(|| listed))
    }
}

fn kind_of(constant: i32) -> Result<ContentKind, Failure> {
    match constant {
        CALLBOT_CONTENT_RESPONSE => Ok(ContentKind::Response),
        CALLBOT_CONTENT_CALL_CALLBACK => Ok(ContentKind::CallCallback),
        CALLBOT_CONTENT_ORDER_CALLBACK => Ok(ContentKind::OrderCallback),
        CALLBOT_CONTENT_TASK_CALLBACK => Ok(ContentKind::TaskCallback),
        other => Err(Failure::unknown_constant("kind", other)),
    }
}

/// Reads the content of a verified message. The body is parsed once, however often it is asked for.
///
/// kind is a CALLBOT_CONTENT constant. CALLBOT_CONTENT_RESPONSE is the answer to the endpoint of
/// the request that the message was verified with; for any other path it is an object with a
/// retCode. Only the URL that a callback was sent to tells its kind: a call callback can be read as
/// an order callback too, and the signature does not cover the URL. So give each kind a URL of its
/// own that nobody can guess, and store the IDs against replays for each kind separately.
///
/// Returns CALLBOT_OK, and in *content an object that the caller frees. Fails with CALLBOT_CONTENT
/// if the message was verified as a response and is read as a callback, or the other way round; if
/// the body is not one JSON object; if an object in it has a duplicate key; and if it lacks an
/// essential field, or has it with another type: callbackType and orderID of a call or order
/// callback; callbackType, taskStatus or taskStat, and userTaskID or taskID of a task callback;
/// retCode of a response, which ping calls code. Anything else is read.
///
/// Example:
///
///     callbot_content *content;
///     int64_t status;
///     if (callbot_content_new(verified, CALLBOT_CONTENT_CALL_CALLBACK, &content, &error) ==
///             CALLBOT_OK &&
///         callbot_content_integer(content, CALLBOT_STR("/callInfoDetail/callStatus"), &status) ==
///             CALLBOT_OK) {
///         ...
///     }
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_content_new(
    verified: *const callbot_verified,
    kind: i32,
    content: *mut *mut callbot_content,
    error: *mut *mut callbot_error,
) -> callbot_status {
    produce!(content, error, || {
        let verified = borrow_handle!(verified)?;
        let document = verified.document(kind_of(kind)?)?;
        Ok(callbot_content {
            document: document.clone(),
            deviations: OnceLock::new(),
        })
    })
}

/// The arguments of a function that reads a value: two `Result`s, whose error is a status.
macro_rules! arguments {
    ($content:ident, $pointer:ident) => {
        (
            borrow_handle!($content).map_err(|failure| failure.status()),
            borrow_str!($pointer).map_err(|failure| failure.status()),
        )
    };
}

/// Reads the value at a JSON Pointer, and writes it to `out` if it is not null.
///
/// # Safety
///
/// `out` is NULL, or can be written.
#[inline]
unsafe fn look_up<'c, T>(
    content: Result<&'c callbot_content, callbot_status>,
    pointer: Result<&str, callbot_status>,
    out: *mut T,
    name: &'static str,
    read: impl FnOnce(Value<'c>) -> Result<T, callbot_status>,
) -> callbot_status {
    let (content, pointer) = match (content, pointer) {
        (Ok(_), Ok(_)) if out.is_null() => return Failure::null_pointer(name).status(),
        (Ok(content), Ok(pointer)) => (content, pointer),
        (Err(status), _) | (_, Err(status)) => return status,
    };
    let Ok(value) = content.document.get(pointer) else {
        return CALLBOT_JSON_POINTER;
    };
    let read = match value.filter(|value| !value.is_null()) {
        Some(value) => read(value),
        None => Err(CALLBOT_ABSENT),
    };
    match read {
        Ok(read) => {
            // SAFETY: the pointer is not NULL, and the rest is the contract.
            unsafe { out.write(read) };
            CALLBOT_OK
        }
        Err(status) => status,
    }
}

/// Reads a string, with its escapes resolved. Half of a surrogate pair is U+FFFD.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_content_string(
    content: *const callbot_content,
    pointer: callbot_str,
    string: *mut callbot_str,
) -> callbot_status {
    boundary::value(CALLBOT_PANIC, || {
        let (content, pointer) = arguments!(content, pointer);
        // SAFETY: convention 4 of the header: an output pointer is NULL, or can be written.
        unsafe {
            look_up(content, pointer, string, "string", |value| {
                value
                    .as_str()
                    .map(callbot_str::borrow)
                    .ok_or(CALLBOT_WRONG_TYPE)
            })
        }
    })
}

/// Reads an integer: a number that an int64_t holds, or a string of its plain digits. 1.0 and 1e3
/// are integers; 1.5 has the wrong type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_content_integer(
    content: *const callbot_content,
    pointer: callbot_str,
    integer: *mut i64,
) -> callbot_status {
    boundary::value(CALLBOT_PANIC, || {
        let (content, pointer) = arguments!(content, pointer);
        // SAFETY: convention 4 of the header: an output pointer is NULL, or can be written.
        unsafe {
            look_up(content, pointer, integer, "integer", |value| {
                value.as_i64().ok_or(CALLBOT_WRONG_TYPE)
            })
        }
    })
}

/// Reads a number, or a string of its plain digits. One that a double cannot hold, such as 1e400,
/// has the wrong type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_content_number(
    content: *const callbot_content,
    pointer: callbot_str,
    number: *mut f64,
) -> callbot_status {
    boundary::value(CALLBOT_PANIC, || {
        let (content, pointer) = arguments!(content, pointer);
        // SAFETY: convention 4 of the header: an output pointer is NULL, or can be written.
        unsafe {
            look_up(content, pointer, number, "number", |value| {
                value.as_f64().ok_or(CALLBOT_WRONG_TYPE)
            })
        }
    })
}

/// Reads a boolean.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_content_boolean(
    content: *const callbot_content,
    pointer: callbot_str,
    boolean: *mut bool,
) -> callbot_status {
    boundary::value(CALLBOT_PANIC, || {
        let (content, pointer) = arguments!(content, pointer);
        // SAFETY: convention 4 of the header: an output pointer is NULL, or can be written.
        unsafe {
            look_up(content, pointer, boolean, "boolean", |value| {
                value.as_bool().ok_or(CALLBOT_WRONG_TYPE)
            })
        }
    })
}

/// Reads the number of elements of an array, or of members of an object.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_content_length(
    content: *const callbot_content,
    pointer: callbot_str,
    length: *mut usize,
) -> callbot_status {
    boundary::value(CALLBOT_PANIC, || {
        let (content, pointer) = arguments!(content, pointer);
        // SAFETY: convention 4 of the header: an output pointer is NULL, or can be written.
        unsafe {
            look_up(content, pointer, length, "length", |value| {
                value.len().ok_or(CALLBOT_WRONG_TYPE)
            })
        }
    })
}

/// Reads a value of any type as JSON, as it was sent. The pointer "" is the whole.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_content_json(
    content: *const callbot_content,
    pointer: callbot_str,
    json: *mut callbot_str,
) -> callbot_status {
    boundary::value(CALLBOT_PANIC, || {
        let (content, pointer) = arguments!(content, pointer);
        // SAFETY: convention 4 of the header: an output pointer is NULL, or can be written.
        unsafe {
            look_up(content, pointer, json, "json", |value| {
                Ok(callbot_str::borrow(value.json()))
            })
        }
    })
}

/// Reads the key at index of an object, in the order in which the keys were sent. CALLBOT_ABSENT
/// after the last one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_content_key(
    content: *const callbot_content,
    pointer: callbot_str,
    index: usize,
    key: *mut callbot_str,
) -> callbot_status {
    boundary::value(CALLBOT_PANIC, || {
        let (content, pointer) = arguments!(content, pointer);
        // SAFETY: convention 4 of the header: an output pointer is NULL, or can be written.
        unsafe {
            look_up(content, pointer, key, "key", |object| {
                if object.json_type() != JsonType::Object {
                    return Err(CALLBOT_WRONG_TYPE);
                }
                let key = object.key(index);
                key.map(callbot_str::borrow).ok_or(CALLBOT_ABSENT)
            })
        }
    })
}

/// Returns the number of places where the message differs from what the API's page says. That is
/// never a reason to refuse it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_content_deviation_count(content: *const callbot_content) -> usize {
    accessor!(content, content.document.deviations().count())
}

/// Returns the deviation at index, for a log: a JSON Pointer and what was expected, never a value,
/// as in "/userName: expected a string, found null". Only the first 100 are listed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_content_deviation(
    content: *const callbot_content,
    index: usize,
) -> callbot_str {
    accessor!(content, {
        let listed = content.listed_deviations().and_then(|all| all.get(index));
        callbot_str::borrow_or_empty(listed.map(String::as_str))
    })
}

/// Frees a content.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_content_free(content: *mut callbot_content) {
    free!(content);
}
