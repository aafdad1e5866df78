//! No error and no `Debug` output shows a secret, phone number, name, value or URL.

mod common;

use std::fmt::{Debug, Display};

use callbot_core::{
    Algorithm, Batch, CreateTask, Credentials, Endpoint, Error, Json, Order, OrderEndpoint, Param,
    PhoneNumber, Policy, RequestId, Rules, SecretKey, SignedRequest, Task, Timestamp, Violations,
};
use common::{DOCUMENT, document_of, edited, order_json, request_id, timestamp};

/// Markers for personal data and secrets. No output may contain one of them, or five successive
/// digits of a number.
const SECRET: &str = "zqsecretzq";
const NAME: &str = "Zqname";
const CUSTOMER: &str = "Zqcustomer";
const OTHER: &str = "Zqother";
const VALUE: &str = "Zqvalue";
const ORDER_ID: &str = "861380424242";
const PHONE: &str = "8613804242420";
const URL: &str = "https://zquser:zqpassword@zqhost.example/zqpath?token=zqtoken";

/// Asserts that `output` contains no private data.
#[track_caller]
fn assert_private(output: &str) {
    let lower = output.to_lowercase();
    for private in ["zq", "王芳", "42424"] {
        assert!(!lower.contains(private), "{private} in {output}");
    }
    for digits in [PHONE, ORDER_ID] {
        for piece in digits.as_bytes().windows(5) {
            let piece = std::str::from_utf8(piece).expect("digits are ASCII");
            assert!(!output.contains(piece), "{piece} in {output}");
        }
    }
}

#[track_caller]
fn assert_debug_is_private(value: &impl Debug) {
    assert_private(&format!("{value:?}"));
    assert_private(&format!("{value:#?}"));
}

#[track_caller]
fn assert_error_is_private(error: &(impl Debug + Display)) {
    assert_debug_is_private(error);
    assert_private(&error.to_string());
}

#[track_caller]
fn assert_violations_are_private(violations: &Violations) {
    assert!(!violations.is_empty());
    assert_error_is_private(violations);
    for violation in violations {
        assert_error_is_private(violation);
        assert_private(&violation.path());
        assert_private(&violation.message());
        assert_debug_is_private(violation.kind());
    }
    let error = Error::from(violations.clone());
    assert_error_is_private(&error);
    assert_private(error.code());
}

#[track_caller]
fn assert_refused_privately(document: &[u8]) {
    let refused = Batch::from_json(document, Rules::new());
    assert_violations_are_private(&refused.unwrap_err());
}

const PARAMS: &[Param<'static>] = &[Param {
    name: "amount",
    value: VALUE,
}];

const ORDER: Order<'static> = Order {
    order_id: ORDER_ID,
    user_phone: PHONE,
    other: OTHER,
    user_name: NAME,
    customer_name: CUSTOMER,
    params: PARAMS,
};

const TASK: Task<'static> = Task {
    user_task_id: "t",
    order_callback_url: URL,
    call_callback_url: URL,
};

fn batch() -> Batch {
    Batch::new(&TASK, Rules::new()).expect("the task is valid")
}

/// The same order as a document.
fn document() -> String {
    let mut batch = batch();
    batch.add(&ORDER).expect("the order is valid");
    String::from_utf8(batch.body().to_vec()).expect("a body is UTF-8")
}

#[test]
fn assert_private_finds_each_marker() {
    let document = document();
    for marker in [NAME, CUSTOMER, OTHER, VALUE, ORDER_ID, PHONE, URL] {
        assert!(document.contains(marker));
        assert!(std::panic::catch_unwind(|| assert_private(marker)).is_err());
    }
    assert!(std::panic::catch_unwind(|| assert_private(SECRET)).is_err());
}

