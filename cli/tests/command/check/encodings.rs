//! CSV as spreadsheets and programs write it.

use super::{check, problems, report};

const LIST: &str = "orderID;userPhone;userName;note\r\n\
    1;8613800000001;\"Weiß; Jürgen\";\"two\r\nlines and \"\"quotes\"\"\"\r\n\
    \r\n\
    2;12345;王芳 🌸;x\r\n";

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

fn assert_read(test: &str, list: impl AsRef<[u8]>, arguments: &[&str]) {
    let report = report(1, test, list, arguments);
    assert_eq!(
        problems(&report),
        [(4, "userPhone", "phone_too_short")],
        "{test}"
    );
    assert_eq!(report["accepted"], 1, "{test}");
    assert_eq!(report["columns"].as_array().unwrap().len(), 4, "{test}");
}

#[test]
fn delimiters_are_told_apart() {
    for (test, delimiter) in [("semicolon", ";"), ("tab", "\t")] {
        assert_read(test, LIST.replace(';', delimiter), &[]);
    }
    assert_read("comma", LIST.replace(';', ","), &[]);
    assert_read("pipe", LIST.replace(';', "|"), &["--delimiter=|"]);
    assert_read("tab-named", LIST.replace(';', "\t"), &["--delimiter=\\t"]);
}

#[test]
fn encodings_are_told_apart() {
    assert_read("utf8-mark", format!("\u{feff}{LIST}"), &[]);
    let tabs = LIST.replace(';', "\t");
    assert_read(
        "utf16-le-mark",
        utf16(&format!("\u{feff}{tabs}"), u16::to_le_bytes),
        &[],
    );
    assert_read(
        "utf16-be-mark",
        utf16(&format!("\u{feff}{tabs}"), u16::to_be_bytes),
        &[],
    );
    assert_read("utf16-le", utf16(&tabs, u16::to_le_bytes), &[]);
    assert_read("utf16-be", utf16(&tabs, u16::to_be_bytes), &[]);
}

#[test]
fn a_line_may_name_the_delimiter() {
    let list = format!("sep=;\r\n{LIST}");
    let report = report(1, "sep", list, &[]);
    assert_eq!(problems(&report), [(5, "userPhone", "phone_too_short")]);
}

/// Rows of every length of the buffers come whole.
#[test]
fn long_lists_are_read_whole() {
    let mut list = String::from("orderID,userPhone,note\n");
    for row in 0..20_000 {
        list += &format!(
            "{row},{},\"{}\"\n",
            if row % 1000 == 7 {
                1
            } else {
                8_613_800_000_001_u64
            },
            "é\n".repeat(row % 5)
        );
    }
    for (test, list) in [
        ("long", list.clone().into_bytes()),
        ("long-utf16", utf16(&list, u16::to_le_bytes)),
    ] {
        let report = report(1, test, list, &["--ignore=note"]);
        let found: Vec<_> = problems(&report)
            .into_iter()
            .filter(|(.., code)| *code != "empty")
            .collect();
        let expected: Vec<_> = (0..20)
            .map(|i| (i * 1000 + 9, "userPhone", "phone_too_short"))
            .collect();
        assert_eq!(found, expected, "{test}");
        assert_eq!(report["accepted"], 20_000 - 20);
    }
}

#[test]
fn a_string_that_is_not_utf8_is_told_at_its_place() {
    let list = b"orderID,userPhone,userName\n1,8613800000001,J\xfcrgen\n2,86138\xff,a\n".to_vec();
    let found = report(1, "latin1", list, &[]);
    assert_eq!(
        problems(&found),
        [
            (2, "userName", "text_not_utf8"),
            (3, "userPhone", "text_not_utf8")
        ]
    );
}

#[test]
fn utf16_that_ends_early_is_refused() {
    let mut list = utf16(
        "\u{feff}orderID,userPhone\n1,8613800000001\n",
        u16::to_le_bytes,
    );
    list.pop();
    let run = check("half", list, &[]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("is not UTF-16 throughout"),
        "{}",
        run.stderr
    );
}
