//! The command line.

use clap::{Parser, Subcommand};

use crate::check::CheckOptions;
use crate::explain::ExplainOptions;
use crate::pages::{CompletionsOptions, ManualOptions};
use crate::phone::PhoneOptions;
use crate::sign::SignOptions;
use crate::verify::VerifyOptions;

/// Sign requests to the Callbot API, check lists of contacts, and find out why a signature is wrong
///
/// Nothing is sent: every command works offline.
#[derive(Parser)]
#[command(
    name = "callbot",
    version,
    after_help = "\
Environment:
  CALLBOT_UUID, CALLBOT_SECRET_KEY, CALLBOT_ALGORITHM   the account, unless --credentials is given
  NO_COLOR                                              no colours, on a terminal either

Exit codes: 0 right, 1 wrong, 2 a file or an argument cannot be used; explain has 3 too.
docs/command.md describes the commands, and what --json prints."
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    Sign(SignOptions),
    Check(Box<CheckOptions>),
    Phone(PhoneOptions),
    Verify(VerifyOptions),
    Explain(ExplainOptions),
    Completions(CompletionsOptions),
    Manual(ManualOptions),
}
