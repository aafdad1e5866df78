//! Proof that what was received came from the testing, is whole, and is fresh.

mod read;

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use subtle::{Choice, ConstantTimeEq};

use crate::api::request::SignedRequest;
use crate::check::chars;
use crate::sign::credentials::{Credentials, MASK};
use crate::sign::header::{self, Timestamp};
use crate::sign::signature::{Algorithm, Signature, SignedString};

/// The headers of a message from the testing, found among all that were received.
///
/// Names are compared without regard to case. A header that comes twice is refused: two programs on the way could each
/// take another one.
///
/// Values are carried as they are. So a request id may hold any visible ASCII but `&`, as `a/b+c=` does, of which no
/// [`RequestId`](crate::RequestId) can be made: the provider publishes no form for its own.
///
/// ```
/// use callbot_core::ReceivedHeaders;
///
/// let headers = ReceivedHeaders::from_pairs([
///     ("Content-Type", "application/json"),
///     ("requestid", "r1"),
///     ("UUID", "Vh71ym3y"),
///     ("createTs", "1726200000"),
///     ("sign", "0C5CCB060F0A05A9C513390519DC7B50"),
/// ])?;
/// # Ok::<(), callbot_core::VerifyError>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct ReceivedHeaders<'h> {
    request_id: &'h str,
    uuid: &'h str,
    create_ts: &'h str,
    create_ts_seconds: u64,
    sign: Digest,
    algorithm: Option<&'h str>,
}

impl<'h> ReceivedHeaders<'h> {
    /// The longest request id that is taken, in bytes. The provider publishes no length.
    pub const MAX_REQUEST_ID_LEN: usize = 256;

    /// Finds the headers among names and values. The `http` crate's `HeaderMap`, which reqwest, hyper, axum and ureq
    /// have, can be given as it is, and needs no feature: `ReceivedHeaders::from_pairs(response.headers())`.
    ///
    /// ```
    /// use callbot_core::ReceivedHeaders;
    ///
    /// # let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    /// # let received = [
    /// #     ("requestID", "r1"),
    /// #     ("uuid", "Vh71ym3y"),
    /// #     ("createTs", "1726200000"),
    /// #     ("sign", "0C5CCB060F0A05A9C513390519DC7B50"),
    /// # ];
    /// let pairs: Vec<(String, String)> = received.map(own).into();
    /// let headers = ReceivedHeaders::from_pairs(pairs.iter().map(|(name, value)| (name, value)))?;
    /// # Ok::<(), callbot_core::VerifyError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`VerifyError::MissingHeader`], [`VerifyError::RepeatedHeader`] or [`VerifyError::MalformedHeader`].
    pub fn from_pairs<N, V>(
        pairs: impl IntoIterator<Item = (&'h N, &'h V)>,
    ) -> Result<Self, VerifyError>
    where
        N: AsRef<[u8]> + ?Sized + 'h,
        V: AsRef<[u8]> + ?Sized + 'h,
    {
        let mut found = [None; HEADERS.len()];
        for (name, value) in pairs {
            let name = name.as_ref();
            let Some(place) = HEADERS
                .iter()
                .position(|header| name.eq_ignore_ascii_case(header.as_bytes()))
            else {
                continue;
            };
            if found[place].replace(value.as_ref()).is_some() {
                return Err(VerifyError::RepeatedHeader {
                    name: HEADERS[place],
                });
            }
        }
        let [request_id, uuid, create_ts, sign, algorithm] = found;
        let request_id = needed(header::REQUEST_ID, request_id)?;
        let uuid = needed(header::UUID, uuid)?;
        let create_ts = needed(header::CREATE_TS, create_ts)?;
        let sign = needed(header::SIGN, sign)?;

        let request_id = text_of(header::REQUEST_ID, request_id)?;
        let uuid = text_of(header::UUID, uuid)?;
        let create_ts = text_of(header::CREATE_TS, create_ts)?;
        let sign = text_of(header::SIGN, sign)?;
        let algorithm = algorithm
            .map(|value| text_of(header::ALGORITHM, value))
            .transpose()?;
        if request_id.len() > Self::MAX_REQUEST_ID_LEN {
            return Err(malformed(header::REQUEST_ID));
        }
        Ok(Self {
            request_id,
            uuid,
            create_ts,
            create_ts_seconds: chars::plain_number(create_ts)
                .ok_or(malformed(header::CREATE_TS))?,
            sign: Digest::of_hex(sign).ok_or(malformed(header::SIGN))?,
            algorithm,
        })
    }

