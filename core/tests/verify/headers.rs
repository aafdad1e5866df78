//! Received headers: sources of headers, and their errors.

use std::collections::BTreeMap;

use callbot_core::{Algorithm, ReceivedHeaders, RequestId, Verifier, VerifyError, testing};

use crate::common::{credentials, request_id, timestamp};
use crate::support::{Headers, NOW, UUID, callback, received, reference_signed, set, verify};

#[test]
fn headers_are_found_in_every_collection() {
    let credentials = credentials(Algorithm::Sha256);
    let verifier = Verifier::new(credentials.clone());
    let message = testing::sign_callback(&credentials, &request_id("c1"), timestamp(NOW), b"{}");
    let accepts = |headers: Result<ReceivedHeaders<'_>, VerifyError>| {
        let found = verifier.verify_callback(&headers.expect("the headers are valid"), b"{}", NOW);
        assert_eq!(found.expect("the message is genuine").request_id(), "c1");
    };

    let strings: Vec<(&str, &str)> = message.headers();
    accepts(ReceivedHeaders::from_pairs(strings.iter().copied()));
    let owned: BTreeMap<String, String> = strings
        .iter()
        .map(|&(name, value)| (name.to_uppercase(), value.to_owned()))
        .collect();
    accepts(ReceivedHeaders::from_pairs(&owned));
    let bytes: Vec<(&[u8], &[u8])> = strings
        .iter()
        .map(|(name, value)| (name.as_bytes(), value.as_bytes()))
        .chain([(&b"\xff"[..], &b"\xff"[..]), (b"", b"")])
        .collect();
    accepts(ReceivedHeaders::from_pairs(bytes));
}

