//! What every export needs: the panic boundary, handles, strings, failures and defaults.

pub(crate) mod boundary;
pub(crate) mod code;
pub(crate) mod codes;
pub(crate) mod defaults;
pub(crate) mod failure;
pub(crate) mod memory;
pub(crate) mod pointer;
pub(crate) mod string;
