//! What a verifier accepts and what it refuses, and what is read out of what it accepted.

mod common;

use std::collections::BTreeMap;
use std::fmt::Debug;

use callbot_core::testing::{self, SignedMessage};
use callbot_core::{
    Algorithm, CallInfoDetail, ContentError, ContentKind, Credentials, Extra, Order,
    ReceivedHeaders, RequestId, RequestPart, RetCode, Retry, SecretKey, SignedRequest, Timestamp,
    Verified, Verifier, VerifyError,
};
use common::{ORDER, batch, credentials, edited, request_id, timestamp};
use md5::{Digest, Md5};
use serde_json::{Value, json};

const NOW: u64 = 1_726_200_000;
const SECRET_KEY: &str = "u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr";
const UUID: &str = "Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR";

// -------------------------------------------------------------------------------------------------------- the messages

/// Headers that a test may change.
type Headers = Vec<(String, Vec<u8>)>;

fn account(uuid: &str, secret_key: &str, algorithm: Algorithm) -> Credentials {
    let secret_key = SecretKey::new(secret_key).expect("it is a key");
    Credentials::new(uuid, secret_key, algorithm).expect("it is a uuid")
}

fn headers_of(message: &SignedMessage) -> Headers {
    let headers = message.headers().into_iter();
    headers
        .map(|(name, value)| (name.into(), value.into()))
        .collect()
}

fn callback(credentials: &Credentials, body: &[u8]) -> Headers {
    let message = testing::sign_callback(credentials, &request_id("c1"), timestamp(NOW), body);
    headers_of(&message)
}

fn request(id: &str, credentials: &Credentials) -> SignedRequest {
    request_of(&[ORDER], id, credentials)
}

fn request_of(orders: &[Order<'_>], id: &str, credentials: &Credentials) -> SignedRequest {
    let mut batch = batch();
    for order in orders {
        batch.add(order).expect("the order is right");
    }
    batch
        .sign(credentials, request_id(id), timestamp(NOW))
        .expect("it has orders")
}

/// A callback whose header values are any text, signed with MD5 by plain reference code.
fn plainly_signed(create_ts: &str, request_id: &str, body: &str) -> Headers {
    let signed =
        format!("{SECRET_KEY}&body={body}&createTs={create_ts}&requestID={request_id}&uuid={UUID}");
    let digest = Md5::digest(signed);
    let digits = digest.iter().map(|byte| format!("{byte:02X}"));
    let sign = digits.fold(String::new(), |hex, digits| hex + &digits);
    [
        ("requestID", request_id),
        ("uuid", UUID),
        ("createTs", create_ts),
        ("sign", &sign),
    ]
    .map(|(name, value)| (name.into(), value.into()))
    .into()
}

fn set(headers: &mut Headers, name: &str, value: impl Into<Vec<u8>>) {
    let header = headers.iter_mut().find(|(each, _)| each == name);
    header.expect(name).1 = value.into();
}

fn received(headers: &Headers) -> Result<ReceivedHeaders<'_>, VerifyError> {
    ReceivedHeaders::from_pairs(headers.iter().map(|(name, value)| (name, value)))
}

fn verify<'b>(
    verifier: &Verifier,
    headers: &Headers,
    body: &'b [u8],
    now: u64,
) -> Result<Verified<'b>, VerifyError> {
    verifier.verify_callback(&received(headers)?, body, now)
}

/// A body that was verified.
fn verified(body: &[u8]) -> Verified<'_> {
    let credentials = credentials(Algorithm::Md5);
    let headers = callback(&credentials, body);
    verify(&Verifier::new(credentials), &headers, body, NOW).expect("it is genuine")
}

/// The same body as the response to the request `r1`.
fn answered(body: &[u8]) -> Verified<'_> {
    let credentials = credentials(Algorithm::Md5);
    let request = request("r1", &credentials);
    let message = testing::sign_response(&credentials, &request, timestamp(NOW), body);
    let headers = headers_of(&message);
    let headers = received(&headers).expect("they are right");
    Verifier::new(credentials)
        .verify_response(&request, &headers, body, NOW)
        .expect("it is genuine")
}

/// The same body as what is read as `kind`.
fn verified_for(kind: ContentKind, body: &[u8]) -> Verified<'_> {
    if kind == ContentKind::Response {
        answered(body)
    } else {
        verified(body)
    }
}

// --------------------------------------------------------------------------------------------------------- the headers

#[test]
fn headers_are_found_in_whatever_the_caller_has() {
    let credentials = credentials(Algorithm::Sha256);
    let verifier = Verifier::new(credentials.clone());
    let message = testing::sign_callback(&credentials, &request_id("c1"), timestamp(NOW), b"{}");
    let accepts = |headers: Result<ReceivedHeaders<'_>, VerifyError>| {
        let found = verifier.verify_callback(&headers.expect("they are right"), b"{}", NOW);
        assert_eq!(found.expect("it is genuine").request_id(), "c1");
    };

    let texts: Vec<(&str, &str)> = message.headers();
    accepts(ReceivedHeaders::from_pairs(texts.iter().copied()));
    let owned: BTreeMap<String, String> = texts
        .iter()
        .map(|&(name, value)| (name.to_uppercase(), value.to_owned()))
        .collect();
    accepts(ReceivedHeaders::from_pairs(&owned));
    let bytes: Vec<(&[u8], &[u8])> = texts
        .iter()
        .map(|(name, value)| (name.as_bytes(), value.as_bytes()))
        .chain([(&b"\xff"[..], &b"\xff"[..]), (b"", b"")])
        .collect();
    accepts(ReceivedHeaders::from_pairs(bytes));
}

#[cfg(feature = "http")]
#[test]
fn a_header_map_is_taken_as_it_is() {
    use http::{HeaderMap, HeaderName, HeaderValue};

    let credentials = credentials(Algorithm::Md5);
    let verifier = Verifier::new(credentials.clone());
    let mut map = HeaderMap::new();
    map.insert(
        "x-opaque",
        HeaderValue::from_bytes(b"\xff").expect("HTTP has it"),
    );
    for (name, value) in callback(&credentials, b"{}") {
        let name: HeaderName = name.parse().expect("it is a name");
        map.insert(
            name,
            HeaderValue::from_bytes(&value).expect("it is a value"),
        );
    }
    let headers = ReceivedHeaders::from_pairs(&map).expect("they are right");
    verifier
        .verify_callback(&headers, b"{}", NOW)
        .expect("it is genuine");

    let mut repeated = map.clone();
    repeated.append("Sign", map["sign"].clone());
    let error = ReceivedHeaders::from_pairs(&repeated).expect_err("it comes twice");
    assert_eq!(error, VerifyError::RepeatedHeader { name: "sign" });

    map.insert(
        "requestid",
        HeaderValue::from_bytes(b"\xff").expect("HTTP has it"),
    );
    let error = ReceivedHeaders::from_pairs(&map).expect_err("it is not ASCII");
    assert_eq!(
        error,
        VerifyError::MalformedHeader {
            name: "requestID",
            is_empty: false
        }
    );
}

#[test]
fn an_error_names_the_header() {
    let genuine = callback(&credentials(Algorithm::Md5), b"{}");
    for name in ["requestID", "uuid", "createTs", "sign"] {
        let mut headers = genuine.clone();
        headers.retain(|(each, _)| each != name);
        assert_eq!(
            received(&headers).expect_err(name),
            VerifyError::MissingHeader { name }
        );
    }
    for name in ["requestID", "uuid", "createTs", "sign", "algorithm"] {
        let mut headers = genuine.clone();
        headers.retain(|(each, _)| each != name);
        headers.push((name.into(), "a&b".into()));
        assert_eq!(
            received(&headers).expect_err(name),
            VerifyError::MalformedHeader {
                name,
                is_empty: false
            }
        );
        headers.push((name.to_lowercase(), "a&b".into()));
        assert_eq!(
            received(&headers).expect_err(name),
            VerifyError::RepeatedHeader { name }
        );
    }
}

