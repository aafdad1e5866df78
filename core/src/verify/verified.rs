//! A verified message.

use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;

use crate::api::endpoint::Endpoint;
use crate::check::memory::{self, NoMemoryError};

/// What a message was verified as. Only a response is compared with its request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MessageKind {
    Callback,
    Response,
}

/// The body of a message.
#[derive(Clone)]
pub(super) enum Body<'b> {
    Borrowed(&'b str),
    /// A copy. The documents that are made of it share it.
    Shared(Arc<String>),
}

impl Body<'_> {
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Borrowed(body) => body,
            Self::Shared(body) => body,
        }
    }

    /// A body that can be shared. Copies a borrowed one.
    pub(super) fn to_shared(&self) -> Result<Arc<String>, NoMemoryError> {
        Ok(match self {
            Self::Borrowed(body) => Arc::new(memory::to_string(body)?),
            Self::Shared(body) => Arc::clone(body),
        })
    }
}

/// A message that was verified to come from the provider. Only a [`Verifier`](crate::Verifier)
/// makes one.
///
/// It can be read only as what it was verified as: a response as a response, a callback as one of
/// the callbacks. So the comparison of a response with its request cannot be skipped.
///
/// Its `Debug` shows no content.
#[derive(Clone)]
pub struct Verified<'b> {
    /// Proven to be UTF-8.
    pub(super) body: Body<'b>,
    pub(super) uuid: Arc<str>,
    pub(super) request_id: String,
    pub(super) create_ts: u64,
    pub(super) replay_expires_at: u64,
    pub(super) credentials_index: usize,
    pub(super) kind: MessageKind,
    /// The endpoint of the request that a response answers.
    pub(super) endpoint: Option<Endpoint>,
}

impl Verified<'_> {
    /// The raw bytes that were verified.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        self.body.as_str().as_bytes()
    }

    /// Copies the body, so that the message outlives the buffer that it was received in.
    #[must_use]
    pub fn into_owned(self) -> Verified<'static> {
        let body = match &self.body {
            Body::Borrowed(body) => Arc::new(String::from(*body)),
            Body::Shared(body) => Arc::clone(body),
        };
        self.with_body(body)
    }

    /// Like [`into_owned`](Self::into_owned). Fails if an allocation does.
    ///
    /// # Errors
    ///
    /// [`NoMemoryError`].
    pub fn try_into_owned(self) -> Result<Verified<'static>, NoMemoryError> {
        let body = self.body.to_shared()?;
        Ok(self.with_body(body))
    }

    fn with_body(self, body: Arc<String>) -> Verified<'static> {
        Verified {
            body: Body::Shared(body),
            uuid: self.uuid,
            request_id: self.request_id,
            create_ts: self.create_ts,
            replay_expires_at: self.replay_expires_at,
            credentials_index: self.credentials_index,
            kind: self.kind,
            endpoint: self.endpoint,
        }
    }

    /// What the message was verified as.
    pub(crate) const fn kind(&self) -> MessageKind {
        self.kind
    }

    /// The account that the message is for. Request IDs are unique within an account, so store both
    /// against replays.
    #[must_use]
    pub fn uuid(&self) -> &str {
        &self.uuid
    }

    /// The message's id: the value to store against replays, together with the
    /// [`uuid`](Self::uuid).
    #[must_use]
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// When the message was made, in Unix seconds.
    #[must_use]
    pub const fn create_ts(&self) -> u64 {
        self.create_ts
    }

    /// Until when the [`request_id`](Self::request_id) has to be stored, in Unix seconds. After
    /// that the message is too old.
    ///
    /// That second is **included**, and a store that expires the ID by its own clock may be ahead
    /// of the verifier's. So keep the ID for a margin longer: with Redis, `EXPIREAT` at this time
    /// plus 60.
    #[must_use]
    pub const fn replay_expires_at(&self) -> u64 {
        self.replay_expires_at
    }

    /// Which of the verifier's credentials matched, counted from 0.
    #[must_use]
    pub const fn credentials_index(&self) -> usize {
        self.credentials_index
    }
}

impl fmt::Debug for Verified<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("request_id", &self.request_id)
            .field("create_ts", &self.create_ts)
            .field("credentials_index", &self.credentials_index)
            .finish_non_exhaustive()
    }
}