    /// The string that is hashed for this message, with `***` in place of the secret key: for finding out why a
    /// signature does not match. Compare it with what the sender says that it signed, byte by byte.
    ///
    /// It holds the whole body, and with it the contacts' personal data: show it, but do not log it.
    ///
    /// ```
    /// # use callbot_core::ReceivedHeaders;
    /// # let sign = "0C5CCB060F0A05A9C513390519DC7B50";
    /// let headers = ReceivedHeaders::from_pairs([
    ///     ("requestID", "a/b+c="),
    ///     ("uuid", "Vh71ym3y"),
    ///     ("createTs", "1726200000"),
    ///     ("sign", sign),
    /// ])?;
    /// let shown = headers.masked_signed_string(b"{}");
    /// assert_eq!(shown, b"***&body={}&createTs=1726200000&requestID=a/b+c=&uuid=Vh71ym3y");
    /// # Ok::<(), callbot_core::VerifyError>(())
    /// ```
    #[must_use]
    pub fn masked_signed_string(&self, body: &[u8]) -> Vec<u8> {
        SignedString {
            secret_key: MASK,
            body,
            create_ts: self.create_ts,
            request_id: self.request_id,
            uuid: self.uuid,
        }
        .pieces()
        .concat()
    }
}

/// The headers that count, in the order of [`ReceivedHeaders::from_pairs`].
const HEADERS: [&str; 5] = [
    header::REQUEST_ID,
    header::UUID,
    header::CREATE_TS,
    header::SIGN,
    header::ALGORITHM,
];

const fn malformed(name: &'static str) -> VerifyError {
    VerifyError::MalformedHeader {
        name,
        is_empty: false,
    }
}

/// A second of the year 2001, long before the API. What is as far ahead of now was compared with 0, or with next to it.
const EARLIEST: u64 = 1_000_000_000;

/// What a header has to be, for people.
fn form_of(header: &str) -> &'static str {
    match header {
        header::REQUEST_ID => "1 to 256 characters of visible ASCII without '&'",
        header::CREATE_TS => "Unix seconds in decimal digits, without sign, blank or leading zero",
        header::SIGN => "32 hex digits for MD5, or 64 for SHA256",
        header::ALGORITHM => "MD5 or SHA256, or be left out",
        _ => "visible ASCII without '&'",
    }
}

fn needed<'h>(name: &'static str, value: Option<&'h [u8]>) -> Result<&'h [u8], VerifyError> {
    value.ok_or(VerifyError::MissingHeader { name })
}

/// A value of visible ASCII without `&`, so that the border between two parts of the signed string cannot be moved into
/// it. Nothing more is known of what the provider sends.
fn text_of<'h>(name: &'static str, value: &'h [u8]) -> Result<&'h str, VerifyError> {
    if value.is_empty() {
        return Err(VerifyError::MalformedHeader {
            name,
            is_empty: true,
        });
    }
    let plain = value.iter().all(|&b| b.is_ascii_graphic() && b != b'&');
    let text = core::str::from_utf8(value).ok().filter(|_| plain);
    text.ok_or(malformed(name))
}

/// A signature as it was received, decoded.
#[derive(Debug, Clone, Copy)]
struct Digest {
    bytes: [u8; Signature::MAX_LEN / 2],
    len: usize,
}

impl Digest {
    /// Reads hex digits of either case, as many as one of the algorithms has.
    fn of_hex(hex: &str) -> Option<Self> {
        let mut bytes = [0; Signature::MAX_LEN / 2];
        let len = base16ct::mixed::decode(hex, &mut bytes).ok()?.len();
        let known = [Algorithm::Md5, Algorithm::Sha256]
            .iter()
            .any(|algorithm| algorithm.digest_len() == len);
        known.then_some(Self { bytes, len })
    }

    fn ct_eq(&self, signature: &Signature) -> Choice {
        let wanted = Self::of_hex(signature.as_str()).unwrap_or(Self {
            bytes: [0; Signature::MAX_LEN / 2],
            len: 0,
        });
        self.bytes.ct_eq(&wanted.bytes) & self.len.ct_eq(&wanted.len)
    }
}

