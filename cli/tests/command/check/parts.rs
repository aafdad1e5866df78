//! The accepted and the rejected part.

use std::fs;

use super::check;
use crate::support::{assert_misuse, folder};

const LIST: &str = "\u{feff}orderID;Mobile;Notes;\r\n\
    1;+86 138-0000-0001;\"a;\"\"b\"\"\r\nc\";x\r\n\
    2;12345; kept ;\r\n\
    3;8613800000003;;\r\n\
    4;8613800000004\r\n";

#[test]
fn the_list_is_split_and_loses_no_column() {
    let parts = folder("parts");
    let [accepted, rejected] = ["accepted.csv", "rejected.csv"].map(|name| parts.join(name));
    let arguments = [
        "--map=userPhone=Mobile",
        "--ignore=Notes",
        "--accepted",
        accepted.to_str().unwrap(),
        "--rejected",
        rejected.to_str().unwrap(),
    ];
    let run = check("split", LIST, &arguments);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    // Its delimiter and its mark are the list's. A phone number is its digits; nothing else changes.
    assert_eq!(
        fs::read_to_string(&accepted).unwrap(),
        "\u{feff}orderID;Mobile;Notes;\n1;8613800000001;\"a;\"\"b\"\"\r\nc\";x\n3;8613800000003;;\n"
    );
    assert_eq!(
        fs::read_to_string(&rejected).unwrap(),
        "\u{feff}orderID;Mobile;Notes;\n2;12345; kept ;\n4;8613800000004\n"
    );

    // The accepted part has nothing wrong.
    let again = check("again", fs::read(&accepted).unwrap(), &arguments[..2]);
    assert!(
        again.success().ends_with("\n2 accepted, 0 rejected\n"),
        "{}",
        again.stdout
    );
}

#[test]
fn bytes_that_are_not_utf8_are_kept() {
    let rejected = folder("bytes").join("rejected.csv");
    let list = b"orderID,userPhone,userName\n1,8613800000001,J\xfcrgen\n";
    check(
        "bytes-list",
        list,
        &["--rejected", rejected.to_str().unwrap()],
    );
    assert_eq!(fs::read(rejected).unwrap(), list);
}

#[test]
fn no_file_is_written_over() {
    let list = folder("same-list").join("list");
    let message =
        "LIST, --rules, --accepted and --rejected are not all different; give each its own file";
    let usage = "callbot check [OPTIONS] <LIST>";
    fs::write(&list, "orderID,userPhone\n1,8613800000001\n").unwrap();
    let path = list.to_str().unwrap();
    let run = crate::support::run_with(&["check", path, "--accepted", path], &[]);
    assert_misuse(&run, usage, message);
    let link = list.with_file_name("link");
    fs::hard_link(&list, &link).unwrap();
    let link = link.to_str().unwrap();
    for arguments in [
        ["check", path, "--rejected", link],
        ["check", link, "--accepted", path],
    ] {
        assert_misuse(&crate::support::run_with(&arguments, &[]), usage, message);
    }
    let rules = [
        "check",
        path,
        "--rules",
        "cli/Cargo.toml",
        "--accepted",
        "cli/Cargo.toml",
    ];
    assert_misuse(&crate::support::run_with(&rules, &[]), usage, message);
    let new = folder("same").join("new");
    let new = new.to_str().unwrap();
    assert_misuse(
        &check("both", LIST, &["--accepted", new, "--rejected", new]),
        usage,
        message,
    );
    assert_eq!(
        fs::read_to_string(list).unwrap(),
        "orderID,userPhone\n1,8613800000001\n"
    );

    let run = check(
        "unwritable",
        "orderID,userPhone\n",
        &["--accepted", "/no/such/folder/a.csv"],
    );
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("cannot write /no/such/folder/a.csv: "),
        "{}",
        run.stderr
    );
}

#[test]
fn nothing_is_written_to_stdout_but_the_report() {
    for option in ["--accepted", "--rejected", "--batches"] {
        assert_misuse(
            &check("stdout", LIST, &[option, "-", "--max-orders=2"]),
            "callbot check [OPTIONS] <LIST>",
            "--accepted, --rejected and --batches do not write to stdout, which has the report; name a \
             file or a folder (./- is one named -)",
        );
    }
}
