//! Orders in, body out.

pub(crate) mod additions;
pub(crate) mod body;
pub(crate) mod filling;
pub(crate) mod format;
pub(crate) mod from_json;
pub(crate) mod index;
pub(crate) mod order;
pub(crate) mod rules;
pub(crate) mod verbatim;
pub(crate) mod written;

use alloc::sync::Arc;
use core::fmt;

use crate::api::request::SignedRequest;
use crate::batch::additions::Additions;
use crate::batch::body::Body;
use crate::batch::filling::Filling;
use crate::batch::index::OrderIndex;
use crate::batch::order::Order;
use crate::batch::rules::Rules;
use crate::check::url;
use crate::check::violation::{Field, Place, ViolationKind, Violations};
use crate::error::Error;
use crate::sign::credentials::Credentials;
use crate::sign::header::{RequestId, Timestamp};

/// The task that a batch of orders belongs to, and where its callbacks go. The task has to exist at the provider.
///
/// API page: [Callbot-API-addBatchOrder](https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-addBatchOrder).
///
/// Its `Debug` shows nothing of it, since a URL may carry a password or a token.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Task<'a> {
    /// `userTaskID`: the caller's own unique id of the task. Not empty.
    pub user_task_id: &'a str,
    /// `orderCallbackUrl`: absolute http or https URL, called when an order has finished.
    pub order_callback_url: &'a str,
    /// `callCallbackUrl`: absolute http or https URL, called when a call has finished.
    pub call_callback_url: &'a str,
}

impl fmt::Debug for Task<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task").finish_non_exhaustive()
    }
}

impl Task<'_> {
    pub(crate) fn check(&self, violations: &mut Violations) {
        for (field, text) in [
            (Field::UserTaskId, self.user_task_id),
            (Field::OrderCallbackUrl, self.order_callback_url),
            (Field::CallCallbackUrl, self.call_callback_url),
        ] {
            Self::check_field(field, text, violations);
        }
    }

    /// Reports what is wrong with one field of a task.
    pub(crate) fn check_field(field: Field, text: &str, violations: &mut Violations) {
        let fault = match field {
            Field::UserTaskId => text.is_empty().then_some(ViolationKind::Empty),
            _ => url::check(text).err().map(ViolationKind::Url),
        };
        if let Some(fault) = fault {
            violations.push(Place::top(field), fault);
        }
    }
}

/// What becomes of a list of orders in which one is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// None of the list's orders is taken.
    RefuseAll,
    /// The orders that are right are taken.
    KeepValid,
}

/// A list of orders for one request.
///
/// An order is checked in the moment it is added and written straight into the request's body: no second copy of the
/// contacts is kept. A wrong order leaves the batch as it was and says all that is wrong with it.
///
/// ```
/// use callbot_core::{Algorithm, Batch, Credentials, Order, RequestId, Rules, SecretKey, Task, Timestamp};
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
/// API page: [Callbot-API-addBatchOrder](https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-addBatchOrder).
#[derive(Clone)]
pub struct Batch {
    rules: Rules,
    /// Shared with the requests that were signed from it; a batch that changes while one of them lives takes a copy.
    body: Arc<Body>,
    ids: OrderIndex,
    len: usize,
}

impl Batch {
    /// An empty batch.
    ///
    /// # Errors
    ///
    /// All that is wrong with the task: an empty `user_task_id`, a callback URL that is not an absolute http or https
    /// URL.
    pub fn new(task: &Task<'_>, rules: Rules) -> Result<Self, Violations> {
        let mut violations = Violations::new();
        task.check(&mut violations);
        violations.into_result()?;
        let mut batch = Self::without_task(rules);
        batch.fill().set_task(task);
        Ok(batch)
    }

