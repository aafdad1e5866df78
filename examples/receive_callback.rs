//! Receives callbacks as a server should: verifies them, processes each once, and answers.
//!
//! ```text
//! cargo run --example receive_callback
//! ```
//!
//! Whoever saw a genuine message can send it again while it is fresh, and the provider sends one
//! again whose answer was lost. A server therefore claims a message in a store before it processes
//! it. If its work fails, it releases the claim, so that the message is accepted again. If it dies,
//! the claim ends with its lease.
//!
//! Several servers for one URL need a shared store: Redis, as the Go package's `redisreplays` has
//! it, or a table with a unique key.
//!
//! The signature covers neither the URL nor the kind of a message, and a call callback can be read
//! as an order callback. Give each kind a URL of its own that nobody can guess, and keep the kinds
//! apart in the store.

use std::error::Error;

use callbot_core::testing::{self, SignedMessage};
use callbot_core::{
    Algorithm, CallCallback, Claim, Credentials, ReceivedHeaders, Replays, RequestId, SecretKey,
    Timestamp, Verified, Verifier,
};

/// Seconds after which the claim of a worker that died ends. Longer than the work takes.
const LEASE: u64 = 60;

/// Seconds for which a message is kept beyond its expiry. The store's clock may be ahead of the
/// verifier's.
const MARGIN: u64 = 60;

/// The answer of the server to a callback.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    /// 200 with the body `success`: it was processed, now or before.
    Success,
    /// 401: it is not genuine. The sender learns no more than that.
    Refused,
    /// 503 with `Retry-After`: the sender may try again after these seconds.
    RetryAfter(u64),
}

struct Server {
    verifier: Verifier,
    /// Behind a lock in a server with several threads.
    replays: Replays,
}

impl Server {
    /// Answers one message. `body` is the raw bytes; `now` is in Unix seconds.
    fn receive(
        &mut self,
        headers: &[(&str, &str)],
        body: &[u8],
        now: u64,
        work: impl FnOnce(&CallCallback) -> Result<(), Box<dyn Error>>,
    ) -> Answer {
        let verified = ReceivedHeaders::from_pairs(headers.iter().copied())
            .and_then(|headers| self.verifier.verify_callback(&headers, body, now));
        let message = match verified {
            Ok(message) => message,
            Err(error) => {
                log(&error);
                return Answer::Refused;
            }
        };
        let key = format!("call {} {}", message.uuid(), message.request_id());
        let token = match self.replays.begin(key.as_bytes(), now, LEASE) {
            Ok(Claim::Begun(token)) => token,
            Ok(Claim::InProcess { left }) => return Answer::RetryAfter(left),
            Ok(Claim::Done) => return Answer::Success,
            Err(error) => {
                log(&error);
                return Answer::RetryAfter(LEASE);
            }
        };
        if let Err(error) = process(&message, work) {
            log(&*error);
            let _ = self.replays.release(key.as_bytes(), token, now);
            return Answer::RetryAfter(1);
        }
        let until = message.replay_expires_at().saturating_add(MARGIN);
        if !self.replays.done(key.as_bytes(), token, now, until) {
            // Another worker may have it by now.
            log(&"the work took longer than the lease");
            return Answer::RetryAfter(1);
        }
        Answer::Success
    }
}

fn process(
    message: &Verified<'_>,
    work: impl FnOnce(&CallCallback) -> Result<(), Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    work(&message.call_callback()?)
}

/// The server's own log.
fn log(text: &(impl std::fmt::Display + ?Sized)) {
    println!("  log: {text}");
}

fn main() -> Result<(), Box<dyn Error>> {
    let credentials = Credentials::new(
        "Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR",
        SecretKey::new("u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr")?,
        Algorithm::Sha256,
    )?;
    let mut server = Server {
        verifier: Verifier::new(credentials.clone()),
        replays: Replays::new(2),
    };

    // Messages signed in the provider's place, as in a test.
    let start = 1_726_200_000;
    let body = br#"{"callbackType":1,"orderID":"order-1","userPhone":"8613800000001","userName":"",
        "sceneID":"s","userTaskID":"t","taskID":"7","finish":true,"other":""}"#;
    let send = |id: &str, at: u64| -> Result<SignedMessage, callbot_core::Error> {
        let (id, at) = (RequestId::new(id)?, Timestamp::from_unix_seconds(at)?);
        Ok(testing::sign_callback(&credentials, &id, at, body))
    };
    let mut answer = |what: &str, message: &SignedMessage, body: &[u8], now: u64, works: bool| {
        println!("{what}:");
        let answer = server.receive(&message.headers(), body, now, |callback| {
            if !works {
                return Err("the database does not answer".into());
            }
            let finished = callback.finish.unwrap_or_default();
            println!("  order {} finished: {finished}", callback.order_id);
            Ok(())
        });
        println!("  {answer:?}");
        answer
    };

    let (first, second) = (send("c1", start)?, send("c2", start)?);
    let genuine = answer("genuine", &first, body, start + 1, true);
    assert_eq!(genuine, Answer::Success);
    // The work would fail: it is not done again.
    let again = answer("the same again", &first, body, start + 300, false);
    assert_eq!(again, Answer::Success);
    let late = answer("later", &first, body, start + 301, true);
    assert_eq!(late, Answer::Refused);
    let forged = answer("changed", &second, b"{}", start + 2, true);
    assert_eq!(forged, Answer::Refused);
    let failed = answer("the work fails", &second, body, start + 2, false);
    assert_eq!(failed, Answer::RetryAfter(1));
    let second = answer("sent again", &second, body, start + 3, true);
    assert_eq!(second, Answer::Success);

    let third = send("c3", start + 300)?;
    let full = answer("store full", &third, body, start + 300, true);
    assert_eq!(full, Answer::RetryAfter(LEASE));
    let fourth = send("c4", start + 301 + MARGIN)?;
    let room = answer("store with room", &fourth, body, start + 301 + MARGIN, true);
    assert_eq!(room, Answer::Success);
    Ok(())
}

#[test]
fn each_message_has_its_answer() {
    main().expect("every answer is as expected");
}
