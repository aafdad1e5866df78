//! JSON: written byte for byte as it is signed, and read with everything that is wrong in it.

pub(crate) mod by_table;
pub(crate) mod compact;
pub(crate) mod content;
pub(crate) mod escape;
pub(crate) mod integer;
pub(crate) mod key_set;
pub(crate) mod keys;
pub(crate) mod lexer;
pub(crate) mod reader;
pub(crate) mod schema;
pub(crate) mod table;
pub(crate) mod tape;
pub(crate) mod typed;
pub(crate) mod utf8;
pub(crate) mod value;
pub(crate) mod writer;
