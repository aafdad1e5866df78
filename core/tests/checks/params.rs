//! Params: the template's variables, unknown, missing and duplicate names.

use callbot_core::{Batch, Order, Param, Rules, Violation, ViolationKind};

use crate::common::{DOCUMENT, ORDER, batch_with, codes, edited, found};
use crate::support::{ORDER_PATH, PARAM_PATH, param, rules};

#[test]
fn a_template_requires_each_variable_once_and_no_other() {
    let check = |params: &[Param<'_>]| {
        let order = Order { params, ..ORDER };
        match batch_with(rules()).add(&order) {
            Ok(()) => Vec::new(),
            Err(violations) => found(&violations),
        }
    };
    let at = |path: &str| format!("{ORDER_PATH}/params{path}");
    let (amount, due) = (param("amount", "1"), param("due", "2"));
    assert_eq!(check(&[amount, due]), []);
    assert_eq!(check(&[due, amount]), []);
    assert_eq!(check(&[amount]), [("missing_param", at(""))]);
    assert_eq!(
        check(&[]),
        [("missing_param", at("")), ("missing_param", at(""))]
    );
    assert_eq!(
        check(&[amount, due, amount]),
        [("duplicate_param", at("/2/name"))]
    );
    assert_eq!(
        check(&[amount, due, param("Due", "3")]),
        [("unknown_param", at("/2/name"))]
    );
    assert_eq!(
        check(&[amount, param("due ", "3")]),
        [("unknown_param", at("/1/name")), ("missing_param", at(""))]
    );
    let refused = batch_with(rules()).add(&Order {
        params: &[amount, param("x", "1")],
        ..ORDER
    });
    let refused = refused.expect_err("a variable is missing, and another one is unknown");
    let params: Vec<_> = refused.iter().map(Violation::param).collect();
    let missing = refused.as_slice()[1].message();
    assert!(missing.ends_with("not filled; add a param"), "{missing}");
    assert_eq!(
        params,
        [None, Some("due")],
        "only a name of the rules is told"
    );
    // A variable needs a value, not only a name.
    assert_eq!(
        check(&[amount, param("due", "")]),
        [("empty", at("/1/value"))]
    );
    assert_eq!(
        check(&[param("amount", ""), param("due", "")]),
        [("empty", at("/0/value")), ("empty", at("/1/value"))]
    );
}

/// What was given is nowhere told: see `privacy.rs`.
#[test]
fn a_name_that_is_nearly_a_variable_is_told_by_the_variable() {
    for (name, difference) in [
        ("\u{feff}amount", "by invisible characters (U+FEFF)"),
        ("Amount", "by case"),
        ("amount ", "by whitespace (U+0020)"),
        ("Am_ount", "by case and underscores or hyphens"),
        ("amuont", "by one letter"),
    ] {
        let order = Order {
            params: &[param(name, "1"), param("due", "2")],
            ..ORDER
        };
        let refused = batch_with(rules()).add(&order).unwrap_err();
        assert_eq!(
            found(&refused),
            [
                ("unknown_param", format!("{PARAM_PATH}/name")),
                ("missing_param", format!("{ORDER_PATH}/params")),
            ]
        );
        for violation in &refused {
            assert_eq!(violation.param(), Some("amount"));
            assert!(violation.message().contains("\"amount\""), "{violation}");
        }
        let [unknown, missing] = refused.as_slice() else {
            panic!("{refused}");
        };
        assert!(unknown.message().contains(difference), "{unknown}");
        let nearly = "one of the params nearly has this name";
        assert!(missing.message().ends_with(nearly), "{missing}");
    }
}

