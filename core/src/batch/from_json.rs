//! The documented JSON body, read into a batch.
//!
//! The text is read once, from front to back, and each order goes into the batch as soon as it was read. Reading does not
//! stop at a value of the wrong type or a wrong key: they are reported and passed over, so that everything is said at
//! once. Only a mistake in JSON's own syntax ends it.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt;
use core::mem;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::batch::filling::Filling;
use crate::batch::order::{OrderFields, ParamFields};
use crate::batch::verbatim;
use crate::batch::{Policy, Task};
use crate::check::violation::{Field, JsonType, Place, ViolationKind, Violations};

/// Reads `json` into an empty batch. Returns what is wrong with it; the batch then holds the orders that are right.
///
/// # Errors
///
/// What is wrong with it, where the text cannot be read to its end.
pub(crate) fn read(
    json: &[u8],
    mut batch: Filling<'_>,
    policy: Policy,
) -> Result<Violations, Violations> {
    let text = match text_of(json) {
        Ok(text) => text,
        Err(fault) => {
            let mut violations = Violations::new();
            violations.push(Place::top(Field::Document), fault);
            return Err(violations);
        }
    };
    if verbatim::read(text, &mut batch) {
        Ok(Violations::new())
    } else {
        read_any(text, batch, policy)
    }
}

/// The same for text in any form.
pub(crate) fn read_any(
    text: &str,
    batch: Filling<'_>,
    policy: Policy,
) -> Result<Violations, Violations> {
    let mut reader = Reader {
        text,
        batch,
        reserved: false,
        policy,
        violations: Violations::new(),
        place: Place::top(Field::Document),
        task: TaskTexts::default(),
        params: Vec::new(),
    };
    match reader.read_document() {
        Ok(()) => Ok(reader.violations),
        Err(fault) => {
            reader.violations.push(reader.place, fault);
            Err(reader.violations)
        }
    }
}

struct Reader<'b, 'de> {
    text: &'de str,
    batch: Filling<'b>,
    /// Whether memory was taken for all orders that are expected.
    reserved: bool,
    policy: Policy,
    violations: Violations,
    /// What is being read: where the text breaks off, if it does.
    place: Place,
    task: TaskTexts<'de>,
    /// The params of the order that is being read; kept for its memory.
    params: Vec<JsonParam<'de>>,
}

#[derive(Default)]
struct TaskTexts<'de> {
    user_task_id: Option<Cow<'de, str>>,
    order_callback_url: Option<Cow<'de, str>>,
    call_callback_url: Option<Cow<'de, str>>,
    /// Whether the batch has them.
    set: bool,
}

/// An order as far as it could be read.
#[derive(Default)]
struct OrderRead<'de> {
    order_id: Option<Cow<'de, str>>,
    user_phone: Option<Cow<'de, str>>,
    other: Option<Cow<'de, str>>,
    user_name: Option<Cow<'de, str>>,
    customer_name: Option<Cow<'de, str>>,
    params: Option<Vec<JsonParam<'de>>>,
}

impl<'de> OrderFields for OrderRead<'de> {
    type Text = str;
    type Param = JsonParam<'de>;

    fn order_id(&self) -> Option<&str> {
        self.order_id.as_deref()
    }

    fn user_phone(&self) -> Option<&str> {
        self.user_phone.as_deref()
    }

    fn other(&self) -> Option<&str> {
        self.other.as_deref()
    }

    fn user_name(&self) -> Option<&str> {
        self.user_name.as_deref()
    }

    fn customer_name(&self) -> Option<&str> {
        self.customer_name.as_deref()
    }

    fn params(&self) -> Option<&[JsonParam<'de>]> {
        self.params.as_deref()
    }
}

/// A param as far as it could be read.
#[derive(Default)]
struct JsonParam<'de> {
    /// Which param of its order it is.
    index: usize,
    name: Option<Cow<'de, str>>,
    value: Option<Cow<'de, str>>,
}

impl ParamFields for JsonParam<'_> {
    type Text = str;

    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    fn value(&self) -> Option<&str> {
        self.value.as_deref()
    }

    fn index(&self, _: usize) -> usize {
        self.index
    }
}

