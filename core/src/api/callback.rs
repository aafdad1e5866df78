//! The three callbacks, typed.

use alloc::string::String;
use alloc::vec::Vec;

use crate::json::content::{ContentError, ContentKind, Extra, Fields, debug_without_content};
use crate::verify::Verified;

/// What the provider sends to `callCallbackUrl` after each call.
///
/// Its `Debug` shows no personal data.
///
/// API page: [Callbot-API-callCallback](https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-callCallback).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallCallback {
    /// `callbackType`: the kind of callback, as a number, though a page has it as a string. It is any JSON integer that
    /// an `i64` holds, or a string of its plain digits.
    pub callback_type: i64,
    /// `orderID`.
    pub order_id: String,
    /// `userPhone`.
    pub user_phone: String,
    /// `userName`.
    pub user_name: String,
    /// `sceneID`: the script template's id.
    pub scene_id: String,
    /// `userTaskID`: the caller's own id of the task.
    pub user_task_id: String,
    /// `taskID`: the provider's id of the task.
    pub task_id: String,
    /// `finish`: whether the order has finished.
    pub finish: bool,
    /// `other`: what was passed through with the order.
    pub other: String,
    /// `callInfoDetail`, where it is there.
    pub call_info_detail: Option<CallInfoDetail>,
    /// Fields that the API's page does not have.
    pub extra: Extra,
}

/// What the provider sends to `orderCallbackUrl` after an order has finished.
///
/// Its `Debug` shows no personal data.
///
/// API page: [Callbot-API-orderCallback](https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-orderCallback).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OrderCallback {
    /// `callbackType`: the kind of callback, as a number, though the page has it as a string. It is any JSON integer
    /// that an `i64` holds, or a string of its plain digits.
    pub callback_type: i64,
    /// `orderID`.
    pub order_id: String,
    /// `userPhone`.
    pub user_phone: String,
    /// `userName`.
    pub user_name: String,
    /// `sceneID`: the script template's id.
    pub scene_id: String,
    /// `userTaskID`: the caller's own id of the task.
    pub user_task_id: String,
    /// `taskID`: the provider's id of the task.
    pub task_id: String,
    /// `finish`: whether the order has finished, where it is there (it is known from an example only).
    pub finish: Option<bool>,
    /// `other`: what was passed through with the order, where it is there (it is known from an example only).
    pub other: Option<String>,
    /// `callInfoDetail`, where it is there.
    pub call_info_detail: Option<CallInfoDetail>,
    /// Fields that the API's page does not have.
    pub extra: Extra,
}

/// What the provider sends to `taskCallbackUrl` about a task.
///
/// API page: [Callbot-API-taskCallback](https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-taskCallback).
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct TaskCallback {
    /// `callbackType`: 1 for a task callback. Further values are not known; it is any JSON integer that an `i64` holds,
    /// or a string of its plain digits.
    pub callback_type: i64,
    /// `userTaskID`: the caller's own id of the task.
    pub user_task_id: String,
    /// `taskID`: the provider's id of the task.
    pub task_id: String,
    /// `sceneID`: the script template's id.
    pub scene_id: String,
    /// `taskStatus`: the page does not list its values.
    pub task_status: i64,
    /// `createTs`: when the task was made. Not to be mixed up with the header of the same name.
    pub create_ts: i64,
    /// `taskStat`.
    pub task_stat: TaskStat,
    /// Fields that the API's page does not have.
    pub extra: Extra,
}

/// `taskStat`: a task in figures.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct TaskStat {
    /// `answerOrderCount`: orders answered.
    pub answer_order_count: i64,
    /// `finishOrderCount`: orders finished.
    pub finish_order_count: i64,
    /// `totalOrderCount`: all orders.
    pub total_order_count: i64,
    /// `finishRate`: finished orders over all orders, with two decimals.
    pub finish_rate: f64,
    /// `totalAnswerCall`: calls answered.
    pub total_answer_call: i64,
    /// `totalCall`: all calls.
    pub total_call: i64,
    /// `answerRate`: answered calls over all calls, with two decimals.
    pub answer_rate: f64,
    /// Fields that the API's page does not have.
    pub extra: Extra,
}

