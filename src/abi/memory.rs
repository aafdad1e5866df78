//! Memory: the allocator, and what is made fallibly.
//!
//! Rust's own small allocations cannot fail: the program would end. Behind the C library's
//! allocator there is therefore a static reserve, from which small blocks are taken when malloc
//! fails. A call that took any fails with `CALLBOT_NO_MEMORY` and gives them back: see [`Watch`].
//! No object that outlives a call may hold one: lists of long life grow past the size of a block.
//! What grows with the input is asked for by `try_reserve`, and handles are made by [`try_box`],
//! without the reserve. While any block of it is in use, the core makes no small copies. So a
//! lasting lack of memory does not use the reserve up.
//!
//! Nothing here uses a thread-local: in a library that was loaded at run time, the first use of one
//! allocates.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::UnsafeCell;
use std::fmt;
use std::ptr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use callbot_core::{RESERVE_BLOCK, RESERVE_IN_USE};

struct Allocator;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

// SAFETY: every block is one of the system's allocator or of the reserve, and goes back to where it
// came from.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the same contract.
        let block = unsafe { System.alloc(layout) };
        if block.is_null() {
            return take(layout);
        }
        block
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the same contract.
        let block = unsafe { System.alloc_zeroed(layout) };
        if !block.is_null() {
            return block;
        }
        let block = take(layout);
        if !block.is_null() {
            // SAFETY: a block of the reserve has at least the size of the layout.
            unsafe { block.write_bytes(0, layout.size()) };
        }
        block
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if !give_back(block) {
            // SAFETY: the block is not of the reserve, so it is the system's.
            unsafe { System.dealloc(block, layout) };
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if !is_reserved(block) {
            // SAFETY: the block is the system's; the rest is the same contract.
            let grown = unsafe { System.realloc(block, layout, size) };
            if !grown.is_null() {
                return grown;
            }
        } else if size <= SIZE {
            return block;
        }
        // SAFETY: `size` is not 0 and, rounded up, does not exceed `isize::MAX`.
        let layout_of_grown = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        // SAFETY: as above.
        let grown = unsafe { self.alloc(layout_of_grown) };
        if !grown.is_null() {
            // SAFETY: both blocks have this size, and are different ones.
            unsafe { ptr::copy_nonoverlapping(block, grown, layout.size().min(size)) };
            // SAFETY: the same contract.
            unsafe { self.dealloc(block, layout) };
        }
        grown
    }
}

/// Blocks of one size, and a bit for each that is taken.
#[repr(C, align(16))]
struct Blocks<const SIZE: usize, const WORDS: usize> {
    bytes: UnsafeCell<[[[u8; SIZE]; 64]; WORDS]>,
    taken: [AtomicU64; WORDS],
}

// SAFETY: a block is used only by whoever set its bit.
unsafe impl<const SIZE: usize, const WORDS: usize> Sync for Blocks<SIZE, WORDS> {}

impl<const SIZE: usize, const WORDS: usize> Blocks<SIZE, WORDS> {
    const fn new() -> Self {
        Self {
            bytes: UnsafeCell::new([[[0; SIZE]; 64]; WORDS]),
            taken: [const { AtomicU64::new(0) }; WORDS],
        }
    }

    /// A free block; NULL if there is none.
    fn take(&self) -> *mut u8 {
        for (word, taken) in self.taken.iter().enumerate() {
            let mut bits = taken.load(Ordering::Relaxed);
            while bits != u64::MAX {
                let bit = bits.trailing_ones();
                let before = taken.fetch_or(1 << bit, Ordering::Acquire);
                if before & 1 << bit == 0 {
                    let first = self.bytes.get().cast::<u8>();
                    return first.wrapping_add((word * 64 + bit as usize) * SIZE);
                }
                bits = before;
            }
        }
        ptr::null_mut()
    }

    /// The number of a block; `None` for any other.
    fn number_of(&self, block: *mut u8) -> Option<usize> {
        let offset = block.addr().wrapping_sub(self.bytes.get().addr());
        (offset < SIZE * 64 * WORDS).then_some(offset / SIZE)
    }

    /// Gives a block back. `false` for any other.
    fn give_back(&self, block: *mut u8) -> bool {
        let Some(number) = self.number_of(block) else {
            return false;
        };
        self.taken[number / 64].fetch_and(!(1 << (number % 64)), Ordering::Release);
        true
    }
}

/// The size of the reserve's blocks in bytes. Nothing larger is made infallibly.
const SIZE: usize = RESERVE_BLOCK;

/// The reserve: 1 MiB, which costs nothing in the file of the library and no memory until it is
/// used.
static RESERVE: Blocks<SIZE, 32> = Blocks::new();

/// How often an allocation failed.
static FAILURES: AtomicUsize = AtomicUsize::new(0);