    /// Reads a batch from the documented JSON body, and refuses the whole when anything is wrong. The body may have
    /// blanks between its parts and its keys in any order; the batch has the same bytes as one of the same orders added
    /// one by one.
    ///
    /// # Errors
    ///
    /// All that is wrong, each at its place: text that is not JSON or not UTF-8, missing, unknown and repeated keys,
    /// values of the wrong type, and whatever [`new`](Self::new) and [`add`](Self::add) refuse. A mistake in the JSON's
    /// own syntax ends the reading and is the last one listed.
    ///
    /// ```
    /// use callbot_core::{Batch, Rules};
    ///
    /// let refused = Batch::from_json(br#"{"productID":"callbot"}"#, Rules::new()).unwrap_err();
    /// let lines: Vec<String> = refused.iter().map(|violation| violation.to_string()).collect();
    /// assert_eq!(lines, [
    ///     "/userTaskID: it is missing and the API requires it [missing_key]",
    ///     "/callInfoList: it is missing and the API requires it [missing_key]",
    /// ]);
    /// ```
    pub fn from_json(json: &[u8], rules: Rules) -> Result<Self, Violations> {
        let mut batch = Self::without_task(rules);
        from_json::read(json, batch.fill(), Policy::RefuseAll)?.into_result()?;
        Ok(batch)
    }

    /// Reads a batch from the documented JSON body, keeps the orders that are right and lists what is wrong with the
    /// others.
    ///
    /// # Errors
    ///
    /// All that is wrong, as [`from_json`](Self::from_json) has it, when something other than single orders is wrong:
    /// the JSON itself, the task, a callback URL, a key outside of the orders; or when more is wrong than
    /// [`Violations::MAX_LISTED`], so that not every refused order could be named.
    ///
    /// ```
    /// use callbot_core::{Batch, Rules};
    ///
    /// let json = br#"{"productID":"callbot","userTaskID":"t1","callInfoList":{
    ///     "orderCallbackUrl":"https://example.com/order","callCallbackUrl":"https://example.com/call","callList":[
    ///     {"orderID":"1","userPhone":"+8613800000001","other":"","userName":"","customerName":"","params":[]},
    ///     {"orderID":"2","userPhone":"8613800000002","other":"","userName":"","customerName":"","params":[]}]}}"#;
    /// let kept = Batch::from_json_keep_valid(json, Rules::new())?;
    /// assert_eq!(kept.batch.len(), 1);
    /// assert_eq!(kept.refused.iter().next().unwrap().order_index(), Some(0));
    /// # Ok::<(), callbot_core::Error>(())
    /// ```
    pub fn from_json_keep_valid(json: &[u8], rules: Rules) -> Result<KeptBatch, Violations> {
        let mut batch = Self::without_task(rules);
        let mark = batch.fill().mark();
        let refused = from_json::read(json, batch.fill(), Policy::KeepValid)?;
        let only_orders = refused
            .iter()
            .all(|violation| violation.order_index().is_some());
        if only_orders && refused.unlisted() == 0 {
            if !refused.is_empty() {
                batch.fill().renumber(mark);
            }
            Ok(KeptBatch { batch, refused })
        } else {
            Err(refused)
        }
    }

    pub(crate) fn without_task(rules: Rules) -> Self {
        Self {
            rules,
            body: Arc::new(Body::new()),
            ids: OrderIndex::new(),
            len: 0,
        }
    }

    /// Adds an order. The texts are copied into the body; nothing of the order is needed afterwards.
    ///
    /// # Errors
    ///
    /// All that is wrong with the order; the batch is then as it was before. What is checked stands in the README and,
    /// code by code, at [`ViolationKind`] and [`PhoneError`](crate::PhoneError).
    pub fn add(&mut self, order: &Order<'_>) -> Result<(), Violations> {
        self.add_all([*order])
    }

