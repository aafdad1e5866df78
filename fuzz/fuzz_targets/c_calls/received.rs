//! The calls for what was received: raw headers, the content of a response, and its outcome. Each
//! does what the core does.

use std::ptr;

#[expect(clippy::wildcard_imports, reason = "it is the whole interface")]
use callbot::*;
use callbot_core::{
    ContentKind, Credentials, Document, HeaderBlock, OutcomeKind, ReceivedHeaders, Refusal,
    SignedRequest, Value, Verified, Verifier, testing,
};

use crate::input::{ContentInput, Failed, HeaderLines, Text, borrow};
use crate::{CREATE_TS, Object, Outcome, check, create_ts, read};

/// Splits a raw block of headers.
pub(crate) fn headers(
    lines: &HeaderLines<'_>,
    requests: &[Object<callbot_request, SignedRequest>; 2],
) {
    let written;
    let block = match *lines {
        HeaderLines::Any(block) => block,
        HeaderLines::Written {
            request,
            before,
            after,
            crlf,
        } => {
            written = [before, &lines_of(&requests[request.index()], crlf), after].concat();
            Text::Any(&written)
        }
    };
    let (mut pointer, mut error) = (ptr::dangling_mut(), ptr::dangling_mut());
    // SAFETY: the string is valid or is refused, and the outputs are this function's own.
    let status = unsafe { callbot_headers_parse(block.for_c(), &raw mut pointer, &raw mut error) };
    let model = block
        .bytes()
        .and_then(|block| HeaderBlock::parse(block).map_err(|_| CALLBOT_HEADERS));
    let expected = match &model {
        Ok(_) => Outcome::Done,
        Err(failed) => Outcome::Failed(*failed),
    };
    check(status, error, &expected, 0);
    let mut headers = Object::none(callbot_headers_free);
    headers.replace(pointer, model.as_ref().ok());
    let expected: Vec<_> = model.iter().flat_map(HeaderBlock::pairs).collect();
    // SAFETY: the headers are valid, or NULL, and have that many elements.
    unsafe {
        let count = callbot_headers_count(headers.pointer);
        let first = callbot_headers_get(headers.pointer);
        let found: Vec<_> = (0..count)
            .map(|i| {
                let header = *first.add(i);
                (read(header.name), read(header.value))
            })
            .collect();
        assert_eq!(found, expected);
    }
}

/// The lines that the library writes for a request.
fn lines_of(request: &Object<callbot_request, SignedRequest>, crlf: bool) -> Vec<u8> {
    let mut lines = Vec::new();
    // SAFETY: the request is valid, or NULL.
    let count = unsafe { callbot_request_header_count(request.pointer) };
    for i in 0..count {
        // SAFETY: as above, and a NUL follows the line.
        unsafe {
            let line = callbot_request_header_line(request.pointer, i);
            assert_eq!(line.data.add(line.len).read(), 0);
            lines.extend(read(line));
        }
        lines.extend(if crlf { &b"\r\n"[..] } else { b"\n" });
    }
    lines
}

/// The URL of a request under a base URL.
pub(crate) fn url(request: &Object<callbot_request, SignedRequest>, base: Text<'_>) {
    let (mut pointer, mut error) = (ptr::dangling_mut(), ptr::dangling_mut());
    // SAFETY: the request is valid, or NULL; the string is valid or is refused; the outputs are
    // this function's own.
    let status = unsafe {
        let (url, error) = (&raw mut pointer, &raw mut error);
        callbot_request_url(request.pointer, base.for_c(), url, error)
    };
    let model = request.model.as_ref().ok_or(CALLBOT_NULL_POINTER);
    let model = model.and_then(|request| {
        let url = request.url(base.text()?);
        url.map_err(|_| CALLBOT_BASE_URL)
    });
    let expected = match &model {
        Ok(_) => Outcome::Done,
        Err(failed) => Outcome::Failed(*failed),
    };
    check(status, error, &expected, 0);
    let mut url = Object::none(callbot_string_free);
    url.replace(pointer, model.as_ref().ok());
    // SAFETY: the string is valid, or NULL.
    let found = unsafe { read(callbot_string_get(url.pointer)) };
    assert_eq!(found, model.as_ref().map_or(&b""[..], |url| url.as_bytes()));
}

