//! A library without std: its own panic handler and allocator, and a signature by callbot-core.
//!
//! The standard library has a panic handler, and the compiler refuses a second one ("found
//! duplicate lang item `panic_impl`"). So this crate builds only if no dependency of callbot-core
//! needs std. Tests on the usual targets would not notice, since std is available there. `.ci/run`
//! also builds this crate with callbot-core's feature `http`, which needs std, and requires that
//! the build fails with this message.
#![no_std]

use core::alloc::{GlobalAlloc, Layout};
use core::panic::PanicInfo;
use core::ptr;

use callbot_core::{Algorithm, Credentials, Error, RequestId, SecretKey, Signature, Timestamp};

/// Never allocates: this crate is built, but never run.
struct Nothing;

// SAFETY: the allocator never returns memory.
unsafe impl GlobalAlloc for Nothing {
    unsafe fn alloc(&self, _: Layout) -> *mut u8 {
        ptr::null_mut()
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[global_allocator]
static ALLOCATOR: Nothing = Nothing;

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {}
}

/// Signs an empty body, so that the linker cannot drop the library. Returns the length of the
/// signature.
#[unsafe(no_mangle)]
pub extern "C" fn sign_nothing() -> usize {
    signature().map_or(0, |sign| sign.as_str().len())
}

fn signature() -> Result<Signature, Error> {
    let key = SecretKey::new("u7Mf3zUN")?;
    let credentials = Credentials::new("Vh71ym3y", key, Algorithm::Sha256)?;
    let create_ts = Timestamp::from_unix_seconds(1_726_200_000)?;
    Ok(credentials.sign(&RequestId::new("1")?, create_ts, b""))
}
