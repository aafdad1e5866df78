//! The verifier: messages that it accepts or refuses, and their content.

#[path = "../common/mod.rs"]
mod common;

mod blocks;
mod checks;
mod content;
mod credentials;
mod deviations;
mod document;
mod duplicates;
mod essentials;
mod examples;
mod extra;
mod headers;
mod privacy;
mod properties;
mod reading;
mod refused_orders;
mod responses;
mod ret_codes;
mod support;
mod times;
mod vectors;
