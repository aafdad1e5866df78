//! Received messages: no headers and no body cause a panic, no forged message is accepted, and all
//! readers agree on the content of genuine messages, with `serde_json` as well.
#![no_main]

use arbitrary::Arbitrary;
use callbot_core::testing;
use callbot_core::{
    Algorithm, Batch, ContentError, ContentKind, Credentials, Document, Order, ReceivedHeaders,
    RequestId, Rules, SecretKey, Task, Timestamp, Verified, Verifier, VerifyError,
};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const NOW: u64 = 1_726_200_000;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    algorithm: bool,
    headers: Vec<(Name<'a>, &'a [u8])>,
    now: u64,
    max_age: u64,
    max_skew: u64,
    /// An index of a header, and a value to replace its genuine one.
    forged: Option<(u8, &'a [u8])>,
    body: Body<'a>,
}

#[derive(Arbitrary, Debug)]
enum Body<'a> {
    /// An object with the required fields of every kind of content, some of them replaced or
    /// removed, and another field.
    Fields {
        replaced: Vec<(u8, Option<&'a str>)>,
        key: &'a str,
        value: &'a str,
    },
    Any(&'a [u8]),
}

const FIELDS: [(&str, &str); 22] = [
    ("retCode", "0"),
    ("retMsg", r#""""#),
    ("responseID", r#""x""#),
    ("totalCount", "2"),
    ("successCount", "1"),
    ("errList", r#"[{"phone":"8613800000001","errMsg":"x"}]"#),
    ("callbackType", r#""1""#),
    ("orderID", r#""o""#),
    ("userPhone", r#""8613800000001""#),
    ("userName", r#""é\ud83d\ude00""#),
    ("sceneID", r#""s""#),
    ("userTaskID", r#""t""#),
    ("taskID", r#""p""#),
    ("finish", "true"),
    ("other", r#""""#),
    (
        "callInfoDetail",
        r#"{"callStatus":1,"intents":[{"intentLevel":1}],"agent":{"agentName":null}}"#,
    ),
    ("taskStatus", "1"),
    ("createTs", "1726190000"),
    (
        "taskStat",
        r#"{"answerOrderCount":1,"finishOrderCount":2,"totalOrderCount":3,"finishRate":0.67,"totalAnswerCall":1,"totalCall":4,"answerRate":0.25}"#,
    ),
    ("sms", "[]"),
    ("params", "{}"),
    ("agent", "null"),
];

impl Body<'_> {
    fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Any(bytes) => bytes.to_vec(),
            Self::Fields {
                replaced,
                key,
                value,
            } => {
                let mut fields = FIELDS.map(|(key, value)| Some((key, value)));
                for &(place, value) in replaced {
                    let place = usize::from(place) % FIELDS.len();
                    fields[place] = value.map(|value| (FIELDS[place].0, value));
                }
                let mut fields: Vec<String> = fields
                    .into_iter()
                    .flatten()
                    .map(|(key, value)| format!("\"{key}\":{value}"))
                    .collect();
                if !key.is_empty() {
                    fields.push(format!("\"{key}\":{value}"));
                }
                format!("{{{}}}", fields.join(",")).into_bytes()
            }
        }
    }
}

#[derive(Arbitrary, Debug)]
enum Name<'a> {
    Any(&'a [u8]),
    Known(u8, bool),
}

const NAMES: [&str; 5] = ["requestID", "uuid", "createTs", "sign", "algorithm"];

impl Name<'_> {
    fn to_bytes(&self) -> Vec<u8> {
        match *self {
            Self::Any(name) => name.into(),
            Self::Known(number, upper) => {
                let name = NAMES[usize::from(number) % NAMES.len()];
                if upper {
                    name.to_uppercase()
                } else {
                    name.into()
                }
                .into()
            }
        }
    }
}

fn credentials(algorithm: bool) -> Credentials {
    let algorithm = [Algorithm::Md5, Algorithm::Sha256][usize::from(algorithm)];
    let secret_key =
        SecretKey::new("u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr").expect("the secret key is valid");
    Credentials::new("Vh71ym3y", secret_key, algorithm).expect("the uuid is valid")
}

fn signed(credentials: &Credentials, body: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let request_id = RequestId::new("c1").expect("the request ID is valid");
    let sent = Timestamp::from_unix_seconds(NOW).expect("the timestamp is valid");
    let message = testing::sign_callback(credentials, &request_id, sent, body);
    let headers = message.headers().into_iter();
    headers
        .map(|(name, value)| (name.into(), value.into()))
        .collect()
}

fn received(headers: &[(Vec<u8>, Vec<u8>)]) -> Result<ReceivedHeaders<'_>, VerifyError> {
    ReceivedHeaders::from_pairs(headers.iter().map(|(name, value)| (name, value)))
}

const KINDS: [ContentKind; 4] = [
    ContentKind::Response,
    ContentKind::CallCallback,
    ContentKind::OrderCallback,
    ContentKind::TaskCallback,
];

/// Reads a message as `kind` with the typed reader, and returns its document.
fn read(verified: &Verified<'_>, kind: ContentKind) -> Result<Document, ContentError> {
    let typed = match kind {
        ContentKind::Response => verified.response().map(|read| {
            // Reading an element causes no panic.
            assert_eq!(read.err_list.iter().count(), read.err_list.len());
        }),
        ContentKind::CallCallback => verified.call_callback().map(drop),
        ContentKind::OrderCallback => verified.order_callback().map(drop),
        ContentKind::TaskCallback => verified.task_callback().map(drop),
        other => panic!("{other:?} has no typed reader"),
    };
    let document = verified.document(kind);
    assert_eq!(typed.as_ref().err(), document.as_ref().err());
    document
}

/// Asserts that a value is as `serde_json` reads it, and that its children are found.
fn assert_same(found: callbot_core::Value<'_>, expected: &Value) {
    assert_eq!(found.as_str(), expected.as_str());
    assert_eq!(found.as_bool(), expected.as_bool());
    assert_eq!(found.is_null(), expected.is_null());
    if let Some(elements) = expected.as_array() {
        assert_eq!(found.len(), Some(elements.len()));
        for (index, expected) in elements.iter().enumerate() {
            assert_same(found.element(index).expect("an element"), expected);
        }
    }
    if let Some(members) = expected.as_object() {
        assert_eq!(found.len(), Some(members.len()));
        for (key, expected) in members {
            assert_same(found.member(key).expect("a member"), expected);
        }
    }
}

/// Returns a body as the verified response to a request.
fn answered<'b>(verifier: &Verifier, credentials: &Credentials, body: &'b [u8]) -> Verified<'b> {
    let task = Task {
        user_task_id: "t",
        order_callback_url: "https://a.example/",
        call_callback_url: "https://a.example/",
    };
    let mut batch = Batch::new(&task, Rules::new()).expect("the task is valid");
    let order = Order {
        order_id: "o",
        user_phone: "8613800000001",
        ..Order::default()
    };
    batch.add(&order).expect("the order is valid");
    let request_id = RequestId::new("r1").expect("the request ID is valid");
    let sent = Timestamp::from_unix_seconds(NOW).expect("the timestamp is valid");
    let request = batch
        .sign(credentials, request_id, sent)
        .expect("it has an order");
    let message = testing::sign_response(credentials, &request, sent, body);
    let headers = ReceivedHeaders::from_pairs(message.headers()).expect("the headers are valid");
    verifier
        .verify_response(&request.sent(), &headers, body, NOW)
        .expect("the message is genuine")
}

fn check_content(verifier: &Verifier, credentials: &Credentials, message: &Verified<'_>) {
    let body = message.body();
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let value: Option<Value> = serde_json::from_slice(body).ok();
    for kind in KINDS {
        let answer;
        let message = if kind == ContentKind::Response {
            let other_kind = ContentError::OtherKind { read_as: kind };
            assert_eq!(read(message, kind).err(), Some(other_kind));
            answer = answered(verifier, credentials, message.body());
            &answer
        } else {
            message
        };
        match read(message, kind) {
            Ok(document) => {
                // serde_json refuses half of a surrogate pair, deep nesting and 1e400.
                if let Some(value) = &value {
                    assert_same(document.root(), value);
                }
                for deviation in &document.deviations() {
                    let found = document
                        .get(&deviation.path())
                        .expect("a path is a pointer");
                    let is_missing = deviation.to_string().ends_with(": missing");
                    assert_eq!(found.is_none(), is_missing);
                }
            }
            Err(ContentError::Empty) => assert!(value.is_none()),
            Err(ContentError::Json { line, column }) => {
                assert!(line > 0 && column > 0);
                assert!(!value.as_ref().is_some_and(Value::is_object));
            }
            Err(ContentError::DuplicateKey { .. }) => {}
            Err(error) => assert!(error.to_string().starts_with('/')),
        }
    }
}

fuzz_target!(|input: Input<'_>| {
    let credentials = credentials(input.algorithm);
    let verifier = Verifier::new(credentials.clone());
    let body = input.body.to_bytes();

    // Unsigned headers.
    let headers: Vec<(Vec<u8>, Vec<u8>)> = input
        .headers
        .iter()
        .map(|(name, value)| (name.to_bytes(), value.to_vec()))
        .collect();
    if let Ok(headers) = received(&headers) {
        let verifier = verifier.clone().max_age(u64::MAX).max_skew(u64::MAX);
        let found = verifier.verify_callback(&headers, &body, input.now);
        assert!(found.is_err(), "the message is unsigned");
    }

    // Unchanged signed headers.
    let mut headers = signed(&credentials, &body);
    let genuine = received(&headers).expect("the headers are valid");
    match verifier.verify_callback(&genuine, &body, NOW) {
        Ok(message) => check_content(&verifier, &credentials, &message),
        Err(error) => {
            assert_eq!(error, VerifyError::NotUtf8);
            assert!(std::str::from_utf8(&body).is_err());
        }
    }
    let at_any_time = verifier
        .clone()
        .max_age(input.max_age)
        .max_skew(input.max_skew)
        .verify_callback(&genuine, &body, input.now);
    if let Ok(message) = at_any_time {
        assert!(input.now <= message.replay_expires_at());
    }

    // The same with another value. Only the case of the digits in `sign` has no meaning.
    if let Some((place, value)) = input.forged {
        let place = usize::from(place) % headers.len();
        let same = match headers[place].0.as_slice() {
            b"sign" => headers[place].1.eq_ignore_ascii_case(value),
            _ => headers[place].1 == value,
        };
        headers[place].1 = value.into();
        let found = received(&headers)
            .and_then(|headers| verifier.verify_callback(&headers, &body, NOW).map(drop));
        assert!(same || found.is_err());
    }
});
