//! `diagnose::explain`: each mistake, every two, and what it must never say.

mod document;
mod headers;
mod page;
mod pairs;
mod right;
mod signer;
mod single;
