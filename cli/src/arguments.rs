//! The command line.

use clap::{Parser, Subcommand};

use crate::check::CheckOptions;
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
    arg_required_else_help = true,
    disable_help_subcommand = true
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
}
