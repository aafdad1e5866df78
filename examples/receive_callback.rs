//! Receives callbacks as a server should: verifies them, refuses replays, and reads their content.
//!
//! ```text
//! cargo run --example receive_callback
//! ```
//!
//! Whoever saw a genuine message can send it again while it is fresh. A server therefore stores the
//! account and the id of each message for a margin longer than [`Verified::replay_expires_at`], and
//! refuses a message that has both again.
//!
//! If a message was stored but could not be handled, it has to be removed from the store, or
//! answered as if it had been handled: the provider may send it again, and whether with a new
//! request id is not published. This program removes it if its content cannot be read; a server
//! also does so if its own work fails.
//!
//! The signature covers neither the URL nor the kind of a message, and a call callback can be read
//! as an order callback. Give each kind a URL of its own that nobody can guess, and keep the kinds
//! apart in the store.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::error::Error;

use callbot_core::testing::{self, SignedMessage};
use callbot_core::{
    Algorithm, CallCallback, Credentials, ReceivedHeaders, RequestId, SecretKey, Timestamp,
    Verified, Verifier,
};

/// Seconds for which a message is kept beyond its expiry. The last second is included, and the
/// store's clock may be ahead of the verifier's.
const MARGIN: u64 = 60;

/// Identifies a message: the kind, the account, and the request id.
type Key = (&'static str, String, String);

/// The store against replays: each message with the last second for which it is kept.
///
/// Several servers for one URL need a shared store: a table with a unique key, or Redis with
/// `SET NX` and `EXPIREAT` at `replay_expires_at + 60`.
struct Seen {
    until: HashMap<Key, u64>,
    capacity: usize,
}

fn key_of(message: &Verified<'_>) -> Key {
    ("call", message.uuid().into(), message.request_id().into())
}

impl Seen {
    fn new(capacity: usize) -> Self {
        let until = HashMap::new();
        Self { until, capacity }
    }

    /// Stores a message, or returns why it must be refused.
    fn insert(&mut self, message: &Verified<'_>, now: u64) -> Result<(), &'static str> {
        if self.until.len() >= self.capacity {
            self.until.retain(|_, &mut until| until >= now);
        }
        let is_full = self.until.len() >= self.capacity;
        match self.until.entry(key_of(message)) {
            Entry::Occupied(_) => Err("replayed"),
            // Removing a fresh message would allow its replay. The sender can try later.
            Entry::Vacant(_) if is_full => Err("too many at once"),
            Entry::Vacant(place) => {
                place.insert(message.replay_expires_at().saturating_add(MARGIN));
                Ok(())
            }
        }
    }

    /// Removes a message that could not be handled, so that it is accepted again.
    fn forget(&mut self, message: &Verified<'_>) {
        self.until.remove(&key_of(message));
    }
}

/// Handles one message as a server does. `body` is the raw bytes; `now` is in Unix seconds.
///
/// An `Err` is for the server's own log. The sender learns only that the message was refused.
fn receive(
    verifier: &Verifier,
    seen: &mut Seen,
    headers: &[(&str, &str)],
    body: &[u8],
    now: u64,
) -> Result<CallCallback, Box<dyn Error>> {
    let headers = ReceivedHeaders::from_pairs(headers.iter().copied())?;
    let message = verifier.verify_callback(&headers, body, now)?;
    seen.insert(&message, now)?;
    let callback = message.call_callback();
    if callback.is_err() {
        seen.forget(&message);
    }
    Ok(callback?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let secret_key = SecretKey::new("u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr")?;
    let credentials = Credentials::new(
        "Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR",
        secret_key,
        Algorithm::Sha256,
    )?;
    let verifier = Verifier::new(credentials.clone());
    let mut seen = Seen::new(2);

    // Messages signed in the provider's place, as in a test.
    let start = 1_726_200_000;
    let body = br#"{"callbackType":1,"orderID":"order-1","userPhone":"8613800000001","userName":"",
        "sceneID":"s","userTaskID":"t","taskID":"7","finish":true,"other":""}"#;
    let sign = |id: &str, at: u64, body: &[u8]| -> Result<SignedMessage, callbot_core::Error> {
        let (id, at) = (RequestId::new(id)?, Timestamp::from_unix_seconds(at)?);
        Ok(testing::sign_callback(&credentials, &id, at, body))
    };
    let send = |id: &str, at: u64| sign(id, at, body);
    let mut outcome = |what: &str, message: &SignedMessage, body: &[u8], now: u64| {
        let outcome = match receive(&verifier, &mut seen, &message.headers(), body, now) {
            // `finish` may be absent, as all that the message can be read without.
            Ok(callback) => format!(
                "order {} finished: {}",
                callback.order_id,
                callback.finish.unwrap_or_default()
            ),
            Err(error) => format!("refused: {error}"),
        };
        println!("{what}: {outcome}");
        outcome
    };

    let (first, second) = (send("c1", start)?, send("c2", start)?);
    let accepted = "order order-1 finished: true";
    assert_eq!(outcome("genuine", &first, body, start + 1), accepted);
    let replayed = outcome("the same again", &first, body, start + 300);
    assert_eq!(replayed, "refused: replayed");
    let too_old = outcome("later", &first, body, start + 301);
    assert!(too_old.starts_with("refused: the message is 301 seconds old"));
    let forged = outcome("changed", &second, b"{}", start + 2);
    assert_eq!(forged, "refused: the signature does not match");
    let unreadable = sign("c2", start, b"{}")?;
    for what in ["without fields", "without fields, again"] {
        let refused = outcome(what, &unreadable, b"{}", start + 2);
        assert_eq!(refused, "refused: /callbackType: missing");
    }
    // The refused messages were not stored.
    assert_eq!(outcome("unchanged", &second, body, start + 3), accepted);

    let third = send("c3", start + 300)?;
    let full = outcome("store full", &third, body, start + 300);
    assert_eq!(full, "refused: too many at once");
    let fourth = send("c4", start + 300 + MARGIN)?;
    let full = outcome("store still full", &fourth, body, start + 300 + MARGIN);
    assert_eq!(full, "refused: too many at once");
    let room = outcome("store with room", &fourth, body, start + 301 + MARGIN);
    assert_eq!(room, accepted);
    Ok(())
}

#[test]
fn each_message_has_its_outcome() {
    main().expect("every outcome is as expected");
}
