//! What comes in.

use std::hint::black_box;

use callbot_core::{
    CallCallback, ContentKind, CreateTaskResponse, Document, Endpoint, ReceivedHeaders,
    SignedRequest, Value, Verified, Verifier, VerifyError, testing,
};

use crate::{NOW, credentials, now, request_id, show, string};

/// Each line is a header: its name, and after a colon its value.
pub(crate) fn headers(input: &[u8]) {
    let message = testing::sign_callback(&credentials(), &request_id(), now(), b"{}");
    let genuine = message.headers().into_iter();
    let mut pairs: Vec<_> = genuine
        .map(|(name, value)| (name.as_bytes(), value.as_bytes()))
        .collect();
    for line in input.split(|&byte| byte == b'\n') {
        let colon = line
            .iter()
            .position(|&byte| byte == b':')
            .unwrap_or(line.len());
        let (name, value) = line.split_at(colon);
        pairs.push((name, value));
    }
    show(ReceivedHeaders::from_pairs(pairs.iter().copied()));
    // The input in place of each value.
    for (replaced, _) in message.headers() {
        let pairs = message.headers().into_iter().map(|(name, value)| {
            let value = if name == replaced {
                input
            } else {
                value.as_bytes()
            };
            (name.as_bytes(), value)
        });
        let pairs: Vec<_> = pairs.collect();
        match ReceivedHeaders::from_pairs(pairs.iter().copied()) {
            Ok(headers) => {
                show(Verifier::new(credentials()).verify_callback(&headers, b"{}", NOW));
            }
            Err(error) => show(Err::<(), _>(error)),
        }
    }
}

/// The input as a JSON Pointer into a body, and as a key in it.
pub(crate) fn pointer(input: &[u8]) {
    let key = string(input);
    let body = br#"{"callbackType":1,"orderID":"1","userPhone":"8613800000001","userName":null,"sceneID":"s","userTaskID":"t","taskID":"p","finish":true,"other":"","callInfoDetail":{"callStatus":3,"intents":[{"intentName":"x"}]}}"#;
    with_callback(body, |document| {
        show(document.get(&key).map(|_| ()));
        show(document.get(&format!("/{key}")).map(|_| ()));
        black_box(document.root().member(&key));
    });
}

pub(crate) fn callback(input: &[u8]) {
    with_callback(input, |document| {
        show(document.read::<CallCallback>());
        walk(document);
    });
}

pub(crate) fn response(input: &[u8]) {
    let request = SignedRequest::new(
        Endpoint::CreateTask.path(),
        "{}",
        &credentials(),
        request_id(),
        now(),
    );
    with_response(&request.expect("a request"), input, |document| {
        show(document.read::<CreateTaskResponse>());
        walk(document);
    });
}

/// Each line is the phone number of an order that was sent, and of one that was refused.
pub(crate) fn outcome(input: &[u8]) {
    let string = string(input);
    let lines = string
        .lines()
        .filter(|line| line.bytes().all(|byte| byte.is_ascii_digit()));
    let lines: Vec<&str> = lines.collect();
    let list = |each: &dyn Fn(usize, &str) -> String| {
        let each: Vec<_> = lines
            .iter()
            .enumerate()
            .map(|(i, line)| each(i, line))
            .collect();
        each.join(",")
    };
    let sent = list(&|i, line| {
        format!(
            r#"{{"orderID":"{i}","userPhone":"{line}","other":"","userName":"","customerName":"","params":[]}}"#
        )
    });
    let sent = format!(r#"{{"callInfoList":{{"callList":[{sent}]}}}}"#);
    let refused = list(&|_, line| format!(r#"{{"phone":"+{line}","errMsg":"x"}}"#));
    let total = lines.len();
    let answer = format!(
        r#"{{"retCode":0,"retMsg":"","responseID":"x","totalCount":{total},"successCount":0,"errList":[{refused}]}}"#
    );
    let request = SignedRequest::new("/path", sent.as_str(), &credentials(), request_id(), now());
    with_response(
        &request.expect("a request"),
        answer.as_bytes(),
        |document| {
            show(document.outcome(sent.as_bytes()));
        },
    );
}

fn with_callback(body: &[u8], check: impl Fn(&Document)) {
    let message = testing::sign_callback(&credentials(), &request_id(), now(), body);
    let headers = ReceivedHeaders::from_pairs(message.headers()).expect("genuine headers");
    let verifier = Verifier::new(credentials());
    let message = verifier.verify_callback(&headers, body, NOW);
    for kind in [
        ContentKind::CallCallback,
        ContentKind::OrderCallback,
        ContentKind::TaskCallback,
    ] {
        with_document(&message, kind, &check);
    }
}

fn with_response(request: &SignedRequest, body: &[u8], check: impl Fn(&Document)) {
    let message = testing::sign_response(&credentials(), request, now(), body);
    let headers = ReceivedHeaders::from_pairs(message.headers()).expect("genuine headers");
    let verifier = Verifier::new(credentials());
    let message = verifier.verify_response(&request.sent(), &headers, body, NOW);
    with_document(&message, ContentKind::Response, check);
}

/// A genuine message is refused if it is not UTF-8.
fn with_document(
    message: &Result<Verified<'_>, VerifyError>,
    kind: ContentKind,
    check: impl Fn(&Document),
) {
    match message.as_ref().map(|message| message.document(kind)) {
        Ok(Ok(document)) => check(&document),
        Ok(Err(error)) => show(Err::<(), _>(error)),
        Err(error) => show(Err::<(), _>(error)),
    }
}

/// Reads each value by every way there is, and what deviates.
fn walk(document: &Document) {
    let mut left = vec![document.root()];
    while let Some(value) = left.pop() {
        black_box((
            value.as_str(),
            value.as_i64(),
            value.as_f64(),
            value.as_bool(),
            value.len(),
        ));
        left.extend(value.elements());
        left.extend(value.members().map(|(_, member): (_, Value<'_>)| member));
    }
    for deviation in &document.deviations() {
        black_box(deviation.to_string());
    }
}
