//! Strings that may not go out: U+0000 anywhere, and half of a surrogate pair in JSON.

use callbot_core::{
    Algorithm, Batch, CreateTask, Json, Order, OrderBytes, Param, ParamBytes, Position, Rules,
    StopOrder, Task, ViolationKind, Violations,
};

use crate::common::{
    DOCUMENT, ORDER, TASK, batch, credentials, document_of, found, order_json, request_id,
    timestamp,
};
use crate::support::{ORDER_PATH, PARAM_PATH, param};

/// The codes and the paths, which have to be the same for strings and for their bytes.
#[track_caller]
fn check(order: Order<'_>, expected: &[String]) {
    let expected: Vec<_> = expected
        .iter()
        .map(|path| ("nul_character", path.clone()))
        .collect();
    let mut batch = batch();
    let before = batch.body().to_vec();
    let refused = batch.add(&order).unwrap_err();
    assert_eq!(found(&refused), expected);
    let params: Vec<ParamBytes<'_>> = (order.params.iter())
        .map(|param| ParamBytes {
            name: param.name.as_bytes(),
            value: param.value.as_bytes(),
        })
        .collect();
    let bytes = OrderBytes {
        order_id: order.order_id.as_bytes(),
        user_phone: order.user_phone.as_bytes(),
        other: order.other.as_bytes(),
        user_name: order.user_name.as_bytes(),
        customer_name: order.customer_name.as_bytes(),
        params: &params,
    };
    assert_eq!(found(&batch.add(&bytes).unwrap_err()), expected);
    assert_eq!(batch.body(), before);
}

