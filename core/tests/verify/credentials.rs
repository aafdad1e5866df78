//! A verifier with several credentials.

use callbot_core::{Algorithm, Credentials, Verifier, VerifyError, testing};

use crate::common::timestamp;
use crate::support::{
    Headers, NOW, UUID, account, callback, headers_of, received, request, verify,
};

const MISMATCH: VerifyError = VerifyError::SignatureMismatch {
    body_is_empty: false,
};

#[test]
fn the_index_says_which_of_several_credentials_matched() {
    let old = account("a", "old", Algorithm::Md5);
    let new = account("a", "new", Algorithm::Md5);
    let sha = account("a", "new", Algorithm::Sha256);
    let other = account("b", "other", Algorithm::Md5);
    let all = [old, new, sha, other];
    let verifier_of = |credentials: &[&Credentials]| {
        let (first, rest) = credentials.split_first().expect("there are credentials");
        rest.iter()
            .fold(Verifier::new((*first).clone()), |verifier, &more| {
                verifier.with_credentials(more.clone())
            })
    };
    let forwards: Vec<&Credentials> = all.iter().collect();
    let backwards: Vec<&Credentials> = all.iter().rev().collect();
    for (place, signer) in all.iter().enumerate() {
        let headers = callback(signer, b"{}");
        for (credentials, expected) in [(&forwards, place), (&backwards, all.len() - 1 - place)] {
            let found = verify(&verifier_of(credentials), &headers, b"{}", NOW);
            assert_eq!(
                found
                    .expect("one of the credentials matches")
                    .credentials_index(),
                expected
            );
        }
        let others: Vec<&Credentials> = forwards
            .iter()
            .enumerate()
            .filter(|&(i, _)| i != place)
            .map(|(_, &credentials)| credentials)
            .collect();
        let expected = if signer.uuid() == "b" {
            VerifyError::UnknownUuid
        } else {
            MISMATCH
        };
        let found = verify(&verifier_of(&others), &headers, b"{}", NOW);
        assert_eq!(found.expect_err("no credentials match"), expected);
    }
    // The first of equal credentials.
    let headers = callback(&all[1], b"{}");
    let with_duplicate = verifier_of(&[&all[0], &all[1], &all[1]]);
    let found = verify(&with_duplicate, &headers, b"{}", NOW).expect("the message is genuine");
    assert_eq!(found.credentials_index(), 1);
}

#[test]
fn several_credentials_are_not_mixed() {
    let a = account("a", "key-a", Algorithm::Md5);
    let b = account("b", "key-b", Algorithm::Sha256);
    let both = Verifier::new(a).with_credentials(b.clone());
    let outcome = |headers: &Headers| verify(&both, headers, b"{}", NOW).map(drop);

    // The uuid of one with the key or algorithm of another.
    for (uuid, secret_key, algorithm) in [
        ("a", "key-b", Algorithm::Md5),
        ("b", "key-a", Algorithm::Sha256),
        ("a", "key-a", Algorithm::Sha256),
        ("b", "key-b", Algorithm::Md5),
    ] {
        let mut headers = callback(&account(uuid, secret_key, algorithm), b"{}");
        assert_eq!(outcome(&headers), Err(MISMATCH), "{uuid} {secret_key}");
        headers.push(("algorithm".into(), algorithm.name().into()));
        let expected = if secret_key.ends_with(uuid) {
            VerifyError::UnknownUuid
        } else {
            MISMATCH
        };
        assert_eq!(outcome(&headers), Err(expected), "{uuid} {secret_key}");
    }
    // The header selects the credentials to try.
    let mut headers = callback(&b, b"{}");
    headers.push(("algorithm".into(), "sha256".into()));
    assert_eq!(outcome(&headers), Ok(()));
}

#[test]
fn a_response_may_be_signed_with_the_new_key() {
    let old = account(UUID, "old", Algorithm::Md5);
    let new = account(UUID, "new", Algorithm::Md5);
    let request = request("r1", &old);
    let message = testing::sign_response(&new, &request, timestamp(NOW), b"{}");
    let headers = headers_of(&message);
    let headers = received(&headers).expect("the headers are valid");
    let verified = Verifier::new(old)
        .with_credentials(new)
        .verify_response(&request.sent(), &headers, b"{}", NOW)
        .expect("the message is genuine");
    assert_eq!(verified.credentials_index(), 1);
}
