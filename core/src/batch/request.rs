//! A request from JSON, whichever endpoint it is for.

use alloc::sync::Arc;

use crate::api::endpoint::{Endpoint, OrderEndpoint};
use crate::api::request::SignedRequest;
use crate::api::tables;
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
    /// invalid. Read a [`Batch`](Batch::read_json_for) to give it rules.
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
        if let Ok(endpoint) = OrderEndpoint::try_from(endpoint) {
            let policy = Policy::RefuseAll;
            let kept = Batch::read_document(endpoint, false, json, Rules::new(), policy, None)?;
            let request = kept.batch.sign(credentials, request_id, create_ts);
            return request.map_err(|EmptyBatchError| {
                let mut violations = Violations::new();
                violations.push(Path::new(CALL_LIST), ViolationKind::Empty);
                violations
            });
        }
        let body = by_table::read(json, tables::of_request(endpoint))?;
        Ok(Self::to_endpoint(
            endpoint,
            Arc::new(body),
            credentials,
            request_id,
            create_ts,
        ))
    }
}
