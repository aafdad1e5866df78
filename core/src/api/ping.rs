//! `ping`: checks that the provider answers.

// The request.

use crate::api::typed::request;

request! {
    /// Checks that the provider answers.
    ///
    /// API page: [Callbot-API-ping][page].
    ///
    /// [page]: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-ping
    pub struct Ping<'a>: Ping -> PingResponse {
        /// Passed through: the response has it too.
        data: &'a str = "data";
    }
}

// The response.

use alloc::string::String;
use core::fmt;

use crate::api::content::content;
use crate::api::envelope::RetCode;

content! {
    /// The provider's answer to `ping`, whose fields have other names than those of all other
    /// responses.
    ///
    /// API page: [Callbot-API-ping][page].
    ///
    /// [page]: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-ping
    #[derive(Clone, PartialEq, Eq)]
    pub struct PingResponse: Response(Ping) {
        /// What was passed through with the request.
        data: Option<String> = "data", required;
        /// When the provider checked, in Unix seconds.
        timestamp: Option<i64> = "timestamp", required;
        /// 0 for success, any other code for a failure.
        code: RetCode = "code", essential;
        /// The provider's message.
        msg: Option<String> = "msg", required;
        /// The provider's ID for tracing; quote it when you report a problem.
        req_id: Option<String> = "reqId", required;
    }
}

impl fmt::Debug for PingResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PingResponse")
            .field("code", &self.code)
            .field("req_id", &self.req_id)
            .finish_non_exhaustive()
    }
}