#[test]
fn payload_types_show_no_contact() {
    assert_debug_is_private(&ORDER);
    assert_debug_is_private(&PARAMS);
    let phone = PhoneNumber::parse(PHONE).expect("the phone number is valid");
    assert_debug_is_private(&phone);
    let mut batch = batch();
    batch.add(&ORDER).expect("the order is valid");
    assert_debug_is_private(&batch);
    let kept = Batch::from_json_keep_valid(document().as_bytes(), Rules::new())
        .expect("the document is valid");
    assert_debug_is_private(&kept);
    let duplicates = document_of(&[order_json(ORDER_ID, PHONE), order_json(ORDER_ID, PHONE)]);
    let kept = Batch::from_json_keep_valid(duplicates.as_bytes(), Rules::new())
        .expect("one order is valid");
    assert_eq!(kept.refused.len(), 1);
    assert_debug_is_private(&kept);
}

#[test]
fn a_task_shows_no_url() {
    assert_debug_is_private(&TASK);
}

#[test]
fn requests_and_accounts_show_no_secret_and_no_body() {
    for algorithm in [Algorithm::Md5, Algorithm::Sha256] {
        let key = SecretKey::new(SECRET).expect("the secret key is valid");
        assert_debug_is_private(&key);
        let account = Credentials::new("u", key, algorithm).expect("the account is valid");
        assert_debug_is_private(&account);
        let mut batch = batch();
        batch.add(&ORDER).expect("the order is valid");
        let request = batch
            .sign(&account, request_id("r"), timestamp(1))
            .expect("the batch has an order");
        assert_debug_is_private(&request);
        assert_debug_is_private(&request.sign_again(&account, request_id("s"), timestamp(2)));
        assert_debug_is_private(request.signature());
        for (_, value) in request.headers() {
            assert_private(value);
        }
        // The signed string is shown with the secret masked; the rest is public.
        let output = account.masked_signed_string(&request_id("r"), timestamp(1), b"body");
        assert_private(&String::from_utf8(output).expect("valid UTF-8"));
    }
}

#[test]
fn errors_do_not_show_a_refused_secret() {
    for secret in [
        String::new(),
        format!(" {SECRET}"),
        format!("{SECRET}\n"),
        format!("\u{202a}{SECRET}"),
        format!("{SECRET}\u{feff}"),
        format!("\"{SECRET}\""),
        format!("SECRET_KEY={SECRET}"),
    ] {
        assert_error_is_private(&SecretKey::new(secret).unwrap_err());
    }
}

#[test]
fn errors_do_not_show_refused_values() {
    fn refused<T>(result: Result<T, impl Into<Error>>) -> Error {
        result.err().expect("the value is refused").into()
    }
    let base = |url: &str| {
        let mut batch = batch();
        batch.add(&ORDER).expect("the order is valid");
        batch
            .sign(
                &common::credentials(Algorithm::Md5),
                request_id("r"),
                timestamp(1),
            )
            .expect("the batch has an order")
            .to_http(url)
    };
    let key = || SecretKey::new("k").expect("the secret key is valid");
    let account = |uuid: String| Credentials::new(uuid, key(), Algorithm::Md5);
    for error in [
        refused(RequestId::new(format!("{SECRET}&"))),
        refused(RequestId::new(SECRET.repeat(20))),
        refused(account(format!("{SECRET}\n"))),
        refused(account(SECRET.repeat(20))),
        refused(account(format!("'{SECRET}'"))),
        refused(account(format!("UUID={SECRET}"))),
        refused(format!("{PHONE}x").parse::<Timestamp>()),
        refused(PHONE.parse::<Timestamp>()),
        refused(SECRET.parse::<Algorithm>()),
        refused(Rules::new().allow_country_code(PHONE)),
        refused(base(&format!("{URL}#"))),
        refused(base(URL)),
        refused(base(&URL.replace("https", "ftp"))),
        refused(base(&URL.replace("zqpath", "zq path"))),
        refused(base(&URL.replace("https://", ""))),
        refused(base(&URL.replace("https://", "https://https://"))),
        refused(base(&URL.replace("https://", "https://zq..zq/"))),
        refused(base(&URL.replace("https://", "https://zq%41/"))),
        refused(base(&URL.replace("https://", "https://zqü/"))),
        refused(base(&URL.replace("https://", "https://42424.42424/"))),
        refused(base(&URL.replace("https://", "https://zq.example:424242/"))),
        refused(base("https://zq.example/https://zq.example/")),
        refused(base("https://zq.example/callcentre/api/v3/")),
    ] {
        assert_error_is_private(&error);
    }
    let mut rules = Rules::new();
    rules.require_param(NAME).expect("the name is new");
    assert_error_is_private(&rules.require_param(NAME).unwrap_err());
}

