//! Reads the documented JSON body into a batch.
//!
//! Each order is added as soon as it is read. A document that is canonical already takes a
//! [fast path](verbatim).

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::mem;

use serde::de::{IgnoredAny, MapAccess, SeqAccess};
use serde_json::value::RawValue;

use crate::api::task;
use crate::batch::canonical;
use crate::batch::order::{self, PartialOrder, PartialParam, path_of_param};
use crate::batch::transaction::{SAMPLE, Transaction};
use crate::batch::verbatim;
use crate::check::path::Path;
use crate::check::violation::{JsonType, ViolationKind, Violations};
use crate::json::by_table::{Member, Members, Reading};
use crate::json::reader::{self, AnyKey, Expected, Key, Keys, Seed, StringAt, wrong_type};
use crate::json::schema::Table;

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
    let mut reader = DocumentReader {
        json,
        transaction,
        may_lack_orders: format.may_lack_orders,
        is_reserved: false,
        path: Path::ROOT,
        members: Members::new(format.table, Path::ROOT),
        order_callback_url: None,
        call_callback_url: None,
        params: Vec::new(),
    };
    match reader::read(json, Document(&mut reader)) {
        Ok(()) => {
            reader.set_head();
            reader.transaction.set_tail(reader.members.extra());
            let mut violations = transaction.violations().iter();
            if violations.any(|violation| violation.order_index().is_none()) {
                transaction.abort();
            }
        }
        Err(kind) => {
            let path = reader.path;
            transaction.violations().push(path, kind);
            transaction.abort();
        }
    }
}

struct DocumentReader<'t, 'b, 'de> {
    json: &'de str,
    transaction: &'t mut Transaction<'b>,
    may_lack_orders: bool,
    /// Whether capacity was reserved for all orders that are expected.
    is_reserved: bool,
    /// What is being read: the place of a syntax error.
    path: Path,
    /// Everything but `callInfoList`.
    members: Members,
    order_callback_url: Option<Cow<'de, str>>,
    call_callback_url: Option<Cow<'de, str>>,
    /// The params of the order that is being read; kept for its memory.
    params: Vec<PartialParam<'de>>,
}

impl<'de> DocumentReader<'_, '_, 'de> {
    /// Sets the body's head, once all that it needs is read. If that is before the first order and
    /// nothing of it comes later, as in the documented order of the keys, no order has to be moved.
    fn set_head(&mut self) {
        let (Some(order_callback_url), Some(call_callback_url)) =
            (&self.order_callback_url, &self.call_callback_url)
        else {
            return;
        };
        if let Some(mut head) = self.members.rows_before(task::CALL_INFO_LIST) {
            canonical::push_urls(&mut head, order_callback_url, call_callback_url);
            self.transaction.set_head(&head);
        }
    }

    /// Reads the value of a member that is not `callInfoList`.
    fn set_member(&mut self, member: &Member, key: &str, value: &'de str) {
        let mut reading = Reading {
            json: self.json,
            allows_blank_edges: Some(self.transaction.allows_blank_edges()),
            violations: self.transaction.violations(),
        };
        self.members.set(member, key, value, &mut reading);
    }

    /// Reserves capacity for all orders after a sample was read, assuming that the rest of the
    /// document is like the part up to `last_read`.
    fn reserve(&mut self, last_read: &'de str) {
        let (orders, orders_len) = self.transaction.size();
        if self.is_reserved || orders < SAMPLE {
            return;
        }
        self.is_reserved = true;
        let read = last_read.as_ptr().addr() - self.json.as_ptr().addr();
        // A little more than that, since growing at the end would double the capacity.
        let rest = (self.json.len() - read) / 32 * 33;
        self.transaction
            .reserve(0, rest.saturating_mul(orders_len) / read);
    }

    /// Reads a value that must be a string. `None` for anything else, which is reported.
    fn string<F, A: MapAccess<'de>>(
        &mut self,
        object: &mut A,
        path: Path,
        key: &Key<F>,
    ) -> Result<Option<Cow<'de, str>>, A::Error> {
        object.next_value_seed(Seed(StringAt {
            path: path.with_pattern(key.pattern),
            hint_if_null: key.hint_if_absent,
            violations: self.transaction.violations(),
        }))
    }

    /// Reads a callback URL, and validates it.
    fn url<F, A: MapAccess<'de>>(
        &mut self,
        object: &mut A,
        key: &Key<F>,
    ) -> Result<Option<Cow<'de, str>>, A::Error> {
        let url = self.string(object, Path::ROOT, key)?;
        if let Some(url) = &url {
            task::check_callback_url(key.pattern, url, self.transaction.violations());
        }
        Ok(url)
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

