//! The verifier of responses and callbacks.

use alloc::vec::Vec;

use subtle::ConstantTimeEq;

use crate::api::request::Sent;
use crate::check::memory::{self, NoMemoryError};
use crate::sign::credentials::Credentials;
use crate::verify::error::{RequestPart, VerifyError};
use crate::verify::headers::ReceivedHeaders;
use crate::verify::verified::{Body, MessageKind, Verified};

/// Verifies that responses and callbacks are authentic and fresh.
///
/// The checks, in this order: the headers are present and well-formed; the algorithm, if its header
/// is present, is the account's; the account is configured; the signature matches; the body is
/// UTF-8; the time is within the window. Only a message that passes all of them becomes a
/// [`Verified`] value, and only that can be read.
///
/// For an unknown uuid nothing is hashed: strangers cannot make a server work. It is refused faster
/// than a wrong signature, which tells them no secret, since every message carries the uuid.
///
/// Pass the **raw bytes** of the body as they were received: a body that was parsed and serialised
/// again has other bytes.
///
/// Whoever saw a message can replay it inside the time window. [`Replays`](crate::Replays) claims
/// each message's [`Verified::uuid`] and [`Verified::request_id`] until a minute after
/// [`Verified::replay_expires_at`].
///
/// ```
/// use callbot_core::{Algorithm, Credentials, ReceivedHeaders, SecretKey, Verifier};
/// # use callbot_core::{RequestId, Timestamp, testing};
///
/// let credentials = Credentials::new("Vh71ym3y", SecretKey::new("u7Mf3zUN")?, Algorithm::Sha256)?;
/// let verifier = Verifier::new(credentials.clone());
///
/// // What your HTTP server received.
/// # let body = br#"{"callbackType":1,"orderID":"1","userPhone":"8613800000001","userName":"",
/// #     "sceneID":"s","userTaskID":"t","taskID":"p","finish":true,"other":""}"#;
/// # let sent_at = Timestamp::from_unix_seconds(1_726_200_000)?;
/// # let sent = testing::sign_callback(&credentials, &RequestId::new("c1")?, sent_at, body);
/// # let pairs = sent.headers();
/// let headers = ReceivedHeaders::from_pairs(pairs)?;
/// let now = 1_726_200_010; // Unix seconds
/// let verified = verifier.verify_callback(&headers, body, now)?;
/// let callback = verified.call_callback()?;
/// assert_eq!(callback.order_id, "1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// API page:
/// [Callbot-API-authorization](https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-authorization).
#[derive(Debug, Clone)]
pub struct Verifier {
    credentials: Vec<Credentials>,
    max_age: u64,
    max_skew: u64,
}

impl Verifier {
    /// The maximum age of a message in seconds, unless [`max_age`](Self::max_age) sets another.
    pub const DEFAULT_MAX_AGE: u64 = 300;
    /// How far a message's time may be ahead of ours in seconds, unless
    /// [`max_skew`](Self::max_skew) sets another value.
    pub const DEFAULT_MAX_SKEW: u64 = 60;

    /// Creates a verifier for one account.
    #[must_use]
    pub fn new(credentials: Credentials) -> Self {
        Self {
            credentials: alloc::vec![credentials],
            max_age: Self::DEFAULT_MAX_AGE,
            max_skew: Self::DEFAULT_MAX_SKEW,
        }
    }

    /// Accepts other credentials too: another account's, or the new ones while a secret key is
    /// being rotated.
    ///
    /// [`Verified::credentials_index`] says which ones matched, counted from 0 in the order in
    /// which they were passed.
    ///
    /// It ends the program if an allocation fails; [`try_add`](Self::try_add) does not.
    #[must_use]
    pub fn with_credentials(mut self, credentials: Credentials) -> Self {
        self.credentials.push(credentials);
        self
    }

    /// Like [`with_credentials`](Self::with_credentials). If an allocation fails, so does the call,
    /// and changes nothing.
    ///
    /// # Errors
    ///
    /// [`NoMemoryError`].
    pub fn try_add(&mut self, credentials: Credentials) -> Result<(), NoMemoryError> {
        memory::reserve_one(&mut self.credentials)?;
        self.credentials.push(credentials);
        Ok(())
    }

    /// Sets the maximum age of a message, and how far its time may be ahead, both in seconds.
    pub const fn set_tolerance(&mut self, max_age: u64, max_skew: u64) {
        self.max_age = max_age;
        self.max_skew = max_skew;
    }

    /// Sets the maximum age of a message, in seconds.
    #[must_use]
    pub const fn max_age(mut self, seconds: u64) -> Self {
        self.max_age = seconds;
        self
    }

    /// Sets how far a message's time may be ahead of our clock, in seconds.
    #[must_use]
    pub const fn max_skew(mut self, seconds: u64) -> Self {
        self.max_skew = seconds;
        self
    }

