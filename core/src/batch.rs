//! Orders in, body out.

#[cfg(test)]
mod api_json;
pub(crate) mod body;
pub(crate) mod canonical;
pub(crate) mod check;
pub(crate) mod from_json;
pub(crate) mod index;
pub(crate) mod order;
pub(crate) mod outcome;
pub(crate) mod param_names;
pub(crate) mod request;
pub(crate) mod rules;
pub(crate) mod template;
pub(crate) mod transaction;
pub(crate) mod verbatim;

use alloc::sync::Arc;
use core::fmt;

use crate::api::create_and_call::CreateAndCall;
use crate::api::endpoint::OrderEndpoint;
use crate::api::request::SignedRequest;
use crate::api::task::Task;
use crate::api::{tables, typed};
use crate::batch::body::Body;
use crate::batch::from_json::Format;
use crate::batch::index::OrderIndex;
use crate::batch::order::OrderOf;
use crate::batch::param_names::ParamNames;
use crate::batch::rules::Rules;
use crate::batch::transaction::{Policy, Transaction};
use crate::check::memory::{self, NoMemoryError};
use crate::check::violation::Violations;
use crate::json::typed::Draft;
use crate::json::utf8::MaybeUtf8;
use crate::sign::credentials::Credentials;
use crate::sign::header::RequestId;
use crate::sign::timestamp::Timestamp;

/// A list of orders for one request.
///
/// Each order is validated when it is added and written straight into the request's body: no second
/// copy of the contacts is kept. An invalid order leaves the batch as it was and reports everything
/// that is wrong with it.
///
/// ```
/// use callbot_core::{
///     Algorithm, Batch, Credentials, Order, RequestId, Rules, SecretKey, Task, Timestamp,
/// };
///
/// let mut batch = Batch::new(
///     &Task {
///         user_task_id: "spring-campaign",
///         order_callback_url: "https://example.com/order",
///         call_callback_url: "https://example.com/call",
///     },
///     Rules::new(),
/// )?;
/// batch.add(&Order { order_id: "1", user_phone: "8613800000001", ..Order::default() })?;
///
/// let credentials = Credentials::new("Vh71ym3y", SecretKey::new("u7Mf3zUN")?, Algorithm::Md5)?;
/// let request = batch.sign(
///     &credentials,
///     RequestId::new("00000000000000000000000000000001")?,
///     Timestamp::from_unix_seconds(1_726_200_000)?,
/// )?;
/// assert_eq!(request.method(), "POST");
/// # Ok::<(), callbot_core::Error>(())
/// ```
///
/// API page:
/// [Callbot-API-addBatchOrder](https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-addBatchOrder).
#[derive(Clone)]
pub struct Batch {
    rules: Rules,
    /// Shared with the requests that were signed from it. The batch copies it on the first change
    /// while one of them is alive (copy-on-write).
    body: Arc<Body>,
    /// The body without orders, for [`clear`](Self::clear), which cannot fail.
    blank: Arc<Body>,
    /// The capacity that the body had when it was cleared while a request kept it.
    capacity: usize,
    /// In place of the body, for a transaction that cannot copy it. It stays empty.
    no_body: Body,
    ids: OrderIndex,
    /// Empty unless the rules ask for it.
    phones: OrderIndex,
    names: ParamNames,
    len: usize,
    endpoint: OrderEndpoint,
}

impl Batch {
    /// Creates an empty batch.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the task: an empty `user_task_id`, or a callback URL that is
    /// not an absolute http or https URL.
    pub fn new(task: &Task<'_>, rules: Rules) -> Result<Self, Violations> {
        Self::of_task(OrderEndpoint::AddBatchCall, task, rules)
    }

    /// Creates an empty batch for `importBatchCall`, which takes the same as `addBatchCall`.
    ///
    /// API page: [Callbot-API-batchImportCall][page].
    ///
    /// [page]: https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-batchImportCall
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn import(task: &Task<'_>, rules: Rules) -> Result<Self, Violations> {
        Self::of_task(OrderEndpoint::ImportBatchCall, task, rules)
    }

