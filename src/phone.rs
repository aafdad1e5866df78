//! Phone numbers on their own.

use std::ptr;

use callbot_core::PhoneNumber;
use libc::c_char;

use crate::boundary;
use crate::error::{Failure, callbot_error};
use crate::pointer::Out;
use crate::status::callbot_status;
use crate::text::callbot_str;

/// How many bytes callbot_phone_from_typed writes at most: 15 digits and a NUL.
pub const CALLBOT_PHONE_CAPACITY: usize = 16;

const _: () = assert!(CALLBOT_PHONE_CAPACITY == PhoneNumber::MAX_DIGITS + 1);

/// Says whether a text is a phone number as the API wants it: 7 to 15 digits that begin with an assigned country code,
/// and nothing else. Nothing is repaired.
///
/// Returns CALLBOT_OK, or CALLBOT_PHONE with a code such as "phone_plus".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_phone_check(
    text: callbot_str,
    error: *mut *mut callbot_error,
) -> callbot_status {
    // SAFETY: convention 4 of the header: an output pointer is NULL or may be written.
    boundary::status(unsafe { Out::new(error) }, || {
        // SAFETY: convention 2 of the header: a text points to len bytes.
        PhoneNumber::parse(unsafe { text.text("text") }?)?;
        Ok(())
    })
}

/// Turns what people type or paste, such as "+86 156-1234-5678" or "+44 (0)20 7946 0958", into the digits that the API
/// wants.
///
/// digits must have room for CALLBOT_PHONE_CAPACITY bytes.
///
/// Returns CALLBOT_OK, and in digits the digits and a NUL. Fails with CALLBOT_PHONE where the text does not say for
/// certain which number is meant, such as a number without its country code; digits is then as it was.
/// cbindgen:ptrs-as-arrays=[[digits;CALLBOT_PHONE_CAPACITY]]
#[expect(
    rustdoc::broken_intra_doc_links,
    reason = "the last line is for cbindgen"
)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_phone_from_typed(
    text: callbot_str,
    digits: *mut c_char,
    error: *mut *mut callbot_error,
) -> callbot_status {
    // SAFETY: convention 4 of the header: an output pointer is NULL or may be written.
    boundary::status(unsafe { Out::new(error) }, || {
        if digits.is_null() {
            return Err(Failure::null_pointer("digits"));
        }
        // SAFETY: convention 2 of the header: a text points to len bytes.
        let phone = PhoneNumber::from_typed(unsafe { text.text("text") }?)?;
        let found = phone.as_str().as_bytes();
        // SAFETY: the caller's array has CALLBOT_PHONE_CAPACITY places, of which a number and its NUL need no more.
        unsafe {
            ptr::copy_nonoverlapping(found.as_ptr().cast(), digits, found.len());
            digits.add(found.len()).write(0);
        }
        Ok(())
    })
}
