//! The typed content of responses and callbacks.

use callbot_core::{CallInfoDetail, Extra, RetCode};
use serde_json::{Value, json};

use crate::examples::{call_json, order_json, response_json, task_json};
use crate::support::{UUID, answered, bytes, code_of, verified};

#[test]
fn every_field_of_a_response_is_read() {
    let body = bytes(&response_json());
    let response = answered(&body).response().expect("the body is a response");
    assert_eq!(response.ret_code, RetCode(0));
    assert_eq!(response.ret_msg, "success");
    assert_eq!(response.response_id, "x-1");
    assert_eq!(response.total_count, Some(3));
    assert_eq!(response.success_count, Some(1));
    assert!(response.extra.is_empty());
    let refused: Vec<_> = response
        .err_list
        .iter()
        .map(|refused| (refused.phone.as_str(), refused.err_msg.as_str()))
        .collect();
    assert_eq!(
        refused,
        [("8613800000001", "blocked"), ("8613800000002", "号码错误")]
    );
}

#[test]
fn a_failure_may_lack_the_counts() {
    let failed = json!({"retCode": 6, "retMsg": "sign error", "responseID": "x"});
    for (counts, expected, other) in [
        (json!({}), (None, None), 0),
        (
            json!({"totalCount": null, "successCount": null}),
            (None, None),
            0,
        ),
        (
            json!({"totalCount": 2, "successCount": 0}),
            (Some(2), Some(0)),
            0,
        ),
        (
            json!({"totalCount": "2", "successCount": 0}),
            (None, Some(0)),
            1,
        ),
    ] {
        let mut value = failed.clone();
        for (key, count) in counts.as_object().expect("the value is an object") {
            value[key] = count.clone();
        }
        let body = bytes(&value);
        let response = answered(&body).response().expect("the body is a response");
        assert!(!response.ret_code.is_success());
        assert_eq!((response.total_count, response.success_count), expected);
        assert_eq!(response.extra.len(), other);
    }
}

#[test]
fn every_field_of_a_callback_is_read() {
    let body = bytes(&call_json());
    let call = verified(&body)
        .call_callback()
        .expect("the body is a callback");
    assert_eq!(call.callback_type, 1);
    assert_eq!(call.order_id, "o-1");
    assert_eq!(call.user_phone, "8613800000001");
    assert_eq!(call.user_name, "王芳");
    assert_eq!(call.scene_id, "s-1");
    assert_eq!(call.user_task_id, "t-1");
    assert_eq!(call.task_id, "p-1");
    assert!(call.finish);
    assert_eq!(call.other, "passed through");
    assert!(call.extra.is_empty());
    check_detail(&call.call_info_detail.expect("the field is present"));

    let body = bytes(&order_json());
    let order = verified(&body)
        .order_callback()
        .expect("the body is a callback");
    assert_eq!(order.callback_type, 1);
    assert_eq!(order.order_id, "o-1");
    assert_eq!(order.user_phone, "8613800000001");
    assert_eq!(order.user_name, "王芳");
    assert_eq!(order.scene_id, "s-1");
    assert_eq!(order.user_task_id, "t-1");
    assert_eq!(order.task_id, "p-1");
    assert_eq!(order.finish, Some(true));
    assert_eq!(order.other.as_deref(), Some("passed through"));
    assert!(order.extra.is_empty());
    check_detail(&order.call_info_detail.expect("the field is present"));

    let body = bytes(&task_json());
    let task = verified(&body)
        .task_callback()
        .expect("the body is a callback");
    assert_eq!(task.callback_type, 1);
    assert_eq!(task.user_task_id, "t-1");
    assert_eq!(task.task_id, "p-1");
    assert_eq!(task.scene_id, "s-1");
    assert_eq!(task.task_status, 2);
    assert_eq!(task.create_ts, 1_726_190_000);
    assert!(task.extra.is_empty());
    let stat = task.task_stat;
    assert_eq!(stat.answer_order_count, 1);
    assert_eq!(stat.finish_order_count, 2);
    assert_eq!(stat.total_order_count, 3);
    assert_eq!(stat.finish_rate.to_string(), "0.67");
    assert_eq!(stat.total_answer_call, 4);
    assert_eq!(stat.total_call, 5);
    assert_eq!(stat.answer_rate.to_string(), "0.8");
    assert!(stat.extra.is_empty());
}

