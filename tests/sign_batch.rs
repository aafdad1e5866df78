//! Runs the example `sign_batch` as its users do.
//!
//! What it must print was computed by `tests/data/sign_batch.py`. No run may show a secret key:
//! [`run`] looks for it.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{SystemTime, UNIX_EPOCH};

use callbot_core::{Algorithm, Batch, Credentials, RequestId, Rules, SecretKey, Timestamp};

const BATCH: &str = "examples/batch.json";

const SAMPLE_UUID: &str = "Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR";
const SAMPLE_SECRET: &str = "u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr";
const SAMPLE_NOTE: &str = "note: signed with the public sample's credentials; \
     set CALLBOT_UUID and CALLBOT_SECRET_KEY to sign with your own\n";

const OWN_UUID: &str = "own-account.7";
const OWN_SECRET: &str = "DoNotShowThis0123456789";
const OWN: &[(&str, &str)] = &[
    ("CALLBOT_UUID", OWN_UUID),
    ("CALLBOT_SECRET_KEY", OWN_SECRET),
];

const ID: &str = "--request-id=00000000000000000000000000000001";
const TIME: &str = "--create-ts=1726200000";

/// The example, run at the repository's root and without the caller's environment.
fn example<A: AsRef<OsStr>>(arguments: &[A]) -> Command {
    let tests = std::env::current_exe().unwrap();
    let name = format!("sign_batch{}", std::env::consts::EXE_SUFFIX);
    let program = tests
        .ancestors()
        .nth(2)
        .unwrap()
        .join("examples")
        .join(name);
    assert!(
        program.exists(),
        "the example is not built; `cargo test` does that, but `cargo test --test sign_batch` does not"
    );
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("CALLBOT_UUID")
        .env_remove("CALLBOT_SECRET_KEY")
        .env_remove("CALLBOT_ALGORITHM");
    command
}

