//! Memory use, counted by this test's own allocator.
//!
//! An unoptimised build reads documents of 10 MB, so that `cargo test` stays quick; an optimised
//! one reads 200 MB: `cargo test --release -p callbot-core --test memory`. The test with a body of
//! 4 GiB runs only on demand, since it needs 6 GB of memory: `cargo test --release -p callbot-core
//! --test memory -- --ignored`.

#[path = "../common/mod.rs"]
mod common;

mod allocator;
mod batches;
mod contents;
mod explanations;
mod failing;
