//! Checks of single values, and the violations that they report.

pub(crate) mod chars;
pub(crate) mod country_code;
pub(crate) mod digit;
pub(crate) mod ids;
pub(crate) mod memory;
pub(crate) mod names;
pub(crate) mod path;
pub(crate) mod phone;
pub(crate) mod url;
pub(crate) mod violation;
