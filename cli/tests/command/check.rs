//! `callbot check`.

mod batches;
mod columns;
mod encodings;
mod files;
mod parts;
mod quotes;
mod reports;
mod rules;

use serde_json::Value;

use crate::support::{Run, run_with, write};

/// Checks a list that is a file of the test's own.
fn check(test: &str, list: impl AsRef<[u8]>, arguments: &[&str]) -> Run {
    let file = write(test, "list", list);
    let list = file.to_str().unwrap();
    run_with(&[&["check", list], arguments].concat(), &[])
}

/// The report of a list, of which something is wrong unless `code` is 0.
fn report(code: i32, test: &str, list: impl AsRef<[u8]>, arguments: &[&str]) -> Value {
    check(test, list, &[arguments, &["--json"]].concat()).json(code)
}

/// The problems as (row, column, code); the column is empty for a whole row.
fn problems(report: &Value) -> Vec<(u64, &str, &str)> {
    let list = report["problems"].as_array().unwrap().iter();
    list.map(|problem| {
        let text = |key: &str| problem[key].as_str().unwrap_or_default();
        (
            problem["row"].as_u64().unwrap(),
            text("column"),
            text("code"),
        )
    })
    .collect()
}
