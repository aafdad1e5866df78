//! A list of orders, added one by one and read from JSON: the same bytes, or the same violations.
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
    user_task_id: Str<'a>,
    order_callback_url: Url<'a>,
    call_callback_url: Url<'a>,
    template: Option<Vec<Str<'a>>>,
    country_codes: Vec<u16>,
    max_orders: Option<u8>,
    orders: Vec<OrderInput<'a>>,
    style: Style,
    /// By how many positions the keys of the objects are rotated.
    rotation: u8,
}

#[derive(Arbitrary, Debug)]
struct OrderInput<'a> {
    order_id: Str<'a>,
    user_phone: Phone<'a>,
    other: Str<'a>,
    user_name: Str<'a>,
    customer_name: Str<'a>,
    params: Vec<(Str<'a>, Str<'a>)>,
}

#[derive(Arbitrary, Debug)]
enum Str<'a> {
    Any(&'a str),
    Listed(u8),
}

#[derive(Arbitrary, Debug)]
enum Phone<'a> {
    Any(Str<'a>),
    Digits(u64),
    Chinese(u32),
}

#[derive(Arbitrary, Debug)]
enum Url<'a> {
    Any(Str<'a>),
    Https(Str<'a>),
    Valid,
}

#[derive(Arbitrary, Debug, Clone, Copy)]
enum Style {
    Compact,
    Pretty,
    Escaped,
}

/// Strings that a fuzzer takes long to find, or that should occur as duplicates.
const LISTED: [&str; 27] = [
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
    "a\u{200b}",
    "é\u{fe0f}",
    TOO_LONG,
];

/// An ID of 4097 bytes.
const TOO_LONG: &str = {
    const BYTES: [u8; 4097] = [b'a'; 4097];
    match str::from_utf8(&BYTES) {
        Ok(string) => string,
        Err(_) => unreachable!(),
    }
};

impl<'a> Str<'a> {
    fn get(&self) -> &'a str {
        match *self {
            Self::Any(string) => string,
            Self::Listed(i) => LISTED[usize::from(i) % LISTED.len()],
        }
    }
}

impl<'a> Phone<'a> {
    fn get(&self) -> Cow<'a, str> {
        match self {
            Self::Any(string) => string.get().into(),
            Self::Digits(digits) => digits.to_string().into(),
            Self::Chinese(digits) => format!("861{digits:010}").into(),
        }
    }
}

impl<'a> Url<'a> {
    fn get(&self) -> Cow<'a, str> {
        match self {
            Self::Any(string) => string.get().into(),
            Self::Https(rest) => format!("https://{}", rest.get()).into(),
            Self::Valid => "https://example.com/".into(),
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
    let json = written(&document(&task, &orders, input.rotation), input.style);

    let empty = Batch::new(&task, rules.clone());
    if let Err(of_task) = empty {
        check_violations(&of_task);
        check_invalid_task(&json, &rules, &of_task);
        return;
    }
    check_keep_valid(&json, &rules, &model, &task, &orders);
    check_whole(&json, &rules, &model, &task, &orders);
});

/// The maximum length of an orderID in bytes.
const MAX_ID_LEN: usize = 4096;

/// Whether a batch refuses one of two names since nobody sees how they differ. The tests of the
/// core compare names with other reference code.
fn look_equal(one: &str, other: &str) -> bool {
    let mut rules = Rules::new();
    rules.allow_blank_edges();
    let mut batch = Batch::new(&TASK, rules).expect("the task is valid");
    let params = [one, other].map(|name| [Param { name, value: "v" }]);
    let [first, second] = [("1", &params[0]), ("2", &params[1])].map(|(order_id, params)| Order {
        order_id,
        user_phone: "8613800000001",
        params,
        ..Order::default()
    });
    batch.add(&first).expect("the name is valid");
    let refused = batch.add(&second);
    refused.is_err_and(|refused| refused.iter().any(|v| v.code() == "similar_param"))
}

/// Such a string may not go out.
fn has_nul(string: &str) -> bool {
    string.contains('\0')
}

/// The rules as data, for [`Model::violations`].
#[derive(Default)]
struct Model<'a> {
    template: Option<Vec<&'a str>>,
    country_codes: Vec<String>,
    max_orders: Option<usize>,
}

