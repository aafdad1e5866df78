//! Traces refusals back to the orders of a request.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::batch::canonical::ORDER_ID;
use crate::batch::outcome::account::{Count, Group};
use crate::batch::outcome::error::OutcomeError;
use crate::batch::outcome::kind::OutcomeKind;
use crate::batch::outcome::refusal::Refusal;
use crate::check::chars::is_ascii_digits;
use crate::check::memory::{self, NoMemoryError};
use crate::check::phone::PhoneNumber;
use crate::check::violation::JsonType;
use crate::json::tape::{Tape, TapeError};
use crate::json::value::Value;

/// The most digits of a phone number.
const MAX_DIGITS: usize = PhoneNumber::MAX_DIGITS;

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

    pub(super) fn groups(&self) -> Result<Vec<Group>, NoMemoryError> {
        let group = |number: &RefusedNumber| Group {
            rows: number.rows,
            orders: number.orders.len(),
        };
        let nameless = Group {
            rows: self.nameless,
            orders: 0,
        };
        let nameless = Some(nameless).filter(|group| group.rows > 0);
        let mut groups = Vec::new();
        groups.try_reserve_exact(self.numbers.len() + 1)?;
        groups.extend(self.numbers.iter().map(group).chain(nameless));
        Ok(groups)
    }

    /// The refused orders, or the refusals themselves where they belong to no order.
    pub(super) fn into_orders(mut self, kind: OutcomeKind) -> Result<Vec<Refusal>, NoMemoryError> {
        // The counts tell that all orders with a number were refused.
        let is_certain = matches!(kind, OutcomeKind::Partly | OutcomeKind::Refused);
        let mut list = Vec::new();
        for listed in self.listed {
            match listed {
                Listed::Row(row) => push(&mut list, row)?,
                Listed::Orders(index) => {
                    let RefusedNumber { rows, orders, .. } = &mut self.numbers[index];
                    let is_ambiguous = *rows < orders.len() && !is_certain;
                    for order in &mut *orders {
                        order.is_ambiguous = is_ambiguous;
                    }
                    list.try_reserve(orders.len())?;
                    list.append(orders);
                }
            }
        }
        Ok(list)
    }

    /// Counts the rows of each name. `names` are those of all rows, each with the index of its row.
    /// Afterwards each name is there once, with its number.
    fn number(&mut self, names: &mut Vec<(Key<'_>, usize)>) -> Result<(), NoMemoryError> {
        names.sort_unstable();
        // The first row of each name, its place among the names, and the number of its rows.
        let mut firsts: Vec<(usize, usize, usize)> = Vec::new();
        let mut count = 0;
        for at in 0..names.len() {
            if count > 0 && names[at].0 == names[count - 1].0 {
                firsts[count - 1].2 += 1;
                continue;
            }
            push(&mut firsts, (names[at].1, count, 1))?;
            names.swap(count, at);
            count += 1;
        }
        names.truncate(count);
        firsts.sort_unstable();
        self.numbers.try_reserve_exact(count)?;
        for (number, &(_, place, rows)) in firsts.iter().enumerate() {
            names[place].1 = number;
            self.numbers.push(RefusedNumber {
                rows,
                ..RefusedNumber::default()
            });
        }
        Ok(())
    }

    /// Lists a row: for the orders with its number, or as it is if there are none.
    fn list(&mut self, row: Value<'_>, number: Option<usize>) -> Result<(), NoMemoryError> {
        let of_orders = number.filter(|&index| !self.numbers[index].orders.is_empty());
        let Some(index) = of_orders else {
            if self.unknown < self.max_unknown() {
                push(&mut self.listed, Listed::Row(entry_of_row(row)?))?;
            }
            self.unknown += 1;
            return Ok(());
        };
        let RefusedNumber {
            rows,
            rows_read,
            orders,
        } = &mut self.numbers[index];
        if *rows_read == 0 {
            push(&mut self.listed, Listed::Orders(index))?;
        }
        let is_last = *rows_read + 1 == *rows;
        if let Some(orders) = orders.get_mut(*rows_read..) {
            // The orders that are left get the last reason.
            let end = if is_last { orders.len() } else { 1 };
            let message = message_of_row(row)?;
            for order in orders.iter_mut().take(end) {
                order.message.clone_from(&message);
            }
        }
        *rows_read += 1;
        Ok(())
    }
}

fn push<T>(list: &mut Vec<T>, item: T) -> Result<(), NoMemoryError> {
    list.try_reserve(1)?;
    list.push(item);
    Ok(())
}

