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
        /// Whether the order has finished.
        finish: bool = "finish";
        /// What was passed through with the order.
        other: String = "other";
        /// `None` if it was not sent: it is known from an example only.
        call_info_detail: Option<CallInfoDetail> = "callInfoDetail";
    }
}

debug_without_content!(CallCallback);
