//! Typed requests: their bodies are pinned by golden files, and they are checked exactly as JSON is.
//!
//! `golden/requests/<endpoint>.json` has every key that the API's pages have. Python's
//! `json.dumps(body, separators=(",", ":"), ensure_ascii=False)` wrote them.

mod common;

use callbot_core::{
    Algorithm, Batch, CallInfoList, CallOptions, CreateAndCall, CreateTask, CreateTaskFuncFlag,
    CreateTaskSetting, CreateTaskSms, Endpoint, ExportBatchCall, FuncFlag, Json, ListCall,
    ListOrder, ListOrderDetail, ListTask, ManualCallSetting, MgrTaskStatus, OrderEndpoint,
    OrderOptions, Ping, QueryConditions, Request, Rules, SignedRequest, SmsFuncFlag, StopOrder,
    TaskSetting, TurnTime, UpdateTask, Violations,
};
use common::{ORDER, TASK, credentials, found, names_in, path, read, request_id, timestamp};

fn sign(request: &impl Request) -> Result<SignedRequest, Violations> {
    let credentials = credentials(Algorithm::Md5);
    request.sign(&credentials, request_id("r1"), timestamp(1))
}

fn from_json(endpoint: Endpoint, json: &[u8]) -> Result<SignedRequest, Violations> {
    let credentials = credentials(Algorithm::Md5);
    SignedRequest::from_json(endpoint, json, &credentials, request_id("r1"), timestamp(1))
}

fn golden(endpoint: Endpoint) -> Vec<u8> {
    read(path(&format!("tests/golden/requests/{endpoint}.json")))
}

#[track_caller]
fn assert_is_golden(endpoint: Endpoint, body: &[u8]) {
    let show = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert_eq!(show(body), show(&golden(endpoint)));
}

#[track_caller]
fn check<R: Request>(request: &R) {
    let signed = sign(request).expect("a valid request");
    assert_is_golden(R::ENDPOINT, signed.body());
    assert_eq!(signed.endpoint(), Some(R::ENDPOINT));
    let read = from_json(R::ENDPOINT, &golden(R::ENDPOINT)).expect("a valid request");
    assert_is_golden(R::ENDPOINT, read.body());
    assert_eq!(signed.signature(), read.signature());
}

const LIMITS: Json<'static> = Json::raw(r#" { "gt" : 1, "lt":5, "enable":true } "#);

const MANUAL: &[(&str, Json<'static>)] = &[("extraOfManual", Json::raw("1"))];

fn manual() -> ManualCallSetting<'static> {
    ManualCallSetting {
        agent_group: Some("g".into()),
        dispatch_type: Some(1.into()),
        ratio_call_rate: Some(1.5.into()),
        predict_call_rate: Some(Json::raw("0.0")),
        extra: MANUAL,
    }
}

fn setting() -> TaskSetting<'static> {
    TaskSetting {
        strategy_name: Some("默认策略".into()),
        startup_type: Some(1.into()),
        startup_at: Some(2.into()),
        zone_second: Some(28_800.into()),
        dial_at_week_day: Some("1,2".into()),
        dial_at_up_hour: Some("9".into()),
        dial_at_down_hour: Some("18".into()),
        max_call: Some(3.into()),
        task_name: Some("Spring \"24\"".into()),
        task_callback_url: Some("https://a.example/t".into()),
        max_ring_time: Some(30.into()),
        route_id: Some("r".into()),
        manual_call_setting: Some(manual()),
        extra: &[("extraOfSetting", Json::NULL)],
    }
}

