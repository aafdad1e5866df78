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

/// The fields of all messages.
fn tables() -> impl Iterator<Item = &'static Table> {
    let callbacks = [
        ContentKind::CallCallback,
        ContentKind::OrderCallback,
        ContentKind::TaskCallback,
    ];
    let endpoints = Endpoint::ALL.iter().map(|&endpoint| Some(endpoint));
    let responses = endpoints.chain([None]);
    let callbacks = callbacks.into_iter().map(|kind| table_of(kind, None));
    callbacks.chain(responses.map(|endpoint| table_of(ContentKind::Response, endpoint)))
}

/// Whether any message has a field with this key, at any place.
pub(crate) fn is_known(key: &str) -> bool {
    tables().any(|table| table.knows(key))
}

#[cfg(test)]
mod tests {
    use crate::api::contents::{is_known, tables};
    use crate::json::table::{Kind, Table};

    fn check_keys(table: &Table) {
        for row in table.rows {
            assert!(is_known(row.key));
            assert!(row.key.bytes().all(|byte| byte.is_ascii_alphanumeric()));
            if let Kind::Object(inner) | Kind::List(inner) = row.kind {
                check_keys(inner);
            }
        }
    }

    #[test]
    fn the_keys_of_all_tables_are_known_and_need_no_escapes() {
        tables().for_each(check_keys);
    }

    #[test]
    fn a_key_is_known_only_as_it_is_written() {
        for key in ["callStatus", "reqId", "totalCall", "errMsg", "batchID"] {
            assert!(is_known(key));
        }
        for key in [
            "",
            "zhangwei",
            "callstatus",
            "8613800000001",
            "errMsg ",
            "callStatus/errMsg",
        ] {
            assert!(!is_known(key), "{key}");
        }
    }
}
