//! Who signs: the account's uuid, its secret key and its algorithm.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use zeroize::Zeroizing;

use crate::check::chars::{self, Shown};
use crate::error::Error;
use crate::sign::header::{self, RequestId, Timestamp};
use crate::sign::signature::{Algorithm, Signature, SignedString};

/// What stands in place of the secret key where the signed string is shown.
pub(crate) const MASK: &[u8] = b"***";

/// The secret key of an account. It is never sent, never printed, and wiped from memory when dropped.
///
/// Give it as a [`String`] and that string becomes the key's own memory: no copy stays behind. It has no `Display`, no
/// getter and no `PartialEq`, and its `Debug` shows nothing.
///
/// ```
/// use callbot_core::SecretKey;
///
/// let key = SecretKey::new("u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr")?;
/// assert_eq!(format!("{key:?}"), "SecretKey(***)");
///
/// // The commonest mistake: a key that was read from a file, with the file's last line feed.
/// assert_eq!(SecretKey::new("u7Mf3zUNOkg4\n").unwrap_err().code(), "secret_key_blank_at_end");
/// # Ok::<(), callbot_core::Error>(())
/// ```
#[derive(Clone)]
pub struct SecretKey(Zeroizing<String>);

impl SecretKey {
    /// Takes the key as the console shows it.
    ///
    /// # Errors
    ///
    /// [`Error::SecretKey`] when it is empty, or when it has a blank, control or invisible character at either end:
    /// such a character came with copying, and the provider would only answer "signature wrong". The refused text is
    /// wiped too.
    pub fn new(secret_key: impl Into<String>) -> Result<Self, Error> {
        let secret_key = Zeroizing::new(secret_key.into());
        let first = secret_key.chars().next().ok_or(SecretKeyError::Empty)?;
        let last = secret_key.chars().next_back().unwrap_or(first);
        if chars::is_blank(first) {
            return Err(SecretKeyError::BlankAtStart { found: first }.into());
        }
        if chars::is_blank(last) {
            return Err(SecretKeyError::BlankAtEnd { found: last }.into());
        }
        Ok(Self(secret_key))
    }

    fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(***)")
    }
}

/// Why a text cannot be a secret key. It never holds more of the key than one blank character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SecretKeyError {
    /// There is no text.
    Empty,
    /// The first character is a blank, a control or an invisible character.
    BlankAtStart {
        /// That character.
        found: char,
    },
    /// The last character is a blank, a control or an invisible character.
    BlankAtEnd {
        /// That character.
        found: char,
    },
}

impl SecretKeyError {
    /// The stable code of this fault.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "secret_key_empty",
            Self::BlankAtStart { .. } => "secret_key_blank_at_start",
            Self::BlankAtEnd { .. } => "secret_key_blank_at_end",
        }
    }
}

impl fmt::Display for SecretKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Empty => f.write_str("it is empty; copy it from the console under Developer"),
            Self::BlankAtStart { found } => {
                write!(
                    f,
                    "it begins with {}, which is no part of it; remove it",
                    Shown(found)
                )
            }
            Self::BlankAtEnd { found } => {
                write!(
                    f,
                    "it ends with {}, which is no part of it; remove it",
                    Shown(found)
                )
            }
        }
    }
}

/// An account as the signing rule needs it: uuid, secret key and algorithm.
///
/// API page: [Callbot-API-authorization](https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-authorization).
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
#[derive(Debug, Clone)]
pub struct Credentials {
    uuid: String,
    secret_key: SecretKey,
    algorithm: Algorithm,
}

impl Credentials {
    /// Puts an account together. The secret key is a type of its own, so that it and the uuid, which look alike and of
    /// which only one may be sent, cannot be given in the wrong order.
    ///
    /// # Errors
    ///
    /// [`Error::Uuid`] unless `uuid` is 1 to 128 bytes of ASCII letters, digits and `-_.:`.
    pub fn new(
        uuid: impl Into<String>,
        secret_key: SecretKey,
        algorithm: Algorithm,
    ) -> Result<Self, Error> {
        let uuid = uuid.into();
        header::check_token(&uuid).map_err(Error::Uuid)?;
        Ok(Self {
            uuid,
            secret_key,
            algorithm,
        })
    }

    /// The account's uuid, which is sent as a header.
    #[must_use]
    pub fn uuid(&self) -> &str {
        &self.uuid
    }

    /// The hash that this account signs with.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Signs any body: `UPPERHEX(H(secretKey "&body=" body "&createTs=" createTs "&requestID=" requestID "&uuid="
    /// uuid))`.
    ///
    /// The same inputs always give the same signature. `body` must be the exact bytes that are sent: signing one
    /// serialisation and sending another is the commonest cause of the provider's code 6, "signature wrong".
    #[must_use]
    pub fn sign(&self, request_id: &RequestId, create_ts: Timestamp, body: &[u8]) -> Signature {
        let mut digits = itoa::Buffer::new();
        let create_ts = digits.format(create_ts.unix_seconds());
        self.sign_texts(request_id.as_str(), create_ts, body)
    }

    /// The same for header values as they were received.
    pub(crate) fn sign_texts(&self, request_id: &str, create_ts: &str, body: &[u8]) -> Signature {
        self.signed_string(request_id, create_ts, body)
            .sign(self.algorithm)
    }

    /// The signed string with `***` in place of the secret key, for finding out why two signatures differ.
    ///
    /// It holds the whole body, and with it the contacts' personal data: show it, but do not log it.
    ///
    /// This is for what is sent. For a received message there is
    /// [`ReceivedHeaders::masked_signed_string`](crate::ReceivedHeaders::masked_signed_string), since the provider's
    /// request ids may hold what a [`RequestId`] may not.
    ///
    /// ```
    /// # use callbot_core::{Algorithm, Credentials, RequestId, SecretKey, Timestamp};
    /// let credentials = Credentials::new("Vh71ym3y", SecretKey::new("u7Mf3zUN")?, Algorithm::Md5)?;
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
        SignedString {
            secret_key: MASK,
            ..self.signed_string(
                request_id.as_str(),
                digits.format(create_ts.unix_seconds()),
                body,
            )
        }
        .pieces()
        .concat()
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
