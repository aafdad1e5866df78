//! The orders of the refused phones of a response.

use callbot_core::{Algorithm, Order};
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
        "\u{0}\n\u{7f}/",
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
    for (refused, expected) in [
        (&[][..], vec![]),
        (&["8613800000003"], vec![vec![ids[3]]]),
        (
            &["8613800000002", "8613800000001"],
            vec![vec![ids[1]], vec![ids[0], ids[2], ids[4]]],
        ),
        (
            &["8613800000001", "8613800000001"],
            vec![vec![ids[0], ids[2], ids[4]], vec![ids[0], ids[2], ids[4]]],
        ),
        (
            &["8613800000009", "", "+8613800000001", "861380000000"],
            vec![vec![], vec![], vec![], vec![]],
        ),
    ] {
        let mut value = response_json();
        value["errList"] = refused
            .iter()
            .enumerate()
            .map(|(i, phone)| json!({"phone": phone, "errMsg": i.to_string()}))
            .collect();
        let body = bytes(&value);
        let response = answered(&body).response().expect("the body is a response");
        let found = response.refused_orders(&request);
        assert_eq!(found.len(), refused.len());
        for (i, found) in found.iter().enumerate() {
            assert_eq!(found.phone, refused[i]);
            assert_eq!(found.err_msg, i.to_string());
            assert_eq!(*found.order_ids, *expected[i], "{}", refused[i]);
        }
    }
}

/// A list of IDs for each entry would take 400 million IDs.
#[test]
fn many_refusals_of_one_phone_share_its_orders() {
    const MANY: usize = 20_000;
    let ids: Vec<String> = (0..MANY).map(|i| i.to_string()).collect();
    let orders: Vec<Order<'_>> = ids
        .iter()
        .map(|order_id| Order { order_id, ..ORDER })
        .collect();
    let request = request_of(&orders, "r1", &credentials(Algorithm::Md5));
    let mut value = response_json();
    value["errList"] = vec![json!({"phone": ORDER.user_phone, "errMsg": "no"}); MANY].into();
    let body = bytes(&value);
    let response = answered(&body).response().expect("the body is a response");
    let refused = response.refused_orders(&request);
    assert_eq!(refused.len(), MANY);
    assert!(refused.iter().all(|each| each.order_ids.len() == MANY));
    assert_eq!(*refused[MANY - 1].order_ids, *ids);
}
