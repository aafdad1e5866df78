//! `callbot sign`. What it must print was computed by `cli/tests/data/sign.py`.

use std::collections::HashSet;
use std::time::{SystemTime, UNIX_EPOCH};

use callbot_core::{Algorithm, Batch, Credentials, RequestId, Rules, SecretKey, Timestamp};

use crate::support::{
    BATCH, ID, OWN, OWN_SECRET, OWN_UUID, Run, TIME, assert_misuse, callbot, read, root, run,
    run_with, write,
};

const USAGE: &str = "callbot sign [OPTIONS] <FILE>";

/// The batch with three mistakes in it.
pub(crate) fn wrong_batch() -> String {
    let wrong = read(BATCH)
        .replace("\"8613800000001\"", "\"+86 13800000001\"")
        .replace("\"61491570157\"", "61491570157");
    let violations = Batch::from_json(wrong.as_bytes(), Rules::new()).unwrap_err();
    assert_eq!(violations.len(), 3);
    wrong
}

fn sign(arguments: &[&str], variables: &[(&str, &str)]) -> Run {
    run_with(&[&["sign"], arguments].concat(), variables)
}

/// The value of a header in the output.
fn header<'r>(run: &'r Run, name: &str) -> &'r str {
    let (head, _) = run.success().split_once("\n\n").unwrap();
    let values = head.lines().filter_map(|line| line.split_once(": "));
    let mut values = values.filter_map(|(found, value)| (found == name).then_some(value));
    let value = values.next().unwrap();
    assert_eq!(values.next(), None, "{name} twice");
    value
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
    let run = sign(&[ID, TIME, BATCH], &[]);
    assert_eq!(run.success(), read("cli/tests/data/sign.md5.expected"));
}

#[test]
fn sha256_gives_exactly_the_expected_bytes() {
    let expected = read("cli/tests/data/sign.sha256.expected");
    let by_option = sign(&[ID, TIME, "--algorithm=SHA256", BATCH], &[]);
    assert_eq!(by_option.success(), expected);
    let by_variable = sign(&[ID, TIME, BATCH], &[("CALLBOT_ALGORITHM", "SHA256")]);
    assert_eq!(by_variable.success(), expected);
}

#[test]
fn the_own_account_signs() {
    let run = sign(&[ID, TIME, BATCH], OWN);
    let (_, body) = run.success().split_once("\n\n").unwrap();
    let secret_key = SecretKey::new(OWN_SECRET).unwrap();
    let credentials = Credentials::new(OWN_UUID, secret_key, Algorithm::Md5).unwrap();
    let expected = credentials.sign(
        &RequestId::new("00000000000000000000000000000001").unwrap(),
        Timestamp::from_unix_seconds(1_726_200_000).unwrap(),
        body.as_bytes(),
    );
    assert_eq!(header(&run, "sign"), expected.as_str());
    assert_eq!(header(&run, "uuid"), OWN_UUID);
    assert_eq!(run.stderr, "");
}

#[test]
fn a_missing_request_id_is_random() {
    // Enough that one is likely to start with 0.
    let ids = [(); 64].map(|()| header(&sign(&[BATCH], &[]), "requestID").to_owned());
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
    let create_ts = header(&sign(&[BATCH], &[]), "createTs").parse().unwrap();
    assert!((start..=now()).contains(&create_ts), "{create_ts}");
}

#[test]
fn violations_are_printed_one_a_line() {
    let wrong = wrong_batch();
    let file = write("violations", "wrong.json", &wrong);
    let violations = Batch::from_json(wrong.as_bytes(), Rules::new()).unwrap_err();
    let lines: Vec<String> = violations.iter().map(ToString::to_string).collect();
    for variables in [&[][..], OWN] {
        let run = sign(&[file.to_str().unwrap()], variables);
        assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""));
        assert_eq!(run.stderr.lines().collect::<Vec<_>>(), lines);
    }
}

#[test]
fn violations_are_json_for_machines() {
    let file = write("violations-json", "wrong.json", wrong_batch());
    for form in ["--json", "--as=json"] {
        let run = sign(&[form, file.to_str().unwrap()], OWN);
        assert_eq!(run.stderr, "");
        let report = run.json(1);
        assert_eq!(report["violations"].as_array().unwrap().len(), 3);
        assert_eq!(report["violations"][0]["code"], "phone_plus");
        assert_eq!(
            report["violations"][0]["path"],
            "/callInfoList/callList/0/userPhone"
        );
        assert!(
            report["violations"][0]["message"]
                .as_str()
                .unwrap()
                .contains("'+'")
        );
    }
}

#[test]
fn an_empty_batch_is_refused() {
    let head = read(BATCH);
    let (head, _) = head.split_once("\"callList\"").unwrap();
    let file = write("empty", "empty.json", format!("{head}\"callList\":[]}}}}"));
    let run = sign(&[file.to_str().unwrap()], &[]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""));
    assert!(
        run.stderr.starts_with("/callInfoList/callList: "),
        "{}",
        run.stderr
    );
}

#[test]
fn every_endpoint_is_signed_by_its_name() {
    let json = r#"{"orderIDs": ["1"], "userTaskID": "t"}"#;
    let file = write("endpoint", "stop.json", json);
    let run = sign(&["--endpoint=stopOrder", file.to_str().unwrap()], OWN);
    assert!(
        run.success()
            .starts_with("POST /callcentre/api/v3/stopOrder\n")
    );
    assert!(
        run.stdout
            .ends_with("\n\n{\"productID\":\"callbot\",\"userTaskID\":\"t\",\"orderIDs\":[\"1\"]}")
    );
}

