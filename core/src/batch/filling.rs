//! A batch while orders are added to it: the one place where an order is checked and taken, or refused.

use core::fmt;
use core::ops::Range;

use crate::batch::body::Body;
use crate::batch::format::{COMMA, LEAST_ORDER_LEN, ORDER_ID};
use crate::batch::index::OrderIndex;
use crate::batch::order::{self, Order, OrderFields, Param, Right};
use crate::batch::rules::Rules;
use crate::batch::written::WrittenOrder;
use crate::batch::{Policy, Task};
use crate::check::violation::{Field, Place, ViolationKind, Violations};

/// The parts of a batch, for whoever adds orders to it.
pub(crate) struct Filling<'b> {
    pub(crate) rules: &'b Rules,
    pub(crate) body: &'b mut Body,
    pub(crate) ids: &'b mut OrderIndex,
    pub(crate) len: &'b mut usize,
}

impl fmt::Debug for Filling<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Filling")
            .field("len", self.len)
            .finish_non_exhaustive()
    }
}

/// How far a batch was filled.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    body: usize,
    pub(crate) len: usize,
}

impl<'b> Filling<'b> {
    /// How many orders of a document are read before memory is taken for all that it may hold, so that one which only
    /// begins well takes little.
    pub(crate) const TRIED: usize = 64;

    /// The largest size of a body, in bytes, at which it still takes an order: one whose orderID begins where the index
    /// can keep it, also while the body has no head.
    const MAX_BODY: usize = if cfg!(test) {
        10_000
    } else {
        OrderIndex::MAX_START - COMMA.len() - ORDER_ID.len()
    };

    pub(crate) fn set_task(&mut self, task: &Task<'_>) {
        self.body.set_head(task);
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark {
            body: self.body.orders().len(),
            len: *self.len,
        }
    }

    /// Makes room for more orders, which have so many bytes in all.
    pub(crate) fn reserve(&mut self, orders: usize, bytes: usize) {
        /// More orders than this have no room in any body.
        const MOST: usize = OrderIndex::MAX_START / LEAST_ORDER_LEN;
        if self.body.reserve(bytes) {
            self.ids.reserve(orders.min(MOST));
        }
    }

    /// Counts the orders behind `mark` anew, for the time when the list that they came from is forgotten.
    pub(crate) fn renumber(&mut self, mark: Mark) {
        self.ids.renumber(mark.body, mark.len);
    }

    /// Takes back all orders but those that were there at `mark`.
    pub(crate) fn roll_back(&mut self, mark: Mark) {
        self.body.truncate_orders(mark.body);
        self.ids.truncate(mark.body);
        *self.len = mark.len;
    }

    /// Adds the order that `read` returns, which is the `index`th of the caller's list, or reports all that is wrong with it.
    /// `read` reports what could not be read of it.
    pub(crate) fn add<O: OrderFields<Text = str>>(
        &mut self,
        index: usize,
        policy: Policy,
        violations: &mut Violations,
        read: impl FnOnce(&mut Violations) -> O,
    ) {
        let known = violations.len();
        self.check_room(index, policy, violations);
        let order = read(violations);
        self.offer(index, &order, policy, known, violations);
    }

    /// Adds an order of a list under [`Policy::RefuseAll`], if a quick look tells that it is right, except that another
    /// use of its orderID may be reported only by [`settle`](Self::settle). Nothing may be wrong with the orders before.
    ///
    /// `false` where something may be wrong. The batch is then as it was.
    #[inline]
    pub(crate) fn add_if_right<O: OrderFields>(&mut self, index: usize, order: &O) -> bool {
        let Some(right) = self.look_at(index, order) else {
            return false;
        };
        let Ok(id) = self.body.write_order(order, right) else {
            return false;
        };
        self.take_unsettled(index, id);
        true
    }

