//! A list of orders, added one by one and read from JSON: the same bytes, or the same refusals.
#![no_main]

use std::borrow::Cow;
use std::collections::HashMap;
use std::io;

use arbitrary::Arbitrary;
use callbot_core::{
    Batch, Order, Param, PhoneNumber, Rules, Task, Violation, ViolationKind, Violations,
};
use callbot_fuzz::{TASK, check_violations};
use libfuzzer_sys::fuzz_target;
use serde::{Serialize, Serializer};
use serde_json::ser::{Formatter, PrettyFormatter};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    user_task_id: Text<'a>,
    order_callback_url: Url<'a>,
    call_callback_url: Url<'a>,
    template: Option<Vec<Text<'a>>>,
    country_codes: Vec<u16>,
    max_orders: Option<u8>,
    orders: Vec<OrderInput<'a>>,
    style: Style,
    /// How far the keys of the objects are turned.
    turn: u8,
}

#[derive(Arbitrary, Debug)]
struct OrderInput<'a> {
    order_id: Text<'a>,
    user_phone: Phone<'a>,
    other: Text<'a>,
    user_name: Text<'a>,
    customer_name: Text<'a>,
    params: Vec<(Text<'a>, Text<'a>)>,
}

#[derive(Arbitrary, Debug)]
enum Text<'a> {
    Any(&'a str),
    Listed(u8),
}

#[derive(Arbitrary, Debug)]
enum Phone<'a> {
    Any(Text<'a>),
    Digits(u64),
    Chinese(u32),
}

#[derive(Arbitrary, Debug)]
enum Url<'a> {
    Any(Text<'a>),
    Https(Text<'a>),
    Right,
}

#[derive(Arbitrary, Debug, Clone, Copy)]
enum Style {
    Compact,
    Pretty,
    Escaped,
}

/// Texts that a fuzzer takes long to find, or that should meet each other.
const LISTED: [&str; 24] = [
    "",
    "a",
    "\"",
    "\\",
    "\\\"",
    "a\\",
    "\\u0000",
    "\0",
    "\u{8}\u{c}\n\r\t",
    "\u{1f}\u{7f}\u{80}",
    "\u{2028}\u{2029}",
    "\u{feff}",
    "\u{ffff}",
    "王芳",
    "😀",
    "e\u{301}",
    "é",
    "]}}",
    "\",\"userPhone\":\"",
    "$serde_json::private::Number",
    "$serde_json::private::RawValue",
    "&createTs=1&requestID=",
    "1234567\"",
    "12345678\\",
];

impl<'a> Text<'a> {
    fn get(&self) -> &'a str {
        match *self {
            Self::Any(text) => text,
            Self::Listed(i) => LISTED[usize::from(i) % LISTED.len()],
        }
    }
}

impl<'a> Phone<'a> {
    fn get(&self) -> Cow<'a, str> {
        match self {
            Self::Any(text) => text.get().into(),
            Self::Digits(digits) => digits.to_string().into(),
            Self::Chinese(digits) => format!("861{digits:010}").into(),
        }
    }
}

impl<'a> Url<'a> {
    fn get(&self) -> Cow<'a, str> {
        match self {
            Self::Any(text) => text.get().into(),
            Self::Https(rest) => format!("https://{}", rest.get()).into(),
            Self::Right => "https://example.com/".into(),
        }
    }
}

