//! What holds for any input, against plain reference code.

mod common;

use callbot_core::{
    Algorithm, Batch, Credentials, OrderBytes, ParamBytes, PhoneError, PhoneNumber, Policy,
    RequestId, Rules, SecretKey, Task, Timestamp, ViolationKind, Violations,
};
use common::{OwnedOrder, country_codes, timestamp};
use md5::Md5;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::str;

// ---------------------------------------------------------------------------------------------------------- signatures

/// The signing rule as the API's page has it: one string, one hash.
fn plain_signature(algorithm: Algorithm, parts: [&[u8]; 5]) -> String {
    let [secret_key, body, create_ts, request_id, uuid] = parts;
    let mut text = secret_key.to_vec();
    text.extend_from_slice(b"&body=");
    text.extend_from_slice(body);
    text.extend_from_slice(b"&createTs=");
    text.extend_from_slice(create_ts);
    text.extend_from_slice(b"&requestID=");
    text.extend_from_slice(request_id);
    text.extend_from_slice(b"&uuid=");
    text.extend_from_slice(uuid);
    let digest = match algorithm {
        Algorithm::Md5 => Md5::digest(text).to_vec(),
        Algorithm::Sha256 => Sha256::digest(text).to_vec(),
    };
    let digits = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .map(|digit| char::from(b"0123456789ABCDEF"[usize::from(digit)]))
        .collect()
}

fn algorithm() -> impl Strategy<Value = Algorithm> {
    select(vec![Algorithm::Md5, Algorithm::Sha256])
}

fn token() -> impl Strategy<Value = String> {
    "[A-Za-z0-9_.:-]{1,128}"
}

fn secret_key() -> impl Strategy<Value = String> {
    // No blank at either end, anything between.
    ("[!-~é中😀]", any::<String>(), "[!-~é中😀]").prop_map(|(a, b, c)| a + &b + &c)
}

fn seconds() -> impl Strategy<Value = u64> {
    prop_oneof![1..=99_999_999_999_u64, 1..=99_u64]
}

