//! The settings of a task, which two endpoints share.

use crate::api::typed::part;
use crate::json::typed::Json;

part! {
    /// `taskCreateSetting` of [`CreateAndCall`](crate::CreateAndCall) and
    /// [`UpdateTask`](crate::UpdateTask). The pages explain none of it.
    pub struct TaskSetting<'a> at "/taskCreateSetting" {
        /// The name of the dialling strategy.
        strategy_name: Option<Json<'a>> = "strategyName";
        startup_type: Option<Json<'a>> = "startupType";
        startup_at: Option<Json<'a>> = "startupAt";
        zone_second: Option<Json<'a>> = "zoneSecond";
        dial_at_week_day: Option<Json<'a>> = "dialAtWeekDay";
        dial_at_up_hour: Option<Json<'a>> = "dialAtUpHour";
        dial_at_down_hour: Option<Json<'a>> = "dialAtDownHour";
        max_call: Option<Json<'a>> = "maxCall";
        task_name: Option<Json<'a>> = "taskName";
        /// The URL that is called when the task changes. It is here and not at the top level.
        task_callback_url: Option<Json<'a>> = "taskCallbackUrl";
        max_ring_time: Option<Json<'a>> = "maxRingTime";
        route_id: Option<Json<'a>> = "routeID";
        /// Calls by people.
        manual_call_setting: Option<ManualCallSetting<'a>> = "manualCallSetting";
        ..extra;
    }
}

part! {
    /// `manualCallSetting`, in the settings of a task. The pages explain none of it.
    pub struct ManualCallSetting<'a> at "/taskCreateSetting/manualCallSetting" {
        agent_group: Option<Json<'a>> = "agentGroup";
        dispatch_type: Option<Json<'a>> = "dispatchType";
        ratio_call_rate: Option<Json<'a>> = "ratioCallRate";
        predict_call_rate: Option<Json<'a>> = "predictCallRate";
        ..extra;
    }
}

part! {
    /// `funcFlag` of [`CreateAndCall`](crate::CreateAndCall) and
    /// [`UpdateTask`](crate::UpdateTask). The pages explain none of it.
    pub struct FuncFlag<'a> at "/funcFlag" {
        task_keep: Option<Json<'a>> = "taskKeep";
        round_redial: Option<Json<'a>> = "roundRedial";
        whole_tts: Option<Json<'a>> = "wholeTTS";
        sms_enable: Option<Json<'a>> = "smsEnable";
        /// Text messages by intent.
        sms_func_flag: Option<&'a [SmsFuncFlag<'a>]> = "smsFuncFlag";
        phone_encrypt: Option<Json<'a>> = "phoneEncrypt";
        ..extra;
    }
}

part! {
    /// An element of `smsFuncFlag`.
    pub struct SmsFuncFlag<'a> at "/funcFlag/smsFuncFlag/*" {
        sms_id: Option<Json<'a>> = "smsID";
        intent_id: Option<Json<'a>> = "intentID";
        intent_name: Option<Json<'a>> = "intentName";
        ..extra;
    }
}
