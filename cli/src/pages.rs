//! `callbot completions` and `callbot manual`, made by clap's own crates.

use std::process::ExitCode;

use clap::{Args, Command};
use clap_complete::Shell;
use clap_mangen::Man;

use crate::failure::{Failure, misuse};
use crate::output::print_bytes;

/// Write completions for a shell to stdout
#[derive(Args)]
#[command(after_help = "\
Examples:
  callbot completions bash > callbot.bash
  callbot completions zsh > _callbot")]
pub(crate) struct CompletionsOptions {
    #[arg(value_enum)]
    shell: Shell,
}

/// Write a manual page to stdout
#[derive(Args)]
#[command(after_help = "\
Examples:
  callbot manual > callbot.1
  callbot manual check > callbot-check.1")]
pub(crate) struct ManualOptions {
    /// The command that the page is about [default: callbot as a whole]
    command: Option<String>,
}

pub(crate) fn completions(
    options: &CompletionsOptions,
    mut command: Command,
) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut command, "callbot", &mut script);
    print_bytes(&script)?;
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn manual(options: &ManualOptions, mut command: Command) -> Result<ExitCode, Failure> {
    command.build();
    let command = match &options.command {
        Some(name) => command
            .find_subcommand(name)
            .cloned()
            .ok_or_else(|| misuse("there is no such command; callbot --help lists them"))?,
        None => command,
    };
    let mut page = Vec::new();
    Man::new(command).render(&mut page)?;
    print_bytes(&page)?;
    Ok(ExitCode::SUCCESS)
}