/// Verifies a response to a request, and reads it.
pub(crate) fn content(
    signer: &Object<callbot_signer, Credentials>,
    request: &Object<callbot_request, SignedRequest>,
    input: &ContentInput<'_>,
) {
    let (Some(credentials), Some(sent)) = (&signer.model, &request.model) else {
        return;
    };
    let body = body_of(input);
    let message = testing::sign_response(credentials, sent, create_ts(), &body);
    let headers = ReceivedHeaders::from_pairs(message.headers()).expect("they were signed");
    let verifier = Verifier::new(credentials.clone());
    let model = verifier.verify_response(&sent.sent(), &headers, &body, CREATE_TS.into());
    let list: Vec<_> = message
        .headers()
        .iter()
        .map(|(name, value)| callbot_header {
            name: borrow(name.as_bytes()),
            value: borrow(value.as_bytes()),
        })
        .collect();
    let mut message = Object::none(callbot_verified_free);
    let mut of_signer = Object::none(callbot_verifier_free);
    let (mut made, mut pointer, nowhere) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
    // SAFETY: the objects and the strings are alive, and the outputs are this function's own.
    let status = unsafe {
        let status = callbot_verifier_new(signer.pointer, &raw mut made, nowhere);
        assert_eq!(status, CALLBOT_OK);
        of_signer.replace(made, Some(()));
        let sent = callbot_request_sent(request.pointer);
        callbot_verify_response(
            of_signer.pointer,
            &raw const sent,
            list.as_ptr(),
            list.len(),
            borrow(&body),
            CREATE_TS.into(),
            &raw mut pointer,
            nowhere,
        )
    };
    assert_eq!(status == CALLBOT_OK, model.is_ok());
    message.replace(pointer, model.ok());
    if let Some(model) = &message.model {
        read_content(message.pointer, model, sent, input);
    }
}

