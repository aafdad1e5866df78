//! The payload models, and what an order must be to enter a batch.

mod check;
mod fields;

use core::{fmt, str};

pub(crate) use check::{Right, check, look_at};
pub(crate) use fields::{OrderFields, ParamFields, Text};
use fields::{ProvenOrder, ProvenParam};

use crate::check::violation::{Field, Place, ViolationKind, Violations};

/// One person to call: one phone number, dialled in one or more rounds.
///
/// It borrows its texts, so that no contact is copied on the way into the body. All fields are required by the API;
/// `other`, `user_name` and `customer_name` may be empty, and [`Default`] leaves them so.
///
/// Its `Debug` shows no personal data.
///
/// API page: [Callbot-API-addBatchOrder](https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-addBatchOrder).
///
/// ```
/// use callbot_core::{Order, Param};
///
/// let order = Order {
///     order_id: "7b0f2a60-2f0c-4a6e-9f0b-0f6f1f0a2d11",
///     user_phone: "8613800000001",
///     user_name: "Wang",
///     params: &[Param { name: "amount", value: "120.50" }],
///     ..Order::default()
/// };
/// assert!(!format!("{order:?}").contains("Wang"));
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Order<'a> {
    /// `orderID`: the caller's own globally unique id; a UUID is recommended. It comes back in the callbacks. Not empty.
    pub order_id: &'a str,
    /// `userPhone`: 7 to 15 digits with the country code and without any symbol. See [`PhoneNumber`](crate::PhoneNumber).
    pub user_phone: &'a str,
    /// `other`: passed through, and handed back in the callbacks. May be empty.
    pub other: &'a str,
    /// `userName`: may be empty.
    pub user_name: &'a str,
    /// `customerName`: may be empty.
    pub customer_name: &'a str,
    /// `params`: what the script template's variables are filled with, each once.
    pub params: &'a [Param<'a>],
}

impl fmt::Debug for Order<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Order")
            .field("params", &self.params.len())
            .finish_non_exhaustive()
    }
}

/// What one variable of the script template is filled with.
///
/// The names are found in the console under script management, variable settings. Its `Debug` shows no value.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Param<'a> {
    /// The variable's name. Not empty.
    pub name: &'a str,
    /// The value, which has to fit the variable's type. Not empty.
    pub value: &'a str,
}

impl fmt::Debug for Param<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Param")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// An order of whose texts nobody knows yet whether they are UTF-8, such as one that comes from C: see
/// [`Additions::add_bytes`](crate::Additions::add_bytes).
///
/// Its fields are those of [`Order`], and so is what its `Debug` shows.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct OrderBytes<'a> {
    /// `orderID`
    pub order_id: &'a [u8],
    /// `userPhone`
    pub user_phone: &'a [u8],
    /// `other`
    pub other: &'a [u8],
    /// `userName`
    pub user_name: &'a [u8],
    /// `customerName`
    pub customer_name: &'a [u8],
    /// `params`
    pub params: &'a [ParamBytes<'a>],
}

impl fmt::Debug for OrderBytes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OrderBytes")
            .field("params", &self.params.len())
            .finish_non_exhaustive()
    }
}

/// A param of [`OrderBytes`]. Its `Debug` shows nothing of it.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct ParamBytes<'a> {
    /// The variable's name.
    pub name: &'a [u8],
    /// The value.
    pub value: &'a [u8],
}

impl fmt::Debug for ParamBytes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParamBytes").finish_non_exhaustive()
    }
}

/// A text of an order is not UTF-8: see [`Additions::add_bytes`](crate::Additions::add_bytes). It is the first such text, in
/// the order of the fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotUtf8 {
    text: &'static str,
    valid_up_to: usize,
}

impl NotUtf8 {
    /// Which text it is, by the name of its field: `user_name`, or `params[].value`.
    #[must_use]
    pub const fn text(&self) -> &'static str {
        self.text
    }

    /// Where it stops being UTF-8: the place of a byte in the text, counted from 0.
    #[must_use]
    pub const fn valid_up_to(&self) -> usize {
        self.valid_up_to
    }
}

impl fmt::Display for NotUtf8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { text, valid_up_to } = self;
        write!(
            f,
            "{text}: it is not UTF-8, from byte {valid_up_to} on (counted from 0)"
        )
    }
}

impl core::error::Error for NotUtf8 {}

impl<'a> OrderBytes<'a> {
    /// Proves the texts, and reports each that is not UTF-8. The first of those comes beside what was proven.
    pub(crate) fn prove(
        &self,
        index: usize,
        violations: &mut Violations,
    ) -> (ProvenOrder<'a>, Result<(), NotUtf8>) {
        let mut first = None;
        let mut prove = |text, place, bytes| {
            let proven = prove(bytes);
            if let Err(offset) = proven {
                violations.push(place, ViolationKind::TextNotUtf8 { offset });
                first.get_or_insert(NotUtf8 {
                    text,
                    valid_up_to: offset,
                });
            }
            proven.ok()
        };
        let place = |field| Place::in_order(index, field);
        let order = ProvenOrder {
            order_id: prove("order_id", place(Field::OrderId), self.order_id),
            user_phone: prove("user_phone", place(Field::UserPhone), self.user_phone),
            other: prove("other", place(Field::Other), self.other),
            user_name: prove("user_name", place(Field::UserName), self.user_name),
            customer_name: prove(
                "customer_name",
                place(Field::CustomerName),
                self.customer_name,
            ),
            params: self
                .params
                .iter()
                .enumerate()
                .map(|(i, param)| {
                    let place = |field| Place::in_param(index, i, field);
                    ProvenParam {
                        name: prove("params[].name", place(Field::Name), param.name),
                        value: prove("params[].value", place(Field::Value), param.value),
                    }
                })
                .collect(),
        };
        (order, first.map_or(Ok(()), Err))
    }
}

/// Proves a text, or says where it stops being UTF-8.
///
/// Behind a call of its own: inlined, it is compiled to a jump that looks at bytes of an error which is not there, and
/// valgrind reports that.
#[inline(never)]
fn prove(bytes: &[u8]) -> Result<&str, usize> {
    str::from_utf8(bytes).map_err(|error| error.valid_up_to())
}
