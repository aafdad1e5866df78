//! MD5's compression function (RFC 1321, section 3.4).

#![expect(
    clippy::inline_always,
    reason = "a step's number is a constant only after inlining"
)]

use core::hint::black_box;

/// The constant of each step, `floor(2^32 * abs(sin(i + 1)))`.
#[rustfmt::skip]
const CONSTANTS: [u32; 64] = [
    0xd76a_a478, 0xe8c7_b756, 0x2420_70db, 0xc1bd_ceee, 0xf57c_0faf, 0x4787_c62a, 0xa830_4613, 0xfd46_9501,
    0x6980_98d8, 0x8b44_f7af, 0xffff_5bb1, 0x895c_d7be, 0x6b90_1122, 0xfd98_7193, 0xa679_438e, 0x49b4_0821,
    0xf61e_2562, 0xc040_b340, 0x265e_5a51, 0xe9b6_c7aa, 0xd62f_105d, 0x0244_1453, 0xd8a1_e681, 0xe7d3_fbc8,
    0x21e1_cde6, 0xc337_07d6, 0xf4d5_0d87, 0x455a_14ed, 0xa9e3_e905, 0xfcef_a3f8, 0x676f_02d9, 0x8d2a_4c8a,
    0xfffa_3942, 0x8771_f681, 0x6d9d_6122, 0xfde5_380c, 0xa4be_ea44, 0x4bde_cfa9, 0xf6bb_4b60, 0xbebf_bc70,
    0x289b_7ec6, 0xeaa1_27fa, 0xd4ef_3085, 0x0488_1d05, 0xd9d4_d039, 0xe6db_99e5, 0x1fa2_7cf8, 0xc4ac_5665,
    0xf429_2244, 0x432a_ff97, 0xab94_23a7, 0xfc93_a039, 0x655b_59c3, 0x8f0c_cc92, 0xffef_f47d, 0x8584_5dd1,
    0x6fa8_7e4f, 0xfe2c_e6e0, 0xa301_4314, 0x4e08_11a1, 0xf753_7e82, 0xbd3a_f235, 0x2ad7_d2bb, 0xeb86_d391,
];

/// The rotation of each step of a round; the four repeat within the round.
#[rustfmt::skip]
const ROTATIONS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];

/// The word of the block that each round starts with, and the stride to the next step's word.
const WORDS: [(usize, usize); 4] = [(0, 1), (1, 5), (5, 3), (0, 7)];

/// The addend of a step that does not depend on the step before: the message's word and the
/// constant.
#[inline(always)]
const fn addend(step: usize, words: &[u32; 16]) -> u32 {
    let (first, stride) = WORDS[step / 16];
    CONSTANTS[step].wrapping_add(words[(first + stride * step) % 16])
}

/// One step. Only `b` is a result of the step before.
#[inline(always)]
const fn run(step: usize, [a, b, c, d]: [u32; 4], addend: u32) -> [u32; 4] {
    let early = a.wrapping_add(addend);
    let sum = match step / 16 {
        0 => early.wrapping_add(d ^ (b & (c ^ d))),
        // The two halves share no bits, so adding equals `|`, and the half without `b` is added
        // early.
        1 => early.wrapping_add(c & !d).wrapping_add(b & d),
        2 => early.wrapping_add(b ^ c ^ d),
        _ => early.wrapping_add(c ^ (b | !d)),
    };
    let rotated = sum.rotate_left(ROTATIONS[step / 16][step % 4]);
    [d, rotated.wrapping_add(b), b, c]
}

/// Compresses blocks into the state, which stays in registers between blocks.
pub(crate) fn compress(state: &mut [u32; 4], blocks: &[[u8; 64]]) {
    let mut all = *state;
    for block in blocks {
        let new = state_after(all, block);
        for (old, new) in all.iter_mut().zip(new) {
            *old = old.wrapping_add(new);
        }
    }
    *state = all;
}

/// The state after the 64 steps of a block.
#[inline(always)]
fn state_after(mut state: [u32; 4], block: &[u8; 64]) -> [u32; 4] {
    let mut words = [0; 16];
    for (word, bytes) in words.iter_mut().zip(block.chunks_exact(4)) {
        *word = u32::from_le_bytes(bytes.try_into().expect("a word has four bytes"));
    }
    macro_rules! four_steps {
        ($($i:literal)*) => {$(
            // `black_box` stops the compiler from adding these last. Four at once cost one round
            // trip through memory.
            let addends = black_box([
                addend($i, &words), addend($i + 1, &words), addend($i + 2, &words), addend($i + 3, &words),
            ]);
            state = run($i, state, addends[0]);
            state = run($i + 1, state, addends[1]);
            state = run($i + 2, state, addends[2]);
            state = run($i + 3, state, addends[3]);
        )*};
    }
    four_steps!(0 4 8 12 16 20 24 28 32 36 40 44 48 52 56 60);
    state
}
