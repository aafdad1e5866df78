//! Tests of the command, which run it as its users do.
#![allow(
    clippy::format_collect,
    clippy::format_push_string,
    reason = "the lists are made once"
)]

mod check;
mod credentials;
mod documented;
mod explain;
mod pages;
mod phone;
mod sign;
mod streams;
mod support;
mod terminal;
mod usage;
mod verify;