#[test]
fn errors_do_not_show_a_refused_phone_number() {
    let forms = [
        format!("+{PHONE}"),
        format!("00{PHONE}"),
        format!("0{PHONE}"),
        format!(" {PHONE}"),
        format!("{PHONE}-"),
        format!("{PHONE}\u{202c}"),
        format!("{PHONE}９"),
        format!("{PHONE}x"),
        format!("{PHONE}.0"),
        format!("{PHONE}000"),
        format!("999{PHONE}"),
        PHONE.chars().flat_map(|c| [c, ' ']).collect(),
        format!("+44 0{PHONE}"),
        format!("+{PHONE} / +{PHONE}"),
        format!("86 {PHONE}"),
        format!("{PHONE}{PHONE}"),
        format!("{NAME} {PHONE}"),
        format!("'{PHONE}"),
        format!("=+{PHONE}"),
        format!("tel:{PHONE}"),
        format!("https://wa.me/{PHONE}"),
        format!("#{PHONE}"),
        format!("+{PHONE} ext. 42424"),
        format!("{PHONE}\u{2028}{PHONE}"),
        PHONE.repeat(20),
    ];
    for form in &forms {
        let error = PhoneNumber::parse(form).unwrap_err();
        assert_error_is_private(&error);
        assert_error_is_private(&Error::from(error));
        if let Err(error) = PhoneNumber::from_typed(form) {
            assert_error_is_private(&error);
            assert_error_is_private(&Error::from(error));
        }
        let order = Order {
            user_phone: form,
            ..ORDER
        };
        assert_violations_are_private(&batch().add(&order).unwrap_err());
        let edited_document = edited(&document(), &format!("\"{PHONE}\""), &format!("\"{form}\""));
        assert_refused_privately(edited_document.as_bytes());
    }
}

#[test]
fn errors_do_not_show_a_refused_order() {
    let mut rules = Rules::new();
    rules
        .require_param("due")
        .and_then(|rules| rules.allow_country_code("1"))
        .and_then(|rules| rules.max_orders(1))
        .expect("the rules are valid");
    let mut batch = Batch::new(&TASK, rules).expect("the task is valid");
    let due = [Param {
        name: "due",
        value: VALUE,
    }];
    let good = Order {
        user_phone: "14155550100",
        params: &due,
        ..ORDER
    };
    batch.add(&good).expect("the order is valid");
    let private = Param {
        name: NAME,
        value: VALUE,
    };
    let private_params = [private, private, due[0], due[0]];
    for order in [
        ORDER,
        good,
        Order {
            params: &private_params,
            ..ORDER
        },
        Order {
            order_id: "",
            ..ORDER
        },
    ] {
        assert_violations_are_private(&batch.add(&order).unwrap_err());
    }
    assert_debug_is_private(&batch);
}

#[test]
fn errors_do_not_show_a_refused_task() {
    for url in [
        URL.replace("https", "ftp"),
        URL.replace("https://", ""),
        URL.replace("https", "zqscheme"),
        URL.replace("zqpath", "zq path"),
        URL.replace("zqpath", "%zq"),
        URL.replace("zqhost.example", "zqhost.example:424242"),
        URL.replace("zqhost.example", ""),
        format!("{URL}#zqfragment"),
    ] {
        let task = Task {
            order_callback_url: &url,
            ..TASK
        };
        assert_violations_are_private(&Batch::new(&task, Rules::new()).unwrap_err());
    }
}

