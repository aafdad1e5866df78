//! The signing rule: which bytes are hashed, in which order, and the signature that results.

use core::fmt;
use core::str::FromStr;

use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};

#[cfg(not(feature = "rustcrypto-md5"))]
pub(crate) use crate::sign::md5::Md5;
#[cfg(feature = "rustcrypto-md5")]
pub(crate) use md5::Md5;

/// The hash that an account signs with.
///
/// The provider's console shows on its Developer page which one an account uses. The API assumes
/// MD5 without an `algorithm` header, and so does [`Default`].
///
/// ```
/// use callbot_core::Algorithm;
///
/// assert_eq!(Algorithm::default(), Algorithm::Md5);
/// assert_eq!("SHA256".parse::<Algorithm>()?.name(), "SHA256");
/// # Ok::<(), callbot_core::AlgorithmError>(())
/// ```
///
/// API page:
/// [Callbot-API-authorization](https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-authorization).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// MD5, the API's default.
    #[default]
    Md5,
    /// SHA-256. Prefer it if the console offers the choice.
    Sha256,
}

impl Algorithm {
    pub(crate) const ALL: [Self; 2] = [Self::Md5, Self::Sha256];

    /// The name in the `algorithm` header: `MD5` or `SHA256`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha256 => "SHA256",
        }
    }

    /// The length of its digest in bytes.
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
    type Err = AlgorithmError;

    /// Parses `MD5` or `SHA256`, ignoring case.
    ///
    /// # Errors
    ///
    /// [`AlgorithmError`] for any other string.
    fn from_str(name: &str) -> Result<Self, AlgorithmError> {
        Self::ALL
            .into_iter()
            .find(|algorithm| name.eq_ignore_ascii_case(algorithm.name()))
            .ok_or(AlgorithmError)
    }
}

/// A string that names neither `MD5` nor `SHA256`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct AlgorithmError;

impl AlgorithmError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        "algorithm"
    }
}

impl fmt::Display for AlgorithmError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "the algorithm is neither MD5 nor SHA256; use the one that the console's Developer \
             page shows for the account",
        )
    }
}

impl core::error::Error for AlgorithmError {}

/// The bytes of a hash, of one of the algorithms' lengths.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Digest {
    /// Zero after `len`.
    bytes: [u8; Self::MAX_LEN],
    len: usize,
}

impl Digest {
    const MAX_LEN: usize = Algorithm::Sha256.digest_len();

    fn new(digest: &[u8]) -> Self {
        let mut bytes = [0; Self::MAX_LEN];
        bytes[..digest.len()].copy_from_slice(digest);
        Self {
            bytes,
            len: digest.len(),
        }
    }

    /// Decodes hex digits of either case. `None` unless there are as many as one of the algorithms
    /// produces.
    pub(crate) fn from_hex(hex: &[u8]) -> Option<Self> {
        let len = Algorithm::ALL
            .map(Algorithm::digest_len)
            .into_iter()
            .find(|len| 2 * len == hex.len())?;
        let mut digits = [0; 2 * Self::MAX_LEN];
        for (digit, c) in digits.iter_mut().zip(hex.iter().copied()) {
            *digit = hex_digit(c);
        }
        if digits.iter().fold(0, |all, digit| all | digit) > 0xf {
            return None;
        }
        let mut bytes = [0; Self::MAX_LEN];
        for (byte, digits) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = digits[0] << 4 | digits[1];
        }
        Some(Self { bytes, len })
    }

    /// The bytes in few numbers, each of which `subtle` compares at once.
    fn words(&self) -> [u64; Self::MAX_LEN / 8] {
        let mut words = [0; Self::MAX_LEN / 8];
        for (word, bytes) in words.iter_mut().zip(self.bytes.chunks_exact(8)) {
            *word = u64::from_le_bytes(bytes.try_into().expect("a word has eight bytes"));
        }
        words
    }

    fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

/// The value of a hex digit; 255 for any other byte. Without branches, so that many are decoded at
/// once.
pub(crate) const fn hex_digit(c: u8) -> u8 {
    let (digit, letter) = (c.wrapping_sub(b'0'), (c | 0x20).wrapping_sub(b'a'));
    if digit < 10 {
        digit
    } else if letter < 6 {
        letter + 10
    } else {
        u8::MAX
    }
}

impl ConstantTimeEq for Digest {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.words().as_slice().ct_eq(&other.words()) & self.len.ct_eq(&other.len)
    }
}

/// A finished signature: upper-case hex, 32 digits for MD5 and 64 for SHA-256.
///
/// Comparison takes constant time.
#[derive(Clone, Copy)]
pub struct Signature {
    /// Zero after `len`.
    hex: [u8; Self::MAX_LEN],
    len: usize,
}

impl Signature {
    /// The length in bytes of the longest signature, that of SHA-256.
    pub const MAX_LEN: usize = 2 * Digest::MAX_LEN;

