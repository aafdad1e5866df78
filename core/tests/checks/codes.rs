//! Every error code: each is produced, and its message says what to do.

use callbot_core::{
    Algorithm, Batch, Endpoint, Order, Param, Rules, SignedRequest, Violation, Violations,
};

use crate::cases::{broken_documents, json_cases};
use crate::common::{ORDER, batch_with, credentials, request_id, timestamp};
use crate::support::{param, rules};
use crate::values::value_errors;

/// All error codes, with words that the message must contain: what is wrong, or what to do.
const CODES: &[(&str, &[&str])] = &[
    ("algorithm", &["MD5", "SHA256", "console"]),
    ("base_url_path", &["path of the request", "remove"]),
    ("blank_edge", &["with a ", "U+", "remove it"]),
    ("base_url_query", &["query", "remove"]),
    ("country_code_not_allowed", &["country code", "left out"]),
    ("create_ts_character", &["digits"]),
    ("create_ts_empty", &["empty", "Unix seconds"]),
    ("create_ts_leading_zero", &["leading zero", "remove"]),
    (
        "create_ts_milliseconds",
        &["milliseconds", "divide by 1000"],
    ),
    ("create_ts_negative", &["negative", "Unix seconds"]),
    ("create_ts_zero", &["0", "Unix seconds"]),
    (
        "duplicate_order_id",
        &["/callInfoList/callList/", "its own"],
    ),
    ("duplicate_param", &["params/", "once"]),
    ("duplicate_phone", &["/callInfoList/callList/", "once"]),
    ("empty", &["empty"]),
    ("id_too_long", &["4097 bytes", "passed in its place"]),
    ("empty_batch", &["no orders", "add one"]),
    ("half_surrogate", &["half", "whole character"]),
    ("json_byte_order_mark", &["byte-order mark", "without"]),
    ("json_incomplete", &["the document ", "; look "]),
    ("json_not_utf8", &["UTF-8", "byte"]),
    ("json_syntax", &["line", "column"]),
    ("json_trailing_bytes", &["line", "column", "only"]),
    ("json_utf16", &["UTF-16", "save it as UTF-8"]),
    ("missing_key", &["missing", "required"]),
    ("missing_param", &["variable", "not filled"]),
    ("not_integer", &["integer", "without fraction"]),
    ("nul_character", &["U+0000", "remove it"]),
    ("out_of_range", &["from 1 to 3"]),
    ("phone_blank", &["character", "remove"]),
    ("phone_character", &["character", "only digits"]),
    ("phone_country_code", &["country code", "add"]),
    ("phone_empty", &["empty"]),
    ("phone_extension", &["extension", "remove"]),
    ("phone_foreign_digit", &["digit", "ASCII"]),
    ("phone_international_prefix", &["00", "remove that"]),
    ("phone_invisible", &["character", "remove"]),
    ("phone_json_number", &["string", "quotes"]),
    ("phone_leading_zero", &["0", "country code"]),
    ("phone_line_end", &["another line", "an order of its own"]),
    ("phone_no_country_code", &["'+'", "country code"]),
    ("phone_plus", &["'+'", "only digits"]),
    ("phone_punctuation", &["character", "without separators"]),
    ("phone_spreadsheet", &["spreadsheet", "as text"]),
    ("phone_string_too_long", &["257 bytes", "at most 256"]),
    ("phone_too_long", &["at most 15"]),
    ("phone_too_short", &["at least 7"]),
    ("phone_trunk_zero", &["0", "from abroad"]),
    ("phone_wrapped", &["at character", "only its digits"]),
    ("product_id", &["\"callbot\""]),
    ("refused", &[]),
    ("repeated_key", &["duplicate", "remove one"]),
    ("request_id_character", &["character", "letters"]),
    ("request_id_empty", &["empty", "1 to 128"]),
    ("request_id_too_long", &["129", "at most 128"]),
    ("rules_country_code", &["country code", "digits"]),
    ("rules_max_orders", &["0", "at least 1"]),
    ("rules_param_empty", &["empty"]),
    ("rules_param_nul", &["U+0000", "without the NUL"]),
    ("rules_param_repeated", &["duplicate", "once"]),
    ("secret_key_assignment", &["name and '='", "follows"]),
    ("secret_key_blank_at_end", &["ends with", "remove"]),
    ("secret_key_blank_at_start", &["starts with", "remove"]),
    ("secret_key_empty", &["empty", "console"]),
    (
        "similar_param",
        &["differs from", "/params/", "write both alike"],
    ),
    ("too_many_elements", &["500", "split"]),
    ("secret_key_quoted", &["quotation marks", "remove"]),
    ("too_many_orders", &["another"]),
    ("unknown_key", &["unknown", "remove"]),
    ("unknown_param", &["template", "console"]),
    ("url_character", &["character", "percent-encode"]),
    ("url_empty", &["empty", "http"]),
    ("url_empty_label", &["empty label", "remove"]),
    ("url_fragment", &["fragment", "remove"]),
    ("url_host_character", &["host", "character"]),
    ("url_host_not_ascii", &["host", "Punycode"]),
    ("url_host_too_long", &["254", "at most 253"]),
    ("url_ipv4", &["IPv4", "0 to 255"]),
    ("url_ipv6", &["IPv6", "brackets"]),
    ("url_joined", &["same host", "keep one"]),
    ("url_label_hyphen", &["'-'", "cut off"]),
    ("url_label_too_long", &["64", "at most 63"]),
    ("url_no_host", &["host"]),
    ("url_not_absolute", &["absolute", "https://"]),
    ("url_port", &["port", "65535"]),
    ("url_scheme", &["http"]),
    ("url_scheme_as_host", &["second scheme", "once"]),
    ("url_syntax", &["malformed", "%"]),
    ("uuid_assignment", &["name and '='", "follows"]),
    ("uuid_character", &["character", "letters"]),
    ("uuid_empty", &["empty", "1 to 128"]),
    ("uuid_is_secret_key", &["same string", "console"]),
    ("uuid_quoted", &["quotation marks", "remove"]),
    ("uuid_too_long", &["129", "at most 128"]),
    ("wrong_type", &["expected", "found"]),
];

