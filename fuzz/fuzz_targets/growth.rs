//! A function, and an input for it that is made longer: the steps that it takes must not grow faster
//! than the input. The bytes 255 separate what the input begins with, what is repeated, and what it
//! ends with; the first byte of all selects the function.
//!
//! `.ci/run fuzz` builds this target with `-C profile-generate`, whose counters count the steps.
#![no_main]

use callbot_growth::{SUBJECTS, Shape};
use libfuzzer_sys::fuzz_target;

/// An input of about this length is compared with one that is four times as long. libFuzzer's own
/// inputs are shorter: they are only what is repeated.
const LEN: usize = 4096;
/// Linear work grows by 4, and quadratic work by up to 16.
const MAX_GROWTH: u64 = 6;
/// What a table costs that is first needed for the longer input.
const SLACK: u64 = 20_000;

fuzz_target!(|data: &[u8]| {
    let Some((&choice, data)) = data.split_first() else {
        return;
    };
    let subject = &SUBJECTS[usize::from(choice) % SUBJECTS.len()];
    let mut parts = data.splitn(3, |&byte| byte == 255);
    let [Some(first), Some(repeated)] = [parts.next(), parts.next()] else {
        return;
    };
    let last = parts.next().unwrap_or_default();
    let shape = Shape {
        first,
        repeated,
        last,
    };
    let [short, long] = [LEN, 4 * LEN].map(|len| {
        let input = shape.of_len(len);
        let before = steps::count();
        (subject.run)(&input);
        steps::count() - before
    });
    assert!(short > 0, "no steps were counted");
    assert!(
        long <= short * MAX_GROWTH + SLACK,
        "{}: {short} steps, and {long} for 4 times the input",
        subject.name
    );
});

/// Counts what the program has done.
#[cfg(count_steps)]
#[expect(unsafe_code, reason = "the counters are in a section of the program")]
mod steps {
    use std::slice;

    unsafe extern "C" {
        safe fn __llvm_profile_begin_counters() -> *const u64;
        safe fn __llvm_profile_end_counters() -> *const u64;
    }

    /// How often the parts of all functions were run so far.
    pub(crate) fn count() -> u64 {
        let (begin, end) = (
            __llvm_profile_begin_counters(),
            __llvm_profile_end_counters(),
        );
        // SAFETY: both are of the section with the counters. Nothing else runs that changes them
        // while the slice lives.
        let counters = unsafe {
            let len = end.offset_from(begin);
            slice::from_raw_parts(begin, len.try_into().expect("a length"))
        };
        counters.iter().sum()
    }
}

#[cfg(not(count_steps))]
mod steps {
    pub(crate) fn count() -> u64 {
        panic!("build this target as .ci/run does, so that steps are counted")
    }
}