proptest! {
    #![proptest_config(common::cases(256))]

    #[test]
    fn a_signature_is_the_hash_of_the_plain_string(
        algorithm in algorithm(),
        secret_key in secret_key(),
        body in proptest::collection::vec(any::<u8>(), 0..400),
        seconds in seconds(),
        request_id in token(),
        uuid in token(),
    ) {
        let credentials = Credentials::new(
            uuid.as_str(), SecretKey::new(secret_key.as_str()).unwrap(), algorithm).unwrap();
        let id = RequestId::new(request_id.as_str()).unwrap();
        let sign = credentials.sign(&id, timestamp(seconds), &body);
        let digits = seconds.to_string();
        let plain = plain_signature(algorithm, [
            secret_key.as_bytes(), &body, digits.as_bytes(), request_id.as_bytes(), uuid.as_bytes()]);
        prop_assert_eq!(sign.as_str(), plain);
        prop_assert_eq!(sign, credentials.sign(&id, timestamp(seconds), &body));
    }

    #[test]
    fn any_changed_bit_changes_the_signature(
        algorithm in algorithm(),
        body in proptest::collection::vec(any::<u8>(), 1..400),
        at in any::<Index>(),
        bit in 0..8_u32,
    ) {
        let credentials = common::credentials(algorithm);
        let id = common::request_id("r");
        let mut changed = body.clone();
        let at = at.index(body.len());
        changed[at] ^= 1 << bit;
        let sign = |body: &[u8]| credentials.sign(&id, timestamp(1), body);
        prop_assert_ne!(sign(&body), sign(&changed));
        prop_assert_ne!(sign(&body), sign(&body[..body.len() - 1]));
        changed = body.clone();
        changed.push(0);
        prop_assert_ne!(sign(&body), sign(&changed));
    }

    #[test]
    fn every_part_is_signed(
        algorithm in algorithm(),
        seconds in 1..=99_999_999_998_u64,
        id in "[a-z0-9]{1,20}",
    ) {
        let account = |uuid: &str, key: &str| {
            Credentials::new(uuid, SecretKey::new(key).unwrap(), algorithm).unwrap()
        };
        let request_id = |id: &str| RequestId::new(id).unwrap();
        let one = account("u", "k").sign(&request_id(&id), timestamp(seconds), b"{}");
        for other in [
            account("v", "k").sign(&request_id(&id), timestamp(seconds), b"{}"),
            account("u", "l").sign(&request_id(&id), timestamp(seconds), b"{}"),
            account("u", "k").sign(&request_id(&format!("{id}x")), timestamp(seconds), b"{}"),
            account("u", "k").sign(&request_id(&id), timestamp(seconds + 1), b"{}"),
        ] {
            prop_assert_ne!(one, other);
        }
    }

    #[test]
    fn a_signed_request_carries_the_signature_of_its_body(
        algorithm in algorithm(),
        orders in good_orders(),
        seconds in seconds(),
        id in token(),
    ) {
        let batch = batch_of(&orders);
        let credentials = common::credentials(algorithm);
        let request = batch.sign(&credentials, RequestId::new(id.as_str()).unwrap(), timestamp(seconds));
        if orders.is_empty() {
            prop_assert!(request.is_err());
        } else {
            let request = request.unwrap();
            let plain = plain_signature(algorithm, [
                b"u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr", batch.body(), seconds.to_string().as_bytes(),
                id.as_bytes(), b"Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR"]);
            let headers = request.headers();
            prop_assert!(headers.contains(&("sign", &*plain)));
            prop_assert!(headers.contains(&("requestID", &*id)));
            prop_assert!(headers.contains(&("createTs", &*seconds.to_string())));
            for (_, value) in headers {
                prop_assert!(value.bytes().all(|b| b.is_ascii_graphic()));
            }
        }
    }

    #[test]
    fn tokens_hold_ascii_letters_digits_and_a_few_signs(text in any::<String>()) {
        let plain = (1..=128).contains(&text.len())
            && text.chars().all(|c| matches!(c, 'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' | '.' | ':'));
        prop_assert_eq!(RequestId::new(text.as_str()).is_ok(), plain);
        let key = SecretKey::new("k").unwrap();
        prop_assert_eq!(Credentials::new(text.as_str(), key, Algorithm::Md5).is_ok(), plain);
    }

    #[test]
    fn a_timestamp_is_what_a_number_is_written_as(
        text in prop_oneof![any::<String>(), "[0-9]{0,22}", "[-+ ]?[0-9]{0,12}[.e ]?[0-9]?"],
    ) {
        // The plain rule: a number in range, and written as numbers are.
        let plain = text.parse::<u64>().ok().filter(|n| {
            (1..=99_999_999_999).contains(n) && n.to_string() == text
        });
        prop_assert_eq!(text.parse::<Timestamp>().ok().map(Timestamp::unix_seconds), plain);
    }

    #[test]
    fn signed_and_unsigned_seconds_agree(seconds in any::<i64>()) {
        let unsigned = u64::try_from(seconds).ok().and_then(|s| Timestamp::from_unix_seconds(s).ok());
        prop_assert_eq!(Timestamp::try_from(seconds).ok(), unsigned);
        prop_assert_eq!(unsigned.is_some(), (1..=99_999_999_999).contains(&seconds));
    }
}

// -------------------------------------------------------------------------------------------------------------- orders

/// Texts with what JSON escapes more often than by chance.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[\\x00-\\x20\"\\\\/a\\x7f\u{80}\u{2028}é中😀]{0,20}",
        "[ -~]{0,40}",
        Just(String::new()),
    ]
}

fn good_phone() -> impl Strategy<Value = String> {
    (select(country_codes()), "[0-9]{14}", 7..=15_usize)
        .prop_map(|(code, digits, len)| (code + &digits)[..len].to_owned())
}

fn params(name: impl Strategy<Value = String>) -> impl Strategy<Value = Vec<(String, String)>> {
    let value = text().prop_filter("a value", |value| !value.is_empty());
    proptest::collection::vec((name, value), 0..5)
}

