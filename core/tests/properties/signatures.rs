//! Signatures and their parts, against one hash of the whole string.

use callbot_core::{Algorithm, Credentials, RequestId, SecretKey, Timestamp};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::common::{self, reference_signature, timestamp};
use crate::strategies::{algorithm, batch_of, good_orders};

fn token() -> impl Strategy<Value = String> {
    "[A-Za-z0-9_.:-]{1,128}"
}

fn secret_key() -> impl Strategy<Value = String> {
    // No whitespace at either end and no name or quotation mark before, any characters between.
    ("[a-z0-9#%é中😀]", any::<String>(), "[!-~é中😀]").prop_map(|(a, b, c)| a + &b + &c)
}

fn seconds() -> impl Strategy<Value = u64> {
    prop_oneof![1..=99_999_999_999_u64, 1..=99_u64]
}

proptest! {
    #![proptest_config(common::cases(256))]

    #[test]
    fn a_signature_is_the_hash_of_the_signed_string(
        algorithm in algorithm(),
        secret_key in secret_key(),
        body in proptest::collection::vec(any::<u8>(), 0..400),
        seconds in seconds(),
        request_id in token(),
        uuid in token(),
    ) {
        let credentials = Credentials::new(
            uuid.as_str(), SecretKey::new(secret_key.as_str()).unwrap(), algorithm).unwrap();
        let id = RequestId::new(request_id.as_str()).unwrap();
        let sign = credentials.sign(&id, timestamp(seconds), &body);
        let digits = seconds.to_string();
        let plain = reference_signature(algorithm, &secret_key, &body, &digits, &request_id, &uuid);
        prop_assert_eq!(sign.as_str(), plain);
        prop_assert_eq!(sign, credentials.sign(&id, timestamp(seconds), &body));
    }

    #[test]
    fn any_changed_bit_changes_the_signature(
        algorithm in algorithm(),
        body in proptest::collection::vec(any::<u8>(), 1..400),
        at in any::<Index>(),
        bit in 0..8_u32,
    ) {
        let credentials = common::credentials(algorithm);
        let id = common::request_id("r");
        let mut changed = body.clone();
        let at = at.index(body.len());
        changed[at] ^= 1 << bit;
        let sign = |body: &[u8]| credentials.sign(&id, timestamp(1), body);
        prop_assert_ne!(sign(&body), sign(&changed));
        prop_assert_ne!(sign(&body), sign(&body[..body.len() - 1]));
        changed = body.clone();
        changed.push(0);
        prop_assert_ne!(sign(&body), sign(&changed));
    }

    #[test]
    fn every_part_is_signed(
        algorithm in algorithm(),
        seconds in 1..=99_999_999_998_u64,
        id in "[a-z0-9]{1,20}",
    ) {
        let account = |uuid: &str, key: &str| {
            Credentials::new(uuid, SecretKey::new(key).unwrap(), algorithm).unwrap()
        };
        let request_id = |id: &str| RequestId::new(id).unwrap();
        let one = account("u", "k").sign(&request_id(&id), timestamp(seconds), b"{}");
        for other in [
            account("v", "k").sign(&request_id(&id), timestamp(seconds), b"{}"),
            account("u", "l").sign(&request_id(&id), timestamp(seconds), b"{}"),
            account("u", "k").sign(&request_id(&format!("{id}x")), timestamp(seconds), b"{}"),
            account("u", "k").sign(&request_id(&id), timestamp(seconds + 1), b"{}"),
        ] {
            prop_assert_ne!(one, other);
        }
    }

    #[test]
    fn a_signed_request_carries_the_signature_of_its_body(
        algorithm in algorithm(),
        orders in good_orders(),
        seconds in seconds(),
        id in token(),
    ) {
        let batch = batch_of(&orders);
        let credentials = common::credentials(algorithm);
        let request = batch.sign(&credentials, RequestId::new(id.as_str()).unwrap(), timestamp(seconds));
        if orders.is_empty() {
            prop_assert!(request.is_err());
        } else {
            let request = request.unwrap();
            let plain = reference_signature(
                algorithm, "u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr", batch.body(), &seconds.to_string(),
                &id, "Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR");
            let headers = request.headers();
            prop_assert!(headers.contains(&("sign", &*plain)));
            prop_assert!(headers.contains(&("requestID", &*id)));
            prop_assert!(headers.contains(&("createTs", &*seconds.to_string())));
            for (_, value) in headers {
                prop_assert!(value.bytes().all(|b| b.is_ascii_graphic()));
            }
        }
    }

    #[test]
    fn tokens_hold_ascii_letters_digits_and_a_few_signs(string in any::<String>()) {
        let plain = (1..=128).contains(&string.len())
            && string.chars().all(|c| matches!(c, 'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' | '.' | ':'));
        prop_assert_eq!(RequestId::new(string.as_str()).is_ok(), plain);
        let key = SecretKey::new("no uuid").unwrap();
        prop_assert_eq!(Credentials::new(string.as_str(), key, Algorithm::Md5).is_ok(), plain);
    }

    #[test]
    fn a_timestamp_is_a_number_in_its_shortest_form(
        string in prop_oneof![any::<String>(), "[0-9]{0,22}", "[-+ ]?[0-9]{0,12}[.e ]?[0-9]?"],
    ) {
        // The rule: a number in range, in its shortest decimal form.
        let plain = string.parse::<u64>().ok().filter(|n| {
            (1..=99_999_999_999).contains(n) && n.to_string() == string
        });
        prop_assert_eq!(string.parse::<Timestamp>().ok().map(Timestamp::unix_seconds), plain);
    }

    #[test]
    fn signed_and_unsigned_seconds_agree(seconds in any::<i64>()) {
        let unsigned = u64::try_from(seconds).ok().and_then(|s| Timestamp::from_unix_seconds(s).ok());
        prop_assert_eq!(Timestamp::try_from(seconds).ok(), unsigned);
        prop_assert_eq!(unsigned.is_some(), (1..=99_999_999_999).contains(&seconds));
    }

    #[test]
    fn a_secret_key_has_no_whitespace_at_its_ends(string in prop_oneof![any::<String>(), "[\\s\u{200b}a]{0,3}"]) {
        let ends = [string.chars().next(), string.chars().next_back()];
        let is_whitespace = |c: char| c.is_whitespace() || c.is_control();
        let accepted = SecretKey::new(string.as_str()).is_ok();
        if string.is_empty() || ends.into_iter().flatten().any(is_whitespace) {
            prop_assert!(!accepted);
        } else if ends.into_iter().flatten().all(char::is_alphanumeric) && !string.contains('=') {
            prop_assert!(accepted);
        }
    }
}
