//! Mistakes in the headers themselves, and messages that were received.

use callbot_core::diagnose::{Message, MessageError, explain};
use callbot_core::{Algorithm, Credentials, SecretKey};

const BODY: &[u8] = br#"{"customerId":"1234","appKey":"xxxxxx","status":1}"#;
/// The signature over the values of [`headers`], by Python's hashlib.
const SIGN: &str = "780117DCF681FFBA0315EDDA24C3A8E2";
const SHA256: &str = "4E31BB87AB0C4DEAF66D27A5542648863906C405774E9C403D611B214E7FA099";

type Headers = Vec<(&'static str, String)>;

fn headers(sign: &str) -> Headers {
    [
        ("requestid", "00000000000000000000000000000001"),
        ("UUID", "Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR"),
        ("createTs", "1726200000"),
        ("Sign", sign),
        ("Content-Type", "application/json"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .into()
}

fn credentials(algorithm: Algorithm) -> Credentials {
    let key = SecretKey::new("u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr").unwrap();
    Credentials::new("Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR", key, algorithm).unwrap()
}

/// The codes of the causes, or "matches".
fn explained(headers: &Headers, set: impl FnOnce(Message<'_>) -> Message<'_>) -> Vec<&'static str> {
    explained_for(Algorithm::Md5, headers, set)
}

fn explained_for(
    algorithm: Algorithm,
    headers: &Headers,
    set: impl FnOnce(Message<'_>) -> Message<'_>,
) -> Vec<&'static str> {
    let pairs = headers.iter().map(|(name, value)| (*name, value.as_str()));
    let message = set(Message::from_pairs(pairs, BODY).unwrap());
    let explanation = explain(&credentials(algorithm), &message).expect("memory");
    if explanation.matches() {
        assert_eq!(explanation.causes().len(), 0);
        return vec!["matches"];
    }
    explanation
        .causes()
        .iter()
        .map(|cause| cause.code())
        .collect()
}

/// Signs with other values than those of [`headers`].
fn signed(request_id: &str, create_ts: &str, uuid: &str) -> String {
    use md5::Digest;
    let body = std::str::from_utf8(BODY).unwrap();
    let key = "u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr";
    let string =
        format!("{key}&body={body}&createTs={create_ts}&requestID={request_id}&uuid={uuid}");
    let digest = md5::Md5::digest(string);
    digest
        .iter()
        .fold(String::new(), |hex, byte| format!("{hex}{byte:02X}"))
}

fn set(headers: &mut Headers, name: &str, value: &str) {
    let header = headers.iter_mut().find(|(found, _)| *found == name);
    header.unwrap().1 = value.into();
}

fn remove(headers: &mut Headers, name: &str) {
    headers.retain(|(found, _)| *found != name);
}

#[test]
fn lower_case_is_a_mistake_in_what_is_sent_only() {
    let lower = headers(&SIGN.to_lowercase());
    assert_eq!(explained(&lower, |sent| sent), ["lower_case"]);
    assert_eq!(explained(&lower, |sent| sent.received(true)), ["matches"]);
    assert_eq!(
        explained(&headers(SIGN), |sent| sent.received(true)),
        ["matches"]
    );
}

#[test]
fn a_right_signature_over_milliseconds_is_named() {
    let milliseconds = "1726200000123";
    let id = "00000000000000000000000000000001";
    let uuid = "Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR";
    let mut sent = headers(&signed(id, milliseconds, uuid));
    set(&mut sent, "createTs", milliseconds);
    assert_eq!(explained(&sent, |sent| sent), ["create_ts_milliseconds"]);
    // Signed in seconds, and sent in milliseconds.
    set(&mut sent, "Sign", SIGN);
    assert_eq!(explained(&sent, |sent| sent), ["create_ts_milliseconds"]);
    set(&mut sent, "createTs", "1726200009123");
    assert_eq!(
        explained(&sent, |sent| sent),
        ["create_ts_milliseconds", "create_ts_other"]
    );
    // Signed in milliseconds, and sent in seconds.
    let sent = headers(&signed(id, milliseconds, uuid));
    assert_eq!(explained(&sent, |sent| sent), ["create_ts_milliseconds"]);
}

#[test]
fn a_missing_header_is_named() {
    for (name, code) in [
        ("requestid", "request_id_missing"),
        ("UUID", "uuid_missing"),
    ] {
        let (id, uuid) = match name {
            "UUID" => (
                "00000000000000000000000000000001",
                "Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR",
            ),
            _ => ("", "Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR"),
        };
        let mut sent = headers(&signed(id, "1726200000", uuid));
        remove(&mut sent, name);
        assert_eq!(explained(&sent, |sent| sent), [code]);
    }
    let mut sent = headers(SIGN);
    remove(&mut sent, "createTs");
    assert_eq!(
        explained(&sent, |sent| sent.now(1_726_203_600)),
        ["create_ts_missing"]
    );
    assert_eq!(explained(&sent, |sent| sent.now(1_726_203_601)), [""; 0]);
    remove(&mut sent, "UUID");
    assert_eq!(
        explained(&sent, |sent| sent.now(1_726_200_007)),
        ["create_ts_missing", "uuid_missing"]
    );
}

#[test]
fn the_algorithm_header_has_to_name_the_accounts() {
    for (name, sign, wanted) in [
        ("MD5", SIGN, "matches"),
        ("md5", SIGN, "matches"),
        ("SHA256", SIGN, "algorithm"),
        ("SHA256", SHA256, "algorithm"),
        ("MD5", SHA256, "algorithm"),
    ] {
        let mut sent = headers(sign);
        sent.push(("algorithm", name.into()));
        assert_eq!(explained(&sent, |sent| sent), [wanted], "{name}");
    }
    assert_eq!(
        explained_for(Algorithm::Sha256, &headers(SHA256), |sent| sent),
        ["matches"]
    );
}

#[test]
fn part_of_a_signature_is_named_from_16_digits_on() {
    for (part, is_enough) in [
        (&SIGN[..16], true),
        (&SIGN[8..24], true),
        (&SIGN[16..], true),
        (&SIGN[..31], true),
        (&SIGN[..15], false),
    ] {
        let wanted: &[_] = if is_enough { &["truncated"] } else { &[] };
        assert_eq!(explained(&headers(part), |sent| sent), wanted, "{part}");
    }
    // As a program writes each byte in hex without its leading zero.
    let short: String = SIGN
        .as_bytes()
        .chunks(2)
        .map(|byte| std::str::from_utf8(byte).unwrap())
        .map(|byte| byte.strip_prefix('0').unwrap_or(byte))
        .collect();
    assert!(short.len() < SIGN.len());
    assert_eq!(explained(&headers(&short), |sent| sent), ["truncated"]);
}

#[test]
fn a_message_needs_one_signature() {
    let from = |headers: &Headers| {
        let pairs = headers.iter().map(|(name, value)| (*name, value.as_str()));
        Message::from_pairs(pairs, BODY).map(|_| ())
    };
    let mut twice = headers(SIGN);
    twice.push(("SIGN", "1".into()));
    assert_eq!(
        from(&twice).unwrap_err(),
        MessageError::DuplicateHeader { name: "sign" }
    );
    // A proxy's second header of a name that is not signed changes nothing.
    let mut other = headers(SIGN);
    other.extend([("ts", "1".into()), ("TS", "2".into())]);
    assert_eq!(from(&other), Ok(()));
    assert_eq!(explained(&other, |sent| sent), ["matches"]);
    let missing = MessageError::MissingHeader { name: "sign" };
    assert_eq!(from(&Vec::new()).unwrap_err(), missing);
    assert_eq!(from(&headers("")).unwrap_err(), missing);
    assert_eq!(missing.code(), "header_missing");
    assert!(
        missing
            .to_string()
            .starts_with("the header sign is missing; ")
    );
}

/// Whatever a header has, the search ends, and says nothing.
#[test]
fn odd_headers_are_no_mistake_that_is_known() {
    for value in [
        "0",
        "-1",
        "01726200000",
        "99999999999999999999",
        "é",
        "1726200000.5",
    ] {
        for name in ["createTs", "requestid", "UUID", "Sign"] {
            // Of a part, only the single mistakes are tried.
            let mut sent = headers(&SHA256[..24]);
            set(&mut sent, name, value);
            assert_eq!(explained(&sent, |sent| sent), [""; 0], "{name} {value}");
        }
    }
}

/// Signs a string.
fn md5_of(string: &str) -> String {
    md5_of_bytes(&[string.as_bytes()])
}

/// Whichever ampersand is missing, it is found together with another order and another second.
#[test]
fn any_missing_ampersand_is_named_with_another_mistake() {
    let body = std::str::from_utf8(BODY).unwrap();
    let string = |order: [usize; 4], create_ts: &str, missing: usize| {
        let parts = [
            format!("body={body}"),
            format!("createTs={create_ts}"),
            "requestID=00000000000000000000000000000001".to_owned(),
            "uuid=Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR".to_owned(),
        ];
        let mut string = "u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr".to_owned();
        for (place, part) in order.into_iter().enumerate() {
            string += if place == missing { "" } else { "&" };
            string += &parts[part];
        }
        string
    };
    for missing in 0..4 {
        let orders = [[0, 2, 1, 3], [1, 0, 3, 2], [1, 2, 3, 0], [3, 2, 1, 0]];
        for (place, order) in orders.into_iter().enumerate() {
            // Without optimisation, a search takes seconds.
            if cfg!(debug_assertions) && place != missing {
                continue;
            }
            let sent = headers(&md5_of(&string(order, "1726200000", missing)));
            assert_eq!(
                explained(&sent, |sent| sent),
                ["part_order", "ampersand_missing"],
                "{order:?} {missing}"
            );
        }
        let sent = headers(&md5_of(&string([0, 1, 2, 3], "1726199990", missing)));
        assert_eq!(
            explained(&sent, |sent| sent),
            ["create_ts_other", "ampersand_missing"],
            "{missing}"
        );
    }
}

fn codes_for(sign: &str, body: &[u8]) -> Vec<&'static str> {
    let headers = headers(sign);
    let pairs = headers.iter().map(|(name, value)| (*name, value.as_str()));
    let message = Message::from_pairs(pairs, body).unwrap();
    let explanation = explain(&credentials(Algorithm::Md5), &message).expect("memory");
    explanation
        .causes()
        .iter()
        .map(|cause| cause.code())
        .collect()
}

fn signed_body(body: &str, rest: &str) -> String {
    md5_of(&format!(
        "u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr&body={body}{rest}"
    ))
}

const REST: &str = "&createTs=1726200000&requestID=00000000000000000000000000000001&uuid=Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR";

/// The simplest explanation: an indented body with other line ends is no other indentation.
#[test]
fn line_ends_of_an_indented_body_are_named_as_such() {
    let lf = "{\n  \"a\": [\n    1\n  ]\n}";
    let crlf = lf.replace('\n', "\r\n");
    for (signed, sent) in [(lf, crlf.as_str()), (&crlf, lf)] {
        let sign = signed_body(signed, REST);
        assert_eq!(codes_for(&sign, sent.as_bytes()), ["body_crlf"]);
    }
}

#[test]
fn windows_1252_is_another_encoding() {
    let sent = "{\"a\":\"€ é 中 ”\"}";
    let mut string = b"u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr&body={\"a\":\"\x80 \xe9 ? \x94\"}".to_vec();
    string.extend_from_slice(REST.as_bytes());
    let sign = md5_of_bytes(&[&string]);
    assert_eq!(codes_for(&sign, sent.as_bytes()), ["body_latin1"]);
}

fn md5_of_bytes(parts: &[&[u8]]) -> String {
    use md5::Digest;
    let digest = md5::Md5::digest(parts.concat());
    let push = |hex: String, byte| format!("{hex}{byte:02X}");
    digest.iter().copied().fold(String::new(), push)
}

/// Forms that the test of all forms in pairs does not have.
#[test]
fn less_usual_forms_are_named_with_another_mistake() {
    const KEY: &[u8] = b"u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr\n";
    const KEY_ALONE: &[u8] = b"u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr";
    let rest = REST.as_bytes();
    for (sent, signed, cause) in [
        // Latin-1 that is sent and UTF-8 that is signed; U+007F, which Python escapes.
        (&b"{\"a\":\"\xfc\"}"[..], "{\"a\":\"ü\"}", "body_latin1"),
        (
            b"{\"a\":\"\x7f\"}",
            "{\"a\":\"\\u007f\"}",
            "body_ascii_escapes",
        ),
        (
            b"{\"a\":\"\\u007f\"}",
            "{\"a\":\"\x7f\"}",
            "body_ascii_escapes",
        ),
        (b"{}", "undefined", "body_empty"),
        (b"{\"a\":1}", "[object Object]", "body_empty"),
    ] {
        let alone = md5_of_bytes(&[KEY_ALONE, b"&body=", signed.as_bytes(), rest]);
        assert_eq!(codes_for(&alone, sent), [cause]);
        let both = md5_of_bytes(&[KEY, b"&body=", signed.as_bytes(), rest]);
        assert_eq!(codes_for(&both, sent), ["secret_key_whitespace", cause]);
    }
    // In the quotation marks, and outside of them.
    for sent in ["\"{\\\"a\\\":1}\\n\"", "\"{\\\"a\\\":1}\"\n"] {
        let sign = md5_of_bytes(&[KEY_ALONE, b"&body={\"a\":1}", rest]);
        let found = codes_for(&sign, sent.as_bytes());
        assert_eq!(found, ["body_final_newline", "body_quoted"]);
    }
    for name in ["create_ts=", "createTime=", "time="] {
        let rest = REST.replace("createTs=", name);
        let sign = md5_of_bytes(&[KEY, b"&body={}", rest.as_bytes()]);
        assert_eq!(
            codes_for(&sign, b"{}"),
            ["secret_key_whitespace", "part_names"]
        );
    }
}

/// With a body of more than 1 MiB, pairs that take another hash of it are not tried.
#[test]
fn two_mistakes_with_a_long_body_are_those_after_it() {
    for (len, is_long) in [(1 << 20, false), ((1 << 20) + 1, true)] {
        // Without optimisation, all pairs take a minute.
        if cfg!(debug_assertions) && !is_long {
            continue;
        }
        let body = format!("[\"{}\"]", "a".repeat(len - 4));
        let after = "createTs=1726200007&requestID=00000000000000000000000000000001&uuid=Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR";
        let sign = signed_body(&body, after);
        assert_eq!(
            codes_for(&sign, body.as_bytes()),
            ["create_ts_other", "ampersand_missing"]
        );
        let sign_in_order = signed_body(&format!("{body}\n"), REST).to_lowercase();
        assert_eq!(
            codes_for(&sign_in_order, body.as_bytes()),
            ["lower_case", "body_final_newline"]
        );
        let key = md5_of(&format!(
            "u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr\n&body={body}\n{REST}"
        ));
        let found = codes_for(&key, body.as_bytes());
        let wanted: &[_] = if is_long {
            &[]
        } else {
            &["secret_key_whitespace", "body_final_newline"]
        };
        assert_eq!(found, wanted, "{len}");
    }
}
