//! `callbot verify`.

use std::path::PathBuf;

use callbot_core::{
    Algorithm, Credentials, Endpoint, RequestId, SecretKey, SignedRequest, Timestamp, testing,
};
use serde_json::json;

use crate::support::{ID, OWN, OWN_SECRET, OWN_UUID, Run, TIME, assert_misuse, folder, run_with};

const CALL: &str = r#"{"callbackType":1,"orderID":"A-1","userPhone":"8613800000001","userName":null,"sceneID":"s","userTaskID":"t","taskID":"p","finish":true,"other":"x\u001b[2J"}"#;
const STOP: &str = r#"{"userTaskID":"t","orderIDs":["1","2"]}"#;

fn credentials() -> Credentials {
    let key = SecretKey::new(OWN_SECRET).unwrap();
    Credentials::new(OWN_UUID, key, Algorithm::Md5).unwrap()
}

fn time() -> Timestamp {
    Timestamp::from_unix_seconds(1_726_200_000).unwrap()
}

/// A folder with the headers and the body of a message.
struct Message(PathBuf);

impl Message {
    fn callback(test: &str, body: &str) -> Self {
        let id = RequestId::new("c1").unwrap();
        let sent = testing::sign_callback(&credentials(), &id, time(), body.as_bytes());
        Self::new(test, body, sent.headers().into_iter())
    }

    fn response(test: &str, request: &SignedRequest, body: &str) -> Self {
        let sent = testing::sign_response(&credentials(), request, time(), body.as_bytes());
        Self::new(test, body, sent.headers().into_iter())
    }

    fn new<'h>(test: &str, body: &str, headers: impl Iterator<Item = (&'h str, &'h str)>) -> Self {
        let folder = folder(test);
        let lines: String = headers
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        std::fs::write(
            folder.join("headers"),
            format!("HTTP/1.1 200 OK\r\n{lines}\r\n"),
        )
        .unwrap();
        std::fs::write(folder.join("body"), body).unwrap();
        Self(folder)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().into()
    }

    fn verify(&self, arguments: &[&str]) -> Run {
        self.verify_at("1726200010", arguments)
    }

    fn verify_at(&self, now: &str, arguments: &[&str]) -> Run {
        let (headers, body) = (self.path("headers"), self.path("body"));
        let all = [
            "verify",
            "--headers",
            &headers,
            "--body",
            &body,
            "--now",
            now,
        ];
        run_with(&[&all, arguments].concat(), OWN)
    }
}

#[test]
fn a_genuine_callback_is_shown_with_its_deviations() {
    let run = Message::callback("call", CALL).verify(&[]);
    assert_eq!(
        run.success(),
        r#"genuine
  uuid own-account.7
  requestID c1
  createTs 1726200000
  a replay is possible until 1726200300
call callback
  {
    "callbackType": 1,
    "orderID": "A-1",
    "userPhone": "8613800000001",
    "userName": null,
    "sceneID": "s",
    "userTaskID": "t",
    "taskID": "p",
    "finish": true,
    "other": "x\u001b[2J"
  }
differs from the API's page
  /userName: expected a string, found null
"#
    );
    assert_eq!(run.stderr, "");
}

#[test]
fn json_has_the_content_as_it_was_sent() {
    let body = CALL.replace(
        "\"callbackType\":1",
        "\"callbackType\":1,\"new\":12345678901234567890.50",
    );
    let run = Message::callback("call-json", &body).verify(&["--json"]);
    assert!(
        run.stdout.contains("12345678901234567890.50"),
        "{}",
        run.stdout
    );
    let report = run.json(0);
    assert_eq!(report["genuine"], true);
    assert_eq!(report["uuid"], OWN_UUID);
    assert_eq!(report["requestID"], "c1");
    assert_eq!(report["createTs"], 1_726_200_000);
    assert_eq!(report["replayExpiresAt"], 1_726_200_300);
    assert_eq!(report["kind"], "call callback");
    assert_eq!(report["content"]["orderID"], "A-1");
    let deviations =
        json!([{"path": "/userName", "message": "/userName: expected a string, found null"}]);
    assert_eq!(report["deviations"], deviations);
}

#[test]
fn a_callback_is_read_as_the_kind_that_is_asked_for() {
    let order = Message::callback(
        "order",
        &CALL.replace("\"callbackType\":1", "\"callbackType\":\"1\""),
    );
    assert_eq!(order.verify(&["--json"]).json(0)["kind"], "order callback");
    assert_eq!(
        order.verify(&["--json", "--kind=call"]).json(0)["kind"],
        "call callback"
    );

    let task = r#"{"callbackType":1,"userTaskID":"t","taskID":"p","taskStatus":2}"#;
    let task = Message::callback("task", task);
    assert_eq!(task.verify(&["--json"]).json(0)["kind"], "task callback");
    let as_call = task.verify(&["--json", "--kind=call"]).json(1);
    assert_eq!(
        (&as_call["genuine"], &as_call["error"]["code"]),
        (&json!(true), &json!("content_missing"))
    );
}

