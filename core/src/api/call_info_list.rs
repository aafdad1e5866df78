//! `callInfoList`: the orders and the URLs that are called back, as three endpoints have it.

use crate::api::typed::part;

part! {
    /// The URLs that are called back, beside the orders.
    pub struct CallInfoList<'a> at "/callInfoList" {
        /// Absolute http or https URL, called when an order has finished.
        order_callback_url: &'a str = "orderCallbackUrl";
        /// Absolute http or https URL, called when a call has finished.
        call_callback_url: &'a str = "callCallbackUrl";
    }
}
