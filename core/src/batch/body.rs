//! The body of a request while orders are added to it.

use alloc::vec::Vec;
use core::convert::Infallible;
use core::fmt;
use core::ops::Range;

use crate::batch::canonical::{
    self, COMMA, CUSTOMER_NAME, MIN_ORDER_LEN, ORDER_END, ORDER_ID, OTHER, PARAM_END, PARAM_LEN,
    PARAMS, QUOTE, TAIL, USER_NAME, USER_PHONE, write_param_prefix,
};
use crate::batch::check::Checked;
use crate::batch::order::{OrderFields, ParamFields};
use crate::check::memory::{self, NoMemoryError};
use crate::json::utf8::{MaybeUtf8, Text, sealed, sealed::MaybeUtf8 as _};
use crate::json::writer::{Output, Stop, Writer};

/// A body that is complete JSON at every moment: a head, the orders, a tail.
#[derive(Clone, Default)]
pub(crate) struct Body {
    output: Output,
    head_len: usize,
    /// Everything after the last order: [`TAIL`], or more.
    tail: Vec<u8>,
}

impl Body {
    /// A body without orders. It has no head until [`set_head`](Self::set_head).
    pub(crate) fn new() -> Result<Self, NoMemoryError> {
        let mut output = Output::default();
        output.copy(TAIL)?;
        Ok(Self {
            output,
            head_len: 0,
            tail: memory::to_vec(TAIL)?,
        })
    }

    /// A copy with a capacity of at least `capacity` bytes.
    pub(crate) fn try_clone(&self, capacity: usize) -> Result<Self, NoMemoryError> {
        let mut output = Output::default();
        output.reserve(capacity.max(self.output.len()))?;
        output.copy(self.output.written())?;
        Ok(Self {
            output,
            head_len: self.head_len,
            tail: memory::to_vec(&self.tail)?,
        })
    }

    /// A body with the same head and tail, and no orders.
    pub(crate) fn without_orders(&self) -> Result<Self, NoMemoryError> {
        let mut output = Output::default();
        output.reserve(self.head_len + self.tail.len())?;
        output.copy(self.head())?;
        output.copy(&self.tail)?;
        Ok(Self {
            output,
            head_len: self.head_len,
            tail: memory::to_vec(&self.tail)?,
        })
    }

    /// The bytes that it can hold without an allocation.
    pub(crate) fn capacity(&self) -> usize {
        self.output.capacity()
    }

    /// Everything before the first order.
    pub(crate) fn head(&self) -> &[u8] {
        &self.output.written()[..self.head_len]
    }

    /// Everything after the last order.
    pub(crate) fn tail(&self) -> &[u8] {
        &self.tail
    }

    /// Replaces everything before the first order. Orders that are there already move.
    pub(crate) fn set_head(&mut self, head: &[u8]) -> Result<(), NoMemoryError> {
        if head == self.head() {
            return Ok(());
        }
        // Appended first, so that a failure changes nothing.
        let len = self.output.len();
        self.output.copy(head)?;
        self.output.move_to_front(len);
        self.output.remove(head.len(), self.head_len);
        self.head_len = head.len();
        Ok(())
    }

    /// Replaces everything after the last order. `members` are the document's members after
    /// `callInfoList`, each after a comma.
    pub(crate) fn set_tail(&mut self, members: &[u8]) -> Result<(), NoMemoryError> {
        let orders_len = self.orders().len();
        let (lists, document) = TAIL.split_at(2);
        let tail = memory::concat(&[lists, members, document])?;
        // Appended once for the room, so that a failure changes nothing.
        let len = self.output.len();
        self.output.copy(&tail)?;
        self.output.truncate(len);
        self.tail = tail;
        self.truncate_orders(orders_len);
        Ok(())
    }

    /// Reserves capacity for more bytes of orders.
    pub(crate) fn reserve(&mut self, additional: usize) -> Result<(), NoMemoryError> {
        self.output.reserve(additional)
    }

    /// The orders with the commas between them. Offsets in it stay valid when the head changes.
    #[inline]
    pub(crate) fn orders(&self) -> &[u8] {
        &self.output.written()[self.head_len..self.output.len() - self.tail.len()]
    }

    /// Removes all but the first `len` bytes of [`orders`](Self::orders).
    pub(crate) fn truncate_orders(&mut self, len: usize) {
        self.output.truncate(self.head_len + len);
        self.output.copy_again(&self.tail);
    }

