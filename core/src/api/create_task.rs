//! `createTask`: creates a task.

// The request.

// The response.

use crate::api::envelope::response;

response! {
    /// The response to `createTask`. What it has besides is not documented: it is in `extra`.
    ///
    /// API page: [Callbot-API-createTask][page].
    ///
    /// [page]: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-createTask
    pub struct CreateTaskResponse: CreateTask, example {}
}
