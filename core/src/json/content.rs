//! Reading what the provider sends: known fields typed, everything else kept.
//!
//! The API's pages do not tell everything. A field whose row is known is held to it; one that is known from an example
//! only is typed where it has the example's type, and kept as it is where it has not. Unknown fields are never an error.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use crate::check::chars::all_digits;
use crate::verify::{MessageKind, Verified};

/// Fields that have no place in a typed value: their names, and their values as the JSON text that was sent.
pub type Extra = BTreeMap<String, String>;

/// Why a verified body has no such content.
///
/// Its text names places, and no content.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContentError {
    /// It was verified as a response and is read as a callback, or the other way round.
    OtherKind {
        /// What it was read as.
        read_as: ContentKind,
    },
    /// It is not one JSON object, or something follows it.
    Json {
        /// The line, counted from 1.
        line: usize,
        /// The column, counted in bytes from 1.
        column: usize,
    },
    /// An object has a key twice, so that two programs could each read another value.
    Repeated {
        /// The object's place: a JSON Pointer, which is empty for the body as a whole.
        path: String,
    },
    /// A field that the API's page calls required is not there, or null.
    Missing {
        /// Its place: a JSON Pointer.
        path: String,
    },
    /// A field has another type than the API's page gives it.
    WrongType {
        /// Its place: a JSON Pointer.
        path: String,
        /// What it has to be.
        expected: &'static str,
    },
}

impl ContentError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::OtherKind { .. } => "content_other_kind",
            Self::Json { .. } => "content_json",
            Self::Repeated { .. } => "content_repeated",
            Self::Missing { .. } => "content_missing",
            Self::WrongType { .. } => "content_wrong_type",
        }
    }
}

impl fmt::Display for ContentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherKind {
                read_as: ContentKind::Response,
            } => f.write_str(
                "it was verified as a callback; verify a response as a response, with the request that it answers",
            ),
            Self::OtherKind { .. } => {
                f.write_str("it was verified as a response; verify a callback as a callback")
            }
            Self::Json { line, column } => write!(
                f,
                "the body is not one JSON object and nothing else (line {line}, column {column})"
            ),
            Self::Repeated { path } if path.is_empty() => f.write_str("the body has a key twice"),
            Self::Repeated { path } => write!(f, "{path} has a key twice"),
            Self::Missing { path } => write!(f, "{path} is missing"),
            Self::WrongType { path, expected } => write!(f, "{path} is not {expected}"),
        }
    }
}

impl core::error::Error for ContentError {}

/// The fields of a JSON object, each as the text that was sent. So nothing is lost of those that stay as they are.
type RawFields<'b> = BTreeMap<String, &'b RawValue>;

/// A JSON object as it was sent: its fields, and whether there is one twice.
struct RawObject<'b> {
    fields: RawFields<'b>,
    has_repeated: bool,
}

impl<'de> Deserialize<'de> for RawObject<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RawObjectVisitor)
    }
}

struct RawObjectVisitor;

impl<'de> Visitor<'de> for RawObjectVisitor {
    type Value = RawObject<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut object = RawObject {
            fields: RawFields::new(),
            has_repeated: false,
        };
        while let Some((key, value)) = map.next_entry()? {
            object.has_repeated |= object.fields.insert(key, value).is_some();
        }
        Ok(object)
    }
}

/// A JSON object out of which typed fields are taken. What is left in the end has no place in the typed value.
pub(crate) struct Fields<'b> {
    path: String,
    raw: RawFields<'b>,
}

impl<'b> Fields<'b> {
    /// The body's fields, where it was verified as what it is read as.
    pub(crate) fn of(
        verified: &'b Verified<'_>,
        read_as: ContentKind,
    ) -> Result<Self, ContentError> {
        if verified.origin() != read_as.origin() {
            return Err(ContentError::OtherKind { read_as });
        }
        let raw = serde_json::from_slice(verified.body()).map_err(|error| ContentError::Json {
            // Both are 0 where nothing was read yet.
            line: error.line().max(1),
            column: error.column().max(1),
        })?;
        Self::new(String::new(), raw)
    }

