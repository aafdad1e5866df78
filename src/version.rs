//! Which library this is.

use crate::boundary;
use crate::text::callbot_str;

/// The version of the binary interface that this header describes. See callbot_abi_version.
pub const CALLBOT_ABI_VERSION: u32 = 1;

/// The library's version, such as "0.1.0". Returns a text that lives as long as the program.
#[unsafe(no_mangle)]
pub extern "C" fn callbot_version() -> callbot_str {
    boundary::value(callbot_str::EMPTY, || {
        callbot_str::lend(env!("CARGO_PKG_VERSION").as_bytes())
    })
}

/// The version of the binary interface that the library has. A program that was compiled with this header can use the
/// library when it equals CALLBOT_ABI_VERSION. It grows when a function or a struct changes its shape, and not when
/// something is added.
#[unsafe(no_mangle)]
pub extern "C" fn callbot_abi_version() -> u32 {
    boundary::value(0, || CALLBOT_ABI_VERSION)
}