    /// Adds a list of orders: all, or none when one of them is wrong.
    ///
    /// # Errors
    ///
    /// All that is wrong with any of them; the batch is then as it was before. The number in a violation's path is the
    /// place that the order would have had in the batch.
    ///
    /// ```
    /// # use callbot_core::{Batch, Order, Rules, Task};
    /// # let task = Task { user_task_id: "t", order_callback_url: "https://a.example/", call_callback_url: "https://a.example/" };
    /// let mut batch = Batch::new(&task, Rules::new())?;
    /// let contacts = [("1", "8613800000001"), ("2", "+8613800000002"), ("1", "8613800000003")];
    /// let refused = batch
    ///     .add_all(contacts.map(|(order_id, user_phone)| Order { order_id, user_phone, ..Order::default() }))
    ///     .unwrap_err();
    /// let codes: Vec<_> = refused.iter().map(|violation| violation.code()).collect();
    /// assert_eq!(codes, ["phone_plus", "duplicate_order_id"]);
    /// assert!(batch.is_empty());
    /// # Ok::<(), callbot_core::Error>(())
    /// ```
    pub fn add_all<'a>(
        &mut self,
        orders: impl IntoIterator<Item = Order<'a>>,
    ) -> Result<(), Violations> {
        let mut additions = self.begin(Policy::RefuseAll);
        for order in orders {
            additions.add(&order);
        }
        additions.finish().map(|_| ())
    }

    /// Begins a list of orders that is taken, or refused, as a whole, for callers who have its orders one at a time.
    ///
    /// A list that is neither [finished](Additions::finish) nor dropped (`mem::forget`) leaves a batch that has to be
    /// [cleared](Self::clear).
    pub fn begin(&mut self, policy: Policy) -> Additions<'_> {
        Additions::begin(self.fill(), policy)
    }

    /// The batch while orders are added to it. This is when a body that a request shares is copied.
    pub(crate) fn fill(&mut self) -> Filling<'_> {
        Filling {
            rules: &self.rules,
            body: Arc::make_mut(&mut self.body),
            ids: &mut self.ids,
            len: &mut self.len,
        }
    }

    /// Makes room for `orders` more orders of `order_bytes` bytes each in the body, keys and escapes included, so that adding
    /// them needs no further allocation. It is a hint: where the memory cannot be had nothing happens, and a batch that needs
    /// more room than was made takes it as it grows.
    pub fn reserve(&mut self, orders: usize, order_bytes: usize) {
        self.fill()
            .reserve(orders, orders.saturating_mul(order_bytes));
    }

    /// How many orders the batch holds.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether the batch holds no order.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Takes all orders out; task and rules stay. The memory is kept, so that filling the batch again needs no new
    /// allocation, unless a request that was signed from it still lives and keeps the body.
    pub fn clear(&mut self) {
        match Arc::get_mut(&mut self.body) {
            Some(body) => body.truncate_orders(0),
            None => self.body = Arc::new(self.body.like()),
        }
        self.ids.clear();
        self.len = 0;
    }

    /// The body as it would be signed now: complete JSON at every moment.
    ///
    /// It holds the contacts' personal data. To send it, use the body of the [signed request](Self::sign), whose bytes
    /// nobody can change any more.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        (*self.body).as_ref()
    }

    /// Signs the batch: one finished request. The batch can be signed again, for a retry or another account, and can be
    /// changed without any effect on the request. The body is not copied for that; it is when the batch changes, or is about
    /// to, while the request lives.
    ///
    /// # Errors
    ///
    /// [`Error::EmptyBatch`] when the batch holds no order.
    pub fn sign(
        &self,
        credentials: &Credentials,
        request_id: RequestId,
        create_ts: Timestamp,
    ) -> Result<SignedRequest, Error> {
        if self.is_empty() {
            return Err(Error::EmptyBatch);
        }
        let body = Arc::clone(&self.body);
        Ok(SignedRequest::new(body, credentials, request_id, create_ts))
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch")
            .field("len", &self.len)
            .field("body", &self.body)
            .field("rules", &self.rules)
            .finish_non_exhaustive()
    }
}

/// What [`Batch::from_json_keep_valid`] made of a list: the good orders, and what is wrong with the others.
#[derive(Debug, Clone)]
pub struct KeptBatch {
    /// The orders that are right.
    pub batch: Batch,
    /// All that is wrong with the others. [`order_index`](crate::Violation::order_index) and the paths count the orders
    /// of the list that was read. Empty when nothing was refused.
    pub refused: Violations,
}