#[test]
fn a_template_without_variables_allows_no_params() {
    let mut rules = Rules::new();
    rules.require_no_other_params();
    let mut batch = batch_with(rules.clone());
    let without_params = Order {
        params: &[],
        ..ORDER
    };
    batch.add(&without_params).expect("the order has no params");
    let refused = batch_with(rules.clone()).add(&ORDER).unwrap_err();
    assert_eq!(
        found(&refused),
        [("unknown_param", format!("{PARAM_PATH}/name"))]
    );

    // Required params stay required, before and after the call.
    rules.require_param("p").expect("the name is new");
    rules.require_no_other_params();
    batch_with(rules.clone())
        .add(&ORDER)
        .expect("the order has p");
    assert_eq!(
        codes(&batch_with(rules).add(&without_params).unwrap_err()),
        ["missing_param"]
    );
}

#[test]
fn many_params_are_checked_like_few() {
    let names: Vec<String> = (0..100).map(|i| format!("name{i}")).collect();
    let mut rules = Rules::new();
    for name in &names {
        rules.require_param(name).expect("the name is new");
    }
    // In the template's order, and in another order.
    let mut params: Vec<Param<'_>> = names.iter().map(|name| param(name, "v")).collect();
    for _ in 0..2 {
        let order = Order {
            params: &params,
            ..ORDER
        };
        batch_with(rules.clone())
            .add(&order)
            .expect("every variable is present");
        params.reverse();
    }
    for n in [15, 16, 17, 18, 50, 100] {
        for (rules, expected) in [
            (Rules::new(), vec![("duplicate_param", n - 1)]),
            (rules.clone(), vec![("duplicate_param", n - 1)]),
        ] {
            let mut params = params[..n].to_vec();
            params[n - 1] = params[1];
            let order = Order {
                params: &params,
                ..ORDER
            };
            let refused = batch_with(rules).add(&order).unwrap_err();
            let at_params: Vec<_> = (refused.iter())
                .filter(|violation| violation.code() != "missing_param")
                .collect();
            assert_eq!(at_params.len(), expected.len());
            for (violation, (code, i)) in at_params.iter().zip(expected) {
                assert_eq!(violation.code(), code);
                assert_eq!(violation.path(), format!("{ORDER_PATH}/params/{i}/name"));
                assert_eq!(
                    violation.kind(),
                    &ViolationKind::DuplicateParam { first: 1 }
                );
            }
        }
    }
    // Unknown and missing params too.
    params[7].name = "another";
    let order = Order {
        params: &params,
        ..ORDER
    };
    let refused = batch_with(rules).add(&order).unwrap_err();
    assert_eq!(
        found(&refused),
        [
            ("unknown_param", format!("{ORDER_PATH}/params/7/name")),
            ("missing_param", format!("{ORDER_PATH}/params")),
        ]
    );
}

#[test]
fn unreadable_params_count_in_the_index() {
    let param = r#"{"name":"p","value":"v"}"#;
    for (before, between) in [(1, 1), (3, 0), (0, 2), (30, 30)] {
        let unreadable = ["0", "{}", "[]", "{\"name\":null,\"value\":[]}"];
        let mut params: Vec<&str> = unreadable.into_iter().cycle().take(before).collect();
        params.push(param);
        params.extend(unreadable.into_iter().cycle().take(between));
        params.push(param);
        let filler: Vec<String> = (0..before)
            .map(|i| format!("{{\"name\":\"n{i}\",\"value\":\"\"}}"))
            .collect();
        params.extend(filler.iter().map(String::as_str));
        let document = edited(DOCUMENT, param, &params.join(","));
        let refused = Batch::from_json(document.as_bytes(), Rules::new()).unwrap_err();
        let second = before + 1 + between;
        let listed = found(&refused);
        let at = |i: usize, key: &str| format!("{ORDER_PATH}/params/{i}{key}");
        assert!(listed.contains(&("duplicate_param", at(second, "/name"))));
        for i in 0..before {
            assert!(listed.contains(&("empty", at(second + 1 + i, "/value"))));
        }
        let duplicate = (refused.iter())
            .find(|violation| violation.code() == "duplicate_param")
            .expect("there is a violation");
        assert_eq!(
            duplicate.kind(),
            &ViolationKind::DuplicateParam { first: before }
        );
    }
}
