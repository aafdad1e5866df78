//! Phone numbers outside of orders.

use std::ffi::c_char;

use callbot_core::PhoneNumber;

use crate::abi::boundary::fallible;
use crate::abi::failure::{Failure, callbot_error};
use crate::abi::string::{borrow_str, callbot_str, write_c_string};
use crate::status::callbot_status;

/// The size of callbot_phone_from_typed's output in bytes: 15 digits and a NUL.
pub const CALLBOT_PHONE_CAPACITY: usize = 16;

const _: () = assert!(CALLBOT_PHONE_CAPACITY == PhoneNumber::MAX_DIGITS + 1);

/// Validates a phone number as the API wants it: 7 to 15 digits that begin with an assigned country
/// code, and nothing else.
///
/// Returns CALLBOT_OK, or CALLBOT_PHONE with a code such as "phone_plus".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_phone_check(
    phone: callbot_str,
    error: *mut *mut callbot_error,
) -> callbot_status {
    fallible!(error, || {
        PhoneNumber::parse(borrow_str!(phone)?)?;
        Ok(())
    })
}

/// Converts what people type or paste, such as "+86 156-1234-5678" or "+44 (0)20 7946 0958", to the
/// digits that the API wants.
///
/// Returns CALLBOT_OK, and in digits the digits and a NUL. Fails with CALLBOT_PHONE if the input is
/// ambiguous, such as a number without its country code.
/// cbindgen:ptrs-as-arrays=[[digits;CALLBOT_PHONE_CAPACITY]]
#[expect(
    rustdoc::broken_intra_doc_links,
    reason = "the last line is for cbindgen"
)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_phone_from_typed(
    typed: callbot_str,
    digits: *mut c_char,
    error: *mut *mut callbot_error,
) -> callbot_status {
    fallible!(error, || {
        if digits.is_null() {
            return Err(Failure::null_pointer("digits"));
        }
        let phone = PhoneNumber::from_typed(borrow_str!(typed)?)?;
        // SAFETY: the caller's array has CALLBOT_PHONE_CAPACITY bytes, the most that a number and
        // its NUL take.
        unsafe { write_c_string(digits, phone.as_str()) };
        Ok(())
    })
}
