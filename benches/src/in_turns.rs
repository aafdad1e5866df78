//! Measures two jobs in turns, and reports their ratio to the harness. A temporary slowdown of the
//! machine then slows both.

use std::time::{Duration, Instant};

use criterion::measurement::{Measurement, ValueFormatter};
use criterion::{BenchmarkGroup, Throughput};

/// The speed of a job relative to a reference: above 1 the job is faster.
#[derive(Debug)]
pub struct Ratio;

/// A ratio times the number of turns.
#[derive(Debug, Clone, Copy)]
pub struct Turns(f64);

/// Measures `job` and `reference` in turns. The fastest turn of each counts, since any other load
/// can only slow a turn down.
pub fn bench(
    group: &mut BenchmarkGroup<'_, Ratio>,
    name: &str,
    mut reference: impl FnMut(),
    mut job: impl FnMut(),
) {
    group.bench_function(name, |bencher| {
        bencher.iter_custom(|turns| {
            let (mut of_reference, mut of_job) = (Duration::MAX, Duration::MAX);
            for turn in 0..turns {
                // The first one alternates.
                if turn % 2 == 0 {
                    of_reference = of_reference.min(time(&mut reference));
                    of_job = of_job.min(time(&mut job));
                } else {
                    of_job = of_job.min(time(&mut job));
                    of_reference = of_reference.min(time(&mut reference));
                }
            }
            #[expect(clippy::cast_precision_loss, reason = "there are not that many turns")]
            Turns(turns as f64 * of_reference.as_secs_f64() / of_job.as_secs_f64())
        });
    });
}

fn time(job: &mut impl FnMut()) -> Duration {
    let start = Instant::now();
    job();
    start.elapsed()
}

impl Measurement for Ratio {
    type Intermediate = ();
    type Value = Turns;

    fn start(&self) {
        unreachable!("a ratio is only measured by turns");
    }

    fn end(&self, (): ()) -> Turns {
        unreachable!("a ratio is only measured by turns");
    }

    fn add(&self, one: &Turns, other: &Turns) -> Turns {
        Turns(one.0 + other.0)
    }

    fn zero(&self) -> Turns {
        Turns(0.0)
    }

    fn to_f64(&self, value: &Turns) -> f64 {
        value.0
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        &Formatter
    }
}

struct Formatter;

impl ValueFormatter for Formatter {
    fn scale_values(&self, _: f64, _: &mut [f64]) -> &'static str {
        "x"
    }

    fn scale_throughputs(&self, _: f64, _: &Throughput, _: &mut [f64]) -> &'static str {
        "x"
    }

    fn scale_for_machines(&self, _: &mut [f64]) -> &'static str {
        "x"
    }
}
