//! Malicious and corrupted input: an error with its position, no panic, no deep stack.
//!
//! `memory.rs` tests how much memory such input may take.

mod common;

use std::thread;

use callbot_core::{Batch, Position, Rules, Violation, ViolationKind, Violations};
use common::{DOCUMENT, codes, edited, found};
use serde_json::Value;

/// A document with characters of one to four bytes and every form of escape.
const UNICODE_DOCUMENT: &str = concat!(
    r#"{"productID":"callbot","userTaskID":"é\né","callInfoList":{"orderCallbackUrl":"https:\/\/a.example","#,
    r#""callCallbackUrl":"https://a.example/c","callList":[ {"orderID":"\u4e2d\ud83d\ude00","#,
    r#""userPhone":"8613800000001","other":"中文😀","userName":"","customerName":"c\\\"","#,
    r#""params":[{"name":"p","value":"v"}, {"name":"q","value":"w"}]}]}}"#
);

/// The violations of `bytes`, which both policies refuse alike.
#[track_caller]
fn refused(bytes: &[u8]) -> Violations {
    let Err(violations) = Batch::from_json(bytes, Rules::new()) else {
        panic!("accepted: {}", String::from_utf8_lossy(bytes));
    };
    if let Err(kept) = Batch::from_json_keep_valid(bytes, Rules::new()) {
        assert_eq!(kept, violations);
    }
    violations
}

/// The last violation of `bytes`, at which both policies stop reading.
#[track_caller]
fn broken(bytes: &[u8]) -> ViolationKind {
    let violations = refused(bytes);
    let kept = Batch::from_json_keep_valid(bytes, Rules::new());
    assert_eq!(kept.err(), Some(violations.clone()));
    let last = violations.iter().next_back().expect("there is a violation");
    last.kind().clone()
}

/// The line and column, from 1, of the last character.
fn end_of(json: &str) -> (usize, usize) {
    let line = json.matches('\n').count() + 1;
    let column = json.len() - json.rfind('\n').map_or(0, |at| at + 1);
    (line, column)
}

#[test]
fn every_proper_prefix_of_a_document_is_refused() {
    for document in [
        DOCUMENT,
        UNICODE_DOCUMENT,
        &UNICODE_DOCUMENT.replace(',', ",\n"),
    ] {
        Batch::from_json(document.as_bytes(), Rules::new()).expect("the whole document is valid");
        for len in 0..document.len() {
            let prefix = &document.as_bytes()[..len];
            match broken(prefix) {
                ViolationKind::JsonIncomplete { line, column } => {
                    let json =
                        std::str::from_utf8(prefix).expect("the cut is at a character boundary");
                    assert_eq!((line, column), end_of(json), "{json}");
                }
                ViolationKind::NotUtf8 { offset } => {
                    assert!(!document.is_char_boundary(len));
                    let start = (0..len).rev().find(|&at| document.is_char_boundary(at));
                    assert_eq!(Some(offset), start);
                }
                kind => panic!("{kind:?} at {len}"),
            }
        }
    }
}

#[test]
fn every_proper_suffix_of_a_document_is_refused() {
    for start in 1..DOCUMENT.len() {
        refused(&DOCUMENT.as_bytes()[start..]);
    }
}

#[test]
fn every_changed_byte_is_refused_or_changes_the_body() {
    let value = |json: &[u8]| serde_json::from_slice::<Value>(json).expect("valid JSON");
    let document = DOCUMENT.as_bytes();
    for at in 0..document.len() {
        for byte in *b"\0 \"\\0x{}[,\x80\xff" {
            let mut changed = document.to_vec();
            changed[at] = byte;
            if let Ok(batch) = Batch::from_json(&changed, Rules::new()) {
                assert_eq!(value(batch.body()), value(&changed), "at {at}");
            }
        }
    }
}

