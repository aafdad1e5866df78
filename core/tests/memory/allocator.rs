//! An allocator that counts, and that fails on demand.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::ptr;

/// Counts the allocations of the current thread, so that parallel tests do not mix.
struct Counting;

thread_local! {
    static NOW: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
    /// The number of large allocations until one fails. `None` if none does, or it did.
    static UNTIL_FAILURE: Cell<Option<usize>> = const { Cell::new(None) };
}

/// What is larger than this can fail.
const LARGE: usize = 1024;

/// Whether an allocation fails.
fn fails(size: usize) -> bool {
    let fails = UNTIL_FAILURE.try_with(|left| {
        let before = left.get().filter(|_| size > LARGE);
        if let Some(before) = before {
            left.set(before.checked_sub(1));
        }
        before == Some(0)
    });
    fails.unwrap_or(false)
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn count(bytes: isize) {
    // A thread that is exiting may have dropped its counters.
    let _ = NOW.try_with(|now| {
        now.set(now.get() + bytes);
        PEAK.with(|peak| peak.set(peak.get().max(now.get())));
        if bytes > 0 {
            ALLOCATIONS.with(|allocations| allocations.set(allocations.get() + 1));
        }
    });
}

fn signed(size: usize) -> isize {
    isize::try_from(size).expect("no layout is larger")
}

// SAFETY: all calls are forwarded unchanged, or fail.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if fails(layout.size()) {
            return ptr::null_mut();
        }
        count(signed(layout.size()));
        // SAFETY: the caller upholds the same contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if fails(layout.size()) {
            return ptr::null_mut();
        }
        count(signed(layout.size()));
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-signed(layout.size()));
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        if fails(new_size) {
            return ptr::null_mut();
        }
        // The worst case: both blocks exist for a moment.
        count(signed(new_size));
        count(-signed(layout.size()));
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, new_size) }
    }
}

/// Returns the result of `make`, its peak of additional bytes, and its number of allocations.
pub(crate) fn measured<T>(make: impl FnOnce() -> T) -> (T, usize, usize) {
    let before = NOW.get();
    PEAK.set(before);
    ALLOCATIONS.set(0);
    let result = make();
    let peak = usize::try_from(PEAK.get() - before).expect("the peak is not below the start");
    (result, peak, ALLOCATIONS.get())
}

/// Returns the result of `make`, whose `n`-th large allocation fails, counted from 0, and whether
/// there was one.
pub(crate) fn failing<T>(n: usize, make: impl FnOnce() -> T) -> (T, bool) {
    UNTIL_FAILURE.set(Some(n));
    let result = make();
    (result, UNTIL_FAILURE.replace(None).is_none())
}
