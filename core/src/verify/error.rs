//! The errors of verification.

use core::fmt::{self, Write};

use crate::sign::header;
use crate::sign::timestamp::Timestamp;

/// A message that failed verification.
///
/// Answer the sender with a plain rejection: the reason is for your own log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyError {
    /// A header that every message carries is missing. The provider may not have signed the
    /// message, or it is a proxy's error page: it is not authenticated.
    MissingHeader {
        /// Its name.
        name: &'static str,
    },
    /// A header is missing, but there is a value under its name in a CGI or WSGI environment, such
    /// as `HTTP_SIGN` or `REDIRECT_HTTP_SIGN`.
    CgiName {
        /// The header's own name.
        name: &'static str,
    },
    /// A header occurs more than once.
    DuplicateHeader {
        /// Its name.
        name: &'static str,
    },
    /// A header's value is several values that a proxy or a framework has joined with a comma. For
    /// `requestID`, which may have commas, also that the signature is wrong and both halves of the
    /// value are equal.
    JoinedHeader {
        /// Its name.
        name: &'static str,
    },
    /// A header's value is malformed.
    ///
    /// `createTs` must be Unix seconds in decimal digits without sign, whitespace or leading zero,
    /// `sign` 32 or 64 hex digits in upper or lower case, the others visible ASCII without `&`, and
    /// `requestID` at most
    /// [`ReceivedHeaders::MAX_REQUEST_ID_LEN`](crate::ReceivedHeaders::MAX_REQUEST_ID_LEN) bytes.
    MalformedHeader {
        /// Its name.
        name: &'static str,
        /// Whether its value is empty.
        is_empty: bool,
    },
    /// The `algorithm` header names another algorithm than the account's.
    Algorithm,
    /// The message is for an account that the verifier has no credentials for.
    UnknownUuid,
    /// The signature is wrong.
    SignatureMismatch {
        /// Whether the body is empty, as one that something has read before.
        body_is_empty: bool,
    },
    /// The signature is right, but the body is not UTF-8 as JSON must be. Either the body is
    /// compressed, or the hash was forged by length extension.
    NotUtf8,
    /// The message is too old.
    TooOld {
        /// Its age in seconds.
        age: u64,
        /// The maximum age in seconds.
        max: u64,
    },
    /// The message's time is too far ahead.
    TooNew {
        /// How far ahead it is, in seconds.
        lead: u64,
        /// How far ahead it may be, in seconds.
        max: u64,
    },
    /// The response is authentic, but answers another request.
    OtherRequest {
        /// The first part that differs.
        differs: RequestPart,
    },
}

/// A part of a request that its response repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestPart {
    /// `requestID`. It also differs if a callback is verified as a response, since a callback has
    /// its own id.
    RequestId,
    /// `uuid`: the account.
    Uuid,
    /// `algorithm`: the hash of the signature.
    Algorithm,
}

impl VerifyError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::MissingHeader { .. } => "header_missing",
            Self::CgiName { .. } => "header_cgi_name",
            Self::DuplicateHeader { .. } => "header_repeated",
            Self::JoinedHeader { .. } => "header_joined",
            Self::MalformedHeader { .. } => "header_malformed",
            Self::Algorithm => "verify_algorithm",
            Self::UnknownUuid => "verify_unknown_uuid",
            Self::SignatureMismatch { .. } => "verify_mismatch",
            Self::NotUtf8 => "verify_not_utf8",
            Self::TooOld { .. } => "verify_too_old",
            Self::TooNew { .. } => "verify_too_new",
            Self::OtherRequest { .. } => "verify_other_request",
        }
    }
}

/// A second of the year 2001, long before the API existed. A message that is this far ahead was
/// compared with a `now` of 0 or nearly 0.
const EARLIEST: u64 = 1_000_000_000;

/// The form that a header must have.
fn form_of(header: &str) -> &'static str {
    match header {
        header::REQUEST_ID => "1 to 256 characters of visible ASCII without '&'",
        header::CREATE_TS => {
            "Unix seconds in decimal digits, without sign, whitespace or leading zero"
        }
        header::SIGN => "32 hex digits for MD5, or 64 for SHA256",
        header::ALGORITHM => "MD5 or SHA256, or no such header",
        _ => "visible ASCII without '&'",
    }
}

/// A name in capital letters.
struct Upper(&'static str);

impl fmt::Display for Upper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.0.chars()).try_for_each(|c| f.write_char(c.to_ascii_uppercase()))
    }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::MissingHeader { name } => write!(
                f,
                "missing header {name}; check for a proxy that removes it or answers itself"
            ),
            Self::CgiName { name } => write!(
                f,
                "missing header {name}, but it is there under a name such as HTTP_{0} or \
                 REDIRECT_HTTP_{0}, as in a CGI or WSGI environment; pass each such value under the \
                 header's own name",
                Upper(name)
            ),
            Self::JoinedHeader { name } => write!(
                f,
                "header {name} has several values, joined with a comma; \
                 check for a proxy that adds it again"
            ),
            Self::DuplicateHeader { name } => write!(
                f,
                "duplicate header {name}; check for a proxy that adds it again"
            ),
            Self::MalformedHeader { name, is_empty } => {
                let fault = if is_empty { "empty" } else { "malformed" };
                write!(f, "{fault} header {name}; expected {}", form_of(name))
            }
            Self::Algorithm => f.write_str(
                "the algorithm header is not the account's algorithm; \
                 compare it with the console's Developer page",
            ),
            Self::UnknownUuid => f.write_str(
                "the message is for an account that is not configured; \
                 add its credentials to the verifier",
            ),
            Self::SignatureMismatch { body_is_empty } => f.write_str(if body_is_empty {
                "the signature does not match, and the body is empty; look whether something has read \
                 it before"
            } else {
                "the signature does not match"
            }),
            Self::NotUtf8 => f.write_str("the body is not UTF-8; pass it uncompressed"),
            Self::TooOld { age, max } => {
                // `age` exceeds the largest timestamp only if `now` does.
                let hint = match age {
                    0..=Timestamp::MAX_UNIX_SECONDS => "compare the clocks",
                    _ => "now is negative or in milliseconds, so pass Unix seconds",
                };
                write!(
                    f,
                    "the message is {age} seconds old, more than the allowed {max}; {hint}"
                )
            }
            Self::TooNew { lead, max } => {
                let hint = match lead {
                    0..EARLIEST => "compare the clocks",
                    EARLIEST..=Timestamp::MAX_UNIX_SECONDS => {
                        "check that now is set, in Unix seconds"
                    }
                    _ => "its createTs is in milliseconds, where the API requires Unix seconds",
                };
                write!(
                    f,
                    "the message is {lead} seconds ahead, more than the allowed {max}; {hint}"
                )
            }
            Self::OtherRequest { differs } => {
                f.write_str("the response answers another request: ")?;
                f.write_str(match differs {
                    RequestPart::RequestId => {
                        "its requestID differs; \
                         pass the request that was sent, and verify a callback as a callback"
                    }
                    RequestPart::Uuid => "its uuid differs; it is for another of your accounts",
                    RequestPart::Algorithm => {
                        "its algorithm differs; compare it with the console's Developer page"
                    }
                })
            }
        }
    }
}

impl core::error::Error for VerifyError {}
