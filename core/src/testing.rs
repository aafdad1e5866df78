//! The provider's side, for tests: signs responses and callbacks, so that an endpoint can be tested
//! without the provider.
//!
//! The IDs here are [`RequestId`]s, as we send them. The provider's IDs may have other characters,
//! which a [`Verifier`](crate::Verifier) accepts: a message with such an ID cannot be made here.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::api::request::SignedRequest;
use crate::sign::credentials::Credentials;
use crate::sign::header::{self, RequestId};
use crate::sign::signature::Signature;
use crate::sign::timestamp::Timestamp;

/// A signed message, as the provider sends it.
#[derive(Debug, Clone)]
pub struct SignedMessage {
    request_id: RequestId,
    uuid: String,
    create_ts: String,
    sign: Signature,
    /// Only a response has it.
    algorithm: Option<&'static str>,
}

impl SignedMessage {
    fn new(
        credentials: &Credentials,
        request_id: &RequestId,
        create_ts: Timestamp,
        body: &[u8],
        algorithm: Option<&'static str>,
    ) -> Self {
        Self {
            sign: credentials.sign(request_id, create_ts, body),
            request_id: request_id.clone(),
            uuid: credentials.uuid().into(),
            create_ts: create_ts.to_string(),
            algorithm,
        }
    }

    /// The headers as names and values. A callback has no `algorithm`.
    #[must_use]
    pub fn headers(&self) -> Vec<(&'static str, &str)> {
        let mut headers = alloc::vec![
            (header::REQUEST_ID, self.request_id.as_str()),
            (header::UUID, &self.uuid),
            (header::CREATE_TS, &self.create_ts),
            (header::SIGN, self.sign.as_str()),
        ];
        headers.extend(self.algorithm.map(|name| (header::ALGORITHM, name)));
        headers
    }
}

/// Signs `body` as the response to `request`: with its request ID and an `algorithm` header.
///
/// ```
/// # use callbot_core::{Algorithm, Batch, Credentials, Order, RequestId, Rules, SecretKey, Task};
/// use callbot_core::{ReceivedHeaders, Timestamp, Verifier, testing};
/// # let mut batch = Batch::new(
/// #     &Task {
/// #         user_task_id: "t",
/// #         order_callback_url: "https://a.example/",
/// #         call_callback_url: "https://a.example/",
/// #     },
/// #     Rules::new(),
/// # )?;
/// # batch.add(&Order { order_id: "1", user_phone: "8613800000001", ..Order::default() })?;
/// # let credentials = Credentials::new("Vh71ym3y", SecretKey::new("u7Mf3zUN")?, Algorithm::Md5)?;
/// # let now = Timestamp::from_unix_seconds(1_726_200_000)?;
/// # let request = batch.sign(&credentials, RequestId::new("r1")?, now)?;
///
/// let body =
///     br#"{"retCode":0,"retMsg":"success","responseID":"x","totalCount":1,"successCount":1}"#;
/// let sent = testing::sign_response(&credentials, &request, now, body);
///
/// let headers = ReceivedHeaders::from_pairs(sent.headers())?;
/// let (verifier, now) = (Verifier::new(credentials), now.unix_seconds());
/// let verified = verifier.verify_response(&request.sent(), &headers, body, now)?;
/// assert!(verified.response()?.ret_code.is_success());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn sign_response(
    credentials: &Credentials,
    request: &SignedRequest,
    create_ts: Timestamp,
    body: &[u8],
) -> SignedMessage {
    let algorithm = Some(credentials.algorithm().name());
    SignedMessage::new(
        credentials,
        request.request_id(),
        create_ts,
        body,
        algorithm,
    )
}

/// Signs `body` as a callback, without an `algorithm` header.
#[must_use]
pub fn sign_callback(
    credentials: &Credentials,
    request_id: &RequestId,
    create_ts: Timestamp,
    body: &[u8],
) -> SignedMessage {
    SignedMessage::new(credentials, request_id, create_ts, body, None)
}
