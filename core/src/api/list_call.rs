//! `listCall`: lists calls.

// The request.

// The response.

use crate::api::envelope::response;

response! {
    /// The response to `listCall`. What it has besides is not documented: it is in `extra`.
    ///
    /// API page: [Callbot-API-callList][page].
    ///
    /// [page]: https://github.com/nxtele/http-api-document/wiki/Callbot-API-callList
    pub struct ListCallResponse: ListCall, example {}
}
