//! Inputs that once took, or could take, more than linear work. An input that the fuzz target finds
//! is added here.

use crate::Shape;

const ORDER: &str = r#"{"orderID":"*","userPhone":"8613800000001","params":[]},"#;
const DOCUMENT: &str = r#"{"userTaskID":"t","callInfoList":{"orderCallbackUrl":"https://a.example/","callCallbackUrl":"https://a.example/","callList":["#;
const PARAMS: &str = r#"{"userTaskID":"t","callInfoList":{"orderCallbackUrl":"https://a.example/","callCallbackUrl":"https://a.example/","callList":[{"orderID":"1","userPhone":"8613800000001","params":["#;
const CALLBACK: &str = r#"{"callbackType":1,"orderID":"1","userPhone":"8613800000001","userName":null,"sceneID":"s","userTaskID":"t","taskID":"p","finish":true,"other":"","callInfoDetail":{"callStatus":3},"#;
const INTENTS: &str = r#"{"callbackType":1,"orderID":"1","userPhone":"8613800000001","userName":null,"sceneID":"s","userTaskID":"t","taskID":"p","finish":true,"other":"","callInfoDetail":{"callStatus":3,"intents":["#;
const RESPONSE: &str = r#"{"retCode":0,"retMsg":"","responseID":"x","#;