/// Proves that responses and callbacks are genuine and fresh.
///
/// It checks, in this order: the headers are there and well formed; the algorithm, where its header is there, is the
/// account's; the account is one of ours; the signature; that the body is text; the time. Only what passes all of it
/// becomes a [`Verified`] value, and only from that can content be read.
///
/// Give it the **raw bytes** of the body, as they were received: a body that was parsed and written anew has other bytes.
///
/// Messages inside the time window can be sent again by whoever saw them. Keep each message's [`Verified::uuid`] and
/// [`Verified::request_id`] until a minute after [`Verified::replay_expires_at`], and refuse it the second time.
///
/// API page: [Callbot-API-authorization](https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-authorization).
///
/// ```
/// use callbot_core::{testing, Algorithm, Credentials, ReceivedHeaders, RequestId, SecretKey, Timestamp, Verifier};
///
/// let credentials = Credentials::new("Vh71ym3y", SecretKey::new("u7Mf3zUN")?, Algorithm::Sha256)?;
/// let verifier = Verifier::new(credentials.clone());
///
/// // What your HTTP server received.
/// # let body = br#"{"callbackType":1,"orderID":"1","userPhone":"8613800000001","userName":"","sceneID":"s","userTaskID":"t","taskID":"p","finish":true,"other":""}"#;
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
#[derive(Debug, Clone)]
pub struct Verifier {
    credentials: Vec<Credentials>,
    max_age: u64,
    max_skew: u64,
}

impl Verifier {
    /// How old a message may be, in seconds, unless [`max_age`](Self::max_age) says otherwise.
    pub const DEFAULT_MAX_AGE: u64 = 300;
    /// How far ahead a message's time may be, in seconds, unless [`max_skew`](Self::max_skew) says otherwise.
    pub const DEFAULT_MAX_SKEW: u64 = 60;

    /// A verifier for one account.
    #[must_use]
    pub fn new(credentials: Credentials) -> Self {
        Self {
            credentials: alloc::vec![credentials],
            max_age: Self::DEFAULT_MAX_AGE,
            max_skew: Self::DEFAULT_MAX_SKEW,
        }
    }

    /// Accepts other credentials too: the new ones, while a secret key is being changed, or another account's.
    /// [`Verified::credentials_index`] says which matched, counted in the order of giving from 0.
    #[must_use]
    pub fn with_credentials(mut self, credentials: Credentials) -> Self {
        self.credentials.push(credentials);
        self
    }

    /// Sets how old a message may be, in seconds.
    #[must_use]
    pub const fn max_age(mut self, seconds: u64) -> Self {
        self.max_age = seconds;
        self
    }

    /// Sets how far ahead of our clock a message's time may be, in seconds.
    #[must_use]
    pub const fn max_skew(mut self, seconds: u64) -> Self {
        self.max_skew = seconds;
        self
    }

