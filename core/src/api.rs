//! The provider's endpoints and callbacks: what is sent, and what comes back.

pub(crate) mod add_batch_call;
pub(crate) mod call_callback;
pub(crate) mod call_info;
pub(crate) mod content;
pub(crate) mod endpoint;
pub(crate) mod envelope;
pub(crate) mod order_callback;
pub(crate) mod request;
pub(crate) mod task;
pub(crate) mod task_callback;
