//! What holds for any message, against plain reference code.

mod content;
mod messages;
mod outcome;

use callbot_core::{
    Algorithm, Credentials, ReceivedHeaders, RequestId, SecretKey, Timestamp, Verified, Verifier,
    testing,
};
use proptest::prelude::*;
use proptest::sample::select;

use crate::common::{credentials, request_id, timestamp};
use crate::support::{Headers, NOW, request};

fn owned(headers: Vec<(&'static str, &str)>) -> Headers {
    let headers = headers.into_iter();
    headers
        .map(|(name, value)| (name.into(), value.into()))
        .collect()
}

fn verified(body: &[u8]) -> Verified<'_> {
    let credentials = credentials(Algorithm::Sha256);
    let message = testing::sign_callback(&credentials, &request_id("c1"), timestamp(NOW), body);
    let headers = ReceivedHeaders::from_pairs(message.headers()).expect("they are right");
    Verifier::new(credentials)
        .verify_callback(&headers, body, NOW)
        .expect("it is genuine")
}

/// The same body as the response to the request `r1`.
fn answered(body: &[u8]) -> Verified<'_> {
    let credentials = credentials(Algorithm::Sha256);
    let request = request("r1", &credentials);
    let message = testing::sign_response(&credentials, &request, timestamp(NOW), body);
    let headers = ReceivedHeaders::from_pairs(message.headers()).expect("they are right");
    Verifier::new(credentials)
        .verify_response(&request, &headers, body, NOW)
        .expect("it is genuine")
}

fn algorithm() -> impl Strategy<Value = Algorithm> {
    select(vec![Algorithm::Md5, Algorithm::Sha256])
}

prop_compose! {
    fn any_credentials()(
        uuid in "[A-Za-z0-9_.:-]{1,128}",
        // No blank at either end, anything between.
        secret_key in ("[!-~é中😀]", any::<String>(), "[!-~é中😀]"),
        algorithm in algorithm(),
    ) -> Credentials {
        let secret_key = secret_key.0 + &secret_key.1 + &secret_key.2;
        let secret_key = SecretKey::new(secret_key).expect("it is a key");
        Credentials::new(uuid, secret_key, algorithm).expect("it is a uuid")
    }
}

prop_compose! {
    fn any_request_id()(id in "[A-Za-z0-9_.:-]{1,128}") -> RequestId {
        request_id(&id)
    }
}

fn any_seconds() -> impl Strategy<Value = u64> {
    1..=Timestamp::MAX_UNIX_SECONDS
}