impl<'de> Reader<'_, 'de> {
    fn read_document(&mut self) -> Result<(), ViolationKind> {
        let mut deserializer = serde_json::Deserializer::from_str(self.text);
        Seed(Document(self))
            .deserialize(&mut deserializer)
            .map_err(|error| syntax_fault(&error))?;
        deserializer
            .end()
            .map_err(|error| ViolationKind::TrailingBytes {
                line: error.line(),
                column: error.column(),
            })?;
        self.set_task();
        Ok(())
    }

    /// Gives the batch its task as soon as all of it was read. When that is before the first order, as in the documented
    /// order of the keys, no order has to be moved.
    fn set_task(&mut self) {
        let TaskTexts {
            user_task_id: Some(user_task_id),
            order_callback_url: Some(order_callback_url),
            call_callback_url: Some(call_callback_url),
            set: set @ false,
        } = &mut self.task
        else {
            return;
        };
        self.batch.set_task(&Task {
            user_task_id,
            order_callback_url,
            call_callback_url,
        });
        *set = true;
    }

    /// Takes memory for all orders once some were read: as much as the rest of the text needs, if it is like that which
    /// was read so far, up to `last_read`.
    fn reserve(&mut self, last_read: &'de str) {
        if self.reserved || *self.batch.len < Filling::TRIED {
            return;
        }
        self.reserved = true;
        let read = last_read.as_ptr().addr() - self.text.as_ptr().addr();
        let orders = self.batch.body.orders().len();
        // A little more than that, since to grow in the end would take the double.
        let rest = (self.text.len() - read) / 32 * 33;
        self.batch.reserve(0, rest.saturating_mul(orders) / read);
    }

    fn check_room(&mut self, index: usize) {
        self.batch
            .check_room(index, self.policy, &mut self.violations);
    }

    /// Reads a value that must be a string. `None` when it is something else, which is then reported.
    fn text<A: MapAccess<'de>>(
        &mut self,
        map: &mut A,
        place: Place,
    ) -> Result<Option<Cow<'de, str>>, A::Error> {
        map.next_value_seed(Seed(Text {
            place,
            violations: &mut self.violations,
        }))
    }

    /// Reads a value that must be a string and is part of the task.
    fn task_text<A: MapAccess<'de>>(
        &mut self,
        map: &mut A,
        field: Field,
    ) -> Result<Option<Cow<'de, str>>, A::Error> {
        let text = self.text(map, Place::top(field))?;
        if let Some(text) = &text {
            Task::check_field(field, text, &mut self.violations);
        }
        Ok(text)
    }
}

/// The document as text, without which nothing can be said about its parts.
fn text_of(json: &[u8]) -> Result<&str, ViolationKind> {
    match json {
        [0xef, 0xbb, 0xbf, ..] => return Err(ViolationKind::ByteOrderMark),
        [0xfe, 0xff, ..] | [0xff, 0xfe, ..] | [0, b'{', ..] | [b'{', 0, ..] => {
            return Err(ViolationKind::Utf16);
        }
        _ => {}
    }
    core::str::from_utf8(json).map_err(|error| ViolationKind::NotUtf8 {
        offset: error.valid_up_to(),
    })
}

fn syntax_fault(error: &serde_json::Error) -> ViolationKind {
    let (line, column) = (error.line(), error.column());
    if error.is_eof() {
        return ViolationKind::JsonIncomplete { line, column };
    }
    let text = error.to_string();
    // The reader puts the position at the end of its text, where the fault has it on its own.
    let position = alloc::format!(" at line {line} column {column}");
    let detail = text.strip_suffix(position.as_str()).unwrap_or(&text);
    ViolationKind::JsonSyntax {
        line,
        column,
        detail: detail.into(),
    }
}

/// One kind of value that the document can hold at some place. A value of another type is passed over and reported.
trait Expected<'de>: Sized {
    type Value;

    /// Called with the type of a value that is none of those that the other functions take.
    fn wrong_type(self, found: JsonType) -> Self::Value;

    fn string(self, _text: Cow<'de, str>) -> Self::Value {
        self.wrong_type(JsonType::String)
    }

    fn array<A: SeqAccess<'de>>(self, mut array: A) -> Result<Self::Value, A::Error> {
        while array.next_element::<IgnoredAny>()?.is_some() {}
        Ok(self.wrong_type(JsonType::Array))
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut found = JsonType::Object;
        while let Some(key) = object.next_key::<Cow<'de, str>>()? {
            object.next_value::<IgnoredAny>()?;
            if key == NUMBER {
                found = JsonType::Number;
            }
        }
        Ok(self.wrong_type(found))
    }
}

