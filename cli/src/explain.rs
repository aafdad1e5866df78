//! `callbot explain`: which mistake makes a signature wrong.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use callbot_core::diagnose::{Cause, Explanation, Message, explain};
use callbot_core::{Credentials, HeaderBlock, ReceivedHeaders, Verifier, VerifyError};
use clap::Args;
use serde::Serialize;

use crate::account::AccountOptions;
use crate::failure::{Failure, WRONG, misuse};
use crate::output::{print, print_json, tell};
use crate::style::{GOOD, WRONG as RED};
use crate::{clock, headers, input};

/// No known mistake makes the signature.
const UNEXPLAINED: u8 = 3;

/// Tell whether a signature is right, and if not, which mistake makes it
///
/// It takes a request or a message as it was sent or received, with the sign that somebody made,
/// and tries the mistakes that people make, alone and two together. docs/explain.md lists them.
///
/// The result is for you: never tell it to whoever sent a message.
#[derive(Args)]
#[command(after_help = "\
Examples:
  callbot explain --headers examples/wrong.headers --body examples/wrong.json
  callbot explain --json --headers request.headers --body request.json
  callbot explain --received --headers callback.headers --body callback.json

If neither a uuid nor a secret key is given, the public sample's are used, with a note.

Exit codes: 0 right, 1 wrong with the mistake named, 2 a file or an argument cannot be used,
3 wrong and no known mistake makes it.")]
pub(crate) struct ExplainOptions {
    /// The raw header lines; - is standard input
    #[arg(long, value_name = "FILE")]
    headers: PathBuf,
    /// The raw body; - is standard input
    #[arg(long, value_name = "FILE")]
    body: PathBuf,
    /// The message came from the provider: its sign may be in lower case
    #[arg(long)]
    received: bool,
    /// The time around which createTs is searched if the headers have none [default: now]
    #[arg(long, value_name = "SECONDS")]
    now: Option<u64>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    account: AccountOptions,
}

/// The JSON output.
#[derive(Serialize)]
struct Report {
    matches: bool,
    causes: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    code: &'static str,
    message: &'static str,
    fix: &'static str,
}

pub(crate) fn run(options: &ExplainOptions) -> Result<ExitCode, Failure> {
    let ExplainOptions {
        headers: header_file,
        body,
        account,
        ..
    } = options;
    let files = [Some(header_file.as_path()), Some(body), account.path()];
    input::stdin_once(files.into_iter().flatten())?;
    let account = account.own_or_sample()?;
    let block = input::read(header_file)?;
    let block = headers::parse(&block, header_file)?;
    let body = input::read(body)?;
    let message = Message::from_pairs(block.pairs(), &body).map_err(misuse)?;
    let message = message
        .received(options.received)
        .now(options.now.unwrap_or_else(clock::now));

    let explanation = explain(&account.credentials, &message).map_err(misuse)?;
    account.note_sample("explained");
    if options.json {
        print_json(&report(&explanation))?;
    } else {
        print(&lines(&explanation))?;
    }
    if explanation.causes().is_empty() && !explanation.matches() {
        note_missing(&block, header_file);
    }
    if explanation.matches() {
        if let Err(error) = verify(account.credentials, &block, &body) {
            tell(&format!(
                "note: a verifier refuses the message all the same: {error} [{}]",
                error.code()
            ));
        }
    }
    Ok(match explanation.causes() {
        [] if explanation.matches() => ExitCode::SUCCESS,
        [] => UNEXPLAINED.into(),
        _ => WRONG.into(),
    })
}

/// Verifies a message at its own time, so that an old one is not refused for its age.
fn verify(
    credentials: Credentials,
    block: &HeaderBlock<'_>,
    body: &[u8],
) -> Result<(), VerifyError> {
    let headers = ReceivedHeaders::from_pairs(block.pairs())?;
    let now = block
        .pairs()
        .find(|(name, _)| name.eq_ignore_ascii_case(b"createTs"))
        .and_then(|(_, value)| std::str::from_utf8(value).ok()?.parse().ok())
        .unwrap_or_default();
    Verifier::new(credentials)
        .verify_callback(&headers, body, now)
        .map(|_| ())
}

/// Names the headers that are missing if no mistake was found: without their values little can be
/// tried.
fn note_missing(block: &HeaderBlock<'_>, file: &Path) {
    let is_missing = |name: &&str| {
        !block
            .pairs()
            .any(|(known, value)| known.eq_ignore_ascii_case(name.as_bytes()) && !value.is_empty())
    };
    let missing: Vec<_> = ["requestID", "uuid", "createTs"]
        .into_iter()
        .filter(is_missing)
        .collect();
    if !missing.is_empty() {
        tell(&format!(
            "note: {}: missing headers: {}; give all header lines, as they were sent or received",
            file.display(),
            missing.join(", ")
        ));
    }
}

fn report(explanation: &Explanation) -> Report {
    let entry = |cause: &Cause| Entry {
        code: cause.code(),
        message: cause.message(),
        fix: cause.fix(),
    };
    Report {
        matches: explanation.matches(),
        causes: explanation.causes().iter().map(entry).collect(),
    }
}

fn lines(explanation: &Explanation) -> String {
    match explanation.causes() {
        [] if explanation.matches() => format!("{GOOD}the signature is right{GOOD:#}\n"),
        [] => format!(
            "{RED}the signature is wrong{RED:#}, and no known mistake makes it\n  \
             compare the secret key with the console, and the body with the bytes that were sent; \
             docs/wrong-signature.md goes through it\n"
        ),
        causes => {
            let mut out = format!("{RED}the signature is wrong{RED:#}\n");
            for cause in causes {
                out += &format!(
                    "  {} [{}]\n    fix: {}\n",
                    cause.message(),
                    cause.code(),
                    cause.fix()
                );
            }
            out
        }
    }
}
