//! The headers of a received message.

use alloc::vec::Vec;

use crate::check::chars;
use crate::sign::credentials::MASK;
use crate::sign::header;
use crate::sign::signature::{Digest, SignedString};
use crate::verify::error::VerifyError;

/// The headers of a message from the provider, selected from all that were received.
///
/// Names are compared ignoring case, and so are the hex digits of `sign`. A duplicate header is an
/// error: two programs on the way could each use a different one.
///
/// Values are kept as they are. A request ID may have any visible ASCII character but `&`, as
/// `a/b+c=` does: the provider publishes no form for its own IDs, so they are not limited to the
/// characters of a [`RequestId`](crate::RequestId).
///
/// ```
/// use callbot_core::ReceivedHeaders;
///
/// let headers = ReceivedHeaders::from_pairs([
///     ("Content-Type", "application/json"),
///     ("requestid", "r1"),
///     ("UUID", "Vh71ym3y"),
///     ("createTs", "1726200000"),
///     ("sign", "0C5CCB060F0A05A9C513390519DC7B50"),
/// ])?;
/// # Ok::<(), callbot_core::VerifyError>(())
/// ```
///
/// API page:
/// [Callbot-API-authorization](https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-authorization).
#[derive(Debug, Clone, Copy)]
pub struct ReceivedHeaders<'h> {
    pub(super) request_id: &'h str,
    pub(super) uuid: &'h str,
    pub(super) create_ts: &'h str,
    pub(super) create_ts_seconds: u64,
    pub(super) sign: Digest,
    pub(super) algorithm: Option<&'h str>,
}

impl<'h> ReceivedHeaders<'h> {
    /// The maximum length of a received request ID, in bytes. The provider publishes no length.
    pub const MAX_REQUEST_ID_LEN: usize = 256;

    /// Selects the headers from names and values.
    ///
    /// The `http` crate's `HeaderMap`, which reqwest, hyper, axum and ureq use, can be passed as it
    /// is: `ReceivedHeaders::from_pairs(response.headers())`. That needs no feature. Raw lines are
    /// split by [`HeaderBlock`](crate::HeaderBlock).
    ///
    /// ```
    /// use callbot_core::ReceivedHeaders;
    ///
    /// # let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    /// # let received = [
    /// #     ("requestID", "r1"),
    /// #     ("uuid", "Vh71ym3y"),
    /// #     ("createTs", "1726200000"),
    /// #     ("sign", "0C5CCB060F0A05A9C513390519DC7B50"),
    /// # ];
    /// let pairs: Vec<(String, String)> = received.map(own).into();
    /// let headers = ReceivedHeaders::from_pairs(pairs.iter().map(|(name, value)| (name, value)))?;
    /// # Ok::<(), callbot_core::VerifyError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`VerifyError::DuplicateHeader`], [`VerifyError::MissingHeader`], or
    /// [`VerifyError::CgiName`] if it is there under its name in a CGI or WSGI environment, and
    /// then [`VerifyError::JoinedHeader`] or [`VerifyError::MalformedHeader`].
    pub fn from_pairs<N, V>(
        pairs: impl IntoIterator<Item = (&'h N, &'h V)>,
    ) -> Result<Self, VerifyError>
    where
        N: AsRef<[u8]> + ?Sized + 'h,
        V: AsRef<[u8]> + ?Sized + 'h,
    {
        let mut found = [None; HEADERS.len()];
        let mut has_cgi_name = [false; HEADERS.len()];
        for (name, value) in pairs {
            let name = name.as_ref();
            let Some(index) = index_of(name) else {
                if let Some(index) = index_of_variable(name) {
                    has_cgi_name[index] = true;
                }
                continue;
            };
            if found[index].replace(value.as_ref()).is_some() {
                return Err(VerifyError::DuplicateHeader {
                    name: HEADERS[index],
                });
            }
        }
        let required = |index: usize| {
            let name = HEADERS[index];
            found[index].ok_or(if has_cgi_name[index] {
                VerifyError::CgiName { name }
            } else {
                VerifyError::MissingHeader { name }
            })
        };
        let (request_id, uuid) = (required(0)?, required(1)?);
        let (create_ts, sign) = (required(2)?, required(3)?);
        let algorithm = found[4];

        let request_id = visible_ascii(header::REQUEST_ID, request_id)?;
        if request_id.len() > Self::MAX_REQUEST_ID_LEN {
            return Err(malformed(header::REQUEST_ID, request_id.as_bytes()));
        }
        let uuid = without_comma(header::UUID, uuid)?;
        let create_ts = visible_ascii(header::CREATE_TS, create_ts)?;
        let create_ts_seconds = chars::plain_number(create_ts)
            .ok_or_else(|| malformed(header::CREATE_TS, create_ts.as_bytes()))?;
        let sign = Digest::from_hex(sign).ok_or_else(|| malformed(header::SIGN, sign))?;
        let algorithm = algorithm
            .map(|value| without_comma(header::ALGORITHM, value))
            .transpose()?;
        Ok(Self {
            request_id,
            uuid,
            create_ts,
            create_ts_seconds,
            sign,
            algorithm,
        })
    }