/// With its feature `arbitrary_precision`, which any crate of a build may switch on, `serde_json` presents a number as an
/// object with this one key.
const NUMBER: &str = "$serde_json::private::Number";

struct Seed<E>(E);

impl<'de, E: Expected<'de>> DeserializeSeed<'de> for Seed<E> {
    type Value = E::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<E::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, E: Expected<'de>> Visitor<'de> for Seed<E> {
    type Value = E::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<Err>(self) -> Result<E::Value, Err> {
        Ok(self.0.wrong_type(JsonType::Null))
    }

    fn visit_bool<Err>(self, _: bool) -> Result<E::Value, Err> {
        Ok(self.0.wrong_type(JsonType::Boolean))
    }

    fn visit_i64<Err>(self, _: i64) -> Result<E::Value, Err> {
        Ok(self.0.wrong_type(JsonType::Number))
    }

    fn visit_u64<Err>(self, _: u64) -> Result<E::Value, Err> {
        Ok(self.0.wrong_type(JsonType::Number))
    }

    fn visit_f64<Err>(self, _: f64) -> Result<E::Value, Err> {
        Ok(self.0.wrong_type(JsonType::Number))
    }

    fn visit_str<Err>(self, text: &str) -> Result<E::Value, Err> {
        Ok(self.0.string(Cow::Owned(text.into())))
    }

    fn visit_borrowed_str<Err>(self, text: &'de str) -> Result<E::Value, Err> {
        Ok(self.0.string(Cow::Borrowed(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, array: A) -> Result<E::Value, A::Error> {
        self.0.array(array)
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<E::Value, A::Error> {
        self.0.object(object)
    }
}

/// A string at a place.
struct Text<'r> {
    place: Place,
    violations: &'r mut Violations,
}

impl<'de> Expected<'de> for Text<'_> {
    type Value = Option<Cow<'de, str>>;

    fn wrong_type(self, found: JsonType) -> Self::Value {
        let fault = if self.place.is_phone() && found == JsonType::Number {
            ViolationKind::PhoneJsonNumber
        } else {
            ViolationKind::WrongType {
                expected: JsonType::String,
                found,
            }
        };
        self.violations.push(self.place, fault);
        None
    }

    fn string(self, text: Cow<'de, str>) -> Self::Value {
        Some(text)
    }
}

/// The document: the object that holds everything.
struct Document<'r, 'b, 'de>(&'r mut Reader<'b, 'de>);

impl<'de> Expected<'de> for Document<'_, '_, 'de> {
    type Value = ();

    fn wrong_type(self, found: JsonType) {
        let fault = ViolationKind::WrongType {
            expected: JsonType::Object,
            found,
        };
        self.0.violations.push(Place::top(Field::Document), fault);
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let reader = self.0;
        let mut keys = Keys::of(
            &[
                ("productID", Field::ProductId),
                ("userTaskID", Field::UserTaskId),
                ("callInfoList", Field::CallInfoList),
            ],
            Place::top(Field::Document),
        );
        while let Some(field) = keys.next(&mut object, &mut reader.violations)? {
            match field {
                Field::ProductId => {
                    let place = Place::top(field);
                    let text = reader.text(&mut object, place)?;
                    if text.is_some_and(|text| text != "callbot") {
                        reader.violations.push(place, ViolationKind::ProductId);
                    }
                }
                Field::UserTaskId => {
                    reader.task.user_task_id = reader.task_text(&mut object, field)?;
                }
                _ => object.next_value_seed(Seed(CallInfoList(reader)))?,
            }
        }
        keys.finish(&mut reader.violations);
        Ok(())
    }
}

/// `callInfoList`: an object, despite its name.
struct CallInfoList<'r, 'b, 'de>(&'r mut Reader<'b, 'de>);

