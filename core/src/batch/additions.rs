//! A list of orders on its way into a batch.

use crate::batch::Policy;
use crate::batch::filling::{Filling, Mark};
use crate::batch::order::{NotUtf8, Order, OrderBytes, OrderFields};
use crate::check::violation::Violations;

/// A list of orders on its way into a batch: see [`Batch::begin`](crate::Batch::begin).
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
    batch: Filling<'b>,
    policy: Policy,
    /// The batch before the first of the orders.
    mark: Mark,
    offered: usize,
    finished: bool,
    violations: Violations,
}

impl<'b> Additions<'b> {
    pub(crate) fn begin(batch: Filling<'b>, policy: Policy) -> Self {
        Self {
            mark: batch.mark(),
            batch,
            policy,
            offered: 0,
            finished: false,
            violations: Violations::new(),
        }
    }

    /// Adds the list's next order. What is wrong with it is said by [`finish`](Self::finish).
    #[inline]
    pub fn add(&mut self, order: &Order<'_>) {
        if !self.add_quickly(order) {
            self.add_checked(|_, _| *order);
        }
        self.offered += 1;
    }

    /// Adds the list's next order, of whose texts nobody knows yet whether they are UTF-8, such as one that comes from C.
    /// That is proven while they are copied, and takes less than to prove each of them before.
    ///
    /// # Errors
    ///
    /// [`NotUtf8`] for the first text that is not. It is for callers who want to stop there: [`finish`](Self::finish) says
    /// the same of each such text, as of everything else that is wrong with an order.
    ///
    /// ```
    /// # use callbot_core::{Batch, OrderBytes, Policy, Rules, Task};
    /// # let task = Task { user_task_id: "t", order_callback_url: "https://a.example/", call_callback_url: "https://a.example/" };
    /// let mut batch = Batch::new(&task, Rules::new())?;
    /// let order = OrderBytes {
    ///     order_id: b"1",
    ///     user_phone: b"8613800000001",
    ///     user_name: b"K\xf6ln",
    ///     ..OrderBytes::default()
    /// };
    /// let mut additions = batch.begin(Policy::RefuseAll);
    /// let error = additions.add_bytes(&order).unwrap_err();
    /// assert_eq!((error.text(), error.valid_up_to()), ("user_name", 1));
    /// let refused = additions.finish().unwrap_err();
    /// assert_eq!(refused.iter().next().unwrap().path(), "/callInfoList/callList/0/userName");
    ///
    /// let mut additions = batch.begin(Policy::RefuseAll);
    /// additions.add_bytes(&OrderBytes { user_name: "K\u{f6}ln".as_bytes(), ..order })?;
    /// additions.finish()?;
    /// assert_eq!(batch.len(), 1);
    /// # Ok::<(), callbot_core::Error>(())
    /// ```
    #[inline]
    pub fn add_bytes(&mut self, order: &OrderBytes<'_>) -> Result<(), NotUtf8> {
        let mut outcome = Ok(());
        if !self.add_quickly(order) {
            self.add_checked(|index, violations| {
                let (order, proven) = order.prove(index, violations);
                outcome = proven;
                order
            });
        }
        self.offered += 1;
        outcome
    }

    /// Adds an order in the quick way, where that can be.
    #[inline]
    fn add_quickly<O: OrderFields>(&mut self, order: &O) -> bool {
        let index = self.mark.len + self.offered;
        self.policy == Policy::RefuseAll
            && self.violations.is_empty()
            && self.batch.add_if_right(index, order)
    }

    /// Adds any order, as far as `read` can read it at its place in the list. What is wrong with the orders before comes
    /// first.
    fn add_checked<O: OrderFields<Text = str>>(
        &mut self,
        read: impl FnOnce(usize, &mut Violations) -> O,
    ) {
        let Self {
            batch,
            policy,
            violations,
            ..
        } = self;
        let index = self.mark.len + self.offered;
        batch.settle(violations);
        batch.add(index, *policy, violations, |violations| {
            read(index, violations)
        });
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
        let mut violations = core::mem::take(&mut self.violations);
        self.batch.settle(&mut violations);
        let refuse = match self.policy {
            Policy::RefuseAll => !violations.is_empty(),
            Policy::KeepValid => violations.unlisted() > 0,
        };
        self.finished = !refuse;
        if self.finished && !violations.is_empty() {
            self.batch.renumber(self.mark);
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
