//! `mgrTaskStatus`: starts, pauses or completes a task.

// The request.

// The response.

use alloc::string::String;

use crate::api::envelope::response;

response! {
    /// The task after it was started, paused or completed.
    ///
    /// API page: [Callbot-API-mgrTaskStatus][page].
    ///
    /// [page]: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-mgrTaskStatus
    pub struct MgrTaskStatusResponse: MgrTaskStatus, example {
        /// The provider's ID of the task.
        task_id: Option<String> = "taskID", example;
        /// 1 waiting to start, 2 running, 3 completed, 4 ended (failed), 5 paused, by the page of
        /// `listTask`.
        task_status: Option<i64> = "taskStatus", example;
    }
}
