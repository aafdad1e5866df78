//! The speed ratios that callbot has to reach. Each job is measured in turns with its reference.

use std::hint::black_box;
use std::thread;
use std::time::Duration;

use callbot_benches::answer::Answer;
use callbot_benches::in_turns::{self, Ratio};
use callbot_benches::orders::{Contacts, Ids};
use callbot_benches::{c, callback, rust};
use callbot_core::{Algorithm, Credentials, Order};
use criterion::{BenchmarkGroup, Criterion, SamplingMode};

#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SIZES: [usize; 3] = [100, 10_000, 100_000];
const ALGORITHMS: [Algorithm; 2] = [Algorithm::Md5, Algorithm::Sha256];

fn main() {
    let mut criterion = Criterion::default()
        .with_measurement(Ratio)
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(5))
        .configure_from_args();
    hash(&mut criterion);
    small(&mut criterion);
    callback(&mut criterion);
    answer(&mut criterion);
    threads(&mut criterion);
    for size in SIZES {
        let contacts = Contacts::new(size);
        let params = contacts.params();
        let list = contacts.orders(&params);
        from_orders(&mut criterion, &list);
        from_json(&mut criterion, &list, "JSON vs. yyjson and OpenSSL");
    }
    growth(&mut criterion);
    // This cannot be undone, so it comes last.
    c::keep_large_blocks();
    for size in SIZES {
        let contacts = Contacts::new(size);
        let params = contacts.params();
        let list = contacts.orders(&params);
        from_json(&mut criterion, &list, "JSON, malloc keeps large blocks");
    }
    criterion.final_summary();
}

fn group<'c>(criterion: &'c mut Criterion<Ratio>, name: &str) -> BenchmarkGroup<'c, Ratio> {
    let mut group = criterion.benchmark_group(name);
    group.sampling_mode(SamplingMode::Flat);
    group
}

/// The hash alone, over 2.5 MB.
fn hash(criterion: &mut Criterion<Ratio>) {
    let mut group = group(criterion, "hash vs. OpenSSL's");
    let body: Vec<u8> = (0..=255).cycle().take(2_550_000).collect();
    for algorithm in ALGORITHMS {
        let credentials = rust::credentials(algorithm);
        in_turns::bench(
            &mut group,
            algorithm.name(),
            || _ = black_box(c::openssl_hash(algorithm, &body)),
            || _ = black_box(rust::sign(&credentials, &body)),
        );
    }
    in_turns::bench(
        &mut group,
        "the md-5 crate",
        || _ = black_box(c::openssl_hash(Algorithm::Md5, &body)),
        || _ = black_box(rust::hash_by_md5_crate(&body)),
    );
}

/// One small request, compared with the hash of its signed string. A single run is too short to
/// measure.
fn small(criterion: &mut Criterion<Ratio>) {
    let mut group = group(criterion, "200 bytes vs. OpenSSL's hash");
    let body = [b'x'; 200];
    for algorithm in ALGORITHMS {
        let credentials = rust::credentials(algorithm);
        let signer = c::Signer::new(algorithm);
        let string = signed_string(&credentials, &body);
        let reference = || _ = black_box(c::openssl_hash(algorithm, black_box(&string)));
        in_turns::bench(
            &mut group,
            &format!("Rust/{algorithm}"),
            many(reference),
            many(|| _ = black_box(rust::sign(&credentials, black_box(&body)))),
        );
        in_turns::bench(
            &mut group,
            &format!("C/{algorithm}"),
            many(reference),
            many(|| signer.sign(black_box(&body))),
        );
    }
}

fn signed_string(credentials: &Credentials, body: &[u8]) -> Vec<u8> {
    use callbot_benches::signed_with::{CREATE_TS, REQUEST_ID, SECRET_KEY};
    let masked = credentials.masked_signed_string(
        &callbot_core::RequestId::new(REQUEST_ID).expect("a request id"),
        callbot_core::Timestamp::from_unix_seconds(CREATE_TS).expect("a time"),
        body,
    );
    [SECRET_KEY.as_bytes(), &masked[3..]].concat()
}

/// A call callback, verified and read. A single run is too short to measure.
fn callback(criterion: &mut Criterion<Ratio>) {
    let body = callback::BODY.as_bytes();
    for algorithm in ALGORITHMS {
        let headers = callback::headers(&rust::credentials(algorithm));
        let sign = callback::sign(&headers);
        let verifier = callback::verifier(algorithm);
        in_turns::bench(
            &mut group(criterion, "a callback vs. hash and serde_json"),
            &format!("Rust/{algorithm}"),
            many(|| callback::by_serde(algorithm, black_box(&sign), black_box(body))),
            many(|| _ = black_box(callback::read(&verifier, &headers, black_box(body)))),
        );
        let verifier = c::Verifier::new(algorithm);
        let received = c::Callback::new(&headers, body);
        let fields = received.by_yyjson(algorithm);
        in_turns::bench(
            &mut group(
                criterion,
                "four fields of a callback vs. OpenSSL and yyjson",
            ),
            &format!("C/{algorithm}"),
            many(|| assert_eq!(received.by_yyjson(algorithm), fields)),
            many(|| assert_eq!(verifier.fields(&received), fields)),
        );
    }
}

