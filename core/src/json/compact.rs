//! Any JSON in the body's form: without whitespace, and with the escapes of our own strings.
//!
//! Numbers stay as they are written.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use crate::check::memory::NoMemoryError;
use crate::check::path::Path;
use crate::check::violation::Violations;
use crate::json::escape::{push, push_string};
use crate::json::key_set::KeySet;
use crate::json::reader::{Event, Parsed, Reader, Token};

/// Reads any value and appends it in the body's form. What is wrong in it is reported at `path`.
///
/// It does not recurse, so that any nesting is carried on.
pub(crate) fn compact(
    reader: &mut Reader<'_>,
    path: Path,
    violations: &mut Violations,
    out: &mut Vec<u8>,
) -> Parsed {
    let start = out.len();
    // The keys of each open object, and none for an array.
    let mut open: Vec<KeySet<Cow<'_, str>>> = Vec::new();
    reader.walk(|reader, event| {
        let is_end = matches!(event, Event::End(_));
        if !is_end && out.len() > start && !matches!(out.last(), Some(b'{' | b'[' | b':')) {
            push(out, b",")?;
        }
        match event {
            Event::Begin(is_object) => {
                open.try_reserve(1).map_err(NoMemoryError::from)?;
                open.push(KeySet::default());
                push(out, if is_object { b"{" } else { b"[" })?;
            }
            Event::End(is_object) => {
                open.pop();
                push(out, if is_object { b"}" } else { b"]" })?;
            }
            Event::Key(key) => {
                push_string(out, &key.string)?;
                push(out, b":")?;
                if !key.flaws.is_none() {
                    reader.report(key.flaws, path, violations);
                } else if let Some(keys) = open.last_mut() {
                    if keys.contains(&key.string) {
                        reader.report_duplicate(&key, path, violations);
                    } else {
                        keys.insert(key.string)?;
                    }
                }
            }
            Event::String(Token { string, flaws, .. }) => {
                push_string(out, &string)?;
                if !flaws.is_none() {
                    reader.report(flaws, path, violations);
                }
            }
            Event::Scalar(scalar) => push(out, scalar.as_bytes())?,
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use super::*;
    use crate::check::violation::Violation;

    fn compacted(json: &str) -> Result<String, Vec<&'static str>> {
        let mut out = Vec::new();
        let mut violations = Violations::new();
        let mut reader = Reader::new(json);
        let read = compact(&mut reader, Path::ROOT, &mut violations, &mut out);
        assert_eq!(read.and_then(|()| reader.end()), Ok(()), "{json}");
        match violations.into_result() {
            Ok(()) => Ok(String::from_utf8(out).unwrap()),
            Err(found) => Err(found.iter().map(Violation::code).collect()),
        }
    }

    #[test]
    fn whitespace_goes_and_numbers_stay() {
        let json = "{ \"b\" : [ 1.50 , -0 , 1e+2, true , null ] ,\n\t\"a\":{ } ,\r\"c d\": \" \" }";
        let expected = r#"{"b":[1.50,-0,1e+2,true,null],"a":{},"c d":" "}"#;
        assert_eq!(compacted(json).as_deref(), Ok(expected));
    }

    #[test]
    fn strings_have_only_the_escapes_that_json_demands() {
        let json = r#"["\u4e2d\/\u0041\ud83d\ude00", "\"\\\n\u000a\u001F", {"\u0061": "é"}]"#;
        let expected = r#"["中/A😀","\"\\\n\n\u001f",{"a":"é"}]"#;
        assert_eq!(compacted(json).as_deref(), Ok(expected));
    }

    #[test]
    fn duplicate_keys_are_found_at_any_depth_and_in_any_spelling() {
        for json in [
            r#"{"a":1,"a":2}"#,
            r#"[{"x":[{"a":1,"b":{},"\u0061":2}]}]"#,
            r#"{"a":{"b":"a"},"c":["a",{"a":1}],"a":0}"#,
        ] {
            assert_eq!(compacted(json), Err(["repeated_key"].into()), "{json}");
        }
        for json in [
            r#"{"a":{"a":["a","a",{"a":"a"}]},"b":"a"}"#,
            r#"["a","a",{"a":"b","b":"a"}]"#,
        ] {
            assert_eq!(compacted(json).as_deref(), Ok(json));
        }
    }

    #[test]
    fn strings_and_keys_that_may_not_go_out_are_all_reported() {
        for json in [r#"["\ud83d"]"#, r#"{"\ude00":1}"#, r#""\ud83d\ud83d""#] {
            assert_eq!(compacted(json), Err(["half_surrogate"].into()), "{json}");
        }
        // Two keys that are read alike are not the same key.
        let json = r#"[{"\ud83d":"\u0000","\ud83e":{"a":1,"a":"\u0000\ud83d","a":2}}]"#;
        let expected = [
            "half_surrogate",
            "nul_character",
            "half_surrogate",
            "repeated_key",
            "nul_character",
            "half_surrogate",
            "repeated_key",
        ];
        assert_eq!(compacted(json), Err(expected.into()));
    }

    #[test]
    fn deep_nesting_is_carried_on() {
        let json = "[".repeat(100_000) + &"]".repeat(100_000);
        assert_eq!(compacted(&json).as_deref(), Ok(json.as_str()));
    }
}