fn good_order() -> impl Strategy<Value = OwnedOrder> {
    let name = text().prop_filter("a name", |name| !name.is_empty());
    (text(), good_phone(), text(), text(), text(), params(name)).prop_map(
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

/// Orders whose ids are different and not empty.
fn good_orders() -> impl Strategy<Value = Vec<OwnedOrder>> {
    proptest::collection::vec(good_order(), 0..6).prop_map(|mut orders| {
        for (i, order) in orders.iter_mut().enumerate() {
            order.order_id = format!("{i}{}", order.order_id);
        }
        orders
    })
}

/// Orders of which some are wrong, in one way or another, and whose ids repeat.
fn mixed_orders() -> impl Strategy<Value = Vec<OwnedOrder>> {
    let order_id = prop_oneof![9 => "[ab\"\\\\]{1,2}", 1 => Just(String::new())];
    let phone = prop_oneof![
        8 => good_phone(),
        1 => "[0-9]{0,17}",
        1 => "[+ 0-9-]{0,14}",
    ];
    let name = select(vec!["p", "q", "r", ""]).prop_map(String::from);
    let order = (order_id, phone, text(), params(name)).prop_map(
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

fn rules() -> impl Strategy<Value = Rules> {
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

fn batch_of(orders: &[OwnedOrder]) -> Batch {
    let mut batch = common::batch();
    for order in orders {
        order.add_to(&mut batch).unwrap();
    }
    batch
}

fn document(orders: &[OwnedOrder]) -> Value {
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

/// Writes JSON as loosely as JSON allows: blanks, keys in any order, characters escaped that need not be. `choices` are
/// used in turn, and over again.
struct LooseWriter<'a> {
    choices: std::iter::Cycle<std::slice::Iter<'a, u8>>,
    out: String,
}

impl LooseWriter<'_> {
    fn write(value: &Value, choices: &[u8]) -> String {
        let mut writer = LooseWriter {
            choices: choices.iter().cycle(),
            out: String::new(),
        };
        writer.blanks();
        writer.value(value);
        writer.blanks();
        writer.out
    }

    fn choose(&mut self, n: u8) -> u8 {
        self.choices.next().copied().unwrap_or_default() % n
    }

    fn blanks(&mut self) {
        let blanks = ["", "", "", " ", "\n", "\t\r\n  "];
        let choice = self.choose(6);
        self.out.push_str(blanks[usize::from(choice)]);
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.string(text),
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
                    writer.blanks();
                    writer.out.push(':');
                    writer.blanks();
                    writer.value(value);
                });
            }
            other => self.out.push_str(&other.to_string()),
        }
    }

    fn list<T>(&mut self, open: char, parts: &[T], close: char, write: impl Fn(&mut Self, &T)) {
        self.out.push(open);
        self.blanks();
        for (i, part) in parts.iter().enumerate() {
            if i > 0 {
                self.out.push(',');
                self.blanks();
            }
            write(self, part);
            self.blanks();
        }
        self.out.push(close);
    }

    fn string(&mut self, text: &str) {
        use std::fmt::Write;
        self.out.push('"');
        for c in text.chars() {
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

fn choices() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 1..200)
}

/// The faults without the numbers that depend on how orders are counted.
fn kinds<'v>(violations: impl IntoIterator<Item = &'v Violations>) -> Vec<(&'static str, String)> {
    let each = violations.into_iter().flat_map(Violations::iter);
    each.map(|violation| {
        let fault = match violation.kind() {
            ViolationKind::DuplicateOrderId { .. } => String::new(),
            fault => format!("{fault:?}"),
        };
        (violation.code(), fault)
    })
    .collect()
}

