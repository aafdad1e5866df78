//! The memory of what was received: at most 8 times the body, plus a constant.

use std::time::{Duration, Instant};

use callbot_core::{
    AddBatchResponse, Algorithm, ContentKind, Document, Envelope, ListOrderDetailResponse,
    ReceivedHeaders, Sent, Verified, Verifier, testing,
};

use crate::allocator::measured;
use crate::common::{ORDER, batch, credentials, request_id, timestamp};

/// The size of a large body.
const LARGE: usize = if cfg!(debug_assertions) {
    200 << 10
} else {
    20 << 20
};

/// What even a small body may take.
const CONSTANT: usize = 8 << 10;

const NOW: u64 = 1_726_200_000;

fn answered<'b>(endpoint: &str, body: &'b [u8]) -> Verified<'b> {
    let credentials = credentials(Algorithm::Md5);
    let mut batch = batch();
    batch.add(&ORDER).expect("the order is valid");
    let request = batch
        .sign(&credentials, request_id("r1"), timestamp(NOW))
        .expect("an order");
    let message = testing::sign_response(&credentials, &request, timestamp(NOW), body);
    let headers = ReceivedHeaders::from_pairs(message.headers()).expect("the headers are valid");
    let sent = Sent {
        endpoint,
        ..request.sent()
    };
    Verifier::new(credentials)
        .verify_response(&sent, &headers, body, NOW)
        .expect("the message is genuine")
}

