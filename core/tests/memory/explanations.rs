//! The memory of a search for the mistake in a signature.

use callbot_core::Algorithm;
use callbot_core::diagnose::{Message, explain};

use crate::allocator::measured;
use crate::common;
use crate::failing::check;

fn headers<'a>(request_id: &'a str, sign: &'a str) -> [(&'static str, &'a str); 4] {
    [
        ("requestID", request_id),
        ("uuid", "u"),
        ("createTs", "soon"),
        ("sign", sign),
    ]
}

/// A body that every rewrite changes, and a long header. A part of a signature is one mistake, so
/// that one more is searched.
#[test]
fn a_failed_allocation_is_an_error() {
    let account = common::credentials(Algorithm::Md5);
    let member = |i: usize| format!(r#""/<é\u4e2d{i:04}":[{i},{{}}]"#);
    let members: Vec<_> = (0..100).rev().map(member).collect();
    let body = format!("{{{}}}\r\n", members.join(","));
    let long = "x".repeat(2_000);
    for (request_id, body) in [("r", body.as_str()), (&long, "{}")] {
        let headers = headers(request_id, "00112233445566778899AABB");
        let message = Message::from_pairs(headers, body.as_bytes()).expect("a signature");
        check(|| Ok(explain(&account, &message)?));
    }
}

/// The length of a body, at which a list that grows is not full.
const LEN: usize = if cfg!(debug_assertions) {
    10_030
} else {
    400_030
};

/// The peak of a search that finds nothing.
fn peak(request_id: &str, body: &str) -> usize {
    let account = common::credentials(Algorithm::Md5);
    let headers = headers(request_id, "00112233445566778899AABBCCDDEEFF");
    let message = Message::from_pairs(headers, body.as_bytes()).expect("a signature");
    let (explanation, peak, _) = measured(|| explain(&account, &message));
    assert!(explanation.expect("enough memory").causes().is_empty());
    peak
}

/// The promise of the C header's `callbot_explain`.
#[test]
fn a_search_takes_at_most_1_mib_and_60_times_the_body_and_150_times_the_headers() {
    let least = peak("r", "{}");
    assert!(least <= 1 << 20, "{least}");

    let brackets = |depth: usize| {
        let group = ["[".repeat(depth), "]".repeat(depth)].concat();
        group.repeat(LEN / group.len())
    };
    let unsorted = |members: String| format!(r#"{{"b"1{members}}}"#);
    let escapes = "\"/<é\":1,".repeat(LEN / 10);
    for body in [
        brackets(1),
        brackets(5),
        brackets(64),
        unsorted(brackets(1)),
        unsorted(brackets(2)),
        escapes,
    ] {
        let more = peak("r", &body).saturating_sub(least);
        assert!(more <= 60 * body.len(), "{more}");
    }

    let more = peak(&"x".repeat(LEN), "{}") - least;
    assert!(more <= 150 * LEN, "{more}");
}
