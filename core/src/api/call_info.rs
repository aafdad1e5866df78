//! `callInfoDetail`: what callbacks say about a single call.

use alloc::string::String;

use crate::api::content::{content, debug_without_content};
use crate::json::content::list::List;

content! {
    /// `callInfoDetail`: one call.
    ///
    /// All of it is known from the pages' examples only. A field that was sent with the example's
    /// type is read; one that was sent with another type is in [`extra`](Self::extra).
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct CallInfoDetail {
        call_id: Option<String> = "callID", example;
        calling_number: Option<String> = "callingNumber", example;
        /// The line's IP address.
        line_address: Option<String> = "lineAddress", example;
        /// Its values are not known.
        call_status: Option<i64> = "callStatus", example;
        /// Its unit is not known.
        call_start_ts: Option<i64> = "callStartTs", example;
        /// Its unit is not known.
        call_answer_ts: Option<i64> = "callAnswerTs", example;
        /// Its unit is not known.
        call_end_ts: Option<i64> = "callEndTs", example;
        /// Its unit is not known.
        call_duration: Option<i64> = "callDuration", example;
        call_audio_url: Option<String> = "callAudioUrl", example;
        /// Its values are not known.
        hangup_cause: Option<String> = "hangupCause", example;
        /// A string, not a number; its values are not known.
        term_sip_code: Option<String> = "termSipCode", example;
        intents: List<Intent> = "intents", example;
        sms: List<Sms> = "sms", example;
        agent: Option<Agent> = "agent", example;
        /// What the script template's variables were filled with.
        params: List<FilledParam> = "params", example;
    }

    /// One of `intents`.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct Intent {
        intent_id: Option<String> = "intentID", example;
        intent_tag: Option<String> = "intentTag", example;
        intent_name: Option<String> = "intentName", example;
        /// Its values are not known.
        intent_level: Option<i64> = "intentLevel", example;
    }

    /// One of `sms`: a message that was sent.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct Sms {
        /// Its unit is not known.
        sms_send_ts: Option<i64> = "smsSendTs", example;
        sys_message_id: Option<String> = "sysMessageID", example;
        sms_content: Option<String> = "smsContent", example;
    }

    /// `agent`: the person who took over a call.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct Agent {
        agent_name: Option<String> = "agentName", example;
        agent_group: Option<String> = "agentGroup", example;
        /// Its values are not known.
        agent_call_status: Option<i64> = "agentCallStatus", example;
        /// Its unit is not known.
        agent_call_elapsed: Option<i64> = "agentCallElapsed", example;
        agent_label: Option<String> = "agentLabel", example;
        /// Its unit is not known.
        manual_call_start: Option<i64> = "manualCallStart", example;
        /// Its unit is not known.
        manual_call_answer: Option<i64> = "manualCallAnswer", example;
        /// Its unit is not known.
        manual_call_end: Option<i64> = "manualCallEnd", example;
        /// Its values are not known.
        manual_hangup_by: Option<i64> = "manualHangupBy", example;
    }

    /// One of `params`: a variable of the script template and what it was filled with.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct FilledParam {
        name: Option<String> = "name", example;
        value: Option<String> = "value", example;
    }
}

debug_without_content!(CallInfoDetail, Intent, Sms, Agent, FilledParam);
