//! The message whose signature is explained.

use core::fmt;

use crate::sign::header;

/// A message whose signature is to be explained: its headers as they are, and the raw body.
///
/// Nothing is validated, since a malformed value is often the mistake. Names are compared ignoring
/// case.
#[derive(Clone, Copy)]
pub struct Message<'a> {
    pub(super) request_id: Option<&'a [u8]>,
    pub(super) uuid: Option<&'a [u8]>,
    pub(super) create_ts: Option<&'a [u8]>,
    pub(super) sign: &'a [u8],
    pub(super) algorithm: Option<&'a [u8]>,
    /// The headers that only the vendor's AI Agent API has.
    pub(super) agent: AgentHeaders<'a>,
    pub(super) body: &'a [u8],
    pub(super) received: bool,
    pub(super) now: Option<u64>,
}

/// The headers of the vendor's AI Agent API.
#[derive(Clone, Copy)]
pub(super) struct AgentHeaders<'a> {
    pub(super) access_key: Option<&'a [u8]>,
    pub(super) action: Option<&'a [u8]>,
    pub(super) biz_type: Option<&'a [u8]>,
    pub(super) ts: Option<&'a [u8]>,
}

impl<'a> Message<'a> {
    /// Selects the headers from names and values. Only `sign` is required; a header that is missing
    /// or empty can be the mistake. Of several with a name that is not signed, the first one
    /// counts.
    ///
    /// An `http::HeaderMap` can be passed as it is. Raw lines are split by
    /// [`HeaderBlock`](crate::HeaderBlock).
    ///
    /// # Errors
    ///
    /// [`MessageError`] if `sign` is missing, or a header that is signed occurs more than once.
    pub fn from_pairs<N, V>(
        pairs: impl IntoIterator<Item = (&'a N, &'a V)>,
        body: &'a [u8],
    ) -> Result<Self, MessageError>
    where
        N: AsRef<[u8]> + ?Sized + 'a,
        V: AsRef<[u8]> + ?Sized + 'a,
    {
        let mut found = [None; NAMES.len()];
        for (name, value) in pairs {
            let is_it = |known: &&str| known.as_bytes().eq_ignore_ascii_case(name.as_ref());
            let Some(index) = NAMES.iter().position(is_it) else {
                continue;
            };
            if found[index].is_none() {
                found[index] = Some(value.as_ref());
            } else if index < SIGNED {
                return Err(MessageError::DuplicateHeader { name: NAMES[index] });
            }
        }
        let [
            sign,
            request_id,
            uuid,
            create_ts,
            algorithm,
            access_key,
            action,
            biz_type,
            ts,
        ] = found.map(|value| value.filter(|value| !value.is_empty()));
        Ok(Self {
            request_id,
            uuid,
            create_ts,
            sign: sign.ok_or(MessageError::MissingHeader { name: header::SIGN })?,
            algorithm,
            agent: AgentHeaders {
                access_key,
                action,
                biz_type,
                ts,
            },
            body,
            received: false,
            now: None,
        })
    }

    /// Sets whether the message was received from the provider. The default is one that we send.
    ///
    /// A received signature may be in lower case, which is a mistake in one that is sent.
    #[must_use]
    pub const fn received(mut self, received: bool) -> Self {
        self.received = received;
        self
    }

    /// Whether the message has no `createTs`, so that [`now`](Self::now) is of use.
    #[must_use]
    pub const fn lacks_create_ts(&self) -> bool {
        self.create_ts.is_none()
    }

    /// Sets the time, in Unix seconds, around which the signed time is searched if the message has
    /// no `createTs`.
    #[must_use]
    pub const fn now(mut self, now: u64) -> Self {
        self.now = Some(now);
        self
    }
}

/// Without the values, which may be personal data.
impl fmt::Debug for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("received", &self.received)
            .finish_non_exhaustive()
    }
}

/// How many of the names are the signature and what it is over.
const SIGNED: usize = 4;

const NAMES: [&str; 9] = [
    header::SIGN,
    header::REQUEST_ID,
    header::UUID,
    header::CREATE_TS,
    header::ALGORITHM,
    "accessKey",
    "action",
    "bizType",
    "ts",
];

/// Headers whose signature cannot be explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum MessageError {
    /// There is no `sign` header: there is nothing to explain.
    MissingHeader {
        /// Its name.
        name: &'static str,
    },
    /// The signature, or a header that is signed, occurs more than once.
    DuplicateHeader {
        /// Its name.
        name: &'static str,
    },
}

impl MessageError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::MissingHeader { .. } => "header_missing",
            Self::DuplicateHeader { .. } => "header_repeated",
        }
    }
}

impl fmt::Display for MessageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingHeader { name } => write!(
                f,
                "the header {name} is missing; pass the headers with the signature to explain"
            ),
            Self::DuplicateHeader { name } => {
                write!(f, "duplicate header {name}; remove one of them")
            }
        }
    }
}

impl core::error::Error for MessageError {}
