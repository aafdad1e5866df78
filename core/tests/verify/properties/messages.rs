//! Every message of the provider verifies, and none with one changed bit.

use callbot_core::{ReceivedHeaders, Verifier, testing};
use proptest::prelude::*;

use super::{any_credentials, any_request_id, any_seconds};
use crate::common::{self, timestamp};
use crate::support::{Headers, headers_of, received, request};

proptest! {
    #![proptest_config(common::cases(256))]

    #[test]
    fn every_message_of_the_provider_verifies(
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

        let request = request(request_id.as_str(), &credentials);
        let message = testing::sign_response(&credentials, &request, timestamp(sent), body);
        let headers = ReceivedHeaders::from_pairs(message.headers())?;
        let verified = verifier.verify_response(&request.sent(), &headers, body, now)?;
        prop_assert_eq!(verified.body(), body);
        prop_assert_eq!(verified.request_id(), request.request_id().as_str());
    }
}

proptest! {
    #![proptest_config(common::cases(12))]

    /// Only the case of hex digits and of the algorithm's name has no meaning.
    #[test]
    fn no_message_with_one_changed_bit_verifies(
        credentials in any_credentials(),
        request_id in any_request_id(),
        sent in any_seconds(),
        body in ".{1,40}",
    ) {
        let verifier = Verifier::new(credentials.clone());
        let request = request(request_id.as_str(), &credentials);
        let message =
            testing::sign_response(&credentials, &request, timestamp(sent), body.as_bytes());
        let genuine = headers_of(&message);
        let accepts = |headers: &Headers, body: &[u8]| {
            received(headers)
                .and_then(|headers| verifier.verify_response(&request.sent(), &headers, body, sent).map(drop))
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