/// How a run ended.
struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Run {
    fn new(output: Output) -> Self {
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
    fn request(&self) -> &str {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        &self.stdout
    }

    /// The value of a header in the output.
    fn header(&self, name: &str) -> &str {
        let (head, _) = self.request().split_once("\n\n").unwrap();
        let values = head.lines().filter_map(|line| line.split_once(": "));
        let mut values = values.filter_map(|(found, value)| (found == name).then_some(value));
        let value = values.next().unwrap();
        assert_eq!(values.next(), None, "{name} twice");
        value
    }
}

fn run(command: &mut Command) -> Run {
    Run::new(command.output().unwrap())
}

fn run_with(arguments: &[&str], variables: &[(&str, &str)]) -> Run {
    run(example(arguments).envs(variables.iter().copied()))
}

/// Asserts that the program reports what is wrong and its usage, prints nothing, and exits with 2.
fn assert_misuse(run: &Run, message: &str) {
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
    let usage = "Usage: sign_batch [OPTIONS] [--] <FILE>   (--help says more)";
    assert_eq!(*stderr, format!("error: {message}\n{usage}\n"));
}

fn read(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

/// Writes a file into the test's own folder.
fn write(test: &str, name: impl AsRef<Path>, content: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("sign_batch")
        .join(test);
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join(name);
    fs::write(&file, content).unwrap();
    file
}

/// The batch with three mistakes in it.
fn wrong_batch() -> String {
    let wrong = read(BATCH)
        .replace("\"8613800000001\"", "\"+86 13800000001\"")
        .replace("\"61491570157\"", "61491570157");
    assert_eq!(
        Batch::from_json(wrong.as_bytes(), Rules::new())
            .unwrap_err()
            .len(),
        3
    );
    wrong
}

#[test]
fn the_batch_is_what_a_campaign_with_a_template_needs() {
    let mut rules = Rules::new();
    for name in ["name", "amount", "due_date", "agent"] {
        rules.require_param(name).unwrap();
    }
    let batch = Batch::from_json(read(BATCH).as_bytes(), rules).unwrap();
    assert!(batch.len() >= 24);
}

#[test]
fn md5_gives_exactly_the_expected_bytes() {
    let run = run_with(&[ID, TIME, BATCH], &[]);
    assert_eq!(run.request(), read("tests/data/sign_batch.md5.expected"));
}

#[test]
fn sha256_gives_exactly_the_expected_bytes() {
    let expected = read("tests/data/sign_batch.sha256.expected");
    let by_option = run_with(&[ID, TIME, "--algorithm=SHA256", BATCH], &[]);
    assert_eq!(by_option.request(), expected);
    let by_variable = run_with(&[ID, TIME, BATCH], &[("CALLBOT_ALGORITHM", "SHA256")]);
    assert_eq!(by_variable.request(), expected);
}

#[test]
fn options_may_stand_behind_the_file_and_values_behind_them() {
    let arguments = [
        BATCH,
        "--create-ts",
        "1726200000",
        "--request-id",
        "00000000000000000000000000000001",
        "--algorithm",
        "MD5",
    ];
    assert_eq!(
        run_with(&arguments, &[]).request(),
        read("tests/data/sign_batch.md5.expected")
    );
}

#[test]
fn only_the_samples_credentials_get_a_note() {
    let sample = run_with(&[BATCH], &[]);
    assert_eq!(sample.header("uuid"), SAMPLE_UUID);
    assert_eq!(sample.stderr, SAMPLE_NOTE);

    let own = run_with(&[BATCH], OWN);
    assert_eq!(own.header("uuid"), OWN_UUID);
    assert_eq!(own.stderr, "");
}

#[test]
fn the_own_account_signs() {
    let run = run_with(&[ID, TIME, BATCH], OWN);
    let (_, body) = run.request().split_once("\n\n").unwrap();
    let secret_key = SecretKey::new(OWN_SECRET).unwrap();
    let credentials = Credentials::new(OWN_UUID, secret_key, Algorithm::Md5).unwrap();
    let sign = credentials.sign(
        &RequestId::new("00000000000000000000000000000001").unwrap(),
        Timestamp::from_unix_seconds(1_726_200_000).unwrap(),
        body.as_bytes(),
    );
    assert_eq!(run.header("sign"), sign.as_str());
}

#[test]
fn an_option_wins_over_its_variable() {
    let mut variables = OWN.to_vec();
    variables.push(("CALLBOT_ALGORITHM", "SHA256"));
    let by_variables = run_with(&[ID, TIME, BATCH], &variables);
    assert_eq!(by_variables.header("uuid"), OWN_UUID);
    assert_eq!(by_variables.header("algorithm"), "SHA256");

    let arguments = [ID, TIME, BATCH, "--uuid=other-account", "--algorithm=MD5"];
    let by_options = run_with(&arguments, &variables);
    assert_eq!(by_options.header("uuid"), "other-account");
    assert_eq!(by_options.header("algorithm"), "MD5");

    // A variable that is not needed is ignored.
    let variables = [
        ("CALLBOT_UUID", ""),
        ("CALLBOT_ALGORITHM", "SHA-1"),
        ("CALLBOT_SECRET_KEY", OWN_SECRET),
    ];
    assert_eq!(
        run_with(&arguments, &variables).request(),
        by_options.request()
    );
}

#[test]
fn a_missing_request_id_is_random() {
    // Enough that one is likely to start with 0.
    let ids = [(); 64].map(|()| run_with(&[BATCH], &[]).header("requestID").to_owned());
    let is_digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    for id in &ids {
        assert!(id.len() == 32 && id.bytes().all(is_digit), "{id}");
    }
    assert_eq!(HashSet::from(ids).len(), 64);
}

#[test]
fn a_missing_time_is_now() {
    let now = || {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_secs()
    };
    let start = now();
    let create_ts = run_with(&[BATCH], &[]).header("createTs").parse().unwrap();
    assert!((start..=now()).contains(&create_ts), "{create_ts}");
}

#[test]
fn violations_are_printed_one_a_line() {
    let wrong = wrong_batch();
    let file = write("violations", "wrong.json", &wrong);
    let violations = Batch::from_json(wrong.as_bytes(), Rules::new()).unwrap_err();
    let lines: Vec<String> = violations.iter().map(ToString::to_string).collect();
    for variables in [&[][..], OWN] {
        let run = run_with(&[file.to_str().unwrap()], variables);
        assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""));
        assert_eq!(run.stderr.lines().collect::<Vec<_>>(), lines);
    }
}

