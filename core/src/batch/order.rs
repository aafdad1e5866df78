//! Orders and params: as callers pass them, and as far as they were read.

use alloc::vec::Vec;
use core::fmt;

use crate::check::path::Path;
use crate::check::violation::{ORDER, Violations};
use crate::json::utf8::{MaybeUtf8, Text};

// The paths of an order's parts in the body.
pub(crate) const ORDER_ID: &str = "/callInfoList/callList/*/orderID";
pub(crate) const USER_PHONE: &str = "/callInfoList/callList/*/userPhone";
pub(crate) const OTHER: &str = "/callInfoList/callList/*/other";
pub(crate) const USER_NAME: &str = "/callInfoList/callList/*/userName";
pub(crate) const CUSTOMER_NAME: &str = "/callInfoList/callList/*/customerName";
pub(crate) const PARAMS: &str = "/callInfoList/callList/*/params";
const PARAM: &str = "/callInfoList/callList/*/params/*";
pub(crate) const NAME: &str = "/callInfoList/callList/*/params/*/name";
pub(crate) const VALUE: &str = "/callInfoList/callList/*/params/*/value";

/// The order `index` of a list.
pub(crate) fn path_of_order(index: usize) -> Path {
    Path::ROOT.element(ORDER, 0, index)
}

/// The param `index` of an order.
pub(crate) fn path_of_param(order: Path, index: usize) -> Path {
    order.element(PARAM, 1, index)
}

/// One person to call: one phone number, dialled in one or more rounds.
///
/// It borrows its strings, so that no contact is copied on the way into the body. The API requires
/// every field; `other`, `user_name` and `customer_name` may be empty, and [`Default`] leaves them
/// so.
///
/// Its `Debug` shows no personal data.
///
/// API page:
/// [Callbot-API-addBatchOrder](https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-addBatchOrder).
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
pub type Order<'a> = OrderOf<'a, str>;

/// The value of one variable of the script template.
///
/// The names are found in the console under script management, variable settings. Its `Debug` shows
/// no content.
pub type Param<'a> = ParamOf<'a, str>;

/// An [`Order`] whose strings have not been validated as UTF-8, such as one that comes from C.
///
/// A batch takes it as it takes an `Order`, and reports each string that is not UTF-8.
///
/// ```
/// use callbot_core::OrderBytes;
///
/// let order = OrderBytes {
///     order_id: b"7b0f2a60-2f0c-4a6e-9f0b-0f6f1f0a2d11",
///     user_phone: b"8613800000001",
///     ..OrderBytes::default()
/// };
/// # assert!(order.params.is_empty());
/// ```
pub type OrderBytes<'a> = OrderOf<'a, [u8]>;

/// A [`Param`] whose strings have not been validated as UTF-8.
pub type ParamBytes<'a> = ParamOf<'a, [u8]>;

/// An order with strings of type `S`: [`Order`] for `str`, [`OrderBytes`] for `[u8]`.
///
/// The two have names of their own so that `&String` coerces to `&str` in a literal.
pub struct OrderOf<'a, S: ?Sized> {
    /// `orderID`: the caller's own globally unique ID; a UUID is recommended. The callbacks carry
    /// it. Not empty.
    pub order_id: &'a S,
    /// `userPhone`: 7 to 15 digits with the country code and without any symbol. See
    /// [`PhoneNumber`](crate::PhoneNumber).
    pub user_phone: &'a S,
    /// `other`: passed through and handed back in the callbacks. May be empty.
    pub other: &'a S,
    /// `userName`: may be empty.
    pub user_name: &'a S,
    /// `customerName`: may be empty.
    pub customer_name: &'a S,
    /// `params`: the values of the script template's variables, each variable once.
    pub params: &'a [ParamOf<'a, S>],
}

/// A param with strings of type `S`: [`Param`] for `str`, [`ParamBytes`] for `[u8]`.
pub struct ParamOf<'a, S: ?Sized> {
    /// The variable's name. Not empty.
    pub name: &'a S,
    /// The value, which has to fit the variable's type. Not empty.
    pub value: &'a S,
}

/// An order as far as it could be read. `None` marks what is missing or invalid and was reported.
#[derive(Default)]
pub(crate) struct PartialOrder<'a> {
    pub(crate) order_id: Option<Text<'a>>,
    pub(crate) user_phone: Option<Text<'a>>,
    pub(crate) other: Option<Text<'a>>,
    pub(crate) user_name: Option<Text<'a>>,
    pub(crate) customer_name: Option<Text<'a>>,
    pub(crate) params: Option<Vec<PartialParam<'a>>>,
}

/// A param as far as it could be read.
#[derive(Default)]
pub(crate) struct PartialParam<'a> {
    /// Its index in the order's list, in which others may be unreadable.
    pub(crate) index: usize,
    pub(crate) name: Option<Text<'a>>,
    pub(crate) value: Option<Text<'a>>,
}

