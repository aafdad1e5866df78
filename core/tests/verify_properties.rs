//! What holds for any message, against plain reference code.

mod common;

use callbot_core::testing;
use callbot_core::{
    Algorithm, ContentKind, Credentials, Extra, Order, ReceivedHeaders, RequestId, SecretKey,
    SignedRequest, Timestamp, Verified, Verifier, VerifyError,
};
use common::{ORDER, batch, credentials, request_id, timestamp};
use md5::Md5;
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;
use sha2::{Digest, Sha256};

const NOW: u64 = 1_726_200_000;

/// Headers that may be changed.
type Headers = Vec<(String, Vec<u8>)>;

fn received(headers: &Headers) -> Result<ReceivedHeaders<'_>, VerifyError> {
    ReceivedHeaders::from_pairs(headers.iter().map(|(name, value)| (name, value)))
}

fn owned(headers: Vec<(&'static str, &str)>) -> Headers {
    let headers = headers.into_iter();
    headers
        .map(|(name, value)| (name.into(), value.into()))
        .collect()
}

fn verified(body: &[u8]) -> Verified<'_> {
    let credentials = credentials(Algorithm::Sha256);
    let message = testing::sign_callback(&credentials, &request_id("c1"), timestamp(NOW), body);
    let headers = ReceivedHeaders::from_pairs(message.headers()).expect("they are right");
    Verifier::new(credentials)
        .verify_callback(&headers, body, NOW)
        .expect("it is genuine")
}

/// The same body as the response to the request `r1`.
fn answered(body: &[u8]) -> Verified<'_> {
    let credentials = credentials(Algorithm::Sha256);
    let request = request(request_id("r1"), &credentials, &[ORDER]);
    let message = testing::sign_response(&credentials, &request, timestamp(NOW), body);
    let headers = ReceivedHeaders::from_pairs(message.headers()).expect("they are right");
    Verifier::new(credentials)
        .verify_response(&request, &headers, body, NOW)
        .expect("it is genuine")
}

