//! What several subjects share: signed messages and how they are verified.

use callbot_core::testing::SignedMessage;
use callbot_core::{
    Algorithm, ContentError, ContentKind, Credentials, Order, ReceivedHeaders, SecretKey,
    SignedRequest, Verified, Verifier, VerifyError, testing,
};
use md5::{Digest, Md5};
use serde_json::Value;

use crate::common::{ORDER, batch, credentials, request_id, timestamp};

pub(crate) const NOW: u64 = 1_726_200_000;
pub(crate) const SECRET_KEY: &str = "u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr";
pub(crate) const UUID: &str = "Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR";

/// Headers that a test may change.
pub(crate) type Headers = Vec<(String, Vec<u8>)>;

pub(crate) fn account(uuid: &str, secret_key: &str, algorithm: Algorithm) -> Credentials {
    let secret_key = SecretKey::new(secret_key).expect("it is a key");
    Credentials::new(uuid, secret_key, algorithm).expect("it is a uuid")
}

pub(crate) fn headers_of(message: &SignedMessage) -> Headers {
    let headers = message.headers().into_iter();
    headers
        .map(|(name, value)| (name.into(), value.into()))
        .collect()
}

pub(crate) fn callback(credentials: &Credentials, body: &[u8]) -> Headers {
    let message = testing::sign_callback(credentials, &request_id("c1"), timestamp(NOW), body);
    headers_of(&message)
}

pub(crate) fn request(id: &str, credentials: &Credentials) -> SignedRequest {
    request_of(&[ORDER], id, credentials)
}

pub(crate) fn request_of(
    orders: &[Order<'_>],
    id: &str,
    credentials: &Credentials,
) -> SignedRequest {
    let mut batch = batch();
    for order in orders {
        batch.add(order).expect("the order is right");
    }
    batch
        .sign(credentials, request_id(id), timestamp(NOW))
        .expect("it has orders")
}

/// A callback whose header values are any text, signed with MD5 by plain reference code.
pub(crate) fn plainly_signed(create_ts: &str, request_id: &str, body: &str) -> Headers {
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

pub(crate) fn set(headers: &mut Headers, name: &str, value: impl Into<Vec<u8>>) {
    let header = headers.iter_mut().find(|(each, _)| each == name);
    header.expect(name).1 = value.into();
}

pub(crate) fn received(headers: &Headers) -> Result<ReceivedHeaders<'_>, VerifyError> {
    ReceivedHeaders::from_pairs(headers.iter().map(|(name, value)| (name, value)))
}

pub(crate) fn verify<'b>(
    verifier: &Verifier,
    headers: &Headers,
    body: &'b [u8],
    now: u64,
) -> Result<Verified<'b>, VerifyError> {
    verifier.verify_callback(&received(headers)?, body, now)
}

/// A body that was verified.
pub(crate) fn verified(body: &[u8]) -> Verified<'_> {
    let credentials = credentials(Algorithm::Md5);
    let headers = callback(&credentials, body);
    verify(&Verifier::new(credentials), &headers, body, NOW).expect("it is genuine")
}

/// The same body as the response to the request `r1`.
pub(crate) fn answered(body: &[u8]) -> Verified<'_> {
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
pub(crate) fn verified_for(kind: ContentKind, body: &[u8]) -> Verified<'_> {
    if kind == ContentKind::Response {
        answered(body)
    } else {
        verified(body)
    }
}

pub(crate) fn bytes(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

pub(crate) fn code_of<T>(result: Result<T, ContentError>) -> &'static str {
    result.map_or_else(|error| error.code(), |_| "")
}
