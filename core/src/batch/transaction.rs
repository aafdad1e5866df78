//! A list of orders on its way into a batch: the one place where an order is accepted or refused.

use core::fmt;
use core::mem;
use core::ops::Range;

use crate::batch::body::{Body, NotWritten};
use crate::batch::canonical::{self, COMMA, CanonicalOrder};
use crate::batch::check::{self, Checked};
use crate::batch::index::OrderIndex;
use crate::batch::order::{
    self, Order, OrderFields, OrderOf, Param, ParamFields, PartialOrder, PartialParam,
    path_of_order, path_of_param,
};
use crate::batch::param_names::{ParamNames, Place};
use crate::batch::rules::Rules;
use crate::check::memory::NoMemoryError;
use crate::check::path::Path;
use crate::check::violation::{ViolationKind, Violations};
use crate::check::{chars, ids, names};
use crate::json::utf8::{MaybeUtf8, Text};

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
    /// If the rules ask for unique phone numbers.
    phones: Option<&'b mut OrderIndex>,
    /// Of the batch's params, unless there is a template, whose names are the only ones.
    names: Option<&'b mut ParamNames>,
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
    names_len: usize,
}

/// The number of orders parsed before capacity is reserved for the rest, so that a malformed
/// document cannot trigger a large allocation.
pub(crate) const SAMPLE: usize = 64;

/// The maximum length in bytes of a body that still accepts an order: the order's ID and its phone
/// number then begin within [`OrderIndex::MAX_START`], even without a head.
const MAX_BODY: usize = if cfg!(test) {
    10_000
} else {
    let keys = COMMA.len() + canonical::ORDER_ID.len() + canonical::USER_PHONE.len();
    OrderIndex::MAX_START - keys - ids::MAX_LEN * r"\u0000".len()
};

