//! Shared by several tests: a task, an order, a document, and helpers to edit them.
#![allow(dead_code, reason = "each test uses a part")]

use std::fs;
use std::path::{Path, PathBuf};

use callbot_core::{
    Algorithm, Batch, Credentials, Order, OrderBytes, Param, ParamBytes, RequestId, Rules,
    SecretKey, Task, Timestamp, Violations,
};
use md5::Md5;
use proptest::test_runner::{Config, FileFailurePersistence};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The smallest document that has every field of the API. Each key and each value occurs once.
pub(crate) const DOCUMENT: &str = concat!(
    r#"{"productID":"callbot","userTaskID":"t","callInfoList":{"#,
    r#""orderCallbackUrl":"https://a.example/o","callCallbackUrl":"https://a.example/c","callList":["#,
    r#"{"orderID":"1","userPhone":"8613800000001","other":"o","userName":"n","customerName":"c","params":["#,
    r#"{"name":"p","value":"v"}]}]}}"#
);

/// The order of [`DOCUMENT`].
pub(crate) const ORDER: Order<'static> = Order {
    order_id: "1",
    user_phone: "8613800000001",
    other: "o",
    user_name: "n",
    customer_name: "c",
    params: &[Param {
        name: "p",
        value: "v",
    }],
};

/// The task of [`DOCUMENT`].
pub(crate) const TASK: Task<'static> = Task {
    user_task_id: "t",
    order_callback_url: "https://a.example/o",
    call_callback_url: "https://a.example/c",
};

/// A batch without orders and rules.
pub(crate) fn batch() -> Batch {
    batch_with(Rules::new())
}

pub(crate) fn batch_with(rules: Rules) -> Batch {
    Batch::new(&TASK, rules).expect("the task is valid")
}

/// Replaces `from`, which must occur exactly once, by `to`.
pub(crate) fn edited(json: &str, from: &str, to: &str) -> String {
    assert_eq!(json.matches(from).count(), 1, "{from} in {json}");
    json.replace(from, to)
}

/// [`DOCUMENT`] with other orders, each given as JSON.
pub(crate) fn document_of<S: AsRef<str>>(orders: &[S]) -> String {
    let orders: Vec<&str> = orders.iter().map(AsRef::as_ref).collect();
    let start = DOCUMENT
        .find(r#"{"orderID""#)
        .expect("the document has an order");
    let end = DOCUMENT.len() - "]}}".len();
    [&DOCUMENT[..start], &orders.join(","), &DOCUMENT[end..]].concat()
}

/// The JSON of an order without params.
pub(crate) fn order_json(order_id: &str, user_phone: &str) -> String {
    format!(
        r#"{{"orderID":"{order_id}","userPhone":"{user_phone}","other":"","userName":"","customerName":"","params":[]}}"#
    )
}

/// Code and path of each violation.
pub(crate) fn found(violations: &Violations) -> Vec<(&'static str, String)> {
    violations.iter().map(|v| (v.code(), v.path())).collect()
}

pub(crate) fn codes(violations: &Violations) -> Vec<&'static str> {
    violations
        .iter()
        .map(callbot_core::Violation::code)
        .collect()
}

pub(crate) fn credentials(algorithm: Algorithm) -> Credentials {
    let secret_key =
        SecretKey::new("u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr").expect("the secret key is valid");
    Credentials::new("Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR", secret_key, algorithm)
        .expect("the uuid is valid")
}

pub(crate) fn request_id(id: &str) -> RequestId {
    RequestId::new(id).expect("the request ID is valid")
}

pub(crate) fn timestamp(seconds: u64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds).expect("the timestamp is valid")
}

/// The path of a file, relative to this crate.
pub(crate) fn path(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(relative)
}

