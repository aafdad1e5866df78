//! The signing rule, and the header values that it covers.

pub(crate) mod credentials;
pub mod header;
pub(crate) mod md5;
pub(crate) mod signature;
pub(crate) mod timestamp;
