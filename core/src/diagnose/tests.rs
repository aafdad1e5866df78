mod cost;

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::format;
use std::marker::PhantomData;
use std::string::String;
use std::vec::Vec;

use crate::diagnose::hash::{BLOCK, Hash, Md5, Sha256};
use crate::diagnose::search;
use crate::diagnose::{Explanation, Message};
use crate::sign::credentials::{Credentials, SecretKey};
use crate::sign::signature::Algorithm;

std::thread_local! {
    /// The blocks that all hashes took.
    static BLOCKS: Cell<u64> = const { Cell::new(0) };
    /// Parts of digests, and whether one of them came out.
    static WATCHED: RefCell<HashSet<[u8; 8]>> = RefCell::default();
    static CAME_OUT: Cell<bool> = const { Cell::new(false) };
}

/// A hash that only counts.
struct Counting<H>(PhantomData<H>);

impl<H: Hash> Hash for Counting<H> {
    type State = H::State;
    type Digest = H::Digest;
    const INITIAL: Self::State = H::INITIAL;

    fn compress(_: &mut Self::State, blocks: &[[u8; BLOCK]]) {
        BLOCKS.set(BLOCKS.get() + blocks.len() as u64);
    }

    fn digest(state: &Self::State) -> Self::Digest {
        H::digest(state)
    }

    fn length(bits: u64) -> [u8; 8] {
        H::length(bits)
    }
}

/// A hash whose digests are compared with [`WATCHED`].
struct Watched<H>(PhantomData<H>);

impl<H: Hash> Hash for Watched<H> {
    type State = H::State;
    type Digest = H::Digest;
    const INITIAL: Self::State = H::INITIAL;

    fn compress(state: &mut Self::State, blocks: &[[u8; BLOCK]]) {
        H::compress(state, blocks);
    }

    fn digest(state: &Self::State) -> Self::Digest {
        let digest = H::digest(state);
        let is_watched = WATCHED.with_borrow(|watched| {
            let mut parts = digest.as_ref().windows(8);
            parts.any(|part| watched.contains(part))
        });
        CAME_OUT.set(CAME_OUT.get() || is_watched);
        digest
    }

    fn length(bits: u64) -> [u8; 8] {
        H::length(bits)
    }
}

const UUID: &str = "Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR";

fn credentials(algorithm: Algorithm) -> Credentials {
    let key = SecretKey::new("u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr").expect("a key");
    Credentials::new(UUID, key, algorithm).expect("a uuid")
}

/// A message with a random signature.
fn message<'a>(headers: &'a [(&'a str, String)], body: &'a [u8]) -> Message<'a> {
    let pairs = headers.iter().map(|(name, value)| (*name, value.as_str()));
    Message::from_pairs(pairs, body).expect("a signature")
}

fn headers(sign: String, id_len: usize) -> Vec<(&'static str, String)> {
    [
        ("requestID", "5cfca4cfbb842cdb".repeat(8)[..id_len].into()),
        ("uuid", UUID.repeat(4)[..id_len].into()),
        ("createTs", "1726200000".into()),
        ("sign", sign),
    ]
    .into()
}

/// A random signature of an algorithm.
fn random_sign(algorithm: Algorithm, seed: u64) -> String {
    let digest: [u8; 32] = sha2::Digest::finalize(sha2::Digest::chain_update(
        <sha2::Sha256 as sha2::Digest>::new(),
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
    BLOCKS.set(0);
    let account = credentials(algorithm);
    let (explanation, blocks) =
        search::explain::<Counting<Md5>, Counting<Sha256>>(&account, &message).expect("memory");
    assert_eq!(explanation, Explanation::unexplained());
    assert_eq!(blocks, BLOCKS.get());
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

/// The parts of a signature of which each is enough to recognise it.
fn parts(sign: &str) -> impl Iterator<Item = [u8; 8]> {
    sign.as_bytes().chunks_exact(16).map(|digits| {
        let mut part = [0; 8];
        hex::decode_to_slice(digits, &mut part).expect("hex");
        part
    })
}

/// Ten thousand signatures are explained at once: no digest of any candidate is one of them, whole
/// or in part.
#[test]
fn a_random_signature_is_never_explained() {
    const BODY: &[u8] = "{\"b\":[1,\"/<\u{e9}\"],\"a\":2}".as_bytes();
    for algorithm in Algorithm::ALL {
        let account = credentials(algorithm);
        let headers = headers(random_sign(algorithm, 0), 32);
        let message = message(&headers, BODY);
        let comes_out = |signatures: &[String]| {
            WATCHED.set(signatures.iter().flat_map(|sign| parts(sign)).collect());
            CAME_OUT.set(false);
            let (explanation, blocks) =
                search::explain::<Watched<Md5>, Watched<Sha256>>(&account, &message)
                    .expect("memory");
            assert_eq!(explanation, Explanation::unexplained());
            assert!(blocks > 100_000);
            CAME_OUT.get()
        };
        let mut signatures: Vec<_> = (0..10_000)
            .map(|seed| random_sign(algorithm, seed))
            .collect();
        assert!(!comes_out(&signatures));
        // The watch works: a candidate comes out.
        let sign = account.sign_strings(&headers[0].1, "1726203600", BODY);
        signatures.push(sign.as_str().into());
        assert!(comes_out(&signatures));
    }
}