fn request(id: RequestId, credentials: &Credentials, orders: &[Order<'_>]) -> SignedRequest {
    let mut batch = batch();
    for order in orders {
        batch.add(order).expect("the order is right");
    }
    batch
        .sign(credentials, id, timestamp(NOW))
        .expect("it has orders")
}

fn algorithm() -> impl Strategy<Value = Algorithm> {
    select(vec![Algorithm::Md5, Algorithm::Sha256])
}

prop_compose! {
    fn any_credentials()(
        uuid in "[A-Za-z0-9_.:-]{1,128}",
        // No blank at either end, anything between.
        secret_key in ("[!-~é中😀]", any::<String>(), "[!-~é中😀]"),
        algorithm in algorithm(),
    ) -> Credentials {
        let secret_key = secret_key.0 + &secret_key.1 + &secret_key.2;
        let secret_key = SecretKey::new(secret_key).expect("it is a key");
        Credentials::new(uuid, secret_key, algorithm).expect("it is a uuid")
    }
}

prop_compose! {
    fn any_request_id()(id in "[A-Za-z0-9_.:-]{1,128}") -> RequestId {
        request_id(&id)
    }
}

fn any_seconds() -> impl Strategy<Value = u64> {
    1..=Timestamp::MAX_UNIX_SECONDS
}

// ------------------------------------------------------------------------------------------------------ what is signed

proptest! {
    #![proptest_config(common::cases(256))]

    #[test]
    fn what_the_provider_signs_verifies(
        credentials in any_credentials(),
        request_id in any_request_id(),
        sent in any_seconds(),
        body in any::<String>(),
        age in -60..=300_i64,
    ) {
        let body = body.as_bytes();
        let now = sent.saturating_add_signed(age);
        let verifier = Verifier::new(credentials.clone());

        let message = testing::sign_callback(&credentials, &request_id, timestamp(sent), body);
        let headers = ReceivedHeaders::from_pairs(message.headers())?;
        let verified = verifier.verify_callback(&headers, body, now)?;
        prop_assert_eq!(verified.body(), body);
        prop_assert_eq!(verified.request_id(), request_id.as_str());
        prop_assert_eq!(verified.create_ts(), sent);
        prop_assert_eq!(verified.replay_expires_at(), sent + 300);
        prop_assert_eq!(verified.credentials_index(), 0);

        let request = request(request_id, &credentials, &[ORDER]);
        let message = testing::sign_response(&credentials, &request, timestamp(sent), body);
        let headers = ReceivedHeaders::from_pairs(message.headers())?;
        let verified = verifier.verify_response(&request, &headers, body, now)?;
        prop_assert_eq!(verified.body(), body);
        prop_assert_eq!(verified.request_id(), request.request_id().as_str());
    }
}

proptest! {
    #![proptest_config(common::cases(12))]

    /// Only the case of hex digits and of the algorithm's name says nothing.
    #[test]
    fn no_message_with_one_changed_bit_verifies(
        credentials in any_credentials(),
        request_id in any_request_id(),
        sent in any_seconds(),
        body in ".{1,40}",
    ) {
        let verifier = Verifier::new(credentials.clone());
        let request = request(request_id, &credentials, &[ORDER]);
        let message =
            testing::sign_response(&credentials, &request, timestamp(sent), body.as_bytes());
        let genuine = owned(message.headers());
        let accepts = |headers: &Headers, body: &[u8]| {
            received(headers)
                .and_then(|headers| verifier.verify_response(&request, &headers, body, sent).map(drop))
                .is_ok()
        };
        prop_assert!(accepts(&genuine, body.as_bytes()));

        for (place, (name, value)) in genuine.iter().enumerate() {
            for bit in 0..value.len() * 8 {
                let mut changed = genuine.clone();
                changed[place].1[bit / 8] ^= 1 << (bit % 8);
                let other_case = changed[place].1.eq_ignore_ascii_case(value);
                let means_the_same = other_case && ["sign", "algorithm"].contains(&name.as_str());
                prop_assert_eq!(accepts(&changed, body.as_bytes()), means_the_same, "{:?}", changed[place]);
            }
        }
        for bit in 0..body.len() * 8 {
            let mut changed = body.clone().into_bytes();
            changed[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(!accepts(&genuine, &changed));
        }
    }
}

// ------------------------------------------------------------------------------------------------- the plain reference

fn hex_of(digest: &[u8]) -> String {
    let digits = digest.iter().map(|byte| format!("{byte:02X}"));
    digits.fold(String::new(), |hex, digits| hex + &digits)
}

/// The checks as the documentation has them.
fn plain_outcome(
    uuid: &str,
    secret_key: &str,
    algorithm: Algorithm,
    headers: &Headers,
    body: &[u8],
    now: u64,
) -> &'static str {
    const NAMES: [&str; 5] = ["requestid", "uuid", "createts", "sign", "algorithm"];
    let values = NAMES.map(|name| {
        let found = headers
            .iter()
            .filter(|(each, _)| each.to_lowercase() == name);
        found.map(|(_, value)| value.as_slice()).collect::<Vec<_>>()
    });
    if values.iter().any(|found| found.len() > 1) {
        return "header_repeated";
    }
    if values[..4].iter().any(Vec::is_empty) {
        return "header_missing";
    }
    let visible = |value: &&[u8]| {
        !value.is_empty()
            && value
                .iter()
                .all(|byte| (b'!'..=b'~').contains(byte) && *byte != b'&')
    };
    if !values.iter().flatten().all(visible) {
        return "header_malformed";
    }
    let texts = values.map(|found| {
        let value = found.first()?.to_vec();
        Some(String::from_utf8(value).expect("it is ASCII"))
    });
    let [request_id, received_uuid, create_ts, sign, name] = &texts;
    let (request_id, received_uuid, create_ts, sign) = (
        request_id.as_deref().expect("it is there"),
        received_uuid.as_deref().expect("it is there"),
        create_ts.as_deref().expect("it is there"),
        sign.as_deref().expect("it is there"),
    );
    let seconds: Option<u64> = create_ts.parse().ok();
    // What is printed again as it stood has neither a sign nor leading zeros.
    let Some(seconds) = seconds.filter(|&n| n > 0 && n.to_string() == create_ts) else {
        return "header_malformed";
    };
    let hex = sign.chars().all(|c| c.is_ascii_hexdigit());
    if !hex || ![32, 64].contains(&sign.len()) || request_id.len() > 256 {
        return "header_malformed";
    }
    if name
        .as_ref()
        .is_some_and(|name| name.to_uppercase() != algorithm.name())
    {
        return "verify_algorithm";
    }
    if received_uuid != uuid {
        return "verify_unknown_uuid";
    }
    let mut text = format!("{secret_key}&body=").into_bytes();
    text.extend_from_slice(body);
    text.extend(format!("&createTs={create_ts}&requestID={request_id}&uuid={uuid}").bytes());
    let digest = match algorithm {
        Algorithm::Md5 => Md5::digest(text).to_vec(),
        Algorithm::Sha256 => Sha256::digest(text).to_vec(),
    };
    if sign.to_uppercase() != hex_of(&digest) {
        return "verify_mismatch";
    }
    if std::str::from_utf8(body).is_err() {
        return "verify_not_utf8";
    }
    let age = i128::from(now) - i128::from(seconds);
    match age {
        301.. => "verify_too_old",
        ..=-61 => "verify_too_new",
        _ => "",
    }
}

/// What happens to a message on the way.
#[derive(Debug, Clone)]
enum Change {
    Value(Index, Vec<u8>),
    Name(Index, String),
    Bit(Index, Index, u8),
    Add(String, Vec<u8>),
    Repeat(Index),
    Remove(Index),
    Body(Vec<u8>),
}

impl Change {
    fn apply(self, headers: &mut Headers, body: &mut Vec<u8>) {
        match self {
            _ if headers.is_empty() => {}
            Self::Value(place, value) => place.get_mut(headers).1 = value,
            Self::Name(place, name) => place.get_mut(headers).0 = name,
            Self::Bit(place, byte, bit) => {
                let value = &mut place.get_mut(headers).1;
                if !value.is_empty() {
                    *byte.get_mut(value) ^= 1 << bit;
                }
            }
            Self::Add(name, value) => headers.push((name, value)),
            Self::Repeat(place) => {
                let header = place.get(headers).clone();
                headers.push(header);
            }
            Self::Remove(place) => {
                headers.remove(place.index(headers.len()));
            }
            Self::Body(bytes) => *body = bytes,
        }
    }
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        select(vec![
            "requestID",
            "uuid",
            "createTs",
            "sign",
            "algorithm",
            "REQUESTID",
            "Uuid",
            "createts",
            "SIGN",
            "Algorithm",
            "Content-Type",
            "signature",
            "",
        ])
        .prop_map(Into::into),
        any::<String>(),
    ]
}

