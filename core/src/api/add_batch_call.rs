//! `addBatchCall`: adds a batch of orders to a task.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::api::content::{content, debug_without_content};
use crate::api::envelope::RetCode;

content! {
    /// The provider's response to a batch of orders.
    ///
    /// Its `Debug` shows no personal data.
    ///
    /// API page: [Callbot-API-addBatchOrder][page].
    ///
    /// [page]: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-addBatchOrder
    #[derive(Clone, PartialEq, Eq)]
    pub struct AddBatchResponse: Response {
        /// 0 for success, any other code for a failure.
        ret_code: RetCode = "retCode";
        /// Orders received. `None` only if a failure leaves it out.
        total_count: Option<i64> = "totalCount", required_if(ret_code.is_success());
        /// Orders accepted. `None` only if a failure leaves it out.
        success_count: Option<i64> = "successCount", required_if(ret_code.is_success());
        /// The provider's message.
        ret_msg: String = "retMsg";
        /// The provider's ID for tracing; quote it when you report a problem.
        response_id: String = "responseID";
        /// The refused phone numbers.
        err_list: Vec<RefusedPhone> = "errList", documented;
    }

    /// A phone number that the provider refused.
    #[derive(Clone, PartialEq, Eq)]
    pub struct RefusedPhone {
        phone: String = "phone";
        /// Why it was refused.
        err_msg: String = "errMsg";
    }
}

impl fmt::Debug for AddBatchResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AddBatchResponse")
            .field("ret_code", &self.ret_code)
            .field("response_id", &self.response_id)
            .field("total_count", &self.total_count)
            .field("success_count", &self.success_count)
            .field("err_list", &self.err_list.len())
            .finish_non_exhaustive()
    }
}

debug_without_content!(RefusedPhone);
