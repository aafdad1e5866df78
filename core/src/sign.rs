//! The signing rule, and the header values that it covers.

pub(crate) mod copied;
pub(crate) mod credentials;
pub mod header;
#[cfg(not(feature = "rustcrypto-md5"))]
pub(crate) mod md5;
pub(crate) mod signature;
pub(crate) mod timestamp;