#[test]
fn errors_do_not_show_a_refused_document() {
    let document = document();
    let json = |string: &str| serde_json::to_string(string).expect("a string can be serialized");
    for value in [NAME, CUSTOMER, OTHER, VALUE, ORDER_ID, PHONE] {
        let whole = json(value);
        for to in [
            // Of another type, with the same content.
            format!("[{whole}]"),
            format!("{{{whole}:{whole}}}"),
            "null".into(),
            // Invalid JSON.
            whole[..whole.len() - 1].to_owned(),
            format!("{whole}{whole}"),
            format!("{whole}:{whole}"),
            value.to_owned(),
            format!("\"{value}\\x\""),
            format!("\"{value}\\ud800\""),
            format!("\"{value}\n\""),
            format!("'{value}'"),
            format!("{value}e99999"),
            format!("-{value}"),
        ] {
            let edited_document = edited(&document, &whole, &to);
            match Batch::from_json(edited_document.as_bytes(), Rules::new()) {
                Ok(_) => panic!("accepted: {edited_document}"),
                Err(violations) => assert_violations_are_private(&violations),
            }
        }
        let mut cut =
            document[..document.find(&whole).expect("the document has the value") + 4].to_owned();
        assert_refused_privately(cut.as_bytes());
        cut.push('\u{1}');
        assert_refused_privately(cut.as_bytes());
        // Trailing bytes.
        let edited_document = format!("{document}{whole}");
        assert_refused_privately(edited_document.as_bytes());
        let mut bytes = document.clone().into_bytes();
        bytes.extend(value.as_bytes());
        bytes.push(0xff);
        assert_refused_privately(&bytes);
    }
    // A number in place of a string.
    for value in [PHONE, ORDER_ID] {
        let edited_document = edited(&document, &json(value), value);
        assert_refused_privately(edited_document.as_bytes());
    }
    let edited_document = document.replace("https://", "ftp://");
    assert_refused_privately(edited_document.as_bytes());
    let edited_document = edited(&document, "\"callbot\"", &json(NAME));
    assert_refused_privately(edited_document.as_bytes());
}

#[test]
fn errors_do_not_show_a_key_that_may_be_personal_data() {
    let document = document();
    for object in [
        "{\"productID\"",
        "{\"orderCallbackUrl\"",
        "{\"orderID\"",
        "{\"name\"",
    ] {
        for key in [
            PHONE,
            ORDER_ID,
            "+8613804242420",
            "tel8613804242420",
            "zq 王芳",
            "王芳",
            NAME,
            "Zqfirst Zqlast",
            "zqfirst zqlast",
            "zqname@example.com",
            "zq-name",
            "zq/name",
            "zq~name",
            "zq.name",
            "zqnamé",
            "\\u738b\\u82b3",
            URL,
        ] {
            let with_key = object.replacen('{', &format!("{{\"{key}\":\"{NAME}\","), 1);
            let edited_document = edited(&document, object, &with_key);
            let refused = Batch::from_json(edited_document.as_bytes(), Rules::new()).unwrap_err();
            assert_eq!(
                common::codes(&refused),
                ["unknown_key"],
                "{edited_document}"
            );
            assert_violations_are_private(&refused);
            if let Ok(kept) = Batch::from_json_keep_valid(edited_document.as_bytes(), Rules::new())
            {
                assert_debug_is_private(&kept);
            }
        }
    }
}

