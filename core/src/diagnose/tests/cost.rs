//! The time of a search, in hashes of the body alone.

use std::hint::black_box;
use std::println;
use std::time::Duration;

use sha2::Digest;

use crate::diagnose::explain;
use crate::diagnose::tests::{credentials, headers, long_body, message, random_sign};
use crate::sign::signature::{Algorithm, Md5};

/// The time that this thread was on a CPU, in nanoseconds.
fn cpu_time() -> u64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    let first = stat.split(' ').next().expect("a number");
    first.parse().expect("a number")
}

/// The median time of some runs of `f` in seconds, each of so many calls: the clock has the steps
/// of the timer.
fn median(calls: u32, mut f: impl FnMut()) -> f64 {
    let mut times: [_; 5] = core::array::from_fn(|_| {
        let start = cpu_time();
        (0..calls).for_each(|_| f());
        cpu_time() - start
    });
    times.sort_unstable();
    Duration::from_nanos(times[2]).as_secs_f64() / f64::from(calls)
}

/// The ratio of a search that finds nothing for so many digits of a signature.
fn ratio(algorithm: Algorithm, body: &[u8], digits: usize, calls: u32) -> f64 {
    let account = credentials(algorithm);
    let headers = headers(random_sign(algorithm, 1)[..digits].into(), 32);
    let message = message(&headers, body);
    let hash = median(2_000, || match algorithm {
        Algorithm::Md5 => {
            black_box(Md5::digest(black_box(body)));
        }
        Algorithm::Sha256 => {
            black_box(sha2::Sha256::digest(black_box(body)));
        }
    });
    let search = median(calls, || {
        assert!(
            explain(&account, &message)
                .expect("memory")
                .causes()
                .is_empty()
        );
    });
    println!(
        "{algorithm:?} {digits}: hash {:.1} us, search {:.1} ms, {:.0}",
        hash * 1e6,
        search * 1e3,
        search / hash
    );
    search / hash
}

/// SHA-256 with the processor's own instructions hashes a body so fast that what is done beside it
/// shows: building the variants, and the many short hashes of the seconds within an hour.
///
/// Run it alone: `cargo test --release -p callbot-core --lib -- --ignored cost --nocapture`.
#[test]
#[ignore = "measures time"]
fn the_cost_in_time_is_bounded() {
    let body = long_body(false);
    for algorithm in Algorithm::ALL {
        let all = 2 * algorithm.digest_len();
        assert!(ratio(algorithm, &body, 24, 20) < 200.0);
        assert!(ratio(algorithm, &body, all, 1) < 3_000.0);
    }
}
