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
    // Its delimiter, mark and line ends are the list's. A phone number is its digits; nothing else
    // changes.
    assert_eq!(
        fs::read_to_string(&accepted).unwrap(),
        "\u{feff}orderID;Mobile;Notes;\r\n1;8613800000001;\"a;\"\"b\"\"\r\nc\";x\r\n3;8613800000003;;\r\n"
    );
    assert_eq!(
        fs::read_to_string(&rejected).unwrap(),
        "\u{feff}orderID;Mobile;Notes;\r\n2;12345; kept ;\r\n4;8613800000004\r\n"
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

/// The list as bytes of UTF-16.
fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

/// All rows are accepted or malformed, and come back as they are.
#[test]
fn a_part_is_written_like_the_list() {
    let good = "orderID,userPhone,userName\n1,8613800000001,王芳 🌸\n2,8613800000002,b\n";
    let bad = "orderID,userPhone,userName\n1,8613800000001,\"王🌸\"x\n";
    // Longer than the writer's buffer, whose ends are within characters.
    let mut long = String::from("orderID,userPhone,userName\n");
    for row in 0..10_000 {
        long += &format!("{row},8613800000001,a王🌸\n");
    }
    for (test, text, option) in [
        ("like-good", good, "--accepted"),
        ("like-long", &long, "--accepted"),
        ("like-bad", bad, "--rejected"),
    ] {
        let windows = text.replace('\n', "\r\n");
        let part = folder(test).join("part.csv");
        for list in [
            text.as_bytes().to_vec(),
            windows.clone().into_bytes(),
            text.replace('\n', "\r").into_bytes(),
            format!("\u{feff}sep=;\r\n{}", windows.replace(',', ";")).into_bytes(),
            utf16(&format!("\u{feff}{windows}"), u16::to_le_bytes),
            utf16(&format!("\u{feff}{text}"), u16::to_be_bytes),
            utf16(text, u16::to_le_bytes),
        ] {
            let run = check("like", &list, &[option, part.to_str().unwrap()]);
            assert_ne!(run.code, Some(2), "{}", run.stderr);
            assert!(
                fs::read(&part).unwrap() == list,
                "{test}: {:?}",
                &list[..60]
            );
        }
    }
}

/// The list cannot be read to its end.
#[test]
fn a_failure_leaves_no_half() {
    let mut list = String::from("\u{feff}orderID,userPhone\n");
    for row in 0..5_000 {
        list += &format!("{row},8613800000001\n{row},1\n");
    }
    let mut list = utf16(&list, u16::to_le_bytes);
    list.pop();
    let parts = folder("half-parts");
    let [accepted, rejected, batches] =
        ["accepted.csv", "rejected.csv", "batches"].map(|name| parts.join(name));
    fs::write(&accepted, "kept").unwrap();
    let arguments = [
        "--accepted",
        accepted.to_str().unwrap(),
        "--rejected",
        rejected.to_str().unwrap(),
        "--batches",
        batches.to_str().unwrap(),
        "--max-orders=10",
        "--user-task-id=t",
        "--order-callback-url=https://example.com/",
        "--call-callback-url=https://example.com/",
    ];
    let run = check("half", &list, &arguments);
    assert_eq!(run.code, Some(2), "{}", run.stdout);
    let left: Vec<_> = fs::read_dir(&parts)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(left, std::slice::from_ref(&accepted));
    assert_eq!(fs::read_to_string(&accepted).unwrap(), "kept");

    let whole = check("whole", "orderID,userPhone\n1,8613800000001\n", &arguments);
    whole.success();
    assert_eq!(
        fs::read_to_string(&accepted).unwrap(),
        "orderID,userPhone\n1,8613800000001\n"
    );
    assert_eq!(
        fs::read_to_string(&rejected).unwrap(),
        "orderID,userPhone\n"
    );
    assert_eq!(fs::read_dir(&parts).unwrap().count(), 3);
    assert!(batches.join("batch-000001.json").exists());
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_leaves_no_half() {
    let parts = folder("full-parts");
    let rejected = parts.join("rejected.csv");
    let run = check(
        "full",
        "orderID,userPhone\n1,8613800000001\n",
        &[
            "--accepted=/dev/full",
            "--rejected",
            rejected.to_str().unwrap(),
        ],
    );
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("cannot write /dev/full: "),
        "{}",
        run.stderr
    );
    assert_eq!(fs::read_dir(&parts).unwrap().count(), 0);
}

/// A link stays one, and what may read the file before may read it after.
#[test]
#[cfg(unix)]
fn a_file_that_is_replaced_keeps_its_mode() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let parts = folder("mode");
    let [file, link] = ["file", "link"].map(|name| parts.join(name));
    fs::write(&file, "").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    symlink(&file, &link).unwrap();
    let list = "orderID,userPhone\n1,8613800000001\n";
    check("mode-list", list, &["--accepted", link.to_str().unwrap()]).success();
    assert!(link.is_symlink());
    assert_eq!(fs::read_to_string(&file).unwrap(), list);
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}
