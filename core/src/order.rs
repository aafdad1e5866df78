//! The payload models, and what an order must be to enter a batch.

use alloc::collections::BTreeMap;
use core::fmt;

use crate::country_code;
use crate::phone;
use crate::rules::Rules;
use crate::violation::{Fault, Field, Place, Violations};

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
    /// `orderID`: the caller's own globally unique id; a UUID is recommended. It comes back in the callbacks.
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

/// An order as far as it could be read: what is `None` was found wrong before, and said so.
pub(crate) trait OrderFields {
    type Param: ParamFields;

    fn order_id(&self) -> Option<&str>;
    fn user_phone(&self) -> Option<&str>;
    fn other(&self) -> Option<&str>;
    fn user_name(&self) -> Option<&str>;
    fn customer_name(&self) -> Option<&str>;
    fn params(&self) -> Option<&[Self::Param]>;
}

/// A param as far as it could be read.
pub(crate) trait ParamFields {
    fn name(&self) -> Option<&str>;
    fn value(&self) -> Option<&str>;

    /// Which param of its order it is; `i` is its place among those that could be read.
    fn index(&self, i: usize) -> usize {
        i
    }
}

impl ParamFields for Param<'_> {
    fn name(&self) -> Option<&str> {
        Some(self.name)
    }

    fn value(&self) -> Option<&str> {
        Some(self.value)
    }
}

impl<'a> OrderFields for Order<'a> {
    type Param = Param<'a>;

    fn order_id(&self) -> Option<&str> {
        Some(self.order_id)
    }

    fn user_phone(&self) -> Option<&str> {
        Some(self.user_phone)
    }

    fn other(&self) -> Option<&str> {
        Some(self.other)
    }

    fn user_name(&self) -> Option<&str> {
        Some(self.user_name)
    }

    fn customer_name(&self) -> Option<&str> {
        Some(self.customer_name)
    }

    fn params(&self) -> Option<&[Param<'a>]> {
        Some(self.params)
    }
}

/// Reports all that is wrong with an order on its own; the batch alone knows whether its orderID is new.
#[inline(never)]
pub(crate) fn check<O: OrderFields>(
    order: &O,
    index: usize,
    rules: &Rules,
    violations: &mut Violations,
) {
    if order.order_id() == Some("") {
        violations.push(Place::in_order(index, Field::OrderId), Fault::Empty);
    }
    if let Some(user_phone) = order.user_phone() {
        let place = Place::in_order(index, Field::UserPhone);
        phone::check(user_phone, |fault| {
            violations.push(place, Fault::Phone(fault));
        });
        check_country_code(user_phone, rules, place, violations);
    }
    if let Some(params) = order.params() {
        check_params(params, index, rules, violations);
    }
}

#[inline]
fn check_country_code(user_phone: &str, rules: &Rules, place: Place, violations: &mut Violations) {
    // A number that is no number has no country code to speak of.
    if rules.allows_all_country_codes() || !user_phone.bytes().all(|b| b.is_ascii_digit()) {
        return;
    }
    if let Some(code) = country_code::of_digits(user_phone) {
        if !rules.allows_country_code(code) {
            let country_code = code.parse().expect("a country code has 3 digits at most");
            violations.push(place, Fault::CountryCodeNotAllowed { country_code });
        }
    }
}

fn check_params<P: ParamFields>(
    params: &[P],
    order: usize,
    rules: &Rules,
    violations: &mut Violations,
) {
    for (i, param) in params.iter().enumerate() {
        let i = param.index(i);
        if param.name() == Some("") {
            violations.push(Place::in_param(order, i, Field::Name), Fault::Empty);
        }
        if param.value() == Some("") {
            violations.push(Place::in_param(order, i, Field::Value), Fault::Empty);
        }
    }
    let template = rules.template();
    // Nearly always the params are the template's variables, in its order. Then each is there once.
    if let Some(template) = template {
        let names = template.names().iter().map(|name| Some(&**name));
        if names.eq(params.iter().map(ParamFields::name)) {
            return;
        }
    }
    let firsts = Firsts::of(params);
    for (i, param) in params.iter().enumerate() {
        let Some(name) = param.name().filter(|name| !name.is_empty()) else {
            continue;
        };
        let place = Place::in_param(order, param.index(i), Field::Name);
        match firsts.get(name) {
            Some(first) if first != i => {
                let first = params[first].index(first);
                violations.push(place, Fault::DuplicateParam { first });
            }
            _ => {}
        }
        if template.is_some_and(|template| !template.contains(name)) {
            violations.push(place, Fault::UnknownParam);
        }
    }
    for name in template.map_or(&[][..], |template| template.names()) {
        if firsts.get(name).is_none() {
            let fault = Fault::MissingParam { name: name.clone() };
            violations.push(Place::in_order(order, Field::Params), fault);
        }
    }
}

/// Where each name stands first. Few params are searched through; many would take too long that way.
enum Firsts<'a, P> {
    Few(&'a [P]),
    Many(BTreeMap<&'a str, usize>),
}

impl<'a, P: ParamFields> Firsts<'a, P> {
    const FEW: usize = 16;

    fn of(params: &'a [P]) -> Self {
        if params.len() <= Self::FEW {
            return Self::Few(params);
        }
        let mut firsts = BTreeMap::new();
        for (i, param) in params.iter().enumerate() {
            if let Some(name) = param.name() {
                firsts.entry(name).or_insert(i);
            }
        }
        Self::Many(firsts)
    }

    fn get(&self, name: &str) -> Option<usize> {
        match self {
            Self::Few(params) => params.iter().position(|param| param.name() == Some(name)),
            Self::Many(firsts) => firsts.get(name).copied(),
        }
    }
}
