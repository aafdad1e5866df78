//! The border that no panic crosses. Every exported function is one call of [`value`] or [`status`], and these two are
//! the only way through.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};

use crate::error::{Failure, callbot_error};
use crate::pointer::Out;
use crate::status::{CALLBOT_OK, CALLBOT_PANIC, callbot_status};

/// Runs a function that cannot fail. If it panics all the same, `on_panic` is returned.
pub(crate) fn value<R>(on_panic: R, function: impl FnOnce() -> R) -> R {
    // What a panic could leave half-written is guarded where it is written: see `Guarded`.
    match panic::catch_unwind(AssertUnwindSafe(function)) {
        Ok(value) => value,
        Err(payload) => {
            discard(payload);
            on_panic
        }
    }
}

/// Runs a function that can fail, and writes the error where it does.
pub(crate) fn status(
    error: Out<callbot_error>,
    function: impl FnOnce() -> Result<(), Failure>,
) -> callbot_status {
    value(CALLBOT_PANIC, || {
        let outcome = value(None, || {
            #[cfg(feature = "plant-panic")]
            planted::panic_if_armed();
            Some(function())
        });
        match outcome.unwrap_or_else(|| Err(Failure::panic())) {
            Ok(()) => CALLBOT_OK,
            Err(failure) => {
                let status = failure.status();
                error.write(Some(callbot_error::new(failure)));
                status
            }
        }
    })
}

/// Drops a panic's payload, whose own `drop` could panic again. The payload of that second panic is let be.
fn discard(payload: Box<dyn Any + Send>) {
    if let Err(second) = panic::catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        std::mem::forget(second);
    }
}

/// A panic that tests can plant inside the next function that can fail.
#[cfg(feature = "plant-panic")]
mod planted {
    use std::sync::atomic::{AtomicBool, Ordering};

    static ARMED: AtomicBool = AtomicBool::new(false);

    pub(super) fn panic_if_armed() {
        assert!(!ARMED.swap(false, Ordering::SeqCst), "a planted panic");
    }

    /// Makes the next call of a function that returns a status panic inside. Only in builds for tests.
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
    use crate::error::{callbot_error_free, callbot_error_status};

    /// Panics as often as this when it is dropped, each time with the next one.
    struct Bomb(u32);

    impl Drop for Bomb {
        fn drop(&mut self) {
            if let Some(left) = self.0.checked_sub(1) {
                panic_any(Bomb(left));
            }
        }
    }

    /// Runs a function at the boundary and reads its error's status.
    fn run(function: impl FnOnce() -> Result<(), Failure>) -> (callbot_status, callbot_status) {
        let mut error = ptr::null_mut();
        // SAFETY: the pointer is this function's own.
        let status = status(unsafe { Out::new(&raw mut error) }, function);
        // SAFETY: the error came out of the call before, and is freed once.
        let told = unsafe {
            let told = callbot_error_status(error);
            callbot_error_free(error);
            told
        };
        (status, told)
    }

    #[test]
    fn a_panic_is_a_status_and_an_error() {
        assert_eq!(run(|| panic!()), (CALLBOT_PANIC, CALLBOT_PANIC));
        assert_eq!(run(|| panic_any(17)), (CALLBOT_PANIC, CALLBOT_PANIC));
        assert_eq!(run(|| Ok(())), (CALLBOT_OK, CALLBOT_OK));
        // SAFETY: NULL stands for a caller who does not want the error.
        let nowhere = unsafe { Out::new(ptr::null_mut()) };
        assert_eq!(status(nowhere, || panic!()), CALLBOT_PANIC);
    }

    #[test]
    fn a_panic_is_the_value_that_stands_for_it() {
        assert_eq!(value(7, || 1), 1);
        assert_eq!(value(7, || panic!()), 7);
    }

    #[test]
    fn a_payload_that_panics_when_it_is_dropped_stays_inside() {
        let outcome = panic::catch_unwind(|| {
            assert_eq!(value(7, || panic_any(Bomb(2))), 7);
            assert_eq!(run(|| panic_any(Bomb(2))), (CALLBOT_PANIC, CALLBOT_PANIC));
        });
        if let Err(payload) = outcome {
            // Whoever drops it panics, the test's own runner too.
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