#[test]
fn an_empty_batch_is_refused() {
    let head = read(BATCH);
    let (head, _) = head.split_once("\"callList\"").unwrap();
    let file = write("empty", "empty.json", &format!("{head}\"callList\":[]}}}}"));
    let run = run_with(&[file.to_str().unwrap()], &[]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""));
    assert_eq!(
        run.stderr,
        "the batch has no orders; add one before it is signed\n"
    );
}

#[test]
fn help_is_no_mistake() {
    for arguments in [&["--help"][..], &["-h"], &["--help", "--unknown"]] {
        let run = run_with(arguments, &[]);
        assert!(
            run.request().starts_with("Usage: sign_batch"),
            "{}",
            run.stdout
        );
        for option in [
            "--uuid",
            "--algorithm",
            "--request-id",
            "--create-ts",
            "--help",
        ] {
            assert!(run.stdout.contains(option), "{option} is not in the help");
        }
        assert_eq!(run.stderr, "");
    }
}

#[test]
fn one_input_file_is_needed() {
    assert_misuse(&run_with(&[], &[]), "there is no input file");
    assert_misuse(
        &run_with(&[BATCH, BATCH], &[]),
        "there is more than one input file",
    );
    assert_misuse(
        &run_with(&[BATCH, OWN_SECRET], &[]),
        "there is more than one input file",
    );
}

#[test]
fn the_input_file_has_to_be_readable() {
    for path in ["examples/no-such-file.json", "examples"] {
        let reason = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap_err();
        assert_misuse(
            &run_with(&[path], &[]),
            &format!("cannot read {path}: {reason}"),
        );
    }
}

#[test]
fn options_are_known_and_have_values() {
    for (option, message) in [
        ("--unknown", "invalid option '--unknown'"),
        ("--key=DoNotShowThis0123456789", "invalid option '--key'"),
        ("-s", "invalid option '-s'"),
        ("-sDoNotShowThis0123456789", "invalid option '-s'"),
        ("--uuid", "missing argument for option '--uuid'"),
        ("--algorithm", "missing argument for option '--algorithm'"),
        ("--request-id", "missing argument for option '--request-id'"),
        ("--create-ts", "missing argument for option '--create-ts'"),
    ] {
        assert_misuse(&run_with(&[BATCH, option], &[]), message);
    }
}

#[test]
fn the_secret_is_never_an_argument() {
    let message = "the secret key is never taken as an argument, where others can see it; \
         set CALLBOT_SECRET_KEY instead";
    for arguments in [
        &[BATCH, "--secret-key", OWN_SECRET][..],
        &[BATCH, "--secret-key=DoNotShowThis0123456789"],
        &[BATCH, "--secret=DoNotShowThis0123456789"],
        &["--secret-key", OWN_SECRET, BATCH],
        &["--secret-key"],
    ] {
        assert_misuse(&run_with(arguments, &[]), message);
        assert_misuse(&run_with(arguments, OWN), message);
    }
}

#[test]
fn values_are_checked() {
    let algorithm = "SHA-1".parse::<Algorithm>().unwrap_err().to_string();
    let request_id = RequestId::new("a&uuid=b").unwrap_err().to_string();
    let milliseconds = Timestamp::from_unix_seconds(1_726_200_000_000)
        .unwrap_err()
        .to_string();
    let negative = "-1".parse::<Timestamp>().unwrap_err().to_string();
    for (option, message) in [
        ("--algorithm=SHA-1", &algorithm),
        ("--request-id=a&uuid=b", &request_id),
        ("--create-ts=1726200000000", &milliseconds),
        ("--create-ts=-1", &negative),
    ] {
        assert_misuse(&run_with(&[BATCH, option], &[]), message);
    }

    let no_uuid = Credentials::new("", SecretKey::new("k").unwrap(), Algorithm::Md5)
        .unwrap_err()
        .to_string();
    let no_secret = SecretKey::new("").unwrap_err().to_string();
    let line_feed = SecretKey::new("k\n").unwrap_err().to_string();
    let line_feed_at_end = format!("{OWN_SECRET}\n");
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
        assert_misuse(&run_with(&[BATCH], &variables), message);
    }
}

