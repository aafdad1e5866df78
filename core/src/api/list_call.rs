//! `listCall`: lists calls.

// The request.

use crate::api::typed::{part, request};
use crate::json::typed::Json;

request! {
    /// Lists calls.
    ///
    /// API page: [Callbot-API-callList][page].
    ///
    /// [page]: https://github.com/nxtele/http-api-document/wiki/Callbot-API-callList
    pub struct ListCall<'a>: ListCall -> ListCallResponse {
        "productID" = "callbot";
        /// The caller's own ID of the task.
        user_task_id: &'a str = "userTaskID", not_empty, id;
        /// Which calls are listed.
        options: CallOptions<'a> = "options";
        /// The number of the page; the API's example begins with 1.
        page: Option<Json<'a>> = "page";
        /// The size of a page; 100 in the API's example.
        size: Option<Json<'a>> = "size";
    }
}

part! {
    /// Which calls [`ListCall`] lists. Options that are left out hold for every call.
    pub struct CallOptions<'a> at "/options" {
        /// The IDs of calls.
        call_id: Option<&'a [&'a str]> = "callID", or_null;
        /// The page has it among the options, but describes it as in a response.
        calling_number: Option<Json<'a>> = "callingNumber";
        /// The same.
        line_address: Option<Json<'a>> = "lineAddress";
        /// The console's IDs of intents.
        intent_id: Option<&'a [&'a str]> = "intentID", or_null;
        /// The console's names of intents: in the page's example a list of strings.
        intent_name: Option<Json<'a>> = "intentName";
        /// The user's own tags: in the page's example a list of strings.
        intent_tag: Option<Json<'a>> = "intentTag";
        /// In the page's example a list of integers.
        intent_level: Option<Json<'a>> = "intentLevel";
        /// In the page's example an object of `gt`, `lt` and `enable`.
        turn_time: Option<Json<'a>> = "turnTime";
        /// In the page's example an object of `gt`, `lt` and `enable`.
        call_duration: Option<Json<'a>> = "callDuration";
        /// In the page's example a list of integers.
        call_status: Option<Json<'a>> = "callStatus";
        /// In the page's example an integer.
        start_ts: Option<Json<'a>> = "startTs";
        /// In the page's example an integer.
        end_ts: Option<Json<'a>> = "endTs";
    }
}

// The response.

use crate::api::envelope::response;

response! {
    /// The response to `listCall`. What it has besides is not documented: it is in `extra`.
    ///
    /// API page: [Callbot-API-callList][page].
    ///
    /// [page]: https://github.com/nxtele/http-api-document/wiki/Callbot-API-callList
    pub struct ListCallResponse: ListCall, example {}
}
