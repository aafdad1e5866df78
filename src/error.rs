//! Errors, as C reads them.

use std::sync::OnceLock;

use callbot_core::{
    ContentError, EmptyBatch, Error, HeaderError, PhoneError, RulesError, SecretKeyError,
    TimestampError, VerifyError, Violation, Violations, header,
};

use crate::boundary;
use crate::pointer::{self, Handle};
use crate::status::{
    CALLBOT_BODY_NOT_UTF8, CALLBOT_CLOCK, CALLBOT_CONTENT, CALLBOT_CREATE_TS, CALLBOT_EMPTY_BATCH,
    CALLBOT_HEADERS, CALLBOT_LENGTH, CALLBOT_NO_RANDOM, CALLBOT_NOT_UTF8, CALLBOT_NULL_POINTER,
    CALLBOT_OK, CALLBOT_OTHER, CALLBOT_OTHER_ALGORITHM, CALLBOT_OTHER_REQUEST, CALLBOT_PANIC,
    CALLBOT_PHONE, CALLBOT_REFUSED, CALLBOT_REQUEST_ID, CALLBOT_RULES, CALLBOT_SECRET_KEY,
    CALLBOT_SIGNATURE_MISMATCH, CALLBOT_TOO_NEW, CALLBOT_TOO_OLD, CALLBOT_UNKNOWN_CONSTANT,
    CALLBOT_UNKNOWN_UUID, CALLBOT_UUID, callbot_status,
};
use crate::text::callbot_str;

/// Why a function failed: a status, a stable code, a message for people, and, where a batch was refused, everything that
/// is wrong with it.
///
/// Made by functions that fail, through their last parameter. Free it with callbot_error_free. It holds neither the
/// secret key nor a phone number or a name, so that it may be logged.
pub struct callbot_error {
    failure: Failure,
    message: String,
    /// The texts of the violations, made when one is first asked for.
    texts: Box<[OnceLock<Box<Texts>>]>,
}

/// The texts of one violation.
struct Texts {
    path: String,
    message: String,
}

impl Handle for callbot_error {}

impl callbot_error {
    pub(crate) fn new(failure: Failure) -> Self {
        let count = failure.violations().len();
        Self {
            message: failure.message(),
            failure,
            texts: (0..count).map(|_| OnceLock::new()).collect(),
        }
    }

    fn texts(&self, index: usize) -> Option<&Texts> {
        let violation = self.failure.violations().get(index)?;
        Some(self.texts[index].get_or_init(|| {
            Box::new(Texts {
                path: violation.path(),
                message: violation.message(),
            })
        }))
    }
}

/// A call that failed, before it is an object of C's.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The core refused something.
    Core(Error),
    /// The call itself was wrong, or the machine failed.
    Call {
        status: callbot_status,
        code: &'static str,
        message: String,
    },
}

impl Failure {
    pub(crate) fn panic() -> Self {
        Self::call(
            CALLBOT_PANIC,
            "panic",
            "the library has a fault in itself; please report it".into(),
        )
    }

