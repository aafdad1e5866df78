//! A batch and its requests over time: refused orders, clear, clone, sign again.

use callbot_core::{Algorithm, Order};

use crate::common::{
    DOCUMENT, ORDER, batch, batch_with, codes, credentials, request_id, timestamp,
};
use crate::support::{param, rules, sign};

#[test]
fn add_leaves_the_batch_unchanged_if_it_refuses() {
    let mut batch = batch_with(rules());
    let params = [param("amount", "1"), param("due", "2")];
    let good = Order {
        params: &params,
        ..ORDER
    };
    let mut refused = vec![
        Order {
            user_phone: "",
            ..good
        },
        Order {
            order_id: "",
            ..good
        },
        Order {
            user_phone: "4915112345678",
            ..good
        },
        Order {
            params: &[],
            ..good
        },
        Order::default(),
    ];
    for step in 0..2 {
        let body = batch.body().to_vec();
        for order in &refused {
            batch.add(order).unwrap_err();
            assert_eq!(batch.body(), body);
            assert_eq!(batch.len(), step);
            assert_eq!(batch.is_empty(), step == 0);
        }
        if step == 0 {
            // A refused order does not take its ID.
            batch.add(&good).expect("the order is valid");
            refused.push(good);
        }
    }
    let other = Order {
        order_id: "2",
        ..good
    };
    batch.add(&other).expect("the order is valid");
    let mut fresh = batch_with(rules());
    fresh.add(&good).expect("the order is valid");
    fresh.add(&other).expect("the order is valid");
    assert_eq!(batch.body(), fresh.body());
}

#[test]
fn a_batch_can_be_cleared_and_filled_again() {
    let mut batch = batch();
    let empty = batch.body().to_vec();
    for _ in 0..3 {
        batch.add(&ORDER).expect("the ID is free");
        assert_eq!(
            codes(&batch.add(&ORDER).unwrap_err()),
            ["duplicate_order_id"]
        );
        assert_eq!(batch.body(), DOCUMENT.as_bytes());
        batch.clear();
        assert_eq!((batch.len(), batch.is_empty()), (0, true));
        assert_eq!(batch.body(), empty);
        let error = batch
            .sign(&credentials(Algorithm::Md5), request_id("r"), timestamp(1))
            .unwrap_err();
        assert_eq!(error.code(), "empty_batch");
    }
    // The same while a request shares the body.
    batch.add(&ORDER).expect("the ID is free");
    let request = sign(&batch);
    batch.clear();
    assert_eq!(batch.body(), empty);
    batch
        .add(&Order {
            order_id: "2",
            ..ORDER
        })
        .expect("the order is valid");
    batch.add(&ORDER).expect("the ID is free");
    assert_eq!(request.body(), DOCUMENT.as_bytes());
    assert_eq!(batch.len(), 2);
}

#[test]
fn a_request_keeps_its_body_if_the_batch_changes() {
    let mut batch = batch();
    batch.add(&ORDER).expect("the order is valid");
    let request = sign(&batch);
    // Signing does not copy the body.
    assert_eq!(request.body().as_ptr(), batch.body().as_ptr());
    let second = Order {
        order_id: "2",
        ..ORDER
    };
    batch.add(&second).expect("the order is valid");
    assert_eq!(request.body(), DOCUMENT.as_bytes());
    assert_ne!(batch.body(), request.body());

    let request_of_two = sign(&batch);
    let two = request_of_two.body().to_vec();
    batch.clear();
    batch.add(&second).expect("the order is valid");
    assert_eq!(request_of_two.body(), two);
    let clone = request_of_two.clone();
    drop((batch, request_of_two));
    assert_eq!(clone.body(), two);
    assert_eq!(
        clone.signature(),
        &credentials(Algorithm::Sha256).sign(&request_id("r"), timestamp(1), &two)
    );
}

#[test]
fn a_clone_of_a_batch_is_independent() {
    let mut batch = batch();
    batch.add(&ORDER).expect("the order is valid");
    let mut clone = batch.clone();
    let second = Order {
        order_id: "2",
        ..ORDER
    };
    clone.add(&second).expect("the order is valid");
    assert_eq!((batch.len(), clone.len()), (1, 2));
    assert_eq!(batch.body(), DOCUMENT.as_bytes());
    batch.add(&second).expect("the ID is free in this batch");
    assert_eq!(batch.body(), clone.body());
}

#[test]
fn signing_again_shares_the_body_and_makes_a_new_signature() {
    let mut batch = batch();
    batch.add(&ORDER).expect("the order is valid");
    let first = sign(&batch);
    let again = first.sign_again(
        &credentials(Algorithm::Md5),
        request_id("r2"),
        timestamp(31),
    );
    assert_eq!(again.body().as_ptr(), first.body().as_ptr());
    assert_eq!(again.body(), first.body());
    assert_eq!(again.request_id().as_str(), "r2");
    assert_eq!(again.create_ts(), timestamp(31));
    assert_eq!(again.algorithm(), Algorithm::Md5);
    assert_eq!(
        again.signature(),
        &credentials(Algorithm::Md5).sign(&request_id("r2"), timestamp(31), first.body())
    );
    // The first request is unchanged.
    assert_eq!(first.request_id().as_str(), "r");
    assert_eq!(first.algorithm(), Algorithm::Sha256);
}

#[test]
fn a_request_has_everything_to_send() {
    for (algorithm, name) in [(Algorithm::Md5, "MD5"), (Algorithm::Sha256, "SHA256")] {
        let mut batch = batch();
        batch.add(&ORDER).expect("the order is valid");
        let account = credentials(algorithm);
        let request = batch
            .sign(&account, request_id("a-b_c.d:E9"), timestamp(1_726_200_000))
            .expect("the batch has an order");
        let sign = account.sign(
            &request_id("a-b_c.d:E9"),
            timestamp(1_726_200_000),
            DOCUMENT.as_bytes(),
        );
        assert_eq!(request.method(), "POST");
        assert_eq!(request.path(), "/callcentre/api/v3/addBatchCall");
        assert_eq!(
            request.headers(),
            [
                ("requestID", "a-b_c.d:E9"),
                ("uuid", "Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR"),
                ("createTs", "1726200000"),
                ("sign", sign.as_str()),
                ("algorithm", name),
                ("Content-Type", "application/json"),
            ]
        );
        assert_eq!(request.uuid(), "Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR");
        assert_eq!(request.create_ts().unix_seconds(), 1_726_200_000);
        assert_eq!(request.signature(), &sign);
        assert_eq!(request.body(), DOCUMENT.as_bytes());
    }
}

#[test]
fn reserve_changes_nothing_visible() {
    let mut batch = batch();
    batch.add(&ORDER).expect("the order is valid");
    batch.reserve(1000, 200).unwrap();
    assert_eq!(batch.body(), DOCUMENT.as_bytes());
    assert_eq!(
        codes(&batch.add(&ORDER).unwrap_err()),
        ["duplicate_order_id"]
    );
    batch.reserve(0, 0).unwrap();
    // More memory than exists.
    assert!(batch.reserve(usize::MAX, 1).is_err());
    assert!(batch.reserve(usize::MAX, usize::MAX).is_err());
    assert_eq!(batch.len(), 1);
    assert_eq!(batch.body(), DOCUMENT.as_bytes());
}
