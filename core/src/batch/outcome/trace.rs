//! Traces refusals back to the orders of a request.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::batch::canonical::ORDER_ID;
use crate::batch::outcome::account::{Count, Group};
use crate::batch::outcome::error::OutcomeError;
use crate::batch::outcome::kind::OutcomeKind;
use crate::batch::outcome::refusal::Refusal;
use crate::check::chars::is_ascii_digits;
use crate::check::violation::JsonType;
use crate::json::tape::Tape;
use crate::json::value::Value;

/// How many rows that belong to no order are listed for a request of fewer orders.
const MAX_UNKNOWN: usize = 100;

/// Refusals, and the orders that they may be for.
///
/// What is kept is bounded by the request, since a response can have millions of rows.
pub(super) struct Traced {
    /// The number of orders in the request.
    sent: usize,
    /// What is refused by a name, in the order of the first refusal.
    numbers: Vec<RefusedNumber>,
    /// How many rows name nothing.
    nameless: usize,
    /// What is listed, in the order of the response.
    listed: Vec<Listed>,
    /// How many rows belong to no order.
    unknown: usize,
}

/// The refusals of one phone number, or of one ID.
#[derive(Default)]
struct RefusedNumber {
    /// How many rows refuse it.
    rows: usize,
    /// How many of them were listed so far.
    rows_read: usize,
    /// The orders with this number.
    orders: Vec<Refusal>,
}

enum Listed {
    /// The orders with a number, by its index.
    Orders(usize),
    /// A row that belongs to no order.
    Row(Refusal),
}

impl Traced {
    /// No refusals in the response to a request of `sent` orders.
    pub(super) const fn nothing(sent: usize) -> Self {
        Self {
            sent,
            numbers: Vec::new(),
            nameless: 0,
            listed: Vec::new(),
            unknown: 0,
        }
    }

    pub(super) const fn sent(&self) -> usize {
        self.sent
    }

    /// How many rows that belong to no order are listed at most.
    fn max_unknown(&self) -> usize {
        self.sent.max(MAX_UNKNOWN)
    }

    /// How many rows that belong to no order are not listed.
    pub(super) fn unlisted(&self) -> usize {
        self.unknown.saturating_sub(self.max_unknown())
    }

    pub(super) fn groups(&self) -> Vec<Group> {
        let group = |number: &RefusedNumber| Group {
            rows: number.rows,
            orders: number.orders.len(),
        };
        let nameless = Group {
            rows: self.nameless,
            orders: 0,
        };
        let nameless = Some(nameless).filter(|group| group.rows > 0);
        self.numbers.iter().map(group).chain(nameless).collect()
    }

    /// The refused orders, or the refusals themselves where they belong to no order.
    pub(super) fn into_orders(mut self, kind: OutcomeKind) -> Vec<Refusal> {
        // The counts tell that all orders with a number were refused.
        let is_certain = matches!(kind, OutcomeKind::Partly | OutcomeKind::Refused);
        let mut list = Vec::new();
        for listed in self.listed {
            match listed {
                Listed::Row(row) => list.push(row),
                Listed::Orders(index) => {
                    let RefusedNumber { rows, orders, .. } = &mut self.numbers[index];
                    let is_ambiguous = *rows < orders.len() && !is_certain;
                    for order in &mut *orders {
                        order.is_ambiguous = is_ambiguous;
                    }
                    list.append(orders);
                }
            }
        }
        list
    }

    /// Lists a row: for the orders with its number, or as it is if there are none.
    fn list(&mut self, row: Value<'_>, number: Option<usize>) {
        let of_orders = number.filter(|&index| !self.numbers[index].orders.is_empty());
        let Some(index) = of_orders else {
            if self.unknown < self.max_unknown() {
                self.listed.push(Listed::Row(entry_of_row(row)));
            }
            self.unknown += 1;
            return;
        };
        let RefusedNumber {
            rows,
            rows_read,
            orders,
        } = &mut self.numbers[index];
        if *rows_read == 0 {
            self.listed.push(Listed::Orders(index));
        }
        let is_last = *rows_read + 1 == *rows;
        if let Some(orders) = orders.get_mut(*rows_read..) {
            // The orders that are left get the last reason.
            let end = if is_last { orders.len() } else { 1 };
            let message = message_of_row(row);
            for order in orders.iter_mut().take(end) {
                order.message.clone_from(&message);
            }
        }
        *rows_read += 1;
    }
}

/// Traces each row of `errList` to the orders of the request.
pub(super) fn trace(err_list: Value<'_>, request_body: &[u8]) -> Result<Traced, OutcomeError> {
    let request = parse(request_body)?;
    let orders = Orders::of(&request)?;
    let mut traced = Traced::nothing(0);
    let mut index_of: BTreeMap<Cow<'_, str>, usize> = BTreeMap::new();
    for row in err_list.elements() {
        let Some(key) = orders.key_of_row(row) else {
            // A row that names nothing is a refusal of its own.
            traced.nameless += 1;
            continue;
        };
        let index = *index_of.entry(key).or_insert(traced.numbers.len());
        if index == traced.numbers.len() {
            traced.numbers.push(RefusedNumber::default());
        }
        traced.numbers[index].rows += 1;
    }
    for (index, order) in orders.list().elements().enumerate() {
        traced.sent += 1;
        let number = orders
            .key_of_order(order)
            .and_then(|key| index_of.get(&key));
        if let Some(&number) = number {
            let order = orders.entry_of_order(order, index);
            traced.numbers[number].orders.push(order);
        }
    }
    for row in err_list.elements() {
        let key = orders.key_of_row(row);
        traced.list(row, key.and_then(|key| index_of.get(&key).copied()));
    }
    Ok(traced)
}

