//! `callInfoDetail`: what callbacks say about a single call.

use alloc::string::String;
use alloc::vec::Vec;

use crate::api::content::{content, debug_without_content};

content! {
    /// `callInfoDetail`: one call.
    ///
    /// All of it is known from the pages' examples only. A field that was sent with the example's
    /// type is read; one that was sent with another type is in [`extra`](Self::extra).
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct CallInfoDetail {
        call_id: Option<String> = "callID";
        calling_number: Option<String> = "callingNumber";
        /// The line's IP address.
        line_address: Option<String> = "lineAddress";
        /// Its values are not known.
        call_status: Option<i64> = "callStatus";
        /// Its unit is not known.
        call_start_ts: Option<i64> = "callStartTs";
        /// Its unit is not known.
        call_answer_ts: Option<i64> = "callAnswerTs";
        /// Its unit is not known.
        call_end_ts: Option<i64> = "callEndTs";
        /// Its unit is not known.
        call_duration: Option<i64> = "callDuration";
        call_audio_url: Option<String> = "callAudioUrl";
        /// Its values are not known.
        hangup_cause: Option<String> = "hangupCause";
        /// A string, not a number; its values are not known.
        term_sip_code: Option<String> = "termSipCode";
        intents: Vec<Intent> = "intents";
        sms: Vec<Sms> = "sms";
        agent: Option<Agent> = "agent";
        /// What the script template's variables were filled with.
        params: Vec<FilledParam> = "params";
    }

    /// One of `intents`.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct Intent {
        intent_id: Option<String> = "intentID";
        intent_tag: Option<String> = "intentTag";
        intent_name: Option<String> = "intentName";
        /// Its values are not known.
        intent_level: Option<i64> = "intentLevel";
    }

    /// One of `sms`: a message that was sent.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct Sms {
        /// Its unit is not known.
        sms_send_ts: Option<i64> = "smsSendTs";
        sys_message_id: Option<String> = "sysMessageID";
        sms_content: Option<String> = "smsContent";
    }

    /// `agent`: the person who took over a call.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct Agent {
        agent_name: Option<String> = "agentName";
        agent_group: Option<String> = "agentGroup";
        /// Its values are not known.
        agent_call_status: Option<i64> = "agentCallStatus";
        /// Its unit is not known.
        agent_call_elapsed: Option<i64> = "agentCallElapsed";
        agent_label: Option<String> = "agentLabel";
        /// Its unit is not known.
        manual_call_start: Option<i64> = "manualCallStart";
        /// Its unit is not known.
        manual_call_answer: Option<i64> = "manualCallAnswer";
        /// Its unit is not known.
        manual_call_end: Option<i64> = "manualCallEnd";
        /// Its values are not known.
        manual_hangup_by: Option<i64> = "manualHangupBy";
    }

    /// One of `params`: a variable of the script template and what it was filled with.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct FilledParam {
        name: Option<String> = "name";
        value: Option<String> = "value";
    }
}

debug_without_content!(CallInfoDetail, Intent, Sms, Agent, FilledParam);
