//! Runs the command as its users do: at the repository's root, without the caller's environment.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub(crate) const BATCH: &str = "examples/batch.json";

pub(crate) const SAMPLE_UUID: &str = "Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR";
pub(crate) const SAMPLE_SECRET: &str = "u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr";
pub(crate) const SAMPLE_NOTE: &str = "note: signed with the public sample's credentials; \
     set CALLBOT_UUID and CALLBOT_SECRET_KEY to use your own\n";

pub(crate) const OWN_UUID: &str = "own-account.7";
pub(crate) const OWN_SECRET: &str = "DoNotShowThis0123456789";
pub(crate) const OWN: &[(&str, &str)] = &[
    ("CALLBOT_UUID", OWN_UUID),
    ("CALLBOT_SECRET_KEY", OWN_SECRET),
];

pub(crate) const ID: &str = "--request-id=00000000000000000000000000000001";
pub(crate) const TIME: &str = "--create-ts=1726200000";

/// The repository's root.
pub(crate) fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

pub(crate) fn callbot<A: AsRef<OsStr>>(arguments: &[A]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_callbot"));
    command.args(arguments).current_dir(root());
    for variable in [
        "CALLBOT_UUID",
        "CALLBOT_SECRET_KEY",
        "CALLBOT_ALGORITHM",
        "NO_COLOR",
        "CLICOLOR_FORCE",
    ] {
        command.env_remove(variable);
    }
    command
}

/// How a run ended. Its output never shows a secret key.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    pub(crate) fn new(output: Output) -> Self {
        let run = Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        };
        for secret in [OWN_SECRET, SAMPLE_SECRET] {
            assert!(
                !run.stdout.contains(secret),
                "secret on stdout: {}",
                run.stdout
            );
            assert!(
                !run.stderr.contains(secret),
                "secret on stderr: {}",
                run.stderr
            );
        }
        run
    }

    /// The output of a run that must succeed.
    pub(crate) fn success(&self) -> &str {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        &self.stdout
    }

    /// The output of a run that must end with a code, as JSON.
    pub(crate) fn json(&self, code: i32) -> serde_json::Value {
        assert_eq!(self.code, Some(code), "{self:?}");
        serde_json::from_str(&self.stdout).unwrap()
    }
}

pub(crate) fn run(command: &mut Command) -> Run {
    Run::new(command.output().unwrap())
}

pub(crate) fn run_with(arguments: &[&str], variables: &[(&str, &str)]) -> Run {
    run(callbot(arguments).envs(variables.iter().copied()))
}

/// Asserts that a run reports what is wrong and its usage, prints nothing, and exits with 2.
pub(crate) fn assert_misuse(run: &Run, usage: &str, message: &str) {
    let Run {
        code,
        stdout,
        stderr,
    } = run;
    assert_eq!(
        (*code, stdout.as_str()),
        (Some(2), ""),
        "{message}: {stderr}"
    );
    assert_eq!(
        *stderr,
        format!("error: {message}\nUsage: {usage}   (--help says more)\n")
    );
}

/// A file of the repository.
pub(crate) fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap()
}

/// A folder of the test's own, empty at first.
pub(crate) fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Writes a file into a folder of the test's own.
pub(crate) fn write(test: &str, name: impl AsRef<Path>, content: impl AsRef<[u8]>) -> PathBuf {
    let file = folder(test).join(name);
    fs::write(&file, content).unwrap();
    file
}
