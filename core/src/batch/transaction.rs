//! A list of orders on its way into a batch: the one place where an order is accepted or refused.

use core::fmt;
use core::mem;
use core::ops::Range;

use crate::batch::body::Body;
use crate::batch::canonical::{self, COMMA, CanonicalOrder};
use crate::batch::check::{self, Checked};
use crate::batch::index::OrderIndex;
use crate::batch::order::{self, Order, OrderFields, OrderOf, Param, PartialOrder, path_of_order};
use crate::batch::rules::Rules;
use crate::check::path::Path;
use crate::check::violation::{ViolationKind, Violations};
use crate::json::utf8::MaybeUtf8;

/// What happens to a list if one of its orders is invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// The whole list is refused.
    RefuseAll,
    /// The valid orders are kept.
    KeepValid,
}

/// A list of orders on its way into a batch: see [`Batch::begin`](crate::Batch::begin).
///
/// Nothing is final until [`commit`](Self::commit). Dropping the transaction rolls it back: the
/// batch is as it was.
///
/// ```
/// # use callbot_core::{Batch, Order, Policy, Rules, Task};
/// # let task = Task {
/// #     user_task_id: "t",
/// #     order_callback_url: "https://a.example/",
/// #     call_callback_url: "https://a.example/",
/// # };
/// let mut batch = Batch::new(&task, Rules::new())?;
/// let mut transaction = batch.begin(Policy::KeepValid);
/// for (order_id, user_phone) in [("1", "8613800000001"), ("2", "+8613800000002")] {
///     transaction.add(&Order { order_id, user_phone, ..Order::default() });
/// }
/// let refused = transaction.commit()?;
/// assert_eq!(refused.iter().next().unwrap().path(), "/callInfoList/callList/1/userPhone");
/// assert_eq!(batch.len(), 1);
/// # Ok::<(), callbot_core::Error>(())
/// ```
pub struct Transaction<'b> {
    rules: &'b Rules,
    body: &'b mut Body,
    ids: &'b mut OrderIndex,
    /// The number of orders in the batch.
    len: &'b mut usize,
    policy: Policy,
    /// The batch before the first order.
    savepoint: Savepoint,
    /// The number of orders that were added or refused.
    count: usize,
    /// Whether the list is refused under either policy.
    aborted: bool,
    committed: bool,
    violations: Violations,
}

/// An order that is being read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BegunOrder {
    pub(crate) path: Path,
    /// The number of violations before it.
    earlier_violations: usize,
}

/// A batch to which a transaction can roll back.
#[derive(Debug, Clone, Copy)]
struct Savepoint {
    /// The length of the body's orders in bytes.
    orders_len: usize,
    len: usize,
}

/// The number of orders parsed before capacity is reserved for the rest, so that a malformed
/// document cannot trigger a large allocation.
pub(crate) const SAMPLE: usize = 64;

/// The maximum length in bytes of a body that still accepts an order: the order's ID then begins
/// within [`OrderIndex::MAX_START`], even without a head.
const MAX_BODY: usize = if cfg!(test) {
    10_000
} else {
    OrderIndex::MAX_START - COMMA.len() - canonical::ORDER_ID.len()
};

impl<'b> Transaction<'b> {
    pub(crate) fn begin(
        rules: &'b Rules,
        body: &'b mut Body,
        ids: &'b mut OrderIndex,
        len: &'b mut usize,
        policy: Policy,
    ) -> Self {
        let savepoint = Savepoint {
            orders_len: body.orders().len(),
            len: *len,
        };
        Self {
            rules,
            body,
            ids,
            len,
            policy,
            savepoint,
            count: 0,
            aborted: false,
            committed: false,
            violations: Violations::new(),
        }
    }

    /// Adds the next order of the list. [`commit`](Self::commit) reports what is wrong with it.
    ///
    /// ```
    /// # use callbot_core::{Batch, OrderBytes, Policy, Rules, Task};
    /// # let task = Task {
    /// #     user_task_id: "t",
    /// #     order_callback_url: "https://a.example/",
    /// #     call_callback_url: "https://a.example/",
    /// # };
    /// # let mut batch = Batch::new(&task, Rules::new())?;
    /// // Strings that come from elsewhere may not be UTF-8.
    /// let order = OrderBytes {
    ///     order_id: b"1",
    ///     user_phone: b"8613800000001",
    ///     user_name: b"K\xf6ln",
    ///     ..OrderBytes::default()
    /// };
    /// let mut transaction = batch.begin(Policy::RefuseAll);
    /// transaction.add(&order);
    /// let refused = transaction.commit().unwrap_err();
    /// let violation = refused.iter().next().unwrap();
    /// assert_eq!(violation.code(), "text_not_utf8");
    /// assert_eq!(violation.path(), "/callInfoList/callList/0/userName");
    /// # Ok::<(), callbot_core::Error>(())
    /// ```
    #[inline]
    pub fn add<S: MaybeUtf8 + ?Sized>(&mut self, order: &OrderOf<'_, S>) {
        if !self.try_add(order) {
            self.add_slow(|path, violations| order.to_partial(path, violations));
        }
        self.count += 1;
    }

