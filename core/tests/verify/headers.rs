//! Received headers: how they are found, and what is wrong with them.

use std::collections::BTreeMap;

use callbot_core::{Algorithm, ReceivedHeaders, RequestId, Verifier, VerifyError, testing};

use crate::common::{credentials, request_id, timestamp};
use crate::support::{Headers, NOW, UUID, callback, plainly_signed, received, set, verify};

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
    assert_eq!(error, VerifyError::DuplicateHeader { name: "sign" });

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
            VerifyError::DuplicateHeader { name }
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
        let start = format!("malformed header {name}; expected ");
        assert!(
            malformed.starts_with(&start) && malformed.contains(form),
            "{malformed}"
        );
        set(&mut headers, name, "");
        let empty = text(&headers);
        let start = format!("empty header {name}; expected ");
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