impl<'de> Expected<'de> for CallInfoList<'_, '_, 'de> {
    type Value = ();

    fn wrong_type(self, found: JsonType) {
        let fault = ViolationKind::WrongType {
            expected: JsonType::Object,
            found,
        };
        self.0
            .violations
            .push(Place::top(Field::CallInfoList), fault);
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let reader = self.0;
        let mut keys = Keys::of(
            &[
                ("orderCallbackUrl", Field::OrderCallbackUrl),
                ("callCallbackUrl", Field::CallCallbackUrl),
                ("callList", Field::CallList),
            ],
            Place::top(Field::CallInfoList),
        );
        while let Some(field) = keys.next(&mut object, &mut reader.violations)? {
            match field {
                Field::OrderCallbackUrl => {
                    reader.task.order_callback_url = reader.task_text(&mut object, field)?;
                }
                Field::CallCallbackUrl => {
                    reader.task.call_callback_url = reader.task_text(&mut object, field)?;
                }
                _ => {
                    reader.set_task();
                    object.next_value_seed(Seed(CallList(reader)))?;
                    reader.place = Place::top(Field::Document);
                }
            }
        }
        keys.finish(&mut reader.violations);
        Ok(())
    }
}

/// `callList`: the orders.
struct CallList<'r, 'b, 'de>(&'r mut Reader<'b, 'de>);

impl<'de> Expected<'de> for CallList<'_, '_, 'de> {
    type Value = ();

    fn wrong_type(self, found: JsonType) {
        let fault = ViolationKind::WrongType {
            expected: JsonType::Array,
            found,
        };
        self.0.violations.push(Place::top(Field::CallList), fault);
    }

    fn array<A: SeqAccess<'de>>(self, mut array: A) -> Result<(), A::Error> {
        let reader = self.0;
        let mut index = 0;
        reader.place = Place::order(index);
        while array
            .next_element_seed(Seed(JsonOrder {
                reader: &mut *reader,
                index,
            }))?
            .is_some()
        {
            index += 1;
            reader.place = Place::order(index);
        }
        Ok(())
    }
}

/// One order.
struct JsonOrder<'r, 'b, 'de> {
    reader: &'r mut Reader<'b, 'de>,
    index: usize,
}

impl<'de> Expected<'de> for JsonOrder<'_, '_, 'de> {
    type Value = ();

    fn wrong_type(self, found: JsonType) {
        let fault = ViolationKind::WrongType {
            expected: JsonType::Object,
            found,
        };
        self.reader.check_room(self.index);
        self.reader.violations.push(Place::order(self.index), fault);
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let Self { reader, index } = self;
        let known = reader.violations.len();
        reader.check_room(index);
        let place = Place::order(index);
        let mut order = OrderRead::default();
        let mut keys = Keys::of(
            &[
                ("orderID", Field::OrderId),
                ("userPhone", Field::UserPhone),
                ("other", Field::Other),
                ("userName", Field::UserName),
                ("customerName", Field::CustomerName),
                ("params", Field::Params),
            ],
            place,
        );
        while let Some(field) = keys.next(&mut object, &mut reader.violations)? {
            let text = match field {
                Field::OrderId => &mut order.order_id,
                Field::UserPhone => &mut order.user_phone,
                Field::Other => &mut order.other,
                Field::UserName => &mut order.user_name,
                Field::CustomerName => &mut order.customer_name,
                _ => {
                    let list = mem::take(&mut reader.params);
                    let violations = &mut reader.violations;
                    order.params = object.next_value_seed(Seed(Params {
                        list,
                        index,
                        violations,
                    }))?;
                    continue;
                }
            };
            *text = reader.text(&mut object, place.with_field(field))?;
        }
        keys.finish(&mut reader.violations);
        reader
            .batch
            .offer(index, &order, reader.policy, known, &mut reader.violations);
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

/// The params of one order.
struct Params<'r, 'de> {
    list: Vec<JsonParam<'de>>,
    index: usize,
    violations: &'r mut Violations,
}

impl<'de> Expected<'de> for Params<'_, 'de> {
    type Value = Option<Vec<JsonParam<'de>>>;

    fn wrong_type(self, found: JsonType) -> Self::Value {
        let fault = ViolationKind::WrongType {
            expected: JsonType::Array,
            found,
        };
        self.violations
            .push(Place::in_order(self.index, Field::Params), fault);
        None
    }

    fn array<A: SeqAccess<'de>>(self, mut array: A) -> Result<Self::Value, A::Error> {
        let Self {
            mut list,
            index,
            violations,
        } = self;
        for i in 0.. {
            let place = Place::param(index, i);
            let seed = Seed(Param {
                place,
                violations: &mut *violations,
            });
            match array.next_element_seed(seed)? {
                None => break,
                // Nothing more can be said of one that could not be read.
                Some(JsonParam {
                    name: None,
                    value: None,
                    ..
                }) => {}
                Some(param) => list.push(JsonParam { index: i, ..param }),
            }
        }
        Ok(Some(list))
    }
}