fuzz_target!(|input: Input<'_>| {
    let (rules, model) = rules(&input);
    let urls = [
        input.order_callback_url.get(),
        input.call_callback_url.get(),
    ];
    let task = Task {
        user_task_id: input.user_task_id.get(),
        order_callback_url: &urls[0],
        call_callback_url: &urls[1],
    };
    let phones: Vec<_> = input.orders.iter().map(|o| o.user_phone.get()).collect();
    let params: Vec<Vec<_>> = input.orders.iter().map(params).collect();
    let orders: Vec<_> = input
        .orders
        .iter()
        .zip(phones.iter().zip(&params))
        .map(|(order, (user_phone, params))| Order {
            order_id: order.order_id.get(),
            user_phone,
            other: order.other.get(),
            user_name: order.user_name.get(),
            customer_name: order.customer_name.get(),
            params,
        })
        .collect();
    let json = written(&document(&task, &orders, input.turn), input.style);

    let empty = Batch::new(&task, rules.clone());
    if let Err(of_task) = empty {
        check_violations(&of_task);
        check_wrong_task(&json, &rules, &of_task);
        return;
    }
    check_keep_valid(&json, &rules, &model, &task, &orders);
    check_whole(&json, &rules, &model, &task, &orders);
});

/// What the rules say, for [`Model::faults`].
#[derive(Default)]
struct Model<'a> {
    template: Option<Vec<&'a str>>,
    country_codes: Vec<String>,
    max_orders: Option<usize>,
}

fn rules<'a>(input: &Input<'a>) -> (Rules, Model<'a>) {
    let (mut rules, mut model) = (Rules::new(), Model::default());
    // What is refused as a rule is none.
    if let Some(names) = &input.template {
        rules.require_no_other_params();
        let names = names.iter().map(Text::get);
        let names = names.filter(|name| rules.require_param(name).is_ok());
        model.template = Some(names.collect());
    }
    for code in input.country_codes.iter().map(u16::to_string) {
        if rules.allow_country_code(&code).is_ok() {
            model.country_codes.push(code);
        }
    }
    if let Some(max) = input.max_orders.map(|max| usize::from(max % 6)) {
        model.max_orders = rules.max_orders(max).is_ok().then_some(max);
    }
    (rules, model)
}

fn params<'a>(order: &OrderInput<'a>) -> Vec<Param<'a>> {
    let param = |(name, value): &(Text<'a>, Text<'a>)| Param {
        name: name.get(),
        value: value.get(),
    };
    order.params.iter().map(param).collect()
}

impl Model<'_> {
    /// All that is wrong with an order on its own, by the plainest code that finds it.
    fn faults(&self, index: usize, order: &Order<'_>) -> Vec<Seen> {
        let mut faults = Vec::new();
        let mut push = |place: &str, code, first| {
            let path = format!("/callInfoList/callList/{index}{place}");
            faults.push(Seen { path, code, first });
        };
        if order.order_id.is_empty() {
            push("/orderID", "empty", None);
        }
        for code in self.phone_codes(order.user_phone) {
            push("/userPhone", code, None);
        }
        for (i, param) in order.params.iter().enumerate() {
            let name_place = format!("/params/{i}/name");
            if param.value.is_empty() {
                push(&format!("/params/{i}/value"), "empty", None);
            }
            if param.name.is_empty() {
                push(&name_place, "empty", None);
                continue;
            }
            let first = order.params.iter().position(|p| p.name == param.name);
            if first < Some(i) {
                push(&name_place, "duplicate_param", first);
            }
            let template = self.template.as_ref();
            if template.is_some_and(|template| !template.contains(&param.name)) {
                push(&name_place, "unknown_param", None);
            }
        }
        for name in self.template.iter().flatten() {
            if !order.params.iter().any(|param| param.name == *name) {
                push("/params", "missing_param", None);
            }
        }
        faults
    }

    fn phone_codes(&self, phone: &str) -> Vec<&'static str> {
        let allowed = |phone: PhoneNumber| {
            let mut codes = self.country_codes.iter();
            codes.len() == 0 || codes.any(|code| code == phone.country_code())
        };
        match PhoneNumber::parse(phone) {
            Ok(phone) if allowed(phone) => Vec::new(),
            Ok(_) => vec!["country_code_not_allowed"],
            // What else is wrong with it is for the target `phone` to check.
            Err(fault) => {
                let mut rules = Rules::new();
                for code in &self.country_codes {
                    rules.allow_country_code(code).expect("it was allowed");
                }
                let order = Order {
                    order_id: "1",
                    user_phone: phone,
                    ..Order::default()
                };
                let mut batch = Batch::new(&TASK, rules).expect("the task is right");
                let violations = batch.add(&order).expect_err("it is no number");
                let codes: Vec<_> = violations.iter().map(Violation::code).collect();
                assert_eq!(codes[0], fault.code());
                codes
            }
        }
    }
}

