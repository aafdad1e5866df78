//! Documents, and a serialiser with the habits of several languages.

use std::fmt::Write as _;

use proptest::prelude::*;

/// A JSON value whose members have an order.
#[derive(Debug, Clone)]
pub(crate) enum Doc {
    Scalar(String),
    Text(String),
    List(Vec<Doc>),
    Object(Vec<(String, Doc)>),
}

/// How a document is serialised.
#[expect(clippy::struct_excessive_bools, reason = "each is one habit")]
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Habits {
    pub(crate) blanks: bool,
    pub(crate) indent: Option<&'static str>,
    pub(crate) sorted: bool,
    pub(crate) ascii: bool,
    pub(crate) slashes: bool,
    pub(crate) html: bool,
}

impl Doc {
    pub(crate) fn write(&self, habits: Habits) -> String {
        let mut out = String::new();
        self.push(habits, 0, &mut out);
        out
    }

    fn push(&self, habits: Habits, depth: usize, out: &mut String) {
        let comma = if habits.blanks && habits.indent.is_none() {
            ", "
        } else {
            ","
        };
        let colon = if habits.blanks || habits.indent.is_some() {
            ": "
        } else {
            ":"
        };
        let line = |depth: usize, out: &mut String| {
            if let Some(indent) = habits.indent {
                out.push('\n');
                out.push_str(&indent.repeat(depth));
            }
        };
        match self {
            Self::Scalar(scalar) => out.push_str(scalar),
            Self::Text(text) => push_text(text, habits, out),
            Self::List(list) => {
                out.push('[');
                for (place, value) in list.iter().enumerate() {
                    out.push_str(if place == 0 { "" } else { comma });
                    line(depth + 1, out);
                    value.push(habits, depth + 1, out);
                }
                if !list.is_empty() {
                    line(depth, out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                let mut members: Vec<_> = members.iter().collect();
                if habits.sorted {
                    members.sort_by_key(|(key, _)| key.clone());
                }
                out.push('{');
                for (place, (key, value)) in members.iter().enumerate() {
                    out.push_str(if place == 0 { "" } else { comma });
                    line(depth + 1, out);
                    push_text(key, habits, out);
                    out.push_str(colon);
                    value.push(habits, depth + 1, out);
                }
                if !members.is_empty() {
                    line(depth, out);
                }
                out.push('}');
            }
        }
    }
}

fn push_text(text: &str, habits: Habits, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '/' if habits.slashes => out.push_str("\\/"),
            '<' | '>' | '&' if habits.html => {
                write!(out, "\\u{:04x}", u32::from(c)).expect("a string");
            }
            c if habits.ascii && !c.is_ascii() => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}").expect("a string");
                }
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// A document to which every mistake makes a difference: the members around a random one are not
/// sorted, and its strings have all that is escaped.
pub(crate) fn document() -> impl Strategy<Value = Doc> {
    let text = "[a-zA-Z0-9 _/<>&é中😀\"\\\\\n+~*!'()=-]{0,12}";
    let leaf = prop_oneof![
        Just(Doc::Scalar("null".into())),
        any::<bool>().prop_map(|value| Doc::Scalar(value.to_string())),
        any::<i32>().prop_map(|value| Doc::Scalar(value.to_string())),
        text.prop_map(Doc::Text),
    ];
    let any = leaf.prop_recursive(4, 24, 4, |inner| {
        let key = "[a-zA-Z]{1,6}";
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Doc::List),
            prop::collection::btree_map(key, inner, 0..4)
                .prop_map(|members| Doc::Object(members.into_iter().rev().collect())),
        ]
    });
    (any, text).prop_map(|(any, text)| {
        let text = format!("{text}<é中/ ~\"");
        let inner = Doc::Object(vec![
            ("orderID".into(), Doc::Scalar("1".into())),
            ("any".into(), any),
        ]);
        Doc::Object(vec![
            ("userTaskID".into(), Doc::Text(text)),
            (
                "callInfoList".into(),
                Doc::List(vec![inner, Doc::Scalar("-1".into())]),
            ),
        ])
    })
}
