//! What the environment sets.

use std::env;
use std::time::Duration;

use crate::Result;

/// How to send.
pub(crate) struct Settings {
    /// The maximum number of orders in a batch.
    pub(crate) max_orders: usize,
    /// How long an answer is waited for.
    pub(crate) timeout: Duration,
    /// How long a request can be on its way.
    pub(crate) wait: Duration,
    /// The pause before the second try.
    pub(crate) backoff: Duration,
    /// What the callback URLs begin with.
    pub(crate) callback_url: String,
}

impl Settings {
    pub(crate) fn read() -> Result<Self> {
        Ok(Self {
            max_orders: number("EXCHANGE_MAX_ORDERS", "100")?.try_into()?,
            timeout: milliseconds("EXCHANGE_TIMEOUT_MS", "2000")?,
            wait: milliseconds("EXCHANGE_WAIT_MS", "3000")?,
            backoff: milliseconds("EXCHANGE_BACKOFF_MS", "100")?,
            callback_url: variable("EXCHANGE_CALLBACK_URL", "http://127.0.0.1:9/callbot"),
        })
    }
}

/// A variable, or another value if it is not set or empty.
pub(crate) fn variable(name: &str, otherwise: &str) -> String {
    env::var(name)
        .ok()
        .filter(|value| !value.is_empty())
        .unwrap_or_else(|| otherwise.into())
}

fn number(name: &str, otherwise: &str) -> Result<u64> {
    match variable(name, otherwise).parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(format!("{name} must be a number from 1 on").into()),
    }
}

fn milliseconds(name: &str, otherwise: &str) -> Result<Duration> {
    number(name, otherwise).map(Duration::from_millis)
}
