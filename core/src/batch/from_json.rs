//! Reads the documented JSON body into a batch.
//!
//! Each order is added as soon as it is read. A document that is canonical already takes a
//! [fast path](verbatim).

use alloc::vec::Vec;
use core::mem;

use crate::api::task;
use crate::batch::canonical;
use crate::batch::order::{self, PartialOrder, PartialParam, path_of_param};
use crate::batch::transaction::{SAMPLE, Transaction};
use crate::batch::verbatim;
use crate::check::memory::NoMemoryError;
use crate::check::path::Path;
use crate::check::violation::{JsonType, ViolationKind};
use crate::json::by_table::{Member, Members, Reading};
use crate::json::keys::{Key, Keys};
use crate::json::reader::{self, Parsed, Reader, wrong_type};
use crate::json::schema::Table;
use crate::json::utf8::Text;

/// What a document must be.
#[derive(Clone, Copy)]
pub(crate) struct Format {
    /// Of the document without its orders.
    pub(crate) table: &'static Table,
    /// Whether the list of orders may be missing.
    pub(crate) may_lack_orders: bool,
}

/// Reads a document into an empty batch. The transaction then has the valid orders and every
/// violation. It is aborted if something other than an order is wrong.
pub(crate) fn read(json: &[u8], format: Format, transaction: &mut Transaction<'_>) {
    match reader::string_of(json) {
        Ok(json) => read_str(json, format, transaction),
        Err(kind) => {
            transaction.violations().push(Path::ROOT, kind);
            transaction.abort();
        }
    }
}

pub(super) fn read_str(json: &str, format: Format, transaction: &mut Transaction<'_>) {
    let read_any = |json: &str, transaction: &mut Transaction<'_>| {
        read_any(json, format, transaction);
    };
    if !verbatim::read(json, transaction, read_any) {
        read_any(json, transaction);
    }
}

/// Does the same without the fast path.
pub(super) fn read_any(json: &str, format: Format, transaction: &mut Transaction<'_>) {
    let members = match Members::new(format.table, Path::ROOT) {
        Ok(members) => members,
        Err(error) => return transaction.violations().fail(error),
    };
    let mut document = DocumentReader {
        reader: Reader::new(json),
        transaction,
        may_lack_orders: format.may_lack_orders,
        is_reserved: false,
        path: Path::ROOT,
        members,
        order_callback_url: None,
        call_callback_url: None,
        params: Vec::new(),
    };
    let read = document.read().and_then(|()| document.set_head());
    match read {
        Ok(()) => {
            document.transaction.set_tail(document.members.extra());
            let mut violations = transaction.violations().iter();
            if violations.any(|violation| violation.order_index().is_none()) {
                transaction.abort();
            }
        }
        Err(error) => {
            let path = document.path;
            let violations = document.transaction.violations();
            document.reader.report_error(error, path, violations);
            transaction.abort();
        }
    }
}

struct DocumentReader<'t, 'b, 'j> {
    reader: Reader<'j>,
    transaction: &'t mut Transaction<'b>,
    may_lack_orders: bool,
    /// Whether capacity was reserved for all orders that are expected.
    is_reserved: bool,
    /// What is being read: the place of a syntax error.
    path: Path,
    /// Everything but `callInfoList`.
    members: Members,
    order_callback_url: Option<Text<'j>>,
    call_callback_url: Option<Text<'j>>,
    /// The params of the order that is being read; kept for its memory.
    params: Vec<PartialParam<'j>>,
}

impl<'j> DocumentReader<'_, '_, 'j> {
    /// Sets the body's head, once all that it needs is read. If that is before the first order and
    /// nothing of it comes later, as in the documented order of the keys, no order has to be moved.
    fn set_head(&mut self) -> Parsed {
        let (Some(order_callback_url), Some(call_callback_url)) =
            (&self.order_callback_url, &self.call_callback_url)
        else {
            return Ok(());
        };
        if let Some(mut head) = self.members.rows_before(task::CALL_INFO_LIST)? {
            canonical::push_urls(
                &mut head,
                order_callback_url.as_str(),
                call_callback_url.as_str(),
            )?;
            self.transaction.set_head(&head);
        }
        Ok(())
    }

    /// Reserves capacity for all orders after a sample was read, assuming that the rest of the
    /// document is like the part before.
    fn reserve(&mut self) {
        let (orders, orders_len) = self.transaction.size();
        if self.is_reserved || orders < SAMPLE {
            return;
        }
        self.is_reserved = true;
        let read = self.reader.offset();
        // A little more than that, since growing at the end would double the capacity.
        let rest = (self.reader.len() - read) / 32 * 33;
        self.transaction
            .reserve(0, rest.saturating_mul(orders_len) / read);
    }

