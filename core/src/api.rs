//! The provider's endpoints and callbacks: what is sent, and what comes back.

pub(crate) mod add_batch_call;
pub(crate) mod call_callback;
pub(crate) mod call_info;
pub(crate) mod content;
pub(crate) mod contents;
pub(crate) mod create_and_call;
pub(crate) mod create_task;
pub(crate) mod document;
pub(crate) mod endpoint;
pub(crate) mod envelope;
pub(crate) mod export_batch_call;
pub(crate) mod import_batch_call;
pub(crate) mod list_call;
pub(crate) mod list_order;
pub(crate) mod list_order_detail;
pub(crate) mod list_task;
pub(crate) mod mgr_task_status;
pub(crate) mod order_callback;
pub(crate) mod ping;
pub(crate) mod request;
pub(crate) mod stop_order;
pub(crate) mod task;
pub(crate) mod task_callback;
pub(crate) mod update_task;
