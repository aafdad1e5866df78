//! Receives callbacks as a server should: verifies them, refuses replays, and reads their content.
//!
//! ```text
//! cargo run --example receive_callback
//! ```
//!
//! A genuine message can be sent again by whoever saw it, for as long as it is fresh. So a server remembers the request
//! ids that it has seen, each for as long as [`Verified::remember_until`] says, and refuses one that comes again.
//!
//! Where a message was remembered but could not be worked off, it has to be forgotten again, or answered as if it had
//! been: the provider may send it a second time, and nobody says whether with a new request id.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::error::Error;

use callbot_core::provider::{self, ProviderMessage};
use callbot_core::{
    Algorithm, CallCallback, Credentials, ReceivedHeaders, RequestId, SecretKey, Timestamp,
    Verified, Verifier,
};

/// The request ids that were seen, each with the last second of which it has to be remembered.
///
/// Several servers for one URL need one store for all: a table with a unique key, or Redis with `SET NX` and `EXPIREAT`.
struct Seen {
    until: HashMap<String, u64>,
    capacity: usize,
}

impl Seen {
    fn new(capacity: usize) -> Self {
        let until = HashMap::new();
        Self { until, capacity }
    }

    /// Remembers a message, or says why it has to be refused.
    fn insert(&mut self, message: &Verified<'_>, now: u64) -> Result<(), &'static str> {
        if self.until.len() >= self.capacity {
            self.until.retain(|_, &mut until| until >= now);
        }
        let is_full = self.until.len() >= self.capacity;
        match self.until.entry(message.request_id().into()) {
            Entry::Occupied(_) => Err("replayed"),
            // To forget one that is still needed would open the door again: rather let the sender try later.
            Entry::Vacant(_) if is_full => Err("too many at once"),
            Entry::Vacant(place) => {
                place.insert(message.remember_until());
                Ok(())
            }
        }
    }
}

/// What a server does with each message. `body` is the raw bytes; `now` comes from the server's clock, in Unix seconds.
///
/// An `Err` is for the server's own log. Whoever sent the message learns nothing but that it was refused.
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
    Ok(message.call_callback()?)
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

    // The provider's part: in a test, messages can be made without it.
    let start = 1_726_200_000;
    let body = br#"{"callbackType":1,"orderID":"order-1","userPhone":"8613800000001","userName":"",
        "sceneID":"s","userTaskID":"t","taskID":"7","finish":true,"other":""}"#;
    let send = |id: &str, at: u64| -> Result<ProviderMessage, callbot_core::Error> {
        let (id, at) = (RequestId::new(id)?, Timestamp::from_unix_seconds(at)?);
        Ok(provider::sign_callback(&credentials, &id, at, body))
    };
    let mut outcome = |what: &str, message: &ProviderMessage, body: &[u8], now: u64| {
        let outcome = match receive(&verifier, &mut seen, &message.headers(), body, now) {
            Ok(callback) => format!("order {} finished: {}", callback.order_id, callback.finish),
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
    // What was refused was not remembered.
    assert_eq!(outcome("unchanged", &second, body, start + 3), accepted);

    let third = send("c3", start + 300)?;
    let full = outcome("store full", &third, body, start + 300);
    assert_eq!(full, "refused: too many at once");
    let later = outcome("store with room again", &third, body, start + 301);
    assert_eq!(later, accepted);
    Ok(())
}
