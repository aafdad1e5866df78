//! `stopOrder`: stops dialling orders.

// The request.

use crate::api::typed::request;

request! {
    /// Stops dialling orders. This cannot be undone.
    ///
    /// API page: [Callbot-API-stopOrder][page].
    ///
    /// [page]: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-stopOrder
    pub struct StopOrder<'a>: StopOrder -> StopOrderResponse {
        "productID" = "callbot";
        /// The caller's own ID of the task.
        user_task_id: &'a str = "userTaskID", not_empty, id;
        /// The orders to stop. Not empty: a rule of this crate, since the page does not say what an
        /// empty list stops.
        order_ids: &'a [&'a str] = "orderIDs", not_empty, id;
        /// `1` deletes data that was not dialled yet, `0` keeps it.
        del_call: Option<i64> = "delCall", range(0, 1);
    }
}

// The response.

use alloc::string::String;

use crate::api::content::{content, debug_without_content};
use crate::api::envelope::response;
use crate::json::content::list::List;

response! {
    /// What became of the orders that were to be stopped.
    ///
    /// API page: [Callbot-API-stopOrder][page].
    ///
    /// [page]: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-stopOrder
    pub struct StopOrderResponse: StopOrder, required {
        total_count: Option<i64> = "totalCount", required;
        success_count: Option<i64> = "successCount", example;
        /// The orders that were not stopped.
        err_list: List<RefusedOrder> = "errList", example;
    }
}

content! {
    /// An order that was not stopped.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct RefusedOrder {
        order_id: Option<String> = "orderID", example;
        /// Why it was not stopped.
        err_msg: Option<String> = "errMsg", example;
    }
}

debug_without_content!(RefusedOrder);
