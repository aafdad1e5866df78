//! `listTask`: lists tasks with statistics.

// The request.

// The response.

use alloc::string::String;

use crate::api::content::{content, debug_without_content};
use crate::api::envelope::response;
use crate::api::task_callback::TaskStat;
use crate::json::content::list::List;

response! {
    /// A page of tasks. The page's example is cut after the first task: a total, if there is one, is
    /// in `extra`.
    ///
    /// API page: [Callbot-API-taskList][page].
    ///
    /// [page]: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-taskList
    pub struct ListTaskResponse: ListTask, example {
        task_data: List<TaskData> = "taskData", example;
    }
}

content! {
    /// One of `taskData`: a task with its figures.
    #[derive(Clone, Default, PartialEq)]
    pub struct TaskData {
        /// The caller's own ID of the task.
        user_task_id: Option<String> = "userTaskID", example;
        /// The provider's ID of the task.
        task_id: Option<String> = "taskID", example;
        /// The script template's ID.
        scene_id: Option<String> = "sceneID", example;
        /// 1 waiting to start, 2 running, 3 completed, 4 ended (failed), 5 paused.
        task_status: Option<i64> = "taskStatus", example;
        /// When the task was created.
        create_ts: Option<i64> = "createTs", example;
        task_stat: Option<TaskStat> = "taskStat", example;
    }
}

debug_without_content!(TaskData);