/// Names and tokens that look like keys of an API, as keys and values of each type: of documents
/// under both policies, of every endpoint, and of typed requests.
#[test]
fn errors_show_no_name_and_no_token() {
    for token in [
        "zhangwei",
        "hunter2",
        "mueller_1990",
        "hunter2_orderID",
        "4915112345",
        "\u{43f}\u{430}\u{440}\u{43e}\u{43b}\u{44c}",
        "\u{5bc6}\u{7801}",
        "\u{645}\u{62d}\u{645}\u{62f}",
    ] {
        let quoted = format!("\"{token}\"");
        let values = [
            quoted.clone(),
            format!("{{{quoted}:{quoted},{quoted}:1}}"),
            format!("[{quoted},[{quoted}],{{}}]"),
            format!("\"{token}\\ud83d{token}\""),
            format!("\"\\u0000{token}\""),
            // What is no JSON.
            token.to_owned(),
            format!("\"{token}\\x\""),
            format!("{quoted}{quoted}"),
            format!("\"{token}"),
        ];
        let check = |violations: Violations| {
            let parts = violations.iter().flat_map(|violation| {
                let of_it = [
                    violation.path(),
                    violation.message(),
                    violation.field().into(),
                ];
                of_it.into_iter().chain(violation.param().map(Into::into))
            });
            let whole = [violations.to_string(), format!("{violations:#?}")];
            for output in parts.chain(whole) {
                assert!(!output.contains(token), "{token} in {output}");
            }
        };
        let credentials = common::credentials(Algorithm::Md5);
        let read = |endpoint: Endpoint, json: &str| {
            let json = json.as_bytes();
            let id = request_id("r");
            let signed = SignedRequest::from_json(endpoint, json, &credentials, id, timestamp(1));
            let _ = signed.map_err(check);
            let _ = Batch::from_json(json, Rules::new()).map_err(check);
            if let Ok(endpoint) = OrderEndpoint::try_from(endpoint) {
                let policy = Policy::KeepValid;
                let kept = Batch::read_json_for(endpoint, json, Rules::new(), policy, None);
                check(kept.map_or_else(|refused| refused, |kept| kept.refused));
            }
        };
        for value in &values {
            for (start, _) in DOCUMENT.match_indices('{') {
                let (before, after) = DOCUMENT.split_at(start + 1);
                // As a key twice, and as the value of one that is known, or nearly.
                let key = format!("{before}{quoted}:{value},{quoted}:1,{after}");
                read(Endpoint::AddBatchCall, &key);
                let value = format!("{before}\"orderId\":{value},{after}");
                read(Endpoint::CreateAndCall, &value);
            }
            for string in [
                "\"t\"",
                "\"1\"",
                "\"8613800000001\"",
                "\"o\"",
                "\"p\"",
                "\"v\"",
            ] {
                read(Endpoint::ImportBatchCall, &edited(DOCUMENT, string, value));
            }
            for &endpoint in Endpoint::ALL {
                for key in ["userTaskID", "orderIDs", "other", "data", "options", token] {
                    read(
                        endpoint,
                        &format!("{{\"{key}\":{value},\"{key}\":{value}}}"),
                    );
                }
            }
            let typed = CreateTask {
                user_task_id: token,
                scene_id: "\0",
                other: Some(Json::raw(value)),
                extra: &[(token, Json::raw(value)), (token, Json::raw(value))],
                ..CreateTask::default()
            };
            check(
                typed
                    .sign(&credentials, request_id("r"), timestamp(1))
                    .unwrap_err(),
            );
        }
    }
}

/// Private data as a value of each type at every place, as a duplicate, and as a key.
#[test]
fn violations_of_any_request_are_private() {
    let number = PHONE;
    let string = format!("\"{NAME} {PHONE}\"");
    let private = [
        number.to_owned(),
        string.clone(),
        format!("{number}.5"),
        format!("[{string},{number},null]"),
        format!("{{{string}:{string},{string}:{number}}}"),
        format!("\"{NAME}\\ud83d\""),
    ];
    let keys = [
        "account",
        "callInfoList",
        "data",
        "delCall",
        "funcFlag",
        "options",
        "orderIDs",
        "orderList",
        "page",
        "productID",
        "queryConditions",
        "sceneID",
        "size",
        "taskCreateSetting",
        "taskOperate",
        "userTaskID",
    ];
    let credentials = common::credentials(Algorithm::Md5);
    for &endpoint in Endpoint::ALL {
        for value in &private {
            let mut members: Vec<String> = keys
                .iter()
                .map(|key| format!("\"{key}\":{value}"))
                .collect();
            for key in [NAME, PHONE] {
                members.extend([format!("\"{key}\":{value}"), format!("\"{key}\":1")]);
            }
            let json = format!("{{{}}}", members.join(","));
            let id = request_id("r");
            let refused =
                SignedRequest::from_json(endpoint, json.as_bytes(), &credentials, id, timestamp(1));
            assert_violations_are_private(&refused.unwrap_err());
        }
    }
}
