//! Everything that is refused: code, place, message, and what stays as it was.

mod common;

use callbot_core::{
    Algorithm, Batch, Credentials, Error, JsonType, Order, Param, PhoneError, PhoneNumber,
    RequestId, Rules, SecretKey, Task, Timestamp, UrlError, Violation, ViolationKind, Violations,
};
use common::{
    DOCUMENT, ORDER, TASK, batch, batch_with, codes, credentials, document_of, edited, found,
    order_json, request_id, timestamp,
};

/// Every code that there is, with words that its message must hold: what is wrong, or what to do about it.
const CODES: &[(&str, &[&str])] = &[
    ("algorithm", &["MD5", "SHA256", "console"]),
    ("base_url_query", &["query", "remove"]),
    ("country_code_not_allowed", &["country code", "forgotten"]),
    ("create_ts_character", &["digits"]),
    ("create_ts_empty", &["empty", "Unix seconds"]),
    ("create_ts_leading_zero", &["leading zeros"]),
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
    ("empty", &["empty"]),
    ("empty_batch", &["no orders", "add one"]),
    ("json_byte_order_mark", &["byte-order mark", "without"]),
    ("json_incomplete", &["line", "column", "lost"]),
    ("json_not_utf8", &["UTF-8", "byte"]),
    ("json_syntax", &["line", "column"]),
    ("json_trailing_bytes", &["line", "column", "nothing else"]),
    ("json_utf16", &["UTF-16", "save it as UTF-8"]),
    ("missing_key", &["missing", "requires"]),
    ("missing_param", &["variable", "not filled"]),
    ("phone_blank", &["character", "remove"]),
    ("phone_character", &["character", "only digits"]),
    ("phone_country_code", &["country code", "write"]),
    ("phone_empty", &["empty"]),
    ("phone_foreign_digit", &["digit", "ASCII"]),
    ("phone_international_prefix", &["00", "leave that out"]),
    ("phone_invisible", &["character", "remove"]),
    ("phone_json_number", &["string", "quotes"]),
    ("phone_leading_zero", &["0", "country code"]),
    ("phone_no_country_code", &["'+'", "country code"]),
    ("phone_plus", &["'+'", "without it"]),
    ("phone_punctuation", &["character", "without separators"]),
    ("phone_spreadsheet", &["spreadsheet", "as text"]),
    ("phone_too_long", &["at most 15"]),
    ("phone_too_short", &["at least 7"]),
    ("phone_trunk_zero", &["0", "from abroad"]),
    ("product_id", &["\"callbot\""]),
    ("refused", &[]),
    ("repeated_key", &["twice", "keep one"]),
    ("request_id_character", &["character", "letters"]),
    ("request_id_empty", &["empty", "1 to 128"]),
    ("request_id_too_long", &["129", "at most 128"]),
    ("rules_country_code", &["country code", "digits"]),
    ("rules_max_orders", &["0", "at least 1"]),
    ("rules_param_empty", &["empty"]),
    ("rules_param_repeated", &["before", "once"]),
    ("secret_key_blank_at_end", &["ends with", "remove"]),
    ("secret_key_blank_at_start", &["begins with", "remove"]),
    ("secret_key_empty", &["empty", "console"]),
    ("too_many_orders", &["another"]),
    ("unknown_key", &["no such key", "remove"]),
    ("unknown_param", &["template", "console"]),
    ("url_character", &["character", "percent-encode"]),
    ("url_empty", &["empty", "http"]),
    ("url_fragment", &["fragment", "remove"]),
    ("url_no_host", &["host"]),
    ("url_not_absolute", &["absolute", "https://"]),
    ("url_port", &["port", "65535"]),
    ("url_scheme", &["http"]),
    ("url_syntax", &["malformed", "%"]),
    ("uuid_character", &["character", "letters"]),
    ("uuid_empty", &["empty", "1 to 128"]),
    ("uuid_too_long", &["129", "at most 128"]),
    ("wrong_type", &["must be"]),
];

/// Needs a body of 4 GiB; `memory.rs` has it.
const CODE_OF_LARGE_BODIES: &str = "body_too_large";

