//! XLSX and JSON. `cli/tests/data/xlsx.py` made the workbook.

use std::io::Write;
use std::process::Stdio;

use serde_json::json;

use super::{check, problems, report};
use crate::support::{BATCH, Run, callbot, folder, run_with};

const WORKBOOK: &str = "cli/tests/data/contacts.xlsx";

#[test]
fn a_workbook_has_its_digits_and_dates() {
    let accepted = folder("workbook").join("accepted.csv");
    let arguments = [
        "check",
        WORKBOOK,
        "--map=userPhone=Mobile",
        "--json",
        "--accepted",
        accepted.to_str().unwrap(),
    ];
    let report = run_with(&arguments, &[]).json(1);
    assert_eq!(
        problems(&report),
        [
            (6, "Mobile", "phone_no_country_code"),
            (6, "orderID", "duplicate_order_id"),
            (6, "amount", "empty")
        ]
    );
    assert_eq!(
        std::fs::read_to_string(accepted).unwrap(),
        "orderID,Mobile,userName,due,amount\n\
         1,8613800000001,王芳,2025-04-28,120.5\n\
         2,442079460958,Ann,soon,7\n"
    );
}

#[test]
fn a_sheet_is_chosen_by_its_name() {
    let report = run_with(&["check", WORKBOOK, "--json", "--sheet=Other"], &[]).json(0);
    assert_eq!(report["accepted"], 1);
    let run = run_with(&["check", WORKBOOK, "--sheet=other"], &[]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("it has no sheet of this name"),
        "{}",
        run.stderr
    );
}

#[test]
fn other_workbooks_are_refused() {
    for (test, bytes, what) in [
        (
            "xls",
            &b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"[..],
            "it is an Excel file of the kind before 2007; save it as .xlsx or CSV",
        ),
        (
            "zip",
            b"PK\x03\x04 and no more",
            "it is not a readable XLSX workbook; save it again, without a password",
        ),
    ] {
        let run = check(test, bytes, &[]);
        assert_eq!(run.code, Some(2));
        assert!(run.stderr.contains(what), "{}", run.stderr);
    }
}

#[test]
fn what_a_failed_formula_shows_is_no_value() {
    let folder = folder("failed-formula");
    let files = ["accepted.csv", "rejected.csv"].map(|name| folder.join(name));
    let [accepted, rejected] = files.each_ref().map(|file| file.to_str().unwrap());
    let mut arguments = vec!["check", WORKBOOK, "--sheet=Failed", "--json"];
    arguments.extend([
        "--ignore=note",
        "--accepted",
        accepted,
        "--rejected",
        rejected,
    ]);
    let report = run_with(&arguments, &[]).json(1);
    assert_eq!(
        problems(&report),
        [
            (2, "amount", "failed_formula"),
            (4, "orderID", "failed_formula"),
            (5, "orderID", "duplicate_order_id"),
        ]
    );
    let [accepted, rejected] = files.map(|file| std::fs::read_to_string(file).unwrap());
    assert_eq!(
        accepted,
        "orderID,userPhone,note,amount\n2,8613800000002,#REF!,5\n"
    );
    assert_eq!(
        rejected,
        "orderID,userPhone,note,amount\n1,8613800000001,x,#N/A\n#DIV/0!,8613800000003,x,5\n1,8613800000004,x,5\n"
    );
}

#[test]
fn json_is_an_array_of_objects() {
    let list = r#"[
        {"orderID": 12345678901234567890, "userPhone": 8613800000001, "amount": "5.50", "vip": true},
        {"userPhone": "+44 20 7946 0958", "orderID": "2", "amount": null, "params": [{"name": "agent", "value": "Anja"}]}
    ]"#;
    let report = report(1, "json-list", list, &[]);
    assert_eq!(
        problems(&report),
        [
            (1, "agent", "empty"),
            (2, "amount", "empty"),
            (2, "vip", "empty")
        ]
    );

    let list = r#"[{"orderID":12345678901234567890,"userPhone":"8613800000001"}]"#;
    let parts = folder("json-digits").join("accepted.csv");
    check("json-exact", list, &["--accepted", parts.to_str().unwrap()]);
    let written = std::fs::read_to_string(parts).unwrap();
    assert_eq!(
        written,
        "orderID,userPhone\n12345678901234567890,8613800000001\n"
    );
}

#[test]
fn json_may_have_a_byte_order_mark() {
    let list = "\u{feff}[{\"orderID\":\"1\",\"userPhone\":\"8613800000001\"}]";
    assert_eq!(report(0, "json-mark", list, &[])["accepted"], 1);
}

#[test]
fn json_may_be_a_request() {
    let report = run_with(&["check", "--json", BATCH], &[]).json(0);
    assert_eq!(report["accepted"], 28);
    assert_eq!(report["columns"].as_array().unwrap().len(), 9);
}

#[test]
fn json_of_another_shape_is_refused_and_not_shown() {
    let shape = "it is neither a JSON array of objects nor a request with a callList";
    for (list, what) in [
        (r#"["Ann"]"#, shape),
        (r#"{"Ann": 1}"#, shape),
        (r#"{"callInfoList": {"callList": "Ann"}}"#, shape),
        (r#"[{"Ann": 1}, nul]"#, "it is not JSON at line 1, column"),
        (r#"[{"Ann": 1}"#, "it is not JSON at line 1, column 11"),
        (
            r#"[{"Ann": 1, "Ann": 2}]"#,
            "row 1 has a duplicate key; remove one of them",
        ),
        (
            r#"[{"params": [{"Ann": 2}]}]"#,
            "row 1: params are objects with name and value",
        ),
    ] {
        let run = check("shape", list, &[]);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
        assert!(run.stderr.contains(what), "{list}: {}", run.stderr);
        assert!(!run.stderr.contains("Ann"), "{}", run.stderr);
    }
}

#[test]
fn every_kind_comes_from_standard_input_too() {
    let workbook = std::fs::read(crate::support::root().join(WORKBOOK)).unwrap();
    let csv = b"orderID,userPhone\n1,8613800000001\n".to_vec();
    let list = br#"[{"orderID":"1","userPhone":"8613800000001"}]"#.to_vec();
    for (input, sheet) in [(workbook, "Other"), (csv, ""), (list, "")] {
        let mut command = callbot(&["check", "--json", "--sheet", sheet, "-"]);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(&input).unwrap();
        let run = Run::new(child.wait_with_output().unwrap());
        assert_eq!(run.json(0)["accepted"], json!(1));
    }
}
