//! How a command ends, and what it says then.

use std::io;
use std::process::ExitCode;

use crate::output;

/// The exit codes. docs/command.md lists them.
pub(crate) const WRONG: u8 = 1;
const MISUSE: u8 = 2;

/// Why a command did not do what it was asked for.
pub(crate) enum Failure {
    /// An argument, a variable or a file cannot be used.
    Misuse(String),
    /// What was given is wrong: a line on stderr for each thing.
    Wrong(Vec<String>),
    /// stdout cannot be written.
    Output(io::Error),
}

/// An argument, a variable or a file cannot be used.
#[expect(
    clippy::needless_pass_by_value,
    reason = "map_err passes its error by value"
)]
pub(crate) fn misuse(message: impl ToString) -> Failure {
    Failure::Misuse(message.to_string())
}

impl Failure {
    /// Tells what is wrong on stderr.
    pub(crate) fn report(&self, usage: &str) -> ExitCode {
        match self {
            Self::Misuse(message) => {
                output::tell(&format!("error: {message}\n{usage}   (--help says more)"));
                return ExitCode::from(MISUSE);
            }
            Self::Wrong(lines) => output::tell(&lines.join("\n")),
            // The reader closed the pipe, as `head` does. That is not an error for the user.
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            Self::Output(error) => {
                output::tell(&format!("error: cannot write to stdout: {error}"));
            }
        }
        ExitCode::from(WRONG)
    }
}

impl From<io::Error> for Failure {
    /// Everything else that is read or written maps its errors to a misuse, with the file's name.
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
