//! What the responses of all endpoints have in common.

use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;

use crate::api::content::{Content, ContentKind, content};
use crate::api::endpoint::Endpoint;
use crate::check::memory::NoMemoryError;
use crate::json::content::{Object, Read, essential};
use crate::json::table::Kind;
use crate::json::tape::Tape;
use crate::json::value::Value;

content! {
    /// What the responses of all endpoints have in common: how a request went.
    ///
    /// Any response can be read as this. What an endpoint adds is in `extra`.
    ///
    /// Its `Debug` shows no message.
    #[derive(Clone, PartialEq, Eq)]
    pub struct Envelope {
        /// 0 for success, any other code for a failure. `ping` calls it `code`.
        ret_code: RetCode = "retCode", essential;
        /// The provider's message. `ping` calls it `msg`.
        ret_msg: Option<String> = "retMsg", example;
        /// The provider's ID for tracing; quote it when you report a problem. `ping` calls it
        /// `reqId`.
        response_id: Option<String> = "responseID", example;
    }

    /// The same under the keys of `ping`.
    struct PingEnvelope {
        code: RetCode = "code", essential;
        msg: Option<String> = "msg", required;
        req_id: Option<String> = "reqId", required;
    }
}

impl Content for Envelope {
    const KIND: ContentKind = ContentKind::Response;
    const ENDPOINT: Option<Endpoint> = None;

    fn read_document(tape: &Arc<Tape>, endpoint: Option<Endpoint>) -> Result<Self, NoMemoryError> {
        if endpoint != Some(Endpoint::Ping) {
            return Self::read_object(tape, Tape::ROOT);
        }
        let ping = PingEnvelope::read_object(tape, Tape::ROOT)?;
        Ok(Self {
            ret_code: ping.code,
            ret_msg: ping.msg,
            response_id: ping.req_id,
            extra: ping.extra,
        })
    }
}

/// How a request went, read in place. [`Document::envelope`](crate::Document::envelope) returns it.
///
/// Its `Debug` shows no message.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct EnvelopeRef<'d> {
    /// As in [`Envelope`].
    pub ret_code: RetCode,
    /// As in [`Envelope`].
    pub ret_msg: Option<&'d str>,
    /// As in [`Envelope`].
    pub response_id: Option<&'d str>,
}

impl<'d> EnvelopeRef<'d> {
    pub(crate) fn new(root: Value<'d>, endpoint: Option<Endpoint>) -> Self {
        let [code, message, id] = match endpoint {
            Some(Endpoint::Ping) => ["code", "msg", "reqId"],
            _ => ["retCode", "retMsg", "responseID"],
        };
        let string = |key| root.member(key).and_then(Value::as_str);
        Self {
            // A document has it.
            ret_code: RetCode(root.member(code).and_then(Value::as_i64).unwrap_or(-1)),
            ret_msg: string(message),
            response_id: string(id),
        }
    }
}

impl fmt::Debug for EnvelopeRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnvelopeRef")
            .field("ret_code", &self.ret_code)
            .field("response_id", &self.response_id)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Envelope")
            .field("ret_code", &self.ret_code)
            .field("response_id", &self.response_id)
            .finish_non_exhaustive()
    }
}

/// Declares the response to an endpoint as `content!` does, with the fields that all have.
///
/// The endpoint is followed by whether its page calls these fields required, or has them in an
/// example at most.
///
/// ```text
/// response! {
///     /// The documentation of the struct.
///     pub struct StopOrderResponse: StopOrder, required {
///         total_count: Option<i64> = "totalCount", required;
///     }
/// }
/// ```
macro_rules! response {
    (
        $(#[$attribute:meta])*
        pub struct $Name:ident: $Endpoint:ident, $row:ident { $($fields:tt)* }
    ) => {
        $crate::api::content::content! {
            $(#[$attribute])*
            #[derive(Clone, PartialEq)]
            pub struct $Name: Response($Endpoint) {
                /// 0 for success, any other code for a failure.
                ret_code: $crate::api::envelope::RetCode = "retCode", essential;
                /// The provider's message.
                ret_msg: Option<alloc::string::String> = "retMsg", $row;
                /// The provider's ID for tracing; quote it when you report a problem.
                response_id: Option<alloc::string::String> = "responseID", $row;
                $($fields)*
            }
        }

        impl core::fmt::Debug for $Name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_struct(stringify!($Name))
                    .field("ret_code", &self.ret_code)
                    .field("response_id", &self.response_id)
                    .finish_non_exhaustive()
            }
        }
    };
}
pub(crate) use response;

/// `retCode`: how a request went.
///
/// Codes that the pages do not list are kept as they are, if they are integers that an `i64` holds,
/// or strings of their digits. 1.0 and 1e3 are integers; 1.5 and 2^63 are
/// [`ContentError::WrongType`](crate::ContentError::WrongType).
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

/// Whether sending a request again can help, unchanged but for its ID, time and signature.
///
/// That it can help does not make it harmless. After a lost answer or an internal error, the
/// provider may already have taken the orders. What it does with an `orderID` that it receives a
/// second time is not published: it may call the same people twice. Find out first what became of
/// the orders, or let a person decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Retry {
    /// The request succeeded: sending it again would dial the same people again.
    Succeeded,
    /// The provider is busy (7), under maintenance (5), or refuses requests during a batch import
    /// (1001): try again later.
    Later,
    /// The same request will fail again.
    Never,
    /// The pages do not say. This covers an internal server error (5001) and a general error (1),
    /// after which the orders may have been accepted, and codes that the pages do not list.
    Unknown,
}

impl RetCode {
    /// Returns whether the request succeeded: the code is 0.
    #[must_use]
    pub const fn is_success(self) -> bool {
        self.0 == 0
    }

    /// Returns the meaning that the pages give. `None` for a code that they do not list.
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

    /// Returns whether trying again can help, as far as the code's meaning says. See [`Retry`] for
    /// the risk of it.
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

impl Read for RetCode {
    const KIND: Kind = i64::KIND;

    fn read(tape: &Arc<Tape>, node: u32) -> Result<Option<Self>, NoMemoryError> {
        Ok(i64::read(tape, node)?.map(Self))
    }
}

essential! {
    RetCode: Self(-1),
}
