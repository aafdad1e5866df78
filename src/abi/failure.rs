//! Why a call failed: first a `Failure`, then the error object that C reads.

use std::mem;
use std::sync::OnceLock;

use callbot_core::{
    Error, NoMemoryError, ReplaysError, TimestampError, VerifyError, Violation, Violations, header,
};

use crate::abi::memory::{self, NoMemory, Watch};
use crate::status::{
    CALLBOT_BASE_URL, CALLBOT_BODY_NOT_UTF8, CALLBOT_CLAIM_LOST, CALLBOT_CLOCK, CALLBOT_CONTENT,
    CALLBOT_CREATE_TS, CALLBOT_EMPTY_BATCH, CALLBOT_ENDPOINT, CALLBOT_HEADERS, CALLBOT_LENGTH,
    CALLBOT_NO_MEMORY, CALLBOT_NO_RANDOM, CALLBOT_NOT_UTF8, CALLBOT_NULL_POINTER, CALLBOT_OTHER,
    CALLBOT_OTHER_ALGORITHM, CALLBOT_OTHER_REQUEST, CALLBOT_PANIC, CALLBOT_PATH, CALLBOT_PHONE,
    CALLBOT_REFUSED, CALLBOT_REPLAYS_FULL, CALLBOT_REQUEST_ID, CALLBOT_RULES, CALLBOT_SECRET_KEY,
    CALLBOT_SIGNATURE_MISMATCH, CALLBOT_TOO_NEW, CALLBOT_TOO_OLD, CALLBOT_UNKNOWN_CONSTANT,
    CALLBOT_UNKNOWN_UUID, CALLBOT_UUID, callbot_status,
};

/// A call that failed, before it is an object of C's.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The core returned an error.
    Core {
        error: Error,
        /// The index in the batch of the first order of the call's own list.
        first_order: usize,
    },
    /// An argument of the call was invalid, or the system failed.
    Call {
        status: callbot_status,
        code: &'static str,
        message: String,
    },
    /// An allocation failed.
    NoMemory,
}

impl Failure {
    pub(crate) fn panic() -> Self {
        let message = "internal error in callbot; please report it".into();
        Self::call(CALLBOT_PANIC, "panic", message)
    }

