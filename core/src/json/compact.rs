//! Any JSON in the body's form: without whitespace, and with the escapes of our own strings.
//!
//! Numbers stay as they are written.

use alloc::borrow::Cow;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use crate::json::escape;

/// Why valid JSON is not carried on.
pub(crate) enum Flaw<'t> {
    /// An object has a duplicate key.
    DuplicateKey,
    /// A string has half of a surrogate pair.
    String {
        /// The string with its quotes.
        token: &'t str,
        error: serde_json::Error,
    },
}

/// Appends a valid JSON value in the body's form. It stops at the first flaw.
///
/// It does not recurse, so that any nesting is carried on.
pub(crate) fn compact<'t>(json: &'t str, out: &mut Vec<u8>) -> Result<(), Flaw<'t>> {
    // The keys of each open object, and `None` for an array.
    let mut open: Vec<Option<BTreeSet<Cow<'t, str>>>> = Vec::new();
    let mut is_key = false;
    let mut rest = json;
    while let Some(&byte) = rest.as_bytes().first() {
        let mut len = 1;
        match byte {
            b'"' => {
                let token = string_token(rest);
                len = token.len();
                let string = unescape(token).map_err(|error| Flaw::String { token, error })?;
                escape::push_string(out, &string);
                if let (true, Some(Some(keys))) = (is_key, open.last_mut()) {
                    if !keys.insert(string) {
                        return Err(Flaw::DuplicateKey);
                    }
                }
            }
            b' ' | b'\t' | b'\n' | b'\r' => {}
            _ => {
                match byte {
                    b'{' => open.push(Some(BTreeSet::new())),
                    b'[' => open.push(None),
                    b'}' | b']' => drop(open.pop()),
                    _ => {}
                }
                is_key = match byte {
                    b'{' => true,
                    b',' => matches!(open.last(), Some(Some(_))),
                    _ => false,
                };
                out.push(byte);
            }
        }
        rest = &rest[len..];
    }
    Ok(())
}

/// The string at the start of valid JSON, with its quotes.
fn string_token(json: &str) -> &str {
    let bytes = json.as_bytes();
    let mut end = 1;
    while let Some(&byte) = bytes.get(end) {
        end += match byte {
            b'\\' => 2,
            b'"' => return &json[..=end],
            _ => 1,
        };
    }
    json
}

/// The content of a string, which is given with its quotes.
pub(crate) fn unescape(token: &str) -> Result<Cow<'_, str>, serde_json::Error> {
    match token
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    {
        Some(content) if !content.contains('\\') => Ok(Cow::Borrowed(content)),
        _ => serde_json::from_str::<String>(token).map(Cow::Owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compacted(json: &str) -> Result<String, &'static str> {
        let mut out = Vec::new();
        match compact(json, &mut out) {
            Ok(()) => Ok(String::from_utf8(out).unwrap()),
            Err(Flaw::DuplicateKey) => Err("duplicate"),
            Err(Flaw::String { .. }) => Err("string"),
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
            assert_eq!(compacted(json), Err("duplicate"), "{json}");
        }
        for json in [
            r#"{"a":{"a":["a","a",{"a":"a"}]},"b":"a"}"#,
            r#"["a","a",{"a":"b","b":"a"}]"#,
        ] {
            assert_eq!(compacted(json).as_deref(), Ok(json));
        }
    }

    #[test]
    fn half_of_a_surrogate_pair_is_a_flaw() {
        for json in [r#"["\ud83d"]"#, r#"{"\ude00":1}"#, r#""\ud83d\ud83d""#] {
            assert_eq!(compacted(json), Err("string"), "{json}");
        }
    }

    #[test]
    fn deep_nesting_is_carried_on() {
        let json = "[".repeat(100_000) + &"]".repeat(100_000);
        assert_eq!(compacted(&json).as_deref(), Ok(json.as_str()));
    }
}