/// A text, and code and path of each thing that is wrong with it.
type JsonCase = (String, Vec<(&'static str, String)>);

/// A change of [`DOCUMENT`] that leads to violations.
fn change(from: &str, to: &str, expected: &[(&'static str, &str)]) -> JsonCase {
    let expected = expected.iter().map(|&(c, path)| (c, path.into())).collect();
    (edited(DOCUMENT, from, to), expected)
}

const ORDER_PATH: &str = "/callInfoList/callList/0";
const PARAM_PATH: &str = "/callInfoList/callList/0/params/0";

/// Each value of [`DOCUMENT`]: its path, what stands before it and what it is, and the type that it must have.
fn values() -> Vec<(String, &'static str, String, JsonType)> {
    let inner = |from: &str, to: &str| {
        let start = DOCUMENT.find(from).expect(from) + from.len();
        let end = DOCUMENT.rfind(to).expect(to);
        DOCUMENT[start..end].to_owned()
    };
    let order = inner("\"callList\":[", "]}}");
    let param = inner("\"params\":[", "]}]}}");
    let at_order = |key: &str| format!("{ORDER_PATH}/{key}");
    let at_param = |key: &str| format!("{PARAM_PATH}/{key}");
    let object = JsonType::Object;
    let array = JsonType::Array;
    let string = JsonType::String;
    vec![
        (String::new(), "", DOCUMENT.into(), object),
        (
            "/productID".into(),
            "\"productID\":",
            "\"callbot\"".into(),
            string,
        ),
        (
            "/userTaskID".into(),
            "\"userTaskID\":",
            "\"t\"".into(),
            string,
        ),
        (
            "/callInfoList".into(),
            "\"callInfoList\":",
            inner("\"callInfoList\":", "}"),
            object,
        ),
        (
            "/callInfoList/orderCallbackUrl".into(),
            "\"orderCallbackUrl\":",
            "\"https://a.example/o\"".into(),
            string,
        ),
        (
            "/callInfoList/callCallbackUrl".into(),
            "\"callCallbackUrl\":",
            "\"https://a.example/c\"".into(),
            string,
        ),
        (
            "/callInfoList/callList".into(),
            "\"callList\":",
            format!("[{order}]"),
            array,
        ),
        (ORDER_PATH.into(), "", order, object),
        (at_order("orderID"), "\"orderID\":", "\"1\"".into(), string),
        (
            at_order("userPhone"),
            "\"userPhone\":",
            "\"8613800000001\"".into(),
            string,
        ),
        (at_order("other"), "\"other\":", "\"o\"".into(), string),
        (
            at_order("userName"),
            "\"userName\":",
            "\"n\"".into(),
            string,
        ),
        (
            at_order("customerName"),
            "\"customerName\":",
            "\"c\"".into(),
            string,
        ),
        (
            at_order("params"),
            "\"params\":",
            format!("[{param}]"),
            array,
        ),
        (PARAM_PATH.into(), "", param, object),
        (at_param("name"), "\"name\":", "\"p\"".into(), string),
        (at_param("value"), "\"value\":", "\"v\"".into(), string),
    ]
}

/// A value of every type, and every form of number, at every place where something else must stand.
fn wrong_types() -> Vec<JsonCase> {
    let of_each_type = [
        (JsonType::Null, "null"),
        (JsonType::Boolean, "true"),
        (JsonType::Boolean, "false"),
        (JsonType::Number, "0"),
        (JsonType::Number, "-1"),
        (JsonType::Number, "-0"),
        (JsonType::Number, "1.5e3"),
        (JsonType::Number, "8613800000001"),
        (JsonType::Number, "123456789012345678901234567890"),
        (JsonType::String, "\"8613800000001\""),
        (JsonType::String, "\"\\n\""),
        (JsonType::Array, "[]"),
        (JsonType::Array, "[\"a\",[{}],{\"b\":1}]"),
        (JsonType::Object, "{}"),
        (JsonType::Object, "{\"a\":[{}],\"b\":\"c\"}"),
    ];
    let mut cases = Vec::new();
    for (path, key, value, expected) in values() {
        for (found, json) in of_each_type {
            if found != expected {
                let code = if path.ends_with("userPhone") && found == JsonType::Number {
                    "phone_json_number"
                } else {
                    "wrong_type"
                };
                let text = edited(DOCUMENT, &format!("{key}{value}"), &format!("{key}{json}"));
                cases.push((text, vec![(code, path.clone())]));
            }
        }
    }
    cases
}

/// Each key left out, and each key twice.
fn missing_and_repeated_keys() -> Vec<JsonCase> {
    let mut cases = Vec::new();
    for (path, key, value, _) in values() {
        if key.is_empty() {
            continue;
        }
        let entry = format!("{key}{value}");
        let before = format!(",{entry}");
        let missing = if DOCUMENT.contains(&before) {
            edited(DOCUMENT, &before, "")
        } else {
            edited(DOCUMENT, &format!("{entry},"), "")
        };
        cases.push((missing, vec![("missing_key", path.clone())]));

        // The first one counts; the second one is passed over, whatever it is.
        for second in [&*value, "null", "\"\"", "[{\"a\":[1]}]"] {
            let text = edited(DOCUMENT, &entry, &format!("{entry},{key}{second}"));
            cases.push((text, vec![("repeated_key", path.clone())]));
        }
        let thrice = edited(DOCUMENT, &entry, &[&*entry; 3].join(","));
        cases.push((thrice, vec![("repeated_key", path.clone()); 2]));
    }
    cases
}

/// Keys that the API does not know, in each object.
fn unknown_keys() -> Vec<JsonCase> {
    let objects = [
        ("", "{\"productID\""),
        ("/callInfoList", "{\"orderCallbackUrl\""),
        (ORDER_PATH, "{\"orderID\""),
        (PARAM_PATH, "{\"name\""),
    ];
    let mut cases = Vec::new();
    for (path, start) in objects {
        for value in ["1", "null", "\"x\"", "[[],{}]", "{\"orderID\":\"1\"}"] {
            for (key, shown) in [
                ("order_id", true),
                ("userphone", true),
                ("productId", true),
                ("a1234", true),
                ("UserPhone", false),
                ("a12345", false),
                ("8613800000001", false),
                ("", false),
                (" orderID", false),
                ("orderID\\u0000", false),
                ("na/me", false),
                ("na~me", false),
                ("n\\u00e4me", false),
                (&"k".repeat(40), true),
                (&"k".repeat(41), false),
            ] {
                let to = start.replacen('{', &format!("{{\"{key}\":{value},"), 1);
                let path = if shown {
                    format!("{path}/{key}")
                } else {
                    path.into()
                };
                cases.push((edited(DOCUMENT, start, &to), vec![("unknown_key", path)]));
            }
        }
    }
    cases
}

/// Values of the right type that are wrong all the same.
fn wrong_values() -> Vec<JsonCase> {
    let mut cases = vec![
        change(
            "\"callbot\"",
            "\"Callbot\"",
            &[("product_id", "/productID")],
        ),
        change("\"callbot\"", "\"\"", &[("product_id", "/productID")]),
        change(
            "\"callbot\"",
            "\"callbot \"",
            &[("product_id", "/productID")],
        ),
        change("\"t\"", "\"\"", &[("empty", "/userTaskID")]),
        change("\"p\"", "\"\"", &[("empty", &format!("{PARAM_PATH}/name"))]),
        change(
            "\"v\"",
            "\"\"",
            &[("empty", &format!("{PARAM_PATH}/value"))],
        ),
        change(
            "\"1\"",
            "\"\"",
            &[("empty", &format!("{ORDER_PATH}/orderID"))],
        ),
        // An escape changes nothing.
        change(
            "\"callbot\"",
            "\"\\u0063allbott\"",
            &[("product_id", "/productID")],
        ),
        change(
            "\"8613800000001\"",
            "\"\\u002b8613800000001\"",
            &[("phone_plus", &format!("{ORDER_PATH}/userPhone"))],
        ),
    ];
    for (url, code) in [
        ("", "url_empty"),
        ("https://a.example/a b", "url_character"),
        ("https://a.example/\\n", "url_character"),
        ("https://例.example/", "url_character"),
        ("a.example/o", "url_not_absolute"),
        ("a.example:80/o", "url_not_absolute"),
        ("//a.example/o", "url_not_absolute"),
        ("ftp://a.example/o", "url_scheme"),
        ("javascript:alert(1)", "url_not_absolute"),
        ("http:/o", "url_no_host"),
        ("https:///o", "url_no_host"),
        ("http://:80/o", "url_no_host"),
        ("http://u@:80/o", "url_no_host"),
        ("http://a.example:65536/o", "url_port"),
        ("https://a.example/o#f", "url_fragment"),
        ("https://a.example/#", "url_fragment"),
        ("https://a.example/%2", "url_syntax"),
        ("https://a[b.example/", "url_syntax"),
    ] {
        for (from, path) in [
            ("https://a.example/o", "/callInfoList/orderCallbackUrl"),
            ("https://a.example/c", "/callInfoList/callCallbackUrl"),
        ] {
            cases.push(change(from, url, &[(code, path)]));
        }
    }
    for (phone, codes) in phones() {
        let path = format!("{ORDER_PATH}/userPhone");
        let expected: Vec<_> = codes.iter().map(|&code| (code, &*path)).collect();
        let json = serde_json::to_string(phone).expect("a string can be written");
        cases.push(change("\"8613800000001\"", &json, &expected));
    }
    cases
}

/// Phone numbers and the codes of all that is wrong with each.
fn phones() -> Vec<(&'static str, &'static [&'static str])> {
    vec![
        ("", &["phone_empty"]),
        ("+8613800000001", &["phone_plus"]),
        ("＋8613800000001", &["phone_plus"]),
        ("008613800000001", &["phone_international_prefix"]),
        ("00", &["phone_international_prefix"]),
        ("013800000001", &["phone_leading_zero"]),
        ("0", &["phone_leading_zero"]),
        (" 8613800000001", &["phone_blank"]),
        ("8613800000001 ", &["phone_blank"]),
        ("86 138 0000 0001", &["phone_blank"]),
        ("8613800000001\n", &["phone_blank"]),
        ("86\u{a0}13800000001", &["phone_blank"]),
        ("86-138-0000-0001", &["phone_punctuation"]),
        ("86.13800000001", &["phone_punctuation"]),
        ("86(138)00000001", &["phone_punctuation"]),
        ("86\u{2013}13800000001", &["phone_punctuation"]),
        ("\u{202a}8613800000001\u{202c}", &["phone_invisible"]),
        ("861380000000\u{200b}1", &["phone_invisible"]),
        ("\u{feff}8613800000001", &["phone_invisible"]),
        ("８６１３８００００００１", &["phone_foreign_digit"]),
        ("861380000000١", &["phone_foreign_digit"]),
        ("8613800000001x", &["phone_character"]),
        ("8613800000001\0", &["phone_character"]),
        ("8613800OOOO1", &["phone_character"]),
        ("8.6138E+12", &["phone_spreadsheet"]),
        ("8,6138E+12", &["phone_spreadsheet"]),
        ("8613800000001.0", &["phone_spreadsheet"]),
        ("861380", &["phone_too_short"]),
        ("86", &["phone_too_short"]),
        ("1", &["phone_too_short"]),
        ("8613800000001234", &["phone_too_long"]),
        ("9991234567", &["phone_country_code"]),
        ("2101234567", &["phone_country_code"]),
        ("999", &["phone_too_short", "phone_country_code"]),
        (
            "9991234567890123",
            &["phone_too_long", "phone_country_code"],
        ),
        // All that is wrong, each kind once and in the order of the text.
        (
            "+86 138-0000 0001 (x)\u{200e}９ y",
            &[
                "phone_plus",
                "phone_blank",
                "phone_punctuation",
                "phone_character",
                "phone_invisible",
                "phone_foreign_digit",
            ],
        ),
    ]
}

fn json_cases() -> Vec<JsonCase> {
    [
        wrong_types(),
        missing_and_repeated_keys(),
        unknown_keys(),
        wrong_values(),
    ]
    .concat()
}

/// What is no document at all.
fn broken_documents() -> Vec<(Vec<u8>, &'static str)> {
    let document = DOCUMENT.as_bytes();
    let utf16 = |unit: fn(u16) -> [u8; 2]| DOCUMENT.encode_utf16().flat_map(unit).collect();
    vec![
        (Vec::new(), "json_incomplete"),
        (document[..document.len() - 1].to_vec(), "json_incomplete"),
        (b"{]".to_vec(), "json_syntax"),
        ([document, b"x"].concat(), "json_trailing_bytes"),
        ([b"\xef\xbb\xbf", document].concat(), "json_byte_order_mark"),
        (utf16(u16::to_le_bytes), "json_utf16"),
        (utf16(u16::to_be_bytes), "json_utf16"),
        (b"\xff".to_vec(), "json_not_utf8"),
    ]
}

/// An error for each way to refuse a value that is not part of a batch.
fn value_errors() -> Vec<(Error, &'static str)> {
    [account_errors(), time_errors(), other_errors()]
        .into_iter()
        .flatten()
        .collect()
}

fn account_errors() -> Vec<(Error, &'static str)> {
    let token_129 = "a".repeat(129);
    let uuid = |uuid: &str| {
        let key = SecretKey::new("k").expect("it is a key");
        Credentials::new(uuid, key, Algorithm::Md5).unwrap_err()
    };
    let secret = |key: &str| SecretKey::new(key).unwrap_err();
    let id = |id: &str| {
        let error = RequestId::new(id).unwrap_err();
        assert_eq!(id.parse::<RequestId>(), Err(error.clone()));
        error
    };
    vec![
        (secret(""), "secret_key_empty"),
        (secret(" "), "secret_key_blank_at_start"),
        (secret(" key"), "secret_key_blank_at_start"),
        (secret("\u{feff}key"), "secret_key_blank_at_start"),
        (secret("\0key"), "secret_key_blank_at_start"),
        (secret("key\n"), "secret_key_blank_at_end"),
        (secret("key\r\n"), "secret_key_blank_at_end"),
        (secret("key\t"), "secret_key_blank_at_end"),
        (secret("key\u{a0}"), "secret_key_blank_at_end"),
        (secret("key\u{200b}"), "secret_key_blank_at_end"),
        (secret("key\u{7f}"), "secret_key_blank_at_end"),
        (uuid(""), "uuid_empty"),
        (uuid(&token_129), "uuid_too_long"),
        (uuid("a&requestID=b"), "uuid_character"),
        (uuid("a\n"), "uuid_character"),
        (uuid("a b"), "uuid_character"),
        (uuid("ü"), "uuid_character"),
        (id(""), "request_id_empty"),
        (id(&token_129), "request_id_too_long"),
        (id("a&uuid=b"), "request_id_character"),
        (id("a=b"), "request_id_character"),
        (id("a\r\nx: y"), "request_id_character"),
        (id("a/b"), "request_id_character"),
        (id("{a}"), "request_id_character"),
    ]
}

fn time_errors() -> Vec<(Error, &'static str)> {
    let text = |seconds: &str| seconds.parse::<Timestamp>().unwrap_err();
    vec![
        (text(""), "create_ts_empty"),
        (text("0"), "create_ts_zero"),
        (text("01726200000"), "create_ts_leading_zero"),
        (text("00"), "create_ts_leading_zero"),
        (text("1726200000000"), "create_ts_milliseconds"),
        (text("100000000000"), "create_ts_milliseconds"),
        (text("99999999999999999999999999"), "create_ts_milliseconds"),
        (text("-1"), "create_ts_character"),
        (text("+1"), "create_ts_character"),
        (text("1.5"), "create_ts_character"),
        (text(" 1"), "create_ts_character"),
        (text("1\n"), "create_ts_character"),
        (text("1e9"), "create_ts_character"),
        (text("١"), "create_ts_character"),
        (
            Timestamp::from_unix_seconds(0).unwrap_err(),
            "create_ts_zero",
        ),
        (
            Timestamp::from_unix_seconds(100_000_000_000).unwrap_err(),
            "create_ts_milliseconds",
        ),
        (
            Timestamp::from_unix_seconds(u64::MAX).unwrap_err(),
            "create_ts_milliseconds",
        ),
        (Timestamp::try_from(-1).unwrap_err(), "create_ts_negative"),
        (
            Timestamp::try_from(i64::MIN).unwrap_err(),
            "create_ts_negative",
        ),
        (Timestamp::try_from(0).unwrap_err(), "create_ts_zero"),
        (
            Timestamp::try_from(i64::MAX).unwrap_err(),
            "create_ts_milliseconds",
        ),
    ]
}

fn other_errors() -> Vec<(Error, &'static str)> {
    let phone = |typed: &str| Error::from(PhoneNumber::from_typed(typed).unwrap_err());
    let mut once = Rules::new();
    once.require_param("a").expect("it is new");
    let request = request();
    let base = |url: &str| {
        let error = request.to_http(url).unwrap_err();
        assert_eq!(request.as_http(url).unwrap_err(), error);
        error
    };
    vec![
        ("".parse::<Algorithm>().unwrap_err(), "algorithm"),
        ("SHA-256".parse::<Algorithm>().unwrap_err(), "algorithm"),
        ("SHA1".parse::<Algorithm>().unwrap_err(), "algorithm"),
        ("MD5 ".parse::<Algorithm>().unwrap_err(), "algorithm"),
        (
            Rules::new().require_param("").unwrap_err(),
            "rules_param_empty",
        ),
        (once.require_param("a").unwrap_err(), "rules_param_repeated"),
        (
            Rules::new().allow_country_code("").unwrap_err(),
            "rules_country_code",
        ),
        (
            Rules::new().allow_country_code("+86").unwrap_err(),
            "rules_country_code",
        ),
        (
            Rules::new().allow_country_code("086").unwrap_err(),
            "rules_country_code",
        ),
        (
            Rules::new().allow_country_code("861").unwrap_err(),
            "rules_country_code",
        ),
        (
            Rules::new().allow_country_code("8").unwrap_err(),
            "rules_country_code",
        ),
        (Rules::new().max_orders(0).unwrap_err(), "rules_max_orders"),
        (phone("(415) 555-2671"), "phone_no_country_code"),
        (phone("+44 020 7946 0958"), "phone_trunk_zero"),
        (base(""), "url_empty"),
        (base("nxbot.nxcloud.com"), "url_not_absolute"),
        (base("https://nxbot.nxcloud.com/#"), "url_fragment"),
        (base("https://nxbot.nxcloud.com?"), "base_url_query"),
        (base("https://nxbot.nxcloud.com/a?b=c"), "base_url_query"),
        (
            batch()
                .sign(&credentials(Algorithm::Md5), request_id("r"), timestamp(1))
                .unwrap_err(),
            "empty_batch",
        ),
        (Error::from(Violations::default()), "refused"),
    ]
}

/// The rules that orders are held to below.
fn rules() -> Rules {
    let mut rules = Rules::new();
    rules
        .require_param("amount")
        .and_then(|rules| rules.require_param("due"))
        .and_then(|rules| rules.allow_country_code("86"))
        .and_then(|rules| rules.allow_country_code("1"))
        .and_then(|rules| rules.max_orders(2))
        .expect("the rules are right");
    rules
}

fn param<'a>(name: &'a str, value: &'a str) -> Param<'a> {
    Param { name, value }
}

fn request() -> callbot_core::SignedRequest {
    let mut batch = batch();
    batch.add(&ORDER).expect("the order is right");
    batch
        .sign(&credentials(Algorithm::Md5), request_id("r"), timestamp(1))
        .expect("it has an order")
}

/// What is wrong with orders under [`rules`].
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
        full.add(&order).expect("the order is right");
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
    ]
}

#[test]
fn every_json_case_is_found_where_it_is() {
    for (text, expected) in json_cases() {
        let refused = Batch::from_json(text.as_bytes(), Rules::new())
            .err()
            .unwrap_or_else(|| panic!("accepted: {text}"));
        assert_eq!(found(&refused), expected, "{text}");
        assert_eq!(refused.len(), expected.len());
        assert_eq!(refused.unlisted(), 0);

        // The other policy says the same, as a list beside the batch when only the order is wrong.
        let only_order = expected
            .iter()
            .all(|(_, path)| path.starts_with(ORDER_PATH));
        match Batch::from_json_keep_valid(text.as_bytes(), Rules::new()) {
            Ok(kept) => {
                assert!(only_order, "{text}");
                assert_eq!(kept.refused, refused, "{text}");
                assert!(kept.batch.is_empty(), "{text}");
                assert!(refused.iter().all(|v| v.order_index() == Some(0)));
            }
            Err(other) => {
                assert!(!only_order, "{text}");
                assert_eq!(other, refused, "{text}");
                assert!(refused.iter().any(|v| v.order_index().is_none()));
            }
        }
    }
}

#[test]
fn the_document_itself_is_right() {
    let batch = Batch::from_json(DOCUMENT.as_bytes(), Rules::new()).expect("it is right");
    assert_eq!(batch.body(), DOCUMENT.as_bytes());
    let mut added = common::batch();
    added.add(&ORDER).expect("the order is right");
    assert_eq!(added.body(), DOCUMENT.as_bytes());
}

#[test]
fn broken_documents_are_refused_under_both_policies() {
    for (bytes, code) in broken_documents() {
        let refused = Batch::from_json(&bytes, Rules::new()).unwrap_err();
        assert_eq!(codes(&refused), [code]);
        let kept = Batch::from_json_keep_valid(&bytes, Rules::new());
        assert_eq!(kept.unwrap_err(), refused);
    }
}

#[test]
fn values_are_refused_with_their_code() {
    for (error, code) in value_errors() {
        assert_eq!(error.code(), code, "{error:?}");
    }
}

#[test]
fn what_is_just_right_is_taken() {
    for text in ["1", "1726200000", "99999999999"] {
        let parsed: Timestamp = text.parse().expect(text);
        assert_eq!(parsed.to_string(), text);
        let seconds: u64 = text.parse().expect("digits");
        assert_eq!(Timestamp::from_unix_seconds(seconds), Ok(parsed));
        let signed = i64::try_from(seconds).expect("it is small");
        assert_eq!(Timestamp::try_from(signed), Ok(parsed));
    }
    assert_eq!(Timestamp::MAX_UNIX_SECONDS, 99_999_999_999);
    for token in ["a", "-", "_", ".", ":", "AZaz09-_.:", &"x".repeat(128)] {
        let id = RequestId::new(token).expect(token);
        assert_eq!((id.as_str(), id.to_string()), (token, token.to_owned()));
        assert_eq!(token.parse(), Ok(id));
        let key = SecretKey::new("k").expect("it is a key");
        let credentials = Credentials::new(token, key, Algorithm::Sha256).expect(token);
        assert_eq!(credentials.uuid(), token);
        assert_eq!(credentials.algorithm(), Algorithm::Sha256);
    }
    for key in ["k", "a b", "&body=", "ключ", "😀"] {
        assert!(SecretKey::new(key).is_ok(), "{key}");
    }
    for (name, algorithm) in [
        ("MD5", Algorithm::Md5),
        ("md5", Algorithm::Md5),
        ("SHA256", Algorithm::Sha256),
        ("sha256", Algorithm::Sha256),
    ] {
        assert_eq!(name.parse(), Ok(algorithm));
        assert_eq!(algorithm.name(), name.to_uppercase());
        assert_eq!(algorithm.to_string(), algorithm.name());
    }
    assert_eq!(Algorithm::default(), Algorithm::Md5);
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
    for (text, _) in json_cases() {
        see(&Batch::from_json(text.as_bytes(), Rules::new()).unwrap_err());
    }
    for (bytes, _) in broken_documents() {
        see(&Batch::from_json(&bytes, Rules::new()).unwrap_err());
    }
    for violations in violations_of_rules() {
        see(&violations);
    }
    for (error, code) in value_errors() {
        seen.push((code.into(), error.to_string()));
    }

    for (code, message) in &seen {
        let (_, words) = CODES
            .iter()
            .find(|(known, _)| known == code)
            .unwrap_or_else(|| panic!("{code} is not in the list"));
        // A key that cannot be shown is named by its number.
        let numbered = message.contains("no key like number");
        for word in words
            .iter()
            .filter(|word| !(numbered && **word == "no such key"))
        {
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

#[test]
fn hints_fit_the_place() {
    let message = |from: &str, to: &str| {
        let text = edited(DOCUMENT, from, to);
        let refused = Batch::from_json(text.as_bytes(), Rules::new()).unwrap_err();
        assert_eq!(refused.len(), 1, "{refused}");
        refused.as_slice()[0].message()
    };
    for (from, to, expected) in [
        (
            "\"o\"",
            "null",
            "it is null and must be a string; give an empty string if there is none",
        ),
        (
            "\"n\"",
            "null",
            "it is null and must be a string; give an empty string if there is none",
        ),
        (
            "\"c\"",
            "null",
            "it is null and must be a string; give an empty string if there is none",
        ),
        ("\"1\"", "null", "it is null and must be a string"),
        (
            "\"1\"",
            "1",
            "it is a number and must be a string; put it in quotes",
        ),
        ("\"o\"", "[]", "it is an array and must be a string"),
        ("\"o\"", "{}", "it is an object and must be a string"),
        ("\"o\"", "true", "it is a boolean and must be a string"),
        (
            "[{\"name\":\"p\",\"value\":\"v\"}]",
            "null",
            "it is null and must be an array; give [] if there are none",
        ),
        (
            "[{\"name\":\"p\",\"value\":\"v\"}]",
            "\"\"",
            "it is a string and must be an array",
        ),
        (
            "\"callInfoList\":{",
            "\"callInfoList\":[],\"x\":{",
            "it is an array and must be an object, despite its name",
        ),
        (
            ",\"userName\":\"n\"",
            "",
            "it is missing and the API requires it; give an empty string if there is none",
        ),
        (
            ",\"params\":[{\"name\":\"p\",\"value\":\"v\"}]",
            "",
            "it is missing and the API requires it; give [] if there are none",
        ),
        (
            "\"orderID\":\"1\",",
            "",
            "it is missing and the API requires it",
        ),
    ] {
        let text = edited(DOCUMENT, from, to);
        let refused = Batch::from_json(text.as_bytes(), Rules::new()).unwrap_err();
        let first = refused.iter().next().expect("something is wrong");
        assert_eq!(first.message(), expected, "{from} -> {to}");
    }
    assert!(message("\"8613800000001\"", "8613800000001").contains("in quotes"));
}

#[test]
fn positions_count_characters_from_1_and_offsets_count_bytes() {
    for (text, fault) in [
        ("+8613800000001", PhoneError::Plus { position: 1 }),
        (
            "８６13800000001+",
            PhoneError::ForeignDigit {
                position: 1,
                found: '８',
            },
        ),
        (
            "861380000000é",
            PhoneError::Character {
                position: 13,
                found: 'é',
            },
        ),
        (
            "86\u{3000}138",
            PhoneError::Blank {
                position: 3,
                found: '\u{3000}',
            },
        ),
        (
            "86–138",
            PhoneError::Punctuation {
                position: 3,
                found: '–',
            },
        ),
        ("861", PhoneError::TooShort { len: 3 }),
        ("8613800000001234", PhoneError::TooLong { len: 16 }),
    ] {
        assert_eq!(PhoneNumber::parse(text), Err(fault), "{text}");
    }
    // Multi-byte characters before the fault do not move its place.
    let order = Order {
        user_phone: "中中中 +é",
        ..ORDER
    };
    let faults: Vec<ViolationKind> = (batch().add(&order).unwrap_err().iter())
        .map(|violation| violation.kind().clone())
        .collect();
    let phone = |fault| ViolationKind::Phone(fault);
    assert_eq!(
        faults,
        [
            phone(PhoneError::Character {
                position: 1,
                found: '中'
            }),
            phone(PhoneError::Blank {
                position: 4,
                found: ' '
            }),
            phone(PhoneError::Plus { position: 5 }),
        ]
    );

    let id = RequestId::new("äöü&").unwrap_err().to_string();
    assert!(id.contains("character 1 is 'ä' (U+00E4)"), "{id}");
    let id = RequestId::new("abc\u{202a}").unwrap_err().to_string();
    assert!(
        id.contains("character 4 is an invisible character (U+202A)"),
        "{id}"
    );
    let time = "17２6".parse::<Timestamp>().unwrap_err().to_string();
    assert!(time.contains("character 3 is '２' (U+FF12)"), "{time}");
    let key = SecretKey::new("key\u{a0}").unwrap_err().to_string();
    assert!(key.contains("a no-break blank (U+00A0)"), "{key}");

    let task = Task {
        order_callback_url: "https://a.example/%20\u{e9}",
        ..TASK
    };
    let refused = Batch::new(&task, Rules::new()).unwrap_err();
    assert_eq!(
        refused.as_slice()[0].kind(),
        &ViolationKind::Url(UrlError::Character {
            position: 22,
            found: '\u{e9}'
        })
    );

    // JSON's own mistakes: lines, and columns in bytes.
    for (text, line, column) in [("{\"é\" x", 1, 7), ("{\n\n  \"é\"x", 3, 7), ("{]", 1, 2)] {
        let refused = Batch::from_json(text.as_bytes(), Rules::new()).unwrap_err();
        let ViolationKind::JsonSyntax {
            line: l, column: c, ..
        } = refused.iter().next_back().expect("it is broken").kind()
        else {
            panic!("{refused}");
        };
        assert_eq!((*l, *c), (line, column), "{text}");
    }
    let text = format!("{DOCUMENT}\n \"é\"");
    let refused = Batch::from_json(text.as_bytes(), Rules::new()).unwrap_err();
    assert_eq!(
        refused.as_slice()[0].kind(),
        &ViolationKind::TrailingBytes { line: 2, column: 2 }
    );
}

#[test]
fn everything_that_is_wrong_with_a_task_is_said_at_once() {
    let task = Task {
        user_task_id: "",
        order_callback_url: "",
        call_callback_url: "x",
    };
    let expected = [
        ("empty", "/userTaskID".into()),
        ("url_empty", "/callInfoList/orderCallbackUrl".into()),
        ("url_not_absolute", "/callInfoList/callCallbackUrl".into()),
    ];
    let refused = Batch::new(&task, Rules::new()).unwrap_err();
    assert_eq!(found(&refused), expected);
    assert!(refused.iter().all(|v| v.order_index().is_none()));
}

#[test]
fn everything_that_is_wrong_with_an_order_is_said_at_once() {
    let order = Order {
        order_id: "",
        user_phone: "49 151",
        params: &[
            param("", ""),
            param("p", "1"),
            param("p", ""),
            param("amount", "2"),
            param("amount", "3"),
            param("p", "4"),
        ],
        ..Order::default()
    };
    let refused = batch_with(rules()).add(&order).unwrap_err();
    let at = |path: &str| format!("{ORDER_PATH}{path}");
    assert_eq!(
        found(&refused),
        [
            ("empty", at("/orderID")),
            ("phone_blank", at("/userPhone")),
            ("empty", at("/params/0/name")),
            ("empty", at("/params/0/value")),
            ("empty", at("/params/2/value")),
            ("unknown_param", at("/params/1/name")),
            ("duplicate_param", at("/params/2/name")),
            ("unknown_param", at("/params/2/name")),
            ("duplicate_param", at("/params/4/name")),
            ("duplicate_param", at("/params/5/name")),
            ("unknown_param", at("/params/5/name")),
            ("missing_param", at("/params")),
        ]
    );
    let firsts: Vec<usize> = (refused.iter())
        .filter_map(|violation| match violation.kind() {
            ViolationKind::DuplicateParam { first } => Some(*first),
            _ => None,
        })
        .collect();
    assert_eq!(firsts, [1, 3, 1]);
    let missing = refused.iter().next_back().expect("there are some").kind();
    assert_eq!(missing, &ViolationKind::MissingParam { name: "due".into() });
}

#[test]
fn everything_that_is_wrong_with_a_document_is_said_at_once_and_in_its_order() {
    let text = r#"{
        "productID": "Callbot",
        "extra": {"userTaskID": "no"},
        "callInfoList": {
            "callCallbackUrl": "c",
            "callList": [
                {"orderID":"1","userPhone":"+8613800000001","other":null,"userName":"","customerName":""},
                17,
                {"orderID":"1","orderID":"2","userPhone":8613800000001,"note":[],"other":"","userName":"",
                 "customerName":"","params":[{"name":"a"},false,{"name":"a","value":"","more":0},{"value":{}}]},
                {},
                {"orderID":"1","userPhone":"8613800000001","other":"","userName":"","customerName":"","params":[]}
            ],
            "callList": []
        },
        "callInfoList": 1
    }"#;
    let refused = Batch::from_json(text.as_bytes(), Rules::new()).unwrap_err();
    let order = |path: &str| format!("/callInfoList/callList/{path}");
    assert_eq!(
        found(&refused),
        [
            ("product_id", "/productID".into()),
            ("unknown_key", "/extra".into()),
            ("url_not_absolute", "/callInfoList/callCallbackUrl".into()),
            ("wrong_type", order("0/other")),
            ("missing_key", order("0/params")),
            ("phone_plus", order("0/userPhone")),
            ("wrong_type", order("1")),
            ("repeated_key", order("2/orderID")),
            ("phone_json_number", order("2/userPhone")),
            ("unknown_key", order("2/note")),
            ("missing_key", order("2/params/0/value")),
            ("wrong_type", order("2/params/1")),
            ("unknown_key", order("2/params/2/more")),
            ("wrong_type", order("2/params/3/value")),
            ("missing_key", order("2/params/3/name")),
            ("empty", order("2/params/2/value")),
            ("duplicate_param", order("2/params/2/name")),
            ("duplicate_order_id", order("2/orderID")),
            ("missing_key", order("3/orderID")),
            ("missing_key", order("3/userPhone")),
            ("missing_key", order("3/other")),
            ("missing_key", order("3/userName")),
            ("missing_key", order("3/customerName")),
            ("missing_key", order("3/params")),
            ("duplicate_order_id", order("4/orderID")),
            ("repeated_key", "/callInfoList/callList".into()),
            ("missing_key", "/callInfoList/orderCallbackUrl".into()),
            ("repeated_key", "/callInfoList".into()),
            ("missing_key", "/userTaskID".into()),
        ]
    );
    let indexes: Vec<_> = refused.iter().filter_map(Violation::order_index).collect();
    assert!(indexes.is_sorted() && indexes.len() == 22, "{indexes:?}");
}

#[test]
fn a_mistake_in_the_syntax_comes_after_what_was_found_before_it() {
    let good = order_json("1", "8613800000001");
    let bad = order_json("2", "+8613800000001");
    let text = document_of(&[&bad, &good, "{\"orderID\":\"1\",\"userPhone\":\"x\" 1"]);
    let refused = Batch::from_json(text.as_bytes(), Rules::new()).unwrap_err();
    let expected = [
        ("phone_plus", "/callInfoList/callList/0/userPhone".into()),
        ("json_syntax", "/callInfoList/callList/2".into()),
    ];
    assert_eq!(found(&refused), expected);
    let kept = Batch::from_json_keep_valid(text.as_bytes(), Rules::new()).unwrap_err();
    assert_eq!(found(&kept), expected);
}

#[test]
fn a_mistake_in_the_syntax_names_what_was_being_read() {
    // The document before and behind the orders; the order that it is in, or that should have come.
    for (from, to, path) in [
        ("{\"productID\"", "x", ""),
        ("\"t\"", "x", ""),
        ("\"callList\":[", "\"callList\":x", ""),
        ("\"callList\":[", "\"callList\":[x", ORDER_PATH),
        ("\"1\"", "x", ORDER_PATH),
        ("\"v\"", "x", ORDER_PATH),
        ("}]}]}}", "}]},x]}}", "/callInfoList/callList/1"),
        ("}]}]}}", "}]}],x}}", ""),
        ("}]}]}}", "}]}]},x}", ""),
    ] {
        let text = edited(DOCUMENT, from, to);
        let refused = Batch::from_json(text.as_bytes(), Rules::new()).unwrap_err();
        assert_eq!(found(&refused), [("json_syntax", path.into())], "{text}");
    }
}

#[test]
fn a_text_that_ends_too_early_says_so() {
    let text = edited(DOCUMENT, ",\"callList\"", ",\n \"callList\"");
    let end = text.find("\"8613800000001").expect("it is there");
    let refused = Batch::from_json(&text.as_bytes()[..end], Rules::new()).unwrap_err();
    let fault = ViolationKind::JsonIncomplete {
        line: 2,
        column: end - text.find('\n').expect("it has two lines") - 1,
    };
    assert_eq!(refused.as_slice()[0].kind(), &fault);
    assert_eq!(found(&refused), [("json_incomplete", ORDER_PATH.into())]);
}

#[test]
fn an_unknown_key_that_cannot_be_shown_is_named_by_its_number() {
    let text = edited(
        DOCUMENT,
        "\"other\":\"o\"",
        "\"other\":\"o\",\"Wang Fang\":\"x\"",
    );
    let refused = Batch::from_json(text.as_bytes(), Rules::new()).unwrap_err();
    let fault = ViolationKind::UnknownKey {
        name: None,
        position: 4,
    };
    assert_eq!(refused.as_slice()[0].kind(), &fault);
    assert!(refused.to_string().contains("number 4 of this object"));

    let text = edited(
        DOCUMENT,
        "\"other\":\"o\"",
        "\"other\":\"o\",\"remark\":\"x\"",
    );
    let refused = Batch::from_json(text.as_bytes(), Rules::new()).unwrap_err();
    let fault = ViolationKind::UnknownKey {
        name: Some("remark".into()),
        position: 4,
    };
    assert_eq!(refused.as_slice()[0].kind(), &fault);
}

#[test]
fn an_order_id_is_taken_once_in_whichever_form_it_is_written() {
    let document = document_of(&[
        order_json("a\\u0022\\/b", "8613800000001"),
        order_json("a\\\"/B", "8613800000002"),
        order_json("a\\\"/b", "8613800000003"),
        order_json("a", "8613800000004"),
        order_json("A", "8613800000005"),
        order_json("\\u0061", "8613800000006"),
        order_json("a ", "8613800000007"),
        order_json("a", "8613800000008"),
    ]);
    let expected = [
        (
            "duplicate_order_id",
            "/callInfoList/callList/2/orderID".into(),
        ),
        (
            "duplicate_order_id",
            "/callInfoList/callList/5/orderID".into(),
        ),
        (
            "duplicate_order_id",
            "/callInfoList/callList/7/orderID".into(),
        ),
    ];
    let refused = Batch::from_json(document.as_bytes(), Rules::new()).unwrap_err();
    assert_eq!(found(&refused), expected);
    let firsts: Vec<ViolationKind> = refused.iter().map(|v| v.kind().clone()).collect();
    let duplicate = |first| ViolationKind::DuplicateOrderId { first };
    assert_eq!(firsts, [duplicate(0), duplicate(3), duplicate(3)]);

    let kept = Batch::from_json_keep_valid(document.as_bytes(), Rules::new()).expect("it is kept");
    assert_eq!(kept.refused, refused);
    assert_eq!(kept.batch.len(), 5);
}

#[test]
fn thousands_of_order_ids_are_each_found_again() {
    let mut batch = batch();
    let ids: Vec<String> = (0..3000).map(|i| format!("id \"{i}\"")).collect();
    let add = |batch: &mut Batch, order_id: &str| batch.add(&Order { order_id, ..ORDER });
    for id in &ids {
        add(&mut batch, id).expect("it is new");
    }
    for (first, id) in ids.iter().enumerate() {
        let refused = add(&mut batch, id).unwrap_err();
        let fault = ViolationKind::DuplicateOrderId { first };
        assert_eq!(refused.as_slice()[0].kind(), &fault);
        assert_eq!(refused.len(), 1);
    }
    assert_eq!(batch.len(), 3000);
}

#[test]
fn refuse_all_remembers_the_ids_of_refused_orders() {
    let document = document_of(&[
        order_json("a", "+8613800000001"),
        order_json("b", "8613800000002"),
        order_json("a", "8613800000003"),
        order_json("b", "+8613800000004"),
        order_json("a", "8613800000005"),
    ]);
    let refused = Batch::from_json(document.as_bytes(), Rules::new()).unwrap_err();
    let at = |path: &str| format!("/callInfoList/callList/{path}");
    assert_eq!(
        found(&refused),
        [
            ("phone_plus", at("0/userPhone")),
            ("duplicate_order_id", at("2/orderID")),
            ("phone_plus", at("3/userPhone")),
            ("duplicate_order_id", at("3/orderID")),
            ("duplicate_order_id", at("4/orderID")),
        ]
    );
    let firsts: Vec<&ViolationKind> = refused.iter().map(Violation::kind).collect();
    assert_eq!(firsts[1], &ViolationKind::DuplicateOrderId { first: 0 });
    assert_eq!(firsts[3], &ViolationKind::DuplicateOrderId { first: 1 });
    assert_eq!(firsts[4], &ViolationKind::DuplicateOrderId { first: 0 });
}

#[test]
fn keep_valid_frees_the_id_of_a_refused_order() {
    let document = document_of(&[
        order_json("a", "+8613800000001"),
        order_json("b", "8613800000002"),
        order_json("a", "8613800000003"),
        "null".into(),
        order_json("b", "8613800000004"),
        order_json("c", "8613800000005"),
        order_json("a", "8613800000006"),
    ]);
    let kept = Batch::from_json_keep_valid(document.as_bytes(), Rules::new()).expect("it is kept");
    let at = |path: &str| format!("/callInfoList/callList/{path}");
    assert_eq!(
        found(&kept.refused),
        [
            ("phone_plus", at("0/userPhone")),
            ("wrong_type", at("3")),
            ("duplicate_order_id", at("4/orderID")),
            ("duplicate_order_id", at("6/orderID")),
        ]
    );
    // The numbers are those of the list that was read, not of the batch.
    let faults: Vec<&ViolationKind> = kept.refused.iter().map(Violation::kind).collect();
    assert_eq!(faults[2], &ViolationKind::DuplicateOrderId { first: 1 });
    assert_eq!(faults[3], &ViolationKind::DuplicateOrderId { first: 2 });
    let body = document_of(&[
        order_json("b", "8613800000002"),
        order_json("a", "8613800000003"),
        order_json("c", "8613800000005"),
    ]);
    assert_eq!(kept.batch.body(), body.as_bytes());
    assert_eq!(kept.batch.len(), 3);
}

#[test]
fn keep_valid_gives_a_batch_that_can_be_used_further() {
    let document = document_of(&[
        order_json("a", "+8613800000001"),
        order_json("b", "8613800000002"),
    ]);
    let mut batch = Batch::from_json_keep_valid(document.as_bytes(), Rules::new())
        .expect("it is kept")
        .batch;
    let order = |order_id| Order { order_id, ..ORDER };
    assert_eq!(
        codes(&batch.add(&order("b")).unwrap_err()),
        ["duplicate_order_id"]
    );
    batch.add(&order("a")).expect("its id is free");
    let refused = batch.add(&order("a")).unwrap_err();
    assert_eq!(
        found(&refused),
        [(
            "duplicate_order_id",
            "/callInfoList/callList/2/orderID".into()
        )]
    );
    assert_eq!(batch.len(), 2);
}

#[test]
fn keep_valid_refuses_all_when_more_than_orders_is_wrong() {
    let bad_order = edited(DOCUMENT, "\"8613800000001\"", "\"\"");
    for (from, to) in [
        ("\"callbot\"", "\"\""),
        ("\"t\"", "\"\""),
        ("\"https://a.example/o\"", "\"\""),
        ("\"orderCallbackUrl\":\"https://a.example/o\",", ""),
        ("\"userTaskID\"", "\"note\":1,\"userTaskID\""),
    ] {
        for document in [DOCUMENT, &bad_order] {
            let text = edited(document, from, to);
            let refused = Batch::from_json_keep_valid(text.as_bytes(), Rules::new()).unwrap_err();
            let all = Batch::from_json(text.as_bytes(), Rules::new()).unwrap_err();
            assert_eq!(refused, all, "{text}");
        }
    }
}

#[test]
fn refuse_all_says_once_that_there_are_too_many() {
    let mut rules = Rules::new();
    rules.max_orders(2).expect("it is a limit");
    let orders: Vec<String> = ["1", "2", "3", "4", "5"]
        .map(|id| order_json(id, "8613800000001"))
        .into();
    let read = |orders: &[String]| Batch::from_json(document_of(orders).as_bytes(), rules.clone());
    assert_eq!(read(&orders[..2]).map(|batch| batch.len()), Ok(2));
    let refused = read(&orders).unwrap_err();
    assert_eq!(
        found(&refused),
        [("too_many_orders", "/callInfoList/callList/2".into())]
    );
    assert_eq!(
        refused.as_slice()[0].kind(),
        &ViolationKind::TooManyOrders { max: 2 }
    );

    // Refused orders count: they are meant to be sent.
    let mut orders = orders;
    orders[0] = order_json("1", "");
    let refused = read(&orders).unwrap_err();
    assert_eq!(
        found(&refused),
        [
            ("phone_empty", "/callInfoList/callList/0/userPhone".into()),
            ("too_many_orders", "/callInfoList/callList/2".into()),
        ]
    );
}

#[test]
fn refuse_all_says_that_there_are_too_many_whatever_the_first_of_them_is() {
    let mut rules = Rules::new();
    rules.max_orders(1).expect("it is a limit");
    let orders = [
        order_json("1", "8613800000001"),
        "null".into(),
        order_json("3", "8613800000001"),
    ];
    let refused = Batch::from_json(document_of(&orders).as_bytes(), rules).unwrap_err();
    let mut codes = codes(&refused);
    codes.sort_unstable();
    assert_eq!(codes, ["too_many_orders", "wrong_type"]);
}

#[test]
fn keep_valid_keeps_as_many_as_are_allowed() {
    let mut rules = Rules::new();
    rules.max_orders(2).expect("it is a limit");
    let document = document_of(&[
        order_json("1", ""),
        order_json("2", "8613800000001"),
        order_json("3", "8613800000001"),
        order_json("4", "8613800000001"),
        order_json("5", ""),
    ]);
    let kept = Batch::from_json_keep_valid(document.as_bytes(), rules).expect("it is kept");
    assert_eq!(
        found(&kept.refused),
        [
            ("phone_empty", "/callInfoList/callList/0/userPhone".into()),
            ("too_many_orders", "/callInfoList/callList/3".into()),
            ("too_many_orders", "/callInfoList/callList/4".into()),
            ("phone_empty", "/callInfoList/callList/4/userPhone".into()),
        ]
    );
    assert_eq!(kept.batch.len(), 2);
}

#[test]
fn add_refuses_what_is_too_much_and_takes_orders_again_after_clear() {
    let mut rules = Rules::new();
    rules.max_orders(1).expect("it is a limit");
    let mut batch = batch_with(rules);
    batch.add(&ORDER).expect("there is room");
    let second = Order {
        order_id: "2",
        ..ORDER
    };
    for _ in 0..2 {
        let refused = batch.add(&second).unwrap_err();
        assert_eq!(
            found(&refused),
            [("too_many_orders", "/callInfoList/callList/1".into())]
        );
    }
    batch.clear();
    batch.add(&second).expect("there is room again");
}

#[test]
fn a_template_wants_each_variable_once_and_no_other() {
    let check = |params: &[Param<'_>]| {
        let order = Order { params, ..ORDER };
        match batch_with(rules()).add(&order) {
            Ok(()) => Vec::new(),
            Err(violations) => found(&violations),
        }
    };
    let at = |path: &str| format!("{ORDER_PATH}/params{path}");
    let (amount, due) = (param("amount", "1"), param("due", "2"));
    assert_eq!(check(&[amount, due]), []);
    assert_eq!(check(&[due, amount]), []);
    assert_eq!(check(&[amount]), [("missing_param", at(""))]);
    assert_eq!(
        check(&[]),
        [("missing_param", at("")), ("missing_param", at(""))]
    );
    assert_eq!(
        check(&[amount, due, amount]),
        [("duplicate_param", at("/2/name"))]
    );
    assert_eq!(
        check(&[amount, due, param("Due", "3")]),
        [("unknown_param", at("/2/name"))]
    );
    assert_eq!(
        check(&[amount, param("due ", "3")]),
        [("unknown_param", at("/1/name")), ("missing_param", at(""))]
    );
    // A variable that is named is filled only when it has a value.
    assert_eq!(
        check(&[amount, param("due", "")]),
        [("empty", at("/1/value"))]
    );
    assert_eq!(
        check(&[param("amount", ""), param("due", "")]),
        [("empty", at("/0/value")), ("empty", at("/1/value"))]
    );
}

#[test]
fn a_template_without_variables_wants_no_params() {
    let mut rules = Rules::new();
    rules.require_no_other_params();
    let mut batch = batch_with(rules.clone());
    let none = Order {
        params: &[],
        ..ORDER
    };
    batch.add(&none).expect("it has no params");
    let refused = batch_with(rules.clone()).add(&ORDER).unwrap_err();
    assert_eq!(
        found(&refused),
        [("unknown_param", format!("{PARAM_PATH}/name"))]
    );

    // It takes nothing back of what was required, before or after.
    rules.require_param("p").expect("it is new");
    rules.require_no_other_params();
    batch_with(rules.clone()).add(&ORDER).expect("p is filled");
    assert_eq!(
        codes(&batch_with(rules).add(&none).unwrap_err()),
        ["missing_param"]
    );
}

#[test]
fn many_params_are_checked_as_few_are() {
    let names: Vec<String> = (0..100).map(|i| format!("name{i}")).collect();
    let mut rules = Rules::new();
    for name in &names {
        rules.require_param(name).expect("it is new");
    }
    // In the template's order, and in another one.
    let mut params: Vec<Param<'_>> = names.iter().map(|name| param(name, "v")).collect();
    for _ in 0..2 {
        let order = Order {
            params: &params,
            ..ORDER
        };
        batch_with(rules.clone())
            .add(&order)
            .expect("each is there");
        params.reverse();
    }
    for n in [15, 16, 17, 18, 50, 100] {
        for (rules, expected) in [
            (Rules::new(), vec![("duplicate_param", n - 1)]),
            (rules.clone(), vec![("duplicate_param", n - 1)]),
        ] {
            let mut params = params[..n].to_vec();
            params[n - 1] = params[1];
            let order = Order {
                params: &params,
                ..ORDER
            };
            let refused = batch_with(rules).add(&order).unwrap_err();
            let at_params: Vec<_> = (refused.iter())
                .filter(|violation| violation.code() != "missing_param")
                .collect();
            assert_eq!(at_params.len(), expected.len());
            for (violation, (code, i)) in at_params.iter().zip(expected) {
                assert_eq!(violation.code(), code);
                assert_eq!(violation.path(), format!("{ORDER_PATH}/params/{i}/name"));
                assert_eq!(
                    violation.kind(),
                    &ViolationKind::DuplicateParam { first: 1 }
                );
            }
        }
    }
    // Unknown and missing ones, too.
    params[7].name = "another";
    let order = Order {
        params: &params,
        ..ORDER
    };
    let refused = batch_with(rules).add(&order).unwrap_err();
    assert_eq!(
        found(&refused),
        [
            ("unknown_param", format!("{ORDER_PATH}/params/7/name")),
            ("missing_param", format!("{ORDER_PATH}/params")),
        ]
    );
}

#[test]
fn params_are_counted_with_those_that_cannot_be_read() {
    let param = r#"{"name":"p","value":"v"}"#;
    for (before, between) in [(1, 1), (3, 0), (0, 2), (30, 30)] {
        let unreadable = ["0", "{}", "[]", "{\"name\":null,\"value\":[]}"];
        let mut params: Vec<&str> = unreadable.into_iter().cycle().take(before).collect();
        params.push(param);
        params.extend(unreadable.into_iter().cycle().take(between));
        params.push(param);
        let filler: Vec<String> = (0..before)
            .map(|i| format!("{{\"name\":\"n{i}\",\"value\":\"\"}}"))
            .collect();
        params.extend(filler.iter().map(String::as_str));
        let text = edited(DOCUMENT, param, &params.join(","));
        let refused = Batch::from_json(text.as_bytes(), Rules::new()).unwrap_err();
        let second = before + 1 + between;
        let listed = found(&refused);
        let at = |i: usize, key: &str| format!("{ORDER_PATH}/params/{i}{key}");
        assert!(listed.contains(&("duplicate_param", at(second, "/name"))));
        for i in 0..before {
            assert!(listed.contains(&("empty", at(second + 1 + i, "/value"))));
        }
        let duplicate = (refused.iter())
            .find(|violation| violation.code() == "duplicate_param")
            .expect("it was found");
        assert_eq!(
            duplicate.kind(),
            &ViolationKind::DuplicateParam { first: before }
        );
    }
}

#[test]
fn only_allowed_country_codes_are_called() {
    let check = |phone: &str| {
        let mut rules = Rules::new();
        rules
            .allow_country_code("86")
            .and_then(|rules| rules.allow_country_code("1"))
            .and_then(|rules| rules.allow_country_code("86"))
            .expect("they are assigned");
        let order = Order {
            user_phone: phone,
            ..ORDER
        };
        match batch_with(rules).add(&order) {
            Ok(()) => Vec::new(),
            Err(violations) => violations.iter().map(|v| v.kind().clone()).collect(),
        }
    };
    let not_allowed = |country_code| ViolationKind::CountryCodeNotAllowed { country_code };
    assert_eq!(check("8613800000001"), []);
    assert_eq!(check("14155550100"), []);
    assert_eq!(check("4915112345678"), [not_allowed(49)]);
    // The code is not taken for a longer or shorter one.
    assert_eq!(check("85212345678"), [not_allowed(852)]);
    assert_eq!(check("88012345678"), [not_allowed(880)]);
    // A Chinese number without its country code: a French one, to all appearance.
    assert_eq!(check("33800000001"), [not_allowed(33)]);
    assert_eq!(
        check("4915"),
        [
            ViolationKind::Phone(PhoneError::TooShort { len: 4 }),
            not_allowed(49)
        ]
    );
    assert_eq!(
        check("9991234567"),
        [ViolationKind::Phone(PhoneError::CountryCode)]
    );
    assert_eq!(
        check("+4915112345678"),
        [ViolationKind::Phone(PhoneError::Plus { position: 1 })]
    );
    // What is no number belongs to no country.
    assert_eq!(
        check("4915112345678x"),
        [ViolationKind::Phone(PhoneError::Character {
            position: 14,
            found: 'x'
        })]
    );
}

#[test]
fn fields_that_may_be_empty_may_hold_anything() {
    let anything = "\u{0}\u{1f}\"\\/\u{7f}\u{2028}中😀 +8613800000001";
    let mut batch = batch();
    batch
        .add(&Order {
            order_id: anything,
            user_phone: "1234567",
            other: anything,
            user_name: anything,
            customer_name: anything,
            params: &[param(anything, anything)],
        })
        .expect("it is right");
    batch
        .add(&Order {
            order_id: " ",
            user_phone: "123456789012345",
            ..Order::default()
        })
        .expect("it is right");
    assert_eq!(batch.len(), 2);
}

#[test]
fn add_leaves_the_batch_as_it_was_when_it_refuses() {
    let mut batch = batch_with(rules());
    let params = [param("amount", "1"), param("due", "2")];
    let good = Order {
        params: &params,
        ..ORDER
    };
    let mut refused = vec![
        Order {
            user_phone: "",
            ..good
        },
        Order {
            order_id: "",
            ..good
        },
        Order {
            user_phone: "4915112345678",
            ..good
        },
        Order {
            params: &[],
            ..good
        },
        Order::default(),
    ];
    for step in 0..2 {
        let body = batch.body().to_vec();
        for order in &refused {
            batch.add(order).unwrap_err();
            assert_eq!(batch.body(), body);
            assert_eq!(batch.len(), step);
            assert_eq!(batch.is_empty(), step == 0);
        }
        if step == 0 {
            // No refused order has taken the id.
            batch.add(&good).expect("it is right");
            refused.push(good);
        }
    }
    let other = Order {
        order_id: "2",
        ..good
    };
    batch.add(&other).expect("it is right");
    let mut fresh = batch_with(rules());
    fresh.add(&good).expect("it is right");
    fresh.add(&other).expect("it is right");
    assert_eq!(batch.body(), fresh.body());
}

#[test]
fn a_batch_can_be_cleared_and_filled_again() {
    let mut batch = batch();
    let empty = batch.body().to_vec();
    for _ in 0..3 {
        batch.add(&ORDER).expect("its id is free");
        assert_eq!(
            codes(&batch.add(&ORDER).unwrap_err()),
            ["duplicate_order_id"]
        );
        assert_eq!(batch.body(), DOCUMENT.as_bytes());
        batch.clear();
        assert_eq!((batch.len(), batch.is_empty()), (0, true));
        assert_eq!(batch.body(), empty);
        let error = batch
            .sign(&credentials(Algorithm::Md5), request_id("r"), timestamp(1))
            .unwrap_err();
        assert_eq!(error, Error::EmptyBatch);
    }
    // The same while a request keeps the body.
    batch.add(&ORDER).expect("its id is free");
    let request = sign(&batch);
    batch.clear();
    assert_eq!(batch.body(), empty);
    batch
        .add(&Order {
            order_id: "2",
            ..ORDER
        })
        .expect("it is right");
    batch.add(&ORDER).expect("its id is free");
    assert_eq!(request.body(), DOCUMENT.as_bytes());
    assert_eq!(batch.len(), 2);
}

fn sign(batch: &Batch) -> callbot_core::SignedRequest {
    batch
        .sign(
            &credentials(Algorithm::Sha256),
            request_id("r"),
            timestamp(1),
        )
        .expect("it has orders")
}

#[test]
fn an_empty_list_is_read_and_not_signed() {
    let text = document_of::<&str>(&[]);
    for batch in [
        Batch::from_json(text.as_bytes(), Rules::new()).expect("it is right"),
        Batch::from_json_keep_valid(text.as_bytes(), Rules::new())
            .expect("it is right")
            .batch,
        batch(),
    ] {
        assert_eq!(batch.body(), text.as_bytes());
        assert!(batch.is_empty());
        let error = batch
            .sign(&credentials(Algorithm::Md5), request_id("r"), timestamp(1))
            .unwrap_err();
        assert_eq!(error, Error::EmptyBatch);
    }
}

#[test]
fn a_request_keeps_its_body_whatever_becomes_of_the_batch() {
    let mut batch = batch();
    batch.add(&ORDER).expect("it is right");
    let request = sign(&batch);
    // No copy so far.
    assert_eq!(request.body().as_ptr(), batch.body().as_ptr());
    let second = Order {
        order_id: "2",
        ..ORDER
    };
    batch.add(&second).expect("it is right");
    assert_eq!(request.body(), DOCUMENT.as_bytes());
    assert_ne!(batch.body(), request.body());

    let of_two = sign(&batch);
    let two = of_two.body().to_vec();
    batch.clear();
    batch.add(&second).expect("it is right");
    assert_eq!(of_two.body(), two);
    let clone = of_two.clone();
    drop((batch, of_two));
    assert_eq!(clone.body(), two);
    assert_eq!(
        clone.signature(),
        &credentials(Algorithm::Sha256).sign(&request_id("r"), timestamp(1), &two)
    );
}

#[test]
fn a_clone_of_a_batch_goes_its_own_way() {
    let mut batch = batch();
    batch.add(&ORDER).expect("it is right");
    let mut clone = batch.clone();
    let second = Order {
        order_id: "2",
        ..ORDER
    };
    clone.add(&second).expect("it is right");
    assert_eq!((batch.len(), clone.len()), (1, 2));
    assert_eq!(batch.body(), DOCUMENT.as_bytes());
    batch.add(&second).expect("its id is free here");
    assert_eq!(batch.body(), clone.body());
}

#[test]
fn signing_again_shares_the_body_and_signs_anew() {
    let mut batch = batch();
    batch.add(&ORDER).expect("it is right");
    let first = sign(&batch);
    let again = first.sign_again(
        &credentials(Algorithm::Md5),
        request_id("r2"),
        timestamp(31),
    );
    assert_eq!(again.body().as_ptr(), first.body().as_ptr());
    assert_eq!(again.body(), first.body());
    assert_eq!(again.request_id().as_str(), "r2");
    assert_eq!(again.create_ts(), timestamp(31));
    assert_eq!(again.algorithm(), Algorithm::Md5);
    assert_eq!(
        again.signature(),
        &credentials(Algorithm::Md5).sign(&request_id("r2"), timestamp(31), first.body())
    );
    // The first one is as it was.
    assert_eq!(first.request_id().as_str(), "r");
    assert_eq!(first.algorithm(), Algorithm::Sha256);
}

#[test]
fn a_request_has_all_that_is_sent() {
    for (algorithm, name) in [(Algorithm::Md5, "MD5"), (Algorithm::Sha256, "SHA256")] {
        let mut batch = batch();
        batch.add(&ORDER).expect("it is right");
        let account = credentials(algorithm);
        let request = batch
            .sign(&account, request_id("a-b_c.d:E9"), timestamp(1_726_200_000))
            .expect("it has an order");
        let sign = account.sign(
            &request_id("a-b_c.d:E9"),
            timestamp(1_726_200_000),
            DOCUMENT.as_bytes(),
        );
        assert_eq!(request.method(), "POST");
        assert_eq!(request.path(), "/callcentre/api/v3/addBatchCall");
        assert_eq!(
            request.headers(),
            [
                ("requestID", "a-b_c.d:E9"),
                ("uuid", "Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR"),
                ("createTs", "1726200000"),
                ("sign", sign.as_str()),
                ("algorithm", name),
                ("Content-Type", "application/json"),
            ]
        );
        assert_eq!(request.uuid(), "Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR");
        assert_eq!(request.create_ts().unix_seconds(), 1_726_200_000);
        assert_eq!(request.signature(), &sign);
        assert_eq!(request.body(), DOCUMENT.as_bytes());
    }
}

#[test]
fn a_duplicate_of_a_kept_order_names_its_place_in_the_batch() {
    let document = document_of(&[
        order_json("a", "+8613800000001"),
        order_json("b", "8613800000002"),
        order_json("c", "8613800000003"),
    ]);
    let mut batch = Batch::from_json_keep_valid(document.as_bytes(), Rules::new())
        .expect("it is kept")
        .batch;
    let c = Order {
        order_id: "c",
        ..ORDER
    };
    let refused = batch.add(&c).unwrap_err();
    assert_eq!(
        found(&refused),
        [(
            "duplicate_order_id",
            "/callInfoList/callList/2/orderID".into()
        )]
    );
    // The batch holds b and c.
    let fault = ViolationKind::DuplicateOrderId { first: 1 };
    assert_eq!(refused.as_slice()[0].kind(), &fault);
}

#[test]
fn violations_can_be_walked_through_in_every_way() {
    let refused = batch().add(&Order::default()).unwrap_err();
    assert_eq!(refused.len(), 2);
    assert!(!refused.is_empty());
    let by_reference: Vec<&Violation> = (&refused).into_iter().collect();
    let by_iter: Vec<&Violation> = refused.iter().collect();
    assert_eq!(by_reference, by_iter);
    assert_eq!(by_iter.len(), refused.as_slice().len());
    let owned: Vec<Violation> = refused.clone().into_iter().collect();
    assert_eq!(owned, refused.as_slice());
    assert!(Violations::default().is_empty());
    assert_eq!(Violations::default().to_string(), "");
}

#[test]
fn reserved_room_changes_nothing() {
    let mut batch = batch();
    batch.add(&ORDER).expect("it is right");
    batch.reserve(1000, 200);
    assert_eq!(batch.body(), DOCUMENT.as_bytes());
    assert_eq!(
        codes(&batch.add(&ORDER).unwrap_err()),
        ["duplicate_order_id"]
    );
    batch.reserve(0, 0);
    // More than there is.
    batch.reserve(usize::MAX, 1);
    batch.reserve(usize::MAX, usize::MAX);
    assert_eq!(batch.len(), 1);
    assert_eq!(batch.body(), DOCUMENT.as_bytes());
}