    pub(crate) fn poisoned() -> Self {
        let message = "an earlier call failed while it changed this object; free or clear it";
        Self::call(CALLBOT_PANIC, "panic", message.into())
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn null_pointer(name: &str) -> Self {
        let message = format!("{name} must not be NULL");
        Self::call(CALLBOT_NULL_POINTER, "null_pointer", message)
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn length(name: &str) -> Self {
        let message = format!("{name} is longer than PTRDIFF_MAX; check for a negative length");
        Self::call(CALLBOT_LENGTH, "length", message)
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn not_utf8(name: &str, offset: usize) -> Self {
        let message =
            format!("{name} is not UTF-8: invalid byte at offset {offset}; convert it to UTF-8");
        Self::call(CALLBOT_NOT_UTF8, "not_utf8", message)
    }

    pub(crate) fn unknown_constant(name: &str, number: i32) -> Self {
        let message = format!("{name} has the invalid value {number}; use one of its constants");
        Self::call(CALLBOT_UNKNOWN_CONSTANT, "unknown_constant", message)
    }

    pub(crate) fn no_random() -> Self {
        let message = "request_id is empty and the system has no random numbers; pass an ID".into();
        Self::call(CALLBOT_NO_RANDOM, "no_random", message)
    }

    /// The time of receiving, which is invalid in the same ways as a time of signing.
    pub(crate) fn now(error: TimestampError) -> Self {
        Self::call(CALLBOT_CREATE_TS, error.code(), format!("now: {error}"))
    }

    pub(crate) fn clock(name: &str) -> Self {
        let message = format!("{name} is 0 and the system clock is invalid; pass a time");
        Self::call(CALLBOT_CLOCK, "clock", message)
    }

    pub(crate) fn claim_lost() -> Self {
        let message =
            "the claim is not held: its lease ran out, or it was released; take a longer lease";
        Self::call(CALLBOT_CLAIM_LOST, "claim_lost", message.into())
    }

    /// Violations of a call that adds orders to those that a batch has.
    pub(crate) fn added_after(first_order: usize, violations: Violations) -> Self {
        Self::of(violations.into(), first_order)
    }

    fn of(error: Error, first_order: usize) -> Self {
        match error {
            Error::NoMemory(_) | Error::Replays(ReplaysError::NoMemory) => Self::NoMemory,
            error => Self::Core { error, first_order },
        }
    }

    /// Adds which order of an array the failure is about.
    #[must_use]
    pub(crate) fn in_order(self, index: usize) -> Self {
        match self {
            Self::Call {
                status,
                code,
                message,
            } => Self::call(status, code, format!("orders[{index}].{message}")),
            other => other,
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
            Self::NoMemory => CALLBOT_NO_MEMORY,
            Self::Core { error, .. } => match error {
                Error::SecretKey(_) => CALLBOT_SECRET_KEY,
                Error::Header(error) if error.header() == header::UUID => CALLBOT_UUID,
                Error::Header(_) => CALLBOT_REQUEST_ID,
                Error::CreateTs(_) => CALLBOT_CREATE_TS,
                Error::Algorithm(_) => CALLBOT_UNKNOWN_CONSTANT,
                Error::Rules(_) => CALLBOT_RULES,
                Error::Phone(_) => CALLBOT_PHONE,
                Error::EmptyBatch(_) => CALLBOT_EMPTY_BATCH,
                Error::Refused(_) => CALLBOT_REFUSED,
                Error::HeaderBlock(_) | Error::Message(_) => CALLBOT_HEADERS,
                Error::Verify(error) => Self::verify_status(*error),
                Error::Content(_) | Error::Outcome(_) => CALLBOT_CONTENT,
                Error::Endpoint(_) => CALLBOT_ENDPOINT,
                Error::Path(_) => CALLBOT_PATH,
                Error::BaseUrl(_) => CALLBOT_BASE_URL,
                Error::Replays(ReplaysError::Full) => CALLBOT_REPLAYS_FULL,
                _ => CALLBOT_OTHER,
            },
        }
    }

    const fn verify_status(error: VerifyError) -> callbot_status {
        match error {
            VerifyError::MissingHeader { .. }
            | VerifyError::CgiName { .. }
            | VerifyError::JoinedHeader { .. }
            | VerifyError::DuplicateHeader { .. }
            | VerifyError::MalformedHeader { .. } => CALLBOT_HEADERS,
            VerifyError::Algorithm => CALLBOT_OTHER_ALGORITHM,
            VerifyError::UnknownUuid => CALLBOT_UNKNOWN_UUID,
            VerifyError::SignatureMismatch { .. } => CALLBOT_SIGNATURE_MISMATCH,
            VerifyError::NotUtf8 => CALLBOT_BODY_NOT_UTF8,
            VerifyError::TooOld { .. } => CALLBOT_TOO_OLD,
            VerifyError::TooNew { .. } => CALLBOT_TOO_NEW,
            VerifyError::OtherRequest { .. } => CALLBOT_OTHER_REQUEST,
            _ => CALLBOT_OTHER,
        }
    }

    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Call { code, .. } => code,
            Self::NoMemory => NO_MEMORY.code(),
            Self::Core {
                error: Error::Refused(_),
                ..
            } => "refused",
            Self::Core { error, .. } => error.code(),
        }
    }

    /// The message. For violations, of which there can be many, their number and the first one.
    fn message(&mut self) -> Result<String, NoMemory> {
        match self {
            Self::Call { message, .. } => Ok(mem::take(message)),
            Self::Core {
                error: Error::Refused(violations),
                ..
            } => match violations.as_slice() {
                [only] => memory::try_to_string(only),
                [first, ..] => memory::try_to_string(format_args!(
                    "{} violations; the first: {first}",
                    violations.len()
                )),
                [] => Ok(String::new()),
            },
            Self::Core { error, .. } => memory::try_to_string(error),
            Self::NoMemory => Ok(String::new()),
        }
    }

    const fn all_violations(&self) -> Option<&Violations> {
        match self {
            Self::Core {
                error: Error::Refused(violations),
                ..
            } => Some(violations),
            _ => None,
        }
    }

    /// The index in the batch of the first order of the call's own list.
    const fn first_order(&self) -> usize {
        match self {
            Self::Core { first_order, .. } => *first_order,
            _ => 0,
        }
    }
}

impl<E> From<E> for Failure
where
    Error: From<E>,
{
    fn from(error: E) -> Self {
        Self::of(error.into(), 0)
    }
}

/// Fails if an allocation did.
pub(crate) fn made<T, E>(result: Result<T, E>) -> Result<T, Failure> {
    result.map_err(|_| Failure::NoMemory)
}

/// Why a function failed: a status, a stable code, a message and, if a batch was refused, the list
/// of violations.
///
/// Made by functions that fail, through their last parameter; freed by callbot_error_free. It
/// contains neither the secret key nor a phone number or a name, and can be logged.
pub struct callbot_error {
    failure: Failure,
    message: String,
    /// The strings of each violation, made on first use.
    strings: OnceLock<Vec<OnceLock<Box<ViolationStrings>>>>,
}

/// What `callbot_core` says if an allocation fails.
const NO_MEMORY: NoMemoryError = NoMemoryError;

/// The error of `CALLBOT_NO_MEMORY`, which takes no memory and is never freed.
static NO_MEMORY_ERROR: callbot_error = callbot_error {
    failure: Failure::NoMemory,
    message: String::new(),
    strings: OnceLock::new(),
};

/// The strings of one violation.
pub(crate) struct ViolationStrings {
    pub(crate) path: String,
    pub(crate) message: String,
}

impl callbot_error {
    /// Makes an error. Fails if an allocation does.
    pub(crate) fn new(mut failure: Failure) -> Result<Box<Self>, NoMemory> {
        let message = failure.message()?;
        memory::try_box(Self {
            message,
            failure,
            strings: OnceLock::new(),
        })
    }

