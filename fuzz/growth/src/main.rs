//! Calls each function under test with each of its inputs, first with one of [`LEN`] bytes and then
//! with one that is twice as long, for a tool that counts the instructions in [`measured`]. Prints
//! what it calls, in this order.

use callbot_growth::{SHAPES, SUBJECTS};

const LEN: usize = 1 << 13;

fn main() {
    for name in SHAPES.iter().flat_map(|(names, _)| *names) {
        let known = SUBJECTS.iter().any(|subject| subject.name == *name);
        assert!(known, "an input is for {name}, which is no subject");
    }
    for subject in SUBJECTS {
        for (_, shape) in SHAPES
            .iter()
            .filter(|(names, _)| names.contains(&subject.name))
        {
            for len in [LEN, 2 * LEN] {
                let input = shape.of_len(len);
                measured(subject.run, &input);
            }
            let [first, repeated, last] = [shape.first, shape.repeated, shape.last];
            let [first, repeated, last] = [first, repeated, last].map(|part| part.escape_ascii());
            println!("{} '{first}' '{repeated}' '{last}'", subject.name);
        }
    }
}

/// The tool counts instructions only in this function.
#[inline(never)]
fn measured(run: fn(&[u8]), input: &[u8]) {
    run(std::hint::black_box(input));
    // A call that is the last one would be no call.
    std::hint::black_box(());
}
