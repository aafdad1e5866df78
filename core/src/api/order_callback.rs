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
        callback_type: i64 = "callbackType", integer_or_digits;
        order_id: String = "orderID";
        user_phone: String = "userPhone";
        user_name: String = "userName";
        /// The script template's ID.
        scene_id: String = "sceneID";
        /// The caller's own ID of the task.
        user_task_id: String = "userTaskID";
        /// The provider's ID of the task.
        task_id: String = "taskID";
        /// Whether the order has finished. `None` if it was not sent: it is known from an example
        /// only.
        finish: Option<bool> = "finish";
        /// What was passed through with the order. `None` if it was not sent: it is known from an
        /// example only.
        other: Option<String> = "other";
        /// `None` if it was not sent: it is known from an example only.
        call_info_detail: Option<CallInfoDetail> = "callInfoDetail";
    }
}

debug_without_content!(OrderCallback);
