//! Compares the hash with the `md-5` crate.

use alloc::vec::Vec;

use digest::Digest;
use proptest::prelude::*;

use super::Md5;

fn pattern(len: usize) -> Vec<u8> {
    (0..=250).cycle().take(len).collect()
}

#[test]
fn every_length_around_the_padding_is_hashed_as_the_oracle_does() {
    for len in 0..1000 {
        let message = pattern(len);
        assert_eq!(
            Md5::digest(&message)[..],
            md5::Md5::digest(&message)[..],
            "{len}"
        );
    }
}

/// From the RFC's own test suite.
#[test]
fn the_examples_of_rfc_1321_have_their_digests() {
    for (message, digest) in [
        ("", "d41d8cd98f00b204e9800998ecf8427e"),
        ("a", "0cc175b9c0f1b6a831c399e269772661"),
        ("abc", "900150983cd24fb0d6963f7d28e17f72"),
        ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
    ] {
        let mut hex = [0; 32];
        hex::encode_to_slice(Md5::digest(message), &mut hex).unwrap();
        assert_eq!(hex, digest.as_bytes());
    }
}

proptest! {
    #[test]
    fn any_message_in_any_pieces_is_hashed_as_the_oracle_does(
        pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..20),
    ) {
        let mut digest = Md5::default();
        for piece in &pieces {
            digest.update(piece);
        }
        prop_assert_eq!(&digest.finalize()[..], &md5::Md5::digest(pieces.concat())[..]);
    }
}
