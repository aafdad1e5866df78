//! Tolerant reading of JSON objects: known fields become typed values, all others are kept.
//!
//! A required field must have its type. An optional one that has another type stays among the
//! fields that are kept, and so does an unknown one: neither is an error.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use crate::check::chars::is_ascii_digits;

/// Fields that have no place in a typed value: their names, and their values as the JSON that was
/// sent.
pub type Extra = BTreeMap<String, String>;

/// Why a body cannot be read as the expected object. Paths are JSON Pointers.
#[derive(Debug)]
pub enum ReadError {
    /// The body is not a single JSON object. Line and column are counted from 1.
    Json { line: usize, column: usize },
    /// The object at `path` has a duplicate key.
    DuplicateKey { path: String },
    /// A required field is absent or null.
    Missing { path: String },
    /// A field has another type.
    WrongType {
        path: String,
        expected: &'static str,
    },
}

/// A struct that is read from the fields of a JSON object.
///
/// `content!` implements it. The trait is public because it seals [`Content`](crate::Content); no
/// path outside of the crate leads to it.
pub trait Object: Sized {
    /// Takes the struct's fields; the rest becomes `extra`.
    #[doc(hidden)]
    fn read(fields: Fields<'_>) -> Result<Self, ReadError>;
}

/// A type that a JSON value is read as.
pub(crate) trait Value: Sized {
    /// What the value must be, for people.
    const EXPECTED: &'static str;

    /// Returns `None` if the value has another type, and an error for what is wrong inside of it.
    fn read(value: &RawValue, at: At<'_>) -> Result<Option<Self>, ReadError>;
}

/// Where a value is. Its path is written only if it is needed.
#[derive(Clone, Copy)]
pub(crate) struct At<'p> {
    parent: &'p str,
    key: &'p str,
}

impl At<'_> {
    fn path(self) -> String {
        [self.parent, "/", self.key].concat()
    }
}

/// Implements [`Value`] for types that serde reads.
macro_rules! value {
    ($($Type:ty: $expected:literal),+ $(,)?) => {$(
        impl Value for $Type {
            const EXPECTED: &'static str = $expected;

            fn read(value: &RawValue, _: At<'_>) -> Result<Option<Self>, ReadError> {
                Ok(typed(value))
            }
        }
    )+};
}

impl Value for String {
    const EXPECTED: &'static str = "a string";

    fn read(value: &RawValue, _: At<'_>) -> Result<Option<Self>, ReadError> {
        Ok(string_of(value))
    }
}

value! {
    i64: "an integer",
    f64: "a number",
    bool: "a boolean",
}

impl<T: Object> Value for T {
    const EXPECTED: &'static str = "an object";

    fn read(value: &RawValue, at: At<'_>) -> Result<Option<Self>, ReadError> {
        object_of(value)
            .map(|object| Fields::new(at.path(), object).and_then(T::read))
            .transpose()
    }
}

/// A type of a struct's field: its type tells whether the field is required.
///
/// `T` is required; `Option<T>` and `Vec<T>` are optional and known from an example only.
pub(crate) trait Field: Sized {
    fn take(fields: &mut Fields<'_>, key: &str) -> Result<Self, ReadError>;
}

impl<T: Value> Field for T {
    fn take(fields: &mut Fields<'_>, key: &str) -> Result<Self, ReadError> {
        match fields.raw.remove(key) {
            Some(value) if !is_null(value) => {
                T::read(value, fields.at(key))?.ok_or_else(|| fields.wrong_type(key, T::EXPECTED))
            }
            _ => Err(ReadError::Missing {
                path: fields.at(key).path(),
            }),
        }
    }
}

impl<T: Value> Field for Option<T> {
    fn take(fields: &mut Fields<'_>, key: &str) -> Result<Self, ReadError> {
        fields.take_optional(key, T::read)
    }
}

/// An array of objects. It is empty if the field is absent, and stays in place if any element is
/// not an object.
impl<T: Object> Field for Vec<T> {
    fn take(fields: &mut Fields<'_>, key: &str) -> Result<Self, ReadError> {
        let list = fields.take_optional(key, |value, at| {
            let Some(objects) = objects_of(value) else {
                return Ok(None);
            };
            // Keys of all elements are checked before the first element is read.
            let elements = objects
                .into_iter()
                .enumerate()
                .map(|(i, object)| Fields::new(alloc::format!("{}/{i}", at.path()), object))
                .collect::<Result<Vec<_>, _>>()?;
            let list = elements.into_iter().map(T::read);
            list.collect::<Result<_, _>>().map(Some)
        })?;
        Ok(list.unwrap_or_default())
    }
}

/// The fields of a JSON object, each as the JSON that was sent, so that nothing is lost of those
/// that are kept.
type RawFields<'b> = BTreeMap<String, &'b RawValue>;

/// A JSON object as it was sent.
struct RawObject<'b> {
    fields: RawFields<'b>,
    has_duplicate_key: bool,
}