#[test]
fn only_whitespace_may_follow_the_document() {
    for whitespace in ["", " ", "\n", "\r\n\t  \n"] {
        let json = [whitespace, DOCUMENT, whitespace].concat();
        let batch = Batch::from_json(json.as_bytes(), Rules::new()).expect("whitespace is allowed");
        assert_eq!(batch.body(), DOCUMENT.as_bytes());
    }
    for (trailing, column) in [
        ("{}", 1),
        (DOCUMENT, 1),
        (",", 1),
        ("}", 1),
        ("]", 1),
        (" x", 2),
        ("0", 1),
        ("\0", 1),
        (" \0", 2),
        ("\u{b}", 1),
        ("\u{c}", 1),
        ("\u{a0}", 1),
        ("\u{feff}", 1),
        ("\u{2028}", 1),
        ("//", 1),
        ("/* */", 1),
        ("\\", 1),
        ("&createTs=1", 1),
    ] {
        let json = [DOCUMENT, "\n", trailing].concat();
        let expected = ViolationKind::TrailingBytes { line: 2, column };
        assert_eq!(broken(json.as_bytes()), expected, "{trailing:?}");
    }
    // Invalid bytes far after the end are found too.
    let mut bytes = DOCUMENT.as_bytes().to_vec();
    bytes.extend([b' '; 1000]);
    bytes.push(0x80);
    let offset = bytes.len() - 1;
    assert_eq!(broken(&bytes), ViolationKind::NotUtf8 { offset });
}

#[test]
fn other_encodings_are_distinguished() {
    let bom = "\u{feff}";
    let with_bom = [bom, DOCUMENT].concat();
    assert_eq!(broken(with_bom.as_bytes()), ViolationKind::ByteOrderMark);
    assert_eq!(broken(bom.as_bytes()), ViolationKind::ByteOrderMark);
    for json in [&with_bom, DOCUMENT, "{}", "{"] {
        for to_bytes in [u16::to_le_bytes, u16::to_be_bytes] {
            let bytes: Vec<u8> = json.encode_utf16().flat_map(to_bytes).collect();
            assert_eq!(broken(&bytes), ViolationKind::Utf16, "{json}");
        }
        let bytes: Vec<u8> = json
            .chars()
            .flat_map(|c| u32::from(c).to_le_bytes())
            .collect();
        refused(&bytes);
    }
    // ISO 8859-1 and GBK are not UTF-8.
    let (before, after) = DOCUMENT
        .split_once("\"n\"")
        .expect("the document has a name");
    for name in [&b"\"J\xfcrgen\""[..], b"\"\xcd\xf5\xb7\xbc\""] {
        let offset = before.len()
            + name
                .iter()
                .position(|b| *b >= 0x80)
                .expect("the name has a non-ASCII byte");
        let bytes = [before.as_bytes(), name, after.as_bytes()].concat();
        assert_eq!(broken(&bytes), ViolationKind::NotUtf8 { offset });
    }
}

#[test]
fn invalid_utf8_is_reported_at_its_offset() {
    let sequences: [&[u8]; 10] = [
        b"\x80",
        b"\xff",
        b"\xfe\xfe",
        b"\xc0\x80",
        b"\xc3",
        b"\xe4\xb8",
        b"\xe0\x80\xaf",
        b"\xed\xa0\x80",
        b"\xf0\x9f\x98",
        b"\xf4\x90\x80\x80",
    ];
    for at in 0..=DOCUMENT.len() {
        for sequence in sequences {
            let (before, after) = DOCUMENT.as_bytes().split_at(at);
            let bytes = [before, sequence, after].concat();
            match broken(&bytes) {
                ViolationKind::NotUtf8 { offset } => assert_eq!(offset, at),
                kind => panic!("{kind:?} for {sequence:x?} at {at}"),
            }
        }
    }
}

/// The strings of [`DOCUMENT`]: its keys and its values.
fn strings() -> Vec<&'static str> {
    let mut strings: Vec<&str> = DOCUMENT.split('"').skip(1).step_by(2).collect();
    assert_eq!(strings.len(), 14 + 11);
    strings.sort_unstable();
    strings.dedup();
    strings
}

