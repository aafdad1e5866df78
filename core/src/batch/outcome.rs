//! What became of the orders of a request, by the response and the body that was sent.

mod account;
#[cfg(test)]
mod tests;
mod trace;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::api::content::{ContentKind, debug_without_content};
use crate::api::document::Document;
use crate::api::envelope::{RetCode, Retry};
use crate::batch::outcome::account::Account;
use crate::batch::outcome::trace::Traced;
use crate::check::violation::JsonType;
use crate::json::value::Value;

/// What became of the orders of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OutcomeKind {
    /// Every order was accepted.
    Accepted,
    /// Some orders were refused. Each refusal is traced to its order.
    Partly,
    /// No order was accepted.
    Refused,
    /// A refused phone number stands for several orders, and the provider did not refuse all of
    /// them: which ones is not known.
    Ambiguous,
    /// The response does not account for every order: its numbers do not add up to what was sent, a
    /// refusal belongs to no order, or the request failed in a way that leaves open what was
    /// accepted.
    Unaccounted,
}

/// An order that the provider refused, or may have refused.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// The order's index in the request, counted from 0. `None` for a refusal that belongs to no
    /// order of the request.
    pub order: Option<usize>,
    /// The order's ID, or the one that the response names.
    pub order_id: Option<String>,
    /// The order's phone number, or the one that the response names. `None` if the orders are named
    /// by their IDs, as in `stopOrder`.
    pub phone: Option<String>,
    /// The provider's reason.
    pub message: Option<String>,
    /// Whether the refusal may be for another order with the same phone number.
    pub is_ambiguous: bool,
}

debug_without_content!(Refusal);

/// What became of the orders of a request. [`Document::outcome`] returns it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    kind: OutcomeKind,
    code: RetCode,
    refused: Vec<Refusal>,
}

impl Outcome {
    /// What became of the orders as a whole.
    #[must_use]
    pub const fn kind(&self) -> OutcomeKind {
        self.kind
    }

    /// The orders that were refused, or may have been, in the order of the provider's list.
    #[must_use]
    pub fn refused(&self) -> &[Refusal] {
        &self.refused
    }

    /// Whether sending the same request again can help. It is [`Retry::Unknown`] unless the response
    /// accounts for every order: sending the request again may then dial people twice.
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

/// Why a request and a response cannot be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum OutcomeError {
    /// The document is a callback and not a response.
    Callback,
    /// The body is not that of a request with orders.
    Request,
}

impl OutcomeError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Callback => "outcome_callback",
            Self::Request => "outcome_request",
        }
    }
}

impl fmt::Display for OutcomeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Callback => "a callback does not answer a request; pass a response",
            Self::Request => {
                "the request's body has no list of orders; pass the body that was sent, with callList \
                 or orderIDs"
            }
        })
    }
}

impl core::error::Error for OutcomeError {}

impl Document {
    /// Compares a response with the body of its request: which orders were accepted, and which were
    /// refused.
    ///
    /// The provider names a refused order by its phone number only (by its ID in `stopOrder`), so
    /// that two orders with one phone number cannot always be told apart. Phone numbers are compared
    /// by their digits.
    ///
    /// `request_body` must be the body of the request that the response was verified with. This is
    /// not checked: the response does not repeat it. Its orders are read only if the response
    /// refuses any; otherwise they are counted.
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
    /// assert_eq!(refused.message.as_deref(), Some("not allowed"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`OutcomeError::Callback`] for a callback, and [`OutcomeError::Request`] if `request_body` is
    /// not JSON with a list of orders (`callList` or `orderIDs`).
    pub fn outcome(&self, request_body: &[u8]) -> Result<Outcome, OutcomeError> {
        if self.kind() != ContentKind::Response {
            return Err(OutcomeError::Callback);
        }
        let integer = |key| self.root().member(key).and_then(Value::as_i64);
        let code = RetCode(integer("retCode").unwrap_or_default());
        let list = self.root().member("errList").filter(|list| !list.is_null());
        let account = Account {
            code,
            total: integer("totalCount"),
            accepted: integer("successCount"),
            // A list that is not an array refuses something and does not say what.
            has_unreadable: list.is_some_and(|list| list.json_type() != JsonType::Array),
        };
        let traced = match list.filter(|list| list.len().is_some_and(|len| len > 0)) {
            Some(list) => trace::trace(list, request_body)?,
            None => Traced::nothing(trace::count_orders(request_body, account.total)?),
        };
        let kind = account.judge(traced.sent(), &traced.groups());
        Ok(Outcome {
            kind,
            code,
            refused: traced.into_orders(kind),
        })
    }
}
