//! Verification of received messages: authenticity, integrity and freshness.

pub(crate) mod block;
pub(crate) mod error;
pub(crate) mod headers;
mod read;
pub(crate) mod verified;
pub(crate) mod verifier;