impl<'de> Deserialize<'de> for RawObject<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RawObjectVisitor::<String>(PhantomData))
    }
}

/// A JSON object whose keys may have unpaired surrogates. It is tried after [`RawObject`], which is
/// faster.
struct LossyObject<'b>(RawObject<'b>);

impl<'de> Deserialize<'de> for LossyObject<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let visitor = RawObjectVisitor::<LossyString>(PhantomData);
        deserializer.deserialize_map(visitor).map(Self)
    }
}

/// Reads an object with keys of type `K`.
struct RawObjectVisitor<K>(PhantomData<K>);

impl<'de, K: Deserialize<'de> + Into<String>> Visitor<'de> for RawObjectVisitor<K> {
    type Value = RawObject<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut object = RawObject {
            fields: RawFields::new(),
            has_duplicate_key: false,
        };
        while let Some((key, value)) = map.next_entry::<K, _>()? {
            let earlier = object.fields.insert(key.into(), value);
            object.has_duplicate_key |= earlier.is_some();
        }
        Ok(object)
    }
}

/// The fields of a JSON object that have not been taken yet.
pub struct Fields<'b> {
    path: String,
    raw: RawFields<'b>,
}

impl<'b> Fields<'b> {
    /// Parses a body that is a single JSON object. A byte-order mark before it is skipped: the
    /// signature covers it, so it came from the provider.
    pub(crate) fn from_json(body: &'b [u8]) -> Result<Self, ReadError> {
        const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
        let body = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
        let object = serde_json::from_slice(body).or_else(|error| {
            let lossy = serde_json::from_slice(body);
            lossy.map(|LossyObject(object)| object).map_err(|_| error)
        });
        let object = object.map_err(|error| ReadError::Json {
            // Both are 0 if the error is at the first byte.
            line: error.line().max(1),
            column: error.column().max(1),
        })?;
        Self::new(String::new(), object)
    }

    fn new(path: String, object: RawObject<'b>) -> Result<Self, ReadError> {
        if object.has_duplicate_key {
            return Err(ReadError::DuplicateKey { path });
        }
        Ok(Self {
            path,
            raw: object.fields,
        })
    }

    /// Takes a field that is read by its type: see [`Field`].
    pub(crate) fn take<T: Field>(&mut self, key: &str) -> Result<T, ReadError> {
        T::take(self, key)
    }

    /// Takes an integer that one page writes as a number, and another page as a string.
    pub(crate) fn integer_or_digits(&mut self, key: &str) -> Result<i64, ReadError> {
        self.take(key).map(|IntegerOrDigits(integer)| integer)
    }

    /// Takes a field that is required only in some messages.
    pub(crate) fn required_if<T: Value>(
        &mut self,
        key: &str,
        is_required: bool,
    ) -> Result<Option<T>, ReadError> {
        if is_required {
            self.take(key).map(Some)
        } else {
            self.take(key)
        }
    }

    /// Takes an array that a page documents: it may be absent, but has no other type.
    pub(crate) fn documented<T: Object>(&mut self, key: &str) -> Result<Vec<T>, ReadError> {
        let list = self.take(key)?;
        if self.raw.contains_key(key) {
            return Err(self.wrong_type(key, "an array of objects"));
        }
        Ok(list)
    }

    /// Returns the fields that were not taken.
    pub(crate) fn rest(self) -> Extra {
        self.raw
            .into_iter()
            .map(|(key, value)| (key, value.get().into()))
            .collect()
    }

    /// Takes a field if it is null or `read` finds its type; otherwise the field stays.
    fn take_optional<T>(
        &mut self,
        key: &str,
        read: impl FnOnce(&'b RawValue, At<'_>) -> Result<Option<T>, ReadError>,
    ) -> Result<Option<T>, ReadError> {
        let Some(&value) = self.raw.get(key) else {
            return Ok(None);
        };
        let read = read(value, self.at(key))?;
        if read.is_some() || is_null(value) {
            self.raw.remove(key);
        }
        Ok(read)
    }

    fn at<'p>(&'p self, key: &'p str) -> At<'p> {
        At {
            parent: &self.path,
            key,
        }
    }

    fn wrong_type(&self, key: &str, expected: &'static str) -> ReadError {
        ReadError::WrongType {
            path: self.at(key).path(),
            expected,
        }
    }
}

