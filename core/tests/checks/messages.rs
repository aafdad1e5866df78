//! Messages: hints, positions and the names that they may show.

use callbot_core::{
    Batch, Order, PhoneError, PhoneNumber, Position, RequestId, Rules, SecretKey, Task, Timestamp,
    UrlError, Violation, ViolationKind, Violations,
};

use crate::common::{DOCUMENT, ORDER, TASK, batch, edited};

#[test]
fn hints_fit_the_path() {
    let message = |from: &str, to: &str| {
        let document = edited(DOCUMENT, from, to);
        let refused = Batch::from_json(document.as_bytes(), Rules::new()).unwrap_err();
        assert_eq!(refused.len(), 1, "{refused}");
        refused.as_slice()[0].message()
    };
    for (from, to, expected) in [
        (
            "\"o\"",
            "null",
            "expected a string, found null; give an empty string if there is none",
        ),
        (
            "\"n\"",
            "null",
            "expected a string, found null; give an empty string if there is none",
        ),
        (
            "\"c\"",
            "null",
            "expected a string, found null; give an empty string if there is none",
        ),
        ("\"1\"", "null", "expected a string, found null"),
        (
            "\"1\"",
            "1",
            "expected a string, found a number; put it in quotes",
        ),
        ("\"o\"", "[]", "expected a string, found an array"),
        ("\"o\"", "{}", "expected a string, found an object"),
        ("\"o\"", "true", "expected a string, found a boolean"),
        (
            "[{\"name\":\"p\",\"value\":\"v\"}]",
            "null",
            "expected an array, found null; give [] if there are none",
        ),
        (
            "[{\"name\":\"p\",\"value\":\"v\"}]",
            "\"\"",
            "expected an array, found a string",
        ),
        (
            "\"callInfoList\":{",
            "\"callInfoList\":[],\"x\":{",
            "expected an object, found an array; it is an object, despite its name",
        ),
        (
            ",\"userName\":\"n\"",
            "",
            "required key is missing; give an empty string if there is none",
        ),
        (
            ",\"params\":[{\"name\":\"p\",\"value\":\"v\"}]",
            "",
            "required key is missing; give [] if there are none",
        ),
        ("\"orderID\":\"1\",", "", "required key is missing; add it"),
    ] {
        let document = edited(DOCUMENT, from, to);
        let refused = Batch::from_json(document.as_bytes(), Rules::new()).unwrap_err();
        let first = refused.iter().next().expect("there is a violation");
        assert_eq!(first.message(), expected, "{from} -> {to}");
    }
    assert!(message("\"8613800000001\"", "8613800000001").contains("in quotes"));
}

#[test]
fn positions_count_characters_from_1_and_offsets_count_bytes() {
    for (phone, error) in [
        ("+8613800000001", PhoneError::Plus { position: 1 }),
        (
            "８６13800000001+",
            PhoneError::ForeignDigit {
                position: 1,
                found: '８',
            },
        ),
        (
            "861380000000é",
            PhoneError::Character {
                position: 13,
                found: 'é',
            },
        ),
        (
            "86\u{3000}138",
            PhoneError::Whitespace {
                position: 3,
                found: '\u{3000}',
            },
        ),
        (
            "86–138",
            PhoneError::Punctuation {
                position: 3,
                found: '–',
            },
        ),
        ("861", PhoneError::TooShort { len: 3 }),
        ("8613800000001234", PhoneError::TooLong { len: 16 }),
    ] {
        assert_eq!(PhoneNumber::parse(phone), Err(error), "{phone}");
    }
    // Multi-byte characters before the error do not change its position.
    let order = Order {
        user_phone: "中中中 +é",
        ..ORDER
    };
    let kinds: Vec<ViolationKind> = (batch().add(&order).unwrap_err().iter())
        .map(|violation| violation.kind().clone())
        .collect();
    let phone = |error| ViolationKind::Phone(error);
    assert_eq!(
        kinds,
        [
            phone(PhoneError::Character {
                position: 1,
                found: '中'
            }),
            phone(PhoneError::Whitespace {
                position: 4,
                found: ' '
            }),
            phone(PhoneError::Plus { position: 5 }),
        ]
    );

    let short = |len| PhoneError::TooShort { len }.to_string();
    assert!(short(1).starts_with("it has 1 digit;"), "{}", short(1));
    assert!(short(0).starts_with("it has 0 digits;"), "{}", short(0));
    let id = RequestId::new("äöü&").unwrap_err().to_string();
    assert!(
        id.contains("character 1 of requestID is 'ä' (U+00E4)"),
        "{id}"
    );
    let id = RequestId::new("abc\u{202a}").unwrap_err().to_string();
    assert!(
        id.contains("character 4 of requestID is an invisible character (U+202A)"),
        "{id}"
    );
    let time = "17２6".parse::<Timestamp>().unwrap_err().to_string();
    assert!(
        time.contains("character 3 of the timestamp is '２' (U+FF12)"),
        "{time}"
    );
    let key = SecretKey::new("key\u{a0}").unwrap_err().to_string();
    assert!(key.contains("a no-break space (U+00A0)"), "{key}");

    let task = Task {
        order_callback_url: "https://a.example/%20\u{e9}",
        ..TASK
    };
    let refused = Batch::new(&task, Rules::new()).unwrap_err();
    assert_eq!(
        refused.as_slice()[0].kind(),
        &ViolationKind::Url(UrlError::Character {
            position: 22,
            found: '\u{e9}'
        })
    );
}

