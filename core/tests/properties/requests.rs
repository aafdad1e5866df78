//! Any JSON for any endpoint against a plain reading by the exported tables.

use std::fmt::Write as _;
use std::iter::Cycle;
use std::sync::LazyLock;
use std::vec;

use callbot_core::{Algorithm, Endpoint, SignedRequest, Violations};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

use crate::common::{self, credentials, path, read, request_id, timestamp};

static TABLES: LazyLock<Value> = LazyLock::new(|| {
    let json = read(path("../vectors/api.json"));
    serde_json::from_slice(&json).expect("valid JSON")
});

/// What a batch's document has in `callInfoList`, in the body's form.
const CALL_INFO_LIST: &str = concat!(
    r#"{"orderCallbackUrl":"https://a.example/o","callCallbackUrl":"https://a.example/c","#,
    r#""callList":[{"orderID":"1","userPhone":"8613800000001","other":"","userName":"","#,
    r#""customerName":"","params":[]}]}"#
);

/// JSON in which keys have an order and may be duplicates.
#[derive(Debug, Clone)]
enum Json {
    /// `null`, a boolean or a number, as it is written.
    Plain(String),
    String(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
    /// [`CALL_INFO_LIST`].
    Orders,
}

fn plain() -> impl Strategy<Value = String> {
    select(vec![
        "null",
        "true",
        "false",
        "0",
        "1",
        "2",
        "3",
        "4",
        "-1",
        "-0",
        "1.0",
        "1e2",
        "0.5",
        "9223372036854775807",
        "9223372036854775808",
    ])
    .prop_map(Into::into)
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "[a-c]",
        "[\"\\\\/\\x00-\\x1f\u{7f}é中😀]{0,4}",
    ]
}

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![plain().prop_map(Json::Plain), text().prop_map(Json::String)];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let key = prop_oneof!["[a-c]", "[\"\\\\\\x00é]"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::Array),
            prop::collection::vec((key, inner), 0..4).prop_map(Json::Object),
        ]
    })
}

/// Makes documents that are nearly right: it takes one byte for each choice.
struct Maker {
    choices: Cycle<vec::IntoIter<u8>>,
    any: Cycle<vec::IntoIter<Json>>,
}

impl Maker {
    fn choose(&mut self, n: u8) -> u8 {
        self.choices.next().unwrap_or_default() % n
    }

    fn any(&mut self) -> Json {
        self.any.next().expect("there are values")
    }

    fn object(&mut self, table: &Value) -> Json {
        let mut members = Vec::new();
        for row in table["rows"].as_array().expect("rows") {
            let key = row["key"].as_str().expect("a key");
            if self.choose(8) > 0 {
                members.push((key.to_owned(), self.value(row)));
            }
            if self.choose(20) == 0 {
                members.push((key.to_owned(), self.any()));
            }
            if self.choose(12) == 0 {
                let key = ["x", "Wang Fang", "y", key.trim_end()][usize::from(self.choose(4))];
                members.push((key.to_owned(), self.any()));
            }
        }
        let by = usize::from(self.choose(8)) % members.len().max(1);
        members.rotate_left(by);
        Json::Object(members)
    }

    fn value(&mut self, row: &Value) -> Json {
        if row["path"] == "/callInfoList" {
            return Json::Orders;
        }
        if self.choose(12) == 0 {
            return self.any();
        }
        let number = self.choose(4).to_string();
        match row["kind"].as_str().expect("a kind") {
            "string" => Json::String(row["constant"].as_str().unwrap_or("a").into()),
            "integer" => Json::Plain(number),
            "boolean" => Json::Plain("true".into()),
            "strings" => Json::Array(vec![Json::String("a".into()); usize::from(self.choose(3))]),
            "integers" => Json::Array(vec![Json::Plain(number); usize::from(self.choose(3))]),
            "object" => self.object(&row["object"]),
            _ if row["object"].is_null() => self.any(),
            _ if row["key"] == "smsFuncFlag" => {
                let elements = [self.object(&row["object"]), self.any()];
                Json::Array(elements.into())
            }
            _ => self.object(&row["object"]),
        }
    }

    /// Writes JSON with whitespace, and with escapes that need not be.
    fn write(&mut self, json: &Json, out: &mut String) {
        out.push_str(["", "", " ", "\n\t"][usize::from(self.choose(4))]);
        match json {
            Json::Plain(plain) => out.push_str(plain),
            Json::String(string) => self.write_string(string, out),
            Json::Orders => out.push_str(CALL_INFO_LIST),
            Json::Array(elements) => {
                out.push('[');
                for (i, element) in elements.iter().enumerate() {
                    out.push_str(if i > 0 { "," } else { "" });
                    self.write(element, out);
                }
                out.push(']');
            }
            Json::Object(members) => {
                out.push('{');
                for (i, (key, value)) in members.iter().enumerate() {
                    out.push_str(if i > 0 { "," } else { "" });
                    self.write_string(key, out);
                    out.push(':');
                    self.write(value, out);
                }
                out.push('}');
            }
        }
        out.push_str(["", "", " ", "\r\n"][usize::from(self.choose(4))]);
    }

