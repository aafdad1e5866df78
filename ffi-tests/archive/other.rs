//! Another library in Rust, as a program may link beside ours: it panics and catches that itself.
use std::panic;

/// Returns 7 from a panic that is caught.
#[unsafe(no_mangle)]
pub extern "C" fn other_panic() -> i32 {
    panic::set_hook(Box::new(|_| {}));
    let payload = panic::catch_unwind(|| panic::panic_any(7_i32)).expect_err("a panic");
    *payload.downcast::<i32>().expect("the number")
}