#[test]
fn an_error_says_what_a_header_has_to_be() {
    let genuine = callback(&credentials(Algorithm::Md5), b"{}");
    for (name, wrong, form) in [
        ("createTs", "01726200000", "Unix seconds in decimal digits"),
        ("createTs", "+1726200000", "leading zero"),
        ("createTs", "1726200000.5", "decimal digits"),
        (
            "sign",
            "0C5CCB06",
            "32 hex digits for MD5, or 64 for SHA256",
        ),
        ("requestID", "a b", "1 to 256 characters of visible ASCII"),
        ("uuid", "a&b", "visible ASCII without '&'"),
        ("algorithm", "MD 5", "MD5 or SHA256"),
    ] {
        let mut headers = genuine.clone();
        headers.push(("algorithm".into(), b"MD5".into()));
        let text = |headers: &Headers| received(headers).expect_err(name).to_string();
        set(&mut headers, name, wrong);
        let malformed = text(&headers);
        let start = format!("the header {name} is not of its form; it has to be ");
        assert!(
            malformed.starts_with(&start) && malformed.contains(form),
            "{malformed}"
        );
        set(&mut headers, name, "");
        let empty = text(&headers);
        let start = format!("the header {name} is empty; it has to be ");
        assert!(empty.starts_with(&start) && empty.contains(form), "{empty}");
    }
}

#[test]
fn a_request_id_may_be_longer_than_our_own_but_not_endless() {
    let verifier = Verifier::new(credentials(Algorithm::Md5));
    assert!(RequestId::new("r".repeat(129)).is_err());
    for (len, expected) in [(129, ""), (256, ""), (257, "header_malformed")] {
        let headers = plainly_signed("1726200000", &"r".repeat(len), "{}");
        let found = verify(&verifier, &headers, b"{}", NOW);
        let code = found.map_or_else(VerifyError::code, |_| "");
        assert_eq!(code, expected, "{len}");
    }
    assert_eq!(ReceivedHeaders::MAX_REQUEST_ID_LEN, 256);
}

#[test]
fn a_request_id_that_we_could_not_send_is_carried_and_shown_as_it_is() {
    assert!(RequestId::new("a/b+c=").is_err());
    let headers = plainly_signed("1726200000", "a/b+c=", "{}");
    let found = verify(
        &Verifier::new(credentials(Algorithm::Md5)),
        &headers,
        b"{}",
        NOW,
    );
    assert_eq!(found.expect("it is genuine").request_id(), "a/b+c=");
    let shown = received(&headers)
        .expect("they are right")
        .masked_signed_string(b"{}");
    let expected = format!("***&body={{}}&createTs=1726200000&requestID=a/b+c=&uuid={UUID}");
    assert_eq!(shown, expected.as_bytes());
}

// ---------------------------------------------------------------------------------------------------------- the checks

/// What a message has wrong at once: everything from the one with this number on.
const FAULTS: [&str; 11] = [
    "header_repeated",
    "header_missing",
    "header_malformed",
    "verify_algorithm",
    "verify_unknown_uuid",
    "verify_mismatch",
    "verify_not_utf8",
    "verify_too_old",
    "verify_other_request",
    "content_json",
    "",
];

#[test]
fn each_check_comes_before_those_behind_it() {
    for (first, expected) in FAULTS.into_iter().enumerate() {
        let has = |fault| FAULTS.iter().position(|&each| each == fault).expect(fault) >= first;
        let either = |fault, yes, no| if has(fault) { yes } else { no };

        let body: &[u8] = if has("verify_not_utf8") {
            b"\xff"
        } else if has("content_json") {
            b"no JSON"
        } else {
            br#"{"retCode":1,"retMsg":"","responseID":""}"#
        };
        let ours = credentials(Algorithm::Md5);
        let signer = account(
            either("verify_unknown_uuid", "another", UUID),
            either("verify_mismatch", "another", SECRET_KEY),
            Algorithm::Md5,
        );
        let request_id = either("verify_other_request", "another", "r1");
        let answered = request(request_id, &ours);
        let message = testing::sign_response(&signer, &answered, timestamp(NOW), body);
        let mut headers = headers_of(&message);
        if has("verify_algorithm") {
            set(&mut headers, "algorithm", "SHA256");
        }
        if has("header_malformed") {
            set(&mut headers, "requestID", "a b");
            set(&mut headers, "sign", "no hex");
        }
        if has("header_missing") {
            headers.retain(|(name, _)| name != "createTs");
        }
        if has("header_repeated") {
            headers.push(("SIGN".into(), "x".into()));
        }
        let now = NOW + u64::from(has("verify_too_old")) * 301;

        let outcome = || {
            let headers = received(&headers).map_err(VerifyError::code)?;
            let verified = Verifier::new(ours.clone())
                .verify_response(&request("r1", &ours), &headers, body, now)
                .map_err(VerifyError::code)?;
            verified.response().map_err(|error| error.code())
        };
        assert_eq!(outcome().err().unwrap_or(""), expected);
    }
}

#[test]
fn any_of_several_credentials_may_match_and_it_is_said_which() {
    let old = account("a", "old", Algorithm::Md5);
    let new = account("a", "new", Algorithm::Md5);
    let sha = account("a", "new", Algorithm::Sha256);
    let other = account("b", "other", Algorithm::Md5);
    let all = [old, new, sha, other];
    let verifier_of = |credentials: &[&Credentials]| {
        let (first, rest) = credentials.split_first().expect("there is one");
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
                found.expect("it is one of them").credentials_index(),
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
            VerifyError::SignatureMismatch
        };
        let found = verify(&verifier_of(&others), &headers, b"{}", NOW);
        assert_eq!(found.expect_err("it is none of them"), expected);
    }
    // The first of those that are the same.
    let headers = callback(&all[1], b"{}");
    let twice = verifier_of(&[&all[0], &all[1], &all[1]]);
    let found = verify(&twice, &headers, b"{}", NOW).expect("it is genuine");
    assert_eq!(found.credentials_index(), 1);
}

#[test]
fn several_credentials_are_not_mixed_up() {
    let a = account("a", "key-a", Algorithm::Md5);
    let b = account("b", "key-b", Algorithm::Sha256);
    let both = Verifier::new(a).with_credentials(b.clone());
    let outcome = |headers: &Headers| verify(&both, headers, b"{}", NOW).map(drop);

    // One's uuid with another's key or algorithm.
    for (uuid, secret_key, algorithm) in [
        ("a", "key-b", Algorithm::Md5),
        ("b", "key-a", Algorithm::Sha256),
        ("a", "key-a", Algorithm::Sha256),
        ("b", "key-b", Algorithm::Md5),
    ] {
        let mut headers = callback(&account(uuid, secret_key, algorithm), b"{}");
        assert_eq!(
            outcome(&headers),
            Err(VerifyError::SignatureMismatch),
            "{uuid} {secret_key}"
        );
        headers.push(("algorithm".into(), algorithm.name().into()));
        let expected = if secret_key.ends_with(uuid) {
            VerifyError::UnknownUuid
        } else {
            VerifyError::SignatureMismatch
        };
        assert_eq!(outcome(&headers), Err(expected), "{uuid} {secret_key}");
    }
    // The header says which of them are tried.
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
    let headers = received(&headers).expect("they are right");
    let verified = Verifier::new(old)
        .with_credentials(new)
        .verify_response(&request, &headers, b"{}", NOW)
        .expect("it is genuine");
    assert_eq!(verified.credentials_index(), 1);
}

/// Which it is, and not the values: those are the account's.
#[test]
fn what_differs_from_the_request_is_named() {
    let ours = account(UUID, SECRET_KEY, Algorithm::Md5);
    let other = account("second", SECRET_KEY, Algorithm::Md5);
    let sha = account(UUID, SECRET_KEY, Algorithm::Sha256);
    let verifier = Verifier::new(ours.clone())
        .with_credentials(other.clone())
        .with_credentials(sha.clone());
    let asked = request("r1", &ours);
    let outcome = |headers: Headers| {
        let headers = received(&headers).expect("they are right");
        verifier
            .verify_response(&asked, &headers, b"{}", NOW)
            .expect_err("it answers another request")
    };
    let answer = |id, credentials| {
        let request = request(id, credentials);
        headers_of(&testing::sign_response(
            credentials,
            &request,
            timestamp(NOW),
            b"{}",
        ))
    };
    for (headers, differs, named) in [
        (answer("r2", &ours), RequestPart::RequestId, "requestID"),
        (answer("r1", &other), RequestPart::Uuid, "uuid"),
        (answer("r1", &sha), RequestPart::Algorithm, "algorithm"),
        (answer("r2", &other), RequestPart::RequestId, "requestID"),
        (callback(&ours, b"{}"), RequestPart::RequestId, "callback"),
    ] {
        let error = outcome(headers);
        assert_eq!(error, VerifyError::OtherRequest { differs });
        let text = error.to_string();
        assert!(text.contains(named), "{text}");
        assert!(
            !["r1", "r2", UUID, "second"]
                .iter()
                .any(|value| text.contains(value)),
            "{text}"
        );
    }
}

