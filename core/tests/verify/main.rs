//! What a verifier accepts and refuses, and what is read from what it accepted.

#[path = "../common/mod.rs"]
mod common;

mod checks;
mod content;
mod credentials;
mod examples;
mod extra;
mod headers;
mod privacy;
mod properties;
mod refused_orders;
mod required;
mod ret_codes;
mod support;
mod times;
mod vectors;
