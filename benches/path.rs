//! Runs one of the central paths once, for a tool that counts the instructions in [`measured`].

use std::env;
use std::hint::black_box;

use callbot_benches::orders::Contacts;
use callbot_benches::{c, rust};
use callbot_core::{Algorithm, ReceivedHeaders, Verifier, testing};

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
            let callback = br#"{"callbackType":1,"orderID":"7b0f2a60-2f0c-4a6e-9f0b-0f6f1f0a2d11","userPhone":"8613800000001","userName":"","sceneID":"s","userTaskID":"t","taskID":"p","finish":true,"other":"batch 7, row 0000001"}"#;
            let sent = testing::sign_callback(
                &credentials,
                &rust::request_id(),
                rust::create_ts(),
                callback,
            );
            let verifier = Verifier::new(credentials);
            let pairs = sent.headers();
            measured(|| {
                let headers = ReceivedHeaders::from_pairs(pairs.iter().copied()).expect("headers");
                let message = verifier
                    .verify_callback(&headers, callback, rust::create_ts().unix_seconds())
                    .expect("a callback");
                message.call_callback().expect("its content")
            });
        }
        other => panic!("unknown path '{other}'"),
    }
}

/// The tool counts instructions only in this function.
#[inline(never)]
fn measured<R>(path: impl FnOnce() -> R) {
    black_box(path());
}
