//! A verified message, and how a request went.

use std::ffi::{CStr, CString};
use std::ptr;
use std::sync::OnceLock;

use callbot_core::{ContentKind, Document, NoMemoryError, RetCode, Retry, Verified};

use crate::abi::boundary::{accessor, fallible, free};
use crate::abi::failure::{Failure, callbot_error, made};
use crate::abi::memory::{self, Watch};
use crate::abi::pointer::{Handle, borrow_handle};
use crate::abi::string::callbot_str;
use crate::status::callbot_status;

/// The request succeeded: sending it again would do it twice.
pub const CALLBOT_RETRY_SUCCEEDED: i32 = 0;
/// A retry can succeed later: the provider is busy (7), under maintenance (5), or importing a batch
/// (1001).
pub const CALLBOT_RETRY_LATER: i32 = 1;
/// The same request will fail again.
pub const CALLBOT_RETRY_NEVER: i32 = 2;
/// Not documented, as for an internal server error (5001): the orders may have been accepted.
pub const CALLBOT_RETRY_UNKNOWN: i32 = 3;

/// The constant of advice on retrying.
pub(crate) const fn constant_of(retry: Retry) -> i32 {
    match retry {
        Retry::Succeeded => CALLBOT_RETRY_SUCCEEDED,
        Retry::Later => CALLBOT_RETRY_LATER,
        Retry::Never => CALLBOT_RETRY_NEVER,
        // Retry::Unknown, and variants that a later core adds.
        _ => CALLBOT_RETRY_UNKNOWN,
    }
}

/// A message that was verified to come from the provider, with a copy of its body.
///
/// Made by callbot_verify_callback and callbot_verify_response; freed by callbot_verified_free. If
/// its content cannot be read, it is still proven, and callbot_verified_body returns its bytes.
pub struct callbot_verified {
    message: Verified<'static>,
    /// The body as it was parsed for each kind of content.
    documents: [OnceLock<Document>; 4],
    meaning: OnceLock<Box<CString>>,
}

impl Handle for callbot_verified {}

impl callbot_verified {
    #[inline]
    pub(crate) fn new(message: Verified<'_>) -> Result<Self, NoMemoryError> {
        Ok(Self {
            message: message.try_into_owned()?,
            documents: Default::default(),
            meaning: OnceLock::new(),
        })
    }

    /// The body, which is parsed once for each kind of content.
    pub(crate) fn document(&self, kind: ContentKind) -> Result<&Document, Failure> {
        let parsed = &self.documents[match kind {
            ContentKind::CallCallback => 0,
            ContentKind::OrderCallback => 1,
            ContentKind::TaskCallback => 2,
            // ContentKind::Response, and kinds that a later core adds.
            _ => 3,
        }];
        if let Some(document) = parsed.get() {
            return Ok(document);
        }
        let watch = Watch::new();
        let document = self.message.document(kind)?;
        if watch.is_short() {
            return Err(Failure::NoMemory);
        }
        Ok(parsed.get_or_init(|| document))
    }

    fn meaning(&self, code: RetCode) -> Result<&CStr, Failure> {
        if let Some(meaning) = self.meaning.get() {
            return Ok(meaning);
        }
        let watch = Watch::new();
        let meaning = CString::new(code.meaning().unwrap_or_default()).unwrap_or_default();
        let meaning = made(memory::try_box(meaning))?;
        if watch.is_short() {
            return Err(Failure::NoMemory);
        }
        Ok(self.meaning.get_or_init(|| meaning))
    }
}

/// How a request went. This struct never changes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct callbot_result {
    /// retCode: 0 for success, any other number is a failure. ping calls it code.
    pub code: i64,
    /// Whether a retry, with a new request ID and time, can succeed: a CALLBOT_RETRY constant. A
    /// retry that can succeed is not harmless: see callbot_request_sign_again.
    pub retry: i32,
    /// The documented meaning of the code; empty for an undocumented one. A NUL follows it.
    pub meaning: callbot_str,
    /// retMsg: the provider's message. Empty if it is absent.
    pub message: callbot_str,
    /// responseID: the provider's ID for tracing. Empty if it is absent.
    pub response_id: callbot_str,
}

/// Returns the raw body that was verified.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_verified_body(verified: *const callbot_verified) -> callbot_str {
    accessor!(verified, callbot_str::borrow(verified.message.body()))
}

/// Returns the uuid of the account that the message is for. A request ID belongs to an account:
/// store both against replays.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_verified_uuid(verified: *const callbot_verified) -> callbot_str {
    accessor!(verified, callbot_str::borrow(verified.message.uuid()))
}

/// Returns the message's request ID: store it against replays, together with the uuid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_verified_request_id(
    verified: *const callbot_verified,
) -> callbot_str {
    accessor!(verified, callbot_str::borrow(verified.message.request_id()))
}

/// Returns the time of signing, in Unix seconds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_verified_create_ts(verified: *const callbot_verified) -> u64 {
    accessor!(verified, verified.message.create_ts())
}

/// Returns the last second, in Unix seconds, at which the message can be replayed. Afterwards it is
/// too old.
///
/// A store that expires the request ID by its own clock may be ahead of the verifier's clock. Add a
/// margin: with Redis, EXPIREAT at this time plus 60 seconds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_verified_replay_expires_at(
    verified: *const callbot_verified,
) -> u64 {
    accessor!(verified, verified.message.replay_expires_at())
}

/// Returns which signer matched: 0 for that of callbot_verifier_new, then those of
/// callbot_verifier_add in their order. SIZE_MAX for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_verified_signer_index(verified: *const callbot_verified) -> usize {
    accessor!(verified, usize::MAX, verified.message.credentials_index())
}

/// Reads how a request went from the response to any endpoint. The strings live as long as the
/// verified message.
///
/// Success means that the provider took the request. Single orders can still be refused.
///
/// Returns CALLBOT_OK, and the result in *result. Fails with CALLBOT_CONTENT as callbot_content_new
/// does for CALLBOT_CONTENT_RESPONSE; a callback has no result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_verified_result(
    verified: *const callbot_verified,
    result: *mut callbot_result,
    error: *mut *mut callbot_error,
) -> callbot_status {
    fallible!(error, || {
        let verified = borrow_handle!(verified)?;
        if result.is_null() {
            return Err(Failure::null_pointer("result"));
        }
        let envelope = verified.document(ContentKind::Response)?.envelope()?;
        let meaning = verified.meaning(envelope.ret_code)?;
        let read = callbot_result {
            code: envelope.ret_code.0,
            retry: constant_of(envelope.ret_code.retry()),
            meaning: callbot_str::of_c_string(meaning),
            message: callbot_str::borrow_or_empty(envelope.ret_msg),
            response_id: callbot_str::borrow_or_empty(envelope.response_id),
        };
        // SAFETY: the pointer is not NULL, and the caller's struct can be written.
        unsafe { ptr::write(result, read) };
        Ok(())
    })
}

/// Frees a verified message. Contents that were read from it stay valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_verified_free(verified: *mut callbot_verified) {
    free!(verified);
}