/// A block of the reserve; NULL if the layout is too large or none is free.
#[cold]
fn take(layout: Layout) -> *mut u8 {
    FAILURES.fetch_add(1, Ordering::Relaxed);
    if layout.size() > SIZE || layout.align() > 16 {
        return ptr::null_mut();
    }
    let block = RESERVE.take();
    if !block.is_null() {
        RESERVE_IN_USE.fetch_add(1, Ordering::Relaxed);
    }
    block
}

fn is_reserved(block: *mut u8) -> bool {
    RESERVE.number_of(block).is_some()
}

fn give_back(block: *mut u8) -> bool {
    let is_reserved = RESERVE.give_back(block);
    if is_reserved {
        RESERVE_IN_USE.fetch_sub(1, Ordering::Relaxed);
    }
    is_reserved
}

/// Tells whether an allocation failed since it was made, in any thread: memory is short then, and
/// the call that watches fails.
#[derive(Clone, Copy)]
pub(crate) struct Watch(usize);

impl Watch {
    pub(crate) fn new() -> Self {
        Self(FAILURES.load(Ordering::Relaxed))
    }

    pub(crate) fn is_short(self) -> bool {
        FAILURES.load(Ordering::Relaxed) != self.0
    }
}

/// An allocation failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoMemory;

/// Moves a value into a box that is not of the reserve.
pub(crate) fn try_box<T>(value: T) -> Result<Box<T>, NoMemory> {
    const { assert!(size_of::<T>() > 0) };
    // SAFETY: the layout is not empty.
    let block = unsafe { System.alloc(Layout::new::<T>()) }.cast::<T>();
    if block.is_null() {
        return Err(NoMemory);
    }
    // SAFETY: the block has the layout of the value, and the allocator gives each block that is not
    // of the reserve back to the system.
    Ok(unsafe {
        block.write(value);
        Box::from_raw(block)
    })
}

/// A copy of a string.
pub(crate) fn try_string(string: &str) -> Result<String, NoMemory> {
    let mut copy = String::new();
    copy.try_reserve_exact(string.len()).map_err(|_| NoMemory)?;
    copy.push_str(string);
    Ok(copy)
}

/// A copy of bytes.
pub(crate) fn try_vec(bytes: &[u8]) -> Result<Vec<u8>, NoMemory> {
    let mut copy = Vec::new();
    copy.try_reserve_exact(bytes.len()).map_err(|_| NoMemory)?;
    copy.extend_from_slice(bytes);
    Ok(copy)
}

/// The string of a value. Unlike `to_string`, it fails if an allocation does.
pub(crate) fn try_to_string(value: impl fmt::Display) -> Result<String, NoMemory> {
    struct Writer(String);

    impl fmt::Write for Writer {
        fn write_str(&mut self, string: &str) -> fmt::Result {
            self.0.try_reserve(string.len()).map_err(|_| fmt::Error)?;
            self.0.push_str(string);
            Ok(())
        }
    }

    let mut writer = Writer(String::new());
    let written = fmt::write(&mut writer, format_args!("{value}"));
    written.map_err(|_| NoMemory)?;
    if RESERVE_IN_USE.load(Ordering::Relaxed) > 0 {
        return Err(NoMemory);
    }
    Ok(writer.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_block_is_given_once_and_comes_back() {
        static BLOCKS: Blocks<16, 2> = Blocks::new();
        let mut all: Vec<_> = (0..128).map(|_| BLOCKS.take()).collect();
        assert!(BLOCKS.take().is_null());
        assert!(all.iter().all(|block| block.addr() % 16 == 0));
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 128);
        for block in &all {
            assert!(BLOCKS.give_back(*block));
        }
        assert!(!BLOCKS.give_back(all[127].wrapping_add(16)));
        assert!(!BLOCKS.give_back(ptr::null_mut()));
        assert_eq!(BLOCKS.take(), all[0]);
    }

    #[test]
    fn a_block_of_the_reserve_grows_into_one_of_the_system() {
        let layout = Layout::from_size_align(100, 8).unwrap();
        let watch = Watch::new();
        let block = take(layout);
        assert!(watch.is_short());
        // SAFETY: the block has the layout, and is freed once.
        unsafe {
            block.write_bytes(7, 100);
            let grown = ALLOCATOR.realloc(block, layout, 5000);
            assert!(!is_reserved(grown));
            assert!((0..100).all(|at| grown.add(at).read() == 7));
            ALLOCATOR.dealloc(grown, Layout::from_size_align(5000, 8).unwrap());
        }
        assert!(take(Layout::from_size_align(SIZE + 1, 8).unwrap()).is_null());
    }

    #[test]
    fn a_string_is_made_as_by_to_string() {
        assert_eq!(try_to_string(format_args!("{}-{}", 1, "a")).unwrap(), "1-a");
    }
}
