//! Where the credentials come from.

use std::fs;
use std::path::{Path, PathBuf};

use callbot_core::{Algorithm, Credentials, SecretKey};

use crate::support::{
    BATCH, ID, OWN, OWN_SECRET, OWN_UUID, Run, SAMPLE_NOTE, SAMPLE_UUID, TIME, assert_misuse,
    run_with, write,
};

const USAGE: &str = "callbot sign [OPTIONS] <FILE>";

fn sign(arguments: &[&str], variables: &[(&str, &str)]) -> Run {
    run_with(&[&["sign", ID, TIME, BATCH], arguments].concat(), variables)
}

fn assert_refused(run: &Run, message: &str) {
    assert_misuse(run, USAGE, message);
}

fn has_line(run: &Run, line: &str) -> bool {
    run.success().lines().any(|found| found == line)
}

#[test]
fn only_the_samples_credentials_get_a_note() {
    let sample = sign(&[], &[]);
    assert!(has_line(&sample, &format!("uuid: {SAMPLE_UUID}")));
    assert_eq!(sample.stderr, SAMPLE_NOTE);
    assert_eq!(sign(&[], OWN).stderr, "");
}

#[test]
fn an_option_wins_over_its_variable() {
    let mut variables = OWN.to_vec();
    variables.push(("CALLBOT_ALGORITHM", "SHA256"));
    let by_variables = sign(&[], &variables);
    assert!(has_line(&by_variables, &format!("uuid: {OWN_UUID}")));
    assert!(has_line(&by_variables, "algorithm: SHA256"));

    let options = ["--uuid=other-account", "--algorithm=MD5"];
    let by_options = sign(&options, &variables);
    assert!(has_line(&by_options, "uuid: other-account"));
    assert!(has_line(&by_options, "algorithm: MD5"));

    // A variable that is not needed is ignored.
    let variables = [
        ("CALLBOT_UUID", ""),
        ("CALLBOT_ALGORITHM", "SHA-1"),
        ("CALLBOT_SECRET_KEY", OWN_SECRET),
    ];
    assert_eq!(sign(&options, &variables).success(), by_options.success());
}

#[test]
fn credentials_are_checked() {
    let algorithm = "SHA-1".parse::<Algorithm>().unwrap_err().to_string();
    let no_uuid = Credentials::new("", SecretKey::new("k").unwrap(), Algorithm::Md5)
        .unwrap_err()
        .to_string();
    let no_secret = SecretKey::new("").unwrap_err().to_string();
    let line_feed = SecretKey::new("k\n").unwrap_err().to_string();
    let line_feed_at_end = format!("{OWN_SECRET}\n");
    assert_refused(&sign(&["--algorithm=SHA-1"], &[]), &algorithm);
    for (uuid, secret_key, algorithm, message) in [
        ("", OWN_SECRET, "MD5", &no_uuid),
        (OWN_UUID, "", "MD5", &no_secret),
        (OWN_UUID, &line_feed_at_end, "MD5", &line_feed),
        (OWN_UUID, OWN_SECRET, "SHA-1", &algorithm),
    ] {
        let variables = [
            ("CALLBOT_UUID", uuid),
            ("CALLBOT_SECRET_KEY", secret_key),
            ("CALLBOT_ALGORITHM", algorithm),
        ];
        assert_refused(&sign(&[], &variables), message);
    }
}

#[test]
fn the_samples_credentials_are_not_mixed_with_others() {
    let no_secret = "there is a uuid but no secret key; set CALLBOT_SECRET_KEY";
    assert_refused(&sign(&["--uuid=own-account.7"], &[]), no_secret);
    assert_refused(&sign(&[], &OWN[..1]), no_secret);
    assert_refused(
        &sign(&[], &OWN[1..]),
        "there is a secret key but no uuid; set CALLBOT_UUID or give --uuid",
    );
}

/// A file that only its owner can read.
fn private(test: &str, content: &str) -> PathBuf {
    let file = write(test, "callbot.toml", content);
    allow(&file, 0o600);
    file
}

