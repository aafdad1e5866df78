//! Arbitrary bytes as the JSON of a request. The first byte selects the endpoint.
#![no_main]

use callbot_core::{
    Algorithm, Batch, Credentials, Endpoint, OrderEndpoint, Policy, RequestId, Rules, SecretKey,
    SignedRequest, Timestamp, Violations,
};
use callbot_fuzz::check_violations;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|data: &[u8]| {
    let Some((&choice, json)) = data.split_first() else {
        return;
    };
    let endpoint = Endpoint::ALL[usize::from(choice) % Endpoint::ALL.len()];
    let signed = sign(endpoint, json);
    match &signed {
        Ok(request) => {
            let body = request.body();
            let again = sign(endpoint, body).expect("a body is valid");
            assert_eq!(again.body(), body);
            check_same_content(endpoint, json, body);
        }
        Err(violations) => check_violations(violations),
    }
    if let Ok(endpoint) = OrderEndpoint::try_from(endpoint) {
        check_batch(endpoint, json, signed.as_ref().ok());
    }
});

fn sign(endpoint: Endpoint, json: &[u8]) -> Result<SignedRequest, Violations> {
    let key = SecretKey::new("u7Mf3zUN").expect("a secret key");
    let credentials = Credentials::new("Vh71ym3y", key, Algorithm::Md5).expect("an account");
    let id = RequestId::new("1").expect("an ID");
    let now = Timestamp::from_unix_seconds(1_726_200_000).expect("a time");
    SignedRequest::from_json(endpoint, json, &credentials, id, now)
}

/// Another reader finds the same values in both, unless they are nested too deep for it.
fn check_same_content(endpoint: Endpoint, json: &[u8], body: &[u8]) {
    let Ok(mut given) = serde_json::from_slice::<Value>(json) else {
        return;
    };
    if endpoint != Endpoint::Ping {
        given["productID"] = "callbot".into();
    }
    let written: Value = serde_json::from_slice(body).expect("a body is JSON");
    assert_eq!(given, written);
}

/// A batch for the endpoint takes what a request takes, and a list without orders.
fn check_batch(endpoint: OrderEndpoint, json: &[u8], request: Option<&SignedRequest>) {
    let read = |policy| Batch::read_json_for(endpoint, json, Rules::new(), policy, Some(1));
    let kept = read(Policy::KeepValid);
    match read(Policy::RefuseAll) {
        Ok(whole) => {
            assert_eq!(request.is_some(), !whole.batch.is_empty());
            if let Some(request) = request {
                assert_eq!(whole.batch.body(), request.body());
            }
            let kept = kept.expect("the document is valid");
            assert!(kept.refused.is_empty());
            assert_eq!(kept.batch.body(), whole.batch.body());
        }
        Err(violations) => {
            assert!(request.is_none());
            check_violations(&violations);
        }
    }
}
