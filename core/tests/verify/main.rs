//! The verifier: messages that it accepts or refuses, and their content.

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