fn value() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        vec(any::<u8>(), 0..80),
        "[!-~]{0,300}".prop_map(Into::into),
        "[ +0-9]{0,22}".prop_map(Into::into),
        "[0-9a-fA-F]{30,66}".prop_map(Into::into),
        select(vec![
            "MD5",
            "SHA256",
            "md5",
            "Sha256",
            "SHA1",
            "1726200000",
            "a&b"
        ])
        .prop_map(Into::into),
    ]
}

fn change() -> impl Strategy<Value = Change> {
    let index = any::<Index>;
    prop_oneof![
        (index(), value()).prop_map(|(place, value)| Change::Value(place, value)),
        (index(), name()).prop_map(|(place, name)| Change::Name(place, name)),
        (index(), index(), 0..8_u8).prop_map(|(place, byte, bit)| Change::Bit(place, byte, bit)),
        (name(), value()).prop_map(|(name, value)| Change::Add(name, value)),
        index().prop_map(Change::Repeat),
        index().prop_map(Change::Remove),
        vec(any::<u8>(), 0..40).prop_map(Change::Body),
    ]
}

proptest! {
    #![proptest_config(common::cases(2048))]

    #[test]
    fn a_message_comes_out_as_the_plain_checks_say(
        algorithm in algorithm(),
        // Now and then what no request of ours would have.
        parts in prop_oneof![
            ("[1-9][0-9]{0,11}", "[A-Za-z0-9]{1,40}"),
            ("17262[0-9]{5}", "[!-~]{1,260}"),
            ("[+0-9]{1,21}", "[A-Za-z0-9]{1,40}"),
        ],
        body in prop_oneof![any::<String>().prop_map(String::into_bytes), vec(any::<u8>(), 0..60)],
        signed_with in option::weighted(0.1, select(vec![Algorithm::Md5, Algorithm::Sha256])),
        named in any::<bool>(),
        lower_case in any::<bool>(),
        changes in vec(change(), 0..3),
        now in prop_oneof![
            Just(NOW),
            any::<u64>(),
            NOW - 70..NOW - 50,
            NOW + 290..NOW + 310,
        ],
        near in any::<bool>(),
    ) {
        const SECRET_KEY: &str = "u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr";
        const UUID: &str = "Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR";
        let (mut create_ts, request_id) = parts;
        if near {
            create_ts = NOW.to_string();
        }
        let mut text = format!("{SECRET_KEY}&body=").into_bytes();
        text.extend_from_slice(&body);
        text.extend(format!("&createTs={create_ts}&requestID={request_id}&uuid={UUID}").bytes());
        let digest = match signed_with.unwrap_or(algorithm) {
            Algorithm::Md5 => Md5::digest(text).to_vec(),
            Algorithm::Sha256 => Sha256::digest(text).to_vec(),
        };
        let sign = hex_of(&digest);
        let sign = if lower_case { sign.to_lowercase() } else { sign };
        let mut headers = owned(vec![
            ("requestID", &request_id),
            ("uuid", UUID),
            ("createTs", &create_ts),
            ("sign", &sign),
        ]);
        if named {
            headers.push(("algorithm".into(), algorithm.name().into()));
        }
        let mut body = body;
        for change in changes {
            change.apply(&mut headers, &mut body);
        }

        let expected = plain_outcome(UUID, SECRET_KEY, algorithm, &headers, &body, now);
        let verifier = Verifier::new(credentials(algorithm));
        let found = received(&headers).and_then(|headers| {
            let verified = verifier.verify_callback(&headers, &body, now)?;
            assert_eq!(verified.body(), body);
            Ok(())
        });
        prop_assert_eq!(found.map_or_else(VerifyError::code, |()| ""), expected);
    }

}

