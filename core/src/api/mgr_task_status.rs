//! `mgrTaskStatus`: starts, pauses or completes a task.

// The request.

use crate::api::typed::request;

request! {
    /// Starts, pauses or completes a task.
    ///
    /// API page: [Callbot-API-mgrTaskStatus][page].
    ///
    /// [page]: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-mgrTaskStatus
    pub struct MgrTaskStatus<'a>: MgrTaskStatus -> MgrTaskStatusResponse {
        "productID" = "callbot";
        /// The caller's own ID of the task.
        user_task_id: &'a str = "userTaskID", not_empty, id;
        /// `1` starts the task, `2` pauses it, `3` completes it.
        task_operate: i64 = "taskOperate", range(1, 3);
        /// `1` deletes data that was not dialled yet, `0` keeps it.
        del_call: Option<i64> = "delCall", range(0, 1);
    }
}

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
