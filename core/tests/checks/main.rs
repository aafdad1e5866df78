//! Invalid input: the code, path and message of each violation, and what stays unchanged.

#[path = "../common/mod.rs"]
mod common;

mod batches;
mod cases;
mod codes;
mod documents;
mod edges;
mod messages;
mod order_ids;
mod orders;
mod params;
mod policies;
mod strings;
mod support;
mod unique_phones;
mod values;