/// Counts the orders of a request. `expected` is the number that the response has.
///
/// Searching a body of this crate for the beginnings of orders is faster than parsing it. If the
/// count differs from the expected one, the body is parsed.
pub(super) fn count_orders(request_body: &[u8], expected: Count) -> Result<usize, OutcomeError> {
    let found = count_beginnings(request_body);
    if found > 0 && expected.is(found) {
        return Ok(found);
    }
    let request = parse(request_body)?;
    Ok(Orders::of(&request)?.list().len().unwrap_or_default())
}

/// The number of orders that begin as this crate writes them. In a string, the quotation marks of
/// such a beginning would be escaped.
///
/// Most bytes are passed over (Horspool's search), since few are part of what is looked for.
fn count_beginnings(body: &[u8]) -> usize {
    // Without what follows the key, so that it ends with a rare letter.
    const KEY: &[u8] = ORDER_ID.split_at(9).0;
    const STEPS: [usize; 256] = {
        let mut steps = [KEY.len(); 256];
        let mut i = 0;
        while i < KEY.len() - 1 {
            steps[KEY[i] as usize] = KEY.len() - 1 - i;
            i += 1;
        }
        steps
    };
    let mut found = 0;
    let mut last = KEY.len() - 1;
    while let Some(&byte) = body.get(last) {
        if byte == KEY[KEY.len() - 1] && body[last + 1 - KEY.len()..].starts_with(ORDER_ID) {
            found += 1;
        }
        last += STEPS[usize::from(byte)];
    }
    found
}

fn parse(request_body: &[u8]) -> Result<Tape, OutcomeError> {
    let body = core::str::from_utf8(request_body).map_err(|_| OutcomeError::Request)?;
    Tape::parse(body, || body.into(), |_| false).map_err(|_| OutcomeError::Request)
}

/// The orders of a request, by what a refusal names them.
#[derive(Clone, Copy)]
enum Orders<'r> {
    /// Objects with phone numbers, as the endpoints send them that add orders.
    ByPhone(Value<'r>),
    /// IDs, as `stopOrder` sends them.
    ById(Value<'r>),
}

impl<'r> Orders<'r> {
    fn of(request: &'r Tape) -> Result<Self, OutcomeError> {
        let root = Value::new(request, Tape::ROOT);
        let array = |list: &Value<'_>| list.json_type() == JsonType::Array;
        let orders = root
            .member("callInfoList")
            .and_then(|list| list.member("callList"));
        let ids = || root.member("orderIDs").filter(array).map(Self::ById);
        orders
            .filter(array)
            .map(Self::ByPhone)
            .or_else(ids)
            .ok_or(OutcomeError::Request)
    }

    const fn list(self) -> Value<'r> {
        match self {
            Self::ByPhone(list) | Self::ById(list) => list,
        }
    }

    /// What a row of `errList` is compared by.
    fn key_of_row(self, row: Value<'_>) -> Option<Cow<'_, str>> {
        match self {
            Self::ByPhone(_) => digits(text(row.member("phone")?)?),
            Self::ById(_) => text(row.member("orderID")?).map(Cow::Borrowed),
        }
    }

    /// What an order is compared by.
    fn key_of_order(self, order: Value<'_>) -> Option<Cow<'_, str>> {
        match self {
            Self::ByPhone(_) => digits(order.member("userPhone")?.as_str()?),
            Self::ById(_) => order.as_str().map(Cow::Borrowed),
        }
    }

    fn entry_of_order(self, order: Value<'_>, index: usize) -> Refusal {
        let (order_id, phone) = match self {
            Self::ByPhone(_) => (order.member("orderID"), order.member("userPhone")),
            Self::ById(_) => (Some(order), None),
        };
        let string = |value: Option<Value<'_>>| value.and_then(Value::as_str).map(String::from);
        Refusal {
            order: Some(index),
            order_id: string(order_id),
            phone: string(phone),
            message: None,
            is_ambiguous: false,
        }
    }
}

/// What a row of `errList` says.
fn entry_of_row(row: Value<'_>) -> Refusal {
    let member = |key| row.member(key).and_then(text).map(String::from);
    Refusal {
        order: None,
        order_id: member("orderID"),
        phone: member("phone"),
        message: message_of_row(row),
        is_ambiguous: false,
    }
}

fn message_of_row(row: Value<'_>) -> Option<Arc<str>> {
    row.member("errMsg").and_then(text).map(Arc::from)
}

/// A string, or the digits of a number.
fn text(value: Value<'_>) -> Option<&str> {
    let digits = || Some(value.json()).filter(|json| is_ascii_digits(json.as_bytes()));
    value.as_str().or_else(digits)
}

/// The digits of a phone number, without the zeros of a prefix such as `00`. `None` if there are
/// none.
fn digits(phone: &str) -> Option<Cow<'_, str>> {
    let digits: Cow<'_, str> = if phone.bytes().all(|byte| byte.is_ascii_digit()) {
        phone.into()
    } else {
        phone.chars().filter(char::is_ascii_digit).collect()
    };
    let digits = match digits {
        Cow::Borrowed(digits) => digits.trim_start_matches('0').into(),
        Cow::Owned(digits) => Cow::Owned(digits.trim_start_matches('0').into()),
    };
    Some(digits).filter(|digits: &Cow<'_, str>| !digits.is_empty())
}
