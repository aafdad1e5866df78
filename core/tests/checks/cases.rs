//! Invalid JSON documents, each with the codes and paths of its violations.

use callbot_core::JsonType;

use crate::common::{DOCUMENT, edited};
use crate::support::{ORDER_PATH, PARAM_PATH};

/// A document, and the code and path of each of its violations.
type JsonCase = (String, Vec<(&'static str, String)>);

/// Edits [`DOCUMENT`] so that it has violations.
fn change(from: &str, to: &str, expected: &[(&'static str, &str)]) -> JsonCase {
    let expected = expected.iter().map(|&(c, path)| (c, path.into())).collect();
    (edited(DOCUMENT, from, to), expected)
}

/// The values of [`DOCUMENT`]: path, preceding JSON, the value, and its required type.
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

/// Values of every type, and numbers of every form, at each path that requires another type.
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
                let document = edited(DOCUMENT, &format!("{key}{value}"), &format!("{key}{json}"));
                cases.push((document, vec![(code, path.clone())]));
            }
        }
    }
    cases
}

/// Each key missing, and each key duplicated.
fn missing_and_duplicate_keys() -> Vec<JsonCase> {
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
        // The constant is added.
        if path != "/productID" {
            cases.push((missing, vec![("missing_key", path.clone())]));
        }

        // The first one counts; the second one is skipped, whatever its value.
        for second in [&*value, "null", "\"\"", "[{\"a\":[1]}]"] {
            let document = edited(DOCUMENT, &entry, &format!("{entry},{key}{second}"));
            cases.push((document, vec![("repeated_key", path.clone())]));
        }
        let three = edited(DOCUMENT, &entry, &[&*entry; 3].join(","));
        cases.push((three, vec![("repeated_key", path.clone()); 2]));
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
            for key in [
                "order_id",
                "userphone",
                "productId",
                "a1234",
                "8613800000001",
                "",
                " orderID",
                "na/me",
                "na~me",
                "n\\u00e4me",
                &"k".repeat(400),
            ] {
                let to = start.replacen('{', &format!("{{\"{key}\":{value},"), 1);
                let expected = vec![("unknown_key", path.into())];
                cases.push((edited(DOCUMENT, start, &to), expected));
            }
        }
    }
    cases
}

/// Invalid values of the required type.
fn invalid_values() -> Vec<JsonCase> {
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
        // An escaped value is the same value.
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
    let label_of_64 = format!("https://{}.example/o", "a".repeat(64));
    let host_of_254 = format!("https://{}aa/o", "a.".repeat(126));
    for (url, code) in [
        ("", "url_empty"),
        ("https://a.example/a b", "url_character"),
        ("https://a.example/\\n", "url_character"),
        ("https://a.example/例", "url_character"),
        ("https://例.example/", "url_host_not_ascii"),
        ("https://%C3%BC.example/", "url_host_character"),
        ("https://a b.example/", "url_host_character"),
        ("https://https://a.example/o", "url_scheme_as_host"),
        ("https://http.//x", "url_scheme_as_host"),
        ("https://a.example/https://a.example/o", "url_joined"),
        ("https://a..example/o", "url_empty_label"),
        ("https://256.1.1.1/o", "url_ipv4"),
        ("https://[1::2::3]/o", "url_ipv6"),
        (&label_of_64, "url_label_too_long"),
        ("https://xn--/o", "url_label_hyphen"),
        (&host_of_254, "url_host_too_long"),
        ("http://a.example:/o", "url_port"),
        ("http://a.example:0/o", "url_port"),
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
        ("https://a[b.example/", "url_host_character"),
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
        let json = serde_json::to_string(phone).expect("a string can be serialized");
        cases.push(change("\"8613800000001\"", &json, &expected));
    }
    cases
}

/// Phone numbers, each with the codes of its violations.
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
        ("၉၅၉၇၈၀၀၀၀၀၁၂", &["phone_foreign_digit"]),
        ("'8613800000001", &["phone_wrapped"]),
        ("tel:+8613800000001;ext=1", &["phone_wrapped"]),
        ("#86 138 0000 0001", &["phone_wrapped"]),
        ("8613800000001x12", &["phone_extension"]),
        (
            "+8613800000001 ext. 12",
            &["phone_plus", "phone_blank", "phone_extension"],
        ),
        ("8613800000001\n0002", &["phone_line_end"]),
        (
            "8613800000001\r\n+8613800000002\n",
            &["phone_line_end", "phone_plus", "phone_blank"],
        ),
        (
            "00000000000000000000000000000000000000000000000000000000000000000000000000000000\
             00000000000000000000000000000000000000000000000000000000000000000000000000000000\
             00000000000000000000000000000000000000000000000000000000000000000000000000000000\
             00000000000000000",
            &["phone_string_too_long"],
        ),
        ("8613800000001x", &["phone_character"]),
        ("8613800000001\0", &["nul_character"]),
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
        // Every violation, each kind once, in the order of its first position.
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

pub(crate) fn json_cases() -> Vec<JsonCase> {
    [
        wrong_types(),
        missing_and_duplicate_keys(),
        unknown_keys(),
        invalid_values(),
    ]
    .concat()
}

/// Inputs that are not JSON documents.
pub(crate) fn broken_documents() -> Vec<(Vec<u8>, &'static str)> {
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
