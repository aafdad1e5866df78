//! `callCallback`: what the provider sends after each call.

use alloc::string::String;

use crate::api::call_info::CallInfoDetail;
use crate::api::content::{content, debug_without_content};

content! {
    /// What the provider sends to `callCallbackUrl` after each call.
    ///
    /// Its `Debug` shows no personal data.
    ///
    /// API page: [Callbot-API-callCallback][page].
    ///
    /// [page]: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-callCallback
    #[derive(Clone, PartialEq, Eq)]
    pub struct CallCallback: CallCallback {
        /// The kind of callback, as a number, though a page has it as a string. It is any JSON
        /// integer that an `i64` holds, or a string of its plain digits.
        callback_type: i64 = "callbackType", essential;
        order_id: String = "orderID", essential;
        user_phone: Option<String> = "userPhone", required;
        user_name: Option<String> = "userName", required;
        /// The script template's ID.
        scene_id: Option<String> = "sceneID", required;
        /// The caller's own ID of the task.
        user_task_id: Option<String> = "userTaskID", required;
        /// The provider's ID of the task.
        task_id: Option<String> = "taskID", required;
        /// Whether the order has finished.
        finish: Option<bool> = "finish", required;
        /// What was passed through with the order.
        other: Option<String> = "other", required;
        /// `None` if it was not sent: it is known from an example only.
        call_info_detail: Option<CallInfoDetail> = "callInfoDetail", example;
    }
}

debug_without_content!(CallCallback);
