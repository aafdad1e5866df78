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
            forget(payload);
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
        let outcome = value(Err(Failure::panic()), || {
            #[cfg(feature = "plant-panic")]
            planted::panic_if_armed();
            function()
        });
        match outcome {
            Ok(()) => CALLBOT_OK,
            Err(failure) => {
                let status = failure.status();
                error.write(Some(callbot_error::new(failure)));
                status
            }
        }
    })
}

/// Lets a panic's payload be, since its own `drop` could panic again.
fn forget(payload: Box<dyn Any + Send>) {
    std::mem::forget(payload);
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
    pub extern "C" fn callbot_test_plant_panic() {
        super::value((), || ARMED.store(true, Ordering::SeqCst));
    }
}
