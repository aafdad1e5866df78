//! The store against replays: claims, leases, and a simple model of it.

use std::collections::HashMap;

use callbot_core::{Claim, Error, Replays, ReplaysError};

const NOW: u64 = 1_726_200_000;

/// The token of a claim that must have begun.
fn begun(replays: &mut Replays, key: &str, now: u64, lease: u64) -> u64 {
    match replays.begin(key.as_bytes(), now, lease) {
        Ok(Claim::Begun(token)) => token,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_claim_is_held_until_its_lease_runs_out() {
    let mut replays = Replays::new(9);
    let first = begun(&mut replays, "a", NOW, 60);
    assert_eq!(
        replays.begin(b"a", NOW + 59, 60),
        Ok(Claim::InProcess { left: 1 })
    );
    let second = begun(&mut replays, "a", NOW + 60, 60);
    assert_ne!(first, second);

    // The first owner comes too late, and changes nothing.
    assert!(!replays.done(b"a", first, NOW + 61, NOW + 400));
    assert!(!replays.release(b"a", first, NOW + 61));
    assert_eq!(
        replays.begin(b"a", NOW + 61, 60),
        Ok(Claim::InProcess { left: 59 })
    );
    assert!(replays.done(b"a", second, NOW + 62, NOW + 400));
    assert!(!replays.done(b"a", first, NOW + 63, NOW + 999));
    assert_eq!(replays.begin(b"a", NOW + 399, 60), Ok(Claim::Done));
    begun(&mut replays, "a", NOW + 400, 60);
}

/// The lease has run out, and nobody has claimed the message since: its owner is late all the same.
#[test]
fn a_late_owner_is_told_even_if_nobody_else_came() {
    let mut replays = Replays::new(9);
    let token = begun(&mut replays, "a", NOW, 60);
    assert!(!replays.done(b"a", token, NOW + 60, NOW + 400));
    assert!(!replays.release(b"a", token, NOW + 60));
}

#[test]
fn a_released_claim_begins_again_and_a_completed_one_is_not_released() {
    let mut replays = Replays::new(9);
    let first = begun(&mut replays, "a", NOW, 60);
    assert!(replays.release(b"a", first, NOW));
    assert!(!replays.release(b"a", first, NOW));
    let second = begun(&mut replays, "a", NOW, 60);
    assert!(!replays.done(b"a", first, NOW, NOW + 400));
    assert!(replays.done(b"a", second, NOW, NOW + 400));
    assert!(replays.done(b"a", second, NOW, NOW + 400), "once more");
    assert!(!replays.release(b"a", second, NOW));
    assert_eq!(replays.begin(b"a", NOW, 60), Ok(Claim::Done));
}

#[test]
fn a_full_store_forgets_only_what_has_expired() {
    let mut replays = Replays::new(2);
    begun(&mut replays, "a", NOW, 10);
    let token = begun(&mut replays, "b", NOW, 60);
    assert_eq!(replays.begin(b"c", NOW + 9, 60), Err(ReplaysError::Full));
    assert_eq!(Error::from(ReplaysError::Full).code(), "replays_full");
    // A message that is there needs no room.
    begun(&mut replays, "a", NOW + 10, 10);
    assert_eq!(replays.begin(b"c", NOW + 19, 60), Err(ReplaysError::Full));
    begun(&mut replays, "c", NOW + 20, 60);
    // A completed claim may expire before its lease would have.
    assert!(replays.done(b"b", token, NOW + 20, NOW + 21));
    begun(&mut replays, "d", NOW + 21, 60);

    assert_eq!(
        Replays::new(0).begin(b"a", NOW, 60),
        Err(ReplaysError::Full)
    );
}

/// The extremes of a time overflow nothing.
#[test]
fn the_last_second_is_a_time_too() {
    let mut replays = Replays::new(9);
    let token = begun(&mut replays, "a", u64::MAX - 1, u64::MAX);
    assert!(replays.done(b"a", token, u64::MAX - 1, u64::MAX));
    begun(&mut replays, "a", u64::MAX, 1);
}

/// A claim of the model.
struct Modelled {
    token: u64,
    until: u64,
    is_done: bool,
}

#[test]
fn the_store_behaves_like_a_slow_and_simple_one() {
    const CAPACITY: usize = 8;
    let mut replays = Replays::new(CAPACITY);
    let mut model: HashMap<String, Modelled> = HashMap::new();
    let (mut now, mut random, mut tokens) = (NOW, 1_u64, vec![0]);
    let mut below = |limit: u64| {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % limit
    };
    for step in 0..50_000 {
        now += u64::from(below(4) == 0);
        model.retain(|_, claim| now < claim.until);
        let key = below(12).to_string();
        let from = tokens.len().saturating_sub(12) as u64;
        let token = tokens[usize::try_from(from + below(tokens.len() as u64 - from)).unwrap()];
        let held = model
            .get_mut(&key)
            .filter(|claim| claim.token == token && now < claim.until);
        match below(4) {
            0 => {
                let until = now + below(20);
                let is_held = held.map(|claim| (claim.is_done, claim.until) = (true, until));
                let done = replays.done(key.as_bytes(), token, now, until);
                assert_eq!(done, is_held.is_some(), "{step}");
            }
            1 => {
                let is_held = held.is_some_and(|claim| !claim.is_done);
                if is_held {
                    model.remove(&key);
                }
                let released = replays.release(key.as_bytes(), token, now);
                assert_eq!(released, is_held, "{step}");
            }
            _ => {
                let lease = 1 + below(20);
                let found = replays.begin(key.as_bytes(), now, lease);
                match model.get(&key) {
                    Some(claim) if claim.is_done => assert_eq!(found, Ok(Claim::Done), "{step}"),
                    Some(claim) => {
                        let left = claim.until - now;
                        assert_eq!(found, Ok(Claim::InProcess { left }), "{step}");
                    }
                    None if model.len() == CAPACITY => {
                        assert_eq!(found, Err(ReplaysError::Full), "{step}");
                    }
                    None => {
                        let Ok(Claim::Begun(token)) = found else {
                            panic!("{step}: {found:?}");
                        };
                        assert!(!tokens.contains(&token), "{step}");
                        tokens.push(token);
                        let until = now + lease;
                        let is_done = false;
                        let claim = Modelled {
                            token,
                            until,
                            is_done,
                        };
                        model.insert(key, claim);
                    }
                }
            }
        }
    }
    assert!(tokens.len() > 1000);
}