/// Needs a body of 4 GiB; `memory.rs` tests it.
const CODE_OF_LARGE_BODIES: &str = "body_too_large";

/// Violations of orders under [`rules`].
fn violations_of_rules() -> Vec<Violations> {
    let refused = |phone, params: &[Param<'_>]| {
        let order = Order {
            user_phone: phone,
            params,
            ..ORDER
        };
        batch_with(rules()).add(&order).unwrap_err()
    };
    let good = [param("amount", "1"), param("due", "2")];
    let mut full = batch_with(rules());
    for order_id in ["1", "2"] {
        let order = Order {
            order_id,
            params: &good,
            ..ORDER
        };
        full.add(&order).expect("the order is valid");
    }
    let one_more = Order {
        order_id: "1",
        params: &good,
        ..ORDER
    };
    vec![
        refused("4915112345678", &good),
        refused("8613800000001", &[param("amount", "1")]),
        refused(
            "8613800000001",
            &[param("amount", "1"), param("due", "2"), param("x", "3")],
        ),
        refused(
            "8613800000001",
            &[param("amount", "1"), param("due", "2"), param("due", "3")],
        ),
        full.add(&one_more).unwrap_err(),
        violations_of_what_nobody_sees(),
    ]
}

fn violations_of_what_nobody_sees() -> Violations {
    let long = "x".repeat(4097);
    let mut rules = Rules::new();
    rules.unique_phones();
    batch_with(rules)
        .add_all([
            ORDER,
            Order {
                order_id: "2\r",
                ..ORDER
            },
            Order {
                order_id: &long,
                params: &[param("p\u{200b}q", "1"), param("pq", "2")],
                ..ORDER
            },
        ])
        .unwrap_err()
}

/// Violations of requests without orders.
fn violations_of_requests() -> Vec<Violations> {
    let ids = vec!["\"1\""; 501].join(",");
    let requests = [
        (Endpoint::MgrTaskStatus, r#"{"taskOperate":4}"#.to_owned()),
        (Endpoint::MgrTaskStatus, r#"{"taskOperate":1.5}"#.to_owned()),
        (
            Endpoint::ListOrderDetail,
            format!(r#"{{"orderList":[{ids}]}}"#),
        ),
        (
            Endpoint::CreateTask,
            r#"{"other":["\ud83d","\u0000",{"a":1,"a":2}]}"#.to_owned(),
        ),
    ];
    requests
        .map(|(endpoint, json)| {
            let credentials = credentials(Algorithm::Md5);
            let id = request_id("r");
            let json = json.as_bytes();
            SignedRequest::from_json(endpoint, json, &credentials, id, timestamp(1)).unwrap_err()
        })
        .into()
}

#[test]
fn every_code_is_produced_and_every_message_says_what_to_do() {
    let mut seen: Vec<(String, String)> = Vec::new();
    let mut see = |violations: &Violations| {
        for violation in violations {
            let message = violation.message();
            let path = match violation.path() {
                path if path.is_empty() => "the document".into(),
                path => path,
            };
            let line = format!("{path}: {message} [{}]", violation.code());
            assert_eq!(violation.to_string(), line);
            assert_eq!(violation.kind().code(), violation.code());
            seen.push((violation.code().into(), message));
        }
        let lines: Vec<String> = violations.iter().map(Violation::to_string).collect();
        assert_eq!(violations.to_string(), lines.join("\n"));
    };
    for (document, _) in json_cases() {
        see(&Batch::from_json(document.as_bytes(), Rules::new()).unwrap_err());
    }
    for (bytes, _) in broken_documents() {
        see(&Batch::from_json(&bytes, Rules::new()).unwrap_err());
    }
    for violations in violations_of_rules()
        .iter()
        .chain(&violations_of_requests())
    {
        see(violations);
    }
    for (error, code) in value_errors() {
        seen.push((code.into(), error.to_string()));
    }

    for (code, message) in &seen {
        let (_, words) = CODES
            .iter()
            .find(|(known, _)| known == code)
            .unwrap_or_else(|| panic!("{code} is not in the list"));
        for word in *words {
            assert!(message.contains(word), "{code}: {message:?} lacks {word:?}");
        }
        assert!(!message.contains('\n'), "{code}: {message:?}");
    }
    for (code, _) in CODES {
        assert!(
            seen.iter().any(|(s, _)| s == code),
            "{code} is not produced"
        );
    }
    assert!(!seen.iter().any(|(s, _)| s == CODE_OF_LARGE_BODIES));
}
