//! `stopOrder`: stops dialling orders.

// The request.

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