    /// Writes a valid order. Returns the range of its orderID in [`orders`](Self::orders), closing
    /// quote included.
    ///
    /// # Errors
    ///
    /// If one of its strings is not UTF-8, or has U+0000, or if an allocation fails. The body is
    /// then as it was.
    #[inline(never)]
    pub(crate) fn write_order<O: OrderFields>(
        &mut self,
        order: &O,
        checked: Checked<'_>,
    ) -> Result<Range<usize>, NotWritten<<O::String as sealed::MaybeUtf8>::Invalid>> {
        let written = self.try_append(|writer| {
            let writer = writer.fragment(ORDER_ID)?;
            let before = writer.remaining();
            let writer = writer.string_if(order.order_id())?;
            let id_len = before - writer.remaining();
            let writer = writer.fragment(USER_PHONE)?;
            // The phone is digits by now, and needs no escapes.
            let writer = match order.user_phone() {
                Some(phone) => writer.copy_short(phone.bytes())?,
                None => writer,
            };
            let mut writer = writer
                .fragment(OTHER)?
                .string_if(order.other())?
                .fragment(USER_NAME)?
                .string_if(order.user_name())?
                .fragment(CUSTOMER_NAME)?
                .string_if(order.customer_name())?
                .fragment(PARAMS)?;
            let params = order.params();
            for (i, param) in params.iter().enumerate() {
                writer = match checked.variables.get(i) {
                    Some(variable) => writer.copy_short(&variable.prefix)?,
                    None => write_param_prefix(writer, i, param.name())?,
                };
                writer = writer.string_if(param.value())?;
            }
            if !params.is_empty() {
                writer = writer.fragment(PARAM_END)?;
            }
            Ok((writer.fragment(ORDER_END)?, id_len))
        });
        written.or_else(|stop| match stop {
            Stop::NoRoom => {
                let len = plain_len(order);
                self.with_more_room(len, |body| body.write_order(order, checked))
            }
            Stop::NoMemory(error) => Err(error.into()),
            Stop::Invalid(invalid) => {
                self.truncate_orders(self.orders().len());
                Err(NotWritten::Invalid(invalid))
            }
        })
    }

    /// Writes an orderID and a phone number alone, as [`write_order`](Self::write_order) would, so
    /// that others can be compared with them. The phone number is digits, or empty.
    ///
    /// The body is not valid JSON until it is truncated. Only a transaction that rolls back may
    /// leave it so.
    pub(crate) fn write_keys(
        &mut self,
        order_id: Option<&Text<'_>>,
        phone: &str,
    ) -> Result<Range<usize>, NoMemoryError> {
        let written: Result<_, Stop<Infallible>> = self.try_append(|writer| {
            let writer = writer.fragment(ORDER_ID)?;
            let before = writer.remaining();
            let writer = writer.string_if(order_id)?;
            let id_len = before - writer.remaining();
            let writer = writer.fragment(USER_PHONE)?.copy_short(phone.as_bytes())?;
            Ok((writer.fragment(QUOTE)?, id_len))
        });
        written.or_else(|stop| {
            if let Stop::NoMemory(error) = stop {
                return Err(error);
            }
            let order_id_len = order_id.map_or(0, |id| id.as_str().len());
            let len = order_id_len + USER_PHONE.len() + phone.len();
            self.with_more_room(len, |body| body.write_keys(order_id, phone))
        })
    }

    /// The range of the phone number, closing quote included, that follows the orderID at `id` of
    /// [`orders`](Self::orders).
    pub(crate) fn phone_after(&self, id: &Range<usize>) -> Range<usize> {
        let start = id.end - QUOTE.len() + USER_PHONE.len();
        let phone = canonical::string_with_quote(&self.orders()[start..]);
        start..start + phone.len()
    }

    /// Copies a canonical order. Its orderID has `id_len` bytes.
    pub(crate) fn copy_order(
        &mut self,
        json: &str,
        id_len: usize,
    ) -> Result<Range<usize>, NoMemoryError> {
        let written: Result<_, Stop<Infallible>> =
            self.try_append(|writer| Ok((writer.copy(json.as_bytes())?, id_len)));
        written.or_else(|stop| {
            if let Stop::NoMemory(error) = stop {
                return Err(error);
            }
            self.with_more_room(json.len(), |body| body.copy_order(json, id_len))
        })
    }