#[test]
fn the_samples_credentials_are_not_mixed_with_others() {
    let no_secret = "there is a uuid but no secret key; set CALLBOT_SECRET_KEY";
    assert_misuse(&run_with(&[BATCH, "--uuid=own-account.7"], &[]), no_secret);
    assert_misuse(&run_with(&[BATCH], &OWN[..1]), no_secret);
    assert_misuse(
        &run_with(&[BATCH], &OWN[1..]),
        "there is a secret key but no uuid; set CALLBOT_UUID or give --uuid",
    );
}

#[test]
fn a_path_may_begin_with_a_hyphen() {
    let file = write("hyphen", "-batch.json", &read(BATCH));
    let folder = file.parent().unwrap();
    let end_of_options = run(example(&[ID, TIME, "--", "-batch.json"]).current_dir(folder));
    assert_eq!(
        end_of_options.request(),
        read("tests/data/sign_batch.md5.expected")
    );
    let option = run(example(&[ID, TIME, "-batch.json"]).current_dir(folder));
    assert_misuse(&option, "invalid option '-b'");
}

#[cfg(unix)]
mod unix {
    use std::io::Write;
    use std::os::unix::ffi::OsStrExt;
    use std::process::{Child, Stdio};

    use super::*;

    /// A secret key followed by a byte that is invalid in UTF-8.
    fn not_utf8() -> &'static OsStr {
        OsStr::from_bytes(b"DoNotShowThis0123456789\xFF")
    }

    #[test]
    fn values_have_to_be_utf8() {
        for option in ["--uuid", "--algorithm", "--request-id", "--create-ts"] {
            let run = run(&mut example(&[
                OsStr::new(BATCH),
                OsStr::new(option),
                not_utf8(),
            ]));
            assert_misuse(&run, &format!("{option}: its value is not UTF-8"));
        }
        for variable in ["CALLBOT_UUID", "CALLBOT_SECRET_KEY", "CALLBOT_ALGORITHM"] {
            let mut command = example(&[BATCH]);
            command.envs(OWN.iter().copied()).env(variable, not_utf8());
            assert_misuse(
                &run(&mut command),
                &format!("{variable}: its value is not UTF-8"),
            );
        }
        let option = OsStr::from_bytes(b"--\xFF");
        assert_misuse(&run(&mut example(&[option])), "invalid option '--\u{fffd}'");
    }

    #[test]
    fn a_path_that_is_not_utf8_is_reported() {
        let run = run(&mut example(&[OsStr::from_bytes(b"no-such-\xFF")]));
        let reason = fs::read("no-such-file").unwrap_err();
        assert_misuse(&run, &format!("cannot read no-such-\u{fffd}: {reason}"));
    }

    /// Starts the example. It writes nothing before it has its input, so that a stream can be
    /// closed until then.
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
    fn a_closed_stdout_ends_it_quietly() {
        let mut child = waiting(&mut example(&["/dev/stdin"]));
        drop(child.stdout.take());
        let run = finish(child, &read(BATCH));
        assert_eq!((run.code, run.stderr.as_str()), (Some(1), SAMPLE_NOTE));
    }

    #[test]
    fn a_closed_stderr_changes_nothing() {
        let mut signed = waiting(&mut example(&[ID, TIME, "/dev/stdin"]));
        drop(signed.stderr.take());
        let signed = finish(signed, &read(BATCH));
        assert_eq!(signed.request(), read("tests/data/sign_batch.md5.expected"));

        let mut refused = waiting(&mut example(&["/dev/stdin"]));
        drop(refused.stderr.take());
        let refused = finish(refused, &wrong_batch());
        assert_eq!((refused.code, refused.stdout.as_str()), (Some(1), ""));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_full_disk_is_reported() {
        for arguments in [&[BATCH][..], &["--help"]] {
            let full = || fs::File::options().write(true).open("/dev/full").unwrap();
            let reason = full().write_all(b"x").unwrap_err();
            let run = run(example(arguments).stdout(full()).envs(OWN.iter().copied()));
            assert_eq!(run.code, Some(1));
            assert_eq!(
                run.stderr,
                format!("error: cannot write to stdout: {reason}\n")
            );
        }
    }
}
