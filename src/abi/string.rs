//! Strings and arrays, in and out.

use std::ffi::{CStr, c_char};
use std::{ptr, slice};

use crate::abi::boundary::{accessor, free};
use crate::abi::failure::{Failure, made};
use crate::abi::pointer::Handle;

/// A string: a pointer and a length in bytes. It is not NUL-terminated and may contain NULs.
///
/// {NULL, 0} is the empty string. CALLBOT_STR("...") makes one from a string literal.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct callbot_str {
    /// The first byte. May be NULL if len is 0.
    pub data: *const c_char,
    /// The length in bytes.
    pub len: usize,
}

impl Default for callbot_str {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl callbot_str {
    pub(crate) const EMPTY: Self = Self {
        data: ptr::null(),
        len: 0,
    };

    /// Lets C borrow a string or bytes.
    ///
    /// Rust's empty slices may point to any address, often 1. Go's runtime ends the program if it
    /// finds such a pointer on a stack that grows, so an empty string has NULL.
    pub(crate) fn borrow(string: &(impl AsRef<[u8]> + ?Sized)) -> Self {
        let bytes = string.as_ref();
        if bytes.is_empty() {
            return Self::EMPTY;
        }
        Self {
            data: bytes.as_ptr().cast(),
            len: bytes.len(),
        }
    }

    /// Lets C borrow a string, which a NUL follows.
    pub(crate) const fn of_c_string(string: &CStr) -> Self {
        Self {
            data: string.as_ptr(),
            len: string.count_bytes(),
        }
    }

    /// Lets C borrow a string; the empty string for `None`.
    pub(crate) fn borrow_or_empty(string: Option<&str>) -> Self {
        string.map_or(Self::EMPTY, Self::borrow)
    }

    /// Borrows C's bytes.
    ///
    /// # Safety
    ///
    /// `data` is NULL, or points to `len` bytes that are not written during `'a`.
    #[inline]
    pub(crate) unsafe fn bytes<'a>(self, name: &'static str) -> Result<&'a [u8], Failure> {
        // SAFETY: the same contract.
        unsafe { array(self.data.cast(), self.len, name) }
    }

    /// Borrows C's string, which must be UTF-8.
    ///
    /// # Safety
    ///
    /// As [`bytes`](Self::bytes).
    #[inline]
    pub(crate) unsafe fn utf8<'a>(self, name: &'static str) -> Result<&'a str, Failure> {
        // SAFETY: the same contract.
        let bytes = unsafe { self.bytes(name) }?;
        if bytes.is_ascii() {
            // SAFETY: ASCII is UTF-8.
            return Ok(unsafe { std::str::from_utf8_unchecked(bytes) });
        }
        std::str::from_utf8(bytes).map_err(|error| Failure::not_utf8(name, error.valid_up_to()))
    }
}

/// The name of the header at an index; empty if there is none.
pub(crate) fn header_name(headers: &[(&str, &str)], index: usize) -> callbot_str {
    callbot_str::borrow_or_empty(headers.get(index).map(|(name, _)| *name))
}

/// The value of the header at an index; empty if there is none.
pub(crate) fn header_value(headers: &[(&str, &str)], index: usize) -> callbot_str {
    callbot_str::borrow_or_empty(headers.get(index).map(|(_, value)| *value))
}

/// Borrows C's array.
///
/// # Safety
///
/// `first` is NULL, or points to `len` elements that are not written during `'a`.
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
    // SAFETY: the pointer is not NULL, the size fits an object, and the rest is the contract.
    Ok(unsafe { slice::from_raw_parts(first, len) })
}

/// Writes a string and a NUL.
///
/// # Safety
///
/// `place` has room for them.
pub(crate) unsafe fn write_c_string(place: *mut c_char, string: &str) {
    // SAFETY: the same contract.
    unsafe {
        ptr::copy_nonoverlapping(string.as_ptr().cast(), place, string.len());
        place.add(string.len()).write(0);
    }
}

/// Borrows a string argument of an export: a `Result<&str, Failure>`.
macro_rules! borrow_str {
    ($string:expr) => {
        // SAFETY: convention 2 of the header: a string points to len bytes.
        unsafe { $string.utf8(stringify!($string)) }
    };
}

/// Borrows a string argument of an export whose bytes may be anything: a `Result<&[u8], Failure>`.
macro_rules! borrow_bytes {
    ($string:ident) => {
        // SAFETY: convention 2 of the header: a string points to len bytes.
        unsafe { $string.bytes(stringify!($string)) }
    };
}

pub(crate) use {borrow_bytes, borrow_str};

/// A string that the library made and the caller owns.
///
/// Made by callbot_signed_string and callbot_request_url; freed by callbot_string_free.
pub struct callbot_string {
    /// The string and a NUL.
    bytes: Vec<u8>,
}

impl Handle for callbot_string {}

impl callbot_string {
    /// Fails if an allocation does.
    pub(crate) fn new(string: impl Into<Vec<u8>>) -> Result<Self, Failure> {
        let mut bytes = string.into();
        // Exactly, so that a tool sees when a program reads past the NUL.
        made(bytes.try_reserve_exact(1))?;
        bytes.push(0);
        Ok(Self { bytes })
    }

    pub(crate) fn borrow(&self) -> callbot_str {
        callbot_str {
            data: self.bytes.as_ptr().cast(),
            len: self.bytes.len() - 1,
        }
    }
}

/// Returns the string. A NUL follows it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_string_get(string: *const callbot_string) -> callbot_str {
    accessor!(string, string.borrow())
}

/// Frees a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_string_free(string: *mut callbot_string) {
    free!(string);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_string_has_no_pointer() {
        let text = String::from("text");
        for empty in ["", &text[..0], &text[4..]] {
            assert!(callbot_str::borrow(empty).data.is_null());
            assert!(callbot_str::borrow_or_empty(Some(empty)).data.is_null());
        }
        assert!(callbot_str::borrow(&Vec::new()).data.is_null());
        assert_eq!(callbot_str::borrow("text").len, 4);
    }
}
