//! Texts and bytes, in and out.

use std::slice;

use crate::boundary;
use crate::error::Failure;
use crate::pointer::{self, Handle};

/// A text or a run of bytes: a pointer and a length in bytes. It is not terminated by a NUL and may hold NULs.
///
/// {NULL, 0} is the empty text. What it points to is borrowed: each function says for how long.
///
/// CALLBOT_STR("...") makes one from a string literal.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct callbot_str {
    /// The first byte. May be NULL when len is 0.
    pub data: *const libc::c_char,
    /// How many bytes there are.
    pub len: usize,
}

impl callbot_str {
    pub(crate) const EMPTY: Self = Self {
        data: std::ptr::null(),
        len: 0,
    };

    /// Lends bytes to C.
    pub(crate) const fn lend(bytes: &[u8]) -> Self {
        Self {
            data: bytes.as_ptr().cast(),
            len: bytes.len(),
        }
    }

    /// Lends a text to C; the empty text where there is none.
    pub(crate) fn lend_if(text: Option<&str>) -> Self {
        text.map_or(Self::EMPTY, |text| Self::lend(text.as_bytes()))
    }

    /// Borrows the bytes.
    ///
    /// # Safety
    ///
    /// `data` is NULL or points to `len` bytes that nobody writes during `'a`.
    #[inline]
    pub(crate) unsafe fn bytes<'a>(self, name: &'static str) -> Result<&'a [u8], Failure> {
        // SAFETY: the same contract.
        unsafe { array(self.data.cast(), self.len, name) }
    }

    /// Borrows the text.
    ///
    /// # Safety
    ///
    /// As [`bytes`](Self::bytes).
    pub(crate) unsafe fn text<'a>(self, name: &'static str) -> Result<&'a str, Failure> {
        // SAFETY: the same contract.
        let bytes = unsafe { self.bytes(name) }?;
        std::str::from_utf8(bytes).map_err(|error| Failure::not_utf8(name, error.valid_up_to()))
    }
}

/// Borrows an array.
///
/// # Safety
///
/// `first` is NULL or points to `len` elements that nobody writes during `'a`.
#[inline]
pub(crate) unsafe fn array<'a, T>(
    first: *const T,
    len: usize,
    name: &'static str,
) -> Result<&'a [T], Failure> {
    let bytes = len.checked_mul(size_of::<T>());
    if bytes.is_none_or(|bytes| isize::try_from(bytes).is_err()) {
        return Err(Failure::length(name));
    }
    if len == 0 {
        return Ok(&[]);
    }
    if first.is_null() {
        return Err(Failure::null_pointer(name));
    }
    // SAFETY: the pointer is not NULL, the length is one that an object can have, and the rest is the contract.
    Ok(unsafe { slice::from_raw_parts(first, len) })
}

/// A text that the library made for the caller, who owns it.
///
/// Made by callbot_signed_string and callbot_verified_json. Free it with callbot_string_free.
pub struct callbot_string(pub(crate) Vec<u8>);

impl Handle for callbot_string {}

/// Reads a text.
///
/// Returns the text, which lives as long as the object; the empty text for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_string_get(text: *const callbot_string) -> callbot_str {
    boundary::value(callbot_str::EMPTY, || {
        // SAFETY: convention 3 of the header: a handle is valid, or NULL.
        unsafe { pointer::get(text, "text") }
            .map_or(callbot_str::EMPTY, |text| callbot_str::lend(&text.0))
    })
}

/// Frees a text. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_string_free(text: *mut callbot_string) {
    // SAFETY: convention 3 of the header: a handle is freed once, or NULL.
    boundary::value((), || unsafe { pointer::free(text) });
}
