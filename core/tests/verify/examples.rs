//! A complete example of each kind of content, with its essential and required fields.

use callbot_core::{ContentError, ContentKind, Document};
use serde_json::{Value, json};

use crate::support::verified_for;

pub(crate) fn response_json() -> Value {
    json!({
        "retCode": 0,
        "retMsg": "success",
        "responseID": "x-1",
        "totalCount": 3,
        "successCount": 1,
        "errList": [
            {"phone": "8613800000001", "errMsg": "blocked"},
            {"phone": "8613800000002", "errMsg": "号码错误"},
        ],
    })
}

pub(crate) fn call_json() -> Value {
    json!({
        "callbackType": 1,
        "orderID": "o-1",
        "userPhone": "8613800000001",
        "userName": "王芳",
        "sceneID": "s-1",
        "userTaskID": "t-1",
        "taskID": "p-1",
        "finish": true,
        "other": "passed through",
        "callInfoDetail": {
            "callID": "c-1",
            "callingNumber": "862100000000",
            "lineAddress": "192.0.2.7",
            "callStatus": 1,
            "callStartTs": 2,
            "callAnswerTs": 3,
            "callEndTs": 4,
            "callDuration": 5,
            "callAudioUrl": "https://audio.example/1",
            "hangupCause": "NORMAL",
            "termSipCode": "200",
            "intents": [{"intentID": "i", "intentTag": "A", "intentName": "n", "intentLevel": 6}],
            "sms": [{"smsSendTs": 7, "sysMessageID": "m", "smsContent": "text"}],
            "agent": {
                "agentName": "a",
                "agentGroup": "g",
                "agentCallStatus": 8,
                "agentCallElapsed": 9,
                "agentLabel": "l",
                "manualCallStart": 10,
                "manualCallAnswer": 11,
                "manualCallEnd": 12,
                "manualHangupBy": 0,
            },
            "params": [{"name": "amount", "value": "120.50"}],
        },
    })
}

pub(crate) fn order_json() -> Value {
    let mut value = call_json();
    value["callbackType"] = json!("1");
    value
}

pub(crate) fn task_json() -> Value {
    json!({
        "callbackType": 1,
        "userTaskID": "t-1",
        "taskID": "p-1",
        "sceneID": "s-1",
        "taskStatus": 2,
        "createTs": 1_726_190_000,
        "taskStat": {
            "answerOrderCount": 1,
            "finishOrderCount": 2,
            "totalOrderCount": 3,
            "finishRate": 0.67,
            "totalAnswerCall": 4,
            "totalCall": 5,
            "answerRate": 0.8,
        },
    })
}

/// A kind of content: its reader, a complete example, and what it cannot be read without.
pub(crate) struct Content {
    pub(crate) name: &'static str,
    pub(crate) kind: ContentKind,
    pub(crate) example: fn() -> Value,
    /// Each with its type.
    pub(crate) essential: &'static [(&'static str, &'static str)],
    /// One of each pair is enough.
    pub(crate) either: &'static [[&'static str; 2]],
    /// The other fields that the page requires, each with its type.
    pub(crate) required: &'static [(&'static str, &'static str)],
}

impl Content {
    pub(crate) fn document(&self, body: &[u8]) -> Result<Document, ContentError> {
        verified_for(self.kind, body).document(self.kind)
    }

    /// Reads a body as the typed value.
    pub(crate) fn read(&self, body: &[u8]) -> Result<(), ContentError> {
        let message = verified_for(self.kind, body);
        let read = match self.kind {
            ContentKind::Response => message.response().map(drop),
            ContentKind::CallCallback => message.call_callback().map(drop),
            ContentKind::OrderCallback => message.order_callback().map(drop),
            ContentKind::TaskCallback => message.task_callback().map(drop),
            other => panic!("{other:?} has no typed reader"),
        };
        assert_eq!(message.document(self.kind).map(drop), read);
        read
    }
}

pub(crate) const INTEGER: &str = "an integer";
pub(crate) const STRING: &str = "a string";
pub(crate) const BOOLEAN: &str = "a boolean";
pub(crate) const NUMBER: &str = "a number";
pub(crate) const OBJECT: &str = "an object";
pub(crate) const INTEGER_OR_DIGITS: &str = "an integer, or a string of its digits";

const CALL: &[(&str, &str)] = &[("/callbackType", INTEGER_OR_DIGITS), ("/orderID", STRING)];

pub(crate) const CONTENTS: [Content; 4] = [
    Content {
        name: "response",
        kind: ContentKind::Response,
        example: response_json,
        essential: &[("/retCode", INTEGER_OR_DIGITS)],
        either: &[],
        required: &[
            ("/retMsg", STRING),
            ("/responseID", STRING),
            ("/totalCount", INTEGER),
            ("/successCount", INTEGER),
            ("/errList/0/phone", STRING),
            ("/errList/0/errMsg", STRING),
            ("/errList/1/phone", STRING),
            ("/errList/1/errMsg", STRING),
        ],
    },
    Content {
        name: "call",
        kind: ContentKind::CallCallback,
        example: call_json,
        essential: CALL,
        either: &[],
        required: &[
            ("/userPhone", STRING),
            ("/userName", STRING),
            ("/sceneID", STRING),
            ("/userTaskID", STRING),
            ("/taskID", STRING),
            ("/finish", BOOLEAN),
            ("/other", STRING),
        ],
    },
    Content {
        name: "order",
        kind: ContentKind::OrderCallback,
        example: order_json,
        essential: CALL,
        either: &[],
        required: &[
            ("/userPhone", STRING),
            ("/userName", STRING),
            ("/sceneID", STRING),
            ("/userTaskID", STRING),
            ("/taskID", STRING),
        ],
    },
    Content {
        name: "task",
        kind: ContentKind::TaskCallback,
        example: task_json,
        essential: &[("/callbackType", INTEGER_OR_DIGITS)],
        either: &[["/userTaskID", "/taskID"], ["/taskStatus", "/taskStat"]],
        required: &[
            ("/userTaskID", STRING),
            ("/taskID", STRING),
            ("/sceneID", STRING),
            ("/taskStatus", INTEGER),
            ("/createTs", INTEGER),
            ("/taskStat", OBJECT),
            ("/taskStat/answerOrderCount", INTEGER),
            ("/taskStat/finishOrderCount", INTEGER),
            ("/taskStat/totalOrderCount", INTEGER),
            ("/taskStat/finishRate", NUMBER),
            ("/taskStat/totalAnswerCall", INTEGER),
            ("/taskStat/totalCall", INTEGER),
            ("/taskStat/answerRate", NUMBER),
        ],
    },
];

/// Removes the value at `pointer`.
pub(crate) fn remove(value: &mut Value, pointer: &str) {
    let (parent, key) = pointer.rsplit_once('/').expect("the pointer is valid");
    let parent = value.pointer_mut(parent).expect("the value exists");
    let removed = parent
        .as_object_mut()
        .expect("the parent is an object")
        .remove(key);
    assert!(removed.is_some(), "{pointer}");
}

pub(crate) fn replaced(value: &Value, pointer: &str, by: Value) -> Value {
    let mut value = value.clone();
    *value.pointer_mut(pointer).expect("the value exists") = by;
    value
}