/// The document: the object that holds everything.
struct Document<'r, 't, 'b, 'de>(&'r mut DocumentReader<'t, 'b, 'de>);

impl<'de> Expected<'de> for Document<'_, '_, '_, 'de> {
    type Value = ();

    fn wrong_type(self, found: JsonType) {
        let kind = wrong_type(JsonType::Object, found);
        self.0.transaction.violations().push(Path::ROOT, kind);
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let reader = self.0;
        while let Some(key) = object.next_key_seed(AnyKey)? {
            let violations = reader.transaction.violations();
            let member = reader.members.begin(&key, violations);
            match member {
                Member::Row(index) if reader.members.row(index).path == task::CALL_INFO_LIST => {
                    object.next_value_seed(Seed(CallInfoList(reader)))?;
                }
                Member::Row(_) | Member::Extra => {
                    let value = object.next_value::<&'de RawValue>()?;
                    reader.set_member(&member, &key, value.get());
                }
                Member::Skipped => {
                    object.next_value::<IgnoredAny>()?;
                }
            }
        }
        reader.members.finish(reader.transaction.violations());
        Ok(())
    }
}

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

/// `callInfoList`: an object, despite its name.
struct CallInfoList<'r, 't, 'b, 'de>(&'r mut DocumentReader<'t, 'b, 'de>);

impl<'de> Expected<'de> for CallInfoList<'_, '_, '_, 'de> {
    type Value = ();

    fn wrong_type(self, found: JsonType) {
        let hint = match found {
            JsonType::Array => "; it is an object, despite its name",
            _ => "",
        };
        let kind = wrong_type(JsonType::Object, found);
        let violations = self.0.transaction.violations();
        violations.push_with_hint(Path::new(task::CALL_INFO_LIST), kind, hint);
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let reader = self.0;
        let mut keys = Keys::of(CALL_INFO_LIST_KEYS, Path::new(task::CALL_INFO_LIST));
        while let Some(key) = keys.next(&mut object, reader.transaction.violations())? {
            match key.field {
                CallInfoListField::OrderCallbackUrl => {
                    reader.order_callback_url = reader.url(&mut object, key)?;
                }
                CallInfoListField::CallCallbackUrl => {
                    reader.call_callback_url = reader.url(&mut object, key)?;
                }
                CallInfoListField::CallList => {
                    reader.set_head();
                    object.next_value_seed(Seed(CallList(reader)))?;
                    reader.path = Path::ROOT;
                }
            }
        }
        if reader.may_lack_orders {
            keys.excuse(CALL_INFO_LIST_KEYS.len() - 1);
        }
        keys.finish(reader.transaction.violations());
        Ok(())
    }
}

/// `callList`: the orders.
struct CallList<'r, 't, 'b, 'de>(&'r mut DocumentReader<'t, 'b, 'de>);

impl<'de> Expected<'de> for CallList<'_, '_, '_, 'de> {
    type Value = ();

    fn wrong_type(self, found: JsonType) {
        let kind = wrong_type(JsonType::Array, found);
        let violations = self.0.transaction.violations();
        violations.push(Path::new(CALL_LIST), kind);
    }

    fn array<A: SeqAccess<'de>>(self, mut array: A) -> Result<(), A::Error> {
        let reader = self.0;
        loop {
            reader.path = reader.transaction.next_path();
            if array.next_element_seed(Seed(JsonOrder(reader)))?.is_none() {
                return Ok(());
            }
            reader.transaction.end_order();
        }
    }
}

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

/// One order.
struct JsonOrder<'r, 't, 'b, 'de>(&'r mut DocumentReader<'t, 'b, 'de>);

impl<'de> Expected<'de> for JsonOrder<'_, '_, '_, 'de> {
    type Value = ();