pub(crate) fn read(path: impl AsRef<Path>) -> Vec<u8> {
    let path = path.as_ref();
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The names in a directory, sorted.
pub(crate) fn names_in(directory: &Path) -> Vec<String> {
    let entries =
        fs::read_dir(directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("the entry is readable").file_name())
        .map(|name| name.into_string().expect("names are UTF-8"))
        .collect();
    names.sort();
    names
}

/// The assigned country codes, from a list that only the tests use.
pub(crate) fn country_codes() -> Vec<String> {
    let lines = String::from_utf8(read(path("tests/data/country_codes.txt"))).expect("valid UTF-8");
    lines.lines().map(Into::into).collect()
}

/// An order that owns its strings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct OwnedOrder {
    pub(crate) order_id: String,
    pub(crate) user_phone: String,
    pub(crate) other: String,
    pub(crate) user_name: String,
    pub(crate) customer_name: String,
    pub(crate) params: Vec<(String, String)>,
}

impl OwnedOrder {
    /// Reads an order of a document.
    pub(crate) fn from_value(order: &Value) -> Self {
        let string = |value: &Value, key: &str| value[key].as_str().expect(key).to_owned();
        Self {
            order_id: string(order, "orderID"),
            user_phone: string(order, "userPhone"),
            other: string(order, "other"),
            user_name: string(order, "userName"),
            customer_name: string(order, "customerName"),
            params: order["params"]
                .as_array()
                .expect("params")
                .iter()
                .map(|param| (string(param, "name"), string(param, "value")))
                .collect(),
        }
    }

    /// The order as an element of `callList`.
    pub(crate) fn to_value(&self) -> Value {
        let params: Vec<Value> = self
            .params
            .iter()
            .map(|(name, value)| serde_json::json!({"name": name, "value": value}))
            .collect();
        serde_json::json!({
            "orderID": self.order_id,
            "userPhone": self.user_phone,
            "other": self.other,
            "userName": self.user_name,
            "customerName": self.customer_name,
            "params": params,
        })
    }

    /// Calls `then` with the borrowed order.
    pub(crate) fn with<T>(&self, then: impl FnOnce(&Order<'_>) -> T) -> T {
        let params: Vec<Param<'_>> = self
            .params
            .iter()
            .map(|(name, value)| Param { name, value })
            .collect();
        then(&Order {
            order_id: &self.order_id,
            user_phone: &self.user_phone,
            other: &self.other,
            user_name: &self.user_name,
            customer_name: &self.customer_name,
            params: &params,
        })
    }

    /// Calls `then` with the borrowed order, its strings as bytes.
    pub(crate) fn with_bytes<T>(&self, then: impl FnOnce(&OrderBytes<'_>) -> T) -> T {
        let params: Vec<ParamBytes<'_>> = self
            .params
            .iter()
            .map(|(name, value)| ParamBytes {
                name: name.as_bytes(),
                value: value.as_bytes(),
            })
            .collect();
        then(&OrderBytes {
            order_id: self.order_id.as_bytes(),
            user_phone: self.user_phone.as_bytes(),
            other: self.other.as_bytes(),
            user_name: self.user_name.as_bytes(),
            customer_name: self.customer_name.as_bytes(),
            params: &params,
        })
    }

    pub(crate) fn add_to(&self, batch: &mut Batch) -> Result<(), Violations> {
        self.with(|order| batch.add(order))
    }
}

/// The signing rule of the API's page as simple reference code: one string, one hash.
pub(crate) fn reference_signature(
    algorithm: Algorithm,
    secret_key: &str,
    body: &[u8],
    create_ts: &str,
    request_id: &str,
    uuid: &str,
) -> String {
    let mut string = format!("{secret_key}&body=").into_bytes();
    string.extend_from_slice(body);
    string.extend(format!("&createTs={create_ts}&requestID={request_id}&uuid={uuid}").bytes());
    let digest = match algorithm {
        Algorithm::Md5 => Md5::digest(string).to_vec(),
        Algorithm::Sha256 => Sha256::digest(string).to_vec(),
    };
    let digits = digest.iter().map(|byte| format!("{byte:02X}"));
    digits.fold(String::new(), |hex, digits| hex + &digits)
}

/// A configuration with this number of cases. Failing cases are stored next to the test's file and
/// tried first in the next run.
pub(crate) fn cases(cases: u32) -> Config {
    let persistence = FileFailurePersistence::WithSource("regressions");
    Config {
        cases,
        failure_persistence: Some(Box::new(persistence)),
        ..Config::default()
    }
}
