//! Standard input, and closed or full streams.
#![cfg(unix)]

use std::fs;
use std::io::Write;
use std::process::{Child, Command, Stdio};

use crate::sign::wrong_batch;
use crate::support::{
    BATCH, ID, OWN, OWN_SECRET, OWN_UUID, Run, SAMPLE_NOTE, TIME, callbot, read, run,
};

/// Starts the command. It writes nothing before it has its input, so that a stream can be closed
/// until then.
fn waiting(command: &mut Command) -> Child {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn finish(mut child: Child, input: &str) -> Run {
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    Run::new(child.wait_with_output().unwrap())
}

#[test]
fn a_hyphen_is_standard_input() {
    let signed = finish(
        waiting(&mut callbot(&["sign", ID, TIME, "-"])),
        &read(BATCH),
    );
    assert_eq!(signed.success(), read("cli/tests/data/sign.md5.expected"));

    let file = format!("uuid = '{OWN_UUID}'\nsecret_key = '{OWN_SECRET}'\n");
    let by_file = finish(
        waiting(&mut callbot(&["sign", ID, TIME, "--credentials=-", BATCH])),
        &file,
    );
    let by_variables = run(callbot(&["sign", ID, TIME, BATCH]).envs(OWN.iter().copied()));
    assert_eq!(by_file.success(), by_variables.success());
}

#[test]
fn a_closed_stdout_ends_it_quietly() {
    let mut child = waiting(&mut callbot(&["sign", "-"]));
    drop(child.stdout.take());
    let run = finish(child, &read(BATCH));
    assert_eq!((run.code, run.stderr.as_str()), (Some(1), SAMPLE_NOTE));
}

#[test]
fn a_closed_stderr_changes_nothing() {
    let mut signed = waiting(&mut callbot(&["sign", ID, TIME, "-"]));
    drop(signed.stderr.take());
    let signed = finish(signed, &read(BATCH));
    assert_eq!(signed.success(), read("cli/tests/data/sign.md5.expected"));

    let mut refused = waiting(&mut callbot(&["sign", "-"]));
    drop(refused.stderr.take());
    let refused = finish(refused, &wrong_batch());
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(1), ""));
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_reported() {
    for arguments in [&["sign", BATCH][..], &["--help"]] {
        let full = || fs::File::options().write(true).open("/dev/full").unwrap();
        let reason = full().write_all(b"x").unwrap_err();
        let run = run(callbot(arguments).stdout(full()).envs(OWN.iter().copied()));
        assert_eq!(run.code, Some(1));
        assert_eq!(
            run.stderr,
            format!("error: cannot write to stdout: {reason}\n")
        );
    }
}
