//! Traces refused phone numbers back to their orders.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::api::add_batch_call::AddBatchResponse;
use crate::api::content::debug_without_content;
use crate::api::request::SignedRequest;
use crate::batch::canonical;

/// The orders with a refused phone number.
#[derive(Clone, PartialEq, Eq)]
pub struct RefusedOrders {
    /// The refused number.
    pub phone: String,
    /// Why it was refused.
    pub err_msg: String,
    /// The IDs of all orders with this number, in the order of the batch. Empty for a number that
    /// was not sent.
    ///
    /// The provider names the phone only, so two orders with one phone cannot be told apart.
    ///
    /// Several refusals of one number share one list, so that the cost grows with the length of
    /// the response plus that of the batch, not with their product.
    pub order_ids: Arc<[String]>,
}

impl AddBatchResponse {
    /// Returns the orders of `request` that each refused phone number stands for, in the order of
    /// `errList`.
    ///
    /// `request` must be the one that the response was verified with. This is not checked: the
    /// response does not keep the request's ID.
    ///
    /// ```
    /// # use callbot_core::{Algorithm, Batch, Credentials, Order, ReceivedHeaders, RequestId};
    /// # use callbot_core::{Rules, SecretKey, Task, Timestamp, Verifier, testing};
    /// # let url = "https://a.example/";
    /// # let task = Task { user_task_id: "t", order_callback_url: url, call_callback_url: url };
    /// # let mut batch = Batch::new(&task, Rules::new())?;
    /// # let key = SecretKey::new("u7Mf3zUN")?;
    /// # let credentials = Credentials::new("Vh71ym3y", key, Algorithm::Md5)?;
    /// # let now = Timestamp::from_unix_seconds(1_726_200_000)?;
    /// batch.add(&Order { order_id: "1", user_phone: "8613800000001", ..Order::default() })?;
    /// batch.add(&Order { order_id: "2", user_phone: "447700900123", ..Order::default() })?;
    /// let request = batch.sign(&credentials, RequestId::new("r1")?, now)?;
    /// # let body = br#"{"retCode":0,"retMsg":"success","responseID":"x","totalCount":2,
    /// #     "successCount":1,"errList":[{"phone":"447700900123","errMsg":"not allowed"}]}"#;
    /// # let sent = testing::sign_response(&credentials, &request, now, body);
    /// # let headers = ReceivedHeaders::from_pairs(sent.headers())?;
    /// # let (verifier, now) = (Verifier::new(credentials), now.unix_seconds());
    /// let response = verifier.verify_response(&request.sent(), &headers, body, now)?.response()?;
    /// for refused in response.refused_orders(&request) {
    ///     assert_eq!((&*refused.phone, &*refused.err_msg), ("447700900123", "not allowed"));
    ///     assert_eq!(refused.order_ids[..], ["2"]);
    /// }
    /// # assert_eq!(response.err_list.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn refused_orders(&self, request: &SignedRequest) -> Vec<RefusedOrders> {
        // Most answers refuse nothing, and then the body is not read.
        if self.err_list.is_empty() {
            return Vec::new();
        }
        let refused: Vec<_> = self
            .err_list
            .iter()
            .map(|refused| {
                let phone = refused.phone.unwrap_or_default();
                (phone, refused.err_msg.unwrap_or_default())
            })
            .collect();
        let mut ids_by_phone: BTreeMap<&str, Vec<String>> = refused
            .iter()
            .map(|(phone, _)| (phone.as_str(), Vec::new()))
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
        refused
            .iter()
            .map(|(phone, err_msg)| RefusedOrders {
                phone: phone.clone(),
                err_msg: err_msg.clone(),
                order_ids: Arc::clone(&ids_by_phone[phone.as_str()]),
            })
            .collect()
    }
}

debug_without_content!(RefusedOrders);