impl<'b> Transaction<'b> {
    #[expect(clippy::too_many_arguments, reason = "the parts of a batch")]
    pub(crate) fn begin(
        rules: &'b Rules,
        body: &'b mut Body,
        orders_len: usize,
        owned: Result<(), NoMemoryError>,
        [ids, phones]: [&'b mut OrderIndex; 2],
        names: &'b mut ParamNames,
        len: &'b mut usize,
        policy: Policy,
    ) -> Self {
        let savepoint = Savepoint {
            orders_len,
            len: *len,
            names_len: names.len(),
        };
        Self {
            rules,
            body,
            ids,
            phones: rules.has_unique_phones().then_some(phones),
            names: rules.template().is_none().then_some(names),
            len,
            policy,
            savepoint,
            count: 0,
            aborted: false,
            committed: false,
            violations: owned.map_or_else(Violations::of_memory, |()| Violations::new()),
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
            Policy::KeepValid => {
                violations.unlisted() > 0 || self.aborted || violations.no_memory().is_some()
            }
        };
        if refuse {
            return Err(violations);
        }
        self.committed = true;
        if !violations.is_empty() {
            let Savepoint {
                orders_len,
                len,
                names_len,
            } = self.savepoint;
            self.ids.reindex(orders_len, len);
            if let Some(phones) = &mut self.phones {
                phones.reindex(orders_len, len);
            }
            if let Some(names) = &mut self.names {
                names.reindex(names_len);
            }
        }
        Ok(violations)
    }

    /// What is wrong so far, duplicates among the orders included. [`commit`](Self::commit) returns
    /// it, unless more orders are added.
    pub fn check(&mut self) -> &Violations {
        self.resolve_duplicates();
        &self.violations
    }

    /// Refuses the whole list, whatever the policy: something other than an order is wrong.
    pub(crate) fn abort(&mut self) {
        self.aborted = true;
    }

    pub(crate) fn violations(&mut self) -> &mut Violations {
        &mut self.violations
    }

    pub(crate) const fn allows_blank_edges(&self) -> bool {
        self.rules.allows_blank_edges()
    }

    /// Sets everything before the first order.
    pub(crate) fn set_head(&mut self, head: &[u8]) {
        if let Err(error) = self.body.set_head(head) {
            self.violations.fail(error);
        }
    }

    /// Sets the document's members after `callInfoList`, each after a comma.
    pub(crate) fn set_tail(&mut self, members: &[u8]) {
        if let Err(error) = self.body.set_tail(members) {
            self.violations.fail(error);
        }
    }

    /// Whether the body has exactly this before its orders, and this after them.
    pub(crate) fn is_around(&self, head: &str, tail: &str) -> bool {
        self.body.head() == head.as_bytes() && self.body.tail() == tail.as_bytes()
    }

    /// The number of orders in the batch, and their length in bytes.
    pub(crate) fn size(&self) -> (usize, usize) {
        (*self.len, self.body.orders().len())
    }

    /// Reserves capacity for more orders, of `bytes` bytes in total. It is a hint: whoever needs
    /// more room takes it later.
    pub(crate) fn reserve(&mut self, orders: usize, bytes: usize) {
        let _ = self.try_reserve(orders, bytes);
    }

    pub(crate) fn try_reserve(&mut self, orders: usize, bytes: usize) -> Result<(), NoMemoryError> {
        if let Some(error) = self.violations.no_memory() {
            return Err(error);
        }
        self.body.reserve(bytes)?;
        self.ids.reserve(orders)?;
        if let Some(names) = &mut self.names {
            names.reserve()?;
        }
        if let Some(phones) = &mut self.phones {
            phones.reserve(orders)?;
        }
        Ok(())
    }

    /// Removes every order that was added, and begins again.
    pub(crate) fn roll_back(&mut self) {
        let Savepoint {
            orders_len,
            len,
            names_len,
        } = self.savepoint;
        self.truncate(orders_len, names_len);
        *self.len = len;
        self.count = 0;
        self.aborted = false;
        self.violations = Violations::new();
    }

    /// Removes the orders from `orders_len` on, and their names from `names_len` on.
    fn truncate(&mut self, orders_len: usize, names_len: usize) {
        self.body.truncate_orders(orders_len);
        self.ids.truncate(orders_len);
        if let Some(phones) = &mut self.phones {
            phones.truncate(orders_len);
        }
        if let Some(names) = &mut self.names {
            names.truncate(names_len);
        }
    }

    /// The number of different names.
    fn names_len(&self) -> usize {
        self.names.as_ref().map_or(0, |names| names.len())
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
        let may_stop = || self.policy == Policy::RefuseAll || self.violations.no_memory().is_some();
        if !self.violations.is_empty() && may_stop() {
            return false;
        }
        let Some(checked) = self.quick_check(order) else {
            return false;
        };
        let savepoint = (self.body.orders().len(), self.names_len());
        if checked.has_new_names && !self.try_add_names(order.params()) {
            return false;
        }
        let Ok(id) = self.body.write_order(order, checked) else {
            self.truncate(savepoint.0, savepoint.1);
            return false;
        };
        match self.policy {
            Policy::RefuseAll => {
                if let Err(error) = self.append(id) {
                    self.violations.fail(error);
                }
            }
            Policy::KeepValid => self.insert(id, [true; 2], true, savepoint),
        }
        true
    }

    /// Adds the names of an order's params. `false` if one of them may look like another name of
    /// the batch; the names are then as they were.
    #[inline(never)]
    fn try_add_names<P: ParamFields>(&mut self, params: &[P]) -> bool {
        let (index, len) = (self.next_index(), *self.len);
        let names = self.names.as_deref_mut();
        names.is_none_or(|names| names.try_add(params, index, len))
    }

    fn quick_check<O: OrderFields>(&self, order: &O) -> Option<Checked<'b>> {
        let has_room = *self.len < self.rules.order_limit() && self.has_room();
        has_room.then(|| check::quick_check(order, self.rules, self.names.as_deref()))?
    }