    fn wrong_type(self, found: JsonType) {
        let transaction = &mut *self.0.transaction;
        let path = transaction.begin_order().path;
        let kind = wrong_type(JsonType::Object, found);
        transaction.violations().push(path, kind);
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let reader = self.0;
        let begun = reader.transaction.begin_order();
        let path = begun.path;
        let mut order = PartialOrder::default();
        let mut keys = Keys::of(ORDER_KEYS, path);
        while let Some(key) = keys.next(&mut object, reader.transaction.violations())? {
            let string = match key.field {
                OrderField::OrderId => &mut order.order_id,
                OrderField::UserPhone => {
                    order.user_phone = object.next_value_seed(Seed(Phone(StringAt {
                        path: path.with_pattern(key.pattern),
                        hint_if_null: key.hint_if_absent,
                        violations: reader.transaction.violations(),
                    })))?;
                    continue;
                }
                OrderField::Other => &mut order.other,
                OrderField::UserName => &mut order.user_name,
                OrderField::CustomerName => &mut order.customer_name,
                OrderField::Params => {
                    order.params = object.next_value_seed(Seed(Params {
                        list: mem::take(&mut reader.params),
                        order: path,
                        hint_if_null: key.hint_if_absent,
                        violations: reader.transaction.violations(),
                    }))?;
                    continue;
                }
            };
            *string = reader.string(&mut object, path, key)?;
        }
        keys.finish(reader.transaction.violations());
        reader.transaction.add_partial(begun, &order);
        if let Some(Cow::Borrowed(order_id)) = order.order_id {
            reader.reserve(order_id);
        }
        if let Some(mut list) = order.params {
            list.clear();
            reader.params = list;
        }
        Ok(())
    }
}

/// `userPhone`: a string, which is often a number by mistake.
struct Phone<'v>(StringAt<'v>);

impl<'de> Expected<'de> for Phone<'_> {
    type Value = Option<Cow<'de, str>>;

    fn wrong_type(self, found: JsonType) -> Self::Value {
        if found == JsonType::Number {
            let StringAt {
                path, violations, ..
            } = self.0;
            violations.push(path, ViolationKind::PhoneJsonNumber);
            return None;
        }
        self.0.wrong_type(found)
    }

    fn string(self, string: Cow<'de, str>) -> Self::Value {
        Some(string)
    }
}

/// The params of one order.
struct Params<'r, 'de> {
    list: Vec<PartialParam<'de>>,
    order: Path,
    hint_if_null: &'static str,
    violations: &'r mut Violations,
}

impl<'de> Expected<'de> for Params<'_, 'de> {
    type Value = Option<Vec<PartialParam<'de>>>;

    fn wrong_type(self, found: JsonType) -> Self::Value {
        let hint = match found {
            JsonType::Null => self.hint_if_null,
            _ => "",
        };
        let path = self.order.with_pattern(order::PARAMS);
        let kind = wrong_type(JsonType::Array, found);
        self.violations.push_with_hint(path, kind, hint);
        None
    }

    fn array<A: SeqAccess<'de>>(self, mut array: A) -> Result<Self::Value, A::Error> {
        let Self {
            mut list,
            order,
            violations,
            ..
        } = self;
        for index in 0.. {
            let seed = Seed(JsonParam {
                path: path_of_param(order, index),
                violations: &mut *violations,
            });
            match array.next_element_seed(seed)? {
                None => break,
                // Nothing more can be reported of a param that could not be read.
                Some(PartialParam {
                    name: None,
                    value: None,
                    ..
                }) => {}
                Some(param) => list.push(PartialParam { index, ..param }),
            }
        }
        Ok(Some(list))
    }
}

pub(super) enum ParamField {
    Name,
    Value,
}

pub(super) const PARAM_KEYS: &[Key<ParamField>] = &[
    key("name", ParamField::Name, order::NAME),
    key("value", ParamField::Value, order::VALUE),
];

/// One param.
struct JsonParam<'v> {
    path: Path,
    violations: &'v mut Violations,
}

impl<'de> Expected<'de> for JsonParam<'_> {
    type Value = PartialParam<'de>;

    fn wrong_type(self, found: JsonType) -> Self::Value {
        let kind = wrong_type(JsonType::Object, found);
        self.violations.push(self.path, kind);
        PartialParam::default()
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let Self { path, violations } = self;
        let mut param = PartialParam::default();
        let mut keys = Keys::of(PARAM_KEYS, path);
        while let Some(key) = keys.next(&mut object, violations)? {
            let string = object.next_value_seed(Seed(StringAt {
                path: path.with_pattern(key.pattern),
                hint_if_null: key.hint_if_absent,
                violations: &mut *violations,
            }))?;
            match key.field {
                ParamField::Name => param.name = string,
                ParamField::Value => param.value = string,
            }
        }
        keys.finish(violations);
        Ok(param)
    }
}
