//! The two hashes as their compression functions: many short strings with the same start take no
//! more than their blocks.

use alloc::vec::Vec;

use digest::array::Array;
use digest::typenum::U64;
use zeroize::Zeroize;

#[cfg(not(feature = "rustcrypto-md5"))]
use crate::sign::md5::compress as compress_md5;
#[cfg(feature = "rustcrypto-md5")]
use md5::block_api::compress as compress_md5;

/// The block length of both algorithms, in bytes.
pub(super) const BLOCK: usize = 64;

/// The most bytes that padding adds to a string.
pub(super) const MAX_PADDING: usize = BLOCK + 8;

/// A hash of blocks.
pub(super) trait Hash {
    /// The hash so far, of whole blocks.
    type State: Copy + Zeroize;
    type Digest: AsRef<[u8]> + Zeroize;

    const INITIAL: Self::State;

    fn compress(state: &mut Self::State, blocks: &[[u8; BLOCK]]);

    /// The digest, after the padding.
    fn digest(state: &Self::State) -> Self::Digest;

    /// The length in bits, as the padding has it.
    fn length(bits: u64) -> [u8; 8];
}

/// MD5 (RFC 1321).
pub(super) enum Md5 {}

impl Hash for Md5 {
    type State = [u32; 4];
    type Digest = [u8; 16];

    const INITIAL: Self::State = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];

    fn compress(state: &mut Self::State, blocks: &[[u8; BLOCK]]) {
        compress_md5(state, blocks);
    }

    fn digest(state: &Self::State) -> Self::Digest {
        let mut digest = [0; 16];
        for (bytes, word) in digest.chunks_exact_mut(4).zip(state) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        digest
    }

    fn length(bits: u64) -> [u8; 8] {
        bits.to_le_bytes()
    }
}

/// SHA-256 (FIPS 180-4).
pub(super) enum Sha256 {}

impl Hash for Sha256 {
    type State = [u32; 8];
    type Digest = [u8; 32];

    const INITIAL: Self::State = [
        0x6a09_e667,
        0xbb67_ae85,
        0x3c6e_f372,
        0xa54f_f53a,
        0x510e_527f,
        0x9b05_688c,
        0x1f83_d9ab,
        0x5be0_cd19,
    ];

    fn compress(state: &mut Self::State, blocks: &[[u8; BLOCK]]) {
        sha2::block_api::compress256(state, blocks);
    }

    fn digest(state: &Self::State) -> Self::Digest {
        let mut digest = [0; 32];
        for (bytes, word) in digest.chunks_exact_mut(4).zip(state) {
            bytes.copy_from_slice(&word.to_be_bytes());
        }
        digest
    }

    fn length(bits: u64) -> [u8; 8] {
        bits.to_be_bytes()
    }
}

/// Pads the end of a string that has `len` bytes in all, so that it ends with a block.
pub(super) fn pad<H: Hash>(end: &mut Vec<u8>, len: usize) {
    end.push(0x80);
    let padded = (end.len() + 8).next_multiple_of(BLOCK);
    end.resize(padded - 8, 0);
    end.extend_from_slice(&H::length(8 * len as u64));
}

/// The last block of a string of `len` bytes, of which `rest` are in it and leave room for all of
/// the padding.
pub(super) fn last_block<H: Hash>(rest: &[u8], len: usize) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    block[..rest.len()].copy_from_slice(rest);
    block[rest.len()] = 0x80;
    block[BLOCK - 8..].copy_from_slice(&H::length(8 * len as u64));
    block
}

/// The whole blocks of a string.
pub(super) fn blocks_of(string: &[u8]) -> &[[u8; BLOCK]] {
    let (blocks, _) = Array::<u8, U64>::slice_as_chunks(string);
    Array::cast_slice_to_core(blocks)
}
