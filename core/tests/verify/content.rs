//! The typed content of responses and callbacks.

use callbot_core::{CallInfoDetail, ContentKind, RetCode};
use serde_json::json;

use crate::examples::{call_json, order_json, response_json, task_json};
use crate::support::{UUID, answered, bytes, code_of, verified};

#[test]
fn every_field_of_a_response_is_read() {
    let body = bytes(&response_json());
    let response = answered(&body).response().expect("the body is a response");
    assert_eq!(response.ret_code, RetCode(0));
    assert_eq!(response.ret_msg.as_deref(), Some("success"));
    assert_eq!(response.response_id.as_deref(), Some("x-1"));
    assert_eq!(response.total_count, Some(3));
    assert_eq!(response.success_count, Some(1));
    assert!(response.extra.is_empty());
    let refused: Vec<_> = response
        .err_list
        .iter()
        .map(Result::unwrap)
        .map(|refused| (refused.phone, refused.err_msg))
        .collect();
    let expected = [("8613800000001", "blocked"), ("8613800000002", "号码错误")];
    let expected = expected.map(|(phone, msg)| (Some(phone.into()), Some(msg.into())));
    assert_eq!(refused, expected);
}

#[test]
fn every_field_of_a_callback_is_read() {
    let body = bytes(&call_json());
    let call = verified(&body)
        .call_callback()
        .expect("the body is a callback");
    assert_eq!(call.callback_type, 1);
    assert_eq!(call.order_id, "o-1");
    assert_eq!(call.user_phone.as_deref(), Some("8613800000001"));
    assert_eq!(call.user_name.as_deref(), Some("王芳"));
    assert_eq!(call.scene_id.as_deref(), Some("s-1"));
    assert_eq!(call.user_task_id.as_deref(), Some("t-1"));
    assert_eq!(call.task_id.as_deref(), Some("p-1"));
    assert_eq!(call.finish, Some(true));
    assert_eq!(call.other.as_deref(), Some("passed through"));
    assert!(call.extra.is_empty());
    check_detail(&call.call_info_detail.expect("the field is present"));

    let body = bytes(&order_json());
    let order = verified(&body)
        .order_callback()
        .expect("the body is a callback");
    assert_eq!(order.callback_type, 1);
    assert_eq!(order.order_id, "o-1");
    assert_eq!(order.user_phone.as_deref(), Some("8613800000001"));
    assert_eq!(order.user_name.as_deref(), Some("王芳"));
    assert_eq!(order.scene_id.as_deref(), Some("s-1"));
    assert_eq!(order.user_task_id.as_deref(), Some("t-1"));
    assert_eq!(order.task_id.as_deref(), Some("p-1"));
    assert_eq!(order.finish, Some(true));
    assert_eq!(order.other.as_deref(), Some("passed through"));
    assert!(order.extra.is_empty());
    check_detail(&order.call_info_detail.expect("the field is present"));

    let body = bytes(&task_json());
    let task = verified(&body)
        .task_callback()
        .expect("the body is a callback");
    assert_eq!(task.callback_type, 1);
    assert_eq!(task.user_task_id.as_deref(), Some("t-1"));
    assert_eq!(task.task_id.as_deref(), Some("p-1"));
    assert_eq!(task.scene_id.as_deref(), Some("s-1"));
    assert_eq!(task.task_status, Some(2));
    assert_eq!(task.create_ts, Some(1_726_190_000));
    assert!(task.extra.is_empty());
    let stat = task.task_stat.expect("the field is present");
    assert_eq!(stat.answer_order_count, Some(1));
    assert_eq!(stat.finish_order_count, Some(2));
    assert_eq!(stat.total_order_count, Some(3));
    assert_eq!(stat.finish_rate, Some(0.67));
    assert_eq!(stat.total_answer_call, Some(4));
    assert_eq!(stat.total_call, Some(5));
    assert_eq!(stat.answer_rate, Some(0.8));
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

    assert_eq!(detail.intents.len(), 1);
    let intent = detail
        .intents
        .get(0)
        .unwrap()
        .expect("the list has an element");
    assert_eq!(intent.intent_id.as_deref(), Some("i"));
    assert_eq!(intent.intent_tag.as_deref(), Some("A"));
    assert_eq!(intent.intent_name.as_deref(), Some("n"));
    assert_eq!(intent.intent_level, Some(6));
    assert!(intent.extra.is_empty());

    assert_eq!(detail.sms.len(), 1);
    let sms = detail.sms.get(0).unwrap().expect("the list has an element");
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

    assert_eq!(detail.params.len(), 1);
    let param = detail
        .params
        .get(0)
        .unwrap()
        .expect("the list has an element");
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
fn the_documents_of_an_owned_copy_share_its_body() {
    let body = bytes(&call_json());
    let owned = verified(&body).into_owned();
    for _ in 0..2 {
        let document = owned.document(ContentKind::CallCallback).unwrap();
        let json = document.root().json().as_bytes();
        assert_eq!(json.as_ptr_range(), owned.body().as_ptr_range());
    }
}
