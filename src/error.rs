//! Reading an error.

use std::ptr;

use callbot_core::Violation;

use crate::abi::boundary::{self, accessor};
use crate::abi::code;
pub use crate::abi::failure::callbot_error;
use crate::abi::pointer::free;
use crate::abi::string::callbot_str;
use crate::status::{CALLBOT_OK, callbot_status};

/// Returns the status that the failed function returned; CALLBOT_OK for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_error_status(error: *const callbot_error) -> callbot_status {
    accessor!(error, CALLBOT_OK, error.failure().status())
}

/// Returns the stable code of the error, for programs. It is finer than the status, such as
/// "secret_key_blank_at_end". For CALLBOT_REFUSED it is "refused"; each violation has its own code.
/// docs/errors.md lists all codes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_error_code(error: *const callbot_error) -> callbot_str {
    accessor!(error, code::string_of(error.failure().code()))
}

/// Returns the number of the error's code, to switch on: CALLBOT_CODE_SECRET_KEY_EMPTY and so on.
/// 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_error_code_number(error: *const callbot_error) -> i32 {
    accessor!(error, code::number_of(error.failure().code()))
}

/// Returns a message for people, in one line: what is wrong and what to do. For CALLBOT_REFUSED it
/// has the number of violations and the first of them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_error_message(error: *const callbot_error) -> callbot_str {
    accessor!(error, callbot_str::borrow(error.message()))
}

/// Returns the number of violations in the error's list. It is 0 unless the status is
/// CALLBOT_REFUSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_error_violation_count(error: *const callbot_error) -> usize {
    accessor!(error, error.violations().len())
}

/// Returns the number of violations that are not in the list. It is 0 unless there are more than a
/// million violations.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_error_unlisted_count(error: *const callbot_error) -> usize {
    accessor!(error, error.unlisted_count())
}

/// Returns the stable code of the violation at index, such as "phone_plus".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_error_violation_code(
    error: *const callbot_error,
    index: usize,
) -> callbot_str {
    accessor!(error, {
        let violation = error.violations().get(index);
        violation.map_or(callbot_str::EMPTY, |violation| {
            code::string_of(violation.code())
        })
    })
}

/// Returns the number of the code of the violation at index, to switch on: CALLBOT_CODE_PHONE_PLUS
/// and so on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_error_violation_code_number(
    error: *const callbot_error,
    index: usize,
) -> i32 {
    accessor!(error, {
        let violation = error.violations().get(index);
        violation.map_or(0, |violation| code::number_of(violation.code()))
    })
}

/// Returns the place of the violation at index: a JSON Pointer (RFC 6901) into the body, such as
/// "/callInfoList/callList/3/userPhone". It is empty for the JSON document as a whole, and if
/// an allocation fails: read the message first, which is then empty too.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_error_violation_path(
    error: *const callbot_error,
    index: usize,
) -> callbot_str {
    accessor!(error, {
        let strings = error.strings(index);
        callbot_str::borrow_or_empty(strings.map(|strings| strings.path.as_str()))
    })
}

/// Returns a message for people about the violation at index: what is wrong and what to do. It is
/// empty only if an allocation fails, and made by a later call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_error_violation_message(
    error: *const callbot_error,
    index: usize,
) -> callbot_str {
    accessor!(error, {
        let strings = error.strings(index);
        callbot_str::borrow_or_empty(strings.map(|strings| strings.message.as_str()))
    })
}

/// Returns the key of the field that the violation at index is about, such as "userPhone": the last
/// key of its path. It is empty for the JSON document as a whole.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_error_violation_field(
    error: *const callbot_error,
    index: usize,
) -> callbot_str {
    accessor!(error, {
        let violation = error.violations().get(index);
        callbot_str::borrow_or_empty(violation.map(Violation::field))
    })
}

/// Returns the name of the script template's variable that the violation at index is about, as the
/// rules have it. It is empty if the rules have no such variable: the name that an order gives may
/// be personal data.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_error_violation_param(
    error: *const callbot_error,
    index: usize,
) -> callbot_str {
    accessor!(error, {
        let violation = error.violations().get(index);
        callbot_str::borrow_or_empty(violation.and_then(Violation::param))
    })
}

/// Returns the order that the violation at index is about, as its index in the call's own list:
/// the index in the array of callbot_batch_add_all, 0 for callbot_batch_add, and the index in
/// callList for JSON.
///
/// Returns SIZE_MAX if the violation is about no order, for NULL, and for an index out of range.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_error_violation_list_index(
    error: *const callbot_error,
    index: usize,
) -> usize {
    accessor!(error, usize::MAX, {
        let violation = error.violations().get(index);
        let order = violation.and_then(Violation::order_index);
        order.map_or(usize::MAX, |order| {
            order.saturating_sub(error.first_order())
        })
    })
}

/// Returns the order that the violation at index is about, as its index in the batch: the same
/// number as in the path. An order that was refused has the index that it would have got if all
/// orders had been accepted: the orders that the batch had before the call, plus its index in the
/// call's own list.
///
/// Returns SIZE_MAX as callbot_error_violation_list_index does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_error_violation_order(
    error: *const callbot_error,
    index: usize,
) -> usize {
    accessor!(error, usize::MAX, {
        let violation = error.violations().get(index);
        let order = violation.and_then(Violation::order_index);
        order.unwrap_or(usize::MAX)
    })
}

/// Frees an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_error_free(error: *mut callbot_error) {
    boundary::value((), || {
        // The error of CALLBOT_NO_MEMORY is static.
        if !ptr::eq(error, callbot_error::no_memory()) {
            // SAFETY: convention 3 of the header: a handle is freed once, or is NULL.
            unsafe { free(error) };
        }
    });
}
