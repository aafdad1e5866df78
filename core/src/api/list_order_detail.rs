//! `listOrderDetail`: lists every call of given orders.

// The request.

use crate::api::typed::request;

request! {
    /// Lists every call of given orders.
    ///
    /// API page: [Callbot-API-orderDetailList][page].
    ///
    /// [page]: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-orderDetailList
    pub struct ListOrderDetail<'a>: ListOrderDetail -> ListOrderDetailResponse {
        "productID" = "callbot";
        /// The caller's own ID of the task.
        user_task_id: &'a str = "userTaskID", not_empty, id;
        /// The IDs of at most 500 orders.
        order_list: &'a [&'a str] = "orderList", at_most(500), id;
    }
}

// The response.

use alloc::string::String;

use crate::api::call_info::CallInfoDetail;
use crate::api::content::{content, debug_without_content};
use crate::api::envelope::response;
use crate::json::content::list::List;

response! {
    /// Every call of the orders that were asked for.
    ///
    /// Its `Debug` shows no personal data.
    ///
    /// API page: [Callbot-API-orderDetailList][page].
    ///
    /// [page]: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-orderDetailList
    pub struct ListOrderDetailResponse: ListOrderDetail, example {
        order_detail_list: List<OrderDetail> = "orderDetailList", example;
    }
}

content! {
    /// One of `orderDetailList`: an order and its calls.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct OrderDetail {
        order_id: Option<String> = "orderID", example;
        user_phone: Option<String> = "userPhone", example;
        user_name: Option<String> = "userName", example;
        /// The script template's ID.
        scene_id: Option<String> = "sceneID", example;
        /// The caller's own ID of the task.
        user_task_id: Option<String> = "userTaskID", example;
        /// The provider's ID of the task.
        task_id: Option<String> = "taskID", example;
        /// Whether the order has finished.
        finish: Option<bool> = "finish", example;
        /// What was passed through with the order.
        other: Option<String> = "other", example;
        call_info_detail_list: List<CallInfoDetail> = "callInfoDetailList", example;
    }
}

debug_without_content!(OrderDetail);