    /// Whether the body can take another order.
    fn has_room(&self) -> bool {
        self.body.as_ref().len() <= MAX_BODY
    }

    /// Counts a valid order that was written, with its orderID at `id`.
    #[inline]
    fn append(&mut self, id: Range<usize>) -> Result<(), NoMemoryError> {
        let index = self.next_index();
        *self.len += 1;
        if self.phones.is_some() {
            self.append_phone(&id, index)?;
        }
        self.ids.append(self.body.orders(), id, index)
    }

    /// Apart, so that the index of IDs is inlined.
    #[cold]
    #[inline(never)]
    fn append_phone(&mut self, id: &Range<usize>, index: usize) -> Result<(), NoMemoryError> {
        match &mut self.phones {
            Some(phones) => {
                let phone = self.body.phone_after(id);
                phones.append(self.body.orders(), phone, index)
            }
            None => Ok(()),
        }
    }

    /// Counts an order that was written, if it is valid and its orderID at `id` and its phone
    /// number are unique. Otherwise it is removed, up to the body's and the names' lengths in
    /// `savepoint`, and duplicates are reported. Of an order that is not valid, `has` tells whether
    /// it has an orderID and a phone number.
    ///
    /// Under [`Policy::RefuseAll`] a batch with violations is rolled back in the end. Until then
    /// what refused orders have is kept, so that its duplicates are found.
    fn insert(
        &mut self,
        id: Range<usize>,
        has: [bool; 2],
        is_valid: bool,
        savepoint: (usize, usize),
    ) {
        let index = self.next_index();
        let is_kept = self.policy == Policy::RefuseAll || is_valid;
        let orders = self.body.orders();
        let violations = &mut self.violations;
        let mut first_with = |ids: &mut OrderIndex, id: Range<usize>| {
            if is_kept {
                ids.insert(orders, id, index).unwrap_or_else(|error| {
                    violations.fail(error);
                    None
                })
            } else {
                ids.find(orders, id)
            }
        };
        let mut is_new = false;
        let mut same_phone = None;
        if let Some(phones) = self.phones.as_mut().filter(|_| has[1]) {
            same_phone = first_with(phones, self.body.phone_after(&id));
            is_new |= same_phone.is_none();
        }
        let mut same_id = None;
        if has[0] {
            same_id = first_with(self.ids, id);
            is_new |= same_id.is_none();
        }
        let path = path_of_order(index);
        if let Some(first) = same_id {
            let kind = ViolationKind::DuplicateOrderId { first };
            self.violations
                .push(path.with_pattern(order::ORDER_ID), kind);
        }
        if let Some(first) = same_phone {
            let kind = ViolationKind::DuplicatePhone { first };
            self.violations
                .push(path.with_pattern(order::USER_PHONE), kind);
        }
        if is_valid && same_id.is_none() && same_phone.is_none() {
            *self.len += 1;
        } else if self.policy == Policy::KeepValid {
            self.truncate(savepoint.0, savepoint.1);
        } else if !is_new {
            self.body.truncate_orders(savepoint.0);
        }
    }

    /// Reports the duplicates among the orderIDs and phone numbers that were appended.
    pub(crate) fn resolve_duplicates(&mut self) {
        let Self {
            body,
            ids,
            phones,
            violations,
            ..
        } = self;
        let mut resolved = ids.resolve_duplicates(body.orders(), |order, first| {
            let path = path_of_order(order).with_pattern(order::ORDER_ID);
            violations.push(path, ViolationKind::DuplicateOrderId { first });
        });
        if let Some(phones) = phones {
            resolved = resolved.and(phones.resolve_duplicates(body.orders(), |order, first| {
                let path = path_of_order(order).with_pattern(order::USER_PHONE);
                violations.push(path, ViolationKind::DuplicatePhone { first });
            }));
        }
        if let Err(error) = resolved {
            violations.fail(error);
        }
    }

