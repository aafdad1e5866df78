//! The account that signs: its uuid, secret key and algorithm.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::check::chars::{self, Quoted};
use crate::check::memory::{self, NoMemoryError};
use crate::sign::copied::{self, Copied};
use crate::sign::header::{HeaderError, IdHeader, RequestId};
use crate::sign::signature::{Algorithm, Digest, Signature, SignedString};
use crate::sign::timestamp::Timestamp;

/// Replaces the secret key where the signed string is shown.
pub(crate) const MASK: &[u8] = b"***";

/// The secret key of an account. It is never sent and never printed, and is wiped on drop.
///
/// A [`String`] that is passed in becomes the key's own memory: no copy is left, and clones share
/// it. The type has no `Display`, no getter and no `PartialEq`, and its `Debug` shows nothing.
///
/// ```
/// use callbot_core::SecretKey;
///
/// let key = SecretKey::new("u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr")?;
/// assert_eq!(format!("{key:?}"), "SecretKey(***)");
///
/// // The most common mistake: a key that was read from a file, with the line feed at its end.
/// assert_eq!(SecretKey::new("u7Mf3zUNOkg4\n").unwrap_err().code(), "secret_key_blank_at_end");
/// # Ok::<(), callbot_core::SecretKeyError>(())
/// ```
///
/// API page:
/// [Callbot-API-authorization](https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-authorization).
#[derive(Clone)]
pub struct SecretKey(Arc<Zeroizing<String>>);

impl SecretKey {
    /// Takes the key as the console shows it.
    ///
    /// A `&str` is copied by an allocation that ends the program if it fails, and a `String` is not
    /// copied.
    ///
    /// # Errors
    ///
    /// [`SecretKeyError`] if the key is empty, if a whitespace, control or invisible character is
    /// at either end, or if it comes with its quotation marks or its name (`SECRET_KEY=...`): these
    /// come from copying, and the provider would only answer "signature wrong". An invalid key is
    /// wiped too.
    pub fn new(secret_key: impl Into<String>) -> Result<Self, SecretKeyError> {
        let secret_key = Zeroizing::new(secret_key.into());
        let first = secret_key.chars().next().ok_or(SecretKeyError::Empty)?;
        let last = secret_key.chars().next_back().unwrap_or(first);
        if chars::is_whitespace_or_invisible(first) {
            return Err(SecretKeyError::WhitespaceAtStart { found: first });
        }
        if chars::is_whitespace_or_invisible(last) {
            return Err(SecretKeyError::WhitespaceAtEnd { found: last });
        }
        match copied::what_comes_with(&secret_key) {
            Some(Copied::Name) => Err(SecretKeyError::Assignment),
            Some(Copied::Quotes) => Err(SecretKeyError::Quoted),
            None => Ok(Self(Arc::new(secret_key))),
        }
    }

    /// Whether the key is this string. The time taken tells only the lengths.
    fn is(&self, string: &str) -> bool {
        self.as_bytes().ct_eq(string.as_bytes()).into()
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(***)")
    }
}

/// A string that is not a valid secret key.
///
/// The error holds no more of the key than one whitespace or invisible character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SecretKeyError {
    /// The key is empty.
    Empty,
    /// The first character is a whitespace, control or invisible character.
    WhitespaceAtStart {
        /// That character.
        found: char,
    },
    /// The last character is a whitespace, control or invisible character.
    WhitespaceAtEnd {
        /// That character.
        found: char,
    },
    /// The key is in quotation marks, as in a file of settings.
    Quoted,
    /// The key comes with its name, as in `SECRET_KEY=...`: a whole line of a file of settings.
    ///
    /// Capital letters and digits with nothing but `=` after them, such as `ABCDEFGH=`, are a key
    /// in Base64. So is `KEY=`, a setting without a value.
    Assignment,
}

impl SecretKeyError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "secret_key_empty",
            Self::WhitespaceAtStart { .. } => "secret_key_blank_at_start",
            Self::WhitespaceAtEnd { .. } => "secret_key_blank_at_end",
            Self::Quoted => "secret_key_quoted",
            Self::Assignment => "secret_key_assignment",
        }
    }
}

impl fmt::Display for SecretKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Empty => {
                f.write_str("the secret key is empty; copy it from the console's Developer page")
            }
            Self::WhitespaceAtStart { found } => write!(
                f,
                "the secret key starts with {}; remove that character",
                Quoted(found)
            ),
            Self::WhitespaceAtEnd { found } => write!(
                f,
                "the secret key ends with {}; remove that character",
                Quoted(found)
            ),
            Self::Quoted => f.write_str(
                "the secret key is in quotation marks, which are no part of it; remove them",
            ),
            Self::Assignment => f.write_str(
                "the secret key starts with a name and '=', like a line of a file of settings; \
                 pass only what follows the '='",
            ),
        }
    }
}

impl core::error::Error for SecretKeyError {}

/// An account as the signing rule needs it: uuid, secret key and algorithm.
///
/// ```
/// use callbot_core::{Algorithm, Credentials, RequestId, SecretKey, Timestamp};
///
/// let credentials = Credentials::new(
///     "Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR",
///     SecretKey::new("u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr")?,
///     Algorithm::Md5,
/// )?;
/// let sign = credentials.sign(
///     &RequestId::new("00000000000000000000000000000001")?,
///     Timestamp::from_unix_seconds(1_726_200_000)?,
///     br#"{"customerId":"1234","appKey":"xxxxxx","status":1}"#,
/// );
/// assert_eq!(sign.as_str(), "780117DCF681FFBA0315EDDA24C3A8E2");
/// # Ok::<(), callbot_core::Error>(())
/// ```
///
/// API page:
/// [Callbot-API-authorization](https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-authorization).
#[derive(Debug, Clone)]
pub struct Credentials {
    uuid: Arc<str>,
    secret_key: SecretKey,
    algorithm: Algorithm,
}

