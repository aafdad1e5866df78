//! `listTask`: lists tasks with statistics.

// The request.

use crate::api::typed::{part, request};

request! {
    /// Lists tasks with statistics.
    ///
    /// API page: [Callbot-API-taskList][page].
    ///
    /// [page]: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-taskList
    pub struct ListTask<'a>: ListTask -> ListTaskResponse {
        "productID" = "callbot";
        /// The number of the page; the API's example begins with 1.
        page: i64 = "page";
        /// The size of a page.
        size: i64 = "size";
        /// Which tasks are listed.
        query_conditions: QueryConditions<'a> = "queryConditions";
    }
}

part! {
    /// Which tasks [`ListTask`] lists. Conditions that are left out hold for every task.
    pub struct QueryConditions<'a> at "/queryConditions" {
        /// 1 waiting to start, 2 running, 3 completed, 4 ended (failed), 5 paused.
        task_status: Option<&'a [i64]> = "taskStatus";
        /// Names of tasks.
        task_name: Option<&'a [&'a str]> = "taskName";
        /// The ID of the script template.
        scene_id: Option<&'a str> = "sceneID";
        /// The caller's own IDs of tasks.
        user_task_id: Option<&'a [&'a str]> = "userTaskID", id;
        /// The earliest time of a task's creation. The page does not state the unit.
        start_ts: Option<i64> = "startTs";
        /// The latest time of a task's creation.
        end_ts: Option<i64> = "endTs";
    }
}

// The response.

use alloc::string::String;

use crate::api::content::{content, debug_without_content};
use crate::api::envelope::response;
use crate::api::task_callback::TaskStat;
use crate::json::content::list::List;

response! {
    /// A page of tasks. The API's example is cut after the first task: if there is a total, it is
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
