//! Verifying and reading a call callback: callbot, and a user's own code with `serde_json`.

use std::hint::black_box;

use callbot_core::{Algorithm, CallCallback, Credentials, ReceivedHeaders, Verifier, testing};
use md5::{Digest, Md5};
use serde::Deserialize;
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::rust;
use crate::signed_with::{CREATE_TS, REQUEST_ID, SECRET_KEY, UUID};

/// The 732 bytes of a call callback of a real campaign, with every field of the API's page.
pub const BODY: &str = concat!(
    r#"{"callbackType":1,"orderID":"o-1","userPhone":"8613800000001","userName":"王芳","#,
    r#""sceneID":"s","userTaskID":"t","taskID":"p","finish":true,"other":"17","#,
    r#""callInfoDetail":{"callID":"c-9","callingNumber":"862","lineAddress":"192.0.2.7","#,
    r#""callStatus":1,"callStartTs":17262,"callAnswerTs":17269,"callEndTs":17323,"#,
    r#""callDuration":54,"callAudioUrl":"","hangupCause":"","termSipCode":"200","#,
    r#""intents":[{"intentID":"i-4","intentTag":"A","intentName":"p","intentLevel":2}],"#,
    r#""sms":[{"smsSendTs":0,"sysMessageID":"","smsContent":""}],"#,
    r#""agent":{"agentName":"","agentGroup":"","agentCallStatus":0,"agentCallElapsed":0,"#,
    r#""agentLabel":"","manualCallStart":0,"manualCallAnswer":0,"manualCallEnd":0,"#,
    r#""manualHangupBy":0},"params":[{"name":"a","value":"1"}]}}"#,
);

/// A request's headers, as a server receives them.
pub type Headers = Vec<(&'static str, String)>;

/// The callback's headers, with others that a request has.
///
/// # Panics
///
/// Never.
#[must_use]
pub fn headers(credentials: &Credentials) -> Headers {
    let (id, now) = (rust::request_id(), rust::create_ts());
    let sent = testing::sign_callback(credentials, &id, now, BODY.as_bytes());
    let signed = sent.headers();
    let signed = signed.iter().map(|&(name, value)| (name, value.to_owned()));
    [("Host", "a.example"), ("Content-Type", "application/json")]
        .map(|(name, value)| (name, value.to_owned()))
        .into_iter()
        .chain(signed)
        .chain([("Content-Length", BODY.len().to_string())])
        .collect()
}

/// The account's verifier.
#[must_use]
pub fn verifier(algorithm: Algorithm) -> Verifier {
    Verifier::new(rust::credentials(algorithm))
}

/// Verifies the callback and reads it, with all elements of its lists.
///
/// # Panics
///
/// Never.
#[must_use]
pub fn read(verifier: &Verifier, headers: &Headers, body: &[u8]) -> CallCallback {
    let headers = headers.iter().map(|(name, value)| (*name, value.as_str()));
    let headers = ReceivedHeaders::from_pairs(headers).expect("headers");
    let message = verifier
        .verify_callback(&headers, body, CREATE_TS)
        .expect("a callback");
    let callback: CallCallback = message.read().expect("its content");
    let detail = callback.call_info_detail.as_ref().expect("its call");
    detail.intents.iter().for_each(|each| _ = black_box(each));
    detail.sms.iter().for_each(|each| _ = black_box(each));
    detail.params.iter().for_each(|each| _ = black_box(each));
    callback
}

/// Runs a user's own code: a crate's hash of the signed string, a comparison in constant time, and
/// `serde_json` into a derived type. What the headers say is known in advance.
///
/// # Panics
///
/// If the signature is another one.
pub fn by_serde(algorithm: Algorithm, sign: &[u8], body: &[u8]) {
    let is_equal = match algorithm {
        Algorithm::Md5 => hash::<Md5>(body).ct_eq(sign),
        Algorithm::Sha256 => hash::<Sha256>(body).ct_eq(sign),
    };
    assert!(bool::from(is_equal));
    black_box::<SerdeCall>(serde_json::from_slice(body).expect("its content"));
}

/// The signature in the headers, as bytes.
///
/// # Panics
///
/// Never.
#[must_use]
pub fn sign(headers: &Headers) -> Vec<u8> {
    let sign = headers.iter().find(|(name, _)| *name == "sign");
    hex::decode(&sign.expect("a signature").1).expect("hex digits")
}

fn hash<H: Digest>(body: &[u8]) -> md5::digest::Output<H> {
    let mut hash = H::new();
    hash.update(black_box(SECRET_KEY));
    hash.update("&body=");
    hash.update(body);
    hash.update("&createTs=");
    hash.update(black_box("1726200000"));
    hash.update("&requestID=");
    hash.update(black_box(REQUEST_ID));
    hash.update("&uuid=");
    hash.update(black_box(UUID));
    hash.finalize()
}

/// The fields of `CallCallback`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "only the reading of them is measured")]
struct SerdeCall {
    callback_type: i64,
    #[serde(rename = "orderID")]
    order_id: String,
    user_phone: Option<String>,
    user_name: Option<String>,
    #[serde(rename = "sceneID")]
    scene_id: Option<String>,
    #[serde(rename = "userTaskID")]
    user_task_id: Option<String>,
    #[serde(rename = "taskID")]
    task_id: Option<String>,
    finish: Option<bool>,
    other: Option<String>,
    call_info_detail: Option<SerdeDetail>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "only the reading of them is measured")]
struct SerdeDetail {
    #[serde(rename = "callID")]
    call_id: Option<String>,
    calling_number: Option<String>,
    line_address: Option<String>,
    call_status: Option<i64>,
    call_start_ts: Option<i64>,
    call_answer_ts: Option<i64>,
    call_end_ts: Option<i64>,
    call_duration: Option<i64>,
    call_audio_url: Option<String>,
    hangup_cause: Option<String>,
    term_sip_code: Option<String>,
    #[serde(default)]
    intents: Vec<SerdeIntent>,
    #[serde(default)]
    sms: Vec<SerdeSms>,
    agent: Option<SerdeAgent>,
    #[serde(default)]
    params: Vec<SerdeFilledParam>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "only the reading of them is measured")]
#[expect(clippy::struct_field_names, reason = "the keys are the API's")]
struct SerdeIntent {
    #[serde(rename = "intentID")]
    intent_id: Option<String>,
    intent_tag: Option<String>,
    intent_name: Option<String>,
    intent_level: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "only the reading of them is measured")]
struct SerdeSms {
    sms_send_ts: Option<i64>,
    #[serde(rename = "sysMessageID")]
    sys_message_id: Option<String>,
    sms_content: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "only the reading of them is measured")]
struct SerdeAgent {
    agent_name: Option<String>,
    agent_group: Option<String>,
    agent_call_status: Option<i64>,
    agent_call_elapsed: Option<i64>,
    agent_label: Option<String>,
    manual_call_start: Option<i64>,
    manual_call_answer: Option<i64>,
    manual_call_end: Option<i64>,
    manual_hangup_by: Option<i64>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "only the reading of them is measured")]
struct SerdeFilledParam {
    name: Option<String>,
    value: Option<String>,
}