#[cfg(unix)]
fn allow(file: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, PermissionsExt::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn allow(_: &Path, _: u32) {}

fn own_file(key: &str, value: &str) -> String {
    format!("uuid = \"{OWN_UUID}\"\nsecret_key = \"{OWN_SECRET}\"\n{key} = \"{value}\"\n")
}

#[test]
fn a_file_has_all_three() {
    let file = private("file", &own_file("algorithm", "SHA256"));
    let by_file = sign(
        &["--credentials", file.to_str().unwrap()],
        &[("CALLBOT_UUID", "not-used")],
    );
    let by_variables = sign(&["--algorithm=SHA256"], OWN);
    assert_eq!(by_file.success(), by_variables.success());
    assert_eq!(by_file.stderr, "");

    // Under the names of the variables too, and without an algorithm.
    let text = format!("CALLBOT_UUID='{OWN_UUID}'\nCALLBOT_SECRET_KEY='{OWN_SECRET}'");
    let file = private("file-of-variables", &text);
    let by_file = sign(&["--credentials", file.to_str().unwrap()], &[]);
    assert_eq!(by_file.success(), sign(&[], OWN).success());
}

#[test]
fn a_file_excludes_options() {
    for option in ["--uuid=a", "--algorithm=MD5"] {
        let run = sign(&["--credentials=callbot.toml", option], &[]);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
    }
}

#[test]
#[cfg(unix)]
fn a_file_that_others_can_read_is_refused() {
    for mode in [0o644, 0o640, 0o604, 0o620] {
        let file = private("readable", &own_file("algorithm", "MD5"));
        allow(&file, mode);
        let message = format!(
            "{}: others can read or change it; run chmod 600 on it, and renew the secret key if \
             others could see it",
            file.display()
        );
        assert_refused(
            &sign(&["--credentials", file.to_str().unwrap()], &[]),
            &message,
        );
    }
}

#[test]
fn a_folder_is_no_file() {
    assert_refused(
        &sign(&["--credentials=."], &[]),
        ". is a folder; name the file with the credentials",
    );
}

#[test]
fn a_wrong_file_is_told_without_its_content() {
    for (name, content, what) in [
        (
            "toml",
            format!("uuid = \"a\"\nsecret_key = {OWN_SECRET}\n"),
            "line 2 is not TOML; write lines like uuid = \"...\"",
        ),
        (
            "secret",
            OWN_SECRET.to_owned(),
            "line 1 is not TOML; write lines like uuid = \"...\"",
        ),
        (
            "integer",
            "uuid = \"a\"\nsecret_key = 5\n".to_owned(),
            "a value is not a string; put it in quotation marks",
        ),
        (
            "key",
            own_file(OWN_SECRET, "x"),
            "unknown key; it has only uuid, secret_key and algorithm",
        ),
        (
            "missing",
            "uuid = \"a\"\n".to_owned(),
            "it has no uuid or no secret_key; write both",
        ),
        (
            "twice",
            own_file("CALLBOT_UUID", "x"),
            "a key occurs under two names; keep one of them",
        ),
    ] {
        let file = private(&format!("wrong-{name}"), &content);
        let message = format!("{}: {what}", file.display());
        assert_refused(
            &sign(&["--credentials", file.to_str().unwrap()], &[]),
            &message,
        );
    }
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    use super::*;
    use crate::support::{callbot, run};

    #[test]
    fn variables_have_to_be_utf8() {
        for variable in ["CALLBOT_UUID", "CALLBOT_SECRET_KEY", "CALLBOT_ALGORITHM"] {
            let mut command = callbot(&["sign", BATCH]);
            let value = OsStr::from_bytes(b"DoNotShowThis0123456789\xFF");
            command.envs(OWN.iter().copied()).env(variable, value);
            assert_refused(
                &run(&mut command),
                &format!("{variable}: its value is not UTF-8"),
            );
        }
    }
}
