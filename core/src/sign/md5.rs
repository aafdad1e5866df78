//! MD5 (RFC 1321), limited in speed only by the dependency chain of its steps.
//!
//! MD5 is the API's default hash, and it takes most of the time of building and signing a batch.
//! Each of its 64 steps depends on the one before, so the critical path must hold no work that can
//! be done earlier: adding the message's word, the step's constant and the oldest register.
//! Compilers move these additions onto the critical path, in the `md-5` crate too; here they
//! cannot. Remove this module when `md-5` is as fast. The feature `rustcrypto-md5` replaces it.
//!
//! Only the compression function is our own: buffering and padding are those of `digest`.

mod compress;
#[cfg(test)]
mod tests;

use core::slice;

use digest::array::Array;
use digest::block_api::{
    Block, BlockSizeUser, Buffer, BufferKindUser, Eager, FixedOutputCore, OutputSizeUser,
    UpdateCore,
};
use digest::typenum::{U16, U64};
use digest::{HashMarker, Output};
use zeroize::Zeroizing;

pub(crate) use compress::compress;

digest::buffer_fixed!(
    /// A hash in progress. Its state and its buffered bytes are wiped on drop.
    pub(crate) struct Md5(Md5Core);
    impl: BaseFixedTraits Default Clone HashMarker;
);

/// The hash of whole blocks.
#[derive(Clone)]
pub(crate) struct Md5Core {
    state: Zeroizing<[u32; 4]>,
    block_count: u64,
}

impl UpdateCore for Md5Core {
    fn update_blocks(&mut self, blocks: &[Block<Self>]) {
        self.block_count = self.block_count.wrapping_add(blocks.len() as u64);
        compress(&mut self.state, Array::cast_slice_to_core(blocks));
    }
}

impl FixedOutputCore for Md5Core {
    fn finalize_fixed_core(&mut self, buffer: &mut Buffer<Self>, out: &mut Output<Self>) {
        let bytes = self.block_count.wrapping_mul(64) + buffer.get_pos() as u64;
        let state = &mut self.state;
        buffer.len64_padding_le(bytes.wrapping_mul(8), |block| {
            compress(state, slice::from_ref(&block.0));
        });
        for (bytes, word) in out.chunks_exact_mut(4).zip(state.iter()) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
    }
}

impl Default for Md5Core {
    fn default() -> Self {
        let state = Zeroizing::new([0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476]);
        Self {
            state,
            block_count: 0,
        }
    }
}

impl HashMarker for Md5Core {}

impl BlockSizeUser for Md5Core {
    type BlockSize = U64;
}

impl BufferKindUser for Md5Core {
    type BufferKind = Eager;
}

impl OutputSizeUser for Md5Core {
    type OutputSize = U16;
}
