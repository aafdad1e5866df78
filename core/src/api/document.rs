//! The body of a verified message, parsed once.

use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;

use crate::api::content::{Content, ContentError, ContentKind};
use crate::api::contents::{is_known, table_of};
use crate::api::endpoint::Endpoint;
use crate::api::envelope::EnvelopeRef;
use crate::check::memory::NoMemoryError;
use crate::json::table::{Deviations, Table};
use crate::json::tape::Tape;
use crate::json::value::{PointerError, Value};

/// The body of a verified message, parsed once. [`Verified::document`] makes it.
///
/// It has the essential fields of its kind. Everything else may be absent or have another type, and
/// can be asked for: as a whole by [`read`](Self::read), or value by value by [`get`](Self::get).
///
/// It is independent of the message, and cheap to clone: all clones, and what was read from them,
/// share it. It takes at most 8 times the memory of the body, plus a constant.
///
/// Its `Debug` shows no content.
///
/// ```
/// # use callbot_core::{Algorithm, Credentials, ReceivedHeaders, RequestId, SecretKey};
/// # use callbot_core::{Timestamp, Verifier, testing};
/// use callbot_core::{CallCallback, ContentKind};
///
/// # let key = SecretKey::new("u7Mf3zUN")?;
/// # let credentials = Credentials::new("Vh71ym3y", key, Algorithm::Md5)?;
/// # let body = br#"{"callbackType":1,"orderID":"1","userPhone":"8613800000001","userName":null,
/// #     "sceneID":"s","userTaskID":"t","taskID":"p","finish":true,"other":"",
/// #     "callInfoDetail":{"callStatus":3,"intents":[{"intentName":"will pay"}]}}"#;
/// # let now = Timestamp::from_unix_seconds(1_726_200_000)?;
/// # let sent = testing::sign_callback(&credentials, &RequestId::new("r1")?, now, body);
/// # let headers = ReceivedHeaders::from_pairs(sent.headers())?;
/// # let (verifier, now) = (Verifier::new(credentials), now.unix_seconds());
/// # let message = verifier.verify_callback(&headers, body, now)?;
/// let document = message.document(ContentKind::CallCallback)?;
///
/// let status = document.get("/callInfoDetail/callStatus")?;
/// assert_eq!(status.and_then(|value| value.as_i64()), Some(3));
/// assert!(document.get("/callInfoDetail/sms")?.is_none());
///
/// let callback: CallCallback = document.read()?;
/// let detail = callback.call_info_detail.unwrap_or_default();
/// for intent in &detail.intents {
///     assert_eq!(intent?.intent_name.as_deref(), Some("will pay"));
/// }
///
/// let deviations = document.deviations();
/// let first = deviations.iter().next().map(ToString::to_string);
/// assert_eq!(first.as_deref(), Some("/userName: expected a string, found null"));
/// # Ok::<(), callbot_core::Error>(())
/// ```
///
/// [`Verified::document`]: crate::Verified::document
#[derive(Clone)]
pub struct Document {
    tape: Arc<Tape>,
    kind: ContentKind,
    endpoint: Option<Endpoint>,
}

impl Document {
    /// Parses a body, and checks that it has the essential fields.
    pub(crate) fn new(
        body: &str,
        keep: impl FnOnce() -> Result<Arc<String>, NoMemoryError>,
        kind: ContentKind,
        endpoint: Option<Endpoint>,
    ) -> Result<Self, ContentError> {
        let tape = Tape::parse(body, keep, is_known)?;
        table_of(kind, endpoint).check(&tape)?;
        Ok(Self {
            tape: Arc::new(tape),
            kind,
            endpoint,
        })
    }

    /// What it was read as.
    #[must_use]
    pub const fn kind(&self) -> ContentKind {
        self.kind
    }

    /// The endpoint of the request that a response answers. `None` for a callback, and for the
    /// response to a request to any other path.
    #[must_use]
    pub const fn endpoint(&self) -> Option<Endpoint> {
        self.endpoint
    }

    /// Reads it as `T`, such as [`CallCallback`](crate::CallCallback). It is not parsed again.
    ///
    /// # Errors
    ///
    /// [`ContentError::OtherKind`] or [`ContentError::OtherEndpoint`] if `T` is for other messages,
    /// and [`ContentError::NoMemory`].
    pub fn read<T: Content>(&self) -> Result<T, ContentError> {
        if T::KIND != self.kind {
            return Err(ContentError::OtherKind { read_as: T::KIND });
        }
        match T::ENDPOINT {
            Some(read_as) if self.endpoint != Some(read_as) => {
                Err(ContentError::OtherEndpoint { read_as })
            }
            _ => Ok(T::read_document(&self.tape, self.endpoint)?),
        }
    }

    /// Reads how a request went, without copying.
    ///
    /// # Errors
    ///
    /// [`ContentError::OtherKind`] for a callback.
    pub fn envelope(&self) -> Result<EnvelopeRef<'_>, ContentError> {
        if self.kind != ContentKind::Response {
            let read_as = ContentKind::Response;
            return Err(ContentError::OtherKind { read_as });
        }
        Ok(EnvelopeRef::new(self.root(), self.endpoint))
    }

    /// The value at a JSON Pointer (RFC 6901), such as `/callInfoDetail/callStatus`. `""` is the
    /// whole. `None` if there is none.
    ///
    /// # Errors
    ///
    /// [`PointerError`] for a string that is not a JSON Pointer.
    pub fn get(&self, pointer: &str) -> Result<Option<Value<'_>>, PointerError> {
        self.root().get(pointer)
    }

    /// The whole: an object.
    #[must_use]
    pub fn root(&self) -> Value<'_> {
        Value::new(&self.tape, Tape::ROOT)
    }

    /// Where the message differs from what the API's page says. That is never a reason to refuse
    /// it, and empty for most messages.
    #[must_use]
    pub fn deviations(&self) -> Deviations<'_> {
        self.table().deviations(&self.tape)
    }

    fn table(&self) -> &'static Table {
        table_of(self.kind, self.endpoint)
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("kind", &self.kind)
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}
