//! Traces refusals back to the orders of a request.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::batch::canonical::ORDER_ID;
use crate::batch::outcome::account::Group;
use crate::batch::outcome::error::OutcomeError;
use crate::batch::outcome::kind::OutcomeKind;
use crate::batch::outcome::refusal::Refusal;
use crate::check::chars::is_ascii_digits;
use crate::check::violation::JsonType;
use crate::json::tape::Tape;
use crate::json::value::Value;

/// Refusals, and the orders that they may be for.
pub(super) struct Traced {
    /// The number of orders in the request.
    sent: usize,
    /// In the order of the first refusal.
    numbers: Vec<RefusedNumber>,
}

/// The refusals of one phone number, or of one ID.
#[derive(Default)]
struct RefusedNumber {
    /// What the response says: an entry without its order for each refusal.
    rows: Vec<Refusal>,
    /// The orders with this number.
    orders: Vec<Refusal>,
}

impl Traced {
    /// No refusals in the response to a request of `sent` orders.
    pub(super) const fn nothing(sent: usize) -> Self {
        Self {
            sent,
            numbers: Vec::new(),
        }
    }

    pub(super) const fn sent(&self) -> usize {
        self.sent
    }

    pub(super) fn groups(&self) -> Vec<Group> {
        let group = |number: &RefusedNumber| Group {
            rows: number.rows.len(),
            orders: number.orders.len(),
        };
        self.numbers.iter().map(group).collect()
    }

    /// The refused orders, or the refusals themselves where they belong to no order.
    pub(super) fn into_orders(self, kind: OutcomeKind) -> Vec<Refusal> {
        // The counts tell that all orders with a number were refused.
        let is_certain = matches!(kind, OutcomeKind::Partly | OutcomeKind::Refused);
        let mut list = Vec::new();
        for RefusedNumber { rows, mut orders } in self.numbers {
            if orders.is_empty() {
                list.extend(rows);
                continue;
            }
            let is_ambiguous = rows.len() < orders.len() && !is_certain;
            // The orders that are left get the last reason.
            let max = rows.len() - 1;
            for (i, order) in orders.iter_mut().enumerate() {
                order.message.clone_from(&rows[i.min(max)].message);
                order.is_ambiguous = is_ambiguous;
            }
            list.append(&mut orders);
        }
        list
    }
}

/// Traces each row of `errList` to the orders of the request.
pub(super) fn trace(err_list: Value<'_>, request_body: &[u8]) -> Result<Traced, OutcomeError> {
    let request = parse(request_body)?;
    let orders = Orders::of(&request)?;
    let mut numbers: Vec<RefusedNumber> = Vec::new();
    let mut index_of: BTreeMap<Cow<'_, str>, usize> = BTreeMap::new();
    for row in err_list.elements() {
        let key = orders.key_of_row(row);
        let index = match key {
            Some(key) => *index_of.entry(key).or_insert(numbers.len()),
            // A row that names nothing is a refusal of its own.
            None => numbers.len(),
        };
        if index == numbers.len() {
            numbers.push(RefusedNumber::default());
        }
        numbers[index].rows.push(entry_of_row(row));
    }
    let mut sent = 0;
    for (index, order) in orders.list().elements().enumerate() {
        sent += 1;
        let number = orders
            .key_of_order(order)
            .and_then(|key| index_of.get(&key));
        if let Some(&number) = number {
            numbers[number]
                .orders
                .push(orders.entry_of_order(order, index));
        }
    }
    Ok(Traced { sent, numbers })
}

/// Counts the orders of a request. `expected` is the number that the response has.
///
/// Searching a body of this crate for the beginnings of orders is faster than parsing it. If the
/// count differs from the expected one, the body is parsed.
pub(super) fn count_orders(
    request_body: &[u8],
    expected: Option<i64>,
) -> Result<usize, OutcomeError> {
    let found = count_beginnings(request_body);
    if found > 0 && expected.is_some_and(|expected| usize::try_from(expected) == Ok(found)) {
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
        message: row.member("errMsg").and_then(text).map(Arc::from),
        is_ambiguous: false,
    }
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