    /// Creates an empty batch for `createAndCall`, which creates the task too.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the settings: an empty `user_task_id`, a callback URL that is
    /// not an absolute http or https URL, a raw value that is not JSON.
    ///
    /// ```
    /// use callbot_core::{Batch, CallInfoList, CreateAndCall, Order, Rules, TaskSetting};
    ///
    /// let settings = CreateAndCall {
    ///     user_task_id: "spring-campaign",
    ///     scene_id: Some("s1".into()),
    ///     task_create_setting: Some(TaskSetting {
    ///         task_name: Some("Spring".into()),
    ///         ..TaskSetting::default()
    ///     }),
    ///     call_info_list: CallInfoList {
    ///         order_callback_url: "https://example.com/order",
    ///         call_callback_url: "https://example.com/call",
    ///     },
    ///     ..CreateAndCall::default()
    /// };
    /// let mut batch = Batch::create_and_call(&settings, Rules::new())?;
    /// batch.add(&Order { order_id: "1", user_phone: "8613800000001", ..Order::default() })?;
    /// # Ok::<(), callbot_core::Violations>(())
    /// ```
    pub fn create_and_call(settings: &CreateAndCall<'_>, rules: Rules) -> Result<Self, Violations> {
        let Draft { json, violations } = Draft::of(settings)?;
        let endpoint = OrderEndpoint::CreateAndCall;
        let kept = Self::read_json_for(endpoint, &json, rules, Policy::RefuseAll, None);
        Ok(typed::with_all(violations, kept)?.batch)
    }

    fn of_task(endpoint: OrderEndpoint, task: &Task<'_>, rules: Rules) -> Result<Self, Violations> {
        let mut violations = Violations::new();
        task.check(rules.allows_blank_edges(), &mut violations);
        violations.into_result()?;
        let made = || -> Result<Self, NoMemoryError> {
            let mut body = Body::new()?;
            body.set_head(&canonical::head_of(task)?)?;
            Self::of_body(endpoint, rules, body)
        };
        made().map_err(Violations::of_memory)
    }

    /// Reads a batch from the documented JSON body, and refuses the whole body if anything is
    /// wrong. Whitespace and the order of the keys do not matter, and `productID` may be left out:
    /// the batch has the same bytes as one to which the same orders were added one by one.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, each at its place: a document that is not JSON or not UTF-8,
    /// missing, unknown and duplicate keys, values of the wrong type, and whatever
    /// [`new`](Self::new) and [`add`](Self::add) refuse. A syntax error ends the reading and is
    /// listed last.
    ///
    /// ```
    /// use callbot_core::{Batch, Rules};
    ///
    /// let refused = Batch::from_json(b"{}", Rules::new()).unwrap_err();
    /// let lines: Vec<String> = refused.iter().map(|violation| violation.to_string()).collect();
    /// assert_eq!(lines, [
    ///     "/userTaskID: required key is missing; add it [missing_key]",
    ///     "/callInfoList: required key is missing; add it [missing_key]",
    /// ]);
    /// ```
    pub fn from_json(json: &[u8], rules: Rules) -> Result<Self, Violations> {
        let kept = Self::read_json(json, rules, Policy::RefuseAll, None)?;
        Ok(kept.batch)
    }

    /// Reads a batch from the documented JSON body, keeps the valid orders and lists what is wrong
    /// with the others.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, as for [`from_json`](Self::from_json), if something outside of
    /// single orders is invalid (the JSON, the task, a callback URL, a key), or if there are more
    /// violations than [`Violations::MAX_LISTED`], so that some refused orders could not be named.
    ///
    /// ```
    /// use callbot_core::{Batch, Rules};
    ///
    /// let json = br#"{"productID":"callbot","userTaskID":"t1","callInfoList":{
    ///     "orderCallbackUrl":"https://example.com/order",
    ///     "callCallbackUrl":"https://example.com/call","callList":[
    ///     {"orderID":"1","userPhone":"+8613800000001",
    ///     "other":"","userName":"","customerName":"","params":[]},
    ///     {"orderID":"2","userPhone":"8613800000002",
    ///     "other":"","userName":"","customerName":"","params":[]}]}}"#;
    /// let kept = Batch::from_json_keep_valid(json, Rules::new())?;
    /// assert_eq!(kept.batch.len(), 1);
    /// assert_eq!(kept.refused.iter().next().unwrap().order_index(), Some(0));
    /// # Ok::<(), callbot_core::Error>(())
    /// ```
    pub fn from_json_keep_valid(json: &[u8], rules: Rules) -> Result<KeptBatch, Violations> {
        Self::read_json(json, rules, Policy::KeepValid, None)
    }

    /// Reads a batch from the documented JSON body under either policy, with a seed for the index
    /// of the orderIDs: see [`reseed`](Self::reseed).
    ///
    /// # Errors
    ///
    /// As [`from_json`](Self::from_json) or [`from_json_keep_valid`](Self::from_json_keep_valid).
    pub fn read_json(
        json: &[u8],
        rules: Rules,
        policy: Policy,
        seed: Option<u64>,
    ) -> Result<KeptBatch, Violations> {
        let may_lack_orders = false;
        let endpoint = OrderEndpoint::AddBatchCall;
        Self::read_document(endpoint, may_lack_orders, json, rules, policy, seed)
    }

