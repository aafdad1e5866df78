//! Edited documents and arbitrary bytes.

use callbot_core::{Batch, Rules};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;

use crate::common;
use crate::strategies::{LooseWriter, choices, document, good_orders};

/// Values to insert at any path.
fn junk() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-z+0 ]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((select(KEYS), inner), 0..4).prop_map(|entries| {
                let entries = entries
                    .into_iter()
                    .map(|(key, value)| (key.to_owned(), value));
                Value::Object(entries.collect())
            }),
        ]
    })
}

const KEYS: &[&str] = &[
    "productID",
    "userTaskID",
    "callInfoList",
    "callList",
    "orderID",
    "userPhone",
    "params",
    "name",
    "value",
    "x",
    "Y z",
    "8613800000001",
    "",
];

/// The JSON Pointers of all values below `value`.
fn pointers(value: &Value, at: &str, out: &mut Vec<String>) {
    out.push(at.to_owned());
    match value {
        Value::Array(values) => {
            for (i, value) in values.iter().enumerate() {
                pointers(value, &format!("{at}/{i}"), out);
            }
        }
        Value::Object(entries) => {
            for (key, value) in entries {
                pointers(value, &format!("{at}/{key}"), out);
            }
        }
        _ => {}
    }
}

#[derive(Debug, Clone)]
enum Edit {
    Replace(Value),
    Remove,
    Insert(&'static str, Value),
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        3 => junk().prop_map(Edit::Replace),
        1 => Just(Edit::Remove),
        1 => (select(KEYS), junk()).prop_map(|(key, value)| Edit::Insert(key, value)),
    ]
}

fn apply(document: &mut Value, at: Index, edit: Edit) {
    let mut all = Vec::new();
    pointers(document, "", &mut all);
    let pointer = all[at.index(all.len())].clone();
    match edit {
        Edit::Replace(value) => *document.pointer_mut(&pointer).unwrap() = value,
        Edit::Remove => {
            if let Some((parent, key)) = pointer.rsplit_once('/') {
                if let Some(Value::Object(entries)) = document.pointer_mut(parent) {
                    entries.remove(key);
                }
            }
        }
        Edit::Insert(key, value) => {
            if let Some(Value::Object(entries)) = document.pointer_mut(&pointer) {
                entries.insert(key.to_owned(), value);
            }
        }
    }
}

proptest! {
    #![proptest_config(common::cases(256))]

    #[test]
    fn an_edited_document_is_accepted_or_refused_with_paths_in_it(
        orders in good_orders(),
        edits in proptest::collection::vec((any::<Index>(), edit()), 0..4),
        choices in choices(),
    ) {
        let mut document = document(&orders);
        for (at, edit) in edits {
            apply(&mut document, at, edit);
        }
        let json = LooseWriter::write(&document, &choices);
        match Batch::from_json(json.as_bytes(), Rules::new()) {
            Ok(batch) => {
                let back: Value = serde_json::from_slice(batch.body()).unwrap();
                // The constant is added.
                document["productID"] = "callbot".into();
                prop_assert_eq!(back, document);
            }
            Err(violations) => {
                prop_assert!(!violations.is_empty());
                for violation in &violations {
                    let path = violation.path();
                    if violation.code() == "missing_key" {
                        let (parent, key) = path.rsplit_once('/').unwrap();
                        let object = document.pointer(parent).and_then(Value::as_object);
                        prop_assert!(object.is_some_and(|object| !object.contains_key(key)), "{}", violation);
                    } else {
                        prop_assert!(document.pointer(&path).is_some(), "{}", violation);
                    }
                    if let Some(index) = violation.order_index() {
                        let order = format!("/callInfoList/callList/{index}");
                        prop_assert!(path.starts_with(&order));
                    } else {
                        prop_assert!(!path.starts_with("/callInfoList/callList/"));
                    }
                }
            }
        }
    }

    #[test]
    fn an_accepted_document_keeps_every_value(
        orders in good_orders(),
        choices in choices(),
        at in any::<Index>(),
        patch in prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..4),
            "[\\[\\]{}:,\"\\\\ 0-9a-z]{0,3}".prop_map(String::into_bytes),
        ],
        removed in 0..4_usize,
    ) {
        let mut json = LooseWriter::write(&document(&orders), &choices).into_bytes();
        let at = at.index(json.len());
        let end = json.len().min(at + removed);
        json.splice(at..end, patch);
        if let Ok(batch) = Batch::from_json(&json, Rules::new()) {
            let value: Value = serde_json::from_slice(&json).unwrap();
            let back: Value = serde_json::from_slice(batch.body()).unwrap();
            prop_assert_eq!(value, back);
        }
        let _ = Batch::from_json_keep_valid(&json, Rules::new());
    }

    #[test]
    fn arbitrary_bytes_are_refused_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Batch::from_json(&bytes, Rules::new()).is_err());
        prop_assert!(Batch::from_json_keep_valid(&bytes, Rules::new()).is_err());
    }
}
