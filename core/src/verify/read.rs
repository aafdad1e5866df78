//! Reading the content of a verified body.

use crate::api::add_batch_call::AddBatchResponse;
use crate::api::call_callback::CallCallback;
use crate::api::content::{Content, ContentError, ContentKind};
use crate::api::document::Document;
use crate::api::envelope::Envelope;
use crate::api::order_callback::OrderCallback;
use crate::api::task_callback::TaskCallback;
use crate::verify::verified::{MessageKind, Verified};

impl Verified<'_> {
    /// Reads the body as `T`, such as [`CallCallback`]. A byte-order mark before it is skipped,
    /// and half of a surrogate pair in an escape is read as U+FFFD.
    ///
    /// ```
    /// # use callbot_core::{Algorithm, Credentials, ReceivedHeaders, RequestId, SecretKey};
    /// # use callbot_core::{Timestamp, Verifier, testing};
    /// use callbot_core::CallCallback;
    ///
    /// # let key = SecretKey::new("u7Mf3zUN")?;
    /// # let credentials = Credentials::new("Vh71ym3y", key, Algorithm::Md5)?;
    /// # let body = br#"{"callbackType":1,"orderID":"1","userPhone":"8613800000001","userName":"",
    /// #     "sceneID":"s","userTaskID":"t","taskID":"p","finish":true,"other":""}"#;
    /// # let now = Timestamp::from_unix_seconds(1_726_200_000)?;
    /// # let sent = testing::sign_callback(&credentials, &RequestId::new("r1")?, now, body);
    /// # let headers = ReceivedHeaders::from_pairs(sent.headers())?;
    /// # let (verifier, now) = (Verifier::new(credentials), now.unix_seconds());
    /// let message = verifier.verify_callback(&headers, body, now)?;
    /// let callback: CallCallback = message.read()?;
    /// assert_eq!((callback.order_id.as_str(), callback.finish), ("1", Some(true)));
    /// # Ok::<(), callbot_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`document`](Self::document), and [`ContentError::OtherEndpoint`] if `T` is the response
    /// to another endpoint.
    pub fn read<T: Content>(&self) -> Result<T, ContentError> {
        self.document(T::KIND)?.read()
    }

    /// Parses the body, for reading it value by value, or more than once.
    ///
    /// # Errors
    ///
    /// - [`ContentError::OtherKind`] if the message was verified as another kind.
    /// - [`ContentError::Empty`], [`ContentError::TooLarge`] or [`ContentError::Json`] if the body
    ///   is not a single JSON object.
    /// - [`ContentError::DuplicateKey`] if an object has one, anywhere in the body.
    /// - [`ContentError::Missing`] or [`ContentError::WrongType`] for an essential field:
    ///   `callbackType` and `orderID` of a call or order callback; `callbackType`, `taskStatus` or
    ///   `taskStat`, and `userTaskID` or `taskID` of a task callback; `retCode` of a response, which
    ///   `ping` calls `code`.
    ///
    /// Nothing else is an error. The message is still proven, and [`body`](Self::body) returns it.
    pub fn document(&self, kind: ContentKind) -> Result<Document, ContentError> {
        if self.kind() != message_kind(kind) {
            return Err(ContentError::OtherKind { read_as: kind });
        }
        let keep = || self.body.to_shared();
        Document::new(self.body.as_str(), keep, kind, self.endpoint)
    }

    /// Reads how a request went, from the response to any endpoint.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn result(&self) -> Result<Envelope, ContentError> {
        self.read()
    }

    /// Reads the body as the response to `addBatchCall`.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn response(&self) -> Result<AddBatchResponse, ContentError> {
        self.read()
    }

    /// Reads the body as a call callback.
    ///
    /// Only the URL that a callback came to tells which one it is. The `callbackType` of the pages
    /// does not tell them apart, a call callback can be read as an order callback too, and the
    /// signature covers no URL. Give each kind its own URL that nobody can guess, and keep the
    /// kinds apart where IDs are remembered against replays.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn call_callback(&self) -> Result<CallCallback, ContentError> {
        self.read()
    }

    /// Reads the body as an order callback.
    ///
    /// A call callback can also be read as an order callback: see
    /// [`call_callback`](Self::call_callback).
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn order_callback(&self) -> Result<OrderCallback, ContentError> {
        self.read()
    }

    /// Reads the body as a task callback. No other callback passes.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn task_callback(&self) -> Result<TaskCallback, ContentError> {
        self.read()
    }
}

/// The kind of message that may have this content.
const fn message_kind(content: ContentKind) -> MessageKind {
    match content {
        ContentKind::Response => MessageKind::Response,
        ContentKind::CallCallback | ContentKind::OrderCallback | ContentKind::TaskCallback => {
            MessageKind::Callback
        }
    }
}
