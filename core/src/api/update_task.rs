//! `updateTask`: changes a task.

// The request.

use crate::api::task_settings::{FuncFlag, TaskSetting};
use crate::api::typed::request;

request! {
    /// Changes a task that is paused or has not started. The change takes effect after 5 minutes.
    ///
    /// The page has no column that says what is required.
    ///
    /// API page: [Callbot-API-updateTask][page].
    ///
    /// [page]: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-updateTask
    pub struct UpdateTask<'a>: UpdateTask -> UpdateTaskResponse {
        "productID" = "callbot";
        /// The caller's own ID of the task.
        user_task_id: Option<&'a str> = "userTaskID", not_empty, id;
        /// The ID of the script template, as the console shows it.
        scene_id: Option<&'a str> = "sceneID";
        /// How and when the task dials.
        task_create_setting: Option<TaskSetting<'a>> = "taskCreateSetting";
        /// What the task does.
        func_flag: Option<FuncFlag<'a>> = "funcFlag";
        ..extra;
    }
}

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
