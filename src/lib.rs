//! The C library over [`callbot_core`]: thin, and the only place with `unsafe`.
//!
//! Its users read `include/callbot.h`, which `build.rs` generates from the exported functions. The
//! documentation of an export is therefore written for C programmers. A convention that every
//! function keeps is written once, at the top of the header (`cbindgen.toml`), and a rule that a
//! group of functions keeps once, at the group's section (`build.rs`).
//!
//! The body of an export is one call into `abi::boundary`, which no panic leaves. Inside it,
//! pointers become references and strings become `&str`; the rest is safe code over the core's
//! public API. An export that fails returns a `Failure`, which the boundary turns into a status and
//! an error object.
#![allow(
    non_camel_case_types,
    reason = "the types are named as C programs see them"
)]
#![allow(
    clippy::missing_safety_doc,
    reason = "the header's conventions are the contract of every export"
)]
#![allow(
    clippy::doc_markdown,
    rustdoc::bare_urls,
    rustdoc::invalid_rust_codeblocks,
    reason = "the documentation of exports is written for a C header"
)]

// cbindgen writes the header in the order of these modules.
mod abi;

mod status;

mod error;

mod signer;

mod rules;

mod batch;

mod request;

mod phone;

mod headers;

mod verifier;

mod verified;

mod content;

mod outcome;

mod replays;

mod explanation;

mod testing;

mod version;

pub use abi::string::*;
pub use batch::*;
pub use content::*;
pub use error::*;
pub use explanation::*;
pub use headers::*;
pub use outcome::*;
pub use phone::*;
pub use replays::*;
pub use request::*;
pub use rules::*;
pub use signer::*;
pub use status::*;
pub use testing::*;
pub use verified::*;
pub use verifier::*;
pub use version::*;