/// `callInfoDetail`: one call. All of it is known from the pages' examples only: each field is there where it was sent
/// with the example's type, and among [`extra`](Self::extra) where it was sent with another one.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallInfoDetail {
    /// `callID`.
    pub call_id: Option<String>,
    /// `callingNumber`.
    pub calling_number: Option<String>,
    /// `lineAddress`: the line's IP address.
    pub line_address: Option<String>,
    /// `callStatus`: its values are not known.
    pub call_status: Option<i64>,
    /// `callStartTs`: its unit is not known.
    pub call_start_ts: Option<i64>,
    /// `callAnswerTs`: its unit is not known.
    pub call_answer_ts: Option<i64>,
    /// `callEndTs`: its unit is not known.
    pub call_end_ts: Option<i64>,
    /// `callDuration`: its unit is not known.
    pub call_duration: Option<i64>,
    /// `callAudioUrl`.
    pub call_audio_url: Option<String>,
    /// `hangupCause`: its values are not known.
    pub hangup_cause: Option<String>,
    /// `termSipCode`: a string, not a number; its values are not known.
    pub term_sip_code: Option<String>,
    /// `intents`.
    pub intents: Vec<Intent>,
    /// `sms`.
    pub sms: Vec<Sms>,
    /// `agent`.
    pub agent: Option<Agent>,
    /// `params`: what the script template's variables were filled with.
    pub params: Vec<FilledParam>,
    /// Fields that the pages do not have, or have with another type.
    pub extra: Extra,
}

/// One of `intents`.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Intent {
    /// `intentID`.
    pub intent_id: Option<String>,
    /// `intentTag`.
    pub intent_tag: Option<String>,
    /// `intentName`.
    pub intent_name: Option<String>,
    /// `intentLevel`: its values are not known.
    pub intent_level: Option<i64>,
    /// Fields that the pages do not have, or have with another type.
    pub extra: Extra,
}

/// One of `sms`: a message that was sent.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sms {
    /// `smsSendTs`: its unit is not known.
    pub sms_send_ts: Option<i64>,
    /// `sysMessageID`.
    pub sys_message_id: Option<String>,
    /// `smsContent`.
    pub sms_content: Option<String>,
    /// Fields that the pages do not have, or have with another type.
    pub extra: Extra,
}

/// `agent`: the person who took a call over.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Agent {
    /// `agentName`.
    pub agent_name: Option<String>,
    /// `agentGroup`.
    pub agent_group: Option<String>,
    /// `agentCallStatus`: its values are not known.
    pub agent_call_status: Option<i64>,
    /// `agentCallElapsed`: its unit is not known.
    pub agent_call_elapsed: Option<i64>,
    /// `agentLabel`.
    pub agent_label: Option<String>,
    /// `manualCallStart`: its unit is not known.
    pub manual_call_start: Option<i64>,
    /// `manualCallAnswer`: its unit is not known.
    pub manual_call_answer: Option<i64>,
    /// `manualCallEnd`: its unit is not known.
    pub manual_call_end: Option<i64>,
    /// `manualHangupBy`: its values are not known.
    pub manual_hangup_by: Option<i64>,
    /// Fields that the pages do not have, or have with another type.
    pub extra: Extra,
}

/// One of `params`: a variable of the script template and what it was filled with.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FilledParam {
    /// `name`.
    pub name: Option<String>,
    /// `value`.
    pub value: Option<String>,
    /// Fields that the pages do not have, or have with another type.
    pub extra: Extra,
}

impl Verified<'_> {
    /// Reads the body as a call callback.
    ///
    /// Which callback it is says only the URL that it came to: the pages' `callbackType` does not tell them apart, a call
    /// callback can be read as an order callback too, and the signature covers no URL. So give each kind a URL of its own
    /// that nobody can guess, and keep the kinds apart where ids are remembered against replays.
    ///
    /// # Errors
    ///
    /// [`ContentError`] when it was verified as a response, is not one JSON object, has a key twice, lacks a field that
    /// the page calls required, or has one of another type.
    pub fn call_callback(&self) -> Result<CallCallback, ContentError> {
        let mut fields = Fields::of(self, ContentKind::CallCallback)?;
        Ok(CallCallback {
            callback_type: fields.required_integer_or_digits("callbackType")?,
            order_id: fields.required_string("orderID")?,
            user_phone: fields.required_string("userPhone")?,
            user_name: fields.required_string("userName")?,
            scene_id: fields.required_string("sceneID")?,
            user_task_id: fields.required_string("userTaskID")?,
            task_id: fields.required_string("taskID")?,
            finish: fields.required_boolean("finish")?,
            other: fields.required_string("other")?,
            call_info_detail: fields
                .object("callInfoDetail")?
                .map(CallInfoDetail::read)
                .transpose()?,
            extra: fields.rest(),
        })
    }

    /// Reads the body as an order callback. Call callbacks pass too: see [`call_callback`](Self::call_callback).
    ///
    /// # Errors
    ///
    /// As [`call_callback`](Self::call_callback).
    pub fn order_callback(&self) -> Result<OrderCallback, ContentError> {
        let mut fields = Fields::of(self, ContentKind::OrderCallback)?;
        Ok(OrderCallback {
            callback_type: fields.required_integer_or_digits("callbackType")?,
            order_id: fields.required_string("orderID")?,
            user_phone: fields.required_string("userPhone")?,
            user_name: fields.required_string("userName")?,
            scene_id: fields.required_string("sceneID")?,
            user_task_id: fields.required_string("userTaskID")?,
            task_id: fields.required_string("taskID")?,
            finish: fields.boolean("finish"),
            other: fields.string("other"),
            call_info_detail: fields
                .object("callInfoDetail")?
                .map(CallInfoDetail::read)
                .transpose()?,
            extra: fields.rest(),
        })
    }

    /// Reads the body as a task callback. No callback of another kind passes.
    ///
    /// # Errors
    ///
    /// As [`call_callback`](Self::call_callback).
    pub fn task_callback(&self) -> Result<TaskCallback, ContentError> {
        let mut fields = Fields::of(self, ContentKind::TaskCallback)?;
        Ok(TaskCallback {
            callback_type: fields.required_integer_or_digits("callbackType")?,
            user_task_id: fields.required_string("userTaskID")?,
            task_id: fields.required_string("taskID")?,
            scene_id: fields.required_string("sceneID")?,
            task_status: fields.required_integer("taskStatus")?,
            create_ts: fields.required_integer("createTs")?,
            task_stat: TaskStat::read(fields.required_object("taskStat")?)?,
            extra: fields.rest(),
        })
    }
}

