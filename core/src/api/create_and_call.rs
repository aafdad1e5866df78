//! `createAndCall`: creates a task and adds orders at once.

// The request.

use crate::api::call_info_list::CallInfoList;
use crate::api::task_settings::{FuncFlag, TaskSetting};
use crate::api::typed::part;
use crate::json::typed::Json;

part! {
    /// Creates a task and adds orders at once.
    ///
    /// A batch takes the orders: see [`Batch::create_and_call`](crate::Batch::create_and_call). All
    /// but the callback URLs and the orders is known from the page's example only.
    ///
    /// API page: [Callbot-API-createTaskAndCall][page].
    ///
    /// [page]: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-createTaskAndCall
    pub struct CreateAndCall<'a> at "" {
        "productID" = "callbot";
        /// The caller's own unique ID of the task; a UUID is recommended.
        user_task_id: &'a str = "userTaskID", not_empty, id;
        /// The ID of the script template, as the console shows it.
        scene_id: Option<Json<'a>> = "sceneID";
        /// How and when the task dials.
        task_create_setting: Option<TaskSetting<'a>> = "taskCreateSetting";
        /// What the task does.
        func_flag: Option<FuncFlag<'a>> = "funcFlag";
        /// The URLs that are called back.
        call_info_list: CallInfoList<'a> = "callInfoList";
        ..extra;
    }
}

// The response.

use crate::api::envelope::response;

response! {
    /// The response to `createAndCall`. What it has besides is not documented: it is in `extra`.
    ///
    /// API page: [Callbot-API-createTaskAndCall][page].
    ///
    /// [page]: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-createTaskAndCall
    pub struct CreateAndCallResponse: CreateAndCall, example {}
}