#[test]
fn times_are_compared_without_overflow() {
    const MAX: u64 = u64::MAX;
    let old = |age, max| Err(VerifyError::TooOld { age, max });
    let new = |lead, max| Err(VerifyError::TooNew { lead, max });
    for (sent, now, max_age, max_skew, expected) in [
        (NOW, NOW, 0, 0, Ok(())),
        (NOW, NOW + 1, 0, 0, old(1, 0)),
        (NOW, NOW - 1, 0, 0, new(1, 0)),
        (NOW, NOW + 10, 10, 0, Ok(())),
        (NOW, NOW + 11, 10, 99, old(11, 10)),
        (NOW, NOW - 10, 0, 10, Ok(())),
        (NOW, NOW - 11, 99, 10, new(11, 10)),
        (NOW, 0, 300, 60, new(NOW, 60)),
        (NOW, MAX, 300, 60, old(MAX - NOW, 300)),
        (
            NOW,
            i64::MAX as u64,
            300,
            60,
            old(i64::MAX as u64 - NOW, 300),
        ),
        // What -60 and i64::MIN become where a caller casts them.
        (NOW, MAX - 59, 300, 60, old(MAX - 59 - NOW, 300)),
        (NOW, 1 << 63, 300, 60, old((1 << 63) - NOW, 300)),
        (1, 0, 0, 1, Ok(())),
        (1, 0, 0, 0, new(1, 0)),
        (1, MAX, MAX, 0, Ok(())),
        (1, MAX, MAX - 1, 0, Ok(())),
        (1, MAX, MAX - 2, 0, old(MAX - 1, MAX - 2)),
        (MAX, 0, 0, MAX, Ok(())),
        (MAX, 0, MAX, MAX - 1, new(MAX, MAX - 1)),
        (MAX, MAX, 0, 0, Ok(())),
        (MAX, MAX, MAX, MAX, Ok(())),
        (MAX, 1, MAX, 0, new(MAX - 1, 0)),
    ] {
        let verifier = Verifier::new(credentials(Algorithm::Md5))
            .max_age(max_age)
            .max_skew(max_skew);
        let headers = plainly_signed(&sent.to_string(), "c1", "{}");
        let found = verify(&verifier, &headers, b"{}", now);
        assert_eq!(
            found.as_ref().map(drop).map_err(|&error| error),
            expected,
            "{sent} {now}"
        );
        if let Ok(verified) = found {
            assert_eq!(verified.create_ts(), sent);
            assert_eq!(verified.replay_expires_at(), sent.saturating_add(max_age));
        }
    }
}

#[test]
fn a_time_that_is_no_unix_seconds_is_said_to_be_none() {
    const MAX_SECONDS: u64 = Timestamp::MAX_UNIX_SECONDS;
    let verifier = Verifier::new(credentials(Algorithm::Md5));
    for (sent, now, code, hint) in [
        (NOW, NOW + 301, "verify_too_old", "; compare the clocks"),
        (NOW, NOW - 61, "verify_too_new", "; compare the clocks"),
        (1, MAX_SECONDS + 1, "verify_too_old", "; compare the clocks"),
        (
            1,
            MAX_SECONDS + 2,
            "verify_too_old",
            "; now can only be milliseconds",
        ),
        (
            NOW,
            NOW * 1000,
            "verify_too_old",
            "; now can only be milliseconds",
        ),
        (NOW, u64::MAX, "verify_too_old", " or negative"),
        (
            NOW * 1000,
            NOW,
            "verify_too_new",
            "; its createTs can only be milliseconds",
        ),
        (
            MAX_SECONDS + 2,
            1,
            "verify_too_new",
            "; its createTs can only be milliseconds",
        ),
        (NOW, 0, "verify_too_new", "; look whether now was set"),
        (
            NOW,
            NOW / 1000,
            "verify_too_new",
            "; look whether now was set",
        ),
    ] {
        let headers = plainly_signed(&sent.to_string(), "c1", "{}");
        let error = verify(&verifier, &headers, b"{}", now).expect_err("it is not fresh");
        assert_eq!(error.code(), code);
        assert!(error.to_string().contains(hint), "{error}");
    }
}

#[test]
fn nothing_is_accepted_after_the_time_until_which_it_is_remembered() {
    for verifier in [
        Verifier::new(credentials(Algorithm::Md5)),
        Verifier::new(credentials(Algorithm::Md5)).max_age(0),
        Verifier::new(credentials(Algorithm::Md5))
            .max_age(7)
            .max_skew(9),
    ] {
        let headers = callback(&credentials(Algorithm::Md5), b"{}");
        let outcome = |now| verify(&verifier, &headers, b"{}", now);
        let until = outcome(NOW).expect("it is fresh").replay_expires_at();
        assert_eq!(
            outcome(until).expect("it is fresh").replay_expires_at(),
            until
        );
        assert_eq!(
            outcome(until + 1).expect_err("it is old").code(),
            "verify_too_old"
        );
    }
}

#[test]
fn the_tolerances_are_those_of_the_documentation() {
    assert_eq!(
        (Verifier::DEFAULT_MAX_AGE, Verifier::DEFAULT_MAX_SKEW),
        (300, 60)
    );
    let verifier = Verifier::new(credentials(Algorithm::Md5));
    let headers = callback(&credentials(Algorithm::Md5), b"{}");
    let code = |now| verify(&verifier, &headers, b"{}", now).map_or_else(VerifyError::code, |_| "");
    assert_eq!(code(NOW + 300), "");
    assert_eq!(code(NOW + 301), "verify_too_old");
    assert_eq!(code(NOW - 60), "");
    assert_eq!(code(NOW - 61), "verify_too_new");
}

#[test]
fn errors_have_codes_and_tell_a_forger_nothing() {
    let name = "sign";
    let errors = [
        (VerifyError::MissingHeader { name }, "header_missing"),
        (VerifyError::RepeatedHeader { name }, "header_repeated"),
        (
            VerifyError::MalformedHeader {
                name,
                is_empty: false,
            },
            "header_malformed",
        ),
        (VerifyError::Algorithm, "verify_algorithm"),
        (VerifyError::UnknownUuid, "verify_unknown_uuid"),
        (VerifyError::SignatureMismatch, "verify_mismatch"),
        (VerifyError::NotUtf8, "verify_not_utf8"),
        (
            VerifyError::TooOld {
                age: 4711,
                max: 300,
            },
            "verify_too_old",
        ),
        (
            VerifyError::TooNew {
                lead: 4711,
                max: 60,
            },
            "verify_too_new",
        ),
        (
            VerifyError::OtherRequest {
                differs: RequestPart::RequestId,
            },
            "verify_other_request",
        ),
    ];
    for (error, code) in errors {
        assert_eq!(error.code(), code);
        let text = error.to_string();
        match error {
            VerifyError::TooOld { .. } => assert!(text.contains("4711") && text.contains("300")),
            VerifyError::TooNew { .. } => assert!(text.contains("4711") && text.contains("60")),
            VerifyError::MissingHeader { .. }
            | VerifyError::RepeatedHeader { .. }
            | VerifyError::MalformedHeader { .. } => assert!(text.contains(name)),
            _ => {}
        }
    }
    assert_eq!(
        VerifyError::SignatureMismatch.to_string(),
        "the signature does not match"
    );
}

#[test]
fn a_request_of_ours_that_is_sent_back_has_no_content() {
    // The same rule signs both ways, so that the signature is right.
    let credentials = credentials(Algorithm::Md5);
    let request = request("r1", &credentials);
    let pairs = request.headers();
    let headers = ReceivedHeaders::from_pairs(pairs).expect("they are right");
    let verified = Verifier::new(credentials.clone())
        .verify_response(&request, &headers, request.body(), NOW)
        .expect("the signature is right");
    assert_eq!(code_of(verified.response()), "content_missing");
    let verified = Verifier::new(credentials)
        .verify_callback(&headers, request.body(), NOW)
        .expect("the signature is right");
    assert_eq!(code_of(verified.call_callback()), "content_missing");
    assert_eq!(code_of(verified.order_callback()), "content_missing");
    assert_eq!(code_of(verified.task_callback()), "content_missing");
}

