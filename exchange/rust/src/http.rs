//! Sends requests with reqwest, and verifies the answers.

use std::io::Read;
use std::mem;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use callbot_core::{
    Batch, Credentials, ReceivedHeaders, Request, RequestId, SignedRequest, Timestamp, Verified,
    Verifier,
};
use reqwest::blocking;
use reqwest::header::HeaderMap;
use uuid::Uuid;

use crate::Result;

/// The most bytes that are read of an answer.
const MAX_BODY: usize = 1 << 24;

/// Why a request has no genuine answer, or none that says that it succeeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// There was no connection, so that the provider has nothing of the request.
    NotSent,
    /// It is not known whether the provider has processed the request.
    NoAnswer,
    /// The answer is not the provider's, or was altered: nothing is known either.
    NotVerified,
    /// The genuine answer is no success.
    Failed,
}

impl Failure {
    /// As the output has it.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::NotSent => "not_sent",
            Self::NoAnswer => "no_answer",
            Self::NotVerified => "not_verified",
            Self::Failed => "failed",
        }
    }
}

/// A failure, and why in words.
struct Fault(Failure, String);

/// A genuine message, or why there is none.
pub(crate) type Answer = std::result::Result<Verified<'static>, Failure>;

/// A client of the provider, for one account.
pub(crate) struct Http {
    credentials: Credentials,
    verifier: Verifier,
    base_url: String,
    timeout: Duration,
    client: blocking::Client,
}

impl Http {
    pub(crate) fn new(credentials: Credentials, base_url: &str, timeout: Duration) -> Result<Self> {
        Ok(Self {
            verifier: Verifier::new(credentials.clone()),
            credentials,
            base_url: base_url.into(),
            timeout,
            client: blocking::Client::builder()
                // By default reqwest follows redirects, and sends signed contacts to other hosts.
                .redirect(reqwest::redirect::Policy::none())
                // An order that is sent again by itself may be taken twice.
                .retry(reqwest::retry::never())
                .timeout(timeout)
                .build()?,
        })
    }

    /// Signs a batch, with an ID and a time of its own.
    pub(crate) fn sign(&self, batch: &Batch) -> Result<SignedRequest> {
        Ok(batch.sign(&self.credentials, new_id()?, now()?)?)
    }

    /// Sends a request once. Says on stderr why there is no genuine answer.
    pub(crate) fn send(&self, request: &SignedRequest) -> Result<Answer> {
        let http = request.to_http(&self.base_url)?.try_into()?;
        let sent = request.sent();
        let answer = self.transfer(http);
        let now = now()?.unix_seconds();
        let answer = answer.and_then(|(headers, body)| {
            ReceivedHeaders::from_pairs(&headers)
                .and_then(|headers| self.verifier.verify_response(&sent, &headers, &body, now))
                .map(Verified::into_owned)
                .map_err(|error| Fault(Failure::NotVerified, error.to_string()))
        });
        Ok(answer.map_err(|Fault(failure, why)| {
            eprintln!("{}: {why}", sent.endpoint);
            failure
        }))
    }

    /// Sends a request, and reads the answer, whatever it is.
    fn transfer(
        &self,
        request: blocking::Request,
    ) -> std::result::Result<(HeaderMap, Vec<u8>), Fault> {
        let begin = Instant::now();
        let mut response = self.client.execute(request).map_err(|error| {
            let failure = if error.is_connect() {
                Failure::NotSent
            } else {
                Failure::NoAnswer
            };
            Fault(failure, error.to_string())
        })?;
        let mut body = Vec::new();
        let mut chunk = [0; 8192];
        loop {
            match response.read(&mut chunk) {
                Ok(0) => break,
                Ok(len) => body.extend_from_slice(&chunk[..len]),
                Err(error) => return Err(Fault(Failure::NoAnswer, error.to_string())),
            }
            // reqwest's limit holds for each read.
            if begin.elapsed() > self.timeout {
                return Err(Fault(Failure::NoAnswer, "the answer took too long".into()));
            }
            if body.len() > MAX_BODY {
                return Err(Fault(
                    Failure::NotVerified,
                    "the answer is too large".into(),
                ));
            }
        }
        Ok((mem::take(response.headers_mut()), body))
    }

    /// Sends a request without orders once. The answer is a success.
    pub(crate) fn call<R: Request>(&self, request: &R) -> Result<Answer> {
        let request = request.sign(&self.credentials, new_id()?, now()?)?;
        let answer = self.send(&request)?;
        let Ok(message) = &answer else {
            return Ok(answer);
        };
        let why = match message.result() {
            Ok(result) if result.ret_code.is_success() => return Ok(answer),
            Ok(result) => format!("retCode {}", result.ret_code),
            Err(error) => error.to_string(),
        };
        eprintln!("{}: {why}", request.sent().endpoint);
        Ok(Err(Failure::Failed))
    }
}

fn new_id() -> Result<RequestId> {
    Ok(RequestId::new(Uuid::new_v4().simple().to_string())?)
}

fn now() -> Result<Timestamp> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    Ok(Timestamp::from_unix_seconds(now)?)
}