    fn new(path: String, object: RawObject<'b>) -> Result<Self, ContentError> {
        if object.has_repeated {
            return Err(ContentError::Repeated { path });
        }
        Ok(Self {
            path,
            raw: object.fields,
        })
    }

    fn path_of(&self, key: &str) -> String {
        alloc::format!("{}/{key}", self.path)
    }

    /// A field that has to be there, and of a type.
    fn required<T>(
        &mut self,
        key: &str,
        expected: &'static str,
        read: impl FnOnce(&'b RawValue) -> Option<T>,
    ) -> Result<T, ContentError> {
        match self.raw.remove(key) {
            Some(value) if !is_null(value) => read(value).ok_or_else(|| ContentError::WrongType {
                path: self.path_of(key),
                expected,
            }),
            _ => Err(ContentError::Missing {
                path: self.path_of(key),
            }),
        }
    }

    /// A field that may be missing, and of which only an example is known. One of another type stays where it is.
    fn optional<T>(
        &mut self,
        key: &str,
        read: impl FnOnce(&'b RawValue) -> Option<T>,
    ) -> Option<T> {
        let value = *self.raw.get(key)?;
        let typed = read(value);
        if typed.is_some() || is_null(value) {
            self.raw.remove(key);
        }
        typed
    }

    pub(crate) fn required_string(&mut self, key: &str) -> Result<String, ContentError> {
        self.required(key, "a string", typed)
    }

    pub(crate) fn required_integer(&mut self, key: &str) -> Result<i64, ContentError> {
        self.required(key, "an integer", typed)
    }

    pub(crate) fn required_number(&mut self, key: &str) -> Result<f64, ContentError> {
        self.required(key, "a number", typed)
    }

    pub(crate) fn required_boolean(&mut self, key: &str) -> Result<bool, ContentError> {
        self.required(key, "a boolean", typed)
    }

    /// An integer that one page writes as a number, and another as a string.
    pub(crate) fn required_integer_or_digits(&mut self, key: &str) -> Result<i64, ContentError> {
        self.required(key, "an integer, or a string of its digits", |value| {
            typed(value).or_else(|| {
                let text: String = typed(value)?;
                let digits = text.strip_prefix('-').unwrap_or(&text);
                let plain = all_digits(digits.as_bytes()) && !digits.starts_with('0');
                text.parse().ok().filter(|_| plain || text == "0")
            })
        })
    }

    pub(crate) fn required_object(&mut self, key: &str) -> Result<Self, ContentError> {
        let raw = self.required(key, "an object", typed)?;
        Self::new(self.path_of(key), raw)
    }

    pub(crate) fn string(&mut self, key: &str) -> Option<String> {
        self.optional(key, typed)
    }

    pub(crate) fn integer(&mut self, key: &str) -> Option<i64> {
        self.optional(key, typed)
    }

    pub(crate) fn boolean(&mut self, key: &str) -> Option<bool> {
        self.optional(key, typed)
    }

    pub(crate) fn object(&mut self, key: &str) -> Result<Option<Self>, ContentError> {
        let raw = self.optional(key, typed);
        raw.map(|raw| Self::new(self.path_of(key), raw)).transpose()
    }

    /// A list of objects. Empty when the field is missing; one with anything but objects in it stays where it is.
    pub(crate) fn objects(&mut self, key: &str) -> Result<Vec<Self>, ContentError> {
        let list: Option<Vec<RawObject<'b>>> = self.optional(key, typed);
        let objects = list.into_iter().flatten().enumerate();
        objects
            .map(|(i, raw)| Self::new(alloc::format!("{}/{key}/{i}", self.path), raw))
            .collect()
    }

    /// A list of objects that the page describes, where it is there.
    pub(crate) fn described_objects(&mut self, key: &str) -> Result<Vec<Self>, ContentError> {
        let objects = self.objects(key)?;
        if self.raw.contains_key(key) {
            return Err(ContentError::WrongType {
                path: self.path_of(key),
                expected: "an array of objects",
            });
        }
        Ok(objects)
    }

    /// What was not taken.
    pub(crate) fn rest(self) -> Extra {
        self.raw
            .into_iter()
            .map(|(key, value)| (key, value.get().into()))
            .collect()
    }
}

fn is_null(value: &RawValue) -> bool {
    value.get() == "null"
}

/// The value, where it has this type.
fn typed<'b, T: Deserialize<'b>>(value: &'b RawValue) -> Option<T> {
    serde_json::from_str(value.get()).ok()
}

/// What a verified body is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContentKind {
    /// The response to a batch of orders.
    Response,
    /// A call callback.
    CallCallback,
    /// An order callback.
    OrderCallback,
    /// A task callback.
    TaskCallback,
}

impl ContentKind {
    const fn origin(self) -> MessageKind {
        match self {
            Self::Response => MessageKind::Response,
            Self::CallCallback | Self::OrderCallback | Self::TaskCallback => MessageKind::Callback,
        }
    }
}

impl Verified<'_> {
    /// The content as JSON text, for programs that would rather read JSON than typed values: checked as the typed
    /// readers check it, compact, its keys sorted, `callbackType` always a number. All fields are there, those that the
    /// pages do not have too. Numbers are written as they were sent. So is what cannot be written anew: a text that
    /// escapes half of a surrogate pair, what is nested more than 100 levels deep, and an object among the fields that the
    /// pages do not have in which a key stands twice.
    ///
    /// # Errors
    ///
    /// As the typed reader of that kind, such as [`call_callback`](Self::call_callback).
    pub fn canonical_json(&self, kind: ContentKind) -> Result<String, ContentError> {
        const CALLBACK_TYPE: &str = "callbackType";
        let callback_type = match kind {
            ContentKind::Response => self.response().map(|_| None),
            ContentKind::CallCallback => self.call_callback().map(|c| Some(c.callback_type)),
            ContentKind::OrderCallback => self.order_callback().map(|c| Some(c.callback_type)),
            ContentKind::TaskCallback => self.task_callback().map(|c| Some(c.callback_type)),
        }?;
        let mut fields = Fields::of(self, kind)?.raw;
        let callback_type = callback_type.map(|number| raw_json(&number));
        if let Some(number) = &callback_type {
            fields.insert(CALLBACK_TYPE.into(), number);
        }
        let mut out = String::new();
        write_object(&mut out, fields, MAX_DEPTH);
        Ok(out)
    }
}

