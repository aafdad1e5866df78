//! JSON documents: the path of each violation, syntax errors, both policies.

use callbot_core::{Algorithm, Batch, Rules, Violation, ViolationKind};

use crate::cases::{broken_documents, json_cases};
use crate::common::{
    self, DOCUMENT, ORDER, batch, codes, credentials, document_of, edited, found, order_json,
    request_id, timestamp,
};
use crate::support::ORDER_PATH;

#[test]
fn every_json_case_is_reported_at_its_path() {
    for (document, expected) in json_cases() {
        let refused = Batch::from_json(document.as_bytes(), Rules::new())
            .err()
            .unwrap_or_else(|| panic!("accepted: {document}"));
        assert_eq!(found(&refused), expected, "{document}");
        assert_eq!(refused.len(), expected.len());
        assert_eq!(refused.unlisted(), 0);
        for violation in &refused {
            let path = violation.path();
            let keys = path.rsplit('/').filter(|key| key.parse::<usize>().is_err());
            assert_eq!(
                violation.field(),
                keys.into_iter().next().unwrap_or_default()
            );
            assert_eq!(violation.param(), None);
        }

        // The other policy reports the same, as a list beside the batch if only the order is
        // invalid.
        let only_order = expected
            .iter()
            .all(|(_, path)| path.starts_with(ORDER_PATH));
        match Batch::from_json_keep_valid(document.as_bytes(), Rules::new()) {
            Ok(kept) => {
                assert!(only_order, "{document}");
                assert_eq!(kept.refused, refused, "{document}");
                assert!(kept.batch.is_empty(), "{document}");
                assert!(refused.iter().all(|v| v.order_index() == Some(0)));
            }
            Err(other) => {
                assert!(!only_order, "{document}");
                assert_eq!(other, refused, "{document}");
                assert!(refused.iter().any(|v| v.order_index().is_none()));
            }
        }
    }
}

#[test]
fn the_unchanged_document_is_valid() {
    let batch = Batch::from_json(DOCUMENT.as_bytes(), Rules::new()).expect("the document is valid");
    assert_eq!(batch.body(), DOCUMENT.as_bytes());
    let mut added = common::batch();
    added.add(&ORDER).expect("the order is valid");
    assert_eq!(added.body(), DOCUMENT.as_bytes());
}

#[test]
fn the_constant_may_be_left_out() {
    let document = edited(DOCUMENT, r#""productID":"callbot","#, "");
    let batch = Batch::from_json(document.as_bytes(), Rules::new()).expect("the document is valid");
    assert_eq!(batch.body(), DOCUMENT.as_bytes());
}

#[test]
fn broken_documents_are_refused_under_both_policies() {
    for (bytes, code) in broken_documents() {
        let refused = Batch::from_json(&bytes, Rules::new()).unwrap_err();
        assert_eq!(codes(&refused), [code]);
        let kept = Batch::from_json_keep_valid(&bytes, Rules::new());
        assert_eq!(kept.unwrap_err(), refused);
    }
}

#[test]
fn all_violations_of_a_document_are_reported_at_once_in_document_order() {
    let document = r#"{
        "productID": "Callbot",
        "extra": {"userTaskID": "no"},
        "callInfoList": {
            "callCallbackUrl": "c",
            "callList": [
                {"orderID":"1","userPhone":"+8613800000001","other":null,"userName":"","customerName":""},
                17,
                {"orderID":"1","orderID":"2","userPhone":8613800000001,"note":[],"other":"","userName":"",
                 "customerName":"","params":[{"name":"a"},false,{"name":"a","value":"","more":0},{"value":{}}]},
                {},
                {"orderID":"1","userPhone":"8613800000001","other":"","userName":"","customerName":"","params":[]}
            ],
            "callList": []
        },
        "callInfoList": 1
    }"#;
    let refused = Batch::from_json(document.as_bytes(), Rules::new()).unwrap_err();
    let order = |path: &str| format!("/callInfoList/callList/{path}");
    assert_eq!(
        found(&refused),
        [
            ("product_id", "/productID".into()),
            ("unknown_key", String::new()),
            ("url_not_absolute", "/callInfoList/callCallbackUrl".into()),
            ("wrong_type", order("0/other")),
            ("missing_key", order("0/params")),
            ("phone_plus", order("0/userPhone")),
            ("wrong_type", order("1")),
            ("repeated_key", order("2/orderID")),
            ("phone_json_number", order("2/userPhone")),
            ("unknown_key", order("2")),
            ("missing_key", order("2/params/0/value")),
            ("wrong_type", order("2/params/1")),
            ("unknown_key", order("2/params/2")),
            ("wrong_type", order("2/params/3/value")),
            ("missing_key", order("2/params/3/name")),
            ("empty", order("2/params/2/value")),
            ("duplicate_param", order("2/params/2/name")),
            ("duplicate_order_id", order("2/orderID")),
            ("missing_key", order("3/orderID")),
            ("missing_key", order("3/userPhone")),
            ("missing_key", order("3/other")),
            ("missing_key", order("3/userName")),
            ("missing_key", order("3/customerName")),
            ("missing_key", order("3/params")),
            ("duplicate_order_id", order("4/orderID")),
            ("repeated_key", "/callInfoList/callList".into()),
            ("missing_key", "/callInfoList/orderCallbackUrl".into()),
            ("repeated_key", "/callInfoList".into()),
            ("missing_key", "/userTaskID".into()),
        ]
    );
    let indexes: Vec<_> = refused.iter().filter_map(Violation::order_index).collect();
    assert!(indexes.is_sorted() && indexes.len() == 22, "{indexes:?}");
}