impl TaskStat {
    fn read(mut fields: Fields<'_>) -> Result<Self, ContentError> {
        Ok(Self {
            answer_order_count: fields.required_integer("answerOrderCount")?,
            finish_order_count: fields.required_integer("finishOrderCount")?,
            total_order_count: fields.required_integer("totalOrderCount")?,
            finish_rate: fields.required_number("finishRate")?,
            total_answer_call: fields.required_integer("totalAnswerCall")?,
            total_call: fields.required_integer("totalCall")?,
            answer_rate: fields.required_number("answerRate")?,
            extra: fields.rest(),
        })
    }
}

impl CallInfoDetail {
    fn read(mut fields: Fields<'_>) -> Result<Self, ContentError> {
        Ok(Self {
            call_id: fields.string("callID"),
            calling_number: fields.string("callingNumber"),
            line_address: fields.string("lineAddress"),
            call_status: fields.integer("callStatus"),
            call_start_ts: fields.integer("callStartTs"),
            call_answer_ts: fields.integer("callAnswerTs"),
            call_end_ts: fields.integer("callEndTs"),
            call_duration: fields.integer("callDuration"),
            call_audio_url: fields.string("callAudioUrl"),
            hangup_cause: fields.string("hangupCause"),
            term_sip_code: fields.string("termSipCode"),
            intents: fields
                .objects("intents")?
                .into_iter()
                .map(Intent::read)
                .collect(),
            sms: fields.objects("sms")?.into_iter().map(Sms::read).collect(),
            agent: fields.object("agent")?.map(Agent::read),
            params: fields
                .objects("params")?
                .into_iter()
                .map(FilledParam::read)
                .collect(),
            extra: fields.rest(),
        })
    }
}

impl Intent {
    fn read(mut fields: Fields<'_>) -> Self {
        Self {
            intent_id: fields.string("intentID"),
            intent_tag: fields.string("intentTag"),
            intent_name: fields.string("intentName"),
            intent_level: fields.integer("intentLevel"),
            extra: fields.rest(),
        }
    }
}

impl Sms {
    fn read(mut fields: Fields<'_>) -> Self {
        Self {
            sms_send_ts: fields.integer("smsSendTs"),
            sys_message_id: fields.string("sysMessageID"),
            sms_content: fields.string("smsContent"),
            extra: fields.rest(),
        }
    }
}

impl Agent {
    fn read(mut fields: Fields<'_>) -> Self {
        Self {
            agent_name: fields.string("agentName"),
            agent_group: fields.string("agentGroup"),
            agent_call_status: fields.integer("agentCallStatus"),
            agent_call_elapsed: fields.integer("agentCallElapsed"),
            agent_label: fields.string("agentLabel"),
            manual_call_start: fields.integer("manualCallStart"),
            manual_call_answer: fields.integer("manualCallAnswer"),
            manual_call_end: fields.integer("manualCallEnd"),
            manual_hangup_by: fields.integer("manualHangupBy"),
            extra: fields.rest(),
        }
    }
}

impl FilledParam {
    fn read(mut fields: Fields<'_>) -> Self {
        Self {
            name: fields.string("name"),
            value: fields.string("value"),
            extra: fields.rest(),
        }
    }
}

debug_without_content!(
    CallCallback,
    OrderCallback,
    TaskCallback,
    TaskStat,
    CallInfoDetail,
    Intent,
    Sms,
    Agent,
    FilledParam,
);
