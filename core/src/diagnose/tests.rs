use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::format;
use std::string::String;
use std::vec::Vec;

use digest::typenum::{U16, U32};
use digest::{FixedOutput, HashMarker, Output, OutputSizeUser, Update};
use sha2::Sha256;

use crate::diagnose::search;
use crate::diagnose::{Explanation, Message};
use crate::sign::credentials::{Credentials, SecretKey};
use crate::sign::signature::{Algorithm, Md5};

std::thread_local! {
    /// The bytes that all hashes took.
    static BYTES: Cell<usize> = const { Cell::new(0) };
    /// The digests that must not come out.
    static RANDOM: RefCell<HashSet<[u8; 8]>> = RefCell::default();
}

macro_rules! counting_hash {
    ($name:ident, $len:ty) => {
        /// A hash that only counts.
        #[derive(Clone, Default)]
        struct $name;

        impl HashMarker for $name {}
        impl OutputSizeUser for $name {
            type OutputSize = $len;
        }
        impl Update for $name {
            fn update(&mut self, bytes: &[u8]) {
                BYTES.set(BYTES.get() + bytes.len());
            }
        }
        impl FixedOutput for $name {
            fn finalize_into(self, _: &mut Output<Self>) {}
        }
    };
}
counting_hash!(CountingMd5, U16);
counting_hash!(CountingSha256, U32);

/// A hash whose digests are compared with [`RANDOM`].
#[derive(Clone, Default)]
struct Watched<D>(D);

impl<D> HashMarker for Watched<D> {}
impl<D: OutputSizeUser> OutputSizeUser for Watched<D> {
    type OutputSize = D::OutputSize;
}
impl<D: Update> Update for Watched<D> {
    fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }
}
impl<D: FixedOutput> FixedOutput for Watched<D> {
    fn finalize_into(self, out: &mut Output<Self>) {
        self.0.finalize_into(out);
        let windows = out.windows(8).map(|part| part.try_into().expect("eight"));
        let windows: Vec<[u8; 8]> = windows.collect();
        RANDOM.with_borrow(|random| assert!(windows.iter().all(|part| !random.contains(part))));
    }
}

fn credentials(algorithm: Algorithm) -> Credentials {
    let key = SecretKey::new("u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr").expect("a key");
    Credentials::new("Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR", key, algorithm).expect("a uuid")
}

/// A message with a random signature.
fn message<'a>(headers: &'a [(&'a str, String)], body: &'a [u8]) -> Message<'a> {
    let pairs = headers.iter().map(|(name, value)| (*name, value.as_str()));
    Message::from_pairs(pairs, body).expect("a signature")
}

fn headers(sign: String, id_len: usize) -> Vec<(&'static str, String)> {
    [
        ("requestID", "5cfca4cfbb842cdb".repeat(8)[..id_len].into()),
        ("uuid", "Vh71ym3yQwWSYZFp".repeat(8)[..id_len].into()),
        ("createTs", "1726200000".into()),
        ("sign", sign),
    ]
    .into()
}

/// A random signature of an algorithm.
fn random_sign(algorithm: Algorithm, seed: u64) -> String {
    let digest: [u8; 32] = sha2::Digest::finalize(sha2::Digest::chain_update(
        <Sha256 as sha2::Digest>::new(),
        seed.to_le_bytes(),
    ))
    .into();
    let mut hex = [0; 64];
    let hex = &mut hex[..2 * algorithm.digest_len()];
    hex::encode_to_slice(&digest[..algorithm.digest_len()], hex).expect("enough room");
    String::from_utf8_lossy(hex).to_uppercase()
}

/// A body of 100 kB: orders as they are, or written so that every rewrite applies.
fn long_body(has_everything: bool) -> Vec<u8> {
    let order = |number: usize| {
        format!(
            "{{\"orderID\":\"7b0f2a60-2f0c-4a6e-9f0b-{number:012}\",\"userPhone\":\"86138{number:08}\",\
             \"other\":\"https://example.com/<a&b>\",\"userName\":\"王芳é\",\"customerName\":\"\",\
             \"params\":[{{\"name\":\"amount\",\"value\":\"120.50\"}}]}}"
        )
    };
    let mut body = String::from("{\"userTaskID\":\"spring\",\"callList\":[");
    for number in 0.. {
        if body.len() >= 100_000 {
            break;
        }
        body.push_str(if number == 0 { "" } else { "," });
        body.push_str(&order(number));
    }
    body.push_str("]}");
    if has_everything {
        body = body.replace("],", "],\r\n  ").replace("\":", "\" :\t");
        body = body.replace("/<a", "\\/\\u003c\\u4e2d");
        body.insert(0, '\u{feff}');
        body.push_str("\r\n");
    }
    body.into()
}

/// How often the body was hashed, for a random signature of so many digits.
fn bodies_hashed(body: &[u8], algorithm: Algorithm, digits: usize, id_len: usize) -> u64 {
    let headers = headers(random_sign(algorithm, 1)[..digits].into(), id_len);
    let message = message(&headers, body);
    BYTES.set(0);
    let account = credentials(algorithm);
    let (explanation, blocks) = search::explain::<CountingMd5, CountingSha256>(&account, &message);
    assert_eq!(explanation, Explanation::unexplained());
    assert!(blocks >= BYTES.get() as u64 / 64);
    blocks / (body.len() as u64 / 64)
}

#[test]
fn the_work_is_bounded() {
    for (has_everything, id_len) in [(false, 32), (true, 128)] {
        let body = long_body(has_everything);
        for algorithm in Algorithm::ALL {
            let all = 2 * algorithm.digest_len();
            // A part of the digest is one mistake, so one more is tried.
            let single = bodies_hashed(&body, algorithm, 24, id_len);
            assert!((50..200).contains(&single), "{single}");
            let pairs = bodies_hashed(&body, algorithm, all, id_len);
            assert!((1_000..3_000).contains(&pairs), "{pairs}");
            if !has_everything {
                // All pairs are tried before the bound is reached.
                assert!(pairs < search::MAX_BODIES - 50, "{pairs}");
            }
        }
    }
}

/// Ten thousand signatures are explained at once: no digest of any candidate is one of them, whole
/// or in part.
#[test]
fn a_random_signature_is_never_explained() {
    for algorithm in Algorithm::ALL {
        let parts = |seed| {
            let sign = random_sign(algorithm, seed);
            let digits = sign.as_bytes().chunks_exact(16).map(|digits| {
                let mut part = [0; 8];
                hex::decode_to_slice(digits, &mut part).expect("hex");
                part
            });
            digits.collect::<Vec<_>>()
        };
        RANDOM.set((0..10_000).flat_map(parts).collect());
        let headers = headers(random_sign(algorithm, 0), 32);
        let message = message(&headers, "{\"b\":[1,\"/<\u{e9}\"],\"a\":2}".as_bytes());
        let (explanation, blocks) =
            search::explain::<Watched<Md5>, Watched<Sha256>>(&credentials(algorithm), &message);
        assert_eq!(explanation, Explanation::unexplained());
        assert!(blocks > 100_000);
        RANDOM.take();
    }
}