#[test]
fn syntax_errors_have_a_line_and_a_column_in_bytes() {
    for (document, line, column) in [("{\"é\" x", 1, 7), ("{\n\n  \"é\"x", 3, 7), ("{]", 1, 2)] {
        let refused = Batch::from_json(document.as_bytes(), Rules::new()).unwrap_err();
        let ViolationKind::JsonSyntax {
            line: l, column: c, ..
        } = refused
            .iter()
            .next_back()
            .expect("the document is invalid")
            .kind()
        else {
            panic!("{refused}");
        };
        assert_eq!((*l, *c), (line, column), "{document}");
    }
    let document = format!("{DOCUMENT}\n \"é\"");
    let refused = Batch::from_json(document.as_bytes(), Rules::new()).unwrap_err();
    assert_eq!(
        refused.as_slice()[0].kind(),
        &ViolationKind::TrailingBytes { line: 2, column: 2 }
    );
}

/// The only violation of [`DOCUMENT`] with a member before `userName`.
#[track_caller]
fn with_member(member: &str) -> Violation {
    let to = format!(",\n {member},\"userName\"");
    let document = edited(DOCUMENT, ",\"userName\"", &to);
    let refused = Batch::from_json(document.as_bytes(), Rules::new()).unwrap_err();
    assert_eq!(refused.len(), 1, "{refused}");
    refused.as_slice()[0].clone()
}

#[test]
fn an_unknown_key_is_found_by_its_position_and_is_not_told() {
    let offset = DOCUMENT.find(",\"userName\"").expect("it has a name") + 3;
    let position = Position {
        line: 2,
        column: 2,
        offset,
    };
    for key in [
        "Wang Fang",
        "zhangwei",
        "hunter2",
        "remark",
        "\u{738b}\u{82b3}",
        "",
    ] {
        let violation = with_member(&format!("\"{key}\": \"x\""));
        let nearest = None;
        let expected = ViolationKind::UnknownKey { position, nearest };
        assert_eq!(violation.kind(), &expected);
        assert_eq!(violation.path(), "/callInfoList/callList/0");
        assert_eq!(violation.field(), "callList");
        assert_eq!(
            violation.message(),
            format!("unknown key at line 2, column 2 (byte {offset}, counted from 0); remove it")
        );
    }
}

#[test]
fn a_key_that_is_nearly_a_known_one_is_told_by_that() {
    for (key, known, difference) in [
        ("orderId", "orderID", "by case"),
        ("user_fone", "", ""),
        ("phone", "", ""),
        (
            "user_phone",
            "userPhone",
            "by case and underscores or hyphens",
        ),
        ("order-id", "orderID", "by case and underscores or hyphens"),
        ("customername", "customerName", "by case"),
        ("userName ", "userName", "by whitespace (U+0020)"),
        (
            "\u{feff}params",
            "params",
            "by invisible characters (U+FEFF)",
        ),
        ("param", "params", "by one letter"),
    ] {
        let violation = with_member(&format!("\"{key}\": \"x\""));
        let ViolationKind::UnknownKey { nearest, .. } = violation.kind() else {
            panic!("{violation}");
        };
        let found = nearest.map(|(known, difference)| (known, difference.to_string()));
        let expected = (known, difference.to_owned());
        assert_eq!(found, (!known.is_empty()).then_some(expected), "{key}");
        let message = violation.message();
        assert!(!message.contains(&format!("\"{key}\"")), "{message}");
        if !known.is_empty() {
            let told = format!(", which differs from \"{known}\" {difference}; correct it");
            assert!(message.contains(&told), "{message}");
        }
    }
}

#[test]
fn a_duplicate_key_is_found_by_its_position() {
    let offset = DOCUMENT.find(",\"userName\"").expect("it has a name") + 3;
    let violation = with_member("\"orderID\": 1");
    let position = Some(Position {
        line: 2,
        column: 2,
        offset,
    });
    assert_eq!(violation.kind(), &ViolationKind::DuplicateKey { position });
    assert_eq!(violation.path(), "/callInfoList/callList/0/orderID");
}

#[test]
fn every_iterator_over_violations_gives_the_same() {
    let refused = batch().add(&Order::default()).unwrap_err();
    assert_eq!(refused.len(), 2);
    assert!(!refused.is_empty());
    let by_reference: Vec<&Violation> = (&refused).into_iter().collect();
    let by_iter: Vec<&Violation> = refused.iter().collect();
    assert_eq!(by_reference, by_iter);
    assert_eq!(by_iter.len(), refused.as_slice().len());
    let owned: Vec<Violation> = refused.clone().into_iter().collect();
    assert_eq!(owned, refused.as_slice());
    assert!(Violations::default().is_empty());
    assert_eq!(Violations::default().to_string(), "");
}
