//! Every two mistakes in all their forms: what is found is true, and something is found.

use std::collections::{BTreeMap, BTreeSet};

use callbot_core::diagnose::{Cause, Message, explain};
use callbot_core::{Algorithm, Credentials, SecretKey};

use crate::forms::{Form, document, forms};
use crate::recipe::{Recipe, Side};
use crate::signer::{Sent, codes};

type Codes = Vec<&'static str>;

/// A message, and what explains its signature: the codes of each recipe that gives it.
struct Signed {
    sent: Sent,
    true_codes: BTreeSet<Codes>,
    time_is_before_body: bool,
    /// The forms of the first recipe.
    names: String,
}

/// All messages of no form, of one, and of two in either order.
fn all_signed(algorithm: Algorithm, forms: &[Form]) -> Vec<Signed> {
    let document = document();
    let mut signed = BTreeMap::<_, Signed>::new();
    let mut add = |chosen: &[&Form]| {
        let mut recipe = Recipe::new(algorithm);
        for form in chosen {
            form.apply(&mut recipe);
        }
        let sent = recipe.sign(&document);
        let mut codes: Codes = chosen.iter().map(|form| form.cause.code()).collect();
        codes.sort_unstable();
        // Where a value is not signed, or has no lines, its form is no mistake.
        if codes.contains(&"body_empty") {
            codes.retain(|code| *code == "body_empty" || !code.starts_with("body_"));
        }
        if codes.contains(&"create_ts_missing") {
            codes.retain(|code| *code == "create_ts_missing" || !code.starts_with("create_ts_"));
        }
        if codes.contains(&"body_indented") {
            codes.retain(|code| *code != "body_separators");
            if recipe.signs_one_line() {
                codes.retain(|code| *code != "body_crlf");
            }
        }
        let mut without = recipe.clone();
        without.remove_crlf();
        let without = without.sign(&document);
        if (&without.headers, &without.body) == (&sent.headers, &sent.body) {
            codes.retain(|code| *code != "body_crlf");
        }
        // A sorted body is serialised again, with its own line ends.
        if codes.contains(&"body_sorted") && recipe.whole(Side::Signed).is_empty() {
            codes.retain(|code| *code != "body_crlf");
        }
        // The other scheme is MD5, and has no requestID, other headers, and milliseconds.
        if codes.contains(&"other_scheme") {
            if algorithm == Algorithm::Sha256 {
                codes.retain(|code| *code != "algorithm");
            }
            codes.retain(|code| *code != "request_id_missing");
            if recipe.headers[3].is_empty() {
                codes.retain(|code| *code != "uuid_missing");
            }
        }
        if codes.contains(&"other_scheme") && recipe.parts[1].signed == recipe.headers[1] {
            codes.retain(|code| *code != "create_ts_milliseconds");
        }
        let key = (sent.headers.clone(), sent.body.clone());
        let signed = signed.entry(key).or_insert_with(|| Signed {
            sent,
            true_codes: BTreeSet::new(),
            time_is_before_body: recipe.time_is_before_body(),
            names: chosen
                .iter()
                .map(|form| format!("{} ({})", form.cause.code(), form.name))
                .collect::<Vec<_>>()
                .join(" and "),
        });
        signed.true_codes.insert(codes);
    };
    add(&[]);
    for one in forms {
        add(&[one]);
    }
    for (place, one) in forms.iter().enumerate() {
        for other in &forms[place + 1..] {
            if one.goes_with(other) {
                add(&[one, other]);
                add(&[other, one]);
            }
        }
    }
    signed.into_values().collect()
}

/// Why no explanation is looked for, in the words of `docs/explain.md`.
fn is_excepted(signed: &Signed) -> bool {
    // Each second, or each millisecond of one, would take a hash of the body.
    let costly = [
        [Cause::CreateTsOther, Cause::PartOrder],
        [Cause::CreateTsOther, Cause::OtherScheme],
        [Cause::CreateTsMilliseconds, Cause::OtherScheme],
        // The header has no milliseconds.
        [Cause::CreateTsMilliseconds, Cause::CreateTsOther],
    ];
    let is_listed =
        |pair: &[Cause; 2]| signed.true_codes.contains(pair.map(Cause::code).as_slice());
    costly.iter().any(is_listed)
        || (signed.time_is_before_body
            && is_listed(&[Cause::CreateTsMilliseconds, Cause::PartOrder]))
}

/// What is wrong with the explanation of a message.
fn fault(algorithm: Algorithm, signed: &Signed) -> Option<String> {
    let account = Recipe::new(algorithm).account;
    let key = SecretKey::new(account.key.as_str()).expect("a key");
    let credentials = Credentials::new(account.uuid.as_str(), key, algorithm).expect("an account");
    let headers = &signed.sent.headers;
    let pairs = headers.iter().map(|(name, value)| (*name, value.as_str()));
    let message = Message::from_pairs(pairs, &signed.sent.body).expect("a signature");
    let explanation = explain(&credentials, &message).expect("memory");
    let mut found = codes(&explanation);
    found.sort_unstable();
    let simplest = signed.true_codes.iter().map(Vec::len).min();
    let is_true = signed.true_codes.contains(&found)
        && Some(found.len()) == simplest
        && explanation.matches() == found.is_empty();
    let is_unknown = found.is_empty() && !explanation.matches() && is_excepted(signed);
    let fault = || {
        format!(
            "{}: found {found:?} of {:?}",
            signed.names, signed.true_codes
        )
    };
    (!is_true && !is_unknown).then(fault)
}

/// Explains each message of which the number leaves this rest, on two threads.
fn check(algorithm: Algorithm, step: usize, rest: usize) {
    let all = all_signed(algorithm, &forms());
    assert!(all.len() > 5_000, "{}", all.len());
    let some: Vec<_> = all.iter().skip(rest).step_by(step).collect();
    let (first, second) = some.split_at(some.len() / 2);
    let faults = |part: &[&Signed]| -> Vec<String> {
        let faults = part.iter().filter_map(|signed| fault(algorithm, signed));
        faults.collect()
    };
    let faults = std::thread::scope(|scope| {
        let other = scope.spawn(|| faults(first));
        let mut faults = faults(second);
        faults.extend(other.join().expect("no panic"));
        faults
    });
    let count = faults.len();
    assert!(
        faults.is_empty(),
        "{count} of {}:\n{}",
        some.len(),
        faults.join("\n")
    );
}

/// Some of them, and others with each algorithm.
#[test]
fn some_forms_in_pairs_are_explained() {
    let step = if cfg!(debug_assertions) { 400 } else { 100 };
    check(Algorithm::Md5, step, 7);
    check(Algorithm::Sha256, step, 31);
}

/// Takes minutes: `cargo test --release -p callbot-core --test explain -- --ignored`. With `STEP=4`
/// in the environment it is every fourth message.
#[test]
#[ignore = "takes minutes"]
fn all_forms_in_pairs_are_explained() {
    let step = std::env::var("STEP").map_or(1, |step| step.parse().expect("a number"));
    check(Algorithm::Md5, step, 0);
    check(Algorithm::Sha256, step, 0);
}