    pub(crate) fn broken() -> Self {
        Self::call(
            CALLBOT_PANIC,
            "panic",
            "an earlier call that wrote this object failed half-way; free it, or clear it".into(),
        )
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn null_pointer(name: &str) -> Self {
        let message = format!("{name}: it is NULL and is needed");
        Self::call(CALLBOT_NULL_POINTER, "null_pointer", message)
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn length(name: &str) -> Self {
        let message =
            format!("{name}: its length is over PTRDIFF_MAX; perhaps it is a negative number");
        Self::call(CALLBOT_LENGTH, "length", message)
    }

    pub(crate) fn not_utf8(name: &str, offset: usize) -> Self {
        let message = format!("{name}: it is not UTF-8, from byte {offset} on (counted from 0)");
        Self::call(CALLBOT_NOT_UTF8, "not_utf8", message)
    }

    pub(crate) fn unknown_constant(name: &str, number: i32) -> Self {
        let message = format!("{name}: {number} is none of its constants");
        Self::call(CALLBOT_UNKNOWN_CONSTANT, "unknown_constant", message)
    }

    pub(crate) fn no_random() -> Self {
        let message = "request_id: the operating system gives no random numbers; give an id".into();
        Self::call(CALLBOT_NO_RANDOM, "no_random", message)
    }

    /// The time to compare with is wrong in the same ways as one that is to be signed.
    pub(crate) fn now(fault: TimestampError) -> Self {
        Self::call(CALLBOT_CREATE_TS, fault.code(), format!("now: {fault}"))
    }

    pub(crate) fn clock(name: &str) -> Self {
        let message = format!("{name}: the system's clock shows no time in seconds; give one");
        Self::call(CALLBOT_CLOCK, "clock", message)
    }

    /// Says which order of a list a failed call is about.
    #[must_use]
    pub(crate) fn in_order(self, index: usize) -> Self {
        match self {
            Self::Call {
                status,
                code,
                message,
            } => Self::call(status, code, format!("orders[{index}].{message}")),
            core @ Self::Core(_) => core,
        }
    }

    const fn call(status: callbot_status, code: &'static str, message: String) -> Self {
        Self::Call {
            status,
            code,
            message,
        }
    }

    pub(crate) fn status(&self) -> callbot_status {
        match self {
            Self::Call { status, .. } => *status,
            Self::Core(error) => match error {
                Error::SecretKey(_) => CALLBOT_SECRET_KEY,
                Error::Header(error) if error.header() == header::UUID => CALLBOT_UUID,
                Error::Header(_) => CALLBOT_REQUEST_ID,
                Error::CreateTs(_) => CALLBOT_CREATE_TS,
                Error::Algorithm(_) => CALLBOT_UNKNOWN_CONSTANT,
                Error::Rules(_) => CALLBOT_RULES,
                Error::Phone(_) => CALLBOT_PHONE,
                Error::EmptyBatch(_) => CALLBOT_EMPTY_BATCH,
                Error::Refused(_) => CALLBOT_REFUSED,
                Error::Verify(error) => Self::verify_status(*error),
                Error::Content(_) => CALLBOT_CONTENT,
                _ => CALLBOT_OTHER,
            },
        }
    }

    const fn verify_status(error: VerifyError) -> callbot_status {
        match error {
            VerifyError::MissingHeader { .. }
            | VerifyError::DuplicateHeader { .. }
            | VerifyError::MalformedHeader { .. } => CALLBOT_HEADERS,
            VerifyError::Algorithm => CALLBOT_OTHER_ALGORITHM,
            VerifyError::UnknownUuid => CALLBOT_UNKNOWN_UUID,
            VerifyError::SignatureMismatch => CALLBOT_SIGNATURE_MISMATCH,
            VerifyError::NotUtf8 => CALLBOT_BODY_NOT_UTF8,
            VerifyError::TooOld { .. } => CALLBOT_TOO_OLD,
            VerifyError::TooNew { .. } => CALLBOT_TOO_NEW,
            VerifyError::OtherRequest { .. } => CALLBOT_OTHER_REQUEST,
            _ => CALLBOT_OTHER,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Call { code, .. } => code,
            Self::Core(Error::Refused(_)) => "refused",
            Self::Core(error) => error.code(),
        }
    }

    /// The message. Of a list of violations it shows the first and says how many there are, since the list may be long.
    fn message(&self) -> String {
        match self {
            Self::Call { message, .. } => message.clone(),
            Self::Core(Error::Refused(violations)) => match violations.as_slice() {
                [only] => only.to_string(),
                [first, ..] => format!("{} things are wrong; the first: {first}", violations.len()),
                [] => String::new(),
            },
            Self::Core(error) => error.to_string(),
        }
    }

    fn violations(&self) -> &[Violation] {
        self.all_violations().map_or(&[], Violations::as_slice)
    }

    const fn all_violations(&self) -> Option<&Violations> {
        match self {
            Self::Core(Error::Refused(violations)) => Some(violations),
            _ => None,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Core(error)
    }
}

macro_rules! from_core_errors {
    ($($error:ty),+ $(,)?) => {$(
        impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::Core(error.into())
            }
        }
    )+};
}

from_core_errors!(
    ContentError,
    EmptyBatch,
    HeaderError,
    PhoneError,
    RulesError,
    SecretKeyError,
    TimestampError,
    VerifyError,
    Violations,
);

/// Reads something of an error; `or` for NULL.
///
/// # Safety
///
/// As [`pointer::get`].
unsafe fn read<R: Copy>(
    error: *const callbot_error,
    or: R,
    read: impl FnOnce(&callbot_error) -> R,
) -> R {
    boundary::value(or, || {
        // SAFETY: the same contract.
        unsafe { pointer::get(error, "error") }.map_or(or, read)
    })
}

/// The status that the failed function returned. CALLBOT_OK for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_error_status(error: *const callbot_error) -> callbot_status {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe { read(error, CALLBOT_OK, |error| error.failure.status()) }
}