    /// Verifies a callback. `body` is the raw bytes, `now` the time in Unix seconds.
    ///
    /// With milliseconds as `now` every message is too old, and with 0 it is too new: the error
    /// says so.
    ///
    /// A callback has no algorithm header: the account's algorithm applies.
    ///
    /// # Errors
    ///
    /// The first check that failed, in the order listed at [`Verifier`].
    pub fn verify_callback<'b>(
        &self,
        headers: &ReceivedHeaders<'_>,
        body: &'b [u8],
        now: u64,
    ) -> Result<Verified<'b>, VerifyError> {
        self.verify(headers, body, now, MessageKind::Callback)
    }

    /// Verifies the response to a request. `sent` is what the request
    /// [sent](crate::SignedRequest::sent), `body` the raw bytes, `now` the time in Unix seconds.
    ///
    /// It is not published whether the provider signs its errors too. A response without signature
    /// headers, such as a proxy's error page, fails with [`VerifyError::MissingHeader`] when its
    /// headers are read. It is not authenticated, and does not tell whether the orders were
    /// accepted.
    ///
    /// # Errors
    ///
    /// Those of [`verify_callback`](Self::verify_callback), and then
    /// [`VerifyError::OtherRequest`] if the response answers another request or another account's,
    /// or uses another algorithm than the request.
    pub fn verify_response<'b>(
        &self,
        sent: &Sent<'_>,
        headers: &ReceivedHeaders<'_>,
        body: &'b [u8],
        now: u64,
    ) -> Result<Verified<'b>, VerifyError> {
        let mut verified = self.verify(headers, body, now, MessageKind::Response)?;
        let credentials = &self.credentials[verified.credentials_index];
        let differs = if headers.request_id != sent.request_id {
            RequestPart::RequestId
        } else if headers.uuid != sent.uuid {
            RequestPart::Uuid
        } else if credentials.algorithm() != sent.algorithm {
            RequestPart::Algorithm
        } else {
            verified.endpoint = sent.endpoint.parse().ok();
            return Ok(verified);
        };
        Err(VerifyError::OtherRequest { differs })
    }

    fn verify<'b>(
        &self,
        headers: &ReceivedHeaders<'_>,
        body: &'b [u8],
        now: u64,
        kind: MessageKind,
    ) -> Result<Verified<'b>, VerifyError> {
        let with_algorithm = |credentials: &Credentials| {
            headers
                .algorithm
                .is_none_or(|name| name.eq_ignore_ascii_case(credentials.algorithm().name()))
        };
        if !self.credentials.iter().any(with_algorithm) {
            return Err(VerifyError::Algorithm);
        }
        let is_candidate = |credentials: &Credentials| {
            with_algorithm(credentials) && headers.uuid == credentials.uuid()
        };
        if !self.credentials.iter().any(is_candidate) {
            return Err(VerifyError::UnknownUuid);
        }
        let credentials_index = self
            .matching(headers, body, is_candidate)
            .ok_or_else(|| headers.mismatch(body))?;
        // Length extension: an extended body contains the padding of the original hash, which
        // starts with 0x80 where no UTF-8 string can have it. So this check stops the attack, and
        // rejects no genuine JSON.
        let body = core::str::from_utf8(body).map_err(|_| VerifyError::NotUtf8)?;
        self.check_time(headers.create_ts_seconds, now)?;
        Ok(Verified {
            body: Body::Borrowed(body),
            uuid: self.credentials[credentials_index].shared_uuid(),
            request_id: headers.request_id.into(),
            create_ts: headers.create_ts_seconds,
            replay_expires_at: headers.create_ts_seconds.saturating_add(self.max_age),
            credentials_index,
            kind,
            endpoint: None,
        })
    }

    /// The index of the credentials that made the signature.
    ///
    /// All candidates are tried, even after a match, so that the time taken does not tell which one
    /// matched.
    fn matching(
        &self,
        headers: &ReceivedHeaders<'_>,
        body: &[u8],
        is_candidate: impl Fn(&Credentials) -> bool,
    ) -> Option<usize> {
        let mut matching = None;
        for (index, credentials) in self.credentials.iter().enumerate() {
            if is_candidate(credentials) {
                let expected = credentials.digest(headers.request_id, headers.create_ts, body);
                if bool::from(headers.sign.ct_eq(&expected)) {
                    matching = matching.or(Some(index));
                }
            }
        }
        matching
    }

    const fn check_time(&self, sent: u64, now: u64) -> Result<(), VerifyError> {
        let age = now.saturating_sub(sent);
        let lead = sent.saturating_sub(now);
        if age > self.max_age {
            return Err(VerifyError::TooOld {
                age,
                max: self.max_age,
            });
        }
        if lead > self.max_skew {
            return Err(VerifyError::TooNew {
                lead,
                max: self.max_skew,
            });
        }
        Ok(())
    }
}
