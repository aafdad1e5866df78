//! `createTask`: creates a task.

// The request.

use crate::api::task_settings::ManualCallSetting;
use crate::api::typed::{part, request};
use crate::json::typed::Json;

request! {
    /// Creates a task.
    ///
    /// Most of it is known from the page's example only and takes any value.
    ///
    /// API page: [Callbot-API-createTask][page].
    ///
    /// [page]: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-createTask
    pub struct CreateTask<'a>: CreateTask -> CreateTaskResponse {
        /// In the page's example, but not in its table.
        account: Option<Json<'a>> = "account";
        "productID" = "callbot";
        /// The caller's own unique ID of the task; a UUID is recommended.
        user_task_id: &'a str = "userTaskID", not_empty, id;
        /// The ID of the script template, as the console shows it.
        scene_id: &'a str = "sceneID";
        /// How and when the task dials.
        task_create_setting: Option<CreateTaskSetting<'a>> = "taskCreateSetting";
        /// What the task does.
        func_flag: Option<CreateTaskFuncFlag<'a>> = "funcFlag";
        /// Passed through.
        other: Option<Json<'a>> = "other";
        /// The URL that is called when the task changes. It is here and not in `taskCreateSetting`.
        task_callback_url: Option<Json<'a>> = "taskCallbackUrl";
        /// The URL that is called when an order has finished.
        order_callback_url: Option<Json<'a>> = "orderCallbackUrl";
        ..extra;
    }
}

part! {
    /// `taskCreateSetting` of [`CreateTask`]. The page explains none of it.
    pub struct CreateTaskSetting<'a> at "/taskCreateSetting" {
        /// The name of the dialling strategy.
        strategy_name: Option<Json<'a>> = "strategyName";
        startup_type: Option<Json<'a>> = "startupType";
        startup_at: Option<Json<'a>> = "startupAt";
        zone_second: Option<Json<'a>> = "zoneSecond";
        dial_at_week_day: Option<Json<'a>> = "dialAtWeekDay";
        /// The key ends with a space in the page's examples.
        dial_at_up_hour: Option<Json<'a>> = "dialAtUpHour ";
        dial_at_down_hour: Option<Json<'a>> = "dialAtDownHour";
        max_ring_time: Option<Json<'a>> = "maxRingTime";
        route_id: Option<Json<'a>> = "routeID";
        /// Calls by people.
        manual_call_setting: Option<ManualCallSetting<'a>> = "manualCallSetting";
        ..extra;
    }
}

part! {
    /// `funcFlag` of [`CreateTask`]. The page explains none of it.
    pub struct CreateTaskFuncFlag<'a> at "/funcFlag" {
        task_keep: Option<Json<'a>> = "taskKeep";
        round_redial: Option<Json<'a>> = "roundRedial";
        whole_tts: Option<Json<'a>> = "wholeTTS";
        sms_enable: Option<Json<'a>> = "smsEnable";
        /// Text messages by intent.
        sms_func_flag: Option<&'a [CreateTaskSms<'a>]> = "smsFuncFlag";
        ..extra;
    }
}

part! {
    /// An element of `smsFuncFlag` of [`CreateTask`], with other keys than in other requests.
    pub struct CreateTaskSms<'a> at "/funcFlag/smsFuncFlag/*" {
        sms_id: Option<Json<'a>> = "smsId";
        intent_id: Option<Json<'a>> = "intentId";
        intent_name: Option<Json<'a>> = "intentName";
        ..extra;
    }
}

// The response.

use crate::api::envelope::response;

response! {
    /// The response to `createTask`. What it has besides is not documented: it is in `extra`.
    ///
    /// API page: [Callbot-API-createTask][page].
    ///
    /// [page]: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-createTask
    pub struct CreateTaskResponse: CreateTask, example {}
}
