//! Violations of the core as lines and as JSON.

use callbot_core::Violations;
use serde::Serialize;

use crate::failure::{Failure, WRONG};
use crate::output::print_json;
use std::process::ExitCode;

#[derive(Serialize)]
struct Report {
    violations: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    code: &'static str,
    path: String,
    message: String,
}

/// Reports violations: lines on stderr, or a document on stdout.
pub(crate) fn report(violations: &Violations, as_json: bool) -> Result<ExitCode, Failure> {
    if !as_json {
        let lines = violations.iter().map(ToString::to_string).collect();
        return Err(Failure::Wrong(lines));
    }
    let entries = violations.iter().map(|violation| Entry {
        code: violation.code(),
        path: violation.path(),
        message: violation.message(),
    });
    print_json(&Report {
        violations: entries.collect(),
    })?;
    Ok(ExitCode::from(WRONG))
}
