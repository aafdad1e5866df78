//! Quotation marks that are malformed: no contact is lost in another one's cell.

use std::fs;

use serde_json::Value;

use super::{check, problems};
use crate::support::{Run, folder};

const HEADER: &str = "orderID,userPhone,userName\n";

/// The run and the report of a list, and its accepted and its rejected part.
fn split(test: &str, list: impl AsRef<[u8]>, code: i32) -> (Value, [String; 2]) {
    let parts = folder(&format!("{test}-parts"));
    let parts = ["accepted", "rejected"].map(|name| parts.join(name));
    let [accepted, rejected] = parts.each_ref().map(|part| part.to_str().unwrap());
    let arguments = ["--json", "--accepted", accepted, "--rejected", rejected];
    let report = check(test, list, &arguments).json(code);
    (report, parts.map(|part| fs::read_to_string(part).unwrap()))
}

fn message(report: &Value) -> &str {
    report["problems"][0]["message"].as_str().unwrap()
}

#[test]
fn a_mark_that_is_never_closed_rejects_its_row() {
    let good = "1,8613800000001,x\n";
    for (end, rest) in [
        ("nothing", "2,8613800000002,\"Bob\n3,8613800000003,Al"),
        ("line", "2,8613800000002,\"Bob\n3,8613800000003,Al\n"),
        ("crlf", "2,8613800000002,\"Bob\r\n3,8613800000003,Al\r\n"),
        ("cr", "2,8613800000002,\"Bob\r3,8613800000003,Al"),
        ("one-line", "2,8613800000002,\"Bob"),
        ("mark", "2,8613800000002,\""),
        ("pair", "2,8613800000002,\"Bob\"\""),
        (
            "quotes",
            "2,8613800000002,\"Bob\n3,8613800000003,\"\"Al\"\"\n",
        ),
        ("blank", "\n\r\n2,8613800000002,\"Bob\n\n3,8613800000003,Al"),
    ] {
        let test = format!("open-{end}");
        let (report, [accepted, rejected]) = split(&test, format!("{HEADER}{good}{rest}"), 1);
        let row = if end == "blank" { 5 } else { 3 };
        assert_eq!(
            problems(&report),
            [(row, "userName", "open_quote")],
            "{end}"
        );
        assert!(
            message(&report).contains(&format!("opens on line {row} ")),
            "{end}"
        );
        assert_eq!([&report["accepted"], &report["rejected"]], [1, 1], "{end}");
        assert_eq!(accepted, format!("{HEADER}{good}"), "{end}");
        let raw = rest.trim_start().trim_end_matches('\r');
        let raw = raw.strip_suffix("\r\n").unwrap_or(raw);
        assert!(
            rejected.starts_with(&format!("{HEADER}{raw}")),
            "{end}: {rejected:?}"
        );
    }
}

#[test]
fn an_open_mark_is_told_where_it_opens() {
    let list = "sep=;\norderID;userPhone;userName;note\n1;8613800000001;\"a\nb\";v\n\
        2;8613800000002;\"c\n\nd\";\"e\n3;8613800000003;f;g\n";
    let (report, [_, rejected]) = split("open-place", list, 1);
    assert_eq!(problems(&report), [(4, "note", "open_quote")]);
    assert!(message(&report).contains("opens on line 7 "), "{report}");
    assert!(rejected.ends_with("\n2;8613800000002;\"c\n\nd\";\"e\n3;8613800000003;f;g\n\n"));

    let cr = "orderID,userPhone,userName\r1,8613800000001,x\r2,8613800000002,\"y\r";
    let (report, _) = split("open-cr-only", cr, 1);
    assert_eq!(problems(&report), [(3, "userName", "open_quote")]);
    assert!(message(&report).contains("opens on line 3 "), "{report}");
}

#[test]
fn an_open_mark_that_takes_too_much_is_told_by_its_row() {
    let mut list = format!("{HEADER}1,8613800000001,x\n2,8613800000002,\"");
    list += &"x\n".repeat(20 << 20);
    let run = check("open-long", list, &[]);
    assert_eq!(run.code, Some(2));
    let told = "row 3 has more than 16 MiB; close the quotation mark that is open there";
    assert!(run.stderr.contains(told), "{}", run.stderr);
}

#[test]
fn a_row_without_an_end_is_told_by_its_row() {
    for (test, end) in [("endless", ""), ("endless-empty", "\n\n")] {
        let mut list = format!("{HEADER}1,8613800000001,x\n{end}2,8613800000002,");
        list += &"x".repeat(17 << 20);
        let run = check(test, list, &[]);
        assert_eq!(run.code, Some(2));
        let told = format!(
            "row {} has more than 16 MiB; look for the line end that is missing there",
            3 + end.len()
        );
        assert!(run.stderr.contains(&told), "{}", run.stderr);
    }
}