proptest! {
    #![proptest_config(common::cases(256))]

    #[test]
    fn both_ways_in_give_the_same_bytes(orders in good_orders(), choices in choices()) {
        let loose = LooseWriter::write(&document(&orders), &choices);
        let batch = batch_of(&orders);
        let read = Batch::from_json(loose.as_bytes(), Rules::new()).unwrap();
        prop_assert_eq!(read.body(), batch.body());
        prop_assert_eq!(read.len(), orders.len());
        let kept = Batch::from_json_keep_valid(loose.as_bytes(), Rules::new()).unwrap();
        prop_assert_eq!(kept.batch.body(), batch.body());
        prop_assert!(kept.refused.is_empty());
        // What was written is read again as it is.
        let again = Batch::from_json(batch.body(), Rules::new()).unwrap();
        prop_assert_eq!(again.body(), batch.body());
    }

    #[test]
    fn what_is_read_back_is_what_was_put_in(
        user_task_id in text(),
        query in "[a-zA-Z0-9%20&=/?]{0,20}",
        orders in good_orders(),
    ) {
        let url = format!("https://a.example:8080/{}", query.replace('%', "%25"));
        let user_task_id = format!("t{user_task_id}");
        let task = Task { user_task_id: &user_task_id, order_callback_url: &url, call_callback_url: "HTTP://b" };
        let mut batch = Batch::new(&task, Rules::new()).unwrap();
        for order in &orders {
            order.add_to(&mut batch).unwrap();
        }
        let mut expected = document(&orders);
        expected["userTaskID"] = user_task_id.into();
        expected["callInfoList"]["orderCallbackUrl"] = url.into();
        expected["callInfoList"]["callCallbackUrl"] = "HTTP://b".into();
        let back: Value = serde_json::from_slice(batch.body()).unwrap();
        prop_assert_eq!(back, expected);
    }

    #[test]
    fn only_what_must_be_is_escaped(text in text()) {
        let order = OwnedOrder { order_id: "i".into(), user_phone: "1234567".into(), other: text.clone(), ..OwnedOrder::default() };
        let batch = batch_of(&[order]);
        let body = std::str::from_utf8(batch.body()).unwrap();
        let written = body.split_once("\"other\":\"").unwrap().1.split_once("\",\"userName\"").unwrap().0;
        let mut plain = String::new();
        for c in text.chars() {
            match c {
                '"' | '\\' => plain.extend(['\\', c]),
                '\u{8}' => plain.push_str("\\b"),
                '\u{c}' => plain.push_str("\\f"),
                '\n' => plain.push_str("\\n"),
                '\r' => plain.push_str("\\r"),
                '\t' => plain.push_str("\\t"),
                c if c < ' ' => {
                    let digits = [u32::from(c) >> 4, u32::from(c) & 15];
                    plain.push_str("\\u00");
                    plain.extend(digits.map(|digit| char::from_digit(digit, 16).unwrap()));
                }
                c => plain.push(c),
            }
        }
        prop_assert_eq!(written, plain);
    }

    #[test]
    fn keep_valid_keeps_what_add_accepts(orders in mixed_orders(), rules in rules(), choices in choices()) {
        let mut batch = common::batch_with(rules.clone());
        let mut accepted = Vec::new();
        let mut refused = Vec::new();
        let mut refused_at = Vec::new();
        for (i, order) in orders.iter().enumerate() {
            match order.add_to(&mut batch) {
                Ok(()) => accepted.push(order.clone()),
                Err(violations) => {
                    for _ in 0..violations.len() {
                        refused_at.push(Some(i));
                    }
                    refused.push(violations);
                }
            }
        }
        prop_assert_eq!(batch.len(), accepted.len());
        let plain = batch_of(&accepted);
        prop_assert_eq!(batch.body(), plain.body());

        let json = LooseWriter::write(&document(&orders), &choices);
        let kept = Batch::from_json_keep_valid(json.as_bytes(), rules.clone()).unwrap();
        prop_assert_eq!(kept.batch.body(), batch.body());
        prop_assert_eq!(kept.batch.len(), batch.len());
        prop_assert_eq!(kinds([&kept.refused]), kinds(&refused));
        let indexes: Vec<_> = kept.refused.iter().map(callbot_core::Violation::order_index).collect();
        prop_assert_eq!(indexes, refused_at);

        // The whole is refused exactly when one is.
        match Batch::from_json(json.as_bytes(), rules.clone()) {
            Ok(all) => {
                prop_assert!(refused.is_empty());
                prop_assert_eq!(all.body(), batch.body());
            }
            Err(violations) => {
                prop_assert!(!refused.is_empty());
                prop_assert!(!violations.is_empty());
            }
        }

        // So it is with the same orders by value, whether or not their texts are known to be UTF-8.
        for are_bytes in [false, true] {
            let add = |batch: &mut Batch, policy| {
                let mut additions = batch.begin(policy);
                for order in &orders {
                    if are_bytes {
                        order.with_bytes(|order| additions.add_bytes(order)).expect("it is UTF-8");
                    } else {
                        order.with(|order| additions.add(order));
                    }
                }
                additions.finish()
            };
            let mut added = common::batch_with(rules.clone());
            prop_assert_eq!(add(&mut added, Policy::KeepValid), Ok(kept.refused.clone()));
            prop_assert_eq!(added.body(), batch.body());
            let mut added = common::batch_with(rules.clone());
            let refused = add(&mut added, Policy::RefuseAll).err();
            prop_assert_eq!(&refused, &Batch::from_json(json.as_bytes(), rules.clone()).err());
            prop_assert_eq!(added.len(), if refused.is_some() { 0 } else { orders.len() });
        }
    }

    #[test]
    fn with_a_template_the_body_is_the_same(
        orders in good_orders(),
        names in prop::collection::btree_set(prop_oneof![text(), "[a-z\"é]{1,100}"], 0..4),
        is_turned in any::<bool>(),
    ) {
        let names: Vec<String> = names.into_iter().filter(|name| !name.is_empty()).collect();
        let mut rules = Rules::new();
        rules.require_no_other_params();
        for name in &names {
            rules.require_param(name).unwrap();
        }
        let mut without = common::batch();
        let mut with = common::batch_with(rules.clone());
        let mut with_bytes = common::batch_with(rules);
        let mut additions = with_bytes.begin(Policy::RefuseAll);
        for order in orders {
            let mut params: Vec<_> = names.iter().map(|name| (name.clone(), order.other.clone() + "v")).collect();
            if is_turned {
                params.reverse();
            }
            let order = OwnedOrder { params, ..order };
            order.add_to(&mut without).unwrap();
            order.add_to(&mut with).unwrap();
            order.with_bytes(|order| additions.add_bytes(order)).unwrap();
        }
        additions.finish().unwrap();
        prop_assert_eq!(with.body(), without.body());
        prop_assert_eq!(with_bytes.body(), without.body());
    }

    #[test]
    fn an_order_with_a_text_that_is_no_utf8_is_not_in_the_list(
        orders in good_orders(),
        wrong in good_order(),
        policy in select(vec![Policy::RefuseAll, Policy::KeepValid]),
        which in 0..7_usize,
        at in any::<Index>(),
        junk in select(vec![&b"\xff"[..], b"\xc3", b"\xe4\xb8", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xc0\xaf"]),
    ) {
        const TEXTS: [&str; 7] =
            ["params[].name", "params[].value", "order_id", "user_phone", "other", "user_name", "customer_name"];
        let mut rules = Rules::new();
        rules.max_orders(orders.len() + 1).expect("a rule");
        let mut batch = common::batch_with(rules);
        let mut additions = batch.begin(policy);
        let (before, after) = orders.split_at(orders.len() / 2);
        for order in before {
            order.with_bytes(|order| additions.add_bytes(order)).expect("it is UTF-8");
        }
        let spoil = |text: &str| {
            let mut bytes = text.as_bytes().to_vec();
            let at = at.index(bytes.len() + 1);
            bytes.splice(at..at, junk.iter().copied());
            bytes
        };
        let wrong = OwnedOrder { order_id: format!("w{}", wrong.order_id), ..wrong };
        let spoilt = wrong.with_bytes(|order| {
            let mut texts = [b"n", b"v", order.order_id, order.user_phone, order.other, order.user_name, order.customer_name]
                .map(<[u8]>::to_vec);
            texts[which] = spoil(str::from_utf8(&texts[which]).expect("it was UTF-8"));
            texts
        });
        let [name, value, order_id, user_phone, other, user_name, customer_name] = spoilt.each_ref().map(Vec::as_slice);
        let params = [ParamBytes { name, value }];
        let order = OrderBytes { order_id, user_phone, other, user_name, customer_name, params: &params };
        let Err(expected) = str::from_utf8(&spoilt[which]) else {
            // What was put in goes with what stood behind it.
            return Ok(());
        };
        let error = additions.add_bytes(&order).unwrap_err();
        prop_assert_eq!((error.text(), error.valid_up_to()), (TEXTS[which], expected.valid_up_to()));
        prop_assert!(error.to_string().starts_with(TEXTS[which]));

        for order in after {
            order.with_bytes(|order| additions.add_bytes(order)).expect("it is UTF-8");
        }
        // The list says the same, whatever else is wrong with the order.
        let (refused, taken) = match additions.finish() {
            Ok(refused) => (refused, &orders[..]),
            Err(refused) => (refused, &[][..]),
        };
        prop_assert_eq!(taken.is_empty(), policy == Policy::RefuseAll || orders.is_empty());
        let keys = ["params/0/name", "params/0/value", "orderID", "userPhone", "other", "userName", "customerName"];
        let path = format!("/callInfoList/callList/{}/{}", before.len(), keys[which]);
        let fault = ViolationKind::TextNotUtf8 { offset: expected.valid_up_to() };
        prop_assert!(refused.iter().any(|found| found.path() == path && *found.kind() == fault));
        prop_assert!(refused.iter().all(|violation| violation.order_index() == Some(before.len())));
        let plain = batch_of(taken);
        prop_assert_eq!(batch.body(), plain.body());
        prop_assert_eq!(batch.len(), taken.len());
    }
}

/// What can be done with a batch.
#[derive(Debug, Clone)]
enum Step {
    Add(OwnedOrder),
    AddAll(Vec<OwnedOrder>),
    Clear,
    Sign,
    Clone,
    Reserve,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => good_order().prop_map(|mut order| {
            // Few ids, so that they meet again.
            order.order_id = order.order_id.len().to_string();
            Step::Add(order)
        }),
        1 => mixed_orders().prop_map(|orders| Step::AddAll(orders.into_iter().take(3).collect())),
        1 => Just(Step::Clear),
        2 => Just(Step::Sign),
        1 => Just(Step::Clone),
        1 => Just(Step::Reserve),
    ]
}

proptest! {
    #![proptest_config(common::cases(256))]

    #[test]
    fn a_batch_is_the_list_of_its_orders_whatever_was_done_to_it(steps in proptest::collection::vec(step(), 1..20)) {
        let mut batch = common::batch();
        let mut model: Vec<OwnedOrder> = Vec::new();
        let mut requests = Vec::new();
        let is_new = |model: &[OwnedOrder], order: &OwnedOrder| {
            model.iter().all(|other| other.order_id != order.order_id)
        };
        for step in steps {
            match step {
                Step::Add(order) => {
                    let added = order.add_to(&mut batch).is_ok();
                    prop_assert_eq!(added, is_new(&model, &order));
                    if added {
                        model.push(order);
                    }
                }
                Step::AddAll(orders) => {
                    let mut additions = batch.begin(Policy::RefuseAll);
                    for order in &orders {
                        order.with(|order| additions.add(order));
                    }
                    if additions.finish().is_ok() {
                        model.extend(orders);
                    }
                }
                Step::Clear => {
                    batch.clear();
                    model.clear();
                }
                Step::Sign => {
                    let credentials = common::credentials(Algorithm::Md5);
                    let signed = batch.sign(&credentials, common::request_id("r"), timestamp(1));
                    prop_assert_eq!(signed.is_ok(), !model.is_empty());
                    requests.extend(signed.map(|request| (request, batch.body().to_vec())));
                }
                Step::Clone => batch = batch.clone(),
                Step::Reserve => batch.reserve(2, 100),
            }
            prop_assert_eq!(batch.len(), model.len());
            let plain = batch_of(&model);
            prop_assert_eq!(batch.body(), plain.body());
        }
        for (request, body) in requests {
            prop_assert_eq!(request.body(), body);
        }
    }
}

// ----------------------------------------------------------------------------------------------------------- documents

/// Values that do not belong where they are put.
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
    fn a_document_is_taken_as_it_is_or_refused_with_places_that_are_in_it(
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
    fn whatever_is_taken_is_taken_whole(
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
            let text: Value = serde_json::from_slice(&json).unwrap();
            let back: Value = serde_json::from_slice(batch.body()).unwrap();
            prop_assert_eq!(text, back);
        }
        let _ = Batch::from_json_keep_valid(&json, Rules::new());
    }

    #[test]
    fn any_bytes_are_refused_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Batch::from_json(&bytes, Rules::new()).is_err());
        prop_assert!(Batch::from_json_keep_valid(&bytes, Rules::new()).is_err());
    }

    #[test]
    fn a_secret_key_has_no_blank_at_its_ends(text in prop_oneof![any::<String>(), "[\\s\u{200b}a]{0,3}"]) {
        let ends = [text.chars().next(), text.chars().next_back()];
        let is_blank = |c: char| c.is_whitespace() || c.is_control();
        let taken = SecretKey::new(text.as_str()).is_ok();
        if text.is_empty() || ends.into_iter().flatten().any(is_blank) {
            prop_assert!(!taken);
        } else if ends.into_iter().flatten().all(char::is_alphanumeric) {
            prop_assert!(taken);
        }
    }
}

