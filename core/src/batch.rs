//! Orders in, body out.

use alloc::sync::Arc;
use core::fmt;

use crate::body::Body;
use crate::credentials::Credentials;
use crate::error::Error;
use crate::header::{RequestId, Timestamp};
use crate::json;
use crate::order::{Fields, Order, ParamFields};
use crate::order_ids::OrderIds;
use crate::request::SignedRequest;
use crate::rules::Rules;
use crate::url;
use crate::violation::{Fault, Field, Place, Violations};

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
    fn check(&self, violations: &mut Violations) {
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
            Field::UserTaskId => text.is_empty().then_some(Fault::Empty),
            _ => url::check(text).err().map(Fault::Url),
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
    ids: OrderIds,
    len: usize,
}

impl Batch {
    /// The largest size of a body, in bytes, at which it still takes an order.
    const MAX_BODY: usize = if cfg!(test) {
        10_000
    } else {
        OrderIds::MAX_START
    };

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
        batch.set_task(task);
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
        let (batch, violations) = json::read(json, rules, Policy::RefuseAll)?;
        violations.into_result()?;
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
        let (mut batch, refused) = json::read(json, rules, Policy::KeepValid)?;
        let only_orders = refused
            .iter()
            .all(|violation| violation.order_index().is_some());
        if only_orders && refused.unlisted() == 0 {
            if !refused.is_empty() {
                batch.ids.renumber();
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
            ids: OrderIds::new(),
            len: 0,
        }
    }

    pub(crate) fn set_task(&mut self, task: &Task<'_>) {
        Arc::make_mut(&mut self.body).set_head(task);
    }

    /// Adds an order. The texts are copied into the body; nothing of the order is needed afterwards.
    ///
    /// # Errors
    ///
    /// All that is wrong with the order; the batch is then as it was before. What is checked stands in the README and,
    /// code by code, at [`Fault`] and [`PhoneFault`](crate::PhoneFault).
    pub fn add(&mut self, order: &Order<'_>) -> Result<(), Violations> {
        let mut violations = Violations::new();
        self.add_at(self.len, order, Policy::KeepValid, &mut violations);
        violations.into_result()
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
    pub fn begin(&mut self, policy: Policy) -> Additions<'_> {
        Additions {
            mark: Mark {
                body: self.body.orders().len(),
                len: self.len,
            },
            offered: 0,
            finished: false,
            batch: self,
            policy,
            violations: Violations::new(),
        }
    }

    /// Takes back all orders but those that were there at `mark`.
    fn roll_back(&mut self, mark: Mark) {
        Arc::make_mut(&mut self.body).truncate_orders(mark.body);
        self.ids.truncate(mark.body);
        self.len = mark.len;
    }

    /// Adds an order, which is the `index`th of the caller's list, or reports all that is wrong with it.
    fn add_at(
        &mut self,
        index: usize,
        order: &Order<'_>,
        policy: Policy,
        violations: &mut Violations,
    ) {
        let known = violations.len();
        self.check_room(index, policy, violations);
        self.offer(index, &order.into(), policy, known, violations);
    }

    /// Reports where the rules allow no more orders. To be asked for each order of a list, readable or not, before
    /// anything else of it. Under [`Policy::RefuseAll`] all orders of a list count, and one of them is reported for all
    /// that are too many.
    pub(crate) fn check_room(&self, index: usize, policy: Policy, violations: &mut Violations) {
        let max = self.rules.most_orders();
        let too_many = match policy {
            Policy::RefuseAll => index == max,
            Policy::KeepValid => self.len >= max,
        };
        if too_many {
            violations.push(Place::order(index), Fault::TooManyOrders { max });
        }
    }

