//! What is said about a wrong command line.
//!
//! clap's own errors show what was typed, which may be a secret key in the wrong place.

use std::error::Error as _;
use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory, Error};

use crate::arguments::Arguments;

const SECRET_REFUSED: &str = "the secret key is never taken as an argument, where others can see it; \
     set CALLBOT_SECRET_KEY instead";

/// The usage of the command that the arguments name.
pub(crate) fn usage_of(arguments: &[OsString]) -> String {
    let mut command = Arguments::command();
    command.build();
    let named = arguments
        .get(1)
        .and_then(|name| command.find_subcommand_mut(name));
    match named {
        Some(named) => named.render_usage().to_string(),
        None => command.render_usage().to_string(),
    }
}

/// What is wrong and what to do, without what was typed.
pub(crate) fn message_of(error: &Error) -> String {
    let strings = |kind| match error.get(kind) {
        Some(ContextValue::String(one)) => vec![one.clone()],
        Some(ContextValue::Strings(all)) => all.clone(),
        _ => Vec::new(),
    };
    let option = strings(ContextKind::InvalidArg).join(" ");
    match error.kind() {
        ErrorKind::UnknownArgument => unknown(&option),
        ErrorKind::InvalidSubcommand => format!("unknown command; use one of {}", commands()),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            format!("there is no command; use one of {}", commands())
        }
        ErrorKind::MissingRequiredArgument => format!("missing: {option}"),
        ErrorKind::ArgumentConflict => {
            let other = strings(ContextKind::PriorArg).join(" and ");
            if other.is_empty() || other == option {
                format!("{option} is given twice; give it once")
            } else {
                format!("{option} and {other} exclude each other; give one of them")
            }
        }
        ErrorKind::InvalidUtf8 => "the value of an option is not UTF-8".into(),
        // No value at all is an invalid value too.
        ErrorKind::InvalidValue => match strings(ContextKind::ValidValue) {
            valid if valid.is_empty() => format!("{option} has no value; give one"),
            valid => format!("{option}: invalid value; use one of {}", valid.join(", ")),
        },
        // The sources are our own errors, and those of numbers, which show no value.
        ErrorKind::ValueValidation => match error.source() {
            Some(source) => format!("{option}: {source}"),
            None => format!("{option}: invalid value"),
        },
        kind => kind.as_str().unwrap_or("the arguments are invalid").into(),
    }
}

/// clap names an option without its value. Anything else may be anything.
fn unknown(name: &str) -> String {
    if name.starts_with("--secret") {
        return SECRET_REFUSED.into();
    }
    if let Some(long) = name.strip_prefix("--") {
        return format!("unknown option --{long}");
    }
    match name
        .strip_prefix('-')
        .and_then(|short| short.chars().next())
    {
        Some(short) => format!("unknown option -{short}"),
        None => "there is one argument too many".into(),
    }
}

fn commands() -> String {
    let command = Arguments::command();
    let names: Vec<_> = command.get_subcommands().map(Command::get_name).collect();
    names.join(", ")
}