// -------------------------------------------------------------------------------------------------------------- phones

/// The phone rule, as plainly as it can be said.
fn is_phone(text: &str, codes: &[String]) -> bool {
    text.chars().all(|c| c.is_ascii_digit())
        && text.len() >= 7
        && text.len() <= 15
        && codes.iter().any(|code| text.starts_with(code.as_str()))
}

#[test]
fn every_beginning_has_the_country_code_of_the_list() {
    let codes = country_codes();
    assert_eq!(codes.len(), 216);
    for prefix in 0..1000 {
        let digits = format!("{prefix:03}0000000");
        let expected: Vec<&str> = (codes.iter().map(String::as_str))
            .filter(|code| digits.starts_with(code))
            .collect();
        assert!(expected.len() <= 1, "{expected:?}");
        let phone = PhoneNumber::parse(&digits);
        assert_eq!(
            phone.ok().map(|phone| phone.country_code().to_owned()),
            expected.first().map(|code| (*code).to_owned()),
            "{digits}"
        );
    }
    for code in 0..10_000 {
        let code = code.to_string();
        let is_assigned = Rules::new().allow_country_code(&code).is_ok();
        assert_eq!(is_assigned, codes.contains(&code), "{code}");
    }
}

/// How a number may be written without a change of its meaning.
fn separator() -> impl Strategy<Value = &'static str> {
    select(vec![
        "", "", "", " ", "-", ".", "  ", " - ", "\u{a0}", "\u{3000}", "\u{202f}", "\u{2011}",
        "\u{2013}", "－", "\u{200b}", "\u{ad}", "\u{202c}", "\t",
    ])
}

