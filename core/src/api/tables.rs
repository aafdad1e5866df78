//! The table of each request.

use crate::api::add_batch_call;
use crate::api::create_and_call::CreateAndCall;
use crate::api::create_task::CreateTask;
use crate::api::endpoint::Endpoint;
use crate::api::export_batch_call::ExportBatchCall;
use crate::api::list_call::ListCall;
use crate::api::list_order::ListOrder;
use crate::api::list_order_detail::ListOrderDetail;
use crate::api::list_task::ListTask;
use crate::api::mgr_task_status::MgrTaskStatus;
use crate::api::ping::Ping;
use crate::api::stop_order::StopOrder;
use crate::api::update_task::UpdateTask;
use crate::json::schema::Table;

/// The table of the request to an endpoint. That of one which takes orders has no row for them.
pub(crate) const fn of_request(endpoint: Endpoint) -> &'static Table {
    match endpoint {
        Endpoint::AddBatchCall | Endpoint::ImportBatchCall => add_batch_call::TABLE,
        Endpoint::ExportBatchCall => ExportBatchCall::TABLE,
        Endpoint::StopOrder => StopOrder::TABLE,
        Endpoint::CreateTask => CreateTask::TABLE,
        Endpoint::CreateAndCall => CreateAndCall::TABLE,
        Endpoint::UpdateTask => UpdateTask::TABLE,
        Endpoint::MgrTaskStatus => MgrTaskStatus::TABLE,
        Endpoint::ListTask => ListTask::TABLE,
        Endpoint::ListOrder => ListOrder::TABLE,
        Endpoint::ListCall => ListCall::TABLE,
        Endpoint::ListOrderDetail => ListOrderDetail::TABLE,
        Endpoint::Ping => Ping::TABLE,
    }
}