#[test]
fn lone_surrogates_are_refused_in_each_string_at_their_place() {
    for string in strings() {
        let whole = format!("\"{string}\"");
        for escape in [
            "\\ud800",
            "\\udbff",
            "\\udc00",
            "\\uDFFF",
            "\\ud83dx",
            "\\ud83d\\n",
            "\\ud83d\\u0041",
            "\\ud83d\\ud83d",
            "\\ude00\\ud83d",
        ] {
            for invalid in [
                format!("\"{escape}\""),
                format!("\"{escape}{string}\""),
                format!("\"{string}{escape}\""),
            ] {
                let json = edited(DOCUMENT, &whole, &invalid);
                let violations = refused(json.as_bytes());
                let offset = json.find(escape).expect("the escape is there");
                let expected = ViolationKind::HalfSurrogate {
                    position: Some(Position {
                        line: 1,
                        column: offset + 1,
                        offset,
                    }),
                };
                assert_eq!(violations.as_slice()[0].kind(), &expected, "{json}");
                // Nothing else is wrong, unless a key is missing now.
                let others = violations.iter().skip(1);
                assert!(
                    others
                        .map(Violation::code)
                        .all(|code| code == "missing_key"),
                    "{json}"
                );
            }
        }
    }
}

#[test]
fn raw_control_characters_are_refused_in_each_string() {
    for string in strings() {
        for control in '\0'..' ' {
            let json = edited(
                DOCUMENT,
                &format!("\"{string}\""),
                &format!("\"{control}{string}\""),
            );
            let kind = broken(json.as_bytes());
            assert!(matches!(kind, ViolationKind::JsonSyntax { .. }), "{json:?}");
        }
    }
}

#[test]
fn near_json_is_refused() {
    for (from, to) in [
        ("\"o\"", "'o'"),
        ("\"o\"", "o"),
        ("\"o\"", "NaN"),
        ("\"o\"", "Infinity"),
        ("\"o\"", "-"),
        ("\"o\"", "+1"),
        ("\"o\"", "01"),
        ("\"o\"", "1."),
        ("\"o\"", ".5"),
        ("\"o\"", "1e"),
        ("\"o\"", "0x10"),
        ("\"o\"", "nul"),
        ("\"o\"", "True"),
        ("\"o\"", "\"\\x41\""),
        ("\"o\"", "\"\\u12\""),
        ("\"o\"", "\"\\u{41}\""),
        ("\"o\"", "\"\\'\""),
        ("\"o\"", "\"\\U0041\""),
        ("\"o\"", ""),
        ("\"other\"", "other"),
        ("\"other\":", "\"other\""),
        ("\"other\":", "\"other\"="),
        ("\"other\":", "1:"),
        ("\"other\":", "null:"),
        ("\"v\"}", "\"v\",}"),
        ("]}]}}", ",]}]}}"),
        ("]}]}}", "]},]}}"),
        ("]}]}}", "]}]]}"),
        ("]}]}}", "]}}}}"),
        ("]}]}}", "]}],}}"),
        ("{\"productID\"", "{,\"productID\""),
        ("{\"productID\"", "// \n{\"productID\""),
        ("{\"productID\"", "/**/{\"productID\""),
        ("{\"productID\"", "\u{a0}{\"productID\""),
        ("{\"productID\"", "\u{b}{\"productID\""),
        ("{\"productID\"", ")]}',\n{\"productID\""),
        (":\"o\"", ":\u{3000}\"o\""),
        (":\"o\"", ":\0\"o\""),
    ] {
        let json = edited(DOCUMENT, from, to);
        let kind = broken(json.as_bytes());
        assert!(
            matches!(kind, ViolationKind::JsonSyntax { .. }),
            "{json}: {kind:?}"
        );
    }
}