    /// The error of `CALLBOT_NO_MEMORY`, as a handle. C only reads it, and `callbot_error_free`
    /// leaves it alone.
    pub(crate) const fn no_memory() -> *mut Self {
        (&raw const NO_MEMORY_ERROR).cast_mut()
    }

    pub(crate) const fn failure(&self) -> &Failure {
        &self.failure
    }

    pub(crate) fn message(&self) -> &str {
        match self.failure {
            Failure::NoMemory => NoMemoryError::MESSAGE,
            _ => &self.message,
        }
    }

    pub(crate) fn violations(&self) -> &[Violation] {
        let violations = self.failure.all_violations();
        violations.map_or(&[], Violations::as_slice)
    }

    pub(crate) fn unlisted_count(&self) -> usize {
        let violations = self.failure.all_violations();
        violations.map_or(0, Violations::unlisted)
    }

    pub(crate) fn first_order(&self) -> usize {
        self.failure.first_order()
    }

    /// The strings of a violation. `None` also if an allocation fails; they are then made by a
    /// later call.
    pub(crate) fn strings(&self, index: usize) -> Option<&ViolationStrings> {
        let violation = self.violations().get(index)?;
        if self.strings.get().is_none() {
            let count = self.violations().len();
            let mut strings = Vec::new();
            strings.try_reserve_exact(count).ok()?;
            strings.resize_with(count, OnceLock::new);
            let _ = self.strings.set(strings);
        }
        let place = self.strings.get()?.get(index)?;
        if place.get().is_none() {
            let watch = Watch::new();
            let path = memory::try_to_string(violation.path()).ok()?;
            let message = memory::try_to_string(violation.message()).ok()?;
            let strings = memory::try_box(ViolationStrings { path, message }).ok()?;
            if watch.is_short() {
                return None;
            }
            let _ = place.set(strings);
        }
        place.get().map(|strings| &**strings)
    }
}

#[cfg(test)]
mod tests {
    use callbot_core::{Batch, Rules};

    use super::*;

    #[test]
    fn an_error_has_room_for_the_strings_of_listed_violations_only() {
        let list = "0,".repeat(Violations::MAX_LISTED + 1000);
        let json = format!("{{\"callInfoList\":{{\"callList\":[{list}0]}}}}");
        let refused = Batch::from_json(json.as_bytes(), Rules::new()).unwrap_err();
        assert!(refused.unlisted() > 1000);
        let error = callbot_error::new(refused.into()).unwrap();
        assert!(error.strings(0).is_some());
        let strings = error.strings.get().unwrap();
        assert_eq!(strings.len(), Violations::MAX_LISTED);
        assert!(error.strings(Violations::MAX_LISTED).is_none());
    }
}