/// Traces each row of `errList` to the orders of the request.
pub(super) fn trace(err_list: Value<'_>, request_body: &[u8]) -> Result<Traced, OutcomeError> {
    let request = parse(request_body)?;
    let orders = Orders::of(&request)?;
    let mut traced = Traced::nothing(0);
    // The numbers by their names, sorted.
    let mut names = Vec::new();
    for (index, row) in err_list.elements().enumerate() {
        match orders.key_of_row(row) {
            Some(key) => push(&mut names, (key, index))?,
            // A row that names nothing is a refusal of its own.
            None => traced.nameless += 1,
        }
    }
    traced.number(&mut names)?;
    let find = |key: Key<'_>| {
        let place = names.binary_search_by(|(each, _)| each.cmp(&key));
        place.ok().map(|place| names[place].1)
    };
    for (index, order) in orders.list().elements().enumerate() {
        traced.sent += 1;
        if let Some(number) = orders.key_of_order(order).and_then(find) {
            let order = orders.entry_of_order(order, index)?;
            push(&mut traced.numbers[number].orders, order)?;
        }
    }
    for row in err_list.elements() {
        traced.list(row, orders.key_of_row(row).and_then(find))?;
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
    let keep = || Ok(Arc::new(memory::to_string(body)?));
    Tape::parse(body, keep, |_| false).map_err(|error| match error {
        TapeError::NoMemory => OutcomeError::NoMemory,
        _ => OutcomeError::Request,
    })
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
    fn key_of_row(self, row: Value<'_>) -> Option<Key<'_>> {
        match self {
            Self::ByPhone(_) => Key::phone(text(row.member("phone")?)?),
            Self::ById(_) => text(row.member("orderID")?).map(Key::Plain),
        }
    }

    /// What an order is compared by.
    fn key_of_order(self, order: Value<'_>) -> Option<Key<'_>> {
        match self {
            Self::ByPhone(_) => Key::phone(order.member("userPhone")?.as_str()?),
            Self::ById(_) => order.as_str().map(Key::Plain),
        }
    }

    fn entry_of_order(self, order: Value<'_>, index: usize) -> Result<Refusal, NoMemoryError> {
        let (order_id, phone) = match self {
            Self::ByPhone(_) => (order.member("orderID"), order.member("userPhone")),
            Self::ById(_) => (Some(order), None),
        };
        let string = |value: Option<Value<'_>>| copy(value.and_then(Value::as_str));
        Ok(Refusal {
            order: Some(index),
            order_id: string(order_id)?,
            phone: string(phone)?,
            message: None,
            is_ambiguous: false,
        })
    }
}

/// What a row of `errList` says.
fn entry_of_row(row: Value<'_>) -> Result<Refusal, NoMemoryError> {
    let member = |key| copy(row.member(key).and_then(text));
    Ok(Refusal {
        order: None,
        order_id: member("orderID")?,
        phone: member("phone")?,
        message: message_of_row(row)?,
        is_ambiguous: false,
    })
}

fn message_of_row(row: Value<'_>) -> Result<Option<Arc<String>>, NoMemoryError> {
    let message = copy(row.member("errMsg").and_then(text))?;
    Ok(message.map(Arc::new))
}

fn copy(string: Option<&str>) -> Result<Option<String>, NoMemoryError> {
    let copied = string.map(memory::to_string);
    copied.transpose()
}

/// A string, or the digits of a number.
fn text(value: Value<'_>) -> Option<&str> {
    let digits = || Some(value.json()).filter(|json| is_ascii_digits(json.as_bytes()));
    value.as_str().or_else(digits)
}

/// What tells an order: its ID, or the digits of its phone number, without the zeros of a prefix
/// such as `00`.
#[derive(Clone, Copy)]
enum Key<'v> {
    Plain(&'v str),
    /// The digits of a phone number with other characters.
    Spelled {
        digits: [u8; MAX_DIGITS],
        len: usize,
    },
}

impl<'v> Key<'v> {
    /// `None` if there are no digits, or more than a number has.
    fn phone(phone: &'v str) -> Option<Self> {
        if phone.bytes().all(|byte| byte.is_ascii_digit()) {
            let digits = phone.trim_start_matches('0');
            return (!digits.is_empty()).then_some(Self::Plain(digits));
        }
        let (mut digits, mut len) = ([0; MAX_DIGITS], 0);
        let found = phone.bytes().filter(u8::is_ascii_digit);
        for digit in found.skip_while(|&byte| byte == b'0') {
            *digits.get_mut(len)? = digit;
            len += 1;
        }
        (len > 0).then_some(Self::Spelled { digits, len })
    }

    /// The bytes that are compared.
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Plain(key) => key.as_bytes(),
            Self::Spelled { digits, len } => &digits[..*len],
        }
    }
}

impl Ord for Key<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.bytes().cmp(other.bytes())
    }
}

impl PartialOrd for Key<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Key<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Key<'_> {}
