//! The body of a request, while it is written and when it is read back.

use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use crate::batch::Task;
use crate::format::{
    CALL_CALLBACK_URL, CALL_LIST, COMMA, CUSTOMER_NAME, NAME, ORDER_CALLBACK_URL, ORDER_END,
    ORDER_ID, OTHER, PARAM_END, PARAMS, QUOTE, TAIL, USER_NAME, USER_PHONE, USER_TASK_ID, VALUE,
};
use crate::order::{OrderFields, ParamFields};
use crate::writer::{Output, Writer};
use crate::written::{Reader, WrittenOrder};

/// A body that is complete at every moment: a head, the orders, a tail.
#[derive(Clone)]
pub(crate) struct Body {
    output: Output,
    head_len: usize,
}

impl Body {
    /// A body without orders. Until [`set_head`](Self::set_head) it has no head.
    pub(crate) fn new() -> Self {
        let mut output = Output::default();
        output.copy(TAIL);
        Self {
            output,
            head_len: 0,
        }
    }

    /// A body of its own that is like `self` without its orders, and has room for as much.
    pub(crate) fn like(&self) -> Self {
        let mut output = self.output.like();
        output.copy(&self.output.written()[..self.head_len]);
        output.copy(TAIL);
        Self {
            output,
            head_len: self.head_len,
        }
    }

    /// Puts everything before the first order in its place. Orders that are there already move.
    pub(crate) fn set_head(&mut self, task: &Task<'_>) {
        let mut head = Output::default();
        head.append(|writer| {
            let writer = writer
                .fragment(USER_TASK_ID)?
                .text(task.user_task_id)?
                .fragment(ORDER_CALLBACK_URL)?
                .text(task.order_callback_url)?
                .fragment(CALL_CALLBACK_URL)?
                .text(task.call_callback_url)?
                .fragment(CALL_LIST)?;
            Some((writer, ()))
        });
        self.output.replace_front(self.head_len, &head);
        self.head_len = head.len();
    }

    /// Makes room for more bytes of orders, if there is any to be had.
    pub(crate) fn reserve(&mut self, additional: usize) {
        self.output.reserve(additional);
    }

    /// The orders with the commas between them. Places in it stay when the head changes.
    pub(crate) fn orders(&self) -> &[u8] {
        &self.output.written()[self.head_len..self.output.len() - TAIL.len()]
    }

    /// Takes back all orders but the first `len` bytes of [`orders`](Self::orders).
    pub(crate) fn truncate_orders(&mut self, len: usize) {
        self.output.truncate(self.head_len + len);
        self.output.copy(TAIL);
    }

    /// Writes an order, and returns where in [`orders`](Self::orders) its orderID stands, with the quote that ends it.
    #[inline(never)]
    pub(crate) fn write_order<O: OrderFields>(&mut self, order: &O) -> Range<usize> {
        self.append(|writer| {
            let writer = writer.fragment(ORDER_ID)?;
            let id_start = writer.written();
            let writer = writer.text(order.order_id().unwrap_or_default())?;
            let id_end = writer.written() + QUOTE.len();
            let mut writer = writer
                .fragment(USER_PHONE)?
                .text(order.user_phone().unwrap_or_default())?
                .fragment(OTHER)?
                .text(order.other().unwrap_or_default())?
                .fragment(USER_NAME)?
                .text(order.user_name().unwrap_or_default())?
                .fragment(CUSTOMER_NAME)?
                .text(order.customer_name().unwrap_or_default())?
                .fragment(PARAMS)?;
            for (i, param) in order.params().unwrap_or_default().iter().enumerate() {
                if i > 0 {
                    writer = writer.fragment(COMMA)?;
                }
                writer = writer
                    .fragment(NAME)?
                    .text(param.name().unwrap_or_default())?
                    .fragment(VALUE)?
                    .text(param.value().unwrap_or_default())?
                    .fragment(PARAM_END)?;
            }
            Some((writer.fragment(ORDER_END)?, id_start..id_end))
        })
    }

    /// Writes an orderID alone, as [`write_order`](Self::write_order) would, so that others can be compared with it.
    /// Nobody may see a body with such an order.
    pub(crate) fn write_order_id(&mut self, order_id: &str) -> Range<usize> {
        self.append(|writer| {
            let writer = writer.fragment(ORDER_ID)?;
            let start = writer.written();
            let writer = writer.text(order_id)?.fragment(QUOTE)?;
            let end = writer.written();
            Some((writer, start..end))
        })
    }

    /// Copies an order that is written in the body's format already, and returns where in [`orders`](Self::orders) it
    /// stands.
    pub(crate) fn copy_order(&mut self, json: &str) -> Range<usize> {
        self.append(|writer| {
            let start = writer.written();
            let writer = writer.copy(json.as_bytes())?;
            let end = writer.written();
            Some((writer, start..end))
        })
    }

    /// Appends an order. The range that `write` returns counts from the order's begin, and the one that this returns in
    /// [`orders`](Self::orders).
    #[inline]
    fn append(
        &mut self,
        write: impl Fn(Writer<'_>) -> Option<(Writer<'_>, Range<usize>)>,
    ) -> Range<usize> {
        let end = self.output.len() - TAIL.len();
        self.output.truncate(end);
        let is_first = end == self.head_len;
        let range = self.output.append(|mut writer| {
            if !is_first {
                writer = writer.fragment(COMMA)?;
            }
            let (writer, range) = write(writer)?;
            Some((writer.fragment(TAIL)?, range))
        });
        let start = end - self.head_len;
        start + range.start..start + range.end
    }

    /// The orders, read back.
    pub(crate) fn written_orders(&self) -> impl Iterator<Item = WrittenOrder<'_>> {
        let orders = core::str::from_utf8(self.orders());
        let mut reader = Reader::new(orders.unwrap_or_default());
        let mut params = Vec::new();
        core::iter::from_fn(move || {
            reader.fragment(COMMA);
            reader.order(&mut params)
        })
    }
}

impl AsRef<[u8]> for Body {
    fn as_ref(&self) -> &[u8] {
        self.output.written()
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} bytes)", self.output.len())
    }
}