    /// Reports a value of the wrong type and skips it.
    fn wrong_type(
        &mut self,
        path: Path,
        expected: JsonType,
        found: JsonType,
        hint: &'static str,
    ) -> Parsed {
        self.reader.skip()?;
        let kind = wrong_type(expected, found);
        let violations = self.transaction.violations();
        violations.push_with_hint(path, kind, hint);
        Ok(())
    }

    /// Reads a value that must be a string. `None` for anything else, which is reported.
    fn string<F>(&mut self, object: Path, key: &Key<F>) -> Parsed<Option<Text<'j>>> {
        let path = object.with_pattern(key.pattern);
        let violations = self.transaction.violations();
        self.reader.string_at(path, key.hint_if_absent, violations)
    }

    /// Reads a callback URL, and validates it.
    fn url<F>(&mut self, key: &Key<F>) -> Parsed<Option<Text<'j>>> {
        let url = self.string(Path::ROOT, key)?;
        if let Some(url) = &url {
            let violations = self.transaction.violations();
            task::check_callback_url(key.pattern, url.as_str(), violations);
        }
        Ok(url)
    }

    /// Reads the document: the object that holds everything.
    fn read(&mut self) -> Parsed {
        let found = self.reader.next_type()?;
        if found != JsonType::Object {
            self.wrong_type(Path::ROOT, JsonType::Object, found, "")?;
            return self.reader.end();
        }
        let mut open = self.reader.open();
        while let Some(key) = self.reader.next_key(&mut open)? {
            let mut reading = Reading {
                reader: &mut self.reader,
                allows_blank_edges: self.transaction.allows_blank_edges(),
                violations: self.transaction.violations(),
            };
            let member = self.members.begin(&key, &mut reading)?;
            match member {
                Member::Row(index) if self.members.row(index).path == task::CALL_INFO_LIST => {
                    self.call_info_list()?;
                }
                _ => self.members.set(&member, &key, &mut reading)?,
            }
        }
        self.members.finish(self.transaction.violations());
        self.reader.end()
    }

    /// Reads `callInfoList`: an object, despite its name.
    fn call_info_list(&mut self) -> Parsed {
        let path = Path::new(task::CALL_INFO_LIST);
        let found = self.reader.next_type()?;
        if found != JsonType::Object {
            let hint = match found {
                JsonType::Array => "; it is an object, despite its name",
                _ => "",
            };
            return self.wrong_type(path, JsonType::Object, found, hint);
        }
        let mut keys = Keys::of(CALL_INFO_LIST_KEYS, path, &mut self.reader);
        while let Some(key) = keys.next(&mut self.reader, self.transaction.violations())? {
            match key.field {
                CallInfoListField::OrderCallbackUrl => self.order_callback_url = self.url(key)?,
                CallInfoListField::CallCallbackUrl => self.call_callback_url = self.url(key)?,
                CallInfoListField::CallList => {
                    self.set_head()?;
                    self.call_list()?;
                    self.path = Path::ROOT;
                }
            }
        }
        if self.may_lack_orders {
            keys.excuse(CALL_INFO_LIST_KEYS.len() - 1);
        }
        keys.finish(self.transaction.violations());
        Ok(())
    }

    /// Reads `callList`: the orders.
    fn call_list(&mut self) -> Parsed {
        let found = self.reader.next_type()?;
        if found != JsonType::Array {
            return self.wrong_type(Path::new(CALL_LIST), JsonType::Array, found, "");
        }
        let mut open = self.reader.open();
        loop {
            self.path = self.transaction.next_path();
            if !self.reader.next_element(&mut open)? {
                return Ok(());
            }
            self.order()?;
            self.transaction.end_order();
        }
    }

    /// Reads one order.
    fn order(&mut self) -> Parsed {
        let found = self.reader.next_type()?;
        let begun = self.transaction.begin_order();
        let path = begun.path;
        if found != JsonType::Object {
            return self.wrong_type(path, JsonType::Object, found, "");
        }
        let mut order = PartialOrder::default();
        let mut keys = Keys::of(ORDER_KEYS, path, &mut self.reader);
        while let Some(key) = keys.next(&mut self.reader, self.transaction.violations())? {
            match key.field {
                OrderField::OrderId => order.order_id = self.string(path, key)?,
                OrderField::UserPhone => order.user_phone = self.phone(path, key)?,
                OrderField::Other => order.other = self.string(path, key)?,
                OrderField::UserName => order.user_name = self.string(path, key)?,
                OrderField::CustomerName => order.customer_name = self.string(path, key)?,
                OrderField::Params => order.params = self.params(path, key)?,
            }
        }
        keys.finish(self.transaction.violations());
        self.transaction.add_partial(begun, &order);
        if let Some(error) = self.transaction.violations().no_memory() {
            return Err(error.into());
        }
        self.reserve();
        if let Some(mut list) = order.params {
            list.clear();
            self.params = list;
        }
        Ok(())
    }

    /// Reads `userPhone`: a string, which is often a number by mistake.
    fn phone<F>(&mut self, order: Path, key: &Key<F>) -> Parsed<Option<Text<'j>>> {
        if self.reader.next_type()? != JsonType::Number {
            return self.string(order, key);
        }
        self.reader.skip()?;
        let path = order.with_pattern(key.pattern);
        let violations = self.transaction.violations();
        violations.push(path, ViolationKind::PhoneJsonNumber);
        Ok(None)
    }

    /// Reads the params of one order.
    fn params<F>(&mut self, order: Path, key: &Key<F>) -> Parsed<Option<Vec<PartialParam<'j>>>> {
        let found = self.reader.next_type()?;
        if found != JsonType::Array {
            let hint = match found {
                JsonType::Null => key.hint_if_absent,
                _ => "",
            };
            let path = order.with_pattern(key.pattern);
            self.wrong_type(path, JsonType::Array, found, hint)?;
            return Ok(None);
        }
        let mut list = mem::take(&mut self.params);
        let mut open = self.reader.open();
        for index in 0.. {
            if !self.reader.next_element(&mut open)? {
                break;
            }
            let param = self.param(path_of_param(order, index), index)?;
            // Nothing more can be reported of a param that could not be read.
            if param.name.is_some() || param.value.is_some() {
                list.try_reserve(1).map_err(NoMemoryError::from)?;
                list.push(param);
            }
        }
        Ok(Some(list))
    }

    /// Reads one param.
    fn param(&mut self, path: Path, index: usize) -> Parsed<PartialParam<'j>> {
        let mut param = PartialParam {
            index,
            ..PartialParam::default()
        };
        let found = self.reader.next_type()?;
        if found != JsonType::Object {
            self.wrong_type(path, JsonType::Object, found, "")?;
            return Ok(param);
        }
        let mut keys = Keys::of(PARAM_KEYS, path, &mut self.reader);
        while let Some(key) = keys.next(&mut self.reader, self.transaction.violations())? {
            let string = self.string(path, key)?;
            match key.field {
                ParamField::Name => param.name = string,
                ParamField::Value => param.value = string,
            }
        }
        keys.finish(self.transaction.violations());
        Ok(param)
    }
}