/// Longer than every buffer.
#[test]
fn long_cells_are_followed_to_their_end() {
    let lines = "x \"\"y\"\", z\n".repeat(30_000);
    let closed =
        format!("{HEADER}1,8613800000001,x\n2,8613800000002,\"{lines}\"\n3,8613800000003,z\n");
    let (report, _) = split("long-closed", &closed, 0);
    assert_eq!(report["accepted"], 3);
    let (report, [_, rejected]) = split("long-open", closed.replacen("\n3,", "\n3,\"", 1), 1);
    assert_eq!(problems(&report), [(4, "userPhone", "open_quote")]);
    assert_eq!(rejected, format!("{HEADER}3,\"8613800000003,z\n\n"));
    let (report, [_, rejected]) = split("long-after", closed.replacen("\"\n3,", "\" \n3,", 1), 1);
    assert_eq!(problems(&report), [(3, "userName", "text_after_quote")]);
    assert_eq!(rejected, format!("{HEADER}2,8613800000002,\"{lines}\" \n"));
}

#[test]
fn text_after_a_closing_mark_rejects_its_row() {
    for (name, row) in [
        ("letter", "2,8613800000002,\"x\"y"),
        ("space", "2,8613800000002,\"x\" "),
        ("inner", "2,8613800000002,\"un\"closed\" q"),
        (
            "rows",
            "2,8613800000002,\"Bob\n4,8613800000004,Al\n5,8613800000005,\"Cy\"",
        ),
    ] {
        for end in ["\n", "\r\n"] {
            let test = format!("after-{name}-{}", end.len());
            let list = format!("{HEADER}1,8613800000001,x{end}{row}{end}3,8613800000003,z{end}");
            let (report, [accepted, rejected]) = split(&test, list, 1);
            assert_eq!(
                problems(&report),
                [(3, "userName", "text_after_quote")],
                "{test}"
            );
            assert!(message(&report).contains(" line 3;"), "{test}: {report}");
            assert_eq!(
                accepted,
                format!("{HEADER}1,8613800000001,x\n3,8613800000003,z\n")
            );
            assert_eq!(rejected, format!("{HEADER}{row}\n"));
        }
    }
}

#[test]
fn malformed_rows_are_in_no_batch() {
    let batches = folder("quotes-batches").join("new");
    let list = format!(
        "{HEADER}1,8613800000001,x\n2,8613800000002,\"y\"y\n3,8613800000003,z\n4,8613800000004,\"v"
    );
    let arguments = [
        "--batches",
        batches.to_str().unwrap(),
        "--max-orders=9",
        "--user-task-id=spring",
        "--order-callback-url=https://example.com/o",
        "--call-callback-url=https://example.com/c",
    ];
    let Run { code, stdout, .. } = check("quotes-batches-list", list, &arguments);
    assert_eq!(code, Some(1), "{stdout}");
    assert!(
        stdout.ends_with("2 accepted, 2 rejected, 1 batch written\n"),
        "{stdout}"
    );
    let body = fs::read_to_string(batches.join("batch-000001.json")).unwrap();
    for (phone, is_in) in [(1, true), (2, false), (3, true), (4, false)] {
        assert_eq!(
            body.contains(&format!("861380000000{phone}")),
            is_in,
            "{phone}"
        );
    }
}

#[test]
fn marks_that_are_well_formed_are_not_told() {
    let list = "orderID,userPhone,userName\n\"1\",8613800000001,\"a \"\"b\"\", c\"\n\
        2,8613800000002,\"d\ne\"\n3,8613800000003,5\" pipe\n4,8613800000004,\"\"\n\
        \"5\",\"8613800000005\",\"f\"";
    let (report, _) = split("well-formed", list, 0);
    assert_eq!(report["accepted"], 5);
}

#[test]
fn a_header_with_a_malformed_mark_is_refused() {
    for (test, list, what) in [
        (
            "header-open",
            "orderID,userPhone,\"userName\n1,8613800000001,x\n",
            "the quotation mark that opens on line 1 is never closed",
        ),
        (
            "header-after",
            "orderID,userPhone,\"userName\nx\"y\n1,8613800000001,x\n",
            "text follows the quotation mark that closes the one of line 1",
        ),
    ] {
        let run = check(test, list, &[]);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{test}");
        assert!(run.stderr.contains(what), "{}", run.stderr);
    }
}

#[test]
fn empty_lines_count_before_the_last_row_too() {
    for (test, list) in [
        ("empty-lf", "orderID,userPhone\n\n\n1,2"),
        ("empty-one", "\norderID,userPhone\n\n1,2"),
        ("empty-crlf", "orderID,userPhone\r\n\r\n\r\n1,2\r\n"),
        ("empty-first", "\r\n\r\norderID,userPhone\r\n1,2"),
        ("empty-cr", "orderID,userPhone\r\r\r1,2"),
    ] {
        let report = check(test, list, &["--json"]).json(1);
        assert_eq!(
            problems(&report),
            [(4, "userPhone", "phone_too_short")],
            "{test}"
        );
    }
}
