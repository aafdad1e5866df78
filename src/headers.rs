//! A raw block of received headers.

use std::ptr;

use callbot_core::{Error, HeaderBlock};

use crate::abi::boundary::{self, accessor, free, produce};
use crate::abi::failure::{Failure, callbot_error, made};
use crate::abi::pointer::{Handle, borrow_handle};
use crate::abi::string::{array, borrow_bytes, callbot_str};
use crate::status::callbot_status;

/// A header of a received message.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct callbot_header {
    /// The name, in any case.
    pub name: callbot_str,
    /// The value, as it was received.
    pub value: callbot_str,
}

/// The headers of a received message, split from a raw block of lines.
///
/// Made by callbot_headers_parse; freed by callbot_headers_free.
pub struct callbot_headers {
    /// The headers, which point into `block`.
    list: Vec<callbot_header>,
    /// Not a `Box`: moving one asserts that no other pointer leads to its content.
    _block: Vec<u8>,
}

// SAFETY: the pointers of `list` point to bytes that this object owns and that never change.
unsafe impl Send for callbot_headers {}
// SAFETY: as above.
unsafe impl Sync for callbot_headers {}

impl Handle for callbot_headers {}

/// Splits a raw block of headers, as curl -D or a server writes it, into a list for
/// callbot_verify_callback and callbot_verify_response. block is copied.
///
/// A block is an optional status or request line, lines of "Name: value", and an empty line, which
/// may be missing. Lines end with LF or CRLF. Spaces and tabs around a value are removed. The last
/// of several blocks counts: curl writes one for each interim response (100, 103), for a proxy's
/// answer to CONNECT and, with -L, for each redirect. Each further block must begin with a status
/// line, so neither a body nor trailers may follow; curl -D writes trailers after the last empty
/// line.
///
/// Returns CALLBOT_OK, and in *headers an object that the caller frees. Fails with CALLBOT_HEADERS
/// if two programs could read the block differently: whitespace before a colon, a folded line, a
/// bare CR, a NUL, a line without a colon, an invalid name, or something other than a further
/// block after an empty line. Each has its own code, and the message has the number of the line.
///
/// Example:
///
///     callbot_headers *headers;
///     if (callbot_headers_parse(block, &headers, &error) == CALLBOT_OK) {
///         status = callbot_verify_callback(verifier, callbot_headers_get(headers),
///                                          callbot_headers_count(headers), body, 0,
///                                          &verified, &error);
///         callbot_headers_free(headers);
///     }
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_headers_parse(
    block: callbot_str,
    headers: *mut *mut callbot_headers,
    error: *mut *mut callbot_error,
) -> callbot_status {
    produce!(headers, error, || {
        let given = borrow_bytes!(block)?;
        let mut block = Vec::new();
        made(block.try_reserve_exact(given.len()))?;
        block.extend_from_slice(given);
        let parsed = HeaderBlock::parse(&block)?;
        let pairs = parsed.pairs();
        let mut list = Vec::new();
        made(list.try_reserve_exact(pairs.len()))?;
        list.extend(pairs.map(|(name, value)| callbot_header {
            name: callbot_str::borrow(name),
            value: callbot_str::borrow(value),
        }));
        Ok(callbot_headers {
            list,
            _block: block,
        })
    })
}

/// Returns the headers, an array of callbot_headers_count elements, or NULL if there are none. It
/// lives as long as the object.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_headers_get(
    headers: *const callbot_headers,
) -> *const callbot_header {
    boundary::value(ptr::null(), || {
        // An empty list of Rust's may point to any address: see callbot_str::borrow.
        match borrow_handle!(headers) {
            Ok(headers) if !headers.list.is_empty() => headers.list.as_ptr(),
            _ => ptr::null(),
        }
    })
}

/// Returns the number of headers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_headers_count(headers: *const callbot_headers) -> usize {
    accessor!(headers, headers.list.len())
}

/// Frees headers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_headers_free(headers: *mut callbot_headers) {
    free!(headers);
}

/// Borrows headers, and passes their names and values on.
///
/// # Safety
///
/// `headers` as for [`array()`], and each header's strings as for [`callbot_str::bytes`].
pub(crate) unsafe fn from_pairs<'a, T, E>(
    headers: *const callbot_header,
    header_count: usize,
    read: impl FnOnce(&mut dyn Iterator<Item = (&'a [u8], &'a [u8])>) -> Result<T, E>,
) -> Result<T, Failure>
where
    Error: From<E>,
{
    // SAFETY: the same contract.
    let headers: &'a [callbot_header] = unsafe { array(headers, header_count, "headers") }?;
    let mut failure = None;
    let mut pairs = headers.iter().map_while(|header| {
        // SAFETY: the same contract.
        let pair = unsafe { pair(header) };
        pair.map_err(|error| failure = Some(error)).ok()
    });
    let made = read(&mut pairs);
    failure.map_or_else(|| Ok(made?), Err)
}

/// Borrows a header's name and value.
///
/// # Safety
///
/// As for [`callbot_str::bytes`], for both.
unsafe fn pair<'a>(header: &callbot_header) -> Result<(&'a [u8], &'a [u8]), Failure> {
    // SAFETY: the same contract.
    let name = unsafe { header.name.bytes("headers[].name") }?;
    // SAFETY: the same contract.
    let value = unsafe { header.value.bytes("headers[].value") }?;
    Ok((name, value))
}