/// Otherwise the comparison of a response with its request could be left out by mistake.
#[test]
fn a_message_is_read_only_as_what_it_was_verified_as() {
    const CODE: &str = "content_other_kind";
    let body = bytes(&response_json());
    for callback in [verified(&body), verified(&body).into_owned()] {
        assert_eq!(code_of(callback.response()), CODE);
        assert_eq!(
            code_of(callback.canonical_json(ContentKind::Response)),
            CODE
        );
        let error = callback.response().expect_err("it is a callback");
        assert_eq!(
            error.to_string(),
            "it was verified as a callback; verify a response as a response, with the request that it answers"
        );
    }
    let kinds = [
        (ContentKind::CallCallback, call_json()),
        (ContentKind::OrderCallback, order_json()),
        (ContentKind::TaskCallback, task_json()),
    ];
    for (kind, value) in kinds {
        let body = bytes(&value);
        for response in [answered(&body), answered(&body).into_owned()] {
            let read = match kind {
                ContentKind::CallCallback => code_of(response.call_callback()),
                ContentKind::OrderCallback => code_of(response.order_callback()),
                _ => code_of(response.task_callback()),
            };
            assert_eq!(read, CODE);
            assert_eq!(code_of(response.canonical_json(kind)), CODE);
            let error = response.canonical_json(kind).expect_err("it is a response");
            assert_eq!(
                error.to_string(),
                "it was verified as a response; verify a callback as a callback"
            );
        }
    }
    // Before anything else is looked at.
    assert_eq!(code_of(verified(b"").response()), CODE);
    assert_eq!(code_of(answered(b"").call_callback()), CODE);
}

// --------------------------------------------------------------------------------------------------------- the content

fn response_json() -> Value {
    json!({
        "retCode": 0,
        "retMsg": "success",
        "responseID": "x-1",
        "totalCount": 3,
        "successCount": 1,
        "errList": [
            {"phone": "8613800000001", "errMsg": "blocked"},
            {"phone": "8613800000002", "errMsg": "号码错误"},
        ],
    })
}

fn call_json() -> Value {
    json!({
        "callbackType": 1,
        "orderID": "o-1",
        "userPhone": "8613800000001",
        "userName": "王芳",
        "sceneID": "s-1",
        "userTaskID": "t-1",
        "taskID": "p-1",
        "finish": true,
        "other": "passed through",
        "callInfoDetail": {
            "callID": "c-1",
            "callingNumber": "862100000000",
            "lineAddress": "192.0.2.7",
            "callStatus": 1,
            "callStartTs": 2,
            "callAnswerTs": 3,
            "callEndTs": 4,
            "callDuration": 5,
            "callAudioUrl": "https://audio.example/1",
            "hangupCause": "NORMAL",
            "termSipCode": "200",
            "intents": [{"intentID": "i", "intentTag": "A", "intentName": "n", "intentLevel": 6}],
            "sms": [{"smsSendTs": 7, "sysMessageID": "m", "smsContent": "text"}],
            "agent": {
                "agentName": "a",
                "agentGroup": "g",
                "agentCallStatus": 8,
                "agentCallElapsed": 9,
                "agentLabel": "l",
                "manualCallStart": 10,
                "manualCallAnswer": 11,
                "manualCallEnd": 12,
                "manualHangupBy": 0,
            },
            "params": [{"name": "amount", "value": "120.50"}],
        },
    })
}

fn order_json() -> Value {
    let mut value = call_json();
    value["callbackType"] = json!("1");
    value
}

fn task_json() -> Value {
    json!({
        "callbackType": 1,
        "userTaskID": "t-1",
        "taskID": "p-1",
        "sceneID": "s-1",
        "taskStatus": 2,
        "createTs": 1_726_190_000,
        "taskStat": {
            "answerOrderCount": 1,
            "finishOrderCount": 2,
            "totalOrderCount": 3,
            "finishRate": 0.67,
            "totalAnswerCall": 4,
            "totalCall": 5,
            "answerRate": 0.8,
        },
    })
}

/// What kinds of content there are: how to read one, a whole example, and the required fields with what they must be.
struct Content {
    name: &'static str,
    read: fn(&[u8]) -> Result<(), ContentError>,
    example: fn() -> Value,
    required: &'static [(&'static str, &'static str)],
}

const INTEGER: &str = "an integer";
const STRING: &str = "a string";
const BOOLEAN: &str = "a boolean";
const NUMBER: &str = "a number";
const OBJECT: &str = "an object";
const INTEGER_OR_DIGITS: &str = "an integer, or a string of its digits";

const CONTENTS: [Content; 4] = [
    Content {
        name: "response",
        read: |body| answered(body).response().map(drop),
        example: response_json,
        required: &[
            ("/retCode", INTEGER),
            ("/retMsg", STRING),
            ("/responseID", STRING),
            ("/totalCount", INTEGER),
            ("/successCount", INTEGER),
            ("/errList/0/phone", STRING),
            ("/errList/0/errMsg", STRING),
            ("/errList/1/phone", STRING),
            ("/errList/1/errMsg", STRING),
        ],
    },
    Content {
        name: "call",
        read: |body| verified(body).call_callback().map(drop),
        example: call_json,
        required: &[
            ("/callbackType", INTEGER_OR_DIGITS),
            ("/orderID", STRING),
            ("/userPhone", STRING),
            ("/userName", STRING),
            ("/sceneID", STRING),
            ("/userTaskID", STRING),
            ("/taskID", STRING),
            ("/finish", BOOLEAN),
            ("/other", STRING),
        ],
    },
    Content {
        name: "order",
        read: |body| verified(body).order_callback().map(drop),
        example: order_json,
        required: &[
            ("/callbackType", INTEGER_OR_DIGITS),
            ("/orderID", STRING),
            ("/userPhone", STRING),
            ("/userName", STRING),
            ("/sceneID", STRING),
            ("/userTaskID", STRING),
            ("/taskID", STRING),
        ],
    },
    Content {
        name: "task",
        read: |body| verified(body).task_callback().map(drop),
        example: task_json,
        required: &[
            ("/callbackType", INTEGER_OR_DIGITS),
            ("/userTaskID", STRING),
            ("/taskID", STRING),
            ("/sceneID", STRING),
            ("/taskStatus", INTEGER),
            ("/createTs", INTEGER),
            ("/taskStat", OBJECT),
            ("/taskStat/answerOrderCount", INTEGER),
            ("/taskStat/finishOrderCount", INTEGER),
            ("/taskStat/totalOrderCount", INTEGER),
            ("/taskStat/finishRate", NUMBER),
            ("/taskStat/totalAnswerCall", INTEGER),
            ("/taskStat/totalCall", INTEGER),
            ("/taskStat/answerRate", NUMBER),
        ],
    },
];

fn bytes(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

fn code_of<T>(result: Result<T, ContentError>) -> &'static str {
    result.map_or_else(|error| error.code(), |_| "")
}

/// Takes out what is at `pointer`.
fn remove(value: &mut Value, pointer: &str) {
    let (parent, key) = pointer.rsplit_once('/').expect("it is a pointer");
    let parent = value.pointer_mut(parent).expect("it is there");
    let removed = parent.as_object_mut().expect("it is an object").remove(key);
    assert!(removed.is_some(), "{pointer}");
}

fn replaced(value: &Value, pointer: &str, by: Value) -> Value {
    let mut value = value.clone();
    *value.pointer_mut(pointer).expect("it is there") = by;
    value
}

#[test]
fn a_required_field_that_is_missing_or_null_is_named() {
    for content in CONTENTS {
        let example = (content.example)();
        assert_eq!((content.read)(&bytes(&example)), Ok(()), "{}", content.name);
        for &(pointer, _) in content.required {
            let expected = Err(ContentError::Missing {
                path: pointer.into(),
            });
            let mut without = example.clone();
            remove(&mut without, pointer);
            assert_eq!(
                (content.read)(&bytes(&without)),
                expected,
                "{}",
                content.name
            );
            let null = replaced(&example, pointer, Value::Null);
            assert_eq!((content.read)(&bytes(&null)), expected, "{}", content.name);
        }
    }
}

