//! `addBatchCall`: adds a batch of orders to a task.

// The request.

use crate::api::call_info_list::CallInfoList;
use crate::api::task;
use crate::json::schema::{Kind, Row, Table};

/// `importBatchCall` has the same.
pub(crate) const TABLE: &Table = &Table {
    rows: &[
        Row::new("productID", ["/productID"; 2], Kind::String, true).constant("callbot"),
        Row::new("userTaskID", [task::USER_TASK_ID; 2], Kind::String, true)
            .not_empty()
            .id(),
        Row::new(
            "callInfoList",
            [task::CALL_INFO_LIST; 2],
            Kind::Object(CallInfoList::TABLE),
            true,
        ),
    ],
    is_open: false,
};

// The response.

use alloc::string::String;

use crate::api::content::{content, debug_without_content};
use crate::api::envelope::response;
use crate::json::content::list::List;

response! {
    /// The provider's response to a batch of orders.
    ///
    /// Its `Debug` shows no personal data.
    ///
    /// API page: [Callbot-API-addBatchOrder][page].
    ///
    /// [page]: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-addBatchOrder
    pub struct AddBatchResponse: AddBatchCall, required {
        /// Orders received.
        total_count: Option<i64> = "totalCount", required;
        /// Orders accepted.
        success_count: Option<i64> = "successCount", required;
        /// The refused phone numbers.
        err_list: List<RefusedPhone> = "errList", optional;
    }
}

content! {
    /// A phone number that the provider refused.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct RefusedPhone {
        phone: Option<String> = "phone", required;
        /// Why it was refused.
        err_msg: Option<String> = "errMsg", required;
    }
}

debug_without_content!(RefusedPhone);
