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
        callback_type: i64 = "callbackType", integer_or_digits;
        /// The caller's own ID of the task.
        user_task_id: String = "userTaskID";
        /// The provider's ID of the task.
        task_id: String = "taskID";
        /// The script template's ID.
        scene_id: String = "sceneID";
        /// The page does not list its values.
        task_status: i64 = "taskStatus";
        /// When the task was created. Not to be confused with the header of the same name.
        create_ts: i64 = "createTs";
        task_stat: TaskStat = "taskStat";
    }

    /// `taskStat`: a task in figures.
    #[derive(Clone, PartialEq)]
    pub struct TaskStat {
        /// Orders answered.
        answer_order_count: i64 = "answerOrderCount";
        /// Orders finished.
        finish_order_count: i64 = "finishOrderCount";
        /// All orders.
        total_order_count: i64 = "totalOrderCount";
        /// Finished orders divided by all orders, with two decimals.
        finish_rate: f64 = "finishRate";
        /// Calls answered.
        total_answer_call: i64 = "totalAnswerCall";
        /// All calls.
        total_call: i64 = "totalCall";
        /// Answered calls divided by all calls, with two decimals.
        answer_rate: f64 = "answerRate";
    }
}

debug_without_content!(TaskCallback, TaskStat);