proptest! {
    #![proptest_config(common::cases(512))]

    #[test]
    fn no_headers_and_no_body_panic(
        headers in vec((name(), value()), 0..12),
        body in vec(any::<u8>(), 0..200),
        now in any::<u64>(),
        max_age in any::<u64>(),
        max_skew in any::<u64>(),
    ) {
        let verifier = Verifier::new(credentials(Algorithm::Md5)).max_age(max_age).max_skew(max_skew);
        let found = received(&headers).and_then(|headers| {
            verifier.verify_callback(&headers, &body, now).map(drop)
        });
        // Nobody finds a signature by chance.
        prop_assert!(found.is_err());
    }
}

// --------------------------------------------------------------------------------------------------------- the content

const KINDS: [ContentKind; 4] = [
    ContentKind::Response,
    ContentKind::CallCallback,
    ContentKind::OrderCallback,
    ContentKind::TaskCallback,
];

/// All keys that any content has.
const KEYS: [&str; 64] = [
    "retCode",
    "retMsg",
    "responseID",
    "totalCount",
    "successCount",
    "errList",
    "phone",
    "errMsg",
    "callbackType",
    "orderID",
    "userPhone",
    "userName",
    "sceneID",
    "userTaskID",
    "taskID",
    "finish",
    "other",
    "callInfoDetail",
    "callID",
    "callingNumber",
    "lineAddress",
    "callStatus",
    "callStartTs",
    "callAnswerTs",
    "callEndTs",
    "callDuration",
    "callAudioUrl",
    "hangupCause",
    "termSipCode",
    "intents",
    "intentID",
    "intentTag",
    "intentName",
    "intentLevel",
    "sms",
    "smsSendTs",
    "sysMessageID",
    "smsContent",
    "agent",
    "agentName",
    "agentGroup",
    "agentCallStatus",
    "agentCallElapsed",
    "agentLabel",
    "manualCallStart",
    "manualCallAnswer",
    "manualCallEnd",
    "manualHangupBy",
    "params",
    "name",
    "value",
    "taskStatus",
    "createTs",
    "taskStat",
    "answerOrderCount",
    "finishOrderCount",
    "totalOrderCount",
    "finishRate",
    "totalAnswerCall",
    "totalCall",
    "answerRate",
    "new",
    "",
    "é\"",
];