/// A task that is wrong is refused in the same way with either policy, whatever the orders are.
fn check_wrong_task(json: &[u8], rules: &Rules, of_task: &Violations) {
    let wanted: Vec<_> = of_task.iter().map(Seen::of).collect();
    let whole = Batch::from_json(json, rules.clone()).map(drop);
    let kept = Batch::from_json_keep_valid(json, rules.clone()).map(drop);
    for refused in [whole, kept] {
        let violations = refused.expect_err("the task is wrong");
        check_violations(&violations);
        let not_of_orders = violations.iter().filter(|v| v.order_index().is_none());
        assert_same(not_of_orders.map(Seen::of).collect(), wanted.clone());
    }
}

/// A batch that is filled one by one, and one that keeps the good orders, hold the orders that are right.
fn check_keep_valid(
    json: &[u8],
    rules: &Rules,
    model: &Model<'_>,
    task: &Task<'_>,
    orders: &[Order<'_>],
) {
    let mut batch = Batch::new(task, rules.clone()).expect("the task is right");
    let (mut right, mut refused) = (Vec::<Order<'_>>::new(), Vec::new());
    let mut places = HashMap::new();
    for (index, order) in orders.iter().enumerate() {
        let own_index = right.len();
        // As the batch counts, which has only the right ones, and as the list does.
        let faults = |index, first_index: fn(&(usize, usize)) -> usize| {
            let mut faults = model.faults(index, order);
            faults.extend(too_many(index, model.max_orders == Some(right.len())));
            faults.extend(duplicate(
                index,
                places.get(order.order_id).map(first_index),
            ));
            faults
        };
        let own_faults = faults(own_index, |&(own, _)| own);
        refused.extend(faults(index, |&(_, listed)| listed));

        let before = batch.body().to_vec();
        match batch.add(order) {
            Ok(()) => {
                assert!(own_faults.is_empty(), "not found: {own_faults:?}");
                right.push(*order);
                places.insert(order.order_id, (own_index, index));
            }
            Err(violations) => {
                check_violations(&violations);
                assert_same(violations.iter().map(Seen::of).collect(), own_faults);
                assert_eq!(batch.body(), before);
            }
        }
    }
    // serde_json writes what the format demands.
    let body = written(&document(task, &right, 0), Style::Compact);
    assert_eq!(batch.body(), body);
    assert_eq!(batch.len(), right.len());

    let kept = Batch::from_json_keep_valid(json, rules.clone()).expect("the task is right");
    assert_eq!(kept.batch.body(), body);
    assert_eq!(kept.batch.len(), right.len());
    assert_same(kept.refused.iter().map(Seen::of).collect(), refused);
}

/// A whole list is taken, or refused with what is wrong with each order and with the list.
fn check_whole(
    json: &[u8],
    rules: &Rules,
    model: &Model<'_>,
    task: &Task<'_>,
    orders: &[Order<'_>],
) {
    let mut wanted = Vec::new();
    let mut firsts = HashMap::new();
    for (index, order) in orders.iter().enumerate() {
        wanted.extend(model.faults(index, order));
        wanted.extend(too_many(index, model.max_orders == Some(index)));
        if !order.order_id.is_empty() {
            let first = *firsts.entry(order.order_id).or_insert(index);
            wanted.extend(duplicate(index, Some(first).filter(|&first| first < index)));
        }
    }
    match Batch::from_json(json, rules.clone()) {
        Ok(batch) => {
            assert!(wanted.is_empty(), "not found: {wanted:?}");
            let body = written(&document(task, orders, 0), Style::Compact);
            assert_eq!(batch.body(), body);
            assert_eq!(batch.len(), orders.len());
        }
        Err(violations) => {
            check_violations(&violations);
            assert_same(violations.iter().map(Seen::of).collect(), wanted);
        }
    }
}

fn too_many(index: usize, is_so: bool) -> Option<Seen> {
    is_so.then(|| Seen {
        path: format!("/callInfoList/callList/{index}"),
        code: "too_many_orders",
        first: None,
    })
}

fn duplicate(index: usize, first: Option<usize>) -> Option<Seen> {
    first.map(|first| Seen {
        path: format!("/callInfoList/callList/{index}/orderID"),
        code: "duplicate_order_id",
        first: Some(first),
    })
}

/// What is compared of a violation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Seen {
    path: String,
    code: &'static str,
    first: Option<usize>,
}

impl Seen {
    fn of(violation: &Violation) -> Self {
        Self {
            path: violation.path(),
            code: violation.code(),
            first: match violation.kind() {
                ViolationKind::DuplicateOrderId { first }
                | ViolationKind::DuplicateParam { first } => Some(*first),
                _ => None,
            },
        }
    }
}

fn assert_same(mut found: Vec<Seen>, mut wanted: Vec<Seen>) {
    found.sort();
    wanted.sort();
    assert_eq!(found, wanted);
}

/// A JSON value whose keys stand in any order.
enum Json<'a> {
    Text(&'a str),
    List(Vec<Json<'a>>),
    Object(Vec<(&'static str, Json<'a>)>),
}

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(list) => serializer.collect_seq(list),
            Self::Object(pairs) => serializer.collect_map(pairs.iter().map(|(k, v)| (k, v))),
        }
    }
}

