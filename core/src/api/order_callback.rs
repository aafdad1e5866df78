//! `orderCallback`: what the provider sends after an order has finished.

use alloc::string::String;

use crate::api::call_info::CallInfoDetail;
use crate::api::content::{content, debug_without_content};

content! {
    /// What the provider sends to `orderCallbackUrl` after an order has finished.
    ///
    /// Its `Debug` shows no personal data.
    ///
    /// API page: [Callbot-API-orderCallback][page].
    ///
    /// [page]: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-orderCallback
    #[derive(Clone, PartialEq, Eq)]
    pub struct OrderCallback: OrderCallback {
        /// The kind of callback, as a number, though the page has it as a string. It is any JSON
        /// integer that an `i64` holds, or a string of its plain digits.
        callback_type: i64 = "callbackType", essential_digits;
        order_id: String = "orderID", essential;
        user_phone: Option<String> = "userPhone", required;
        user_name: Option<String> = "userName", required;
        /// The script template's ID.
        scene_id: Option<String> = "sceneID", required;
        /// The caller's own ID of the task.
        user_task_id: Option<String> = "userTaskID", required;
        /// The provider's ID of the task.
        task_id: Option<String> = "taskID", required;
        /// Whether the order has finished. `None` if it was not sent: it is known from an example
        /// only.
        finish: Option<bool> = "finish", example;
        /// What was passed through with the order. `None` if it was not sent: it is known from an
        /// example only.
        other: Option<String> = "other", example;
        /// `None` if it was not sent: it is known from an example only.
        call_info_detail: Option<CallInfoDetail> = "callInfoDetail", example;
    }
}

debug_without_content!(OrderCallback);