    fn write_string(&mut self, string: &str, out: &mut String) {
        out.push('"');
        for c in string.chars() {
            let is_escaped = c < ' ' || c == '"' || c == '\\' || self.choose(5) == 0;
            if is_escaped {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04X}").expect("a String takes everything");
                }
            } else {
                out.push(c);
            }
        }
        out.push('"');
    }
}

fn quoted(string: &str) -> String {
    serde_json::to_string(string).expect("a string is JSON")
}

/// Reads a document by its table. Returns its body's form.
#[derive(Default)]
struct Oracle {
    wrong: Vec<(String, String)>,
}

impl Oracle {
    fn report(&mut self, code: &str, path: &str) -> String {
        self.wrong.push((code.into(), path.into()));
        String::new()
    }

    /// The text has no other character that nobody sees.
    fn id(&mut self, row: &Value, string: &str, path: &str) {
        let is_blank = |c: &char| (*c <= ' ' && *c != '\0') || *c == '\u{7f}';
        let mut chars = string.chars();
        for edge in [chars.next(), chars.next_back()] {
            if row["id"] == true && edge.as_ref().is_some_and(is_blank) {
                self.report("blank_edge", path);
            }
        }
    }

    /// The body's form of JSON that is carried on.
    fn carried(&mut self, json: &Json, path: &str) -> String {
        match json {
            Json::Plain(plain) => plain.clone(),
            Json::String(string) if string.contains('\0') => self.report("nul_character", path),
            Json::String(string) => quoted(string),
            Json::Orders => CALL_INFO_LIST.into(),
            Json::Array(elements) => {
                let elements = elements.iter().map(|element| self.carried(element, path));
                format!("[{}]", elements.collect::<Vec<_>>().join(","))
            }
            Json::Object(members) => {
                let mut written: Vec<String> = Vec::new();
                for (i, (key, value)) in members.iter().enumerate() {
                    if key.contains('\0') {
                        self.report("nul_character", path);
                    } else if members[..i].iter().any(|(earlier, _)| earlier == key) {
                        self.report("repeated_key", path);
                    }
                    written.push(format!("{}:{}", quoted(key), self.carried(value, path)));
                }
                format!("{{{}}}", written.join(","))
            }
        }
    }

    fn object(&mut self, table: &Value, members: &[(String, Json)], path: &str) -> String {
        let rows = table["rows"].as_array().expect("rows");
        let is_open = table["open"] == true;
        let mut values: Vec<Option<String>> = vec![None; rows.len()];
        let mut others: Vec<(&str, String)> = Vec::new();
        for (key, value) in members {
            let at = format!("{path}/{key}");
            if let Some(index) = rows.iter().position(|row| row["key"] == **key) {
                if values[index].is_some() {
                    self.report("repeated_key", &at);
                } else {
                    values[index] = Some(self.value(&rows[index], value, &at));
                }
            } else if key.contains('\0') {
                self.report("nul_character", path);
                if is_open {
                    self.carried(value, path);
                }
            } else if !is_open {
                self.report("unknown_key", path);
            } else if others.iter().any(|(other, _)| other == key) {
                self.report("repeated_key", path);
            } else {
                let value = self.carried(value, path);
                others.push((key, value));
            }
        }
        let mut written = Vec::new();
        for (row, value) in rows.iter().zip(values) {
            let key = row["key"].as_str().expect("a key");
            match (value, row["constant"].as_str()) {
                (Some(value), _) => written.push(format!("\"{key}\":{value}")),
                (None, Some(constant)) => written.push(format!("\"{key}\":\"{constant}\"")),
                (None, None) if row["presence"] == "required" => {
                    self.report("missing_key", &format!("{path}/{key}"));
                }
                (None, None) => {}
            }
        }
        for (key, value) in others {
            written.push(format!("{}:{value}", quoted(key)));
        }
        format!("{{{}}}", written.join(","))
    }

