//! `diagnose::explain`: each mistake, every two, and what it must never say.

mod document;
mod forms;
mod forms_in_pairs;
mod headers;
mod page;
mod pairs;
mod recipe;
mod right;
mod signer;
mod single;
