//! What Rust code is told when an allocation fails: large ones, one after the other.

use callbot_core::{
    Algorithm, Batch, CallCallback, ContentKind, Endpoint, Error, Order, ReceivedHeaders,
    RequestId, Rules, SignedRequest, StopOrder, Verifier, join_url, testing,
};

use crate::allocator::failing;
use crate::common::{self, TASK};

/// Longer than what the allocator gives in any case.
const LONG: usize = 20_000;

/// Makes each large allocation of a call fail, up to the first call without a failure. The call
/// fails with the error of its own, or does without.
#[track_caller]
pub(crate) fn check<T>(mut call: impl FnMut() -> Result<T, Error>) {
    let mut refused = 0;
    for n in 0.. {
        let (result, has_failed) = failing(n, &mut call);
        if let Err(error) = result {
            assert_eq!((error.code(), has_failed), ("no_memory", true), "{n}");
            refused += 1;
        }
        if !has_failed {
            break;
        }
    }
    assert!(refused > 0, "nothing failed");
}

fn id() -> RequestId {
    common::request_id("r")
}

fn order(other: &str) -> Order<'_> {
    Order {
        order_id: "1",
        user_phone: "8613800000001",
        other,
        ..Order::default()
    }
}

#[test]
fn orders() {
    let long = "x".repeat(LONG);
    check(|| {
        let mut batch = Batch::new(&TASK, Rules::new())?;
        let added = batch.add(&order(&long));
        assert_eq!(batch.len(), usize::from(added.is_ok()));
        Ok(added?)
    });
    check(|| {
        let mut batch = Batch::new(&TASK, Rules::new())?;
        Ok(batch.reserve(1000, 100_000)?)
    });
    let json = common::order_json("1", "8613800000001");
    let other = format!(r#""other":"\n{long}""#);
    let json = json.replace(r#""other":"""#, &other);
    assert!(json.len() > LONG);
    let json = format!(
        r#"{{"userTaskID":"t","callInfoList":{{"orderCallbackUrl":"https://a.example/",
        "callCallbackUrl":"https://a.example/","callList":[{json}]}}}}"#
    );
    check(|| Ok(Batch::from_json(json.as_bytes(), Rules::new())?));
    let ids: Vec<_> = (0..LONG).map(|id| format!("\"{id}\"")).collect();
    let json = format!(r#"{{"userTaskID":"t","orderIDs":[{}]}}"#, ids.join(","));
    let account = common::credentials(Algorithm::Md5);
    check(|| {
        let (endpoint, id, ts) = (Endpoint::StopOrder, id(), common::timestamp(1));
        Ok(SignedRequest::from_json(
            endpoint,
            json.as_bytes(),
            &account,
            id,
            ts,
        )?)
    });
    check(|| Ok(Rules::new().require_param(&long).map(drop)?));
}

#[test]
fn urls_and_signed_strings() {
    let path = format!("/{}", "x".repeat(LONG));
    check(|| Ok(join_url("https://a.example", &path)?));
    let account = common::credentials(Algorithm::Md5);
    let body = path.as_bytes();
    check(|| Ok(account.try_masked_signed_string(&id(), common::timestamp(1), body)?));
}

#[test]
fn contents() {
    let account = common::credentials(Algorithm::Md5);
    let long = "x".repeat(LONG);
    let list = r#"{"a":"\n"},"#.repeat(2000);
    let body = format!(
        r#"{{"callbackType":1,"orderID":"1","other":"\n{long}","x":[{list}{{}}],
        "callInfoDetail":{{"intents":[{{"intentName":"{long}"}}]}}}}"#
    );
    let message = testing::sign_callback(&account, &id(), common::timestamp(1), body.as_bytes());
    let headers = ReceivedHeaders::from_pairs(message.headers()).expect("the headers are valid");
    let verifier = Verifier::new(account);
    check(|| {
        Ok(verifier
            .verify_callback(&headers, body.as_bytes(), 1)?
            .try_into_owned()?)
    });
    let received = verifier
        .verify_callback(&headers, body.as_bytes(), 1)
        .expect("the message is genuine");
    check(|| {
        let document = received.document(ContentKind::CallCallback)?;
        assert_eq!(
            document
                .get("/other")?
                .and_then(|other| Some(other.as_str()?.len())),
            Some(LONG + 1)
        );
        Ok(())
    });
    let document = received
        .document(ContentKind::CallCallback)
        .expect("a callback");
    check(|| {
        let read: CallCallback = document.read()?;
        assert_eq!(read.other.map(|other| other.len()), Some(LONG + 1));
        assert_eq!(read.extra.len(), 1);
        for intent in &read.call_info_detail.unwrap_or_default().intents {
            assert_eq!(intent?.intent_name.map(|name| name.len()), Some(LONG));
        }
        Ok(())
    });
}

#[test]
fn outcomes() {
    let account = common::credentials(Algorithm::Md5);
    let mut batch = common::batch();
    let ids: Vec<_> = (0..500).map(|i| i.to_string()).collect();
    for order_id in &ids {
        let order = Order {
            order_id,
            ..order("")
        };
        batch.add(&order).expect("the order is valid");
    }
    let ts = common::timestamp(1);
    let request = batch.sign(&account, id(), ts).expect("there are orders");
    let row = r#"{"phone":"8613800000001","errMsg":"no"}"#;
    let body = format!(
        r#"{{"retCode":0,"totalCount":500,"successCount":0,"errList":[{}]}}"#,
        vec![row; 500].join(",")
    );
    let message = testing::sign_response(&account, &request, ts, body.as_bytes());
    let headers = ReceivedHeaders::from_pairs(message.headers()).expect("the headers are valid");
    let document = Verifier::new(account)
        .verify_response(&request.sent(), &headers, body.as_bytes(), 1)
        .expect("the message is genuine")
        .document(ContentKind::Response)
        .expect("a response");
    check(|| Ok(document.outcome(request.body())?));
}

/// What was written of the JSON until then is not read, and so not refused for its syntax.
#[test]
fn a_typed_request() {
    let account = common::credentials(Algorithm::Md5);
    let long = "x".repeat(3_000);
    let request = StopOrder {
        user_task_id: &long,
        order_ids: &["1"],
        ..StopOrder::default()
    };
    check(|| {
        let signed = request.sign(&account, id(), common::timestamp(1));
        signed.map_err(|violations| {
            assert_eq!(violations.iter().count(), 0);
            Error::from(violations)
        })
    });
}
