//! The responses of all endpoints, and what is common to them.

use callbot_core::{
    AddBatchResponse, CallCallback, Content, ContentError, ContentKind, CreateAndCallResponse,
    CreateTaskResponse, Document, Endpoint, Envelope, ExportBatchResponse, ImportBatchResponse,
    ListCallResponse, ListOrderDetailResponse, ListOrderResponse, ListTaskResponse,
    MgrTaskStatusResponse, OrderCallback, PingResponse, RetCode, StopOrderResponse, TaskCallback,
    UpdateTaskResponse,
};
use serde_json::json;

use crate::support::{answered, answered_by, bytes, code_of};

/// Whether a document is read as a type.
type IsRead = fn(&Document) -> bool;

/// Reads a document as its own type, and makes sure that it is read as no other.
pub(crate) fn read_typed(document: &Document) {
    fn is_read<T: Content>(document: &Document) -> bool {
        let read: Result<T, ContentError> = document.read();
        match read {
            Ok(_) => true,
            Err(error) => {
                assert_eq!(error.code(), "content_other_kind");
                false
            }
        }
    }
    let endpoints: [(Endpoint, IsRead); 13] = [
        (Endpoint::AddBatchCall, is_read::<AddBatchResponse>),
        (Endpoint::ImportBatchCall, is_read::<ImportBatchResponse>),
        (Endpoint::ExportBatchCall, is_read::<ExportBatchResponse>),
        (Endpoint::StopOrder, is_read::<StopOrderResponse>),
        (Endpoint::CreateTask, is_read::<CreateTaskResponse>),
        (Endpoint::CreateAndCall, is_read::<CreateAndCallResponse>),
        (Endpoint::UpdateTask, is_read::<UpdateTaskResponse>),
        (Endpoint::MgrTaskStatus, is_read::<MgrTaskStatusResponse>),
        (Endpoint::ListTask, is_read::<ListTaskResponse>),
        (Endpoint::ListOrder, is_read::<ListOrderResponse>),
        (Endpoint::ListCall, is_read::<ListCallResponse>),
        (
            Endpoint::ListOrderDetail,
            is_read::<ListOrderDetailResponse>,
        ),
        (Endpoint::Ping, is_read::<PingResponse>),
    ];
    assert_eq!(Endpoint::ALL, endpoints.map(|(endpoint, _)| endpoint));
    for (endpoint, is_read) in endpoints {
        let is_own = document.endpoint() == Some(endpoint);
        assert_eq!(is_read(document), is_own, "{endpoint} {document:?}");
    }
    let kinds: [(ContentKind, IsRead); 4] = [
        (ContentKind::CallCallback, is_read::<CallCallback>),
        (ContentKind::OrderCallback, is_read::<OrderCallback>),
        (ContentKind::TaskCallback, is_read::<TaskCallback>),
        (ContentKind::Response, is_read::<Envelope>),
    ];
    for (kind, is_read) in kinds {
        assert_eq!(is_read(document), document.kind() == kind, "{document:?}");
    }
}

#[test]
fn every_response_has_an_envelope() {
    for endpoint in Endpoint::ALL.iter().map(|each| each.name()).chain([""]) {
        let body = if endpoint == "ping" {
            json!({"code": 6, "msg": "m", "reqId": "r", "retCode": 0, "new": [1]})
        } else {
            json!({"retCode": 6, "retMsg": "m", "responseID": "r", "code": 0, "new": [1]})
        };
        let body = bytes(&body);
        let message = answered_by(endpoint, &body);
        let result = message.result().expect("the body is a response");
        assert_eq!(result.ret_code, RetCode(6));
        assert_eq!(result.ret_msg.as_deref(), Some("m"));
        assert_eq!(result.response_id.as_deref(), Some("r"));
        assert_eq!(result.extra.len(), 2);
        assert_eq!(result.extra.get("new"), Some("[1]"));
        assert!(message.read() == Ok(result));
        read_typed(&message.document(ContentKind::Response).expect("a response"));

        // The code of the others is no code of this one: it must not look like a success.
        let other = if endpoint == "ping" {
            json!({"retCode": 0})
        } else {
            json!({"code": 0})
        };
        let body = bytes(&other);
        let message = answered_by(endpoint, &body);
        assert_eq!(code_of(message.result()), "content_missing");
        assert_eq!(
            code_of(message.document(ContentKind::Response)),
            "content_missing"
        );
    }
}

#[test]
fn an_unknown_name_of_an_endpoint_is_any_other_path() {
    let body = br#"{"retCode":0}"#;
    let document = answered_by("routeList", body).document(ContentKind::Response);
    let document = document.expect("the body is a response");
    assert_eq!(document.endpoint(), None);
    read_typed(&document);
}

#[test]
fn a_response_to_another_endpoint_is_named() {
    let body = br#"{"retCode":0}"#;
    let read: Result<StopOrderResponse, _> = answered(body).read();
    let error = read.expect_err("it is the response to another endpoint");
    assert_eq!(
        error,
        ContentError::OtherEndpoint {
            read_as: Endpoint::StopOrder
        }
    );
    assert_eq!(
        error.to_string(),
        "not the response to stopOrder; \
         read it as the response to the request that it was verified with"
    );
}

