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
mod hash;
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

use crate::check::memory::NoMemoryError;
use crate::diagnose::hash::{Md5, Sha256};
use crate::sign::credentials::Credentials;

/// Tells whether a message's signature is right, and if not, which mistake makes it.
///
/// It tries every mistake of [`Cause`] alone, and then every two together. The work is bounded: the
/// body is hashed up to 2,700 times. It takes up to 1 MiB, 60 times the memory of the body and 150
/// times that of the signed headers. Do not call it for every message that a server refuses.
///
/// The body is the one that was sent or received. `docs/explain.md` tells what is compared, and
/// which mistakes cannot be told apart.
///
/// # Errors
///
/// [`NoMemoryError`].
///
/// ```
/// use callbot_core::diagnose::{Message, explain};
/// use callbot_core::{Algorithm, Credentials, SecretKey};
///
/// let credentials = Credentials::new(
///     "Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR",
///     SecretKey::new("u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr")?,
///     Algorithm::Md5,
/// )?;
/// // Signed as Python's json.dumps writes it, and sent without blanks.
/// let headers = [
///     ("requestID", "00000000000000000000000000000001"),
///     ("uuid", "Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR"),
///     ("createTs", "1726200000"),
///     ("sign", "0C5CCB060F0A05A9C513390519DC7B50"),
/// ];
/// let body = br#"{"customerId":"1234","appKey":"xxxxxx","status":1}"#;
/// let explanation = explain(&credentials, &Message::from_pairs(headers, body)?)?;
/// assert!(!explanation.matches());
/// assert_eq!(explanation.causes()[0].code(), "body_separators");
/// # Ok::<(), callbot_core::Error>(())
/// ```
pub fn explain(
    credentials: &Credentials,
    message: &Message<'_>,
) -> Result<Explanation, NoMemoryError> {
    let (explanation, _) = search::explain::<Md5, Sha256>(credentials, message)?;
    Ok(explanation)
}