#[test]
fn a_syntax_error_follows_the_violations_found_before_it() {
    let good = order_json("1", "8613800000001");
    let bad = order_json("2", "+8613800000001");
    let document = document_of(&[&bad, &good, "{\"orderID\":\"1\",\"userPhone\":\"x\" 1"]);
    let refused = Batch::from_json(document.as_bytes(), Rules::new()).unwrap_err();
    let expected = [
        ("phone_plus", "/callInfoList/callList/0/userPhone".into()),
        ("json_syntax", "/callInfoList/callList/2".into()),
    ];
    assert_eq!(found(&refused), expected);
    let kept = Batch::from_json_keep_valid(document.as_bytes(), Rules::new()).unwrap_err();
    assert_eq!(found(&kept), expected);
}

#[test]
fn a_syntax_error_has_the_path_of_what_was_being_read() {
    // The document before and after the orders; the current order, or the next one.
    for (from, to, path) in [
        ("{\"productID\"", "x", ""),
        ("\"t\"", "x", ""),
        ("\"callList\":[", "\"callList\":x", ""),
        ("\"callList\":[", "\"callList\":[x", ORDER_PATH),
        ("\"1\"", "x", ORDER_PATH),
        ("\"v\"", "x", ORDER_PATH),
        ("}]}]}}", "}]},x]}}", "/callInfoList/callList/1"),
        ("}]}]}}", "}]}],x}}", ""),
        ("}]}]}}", "}]}]},x}", ""),
    ] {
        let document = edited(DOCUMENT, from, to);
        let refused = Batch::from_json(document.as_bytes(), Rules::new()).unwrap_err();
        assert_eq!(
            found(&refused),
            [("json_syntax", path.into())],
            "{document}"
        );
    }
}

#[test]
fn a_truncated_document_is_reported_as_incomplete() {
    let document = edited(DOCUMENT, ",\"callList\"", ",\n \"callList\"");
    let end = document
        .find("\"8613800000001")
        .expect("the document has the phone number");
    let refused = Batch::from_json(&document.as_bytes()[..end], Rules::new()).unwrap_err();
    let expected = ViolationKind::JsonIncomplete {
        line: 2,
        column: end - document.find('\n').expect("the document has two lines") - 1,
    };
    assert_eq!(refused.as_slice()[0].kind(), &expected);
    assert_eq!(found(&refused), [("json_incomplete", ORDER_PATH.into())]);
}

#[test]
fn an_empty_list_is_read_and_not_signed() {
    let document = document_of::<&str>(&[]);
    for batch in [
        Batch::from_json(document.as_bytes(), Rules::new()).expect("the document is valid"),
        Batch::from_json_keep_valid(document.as_bytes(), Rules::new())
            .expect("the document is valid")
            .batch,
        batch(),
    ] {
        assert_eq!(batch.body(), document.as_bytes());
        assert!(batch.is_empty());
        let error = batch
            .sign(&credentials(Algorithm::Md5), request_id("r"), timestamp(1))
            .unwrap_err();
        assert_eq!(error.code(), "empty_batch");
    }
}
