//! Finds the mistake that makes a signature wrong: the search of `callbot explain`.
//!
//! Its result is for the owner of the account. **Never tell it to whoever sent a message**: it says
//! how near a forged signature is to the right one.

mod body;
mod cause;
mod causes;
mod edit;
mod edits;
mod explanation;
mod message;
mod plan;
mod search;
mod target;
#[cfg(test)]
mod tests;
mod time;
mod work;

pub use cause::Cause;
pub use explanation::Explanation;
pub use message::{Message, MessageError};

use sha2::Sha256;

use crate::sign::credentials::Credentials;
use crate::sign::signature::Md5;

/// Tells whether a message's signature is right, and if not, which mistake makes it.
///
/// It tries every mistake of [`Cause`] alone, and then every two together. The work is bounded, and
/// in proportion to the length of the body.
#[must_use]
pub fn explain(credentials: &Credentials, message: &Message<'_>) -> Explanation {
    let (explanation, _) = search::explain::<Md5, Sha256>(credentials, message);
    explanation
}
