//! Checks that several fuzz targets share.

use std::fmt::{Debug, Display};

use callbot_core::{Task, ViolationKind, Violations};
use serde::Deserialize;

/// A valid task.
pub const TASK: Task<'_> = Task {
    user_task_id: "t",
    order_callback_url: "https://example.com/order",
    call_callback_url: "https://example.com/call",
};

/// The document as serde's derive reads it. It shares only the JSON parser with the core's reader.
#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "these are the API's own names")]
pub struct Document {
    #[serde(rename = "productID", default = "product_id")]
    pub product_id: String,
    #[serde(rename = "userTaskID")]
    pub user_task_id: String,
    #[serde(rename = "callInfoList")]
    pub call_info_list: CallInfoList,
}

/// The constant that is added if it is left out.
fn product_id() -> String {
    "callbot".into()
}

/// See [`Document`].
#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[expect(missing_docs, reason = "these are the API's own names")]
pub struct CallInfoList {
    pub order_callback_url: String,
    pub call_callback_url: String,
    pub call_list: Vec<Order>,
}

/// See [`Document`].
#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[expect(missing_docs, reason = "these are the API's own names")]
pub struct Order {
    #[serde(rename = "orderID")]
    pub order_id: String,
    pub user_phone: String,
    pub other: String,
    pub user_name: String,
    pub customer_name: String,
    pub params: Vec<Param>,
}

/// See [`Document`].
#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "these are the API's own names")]
pub struct Param {
    pub name: String,
    pub value: String,
}

/// Calls every accessor of violations, and checks the properties of each violation.
pub fn check_violations(violations: &Violations) {
    assert_eq!(
        violations.len(),
        violations.as_slice().len() + violations.unlisted()
    );
    assert!(!violations.is_empty());
    for violation in violations {
        let (code, path, message) = (violation.code(), violation.path(), violation.message());
        check_code(code);
        assert!(
            path.is_empty() || path.starts_with('/'),
            "not a JSON Pointer: {path:?}"
        );
        assert!(!message.is_empty());
        let line = violation.to_string();
        assert!(line.starts_with(&path) && line.contains(&message) && line.contains(code));
        check_one_line(&line);
        // The name of a template variable is the caller's own, so it is not personal data.
        if !matches!(violation.kind(), ViolationKind::MissingParam { .. }) {
            check_no_phone_number(violation);
        }
    }
    let lines = violations.to_string();
    let more = usize::from(violations.unlisted() > 0);
    assert_eq!(lines.lines().count(), violations.as_slice().len() + more);
}

/// Checks the form of an error code.
pub fn check_code(code: &str) {
    let is_code_byte = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    assert!(!code.is_empty() && code.bytes().all(is_code_byte), "{code}");
}

/// Checks that a message is one line.
pub fn check_one_line(message: &str) {
    assert!(!message.is_empty());
    assert!(
        !message.chars().any(char::is_control),
        "a control character in {message:?}"
    );
}

/// Checks that an error shows no phone number.
pub fn check_no_phone_number(error: &(impl Debug + Display)) {
    const SHORTEST_PHONE_NUMBER: usize = 7;
    for output in [error.to_string(), format!("{error:?}")] {
        let longest = output.split(|c: char| !c.is_numeric()).map(str::len).max();
        assert!(
            longest < Some(SHORTEST_PHONE_NUMBER),
            "digits in {output:?}"
        );
    }
}
