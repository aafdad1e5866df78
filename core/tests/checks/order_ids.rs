//! Order IDs: unique in the batch, under both policies.

use callbot_core::{Batch, Order, Rules, Violation, ViolationKind};

use crate::common::{ORDER, batch, document_of, found, order_json};

#[test]
fn an_order_id_is_unique_in_every_escaped_form() {
    let document = document_of(&[
        order_json("a\\u0022\\/b", "8613800000001"),
        order_json("a\\\"/B", "8613800000002"),
        order_json("a\\\"/b", "8613800000003"),
        order_json("a", "8613800000004"),
        order_json("A", "8613800000005"),
        order_json("\\u0061", "8613800000006"),
        order_json("a b", "8613800000007"),
        order_json("a", "8613800000008"),
    ]);
    let expected = [
        (
            "duplicate_order_id",
            "/callInfoList/callList/2/orderID".into(),
        ),
        (
            "duplicate_order_id",
            "/callInfoList/callList/5/orderID".into(),
        ),
        (
            "duplicate_order_id",
            "/callInfoList/callList/7/orderID".into(),
        ),
    ];
    let refused = Batch::from_json(document.as_bytes(), Rules::new()).unwrap_err();
    assert_eq!(found(&refused), expected);
    let firsts: Vec<ViolationKind> = refused.iter().map(|v| v.kind().clone()).collect();
    let duplicate = |first| ViolationKind::DuplicateOrderId { first };
    assert_eq!(firsts, [duplicate(0), duplicate(3), duplicate(3)]);

    let kept = Batch::from_json_keep_valid(document.as_bytes(), Rules::new())
        .expect("the document is accepted");
    assert_eq!(kept.refused, refused);
    assert_eq!(kept.batch.len(), 5);
}

#[test]
fn each_of_thousands_of_order_ids_is_found() {
    let mut batch = batch();
    let ids: Vec<String> = (0..3000).map(|i| format!("id \"{i}\"")).collect();
    let add = |batch: &mut Batch, order_id: &str| batch.add(&Order { order_id, ..ORDER });
    for id in &ids {
        add(&mut batch, id).expect("the ID is new");
    }
    for (first, id) in ids.iter().enumerate() {
        let refused = add(&mut batch, id).unwrap_err();
        let expected = ViolationKind::DuplicateOrderId { first };
        assert_eq!(refused.as_slice()[0].kind(), &expected);
        assert_eq!(refused.len(), 1);
    }
    assert_eq!(batch.len(), 3000);
}

#[test]
fn refuse_all_remembers_the_ids_of_refused_orders() {
    let document = document_of(&[
        order_json("a", "+8613800000001"),
        order_json("b", "8613800000002"),
        order_json("a", "8613800000003"),
        order_json("b", "+8613800000004"),
        order_json("a", "8613800000005"),
    ]);
    let refused = Batch::from_json(document.as_bytes(), Rules::new()).unwrap_err();
    let at = |path: &str| format!("/callInfoList/callList/{path}");
    assert_eq!(
        found(&refused),
        [
            ("phone_plus", at("0/userPhone")),
            ("duplicate_order_id", at("2/orderID")),
            ("phone_plus", at("3/userPhone")),
            ("duplicate_order_id", at("3/orderID")),
            ("duplicate_order_id", at("4/orderID")),
        ]
    );
    let firsts: Vec<&ViolationKind> = refused.iter().map(Violation::kind).collect();
    assert_eq!(firsts[1], &ViolationKind::DuplicateOrderId { first: 0 });
    assert_eq!(firsts[3], &ViolationKind::DuplicateOrderId { first: 1 });
    assert_eq!(firsts[4], &ViolationKind::DuplicateOrderId { first: 0 });
}

#[test]
fn keep_valid_frees_the_id_of_a_refused_order() {
    let document = document_of(&[
        order_json("a", "+8613800000001"),
        order_json("b", "8613800000002"),
        order_json("a", "8613800000003"),
        "null".into(),
        order_json("b", "8613800000004"),
        order_json("c", "8613800000005"),
        order_json("a", "8613800000006"),
    ]);
    let kept = Batch::from_json_keep_valid(document.as_bytes(), Rules::new())
        .expect("the document is accepted");
    let at = |path: &str| format!("/callInfoList/callList/{path}");
    assert_eq!(
        found(&kept.refused),
        [
            ("phone_plus", at("0/userPhone")),
            ("wrong_type", at("3")),
            ("duplicate_order_id", at("4/orderID")),
            ("duplicate_order_id", at("6/orderID")),
        ]
    );
    // The indices are those of the document, not of the batch.
    let kinds: Vec<&ViolationKind> = kept.refused.iter().map(Violation::kind).collect();
    assert_eq!(kinds[2], &ViolationKind::DuplicateOrderId { first: 1 });
    assert_eq!(kinds[3], &ViolationKind::DuplicateOrderId { first: 2 });
    let body = document_of(&[
        order_json("b", "8613800000002"),
        order_json("a", "8613800000003"),
        order_json("c", "8613800000005"),
    ]);
    assert_eq!(kept.batch.body(), body.as_bytes());
    assert_eq!(kept.batch.len(), 3);
}

#[test]
fn a_duplicate_of_a_kept_order_has_its_index_in_the_batch() {
    let document = document_of(&[
        order_json("a", "+8613800000001"),
        order_json("b", "8613800000002"),
        order_json("c", "8613800000003"),
    ]);
    let mut batch = Batch::from_json_keep_valid(document.as_bytes(), Rules::new())
        .expect("the document is accepted")
        .batch;
    let c = Order {
        order_id: "c",
        ..ORDER
    };
    let refused = batch.add(&c).unwrap_err();
    assert_eq!(
        found(&refused),
        [(
            "duplicate_order_id",
            "/callInfoList/callList/2/orderID".into()
        )]
    );
    // The batch holds b and c.
    let expected = ViolationKind::DuplicateOrderId { first: 1 };
    assert_eq!(refused.as_slice()[0].kind(), &expected);
}
