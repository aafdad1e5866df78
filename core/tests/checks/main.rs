//! Everything that is refused: code, path, message, and what stays as it was.

#[path = "../common/mod.rs"]
mod common;

mod batches;
mod cases;
mod codes;
mod documents;
mod messages;
mod order_ids;
mod orders;
mod params;
mod policies;
mod support;
mod values;