#[test]
fn a_required_field_of_another_type_is_named() {
    let values = [
        (json!(1), &[INTEGER, NUMBER, INTEGER_OR_DIGITS][..]),
        (json!(-1), &[INTEGER, NUMBER, INTEGER_OR_DIGITS]),
        (json!(i64::MAX), &[INTEGER, NUMBER, INTEGER_OR_DIGITS]),
        (json!(i64::MIN), &[INTEGER, NUMBER, INTEGER_OR_DIGITS]),
        (json!(u64::MAX), &[NUMBER]),
        (json!(0.5), &[NUMBER]),
        (json!(1.0), &[NUMBER]),
        (json!("1"), &[STRING, INTEGER_OR_DIGITS]),
        (json!("-7"), &[STRING, INTEGER_OR_DIGITS]),
        (json!("1.0"), &[STRING]),
        (json!(" 1"), &[STRING]),
        (json!("+1"), &[STRING]),
        (json!("9223372036854775808"), &[STRING]),
        (json!("one"), &[STRING]),
        (json!(""), &[STRING]),
        (json!(true), &[BOOLEAN]),
        (json!(false), &[BOOLEAN]),
        (json!([]), &[]),
        (json!([1]), &[]),
        (json!(["1"]), &[]),
    ];
    for content in CONTENTS {
        let example = (content.example)();
        for &(pointer, expected) in content.required {
            for (value, types) in &values {
                let found = (content.read)(&bytes(&replaced(&example, pointer, value.clone())));
                let wanted = if types.contains(&expected) {
                    Ok(())
                } else {
                    Err(ContentError::WrongType {
                        path: pointer.into(),
                        expected,
                    })
                };
                // What is no success may lack the counts.
                let failed = pointer == "/retCode" && *value != json!(0);
                if !failed || wanted.is_err() {
                    assert_eq!(found, wanted, "{} {pointer} {value}", content.name);
                }
            }
            let object = replaced(&example, pointer, json!({}));
            let found = (content.read)(&bytes(&object)).expect_err("an object is right nowhere");
            if expected != OBJECT {
                let path = pointer.into();
                assert_eq!(found, ContentError::WrongType { path, expected });
            }
        }
    }
}

#[test]
fn the_list_of_refused_phones_holds_objects() {
    for wrong in [
        json!({}),
        json!("x"),
        json!(0),
        json!(false),
        json!([null]),
        json!(["8613800000001"]),
        json!([{"phone": "1", "errMsg": "x"}, 1]),
    ] {
        let body = bytes(&replaced(&response_json(), "/errList", wrong));
        let expected = ContentError::WrongType {
            path: "/errList".into(),
            expected: "an array of objects",
        };
        assert_eq!(answered(&body).response().map(drop), Err(expected));
    }
    for empty in [json!([]), Value::Null] {
        let body = bytes(&replaced(&response_json(), "/errList", empty));
        let response = answered(&body).response().expect("it is a response");
        assert!(response.err_list.is_empty());
        assert!(response.extra.is_empty());
    }
}

#[test]
fn only_one_json_object_is_content() {
    for content in CONTENTS {
        let json = (content.example)().to_string();
        for right in [
            json.clone(),
            format!(" \r\n\t{json} \r\n\t"),
            format!("{:#}", (content.example)()),
        ] {
            assert_eq!((content.read)(right.as_bytes()), Ok(()), "{}", content.name);
        }
        for (wrong, line) in [
            (String::new(), 1),
            ("\n\n ".into(), 3),
            (json[..json.len() - 1].into(), 1),
            (json[1..].into(), 1),
            (format!("{json}x"), 1),
            (format!("{json}\0"), 1),
            (format!("{json}\n\nx"), 3),
            (format!("{json}{json}"), 1),
            (format!("{json},"), 1),
            (format!("\u{feff}{json}"), 1),
            (format!("[{json}]"), 1),
            (json!(json).to_string(), 1),
            ("null".into(), 1),
            ("0".into(), 1),
            ("{'a':1}".into(), 1),
            ("{\"a\":1,}".into(), 1),
            ("{\"a\":\"\n\"}".into(), 1),
            (format!("{json}&createTs=1&requestID=2&uuid=3"), 1),
        ] {
            let error = (content.read)(wrong.as_bytes()).expect_err(&wrong);
            assert_eq!(error.code(), "content_json", "{wrong}");
            let ContentError::Json {
                line: found,
                column,
            } = error
            else {
                panic!("{error:?}")
            };
            assert!(found >= line.min(1) && column >= 1, "{wrong}: {error:?}");
            if !wrong.contains("\"\n\"") {
                assert_eq!(found, line, "{wrong}");
            }
            assert!(!error.to_string().contains("o-1"));
        }
    }
}

#[test]
fn a_response_is_read_whole() {
    let body = bytes(&response_json());
    let response = answered(&body).response().expect("it is a response");
    assert_eq!(response.ret_code, RetCode(0));
    assert_eq!(response.ret_msg, "success");
    assert_eq!(response.response_id, "x-1");
    assert_eq!(response.total_count, Some(3));
    assert_eq!(response.success_count, Some(1));
    assert!(response.extra.is_empty());
    let refused: Vec<_> = response
        .err_list
        .iter()
        .map(|refused| (refused.phone.as_str(), refused.err_msg.as_str()))
        .collect();
    assert_eq!(
        refused,
        [("8613800000001", "blocked"), ("8613800000002", "号码错误")]
    );
}

#[test]
fn a_failure_may_lack_the_counts() {
    let failed = json!({"retCode": 6, "retMsg": "sign error", "responseID": "x"});
    for (counts, expected, other) in [
        (json!({}), (None, None), 0),
        (
            json!({"totalCount": null, "successCount": null}),
            (None, None),
            0,
        ),
        (
            json!({"totalCount": 2, "successCount": 0}),
            (Some(2), Some(0)),
            0,
        ),
        (
            json!({"totalCount": "2", "successCount": 0}),
            (None, Some(0)),
            1,
        ),
    ] {
        let mut value = failed.clone();
        for (key, count) in counts.as_object().expect("it is one") {
            value[key] = count.clone();
        }
        let body = bytes(&value);
        let response = answered(&body).response().expect("it is a response");
        assert!(!response.ret_code.is_success());
        assert_eq!((response.total_count, response.success_count), expected);
        assert_eq!(response.extra.len(), other);
    }
}

#[test]
fn callbacks_are_read_whole() {
    let body = bytes(&call_json());
    let call = verified(&body).call_callback().expect("it is a callback");
    assert_eq!(call.callback_type, 1);
    assert_eq!(call.order_id, "o-1");
    assert_eq!(call.user_phone, "8613800000001");
    assert_eq!(call.user_name, "王芳");
    assert_eq!(call.scene_id, "s-1");
    assert_eq!(call.user_task_id, "t-1");
    assert_eq!(call.task_id, "p-1");
    assert!(call.finish);
    assert_eq!(call.other, "passed through");
    assert!(call.extra.is_empty());
    check_detail(&call.call_info_detail.expect("it is there"));

    let body = bytes(&order_json());
    let order = verified(&body).order_callback().expect("it is a callback");
    assert_eq!(order.callback_type, 1);
    assert_eq!(order.order_id, "o-1");
    assert_eq!(order.user_phone, "8613800000001");
    assert_eq!(order.user_name, "王芳");
    assert_eq!(order.scene_id, "s-1");
    assert_eq!(order.user_task_id, "t-1");
    assert_eq!(order.task_id, "p-1");
    assert_eq!(order.finish, Some(true));
    assert_eq!(order.other.as_deref(), Some("passed through"));
    assert!(order.extra.is_empty());
    check_detail(&order.call_info_detail.expect("it is there"));

    let body = bytes(&task_json());
    let task = verified(&body).task_callback().expect("it is a callback");
    assert_eq!(task.callback_type, 1);
    assert_eq!(task.user_task_id, "t-1");
    assert_eq!(task.task_id, "p-1");
    assert_eq!(task.scene_id, "s-1");
    assert_eq!(task.task_status, 2);
    assert_eq!(task.create_ts, 1_726_190_000);
    assert!(task.extra.is_empty());
    let stat = task.task_stat;
    assert_eq!(stat.answer_order_count, 1);
    assert_eq!(stat.finish_order_count, 2);
    assert_eq!(stat.total_order_count, 3);
    assert_eq!(stat.finish_rate.to_string(), "0.67");
    assert_eq!(stat.total_answer_call, 4);
    assert_eq!(stat.total_call, 5);
    assert_eq!(stat.answer_rate.to_string(), "0.8");
    assert!(stat.extra.is_empty());
}

