//! Runs one of the central paths once, for a tool that counts the instructions in [`measured`].

use std::env;
use std::hint::black_box;

use callbot_benches::answer::Answer;
use callbot_benches::orders::Contacts;
use callbot_benches::{c, callback, rust};
use callbot_core::Algorithm;

const ORDERS: usize = 1000;

fn main() {
    let path = env::args().nth(1).unwrap_or_default();
    let contacts = Contacts::new(ORDERS);
    let params = contacts.params();
    let list = contacts.orders(&params);
    let body = rust::body(&list);
    let order_bytes = body.len() / ORDERS + 1;
    let credentials = rust::credentials(Algorithm::Md5);
    let signer = c::Signer::new(Algorithm::Md5);
    match path.as_str() {
        "orders" => measured(|| rust::orders(&credentials, &list, order_bytes)),
        "orders-c" => {
            let orders = c::Orders::new(&list);
            measured(|| signer.orders(&orders, order_bytes));
        }
        "json" => measured(|| rust::json(&credentials, &body)),
        "sign-c" => measured(|| signer.sign(&body[..200])),
        "callback" => {
            let verifier = callback::verifier(Algorithm::Md5);
            let headers = callback::headers(&credentials);
            measured(|| callback::read(&verifier, &headers, callback::BODY.as_bytes()));
        }
        "callback-c" => {
            let verifier = c::Verifier::new(Algorithm::Md5);
            let headers = callback::headers(&credentials);
            let received = c::Callback::new(&headers, callback::BODY.as_bytes());
            measured(|| verifier.fields(&received));
        }
        "answer" => {
            let answer = Answer::new(&list, None);
            measured(|| answer.read());
        }
        "accepted" => {
            let answer = Answer::new(&list, None);
            measured(|| answer.outcome());
        }
        "refused" => {
            let answer = Answer::new(&list, Some(100));
            measured(|| answer.outcome());
        }
        other => panic!("unknown path '{other}'"),
    }
}

/// The tool counts instructions only in this function.
#[inline(never)]
fn measured<R>(path: impl FnOnce() -> R) {
    black_box(path());
}
