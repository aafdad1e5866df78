//! Orders whose strings have not been validated as UTF-8. Orders with invalid UTF-8 are refused;
//! the others are accepted or refused like the same orders as `str`.
#![no_main]

use std::str;

use arbitrary::Arbitrary;
use callbot_core::{Batch, Order, OrderBytes, Param, ParamBytes, Policy, Rules, ViolationKind};
use callbot_fuzz::{TASK, check_violations};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    keep_valid: bool,
    /// Whether the params of the first order are the template.
    has_template: bool,
    orders: Vec<OrderInput<'a>>,
}

#[derive(Arbitrary, Debug)]
struct OrderInput<'a> {
    order_id: &'a [u8],
    /// `None` is a valid number.
    user_phone: Option<&'a [u8]>,
    other: &'a [u8],
    user_name: &'a [u8],
    customer_name: &'a [u8],
    params: Vec<(&'a [u8], &'a [u8])>,
}

impl<'a> OrderInput<'a> {
    fn user_phone(&self) -> &'a [u8] {
        self.user_phone.unwrap_or(b"8613800000001")
    }

    /// All strings, in the order of the fields.
    fn strings(&self) -> Vec<(&'static str, &'a [u8])> {
        let mut strings = vec![
            ("order_id", self.order_id),
            ("user_phone", self.user_phone()),
            ("other", self.other),
            ("user_name", self.user_name),
            ("customer_name", self.customer_name),
        ];
        for &(name, value) in &self.params {
            strings.extend([("params[].name", name), ("params[].value", value)]);
        }
        strings
    }

    /// The params as `str`; `None` if one is not UTF-8.
    fn params(&self) -> Option<Vec<Param<'a>>> {
        let param = |&(name, value): &(&'a [u8], &'a [u8])| {
            Some(Param {
                name: str::from_utf8(name).ok()?,
                value: str::from_utf8(value).ok()?,
            })
        };
        self.params.iter().map(param).collect()
    }

    fn with<T>(&self, then: impl FnOnce(&Order<'_>) -> T) -> Option<T> {
        let order = Order {
            order_id: str::from_utf8(self.order_id).ok()?,
            user_phone: str::from_utf8(self.user_phone()).ok()?,
            other: str::from_utf8(self.other).ok()?,
            user_name: str::from_utf8(self.user_name).ok()?,
            customer_name: str::from_utf8(self.customer_name).ok()?,
            params: &self.params()?,
        };
        Some(then(&order))
    }

    fn with_bytes<T>(&self, then: impl FnOnce(&OrderBytes<'_>) -> T) -> T {
        let params: Vec<_> = self
            .params
            .iter()
            .map(|&(name, value)| ParamBytes { name, value })
            .collect();
        then(&OrderBytes {
            order_id: self.order_id,
            user_phone: self.user_phone(),
            other: self.other,
            user_name: self.user_name,
            customer_name: self.customer_name,
            params: &params,
        })
    }
}

fuzz_target!(|input: Input<'_>| {
    let mut rules = Rules::new();
    if input.has_template {
        let first = input.orders.first().and_then(OrderInput::params);
        for param in first.unwrap_or_default() {
            // A name that is refused is not part of the template.
            let _ = rules.require_param(param.name);
        }
    }
    let policy = if input.keep_valid {
        Policy::KeepValid
    } else {
        Policy::RefuseAll
    };
    let batch = || Batch::new(&TASK, rules.clone()).expect("the task is valid");

    let mut added = batch();
    let mut transaction = added.begin(policy);
    let mut invalid = Vec::new();
    for order in &input.orders {
        let strings = order.strings();
        invalid.extend(strings.iter().filter_map(|&(_, string)| {
            let error = str::from_utf8(string).err()?;
            Some(error.valid_up_to())
        }));
        order.with_bytes(|order| transaction.add(order));
    }
    let finished = transaction.commit();
    let refused = match &finished {
        Ok(refused) | Err(refused) => refused,
    };
    if !refused.is_empty() {
        check_violations(refused);
    }
    let reported: Vec<usize> = refused
        .iter()
        .filter_map(|violation| match violation.kind() {
            ViolationKind::StringNotUtf8 { offset } => Some(*offset),
            _ => None,
        })
        .collect();
    assert_eq!(reported, invalid);

    let mut expected = batch();
    if invalid.is_empty() {
        let mut transaction = expected.begin(policy);
        for order in &input.orders {
            order
                .with(|order| transaction.add(order))
                .expect("valid UTF-8");
        }
        assert_eq!(transaction.commit(), finished);
    } else if input.keep_valid {
        for order in &input.orders {
            // Both batches lack the refused orders.
            order.with(|order| expected.add(order).is_ok());
        }
    }
    assert_eq!(added.body(), expected.body());
    assert_eq!(added.len(), expected.len());
});