fn written_digit(digit: char, script: usize) -> char {
    const ZEROS: [char; 7] = [
        '0', '０', '\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{e50}',
    ];
    let value = digit.to_digit(10).expect("it is a digit");
    char::from_u32(u32::from(ZEROS[script]) + value).expect("it is a digit of that script")
}

proptest! {
    #![proptest_config(common::cases(1000))]

    #[test]
    fn the_phone_rule_is_the_plain_one(
        text in prop_oneof![
            4 => "[0-9]{0,18}",
            4 => "[1-9][0-9]{5,15}",
            1 => "[0-9]{3,8}[-+. ０a\u{200b}\\x00][0-9]{3,8}",
            1 => any::<String>(),
        ],
    ) {
        let codes = country_codes();
        let phone = PhoneNumber::parse(&text);
        prop_assert_eq!(phone.is_ok(), is_phone(&text, &codes), "{:?}", phone);
        if let Ok(phone) = phone {
            prop_assert_eq!(phone.as_str(), &*text);
            prop_assert!(codes.iter().any(|code| code == phone.country_code()));
        }
        // An order is held to the same rule.
        let order = OwnedOrder { order_id: "1".into(), user_phone: text.clone(), ..OwnedOrder::default() };
        match order.add_to(&mut common::batch()) {
            Ok(()) => prop_assert!(phone.is_ok()),
            Err(violations) => {
                prop_assert!(violations.iter().all(|violation| violation.path().ends_with("/userPhone")));
                let first = violations.as_slice()[0].kind();
                prop_assert_eq!(first, &ViolationKind::Phone(phone.unwrap_err()));
            }
        }
    }

    #[test]
    fn what_was_typed_becomes_a_number_that_stays_as_it_is(
        text in prop_oneof![
            any::<String>(),
            "[+＋ 0-9０-９()\\-.]{0,22}",
            "(\\+|00)?[ (]?[1-9][0-9]{0,2}[ )]? ?(\\(0\\))?[0-9 -]{4,12}",
        ],
    ) {
        let typed = PhoneNumber::from_typed(&text);
        if let Ok(phone) = typed {
            prop_assert!(is_phone(phone.as_str(), &country_codes()));
            prop_assert_eq!(PhoneNumber::from_typed(phone.as_str()), Ok(phone));
            prop_assert_eq!(PhoneNumber::parse(phone.as_str()), Ok(phone));
            // No digit was added or changed; what may have gone is the prefix 00 and one bracketed 0.
            let digits: String = text.chars().filter_map(|c| {
                (0..7).find_map(|script| ('0'..='9').find(|&digit| written_digit(digit, script) == c))
            }).collect();
            let rest = digits.trim_start_matches('0');
            let code = phone.country_code().len();
            let with_zero = format!("{}0{}", &phone.as_str()[..code], &phone.as_str()[code..]);
            prop_assert!(rest == phone.as_str() || rest == with_zero, "{} from {:?}", phone.as_str(), text);
        }
        // The strict rule takes nothing that this one refuses.
        if PhoneNumber::parse(&text).is_ok() {
            prop_assert!(typed.is_ok());
        }
    }

    #[test]
    fn a_number_is_found_again_in_any_spelling(
        digits in good_phone(),
        separators in proptest::collection::vec(separator(), 16),
        script in 0..7_usize,
        plus in select(vec!["+", "＋", "00 ", "(+", "+ ", "\u{202a}+"]),
    ) {
        let phone = PhoneNumber::parse(&digits).unwrap();
        let (code, national) = digits.split_at(phone.country_code().len());
        let mut typed = plus.to_owned();
        for (c, separator) in code.chars().zip(&separators) {
            typed.push(written_digit(c, script));
            typed.push_str(separator);
        }
        if plus == "(+" {
            typed.push(')');
        }
        for (c, separator) in national.chars().zip(separators.iter().rev()) {
            typed.push(written_digit(c, script));
            typed.push_str(separator);
        }
        let read = PhoneNumber::from_typed(&typed);
        if read != Err(PhoneError::TrunkZero) || !national.starts_with('0') {
            prop_assert_eq!(read, Ok(phone), "{:?}", typed);
        }
    }
}

#[test]
fn a_zero_behind_the_country_code_is_part_of_the_number_in_few_countries() {
    let with_zero: Vec<String> = country_codes()
        .into_iter()
        .filter(|code| PhoneNumber::from_typed(&format!("+{code} 0123 4567")).is_ok())
        .collect();
    assert_eq!(
        with_zero,
        [
            "39", "225", "226", "227", "229", "241", "242", "250", "378", "379", "800", "881",
            "992"
        ]
    );
    for code in country_codes() {
        // The bracketed 0 is for the other ones.
        let bracketed = PhoneNumber::from_typed(&format!("+{code} (0) 1234 5678"));
        let expected = if with_zero.contains(&code) {
            Err(PhoneError::TrunkZero)
        } else {
            PhoneNumber::parse(&format!("{code}12345678"))
        };
        assert_eq!(bracketed, expected, "{code}");
    }
}
