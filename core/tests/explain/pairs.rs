//! Every two mistakes that can be told apart.

use callbot_core::Algorithm;
use callbot_core::diagnose::Cause;
use proptest::prelude::*;

use crate::signer::{Case, case, codes, explain_sent};

/// The mistakes of which only one can be seen: `docs/explain.md` tells why.
const ONLY_ONE: &[&[Cause]] = &[
    // What is left of the key, the body or a value is the same.
    &[Cause::SecretKeyMissing, Cause::SecretKeyWhitespace],
    &[Cause::SecretKeyMissing, Cause::SecretKeyQuotes],
    &[Cause::SecretKeyMissing, Cause::SecretKeyIsUuid],
    &[Cause::SecretKeyMissing, Cause::SecretKeyCase],
    &[Cause::SecretKeyMissing, Cause::KeyAtEnd],
    &[Cause::BodySeparators, Cause::BodyIndented],
    &[Cause::BodySeparators, Cause::BodyCrlf],
    &[Cause::BodyAsciiEscapes, Cause::BodyLatin1],
    &[Cause::CreateTsMilliseconds, Cause::CreateTsOther],
    &[Cause::CreateTsMilliseconds, Cause::CreateTsMissing],
    &[Cause::CreateTsOther, Cause::CreateTsMissing],
    &[Cause::RequestIdMissing, Cause::RequestIdHyphens],
    &[Cause::RequestIdMissing, Cause::RequestIdCase],
    // The other scheme has an order, names and a case of its own, and no request ID. Its time is in
    // milliseconds and comes before the body.
    &[Cause::OtherScheme, Cause::LowerCase],
    &[Cause::OtherScheme, Cause::PartOrder],
    &[Cause::OtherScheme, Cause::PartNames],
    &[Cause::OtherScheme, Cause::AmpersandMissing],
    &[Cause::OtherScheme, Cause::KeyAtEnd],
    &[Cause::OtherScheme, Cause::RequestIdHyphens],
    &[Cause::OtherScheme, Cause::RequestIdCase],
    &[Cause::OtherScheme, Cause::RequestIdMissing],
    &[Cause::OtherScheme, Cause::CreateTsMilliseconds],
    &[Cause::OtherScheme, Cause::CreateTsOther],
    // In most orders each second would take a hash of the body.
    &[Cause::PartOrder, Cause::CreateTsOther],
];

fn can_be_told_apart(case: &Case, pair: [Cause; 2]) -> bool {
    let [one, other] = pair;
    let is_body = |cause: Cause| cause.code().starts_with("body_");
    let is_listed = ONLY_ONE
        .iter()
        .any(|listed| *listed == [one, other] || *listed == [other, one]);
    let has_no_body = pair.contains(&Cause::BodyEmpty) && is_body(one) && is_body(other);
    // The other scheme is MD5: with SHA-256 it can be the account's algorithm.
    let is_scheme_by_sha256 = pair.contains(&Cause::OtherScheme)
        && pair.contains(&Cause::Algorithm)
        && case.algorithm == Algorithm::Sha256;
    !is_listed && !has_no_body && !is_scheme_by_sha256
}

fn check(case: &Case, one: Cause, other: Cause) -> Result<(), TestCaseError> {
    let sent = case.sign(&[one, other]);
    let explanation = explain_sent(case, &sent);
    prop_assert!(!explanation.matches());
    let mut wanted = [one.code(), other.code()];
    let mut found = codes(&explanation);
    wanted.sort_unstable();
    found.sort_unstable();
    prop_assert_eq!(found, wanted, "{:?} {:?}", case, sent);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 1 } else { 2 }))]

    /// Without optimisation, only some of the pairs.
    #[test]
    fn both_of_every_two_mistakes_are_named(case in case(), first in 0..SOME) {
        let mut pairs = Vec::new();
        for (place, &one) in Cause::ALL.iter().enumerate() {
            let others = Cause::ALL[place + 1..].iter();
            pairs.extend(others.map(|&other| [one, other]));
        }
        pairs.retain(|pair| can_be_told_apart(&case, *pair));
        prop_assert!(pairs.len() > 550, "{}", pairs.len());
        for [one, other] in pairs.into_iter().skip(first).step_by(SOME) {
            check(&case, one, other)?;
        }
    }
}

const SOME: usize = if cfg!(debug_assertions) { 100 } else { 1 };
