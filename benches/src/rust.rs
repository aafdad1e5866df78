//! The jobs in Rust: callbot, and a user's own code with `serde_json`.

use std::collections::HashSet;

use callbot_core::{
    Algorithm, Batch, Credentials, Order, RequestId, Rules, SecretKey, Signature, Task, Timestamp,
};
use md5::{Digest, Md5};
use serde::Serialize;

use crate::signed_with::{CREATE_TS, REQUEST_ID, SECRET_KEY, UUID};

/// The task of every job.
pub const TASK: Task<'static> = Task {
    user_task_id: "task",
    order_callback_url: "https://example.com/order",
    call_callback_url: "https://example.com/call",
};

/// The account.
///
/// # Panics
///
/// Never.
#[must_use]
pub fn credentials(algorithm: Algorithm) -> Credentials {
    let secret_key = SecretKey::new(SECRET_KEY).expect("a secret key");
    Credentials::new(UUID, secret_key, algorithm).expect("an account")
}

/// The request id of every job.
///
/// # Panics
///
/// Never.
#[must_use]
pub fn request_id() -> RequestId {
    RequestId::new(REQUEST_ID).expect("a request id")
}

/// The time of every job.
///
/// # Panics
///
/// Never.
#[must_use]
pub fn create_ts() -> Timestamp {
    Timestamp::from_unix_seconds(CREATE_TS).expect("a time")
}

/// Signs with `Credentials::sign`.
#[must_use]
pub fn sign(credentials: &Credentials, body: &[u8]) -> Signature {
    credentials.sign(&request_id(), create_ts(), body)
}

/// Hashes with the `md-5` crate.
#[must_use]
pub fn hash_by_md5_crate(body: &[u8]) -> [u8; 16] {
    Md5::digest(body).into()
}

/// Builds and signs a request from orders, with rules. Returns the length of the body.
///
/// # Panics
///
/// If an order is invalid.
#[must_use]
pub fn orders(credentials: &Credentials, orders: &[Order<'_>], order_bytes: usize) -> usize {
    let mut batch = batch();
    batch.reserve(orders.len(), order_bytes).expect("memory");
    refilled(credentials, orders, &mut batch)
}

/// An empty batch with rules.
///
/// # Panics
///
/// Never.
#[must_use]
pub fn batch() -> Batch {
    let mut rules = Rules::new();
    rules.require_param("amount").expect("a rule");
    rules.require_param("note").expect("a rule");
    Batch::new(&TASK, rules).expect("a task")
}

/// Builds and signs a request from orders in a cleared batch. Returns the length of the body.
///
/// # Panics
///
/// If an order is invalid.
#[must_use]
pub fn refilled(credentials: &Credentials, orders: &[Order<'_>], batch: &mut Batch) -> usize {
    batch.clear();
    batch.add_all(orders.iter().copied()).expect("orders");
    finish(credentials, batch)
}

/// Builds and signs a request from JSON. Returns the length of the body.
///
/// # Panics
///
/// If the JSON is invalid.
#[must_use]
pub fn json(credentials: &Credentials, json: &[u8]) -> usize {
    finish(
        credentials,
        &Batch::from_json(json, Rules::new()).expect("JSON"),
    )
}

fn finish(credentials: &Credentials, batch: &Batch) -> usize {
    let request = batch
        .sign(credentials, request_id(), create_ts())
        .expect("a request");
    request.body().len()
}

/// Returns the body of orders.
///
/// # Panics
///
/// If an order is invalid.
#[must_use]
pub fn body(orders: &[Order<'_>]) -> Vec<u8> {
    let mut batch = Batch::new(&TASK, Rules::new()).expect("a task");
    batch.add_all(orders.iter().copied()).expect("orders");
    batch.body().to_vec()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SerdeBody<'a> {
    #[serde(rename = "productID")]
    product_id: &'a str,
    #[serde(rename = "userTaskID")]
    user_task_id: &'a str,
    call_info_list: SerdeCallInfoList<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SerdeCallInfoList<'a> {
    order_callback_url: &'a str,
    call_callback_url: &'a str,
    call_list: Vec<SerdeOrder<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SerdeOrder<'a> {
    #[serde(rename = "orderID")]
    order_id: &'a str,
    user_phone: &'a str,
    other: &'a str,
    user_name: &'a str,
    customer_name: &'a str,
    params: Vec<SerdeParam<'a>>,
}

#[derive(Serialize)]
struct SerdeParam<'a> {
    name: &'a str,
    value: &'a str,
}

/// Runs a user's own code: derived types, `serde_json::to_vec`, the `md-5` crate, and the two
/// checks that are always needed. Returns the length of the body.
///
/// # Panics
///
/// If an order is invalid.
#[must_use]
pub fn by_serde(orders: &[Order<'_>]) -> usize {
    let mut ids = HashSet::with_capacity(orders.len());
    let call_list = orders
        .iter()
        .map(|order| {
            assert!(order.user_phone.bytes().all(|b| b.is_ascii_digit()));
            assert!(ids.insert(order.order_id));
            SerdeOrder {
                order_id: order.order_id,
                user_phone: order.user_phone,
                other: order.other,
                user_name: order.user_name,
                customer_name: order.customer_name,
                params: order
                    .params
                    .iter()
                    .map(|param| SerdeParam {
                        name: param.name,
                        value: param.value,
                    })
                    .collect(),
            }
        })
        .collect();
    let body = serde_json::to_vec(&SerdeBody {
        product_id: "callbot",
        user_task_id: TASK.user_task_id,
        call_info_list: SerdeCallInfoList {
            order_callback_url: TASK.order_callback_url,
            call_callback_url: TASK.call_callback_url,
            call_list,
        },
    })
    .expect("strings can be serialized");
    let mut hash = Md5::new();
    hash.update(SECRET_KEY);
    hash.update("&body=");
    hash.update(&body);
    hash.update(format!(
        "&createTs={CREATE_TS}&requestID={REQUEST_ID}&uuid={UUID}"
    ));
    std::hint::black_box(hash.finalize());
    body.len()
}