fn check_detail(detail: &CallInfoDetail) {
    assert_eq!(detail.call_id.as_deref(), Some("c-1"));
    assert_eq!(detail.calling_number.as_deref(), Some("862100000000"));
    assert_eq!(detail.line_address.as_deref(), Some("192.0.2.7"));
    assert_eq!(detail.call_status, Some(1));
    assert_eq!(detail.call_start_ts, Some(2));
    assert_eq!(detail.call_answer_ts, Some(3));
    assert_eq!(detail.call_end_ts, Some(4));
    assert_eq!(detail.call_duration, Some(5));
    assert_eq!(
        detail.call_audio_url.as_deref(),
        Some("https://audio.example/1")
    );
    assert_eq!(detail.hangup_cause.as_deref(), Some("NORMAL"));
    assert_eq!(detail.term_sip_code.as_deref(), Some("200"));
    assert!(detail.extra.is_empty());

    let [intent] = &detail.intents[..] else {
        panic!()
    };
    assert_eq!(intent.intent_id.as_deref(), Some("i"));
    assert_eq!(intent.intent_tag.as_deref(), Some("A"));
    assert_eq!(intent.intent_name.as_deref(), Some("n"));
    assert_eq!(intent.intent_level, Some(6));
    assert!(intent.extra.is_empty());

    let [sms] = &detail.sms[..] else { panic!() };
    assert_eq!(sms.sms_send_ts, Some(7));
    assert_eq!(sms.sys_message_id.as_deref(), Some("m"));
    assert_eq!(sms.sms_content.as_deref(), Some("text"));
    assert!(sms.extra.is_empty());

    let agent = detail.agent.as_ref().expect("the field is present");
    assert_eq!(agent.agent_name.as_deref(), Some("a"));
    assert_eq!(agent.agent_group.as_deref(), Some("g"));
    assert_eq!(agent.agent_call_status, Some(8));
    assert_eq!(agent.agent_call_elapsed, Some(9));
    assert_eq!(agent.agent_label.as_deref(), Some("l"));
    assert_eq!(agent.manual_call_start, Some(10));
    assert_eq!(agent.manual_call_answer, Some(11));
    assert_eq!(agent.manual_call_end, Some(12));
    assert_eq!(agent.manual_hangup_by, Some(0));
    assert!(agent.extra.is_empty());

    let [param] = &detail.params[..] else {
        panic!()
    };
    assert_eq!(param.name.as_deref(), Some("amount"));
    assert_eq!(param.value.as_deref(), Some("120.50"));
    assert!(param.extra.is_empty());
}

#[test]
fn a_callback_type_has_one_form_as_digits() {
    let read = |digits: &str| {
        let mut value = call_json();
        value["callbackType"] = json!(digits);
        let body = bytes(&value);
        let found = verified(&body).call_callback();
        found.map(|callback| callback.callback_type)
    };
    for number in [0, 1, -1, 10, 4711, i64::MAX, i64::MIN] {
        assert_eq!(read(&number.to_string()), Ok(number));
    }
    for invalid in [
        "",
        "-",
        "+1",
        "-0",
        "00",
        "007",
        "-007",
        "01",
        " 1",
        "1 ",
        "1.0",
        "1e0",
        "--1",
        "\u{661}",
        "9223372036854775808",
        "-9223372036854775809",
        "call",
    ] {
        assert_eq!(code_of(read(invalid)), "content_wrong_type", "{invalid}");
    }
}

