//! `callbot explain`. The search itself is tested in the core.

use callbot_core::{Algorithm, Credentials, RequestId, SecretKey, Timestamp};
use md5::{Digest, Md5};
use serde_json::json;

use crate::support::{
    OWN, OWN_SECRET, OWN_UUID, Run, SAMPLE_NOTE, assert_misuse, folder, read, run_with,
};

const USAGE: &str = "callbot explain [OPTIONS] --headers <FILE> --body <FILE>";
const BODY: &str = r#"{"productID":"callbot","userTaskID":"spring"}"#;

fn sign(body: &str) -> String {
    let key = SecretKey::new(OWN_SECRET).unwrap();
    let credentials = Credentials::new(OWN_UUID, key, Algorithm::Md5).unwrap();
    let time = Timestamp::from_unix_seconds(1_726_200_000).unwrap();
    credentials
        .sign(&RequestId::new("r1").unwrap(), time, body.as_bytes())
        .as_str()
        .into()
}

/// Explains a signature over [`BODY`].
fn explain(test: &str, sign: &str, arguments: &[&str]) -> Run {
    let folder = folder(test);
    let headers = format!(
        "POST /x HTTP/1.1\r\nrequestID: r1\r\nuuid: {OWN_UUID}\r\ncreateTs: 1726200000\r\nsign: {sign}\r\n\r\n"
    );
    std::fs::write(folder.join("headers"), headers).unwrap();
    std::fs::write(folder.join("body"), BODY).unwrap();
    let [headers, body] =
        ["headers", "body"].map(|name| folder.join(name).to_str().unwrap().to_owned());
    let all = ["explain", "--headers", &headers, "--body", &body];
    run_with(&[&all, arguments].concat(), OWN)
}

#[test]
fn a_right_signature_is_right() {
    let run = explain("right", &sign(BODY), &[]);
    assert_eq!(
        (run.success(), run.stderr.as_str()),
        ("the signature is right\n", "")
    );
    let report = explain("right", &sign(BODY), &["--json"]).json(0);
    assert_eq!(report, json!({"matches": true, "causes": []}));
}