impl Credentials {
    /// Combines the three parts of an account.
    ///
    /// The uuid and the secret key look alike, and only the uuid may be sent. The secret key has
    /// its own type, so that the two cannot be swapped.
    ///
    /// # Errors
    ///
    /// [`HeaderError`] unless `uuid` is 1 to 128 bytes of ASCII letters, digits and `-_.:`, and
    /// another string than the secret key.
    pub fn new(
        uuid: impl Into<String>,
        secret_key: SecretKey,
        algorithm: Algorithm,
    ) -> Result<Self, HeaderError> {
        let uuid = uuid.into();
        IdHeader::Uuid.check(&uuid)?;
        if secret_key.is(&uuid) {
            drop(Zeroizing::new(uuid));
            return Err(HeaderError::uuid_is_secret_key());
        }
        Ok(Self {
            uuid: uuid.into(),
            secret_key,
            algorithm,
        })
    }

    /// The account's uuid, which is sent as a header.
    #[must_use]
    pub fn uuid(&self) -> &str {
        &self.uuid
    }

    pub(crate) fn shared_uuid(&self) -> Arc<str> {
        Arc::clone(&self.uuid)
    }

    pub(crate) const fn secret_key(&self) -> &SecretKey {
        &self.secret_key
    }

    /// The hash that this account signs with.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Signs any body: `UPPERHEX(H(secretKey "&body=" body "&createTs=" createTs "&requestID="
    /// requestID "&uuid=" uuid))`.
    ///
    /// The same inputs always give the same signature. `body` must be the exact bytes that are
    /// sent: signing one serialisation and sending another is the most common cause of the
    /// provider's code 6, "signature wrong".
    #[must_use]
    pub fn sign(&self, request_id: &RequestId, create_ts: Timestamp, body: &[u8]) -> Signature {
        let mut digits = itoa::Buffer::new();
        let create_ts = digits.format(create_ts.unix_seconds());
        self.sign_strings(request_id.as_str(), create_ts, body)
    }

    /// Like [`sign`](Self::sign), with the header values as they are written.
    pub(crate) fn sign_strings(&self, request_id: &str, create_ts: &str, body: &[u8]) -> Signature {
        Signature::from(&self.digest(request_id, create_ts, body))
    }

    /// The digest that the signature encodes.
    pub(crate) fn digest(&self, request_id: &str, create_ts: &str, body: &[u8]) -> Digest {
        self.signed_string(request_id, create_ts, body)
            .digest(self.algorithm)
    }

    /// The signed string with `***` in place of the secret key, to find out why two signatures
    /// differ.
    ///
    /// The string holds the whole body, and so the contacts' personal data: do not log it.
    ///
    /// This is for requests. A received message has
    /// [`ReceivedHeaders::masked_signed_string`](crate::ReceivedHeaders::masked_signed_string),
    /// since the provider's request IDs may have characters that a [`RequestId`] may not have.
    ///
    /// ```
    /// # use callbot_core::{Algorithm, Credentials, RequestId, SecretKey, Timestamp};
    /// let secret_key = SecretKey::new("u7Mf3zUN")?;
    /// let credentials = Credentials::new("Vh71ym3y", secret_key, Algorithm::Md5)?;
    /// let shown = credentials.masked_signed_string(
    ///     &RequestId::new("1")?,
    ///     Timestamp::from_unix_seconds(1_726_200_000)?,
    ///     b"{}",
    /// );
    /// assert_eq!(shown, b"***&body={}&createTs=1726200000&requestID=1&uuid=Vh71ym3y");
    /// # Ok::<(), callbot_core::Error>(())
    /// ```
    #[must_use]
    pub fn masked_signed_string(
        &self,
        request_id: &RequestId,
        create_ts: Timestamp,
        body: &[u8],
    ) -> Vec<u8> {
        let mut digits = itoa::Buffer::new();
        let create_ts = digits.format(create_ts.unix_seconds());
        let masked = self.masked(request_id.as_str(), create_ts, body);
        masked.pieces().concat()
    }

    /// Like [`masked_signed_string`](Self::masked_signed_string). Fails if an allocation does.
    ///
    /// # Errors
    ///
    /// [`NoMemoryError`].
    pub fn try_masked_signed_string(
        &self,
        request_id: &RequestId,
        create_ts: Timestamp,
        body: &[u8],
    ) -> Result<Vec<u8>, NoMemoryError> {
        let mut digits = itoa::Buffer::new();
        let create_ts = digits.format(create_ts.unix_seconds());
        let masked = self.masked(request_id.as_str(), create_ts, body);
        memory::concat(&masked.pieces())
    }

    fn masked<'a>(
        &'a self,
        request_id: &'a str,
        create_ts: &'a str,
        body: &'a [u8],
    ) -> SignedString<'a> {
        SignedString {
            secret_key: MASK,
            ..self.signed_string(request_id, create_ts, body)
        }
    }

    fn signed_string<'a>(
        &'a self,
        request_id: &'a str,
        create_ts: &'a str,
        body: &'a [u8],
    ) -> SignedString<'a> {
        SignedString {
            secret_key: self.secret_key.as_bytes(),
            body,
            create_ts,
            request_id,
            uuid: &self.uuid,
        }
    }
}