impl<'a, S: MaybeUtf8 + ?Sized> OrderOf<'a, S> {
    /// Validates the strings and reports each that is not UTF-8 or has U+0000.
    pub(crate) fn to_partial(self, path: Path, violations: &mut Violations) -> PartialOrder<'a> {
        let mut validated = |path: Path, string: &'a S| match Text::of(string) {
            Ok(string) => Some(string),
            Err(kind) => {
                violations.push(path, kind);
                None
            }
        };
        let mut params = Vec::new();
        let has_room = params.try_reserve_exact(self.params.len());
        let partial = PartialOrder {
            order_id: validated(path.with_pattern(ORDER_ID), self.order_id),
            user_phone: validated(path.with_pattern(USER_PHONE), self.user_phone),
            other: validated(path.with_pattern(OTHER), self.other),
            user_name: validated(path.with_pattern(USER_NAME), self.user_name),
            customer_name: validated(path.with_pattern(CUSTOMER_NAME), self.customer_name),
            params: None,
        };
        if let Err(error) = has_room {
            violations.fail(error.into());
            return partial;
        }
        params.extend(self.params.iter().enumerate().map(|(index, param)| {
            let path = path_of_param(path, index);
            PartialParam {
                index,
                name: validated(path.with_pattern(NAME), param.name),
                value: validated(path.with_pattern(VALUE), param.value),
            }
        }));
        PartialOrder {
            params: Some(params),
            ..partial
        }
    }
}

/// What the body's writer needs of an order, in either form.
pub(crate) trait OrderFields {
    type String: MaybeUtf8 + ?Sized;
    type Param: ParamFields<String = Self::String>;

    fn order_id(&self) -> Option<&Self::String>;
    fn user_phone(&self) -> Option<&Self::String>;
    fn other(&self) -> Option<&Self::String>;
    fn user_name(&self) -> Option<&Self::String>;
    fn customer_name(&self) -> Option<&Self::String>;
    fn params(&self) -> &[Self::Param];
}

/// The same for a param.
pub(crate) trait ParamFields {
    type String: MaybeUtf8 + ?Sized;

    fn name(&self) -> Option<&Self::String>;
    fn value(&self) -> Option<&Self::String>;
}

impl<'a, S: MaybeUtf8 + ?Sized> OrderFields for OrderOf<'a, S> {
    type String = S;
    type Param = ParamOf<'a, S>;

    fn order_id(&self) -> Option<&S> {
        Some(self.order_id)
    }

    fn user_phone(&self) -> Option<&S> {
        Some(self.user_phone)
    }

    fn other(&self) -> Option<&S> {
        Some(self.other)
    }

    fn user_name(&self) -> Option<&S> {
        Some(self.user_name)
    }

    fn customer_name(&self) -> Option<&S> {
        Some(self.customer_name)
    }

    fn params(&self) -> &[ParamOf<'a, S>] {
        self.params
    }
}

impl<S: MaybeUtf8 + ?Sized> ParamFields for ParamOf<'_, S> {
    type String = S;

    fn name(&self) -> Option<&S> {
        Some(self.name)
    }

    fn value(&self) -> Option<&S> {
        Some(self.value)
    }
}

impl<'a> OrderFields for PartialOrder<'a> {
    type String = Text<'a>;
    type Param = PartialParam<'a>;

    fn order_id(&self) -> Option<&Text<'a>> {
        self.order_id.as_ref()
    }

    fn user_phone(&self) -> Option<&Text<'a>> {
        self.user_phone.as_ref()
    }

    fn other(&self) -> Option<&Text<'a>> {
        self.other.as_ref()
    }

    fn user_name(&self) -> Option<&Text<'a>> {
        self.user_name.as_ref()
    }

    fn customer_name(&self) -> Option<&Text<'a>> {
        self.customer_name.as_ref()
    }

    fn params(&self) -> &[PartialParam<'a>] {
        self.params.as_deref().unwrap_or_default()
    }
}

impl<'a> ParamFields for PartialParam<'a> {
    type String = Text<'a>;

    fn name(&self) -> Option<&Text<'a>> {
        self.name.as_ref()
    }

    fn value(&self) -> Option<&Text<'a>> {
        self.value.as_ref()
    }
}

// Written by hand, since a derive would demand the traits of `S`, which is unsized.

impl<S: ?Sized> Clone for OrderOf<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: ?Sized> Copy for OrderOf<'_, S> {}

impl<'a, S: ?Sized> Default for OrderOf<'a, S>
where
    &'a S: Default,
{
    fn default() -> Self {
        Self {
            order_id: <&S>::default(),
            user_phone: <&S>::default(),
            other: <&S>::default(),
            user_name: <&S>::default(),
            customer_name: <&S>::default(),
            params: &[],
        }
    }
}

impl<S: PartialEq + ?Sized> PartialEq for OrderOf<'_, S> {
    fn eq(&self, other: &Self) -> bool {
        self.order_id == other.order_id
            && self.user_phone == other.user_phone
            && self.other == other.other
            && self.user_name == other.user_name
            && self.customer_name == other.customer_name
            && self.params == other.params
    }
}

impl<S: Eq + ?Sized> Eq for OrderOf<'_, S> {}

impl<S: ?Sized> fmt::Debug for OrderOf<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Order")
            .field("params", &self.params.len())
            .finish_non_exhaustive()
    }
}

impl<S: ?Sized> Clone for ParamOf<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: ?Sized> Copy for ParamOf<'_, S> {}

impl<'a, S: ?Sized> Default for ParamOf<'a, S>
where
    &'a S: Default,
{
    fn default() -> Self {
        Self {
            name: <&S>::default(),
            value: <&S>::default(),
        }
    }
}

impl<S: PartialEq + ?Sized> PartialEq for ParamOf<'_, S> {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.value == other.value
    }
}

impl<S: Eq + ?Sized> Eq for ParamOf<'_, S> {}

impl<S: ?Sized> fmt::Debug for ParamOf<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Param").finish_non_exhaustive()
    }
}
