//! A request from JSON, whichever endpoint it is for.

use alloc::sync::Arc;

use crate::api::endpoint::{Endpoint, OrderEndpoint};
use crate::api::request::SignedRequest;
use crate::api::tables;
use crate::api::typed::Request;
use crate::batch::from_json::CALL_LIST;
use crate::batch::rules::Rules;
use crate::batch::transaction::Policy;
use crate::batch::{Batch, EmptyBatchError};
use crate::check::path::Path;
use crate::check::violation::{ViolationKind, Violations};
use crate::json::by_table;
use crate::sign::credentials::Credentials;
use crate::sign::header::RequestId;
use crate::sign::timestamp::Timestamp;

impl SignedRequest {
    /// Reads the JSON of an endpoint's page, checks it and signs it. `productID` is added if it is
    /// left out. Whitespace and the order of the keys do not matter: the body is compact and in the
    /// order of the page. What a page shows in an example only may have any value.
    ///
    /// For an endpoint with orders, it reads a batch without rules and refuses all orders if one is
    /// invalid. [`from_json_with`](Self::from_json_with) takes rules.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, each at its place. A syntax error ends the reading and is listed
    /// last.
    ///
    /// ```
    /// # use callbot_core::{Algorithm, Credentials, RequestId, SecretKey, Timestamp};
    /// use callbot_core::{Endpoint, SignedRequest};
    ///
    /// # let key = SecretKey::new("u7Mf3zUN")?;
    /// # let credentials = Credentials::new("Vh71ym3y", key, Algorithm::Md5)?;
    /// # let now = Timestamp::from_unix_seconds(1_726_200_000)?;
    /// # let id = RequestId::new("r1")?;
    /// let json = br#"{"orderIDs": ["1"], "userTaskID": "t"}"#;
    /// let request = SignedRequest::from_json(Endpoint::StopOrder, json, &credentials, id, now)?;
    /// assert_eq!(request.path(), "/callcentre/api/v3/stopOrder");
    /// assert_eq!(request.body(), br#"{"productID":"callbot","userTaskID":"t","orderIDs":["1"]}"#);
    /// # Ok::<(), callbot_core::Error>(())
    /// ```
    pub fn from_json(
        endpoint: Endpoint,
        json: &[u8],
        credentials: &Credentials,
        request_id: RequestId,
        create_ts: Timestamp,
    ) -> Result<Self, Violations> {
        Self::from_json_with(
            &Rules::new(),
            endpoint,
            json,
            credentials,
            request_id,
            create_ts,
        )
    }

    /// Like [`from_json`](Self::from_json), with the rules of a campaign.
    ///
    /// For an endpoint with orders they are the rules of its batch. For any other endpoint
    /// [`Rules::allow_blank_edges`] is the only one with an effect: a task or an order whose ID
    /// begins or ends with whitespace can be stopped and listed as well.
    ///
    /// # Errors
    ///
    /// As for [`from_json`](Self::from_json), and what the rules refuse.
    ///
    /// ```
    /// # use callbot_core::{Algorithm, Credentials, RequestId, SecretKey, Timestamp};
    /// use callbot_core::{Endpoint, Rules, SignedRequest};
    ///
    /// # let key = SecretKey::new("u7Mf3zUN")?;
    /// # let credentials = Credentials::new("Vh71ym3y", key, Algorithm::Md5)?;
    /// # let now = Timestamp::from_unix_seconds(1_726_200_000)?;
    /// # let id = RequestId::new("r1")?;
    /// let mut rules = Rules::new();
    /// rules.allow_blank_edges();
    /// let json = br#"{"userTaskID": "t", "orderIDs": ["A-1 "]}"#;
    /// let endpoint = Endpoint::StopOrder;
    /// let request =
    ///     SignedRequest::from_json_with(&rules, endpoint, json, &credentials, id, now)?;
    /// # let id = RequestId::new("r1")?;
    /// assert!(SignedRequest::from_json(endpoint, json, &credentials, id, now).is_err());
    /// # Ok::<(), callbot_core::Error>(())
    /// ```
    pub fn from_json_with(
        rules: &Rules,
        endpoint: Endpoint,
        json: &[u8],
        credentials: &Credentials,
        request_id: RequestId,
        create_ts: Timestamp,
    ) -> Result<Self, Violations> {
        if let Ok(endpoint) = OrderEndpoint::try_from(endpoint) {
            let policy = Policy::RefuseAll;
            let rules = rules.clone();
            let kept = Batch::read_document(endpoint, false, json, rules, policy, None)?;
            let request = kept.batch.sign(credentials, request_id, create_ts);
            return request.map_err(|EmptyBatchError| {
                let mut violations = Violations::new();
                violations.push(Path::new(CALL_LIST), ViolationKind::Empty);
                violations
            });
        }
        let body = by_table::read(
            json,
            tables::of_request(endpoint),
            rules.allows_blank_edges(),
        )?;
        Ok(Self::to_endpoint(
            endpoint,
            Arc::new(body),
            credentials,
            request_id,
            create_ts,
        ))
    }

    /// Checks a typed request against the API's page and signs it, with the rules of a campaign, of
    /// which [`Rules::allow_blank_edges`] is the only one with an effect.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, each at its place in the body.
    ///
    /// ```
    /// # use callbot_core::{Algorithm, Credentials, RequestId, SecretKey, Timestamp};
    /// use callbot_core::{Rules, SignedRequest, StopOrder};
    ///
    /// # let key = SecretKey::new("u7Mf3zUN")?;
    /// # let credentials = Credentials::new("Vh71ym3y", key, Algorithm::Md5)?;
    /// # let now = Timestamp::from_unix_seconds(1_726_200_000)?;
    /// # let id = RequestId::new("r1")?;
    /// let mut rules = Rules::new();
    /// rules.allow_blank_edges();
    /// let stop = StopOrder {
    ///     user_task_id: "t",
    ///     order_ids: &["A-1 "],
    ///     ..StopOrder::default()
    /// };
    /// let request = SignedRequest::from_request(&rules, &stop, &credentials, id, now)?;
    /// # Ok::<(), callbot_core::Error>(())
    /// ```
    pub fn from_request(
        rules: &Rules,
        request: &impl Request,
        credentials: &Credentials,
        request_id: RequestId,
        create_ts: Timestamp,
    ) -> Result<Self, Violations> {
        let allows_blank_edges = rules.allows_blank_edges();
        request.sign_allowing(allows_blank_edges, credentials, request_id, create_ts)
    }
}