    /// The upper-case hex digits, as the `sign` header carries them.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "hex digits are ASCII")]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.hex[..self.len]).expect("hex digits are ASCII")
    }
}

impl From<&Digest> for Signature {
    fn from(digest: &Digest) -> Self {
        let mut hex = [0; Self::MAX_LEN];
        let len = 2 * digest.len;
        hex::encode_to_slice(digest.as_bytes(), &mut hex[..len])
            .expect("the slice has two places for each byte");
        // The crate writes lower case.
        hex.make_ascii_uppercase();
        Self { hex, len }
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

/// The parts of the signed string. Only this type knows their order.
pub(crate) struct SignedString<'a> {
    pub(crate) secret_key: &'a [u8],
    pub(crate) body: &'a [u8],
    pub(crate) create_ts: &'a str,
    pub(crate) request_id: &'a str,
    pub(crate) uuid: &'a str,
}

impl<'a> SignedString<'a> {
    /// The string in pieces, so that hashing does not copy the body.
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

    pub(crate) fn digest(&self, algorithm: Algorithm) -> Digest {
        match algorithm {
            Algorithm::Md5 => self.hash::<Md5>(),
            Algorithm::Sha256 => self.hash::<Sha256>(),
        }
    }

    fn hash<D: sha2::Digest>(&self) -> Digest {
        let mut hash = D::new();
        for piece in self.pieces() {
            hash.update(piece);
        }
        Digest::new(&hash.finalize())
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use sha2::Digest as _;

    use super::*;

    fn signature(digest: &[u8]) -> Signature {
        Signature::from(&Digest::new(digest))
    }

    fn are_equal(one: &Digest, other: &Digest) -> bool {
        one.ct_eq(other).into()
    }

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
            let by_md5 = Digest::new(&Md5::digest(&whole));
            let by_sha256 = Digest::new(&Sha256::digest(&whole));
            assert!(are_equal(&signed.digest(Algorithm::Md5), &by_md5), "{len}");
            assert!(
                are_equal(&signed.digest(Algorithm::Sha256), &by_sha256),
                "{len}"
            );
        }
    }

    #[test]
    fn a_signature_is_the_digest_in_upper_case_hex_and_decodes_to_it() {
        let mut bytes = [0; 32];
        for (byte, value) in bytes.iter_mut().zip((0..=255).step_by(0x11).cycle()) {
            *byte = value;
        }
        let upper = "00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF";
        for len in [16, 32] {
            let digest = Digest::new(&bytes[..len]);
            let signature = Signature::from(&digest);
            assert_eq!(signature.as_str(), &upper[..2 * len]);
            for hex in [signature.as_str(), &signature.as_str().to_ascii_lowercase()] {
                assert!(
                    are_equal(&Digest::from_hex(hex.as_bytes()).unwrap(), &digest),
                    "{hex}"
                );
            }
        }
    }

    #[test]
    fn only_hex_of_an_algorithms_length_is_a_digest() {
        for len in 0..=70 {
            let hex = "a".repeat(len);
            assert_eq!(
                Digest::from_hex(hex.as_bytes()).is_some(),
                len == 32 || len == 64,
                "{len}"
            );
        }
        assert!(Digest::from_hex(&[b'g'; 32]).is_none());
        assert!(Digest::from_hex("é".repeat(16).as_bytes()).is_none());
    }

    #[test]
    fn every_hex_digit_of_either_case_is_decoded_and_no_other_byte_is() {
        for byte in 0..=u8::MAX {
            for place in [0, 1, 62, 63] {
                let mut digits = [b'0'; 64];
                digits[place] = byte;
                let decoded = Digest::from_hex(&digits).map(|digest| digest.bytes);
                let mut expected = [0; 32];
                let is_hex = hex::decode_to_slice(digits, &mut expected).is_ok();
                assert_eq!(decoded, is_hex.then_some(expected), "{byte} at {place}");
            }
        }
    }

    #[test]
    fn digests_and_signatures_that_differ_in_any_one_bit_are_not_equal() {
        for len in [16, 32] {
            let bytes = [0x5a; 32];
            let digest = Digest::new(&bytes[..len]);
            assert!(are_equal(&digest, &Digest::new(&bytes[..len])));
            assert_eq!(signature(&bytes[..len]), signature(&bytes[..len]));
            for bit in 0..len * 8 {
                let mut other = bytes;
                other[bit / 8] ^= 1 << (bit % 8);
                assert!(!are_equal(&digest, &Digest::new(&other[..len])), "{bit}");
                assert_ne!(signature(&bytes[..len]), signature(&other[..len]), "{bit}");
            }
        }
    }

    #[test]
    fn a_digest_is_not_equal_to_a_longer_one_that_begins_like_it() {
        for byte in [0, 0x5a] {
            let digest = [byte; 32];
            assert_ne!(signature(&digest[..16]), signature(&digest));
            assert!(!are_equal(
                &Digest::new(&digest[..16]),
                &Digest::new(&digest)
            ));
        }
    }
}