/// An integer, or a string of its plain digits.
struct IntegerOrDigits(i64);

impl Value for IntegerOrDigits {
    const EXPECTED: &'static str = "an integer, or a string of its digits";

    fn read(value: &RawValue, _: At<'_>) -> Result<Option<Self>, ReadError> {
        let integer = typed(value).or_else(|| {
            let string = string_of(value)?;
            let digits = string.strip_prefix('-').unwrap_or(&string);
            let is_plain = is_ascii_digits(digits.as_bytes()) && !digits.starts_with('0');
            string.parse().ok().filter(|_| is_plain || string == "0")
        });
        Ok(integer.map(Self))
    }
}

fn is_null(value: &RawValue) -> bool {
    value.get() == "null"
}

/// Reads a value as this type, if it has it.
fn typed<'b, T: Deserialize<'b>>(value: &'b RawValue) -> Option<T> {
    serde_json::from_str(value.get()).ok()
}

fn string_of(value: &RawValue) -> Option<String> {
    // A string without surrogates needs no second validation.
    typed(value).or_else(|| typed::<LossyString>(value).map(String::from))
}

fn object_of(value: &RawValue) -> Option<RawObject<'_>> {
    typed(value).or_else(|| typed(value).map(|LossyObject(object)| object))
}

fn objects_of(value: &RawValue) -> Option<Vec<RawObject<'_>>> {
    typed(value).or_else(|| {
        let objects: Vec<LossyObject<'_>> = typed(value)?;
        Some(objects.into_iter().map(|object| object.0).collect())
    })
}

/// A JSON string in which each unpaired surrogate is replaced by U+FFFD.
struct LossyString(String);

impl From<LossyString> for String {
    fn from(LossyString(string): LossyString) -> Self {
        string
    }
}

impl<'de> Deserialize<'de> for LossyString {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // As a `str`, serde_json refuses an unpaired surrogate.
        deserializer.deserialize_bytes(LossyStringVisitor)
    }
}

struct LossyStringVisitor;

impl Visitor<'_> for LossyStringVisitor {
    type Value = LossyString;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<LossyString, E> {
        /// The length in bytes of a surrogate as `serde_json` writes it, in UTF-8's scheme (WTF-8).
        const SURROGATE_LEN: usize = 3;
        let mut string = String::new();
        let mut rest = bytes;
        loop {
            match core::str::from_utf8(rest) {
                Ok(valid) => {
                    string.push_str(valid);
                    return Ok(LossyString(string));
                }
                Err(error) => {
                    let (valid, invalid) = rest.split_at(error.valid_up_to());
                    string.push_str(core::str::from_utf8(valid).unwrap_or_default());
                    string.push(char::REPLACEMENT_CHARACTER);
                    rest = invalid.get(SURROGATE_LEN..).unwrap_or_default();
                }
            }
        }
    }
}

/// Rewrites a body that is a single JSON object as canonical JSON: compact, its keys sorted.
///
/// `integers` replace the values of their keys. Numbers stay as they were sent, and so does what
/// cannot be rewritten: see [`write_value`].
pub(crate) fn canonical(body: &[u8], integers: &[(&str, i64)]) -> Result<String, ReadError> {
    let mut fields = Fields::from_json(body)?.raw;
    let integers: Vec<_> = integers
        .iter()
        .map(|(key, integer)| (*key, raw_json(integer)))
        .collect();
    for (key, integer) in &integers {
        fields.insert((*key).into(), integer);
    }
    let mut out = String::new();
    write_object(&mut out, fields, MAX_DEPTH);
    Ok(out)
}

/// Maximum depth of nested values that are rewritten.
const MAX_DEPTH: usize = 100;

/// Writes a number or string as JSON.
fn raw_json<T: Serialize + ?Sized>(value: &T) -> Box<RawValue> {
    serde_json::value::to_raw_value(value).expect("numbers and strings can be written")
}

/// Writes an object without whitespace, its keys sorted.
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

/// Writes a value in the same way.
///
/// Numbers stay as they are. So do objects with a duplicate key, and what is nested deeper than
/// [`MAX_DEPTH`].
fn write_value(out: &mut String, value: &RawValue, depth: usize) {
    match value.get().as_bytes()[0] {
        b'{' if depth > 0 => {
            let object = object_of(value).filter(|object| !object.has_duplicate_key);
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
            if let Some(string) = string_of(value) {
                out.push_str(raw_json(&string).get());
                return;
            }
        }
        _ => {}
    }
    out.push_str(value.get());
}