/// One param. One of the wrong type is a param of which nothing could be read.
struct Param<'r> {
    place: Place,
    violations: &'r mut Violations,
}

impl<'de> Expected<'de> for Param<'_> {
    type Value = JsonParam<'de>;

    fn wrong_type(self, found: JsonType) -> Self::Value {
        let fault = ViolationKind::WrongType {
            expected: JsonType::Object,
            found,
        };
        self.violations.push(self.place, fault);
        JsonParam::default()
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let Self { place, violations } = self;
        let mut param = JsonParam::default();
        let mut keys = Keys::of(&[("name", Field::Name), ("value", Field::Value)], place);
        while let Some(field) = keys.next(&mut object, violations)? {
            let place = place.with_field(field);
            let text = object.next_value_seed(Seed(Text {
                place,
                violations: &mut *violations,
            }))?;
            match field {
                Field::Name => param.name = text,
                _ => param.value = text,
            }
        }
        keys.finish(violations);
        Ok(param)
    }
}

/// The keys of one object: which it must have, and which it had so far.
struct Keys {
    required: &'static [(&'static str, Field)],
    /// A bit for each of the required keys.
    seen: u8,
    /// How many keys were read.
    count: usize,
    /// Whether it is no object at all: see [`NUMBER`].
    is_number: bool,
    place: Place,
}

impl Keys {
    const fn of(required: &'static [(&'static str, Field)], place: Place) -> Self {
        Self {
            required,
            seen: 0,
            count: 0,
            is_number: false,
            place,
        }
    }

    /// The next key whose value is wanted. Unknown and repeated keys are reported, and passed over with their values.
    fn next<'de, A: MapAccess<'de>>(
        &mut self,
        object: &mut A,
        violations: &mut Violations,
    ) -> Result<Option<Field>, A::Error> {
        while let Some(key) = object.next_key_seed(Key(self.required))? {
            self.count += 1;
            match key {
                KeyRead::Required(place_in_list) => {
                    let (_, field) = self.required[place_in_list];
                    let bit = 1 << place_in_list;
                    if self.seen & bit == 0 {
                        self.seen |= bit;
                        return Ok(Some(field));
                    }
                    violations.push(self.place.with_field(field), ViolationKind::RepeatedKey);
                }
                KeyRead::OfNumber => self.is_number = true,
                KeyRead::Unknown(name) => {
                    let position = self.count;
                    violations.push(self.place, ViolationKind::UnknownKey { name, position });
                }
            }
            object.next_value::<IgnoredAny>()?;
        }
        Ok(None)
    }

    /// Reports the keys that were not there.
    fn finish(&self, violations: &mut Violations) {
        if self.is_number {
            let (expected, found) = (JsonType::Object, JsonType::Number);
            violations.push(self.place, ViolationKind::WrongType { expected, found });
            return;
        }
        for (i, &(_, field)) in self.required.iter().enumerate() {
            if self.seen & (1 << i) == 0 {
                violations.push(self.place.with_field(field), ViolationKind::MissingKey);
            }
        }
    }
}

/// A key as it was read.
enum KeyRead {
    /// One of the required keys, by its place among them.
    Required(usize),
    /// None of a document's: see [`NUMBER`].
    OfNumber,
    /// Any other, with its name where it may be shown.
    Unknown(Option<Box<str>>),
}

/// Reads a key that may be one of these.
struct Key(&'static [(&'static str, Field)]);

impl<'de> DeserializeSeed<'de> for Key {
    type Value = KeyRead;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key {
    type Value = KeyRead;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<Err>(self, key: &str) -> Result<Self::Value, Err> {
        Ok(match self.0.iter().position(|&(known, _)| known == key) {
            Some(place) => KeyRead::Required(place),
            None if key == NUMBER => KeyRead::OfNumber,
            None => KeyRead::Unknown(may_be_shown(key).then(|| key.into())),
        })
    }
}

/// Whether an unknown key may stand in an error. One that looks like a key may; other text (a name, a number) got where
/// a key belongs by mistake, and may be personal data.
fn may_be_shown(key: &str) -> bool {
    const LONGEST: usize = 40;
    const MOST_DIGITS: usize = 4;
    key.len() <= LONGEST
        && key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && key.bytes().filter(u8::is_ascii_digit).count() <= MOST_DIGITS
}