    /// Looks quickly whether an order can be added.
    fn look_at<O: OrderFields>(&self, index: usize, order: &O) -> Option<Right<'b>> {
        let has_room = index < self.rules.most_orders() && self.has_room();
        has_room.then(|| order::look_at(order, self.rules))?
    }

    /// Whether the body may still take an order.
    fn has_room(&self) -> bool {
        self.body.as_ref().len() <= Self::MAX_BODY
    }

    /// Takes an order that was written, with its orderID at `id`.
    #[inline]
    fn take_unsettled(&mut self, index: usize, id: Range<usize>) {
        *self.len += 1;
        self.ids.insert_later(self.body.orders(), id, index);
    }

    /// Reports the orderIDs that were there already, of those that were not looked for yet.
    pub(crate) fn settle(&mut self, violations: &mut Violations) {
        self.ids.settle(self.body.orders(), |order, first| {
            let place = Place::in_order(order, Field::OrderId);
            violations.push(place, ViolationKind::DuplicateOrderId { first });
        });
    }

    /// Reports where the rules allow no more orders. To be asked for each order of a list, readable or not, before
    /// anything else of it. Under [`Policy::RefuseAll`] all orders of a list count, and one of them is reported for all
    /// that are too many.
    pub(crate) fn check_room(&self, index: usize, policy: Policy, violations: &mut Violations) {
        let max = self.rules.most_orders();
        let too_many = match policy {
            Policy::RefuseAll => index == max,
            Policy::KeepValid => *self.len >= max,
        };
        if too_many {
            violations.push(Place::order(index), ViolationKind::TooManyOrders { max });
        }
    }

    /// Adds an order as far as it could be read, or reports all that is wrong with it. `known` is how many violations
    /// there were before anything of this order was read.
    ///
    /// Under [`Policy::RefuseAll`] a batch with violations is thrown away in the end. Until then refused orders count
    /// too: their ids are remembered, so that a second use of one is found.
    pub(crate) fn offer<O: OrderFields<Text = str>>(
        &mut self,
        index: usize,
        order: &O,
        policy: Policy,
        known: usize,
        violations: &mut Violations,
    ) {
        order::check(order, index, self.rules, violations);

        let has_room = self.has_room();
        let body = &mut *self.body;
        let mark = body.orders().len();
        if !has_room {
            violations.push(Place::order(index), ViolationKind::BodyTooLarge);
            return;
        }
        let Some(order_id) = order.order_id().filter(|id| !id.is_empty()) else {
            return;
        };
        let right = violations.len() == known;
        let id = if right {
            let Ok(id) = body.write_order(order, Right::UNLIKE_TEMPLATE);
            id
        } else {
            body.write_order_id(order_id)
        };
        let remember = policy == Policy::RefuseAll || right;
        let duplicate_of = if remember {
            self.ids.insert(body.orders(), id, index).err()
        } else {
            self.ids.find(body.orders(), id)
        };
        if let Some(first) = duplicate_of {
            let place = Place::in_order(index, Field::OrderId);
            violations.push(place, ViolationKind::DuplicateOrderId { first });
        }
        if right && duplicate_of.is_none() {
            *self.len += 1;
        } else if !remember || duplicate_of.is_some() {
            body.truncate_orders(mark);
        }
    }

    /// Adds an order that is written in the body's format already. The names of its params have no escapes.
    ///
    /// `false` when anything is wrong with it, and the batch is to be rolled back. Another use of an orderID may be found
    /// only by [`settle`](Self::settle).
    pub(crate) fn add_written(&mut self, order: &WrittenOrder<'_>, params: &[Param<'_>]) -> bool {
        // What a text stands for is not looked at where it may have escapes, except that a phone number has none. The
        // others may be anything.
        let read = Order {
            order_id: order.order_id,
            user_phone: order.user_phone,
            params,
            ..Order::default()
        };
        let index = *self.len;
        if self.look_at(index, &read).is_none() {
            return false;
        }
        let id = self.body.copy_order(order.json, order.order_id.len());
        self.take_unsettled(index, id);
        true
    }
}