    /// Adds an order as far as it could be read, or reports all that is wrong with it. `known` is how many violations
    /// there were before anything of this order was read.
    ///
    /// Under [`Policy::RefuseAll`] a batch with violations is thrown away in the end. Until then refused orders count
    /// too: their ids are remembered, so that a second use of one is found.
    pub(crate) fn offer<P: ParamFields>(
        &mut self,
        index: usize,
        order: &Fields<'_, P>,
        policy: Policy,
        known: usize,
        violations: &mut Violations,
    ) {
        order.check(index, &self.rules, violations);

        let body = Arc::make_mut(&mut self.body);
        let mark = body.orders().len();
        if body.as_ref().len() > Self::MAX_BODY {
            violations.push(Place::order(index), Fault::BodyTooLarge);
            return;
        }
        let Some(order_id) = order.order_id.filter(|id| !id.is_empty()) else {
            return;
        };
        let id = body.begin_order(order_id);
        let orders = &body.unfinished_orders()[..id.end];
        let remember = policy == Policy::RefuseAll || violations.len() == known;
        let duplicate_of = if remember {
            self.ids.insert(orders, id.start, index).err()
        } else {
            self.ids.find(orders, id.start)
        };
        if let Some(first) = duplicate_of {
            let place = Place::in_order(index, Field::OrderId);
            violations.push(place, Fault::DuplicateOrderId { first });
        }
        if violations.len() == known {
            body.finish_order(order);
            self.len += 1;
        } else if remember && duplicate_of.is_none() {
            // The id is read from here when others are compared with it. Nobody will see this body.
            body.truncate_orders(id.end);
        } else {
            body.truncate_orders(mark);
        }
    }

    /// Makes room for `orders` more orders of `order_bytes` bytes each in the body, so that adding them needs no further
    /// allocation. It is a hint: where the memory cannot be had, nothing happens.
    pub fn reserve(&mut self, orders: usize, order_bytes: usize) {
        Arc::make_mut(&mut self.body).reserve(orders.saturating_mul(order_bytes));
        self.ids.reserve(orders, self.body.orders());
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
    /// changed without any effect on the request. The body is not copied.
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

/// A list of orders on its way into a batch: see [`Batch::begin`].
///
/// Nothing is settled until [`finish`](Self::finish): when this value is dropped before, the batch is as it was.
///
/// ```
/// # use callbot_core::{Batch, Order, Policy, Rules, Task};
/// # let task = Task { user_task_id: "t", order_callback_url: "https://a.example/", call_callback_url: "https://a.example/" };
/// let mut batch = Batch::new(&task, Rules::new())?;
/// let mut additions = batch.begin(Policy::KeepValid);
/// for (order_id, user_phone) in [("1", "8613800000001"), ("2", "+8613800000002")] {
///     additions.add(&Order { order_id, user_phone, ..Order::default() });
/// }
/// let refused = additions.finish()?;
/// assert_eq!(refused.iter().next().unwrap().path(), "/callInfoList/callList/1/userPhone");
/// assert_eq!(batch.len(), 1);
/// # Ok::<(), callbot_core::Error>(())
/// ```
#[derive(Debug)]
pub struct Additions<'b> {
    batch: &'b mut Batch,
    policy: Policy,
    /// The batch before the first of the orders.
    mark: Mark,
    offered: usize,
    finished: bool,
    violations: Violations,
}

/// How far a batch was filled.
#[derive(Debug, Clone, Copy)]
struct Mark {
    body: usize,
    len: usize,
}

impl Additions<'_> {
    /// Adds the list's next order. What is wrong with it is said by [`finish`](Self::finish).
    pub fn add(&mut self, order: &Order<'_>) {
        let index = self.mark.len + self.offered;
        self.batch
            .add_at(index, order, self.policy, &mut self.violations);
        self.offered += 1;
    }

    /// Ends the list. Under [`Policy::KeepValid`] it returns all that is wrong with the orders that were not taken, by
    /// their places in the list (counted on from the orders that the batch had before); empty when all were.
    ///
    /// # Errors
    ///
    /// All that is wrong, when the orders were refused: under [`Policy::RefuseAll`] if anything is, under
    /// [`Policy::KeepValid`] only when more is wrong than [`Violations::MAX_LISTED`], so that not every refused order
    /// could be named. The batch is then as it was before.
    pub fn finish(mut self) -> Result<Violations, Violations> {
        let violations = core::mem::take(&mut self.violations);
        let refuse = match self.policy {
            Policy::RefuseAll => !violations.is_empty(),
            Policy::KeepValid => violations.unlisted() > 0,
        };
        self.finished = !refuse;
        if self.finished && !violations.is_empty() {
            self.batch.ids.renumber();
        }
        if refuse {
            Err(violations)
        } else {
            Ok(violations)
        }
    }
}

impl Drop for Additions<'_> {
    fn drop(&mut self) {
        if !self.finished {
            self.batch.roll_back(self.mark);
        }
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
