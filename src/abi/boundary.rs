//! The panic boundary: no unwind leaves the library.
//!
//! The body of each exported function is one call of [`value`], [`status`] or [`object`], or one of
//! the macros here, which expand to such a call. `tests/abi.rs` checks that.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};

use crate::abi::failure::{Failure, callbot_error, made};
use crate::abi::memory::{self, Watch};
use crate::abi::pointer::{Handle, Out};
use crate::status::{CALLBOT_NO_MEMORY, CALLBOT_OK, CALLBOT_PANIC, callbot_status};

// Here, because pointer.rs imports failure.rs.
impl Handle for callbot_error {}

/// Runs a function that cannot fail. Returns `on_panic` if it panics.
pub(crate) fn value<R>(on_panic: R, function: impl FnOnce() -> R) -> R {
    // Unwind safety: an object that a panic can leave half-written is wrapped in `Poison`.
    match panic::catch_unwind(AssertUnwindSafe(function)) {
        Ok(value) => value,
        Err(payload) => {
            discard(payload);
            on_panic
        }
    }
}

/// Runs a function that can fail, and hands out the error if it does.
pub(crate) fn status(
    error: Out<callbot_error>,
    function: impl FnOnce() -> Result<(), Failure>,
) -> callbot_status {
    value(CALLBOT_PANIC, || {
        let watch = Watch::new();
        let outcome = value(None, || {
            #[cfg(feature = "plant-panic")]
            planted::panic_if_armed();
            Some(function())
        });
        match outcome.unwrap_or_else(|| Err(Failure::panic())) {
            Ok(()) => CALLBOT_OK,
            Err(failure) => {
                // What the failure has may be of the reserve.
                fail(
                    error,
                    if watch.is_short() {
                        Failure::NoMemory
                    } else {
                        failure
                    },
                )
            }
        }
    })
}

/// Hands a failure out. Returns its status.
fn fail(error: Out<callbot_error>, failure: Failure) -> callbot_status {
    let status = failure.status();
    match callbot_error::new(failure) {
        Ok(made) if status != CALLBOT_NO_MEMORY => {
            error.write_box(Some(made));
            status
        }
        _ => {
            error.write_pointer(callbot_error::no_memory());
            CALLBOT_NO_MEMORY
        }
    }
}

/// An object that was made, and a failure that its call tells of beside it.
pub(crate) struct Made<T> {
    pub(crate) object: T,
    pub(crate) beside: Option<Failure>,
}

impl<T> From<T> for Made<T> {
    fn from(object: T) -> Self {
        Self {
            object,
            beside: None,
        }
    }
}

/// Runs a function that makes an object, and hands the object out.
pub(crate) fn object<T: Handle, M: Into<Made<T>>>(
    out: Out<T>,
    name: &'static str,
    error: Out<callbot_error>,
    function: impl FnOnce() -> Result<M, Failure>,
) -> callbot_status {
    status(error, || {
        out.required(name)?;
        let watch = Watch::new();
        let Made { object, beside } = function()?.into();
        let object = made(memory::try_box(object))?;
        let beside = made(beside.map(callbot_error::new).transpose())?;
        if watch.is_short() {
            return Err(Failure::NoMemory);
        }
        error.write_box(beside);
        out.write_box(Some(object));
        Ok(())
    })
}

/// Drops a panic's payload. The drop can panic too; the payload of that panic is leaked.
fn discard(payload: Box<dyn Any + Send>) {
    if let Err(second) = panic::catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        std::mem::forget(second);
    }
}

/// The body of an export that reads a handle: `$value`, in which `$handle` is a reference, or
/// `$default` if the handle is NULL.
macro_rules! accessor {
    ($handle:ident, $value:expr) => {
        $crate::abi::boundary::accessor!($handle, Default::default(), $value)
    };
    ($handle:ident, $default:expr, $value:expr) => {
        $crate::abi::boundary::value($default, || {
            // SAFETY: convention 3 of the header: a handle is valid, or NULL.
            let handle = unsafe { $crate::abi::pointer::from_handle($handle, stringify!($handle)) };
            handle.map_or($default, |$handle| $value)
        })
    };
}

/// The body of an export that frees a handle.
macro_rules! free {
    ($handle:ident) => {
        $crate::abi::boundary::value((), || {
            // SAFETY: convention 3 of the header: a handle is freed once, or is NULL.
            unsafe { $crate::abi::pointer::free($handle) }
        })
    };
}

