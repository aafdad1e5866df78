//! Requests to any endpoint, and what their responses must match.

mod common;

use callbot_core::{
    Algorithm, Endpoint, PathError, ReceivedHeaders, RequestPart, Sent, SignedRequest, Verifier,
    VerifyError, testing,
};
use common::{credentials, request_id, timestamp};

const NOW: u64 = 1_726_200_000;

fn request(path: &str) -> Result<SignedRequest, PathError> {
    let credentials = credentials(Algorithm::Sha256);
    SignedRequest::new(
        path,
        r#"{"a": 1}"#,
        &credentials,
        request_id("r1"),
        timestamp(NOW),
    )
}

#[test]
fn any_path_and_body_are_signed_as_they_are() {
    let request = request("/callcentre/api/v3/routeList?page=1").expect("a valid path");
    assert_eq!(request.path(), "/callcentre/api/v3/routeList?page=1");
    assert_eq!(request.body(), br#"{"a": 1}"#);
    assert_eq!(request.endpoint(), None);
    assert_eq!(request.sent().endpoint, "");
    let sign =
        credentials(Algorithm::Sha256).sign(&request_id("r1"), timestamp(NOW), br#"{"a": 1}"#);
    assert_eq!(request.signature(), &sign);
}

#[test]
fn a_path_that_could_change_the_host_is_refused() {
    for (path, error) in [
        ("", PathError::NoSlash),
        ("x", PathError::NoSlash),
        (".example/x", PathError::NoSlash),
        ("@host.example/", PathError::NoSlash),
        ("https://host.example/", PathError::NoSlash),
        ("//host.example/", PathError::Slashes),
        ("/\\host.example/", PathError::Slashes),
        (
            "/a b",
            PathError::Character {
                position: 3,
                found: ' ',
            },
        ),
        (
            "/a#b",
            PathError::Character {
                position: 3,
                found: '#',
            },
        ),
        (
            "/a\r\nb",
            PathError::Character {
                position: 3,
                found: '\r',
            },
        ),
        (
            "/中",
            PathError::Character {
                position: 2,
                found: '中',
            },
        ),
    ] {
        assert_eq!(request(path).unwrap_err(), error, "{path:?}");
    }
}

#[test]
fn a_response_is_verified_without_the_request() {
    let request = request("/x").expect("a valid path");
    let credentials = credentials(Algorithm::Sha256);
    let body = br#"{"retCode":0,"retMsg":"","responseID":"x","totalCount":0,"successCount":0}"#;
    let message = testing::sign_response(&credentials, &request, timestamp(NOW), body);
    drop(request);

    let sent = Sent {
        endpoint: "",
        request_id: "r1",
        uuid: credentials.uuid(),
        algorithm: Algorithm::Sha256,
    };
    let verifier = Verifier::new(credentials.clone());
    let verify = |sent: &Sent<'_>| {
        let headers = ReceivedHeaders::from_pairs(message.headers())?;
        verifier.verify_response(sent, &headers, body, NOW)
    };
    assert!(verify(&sent).is_ok());
    let other_id = Sent {
        request_id: "r2",
        ..sent
    };
    let other_uuid = Sent { uuid: "u", ..sent };
    let other_algorithm = Sent {
        algorithm: Algorithm::Md5,
        ..sent
    };
    for (sent, differs) in [
        (other_id, RequestPart::RequestId),
        (other_uuid, RequestPart::Uuid),
        (other_algorithm, RequestPart::Algorithm),
    ] {
        let error = verify(&sent).unwrap_err();
        assert_eq!(error, VerifyError::OtherRequest { differs });
    }
}

#[test]
fn a_signed_batch_is_a_request_to_its_endpoint() {
    let mut batch = common::batch();
    batch.add(&common::ORDER).expect("a valid order");
    let credentials = credentials(Algorithm::Md5);
    let request = batch
        .sign(&credentials, request_id("r1"), timestamp(NOW))
        .expect("it has an order");
    assert_eq!(request.endpoint(), Some(Endpoint::AddBatchCall));
    assert_eq!(request.sent().endpoint, "addBatchCall");
    let again = request.sign_again(&credentials, request_id("r2"), timestamp(NOW));
    assert_eq!(again.endpoint(), Some(Endpoint::AddBatchCall));
    assert_eq!(again.sent().request_id, "r2");
}
