//! What became of the orders of a request, by the response and the body that was sent.

mod account;
pub(crate) mod error;
pub(crate) mod kind;
pub(crate) mod refusal;
#[cfg(test)]
mod tests;
mod trace;

use alloc::vec::Vec;

use crate::api::document::Document;
use crate::api::endpoint::Endpoint;
use crate::api::envelope::{RetCode, Retry};
use crate::batch::outcome::account::{Account, Count};
use crate::batch::outcome::error::OutcomeError;
use crate::batch::outcome::kind::OutcomeKind;
use crate::batch::outcome::refusal::Refusal;
use crate::batch::outcome::trace::Traced;
use crate::check::violation::JsonType;

/// What became of the orders of a request. [`Document::outcome`] returns it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    kind: OutcomeKind,
    code: RetCode,
    refused: Vec<Refusal>,
    unlisted: usize,
}

impl Outcome {
    /// What became of the orders as a whole.
    #[must_use]
    pub const fn kind(&self) -> OutcomeKind {
        self.kind
    }

    /// The orders that were refused, or may have been, in the order of the provider's list.
    ///
    /// Refusals that belong to no order are listed too, but no more of them than the request has
    /// orders, or 100 if it has fewer. So a response of millions of refusals takes no more memory
    /// here than the request allows. [`unlisted`](Self::unlisted) counts the rest.
    #[must_use]
    pub fn refused(&self) -> &[Refusal] {
        &self.refused
    }

    /// How many refusals that belong to no order are left out of [`refused`](Self::refused). If it
    /// is not 0, [`kind`](Self::kind) is never a success.
    #[must_use]
    pub const fn unlisted(&self) -> usize {
        self.unlisted
    }

    /// Whether sending the same request again can help. It is [`Retry::Unknown`] unless the
    /// response accounts for every order: sending the request again may then dial people twice.
    #[must_use]
    pub const fn retry(&self) -> Retry {
        match self.kind {
            OutcomeKind::Accepted | OutcomeKind::Partly => Retry::Succeeded,
            OutcomeKind::Ambiguous | OutcomeKind::Unaccounted => Retry::Unknown,
            // A success that refuses each order: the same orders are refused again.
            OutcomeKind::Refused if self.code.is_success() => Retry::Never,
            OutcomeKind::Refused => self.code.retry(),
        }
    }
}

impl Document {
    /// Compares a response with the body of its request: which orders were accepted, and which were
    /// refused.
    ///
    /// The provider names a refused order by its phone number only (by its ID in `stopOrder`), so
    /// that two orders with one phone number cannot always be told apart. Phone numbers are
    /// compared by their digits.
    ///
    /// `request_body` must be the body of the request that the response was verified with. This is
    /// not checked: the response does not repeat it. Its orders are read only if the response
    /// refuses any. They are counted if the response is a success, and the body is not looked at if
    /// the response's code says that the whole request was refused.
    ///
    /// ```
    /// # use callbot_core::{Algorithm, Batch, ContentKind, Credentials, Order, ReceivedHeaders};
    /// # use callbot_core::{RequestId, Rules, SecretKey, Task, Timestamp, Verifier, testing};
    /// use callbot_core::OutcomeKind;
    ///
    /// # let url = "https://a.example/";
    /// # let task = Task { user_task_id: "t", order_callback_url: url, call_callback_url: url };
    /// # let mut batch = Batch::new(&task, Rules::new())?;
    /// # let key = SecretKey::new("u7Mf3zUN")?;
    /// # let credentials = Credentials::new("Vh71ym3y", key, Algorithm::Md5)?;
    /// # let now = Timestamp::from_unix_seconds(1_726_200_000)?;
    /// batch.add(&Order { order_id: "1", user_phone: "8613800000001", ..Order::default() })?;
    /// batch.add(&Order { order_id: "2", user_phone: "447700900123", ..Order::default() })?;
    /// let request = batch.sign(&credentials, RequestId::new("r1")?, now)?;
    /// # let body = br#"{"retCode":0,"retMsg":"success","responseID":"x","totalCount":2,
    /// #     "successCount":1,"errList":[{"phone":"+447700900123","errMsg":"not allowed"}]}"#;
    /// # let sent = testing::sign_response(&credentials, &request, now, body);
    /// # let headers = ReceivedHeaders::from_pairs(sent.headers())?;
    /// # let (verifier, now) = (Verifier::new(credentials), now.unix_seconds());
    /// let message = verifier.verify_response(&request.sent(), &headers, body, now)?;
    /// let outcome = message.document(ContentKind::Response)?.outcome(request.body())?;
    /// assert_eq!(outcome.kind(), OutcomeKind::Partly);
    /// let refused = &outcome.refused()[0];
    /// assert_eq!((refused.order, refused.order_id.as_deref()), (Some(1), Some("2")));
    /// assert_eq!(refused.message.as_ref().map(|m| m.as_str()), Some("not allowed"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`OutcomeError::Callback`] for a callback, and [`OutcomeError::Request`] if `request_body`
    /// is looked at and not JSON with a list of orders (`callList` or `orderIDs`).
    pub fn outcome(&self, request_body: &[u8]) -> Result<Outcome, OutcomeError> {
        let envelope = self.envelope().map_err(|_| OutcomeError::Callback)?;
        let code = envelope.ret_code;
        let count = |key| Count::of(self.root().member(key));
        let list = self.root().member("errList").filter(|list| !list.is_null());
        let account = Account {
            code,
            total: count("totalCount"),
            accepted: count("successCount"),
            needs_counts: list.is_none() && self.endpoint() == Some(Endpoint::AddBatchCall),
            // A list that is not an array refuses something and does not say what.
            has_unreadable: list.is_some_and(|list| list.json_type() != JsonType::Array),
        };
        let traced = match list.filter(|list| list.len().is_some_and(|len| len > 0)) {
            Some(list) => trace::trace(list, request_body)?,
            None if account.needs_number() => {
                Traced::nothing(trace::count_orders(request_body, account.total)?)
            }
            None => Traced::nothing(0),
        };
        let kind = account.judge(traced.sent(), &traced.groups()?);
        Ok(Outcome {
            kind,
            code,
            unlisted: traced.unlisted(),
            refused: traced.into_orders(kind)?,
        })
    }
}