    /// Verifies a callback. `body` is the raw bytes, `now` the time in Unix seconds. (With milliseconds every message
    /// is too old, and with 0 it is too new: the error says so.)
    ///
    /// A callback carries no algorithm header: the account's algorithm holds.
    ///
    /// # Errors
    ///
    /// The first check that failed, in the order that [`Verifier`] tells.
    pub fn verify_callback<'b>(
        &self,
        headers: &ReceivedHeaders<'_>,
        body: &'b [u8],
        now: u64,
    ) -> Result<Verified<'b>, VerifyError> {
        self.verify(headers, body, now, MessageKind::Callback)
    }

    /// Verifies the response to a request. `body` is the raw bytes, `now` the time in Unix seconds.
    ///
    /// Whether the provider signs its errors too is not published. An answer without signature headers, as a proxy's
    /// error page is too, ends in [`VerifyError::MissingHeader`] when its headers are read. It proves nothing, and does
    /// not tell whether the orders were taken.
    ///
    /// # Errors
    ///
    /// As [`verify_callback`](Self::verify_callback); and when all of that passed,
    /// [`VerifyError::OtherRequest`] when it answers another request or another account's, or with another algorithm than
    /// the request's.
    pub fn verify_response<'b>(
        &self,
        request: &SignedRequest,
        headers: &ReceivedHeaders<'_>,
        body: &'b [u8],
        now: u64,
    ) -> Result<Verified<'b>, VerifyError> {
        let verified = self.verify(headers, body, now, MessageKind::Response)?;
        let credentials = &self.credentials[verified.credentials_index];
        let differs = if headers.request_id != request.request_id().as_str() {
            RequestPart::RequestId
        } else if headers.uuid != request.uuid() {
            RequestPart::Uuid
        } else if credentials.algorithm() != request.algorithm() {
            RequestPart::Algorithm
        } else {
            return Ok(verified);
        };
        Err(VerifyError::OtherRequest { differs })
    }

    fn verify<'b>(
        &self,
        headers: &ReceivedHeaders<'_>,
        body: &'b [u8],
        now: u64,
        origin: MessageKind,
    ) -> Result<Verified<'b>, VerifyError> {
        let with_algorithm = |credentials: &Credentials| {
            headers
                .algorithm
                .is_none_or(|name| name.eq_ignore_ascii_case(credentials.algorithm().name()))
        };
        if !self.credentials.iter().any(with_algorithm) {
            return Err(VerifyError::Algorithm);
        }
        let ours = |credentials: &Credentials| {
            with_algorithm(credentials) && headers.uuid == credentials.uuid()
        };
        if !self.credentials.iter().any(ours) {
            return Err(VerifyError::UnknownUuid);
        }
        let credentials_index = self
            .matching(headers, body, ours)
            .ok_or(VerifyError::SignatureMismatch)?;
        // A digest that was extended carries the padding of the first one inside its body, and that begins with a byte
        // that no UTF-8 text has there. So this closes the scheme's length extension, and no genuine JSON is lost.
        core::str::from_utf8(body).map_err(|_| VerifyError::NotUtf8)?;
        self.check_time(headers.create_ts_seconds, now)?;
        Ok(Verified {
            body: Cow::Borrowed(body),
            uuid: headers.uuid.into(),
            request_id: headers.request_id.into(),
            create_ts: headers.create_ts_seconds,
            replay_expires_at: headers.create_ts_seconds.saturating_add(self.max_age),
            credentials_index,
            origin,
        })
    }

    /// The credentials that made the signature. All that may be tried are tried, whichever matches, so that the time
    /// taken does not tell.
    fn matching(
        &self,
        headers: &ReceivedHeaders<'_>,
        body: &[u8],
        may_be_tried: impl Fn(&Credentials) -> bool,
    ) -> Option<usize> {
        let mut matching = None;
        for (index, credentials) in self.credentials.iter().enumerate() {
            if may_be_tried(credentials) {
                let wanted = credentials.sign_texts(headers.request_id, headers.create_ts, body);
                if bool::from(headers.sign.ct_eq(&wanted)) {
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

/// What a message was verified as. A response was compared with its request, and a callback with none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MessageKind {
    Callback,
    Response,
}

/// A body that was proven to come from the provider. Nothing but a [`Verifier`] makes one.
///
/// It can be read only as what it was verified as: a response as a response, a callback as one of the callbacks. So the
/// comparison of a response with its request cannot be left out.
///
/// Its `Debug` shows no content.
#[derive(Clone)]
pub struct Verified<'b> {
    body: Cow<'b, [u8]>,
    uuid: String,
    request_id: String,
    create_ts: u64,
    replay_expires_at: u64,
    credentials_index: usize,
    origin: MessageKind,
}

impl Verified<'_> {
    /// The raw bytes that were verified.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The same with a body of its own, which outlives the buffer that it was received in.
    #[must_use]
    pub fn into_owned(self) -> Verified<'static> {
        Verified {
            body: Cow::Owned(self.body.into_owned()),
            uuid: self.uuid,
            request_id: self.request_id,
            create_ts: self.create_ts,
            replay_expires_at: self.replay_expires_at,
            credentials_index: self.credentials_index,
            origin: self.origin,
        }
    }

    pub(crate) const fn origin(&self) -> MessageKind {
        self.origin
    }

    /// The account that the message is for. An id is one account's: remember both against replays.
    #[must_use]
    pub fn uuid(&self) -> &str {
        &self.uuid
    }

    /// The message's id: what to remember against replays, together with the [`uuid`](Self::uuid).
    #[must_use]
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// When the message was made, in Unix seconds.
    #[must_use]
    pub const fn create_ts(&self) -> u64 {
        self.create_ts
    }

    /// Until when the [`request_id`](Self::request_id) has to be remembered, in Unix seconds. Later the message is too old
    /// anyway.
    ///
    /// That second is **included**, and a store that drops the id by its own clock may be ahead of the verifier's. So let
    /// it keep the id for a margin longer: with Redis `EXPIREAT` at this and 60.
    #[must_use]
    pub const fn replay_expires_at(&self) -> u64 {
        self.replay_expires_at
    }

    /// Which of the verifier's credentials matched, counted from 0.
    #[must_use]
    pub const fn credentials_index(&self) -> usize {
        self.credentials_index
    }
}

impl fmt::Debug for Verified<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("request_id", &self.request_id)
            .field("create_ts", &self.create_ts)
            .field("credentials_index", &self.credentials_index)
            .finish_non_exhaustive()
    }
}