/// The answer to a request of 10,000 orders: read, and traced to the orders. An answer that refuses
/// nothing is read without the request's body.
fn answer(criterion: &mut Criterion<Ratio>) {
    let mut group = group(criterion, "an answer to 10,000 orders vs. serde_json");
    let contacts = Contacts::new(10_000);
    let params = contacts.params();
    let list = contacts.orders(&params);
    let accepted = Answer::new(&list, None);
    in_turns::bench(
        &mut group,
        "read",
        many(|| _ = black_box(accepted.read_by_serde())),
        many(|| _ = black_box(accepted.read())),
    );
    for (name, refused) in [("all accepted", None), ("a hundred refused", Some(100))] {
        let answer = Answer::new(&list, refused);
        in_turns::bench(
            &mut group,
            &format!("what became of them/{name}"),
            || _ = black_box(answer.outcome_by_serde()),
            || _ = black_box(answer.outcome()),
        );
    }
}

/// Runs a job that is too short to be measured alone.
fn many(mut job: impl FnMut()) -> impl FnMut() {
    move || {
        for _ in 0..1000 {
            job();
        }
    }
}

/// One signer on a thread per core, compared with the same work on one thread.
fn threads(criterion: &mut Criterion<Ratio>) {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let mut group = group(criterion, "threads vs. one");
    let credentials = rust::credentials(Algorithm::Md5);
    let body = vec![b'x'; 2_550_000];
    in_turns::bench(
        &mut group,
        &format!("{cores} of them"),
        || {
            for _ in 0..cores {
                black_box(rust::sign(&credentials, &body));
            }
        },
        || {
            thread::scope(|scope| {
                for _ in 0..cores {
                    scope.spawn(|| black_box(rust::sign(&credentials, &body)));
                }
            });
        },
    );
}

fn from_orders(criterion: &mut Criterion<Ratio>, list: &[Order<'_>]) {
    let mut group = group(criterion, "orders vs. OpenSSL's hash");
    let body = rust::body(list);
    let order_bytes = body.len() / list.len() + 1;
    let c_orders = c::Orders::new(list);
    for algorithm in ALGORITHMS {
        let credentials = rust::credentials(algorithm);
        let signer = c::Signer::new(algorithm);
        let reference = || _ = black_box(c::openssl_hash(algorithm, &body));
        let name = |way: &str| format!("{way}/{algorithm}/{}", list.len());
        in_turns::bench(&mut group, &name("Rust"), reference, || {
            assert_eq!(rust::orders(&credentials, list, order_bytes), body.len());
        });
        let mut batch = rust::batch();
        in_turns::bench(&mut group, &name("Rust, refilled"), reference, || {
            let len = rust::refilled(&credentials, list, &mut batch);
            assert_eq!(len, body.len());
        });
        in_turns::bench(&mut group, &name("C"), reference, || {
            assert_eq!(signer.orders(&c_orders, order_bytes), body.len());
        });
        if algorithm == Algorithm::Md5 {
            in_turns::bench(&mut group, &name("serde_json and md-5"), reference, || {
                assert_eq!(rust::by_serde(list), body.len());
            });
        }
    }
}

fn from_json(criterion: &mut Criterion<Ratio>, list: &[Order<'_>], name: &str) {
    let mut group = group(criterion, name);
    let body = rust::body(list);
    let credentials = rust::credentials(Algorithm::Md5);
    let signer = c::Signer::new(Algorithm::Md5);
    let reference = || assert_eq!(c::yyjson(Algorithm::Md5, &body), body.len());
    let name = |way: &str| format!("{way}/{}", list.len());
    in_turns::bench(&mut group, &name("Rust"), reference, || {
        assert_eq!(rust::json(&credentials, &body), body.len());
    });
    in_turns::bench(&mut group, &name("C"), reference, || {
        assert_eq!(signer.json(&body), body.len());
    });
}

/// A batch of a million orders, compared with batches of a thousand. A ratio below 1 is the higher
/// cost of an order in a large batch. The second series has IDs with equal starts and ends.
fn growth(criterion: &mut Criterion<Ratio>) {
    const MANY: usize = 1_000_000;
    const FEW: usize = 1000;
    let mut group = group(criterion, "a million orders vs. a thousand at a time");
    // Several turns of half a second for each sample.
    group.measurement_time(Duration::from_secs(30));
    let credentials = rust::credentials(Algorithm::Md5);
    for (name, ids) in [("usual ids", Ids::Usual), ("similar ids", Ids::Alike)] {
        let contacts = Contacts::with_ids(MANY, ids);
        let params = contacts.params();
        let list = contacts.orders(&params);
        in_turns::bench(
            &mut group,
            name,
            || {
                for part in list.chunks(FEW) {
                    black_box(rust::orders(&credentials, part, 260));
                }
            },
            || _ = black_box(rust::orders(&credentials, &list, 260)),
        );
        let signer = c::Signer::new(Algorithm::Md5);
        let c_orders = c::Orders::new(&list);
        in_turns::bench(
            &mut group,
            &format!("{name}, C"),
            || signer.orders_in_batches(&c_orders, FEW, 260),
            || signer.orders_in_batches(&c_orders, MANY, 260),
        );
        drop(c_orders);
        let mut batch = rust::batch();
        in_turns::bench(
            &mut group,
            &format!("{name}, refilled"),
            || {
                for part in list.chunks(FEW) {
                    black_box(rust::orders(&credentials, part, 260));
                }
            },
            || _ = black_box(rust::refilled(&credentials, &list, &mut batch)),
        );
    }
}