fn rules<'a>(input: &Input<'a>) -> (Rules, Model<'a>) {
    let (mut rules, mut model) = (Rules::new(), Model::default());
    rules.allow_blank_edges();
    // The model omits what the rules refuse.
    if let Some(names) = &input.template {
        rules.require_no_other_params();
        let names = names.iter().map(Str::get);
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
    let param = |(name, value): &(Str<'a>, Str<'a>)| Param {
        name: name.get(),
        value: value.get(),
    };
    order.params.iter().map(param).collect()
}

impl Model<'_> {
    /// The violations of a single order, by simple reference code. `names` are those of the orders
    /// before it, and then its own.
    fn violations<'o>(
        &self,
        index: usize,
        order: &Order<'o>,
        names: &mut Vec<&'o str>,
    ) -> Vec<Seen> {
        let mut violations = Vec::new();
        let mut push = |suffix: &str, code, first| {
            let path = format!("/callInfoList/callList/{index}{suffix}");
            violations.push(Seen { path, code, first });
        };
        let strings = [
            ("/orderID", order.order_id),
            ("/userPhone", order.user_phone),
            ("/other", order.other),
            ("/userName", order.user_name),
            ("/customerName", order.customer_name),
        ];
        for (path, _) in strings.iter().filter(|(_, string)| has_nul(string)) {
            push(path, "nul_character", None);
        }
        if order.order_id.is_empty() {
            push("/orderID", "empty", None);
        }
        if order.order_id.len() > MAX_ID_LEN && !has_nul(order.order_id) {
            push("/orderID", "id_too_long", None);
        }
        if !has_nul(order.user_phone) {
            for code in self.phone_codes(order.user_phone) {
                push("/userPhone", code, None);
            }
        }
        for (i, param) in order.params.iter().enumerate() {
            let name_path = format!("/params/{i}/name");
            if param.value.is_empty() {
                push(&format!("/params/{i}/value"), "empty", None);
            }
            if has_nul(param.value) {
                push(&format!("/params/{i}/value"), "nul_character", None);
            }
            if has_nul(param.name) {
                push(&name_path, "nul_character", None);
                continue;
            }
            if param.name.is_empty() {
                push(&name_path, "empty", None);
                continue;
            }
            let first = order.params.iter().position(|p| p.name == param.name);
            if first < Some(i) {
                push(&name_path, "duplicate_param", first);
            }
            let template = self.template.as_ref();
            if template.is_none() && !names.contains(&param.name) {
                if names.iter().any(|name| look_equal(name, param.name)) {
                    push(&name_path, "similar_param", None);
                } else {
                    names.push(param.name);
                }
            }
            if template.is_some_and(|template| !template.contains(&param.name)) {
                push(&name_path, "unknown_param", None);
            }
        }
        for name in self.template.iter().flatten() {
            if !order.params.iter().any(|param| param.name == *name) {
                push("/params", "missing_param", None);
            }
        }
        violations
    }

    fn phone_codes(&self, phone: &str) -> Vec<&'static str> {
        let allowed = |phone: PhoneNumber| {
            let mut codes = self.country_codes.iter();
            codes.len() == 0 || codes.any(|code| code == phone.country_code())
        };
        match PhoneNumber::parse(phone) {
            Ok(phone) if allowed(phone) => Vec::new(),
            Ok(_) => vec!["country_code_not_allowed"],
            // The target `phone` checks all other violations.
            Err(error) => {
                let mut rules = Rules::new();
                for code in &self.country_codes {
                    rules
                        .allow_country_code(code)
                        .expect("the country code was allowed before");
                }
                let order = Order {
                    order_id: "1",
                    user_phone: phone,
                    ..Order::default()
                };
                let mut batch = Batch::new(&TASK, rules).expect("the task is valid");
                let violations = batch.add(&order).expect_err("the phone number is invalid");
                let codes: Vec<_> = violations.iter().map(Violation::code).collect();
                assert_eq!(codes[0], error.code());
                codes
            }
        }
    }
}

/// Both policies refuse an invalid task alike, whatever the orders are.
fn check_invalid_task(json: &[u8], rules: &Rules, of_task: &Violations) {
    let wanted: Vec<_> = of_task.iter().map(Seen::of).collect();
    let whole = Batch::from_json(json, rules.clone()).map(drop);
    let kept = Batch::from_json_keep_valid(json, rules.clone()).map(drop);
    for refused in [whole, kept] {
        let violations = refused.expect_err("the task is invalid");
        check_violations(&violations);
        let not_of_orders = violations.iter().filter(|v| v.order_index().is_none());
        assert_same(not_of_orders.map(Seen::of).collect(), wanted.clone());
    }
}

