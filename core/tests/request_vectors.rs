//! The request vectors that all languages share. A missing or unread folder fails the test.

mod common;

use std::path::Path;

use callbot_core::{
    Algorithm, Batch, Credentials, Endpoint, OrderEndpoint, Policy, RequestId, Rules, SecretKey,
    SignedRequest, Timestamp, Violations,
};
use common::{names_in, path, read};

/// The files of every case.
const INPUTS: [&str; 7] = [
    "README",
    "createTs",
    "endpoint",
    "json",
    "requestID",
    "secretKey",
    "uuid",
];

struct Case {
    name: String,
    endpoint: Endpoint,
    json: Vec<u8>,
    credentials: [Credentials; 2],
    request_id: RequestId,
    create_ts: Timestamp,
    /// The body and its signatures, or the lines of `violations`.
    expected: Result<(Vec<u8>, [String; 2]), Vec<String>>,
}

impl Case {
    fn of(folder: &Path) -> Self {
        let name = folder.display().to_string();
        let string = |file: &str| {
            String::from_utf8(read(folder.join(file))).unwrap_or_else(|_| panic!("{name}/{file}"))
        };
        let mut names = names_in(folder);
        names.retain(|file| !INPUTS.contains(&file.as_str()));
        let expected = if names == ["violations"] {
            Err(string("violations").lines().map(Into::into).collect())
        } else {
            assert_eq!(names, ["body", "sign.MD5", "sign.SHA256"], "{name}");
            let signs = ["sign.MD5", "sign.SHA256"].map(string);
            Ok((read(folder.join("body")), signs))
        };
        let credentials = [Algorithm::Md5, Algorithm::Sha256].map(|algorithm| {
            let key = SecretKey::new(string("secretKey")).expect("a valid key");
            Credentials::new(string("uuid"), key, algorithm).expect("a valid uuid")
        });
        Self {
            endpoint: string("endpoint").parse().expect("a known endpoint"),
            json: read(folder.join("json")),
            credentials,
            request_id: RequestId::new(string("requestID")).expect("a valid ID"),
            create_ts: string("createTs").parse().expect("a valid time"),
            expected,
            name,
        }
    }

    fn request(&self, credentials: &Credentials, json: &[u8]) -> Result<SignedRequest, Violations> {
        let id = self.request_id.clone();
        SignedRequest::from_json(self.endpoint, json, credentials, id, self.create_ts)
    }
}

fn lines(violations: &Violations) -> Vec<String> {
    let line = |v: &callbot_core::Violation| format!("{} {}", v.code(), v.path());
    violations.iter().map(line).collect()
}

fn for_each_case(check: impl Fn(&Case)) {
    let manifest = String::from_utf8(read(path("../vectors/MANIFEST"))).expect("UTF-8");
    let listed: Vec<&str> = manifest
        .lines()
        .filter_map(|line| line.strip_prefix("request/"))
        .collect();
    assert_eq!(listed, names_in(&path("../vectors/request")));
    assert!(listed.len() >= 56, "{} vectors", listed.len());
    for name in listed {
        check(&Case::of(&path("../vectors/request").join(name)));
    }
}

#[test]
fn every_endpoint_has_vectors_of_both_results() {
    let mut seen = Vec::new();
    let folder = path("../vectors/request");
    for name in names_in(&folder) {
        let case = Case::of(&folder.join(name));
        seen.push((case.endpoint, case.expected.is_ok()));
    }
    for &endpoint in Endpoint::ALL {
        for is_ok in [true, false] {
            assert!(seen.contains(&(endpoint, is_ok)), "{endpoint} {is_ok}");
        }
    }
}

#[test]
fn every_vector_has_the_expected_body_or_violations() {
    for_each_case(|case| {
        let name = &case.name;
        for (i, credentials) in case.credentials.iter().enumerate() {
            match (&case.expected, case.request(credentials, &case.json)) {
                (Ok((body, signs)), Ok(request)) => {
                    let show = |body| String::from_utf8_lossy(body).into_owned();
                    assert_eq!(show(request.body()), show(body), "{name}");
                    assert_eq!(request.signature().as_str(), signs[i], "{name}");
                    assert_eq!(request.endpoint(), Some(case.endpoint));
                    assert_eq!(request.path(), case.endpoint.path());
                    // The body is in its own form.
                    let again = case.request(credentials, request.body());
                    let again = again.unwrap_or_else(|e| panic!("{name}: {e}"));
                    assert_eq!(show(again.body()), show(body), "{name}");
                }
                (Err(expected), Err(found)) => assert_eq!(&lines(&found), expected, "{name}"),
                (_, found) => panic!("{name}: {found:?}"),
            }
        }
    });
}

/// The other way in gives the same, except that it takes a list without orders.
#[test]
fn every_vector_with_orders_is_read_as_a_batch_too() {
    for_each_case(|case| {
        let name = &case.name;
        let Ok(endpoint) = OrderEndpoint::try_from(case.endpoint) else {
            return;
        };
        let read =
            |policy| Batch::read_json_for(endpoint, &case.json, Rules::new(), policy, Some(7));
        match &case.expected {
            Ok((body, _)) => {
                for policy in [Policy::RefuseAll, Policy::KeepValid] {
                    let kept = read(policy).unwrap_or_else(|e| panic!("{name}: {e}"));
                    assert!(kept.refused.is_empty());
                    assert!(kept.batch.body() == body, "{name}");
                    assert_eq!(kept.batch.endpoint(), endpoint);
                }
            }
            Err(expected) if expected == &["empty /callInfoList/callList"] => {
                let kept = read(Policy::RefuseAll).unwrap_or_else(|e| panic!("{name}: {e}"));
                assert!(kept.batch.is_empty());
            }
            Err(expected) => {
                let refused = read(Policy::RefuseAll).unwrap_err();
                assert_eq!(&lines(&refused), expected, "{name}");
            }
        }
    });
}
