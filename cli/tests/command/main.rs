//! Tests of the command, which run it as its users do.

mod credentials;
mod phone;
mod sign;
mod streams;
mod support;
mod usage;
mod verify;
