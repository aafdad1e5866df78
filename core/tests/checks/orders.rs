//! Orders and tasks: all violations at once, allowed country codes, free fields.

use callbot_core::{Batch, Order, PhoneError, Rules, Task, ViolationKind};

use crate::common::{ORDER, batch_with, found};
use crate::support::{ORDER_PATH, param, rules};

#[test]
fn all_violations_of_a_task_are_reported_at_once() {
    let task = Task {
        user_task_id: "",
        order_callback_url: "",
        call_callback_url: "x",
    };
    let expected = [
        ("empty", "/userTaskID".into()),
        ("url_empty", "/callInfoList/orderCallbackUrl".into()),
        ("url_not_absolute", "/callInfoList/callCallbackUrl".into()),
    ];
    let refused = Batch::new(&task, Rules::new()).unwrap_err();
    assert_eq!(found(&refused), expected);
    assert!(refused.iter().all(|v| v.order_index().is_none()));
}

#[test]
fn all_violations_of_an_order_are_reported_at_once() {
    let order = Order {
        order_id: "",
        user_phone: "49 151",
        params: &[
            param("", ""),
            param("p", "1"),
            param("p", ""),
            param("amount", "2"),
            param("amount", "3"),
            param("p", "4"),
        ],
        ..Order::default()
    };
    let refused = batch_with(rules()).add(&order).unwrap_err();
    let at = |path: &str| format!("{ORDER_PATH}{path}");
    assert_eq!(
        found(&refused),
        [
            ("empty", at("/orderID")),
            ("phone_blank", at("/userPhone")),
            ("empty", at("/params/0/name")),
            ("empty", at("/params/0/value")),
            ("empty", at("/params/2/value")),
            ("unknown_param", at("/params/1/name")),
            ("duplicate_param", at("/params/2/name")),
            ("unknown_param", at("/params/2/name")),
            ("duplicate_param", at("/params/4/name")),
            ("duplicate_param", at("/params/5/name")),
            ("unknown_param", at("/params/5/name")),
            ("missing_param", at("/params")),
        ]
    );
    let firsts: Vec<usize> = (refused.iter())
        .filter_map(|violation| match violation.kind() {
            ViolationKind::DuplicateParam { first } => Some(*first),
            _ => None,
        })
        .collect();
    assert_eq!(firsts, [1, 3, 1]);
    let missing = refused
        .iter()
        .next_back()
        .expect("there are violations")
        .kind();
    assert_eq!(
        missing,
        &ViolationKind::MissingParam {
            name: String::from("due").into()
        }
    );
}

#[test]
fn only_allowed_country_codes_are_valid() {
    let check = |phone: &str| {
        let mut rules = Rules::new();
        rules
            .allow_country_code("86")
            .and_then(|rules| rules.allow_country_code("1"))
            .and_then(|rules| rules.allow_country_code("86"))
            .expect("the country codes are assigned");
        let order = Order {
            user_phone: phone,
            ..ORDER
        };
        match batch_with(rules).add(&order) {
            Ok(()) => Vec::new(),
            Err(violations) => violations.iter().map(|v| v.kind().clone()).collect(),
        }
    };
    let not_allowed = |country_code| ViolationKind::CountryCodeNotAllowed { country_code };
    assert_eq!(check("8613800000001"), []);
    assert_eq!(check("14155550100"), []);
    assert_eq!(check("4915112345678"), [not_allowed(49)]);
    // A code is not confused with a longer or shorter one.
    assert_eq!(check("85212345678"), [not_allowed(852)]);
    assert_eq!(check("88012345678"), [not_allowed(880)]);
    // A Chinese number without its country code looks like a French one.
    assert_eq!(check("33800000001"), [not_allowed(33)]);
    assert_eq!(
        check("4915"),
        [
            ViolationKind::Phone(PhoneError::TooShort { len: 4 }),
            not_allowed(49)
        ]
    );
    assert_eq!(
        check("9991234567"),
        [ViolationKind::Phone(PhoneError::CountryCode)]
    );
    assert_eq!(
        check("+4915112345678"),
        [ViolationKind::Phone(PhoneError::Plus { position: 1 })]
    );
    // An invalid number has no country code.
    assert_eq!(
        check("4915112345678x"),
        [ViolationKind::Phone(PhoneError::Character {
            position: 14,
            found: 'x'
        })]
    );
}

#[test]
fn fields_that_may_be_empty_accept_any_string() {
    let anything = "\u{1}\u{1f}\"\\/\u{7f}\u{2028}中😀 +8613800000001";
    let mut rules = Rules::new();
    rules.allow_blank_edges();
    let mut batch = batch_with(rules);
    batch
        .add(&Order {
            order_id: anything,
            user_phone: "1234567",
            other: anything,
            user_name: anything,
            customer_name: anything,
            params: &[param(anything, anything)],
        })
        .expect("the order is valid");
    batch
        .add(&Order {
            order_id: " ",
            user_phone: "123456789012345",
            ..Order::default()
        })
        .expect("the order is valid");
    assert_eq!(batch.len(), 2);
}
