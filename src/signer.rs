//! The account that signs.

use std::ffi::c_char;

use callbot_core::{Algorithm, Credentials, SecretKey, Signature, Timestamp};

use crate::abi::boundary::{fallible, free, produce};
use crate::abi::defaults;
use crate::abi::failure::{Failure, callbot_error, made};
use crate::abi::memory;
use crate::abi::pointer::{Handle, borrow_handle};
use crate::abi::string::{borrow_bytes, borrow_str, callbot_str, callbot_string, write_c_string};
use crate::status::callbot_status;

/// The account signs with MD5, the API's default.
pub const CALLBOT_ALGORITHM_MD5: i32 = 0;
/// The account signs with SHA-256.
pub const CALLBOT_ALGORITHM_SHA256: i32 = 1;

/// The algorithm of a constant.
pub(crate) fn algorithm_of(constant: i32) -> Result<Algorithm, Failure> {
    match constant {
        CALLBOT_ALGORITHM_MD5 => Ok(Algorithm::Md5),
        CALLBOT_ALGORITHM_SHA256 => Ok(Algorithm::Sha256),
        other => Err(Failure::unknown_constant("algorithm", other)),
    }
}

/// The constant of an algorithm.
pub(crate) const fn constant_of(algorithm: Algorithm) -> i32 {
    match algorithm {
        Algorithm::Md5 => CALLBOT_ALGORITHM_MD5,
        Algorithm::Sha256 => CALLBOT_ALGORITHM_SHA256,
    }
}

/// The size of callbot_sign's output in bytes: the 64 hex digits of a SHA-256 and a NUL.
pub const CALLBOT_SIGN_CAPACITY: usize = 65;

const _: () = assert!(CALLBOT_SIGN_CAPACITY == Signature::MAX_LEN + 1);

/// The account that signs: its uuid, secret key and algorithm.
///
/// Made by callbot_signer_new; freed by callbot_signer_free. It never changes, so several threads
/// may use it at once.
pub struct callbot_signer(pub(crate) Credentials);

impl Handle for callbot_signer {}

/// Makes a signer. uuid and secret_key are those of the provider's console, under Developer; both
/// are copied. algorithm is the CALLBOT_ALGORITHM constant that the console shows.
///
/// Returns CALLBOT_OK, and in *signer an object that the caller frees. Fails with
/// CALLBOT_SECRET_KEY if the key is empty or has whitespace or a line feed at an end, and with
/// CALLBOT_UUID.
///
/// Example:
///
///     callbot_signer *signer;
///     callbot_error *error;
///     if (callbot_signer_new(CALLBOT_STR("Vh71ym3y"), secret, CALLBOT_ALGORITHM_MD5,
///                            &signer, &error) != CALLBOT_OK) {
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
    produce!(signer, error, || {
        let uuid = borrow_str!(uuid)?;
        let secret_key = borrow_str!(secret_key)?;
        let algorithm = algorithm_of(algorithm)?;
        let secret_key = SecretKey::new(made(memory::try_string(secret_key))?)?;
        let uuid = made(memory::try_string(uuid))?;
        let credentials = Credentials::new(uuid, secret_key, algorithm)?;
        Ok(callbot_signer(credentials))
    })
}

/// Signs any body. request_id and create_ts (Unix seconds) are the values of the headers of the
/// same name; there are no defaults. body is the exact bytes to send.
///
/// Returns CALLBOT_OK, and in sign the signature: upper-case hex (32 digits for MD5, 64 for
/// SHA-256) and a NUL. Fails with CALLBOT_REQUEST_ID and CALLBOT_CREATE_TS.
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
    fallible!(error, || {
        let signer = borrow_handle!(signer)?;
        if sign.is_null() {
            return Err(Failure::null_pointer("sign"));
        }
        let request_id = borrow_str!(request_id)?;
        let body = borrow_bytes!(body)?;
        let request_id = defaults::given_request_id(request_id)?;
        let create_ts = Timestamp::try_from(create_ts)?;
        let signature = signer.0.sign(&request_id, create_ts, body);
        // SAFETY: the caller's array has CALLBOT_SIGN_CAPACITY bytes, the most that a signature and
        // its NUL take.
        unsafe { write_c_string(sign, signature.as_str()) };
        Ok(())
    })
}

/// Shows the string that callbot_sign hashes, with *** in place of the secret key, to find out why
/// two signatures differ. The string contains the whole body and with it personal data: do not log
/// it.
///
/// For a received message, pass its requestID, createTs and body. A requestID of the provider with
/// characters that callbot does not send fails with CALLBOT_REQUEST_ID; docs/wrong-signature.md
/// shows how to build the string by hand.
///
/// Returns CALLBOT_OK, and in *string an object that the caller frees. Fails as callbot_sign.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_signed_string(
    signer: *const callbot_signer,
    request_id: callbot_str,
    create_ts: i64,
    body: callbot_str,
    string: *mut *mut callbot_string,
    error: *mut *mut callbot_error,
) -> callbot_status {
    produce!(string, error, || {
        let signer = borrow_handle!(signer)?;
        let request_id = borrow_str!(request_id)?;
        let body = borrow_bytes!(body)?;
        let request_id = defaults::given_request_id(request_id)?;
        let create_ts = Timestamp::try_from(create_ts)?;
        let masked = signer
            .0
            .try_masked_signed_string(&request_id, create_ts, body)?;
        callbot_string::new(masked)
    })
}

/// Frees a signer and wipes its secret key. Requests that it signed stay valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_signer_free(signer: *mut callbot_signer) {
    free!(signer);
}
