//! `callbot verify`: whether a message came from the provider, and what is in it.

mod content;
mod report;
mod request;

use std::path::PathBuf;
use std::process::ExitCode;

use callbot_core::{ContentKind, ReceivedHeaders, Verifier, VerifyError};
use clap::Args;
use serde_json::json;

use crate::account::AccountOptions;
use crate::failure::{Failure, WRONG};
use crate::output::{print, print_json};
use crate::style::WRONG as RED;
use crate::verify::content::Kind;
use crate::verify::report::Report;
use crate::verify::request::Request;
use crate::{clock, headers, input};

/// Tell whether a response or a callback came from the provider, and what is in it
///
/// The headers are raw lines, as curl -D writes them or a server logs them. The body is the raw
/// bytes as they were received.
#[derive(Args)]
#[command(after_help = "\
Examples:
  callbot verify --headers callback.headers --body callback.json --now 1726200010
  callbot verify --json --kind order --headers callback.headers --body callback.json --now 1726200010
  callbot sign batch.json > request.txt
  callbot verify --request request.txt --headers headers.txt --body body.json

Exit codes: 0 genuine and readable, 1 not, 2 a file or an argument cannot be used.")]
pub(crate) struct VerifyOptions {
    /// The raw header lines; - is standard input
    #[arg(long, value_name = "FILE")]
    headers: PathBuf,
    /// The raw body; - is standard input
    #[arg(long, value_name = "FILE")]
    body: PathBuf,
    /// When it was received, in Unix seconds [default: now]
    #[arg(long, value_name = "SECONDS")]
    now: Option<u64>,
    /// The request that it answers, as callbot sign printed it. Without it the message is a
    /// callback
    #[arg(long, value_name = "FILE", conflicts_with = "kind")]
    request: Option<PathBuf>,
    /// What the callback is. Call and order callbacks have the same fields: the URL that it came to
    /// tells them apart
    #[arg(long, value_enum)]
    kind: Option<Kind>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    account: AccountOptions,
}

pub(crate) fn run(options: &VerifyOptions) -> Result<ExitCode, Failure> {
    let files = [
        Some(options.headers.as_path()),
        Some(&options.body),
        options.request.as_deref(),
    ];
    input::stdin_once(files.into_iter().chain([options.account.path()]).flatten())?;
    let verifier = Verifier::new(options.account.own()?);
    let block = input::read(&options.headers)?;
    let block = headers::parse(&block, &options.headers)?;
    let body = input::read(&options.body)?;
    let request = options.request.as_deref().map(Request::read).transpose()?;
    let now = options.now.unwrap_or_else(clock::now);

    let result = ReceivedHeaders::from_pairs(block.pairs()).and_then(|headers| match &request {
        Some(request) => verifier.verify_response(&request.sent(), &headers, &body, now),
        None => verifier.verify_callback(&headers, &body, now),
    });
    let message = match result {
        Ok(message) => message,
        Err(error) => return refused(error, options.json),
    };
    let document = match &request {
        Some(_) => message.document(ContentKind::Response),
        None => content::of_callback(&message, options.kind),
    };
    let outcome = match (&document, &request) {
        (Ok(document), Some(request)) => document.outcome(&request.body).ok(),
        _ => None,
    };
    let report = Report {
        message: &message,
        document: &document,
        outcome: outcome.as_ref(),
    };
    if options.json {
        print_json(&report.json())?;
    } else {
        print(&report.lines())?;
    }
    Ok(if document.is_ok() {
        ExitCode::SUCCESS
    } else {
        WRONG.into()
    })
}

fn refused(error: VerifyError, as_json: bool) -> Result<ExitCode, Failure> {
    if as_json {
        let error = json!({"code": error.code(), "message": error.to_string()});
        print_json(&json!({"genuine": false, "error": error}))?;
    } else {
        let mut lines = format!("{RED}not genuine{RED:#}: {error} [{}]\n", error.code());
        if matches!(error, VerifyError::SignatureMismatch { .. }) {
            lines += "  callbot explain --received finds out which mistake makes this signature\n";
        }
        print(&lines)?;
    }
    Ok(WRONG.into())
}
