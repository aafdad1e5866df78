//! The provider's endpoints and callbacks: what is sent, and what comes back.

pub(crate) mod add_batch_call;
pub(crate) mod callback;
pub(crate) mod request;
pub(crate) mod task;