/// Bodies whose memory is large in proportion to their length, by name.
fn worst_bodies(len: usize) -> Vec<(&'static str, String)> {
    let list = |element: &str| {
        let mut elements = [element, ","].concat().repeat(len / (element.len() + 1));
        elements.pop();
        format!("[{elements}]")
    };
    let members = |value: &str| {
        let count = len / (value.len() + 10);
        let members: Vec<String> = (0..count).map(|i| format!("\"{i:x}\":{value}")).collect();
        format!("{{{}}}", members.join(","))
    };
    // The shortest keys that are all different.
    let short: Vec<String> = ('!'..='~')
        .filter(|c| !"\"\\".contains(*c))
        .map(|c| format!("\"{c}\":0"))
        .collect();
    let short = format!("{{{}}}", short.join(","));
    let values = [
        ("zeros", list("0")),
        ("empty strings", list("\"\"")),
        ("empty lists", list("[]")),
        ("empty objects", list("{}")),
        ("pairs", list("[0,0]")),
        ("members", list(r#"{"":0}"#)),
        ("large lists", list(&format!("[{}0]", "0,".repeat(31)))),
        ("large objects", list(&short)),
        ("members with zeros", members("0")),
        ("members with lists", members("[]")),
        ("lists in lists", "[".repeat(len / 2) + &"]".repeat(len / 2)),
        (
            "objects in objects",
            "{\"\":".repeat(len / 5) + "0" + &"}".repeat(len / 5),
        ),
        ("short escapes", list(r#""\n""#)),
        ("long escapes", list(r#""\u00e9""#)),
        ("half pairs", list(r#""\ud800""#)),
        ("one long string", format!("\"{}\"", "x".repeat(len))),
        (
            "one long string with escapes",
            format!("\"\\n{}\"", "x".repeat(len)),
        ),
        (
            "a string of escapes",
            format!("\"{}\"", "\\n".repeat(len / 2)),
        ),
        ("whitespace", " ".repeat(len) + "0"),
    ];
    values.into_iter().collect()
}

#[track_caller]
fn assert_peak(peak: usize, body: &str, name: &str) {
    let limit = 8 * body.len() + CONSTANT;
    let tenths = peak * 10 / body.len();
    assert!(
        peak <= limit,
        "{name}: {peak} bytes for {} are {tenths} tenths",
        body.len()
    );
}

#[test]
fn a_document_and_what_is_read_from_it_take_at_most_eight_times_the_body() {
    for len in [10, 100, 10_000, LARGE] {
        for (name, value) in worst_bodies(len) {
            for key in ["retMsg", "errList", "new"] {
                let body = format!("{{\"retCode\":0,\"{key}\":{value}}}");
                let message = answered("addBatchCall", body.as_bytes());
                let (read, peak, _) = measured(|| {
                    let document = message.document(ContentKind::Response).expect(name);
                    let response: AddBatchResponse = document.read().expect(name);
                    (document, response)
                });
                assert_peak(peak, &body, name);
                // Without the document, and for each element.
                drop(read);
                let ((), peak, _) = measured(|| {
                    let response = message.response().expect(name);
                    let mut rows = 0;
                    for row in &response.err_list {
                        rows += row.expect("memory").extra.len().max(1);
                    }
                    assert!(rows >= response.err_list.len());
                });
                assert_peak(peak, &body, name);
                let (result, peak, _) = measured(|| message.read::<Envelope>());
                assert!(result.is_ok());
                assert_peak(peak, &body, name);
            }
        }
    }
}

#[test]
fn deviations_take_at_most_a_constant() {
    let rows = ["{\"errMsg\":0}", "0", "{\"phone\":\"\\ud800\"}"];
    for row in rows {
        let mut rows = [row, ","].concat().repeat(LARGE / row.len());
        rows.pop();
        let body = format!("{{\"retCode\":0,\"errList\":[{rows}]}}");
        let document = answered("addBatchCall", body.as_bytes()).document(ContentKind::Response);
        let document = document.expect("the body is a response");
        let (shown, peak, _) = measured(|| {
            let deviations = document.deviations();
            assert!(deviations.count() >= LARGE / row.len());
            deviations.iter().map(|each| each.to_string().len()).max()
        });
        assert!(peak < CONSTANT, "{peak}");
        assert!(shown < Some(100));
    }
    // Deep inside, and with long keys.
    let key = "~".repeat(LARGE / 200);
    let deep = "[".repeat(LARGE / 8) + "\"\\ud800\"" + &"]".repeat(LARGE / 8);
    let body = format!(r#"{{"retCode":0,"{key}":{{"{key}":"\ud800"}},"errList":{deep}}}"#);
    let document = answered("", body.as_bytes()).document(ContentKind::Response);
    let document = document.expect("the body is a response");
    let (paths, peak, _) = measured(|| {
        let deviations = document.deviations();
        let paths = deviations.iter().map(callbot_core::Deviation::path);
        paths.collect::<Vec<_>>()
    });
    assert!(peak < CONSTANT, "{peak}");
    assert_eq!(paths.len(), 2);
    assert_eq!(paths[0], "");
    assert!(paths[1].starts_with("/errList/0/0/") && paths[1].len() <= 1024);
}

#[test]
fn invalid_bodies_take_no_more_than_valid_ones() {
    let bodies = [
        "{\"a\":".to_owned() + &"[".repeat(LARGE),
        "{\"a\":".repeat(LARGE / 5),
        "{\"a\":[".to_owned() + &"0,".repeat(LARGE / 2),
        "{\"a\":[".to_owned() + &"\"\\n\",".repeat(LARGE / 5),
    ];
    for body in bodies {
        let message = answered("addBatchCall", body.as_bytes());
        let (result, peak, _) = measured(|| message.response());
        assert_eq!(result.expect_err("the body is cut").code(), "content_json");
        assert_peak(peak, &body, "a body that is cut");
    }
}

#[test]
fn a_short_message_takes_few_allocations() {
    let body =
        br#"{"retCode":0,"retMsg":"success","responseID":"x","totalCount":2,"successCount":2}"#;
    let message = answered("addBatchCall", body);
    let (response, _, allocations) = measured(|| message.response());
    assert!(response.is_ok());
    // The nodes, the copy of the body, which is shared, the shared document, and two strings.
    assert!(allocations <= 6, "{allocations}");
    let document = message.document(ContentKind::Response).expect("a response");
    let (clone, _, allocations) = measured(|| document.clone());
    assert_eq!((clone.kind(), allocations), (ContentKind::Response, 0));
    let (_, _, allocations) = measured(|| document.get("/totalCount").map(|value| value?.as_i64()));
    assert_eq!(allocations, 0);
}

/// The time that `work` takes for a list of this length.
fn time_of(len: usize, work: fn(&Document, usize)) -> Duration {
    let rows = vec![r#"{"orderID":"1","callInfoDetailList":[{},0]}"#; len].join(",");
    let members: Vec<String> = (0..len).map(|i| format!("\"k{i}\":{i}")).collect();
    let members = members.join(",");
    let body = format!(r#"{{"retCode":0,"orderDetailList":[{rows}],"map":{{{members}}}}}"#);
    let document = answered("listOrderDetail", body.as_bytes()).document(ContentKind::Response);
    let document = document.expect("the body is a response");
    let start = Instant::now();
    work(&document, len);
    start.elapsed()
}

/// A hundred times as many elements take less than two thousand times as long, also on a busy
/// machine, where a quadratic algorithm takes ten thousand times.
#[test]
fn going_through_by_index_is_linear() {
    const FEW: usize = 500;
    let works: [fn(&Document, usize); 5] = [
        |document, len| {
            for i in 0..len {
                let value = document.get(&format!("/orderDetailList/{i}/orderID"));
                assert_eq!(
                    value.expect("a pointer").expect("a value").as_str(),
                    Some("1")
                );
            }
        },
        |document, len| {
            let list = document
                .get("/orderDetailList")
                .expect("a pointer")
                .expect("a value");
            for i in 0..list.len().expect("a list") {
                assert!(list.element(i).is_some());
                assert_eq!(list.len(), Some(len));
            }
        },
        |document, len| {
            let map = document.get("/map").expect("a pointer").expect("a value");
            for i in 0..len {
                let key = map.key(i).expect("a key");
                let value = document.get(&format!("/map/{key}")).expect("a pointer");
                assert_eq!(value.expect("a value").as_i64(), i64::try_from(i).ok());
            }
        },
        |document, len| {
            let response: ListOrderDetailResponse = document.read().expect("a response");
            for i in 0..len {
                let order = response
                    .order_detail_list
                    .get(i)
                    .unwrap()
                    .expect("an element");
                assert_eq!(order.call_info_detail_list.len(), 2);
            }
        },
        |document, _| assert!(document.deviations().count() > 0),
    ];
    for (number, work) in works.into_iter().enumerate() {
        let (few, many) = (time_of(FEW, work), time_of(100 * FEW, work));
        assert!(many < few * 2000, "{number}: {few:?} and {many:?}");
    }
}