#[test]
fn an_owned_copy_is_equal() {
    let body = bytes(&call_json());
    let verified = verified(&body);
    let owned = verified.clone().into_owned();
    assert_eq!(owned.body(), verified.body());
    assert_eq!(owned.uuid(), UUID);
    assert_eq!(owned.uuid(), verified.uuid());
    assert_eq!(owned.request_id(), verified.request_id());
    assert_eq!(owned.create_ts(), verified.create_ts());
    assert_eq!(owned.replay_expires_at(), verified.replay_expires_at());
    assert_eq!(owned.credentials_index(), verified.credentials_index());
}

#[test]
fn undocumented_fields_of_another_type_are_kept_in_extra() {
    let keys: Vec<String> = call_json()["callInfoDetail"]
        .as_object()
        .expect("the value is an object")
        .keys()
        .cloned()
        .collect();
    assert_eq!(keys.len(), 15);
    for other_type in [
        json!(0.5),
        json!(true),
        json!([1]),
        json!([{}, null]),
        json!(u64::MAX),
    ] {
        let mut value = call_json();
        for key in &keys {
            value["callInfoDetail"][key] = other_type.clone();
        }
        let body = bytes(&value);
        let call = verified(&body)
            .call_callback()
            .expect("the body is a callback");
        let detail = call.call_info_detail.expect("the field is present");
        let kept: Extra = keys
            .iter()
            .map(|key| (key.clone(), other_type.to_string()))
            .collect();
        assert_eq!(detail.extra, kept);
        let mut nothing_else = CallInfoDetail::default();
        nothing_else.extra = kept;
        assert!(detail == nothing_else);
    }

    // The same one level deeper, and for fields whose type only the page of order callbacks omits.
    let deeper = json!({
        "intents": [{"intentID": 1, "intentTag": 1, "intentName": 1, "intentLevel": "1"}],
        "sms": [{"smsSendTs": "1", "sysMessageID": 1, "smsContent": 1}],
        "agent": {"agentName": 1, "agentGroup": [], "agentCallStatus": "1", "agentCallElapsed": "1",
            "agentLabel": 1, "manualCallStart": "", "manualCallAnswer": "", "manualCallEnd": "", "manualHangupBy": ""},
        "params": [{"name": 1, "value": 120.5}],
    });
    let mut value = order_json();
    value["callInfoDetail"] = deeper;
    value["finish"] = json!(1);
    value["other"] = json!({});
    let body = bytes(&value);
    let order = verified(&body)
        .order_callback()
        .expect("the body is a callback");
    assert_eq!((order.finish, order.other), (None, None));
    assert_eq!(order.extra["finish"], "1");
    assert_eq!(order.extra["other"], "{}");
    let detail = order.call_info_detail.expect("the field is present");
    assert_eq!(detail.intents[0].extra.len(), 4);
    assert_eq!(detail.sms[0].extra.len(), 3);
    assert_eq!(detail.agent.expect("the field is present").extra.len(), 9);
    assert_eq!(detail.params[0].extra["value"], "120.5");

    for other_type in [json!([]), json!("x"), json!(1)] {
        let mut value = call_json();
        value["callInfoDetail"] = other_type.clone();
        let body = bytes(&value);
        let call = verified(&body)
            .call_callback()
            .expect("the body is a callback");
        assert!(call.call_info_detail.is_none());
        assert_eq!(call.extra["callInfoDetail"], other_type.to_string());
    }
}

#[test]
fn a_null_in_an_optional_field_is_like_a_missing_field() {
    let mut value = order_json();
    for key in ["finish", "other", "callInfoDetail"] {
        value[key] = Value::Null;
    }
    let body = bytes(&value);
    let order = verified(&body)
        .order_callback()
        .expect("the body is a callback");
    assert!(order.finish.is_none() && order.other.is_none() && order.call_info_detail.is_none());
    assert!(order.extra.is_empty());

    let mut value = call_json();
    for each in value["callInfoDetail"]
        .as_object_mut()
        .expect("the value is an object")
        .values_mut()
    {
        *each = Value::Null;
    }
    let body = bytes(&value);
    let call = verified(&body)
        .call_callback()
        .expect("the body is a callback");
    assert!(call.call_info_detail.expect("the field is present") == CallInfoDetail::default());
}