#[test]
fn headers_are_the_lines_alone() {
    let all = read("cli/tests/data/sign.md5.expected");
    let (head, _) = all.split_once("\n\n").unwrap();
    let (_, lines) = head.split_once('\n').unwrap();
    let run = sign(&[ID, TIME, "--as=headers", BATCH], &[]);
    assert_eq!(run.success(), format!("{lines}\n"));
}

#[test]
fn json_has_the_whole_request() {
    let request = sign(&[ID, TIME, "--json", BATCH], &[]).json(0);
    let all = read("cli/tests/data/sign.md5.expected");
    let (head, body) = all.split_once("\n\n").unwrap();
    assert_eq!(request["method"], "POST");
    assert_eq!(request["path"], "/callcentre/api/v3/addBatchCall");
    assert_eq!(
        request["url"],
        "https://nxbot.nxcloud.com/callcentre/api/v3/addBatchCall"
    );
    assert_eq!(request["body"], body);
    let headers = request["headers"].as_object().unwrap();
    assert_eq!(headers.len(), 6);
    for (name, value) in headers {
        let line = format!("{name}: {}", value.as_str().unwrap());
        assert!(head.lines().any(|found| found == line), "{line}");
    }
}

/// A shell runs the command, with a `curl` that writes down what it was given.
#[test]
#[cfg(unix)]
fn curl_gets_the_bytes_that_were_signed() {
    use std::os::unix::fs::PermissionsExt;

    let batch = read(BATCH).replace("Mary O'Connor", "Mary O'Connor '$HOME' `id` \\\\ %s %%");
    let file = write("curl", "batch.json", batch);
    let folder = file.parent().unwrap();
    let curl = folder.join("curl");
    std::fs::write(
        &curl,
        "#!/bin/sh\nprintf '%s\\n' \"$@\" >\"$OUT/arguments\"\ncat >\"$OUT/body\"\n",
    )
    .unwrap();
    std::fs::set_permissions(&curl, PermissionsExt::from_mode(0o755)).unwrap();

    let file = file.to_str().unwrap();
    let plain = sign(&[ID, TIME, file], &[]);
    let (head, body) = plain.success().split_once("\n\n").unwrap();
    let base = "--base-url=https://test.example/it's";
    let command = sign(&[ID, TIME, "--as=curl", base, file], &[]);
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    let mut shell = std::process::Command::new("sh");
    shell
        .args(["-c", command.success()])
        .env("PATH", path)
        .env("OUT", folder);
    assert!(shell.status().unwrap().success());

    assert_eq!(std::fs::read_to_string(folder.join("body")).unwrap(), body);
    let mut arguments = vec!["--request", "POST"];
    for line in head.lines().skip(1) {
        arguments.extend(["--header", line]);
    }
    arguments.extend([
        "--data-binary",
        "@-",
        "https://test.example/it's/callcentre/api/v3/addBatchCall",
    ]);
    let found = std::fs::read_to_string(folder.join("arguments")).unwrap();
    assert_eq!(found.lines().collect::<Vec<_>>(), arguments);
}

#[test]
fn the_base_url_is_checked() {
    for form in ["--as=curl", "--as=json"] {
        let run = sign(&[form, "--base-url=nxbot.nxcloud.com", BATCH], &[]);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
    }
}

#[test]
fn the_input_file_has_to_be_readable() {
    for path in ["examples/no-such-file.json", "examples"] {
        let reason = std::fs::read(root().join(path)).unwrap_err();
        let message = format!("cannot read {path}: {reason}");
        assert_misuse(&sign(&[path], &[]), USAGE, &message);
    }
}

#[test]
fn values_are_checked() {
    let request_id = RequestId::new("a&uuid=b").unwrap_err().to_string();
    let milliseconds = Timestamp::from_unix_seconds(1_726_200_000_000)
        .unwrap_err()
        .to_string();
    let negative = "-1".parse::<Timestamp>().unwrap_err().to_string();
    for (option, message) in [
        ("--request-id=a&uuid=b", &request_id),
        ("--create-ts=1726200000000", &milliseconds),
        ("--create-ts=-1", &negative),
    ] {
        assert_misuse(&sign(&[BATCH, option], &[]), USAGE, message);
    }
}

#[test]
fn a_path_may_begin_with_a_hyphen() {
    let file = write("hyphen", "-batch.json", read(BATCH));
    let folder = file.parent().unwrap();
    let end_of_options = run(callbot(&["sign", ID, TIME, "--", "-batch.json"]).current_dir(folder));
    assert_eq!(
        end_of_options.success(),
        read("cli/tests/data/sign.md5.expected")
    );
    let option = run(callbot(&["sign", ID, TIME, "-batch.json"]).current_dir(folder));
    assert_misuse(&option, USAGE, "unknown option -b");
}

#[test]
fn an_unknown_endpoint_is_told_with_those_there_are() {
    for (name, message) in [
        (
            "stoporder",
            "unknown endpoint, whose name differs from stopOrder by case; write it exactly so",
        ),
        ("nope", "unknown endpoint; use one of "),
    ] {
        let run = run_with(&["sign", BATCH, "--endpoint", name], OWN);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
        assert!(run.stderr.contains(message), "{}", run.stderr);
    }
    let run = run_with(&["sign", BATCH, "--endpoint=nope"], OWN);
    for endpoint in callbot_core::Endpoint::ALL {
        assert!(run.stderr.contains(endpoint.name()), "{}", run.stderr);
    }
}
