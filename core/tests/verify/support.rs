//! Shared by several subjects: signed messages and their verification.

use std::collections::BTreeMap;

use callbot_core::testing::SignedMessage;
use callbot_core::{
    Algorithm, ContentError, ContentKind, Credentials, Extra, Order, ReceivedHeaders, SecretKey,
    Sent, SignedRequest, Verified, Verifier, VerifyError, testing,
};
use serde_json::Value;

use crate::common::{ORDER, batch, credentials, reference_signature, request_id, timestamp};

pub(crate) const NOW: u64 = 1_726_200_000;
pub(crate) const SECRET_KEY: &str = "u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr";
pub(crate) const UUID: &str = "Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR";

/// Headers that a test can change.
pub(crate) type Headers = Vec<(String, Vec<u8>)>;

pub(crate) fn account(uuid: &str, secret_key: &str, algorithm: Algorithm) -> Credentials {
    let secret_key = SecretKey::new(secret_key).expect("the secret key is valid");
    Credentials::new(uuid, secret_key, algorithm).expect("the uuid is valid")
}

pub(crate) fn owned(headers: Vec<(&'static str, &str)>) -> Headers {
    let headers = headers.into_iter();
    headers
        .map(|(name, value)| (name.into(), value.into()))
        .collect()
}

pub(crate) fn headers_of(message: &SignedMessage) -> Headers {
    owned(message.headers())
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
        batch.add(order).expect("the order is valid");
    }
    batch
        .sign(credentials, request_id(id), timestamp(NOW))
        .expect("the batch has orders")
}

/// A callback with arbitrary header values, signed with MD5 by reference code.
pub(crate) fn reference_signed(create_ts: &str, request_id: &str, body: &str) -> Headers {
    let sign = reference_signature(
        Algorithm::Md5,
        SECRET_KEY,
        body.as_bytes(),
        create_ts,
        request_id,
        UUID,
    );
    owned(vec![
        ("requestID", request_id),
        ("uuid", UUID),
        ("createTs", create_ts),
        ("sign", &sign),
    ])
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

/// Returns the body as a verified callback.
pub(crate) fn verified(body: &[u8]) -> Verified<'_> {
    let credentials = credentials(Algorithm::Md5);
    let headers = callback(&credentials, body);
    verify(&Verifier::new(credentials), &headers, body, NOW).expect("the message is genuine")
}

/// Returns the body as the verified response to the request `r1`, which adds a batch.
pub(crate) fn answered(body: &[u8]) -> Verified<'_> {
    answered_by("addBatchCall", body)
}

/// Returns the body as the verified response of an endpoint.
pub(crate) fn answered_by<'b>(endpoint: &str, body: &'b [u8]) -> Verified<'b> {
    let credentials = credentials(Algorithm::Md5);
    let request = request("r1", &credentials);
    let message = testing::sign_response(&credentials, &request, timestamp(NOW), body);
    let headers = headers_of(&message);
    let headers = received(&headers).expect("the headers are valid");
    let sent = Sent {
        endpoint,
        ..request.sent()
    };
    Verifier::new(credentials)
        .verify_response(&sent, &headers, body, NOW)
        .expect("the message is genuine")
}

/// Returns the body as a verified message that can be read as `kind`.
pub(crate) fn verified_for(kind: ContentKind, body: &[u8]) -> Verified<'_> {
    if kind == ContentKind::Response {
        answered(body)
    } else {
        verified(body)
    }
}

/// The fields that were kept.
pub(crate) fn kept(extra: &Extra) -> BTreeMap<String, String> {
    let fields = extra.iter();
    fields
        .map(|(key, json)| (key.into(), json.into()))
        .collect()
}

pub(crate) fn bytes(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

pub(crate) fn code_of<T>(result: Result<T, ContentError>) -> &'static str {
    result.map_or_else(|error| error.code(), |_| "")
}
