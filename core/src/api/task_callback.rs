//! `taskCallback`: what the provider sends about a task.

use alloc::string::String;

use crate::api::content::{content, debug_without_content};

content! {
    /// What the provider sends to `taskCallbackUrl` about a task.
    ///
    /// API page: [Callbot-API-taskCallback][page].
    ///
    /// [page]: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-taskCallback
    #[derive(Clone, PartialEq)]
    pub struct TaskCallback: TaskCallback {
        /// 1 for a task callback. Further values are not known; it is any JSON integer that an
        /// `i64` holds, or a string of its plain digits.
        callback_type: i64 = "callbackType", essential;
        /// The caller's own ID of the task.
        user_task_id: Option<String> = "userTaskID", essential_or("taskID");
        /// The provider's ID of the task.
        task_id: Option<String> = "taskID", required;
        /// The script template's ID.
        scene_id: Option<String> = "sceneID", required;
        /// The page does not list its values.
        task_status: Option<i64> = "taskStatus", essential_or("taskStat");
        /// When the task was created. Not to be confused with the header of the same name.
        create_ts: Option<i64> = "createTs", required;
        task_stat: Option<TaskStat> = "taskStat", required;
    }

    /// `taskStat`: a task in figures.
    #[derive(Clone, Default, PartialEq)]
    pub struct TaskStat {
        /// Orders answered.
        answer_order_count: Option<i64> = "answerOrderCount", required;
        /// Orders finished.
        finish_order_count: Option<i64> = "finishOrderCount", required;
        /// All orders.
        total_order_count: Option<i64> = "totalOrderCount", required;
        /// Finished orders divided by all orders, with two decimals.
        finish_rate: Option<f64> = "finishRate", required;
        /// Calls answered.
        total_answer_call: Option<i64> = "totalAnswerCall", required;
        /// All calls.
        total_call: Option<i64> = "totalCall", required;
        /// Answered calls divided by all calls, with two decimals.
        answer_rate: Option<f64> = "answerRate", required;
    }
}

debug_without_content!(TaskCallback, TaskStat);