/// How deep values may be nested to be written anew.
const MAX_DEPTH: usize = 100;

/// The JSON text of a number or string.
fn raw_json<T: Serialize + ?Sized>(value: &T) -> Box<RawValue> {
    serde_json::value::to_raw_value(value).expect("numbers and strings can be written")
}

/// Writes an object without blanks, its keys sorted.
fn write_object(out: &mut String, fields: RawFields<'_>, depth: usize) {
    out.push('{');
    for (i, (key, value)) in fields.into_iter().enumerate() {
        out.push_str(if i > 0 { "," } else { "" });
        out.push_str(raw_json(&key).get());
        out.push(':');
        write_value(out, value, depth - 1);
    }
    out.push('}');
}

/// Writes a value in the same way. Numbers stay as they are, and so does what cannot be written anew.
fn write_value(out: &mut String, value: &RawValue, depth: usize) {
    match value.get().as_bytes()[0] {
        b'{' if depth > 0 => {
            let object = typed::<RawObject<'_>>(value).filter(|object| !object.has_repeated);
            if let Some(object) = object {
                return write_object(out, object.fields, depth);
            }
        }
        b'[' if depth > 0 => {
            if let Some(values) = typed::<Vec<&RawValue>>(value) {
                out.push('[');
                for (i, value) in values.into_iter().enumerate() {
                    out.push_str(if i > 0 { "," } else { "" });
                    write_value(out, value, depth - 1);
                }
                out.push(']');
                return;
            }
        }
        b'"' => {
            if let Some(text) = typed::<String>(value) {
                out.push_str(raw_json(&text).get());
                return;
            }
        }
        _ => {}
    }
    out.push_str(value.get());
}

/// Implements `Debug` for types whose fields are personal data: it shows the type's name, and none of them.
macro_rules! debug_without_content {
    ($($name:ident $(<$lifetime:lifetime>)?),+ $(,)?) => {$(
        impl core::fmt::Debug for $name $(<$lifetime>)? {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+};
}
pub(crate) use debug_without_content;
