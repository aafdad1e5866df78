//! Wrong command lines, which are never shown again: a secret key may be among them.

use crate::support::{BATCH, OWN, OWN_SECRET, assert_misuse, run_with};

const SIGN: &str = "callbot sign [OPTIONS] <FILE>";

fn assert_refused(arguments: &[&str], usage: &str, message: &str) {
    assert_misuse(&run_with(arguments, &[]), usage, message);
}

#[test]
fn help_is_no_mistake() {
    for arguments in [
        &["--help"][..],
        &["-h"],
        &["sign", "--help"],
        &["sign", "-h", "--unknown"],
        &["help"],
        &["help", "sign"],
    ] {
        let run = run_with(arguments, &[]);
        assert!(run.success().contains("Usage: callbot"), "{}", run.stdout);
        assert_eq!(run.stderr, "");
        assert!(!run.stdout.contains('\u{1b}'), "colours in a pipe");
    }
    let of_sign = run_with(&["help", "sign"], &[]);
    assert_eq!(of_sign.success(), run_with(&["sign", "--help"], &[]).stdout);
    let unknown = run_with(&["help", OWN_SECRET], &[]);
    assert_eq!((unknown.code, unknown.stdout.as_str()), (Some(2), ""));
    let version = run_with(&["--version"], &[]);
    assert_eq!(
        version.success(),
        format!("callbot {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn a_command_is_needed() {
    let run = run_with(&[], &[]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
    assert!(
        run.stderr
            .starts_with("error: there is no command; use one of sign"),
        "{}",
        run.stderr
    );
    let run = run_with(&[OWN_SECRET], &[]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
    assert!(
        run.stderr
            .starts_with("error: unknown command; use one of sign"),
        "{}",
        run.stderr
    );
}

#[test]
fn one_input_file_is_needed() {
    assert_refused(&["sign"], SIGN, "missing: <FILE>");
    assert_refused(
        &["sign", BATCH, OWN_SECRET],
        SIGN,
        "there is one argument too many",
    );
}

#[test]
fn options_are_known_and_have_values() {
    for (option, message) in [
        ("--unknown", "unknown option --unknown"),
        ("--key=DoNotShowThis0123456789", "unknown option --key"),
        ("-s", "unknown option -s"),
        ("-sDoNotShowThis0123456789", "unknown option -s"),
        ("--uuid", "--uuid <UUID> has no value; give one"),
        ("--request-id", "--request-id <ID> has no value; give one"),
        (
            "--as=DoNotShowThis0123456789",
            "--as <FORM>: invalid value; use one of http, curl, headers, json",
        ),
    ] {
        assert_refused(&["sign", BATCH, option], SIGN, message);
    }
    let twice = ["sign", BATCH, "--uuid=a", "--uuid=DoNotShowThis0123456789"];
    assert_refused(&twice, SIGN, "--uuid <UUID> is given twice; give it once");
    let both = ["sign", BATCH, "--json", "--as=http"];
    assert_refused(
        &both,
        SIGN,
        "--json and --as <FORM> exclude each other; give one of them",
    );
}

#[test]
fn the_secret_is_never_an_argument() {
    let message = "the secret key is never taken as an argument, where others can see it; \
         set CALLBOT_SECRET_KEY instead";
    for arguments in [
        &["sign", BATCH, "--secret-key", OWN_SECRET][..],
        &["sign", BATCH, "--secret-key=DoNotShowThis0123456789"],
        &["sign", BATCH, "--secret=DoNotShowThis0123456789"],
        &["sign", "--secret-key", OWN_SECRET, BATCH],
        &["sign", "--secret-key"],
    ] {
        assert_refused(arguments, SIGN, message);
        assert_misuse(&run_with(arguments, OWN), SIGN, message);
    }
}

#[test]
fn standard_input_is_one_file() {
    assert_refused(
        &["sign", "--credentials=-", "-"],
        SIGN,
        "two files are -, and standard input is only one; name a file",
    );
}

#[test]
#[cfg(unix)]
fn arguments_have_to_be_utf8_but_for_paths() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    use crate::support::{callbot, run};

    let value = OsStr::from_bytes(b"DoNotShowThis0123456789\xFF");
    for option in ["--uuid", "--request-id"] {
        let mut command = callbot(&["sign", BATCH, option]);
        assert_misuse(
            &run(command.arg(value)),
            SIGN,
            "the value of an option is not UTF-8",
        );
    }
    let run = run(&mut callbot(&[
        OsStr::new("sign"),
        OsStr::from_bytes(b"no-such-\xFF"),
    ]));
    let reason = std::fs::read("no-such-file").unwrap_err();
    assert_misuse(
        &run,
        SIGN,
        &format!("cannot read no-such-\u{fffd}: {reason}"),
    );
}