#[test]
fn every_field_of_an_exported_batch_is_read() {
    let body = bytes(&json!({
        "retCode": 0, "totalCount": 1, "batchID": "b",
        "callList": [{
            "orderID": "1", "userPhone": "8613800000001", "other": "x", "callID": "c",
            "callStatus": 2, "callStartTs": 3, "intents": [{"intentLevel": 4}],
        }],
    }));
    let response: ExportBatchResponse = read(Endpoint::ExportBatchCall, &body);
    assert_eq!(response.total_count, Some(1));
    assert_eq!(response.batch_id.as_deref(), Some("b"));
    let call = response
        .call_list
        .get(0)
        .unwrap()
        .expect("the list has an element");
    assert_eq!(call.order_id.as_deref(), Some("1"));
    assert_eq!(call.user_phone.as_deref(), Some("8613800000001"));
    assert_eq!(call.other.as_deref(), Some("x"));
    assert_eq!(call.call_id.as_deref(), Some("c"));
    assert_eq!((call.call_status, call.call_start_ts), (Some(2), Some(3)));
    let levels: Vec<_> = call
        .intents
        .iter()
        .map(|each| each.unwrap().intent_level)
        .collect();
    assert_eq!(levels, [Some(4)]);
    assert!(response.extra.is_empty() && call.extra.is_empty());
}

#[test]
fn every_field_of_stopped_orders_is_read() {
    let body = bytes(&json!({
        "retCode": 0, "retMsg": "", "responseID": "", "totalCount": 2, "successCount": 1,
        "errList": [{"orderID": "2", "errMsg": "done"}],
    }));
    let response: StopOrderResponse = read(Endpoint::StopOrder, &body);
    assert_eq!(
        (response.total_count, response.success_count),
        (Some(2), Some(1))
    );
    let refused = response
        .err_list
        .get(0)
        .unwrap()
        .expect("the list has an element");
    assert_eq!(refused.order_id.as_deref(), Some("2"));
    assert_eq!(refused.err_msg.as_deref(), Some("done"));
    assert!(response.extra.is_empty() && refused.extra.is_empty());
}

#[test]
fn every_field_of_tasks_is_read() {
    let body = bytes(&json!({"retCode": 0, "taskID": "7001", "taskStatus": 5}));
    let response: MgrTaskStatusResponse = read(Endpoint::MgrTaskStatus, &body);
    assert_eq!(response.task_id.as_deref(), Some("7001"));
    assert_eq!(response.task_status, Some(5));
    assert!(response.extra.is_empty());

    let body = bytes(&json!({
        "retCode": 0, "total": 1,
        "taskData": [{
            "userTaskID": "t", "taskID": "7001", "sceneID": "s", "taskStatus": 2, "createTs": 3,
            "taskStat": {"totalCall": 4},
        }],
    }));
    let response: ListTaskResponse = read(Endpoint::ListTask, &body);
    assert_eq!(response.extra.get("total"), Some("1"));
    let task = response
        .task_data
        .get(0)
        .unwrap()
        .expect("the list has an element");
    assert_eq!(task.user_task_id.as_deref(), Some("t"));
    assert_eq!(task.task_id.as_deref(), Some("7001"));
    assert_eq!(task.scene_id.as_deref(), Some("s"));
    assert_eq!((task.task_status, task.create_ts), (Some(2), Some(3)));
    assert_eq!(task.task_stat.expect("it is there").total_call, Some(4));
    assert!(task.extra.is_empty());
}

#[test]
fn every_field_of_order_details_is_read() {
    let body = bytes(&json!({
        "retCode": 0,
        "orderDetailList": [{
            "orderID": "1", "userPhone": "8613800000001", "userName": "n", "sceneID": "s",
            "userTaskID": "t", "taskID": "7001", "finish": false, "other": "x",
            "callInfoDetailList": [{"callID": "c", "recordDetail": [{}]}],
        }],
    }));
    let response: ListOrderDetailResponse = read(Endpoint::ListOrderDetail, &body);
    let order = response
        .order_detail_list
        .get(0)
        .unwrap()
        .expect("an element");
    assert_eq!(order.order_id.as_deref(), Some("1"));
    assert_eq!(order.user_phone.as_deref(), Some("8613800000001"));
    assert_eq!(order.user_name.as_deref(), Some("n"));
    assert_eq!(order.scene_id.as_deref(), Some("s"));
    assert_eq!(order.user_task_id.as_deref(), Some("t"));
    assert_eq!(order.task_id.as_deref(), Some("7001"));
    assert_eq!(order.finish, Some(false));
    assert_eq!(order.other.as_deref(), Some("x"));
    let call = order
        .call_info_detail_list
        .get(0)
        .unwrap()
        .expect("an element");
    assert_eq!(call.call_id.as_deref(), Some("c"));
    assert_eq!(call.extra.get("recordDetail"), Some("[{}]"));
    assert!(response.extra.is_empty() && order.extra.is_empty());
}

#[test]
fn every_field_of_a_ping_is_read() {
    let body = bytes(&json!({"data": "x", "timestamp": 3, "code": 0, "msg": "ok", "reqId": "r"}));
    let response: PingResponse = read(Endpoint::Ping, &body);
    assert_eq!(response.data.as_deref(), Some("x"));
    assert_eq!(response.timestamp, Some(3));
    assert!(response.code.is_success());
    assert_eq!(response.msg.as_deref(), Some("ok"));
    assert_eq!(response.req_id.as_deref(), Some("r"));
    assert!(response.extra.is_empty());
}

fn read<T: Content>(endpoint: Endpoint, body: &[u8]) -> T {
    answered_by(endpoint.name(), body)
        .read()
        .expect("the body is a response")
}
