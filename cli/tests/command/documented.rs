//! `docs/command.md` against the command.

use std::fs;

use callbot_core::{
    Algorithm, Credentials, Endpoint, RequestId, SecretKey, SignedRequest, Timestamp, testing,
};
use serde_json::Value;

use crate::support::{OWN, OWN_SECRET, OWN_UUID, folder, read, run_with, write};

/// The fenced blocks of a language in a section.
fn blocks(section: &str, language: &str) -> Vec<String> {
    let page = read("docs/command.md");
    let (_, section) = page
        .split_once(&format!("\n## {section}\n"))
        .expect(section);
    let section = section.split("\n## ").next().unwrap();
    let blocks = section.split("```").skip(1).step_by(2);
    blocks
        .filter_map(|block| block.strip_prefix(&format!("{language}\n")).map(Into::into))
        .collect()
}

fn shape(section: &str, index: usize) -> Value {
    serde_json::from_str(&blocks(section, "json")[index]).unwrap()
}

/// Asserts that two values have the same keys, and values of the same type below them.
fn assert_same_shape(documented: &Value, found: &Value, place: &str) {
    match (documented, found) {
        (Value::Object(documented), Value::Object(found)) => {
            let keys = |object: &serde_json::Map<String, Value>| {
                object.keys().cloned().collect::<Vec<_>>()
            };
            let (mut left, mut right) = (keys(documented), keys(found));
            left.sort();
            right.sort();
            assert_eq!(left, right, "{place}");
            for (key, value) in documented {
                assert_same_shape(value, &found[key], &format!("{place}/{key}"));
            }
        }
        (Value::Array(documented), Value::Array(found)) => {
            assert_eq!(documented.is_empty(), found.is_empty(), "{place}");
            for (documented, found) in documented.iter().zip(found) {
                assert_same_shape(documented, found, &format!("{place}/*"));
            }
        }
        _ => assert_eq!(
            std::mem::discriminant(documented),
            std::mem::discriminant(found),
            "{place}: {documented} {found}"
        ),
    }
}

fn assert_documented(section: &str, index: usize, found: &Value) {
    assert_same_shape(&shape(section, index), found, section);
}

#[test]
fn sign() {
    let file = write(
        "documented-sign",
        "stop.json",
        r#"{"userTaskID":"t","orderIDs":["1"]}"#,
    );
    let arguments = [
        "sign",
        "--json",
        "--endpoint=stopOrder",
        file.to_str().unwrap(),
    ];
    assert_documented("sign", 0, &run_with(&arguments, OWN).json(0));
    let file = write(
        "documented-violation",
        "stop.json",
        r#"{"userTaskID":"t","orderIDs":[]}"#,
    );
    let arguments = [
        "sign",
        "--json",
        "--endpoint=stopOrder",
        file.to_str().unwrap(),
    ];
    assert_documented("sign", 1, &run_with(&arguments, OWN).json(1));
}

#[test]
fn check() {
    let list = "orderID,Mobile,Notes\n1,+8613800000001,x\n2,5,x\n";
    let file = write("documented-check", "list.csv", list);
    let arguments = [
        "check",
        "--json",
        "--map=userPhone=Mobile",
        "--ignore=Notes",
        file.to_str().unwrap(),
    ];
    assert_documented("check", 0, &run_with(&arguments, &[]).json(1));

    // The file of rules that is shown is one.
    let rules = blocks("check", "toml").remove(0);
    let rules = write("documented-rules", "rules.toml", rules);
    let list = "orderID,Mobile,Amount due,due_date,Notes\n1,+8613800000001,5,today,x\n";
    let file = write("documented-list", "list.csv", list);
    let run = run_with(
        &[
            "check",
            "--rules",
            rules.to_str().unwrap(),
            file.to_str().unwrap(),
        ],
        &[],
    );
    assert!(
        run.success()
            .contains("column Notes: not sent\n1 accepted, 0 rejected, 1 phone"),
        "{}",
        run.stdout
    );
}

#[test]
fn phone() {
    assert_documented(
        "phone",
        0,
        &run_with(&["phone", "--json", "+8613800000001", "1"], &[]).json(1),
    );
}

#[test]
fn verify() {
    let key = SecretKey::new(OWN_SECRET).unwrap();
    let credentials = Credentials::new(OWN_UUID, key, Algorithm::Md5).unwrap();
    let time = Timestamp::from_unix_seconds(1_726_200_000).unwrap();
    let id = || RequestId::new("r1").unwrap();
    let folder = folder("documented-verify");
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let verify = |headers: &[(&str, &str)], body: &str, arguments: &[&str]| {
        let lines: String = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\n"))
            .collect();
        fs::write(path("headers"), lines).unwrap();
        fs::write(path("body"), body).unwrap();
        let (headers, body) = (path("headers"), path("body"));
        let all = [
            "verify",
            "--json",
            "--now=1726200010",
            "--headers",
            &headers,
            "--body",
            &body,
        ];
        run_with(&[&all, arguments].concat(), OWN)
    };

    // One deviation only, and the two fields that are shown.
    let call = blocks("verify", "json").remove(0);
    let call: Value = serde_json::from_str(&call).unwrap();
    let body = r#"{"callbackType":1,"orderID":"1"}"#;
    let sent = testing::sign_callback(&credentials, &id(), time, body.as_bytes());
    assert_same_shape(
        &call,
        &verify(&sent.headers(), body, &["--kind=call"]).json(0),
        "verify",
    );

    let stop = r#"{"userTaskID":"t","orderIDs":["1","2"]}"#;
    let request = SignedRequest::from_json(
        Endpoint::StopOrder,
        stop.as_bytes(),
        &credentials,
        id(),
        time,
    )
    .unwrap();
    fs::write(path("stop.json"), stop).unwrap();
    let sign = [
        "sign",
        "--endpoint=stopOrder",
        "--request-id=r1",
        &path("stop.json"),
    ];
    fs::write(path("request"), run_with(&sign, OWN).success()).unwrap();
    let body = r#"{"retCode":0,"totalCount":2,"successCount":1,"errList":[{"orderID":"2","errMsg":"ended"}]}"#;
    let sent = testing::sign_response(&credentials, &request, time, body.as_bytes());
    let response = verify(&sent.headers(), body, &["--request", &path("request")]).json(0);
    let documented = shape("verify", 1);
    for key in ["result", "orders"] {
        assert_same_shape(&documented[key], &response[key], key);
    }
    assert_eq!(response["endpoint"], "stopOrder");

    let wrong = verify(&sent.headers(), "{}", &[]).json(1);
    assert_documented("verify", 2, &wrong);
}

#[test]
fn explain() {
    let arguments = [
        "explain",
        "--json",
        "--headers=examples/wrong.headers",
        "--body=examples/wrong.json",
    ];
    let found = run_with(&arguments, &[]).json(1);
    assert_documented("explain", 0, &found);
    assert_eq!(
        found["causes"][0]["code"],
        shape("explain", 0)["causes"][0]["code"]
    );
}

#[test]
fn the_file_of_credentials_is_one() {
    let file = write(
        "documented-credentials",
        "callbot.toml",
        blocks("The account", "toml").remove(0),
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&file, PermissionsExt::from_mode(0o600)).unwrap();
    }
    let arguments = [
        "sign",
        "--as=headers",
        "examples/batch.json",
        "--credentials",
        file.to_str().unwrap(),
    ];
    // They are the sample's, which this test may show.
    assert!(
        run_with(&arguments, &[])
            .success()
            .contains("uuid: Vh71ym3y")
    );
}