/// The names of the subjects, and an input for them.
pub const SHAPES: &[(&[&str], Shape<'_>)] = &[
    // Strings of people, for everything that takes one.
    (STRINGS, shape("", "1", "")),
    (STRINGS, shape("", " ", "")),
    (STRINGS, shape(" ", "x", " ")),
    (STRINGS, shape("", "\u{200b}", "")),
    (STRINGS, shape("", "\u{663}", "")),
    (STRINGS, shape("", "é", "")),
    (STRINGS, shape("", "A", "=x")),
    (STRINGS, shape("\"", "\\\"", "\"")),
    (STRINGS, shape("", "'=\"", "")),
    (STRINGS, shape("", "\u{0}", "")),
    (&["phone"], shape("+1", "(", "")),
    (&["phone"], shape("+1", "(0", "")),
    (&["phone"], shape("+1", "(0)", "")),
    (&["phone"], shape("+1", "( )", "")),
    (&["phone"], shape("", "+1 ", "")),
    (&["phone"], shape("", "00", "")),
    (&["phone"], shape("1", ".0", "")),
    (&["phone"], shape("1", ",1", "E+12")),
    (&["phone"], shape("", "tel:", "+1")),
    (&["phone"], shape("tel:+1", ";ext=1", "")),
    (&["phone"], shape("", "1\r\n", "")),
    (URLS, shape("https://", "a.", "/")),
    (URLS, shape("https://", "1.", "/")),
    (URLS, shape("", "https://", "a")),
    (URLS, shape("https://a/", "/", "")),
    (URLS, shape("https://a/", "../", "")),
    (URLS, shape("https://a/", "%41", "")),
    (URLS, shape("https://a/", "%", "")),
    (URLS, shape("https://a/?", "?&", "#")),
    (URLS, shape("https://a", "@a", "/")),
    (URLS, shape("https://a", ":1", "/")),
    (URLS, shape("https://[", "::1", "]")),
    (URLS, shape("https://a:", "0", "80/")),
    (URLS, shape("https://a", "/callcentre/api/v3", "")),
    (&["rules", "params"], shape("", "name *\n", "")),
    (&["rules", "params"], shape("", "name\n", "")),
    (&["rules", "params"], shape("", "n\u{200b}\n", "")),
    // Received headers.
    (&["header_block"], shape("", "a: b\r\n", "\r\n")),
    (&["header_block"], shape("", "sign: b\r\n", "\r\n")),
    (
        &["header_block"],
        shape("", "HTTP/1.1 100 Continue\r\n\r\n", ""),
    ),
    (
        &["header_block"],
        shape("", "HTTP/1.1 200 OK\r\na: b\r\n\r\n", ""),
    ),
    (&["header_block"], shape("", "\r\n", "")),
    (&["header_block"], shape("", "\r", "")),
    (&["header_block"], shape("a:", " ", "\r\n\r\n")),
    (&["header_block"], shape("a:", "\t ", "b\r\n\r\n")),
    (&["header_block"], shape("a: b", "\r\n b", "\r\n\r\n")),
    (&["header_block", "headers"], shape("", ":", "\r\n\r\n")),
    (&["headers"], shape("", "Sign:\n", "")),
    (&["headers"], shape("", "HTTP_SIGN:\n", "")),
    (&["headers"], shape("", "a, ", "a")),
    // Orders and params one by one.
    (&["orders"], shape("", "*,8613800000001\n", "")),
    (&["orders"], shape("", "*,+86 138\n", "")),
    (&["orders"], shape("", "1,8613800000001\n", "")),
    (&["orders"], shape("", ",\n", "")),
    (&["orders"], shape("", "\u{feff}*,\u{7}\n", "")),
    (&["orders"], shape("1,8613800000001\n2,", "\\\u{1}", "")),
    // JSON that goes out: its lists, then its syntax.
    (BATCHES, shape(DOCUMENT, ORDER, "{}]}}")),
    (
        BATCHES,
        shape(
            DOCUMENT,
            r#"{"orderID":"1","userPhone":"8613800000001"},"#,
            "{}]}}",
        ),
    ),
    (
        BATCHES,
        shape(
            DOCUMENT,
            r#"{"orderID":"*","userPhone":"+86 138"},"#,
            "{}]}}",
        ),
    ),
    (
        BATCHES,
        shape(DOCUMENT, r#"{"orderID":"*","orderID":"*"},"#, "{}]}}"),
    ),
    (
        BATCHES,
        shape(DOCUMENT, r#"{"orderID":"*","zhangwei":1},"#, "{}]}}"),
    ),
    (
        BATCHES,
        shape(DOCUMENT, r#"{"orderID":"\ud800"},"#, "{}]}}"),
    ),
    (BATCHES, shape(DOCUMENT, "null,", "{}]}}")),
    (BATCHES, shape(DOCUMENT, "{},\n", "{}]}}")),
    (
        BATCHES,
        shape(
            PARAMS,
            r#"{"name":"*","value":""},"#,
            r#"{"name":"z","value":""}]}]}}"#,
        ),
    ),
    (
        BATCHES,
        shape(
            PARAMS,
            r#"{"name":"a","value":""},"#,
            r#"{"name":"z","value":""}]}]}}"#,
        ),
    ),
    (
        BATCHES,
        shape(
            PARAMS,
            r#"{"name":"amounl","value":""},"#,
            r#"{"name":"z"}]}]}}"#,
        ),
    ),
    (
        BATCHES,
        shape(
            PARAMS,
            r#"{"name":"a\u200b*","value":""},"#,
            r#"{"name":"z"}]}]}}"#,
        ),
    ),
    (
        &["request_json"],
        shape(r#"{"userTaskID":"t","orderIDs":["#, r#""*","#, r#""z"]}"#),
    ),
    (
        &["request_json"],
        shape(r#"{"userTaskID":"t","orderIDs":["#, r#""1","#, r#""z"]}"#),
    ),
    (
        &["request_json"],
        shape(r#"{"userTaskID":"t","orderIDs":["#, "1,", r#""z"]}"#),
    ),
    (JSON, shape("", "[", "")),
    (JSON, shape("", r#"{"a":"#, "")),
    (JSON, shape(r#"{"a":"#, "[[", "]}")),
    (JSON, shape("{", r#""*":1,"#, r#""z":1}"#)),
    (JSON, shape("{", r#""userTaskID":"t","#, r#""z":1}"#)),
    (JSON, shape("{", r#""\u0061*":1,"#, r#""z":1}"#)),
    (JSON, shape(r#"{"userTaskID":""#, "a", r#""}"#)),
    (JSON, shape(r#"{"userTaskID":""#, "\\u00e9", r#""}"#)),
    (JSON, shape(r#"{"userTaskID":""#, "\\ud83d\\ude00", r#""}"#)),
    (JSON, shape(r#"{"userTaskID":""#, "\\ud800", r#""}"#)),
    (JSON, shape(r#"{"userTaskID":""#, "\\u0000", r#""}"#)),
    (JSON, shape(r#"{"userTaskID":""#, "\\", r#""}"#)),
    (JSON, shape(r#"{"userTaskID":""#, "\u{1f600}", "")),
    (JSON, shape("{\"userTaskID\":\"", "\n", "\"}")),
    (JSON, shape("{\"", "a", "\":1,\"a\":1}")),
    (JSON, shape(r#"{"del":"#, "1", "}")),
    (JSON, shape(r#"{"del":0."#, "0", "1}")),
    (JSON, shape(r#"{"del":1e"#, "9", "}")),
    (JSON, shape(r#"{"del":["#, "1.5e3,", "0]}")),
    (JSON, shape("", " ", "{}")),
    (JSON, shape("{}", "\n", "x")),
    (JSON, shape("{", ",", "}")),
    (JSON, shape("{", "\"\":", "}")),
    (JSON, shape("", "{}", "")),
    (JSON, shape("", "\u{feff}", "{}")),
    // JSON that comes in.
    (&["callback"], shape(CALLBACK, r#""*":1,"#, r#""z":1}"#)),
    (&["callback"], shape(CALLBACK, r#""a":1,"#, r#""z":1}"#)),
    (&["callback"], shape(CALLBACK, r#""*":["#, "")),
    (
        &["callback"],
        shape(CALLBACK, r#""sms":[],"params":{},"#, r#""z":1}"#),
    ),
    (&["callback"], shape(INTENTS, "1,", "1]}}")),
    (
        &["callback"],
        shape(INTENTS, r#"{"intentName":1,"x*":2},"#, "{}]}}"),
    ),
    (
        &["callback"],
        shape(INTENTS, r#"{"intentName":"\u0061"},"#, "{}]}}"),
    ),
    (&["callback"], shape(INTENTS, "[", "")),
    (
        &["response"],
        shape(RESPONSE, r#""*":{"a":1},"#, r#""z":1}"#),
    ),
    (
        &["response"],
        shape(
            r#"{"retCode":0,"responseID":"x","retMsg":""#,
            "\\u00e9",
            r#""}"#,
        ),
    ),
    (
        &["response"],
        shape(
            r#"{"retCode":0,"retMsg":"","responseID":"x","errList":["#,
            "1,",
            "1]}",
        ),
    ),
    (&["pointer"], shape("", "/a", "")),
    (&["pointer"], shape("/callInfoDetail/intents/", "0", "")),
    (&["pointer"], shape("/", "~1", "")),
    (&["pointer"], shape("", "~0", "~")),
    (&["pointer"], shape("", "/", "")),
    (&["outcome"], shape("", "86138*\n", "")),
    (&["outcome"], shape("", "8613800000001\n", "")),
    (&["outcome"], shape("", "8613800000001\n86138*\n", "")),
    (&["outcome"], shape("", "1\n", "")),
];

const STRINGS: &[&str] = &[
    "phone",
    "account",
    "rules",
    "url",
    "base_url",
    "path",
    "orders",
    "params",
    "pointer",
    "headers",
    "header_block",
];
const URLS: &[&str] = &["url", "base_url", "path"];
const BATCHES: &[&str] = &["batch_json", "batch_json_with_rules"];
const JSON: &[&str] = &[
    "batch_json",
    "batch_json_with_rules",
    "request_json",
    "callback",
    "response",
];

const fn shape<'a>(first: &'a str, repeated: &'a str, last: &'a str) -> Shape<'a> {
    Shape {
        first: first.as_bytes(),
        repeated: repeated.as_bytes(),
        last: last.as_bytes(),
    }
}