    /// Adds any order, as far as `read` can read it, or reports everything that is wrong with it.
    /// `read` reports what it cannot read.
    fn add_slow<'o>(&mut self, read: impl FnOnce(Path, &mut Violations) -> PartialOrder<'o>) {
        if self.violations.no_memory().is_some() {
            return;
        }
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
        let savepoint = (self.body.orders().len(), self.names_len());
        self.add_names(order.params(), path);
        if self.violations.no_memory().is_some() {
            return;
        }
        let is_valid = self.violations.len() == earlier_violations;
        if is_valid {
            match self.body.write_order(order, Checked::WITHOUT_TEMPLATE) {
                Ok(id) => self.insert(id, [true; 2], true, savepoint),
                Err(NotWritten::NoMemory(error)) => self.violations.fail(error),
            }
            return;
        }
        let can_be_id = |id: &&Text<'_>| (1..=ids::MAX_LEN).contains(&id.as_str().len());
        let order_id = order.order_id().filter(can_be_id);
        let is_number = |phone: &&str| chars::is_ascii_digits(phone.as_bytes());
        let phone = order.user_phone().map(Text::as_str).filter(is_number);
        let phone = phone.unwrap_or_default();
        let id = match self.body.write_keys(order_id, phone) {
            Ok(id) => id,
            Err(error) => return self.violations.fail(error),
        };
        let has = [order_id.is_some(), !phone.is_empty()];
        self.insert(id, has, false, savepoint);
    }

    /// Adds the names of an order's params. Reports each that looks like another name of the batch.
    fn add_names(&mut self, params: &[PartialParam<'_>], order: Path) {
        let (index, len) = (self.next_index(), *self.len);
        let Some(names) = &mut self.names else {
            return;
        };
        for param in params {
            let Some(name) = param
                .name()
                .map(Text::as_str)
                .filter(|name| !name.is_empty())
            else {
                continue;
            };
            let place = Place {
                order: index,
                param: param.index,
            };
            if let Err(similar) = names.add(name, place, len) {
                let Some((known, first)) = similar else {
                    return self.violations.fail(NoMemoryError);
                };
                let kind = ViolationKind::SimilarParam {
                    first_order: first.order,
                    first: first.param,
                    difference: names::unseen_difference(name, known),
                };
                let path = path_of_param(order, param.index).with_pattern(order::NAME);
                self.violations.push(path, kind);
            }
        }
    }

    /// Adds a canonical order. The names of its params have no escapes. `false` if something may be
    /// wrong with it. Duplicate IDs are detected later.
    pub(crate) fn add_canonical(
        &mut self,
        order: &CanonicalOrder<'_>,
        params: &[Param<'_>],
    ) -> bool {
        // The strings are still escaped. A phone number and the params' names have no escapes, and
        // the edges of an ID are escaped only if the rules allow any edges.
        if !self.allows_blank_edges() && has_escape_at_edge(order.order_id) {
            return false;
        }
        let escaped = Order {
            order_id: order.order_id,
            user_phone: order.user_phone,
            params,
            ..Order::default()
        };
        let Some(checked) = self.quick_check(&escaped) else {
            return false;
        };
        if checked.has_new_names && !self.try_add_names(params) {
            return false;
        }
        // If an allocation fails, the full reader tells.
        let id = self.body.copy_order(order.json, order.order_id.len());
        if id.and_then(|id| self.append(id)).is_err() {
            return false;
        }
        self.count += 1;
        true
    }
}

/// Whether the first or the last character of a canonical string is an escape. In doubt, `true`.
fn has_escape_at_edge(string: &str) -> bool {
    const LONGEST: usize = r"\u0000".len();
    let string = string.as_bytes();
    let mut last = string.iter().rev().take(LONGEST);
    string.first() == Some(&b'\\') || last.any(|&byte| byte == b'\\')
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
