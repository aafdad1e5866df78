//! Where the library's memory comes from: the system's allocator, which on Linux is asked for huge pages where a block is
//! large.
//!
//! The body of many orders is one large block, and with pages of 4 KiB the kernel is entered for each of them. Measured on
//! a virtual machine, a new batch of 100,000 orders took a third as long again as its hash only for that; the README has
//! the figures. The memory is the same in all other respects, and a system without huge pages takes no notice.

use std::alloc::{GlobalAlloc, Layout, System};

struct SystemWithHugePages;

#[global_allocator]
static ALLOCATOR: SystemWithHugePages = SystemWithHugePages;

// SAFETY: all calls are handed on unchanged to an allocator that keeps the rules, and `advise` changes no memory.
unsafe impl GlobalAlloc for SystemWithHugePages {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the rules, which are the same.
        advise(unsafe { System.alloc(layout) }, layout.size())
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        advise(unsafe { System.alloc_zeroed(layout) }, layout.size())
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // SAFETY: as above.
        advise(unsafe { System.realloc(block, layout, new_size) }, new_size)
    }
}

/// Asks for huge pages in a block, if it is large. Returns the block.
#[cfg(target_os = "linux")]
#[inline]
fn advise(block: *mut u8, size: usize) -> *mut u8 {
    /// The size of a huge page where a page has 4 KiB.
    const HUGE_PAGE: usize = 2 << 20;
    /// A block of this size has a huge page inside, wherever it begins.
    const LARGE: usize = 2 * HUGE_PAGE;
    if size >= LARGE && !block.is_null() {
        let begin = block.addr().next_multiple_of(HUGE_PAGE) - block.addr();
        let len = (size - begin) / HUGE_PAGE * HUGE_PAGE;
        // SAFETY: these are whole pages of a block that was allocated just now. The advice changes nothing in them, and
        // where it is not taken nothing is lost.
        unsafe { libc::madvise(block.add(begin).cast(), len, libc::MADV_HUGEPAGE) };
    }
    block
}

/// Other systems decide by themselves.
#[cfg(not(target_os = "linux"))]
fn advise(block: *mut u8, _: usize) -> *mut u8 {
    block
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::fs;

    /// What the kernel keeps of the memory that an address lies in.
    fn has_advice(address: usize) -> bool {
        let maps = fs::read_to_string("/proc/self/smaps").expect("Linux has it");
        let mut inside = false;
        for line in maps.lines() {
            let range = line
                .split(' ')
                .next()
                .and_then(|range| range.split_once('-'));
            let number = |digits| usize::from_str_radix(digits, 16).ok();
            if let Some((Some(begin), Some(end))) = range.map(|(a, b)| (number(a), number(b))) {
                inside = (begin..end).contains(&address);
            }
            if let Some(flags) = line.strip_prefix("VmFlags:") {
                if inside {
                    return flags.split(' ').any(|flag| flag == "hg");
                }
            }
        }
        panic!("no memory is there");
    }

    fn middle(block: &[u8]) -> usize {
        block.as_ptr().addr() + block.len() / 2
    }

    /// A kernel without huge pages keeps no advice.
    #[test]
    fn only_large_blocks_ask_for_huge_pages() {
        if !fs::exists("/sys/kernel/mm/transparent_hugepage").expect("Linux has it") {
            return;
        }
        let mut grown = vec![1_u8; 1 << 10];
        assert!(!has_advice(middle(&grown)));
        grown.reserve_exact(64 << 20);
        grown.resize(64 << 20, 1);
        assert!(has_advice(middle(&grown)));
        let copied = grown.clone();
        assert!(has_advice(middle(&copied)));
        assert!(has_advice(middle(&vec![0_u8; 64 << 20])));
        assert!(grown.iter().all(|&byte| byte == 1));
    }
}