fn check_detail(detail: &CallInfoDetail) {
    assert_eq!(detail.call_id.as_deref(), Some("c-1"));
    assert_eq!(detail.calling_number.as_deref(), Some("862100000000"));
    assert_eq!(detail.line_address.as_deref(), Some("192.0.2.7"));
    assert_eq!(detail.call_status, Some(1));
    assert_eq!(detail.call_start_ts, Some(2));
    assert_eq!(detail.call_answer_ts, Some(3));
    assert_eq!(detail.call_end_ts, Some(4));
    assert_eq!(detail.call_duration, Some(5));
    assert_eq!(
        detail.call_audio_url.as_deref(),
        Some("https://audio.example/1")
    );
    assert_eq!(detail.hangup_cause.as_deref(), Some("NORMAL"));
    assert_eq!(detail.term_sip_code.as_deref(), Some("200"));
    assert!(detail.extra.is_empty());

    let [intent] = &detail.intents[..] else {
        panic!()
    };
    assert_eq!(intent.intent_id.as_deref(), Some("i"));
    assert_eq!(intent.intent_tag.as_deref(), Some("A"));
    assert_eq!(intent.intent_name.as_deref(), Some("n"));
    assert_eq!(intent.intent_level, Some(6));
    assert!(intent.extra.is_empty());

    let [sms] = &detail.sms[..] else { panic!() };
    assert_eq!(sms.sms_send_ts, Some(7));
    assert_eq!(sms.sys_message_id.as_deref(), Some("m"));
    assert_eq!(sms.sms_content.as_deref(), Some("text"));
    assert!(sms.extra.is_empty());

    let agent = detail.agent.as_ref().expect("it is there");
    assert_eq!(agent.agent_name.as_deref(), Some("a"));
    assert_eq!(agent.agent_group.as_deref(), Some("g"));
    assert_eq!(agent.agent_call_status, Some(8));
    assert_eq!(agent.agent_call_elapsed, Some(9));
    assert_eq!(agent.agent_label.as_deref(), Some("l"));
    assert_eq!(agent.manual_call_start, Some(10));
    assert_eq!(agent.manual_call_answer, Some(11));
    assert_eq!(agent.manual_call_end, Some(12));
    assert_eq!(agent.manual_hangup_by, Some(0));
    assert!(agent.extra.is_empty());

    let [param] = &detail.params[..] else {
        panic!()
    };
    assert_eq!(param.name.as_deref(), Some("amount"));
    assert_eq!(param.value.as_deref(), Some("120.50"));
    assert!(param.extra.is_empty());
}

#[test]
fn values_that_the_pages_do_not_have_are_carried_as_they_are() {
    for number in [i64::MIN, -1, 0, 2, 4711, i64::MAX] {
        for content in &CONTENTS[1..] {
            let mut value = (content.example)();
            value["callbackType"] = json!(number.to_string());
            assert_eq!((content.read)(&bytes(&value)), Ok(()), "{}", content.name);
        }
        let mut value = call_json();
        value["callbackType"] = json!(number);
        value["callInfoDetail"]["callStatus"] = json!(number);
        value["callInfoDetail"]["hangupCause"] = json!("SOMETHING_NEW");
        let body = bytes(&value);
        let call = verified(&body).call_callback().expect("it is a callback");
        assert_eq!(call.callback_type, number);
        let detail = call.call_info_detail.expect("it is there");
        assert_eq!(detail.call_status, Some(number));
        assert_eq!(detail.hangup_cause.as_deref(), Some("SOMETHING_NEW"));

        let mut value = task_json();
        value["callbackType"] = json!(number.to_string());
        value["taskStatus"] = json!(number);
        let body = bytes(&value);
        let task = verified(&body).task_callback().expect("it is a callback");
        assert_eq!((task.callback_type, task.task_status), (number, number));

        if number != 0 {
            let mut value = response_json();
            value["retCode"] = json!(number);
            let body = bytes(&value);
            let response = answered(&body).response().expect("it is a response");
            assert_eq!(response.ret_code, RetCode(number));
        }
    }
}