fn with_flag<R>(then: impl FnOnce(FuncFlag<'_>) -> R) -> R {
    let extra = [("extraOfSms", true.into())];
    let sms = [
        SmsFuncFlag {
            sms_id: Some("s".into()),
            intent_id: Some((&["1", "2"][..]).into()),
            intent_name: Some((&["好"][..]).into()),
            extra: &[],
        },
        SmsFuncFlag {
            sms_id: Some("s2".into()),
            extra: &extra,
            ..SmsFuncFlag::default()
        },
    ];
    let extra = [("extraOfFlag", (&[1_i64][..]).into())];
    then(FuncFlag {
        task_keep: Some(false.into()),
        round_redial: Some(true.into()),
        whole_tts: Some(false.into()),
        sms_enable: Some(true.into()),
        sms_func_flag: Some(&sms),
        phone_encrypt: Some(true.into()),
        extra: &extra,
    })
}

#[test]
fn every_golden_file_is_read() {
    let mut names: Vec<String> = Endpoint::ALL
        .iter()
        // `golden.rs` has its bodies.
        .filter(|&&endpoint| endpoint != Endpoint::AddBatchCall)
        .map(|endpoint| format!("{endpoint}.json"))
        .collect();
    names.sort();
    assert_eq!(names_in(&path("tests/golden/requests")), names);
}

#[test]
fn small_requests_give_their_golden_bodies() {
    check(&Ping { data: "é\n" });
    check(&StopOrder {
        user_task_id: "t1",
        order_ids: &["1", "2"],
        del_call: Some(0),
    });
    check(&ExportBatchCall { user_task_id: "t1" });
    check(&MgrTaskStatus {
        user_task_id: "t1",
        task_operate: 3,
        del_call: Some(1),
    });
    check(&ListOrderDetail {
        user_task_id: "t1",
        order_list: &["1", "2"],
    });
}

#[test]
fn queries_give_their_golden_bodies() {
    check(&ListTask {
        page: 1,
        size: 100,
        query_conditions: QueryConditions {
            task_status: Some(&[1, 2]),
            task_name: Some(&["a"]),
            scene_id: Some("s1"),
            user_task_id: Some(&["t1"]),
            start_ts: Some(1),
            end_ts: Some(2),
        },
    });
    check(&ListOrder {
        user_task_id: "t1",
        options: OrderOptions {
            order_id: Some(&["1"]),
            intent_id: Some(&["2"]),
            intent_name: Some(&["3"]),
            intent_tag: Some(&[]),
            intent_level: Some((&[1_i64][..]).into()),
            finish: Some(1),
            turn_time: Some(TurnTime {
                gt: Some(1),
                lt: Some(5),
                enable: Some(true),
            }),
            call_duration: Some(LIMITS),
            call_status: Some(Json::raw("[1]")),
        },
        page: Some(1.into()),
        size: Some(100.into()),
    });
    let text = |text| Some(Json::from(text));
    check(&ListCall {
        user_task_id: "t1",
        options: CallOptions {
            call_id: Some(&["1"]),
            calling_number: text("2"),
            line_address: text("3"),
            intent_id: Some(&["4"]),
            intent_name: Some(Json::raw(r#"["5"]"#)),
            intent_tag: Some(Json::raw(r#"["6"]"#)),
            intent_level: Some(Json::raw("[ 7 ]")),
            turn_time: Some(LIMITS),
            call_duration: Some(LIMITS),
            call_status: Some(Json::raw("[1]")),
            start_ts: Some(1.into()),
            end_ts: Some(2.into()),
        },
        page: Some(1.into()),
        size: Some(100.into()),
    });
}

#[test]
fn a_created_task_gives_its_golden_body() {
    let extra = [("extraOfSms", true.into())];
    let sms = [
        CreateTaskSms {
            sms_id: Some("s".into()),
            intent_id: Some((&["1", "2"][..]).into()),
            intent_name: Some((&["好"][..]).into()),
            extra: &[],
        },
        CreateTaskSms {
            sms_id: Some("s2".into()),
            extra: &extra,
            ..CreateTaskSms::default()
        },
    ];
    check(&CreateTask {
        account: Some("a".into()),
        user_task_id: "t1",
        scene_id: "s1",
        task_create_setting: Some(CreateTaskSetting {
            strategy_name: Some("默认策略".into()),
            startup_type: Some(1.into()),
            startup_at: Some(2.into()),
            zone_second: Some(28_800.into()),
            dial_at_week_day: Some("1,2".into()),
            dial_at_up_hour: Some("9".into()),
            dial_at_down_hour: Some("18".into()),
            max_ring_time: Some(30.into()),
            route_id: Some("r".into()),
            manual_call_setting: Some(manual()),
            extra: &[("extraOfSetting", Json::NULL)],
        }),
        func_flag: Some(CreateTaskFuncFlag {
            task_keep: Some(false.into()),
            round_redial: Some(true.into()),
            whole_tts: Some(false.into()),
            sms_enable: Some(true.into()),
            sms_func_flag: Some(&sms),
            extra: &[("extraOfFlag", Json::raw("[1]"))],
        }),
        other: Some("o".into()),
        task_callback_url: Some("https://a.example/t".into()),
        order_callback_url: Some("https://a.example/o".into()),
        extra: &[("extra", Json::raw(r#"{"b":1, "a":2}"#))],
    });
}

#[test]
fn a_changed_task_gives_its_golden_body() {
    with_flag(|flag| {
        check(&UpdateTask {
            user_task_id: Some("t1"),
            scene_id: Some("s1"),
            task_create_setting: Some(setting()),
            func_flag: Some(flag),
            extra: &[("extra", Json::raw("1"))],
        });
    });
}

#[test]
fn batches_give_their_golden_bodies() {
    let create_and_call = with_flag(|flag| {
        let settings = CreateAndCall {
            user_task_id: "t1",
            scene_id: Some("s1".into()),
            task_create_setting: Some(setting()),
            func_flag: Some(flag),
            call_info_list: CallInfoList {
                order_callback_url: TASK.order_callback_url,
                call_callback_url: TASK.call_callback_url,
            },
            extra: &[("extra", Json::raw("1"))],
        };
        Batch::create_and_call(&settings, Rules::new()).expect("valid settings")
    });
    let import = Batch::import(&TASK, Rules::new()).expect("a valid task");
    for (mut batch, endpoint) in [
        (create_and_call, OrderEndpoint::CreateAndCall),
        (import, OrderEndpoint::ImportBatchCall),
    ] {
        assert_eq!(batch.endpoint(), endpoint);
        let endpoint = Endpoint::from(endpoint);
        batch.add(&ORDER).expect("a valid order");
        assert_is_golden(endpoint, batch.body());
        let credentials = credentials(Algorithm::Md5);
        let signed = batch.sign(&credentials, request_id("r1"), timestamp(1));
        let signed = signed.expect("it has an order");
        assert_eq!(signed.endpoint(), Some(endpoint));
        let read = from_json(endpoint, &golden(endpoint)).expect("a valid request");
        assert_is_golden(endpoint, read.body());
        // The request keeps its body while the batch changes, and the batch its form.
        batch.clear();
        batch.add(&ORDER).expect("a valid order");
        assert_is_golden(endpoint, batch.body());
        assert_is_golden(endpoint, signed.body());
    }
}

#[test]
fn what_is_left_out_is_not_sent() {
    let body = |request: SignedRequest| String::from_utf8(request.body().to_vec()).expect("UTF-8");
    let request = ListOrder {
        user_task_id: "t",
        ..ListOrder::default()
    };
    assert_eq!(
        sign(&request).map(body),
        Ok(r#"{"productID":"callbot","userTaskID":"t","options":{}}"#.into())
    );
    assert_eq!(
        sign(&UpdateTask::default()).map(body),
        Ok(r#"{"productID":"callbot"}"#.into())
    );
}

#[test]
fn everything_wrong_is_reported_at_its_place() {
    let refused = sign(&StopOrder {
        del_call: Some(2),
        ..StopOrder::default()
    });
    let expected = [
        ("empty", "/userTaskID".into()),
        ("empty", "/orderIDs".into()),
        ("out_of_range", "/delCall".into()),
    ];
    assert_eq!(found(&refused.unwrap_err()), expected);

    let ids = ["1"; 501];
    let refused = sign(&ListOrderDetail {
        user_task_id: "t",
        order_list: &ids,
    });
    let expected = [("too_many_elements", "/orderList".into())];
    assert_eq!(found(&refused.unwrap_err()), expected);

    let refused = sign(&MgrTaskStatus::default()).unwrap_err();
    let expected = [
        ("empty", "/userTaskID".into()),
        ("out_of_range", "/taskOperate".into()),
    ];
    assert_eq!(found(&refused), expected);
}

/// What looks like the end of a value could otherwise add keys of its own.
#[test]
fn a_raw_value_is_one_value() {
    let sms = [SmsFuncFlag {
        intent_id: Some(Json::raw("")),
        ..SmsFuncFlag::default()
    }; 2];
    let refused = sign(&UpdateTask {
        user_task_id: Some(""),
        task_create_setting: Some(TaskSetting {
            task_name: Some(Json::raw(r#""a","maxCall":1"#)),
            max_call: Some(f64::NAN.into()),
            manual_call_setting: Some(ManualCallSetting {
                agent_group: Some(Json::raw(r#"{"a":1,"a":2}"#)),
                ..ManualCallSetting::default()
            }),
            ..TaskSetting::default()
        }),
        func_flag: Some(FuncFlag {
            sms_func_flag: Some(&sms),
            ..FuncFlag::default()
        }),
        extra: &[("x", Json::raw("1}")), ("sceneID", Json::NULL)],
        ..UpdateTask::default()
    })
    .unwrap_err();
    let expected = [
        ("json_syntax", "/taskCreateSetting/maxCall".into()),
        ("json_syntax", "/taskCreateSetting/taskName".into()),
        ("json_incomplete", "/funcFlag/smsFuncFlag/0/intentID".into()),
        ("json_incomplete", "/funcFlag/smsFuncFlag/1/intentID".into()),
        ("json_syntax", String::new()),
        ("empty", "/userTaskID".into()),
        (
            "repeated_key",
            "/taskCreateSetting/manualCallSetting/agentGroup".into(),
        ),
        ("wrong_type", "/sceneID".into()),
    ];
    assert_eq!(found(&refused), expected);
    assert!(refused.iter().all(|v| v.order_index().is_none()));
}

#[test]
fn an_extra_key_cannot_replace_a_known_one() {
    let refused = sign(&UpdateTask {
        user_task_id: Some("t"),
        extra: &[
            ("userTaskID", Json::raw(r#""u""#)),
            ("productID", Json::NULL),
        ],
        ..UpdateTask::default()
    });
    let expected = [
        ("repeated_key", "/userTaskID".into()),
        ("wrong_type", "/productID".into()),
    ];
    assert_eq!(found(&refused.unwrap_err()), expected);
}

#[test]
fn debug_shows_no_content() {
    let request = StopOrder {
        user_task_id: "Wang",
        order_ids: &["Fang"],
        del_call: None,
    };
    assert_eq!(format!("{request:?}"), "StopOrder { .. }");
    assert_eq!(format!("{:?}", Json::from("Wang")), "Json { .. }");
}
