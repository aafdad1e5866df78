//! Any JSON, nested in any way, against `serde_json`.

use callbot_core::{ContentError, ContentKind, Value as Found};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::common;
use crate::support::answered;

/// JSON with whitespace, escapes and numbers in every form, and some long lists and objects.
fn json() -> impl Strategy<Value = String> {
    let string = prop_oneof![
        any::<String>().prop_map(|string| Value::from(string).to_string()),
        r#""([ -!#-\[\]-~]|\\["\\/bfnrt]|\\u00[0-9a-fA-F]{2}|\\ud83d\\uDE0[0-9]){0,12}""#,
    ];
    let key = string.clone().boxed();
    let leaf = prop_oneof![
        select(vec![
            "null", "true", "false", "0", "-0", "-1.50", "1E5", "2e-7", "\"\""
        ])
        .prop_map(String::from),
        any::<i64>().prop_map(|number| number.to_string()),
        "-?[1-9][0-9]{0,30}(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?",
        string,
    ];
    leaf.prop_recursive(6, 200, 40, move |inner| {
        let space = "[ \n\r\t]{0,2}";
        let element = (space, inner.clone(), space).prop_map(|(a, json, b)| a + &json + &b);
        let elements = prop_oneof![9 => vec(element.clone(), 0..6), 1 => vec(element, 30..70)];
        let member = (key.clone(), space, inner)
            .prop_map(|(key, space, json)| format!("{space}{key}{space}:{space}{json}{space}"));
        let members = prop_oneof![9 => vec(member.clone(), 0..6), 1 => vec(member, 30..70)];
        prop_oneof![
            elements.prop_map(|elements| format!("[{}]", elements.join(","))),
            members.prop_map(|members| format!("{{{}}}", members.join(","))),
        ]
    })
}

/// The integer that a number is, by writing it without its exponent.
fn integer_of(number: &str) -> Option<i64> {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent: i32 = exponent.parse().ok()?;
    let zeros = "0".repeat(exponent.unsigned_abs() as usize);
    let (whole, fraction) = if let 0.. = exponent {
        let all = [fraction, &zeros].concat();
        let (moved, rest) = all.split_at(zeros.len());
        ([whole, moved].concat(), rest.to_owned())
    } else {
        let (sign, digits) = whole.split_at(usize::from(whole.starts_with('-')));
        let all = [&zeros, digits].concat();
        let (rest, moved) = all.split_at(digits.len());
        ([sign, rest].concat(), [moved, fraction].concat())
    };
    let is_integer = fraction.bytes().all(|digit| digit == b'0');
    whole.parse().ok().filter(|_| is_integer)
}

/// Asserts that a value is the same in every respect, at any depth.
fn assert_same(found: Found<'_>, expected: &Value) {
    let again: Value = serde_json::from_str(found.json()).expect("a value is JSON");
    assert_eq!(again, *expected);
    assert_eq!(found.is_null(), expected.is_null());
    assert_eq!(found.as_bool(), expected.as_bool());
    assert_eq!(found.as_str(), expected.as_str());
    if expected.is_number() {
        assert_eq!(found.as_i64(), integer_of(found.json()));
        let number: f64 = found.json().parse().expect("a number");
        assert_eq!(found.as_f64(), Some(number));
    }
    let len = expected.as_array().map(Vec::len);
    assert_eq!(
        found.len(),
        len.or(expected.as_object().map(serde_json::Map::len))
    );
    if let Some(elements) = expected.as_array() {
        assert_eq!(found.elements().count(), elements.len());
        for (index, (element, expected)) in found.elements().zip(elements).enumerate() {
            assert_same(element, expected);
            let by_index = found.element(index).expect("an element");
            assert_eq!(by_index.json(), element.json());
        }
    }
    if let Some(members) = expected.as_object() {
        assert_eq!(found.members().count(), members.len());
        for (index, (key, value)) in found.members().enumerate() {
            assert_same(value, &members[key]);
            assert_eq!(found.key(index), Some(key));
            assert_eq!(found.member(key).expect("a member").json(), value.json());
        }
    }
}

