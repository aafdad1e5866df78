//! The functions that take a string from a person or a document, each as a function of bytes, and
//! inputs that can be made longer. Work that grows faster than an input lets a stranger, or one odd
//! row of a list, stop the program.

mod received;
mod sent;
mod shapes;

pub use shapes::SHAPES;

use callbot_core::{
    Algorithm, Credentials, HeaderBlock, PhoneNumber, RequestId, Rules, SecretKey, Task, Timestamp,
};

/// A function under test, which takes any bytes.
pub struct Subject {
    /// Its name in [`SHAPES`].
    pub name: &'static str,
    /// Calls it. What it returns does not matter.
    pub run: fn(&[u8]),
}

/// All functions under test.
pub const SUBJECTS: &[Subject] = &[
    subject("phone", phone),
    subject("account", account),
    subject("rules", rules),
    subject("header_block", header_block),
    subject("url", sent::url),
    subject("base_url", sent::base_url),
    subject("path", sent::path),
    subject("orders", sent::orders),
    subject("params", sent::params),
    subject("batch_json", sent::batch_json),
    subject("batch_json_with_rules", sent::batch_json_with_rules),
    subject("request_json", sent::request_json),
    subject("headers", received::headers),
    subject("pointer", received::pointer),
    subject("callback", received::callback),
    subject("response", received::response),
    subject("outcome", received::outcome),
];

const fn subject(name: &'static str, run: fn(&[u8])) -> Subject {
    Subject { name, run }
}

/// An input that can be made longer: `repeated` any number of times between the two ends.
#[derive(Debug, Clone, Copy)]
pub struct Shape<'a> {
    /// What it begins with.
    pub first: &'a [u8],
    /// What is repeated. `*` stands for the number of the repetition, in eight digits.
    pub repeated: &'a [u8],
    /// What it ends with.
    pub last: &'a [u8],
}

impl Shape<'_> {
    /// The input, with so many repetitions that they have about `len` bytes.
    #[must_use]
    pub fn of_len(&self, len: usize) -> Vec<u8> {
        let mut input = self.first.to_vec();
        let mut number = 0;
        while input.len() < self.first.len() + len && !self.repeated.is_empty() {
            for &byte in self.repeated {
                if byte == b'*' {
                    input.extend_from_slice(format!("{number:08}").as_bytes());
                } else {
                    input.push(byte);
                }
            }
            number += 1;
        }
        input.extend_from_slice(self.last);
        input
    }
}

const NOW: u64 = 1_726_200_000;

fn task(url: &str) -> Task<'_> {
    Task {
        user_task_id: "t",
        order_callback_url: url,
        call_callback_url: "https://example.com/call",
    }
}

fn credentials() -> Credentials {
    let key = SecretKey::new("u7Mf3zUN").expect("a secret key");
    Credentials::new("Vh71ym3y", key, Algorithm::Md5).expect("an account")
}

fn request_id() -> RequestId {
    RequestId::new("1").expect("an ID")
}

fn now() -> Timestamp {
    Timestamp::from_unix_seconds(NOW).expect("a time")
}

/// The input as a string. Bytes that are not UTF-8 are replaced, in linear time.
fn string(input: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(input)
}

/// Makes its message too, which may go through the input again.
fn show<T, E: std::fmt::Display + std::fmt::Debug>(result: Result<T, E>) {
    if let Err(error) = result {
        std::hint::black_box(format!("{error}{error:?}"));
    }
}

fn phone(input: &[u8]) {
    let string = string(input);
    show(PhoneNumber::parse(&string));
    show(PhoneNumber::from_typed(&string));
    show(PhoneNumber::from_typed_in(&string, "44"));
    show(PhoneNumber::from_typed_with_changes(&string, Some("44")));
}

fn account(input: &[u8]) {
    let string = string(input);
    show(SecretKey::new(string.as_ref()));
    show(RequestId::new(string.as_ref()));
    let key = SecretKey::new("u7Mf3zUN").expect("a secret key");
    show(Credentials::new(string.as_ref(), key, Algorithm::Md5));
    show(string.parse::<Timestamp>());
    show(string.parse::<Algorithm>());
    show(string.parse::<callbot_core::Endpoint>());
}

/// Each line is the name of a variable, and a country code.
fn rules(input: &[u8]) {
    let mut rules = Rules::new();
    for line in string(input).lines() {
        show(rules.require_param(line));
        show(rules.allow_country_code(line));
    }
}

fn header_block(input: &[u8]) {
    let block = HeaderBlock::parse(input);
    if let Ok(block) = &block {
        show(callbot_core::ReceivedHeaders::from_pairs(block.pairs()));
    }
    show(block);
}
