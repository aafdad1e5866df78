//! `importBatchCall`: imports the newest batch of orders.

// The request.

// The response.

use crate::api::envelope::response;

response! {
    /// The response to `importBatchCall`. What it has besides is not documented: it is in `extra`.
    ///
    /// API page: [Callbot-API-batchImportCall][page].
    ///
    /// [page]: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-batchImportCall
    pub struct ImportBatchResponse: ImportBatchCall, example {}
}