#[test]
fn nul_is_refused_in_every_string_of_an_order() {
    let at = |key: &str| vec![format!("{ORDER_PATH}/{key}")];
    // At the end as in a padded buffer, and inside of strings of any length, after other escapes.
    let strings = [
        "\0".to_owned(),
        "a\0\0\0\0".to_owned(),
        format!("{}\0{}", "x".repeat(100), "y".repeat(100)),
        format!("\"\\\n{}é\0", "z".repeat(20)),
    ];
    for string in &strings {
        let order_id = string.as_str();
        check(Order { order_id, ..ORDER }, &at("orderID"));
        let user_phone = &format!("8613800000001{string}");
        check(
            Order {
                user_phone,
                ..ORDER
            },
            &at("userPhone"),
        );
        let other = string.as_str();
        check(Order { other, ..ORDER }, &at("other"));
        let user_name = string.as_str();
        check(Order { user_name, ..ORDER }, &at("userName"));
        let customer_name = string.as_str();
        check(
            Order {
                customer_name,
                ..ORDER
            },
            &at("customerName"),
        );
        let params: &[Param<'_>] = &[param(string, "v")];
        check(Order { params, ..ORDER }, &[format!("{PARAM_PATH}/name")]);
        let params: &[Param<'_>] = &[param("p", string)];
        check(Order { params, ..ORDER }, &[format!("{PARAM_PATH}/value")]);
    }
    let params: &[Param<'_>] = &[param("p\0", "v\0")];
    let order = Order {
        order_id: "1\0",
        other: "\0",
        params,
        ..ORDER
    };
    check(
        order,
        &[
            format!("{ORDER_PATH}/orderID"),
            format!("{ORDER_PATH}/other"),
            format!("{PARAM_PATH}/name"),
            format!("{PARAM_PATH}/value"),
        ],
    );
}

#[test]
fn nul_is_refused_in_every_string_of_a_task() {
    let url = &format!("{}\0", TASK.order_callback_url);
    let refused = Batch::new(
        &Task {
            user_task_id: "t\0",
            order_callback_url: url,
            call_callback_url: url,
        },
        Rules::new(),
    );
    let expected = [
        ("nul_character", "/userTaskID".to_owned()),
        ("nul_character", "/callInfoList/orderCallbackUrl".to_owned()),
        ("nul_character", "/callInfoList/callCallbackUrl".to_owned()),
    ];
    assert_eq!(found(&refused.unwrap_err()), expected);
}

/// A typed request has no document in which a position could be looked up.
#[test]
fn typed_requests_report_the_path_alone() {
    let credentials = credentials(Algorithm::Md5);
    let stop = StopOrder {
        user_task_id: "t\0",
        order_ids: &["1", "\0"],
        del_call: None,
    };
    let refused = stop.sign(&credentials, request_id("r"), timestamp(1));
    let refused_stop = refused.unwrap_err();
    let expected = [
        ("nul_character", "/userTaskID".to_owned()),
        ("nul_character", "/orderIDs/1".to_owned()),
    ];
    assert_eq!(found(&refused_stop), expected);

    let create = CreateTask {
        user_task_id: "t",
        scene_id: "s",
        other: Some(Json::raw(r#"{"a\ud83d":[{"b":1,"b":2}]}"#)),
        extra: &[("x", "\0".into()), ("\0", 1.into()), ("x", 1.into())],
        ..CreateTask::default()
    };
    let refused = create.sign(&credentials, request_id("r"), timestamp(1));
    let refused_create = refused.unwrap_err();
    let expected = [
        ("half_surrogate", "/other".to_owned()),
        ("repeated_key", "/other".to_owned()),
        ("nul_character", String::new()),
        ("nul_character", String::new()),
        ("repeated_key", String::new()),
    ];
    assert_eq!(found(&refused_create), expected);
    for violation in refused_stop.iter().chain(&refused_create) {
        let (ViolationKind::NulCharacter { position }
        | ViolationKind::HalfSurrogate { position }
        | ViolationKind::DuplicateKey { position }) = violation.kind()
        else {
            panic!("{violation}");
        };
        assert_eq!(position, &None, "{violation}");
        assert!(!violation.message().contains("line"), "{violation}");
    }
}

/// The position of each violation in `json`.
fn positions(violations: &Violations) -> Vec<Position> {
    violations
        .iter()
        .filter_map(|violation| match *violation.kind() {
            ViolationKind::NulCharacter { position }
            | ViolationKind::HalfSurrogate { position } => position,
            _ => None,
        })
        .collect()
}

#[test]
fn keep_valid_keeps_the_other_orders_and_tells_all_in_one_run() {
    let good = |id: &str| order_json(id, "8613800000001");
    let with = |id: &str, name: &str| {
        order_json(id, "8613800000001")
            .replace("\"userName\":\"\"", &format!("\"userName\":\"{name}\""))
    };
    let key = good("5").replacen('{', "{\"\\ud83d\":1,\"a\\u0000\":2,", 1);
    let json = document_of(&[
        good("1"),
        with("2", "Mia \\ud83d"),
        with("3", "Mia \\ud83d\\ude00"),
        with("4", "\\u0000\\ude00\\u0000"),
        key,
        good("6"),
    ])
    .replace("{\"orderID\"", "\n{\"orderID\"");
    let kept = Batch::from_json_keep_valid(json.as_bytes(), Rules::new()).expect("it is JSON");
    assert_eq!(kept.batch.len(), 3);
    let order = |index: usize| format!("/callInfoList/callList/{index}");
    let expected = [
        ("half_surrogate", order(1) + "/userName"),
        ("nul_character", order(3) + "/userName"),
        ("half_surrogate", order(3) + "/userName"),
        ("half_surrogate", order(4)),
        ("nul_character", order(4)),
    ];
    assert_eq!(found(&kept.refused), expected);
    let told = positions(&kept.refused);
    assert_eq!(told.len(), expected.len());
    for (position, escape) in told.iter().zip([
        "\\ud83d\"",
        "\\u0000\\ude00",
        "\\ude00\\u0000",
        "\\ud83d\":1",
        "\\u0000\":2",
    ]) {
        assert!(json[position.offset..].starts_with(escape), "{position:?}");
        let before = &json[..position.offset];
        assert_eq!(position.line, before.matches('\n').count() + 1);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        assert_eq!(position.column, position.offset - line_start + 1);
    }
    let whole = Batch::from_json(json.as_bytes(), Rules::new());
    assert_eq!(whole.unwrap_err(), kept.refused);
}

#[test]
fn outside_of_orders_they_refuse_the_whole_document() {
    for (from, to, path) in [
        ("\"t\"", "\"t\\u0000\"", "/userTaskID"),
        (
            "https://a.example/c",
            "https://a.example/c\\ud83d",
            "/callInfoList/callCallbackUrl",
        ),
        (
            "\"callList\":[",
            "\"\\u0000\":0,\"callList\":[",
            "/callInfoList",
        ),
    ] {
        let json = DOCUMENT.replacen(from, to, 1);
        let kept = Batch::from_json_keep_valid(json.as_bytes(), Rules::new());
        let refused = kept.map(|_| ()).unwrap_err();
        let violations: Vec<_> = found(&refused);
        assert_eq!(violations.len(), 1, "{json}");
        assert_eq!(violations[0].1, path, "{json}");
    }
}