/// The body of an export that can fail: `$function` returns a `Result<(), Failure>`. In it,
/// `$error` is an `Out`.
macro_rules! fallible {
    ($error:ident, $function:expr) => {{
        // SAFETY: convention 4 of the header: an output pointer is NULL, or can be written.
        let $error = unsafe { $crate::abi::pointer::Out::new($error) };
        $crate::abi::boundary::status($error, $function)
    }};
}

/// The body of an export that makes an object: `$function` returns a `Result` of it. In it,
/// `$error` is an `Out`.
macro_rules! produce {
    ($out:ident, $error:ident, $function:expr) => {{
        // SAFETY: convention 4 of the header: an output pointer is NULL, or can be written.
        let $out = unsafe { $crate::abi::pointer::Out::new($out) };
        // SAFETY: as above.
        let $error = unsafe { $crate::abi::pointer::Out::new($error) };
        $crate::abi::boundary::object($out, stringify!($out), $error, $function)
    }};
}

pub(crate) use {accessor, fallible, free, produce};

/// A panic that tests plant inside the next function that can fail.
#[cfg(feature = "plant-panic")]
mod planted {
    use std::sync::atomic::{AtomicBool, Ordering};

    static ARMED: AtomicBool = AtomicBool::new(false);

    pub(super) fn panic_if_armed() {
        assert!(!ARMED.swap(false, Ordering::SeqCst), "a planted panic");
    }

    /// Makes the next call of a function that returns a status panic. Exported only for tests.
    #[unsafe(no_mangle)]
    pub(super) extern "C" fn callbot_test_plant_panic() {
        super::value((), || ARMED.store(true, Ordering::SeqCst));
    }
}

#[cfg(test)]
mod tests {
    use std::panic::panic_any;
    use std::ptr;
    use std::sync::Arc;

    use super::*;
    use crate::abi::pointer::{free, from_handle};

    /// Panics when it is dropped, this many times in a row.
    struct Bomb(u32);

    impl Drop for Bomb {
        fn drop(&mut self) {
            if let Some(left) = self.0.checked_sub(1) {
                panic_any(Bomb(left));
            }
        }
    }

    /// Runs a function at the boundary. Returns its status and its error's status.
    fn run(function: impl FnOnce() -> Result<(), Failure>) -> (callbot_status, callbot_status) {
        let mut error = ptr::null_mut();
        // SAFETY: the pointer is this function's own.
        let status = status(unsafe { Out::new(&raw mut error) }, function);
        // SAFETY: the error is NULL or came from the call above, and is freed once.
        let of_error = unsafe {
            let of_error = from_handle::<callbot_error>(error, "error")
                .map_or(CALLBOT_OK, |error| error.failure().status());
            free(error);
            of_error
        };
        (status, of_error)
    }

    #[test]
    fn a_panic_becomes_a_status_and_an_error() {
        assert_eq!(run(|| panic!()), (CALLBOT_PANIC, CALLBOT_PANIC));
        assert_eq!(run(|| panic_any(17)), (CALLBOT_PANIC, CALLBOT_PANIC));
        assert_eq!(run(|| Ok(())), (CALLBOT_OK, CALLBOT_OK));
        // SAFETY: NULL means that the caller does not want the error.
        let nowhere = unsafe { Out::new(ptr::null_mut()) };
        assert_eq!(status(nowhere, || panic!()), CALLBOT_PANIC);
    }

    #[test]
    fn a_panic_becomes_the_default_value() {
        assert_eq!(value(7, || 1), 1);
        assert_eq!(value(7, || panic!()), 7);
    }

    #[test]
    fn a_payload_that_panics_on_drop_stays_inside() {
        let outcome = panic::catch_unwind(|| {
            assert_eq!(value(7, || panic_any(Bomb(2))), 7);
            assert_eq!(run(|| panic_any(Bomb(2))), (CALLBOT_PANIC, CALLBOT_PANIC));
        });
        if let Err(payload) = outcome {
            // Dropping it would panic in the test runner.
            std::mem::forget(payload);
            panic!("a panic came out");
        }
    }

    #[test]
    fn a_payload_does_not_leak() {
        let payload = Arc::new(());
        let thrown = Arc::clone(&payload);
        value((), || panic_any(thrown));
        assert_eq!(Arc::strong_count(&payload), 1);
    }
}