    /// Reads a batch for any endpoint that takes orders from the JSON of its page. The list of
    /// orders may have orders, be empty, or be missing; more are added as always.
    ///
    /// # Errors
    ///
    /// As [`read_json`](Self::read_json).
    ///
    /// ```
    /// use callbot_core::{Batch, OrderEndpoint, Policy, Rules};
    ///
    /// let json = br#"{"userTaskID":"t1","sceneID":"s1","callInfoList":{
    ///     "orderCallbackUrl":"https://example.com/order",
    ///     "callCallbackUrl":"https://example.com/call"}}"#;
    /// let endpoint = OrderEndpoint::CreateAndCall;
    /// let kept = Batch::read_json_for(endpoint, json, Rules::new(), Policy::RefuseAll, None)?;
    /// assert!(kept.batch.is_empty());
    /// # Ok::<(), callbot_core::Violations>(())
    /// ```
    pub fn read_json_for(
        endpoint: OrderEndpoint,
        json: &[u8],
        rules: Rules,
        policy: Policy,
        seed: Option<u64>,
    ) -> Result<KeptBatch, Violations> {
        let may_lack_orders = true;
        Self::read_document(endpoint, may_lack_orders, json, rules, policy, seed)
    }

    fn read_document(
        endpoint: OrderEndpoint,
        may_lack_orders: bool,
        json: &[u8],
        rules: Rules,
        policy: Policy,
        seed: Option<u64>,
    ) -> Result<KeptBatch, Violations> {
        let body = Body::new().and_then(|body| Self::of_body(endpoint, rules, body));
        let mut batch = body.map_err(Violations::of_memory)?;
        if let Some(seed) = seed {
            batch.reseed(seed);
        }
        let mut transaction = batch.begin(policy);
        let format = Format {
            table: tables::of_request(endpoint.into()),
            may_lack_orders,
        };
        from_json::read(json, format, &mut transaction);
        let refused = transaction.commit()?;
        let blank = batch.body.without_orders();
        batch.blank = Arc::new(blank.map_err(Violations::of_memory)?);
        Ok(KeptBatch { batch, refused })
    }

    fn of_body(endpoint: OrderEndpoint, rules: Rules, body: Body) -> Result<Self, NoMemoryError> {
        Ok(Self {
            rules,
            blank: Arc::new(body.without_orders()?),
            body: Arc::new(body),
            capacity: 0,
            no_body: Body::default(),
            ids: OrderIndex::new(),
            phones: OrderIndex::new(),
            names: ParamNames::default(),
            len: 0,
            endpoint,
        })
    }

    /// The body for changes. One that a request shares is copied.
    fn own_body(&mut self) -> Result<(), NoMemoryError> {
        if Arc::get_mut(&mut self.body).is_none() {
            let body = self.body.try_clone(self.capacity);
            let body = Arc::new(body.or_else(|_| self.body.try_clone(0))?);
            // The batch would hold a block of the reserve for long.
            memory::check_reserve()?;
            self.body = body;
        }
        Ok(())
    }

    /// The endpoint that the batch is for.
    #[must_use]
    pub const fn endpoint(&self) -> OrderEndpoint {
        self.endpoint
    }

    /// Adds an order. Its strings are copied into the body.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the order; the batch is then as it was. The kinds
    /// are listed at [`ViolationKind`](crate::ViolationKind) and
    /// [`PhoneError`](crate::PhoneError).
    pub fn add<S: MaybeUtf8 + ?Sized>(&mut self, order: &OrderOf<'_, S>) -> Result<(), Violations> {
        self.add_all([*order])
    }

    /// Adds a list of orders: all, or none if one of them is invalid.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with any of them; the batch is then as it was. The index in a
    /// violation's path is the one that the order would have had in the batch.
    ///
    /// ```
    /// # use callbot_core::{Batch, Order, Rules, Task};
    /// # let task = Task {
    /// #     user_task_id: "t",
    /// #     order_callback_url: "https://a.example/",
    /// #     call_callback_url: "https://a.example/",
    /// # };
    /// let mut batch = Batch::new(&task, Rules::new())?;
    /// let contacts = [("1", "8613800000001"), ("2", "+8613800000002"), ("1", "8613800000003")];
    /// let refused = batch
    ///     .add_all(contacts.map(|(order_id, user_phone)| Order {
    ///         order_id,
    ///         user_phone,
    ///         ..Order::default()
    ///     }))
    ///     .unwrap_err();
    /// let codes: Vec<_> = refused.iter().map(|violation| violation.code()).collect();
    /// assert_eq!(codes, ["phone_plus", "duplicate_order_id"]);
    /// assert!(batch.is_empty());
    /// # Ok::<(), callbot_core::Error>(())
    /// ```
    pub fn add_all<'a, S: MaybeUtf8 + ?Sized + 'a>(
        &mut self,
        orders: impl IntoIterator<Item = OrderOf<'a, S>>,
    ) -> Result<(), Violations> {
        let mut transaction = self.begin(Policy::RefuseAll);
        for order in orders {
            transaction.add(&order);
        }
        transaction.commit().map(|_| ())
    }