/// A key that must be there and has a value of its own.
const fn key<F>(name: &'static str, field: F, pattern: &'static str) -> Key<F> {
    Key {
        name,
        field,
        pattern,
        hint_if_absent: "",
    }
}

/// A key that must be there and may have an empty string.
const fn may_be_empty<F>(name: &'static str, field: F, pattern: &'static str) -> Key<F> {
    Key {
        name,
        field,
        pattern,
        hint_if_absent: "; give an empty string if there is none",
    }
}

pub(crate) const CALL_LIST: &str = "/callInfoList/callList";

enum CallInfoListField {
    OrderCallbackUrl,
    CallCallbackUrl,
    CallList,
}

const CALL_INFO_LIST_KEYS: &[Key<CallInfoListField>] = &[
    key(
        "orderCallbackUrl",
        CallInfoListField::OrderCallbackUrl,
        task::ORDER_CALLBACK_URL,
    ),
    key(
        "callCallbackUrl",
        CallInfoListField::CallCallbackUrl,
        task::CALL_CALLBACK_URL,
    ),
    key("callList", CallInfoListField::CallList, CALL_LIST),
];

pub(super) enum OrderField {
    OrderId,
    UserPhone,
    Other,
    UserName,
    CustomerName,
    Params,
}

pub(super) const ORDER_KEYS: &[Key<OrderField>] = &[
    key("orderID", OrderField::OrderId, order::ORDER_ID),
    key("userPhone", OrderField::UserPhone, order::USER_PHONE),
    may_be_empty("other", OrderField::Other, order::OTHER),
    may_be_empty("userName", OrderField::UserName, order::USER_NAME),
    may_be_empty(
        "customerName",
        OrderField::CustomerName,
        order::CUSTOMER_NAME,
    ),
    Key {
        name: "params",
        field: OrderField::Params,
        pattern: order::PARAMS,
        hint_if_absent: "; give [] if there are none",
    },
];

pub(super) enum ParamField {
    Name,
    Value,
}

pub(super) const PARAM_KEYS: &[Key<ParamField>] = &[
    key("name", ParamField::Name, order::NAME),
    key("value", ParamField::Value, order::VALUE),
];
