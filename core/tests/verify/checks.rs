//! The verifier's checks: their order, their errors, and what a message was verified as.

use callbot_core::{
    Algorithm, ContentKind, Endpoint, ReceivedHeaders, RequestPart, SignedRequest, Verifier,
    VerifyError, Violations, testing,
};

use crate::common::{credentials, request_id, timestamp};
use crate::examples::{call_json, order_json, response_json, task_json};
use crate::support::{
    Headers, NOW, SECRET_KEY, UUID, account, answered, bytes, callback, code_of, headers_of,
    received, request, set, verified,
};

/// The errors in the order of their checks. A message of the test has all errors from an index on.
const ERRORS: [&str; 11] = [
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

const MISMATCH: VerifyError = VerifyError::SignatureMismatch {
    body_is_empty: false,
};

#[test]
fn checks_run_in_the_documented_order() {
    for (first, expected) in ERRORS.into_iter().enumerate() {
        let has = |code| ERRORS.iter().position(|&each| each == code).expect(code) >= first;
        let either = |code, yes, no| if has(code) { yes } else { no };

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
            either("verify_mismatch", "another key", SECRET_KEY),
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
                .verify_response(&request("r1", &ours).sent(), &headers, body, now)
                .map_err(VerifyError::code)?;
            verified.response().map_err(|error| error.code())
        };
        assert_eq!(outcome().err().unwrap_or(""), expected);
    }
}

/// Only the name of the part: the values belong to the account.
#[test]
fn the_part_that_differs_from_the_request_is_named() {
    let ours = account(UUID, SECRET_KEY, Algorithm::Md5);
    let other = account("second", SECRET_KEY, Algorithm::Md5);
    let sha = account(UUID, SECRET_KEY, Algorithm::Sha256);
    let verifier = Verifier::new(ours.clone())
        .with_credentials(other.clone())
        .with_credentials(sha.clone());
    let asked = request("r1", &ours);
    let outcome = |headers: Headers| {
        let headers = received(&headers).expect("the headers are valid");
        verifier
            .verify_response(&asked.sent(), &headers, b"{}", NOW)
            .expect_err("the response answers another request")
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
        let message = error.to_string();
        assert!(message.contains(named), "{message}");
        assert!(
            !["r1", "r2", UUID, "second"]
                .iter()
                .any(|value| message.contains(value)),
            "{message}"
        );
    }
}

#[test]
fn errors_have_codes_and_show_no_signature() {
    let name = "sign";
    let errors = [
        (VerifyError::MissingHeader { name }, "header_missing"),
        (VerifyError::CgiName { name }, "header_cgi_name"),
        (VerifyError::DuplicateHeader { name }, "header_repeated"),
        (VerifyError::JoinedHeader { name }, "header_joined"),
        (
            VerifyError::MalformedHeader {
                name,
                is_empty: false,
            },
            "header_malformed",
        ),
        (VerifyError::Algorithm, "verify_algorithm"),
        (VerifyError::UnknownUuid, "verify_unknown_uuid"),
        (MISMATCH, "verify_mismatch"),
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
        let message = error.to_string();
        match error {
            VerifyError::TooOld { .. } => {
                assert!(message.contains("4711") && message.contains("300"));
            }
            VerifyError::TooNew { .. } => {
                assert!(message.contains("4711") && message.contains("60"));
            }
            VerifyError::MissingHeader { .. }
            | VerifyError::CgiName { .. }
            | VerifyError::JoinedHeader { .. }
            | VerifyError::DuplicateHeader { .. }
            | VerifyError::MalformedHeader { .. } => assert!(message.contains(name)),
            _ => {}
        }
    }
    assert_eq!(MISMATCH.to_string(), "the signature does not match");
    let of_empty_body = VerifyError::SignatureMismatch {
        body_is_empty: true,
    };
    assert_eq!(of_empty_body.code(), "verify_mismatch");
    assert!(of_empty_body.to_string().contains("the body is empty"));
}

/// A document that each endpoint takes.
fn document(endpoint: Endpoint) -> String {
    if endpoint == Endpoint::AddBatchCall {
        let request = request("r1", &credentials(Algorithm::Md5));
        return String::from_utf8(request.body().into()).expect("UTF-8");
    }
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/requests");
    std::fs::read_to_string(format!("{golden}/{endpoint}.json")).expect("a golden file")
}

fn sign(endpoint: Endpoint, document: &str) -> Result<SignedRequest, Violations> {
    let account = credentials(Algorithm::Md5);
    let (id, now) = (request_id("r1"), timestamp(NOW));
    SignedRequest::from_json(endpoint, document.as_bytes(), &account, id, now)
}

#[test]
fn our_own_request_sent_back_has_no_content() {
    // Both directions use the same signing rule, so the signature is valid.
    let verifier = Verifier::new(credentials(Algorithm::Md5));
    for &endpoint in Endpoint::ALL {
        let request = sign(endpoint, &document(endpoint)).expect("a valid request");
        let pairs = request.headers();
        let headers = ReceivedHeaders::from_pairs(pairs).expect("the headers are valid");
        let message = verifier
            .verify_response(&request.sent(), &headers, request.body(), NOW)
            .expect("the signature is valid");
        assert_eq!(code_of(message.result()), "content_missing", "{endpoint}");
        let message = verifier
            .verify_callback(&headers, request.body(), NOW)
            .expect("the signature is valid");
        assert_eq!(code_of(message.call_callback()), "content_missing");
        assert_eq!(code_of(message.order_callback()), "content_missing");
        assert_eq!(code_of(message.task_callback()), "content_missing");
    }
}

/// Not even one with further keys, where the page allows these.
#[test]
fn no_request_has_the_keys_that_tell_a_message() {
    for &endpoint in Endpoint::ALL {
        let document = document(endpoint);
        let open = &document[..document.rfind('}').expect("an object")];
        for keys in [
            r#","callbackType":1"#,
            r#","callbackType":1,"taskStatus":1"#,
            r#","retCode":0"#,
            r#","\u0072etCode":0"#,
        ] {
            let refused = sign(endpoint, &format!("{open}{keys}}}")).expect_err(keys);
            assert!(
                refused
                    .iter()
                    .all(|violation| violation.code() == "unknown_key")
            );
        }
    }
}

/// Otherwise a caller could omit the comparison of a response with its request.
#[test]
fn a_message_is_read_only_as_the_kind_it_was_verified_as() {
    const CODE: &str = "content_other_kind";
    let body = bytes(&response_json());
    for callback in [verified(&body), verified(&body).into_owned()] {
        assert_eq!(code_of(callback.response()), CODE);
        assert_eq!(code_of(callback.document(ContentKind::Response)), CODE);
        assert_eq!(code_of(callback.result()), CODE);
        let error = callback.response().expect_err("the message is a callback");
        assert_eq!(
            error.to_string(),
            "expected a response, found a callback; verify a response with the request that it answers"
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
            let error = response
                .document(kind)
                .expect_err("the message is a response");
            assert_eq!(error.code(), CODE);
            assert_eq!(
                error.to_string(),
                "not a callback of this kind; verify a callback as a callback, \
                 and read each kind at its own URL"
            );
        }
    }
    // Before any other check.
    assert_eq!(code_of(verified(b"").response()), CODE);
    assert_eq!(code_of(answered(b"").call_callback()), CODE);
}
