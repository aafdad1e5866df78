//! The orders of a request that its response refuses.

use callbot_core::{Algorithm, ContentKind, Order};
use serde_json::json;

use crate::common::{ORDER, credentials};
use crate::examples::response_json;
use crate::support::{answered, bytes, request_of};

#[test]
fn refused_phones_are_traced_to_all_their_orders() {
    let ids = [
        "1",
        "\"2\\\"",
        "3 é中😀",
        "4\u{1}\n\u{7f}/",
        "5,{\"userPhone\":\"8613800000009\"}",
    ];
    let phones = [
        "8613800000001",
        "8613800000002",
        "8613800000001",
        "8613800000003",
        "8613800000001",
    ];
    let orders: Vec<Order<'_>> = ids
        .iter()
        .zip(phones)
        .map(|(order_id, user_phone)| Order {
            order_id,
            user_phone,
            other: "\"userPhone\":\"8613800000009\"",
            user_name: "8613800000009",
            ..ORDER
        })
        .collect();
    let request = request_of(&orders, "r1", &credentials(Algorithm::Md5));
    let outcome = |refused: &[&str]| {
        let mut value = response_json();
        value["errList"] = refused
            .iter()
            .map(|phone| json!({"phone": phone, "errMsg": "no"}))
            .collect();
        let body = bytes(&value);
        let document = answered(&body).document(ContentKind::Response);
        let document = document.expect("the body is a response");
        let outcome = document.outcome(request.body());
        let outcome = outcome.expect("the request has orders");
        let ids = outcome.refused().iter().map(|refusal| {
            let order = refusal.order?;
            assert_eq!(refusal.order_id.as_deref(), Some(ids[order]));
            assert_eq!(refusal.phone.as_deref(), Some(phones[order]));
            Some(order)
        });
        ids.collect::<Vec<_>>()
    };
    assert_eq!(outcome(&[]), []);
    assert_eq!(outcome(&["8613800000003"]), [Some(3)]);
    let found = outcome(&["8613800000002", "+86 138-0000-0001"]);
    assert_eq!(found, [1, 0, 2, 4].map(Some));
    let found = outcome(&["8613800000001", "8613800000001"]);
    assert_eq!(found, [0, 2, 4].map(Some));
    let found = outcome(&["8613800000009", "", "861380000000"]);
    assert_eq!(found, [None, None, None]);
}
