//! Functions that take a string from a person take time in proportion to its length, or refuse a
//! long one at once.

mod common;

use std::hint::black_box;
use std::time::{Duration, Instant};

use callbot_core::{
    Algorithm, Batch, Credentials, PhoneNumber, ReceivedHeaders, RequestId, Rules, SecretKey,
    SignedRequest, Task, Timestamp,
};
use common::{TASK, credentials, request_id, timestamp};

/// A function, and the parts of strings that may lead it through its longest way: a start, what is
/// repeated, and an end.
type Case = (fn(&str) -> bool, &'static [[&'static str; 3]]);

const CASES: &[Case] = &[
    (
        |string| PhoneNumber::from_typed(string).is_ok(),
        &[
            ["+1", "(", ""],
            ["'", "'", "1"],
            ["", " ", "1"],
            ["", "1", ""],
        ],
    ),
    (
        |string| PhoneNumber::parse(string).is_ok(),
        &[
            ["+1", "(", ""],
            ["", "0", ""],
            ["", "8E", ""],
            ["8.", "0", ""],
        ],
    ),
    (
        |string| check_url(string),
        &[
            ["https://", "a.", "example"],
            ["https://", ":", ""],
            ["https://", "@", ""],
            ["https://", "[", ""],
            ["https://[", "1:", "]"],
            ["https://a:", "0", "1"],
            ["https://a/", "http://a", ""],
            ["https://a/", "http://", ""],
            ["https://a/", "%41", "%"],
            ["https://a/", "ä", ""],
            ["https://a/", "?", "#"],
            ["", "https://", ""],
        ],
    ),
    (
        |string| {
            let (account, id) = (credentials(Algorithm::Md5), request_id("r"));
            let request = SignedRequest::new("/a/b", "{}", &account, id, timestamp(1));
            let request = request.expect("the path is valid");
            request.to_http(string).is_ok()
        },
        &[
            ["https://a", "/a", ""],
            ["https://a", "/", ""],
            ["https://a/", "/a/b", "?"],
        ],
    ),
    (
        |string| {
            let (account, id) = (credentials(Algorithm::Md5), request_id("r"));
            SignedRequest::new(string, "{}", &account, id, timestamp(1)).is_ok()
        },
        &[["/", "a", ""], ["/", "/a", "#"]],
    ),
    (
        |string| SecretKey::new(string).is_ok(),
        &[
            ["", "A", "=b"],
            ["", "=", ""],
            ["\"", "\"", ""],
            ["export ", "A ", "="],
        ],
    ),
    (
        |string| {
            let key = SecretKey::new("key").expect("the key is valid");
            Credentials::new(string, key, Algorithm::Md5).is_ok()
        },
        &[["", "A", "=b"], ["", "a", ""], ["\"", "é", "\""]],
    ),
    (
        |string| RequestId::new(string).is_ok(),
        &[["", "a", ""], ["", "a", "&"]],
    ),
    (
        |string| string.parse::<Timestamp>().is_ok(),
        &[["", "1", ""], ["", "0", ""], ["", "1", "x"]],
    ),
    (
        |string| string.parse::<Algorithm>().is_ok(),
        &[["MD5", " ", ""], ["", "M", ""]],
    ),
    (
        |string| Rules::new().allow_country_code(string).is_ok(),
        &[["", "1", ""], ["", "0", ""]],
    ),
    (
        |string| Rules::new().require_param(string).is_ok(),
        &[["", "a", ""], ["", "ä", ""]],
    ),
    (
        |string| received(string),
        &[["", "a", ""], ["", ", ", ""], ["", "1", ""]],
    ),
];

fn check_url(url: &str) -> bool {
    let task = Task {
        order_callback_url: url,
        ..TASK
    };
    Batch::new(&task, Rules::new()).is_ok()
}

/// One string as the name of a header and as the value of each.
fn received(string: &str) -> bool {
    let names = ["requestID", "uuid", "createTs", "sign", "algorithm"];
    names.iter().all(|&name| {
        let others = names.iter().filter(|&&other| other != name);
        let pairs = others
            .map(|&other| (other, "1"))
            .chain([(name, string), (string, "x")]);
        ReceivedHeaders::from_pairs(pairs).is_err()
    })
}

/// The least time of several runs.
fn time_of(function: fn(&str) -> bool, string: &str, runs: usize) -> Duration {
    let run = |_| {
        let start = Instant::now();
        black_box(function(string));
        start.elapsed()
    };
    (0..runs).map(run).min().expect("there are runs")
}

#[test]
fn the_time_grows_no_faster_than_the_string() {
    for (index, (function, parts)) in CASES.iter().enumerate() {
        for [start, repeated, end] in *parts {
            let of_size =
                |size: usize| [start, &*repeated.repeat(size / repeated.len()), end].concat();
            let short = time_of(*function, &of_size(1 << 9), 20).max(Duration::from_micros(20));
            let long = time_of(*function, &of_size(1 << 16), 5);
            // The string is 128 times as long. Quadratic time would be 16,384 times as long.
            assert!(
                long < short * 1600,
                "case {index}, {start}{repeated}...{end}: {short:?}, then {long:?}"
            );
        }
    }
}
