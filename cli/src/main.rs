//! The command `callbot`. docs/command.md describes it.
#![allow(
    clippy::doc_markdown,
    reason = "documentation of options is their help, which shows backticks as they are"
)]
#![allow(
    clippy::format_push_string,
    reason = "the texts are short, and write! to a string has a result that is never an error"
)]

mod account;
mod arguments;
mod check;
mod clock;
mod explain;
mod failure;
mod headers;
mod input;
mod list;
mod output;
mod pages;
mod phone;
mod random;
mod sign;
mod style;
mod usage;
mod verify;
mod violations;
mod visible;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};

use crate::arguments::{Arguments, Command};
use crate::failure::{Failure, misuse};

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    run(&arguments).unwrap_or_else(|failure| failure.report(&usage::usage_of(&arguments)))
}

fn run(arguments: &[OsString]) -> Result<ExitCode, Failure> {
    let parsed = match Arguments::try_parse_from(arguments) {
        Ok(parsed) => parsed,
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
                output::print(&error.render().ansi().to_string())?;
                return Ok(ExitCode::SUCCESS);
            }
            _ => return Err(misuse(usage::message_of(&error))),
        },
    };
    match &parsed.command {
        Command::Sign(options) => sign::run(options),
        Command::Check(options) => check::run(options),
        Command::Phone(options) => phone::run(options),
        Command::Verify(options) => verify::run(options),
        Command::Explain(options) => explain::run(options),
        Command::Completions(options) => pages::completions(options, Arguments::command()),
        Command::Manual(options) => pages::manual(options, Arguments::command()),
    }
}
