//! What goes out.

use callbot_core::{
    Batch, Endpoint, Order, OrderBytes, OrderEndpoint, Param, Policy, Rules, SignedRequest,
};

use crate::{credentials, now, request_id, show, string, task};

pub(crate) fn url(input: &[u8]) {
    show(Batch::new(&task(&string(input)), Rules::new()));
}

pub(crate) fn base_url(input: &[u8]) {
    let request = SignedRequest::new("/path", "{}", &credentials(), request_id(), now());
    show(request.expect("a request").url(&string(input)));
}

pub(crate) fn path(input: &[u8]) {
    show(SignedRequest::new(
        &string(input),
        "{}",
        &credentials(),
        request_id(),
        now(),
    ));
}

/// Each line is an order: its ID, and after a comma its phone number and name.
pub(crate) fn orders(input: &[u8]) {
    for policy in [Policy::RefuseAll, Policy::KeepValid] {
        let mut batch = Batch::new(&task("https://example.com/"), Rules::new()).expect("a task");
        let mut transaction = batch.begin(policy);
        for line in input.split(|&byte| byte == b'\n') {
            let comma = line
                .iter()
                .position(|&byte| byte == b',')
                .unwrap_or(line.len());
            let (order_id, rest) = line.split_at(comma);
            let rest = rest.get(1..).unwrap_or_default();
            transaction.add(&OrderBytes {
                order_id,
                user_phone: rest,
                user_name: rest,
                ..OrderBytes::default()
            });
        }
        show(transaction.commit());
        show(batch.sign(&credentials(), request_id(), now()));
    }
}

/// Each line is a param of one order, and required by a rule.
pub(crate) fn params(input: &[u8]) {
    let string = string(input);
    let params: Vec<_> = string
        .lines()
        .map(|name| Param { name, value: name })
        .collect();
    let order = Order {
        order_id: "1",
        user_phone: "8613800000001",
        params: &params,
        ..Order::default()
    };
    let mut rules = Rules::new();
    rules.require_no_other_params();
    for name in string.lines().rev() {
        show(rules.require_param(name));
    }
    for rules in [Rules::new(), rules] {
        let mut batch = Batch::new(&task("https://example.com/"), rules).expect("a task");
        show(batch.add(&order));
    }
}

pub(crate) fn batch_json(input: &[u8]) {
    read(input, Rules::new);
}

pub(crate) fn batch_json_with_rules(input: &[u8]) {
    read(input, || {
        let mut rules = Rules::new();
        rules.require_param("amount").expect("a name");
        rules.require_param("due_date").expect("a name");
        rules.require_no_other_params();
        rules.allow_country_code("86").expect("a country code");
        rules
    });
}

fn read(json: &[u8], rules: impl Fn() -> Rules) {
    for endpoint in Endpoint::ALL
        .iter()
        .filter_map(|&each| OrderEndpoint::try_from(each).ok())
    {
        for policy in [Policy::RefuseAll, Policy::KeepValid] {
            show(Batch::read_json_for(
                endpoint,
                json,
                rules(),
                policy,
                Some(1),
            ));
        }
    }
}

pub(crate) fn request_json(input: &[u8]) {
    for &endpoint in Endpoint::ALL {
        let account = credentials();
        show(SignedRequest::from_json(
            endpoint,
            input,
            &account,
            request_id(),
            now(),
        ));
    }
}
