//! Changed messages and arbitrary headers, against the checks as simple reference code.

use callbot_core::{Algorithm, Verifier, VerifyError};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::algorithm;
use crate::common::{self, credentials, reference_signature};
use crate::support::{Headers, NOW, SECRET_KEY, UUID, owned, received};

/// The documented checks.
fn expected_outcome(
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
    for (name, found) in NAMES.iter().zip(&values[..4]) {
        if found.is_empty() {
            let is_cgi = |(each, _): &(String, Vec<u8>)| {
                let each = each.to_lowercase().replace('-', "_");
                let variable = each.trim_start_matches("redirect_").strip_prefix("http_");
                variable.is_some_and(|variable| variable.replace('_', "") == *name)
            };
            return if headers.iter().any(is_cgi) {
                "header_cgi_name"
            } else {
                "header_missing"
            };
        }
    }
    let strings = values.map(|found| Some(String::from_utf8_lossy(found.first()?).into_owned()));
    for (name, string) in NAMES.iter().zip(&strings) {
        let Some(string) = string else { continue };
        let is_visible = |c: char| ('!'..='~').contains(&c) && c != '&';
        let has_form = match *name {
            "requestid" => string.len() <= 256,
            // The shortest form has neither a sign nor leading zeros.
            "createts" => string
                .parse()
                .is_ok_and(|n: u64| n > 0 && n.to_string() == *string),
            "sign" => {
                [32, 64].contains(&string.len()) && string.chars().all(|c| c.is_ascii_hexdigit())
            }
            _ => !string.contains(','),
        };
        if string.is_empty() || !string.chars().all(is_visible) || !has_form {
            return if string.contains(',') {
                "header_joined"
            } else {
                "header_malformed"
            };
        }
    }
    let [request_id, received_uuid, create_ts, sign, name] = &strings;
    let (request_id, received_uuid, create_ts, sign) = (
        request_id.as_deref().expect("the header is present"),
        received_uuid.as_deref().expect("the header is present"),
        create_ts.as_deref().expect("the header is present"),
        sign.as_deref().expect("the header is present"),
    );
    let seconds: u64 = create_ts.parse().expect("it has its form");
    if name
        .as_ref()
        .is_some_and(|name| name.to_uppercase() != algorithm.name())
    {
        return "verify_algorithm";
    }
    if received_uuid != uuid {
        return "verify_unknown_uuid";
    }
    let genuine = reference_signature(algorithm, secret_key, body, create_ts, request_id, uuid);
    if sign.to_uppercase() != genuine {
        let halves = request_id.split_at_checked(request_id.len() / 2);
        let is_joined =
            |(first, rest): (&str, &str)| !first.is_empty() && rest == format!(",{first}");
        return if halves.is_some_and(is_joined) {
            "header_joined"
        } else {
            "verify_mismatch"
        };
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

/// A change of a message in transit.
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

pub(crate) fn name() -> impl Strategy<Value = String> {
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
            "HTTP_SIGN",
            "http_uuid",
            "REDIRECT_HTTP_REQUESTID",
            "REDIRECT_REDIRECT_HTTP_SIGN",
            "HTTP-SIGN",
            "HTTP_REQUEST_ID",
            "HTTP_CREATE-TS",
            "request_id",
            "",
        ])
        .prop_map(Into::into),
        any::<String>(),
    ]
}

pub(crate) fn value() -> impl Strategy<Value = Vec<u8>> {
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
            "a&b",
            "a,b",
            "MD5, MD5"
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
    fn the_verifier_agrees_with_the_reference(
        algorithm in algorithm(),
        // Sometimes values that no request of ours would have.
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
        let (mut create_ts, request_id) = parts;
        if near {
            create_ts = NOW.to_string();
        }
        let algorithm_of_sign = signed_with.unwrap_or(algorithm);
        let sign =
            reference_signature(algorithm_of_sign, SECRET_KEY, &body, &create_ts, &request_id, UUID);
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

        let expected = expected_outcome(UUID, SECRET_KEY, algorithm, &headers, &body, now);
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
    fn no_headers_and_no_body_cause_a_panic(
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
        // A signature cannot be found by chance.
        prop_assert!(found.is_err());
    }
}