    /// Appends an order. `write` returns the length of its orderID.
    #[inline]
    fn try_append<N>(
        &mut self,
        write: impl FnOnce(Writer<'_>) -> Result<(Writer<'_>, usize), Stop<N>>,
    ) -> Result<Range<usize>, Stop<N>> {
        let end = self.output.len() - self.tail.len();
        let mut id_start = end - self.head_len + ORDER_ID.len();
        let id = self.output.try_write(end, |mut writer| {
            if end > self.head_len {
                writer = writer.fragment(COMMA)?;
                id_start += COMMA.len();
            }
            let (writer, id_len) = write(writer)?;
            let id = id_start..id_start + id_len + QUOTE.len();
            Ok::<_, Stop<N>>((writer.fragment(TAIL)?, id))
        })?;
        if self.tail.len() != TAIL.len() {
            let orders_len = end - self.head_len;
            if let Err(error) = self.end_with_tail() {
                self.truncate_orders(orders_len);
                return Err(Stop::NoMemory(error));
            }
        }
        Ok(id)
    }

    /// Replaces the [`TAIL`] that was written by the longer one.
    #[cold]
    fn end_with_tail(&mut self) -> Result<(), NoMemoryError> {
        self.output.truncate(self.output.len() - TAIL.len());
        self.output.copy(&self.tail)
    }

    /// Writes an order again after making room for at least `order_len` bytes.
    ///
    /// It is a function of its own because a loop at the caller would load all strings up front.
    #[cold]
    #[inline(never)]
    fn with_more_room<R, E: From<NoMemoryError>>(
        &mut self,
        order_len: usize,
        write: impl FnOnce(&mut Self) -> Result<R, E>,
    ) -> Result<R, E> {
        let tail_len = self.tail.len();
        self.output.make_room(COMMA.len() + order_len + tail_len)?;
        write(self)
    }
}

/// Why an order was not written.
pub(crate) enum NotWritten<N> {
    Invalid(N),
    NoMemory(NoMemoryError),
}

impl<N> From<NoMemoryError> for NotWritten<N> {
    fn from(error: NoMemoryError) -> Self {
        Self::NoMemory(error)
    }
}

/// The length in bytes of an order whose strings need no escapes.
#[cold]
fn plain_len<O: OrderFields>(order: &O) -> usize {
    fn of<S: MaybeUtf8 + ?Sized>(string: Option<&S>) -> usize {
        string.map_or(0, |string| string.bytes().len())
    }
    let params = order.params().iter();
    let in_params = params.map(|param| PARAM_LEN + of(param.name()) + of(param.value()));
    MIN_ORDER_LEN
        + of(order.order_id())
        + of(order.user_phone())
        + of(order.other())
        + of(order.user_name())
        + of(order.customer_name())
        + in_params.sum::<usize>()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::task::Task;
    use crate::batch::order::{OrderBytes, ParamBytes};

    #[test]
    fn an_order_with_invalid_utf8_leaves_the_body_unchanged() {
        let good = OrderBytes {
            order_id: b"1",
            user_phone: b"8613800000001",
            params: &[ParamBytes {
                name: b"n",
                value: b"v",
            }],
            ..OrderBytes::default()
        };
        let bad: &[u8] = b"K\xf6ln";
        let name = [ParamBytes {
            name: bad,
            ..good.params[0]
        }];
        let value = [ParamBytes {
            value: bad,
            ..good.params[0]
        }];
        let invalid = [
            OrderBytes {
                order_id: bad,
                ..good
            },
            OrderBytes { other: bad, ..good },
            OrderBytes {
                user_name: bad,
                ..good
            },
            OrderBytes {
                customer_name: bad,
                ..good
            },
            OrderBytes {
                params: &name,
                ..good
            },
            OrderBytes {
                params: &value,
                ..good
            },
        ];
        let checked = Checked::WITHOUT_TEMPLATE;
        let task = Task {
            user_task_id: "",
            order_callback_url: "",
            call_callback_url: "",
        };
        let mut body = Body::new().unwrap();
        let head = canonical::head_of(&task).unwrap();
        body.set_head(&head).unwrap();
        // Enough orders to exhaust the capacity repeatedly, before and after the invalid string.
        for _ in 0..1000 {
            for order in &invalid {
                let before = body.try_clone(0).unwrap();
                assert!(body.write_order(order, checked).is_err());
                assert_eq!(body.as_ref(), before.as_ref());
            }
            assert!(body.write_order(&good, checked).is_ok());
        }
        let orders = core::str::from_utf8(body.orders()).unwrap();
        assert_eq!(orders.matches("{\"orderID\":\"1\"").count(), 1000);
    }
}