fn body_of(input: &ContentInput<'_>) -> Vec<u8> {
    if let Some(body) = input.body {
        return body.to_vec();
    }
    let field = |key, number: Option<u8>| {
        number.map_or(String::new(), |number| format!(r#","{key}":{number}"#))
    };
    let phones = input.phones.iter().map(|phone| {
        let phone = String::from_utf8_lossy(phone.bytes().unwrap_or_default());
        format!(r#"{{"phone":{}}}"#, serde_json::json!(phone))
    });
    format!(
        r#"{{"retCode":{}{}{},"errList":[{}]}}"#,
        input.ret_code,
        field("totalCount", input.total),
        field("successCount", input.accepted),
        phones.collect::<Vec<_>>().join(",")
    )
    .into_bytes()
}

fn read_content(
    message: *const callbot_verified,
    model: &Verified<'_>,
    sent: &SignedRequest,
    input: &ContentInput<'_>,
) {
    let (mut pointer, mut error) = (ptr::dangling_mut(), ptr::dangling_mut());
    // SAFETY: the message is alive, and the outputs are this function's own.
    let status = unsafe {
        let (content, error) = (&raw mut pointer, &raw mut error);
        callbot_content_new(message, input.kind.into(), content, error)
    };
    let kind = match i32::from(input.kind) {
        CALLBOT_CONTENT_RESPONSE => Ok(ContentKind::Response),
        CALLBOT_CONTENT_CALL_CALLBACK => Ok(ContentKind::CallCallback),
        CALLBOT_CONTENT_ORDER_CALLBACK => Ok(ContentKind::OrderCallback),
        CALLBOT_CONTENT_TASK_CALLBACK => Ok(ContentKind::TaskCallback),
        _ => Err(CALLBOT_UNKNOWN_CONSTANT),
    };
    let document = kind.and_then(|kind| model.document(kind).map_err(|_| CALLBOT_CONTENT));
    let expected = match &document {
        Ok(_) => Outcome::Done,
        Err(failed) => Outcome::Failed(*failed),
    };
    check(status, error, &expected, 0);
    let mut content = Object::none(callbot_content_free);
    content.replace(pointer, document.ok());
    let Some(document) = &content.model else {
        return;
    };
    for &pointer in &input.pointers {
        check_value(content.pointer, document, pointer);
    }
    check_outcome(content.pointer, document, sent.body());
    let deviations = document.deviations();
    // SAFETY: the content is alive.
    unsafe {
        let count = callbot_content_deviation_count(content.pointer);
        assert_eq!(count, deviations.count());
        for (i, deviation) in deviations.iter().enumerate() {
            let found = read(callbot_content_deviation(content.pointer, i));
            assert_eq!(found, deviation.to_string().as_bytes());
        }
    }
}

fn check_value(content: *const callbot_content, document: &Document, pointer: Text<'_>) {
    let value = pointer.text().and_then(|pointer| {
        let value = document.get(pointer).map_err(|_| CALLBOT_JSON_POINTER)?;
        value.filter(|value| !value.is_null()).ok_or(CALLBOT_ABSENT)
    });
    let (mut string, mut integer, mut number) = (borrow(b""), 0, 0.0);
    let (mut boolean, mut length, mut json) = (false, 0, borrow(b""));
    let for_c = pointer.for_c();
    // SAFETY: the content is alive, the string is valid or is refused, and the outputs are this
    // function's own.
    unsafe {
        agree(
            callbot_content_string(content, for_c, &raw mut string),
            &typed(value, Value::as_str).map(str::as_bytes),
            || read(string),
        );
        agree(
            callbot_content_integer(content, for_c, &raw mut integer),
            &typed(value, Value::as_i64),
            || integer,
        );
        agree(
            callbot_content_number(content, for_c, &raw mut number),
            &typed(value, Value::as_f64).map(f64::to_bits),
            || number.to_bits(),
        );
        agree(
            callbot_content_boolean(content, for_c, &raw mut boolean),
            &typed(value, Value::as_bool),
            || boolean,
        );
        agree(
            callbot_content_length(content, for_c, &raw mut length),
            &typed(value, Value::len),
            || length,
        );
        agree(
            callbot_content_json(content, for_c, &raw mut json),
            &value.map(|value| value.json().as_bytes()),
            || read(json),
        );
    }
}

fn typed<'d, T>(
    value: Result<Value<'d>, Failed>,
    read: impl Fn(Value<'d>) -> Option<T>,
) -> Result<T, Failed> {
    read(value?).ok_or(CALLBOT_WRONG_TYPE)
}

fn agree<T: PartialEq + std::fmt::Debug>(
    status: callbot_status,
    expected: &Result<T, Failed>,
    found: impl FnOnce() -> T,
) {
    let found = match status {
        CALLBOT_OK => Ok(found()),
        failed => Err(failed),
    };
    assert_eq!(found, *expected);
}

fn check_outcome(content: *const callbot_content, document: &Document, body: &[u8]) {
    let (mut pointer, mut error) = (ptr::dangling_mut(), ptr::dangling_mut());
    // SAFETY: the content and the body are alive, and the outputs are this function's own.
    let status = unsafe {
        let (outcome, error) = (&raw mut pointer, &raw mut error);
        callbot_outcome_new(content, borrow(body), outcome, error)
    };
    let model = document.outcome(body);
    let expected = match &model {
        Ok(_) => Outcome::Done,
        Err(_) => Outcome::Failed(CALLBOT_CONTENT),
    };
    check(status, error, &expected, 0);
    let mut outcome = Object::none(callbot_outcome_free);
    outcome.replace(pointer, model.ok());
    let Some(model) = &outcome.model else {
        return;
    };
    let kind = match model.kind() {
        OutcomeKind::Accepted => CALLBOT_OUTCOME_ACCEPTED,
        OutcomeKind::Partly => CALLBOT_OUTCOME_PARTLY,
        OutcomeKind::Refused => CALLBOT_OUTCOME_REFUSED,
        OutcomeKind::Ambiguous => CALLBOT_OUTCOME_AMBIGUOUS,
        _ => CALLBOT_OUTCOME_UNACCOUNTED,
    };
    // SAFETY: the outcome is alive, and the output is this function's own.
    unsafe {
        assert_eq!(callbot_outcome_kind(outcome.pointer), kind);
        let count = callbot_outcome_refused_count(outcome.pointer);
        assert_eq!(count, model.refused().len());
        for (i, refusal) in model.refused().iter().enumerate() {
            let nothing = borrow(b"");
            let mut refused = callbot_refused {
                order: 0,
                order_id: nothing,
                phone: nothing,
                message: nothing,
                ambiguous: false,
            };
            let status = callbot_outcome_refused(outcome.pointer, i, &raw mut refused);
            assert_eq!(status, CALLBOT_OK);
            check_refused(&refused, refusal);
        }
    }
}

/// # Safety
///
/// The outcome is alive.
unsafe fn check_refused(refused: &callbot_refused, refusal: &Refusal) {
    assert_eq!(refused.order, refusal.order.unwrap_or(usize::MAX));
    assert_eq!(refused.ambiguous, refusal.is_ambiguous);
    for (found, expected) in [
        (refused.order_id, refusal.order_id.as_deref()),
        (refused.phone, refusal.phone.as_deref()),
        (
            refused.message,
            refusal.message.as_deref().map(String::as_str),
        ),
    ] {
        // SAFETY: the same contract.
        let found = unsafe { read(found) };
        assert_eq!(found, expected.unwrap_or_default().as_bytes());
    }
}
