//! `updateTask`: changes a task.

// The request.

// The response.

use crate::api::envelope::response;

response! {
    /// The response to `updateTask`. What it has besides is not documented: it is in `extra`.
    ///
    /// API page: [Callbot-API-updateTask][page].
    ///
    /// [page]: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-updateTask
    pub struct UpdateTaskResponse: UpdateTask, example {}
}