    fn value(&mut self, row: &Value, json: &Json, path: &str) -> String {
        let kind = row["kind"].as_str().expect("a kind");
        let is_number = |plain: &str| plain.starts_with(|c: char| c == '-' || c.is_ascii_digit());
        match (kind, json) {
            (_, Json::Orders) => CALL_INFO_LIST.into(),
            ("any" | "object", Json::Object(members)) if !row["object"].is_null() => {
                self.object(&row["object"], members, path)
            }
            ("any", Json::Array(elements)) if !row["object"].is_null() => {
                let mut written = Vec::new();
                for (i, element) in elements.iter().enumerate() {
                    let at = format!("{path}/{i}");
                    written.push(match element {
                        Json::Object(members) => self.object(&row["object"], members, &at),
                        element => self.carried(element, &at),
                    });
                }
                format!("[{}]", written.join(","))
            }
            ("any", json) => self.carried(json, path),
            (_, Json::Plain(plain)) if plain == "null" && row["null"] == true => plain.clone(),
            ("string", Json::String(string)) if !string.contains('\0') => {
                if row["constant"].is_string() && row["constant"] != **string {
                    self.report("product_id", path);
                }
                if row["notEmpty"] == true && string.is_empty() {
                    self.report("empty", path);
                }
                self.id(row, string, path);
                quoted(string)
            }
            ("string", Json::String(_)) => self.report("nul_character", path),
            ("integer", Json::Plain(plain)) if is_number(plain) => {
                match (plain.parse::<i64>(), row["range"].as_array()) {
                    (Err(_), _) => self.report("not_integer", path),
                    (Ok(number), Some(range))
                        if number < range[0].as_i64().expect("a number")
                            || number > range[1].as_i64().expect("a number") =>
                    {
                        self.report("out_of_range", path)
                    }
                    _ => plain.clone(),
                }
            }
            ("boolean", Json::Plain(plain)) if plain == "true" || plain == "false" => plain.clone(),
            ("strings" | "integers", Json::Array(elements)) => {
                let mut written = Vec::new();
                for (i, element) in elements.iter().enumerate() {
                    let at = format!("{path}/{i}");
                    written.push(match (kind, element) {
                        ("strings", Json::String(string)) => {
                            if !string.contains('\0') {
                                if row["id"] == true && string.is_empty() {
                                    self.report("empty", &at);
                                }
                                self.id(row, string, &at);
                            }
                            self.carried(element, &at)
                        }
                        ("integers", Json::Plain(plain)) if is_number(plain) => {
                            if plain.parse::<i64>().is_err() {
                                self.report("not_integer", &at);
                            }
                            plain.clone()
                        }
                        _ => self.report("wrong_type", &at),
                    });
                }
                if row["notEmpty"] == true && elements.is_empty() {
                    self.report("empty", path);
                }
                format!("[{}]", written.join(","))
            }
            _ => self.report("wrong_type", path),
        }
    }
}

fn sign(endpoint: Endpoint, json: &[u8]) -> Result<SignedRequest, Violations> {
    let credentials = credentials(Algorithm::Md5);
    SignedRequest::from_json(endpoint, json, &credentials, request_id("r"), timestamp(1))
}

proptest! {
    #![proptest_config(common::cases(1024))]

    #[test]
    fn every_document_is_read_as_its_table_says(
        endpoint in select(Endpoint::ALL.to_vec()),
        choices in prop::collection::vec(any::<u8>(), 20..200),
        any in prop::collection::vec(any_json(), 1..8),
    ) {
        let table = &TABLES["requests"][endpoint.name()];
        let mut maker = Maker {
            choices: choices.into_iter().cycle(),
            any: any.into_iter().cycle(),
        };
        let document = maker.object(table);
        let mut json = String::new();
        maker.write(&document, &mut json);
        let Json::Object(members) = &document else { unreachable!() };
        // A duplicate of the orders is skipped, whatever it is; they come first here.
        prop_assume!(!matches!(
            members.iter().find(|(key, _)| key == "callInfoList"),
            Some((_, value)) if !matches!(value, Json::Orders)
        ));
        let mut oracle = Oracle::default();
        let body = oracle.object(table, members, "");
        match sign(endpoint, json.as_bytes()) {
            Ok(request) => {
                prop_assert_eq!(&oracle.wrong, &[], "{}", json);
                prop_assert_eq!(String::from_utf8_lossy(request.body()), &*body);
                let again = sign(endpoint, request.body()).expect("its own form is valid");
                prop_assert_eq!(again.body(), request.body());
            }
            Err(violations) => {
                let found: Vec<_> = violations.iter().map(|v| (v.code().to_owned(), v.path())).collect();
                prop_assert_eq!(found, oracle.wrong, "{}", json);
                let shown = violations.to_string();
                prop_assert!(!shown.contains("Wang"), "{}", shown);
            }
        }
    }
}
