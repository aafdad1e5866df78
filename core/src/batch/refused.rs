//! Traces refused phone numbers back to their orders.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::api::add_batch_call::AddBatchResponse;
use crate::api::request::SignedRequest;
use crate::batch::canonical;

/// The orders that a refused phone number stands for.
#[derive(Clone, PartialEq, Eq)]
pub struct RefusedOrders<'r> {
    /// The refused number.
    pub phone: &'r str,
    /// Why.
    pub err_msg: &'r str,
    /// The ids of all orders with this number, in the order of the batch. The provider names the
    /// phone only, so that of two orders with one phone it cannot be told which was refused. Empty
    /// for a number that was not sent.
    ///
    /// Several refusals of one number share one list: what a response costs to read grows with its
    /// own length and the batch's, and not with their product.
    pub order_ids: Arc<[String]>,
}

impl AddBatchResponse {
    /// Which orders of `request` each refused phone number stands for, in the order of `errList`.
    ///
    /// Give the request that the response was verified with: this does not compare them, since what
    /// was read out of a message keeps nothing of it.
    ///
    /// ```
    /// # use callbot_core::{Algorithm, Batch, Credentials, Order, RequestId, Rules, SecretKey, Task, Timestamp};
    /// # use callbot_core::{ReceivedHeaders, Verifier, testing};
    /// # let mut batch = Batch::new(
    /// #     &Task { user_task_id: "t", order_callback_url: "https://a.example/", call_callback_url: "https://a.example/" },
    /// #     Rules::new(),
    /// # )?;
    /// # let credentials = Credentials::new("Vh71ym3y", SecretKey::new("u7Mf3zUN")?, Algorithm::Md5)?;
    /// # let now = Timestamp::from_unix_seconds(1_726_200_000)?;
    /// batch.add(&Order { order_id: "1", user_phone: "8613800000001", ..Order::default() })?;
    /// batch.add(&Order { order_id: "2", user_phone: "447700900123", ..Order::default() })?;
    /// let request = batch.sign(&credentials, RequestId::new("r1")?, now)?;
    /// # let body = br#"{"retCode":0,"retMsg":"success","responseID":"x","totalCount":2,"successCount":1,
    /// #     "errList":[{"phone":"447700900123","errMsg":"not allowed"}]}"#;
    /// # let sent = testing::sign_response(&credentials, &request, now, body);
    /// # let headers = ReceivedHeaders::from_pairs(sent.headers())?;
    /// # let (verifier, now) = (Verifier::new(credentials), now.unix_seconds());
    /// let response = verifier.verify_response(&request, &headers, body, now)?.response()?;
    /// for refused in response.refused_orders(&request) {
    ///     assert_eq!((refused.phone, refused.err_msg), ("447700900123", "not allowed"));
    ///     assert_eq!(refused.order_ids[..], ["2"]);
    /// }
    /// # assert_eq!(response.err_list.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn refused_orders(&self, request: &SignedRequest) -> Vec<RefusedOrders<'_>> {
        let mut ids_by_phone: BTreeMap<&str, Vec<String>> = self
            .err_list
            .iter()
            .map(|refused| (refused.phone.as_str(), Vec::new()))
            .collect();
        for order in canonical::orders_of(request.body()) {
            if let Some(ids) = ids_by_phone.get_mut(order.user_phone) {
                ids.push(order.unescaped_order_id().into_owned());
            }
        }
        let ids_by_phone: BTreeMap<&str, Arc<[String]>> = ids_by_phone
            .into_iter()
            .map(|(phone, ids)| (phone, ids.into()))
            .collect();
        self.err_list
            .iter()
            .map(|refused| RefusedOrders {
                phone: &refused.phone,
                err_msg: &refused.err_msg,
                order_ids: Arc::clone(&ids_by_phone[refused.phone.as_str()]),
            })
            .collect()
    }
}

crate::json::content::debug_without_content!(RefusedOrders<'_>);
