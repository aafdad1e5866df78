//! `callbot phone`: what a typed phone number becomes, and why.

use std::io;
use std::process::ExitCode;

use callbot_core::{Batch, Order, PhoneChange, PhoneError, PhoneNumber, Rules, Task};
use clap::Args;
use serde::Serialize;

use crate::failure::{Failure, WRONG, misuse};
use crate::output::{print, print_json};
use crate::style::{GOOD, WRONG as RED};

/// Tell what phone numbers become that people typed, and why, or what is unclear
#[derive(Args)]
#[command(after_help = "\
Examples:
  callbot phone '+86 156-1234-5678'
  callbot phone --region 44 '020 7946 0958' 00442079460958
  callbot phone --json - < numbers.txt

Exit codes: 0 all are clear, 1 one is not, 2 an argument cannot be used.")]
pub(crate) struct PhoneOptions {
    /// What was typed; - is the lines of standard input
    #[arg(required = true)]
    text: Vec<String>,
    /// The country code of numbers that have none, such as 44. Without it they are refused
    #[arg(long, value_name = "CC")]
    region: Option<Region>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// The country code of all numbers that have none.
#[derive(Clone)]
pub(crate) struct Region(String);

impl std::str::FromStr for Region {
    type Err = callbot_core::RulesError;

    fn from_str(digits: &str) -> Result<Self, Self::Err> {
        Rules::new().allow_country_code(digits)?;
        Ok(Self(digits.into()))
    }
}

/// Reads a number that people typed.
pub(crate) fn read(text: &str, region: Option<&Region>) -> Result<PhoneNumber, PhoneError> {
    match region {
        Some(Region(country_code)) => PhoneNumber::from_typed_in(text, country_code),
        None => PhoneNumber::from_typed(text),
    }
}

/// One number of the JSON output.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'t> {
    text: &'t str,
    /// `null` if it is unclear.
    phone: Option<String>,
    country_code: Option<String>,
    /// What was read and changed.
    changes: Vec<Reason>,
    /// Why it is unclear.
    error: Option<Reason>,
    /// What keeps the text from being in the API's form as it is.
    differences: Vec<Reason>,
}

#[derive(Serialize)]
struct Reason {
    code: &'static str,
    message: String,
}

pub(crate) fn run(options: &PhoneOptions) -> Result<ExitCode, Failure> {
    let mut texts = Vec::new();
    for text in &options.text {
        if text == "-" {
            for line in io::stdin().lines() {
                texts.push(line.map_err(|error| misuse(format!("cannot read -: {error}")))?);
            }
        } else {
            texts.push(text.clone());
        }
    }
    let mut batch = any_batch()?;
    let entries: Vec<_> = texts
        .iter()
        .map(|text| entry(text, options.region.as_ref(), &mut batch))
        .collect();
    if options.json {
        print_json(&entries)?;
    } else {
        print(&entries.iter().map(line).collect::<String>())?;
    }
    let is_clear = entries.iter().all(|entry| entry.error.is_none());
    Ok(if is_clear {
        ExitCode::SUCCESS
    } else {
        WRONG.into()
    })
}

fn entry<'t>(text: &'t str, region: Option<&Region>, batch: &mut Batch) -> Entry<'t> {
    let region = region.map(|Region(country_code)| country_code.as_str());
    let differences = differences(text, batch);
    match PhoneNumber::from_typed_with_changes(text, region) {
        Ok((phone, changes)) => Entry {
            text,
            phone: Some(phone.to_string()),
            country_code: Some(phone.country_code().into()),
            changes: changes.into_iter().map(reason_of).collect(),
            error: None,
            differences,
        },
        Err(error) => Entry {
            text,
            phone: None,
            country_code: None,
            changes: Vec::new(),
            error: Some(Reason {
                code: error.code(),
                message: error.to_string(),
            }),
            differences,
        },
    }
}

fn reason_of(change: PhoneChange) -> Reason {
    Reason {
        code: change.name(),
        message: change.to_string(),
    }
}

/// A batch, which is the one place that tells everything that is wrong with a phone number.
fn any_batch() -> Result<Batch, Failure> {
    let url = "https://example.com/";
    let task = Task {
        user_task_id: "t",
        order_callback_url: url,
        call_callback_url: url,
    };
    Batch::new(&task, Rules::new())
        .map_err(|violations| Failure::Wrong(violations.iter().map(ToString::to_string).collect()))
}

fn differences(text: &str, batch: &mut Batch) -> Vec<Reason> {
    batch.clear();
    let order = Order {
        order_id: "1",
        user_phone: text,
        ..Order::default()
    };
    let Err(violations) = batch.add(&order) else {
        return Vec::new();
    };
    let reason = |violation: &callbot_core::Violation| Reason {
        code: violation.code(),
        message: violation.message(),
    };
    violations.iter().map(reason).collect()
}

/// The lines for people. The text is escaped: it may have characters that a terminal obeys, or that
/// nobody sees.
fn line(entry: &Entry<'_>) -> String {
    let Entry {
        text,
        phone,
        country_code,
        changes,
        error,
        differences: _,
    } = entry;
    match (phone, country_code, error) {
        (Some(phone), Some(country_code), _) => {
            let mut lines =
                format!("{GOOD}{phone}{GOOD:#}  from {text:?}, country code {country_code}\n");
            for Reason { code, message } in changes {
                lines += &["  ", message, " [", code, "]\n"].concat();
            }
            lines
        }
        (.., Some(Reason { code, message })) => {
            format!("{RED}unclear{RED:#}  {text:?}: {message} [{code}]\n")
        }
        _ => String::new(),
    }
}