#[test]
fn numbers_of_any_size_are_numbers() {
    for number in [
        "-0",
        "-0.0",
        "1e-999",
        "0e999",
        "1e999",
        "-1e999",
        "99999999999999999999",
        "-99999999999999999999",
        "18446744073709551616",
        "1.7976931348623157e308",
        &"1".repeat(300),
        &format!("0.{}", "1".repeat(100_000)),
    ] {
        let phone = edited(DOCUMENT, "\"8613800000001\"", number);
        assert_eq!(codes(&refused(phone.as_bytes())), ["phone_json_number"]);
        let other = edited(DOCUMENT, "\"o\"", number);
        assert_eq!(codes(&refused(other.as_bytes())), ["wrong_type"]);
    }
}

/// Runs `check` on a small stack: far too small for a call per bracket.
fn with_little_stack(check: impl FnOnce() + Send + 'static) {
    const STACK: usize = 256 << 10;
    let thread = thread::Builder::new().stack_size(STACK).spawn(check);
    thread
        .expect("the thread starts")
        .join()
        .expect("the check passes");
}

const MILLION: usize = 1_000_000;

/// Replaces `from` by `key` and a million brackets.
fn check_nesting(open: &str, close: &str, from: &str, key: &str, code: &str, path: &str) {
    let open = open.repeat(MILLION);
    let nested = [key, &open, "0", &close.repeat(MILLION)].concat();
    let json = edited(DOCUMENT, from, &nested);
    let violations = Batch::from_json(json.as_bytes(), Rules::new()).unwrap_err();
    let listed = found(&violations);
    assert_eq!(listed[0], (code, path.to_owned()));
    assert!(
        listed.iter().all(|(code, _)| !code.starts_with("json_")),
        "{path}"
    );

    // Truncated before the first closing bracket.
    let truncated_at = json.find(&nested).expect("the brackets are there") + key.len() + open.len();
    let violations = Batch::from_json(&json.as_bytes()[..truncated_at], Rules::new()).unwrap_err();
    assert_eq!(
        codes(&violations).last(),
        Some(&"json_incomplete"),
        "{path}"
    );
}

#[test]
fn a_million_brackets_need_no_stack_at_any_path() {
    with_little_stack(|| {
        let from = |start: &str, closing: usize| {
            let start = DOCUMENT.find(start).expect("the document has it");
            &DOCUMENT[start..DOCUMENT.len() - closing]
        };
        let call_info_list = from("{\"orderCallbackUrl\"", "}".len());
        let call_list = from("[{\"orderID\"", "}}".len());
        let order = from("{\"orderID\"", "]}}".len());
        let params = from("[{\"name\"", "}]}}".len());
        let param = from("{\"name\"", "]}]}}".len());
        for (from, key, code, path) in [
            (DOCUMENT, "", "wrong_type", ""),
            ("\"callbot\"", "", "wrong_type", "/productID"),
            ("\"t\"", "", "wrong_type", "/userTaskID"),
            (call_info_list, "", "wrong_type", "/callInfoList"),
            (
                "\"https://a.example/c\"",
                "",
                "wrong_type",
                "/callInfoList/callCallbackUrl",
            ),
            (call_list, "", "wrong_type", "/callInfoList/callList/0"),
            (
                params,
                "",
                "wrong_type",
                "/callInfoList/callList/0/params/0",
            ),
            (order, "", "wrong_type", "/callInfoList/callList/0"),
            (
                "\"1\"",
                "",
                "wrong_type",
                "/callInfoList/callList/0/orderID",
            ),
            (
                "\"8613800000001\"",
                "",
                "wrong_type",
                "/callInfoList/callList/0/userPhone",
            ),
            (param, "", "wrong_type", "/callInfoList/callList/0/params/0"),
            (
                "\"v\"",
                "",
                "wrong_type",
                "/callInfoList/callList/0/params/0/value",
            ),
            ("\"t\"", "\"t\",\"zz\":", "unknown_key", ""),
            (
                "\"c\"",
                "\"c\",\"zz\":",
                "unknown_key",
                "/callInfoList/callList/0",
            ),
            (
                "\"v\"",
                "\"v\",\"zz\":",
                "unknown_key",
                "/callInfoList/callList/0/params/0",
            ),
            (
                "\"c\"",
                "\"c\",\"other\":",
                "repeated_key",
                "/callInfoList/callList/0/other",
            ),
        ] {
            check_nesting("[", "]", from, key, code, path);
        }
    });
}

