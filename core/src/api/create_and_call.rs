//! `createAndCall`: creates a task and adds orders at once.

// The request.

// The response.

use crate::api::envelope::response;

response! {
    /// The response to `createAndCall`. What it has besides is not documented: it is in `extra`.
    ///
    /// API page: [Callbot-API-createTaskAndCall][page].
    ///
    /// [page]: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-createTaskAndCall
    pub struct CreateAndCallResponse: CreateAndCall, example {}
}
