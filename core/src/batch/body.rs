//! The body of a request, while it is written and when it is read back.

use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use crate::batch::Task;
use crate::batch::format::{
    CALL_CALLBACK_URL, CALL_LIST, COMMA, CUSTOMER_NAME, LEAST_ORDER_LEN, NAME, ORDER_CALLBACK_URL,
    ORDER_END, ORDER_ID, OTHER, PARAM_END, PARAM_LEN, PARAMS, QUOTE, TAIL, USER_NAME, USER_PHONE,
    USER_TASK_ID, VALUE,
};
use crate::batch::order::{OrderFields, ParamFields, Right, Text};
use crate::batch::written::{Reader, WrittenOrder};
use crate::json::writer::{NoRoom, Output, Stop, Writer};

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
        self.output.remove_front(self.head_len);
        let orders_len = self.output.len();
        self.output.append(|writer| {
            writer
                .fragment(USER_TASK_ID)?
                .text(task.user_task_id)?
                .fragment(ORDER_CALLBACK_URL)?
                .text(task.order_callback_url)?
                .fragment(CALL_CALLBACK_URL)?
                .text(task.call_callback_url)?
                .fragment(CALL_LIST)
        });
        self.output.move_to_front(orders_len);
        self.head_len = self.output.len() - orders_len;
    }

    /// Makes room for more bytes of orders. `false` where there is none to be had.
    pub(crate) fn reserve(&mut self, additional: usize) -> bool {
        self.output.reserve(additional)
    }

    /// The orders with the commas between them. Places in it stay when the head changes.
    #[inline]
    pub(crate) fn orders(&self) -> &[u8] {
        &self.output.written()[self.head_len..self.output.len() - TAIL.len()]
    }

    /// Takes back all orders but the first `len` bytes of [`orders`](Self::orders).
    pub(crate) fn truncate_orders(&mut self, len: usize) {
        self.output.truncate(self.head_len + len);
        self.output.copy(TAIL);
    }

    /// Writes an order with which nothing is wrong, and returns where in [`orders`](Self::orders) its orderID stands, with
    /// the quote that ends it.
    ///
    /// # Errors
    ///
    /// Where one of its texts is not UTF-8, and nothing is written.
    #[inline(never)]
    pub(crate) fn write_order<O: OrderFields>(
        &mut self,
        order: &O,
        right: Right<'_>,
    ) -> Result<Range<usize>, <O::Text as Text>::NotUtf8> {
        let written = self.try_append(|writer| {
            let writer = writer.fragment(ORDER_ID)?;
            let before = writer.left();
            let writer = writer.text_if(order.order_id())?;
            let id_len = before - writer.left();
            let writer = writer.fragment(USER_PHONE)?;
            // It was checked, and is digits.
            let writer = match order.user_phone() {
                Some(phone) => writer.copy_few(phone.bytes())?,
                None => writer,
            };
            let mut writer = writer
                .fragment(OTHER)?
                .text_if(order.other())?
                .fragment(USER_NAME)?
                .text_if(order.user_name())?
                .fragment(CUSTOMER_NAME)?
                .text_if(order.customer_name())?
                .fragment(PARAMS)?;
            let params = order.params().unwrap_or_default();
            for (i, param) in params.iter().enumerate() {
                writer = match right.variables.get(i) {
                    Some(variable) => writer.copy_few(&variable.written)?,
                    None => begin_param(writer, i, param.name())?,
                };
                writer = writer.text_if(param.value())?;
            }
            if !params.is_empty() {
                writer = writer.fragment(PARAM_END)?;
            }
            Ok((writer.fragment(ORDER_END)?, id_len))
        });
        written.or_else(|stop| match stop {
            Stop::NoRoom => {
                self.with_more_room(plain_len(order), |body| body.write_order(order, right))
            }
            Stop::NotUtf8(not_utf8) => {
                self.truncate_orders(self.orders().len());
                Err(not_utf8)
            }
        })
    }

    /// Writes an orderID alone, as [`write_order`](Self::write_order) would, so that others can be compared with it.
    /// Nobody may see a body with such an order.
    pub(crate) fn write_order_id(&mut self, order_id: &str) -> Range<usize> {
        let written = self.try_append(|writer| {
            let writer = writer.fragment(ORDER_ID)?;
            let before = writer.left();
            let writer = writer.text(order_id)?;
            let id_len = before - writer.left();
            Ok((writer.fragment(QUOTE)?, id_len))
        });
        written.unwrap_or_else(|NoRoom| {
            self.with_more_room(order_id.len(), |body| body.write_order_id(order_id))
        })
    }

    /// Copies an order that is written in the body's format already. Its orderID has `id_len` bytes.
    pub(crate) fn copy_order(&mut self, json: &str, id_len: usize) -> Range<usize> {
        let written = self.try_append(|writer| Ok((writer.copy(json.as_bytes())?, id_len)));
        written.unwrap_or_else(|NoRoom| {
            self.with_more_room(json.len(), |body| body.copy_order(json, id_len))
        })
    }

    /// Appends an order. `write` returns how long its orderID is.
    #[inline]
    fn try_append<E: From<NoRoom>>(
        &mut self,
        write: impl FnOnce(Writer<'_>) -> Result<(Writer<'_>, usize), E>,
    ) -> Result<Range<usize>, E> {
        let end = self.output.len() - TAIL.len();
        let mut id_start = end - self.head_len + ORDER_ID.len();
        self.output.try_write(end, |mut writer| {
            if end > self.head_len {
                writer = writer.fragment(COMMA)?;
                id_start += COMMA.len();
            }
            let (writer, id_len) = write(writer)?;
            let id = id_start..id_start + id_len + QUOTE.len();
            Ok((writer.fragment(TAIL)?, id))
        })
    }

    /// Writes an order again, for which there was too little room. It has `order_len` bytes at least.
    ///
    /// Apart from where it was tried, so that there is no loop there, for which all texts would be loaded first.
    #[cold]
    #[inline(never)]
    fn with_more_room<R>(&mut self, order_len: usize, write: impl FnOnce(&mut Self) -> R) -> R {
        self.output.make_room(COMMA.len() + order_len + TAIL.len());
        write(self)
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

/// How many bytes an order has where its texts need no escapes.
#[cold]
fn plain_len<O: OrderFields>(order: &O) -> usize {
    fn of<T: Text + ?Sized>(text: Option<&T>) -> usize {
        text.map_or(0, |text| text.bytes().len())
    }
    let params = order.params().unwrap_or_default();
    let in_params = params
        .iter()
        .map(|param| of(param.name()) + of(param.value()));
    LEAST_ORDER_LEN
        + of(order.order_id())
        + of(order.user_phone())
        + of(order.other())
        + of(order.user_name())
        + of(order.customer_name())
        + PARAM_LEN * params.len()
        + in_params.sum::<usize>()
}

/// What stands before the value of the `i`th param, if it has that name, and behind that of the param before it.
pub(crate) fn param_begin(i: usize, name: &str) -> Vec<u8> {
    let mut output = Output::default();
    output.reserve(PARAM_LEN + name.len());
    output.append(|writer| Ok(begin_param(writer, i, Some(name))?));
    output.into_written()
}

/// Writes the same.
#[inline]
fn begin_param<'r, T: Text + ?Sized>(
    mut writer: Writer<'r>,
    i: usize,
    name: Option<&T>,
) -> Result<Writer<'r>, Stop<T::NotUtf8>> {
    if i > 0 {
        writer = writer.fragment(PARAM_END)?.fragment(COMMA)?;
    }
    Ok(writer.fragment(NAME)?.text_if(name)?.fragment(VALUE)?)
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
    use crate::batch::order::{OrderBytes, ParamBytes};

    #[test]
    fn an_order_with_a_text_that_is_no_utf8_leaves_the_body_as_it_was() {
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
        let wrong = [
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
        let right = Right::UNLIKE_TEMPLATE;
        let mut body = Body::new();
        // So many that the room runs out again and again, before and behind what is wrong.
        for _ in 0..1000 {
            for order in &wrong {
                let before = body.clone();
                assert!(body.write_order(order, right).is_err());
                assert_eq!(body.as_ref(), before.as_ref());
            }
            assert!(body.write_order(&good, right).is_ok());
        }
        assert_eq!(body.written_orders().count(), 1000);
    }
}
