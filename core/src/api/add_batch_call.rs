//! The typed response.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::json::content::{ContentError, ContentKind, Extra, Fields};
use crate::verify::Verified;

/// The provider's answer to a batch of orders.
///
/// Its `Debug` shows no personal data.
///
/// API page: [Callbot-API-addBatchOrder](https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-addBatchOrder).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AddBatchResponse {
    /// `retCode`: 0 for success, everything else is a failure.
    pub ret_code: RetCode,
    /// `retMsg`: the provider's message.
    pub ret_msg: String,
    /// `responseID`: the provider's id for tracing; quote it when you report a problem.
    pub response_id: String,
    /// `totalCount`: orders received. `None` only where a failure leaves it out.
    pub total_count: Option<i64>,
    /// `successCount`: orders accepted. `None` only where a failure leaves it out.
    pub success_count: Option<i64>,
    /// `errList`: the refused phone numbers.
    pub err_list: Vec<RefusedPhone>,
    /// Fields that the API's page does not have.
    pub extra: Extra,
}

/// A phone number that the provider refused.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RefusedPhone {
    /// `phone`.
    pub phone: String,
    /// `errMsg`: why.
    pub err_msg: String,
    /// Fields that the API's page does not have.
    pub extra: Extra,
}

impl Verified<'_> {
    /// Reads the body as the answer to a batch of orders.
    ///
    /// # Errors
    ///
    /// [`ContentError`] when it was verified as a callback, is not one JSON object, has a key twice, lacks a field that
    /// the page calls required, or has one of another type. A failed response may lack the two counts.
    pub fn response(&self) -> Result<AddBatchResponse, ContentError> {
        let mut fields = Fields::of(self, ContentKind::Response)?;
        let ret_code = RetCode(fields.required_integer("retCode")?);
        let mut count = |key| {
            if ret_code.is_success() {
                fields.required_integer(key).map(Some)
            } else {
                Ok(fields.integer(key))
            }
        };
        let (total_count, success_count) = (count("totalCount")?, count("successCount")?);
        Ok(AddBatchResponse {
            ret_code,
            total_count,
            success_count,
            ret_msg: fields.required_string("retMsg")?,
            response_id: fields.required_string("responseID")?,
            err_list: fields
                .described_objects("errList")?
                .into_iter()
                .map(RefusedPhone::read)
                .collect::<Result<_, _>>()?,
            extra: fields.rest(),
        })
    }
}

impl RefusedPhone {
    fn read(mut fields: Fields<'_>) -> Result<Self, ContentError> {
        Ok(Self {
            phone: fields.required_string("phone")?,
            err_msg: fields.required_string("errMsg")?,
            extra: fields.rest(),
        })
    }
}

/// `retCode`: how a request went. Codes that the pages do not have are carried as they are, as long as they are JSON
/// integers that an `i64` holds: 1.0, 1e3 and 2^63 are [`ContentError::WrongType`].
///
/// ```
/// use callbot_core::{RetCode, Retry};
///
/// assert!(RetCode(0).is_success());
/// assert_eq!(RetCode(6).meaning(), Some("signature wrong"));
/// assert_eq!(RetCode(7).retry(), Retry::Later);
/// assert_eq!(RetCode(4711).meaning(), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RetCode(
    /// The number as the provider sent it.
    pub i64,
);

/// Whether sending a request again, unchanged but for its id, time and signature, can help.
///
/// That it can help does not make it harmless. After an answer that was lost, and after an internal error, the provider
/// may have taken the orders already. What it does with an `orderID` that comes a second time is not published: it may
/// call the same people twice. So find out first what became of the orders, or let a person decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Retry {
    /// It succeeded: sending it again would dial the same people again.
    Succeeded,
    /// The provider is busy (7), under maintenance (5), or refuses while a batch import is running (1001): try again
    /// later.
    Later,
    /// The same request will fail again.
    Never,
    /// The pages do not say. So it is for an internal server error (5001) and a general one (1), of which they do not
    /// tell either whether the orders were taken, and for codes that they do not have.
    Unknown,
}

impl RetCode {
    /// Whether the request succeeded: 0.
    #[must_use]
    pub const fn is_success(self) -> bool {
        self.0 == 0
    }

    /// What the pages say that it means. `None` for a code that they do not have.
    #[must_use]
    pub const fn meaning(self) -> Option<&'static str> {
        Some(match self.0 {
            0 => "success",
            1 => "general error",
            2 => "a parameter is missing",
            3 => "a parameter has the wrong format",
            4 => "a parameter has an invalid value",
            4001 => "content too large: too many array elements",
            5 => "server under maintenance",
            5001 => "internal server error",
            6 => "signature wrong",
            6001 => "signature missing",
            6002 => "account does not exist",
            6003 => "user has no permission",
            7 => "system busy",
            1001 => "a batch import is running, so import and export are refused",
            _ => return None,
        })
    }

    /// Whether trying again can help, as far as the code's meaning says. See [`Retry`] for what to fear of it.
    #[must_use]
    pub const fn retry(self) -> Retry {
        match self.0 {
            0 => Retry::Succeeded,
            5 | 7 | 1001 => Retry::Later,
            2 | 3 | 4 | 4001 | 6 | 6001 | 6002 | 6003 => Retry::Never,
            _ => Retry::Unknown,
        }
    }
}

impl fmt::Display for RetCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.meaning() {
            Some(meaning) => write!(f, "{} ({meaning})", self.0),
            None => self.0.fmt(f),
        }
    }
}

impl fmt::Debug for AddBatchResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AddBatchResponse")
            .field("ret_code", &self.ret_code)
            .field("response_id", &self.response_id)
            .field("total_count", &self.total_count)
            .field("success_count", &self.success_count)
            .field("err_list", &self.err_list.len())
            .finish_non_exhaustive()
    }
}

crate::json::content::debug_without_content!(RefusedPhone);