fn document<'a>(task: &Task<'a>, orders: &[Order<'a>], turn: u8) -> Json<'a> {
    let object = |mut pairs: Vec<_>| {
        let len = pairs.len();
        pairs.rotate_left(usize::from(turn) % len);
        Json::Object(pairs)
    };
    let param = |param: &Param<'a>| {
        object(vec![
            ("name", Json::Text(param.name)),
            ("value", Json::Text(param.value)),
        ])
    };
    let order = |order: &Order<'a>| {
        object(vec![
            ("orderID", Json::Text(order.order_id)),
            ("userPhone", Json::Text(order.user_phone)),
            ("other", Json::Text(order.other)),
            ("userName", Json::Text(order.user_name)),
            ("customerName", Json::Text(order.customer_name)),
            (
                "params",
                Json::List(order.params.iter().map(param).collect()),
            ),
        ])
    };
    let list = object(vec![
        ("orderCallbackUrl", Json::Text(task.order_callback_url)),
        ("callCallbackUrl", Json::Text(task.call_callback_url)),
        ("callList", Json::List(orders.iter().map(order).collect())),
    ]);
    object(vec![
        ("productID", Json::Text("callbot")),
        ("userTaskID", Json::Text(task.user_task_id)),
        ("callInfoList", list),
    ])
}

fn written(json: &Json<'_>, style: Style) -> Vec<u8> {
    let mut out = Vec::new();
    match style {
        Style::Compact => serde_json::to_writer(&mut out, json),
        Style::Pretty => json.serialize(&mut serde_json::Serializer::with_formatter(
            &mut out,
            PrettyFormatter::new(),
        )),
        Style::Escaped => json.serialize(&mut serde_json::Serializer::with_formatter(
            &mut out, Escaped,
        )),
    }
    .expect("a vector takes everything");
    out
}

/// Writes every character of a string as an escape, surrogate pairs included.
struct Escaped;

impl Formatter for Escaped {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        fragment
            .encode_utf16()
            .try_for_each(|unit| write!(out, "\\u{unit:04X}"))
    }
}