    /// Ends the list. Under [`Policy::KeepValid`] it returns what is wrong with the refused orders,
    /// by their indices in the list (continuing from the orders that the batch had before). Empty
    /// if there are none.
    ///
    /// # Errors
    ///
    /// What is wrong, if the list is refused: under [`Policy::RefuseAll`] if anything is, under
    /// [`Policy::KeepValid`] only if there are more violations than [`Violations::MAX_LISTED`], so
    /// that some refused orders could not be named. The batch is then as it was.
    pub fn commit(mut self) -> Result<Violations, Violations> {
        self.resolve_duplicates();
        let violations = mem::take(&mut self.violations);
        let refuse = match self.policy {
            Policy::RefuseAll => !violations.is_empty(),
            Policy::KeepValid => violations.unlisted() > 0 || self.aborted,
        };
        if refuse {
            return Err(violations);
        }
        self.committed = true;
        if !violations.is_empty() {
            let Savepoint { orders_len, len } = self.savepoint;
            self.ids.reindex(orders_len, len);
        }
        Ok(violations)
    }

    /// Refuses the whole list, whatever the policy: something other than an order is wrong.
    pub(crate) fn abort(&mut self) {
        self.aborted = true;
    }

    pub(crate) fn violations(&mut self) -> &mut Violations {
        &mut self.violations
    }

    /// Sets everything before the first order.
    pub(crate) fn set_head(&mut self, head: &[u8]) {
        self.body.set_head(head);
    }

    /// Sets the document's members after `callInfoList`, each after a comma.
    pub(crate) fn set_tail(&mut self, members: &[u8]) {
        self.body.set_tail(members);
    }

    /// Whether the body has exactly this before its orders, and this after them.
    pub(crate) fn is_around(&self, head: &str, tail: &str) -> bool {
        self.body.head() == head.as_bytes() && self.body.tail() == tail.as_bytes()
    }

    /// The number of orders in the batch, and their length in bytes.
    pub(crate) fn size(&self) -> (usize, usize) {
        (*self.len, self.body.orders().len())
    }

    /// Reserves capacity for more orders, of `bytes` bytes in total. If an allocation fails,
    /// nothing happens.
    pub(crate) fn reserve(&mut self, orders: usize, bytes: usize) {
        if self.body.reserve(bytes) {
            self.ids.reserve(orders);
        }
    }

    /// Removes every order that was added, and begins again.
    pub(crate) fn roll_back(&mut self) {
        let Savepoint { orders_len, len } = self.savepoint;
        self.body.truncate_orders(orders_len);
        self.ids.truncate(orders_len);
        *self.len = len;
        self.count = 0;
        self.aborted = false;
        self.violations = Violations::new();
    }

    /// The index of the next order.
    fn next_index(&self) -> usize {
        self.savepoint.len + self.count
    }

    /// Fast path: appends the order if it is valid. `false` if something may be wrong with it; the
    /// batch is then as it was.
    ///
    /// Under [`Policy::RefuseAll`] duplicate IDs are detected later, in
    /// [`resolve_duplicates`](Self::resolve_duplicates), and nothing may be wrong with earlier
    /// orders.
    #[inline]
    fn try_add<O: OrderFields>(&mut self, order: &O) -> bool {
        if self.policy == Policy::RefuseAll && !self.violations.is_empty() {
            return false;
        }
        let Some(checked) = self.quick_check(order) else {
            return false;
        };
        let savepoint = self.body.orders().len();
        let Ok(id) = self.body.write_order(order, checked) else {
            return false;
        };
        match self.policy {
            Policy::RefuseAll => self.append(id),
            Policy::KeepValid => self.insert(id, true, savepoint),
        }
        true
    }

