//! The account that signs.

use std::ptr;

use callbot_core::{Algorithm, Credentials, RequestId, SecretKey, Signature, Timestamp};
use libc::c_char;

use crate::boundary;
use crate::error::{Failure, callbot_error};
use crate::pointer::{self, Handle, Out};
use crate::status::callbot_status;
use crate::text::{callbot_str, callbot_string};

/// The account signs with MD5, which is the API's default.
pub const CALLBOT_ALGORITHM_MD5: i32 = 0;
/// The account signs with SHA-256.
pub const CALLBOT_ALGORITHM_SHA256: i32 = 1;

/// How many bytes callbot_sign writes at most: the 64 hex digits of a SHA-256 and a NUL.
pub const CALLBOT_SIGN_CAPACITY: usize = 65;

const _: () = assert!(CALLBOT_SIGN_CAPACITY == Signature::MAX_LEN + 1);

/// The account that signs: its uuid, its secret key and its algorithm.
///
/// Made by callbot_signer_new; free it with callbot_signer_free. It never changes, so that any number of threads may use
/// it at once. The secret key is wiped from memory when it is freed.
pub struct callbot_signer(pub(crate) Credentials);

impl Handle for callbot_signer {}

/// Makes a signer.
///
/// uuid and secret_key are those that the provider's console shows under Developer; both are copied. algorithm is one of
/// the CALLBOT_ALGORITHM constants: the console says which one the account uses.
///
/// Returns CALLBOT_OK, and in *signer an object that the caller frees. Fails with CALLBOT_SECRET_KEY when the key is
/// empty or has a blank or line feed at an end, CALLBOT_UUID, CALLBOT_UNKNOWN_CONSTANT, and for wrong arguments.
///
/// Example:
///
///     callbot_signer *signer;
///     callbot_error *error;
///     if (callbot_signer_new(CALLBOT_STR("Vh71ym3y"), secret, CALLBOT_ALGORITHM_MD5, &signer, &error) != CALLBOT_OK) {
///         ...
///     }
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_signer_new(
    uuid: callbot_str,
    secret_key: callbot_str,
    algorithm: i32,
    signer: *mut *mut callbot_signer,
    error: *mut *mut callbot_error,
) -> callbot_status {
    // SAFETY: convention 4 of the header: an output pointer is NULL or may be written.
    let (signer, error) = unsafe { (Out::new(signer), Out::new(error)) };
    boundary::status(error, || {
        signer.needed("signer")?;
        // SAFETY: convention 2 of the header: a text points to len bytes.
        let (uuid, secret_key) = unsafe { (uuid.text("uuid")?, secret_key.text("secret_key")?) };
        let algorithm = match algorithm {
            CALLBOT_ALGORITHM_MD5 => Algorithm::Md5,
            CALLBOT_ALGORITHM_SHA256 => Algorithm::Sha256,
            other => return Err(Failure::unknown_constant("algorithm", other)),
        };
        let credentials = Credentials::new(uuid, SecretKey::new(secret_key)?, algorithm)?;
        signer.write(Some(callbot_signer(credentials)));
        Ok(())
    })
}

/// Signs any body.
///
/// request_id and create_ts are what the headers of the same name will carry; unlike in callbot_build_batch they have to
/// be given, since they could not be read back. create_ts is in Unix seconds. body is the exact bytes that will be sent,
/// whatever they are.
///
/// Returns CALLBOT_OK, and in sign the signature in upper-case hex (32 digits for MD5, 64 for SHA-256) and a NUL. Fails
/// with CALLBOT_REQUEST_ID, CALLBOT_CREATE_TS, and for wrong arguments; sign is then as it was. May be called from
/// several threads with one signer.
///
/// Example:
///
///     char sign[CALLBOT_SIGN_CAPACITY];
///     callbot_status status =
///         callbot_sign(signer, CALLBOT_STR("r-1"), 1726200000, CALLBOT_STR("{}"), sign, NULL);
/// cbindgen:ptrs-as-arrays=[[sign;CALLBOT_SIGN_CAPACITY]]
#[expect(
    rustdoc::broken_intra_doc_links,
    reason = "the last line is for cbindgen"
)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_sign(
    signer: *const callbot_signer,
    request_id: callbot_str,
    create_ts: i64,
    body: callbot_str,
    sign: *mut c_char,
    error: *mut *mut callbot_error,
) -> callbot_status {
    // SAFETY: convention 4 of the header: an output pointer is NULL or may be written.
    boundary::status(unsafe { Out::new(error) }, || {
        // SAFETY: convention 3 of the header: a handle is valid, or NULL.
        let signer = unsafe { pointer::get(signer, "signer") }?;
        if sign.is_null() {
            return Err(Failure::null_pointer("sign"));
        }
        // SAFETY: convention 2 of the header: a text points to len bytes.
        let (request_id, body) = unsafe { (request_id.text("request_id")?, body.bytes("body")?) };
        let request_id = RequestId::new(request_id)?;
        let create_ts = Timestamp::try_from(create_ts)?;
        let signature = signer.0.sign(&request_id, create_ts, body);
        let digits = signature.as_str().as_bytes();
        // SAFETY: the caller's array has CALLBOT_SIGN_CAPACITY places, of which a signature and its NUL need no more.
        unsafe {
            ptr::copy_nonoverlapping(digits.as_ptr().cast(), sign, digits.len());
            sign.add(digits.len()).write(0);
        }
        Ok(())
    })
}

/// Shows the string that callbot_sign hashes, with *** in place of the secret key: for finding out why two signatures
/// differ. It holds the whole body, and with it the contacts' data: show it, but do not log it.
///
/// For a received message, give its requestID, createTs and body. The provider's own ids may hold characters that are
/// never sent from here, and fail with CALLBOT_REQUEST_ID: for those put it together by hand, as the README tells.
///
/// Returns CALLBOT_OK, and in *text an object that the caller frees. Fails as callbot_sign.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_signed_string(
    signer: *const callbot_signer,
    request_id: callbot_str,
    create_ts: i64,
    body: callbot_str,
    text: *mut *mut callbot_string,
    error: *mut *mut callbot_error,
) -> callbot_status {
    // SAFETY: convention 4 of the header: an output pointer is NULL or may be written.
    let (text, error) = unsafe { (Out::new(text), Out::new(error)) };
    boundary::status(error, || {
        text.needed("text")?;
        // SAFETY: convention 3 of the header: a handle is valid, or NULL.
        let signer = unsafe { pointer::get(signer, "signer") }?;
        // SAFETY: convention 2 of the header: a text points to len bytes.
        let (request_id, body) = unsafe { (request_id.text("request_id")?, body.bytes("body")?) };
        let request_id = RequestId::new(request_id)?;
        let create_ts = Timestamp::try_from(create_ts)?;
        let shown = signer.0.masked_signed_string(&request_id, create_ts, body);
        text.write(Some(callbot_string(shown)));
        Ok(())
    })
}

/// Frees a signer and wipes its secret key. NULL is fine. Requests that were built with it live on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_signer_free(signer: *mut callbot_signer) {
    // SAFETY: convention 3 of the header: a handle is freed once, or NULL.
    boundary::value((), || unsafe { pointer::free(signer) });
}
