//! Where the library's memory comes from: the system's allocator, which on Linux is asked for huge pages where a block is
//! large.
//!
//! The body of many orders is one large block, and with pages of 4 KiB the kernel is entered for each of them: measured on
//! a virtual machine, that took nearly half as long as the hash of a new batch of a million orders, and with huge pages a
//! twelfth. A system without huge pages takes no notice.
//!
//! The advice is given for pages, and a block that malloc takes from the heap leaves it there for what comes next.

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
    /// A block of this size has a huge page of 2 MiB inside, wherever it begins.
    const LARGE: usize = 4 << 20;
    if size >= LARGE && !block.is_null() {
        advise_pages(block.addr(), size);
    }
    block
}

/// The whole pages that a block lies on are meant, and not only those inside it: a block that was mapped alone then stays
/// one mapping, which the kernel can enlarge and move without a copy.
#[cfg(target_os = "linux")]
#[cold]
fn advise_pages(address: usize, size: usize) {
    // SAFETY: it has no conditions.
    let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    let Some(page) = usize::try_from(page)
        .ok()
        .filter(|page| page.is_power_of_two())
    else {
        return;
    };
    let begin = address & !(page - 1);
    let len = (address + size).next_multiple_of(page) - begin;
    // SAFETY: nothing is read or written there. All pages hold bytes of a block that was just handed out; the advice
    // changes no byte of them or of their neighbours, and where it is not taken nothing is lost.
    unsafe {
        libc::madvise(
            std::ptr::without_provenance_mut(begin),
            len,
            libc::MADV_HUGEPAGE,
        )
    };
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

    /// The most memory that this process has had at once, in bytes.
    fn peak() -> usize {
        let status = fs::read_to_string("/proc/self/status").expect("Linux has it");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().strip_suffix(" kB"));
        kib.and_then(|kib| kib.parse::<usize>().ok())
            .expect("Linux has it")
            * 1024
    }

    #[test]
    fn a_large_block_grows_without_a_copy() {
        const SIZE: usize = 512 << 20;
        let mut block = vec![1_u8; SIZE];
        let before = peak();
        block.reserve_exact(SIZE);
        let more = peak() - before;
        assert!(more < SIZE / 2, "{more} bytes more");
        assert!(block.capacity() >= 2 * SIZE && block.iter().all(|&byte| byte == 1));
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
