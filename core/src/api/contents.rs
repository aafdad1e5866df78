//! The list of all contents.

use crate::api::add_batch_call::AddBatchResponse;
use crate::api::call_callback::CallCallback;
use crate::api::content::ContentKind;
use crate::api::create_and_call::CreateAndCallResponse;
use crate::api::create_task::CreateTaskResponse;
use crate::api::endpoint::Endpoint;
use crate::api::envelope::Envelope;
use crate::api::export_batch_call::ExportBatchResponse;
use crate::api::import_batch_call::ImportBatchResponse;
use crate::api::list_call::ListCallResponse;
use crate::api::list_order::ListOrderResponse;
use crate::api::list_order_detail::ListOrderDetailResponse;
use crate::api::list_task::ListTaskResponse;
use crate::api::mgr_task_status::MgrTaskStatusResponse;
use crate::api::order_callback::OrderCallback;
use crate::api::ping::PingResponse;
use crate::api::stop_order::StopOrderResponse;
use crate::api::task_callback::TaskCallback;
use crate::api::update_task::UpdateTaskResponse;
use crate::json::content::Object;
use crate::json::table::Table;

/// The fields of a message. `endpoint` is that of a response, and `None` for any other path.
pub(crate) const fn table_of(kind: ContentKind, endpoint: Option<Endpoint>) -> &'static Table {
    match kind {
        ContentKind::CallCallback => CallCallback::TABLE,
        ContentKind::OrderCallback => OrderCallback::TABLE,
        ContentKind::TaskCallback => TaskCallback::TABLE,
        ContentKind::Response => match endpoint {
            None => Envelope::TABLE,
            Some(Endpoint::AddBatchCall) => AddBatchResponse::TABLE,
            Some(Endpoint::ImportBatchCall) => ImportBatchResponse::TABLE,
            Some(Endpoint::ExportBatchCall) => ExportBatchResponse::TABLE,
            Some(Endpoint::StopOrder) => StopOrderResponse::TABLE,
            Some(Endpoint::CreateTask) => CreateTaskResponse::TABLE,
            Some(Endpoint::CreateAndCall) => CreateAndCallResponse::TABLE,
            Some(Endpoint::UpdateTask) => UpdateTaskResponse::TABLE,
            Some(Endpoint::MgrTaskStatus) => MgrTaskStatusResponse::TABLE,
            Some(Endpoint::ListTask) => ListTaskResponse::TABLE,
            Some(Endpoint::ListOrder) => ListOrderResponse::TABLE,
            Some(Endpoint::ListCall) => ListCallResponse::TABLE,
            Some(Endpoint::ListOrderDetail) => ListOrderDetailResponse::TABLE,
            Some(Endpoint::Ping) => PingResponse::TABLE,
        },
    }
}
