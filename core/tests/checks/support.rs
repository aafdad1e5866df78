//! Shared by several subjects: paths, rules and a signed request.

use callbot_core::{Algorithm, Batch, Param, Rules};

use crate::common::{ORDER, batch, credentials, request_id, timestamp};

pub(crate) const ORDER_PATH: &str = "/callInfoList/callList/0";
pub(crate) const PARAM_PATH: &str = "/callInfoList/callList/0/params/0";

/// The rules that the tests validate orders against.
pub(crate) fn rules() -> Rules {
    let mut rules = Rules::new();
    rules
        .require_param("amount")
        .and_then(|rules| rules.require_param("due"))
        .and_then(|rules| rules.allow_country_code("86"))
        .and_then(|rules| rules.allow_country_code("1"))
        .and_then(|rules| rules.max_orders(2))
        .expect("the rules are valid");
    rules
}

pub(crate) fn param<'a>(name: &'a str, value: &'a str) -> Param<'a> {
    Param { name, value }
}

pub(crate) fn request() -> callbot_core::SignedRequest {
    let mut batch = batch();
    batch.add(&ORDER).expect("the order is valid");
    batch
        .sign(&credentials(Algorithm::Md5), request_id("r"), timestamp(1))
        .expect("the batch has an order")
}

pub(crate) fn sign(batch: &Batch) -> callbot_core::SignedRequest {
    batch
        .sign(
            &credentials(Algorithm::Sha256),
            request_id("r"),
            timestamp(1),
        )
        .expect("the batch has orders")
}