#[test]
fn a_million_braces_need_no_stack() {
    with_little_stack(|| {
        let key = "\"c\",\"zz\":";
        let order = "/callInfoList/callList/0";
        check_nesting(
            "{\"a\":",
            "}",
            "\"c\"",
            "",
            "wrong_type",
            &format!("{order}/customerName"),
        );
        check_nesting("{\"a\":", "}", "\"c\"", key, "unknown_key", order);
        check_nesting(
            "[{\"orderID\":",
            "}]",
            "\"v\"",
            "",
            "wrong_type",
            &format!("{order}/params/0/value"),
        );
        check_nesting(
            "{\"productID\":",
            "}",
            DOCUMENT,
            "",
            "wrong_type",
            "/productID",
        );
    });
}

#[test]
fn long_strings_are_valid() {
    let long = "x".repeat(1 << 20);
    let json = edited(DOCUMENT, "\"o\"", &format!("\"{long}\""));
    let batch = Batch::from_json(json.as_bytes(), Rules::new()).expect("the document is valid");
    assert_eq!(batch.body(), json.as_bytes());

    let escaped = "\\u0041".repeat(1 << 18);
    let json = edited(DOCUMENT, "\"n\"", &format!("\"{escaped}\""));
    let batch = Batch::from_json(json.as_bytes(), Rules::new()).expect("the document is valid");
    let expected = edited(DOCUMENT, "\"n\"", &format!("\"{}\"", "A".repeat(1 << 18)));
    assert_eq!(batch.body(), expected.as_bytes());

    // Messages omit a long key, and give only the length of a long string for a phone number.
    let json = edited(
        DOCUMENT,
        "\"other\"",
        &format!("\"{}\":0,\"other\"", "x".repeat(1 << 20)),
    );
    let violations = refused(json.as_bytes());
    assert_eq!(codes(&violations), ["unknown_key"]);
    assert!(violations.to_string().len() < 200);
    let json = edited(
        DOCUMENT,
        "\"8613800000001\"",
        &format!("\"{}\"", "9".repeat(1 << 20)),
    );
    let violations = refused(json.as_bytes());
    assert_eq!(codes(&violations), ["phone_string_too_long"]);
    assert!(violations.to_string().len() < 300);
}

#[test]
fn each_of_many_duplicate_and_unknown_keys_is_listed() {
    const MANY: usize = 1000;
    let keys = "\"zz\":0,\"other\":0,".repeat(MANY);
    let json = edited(DOCUMENT, "{\"orderID\"", &format!("{{{keys}\"orderID\""));
    let violations = refused(json.as_bytes());
    let count = |code| codes(&violations).iter().filter(|c| **c == code).count();
    // The first `other` is read and has the wrong type; the document's own is a duplicate.
    assert_eq!(count("wrong_type"), 1);
    assert_eq!(count("repeated_key"), MANY);
    assert_eq!(count("unknown_key"), MANY);
    assert_eq!(violations.len(), 2 * MANY + 1);
    let last = violations.iter().rfind(|v| v.code() == "unknown_key");
    let offset = json.rfind("\"zz\"").expect("the last key");
    let expected = ViolationKind::UnknownKey {
        position: Position {
            line: 1,
            column: offset + 1,
            offset,
        },
        nearest: None,
    };
    assert_eq!(last.map(Violation::kind), Some(&expected));
}