    fn quick_check<O: OrderFields>(&self, order: &O) -> Option<Checked<'b>> {
        let has_room = *self.len < self.rules.order_limit() && self.has_room();
        has_room.then(|| check::quick_check(order, self.rules))?
    }

    /// Whether the body can take another order.
    fn has_room(&self) -> bool {
        self.body.as_ref().len() <= MAX_BODY
    }

    /// Counts a valid order that was written, with its orderID at `id`.
    #[inline]
    fn append(&mut self, id: Range<usize>) {
        let index = self.next_index();
        *self.len += 1;
        self.ids.append(self.body.orders(), id, index);
    }

    /// Counts an order that was written, if it is valid and its orderID at `id` is unique.
    /// Otherwise it is removed, up to `savepoint`, and a duplicate is reported.
    ///
    /// Under [`Policy::RefuseAll`] a batch with violations is rolled back in the end. Until then
    /// the IDs of refused orders are kept, so that their duplicates are found.
    fn insert(&mut self, id: Range<usize>, is_valid: bool, savepoint: usize) {
        let index = self.next_index();
        let is_kept = self.policy == Policy::RefuseAll || is_valid;
        let duplicate_of = if is_kept {
            self.ids.insert(self.body.orders(), id, index).err()
        } else {
            self.ids.find(self.body.orders(), id)
        };
        if let Some(first) = duplicate_of {
            let path = path_of_order(index).with_pattern(order::ORDER_ID);
            self.violations
                .push(path, ViolationKind::DuplicateOrderId { first });
        }
        if is_valid && duplicate_of.is_none() {
            *self.len += 1;
        } else if !is_kept || duplicate_of.is_some() {
            self.body.truncate_orders(savepoint);
        }
    }

    /// Reports the duplicates among the orderIDs that were appended.
    pub(crate) fn resolve_duplicates(&mut self) {
        let Self {
            body,
            ids,
            violations,
            ..
        } = self;
        ids.resolve_duplicates(body.orders(), |order, first| {
            let path = path_of_order(order).with_pattern(order::ORDER_ID);
            violations.push(path, ViolationKind::DuplicateOrderId { first });
        });
    }

    /// Adds any order, as far as `read` can read it, or reports everything that is wrong with it.
    /// `read` reports what it cannot read.
    fn add_slow<'o>(&mut self, read: impl FnOnce(Path, &mut Violations) -> PartialOrder<'o>) {
        // What is wrong with earlier orders comes first.
        self.resolve_duplicates();
        let begun = self.begin_order();
        let order = read(begun.path, &mut self.violations);
        self.add_partial(begun, &order);
    }

    /// Begins the next order, readable or not: reports if the rules allow no more orders. Under
    /// [`Policy::RefuseAll`] all orders of the list count, and one violation stands for all orders
    /// beyond the limit.
    pub(crate) fn begin_order(&mut self) -> BegunOrder {
        let index = self.next_index();
        let path = path_of_order(index);
        let earlier_violations = self.violations.len();
        let max = self.rules.order_limit();
        let is_beyond = match self.policy {
            Policy::RefuseAll => index == max,
            Policy::KeepValid => *self.len >= max,
        };
        if is_beyond {
            self.violations
                .push(path, ViolationKind::TooManyOrders { max });
        }
        BegunOrder {
            path,
            earlier_violations,
        }
    }

    /// The path of the next order.
    pub(crate) fn next_path(&self) -> Path {
        path_of_order(self.next_index())
    }

    /// Ends an order that was begun with [`begin_order`](Self::begin_order).
    pub(crate) fn end_order(&mut self) {
        self.count += 1;
    }

    /// Adds an order as far as it could be read, or reports everything that is wrong with it.
    pub(crate) fn add_partial(&mut self, begun: BegunOrder, order: &PartialOrder<'_>) {
        let BegunOrder {
            path,
            earlier_violations,
        } = begun;
        check::check(order, path, self.rules, &mut self.violations);
        if !self.has_room() {
            self.violations.push(path, ViolationKind::BodyTooLarge);
            return;
        }
        let Some(order_id) = order.order_id().filter(|id| !id.is_empty()) else {
            return;
        };
        let savepoint = self.body.orders().len();
        let is_valid = self.violations.len() == earlier_violations;
        let id = if is_valid {
            let Ok(id) = self.body.write_order(order, Checked::WITHOUT_TEMPLATE);
            id
        } else {
            self.body.write_order_id(order_id)
        };
        self.insert(id, is_valid, savepoint);
    }

    /// Adds a canonical order. The names of its params have no escapes. `false` if something may be
    /// wrong with it. Duplicate IDs are detected later.
    pub(crate) fn add_canonical(
        &mut self,
        order: &CanonicalOrder<'_>,
        params: &[Param<'_>],
    ) -> bool {
        // The strings are still escaped. A phone number has no escapes, and the others may be any
        // string that is not empty.
        let escaped = Order {
            order_id: order.order_id,
            user_phone: order.user_phone,
            params,
            ..Order::default()
        };
        if self.quick_check(&escaped).is_none() {
            return false;
        }
        let id = self.body.copy_order(order.json, order.order_id.len());
        self.append(id);
        self.count += 1;
        true
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if !self.committed {
            self.roll_back();
        }
    }
}

impl fmt::Debug for Transaction<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction")
            .field("policy", &self.policy)
            .field("count", &self.count)
            .field("violations", &self.violations)
            .finish_non_exhaustive()
    }
}
