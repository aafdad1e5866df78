//! The C library over [`callbot_core`]: thin, and the only place with `unsafe`.
//!
//! Its users read `include/callbot.h`, which `build.rs` makes from the exported functions here. The documentation of an
//! exported function is therefore written for C programmers. The conventions that all functions keep stand once, at the
//! top of the header (`cbindgen.toml`).
//!
//! How a call goes: an exported function does nothing but enter `boundary`, which no panic leaves. Inside, pointers
//! become references, and texts `&str`, through `pointer` and `text`; from there on everything is safe code over the
//! core's public API. A failure is a `Failure`, out of which the boundary makes a status and an error
//! object.
#![allow(
    non_camel_case_types,
    reason = "the types are named as C programs see them"
)]
#![allow(
    clippy::missing_safety_doc,
    reason = "what a caller must hold to stands in the header, once for all functions"
)]
#![allow(
    clippy::doc_markdown,
    rustdoc::invalid_rust_codeblocks,
    reason = "the documentation of what is exported is written for a C header"
)]

// What every exported function needs.
mod boundary;
mod fresh;
mod memory;
mod pointer;

// What is exported, in the order in which the header has it.
mod text;

mod status;

mod error;

mod signer;

mod rules;

mod batch;

mod request;

mod phone;

mod verifier;

mod content;

mod testing;

mod version;

pub use batch::*;
pub use content::*;
pub use error::*;
pub use phone::*;
pub use request::*;
pub use rules::*;
pub use signer::*;
pub use status::*;
pub use testing::*;
pub use text::*;
pub use verifier::*;
pub use version::*;