    /// The string that is hashed for this message, with `***` in place of the secret key, to find
    /// out why a signature does not match. Compare it byte by byte with the string that the sender
    /// signed.
    ///
    /// The string holds the whole body, and so the contacts' personal data: do not log it.
    ///
    /// ```
    /// # use callbot_core::ReceivedHeaders;
    /// # let sign = "0C5CCB060F0A05A9C513390519DC7B50";
    /// let headers = ReceivedHeaders::from_pairs([
    ///     ("requestID", "a/b+c="),
    ///     ("uuid", "Vh71ym3y"),
    ///     ("createTs", "1726200000"),
    ///     ("sign", sign),
    /// ])?;
    /// let shown = headers.masked_signed_string(b"{}");
    /// assert_eq!(shown, b"***&body={}&createTs=1726200000&requestID=a/b+c=&uuid=Vh71ym3y");
    /// # Ok::<(), callbot_core::VerifyError>(())
    /// ```
    #[must_use]
    pub fn masked_signed_string(&self, body: &[u8]) -> Vec<u8> {
        SignedString {
            secret_key: MASK,
            body,
            create_ts: self.create_ts,
            request_id: self.request_id,
            uuid: self.uuid,
        }
        .pieces()
        .concat()
    }
}

impl ReceivedHeaders<'_> {
    /// Why the signature does not match, as far as it can be told.
    ///
    /// A request ID may have commas, so only a wrong signature tells that one was joined.
    #[cold]
    pub(super) fn mismatch(&self, body: &[u8]) -> VerifyError {
        if is_joined_with_itself(self.request_id) {
            return VerifyError::JoinedHeader {
                name: header::REQUEST_ID,
            };
        }
        VerifyError::SignatureMismatch {
            body_is_empty: body.is_empty(),
        }
    }
}

/// Whether a value is the same twice, with a comma in the middle.
fn is_joined_with_itself(value: &str) -> bool {
    let (first, rest) = value.as_bytes().split_at(value.len() / 2);
    !first.is_empty() && rest.split_first() == Some((&b',', first))
}

/// The headers that are selected, in the order of [`ReceivedHeaders::from_pairs`].
const HEADERS: [&str; 5] = [
    header::REQUEST_ID,
    header::UUID,
    header::CREATE_TS,
    header::SIGN,
    header::ALGORITHM,
];

/// The index of the header with this name.
fn index_of(name: &[u8]) -> Option<usize> {
    HEADERS
        .iter()
        .position(|header| name.eq_ignore_ascii_case(header.as_bytes()))
}

/// The index of the header that has this name in a CGI or WSGI environment, or where a program has
/// rewritten such a name: `HTTP_SIGN`, `HTTP-SIGN`, `HTTP_REQUEST_ID`. Apache adds `REDIRECT_` at
/// each internal redirect.
fn index_of_variable(name: &[u8]) -> Option<usize> {
    fn strip<'n>(name: &'n [u8], prefix: &[u8]) -> Option<&'n [u8]> {
        let (start, rest) = name.split_at_checked(prefix.len())?;
        let (separator, rest) = rest.split_first()?;
        (start.eq_ignore_ascii_case(prefix) && is_separator(*separator)).then_some(rest)
    }
    fn is_separator(byte: u8) -> bool {
        matches!(byte, b'_' | b'-')
    }
    let mut name = name;
    while let Some(rest) = strip(name, b"REDIRECT") {
        name = rest;
    }
    let name = strip(name, b"HTTP")?;
    let letters = || name.iter().filter(|byte| !is_separator(**byte));
    HEADERS.iter().position(|header| {
        let header = header.bytes().map(|byte| byte.to_ascii_lowercase());
        letters().map(u8::to_ascii_lowercase).eq(header)
    })
}

/// The error of a value that has not the form of its header.
fn malformed(name: &'static str, value: &[u8]) -> VerifyError {
    if value.contains(&b',') {
        return VerifyError::JoinedHeader { name };
    }
    VerifyError::MalformedHeader {
        name,
        is_empty: value.is_empty(),
    }
}

/// Validates a value: visible ASCII without `&`, so that the boundary between two parts of the
/// signed string cannot be moved into it. The provider publishes no stricter form.
fn visible_ascii<'h>(name: &'static str, value: &'h [u8]) -> Result<&'h str, VerifyError> {
    let is_allowed = |b: u8| b.is_ascii_graphic() && b != b'&';
    // Without an early end, so that many bytes are checked at once.
    let all_allowed = value.iter().fold(true, |so_far, &b| so_far & is_allowed(b));
    let is_valid = all_allowed && !value.is_empty();
    let string = core::str::from_utf8(value).ok().filter(|_| is_valid);
    string.ok_or_else(|| malformed(name, value))
}

/// Like [`visible_ascii`], for a uuid or an algorithm: they never have a comma. A request ID may
/// have one, and the forms of the others exclude it.
fn without_comma<'h>(name: &'static str, value: &'h [u8]) -> Result<&'h str, VerifyError> {
    let string = visible_ascii(name, value)?;
    if string.contains(',') {
        return Err(malformed(name, value));
    }
    Ok(string)
}