/// The signature is right over what the headers say, and the message is of no use all the same.
#[test]
fn a_message_that_no_verifier_takes_is_noted() {
    let explain = |name: &str, uuid: &str, create_ts: &str, body: &[u8]| {
        let folder = folder(name);
        let key = OWN_SECRET;
        let string = [
            key.as_bytes(),
            b"&body=",
            body,
            format!("&createTs={create_ts}&requestID=r1&uuid={uuid}").as_bytes(),
        ]
        .concat();
        let sign: String = Md5::digest(&string)
            .iter()
            .map(|byte| format!("{byte:02X}"))
            .collect();
        let headers = format!("requestID: r1\nuuid: {uuid}\ncreateTs: {create_ts}\nsign: {sign}\n");
        let files = [("headers", headers.as_bytes()), ("body", body)].map(|(name, content)| {
            let file = folder.join(name);
            std::fs::write(&file, content).unwrap();
            file.to_str().unwrap().to_owned()
        });
        run_with(
            &["explain", "--headers", &files[0], "--body", &files[1]],
            OWN,
        )
    };
    let right = "the signature is right\n";
    let run = explain("old", OWN_UUID, "1726200000", b"{}");
    assert_eq!((run.success(), run.stderr.as_str()), (right, ""));
    for (name, uuid, create_ts, body, code) in [
        (
            "no-seconds",
            OWN_UUID,
            "yesterday",
            b"{}".as_slice(),
            "header_malformed",
        ),
        (
            "fraction",
            OWN_UUID,
            "1726200000.5",
            b"{}",
            "header_malformed",
        ),
        (
            "another",
            "another",
            "1726200000",
            b"{}",
            "verify_unknown_uuid",
        ),
        ("latin", OWN_UUID, "1726200000", b"\xe9", "verify_not_utf8"),
    ] {
        let run = explain(name, uuid, create_ts, body);
        assert_eq!(run.success(), right);
        let note = "note: a verifier refuses the message all the same: ";
        assert!(run.stderr.starts_with(note), "{}", run.stderr);
        assert!(
            run.stderr.ends_with(&format!(" [{code}]\n")),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn a_mistake_is_named_with_its_fix() {
    let wrong = sign(&BODY.replace(':', ": ").replace(',', ", "));
    let run = explain("mistake", &wrong, &[]);
    assert_eq!(run.code, Some(1));
    let causes = explain("mistake", &wrong, &["--json"]).json(1);
    assert_eq!(
        (
            &causes["matches"],
            causes["causes"].as_array().unwrap().len()
        ),
        (&json!(false), 1)
    );
    let cause = &causes["causes"][0];
    assert_eq!(cause["code"], "body_separators");
    let [message, fix] = ["message", "fix"].map(|key| cause[key].as_str().unwrap());
    assert_eq!(
        run.stdout,
        format!("the signature is wrong\n  {message} [body_separators]\n    fix: {fix}\n")
    );
}

#[test]
fn two_mistakes_are_named_together() {
    let wrong = sign(&format!("{BODY}\n")).to_lowercase();
    let causes = explain("two", &wrong, &["--json"]).json(1);
    let codes: Vec<_> = causes["causes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|cause| &cause["code"])
        .collect();
    assert_eq!(codes, ["lower_case", "body_final_newline"]);
}

#[test]
fn lower_case_is_no_mistake_in_what_is_received() {
    let lower = sign(BODY).to_lowercase();
    let causes = explain("lower", &lower, &["--json"]).json(1);
    assert_eq!(causes["causes"][0]["code"], "lower_case");
    assert_eq!(
        explain("lower", &lower, &["--received"]).success(),
        "the signature is right\n"
    );
}

#[test]
fn a_signature_that_nothing_explains_has_its_own_exit_code() {
    let run = explain("none", "00112233445566778899AABBCCDDEEFF", &[]);
    assert_eq!(run.code, Some(3));
    assert!(
        run.stdout
            .starts_with("the signature is wrong, and no known mistake makes it\n"),
        "{}",
        run.stdout
    );
    let report = explain("none", "00112233445566778899AABBCCDDEEFF", &["--json"]).json(3);
    assert_eq!(report, json!({"matches": false, "causes": []}));
}

#[test]
fn headers_without_a_signature_are_refused() {
    let folder = folder("no-sign");
    let headers = folder.join("headers");
    std::fs::write(&headers, "requestID: r1\n").unwrap();
    let headers = headers.to_str().unwrap();
    let run = run_with(&["explain", "--headers", headers, "--body", headers], OWN);
    let message = "the header sign is missing; pass the headers with the signature to explain";
    assert_misuse(&run, USAGE, message);
}

/// What the README shows.
#[test]
fn the_readme_shows_what_it_prints() {
    let readme = read("README.md");
    let (_, shown) = readme
        .split_once("-p callbot-cli -- explain ")
        .expect("a command");
    let (arguments, shown) = shown.split_once('\n').unwrap();
    let (_, shown) = shown.split_once("```text\n").unwrap();
    let (shown, _) = shown.split_once("```").unwrap();
    let arguments: Vec<_> = ["explain"]
        .into_iter()
        .chain(arguments.split(' '))
        .collect();
    let run = run_with(&arguments, &[]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), shown));
    assert_eq!(run.stderr, SAMPLE_NOTE.replace("signed", "explained"));
    assert!(
        readme
            .lines()
            .position(|line| line.contains("-- explain "))
            .unwrap()
            < 40,
        "the first screen"
    );
}

/// A signature that no mistake makes says nothing while the headers are not all there.
#[test]
fn missing_headers_are_named() {
    let folder = folder("explain-missing");
    let write = |name: &str, content: &str| {
        let file = folder.join(name);
        std::fs::write(&file, content).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let headers = write("headers", "uuid: u\r\ncreateTs:\r\nsign: AB\r\n\r\n");
    let body = write("body", BODY);
    for json in [&[][..], &["--json"]] {
        let files = ["explain", "--headers", &headers, "--body", &body];
        let run = run_with(&[&files[..], json].concat(), OWN);
        let note = format!(
            "note: {headers}: missing headers: requestID, createTs; give all header lines, as they \
             were sent or received\n"
        );
        assert_eq!((run.code, run.stderr), (Some(3), note));
    }
    // The mistake may be that one is missing.
    let lines = format!(
        "requestID: r1\r\nuuid: {OWN_UUID}\r\nsign: {}\r\n",
        sign(BODY)
    );
    let headers = write("without-time", &lines);
    let files = ["explain", "--headers", &headers, "--body", &body];
    let run = run_with(&[&files[..], &["--json", "--now=1726200010"]].concat(), OWN);
    assert_eq!(run.json(1)["causes"][0]["code"], "create_ts_missing");
}