fn key() -> impl Strategy<Value = String> {
    prop_oneof![9 => select(KEYS.to_vec()).prop_map(Into::into), 1 => any::<String>()]
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        // These are read as they were written.
        any::<i32>().prop_map(|n| Value::from(f64::from(n) / 64.0)),
        "-?[0-9]{1,20}".prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 8, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            btree_map(key(), inner, 0..8).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

/// A whole example of each kind of content in one: whatever it is read as, it has what is required.
fn example() -> Value {
    serde_json::json!({
        "retCode": 0, "retMsg": "", "responseID": "", "totalCount": 1, "successCount": 0,
        "errList": [{"phone": "1", "errMsg": ""}],
        "callbackType": 1, "orderID": "", "userPhone": "", "userName": "", "sceneID": "",
        "userTaskID": "", "taskID": "", "finish": true, "other": "",
        "callInfoDetail": {"intents": [{}], "sms": [{}], "agent": {}, "params": [{}]},
        "taskStatus": 1, "createTs": 1,
        "taskStat": {
            "answerOrderCount": 0, "finishOrderCount": 0, "totalOrderCount": 0, "finishRate": 0.5,
            "totalAnswerCall": 0, "totalCall": 0, "answerRate": 0,
        },
    })
}

/// Reads a body in all ways that there are, and gives what each leaves over.
fn read_all(body: &[u8]) -> [Option<Extra>; 4] {
    let (answered, verified) = (answered(body), verified(body));
    let request = request(request_id("r1"), &credentials(Algorithm::Md5), &[ORDER]);
    if let Ok(response) = answered.response() {
        let refused = response.refused_orders(&request);
        assert_eq!(refused.len(), response.err_list.len());
    }
    let others = [
        answered.response().map(|content| content.extra),
        verified.call_callback().map(|content| content.extra),
        verified.order_callback().map(|content| content.extra),
        verified.task_callback().map(|content| content.extra),
    ];
    for (kind, other) in KINDS.into_iter().zip(&others) {
        // Both ways of reading agree.
        let verified = match kind {
            ContentKind::Response => &answered,
            _ => &verified,
        };
        let json = verified.canonical_json(kind);
        assert_eq!(json.as_ref().err(), other.as_ref().err());
        if let Ok(json) = json {
            let again: Value = serde_json::from_str(&json).expect("it is JSON");
            assert_eq!(again.to_string(), json);
        }
    }
    others.map(Result::ok)
}

proptest! {
    #![proptest_config(common::cases(200))]

    #[test]
    fn no_json_panics(value in json()) {
        read_all(value.to_string().as_bytes());
    }

    #[test]
    fn no_text_panics(text in any::<String>(), cut in any::<Index>()) {
        read_all(text.as_bytes());
        let json = example().to_string();
        let end = cut.index(json.len());
        prop_assert!(read_all(&json.as_bytes()[..end]).iter().all(Option::is_none));
        let twice = json.repeat(2);
        prop_assert!(read_all(twice.as_bytes()).iter().all(Option::is_none));
    }

    #[test]
    fn any_value_in_any_place_is_read_refused_or_kept(
        changes in btree_map(key(), json(), 0..6),
        inside in option::of(select(vec![
            "/errList/0", "/callInfoDetail", "/callInfoDetail/agent", "/callInfoDetail/sms/0",
            "/callInfoDetail/params/0", "/callInfoDetail/intents/0", "/taskStat",
        ])),
    ) {
        let mut value = example();
        let object = value.pointer_mut(inside.unwrap_or("")).expect("it is there");
        for (key, change) in &changes {
            object[key] = change.clone();
        }
        let known: Vec<String> = example().as_object().expect("it is one").keys().cloned().collect();
        for extra in read_all(value.to_string().as_bytes()).into_iter().flatten() {
            for (key, json) in &extra {
                prop_assert_eq!(&value[key].to_string(), json);
            }
            // What nobody knows is all there.
            for (key, json) in value.as_object().expect("it is one") {
                if !known.contains(key) {
                    prop_assert_eq!(&extra[key], &json.to_string());
                }
            }
        }
    }

    #[test]
    fn refused_phones_are_traced_as_a_plain_search_does(
        orders in vec((any::<String>(), 0..5_u8, any::<String>()), 1..20),
        refused in vec(0..7_u8, 0..8),
    ) {
        let phone = |number: u8| format!("861380000000{number}");
        let phones: Vec<String> = orders.iter().map(|&(_, number, _)| phone(number)).collect();
        // Ids are unique.
        let ids: Vec<String> =
            orders.iter().enumerate().map(|(i, (id, ..))| format!("{i}{id}")).collect();
        let listed: Vec<Order<'_>> = ids
            .iter()
            .zip(&phones)
            .zip(&orders)
            .map(|((order_id, user_phone), (_, _, other))| Order {
                order_id, user_phone, other, user_name: other, customer_name: other, ..ORDER
            })
            .collect();
        let request = request(request_id("r1"), &credentials(Algorithm::Md5), &listed);
        let mut value = example();
        value["errList"] = refused
            .iter()
            .map(|&number| serde_json::json!({"phone": phone(number), "errMsg": "x"}))
            .collect();
        let body = value.to_string();
        let response = answered(body.as_bytes()).response()?;
        let found = response.refused_orders(&request);
        prop_assert_eq!(found.len(), refused.len());
        for (found, &number) in found.iter().zip(&refused) {
            let plain: Vec<&String> =
                ids.iter().zip(&phones).filter(|(_, each)| **each == phone(number)).map(|(id, _)| id).collect();
            prop_assert_eq!(found.phone, phone(number));
            prop_assert_eq!(found.order_ids.iter().collect::<Vec<_>>(), plain);
        }
    }
}