/// Why a message was not accepted.
///
/// Answer whoever sent it with nothing but a refusal: the reason is for your own log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyError {
    /// A header that every message carries is not there. The message may be one that the provider did not sign, or an
    /// error page of a proxy: it proves nothing.
    MissingHeader {
        /// Its name.
        name: &'static str,
    },
    /// A header stands twice.
    RepeatedHeader {
        /// Its name.
        name: &'static str,
    },
    /// A header's value is not of its form: `createTs` Unix seconds in decimal digits without sign, blank or leading
    /// zero, `sign` 32 or 64 hex digits, the others visible ASCII without `&`, and `requestID` no more than
    /// [`ReceivedHeaders::MAX_REQUEST_ID_LEN`] of that.
    MalformedHeader {
        /// Its name.
        name: &'static str,
        /// Whether there is nothing in it.
        is_empty: bool,
    },
    /// The `algorithm` header names another algorithm than the account's.
    Algorithm,
    /// The message is for an account that the verifier has no credentials of.
    UnknownUuid,
    /// The signature is wrong.
    SignatureMismatch,
    /// The signature is right, but the body is not UTF-8 as JSON must be: a digest that was extended, or a body that is
    /// compressed.
    NotUtf8,
    /// The message is too old.
    TooOld {
        /// How old it is, in seconds.
        age: u64,
        /// How old it may be, in seconds.
        max: u64,
    },
    /// The message's time lies too far ahead.
    TooNew {
        /// How far ahead it lies, in seconds.
        lead: u64,
        /// How far ahead it may lie, in seconds.
        max: u64,
    },
    /// The response is genuine, but not the answer to this request.
    OtherRequest {
        /// The first part in which they differ.
        differs: RequestPart,
    },
}

/// A part of a request that its response has too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestPart {
    /// `requestID`. It also differs where a callback is verified as a response, since that has an id of its own.
    RequestId,
    /// `uuid`: the account.
    Uuid,
    /// `algorithm`: the hash that it is signed with.
    Algorithm,
}

impl VerifyError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::MissingHeader { .. } => "header_missing",
            Self::RepeatedHeader { .. } => "header_repeated",
            Self::MalformedHeader { .. } => "header_malformed",
            Self::Algorithm => "verify_algorithm",
            Self::UnknownUuid => "verify_unknown_uuid",
            Self::SignatureMismatch => "verify_mismatch",
            Self::NotUtf8 => "verify_not_utf8",
            Self::TooOld { .. } => "verify_too_old",
            Self::TooNew { .. } => "verify_too_new",
            Self::OtherRequest { .. } => "verify_other_request",
        }
    }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::MissingHeader { name } => {
                write!(f, "the header {name} is missing; look for a proxy that drops it, or answers itself")
            }
            Self::RepeatedHeader { name } => write!(f, "the header {name} stands twice"),
            Self::MalformedHeader { name, is_empty } => {
                let fault = if is_empty { "empty" } else { "not of its form" };
                let form = form_of(name);
                write!(f, "the header {name} is {fault}; it has to be {form}")
            }
            Self::Algorithm => f.write_str(
                "the message names another algorithm than the account's; compare it with the console",
            ),
            Self::UnknownUuid => {
                f.write_str("the message is for another account than those that are configured")
            }
            Self::SignatureMismatch => f.write_str("the signature does not match"),
            Self::NotUtf8 => f.write_str("the body is not UTF-8 text; give it uncompressed"),
            Self::TooOld { age, max } => {
                // The later of the two times is at least as large as what lies between them.
                let hint = match age {
                    0..=Timestamp::MAX_UNIX_SECONDS => "compare the clocks",
                    _ => "now can only be milliseconds or negative; give whole Unix seconds",
                };
                write!(
                    f,
                    "the message is {age} seconds old, and {max} are allowed; {hint}"
                )
            }
            Self::TooNew { lead, max } => {
                let hint = match lead {
                    0..EARLIEST => "compare the clocks",
                    EARLIEST..=Timestamp::MAX_UNIX_SECONDS => {
                        "look whether now was set, and is Unix seconds"
                    }
                    _ => {
                        "its createTs can only be milliseconds, where the API wants whole Unix seconds"
                    }
                };
                write!(
                    f,
                    "the message is {lead} seconds ahead, and {max} are allowed; {hint}"
                )
            }
            Self::OtherRequest { differs } => {
                f.write_str("the response answers another request than this one: ")?;
                f.write_str(match differs {
                    RequestPart::RequestId => {
                        "its requestID differs; give the request that was sent, and verify a callback as a callback"
                    }
                    RequestPart::Uuid => "its uuid differs; it is for another account of yours",
                    RequestPart::Algorithm => {
                        "it is signed with another algorithm; compare it with the console"
                    }
                })
            }
        }
    }
}

impl core::error::Error for VerifyError {}
