//! `listOrder`: lists orders with their last call status.

// The request.

// The response.

use crate::api::envelope::response;

response! {
    /// The response to `listOrder`. What it has besides is not documented: it is in `extra`.
    ///
    /// API page: [Callbot-API-orderList][page].
    ///
    /// [page]: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-orderList
    pub struct ListOrderResponse: ListOrder, example {}
}