    /// Begins a list of orders, for callers who have its orders one at a time.
    ///
    /// This is when a body that a request shares is copied. A transaction that is leaked
    /// (`mem::forget`) leaves a batch that has to be [cleared](Self::clear).
    pub fn begin(&mut self, policy: Policy) -> Transaction<'_> {
        let owned = self.own_body();
        let orders_len = self.body.orders().len();
        let body = Arc::get_mut(&mut self.body).unwrap_or(&mut self.no_body);
        Transaction::begin(
            &self.rules,
            body,
            orders_len,
            owned,
            [&mut self.ids, &mut self.phones],
            &mut self.names,
            &mut self.len,
            policy,
        )
    }

    /// Reserves room for `orders` more orders of `order_bytes` bytes each in the body, keys and
    /// escapes included, so that adding them needs no further allocation.
    ///
    /// # Errors
    ///
    /// [`NoMemoryError`] if an allocation fails. The batch can still be used: it takes room as it
    /// grows.
    pub fn reserve(&mut self, orders: usize, order_bytes: usize) -> Result<(), NoMemoryError> {
        let bytes = orders.saturating_mul(order_bytes);
        self.begin(Policy::RefuseAll).try_reserve(orders, bytes)
    }

    /// Seeds the hash of the index of orderIDs.
    ///
    /// Whoever chooses the orderIDs and knows the seed can compute IDs that collide, and make
    /// adding them slow. By default the seed comes from addresses in memory: enough where programs
    /// are loaded at random addresses, but forked processes share it. With a source of randomness,
    /// seed every batch after it is made, and again after it is [cleared](Self::clear).
    pub fn reseed(&mut self, seed: u64) {
        self.ids.reseed(seed, self.body.orders());
        self.phones.reseed(seed, self.body.orders());
    }

    /// The number of orders.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether the batch has no orders.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Removes all orders; task and rules stay. The memory is kept, so that filling the batch again
    /// needs no new allocation, unless a request that was signed from it is alive and keeps the
    /// body.
    pub fn clear(&mut self) {
        if let Some(body) = Arc::get_mut(&mut self.body) {
            body.truncate_orders(0);
        } else {
            self.capacity = self.body.capacity();
            self.body = Arc::clone(&self.blank);
        }
        self.ids.clear();
        self.phones.clear();
        self.names.clear();
        self.len = 0;
    }

    /// The body as it would be signed now: complete JSON at every moment.
    ///
    /// It contains the contacts' personal data. Send the body of the [signed request](Self::sign)
    /// instead, which cannot change any more.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        (*self.body).as_ref()
    }

    /// Signs the batch into a finished request. The batch can be signed again, for a retry or
    /// another account, and changing it has no effect on the request. Signing does not copy the
    /// body: the batch copies it on the first change while the request is alive (copy-on-write).
    ///
    /// # Errors
    ///
    /// [`EmptyBatchError`] if the batch has no orders.
    pub fn sign(
        &self,
        credentials: &Credentials,
        request_id: RequestId,
        create_ts: Timestamp,
    ) -> Result<SignedRequest, EmptyBatchError> {
        if self.is_empty() {
            return Err(EmptyBatchError);
        }
        Ok(SignedRequest::to_endpoint(
            self.endpoint.into(),
            self.body.clone(),
            credentials,
            request_id,
            create_ts,
        ))
    }
}

/// A batch without orders cannot be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct EmptyBatchError;

impl EmptyBatchError {
    /// The stable code: `empty_batch`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        "empty_batch"
    }
}

impl fmt::Display for EmptyBatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the batch has no orders; add one before it is signed")
    }
}

impl core::error::Error for EmptyBatchError {}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch")
            .field("len", &self.len)
            .field("body", &self.body)
            .field("rules", &self.rules)
            .finish_non_exhaustive()
    }
}

/// The result of [`Batch::from_json_keep_valid`] and [`Batch::read_json`].
#[derive(Debug, Clone)]
pub struct KeptBatch {
    /// The valid orders.
    pub batch: Batch,
    /// What is wrong with the others. Paths and [`order_index`](crate::Violation::order_index) are
    /// those of the list that was read. Empty if no order was refused.
    pub refused: Violations,
}
