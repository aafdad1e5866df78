//! No secret, phone number, name, value or URL shows up in an error or in the `Debug` of anything.

mod common;

use std::fmt::{Debug, Display};

use callbot_core::{
    Algorithm, Batch, Credentials, Error, Order, Param, PhoneNumber, RequestId, Rules, SecretKey,
    Task, Timestamp, Violations,
};
use common::{document_of, edited, order_json, request_id, timestamp};

/// Texts that stand for personal data and secrets. None of them, and no long piece of a number, may be shown.
const SECRET: &str = "zqsecretzq";
const NAME: &str = "Zqname";
const CUSTOMER: &str = "Zqcustomer";
const OTHER: &str = "Zqother";
const VALUE: &str = "Zqvalue";
const ORDER_ID: &str = "861380424242";
const PHONE: &str = "8613804242420";
const URL: &str = "https://zquser:zqpassword@zqhost.example/zqpath?token=zqtoken";

/// Holds that `shown` has nothing of what is private.
#[track_caller]
fn assert_private(shown: &str) {
    let lower = shown.to_lowercase();
    for private in ["zq", "王芳", "42424"] {
        assert!(!lower.contains(private), "{private} in {shown}");
    }
    for digits in [PHONE, ORDER_ID] {
        for piece in digits.as_bytes().windows(5) {
            let piece = std::str::from_utf8(piece).expect("digits are ASCII");
            assert!(!shown.contains(piece), "{piece} in {shown}");
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
    Batch::new(&TASK, Rules::new()).expect("the task is right")
}

/// The same as a document.
fn document() -> String {
    let mut batch = batch();
    batch.add(&ORDER).expect("the order is right");
    String::from_utf8(batch.body().to_vec()).expect("a body is UTF-8")
}

#[test]
fn the_markers_are_what_is_private() {
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
    let phone = PhoneNumber::parse(PHONE).expect("it is a number");
    assert_debug_is_private(&phone);
    let mut batch = batch();
    batch.add(&ORDER).expect("the order is right");
    assert_debug_is_private(&batch);
    let kept =
        Batch::from_json_keep_valid(document().as_bytes(), Rules::new()).expect("it is right");
    assert_debug_is_private(&kept);
    let twice = document_of(&[order_json(ORDER_ID, PHONE), order_json(ORDER_ID, PHONE)]);
    let kept = Batch::from_json_keep_valid(twice.as_bytes(), Rules::new()).expect("one is right");
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
        let key = SecretKey::new(SECRET).expect("it is a key");
        assert_debug_is_private(&key);
        let account = Credentials::new("u", key, algorithm).expect("it is an account");
        assert_debug_is_private(&account);
        let mut batch = batch();
        batch.add(&ORDER).expect("the order is right");
        let request = batch
            .sign(&account, request_id("r"), timestamp(1))
            .expect("it has an order");
        assert_debug_is_private(&request);
        assert_debug_is_private(&request.sign_again(&account, request_id("s"), timestamp(2)));
        assert_debug_is_private(request.signature());
        for (_, value) in request.headers() {
            assert_private(value);
        }
        // The secret is masked where the signed string is shown; the rest is meant to be seen.
        let shown = account.masked_signed_string(&request_id("r"), timestamp(1), b"body");
        assert_private(&String::from_utf8(shown).expect("it is text"));
    }
}

#[test]
fn a_refused_secret_is_not_repeated() {
    for secret in [
        String::new(),
        format!(" {SECRET}"),
        format!("{SECRET}\n"),
        format!("\u{202a}{SECRET}"),
        format!("{SECRET}\u{feff}"),
    ] {
        assert_error_is_private(&SecretKey::new(secret).unwrap_err());
    }
}

#[test]
fn refused_values_are_not_repeated() {
    fn refused<T>(result: Result<T, impl Into<Error>>) -> Error {
        result.err().expect("the value is refused").into()
    }
    let base = |url: &str| {
        let mut batch = batch();
        batch.add(&ORDER).expect("the order is right");
        batch
            .sign(
                &common::credentials(Algorithm::Md5),
                request_id("r"),
                timestamp(1),
            )
            .expect("it has an order")
            .to_http(url)
    };
    let key = || SecretKey::new("k").expect("it is a key");
    let account = |uuid: String| Credentials::new(uuid, key(), Algorithm::Md5);
    for error in [
        refused(RequestId::new(format!("{SECRET}&"))),
        refused(RequestId::new(SECRET.repeat(20))),
        refused(account(format!("{SECRET}\n"))),
        refused(account(SECRET.repeat(20))),
        refused(format!("{PHONE}x").parse::<Timestamp>()),
        refused(PHONE.parse::<Timestamp>()),
        refused(SECRET.parse::<Algorithm>()),
        refused(Rules::new().allow_country_code(PHONE)),
        refused(base(&format!("{URL}#"))),
        refused(base(URL)),
        refused(base(&URL.replace("https", "ftp"))),
        refused(base(&URL.replace("zqpath", "zq path"))),
        refused(base(&URL.replace("https://", ""))),
    ] {
        assert_error_is_private(&error);
    }
    let mut rules = Rules::new();
    rules.require_param(NAME).expect("it is new");
    assert_error_is_private(&rules.require_param(NAME).unwrap_err());
}

#[test]
fn a_refused_phone_number_is_not_repeated() {
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
    ];
    for form in &forms {
        let fault = PhoneNumber::parse(form).unwrap_err();
        assert_error_is_private(&fault);
        assert_error_is_private(&Error::from(fault));
        if let Err(fault) = PhoneNumber::from_typed(form) {
            assert_error_is_private(&fault);
            assert_error_is_private(&Error::from(fault));
        }
        let order = Order {
            user_phone: form,
            ..ORDER
        };
        assert_violations_are_private(&batch().add(&order).unwrap_err());
        let text = edited(&document(), &format!("\"{PHONE}\""), &format!("\"{form}\""));
        assert_violations_are_private(
            &Batch::from_json(text.as_bytes(), Rules::new()).unwrap_err(),
        );
    }
}

