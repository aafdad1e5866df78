//! Timestamps of messages: freshness, tolerances, replay expiry.

use callbot_core::{Algorithm, Timestamp, Verifier, VerifyError};

use crate::common::credentials;
use crate::support::{NOW, callback, reference_signed, verify};

#[test]
fn times_are_compared_without_overflow() {
    const MAX: u64 = u64::MAX;
    let old = |age, max| Err(VerifyError::TooOld { age, max });
    let new = |lead, max| Err(VerifyError::TooNew { lead, max });
    for (sent, now, max_age, max_skew, expected) in [
        (NOW, NOW, 0, 0, Ok(())),
        (NOW, NOW + 1, 0, 0, old(1, 0)),
        (NOW, NOW - 1, 0, 0, new(1, 0)),
        (NOW, NOW + 10, 10, 0, Ok(())),
        (NOW, NOW + 11, 10, 99, old(11, 10)),
        (NOW, NOW - 10, 0, 10, Ok(())),
        (NOW, NOW - 11, 99, 10, new(11, 10)),
        (NOW, 0, 300, 60, new(NOW, 60)),
        (NOW, MAX, 300, 60, old(MAX - NOW, 300)),
        (
            NOW,
            i64::MAX as u64,
            300,
            60,
            old(i64::MAX as u64 - NOW, 300),
        ),
        // -60 and i64::MIN after a cast to u64.
        (NOW, MAX - 59, 300, 60, old(MAX - 59 - NOW, 300)),
        (NOW, 1 << 63, 300, 60, old((1 << 63) - NOW, 300)),
        (1, 0, 0, 1, Ok(())),
        (1, 0, 0, 0, new(1, 0)),
        (1, MAX, MAX, 0, Ok(())),
        (1, MAX, MAX - 1, 0, Ok(())),
        (1, MAX, MAX - 2, 0, old(MAX - 1, MAX - 2)),
        (MAX, 0, 0, MAX, Ok(())),
        (MAX, 0, MAX, MAX - 1, new(MAX, MAX - 1)),
        (MAX, MAX, 0, 0, Ok(())),
        (MAX, MAX, MAX, MAX, Ok(())),
        (MAX, 1, MAX, 0, new(MAX - 1, 0)),
    ] {
        let verifier = Verifier::new(credentials(Algorithm::Md5))
            .max_age(max_age)
            .max_skew(max_skew);
        let headers = reference_signed(&sent.to_string(), "c1", "{}");
        let found = verify(&verifier, &headers, b"{}", now);
        assert_eq!(
            found.as_ref().map(drop).map_err(|&error| error),
            expected,
            "{sent} {now}"
        );
        if let Ok(verified) = found {
            assert_eq!(verified.create_ts(), sent);
            assert_eq!(verified.replay_expires_at(), sent.saturating_add(max_age));
        }
    }
}

#[test]
fn an_error_explains_times_that_are_not_unix_seconds() {
    const MAX_SECONDS: u64 = Timestamp::MAX_UNIX_SECONDS;
    let verifier = Verifier::new(credentials(Algorithm::Md5));
    for (sent, now, code, hint) in [
        (NOW, NOW + 301, "verify_too_old", "; compare the clocks"),
        (NOW, NOW - 61, "verify_too_new", "; compare the clocks"),
        (1, MAX_SECONDS + 1, "verify_too_old", "; compare the clocks"),
        (
            1,
            MAX_SECONDS + 2,
            "verify_too_old",
            "; now is negative or in milliseconds",
        ),
        (
            NOW,
            NOW * 1000,
            "verify_too_old",
            "; now is negative or in milliseconds",
        ),
        (
            NOW,
            u64::MAX,
            "verify_too_old",
            "; now is negative or in milliseconds",
        ),
        (
            NOW * 1000,
            NOW,
            "verify_too_new",
            "; its createTs is in milliseconds",
        ),
        (
            MAX_SECONDS + 2,
            1,
            "verify_too_new",
            "; its createTs is in milliseconds",
        ),
        (NOW, 0, "verify_too_new", "; check that now is set"),
        (NOW, NOW / 1000, "verify_too_new", "; check that now is set"),
    ] {
        let headers = reference_signed(&sent.to_string(), "c1", "{}");
        let error = verify(&verifier, &headers, b"{}", now).expect_err("the message is not fresh");
        assert_eq!(error.code(), code);
        assert!(error.to_string().contains(hint), "{error}");
    }
}

#[test]
fn no_message_is_accepted_after_its_replay_expiry() {
    for verifier in [
        Verifier::new(credentials(Algorithm::Md5)),
        Verifier::new(credentials(Algorithm::Md5)).max_age(0),
        Verifier::new(credentials(Algorithm::Md5))
            .max_age(7)
            .max_skew(9),
    ] {
        let headers = callback(&credentials(Algorithm::Md5), b"{}");
        let outcome = |now| verify(&verifier, &headers, b"{}", now);
        let until = outcome(NOW)
            .expect("the message is fresh")
            .replay_expires_at();
        assert_eq!(
            outcome(until)
                .expect("the message is fresh")
                .replay_expires_at(),
            until
        );
        assert_eq!(
            outcome(until + 1)
                .expect_err("the message is too old")
                .code(),
            "verify_too_old"
        );
    }
}

#[test]
fn the_tolerances_are_those_of_the_documentation() {
    assert_eq!(
        (Verifier::DEFAULT_MAX_AGE, Verifier::DEFAULT_MAX_SKEW),
        (300, 60)
    );
    let verifier = Verifier::new(credentials(Algorithm::Md5));
    let headers = callback(&credentials(Algorithm::Md5), b"{}");
    let code = |now| verify(&verifier, &headers, b"{}", now).map_or_else(VerifyError::code, |_| "");
    assert_eq!(code(NOW + 300), "");
    assert_eq!(code(NOW + 301), "verify_too_old");
    assert_eq!(code(NOW - 60), "");
    assert_eq!(code(NOW - 61), "verify_too_new");
}
