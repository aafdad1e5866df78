//! Requests to any endpoint, and what their responses must match.

mod common;

use callbot_core::{
    Algorithm, Content, CreateTask, Endpoint, ExportBatchCall, ListCall, ListOrder,
    ListOrderDetail, ListTask, MgrTaskStatus, OrderEndpoint, PathError, Ping, Position,
    ReceivedHeaders, Request, RequestPart, Sent, SignedRequest, StopOrder, UpdateTask, Verifier,
    VerifyError, Violation, ViolationKind, Violations, testing,
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

fn from_json(endpoint: Endpoint, json: &str) -> Result<SignedRequest, Violations> {
    let credentials = credentials(Algorithm::Md5);
    let id = request_id("r1");
    SignedRequest::from_json(endpoint, json.as_bytes(), &credentials, id, timestamp(NOW))
}

#[test]
fn half_of_a_surrogate_pair_has_its_position_in_the_document() {
    for (json, line, column, path) in [
        ("{\"sceneID\":\"\\ud83d\"}", 1, 13, "/sceneID"),
        (
            "{\n \"other\":[\n1,{\"é\":\n \"\\ud83d\"}]}",
            4,
            3,
            "/other",
        ),
        ("{\n\"funcFlag\":{\n \"\\ud83d\":1}}", 3, 3, "/funcFlag"),
    ] {
        let refused = from_json(Endpoint::CreateTask, json).unwrap_err();
        let first = refused.iter().next().expect("a violation");
        let ViolationKind::HalfSurrogate {
            position: Some(position),
        } = *first.kind()
        else {
            panic!("{first}");
        };
        let offset = json.find("\\ud83d").expect("the escape is there");
        let expected = Position {
            line,
            column,
            offset,
        };
        assert_eq!((position, &*first.path()), (expected, path), "{json}");
        // It does not end the reading.
        assert!(refused.iter().any(|v| v.path() == "/userTaskID"), "{json}");
    }
}

#[test]
fn a_syntax_error_is_listed_last() {
    let json = r#"{"orderIDs":[1],"delCall":2,"userTaskID":"t" "#;
    let refused = from_json(Endpoint::StopOrder, json).unwrap_err();
    let expected = [
        ("wrong_type", "/orderIDs/0".into()),
        ("out_of_range", "/delCall".into()),
        ("json_incomplete", String::new()),
    ];
    assert_eq!(common::found(&refused), expected);
    for json in [
        "",
        "{} x",
        "\u{feff}{}",
        "{\"a\":tru}",
        "null",
        "1",
        "\"\"",
        "[]",
    ] {
        let refused = from_json(Endpoint::Ping, json).unwrap_err();
        assert_eq!(
            refused.iter().next_back().map(Violation::path).as_deref(),
            Some("")
        );
    }
    let bytes: [&[u8]; 2] = [b"{\"data\":\"\xff\"}", b"{\0\"\0"];
    for json in bytes {
        let credentials = credentials(Algorithm::Md5);
        let id = request_id("r1");
        let read = SignedRequest::from_json(Endpoint::Ping, json, &credentials, id, timestamp(NOW));
        assert_eq!(read.unwrap_err().len(), 1);
    }
}

#[test]
fn deep_nesting_and_many_keys_are_carried_on() {
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let many: Vec<String> = (0..50_000)
        .map(|i| format!("\"k{i}\":{{\"a\":{i}}}"))
        .collect();
    let many = many.join(",");
    let json = format!(r#"{{"userTaskID":"t","sceneID":"s","other":{deep},{many}}}"#);
    let request = from_json(Endpoint::CreateTask, &json).expect("a valid request");
    let expected = json.replacen('{', r#"{"productID":"callbot","#, 1);
    assert!(request.body() == expected.as_bytes());
    // Where the page says what it must be, it is not.
    let json = format!(r#"{{"userTaskID":{deep},"orderIDs":[{deep}]}}"#);
    let refused = from_json(Endpoint::StopOrder, &json).unwrap_err();
    let expected = [
        ("wrong_type", "/userTaskID".into()),
        ("wrong_type", "/orderIDs/0".into()),
    ];
    assert_eq!(common::found(&refused), expected);
}

#[test]
fn a_typed_request_names_its_response() {
    fn endpoint_of_response<R: Request>() -> Option<Endpoint> {
        assert_eq!(<R::Response as Content>::ENDPOINT, Some(R::ENDPOINT));
        <R::Response as Content>::ENDPOINT
    }
    let endpoints = [
        endpoint_of_response::<ExportBatchCall<'_>>(),
        endpoint_of_response::<StopOrder<'_>>(),
        endpoint_of_response::<CreateTask<'_>>(),
        endpoint_of_response::<UpdateTask<'_>>(),
        endpoint_of_response::<MgrTaskStatus<'_>>(),
        endpoint_of_response::<ListTask<'_>>(),
        endpoint_of_response::<ListOrder<'_>>(),
        endpoint_of_response::<ListCall<'_>>(),
        endpoint_of_response::<ListOrderDetail<'_>>(),
        endpoint_of_response::<Ping<'_>>(),
    ];
    // All but those whose requests are batches.
    let expected = Endpoint::ALL.iter().copied();
    let expected = expected.filter(|&endpoint| OrderEndpoint::try_from(endpoint).is_err());
    assert!(endpoints.into_iter().flatten().eq(expected));
}