#[test]
fn a_refused_order_is_not_repeated() {
    let mut rules = Rules::new();
    rules
        .require_param("due")
        .and_then(|rules| rules.allow_country_code("1"))
        .and_then(|rules| rules.max_orders(1))
        .expect("the rules are right");
    let mut batch = Batch::new(&TASK, rules).expect("the task is right");
    let due = [Param {
        name: "due",
        value: VALUE,
    }];
    let good = Order {
        user_phone: "14155550100",
        params: &due,
        ..ORDER
    };
    batch.add(&good).expect("the order is right");
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
fn a_refused_task_is_not_repeated() {
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
fn a_refused_document_is_not_repeated() {
    let document = document();
    let json = |text: &str| serde_json::to_string(text).expect("a string can be written");
    for value in [NAME, CUSTOMER, OTHER, VALUE, ORDER_ID, PHONE] {
        let whole = json(value);
        for to in [
            // Of another type, with the same in it.
            format!("[{whole}]"),
            format!("{{{whole}:{whole}}}"),
            "null".into(),
            // Broken in several ways.
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
            let text = edited(&document, &whole, &to);
            match Batch::from_json(text.as_bytes(), Rules::new()) {
                Ok(_) => panic!("accepted: {text}"),
                Err(violations) => assert_violations_are_private(&violations),
            }
        }
        let mut cut = document[..document.find(&whole).expect("it is there") + 4].to_owned();
        assert_violations_are_private(&Batch::from_json(cut.as_bytes(), Rules::new()).unwrap_err());
        cut.push('\u{1}');
        assert_violations_are_private(&Batch::from_json(cut.as_bytes(), Rules::new()).unwrap_err());
        // Something behind the end.
        let text = format!("{document}{whole}");
        assert_violations_are_private(
            &Batch::from_json(text.as_bytes(), Rules::new()).unwrap_err(),
        );
        let mut bytes = document.clone().into_bytes();
        bytes.extend(value.as_bytes());
        bytes.push(0xff);
        assert_violations_are_private(&Batch::from_json(&bytes, Rules::new()).unwrap_err());
    }
    // A number in place of a string.
    for value in [PHONE, ORDER_ID] {
        let text = edited(&document, &json(value), value);
        assert_violations_are_private(
            &Batch::from_json(text.as_bytes(), Rules::new()).unwrap_err(),
        );
    }
    let text = document.replace("https://", "ftp://");
    assert_violations_are_private(&Batch::from_json(text.as_bytes(), Rules::new()).unwrap_err());
    let text = edited(&document, "\"callbot\"", &json(NAME));
    assert_violations_are_private(&Batch::from_json(text.as_bytes(), Rules::new()).unwrap_err());
}

#[test]
fn a_key_that_may_be_personal_data_is_not_repeated() {
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
            let text = edited(&document, object, &with_key);
            let refused = Batch::from_json(text.as_bytes(), Rules::new()).unwrap_err();
            assert_eq!(common::codes(&refused), ["unknown_key"], "{text}");
            assert_violations_are_private(&refused);
            if let Ok(kept) = Batch::from_json_keep_valid(text.as_bytes(), Rules::new()) {
                assert_debug_is_private(&kept);
            }
        }
    }
}
