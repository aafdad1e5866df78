//! What became of the orders of a request: callbot, and a user's own code with `serde_json`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write;

use callbot_core::{
    AddBatchResponse, Algorithm, ContentKind, Document, Order, Outcome, ReceivedHeaders,
    SignedRequest, Verified, Verifier, testing,
};
use serde::Deserialize;

use crate::rust;
use crate::signed_with::CREATE_TS;

/// A request, and the provider's answer to it.
#[derive(Debug)]
pub struct Answer {
    request: SignedRequest,
    verified: Verified<'static>,
}

impl Answer {
    /// Builds a request of these orders and an answer that accepts all of them, but those at every
    /// `refused`th index.
    ///
    /// # Panics
    ///
    /// If an order is invalid.
    #[must_use]
    pub fn new(orders: &[Order<'_>], refused: Option<usize>) -> Self {
        let credentials = rust::credentials(Algorithm::Md5);
        let mut batch = rust::batch();
        batch.add_all(orders.iter().copied()).expect("orders");
        let request = batch
            .sign(&credentials, rust::request_id(), rust::create_ts())
            .expect("a request");
        let json = json(orders, refused);
        let sent =
            testing::sign_response(&credentials, &request, rust::create_ts(), json.as_bytes());
        let headers = ReceivedHeaders::from_pairs(sent.headers()).expect("headers");
        let verified = Verifier::new(credentials)
            .verify_response(&request.sent(), &headers, json.as_bytes(), CREATE_TS)
            .expect("an answer")
            .into_owned();
        Self { request, verified }
    }

    /// Parses the answer and reads it.
    ///
    /// # Panics
    ///
    /// Never.
    #[must_use]
    pub fn read(&self) -> AddBatchResponse {
        self.document().read().expect("its content")
    }

    /// Reads the answer with a derived type.
    ///
    /// # Panics
    ///
    /// Never.
    #[must_use]
    pub fn read_by_serde(&self) -> SerdeAnswer<'_> {
        serde_json::from_slice(self.verified.body()).expect("its content")
    }

    /// Tells what became of the orders.
    ///
    /// # Panics
    ///
    /// Never.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let outcome = self.document().outcome(self.request.body());
        outcome.expect("orders")
    }

    /// Finds the indices and IDs of the refused orders with a user's own code: derived types and a
    /// map by phone number.
    ///
    /// # Panics
    ///
    /// Never.
    #[must_use]
    pub fn outcome_by_serde(&self) -> Vec<(usize, String)> {
        let sent: SerdeSent<'_> = serde_json::from_slice(self.request.body()).expect("orders");
        let orders = sent.call_info_list.call_list;
        let answer = self.read_by_serde();
        let indices = orders.iter().enumerate();
        let indices: HashMap<&str, usize> = indices
            .map(|(index, order)| (order.user_phone.as_ref(), index))
            .collect();
        let refused = answer.err_list.iter().map(|row| {
            let index = indices[row.phone.as_ref()];
            (index, orders[index].order_id.clone().into_owned())
        });
        refused.collect()
    }

    fn document(&self) -> Document {
        let document = self.verified.document(ContentKind::Response);
        document.expect("a response")
    }
}

fn json(orders: &[Order<'_>], refused: Option<usize>) -> String {
    let refused: Vec<_> = match refused {
        Some(step) => orders.iter().step_by(step).collect(),
        None => Vec::new(),
    };
    let mut json = String::new();
    let (total, success) = (orders.len(), orders.len() - refused.len());
    let counts = format!(r#""totalCount":{total},"successCount":{success}"#);
    json.push_str(r#"{"retCode":0,"retMsg":"success","responseID":"5f3c9a","#);
    json.push_str(&counts);
    for (i, order) in refused.iter().enumerate() {
        json.push_str(if i == 0 { r#","errList":["# } else { "," });
        let phone = order.user_phone;
        write!(json, r#"{{"phone":"{phone}","errMsg":"not allowed"}}"#)
            .expect("writing to a string cannot fail");
    }
    json.push_str(if refused.is_empty() { "}" } else { "]}" });
    json
}

/// The fields of `AddBatchResponse`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "only the reading of them is measured")]
pub struct SerdeAnswer<'a> {
    ret_code: i64,
    ret_msg: Option<String>,
    #[serde(rename = "responseID")]
    response_id: Option<String>,
    total_count: Option<i64>,
    success_count: Option<i64>,
    #[serde(default, borrow)]
    err_list: Vec<SerdeRefused<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "only the reading of them is measured")]
struct SerdeRefused<'a> {
    #[serde(borrow)]
    phone: Cow<'a, str>,
    #[serde(borrow)]
    err_msg: Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SerdeSent<'a> {
    #[serde(borrow)]
    call_info_list: SerdeList<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SerdeList<'a> {
    #[serde(borrow)]
    call_list: Vec<SerdeOrder<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SerdeOrder<'a> {
    #[serde(rename = "orderID", borrow)]
    order_id: Cow<'a, str>,
    #[serde(borrow)]
    user_phone: Cow<'a, str>,
}
