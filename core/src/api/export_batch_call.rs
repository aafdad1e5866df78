//! `exportBatchCall`: exports the latest batch.

// The request.

use crate::api::typed::request;

request! {
    /// Exports the latest batch of orders.
    ///
    /// API page: [Callbot-API-batchExportCall][page].
    ///
    /// [page]: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-batchExportCall
    pub struct ExportBatchCall<'a>: ExportBatchCall -> ExportBatchResponse {
        "productID" = "callbot";
        /// The caller's own ID of the task.
        user_task_id: &'a str = "userTaskID", not_empty, id;
    }
}

// The response.

use alloc::string::String;

use crate::api::call_info::Intent;
use crate::api::content::{content, debug_without_content};
use crate::api::envelope::response;
use crate::json::content::list::List;

response! {
    /// The latest batch. All but the first three fields is known from an example only.
    ///
    /// Its `Debug` shows no personal data.
    ///
    /// API page: [Callbot-API-batchExportCall][page].
    ///
    /// [page]: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-batchExportCall
    pub struct ExportBatchResponse: ExportBatchCall, example {
        total_count: Option<i64> = "totalCount", example;
        batch_id: Option<String> = "batchID", example;
        call_list: List<ExportedCall> = "callList", example;
    }
}

content! {
    /// One of `callList`: an order and its call.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct ExportedCall {
        order_id: Option<String> = "orderID", example;
        user_phone: Option<String> = "userPhone", example;
        other: Option<String> = "other", example;
        call_id: Option<String> = "callID", example;
        /// Its values are not known.
        call_status: Option<i64> = "callStatus", example;
        /// Its unit is not known.
        call_start_ts: Option<i64> = "callStartTs", example;
        intents: List<Intent> = "intents", example;
    }
}

debug_without_content!(ExportedCall);
