//! `listOrder`: lists orders with their last call status.

// The request.

use crate::api::typed::{part, request};
use crate::json::typed::Json;

request! {
    /// Lists orders with their last call status.
    ///
    /// API page: [Callbot-API-orderList][page].
    ///
    /// [page]: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-orderList
    pub struct ListOrder<'a>: ListOrder -> ListOrderResponse {
        "productID" = "callbot";
        /// The caller's own ID of the task.
        user_task_id: &'a str = "userTaskID", not_empty, id;
        /// Which orders are listed.
        options: OrderOptions<'a> = "options";
        /// The number of the page; the API's example begins with 1.
        page: Option<Json<'a>> = "page";
        /// The size of a page; 100 in the API's example.
        size: Option<Json<'a>> = "size";
    }
}

part! {
    /// Which orders [`ListOrder`] lists. Options that are left out hold for every order.
    pub struct OrderOptions<'a> at "/options" {
        /// The IDs of orders.
        order_id: Option<&'a [&'a str]> = "orderID", or_null, id;
        /// The console's IDs of intents.
        intent_id: Option<&'a [&'a str]> = "intentID", or_null;
        /// The console's names of intents.
        intent_name: Option<&'a [&'a str]> = "intentName", or_null;
        /// The user's own tags.
        intent_tag: Option<&'a [&'a str]> = "intentTag", or_null;
        /// In the example of the Chinese page only.
        intent_level: Option<Json<'a>> = "intentLevel";
        /// Finished calls: an integer here, and a boolean in callbacks.
        finish: Option<i64> = "finish", or_null;
        /// Rounds of the dialogue.
        turn_time: Option<TurnTime> = "turnTime", or_null;
        /// In the page's example an object like `turnTime`.
        call_duration: Option<Json<'a>> = "callDuration";
        /// In the page's example a list of integers.
        call_status: Option<Json<'a>> = "callStatus";
    }
}

part! {
    /// Rounds of the dialogue, in [`OrderOptions`].
    pub struct TurnTime at "/options/turnTime" {
        /// Greater than.
        gt: Option<i64> = "gt";
        /// Less than.
        lt: Option<i64> = "lt";
        /// Whether the limits are used.
        enable: Option<bool> = "enable";
    }
}

// The response.

use crate::api::envelope::response;

response! {
    /// The response to `listOrder`. What it has besides is not documented: it is in `extra`.
    ///
    /// API page: [Callbot-API-orderList][page].
    ///
    /// [page]: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-orderList
    pub struct ListOrderResponse: ListOrder, example {}
}