#[test]
fn fields_that_the_pages_do_not_have_are_kept() {
    let more = |value: &mut Value| {
        value["new"] = json!({"a": [1, null, "é"]});
        value[""] = json!(null);
    };
    let expected: Extra = [("new", r#"{"a":[1,null,"é"]}"#), ("", "null")]
        .map(|(key, json)| (key.into(), json.into()))
        .into();

    let mut value = response_json();
    more(&mut value);
    more(&mut value["errList"][1]);
    let body = bytes(&value);
    let response = answered(&body).response().expect("it is a response");
    assert_eq!(response.extra, expected);
    assert!(response.err_list[0].extra.is_empty());
    assert_eq!(response.err_list[1].extra, expected);

    let mut value = call_json();
    more(&mut value);
    let detail = &mut value["callInfoDetail"];
    more(detail);
    more(&mut detail["agent"]);
    for list in ["intents", "sms", "params"] {
        more(&mut detail[list][0]);
    }
    let body = bytes(&value);
    let verified_call = verified(&body);
    let call = verified_call.call_callback().expect("it is a callback");
    let order = verified_call.order_callback().expect("it is a callback");
    for (extra, detail) in [
        (call.extra, call.call_info_detail),
        (order.extra, order.call_info_detail),
    ] {
        assert_eq!(extra, expected);
        let detail = detail.expect("it is there");
        assert_eq!(detail.extra, expected);
        assert_eq!(detail.intents[0].extra, expected);
        assert_eq!(detail.sms[0].extra, expected);
        assert_eq!(detail.params[0].extra, expected);
        assert_eq!(detail.agent.expect("it is there").extra, expected);
    }

    let mut value = task_json();
    more(&mut value);
    more(&mut value["taskStat"]);
    let body = bytes(&value);
    let task = verified(&body).task_callback().expect("it is a callback");
    assert_eq!(task.extra, expected);
    assert_eq!(task.task_stat.extra, expected);
}

/// Values that change, or are refused, where they are read and written.
fn odd_values() -> Vec<String> {
    let texts = [
        "123456789012345678901234567890",
        "-0",
        "1.10",
        "1E5",
        "1e400",
        r#""\ud800""#,
        r#"{"\ud800":1}"#,
    ];
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    texts.into_iter().map(Into::into).chain([deep]).collect()
}

#[test]
fn what_is_kept_is_the_text_that_was_sent() {
    let more = [r#""\u00e9\/""#, r#"{"b":1,"a":2,"b":3}"#, "[1,\n 2]"].map(Into::into);
    for text in odd_values().into_iter().chain(more) {
        let expected = |key: &str| Extra::from([(key.into(), text.clone())]);
        let json = call_json().to_string();

        let body = edited(
            &json,
            "{\"callInfo",
            &format!("{{\"new\": {text} ,\"callInfo"),
        );
        let verified_call = verified(body.as_bytes());
        let call = verified_call.call_callback().expect("it is a callback");
        assert_eq!(call.extra, expected("new"));

        let body = edited(
            &json,
            r#""termSipCode":"200""#,
            &format!("\"termSipCode\":\t{text}\n"),
        );
        let verified_call = verified(body.as_bytes());
        let call = verified_call.call_callback().expect("it is a callback");
        let detail = call.call_info_detail.expect("it is there");
        // Text is its type, so it is not kept there.
        match detail.term_sip_code {
            Some(code) => assert_eq!(code, "é/"),
            None => assert_eq!(detail.extra, expected("termSipCode")),
        }
    }
}

#[test]
fn canonical_json_is_compact_and_sorted_and_loses_nothing() {
    let contents = [
        (ContentKind::Response, response_json()),
        (ContentKind::CallCallback, call_json()),
        (ContentKind::OrderCallback, order_json()),
        (ContentKind::TaskCallback, task_json()),
    ];
    for (kind, mut value) in contents {
        value["new"] = json!({"b": [1, {"d": null, "c": "\"\\\u{1}é"}], "a": true});
        let body = format!("\n{value:#} ");
        let found = verified_for(kind, body.as_bytes()).canonical_json(kind);
        if kind == ContentKind::OrderCallback {
            value["callbackType"] = json!(1);
        }
        // The maps of serde_json are sorted.
        assert_eq!(found, Ok(value.to_string()), "{kind:?}");

        remove(
            &mut value,
            if kind == ContentKind::Response {
                "/retMsg"
            } else {
                "/taskID"
            },
        );
        let body = bytes(&value);
        assert_eq!(
            code_of(verified_for(kind, &body).canonical_json(kind)),
            "content_missing"
        );
        let body = body.repeat(2);
        assert_eq!(
            code_of(verified_for(kind, &body).canonical_json(kind)),
            "content_json"
        );
    }
    for text in odd_values() {
        let json = task_json().to_string();
        let edit = |text: &str| {
            edited(
                &json,
                "\"userTaskID\"",
                &format!("\"uA\":{text},\"userTaskID\""),
            )
        };
        let body = edit(&format!(" {text} "));
        let found = verified(body.as_bytes()).canonical_json(ContentKind::TaskCallback);
        assert_eq!(found, Ok(edit(&text)));
    }
    // What no program can read for certain is handed on as it was sent, where it is no field of ours.
    let odd = r#"{"a":1, "a":2}"#;
    let body = format!(r#"{{"newA":{odd},{}"#, &task_json().to_string()[1..]);
    let found = verified(body.as_bytes()).canonical_json(ContentKind::TaskCallback);
    let found = found.expect("it is a callback");
    assert!(found.contains(odd), "{found}");
}

/// Of two values the last one would win here, and the first one elsewhere.
#[test]
fn a_key_that_stands_twice_is_refused_wherever_it_is_read() {
    let task = r#""taskStat":{"#;
    for (kind, value, object, path) in [
        (ContentKind::Response, response_json(), "{", ""),
        (
            ContentKind::Response,
            response_json(),
            r#""errList":[{"#,
            "/errList/0",
        ),
        (ContentKind::CallCallback, call_json(), "{", ""),
        (ContentKind::OrderCallback, order_json(), "{", ""),
        (ContentKind::TaskCallback, task_json(), "{", ""),
        (ContentKind::TaskCallback, task_json(), task, "/taskStat"),
    ]
    .into_iter()
    .chain(
        [
            (r#""callInfoDetail":{"#, "/callInfoDetail"),
            (r#""agent":{"#, "/callInfoDetail/agent"),
            (r#""intents":[{"#, "/callInfoDetail/intents/0"),
            (r#""sms":[{"#, "/callInfoDetail/sms/0"),
            (r#""params":[{"#, "/callInfoDetail/params/0"),
        ]
        .into_iter()
        .flat_map(|(object, path)| {
            [
                (ContentKind::CallCallback, call_json(), object, path),
                (ContentKind::OrderCallback, order_json(), object, path),
            ]
        }),
    ) {
        let json = value.to_string();
        let place = json.find(object).expect(object) + object.len();
        let known = json[place..].split('"').nth(1).expect("it has a key");
        for twice in [
            r#""zq":0,"zq":0,"#.to_owned(),
            r#""zq":0,"\u007aq":1,"#.to_owned(),
            format!(r#""{known}":null,"#),
        ] {
            let body = format!("{}{twice}{}", &json[..place], &json[place..]);
            let message = verified_for(kind, body.as_bytes());
            let found = match kind {
                ContentKind::Response => message.response().map(drop),
                ContentKind::CallCallback => message.call_callback().map(drop),
                ContentKind::OrderCallback => message.order_callback().map(drop),
                ContentKind::TaskCallback => message.task_callback().map(drop),
                other => panic!("{other:?} has no typed reader"),
            };
            assert_eq!(code_of(found.clone()), "content_repeated", "{body}");
            assert_eq!(message.canonical_json(kind).map(drop), found);
            let shown = found.expect_err("it is refused").to_string();
            let place = if path.is_empty() { "the body" } else { path };
            assert_eq!(shown, format!("{place} has a key twice"));
        }
    }
    // A success that a failure stands in front of.
    let body = edited(
        &response_json().to_string(),
        r#""retCode":0"#,
        r#""retCode":6,"retCode":0"#,
    );
    let found = answered(body.as_bytes()).response();
    assert_eq!(code_of(found), "content_repeated");
    // What is cut is no JSON, whatever stands twice in it.
    let found = answered(br#"{"retCode":6,"retCode":0,"#).response();
    assert_eq!(code_of(found), "content_json");
}

#[test]
fn a_callback_type_has_one_spelling_as_digits() {
    let read = |text: &str| {
        let mut value = call_json();
        value["callbackType"] = json!(text);
        let body = bytes(&value);
        let found = verified(&body).call_callback();
        found.map(|callback| callback.callback_type)
    };
    for number in [0, 1, -1, 10, 4711, i64::MAX, i64::MIN] {
        assert_eq!(read(&number.to_string()), Ok(number));
    }
    for wrong in [
        "",
        "-",
        "+1",
        "-0",
        "00",
        "007",
        "-007",
        "01",
        " 1",
        "1 ",
        "1.0",
        "1e0",
        "--1",
        "\u{661}",
        "9223372036854775808",
        "-9223372036854775809",
        "call",
    ] {
        assert_eq!(code_of(read(wrong)), "content_wrong_type", "{wrong}");
    }
}

#[test]
fn an_owned_copy_is_the_same() {
    let body = bytes(&call_json());
    let verified = verified(&body);
    let owned = verified.clone().into_owned();
    assert_eq!(owned.body(), verified.body());
    assert_eq!(owned.uuid(), UUID);
    assert_eq!(owned.uuid(), verified.uuid());
    assert_eq!(owned.request_id(), verified.request_id());
    assert_eq!(owned.create_ts(), verified.create_ts());
    assert_eq!(owned.replay_expires_at(), verified.replay_expires_at());
    assert_eq!(owned.credentials_index(), verified.credentials_index());
}

#[test]
fn what_is_known_from_an_example_only_is_kept_where_its_type_is_another() {
    let keys: Vec<String> = call_json()["callInfoDetail"]
        .as_object()
        .expect("it is one")
        .keys()
        .cloned()
        .collect();
    assert_eq!(keys.len(), 15);
    for other_type in [
        json!(0.5),
        json!(true),
        json!([1]),
        json!([{}, null]),
        json!(u64::MAX),
    ] {
        let mut value = call_json();
        for key in &keys {
            value["callInfoDetail"][key] = other_type.clone();
        }
        let body = bytes(&value);
        let call = verified(&body).call_callback().expect("it is a callback");
        let detail = call.call_info_detail.expect("it is there");
        let kept: Extra = keys
            .iter()
            .map(|key| (key.clone(), other_type.to_string()))
            .collect();
        assert_eq!(detail.extra, kept);
        let mut nothing_else = CallInfoDetail::default();
        nothing_else.extra = kept;
        assert!(detail == nothing_else);
    }

    // The same one level deeper, and for fields of which only order callbacks do not say what they are.
    let deeper = json!({
        "intents": [{"intentID": 1, "intentTag": 1, "intentName": 1, "intentLevel": "1"}],
        "sms": [{"smsSendTs": "1", "sysMessageID": 1, "smsContent": 1}],
        "agent": {"agentName": 1, "agentGroup": [], "agentCallStatus": "1", "agentCallElapsed": "1",
            "agentLabel": 1, "manualCallStart": "", "manualCallAnswer": "", "manualCallEnd": "", "manualHangupBy": ""},
        "params": [{"name": 1, "value": 120.5}],
    });
    let mut value = order_json();
    value["callInfoDetail"] = deeper;
    value["finish"] = json!(1);
    value["other"] = json!({});
    let body = bytes(&value);
    let order = verified(&body).order_callback().expect("it is a callback");
    assert_eq!((order.finish, order.other), (None, None));
    assert_eq!(order.extra["finish"], "1");
    assert_eq!(order.extra["other"], "{}");
    let detail = order.call_info_detail.expect("it is there");
    assert_eq!(detail.intents[0].extra.len(), 4);
    assert_eq!(detail.sms[0].extra.len(), 3);
    assert_eq!(detail.agent.expect("it is there").extra.len(), 9);
    assert_eq!(detail.params[0].extra["value"], "120.5");

    for other_type in [json!([]), json!("x"), json!(1)] {
        let mut value = call_json();
        value["callInfoDetail"] = other_type.clone();
        let body = bytes(&value);
        let call = verified(&body).call_callback().expect("it is a callback");
        assert!(call.call_info_detail.is_none());
        assert_eq!(call.extra["callInfoDetail"], other_type.to_string());
    }
}

#[test]
fn a_null_where_nothing_is_required_is_as_if_it_were_not_there() {
    let mut value = order_json();
    for key in ["finish", "other", "callInfoDetail"] {
        value[key] = Value::Null;
    }
    let body = bytes(&value);
    let order = verified(&body).order_callback().expect("it is a callback");
    assert!(order.finish.is_none() && order.other.is_none() && order.call_info_detail.is_none());
    assert!(order.extra.is_empty());

    let mut value = call_json();
    for each in value["callInfoDetail"]
        .as_object_mut()
        .expect("it is one")
        .values_mut()
    {
        *each = Value::Null;
    }
    let body = bytes(&value);
    let call = verified(&body).call_callback().expect("it is a callback");
    assert!(call.call_info_detail.expect("it is there") == CallInfoDetail::default());
}

// ------------------------------------------------------------------------------------------------------ refused orders

#[test]
fn refused_phones_are_traced_to_all_their_orders() {
    let ids = [
        "1",
        "\"2\\\"",
        "3 é中😀",
        "\u{0}\n\u{7f}/",
        "5,{\"userPhone\":\"8613800000009\"}",
    ];
    let phones = [
        "8613800000001",
        "8613800000002",
        "8613800000001",
        "8613800000003",
        "8613800000001",
    ];
    let orders: Vec<Order<'_>> = ids
        .iter()
        .zip(phones)
        .map(|(order_id, user_phone)| Order {
            order_id,
            user_phone,
            other: "\"userPhone\":\"8613800000009\"",
            user_name: "8613800000009",
            ..ORDER
        })
        .collect();
    let request = request_of(&orders, "r1", &credentials(Algorithm::Md5));
    for (refused, expected) in [
        (&[][..], vec![]),
        (&["8613800000003"], vec![vec![ids[3]]]),
        (
            &["8613800000002", "8613800000001"],
            vec![vec![ids[1]], vec![ids[0], ids[2], ids[4]]],
        ),
        (
            &["8613800000001", "8613800000001"],
            vec![vec![ids[0], ids[2], ids[4]], vec![ids[0], ids[2], ids[4]]],
        ),
        (
            &["8613800000009", "", "+8613800000001", "861380000000"],
            vec![vec![], vec![], vec![], vec![]],
        ),
    ] {
        let mut value = response_json();
        value["errList"] = refused
            .iter()
            .enumerate()
            .map(|(i, phone)| json!({"phone": phone, "errMsg": i.to_string()}))
            .collect();
        let body = bytes(&value);
        let response = answered(&body).response().expect("it is a response");
        let found = response.refused_orders(&request);
        assert_eq!(found.len(), refused.len());
        for (i, found) in found.iter().enumerate() {
            assert_eq!(found.phone, refused[i]);
            assert_eq!(found.err_msg, i.to_string());
            assert_eq!(*found.order_ids, *expected[i], "{}", refused[i]);
        }
    }
}

/// A list of ids for each entry would be 400 million of them.
#[test]
fn many_refusals_of_one_phone_share_its_orders() {
    const MANY: usize = 20_000;
    let ids: Vec<String> = (0..MANY).map(|i| i.to_string()).collect();
    let orders: Vec<Order<'_>> = ids
        .iter()
        .map(|order_id| Order { order_id, ..ORDER })
        .collect();
    let request = request_of(&orders, "r1", &credentials(Algorithm::Md5));
    let mut value = response_json();
    value["errList"] = vec![json!({"phone": ORDER.user_phone, "errMsg": "no"}); MANY].into();
    let body = bytes(&value);
    let response = answered(&body).response().expect("it is a response");
    let refused = response.refused_orders(&request);
    assert_eq!(refused.len(), MANY);
    assert!(refused.iter().all(|each| each.order_ids.len() == MANY));
    assert_eq!(*refused[MANY - 1].order_ids, *ids);
}

// ----------------------------------------------------------------------------------------------------------- the codes

/// The pages' table, and whether trying again can help.
const RET_CODES: [(i64, &str, Retry); 14] = [
    (0, "success", Retry::Succeeded),
    (1, "general error", Retry::Unknown),
    (2, "a parameter is missing", Retry::Never),
    (3, "a parameter has the wrong format", Retry::Never),
    (4, "a parameter has an invalid value", Retry::Never),
    (
        4001,
        "content too large: too many array elements",
        Retry::Never,
    ),
    (5, "server under maintenance", Retry::Later),
    (5001, "internal server error", Retry::Unknown),
    (6, "signature wrong", Retry::Never),
    (6001, "signature missing", Retry::Never),
    (6002, "account does not exist", Retry::Never),
    (6003, "user has no permission", Retry::Never),
    (7, "system busy", Retry::Later),
    (
        1001,
        "a batch import is running, so import and export are refused",
        Retry::Later,
    ),
];

#[test]
fn the_codes_mean_what_the_pages_say() {
    for (code, meaning, retry) in RET_CODES {
        let code = RetCode(code);
        assert_eq!(code.meaning(), Some(meaning));
        assert_eq!(code.retry(), retry, "{code}");
        assert_eq!(code.is_success(), code.0 == 0);
        assert_eq!(code.to_string(), format!("{} ({meaning})", code.0));
    }
    let others = (-10..10_000)
        .chain([i64::MIN, i64::MAX])
        .filter(|&code| RET_CODES.iter().all(|&(known, ..)| known != code));
    for code in others.map(RetCode) {
        assert_eq!(code.meaning(), None);
        assert_eq!(code.retry(), Retry::Unknown);
        assert!(!code.is_success());
        assert_eq!(code.to_string(), code.0.to_string());
    }
}

// ------------------------------------------------------------------------------------------------------------- privacy

#[track_caller]
fn assert_shows_nothing(value: &impl Debug) {
    for shown in [format!("{value:?}"), format!("{value:#?}")] {
        assert!(!shown.to_lowercase().contains("zq"), "{shown}");
        assert!(!shown.contains("4711"), "{shown}");
    }
}

/// The same value with other strings and numbers.
fn private(value: &mut Value) {
    match value {
        Value::String(text) => *text = "zqprivate".into(),
        Value::Number(number) => *number = 4711.into(),
        Value::Array(values) => values.iter_mut().for_each(private),
        Value::Object(map) => {
            map.values_mut().for_each(private);
            map.insert("zqkey".into(), json!("zqprivate"));
        }
        Value::Null | Value::Bool(_) => {}
    }
}

#[test]
fn debug_shows_no_content() {
    let mut value = call_json();
    private(&mut value);
    value["callbackType"] = json!(1);
    let body = bytes(&value);
    let verified_call = verified(&body);
    assert_shows_nothing(&verified_call);
    let call = verified_call.call_callback().expect("it is a callback");
    assert_shows_nothing(&call);
    let detail = call.call_info_detail.expect("it is there");
    assert_shows_nothing(&detail);
    assert_shows_nothing(&detail.intents);
    assert_shows_nothing(&detail.sms);
    assert_shows_nothing(&detail.agent);
    assert_shows_nothing(&detail.params);
    let order = verified_call.order_callback().expect("it is a callback");
    assert_shows_nothing(&order);

    let mut value = task_json();
    private(&mut value);
    let body = bytes(&value);
    let task = verified(&body).task_callback().expect("it is a callback");
    assert_shows_nothing(&task);
    assert_shows_nothing(&task.task_stat);

    let mut value = response_json();
    private(&mut value["errList"]);
    value["retMsg"] = json!("zqprivate");
    value["zqkey"] = json!(4711);
    let body = bytes(&value);
    let response = answered(&body).response().expect("it is a response");
    assert_shows_nothing(&response);
    assert_shows_nothing(&response.err_list);
    let request = request("r1", &credentials(Algorithm::Md5));
    assert_shows_nothing(&response.refused_orders(&request));
    assert!(
        format!("{response:?}").contains("x-1"),
        "what to quote is shown"
    );

    let error = verified(b"{\"callbackType\":\"zq4711\"").call_callback();
    let error = error.expect_err("it is cut");
    assert_shows_nothing(&error);
    assert!(!error.to_string().contains("zq"));
    let error = verified(b"{\"callbackType\":\"zq4711\"}").call_callback();
    let error = error.expect_err("it is no number");
    assert_shows_nothing(&error);
    assert_eq!(
        error.to_string(),
        "/callbackType is not an integer, or a string of its digits"
    );

    let verifier = Verifier::new(account("a", "zqsecret", Algorithm::Md5));
    assert_shows_nothing(&verifier);
}
