//! What several of the tests share: a task, an order, a document and ways to change them.
#![allow(dead_code, reason = "each test takes the part that it needs")]

use std::fs;
use std::path::{Path, PathBuf};

use callbot_core::{
    Algorithm, Batch, Credentials, Order, OrderBytes, Param, ParamBytes, RequestId, Rules,
    SecretKey, Task, Timestamp, Violations,
};
use proptest::test_runner::{Config, FileFailurePersistence};
use serde_json::Value;

/// The smallest document that has a value at every place that the API knows. Each key and each value stands in it once.
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
    Batch::new(&TASK, rules).expect("the task is right")
}

/// `text` with `to` in place of `from`, which must stand in it exactly once.
pub(crate) fn edited(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from} in {text}");
    text.replace(from, to)
}

/// [`DOCUMENT`] with these orders in place of its own. They are JSON objects, each as text.
pub(crate) fn document_of<S: AsRef<str>>(orders: &[S]) -> String {
    let orders: Vec<&str> = orders.iter().map(AsRef::as_ref).collect();
    let start = DOCUMENT.find(r#"{"orderID""#).expect("it has an order");
    let end = DOCUMENT.len() - "]}}".len();
    [&DOCUMENT[..start], &orders.join(","), &DOCUMENT[end..]].concat()
}

/// An order as JSON without params.
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
    let secret_key = SecretKey::new("u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr").expect("it is a key");
    Credentials::new("Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR", secret_key, algorithm)
        .expect("it is a uuid")
}

pub(crate) fn request_id(id: &str) -> RequestId {
    RequestId::new(id).expect("it is a request id")
}

pub(crate) fn timestamp(seconds: u64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds).expect("it is a time in seconds")
}

/// A file of this crate or of those around it.
pub(crate) fn path(below_the_crate: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(below_the_crate)
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
        .map(|entry| entry.expect("it can be listed").file_name())
        .map(|name| name.into_string().expect("names are UTF-8"))
        .collect();
    names.sort();
    names
}

/// The assigned country codes, from a list that was written for these tests alone.
pub(crate) fn country_codes() -> Vec<String> {
    let text = String::from_utf8(read(path("tests/data/country_codes.txt"))).expect("it is UTF-8");
    text.lines().map(Into::into).collect()
}

/// An order that owns its texts.
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
        let text = |value: &Value, key: &str| value[key].as_str().expect(key).to_owned();
        Self {
            order_id: text(order, "orderID"),
            user_phone: text(order, "userPhone"),
            other: text(order, "other"),
            user_name: text(order, "userName"),
            customer_name: text(order, "customerName"),
            params: order["params"]
                .as_array()
                .expect("params")
                .iter()
                .map(|param| (text(param, "name"), text(param, "value")))
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

    /// Calls `then` with the order as the library takes it.
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

    /// Calls `then` with the order as one of whose texts nothing is known.
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

/// So many cases; those that fail are kept beside the test, to be tried again first.
pub(crate) fn cases(cases: u32) -> Config {
    let persistence = FileFailurePersistence::WithSource("regressions");
    Config {
        cases,
        failure_persistence: Some(Box::new(persistence)),
        ..Config::default()
    }
}