#[test]
fn a_message_that_is_not_genuine_fails() {
    let message = Message::callback("changed", CALL);
    std::fs::write(message.path("body"), CALL.replace("A-1", "A-2")).unwrap();
    let run = message.verify(&[]);
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.starts_with("not genuine: "), "{}", run.stdout);
    assert!(
        run.stdout
            .contains("[verify_mismatch]\n  callbot explain --received ")
    );
    assert!(
        !run.stdout.contains("A-2"),
        "the content of a message that nobody has proven"
    );
    let report = message.verify(&["--json"]).json(1);
    assert_eq!(
        (&report["genuine"], &report["error"]["code"]),
        (&json!(false), &json!("verify_mismatch"))
    );

    let late = Message::callback("late", CALL)
        .verify_at("1726209999", &["--json"])
        .json(1);
    assert_eq!(late["error"]["code"], "verify_too_old");
    // Without --now it is the time of the system.
    let message = Message::callback("now", CALL);
    let arguments = [
        "verify",
        "--json",
        "--headers",
        &message.path("headers"),
        "--body",
        &message.path("body"),
    ];
    assert_eq!(
        run_with(&arguments, OWN).json(1)["error"]["code"],
        "verify_too_old"
    );
}

#[test]
fn a_response_is_held_against_its_request() {
    let id = RequestId::new("00000000000000000000000000000001").unwrap();
    let endpoint = Endpoint::StopOrder;
    let request =
        SignedRequest::from_json(endpoint, STOP.as_bytes(), &credentials(), id, time()).unwrap();
    let body = r#"{"retCode":0,"retMsg":"success","responseID":"x","totalCount":2,"successCount":1,"errList":[{"orderID":"2","errMsg":"ended"}]}"#;
    let message = Message::response("response", &request, body);

    // Both forms of a request, as the command itself writes them.
    let stop = message.path("stop.json");
    std::fs::write(&stop, STOP).unwrap();
    for form in ["http", "json"] {
        let sign = [
            "sign",
            ID,
            TIME,
            "--endpoint=stopOrder",
            "--as",
            form,
            &stop,
        ];
        let file = message.path("request");
        std::fs::write(&file, run_with(&sign, OWN).success()).unwrap();

        let report = message.verify(&["--json", "--request", &file]).json(0);
        assert_eq!(report["kind"], "response");
        assert_eq!(report["endpoint"], "stopOrder");
        assert_eq!(
            report["result"],
            json!({"code": 0, "meaning": "success", "retry": "do not send it again"})
        );
        assert_eq!(report["orders"]["outcome"], "partly");
        let refused =
            json!([{"order": 1, "orderID": "2", "message": "ended", "isAmbiguous": false}]);
        assert_eq!(report["orders"]["refused"], refused);

        let run = message.verify(&["--request", &file]);
        assert!(run.success().contains(
            "result\n  0 (success), do not send it again\norders\n  partly\n  order 1 2: ended\n"
        ));
    }

    let other = message.path("other");
    let sign = [
        "sign",
        "--request-id=other",
        TIME,
        "--endpoint=stopOrder",
        &stop,
    ];
    std::fs::write(&other, run_with(&sign, OWN).success()).unwrap();
    let report = message.verify(&["--json", "--request", &other]).json(1);
    assert_eq!(report["error"]["code"], "verify_other_request");
    // And a response lacks what a callback has.
    assert_eq!(
        message.verify(&["--json"]).json(1)["error"]["code"],
        "content_missing"
    );
}

#[test]
fn files_are_checked() {
    let usage = "callbot verify [OPTIONS] --headers <FILE> --body <FILE>";
    let message = Message::callback("files", CALL);
    let headers = message.path("headers");
    std::fs::write(&headers, "sign : 5\n").unwrap();
    let run = message.verify(&[]);
    let error = callbot_core::HeaderBlock::parse(b"sign : 5\n").unwrap_err();
    assert_misuse(&run, usage, &format!("{headers}: {error}"));

    let body = message.path("body");
    let run = message.verify(&["--request", &body]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));

    let message = Message::callback("no-request", CALL);
    let body = message.path("body");
    let run = message.verify(&["--request", &body]);
    let what = "not a request; give what callbot sign printed, as http or json";
    assert_misuse(&run, usage, &format!("{body}: {what}"));
}

/// Whoever has the sample's secret key can sign anything.
#[test]
fn the_samples_credentials_verify_nothing() {
    let message = Message::callback("sample", CALL);
    let arguments = [
        "verify",
        "--headers",
        &message.path("headers"),
        "--body",
        &message.path("body"),
    ];
    assert_misuse(
        &run_with(&arguments, &[]),
        "callbot verify [OPTIONS] --headers <FILE> --body <FILE>",
        "there are no credentials; set CALLBOT_UUID and CALLBOT_SECRET_KEY, or give --credentials",
    );
}