/// The stable code of what is wrong, for programs: finer than the status, such as "secret_key_blank_at_end". The README
/// lists them all. For CALLBOT_REFUSED it is "refused"; each violation then has its own code.
///
/// Returns a text that lives as long as the program; the empty text for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_error_code(error: *const callbot_error) -> callbot_str {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe {
        read(error, callbot_str::EMPTY, |error| {
            callbot_str::lend(error.failure.code().as_bytes())
        })
    }
}

/// What is wrong and what to do, for people, in one line. For CALLBOT_REFUSED it tells the first violation and how many
/// there are.
///
/// Returns a text that lives as long as the error; the empty text for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_error_message(error: *const callbot_error) -> callbot_str {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe {
        read(error, callbot_str::EMPTY, |error| {
            callbot_str::lend(error.message.as_bytes())
        })
    }
}

/// How many violations the error lists: things that are wrong with a task, an order or a JSON body. 0 for other errors
/// and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_error_violation_count(error: *const callbot_error) -> usize {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe { read(error, 0, |error| error.failure.violations().len()) }
}

/// How many more violations were found than are listed. It is 0 unless more than a million things are wrong.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_error_unlisted_count(error: *const callbot_error) -> usize {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe {
        read(error, 0, |error| {
            error
                .failure
                .all_violations()
                .map_or(0, Violations::unlisted)
        })
    }
}

/// The stable code of the violation at index, such as "phone_plus".
///
/// Returns a text that lives as long as the program; the empty text for NULL or an index that is too large.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_error_violation_code(
    error: *const callbot_error,
    index: usize,
) -> callbot_str {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe {
        read(error, callbot_str::EMPTY, |error| {
            let violation = error.failure.violations().get(index);
            callbot_str::lend_if(violation.map(Violation::code))
        })
    }
}

/// The place of the violation at index: a JSON Pointer (RFC 6901) into the body, such as
/// "/callInfoList/callList/3/userPhone". Empty for the JSON document as a whole. Numbers count from 0.
///
/// Returns a text that lives as long as the error; the empty text for NULL or an index that is too large.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_error_violation_path(
    error: *const callbot_error,
    index: usize,
) -> callbot_str {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe {
        read(error, callbot_str::EMPTY, |error| {
            let texts = error.texts(index);
            callbot_str::lend_if(texts.map(|texts| texts.path.as_str()))
        })
    }
}

/// What is wrong at the place of the violation at index, and what to do, for people.
///
/// Returns a text that lives as long as the error; the empty text for NULL or an index that is too large.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_error_violation_message(
    error: *const callbot_error,
    index: usize,
) -> callbot_str {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe {
        read(error, callbot_str::EMPTY, |error| {
            let texts = error.texts(index);
            callbot_str::lend_if(texts.map(|texts| texts.message.as_str()))
        })
    }
}

/// Which order of the list the violation at index is about, counted from 0.
///
/// Returns SIZE_MAX when it is about no order, for NULL, and for an index that is too large.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_error_violation_order(
    error: *const callbot_error,
    index: usize,
) -> usize {
    // SAFETY: convention 3 of the header: a handle is valid, or NULL.
    unsafe {
        read(error, usize::MAX, |error| {
            let violation = error.failure.violations().get(index);
            violation
                .and_then(Violation::order_index)
                .unwrap_or(usize::MAX)
        })
    }
}

/// Frees an error. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_error_free(error: *mut callbot_error) {
    // SAFETY: convention 3 of the header: a handle is freed once, or NULL.
    boundary::value((), || unsafe { pointer::free(error) });
}
