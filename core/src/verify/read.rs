//! Reading the content of a verified body.

use alloc::string::String;

use crate::api::add_batch_call::AddBatchResponse;
use crate::api::call_callback::CallCallback;
use crate::api::content::{Content, ContentError, ContentKind};
use crate::api::order_callback::OrderCallback;
use crate::api::task_callback::TaskCallback;
use crate::json::content::{Fields, canonical};
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
    /// assert_eq!((callback.order_id.as_str(), callback.finish), ("1", true));
    /// # Ok::<(), callbot_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A [`ContentError`] if the message was verified as another kind, the body is not a single
    /// JSON object or has a duplicate key, or a field that the page calls required is absent or has
    /// another type.
    pub fn read<T: Content>(&self) -> Result<T, ContentError> {
        if self.kind() != message_kind(T::KIND) {
            return Err(ContentError::OtherKind { read_as: T::KIND });
        }
        Ok(T::read(Fields::from_json(self.body())?)?)
    }

    /// Reads the body as the response to a batch of orders.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read). A failed response may lack the two counts.
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

    /// Returns the content as canonical JSON, for programs that would rather read JSON than typed
    /// values.
    ///
    /// It is checked as by the typed reader of that kind. It is compact, its keys are sorted, and
    /// `callbackType` is always a number. All fields are kept, those that the pages do not have
    /// too, and numbers are written as they were sent.
    ///
    /// What cannot be rewritten stays as it was sent: values nested more than 100 levels deep, and
    /// an object with a duplicate key among the fields that the pages do not have.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn canonical_json(&self, kind: ContentKind) -> Result<String, ContentError> {
        let callback_type = match kind {
            ContentKind::Response => self.response().map(|_| None),
            ContentKind::CallCallback => self.call_callback().map(|c| Some(c.callback_type)),
            ContentKind::OrderCallback => self.order_callback().map(|c| Some(c.callback_type)),
            ContentKind::TaskCallback => self.task_callback().map(|c| Some(c.callback_type)),
        }?;
        let callback_type = callback_type.map(|number| ("callbackType", number));
        Ok(canonical(self.body(), callback_type.as_slice())?)
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
