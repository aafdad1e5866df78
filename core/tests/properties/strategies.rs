//! Arbitrary strings, orders, rules and documents.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use callbot_core::{Algorithm, Batch, Rules};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

use crate::common::{self, OwnedOrder, country_codes};

pub(crate) fn algorithm() -> impl Strategy<Value = Algorithm> {
    select(vec![Algorithm::Md5, Algorithm::Sha256])
}

/// Strings, often with characters that JSON escapes.
pub(crate) fn string() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>().prop_map(|string| string.replace('\0', "")),
        "[\\x01-\\x20\"\\\\/a\\x7f\u{80}\u{2028}é中😀]{0,20}",
        "[ -~]{0,40}",
        Just(String::new()),
    ]
}

/// Names of params. No two of them are equal but for characters that nobody sees.
pub(crate) fn name() -> impl Strategy<Value = String> {
    string().prop_map(|name| {
        let mut hasher = DefaultHasher::new();
        name.hash(&mut hasher);
        format!("{name}{:x}", hasher.finish() % 0xffff)
    })
}

pub(crate) fn good_phone() -> impl Strategy<Value = String> {
    (select(country_codes()), "[0-9]{14}", 7..=15_usize)
        .prop_map(|(code, digits, len)| (code + &digits)[..len].to_owned())
}

fn params(name: impl Strategy<Value = String>) -> impl Strategy<Value = Vec<(String, String)>> {
    let value = string().prop_filter("a value", |value| !value.is_empty());
    proptest::collection::vec((name, value), 0..5)
}

pub(crate) fn good_order() -> impl Strategy<Value = OwnedOrder> {
    (
        string(),
        good_phone(),
        string(),
        string(),
        string(),
        params(name()),
    )
        .prop_map(
            |(order_id, user_phone, other, user_name, customer_name, mut params)| {
                params.sort();
                params.dedup_by(|a, b| a.0 == b.0);
                OwnedOrder {
                    order_id,
                    user_phone,
                    other,
                    user_name,
                    customer_name,
                    params,
                }
            },
        )
}

/// Orders with distinct IDs that are not empty.
pub(crate) fn good_orders() -> impl Strategy<Value = Vec<OwnedOrder>> {
    proptest::collection::vec(good_order(), 0..6).prop_map(|mut orders| {
        for (i, order) in orders.iter_mut().enumerate() {
            order.order_id = format!("{i}{}", order.order_id);
        }
        orders
    })
}

/// Valid and invalid orders, with duplicate IDs.
pub(crate) fn mixed_orders() -> impl Strategy<Value = Vec<OwnedOrder>> {
    let order_id = prop_oneof![9 => "[ab\"\\\\]{1,2}", 1 => Just(String::new())];
    let phone = prop_oneof![
        8 => good_phone(),
        1 => "[0-9]{0,17}",
        1 => "[+ 0-9-]{0,14}",
    ];
    let name = select(vec!["p", "q", "r", ""]).prop_map(String::from);
    let order = (order_id, phone, string(), params(name)).prop_map(
        |(order_id, user_phone, other, params)| OwnedOrder {
            order_id,
            user_phone,
            other,
            params,
            ..OwnedOrder::default()
        },
    );
    proptest::collection::vec(order, 0..12)
}

pub(crate) fn rules() -> impl Strategy<Value = Rules> {
    (
        proptest::option::of(1..6_usize),
        any::<bool>(),
        proptest::option::weighted(0.3, proptest::sample::subsequence(vec!["p", "q"], 0..=2)),
    )
        .prop_map(|(max, only_some_countries, template)| {
            let mut rules = Rules::new();
            if let Some(max) = max {
                rules.max_orders(max).unwrap();
            }
            if only_some_countries {
                for code in country_codes().iter().step_by(2) {
                    rules.allow_country_code(code).unwrap();
                }
            }
            for name in template.iter().flatten() {
                rules.require_param(name).unwrap();
            }
            if template.is_some() {
                rules.require_no_other_params();
            }
            rules
        })
}

/// Rules that allow whatever strings can have.
pub(crate) fn any_edges() -> Rules {
    let mut rules = Rules::new();
    rules.allow_blank_edges();
    rules
}

pub(crate) fn batch_of(orders: &[OwnedOrder]) -> Batch {
    let mut batch = common::batch_with(any_edges());
    for order in orders {
        order.add_to(&mut batch).unwrap();
    }
    batch
}

pub(crate) fn document(orders: &[OwnedOrder]) -> Value {
    serde_json::json!({
        "productID": "callbot",
        "userTaskID": "t",
        "callInfoList": {
            "orderCallbackUrl": "https://a.example/o",
            "callCallbackUrl": "https://a.example/c",
            "callList": orders.iter().map(OwnedOrder::to_value).collect::<Vec<_>>(),
        },
    })
}

/// Writes JSON in any allowed form: whitespace, keys in any order, redundant escapes. It cycles
/// through `choices`.
pub(crate) struct LooseWriter<'a> {
    pub(crate) choices: std::iter::Cycle<std::slice::Iter<'a, u8>>,
    pub(crate) out: String,
}

impl LooseWriter<'_> {
    pub(crate) fn write(value: &Value, choices: &[u8]) -> String {
        let mut writer = LooseWriter {
            choices: choices.iter().cycle(),
            out: String::new(),
        };
        writer.whitespace();
        writer.value(value);
        writer.whitespace();
        writer.out
    }

    fn choose(&mut self, n: u8) -> u8 {
        self.choices.next().copied().unwrap_or_default() % n
    }

    fn whitespace(&mut self) {
        let forms = ["", "", "", " ", "\n", "\t\r\n  "];
        let choice = self.choose(6);
        self.out.push_str(forms[usize::from(choice)]);
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::String(string) => self.string(string),
            Value::Array(values) => self.list('[', values, ']', Self::value),
            Value::Object(entries) => {
                let mut entries: Vec<(&String, &Value)> = entries.iter().collect();
                let by = usize::from(self.choose(8));
                let len = entries.len().max(1);
                entries.rotate_left(by % len);
                if self.choose(2) == 0 {
                    entries.reverse();
                }
                self.list('{', &entries, '}', |writer, (key, value)| {
                    writer.string(key);
                    writer.whitespace();
                    writer.out.push(':');
                    writer.whitespace();
                    writer.value(value);
                });
            }
            other => self.out.push_str(&other.to_string()),
        }
    }

    fn list<T>(&mut self, open: char, parts: &[T], close: char, write: impl Fn(&mut Self, &T)) {
        self.out.push(open);
        self.whitespace();
        for (i, part) in parts.iter().enumerate() {
            if i > 0 {
                self.out.push(',');
                self.whitespace();
            }
            write(self, part);
            self.whitespace();
        }
        self.out.push(close);
    }

    fn string(&mut self, string: &str) {
        use std::fmt::Write;
        self.out.push('"');
        for c in string.chars() {
            let needs_escape = c < ' ' || c == '"' || c == '\\';
            if needs_escape || self.choose(4) == 0 {
                let upper = self.choose(2) == 0;
                for unit in c.encode_utf16(&mut [0; 2]) {
                    if upper {
                        write!(self.out, "\\u{unit:04X}").unwrap();
                    } else {
                        write!(self.out, "\\u{unit:04x}").unwrap();
                    }
                }
            } else {
                self.out.push(c);
            }
        }
        self.out.push('"');
    }
}

pub(crate) fn choices() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 1..200)
}