/// Orders added one by one, and a document under `KeepValid`, give a batch of the valid orders.
fn check_keep_valid(
    json: &[u8],
    rules: &Rules,
    model: &Model<'_>,
    task: &Task<'_>,
    orders: &[Order<'_>],
) {
    let mut batch = Batch::new(task, rules.clone()).expect("the task is valid");
    let (mut valid, mut refused) = (Vec::<Order<'_>>::new(), Vec::new());
    let mut indices = HashMap::new();
    let mut names = Vec::new();
    for (index, order) in orders.iter().enumerate() {
        let own_index = valid.len();
        // With indices in the batch, which has only valid orders, and in the list.
        let violations_at = |index, first_index: fn(&(usize, usize)) -> usize| {
            let mut with_own = names.clone();
            let mut found = model.violations(index, order, &mut with_own);
            found.extend(too_many(index, model.max_orders == Some(valid.len())));
            found.extend(duplicate(
                index,
                indices.get(order.order_id).map(first_index),
            ));
            (found, with_own)
        };
        let (own_violations, with_own) = violations_at(own_index, |&(own, _)| own);
        refused.extend(violations_at(index, |&(_, listed)| listed).0);

        let before = batch.body().to_vec();
        match batch.add(order) {
            Ok(()) => {
                assert!(own_violations.is_empty(), "not found: {own_violations:?}");
                valid.push(*order);
                indices.insert(order.order_id, (own_index, index));
                names = with_own;
            }
            Err(violations) => {
                check_violations(&violations);
                assert_same(violations.iter().map(Seen::of).collect(), own_violations);
                assert_eq!(batch.body(), before);
            }
        }
    }
    // serde_json writes the body format.
    let body = written(&document(task, &valid, 0), Style::Compact);
    assert_eq!(batch.body(), body);
    assert_eq!(batch.len(), valid.len());

    let kept = Batch::from_json_keep_valid(json, rules.clone()).expect("the task is valid");
    assert_eq!(kept.batch.body(), body);
    assert_eq!(kept.batch.len(), valid.len());
    assert_same(kept.refused.iter().map(Seen::of).collect(), refused);
}

/// A whole list is accepted, or refused with the violations of each order and of the list.
fn check_whole(
    json: &[u8],
    rules: &Rules,
    model: &Model<'_>,
    task: &Task<'_>,
    orders: &[Order<'_>],
) {
    let mut wanted = Vec::new();
    let (mut firsts, mut names) = (HashMap::new(), Vec::new());
    for (index, order) in orders.iter().enumerate() {
        wanted.extend(model.violations(index, order, &mut names));
        wanted.extend(too_many(index, model.max_orders == Some(index)));
        let can_be_id = (1..=MAX_ID_LEN).contains(&order.order_id.len());
        if can_be_id && !has_nul(order.order_id) {
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

fn too_many(index: usize, is_excess: bool) -> Option<Seen> {
    is_excess.then(|| Seen {
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

/// The compared parts of a violation.
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

/// A JSON value with keys in any order.
enum Json<'a> {
    String(&'a str),
    List(Vec<Json<'a>>),
    Object(Vec<(&'static str, Json<'a>)>),
}

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::String(string) => serializer.serialize_str(string),
            Self::List(list) => serializer.collect_seq(list),
            Self::Object(pairs) => serializer.collect_map(pairs.iter().map(|(k, v)| (k, v))),
        }
    }
}

fn document<'a>(task: &Task<'a>, orders: &[Order<'a>], rotation: u8) -> Json<'a> {
    let object = |mut pairs: Vec<_>| {
        let len = pairs.len();
        pairs.rotate_left(usize::from(rotation) % len);
        Json::Object(pairs)
    };
    let param = |param: &Param<'a>| {
        object(vec![
            ("name", Json::String(param.name)),
            ("value", Json::String(param.value)),
        ])
    };
    let order = |order: &Order<'a>| {
        object(vec![
            ("orderID", Json::String(order.order_id)),
            ("userPhone", Json::String(order.user_phone)),
            ("other", Json::String(order.other)),
            ("userName", Json::String(order.user_name)),
            ("customerName", Json::String(order.customer_name)),
            (
                "params",
                Json::List(order.params.iter().map(param).collect()),
            ),
        ])
    };
    let list = object(vec![
        ("orderCallbackUrl", Json::String(task.order_callback_url)),
        ("callCallbackUrl", Json::String(task.call_callback_url)),
        ("callList", Json::List(orders.iter().map(order).collect())),
    ]);
    object(vec![
        ("productID", Json::String("callbot")),
        ("userTaskID", Json::String(task.user_task_id)),
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
    .expect("writing to a vector cannot fail");
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