#[cfg(feature = "http")]
#[test]
fn a_header_map_is_accepted() {
    use http::{HeaderMap, HeaderName, HeaderValue};

    let credentials = credentials(Algorithm::Md5);
    let verifier = Verifier::new(credentials.clone());
    let mut map = HeaderMap::new();
    map.insert(
        "x-opaque",
        HeaderValue::from_bytes(b"\xff").expect("HTTP allows the value"),
    );
    for (name, value) in callback(&credentials, b"{}") {
        let name: HeaderName = name.parse().expect("the name is valid");
        map.insert(
            name,
            HeaderValue::from_bytes(&value).expect("the value is valid"),
        );
    }
    let headers = ReceivedHeaders::from_pairs(&map).expect("the headers are valid");
    verifier
        .verify_callback(&headers, b"{}", NOW)
        .expect("the message is genuine");

    let mut with_duplicate = map.clone();
    with_duplicate.append("Sign", map["sign"].clone());
    let error =
        ReceivedHeaders::from_pairs(&with_duplicate).expect_err("the header is a duplicate");
    assert_eq!(error, VerifyError::DuplicateHeader { name: "sign" });

    map.insert(
        "requestid",
        HeaderValue::from_bytes(b"\xff").expect("HTTP allows the value"),
    );
    let error = ReceivedHeaders::from_pairs(&map).expect_err("the value is not ASCII");
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
fn an_error_has_the_expected_form_of_a_header() {
    let genuine = callback(&credentials(Algorithm::Md5), b"{}");
    for (name, invalid, form) in [
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
        let message_of = |headers: &Headers| received(headers).expect_err(name).to_string();
        set(&mut headers, name, invalid);
        let malformed = message_of(&headers);
        let start = format!("malformed header {name}; expected ");
        assert!(
            malformed.starts_with(&start) && malformed.contains(form),
            "{malformed}"
        );
        set(&mut headers, name, "");
        let empty = message_of(&headers);
        let start = format!("empty header {name}; expected ");
        assert!(empty.starts_with(&start) && empty.contains(form), "{empty}");
    }
}

#[test]
fn a_request_id_may_be_longer_than_our_own_up_to_a_limit() {
    let verifier = Verifier::new(credentials(Algorithm::Md5));
    assert!(RequestId::new("r".repeat(129)).is_err());
    for (len, expected) in [(129, ""), (256, ""), (257, "header_malformed")] {
        let headers = reference_signed("1726200000", &"r".repeat(len), "{}");
        let found = verify(&verifier, &headers, b"{}", NOW);
        let code = found.map_or_else(VerifyError::code, |_| "");
        assert_eq!(code, expected, "{len}");
    }
    assert_eq!(ReceivedHeaders::MAX_REQUEST_ID_LEN, 256);
}

#[test]
fn a_request_id_that_we_could_not_send_is_kept_and_shown() {
    assert!(RequestId::new("a/b+c=").is_err());
    let headers = reference_signed("1726200000", "a/b+c=", "{}");
    let found = verify(
        &Verifier::new(credentials(Algorithm::Md5)),
        &headers,
        b"{}",
        NOW,
    );
    assert_eq!(
        found.expect("the message is genuine").request_id(),
        "a/b+c="
    );
    let masked = received(&headers)
        .expect("the headers are valid")
        .masked_signed_string(b"{}");
    let expected = format!("***&body={{}}&createTs=1726200000&requestID=a/b+c=&uuid={UUID}");
    assert_eq!(masked, expected.as_bytes());
}

#[test]
fn names_of_a_cgi_environment_are_named_as_that() {
    let genuine = callback(&credentials(Algorithm::Md5), b"{}");
    for prefix in [
        "HTTP_",
        "http_",
        "HTTP-",
        "REDIRECT_HTTP_",
        "REDIRECT_REDIRECT_HTTP_",
        "Redirect-Http-",
    ] {
        for name in ["requestID", "uuid", "createTs", "sign"] {
            let mut headers = genuine.clone();
            for (each, _) in &mut headers {
                if each == name {
                    *each = format!("{prefix}{}", name.to_uppercase());
                }
            }
            let error = received(&headers).expect_err(name);
            assert_eq!(error, VerifyError::CgiName { name });
            let message = error.to_string();
            let name = name.to_uppercase();
            let variables = format!("HTTP_{name} or REDIRECT_HTTP_{name}");
            assert!(message.contains(&variables), "{message}");
        }
    }
    for (variable, name) in [
        ("HTTP_REQUEST_ID", "requestID"),
        ("HTTP-Create-Ts", "createTs"),
    ] {
        let mut headers = genuine.clone();
        headers.retain(|(each, _)| each != name);
        headers.push((variable.into(), b"x".to_vec()));
        let error = received(&headers).expect_err(name);
        assert_eq!(error, VerifyError::CgiName { name });
    }
    // The first header that is missing decides, and a header itself comes before its variable.
    let mut headers = genuine.clone();
    headers.push(("HTTP_SIGN".into(), b"x".to_vec()));
    assert!(received(&headers).is_ok());
    headers.retain(|(name, _)| name != "uuid");
    let name = "uuid";
    let error = received(&headers).expect_err(name);
    assert_eq!(error, VerifyError::MissingHeader { name });
    for other in [
        "HTTP_",
        "HTTP",
        "HTTPUUID",
        "HTTP_X_UUID",
        "HTTP_UUID2",
        "X_HTTP_UUID",
        "REDIRECT_UUID",
        "REDIRECT",
        "u_uid",
    ] {
        headers.push((other.into(), b"x".to_vec()));
        assert_eq!(received(&headers).expect_err(other), error, "{other}");
    }
}

#[test]
fn joined_values_are_named_as_that() {
    let genuine = callback(&credentials(Algorithm::Md5), b"{}");
    for name in ["requestID", "uuid", "createTs", "sign", "algorithm"] {
        for separator in [", ", ","] {
            let mut headers = genuine.clone();
            if name == "algorithm" {
                headers.push((name.into(), b"MD5".to_vec()));
            }
            for (each, value) in &mut headers {
                if each == name {
                    *value = [value.as_slice(), value.as_slice()].join(separator.as_bytes());
                }
            }
            let found = received(&headers).map(drop);
            if (name, separator) == ("requestID", ",") {
                // The provider's IDs may have commas: the signature tells that it was joined.
                assert_eq!(found, Ok(()));
                let verifier = Verifier::new(credentials(Algorithm::Md5));
                let found = verify(&verifier, &headers, b"{}", NOW).map(drop);
                assert_eq!(found, Err(VerifyError::JoinedHeader { name }));
            } else {
                assert_eq!(
                    found,
                    Err(VerifyError::JoinedHeader { name }),
                    "{separator}"
                );
            }
        }
    }
}

#[test]
fn a_lower_case_signature_is_accepted() {
    let verifier = Verifier::new(credentials(Algorithm::Md5));
    let mut headers = callback(&credentials(Algorithm::Md5), b"{}");
    for (name, value) in &mut headers {
        if name == "sign" {
            value.make_ascii_lowercase();
        }
    }
    assert!(verify(&verifier, &headers, b"{}", NOW).is_ok());
}
