use std::string::String;
use std::vec::Vec;
use std::{format, vec};

use proptest::prelude::*;

use super::*;

const COMPACT: &str = r#"{"b":[1,{"c":"x/y"},[]],"a":{"é":"<王😀>","d":{}}}"#;

/// The body as programs write it, and the cause.
const WRITTEN: [(Cause, &str); 12] = [
    // Python: json.dumps(body, ensure_ascii=False).
    (
        Cause::BodySeparators,
        r#"{"b": [1, {"c": "x/y"}, []], "a": {"é": "<王😀>", "d": {}}}"#,
    ),
    // JavaScript: JSON.stringify(body, null, 2).
    (
        Cause::BodyIndented,
        "{\n  \"b\": [\n    1,\n    {\n      \"c\": \"x/y\"\n    },\n    []\n  ],\n  \"a\": {\n    \
         \"é\": \"<王😀>\",\n    \"d\": {}\n  }\n}",
    ),
    // Jackson: writerWithDefaultPrettyPrinter.
    (
        Cause::BodyIndented,
        "{\n  \"b\" : [ 1, {\n    \"c\" : \"x/y\"\n  }, [ ] ],\n  \"a\" : {\n    \"é\" : \"<王😀>\",\n    \
         \"d\" : { }\n  }\n}",
    ),
    // Python: sort_keys=True, separators=(",", ":"), ensure_ascii=False.
    (
        Cause::BodySorted,
        r#"{"a":{"d":{},"é":"<王😀>"},"b":[1,{"c":"x/y"},[]]}"#,
    ),
    // PHP: ksort, and JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES.
    (
        Cause::BodySorted,
        r#"{"a":{"é":"<王😀>","d":{}},"b":[1,{"c":"x/y"},[]]}"#,
    ),
    // Python: ensure_ascii=True.
    (
        Cause::BodyAsciiEscapes,
        r#"{"b":[1,{"c":"x/y"},[]],"a":{"\u00e9":"<\u738b\ud83d\ude00>","d":{}}}"#,
    ),
    // PHP: JSON_UNESCAPED_UNICODE.
    (
        Cause::BodyEscapedSlashes,
        r#"{"b":[1,{"c":"x\/y"},[]],"a":{"é":"<王😀>","d":{}}}"#,
    ),
    // Go: json.Marshal.
    (
        Cause::BodyHtmlEscapes,
        r#"{"b":[1,{"c":"x/y"},[]],"a":{"é":"\u003c王😀\u003e","d":{}}}"#,
    ),
    // Python: json.dumps of the string, ensure_ascii=False.
    (
        Cause::BodyQuoted,
        r#""{\"b\":[1,{\"c\":\"x/y\"},[]],\"a\":{\"é\":\"<王😀>\",\"d\":{}}}""#,
    ),
    // Python: urllib.parse.quote(body, safe="").
    (
        Cause::BodyUrlEncoded,
        "%7B%22b%22%3A%5B1%2C%7B%22c%22%3A%22x%2Fy%22%7D%2C%5B%5D%5D%2C%22a%22%3A%7B%22%C3%A9%22%3A\
         %22%3C%E7%8E%8B%F0%9F%98%80%3E%22%2C%22d%22%3A%7B%7D%7D%7D",
    ),
    // UTF-8 that was decoded as Latin-1.
    (
        Cause::BodyLatin1,
        "{\"b\":[1,{\"c\":\"x/y\"},[]],\"a\":{\"Ã©\":\"<ç\u{8e}\u{8b}ð\u{9f}\u{98}\u{80}>\",\"d\":{}}}",
    ),
    (
        Cause::BodyFinalNewline,
        "{\"b\":[1,{\"c\":\"x/y\"},[]],\"a\":{\"é\":\"<王😀>\",\"d\":{}}}\r\n",
    ),
];

/// The variants of a body, with their causes.
fn variants(body: &[u8]) -> Vec<(Cause, Vec<u8>)> {
    let (body, mut out) = (Body::new(body), Variant::default());
    let apply = |(rewrite, _): &(Rewrite, bool)| {
        let (cause, bytes) = rewrite.apply(&body, &mut out).expect("memory")?;
        Some((cause, bytes.to_vec()))
    };
    REWRITES.iter().filter_map(apply).collect()
}

#[test]
fn a_body_is_rewritten_as_programs_write_it() {
    let variants = variants(COMPACT.as_bytes());
    for (cause, written) in WRITTEN {
        let found = variants
            .iter()
            .any(|(found, variant)| *found == cause && variant == written.as_bytes());
        assert!(found, "{cause:?}: {written}");
    }
}

/// All but sorting and encoding, which lose something.
#[test]
fn a_body_that_programs_wrote_is_written_as_it_was() {
    for (cause, written) in WRITTEN {
        if matches!(cause, Cause::BodySorted | Cause::BodyLatin1) {
            continue;
        }
        let variants = variants(written.as_bytes());
        let found = variants
            .iter()
            .any(|(found, variant)| *found == cause && variant == COMPACT.as_bytes());
        assert!(found, "{cause:?}: {written}");
    }
}

#[test]
fn sorting_keeps_the_style_and_what_is_around_the_body() {
    let sorted = |body: &str| {
        let mut out = Variant::default();
        let sort = Rewrite::Sort {
            only_outermost: false,
        };
        let sorted = sort.apply(&Body::new(body.as_bytes()), &mut out);
        let (_, bytes) = sorted.expect("memory")?;
        Some(String::from_utf8_lossy(bytes).into_owned())
    };
    for (body, wanted) in [
        ("{\"b\": 1, \"a\": 2}\n", "{\"a\": 2, \"b\": 1}\n"),
        (
            "{\n\t\"b\": 1,\n\t\"a\": 2\n}",
            "{\n\t\"a\": 2,\n\t\"b\": 1\n}",
        ),
        ("\u{feff}[{\"b\":1,\"a\":2}]", "\u{feff}[{\"a\":2,\"b\":1}]"),
        (r#"{"a b":1,"a":2}"#, r#"{"a":2,"a b":1}"#),
    ] {
        assert_eq!(sorted(body).as_deref(), Some(wanted));
    }
    for body in [
        r#"{"a":1,"b":2}"#,
        "[2,1]",
        "{",
        "{\"b\":1,\"a\"]",
        "\"a",
        "",
    ] {
        assert_eq!(sorted(body), None, "{body}");
    }
}

#[test]
fn deep_nesting_is_left_as_it_is() {
    for (depth, is_written) in [(64, true), (65, false), (100_000, false)] {
        let body = format!("{}1, 2{}", "[".repeat(depth), "]".repeat(depth));
        let is_style = |(cause, _): &(Cause, _)| *cause == Cause::BodySeparators;
        assert_eq!(
            variants(body.as_bytes()).iter().any(is_style),
            is_written,
            "{depth}"
        );
    }
}

proptest! {
    /// Whatever the bytes are, nothing panics, and no variant is much longer.
    #[test]
    fn any_bytes_can_be_rewritten_twice(
        body in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..40),
            "[\\[\\]{}\",:\\\\u0dDeE%+/<\n\r\té😀\u{feff} ]{0,40}".prop_map(String::into_bytes),
        ],
    ) {
        let mut all = vec![body.clone()];
        all.extend(variants(&body).into_iter().map(|(_, variant)| variant));
        for body in all {
            for (cause, variant) in variants(&body) {
                prop_assert!(variant.len() <= 6 * body.len() + 2_048, "{cause:?}");
                prop_assert_ne!(&variant, &body);
            }
        }
    }
}
