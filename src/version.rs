//! The versions of the library and of its binary interface.

use crate::abi::boundary;
use crate::abi::string::callbot_str;

/// The version of the binary interface that this header describes. See callbot_abi_version.
pub const CALLBOT_ABI_VERSION: u32 = 4;

/// Returns the library's version, such as "0.1.0". The string lives as long as the program.
#[unsafe(no_mangle)]
pub extern "C" fn callbot_version() -> callbot_str {
    boundary::value(callbot_str::EMPTY, || {
        callbot_str::borrow(env!("CARGO_PKG_VERSION"))
    })
}

/// Returns the version of the library's binary interface. A program works with the library if this
/// equals the CALLBOT_ABI_VERSION that it was compiled with. The version increases when a function
/// or struct changes, and stays when one is added.
#[unsafe(no_mangle)]
pub extern "C" fn callbot_abi_version() -> u32 {
    boundary::value(0, || CALLBOT_ABI_VERSION)
}