/// Whether an object has a duplicate key, at any depth.
fn has_duplicate(json: &str) -> bool {
    struct Checked;
    impl<'de> serde::Deserialize<'de> for Checked {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct Visitor;
            impl<'de> serde::de::Visitor<'de> for Visitor {
                type Value = Checked;
                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str("JSON")
                }
                fn visit_unit<E>(self) -> Result<Checked, E> {
                    Ok(Checked)
                }
                fn visit_bool<E>(self, _: bool) -> Result<Checked, E> {
                    Ok(Checked)
                }
                fn visit_i64<E>(self, _: i64) -> Result<Checked, E> {
                    Ok(Checked)
                }
                fn visit_u64<E>(self, _: u64) -> Result<Checked, E> {
                    Ok(Checked)
                }
                fn visit_f64<E>(self, _: f64) -> Result<Checked, E> {
                    Ok(Checked)
                }
                fn visit_str<E>(self, _: &str) -> Result<Checked, E> {
                    Ok(Checked)
                }
                fn visit_seq<A: serde::de::SeqAccess<'de>>(
                    self,
                    mut list: A,
                ) -> Result<Checked, A::Error> {
                    while list.next_element::<Checked>()?.is_some() {}
                    Ok(Checked)
                }
                fn visit_map<A: serde::de::MapAccess<'de>>(
                    self,
                    mut map: A,
                ) -> Result<Checked, A::Error> {
                    let mut keys = std::collections::BTreeSet::new();
                    while let Some((key, Checked)) = map.next_entry::<String, Checked>()? {
                        if !keys.insert(key) {
                            return Err(serde::de::Error::custom("duplicate"));
                        }
                    }
                    Ok(Checked)
                }
            }
            deserializer.deserialize_any(Visitor)
        }
    }
    serde_json::from_str::<Checked>(json).is_err()
}

proptest! {
    #![proptest_config(common::cases(300))]

    #[test]
    fn every_value_is_as_serde_json_reads_it(json in json()) {
        let body = format!("{{\"retCode\":0,\"v\":{json}}}");
        let expected: Value = serde_json::from_str(&body).expect("valid JSON");
        match answered(body.as_bytes()).document(ContentKind::Response) {
            Ok(document) => {
                prop_assert!(!has_duplicate(&body));
                assert_same(document.root(), &expected);
            }
            Err(ContentError::DuplicateKey { .. }) => prop_assert!(has_duplicate(&body)),
            Err(error) => prop_assert!(false, "{}", error),
        }
    }

    #[test]
    fn what_is_not_json_is_refused_where_serde_json_refuses_it(
        json in json(),
        changes in vec((any::<Index>(), any::<Index>(), select(vec![
            "", "\"", "\\", "{", "}", "[", "]", ",", ":", " ", "\n", "0", "-", ".", "e", "1", "null", "\u{1}",
            "\\u12", "\\x", "é", "true", "nul", "\u{feff}", "//", "'",
        ])), 1..3),
    ) {
        let mut body = format!("{{\"retCode\":0,\"v\":{json}}}");
        for (from, to, by) in changes {
            let ends: Vec<usize> = body.char_indices().map(|(at, _)| at).chain([body.len()]).collect();
            let from = from.index(ends.len());
            // A short piece is replaced, or nothing.
            let to = (from + to.index(3)).min(ends.len() - 1);
            body.replace_range(ends[from]..ends[to], by);
        }
        let ignored: Result<IgnoredAny, _> = serde_json::from_str(body.trim_start_matches('\u{feff}'));
        match answered(body.as_bytes()).document(ContentKind::Response) {
            Err(ContentError::Json { line, column }) => {
                match ignored {
                    Err(error) => {
                        // serde_json may name the byte before or after, or the end of
                        // four hex digits. It reads values that are no object.
                        let (other_line, other) = (error.line(), error.column().max(1));
                        let is_near = line == other_line && (column.saturating_sub(1)..column + 5).contains(&other);
                        let is_next = line + 1 == other_line && other < 5;
                        prop_assert!(is_near || is_next || !body.trim_start().starts_with('{'), "{}", body);
                    }
                    Ok(_) => prop_assert!(!body.trim_start().starts_with('{'), "{}", body),
                }
            }
            Err(ContentError::Empty) => prop_assert!(body.is_empty()),
            Ok(_) | Err(_) => prop_assert!(ignored.is_ok(), "{}", body),
        }
    }
}
