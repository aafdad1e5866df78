//! The headers of a received message.

use alloc::vec::Vec;

use crate::check::chars;
use crate::sign::credentials::MASK;
use crate::sign::header;
use crate::sign::signature::{Digest, SignedString};
use crate::verify::error::VerifyError;

/// The headers of a message from the provider, selected from all that were received.
///
/// Names are compared ignoring case. A duplicate header is an error: two programs on the way could
/// each use a different one.
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
    /// [`VerifyError::MissingHeader`], [`VerifyError::DuplicateHeader`] or
    /// [`VerifyError::MalformedHeader`].
    pub fn from_pairs<N, V>(
        pairs: impl IntoIterator<Item = (&'h N, &'h V)>,
    ) -> Result<Self, VerifyError>
    where
        N: AsRef<[u8]> + ?Sized + 'h,
        V: AsRef<[u8]> + ?Sized + 'h,
    {
        let mut found = [None; HEADERS.len()];
        for (name, value) in pairs {
            let name = name.as_ref();
            let Some(index) = HEADERS
                .iter()
                .position(|header| name.eq_ignore_ascii_case(header.as_bytes()))
            else {
                continue;
            };
            if found[index].replace(value.as_ref()).is_some() {
                return Err(VerifyError::DuplicateHeader {
                    name: HEADERS[index],
                });
            }
        }
        let [request_id, uuid, create_ts, sign, algorithm] = found;
        let request_id = required(header::REQUEST_ID, request_id)?;
        let uuid = required(header::UUID, uuid)?;
        let create_ts = required(header::CREATE_TS, create_ts)?;
        let sign = required(header::SIGN, sign)?;

        let request_id = visible_ascii(header::REQUEST_ID, request_id)?;
        let uuid = visible_ascii(header::UUID, uuid)?;
        let create_ts = visible_ascii(header::CREATE_TS, create_ts)?;
        let sign = visible_ascii(header::SIGN, sign)?;
        let algorithm = algorithm
            .map(|value| visible_ascii(header::ALGORITHM, value))
            .transpose()?;
        if request_id.len() > Self::MAX_REQUEST_ID_LEN {
            return Err(malformed(header::REQUEST_ID));
        }
        Ok(Self {
            request_id,
            uuid,
            create_ts,
            create_ts_seconds: chars::plain_number(create_ts)
                .ok_or(malformed(header::CREATE_TS))?,
            sign: Digest::from_hex(sign).ok_or(malformed(header::SIGN))?,
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

/// The headers that are selected, in the order of [`ReceivedHeaders::from_pairs`].
const HEADERS: [&str; 5] = [
    header::REQUEST_ID,
    header::UUID,
    header::CREATE_TS,
    header::SIGN,
    header::ALGORITHM,
];

const fn malformed(name: &'static str) -> VerifyError {
    VerifyError::MalformedHeader {
        name,
        is_empty: false,
    }
}

fn required<'h>(name: &'static str, value: Option<&'h [u8]>) -> Result<&'h [u8], VerifyError> {
    value.ok_or(VerifyError::MissingHeader { name })
}

/// Validates a value: visible ASCII without `&`, so that the boundary between two parts of the
/// signed string cannot be moved into it. The provider publishes no stricter form.
fn visible_ascii<'h>(name: &'static str, value: &'h [u8]) -> Result<&'h str, VerifyError> {
    if value.is_empty() {
        return Err(VerifyError::MalformedHeader {
            name,
            is_empty: true,
        });
    }
    let is_allowed = |b: u8| b.is_ascii_graphic() && b != b'&';
    // Without an early end, so that many bytes are checked at once.
    let is_valid = value.iter().fold(true, |so_far, &b| so_far & is_allowed(b));
    let string = core::str::from_utf8(value).ok().filter(|_| is_valid);
    string.ok_or(malformed(name))
}
