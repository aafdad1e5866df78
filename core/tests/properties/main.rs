//! Property tests against simple reference code.

#[path = "../common/mod.rs"]
mod common;

mod documents;
mod orders;
mod phones;
mod requests;
mod signatures;
mod strategies;
