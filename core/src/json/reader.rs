//! The strict reader of JSON that is to be sent: every violation at its place.
//!
//! It builds on `serde_json` and reads a document once, from front to back. It does not stop at a
//! value of the wrong type or a wrong key: these are reported and skipped, so that everything is
//! reported at once. Only a syntax error ends it.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::ToString;
use core::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::check::path::Path;
use crate::check::violation::{JsonType, ViolationKind, Violations};

/// A document as a string.
pub(crate) fn string_of(json: &[u8]) -> Result<&str, ViolationKind> {
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

/// Reads a document and nothing after it.
pub(crate) fn read<'de, E: Expected<'de>>(
    json: &'de str,
    document: E,
) -> Result<E::Value, ViolationKind> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let value = Seed(document)
        .deserialize(&mut deserializer)
        .map_err(|error| syntax_error(&error))?;
    deserializer
        .end()
        .map_err(|error| ViolationKind::TrailingBytes {
            line: error.line(),
            column: error.column(),
        })?;
    Ok(value)
}

pub(crate) fn syntax_error(error: &serde_json::Error) -> ViolationKind {
    let (line, column) = (error.line(), error.column());
    if error.is_eof() {
        return ViolationKind::JsonIncomplete { line, column };
    }
    let message = error.to_string();
    // serde_json ends its message with the position, which the violation has as numbers.
    let position = alloc::format!(" at line {line} column {column}");
    let detail = message.strip_suffix(position.as_str()).unwrap_or(&message);
    ViolationKind::JsonSyntax {
        line,
        column,
        detail: detail.into(),
    }
}

/// The value that is expected at a place. A value of another type is skipped and reported.
pub(crate) trait Expected<'de>: Sized {
    type Value;

    /// Called with the type of a value that the other functions do not take.
    fn wrong_type(self, found: JsonType) -> Self::Value;

    fn string(self, _string: Cow<'de, str>) -> Self::Value {
        self.wrong_type(JsonType::String)
    }

    fn array<A: SeqAccess<'de>>(self, mut array: A) -> Result<Self::Value, A::Error> {
        while array.next_element::<IgnoredAny>()?.is_some() {}
        Ok(self.wrong_type(JsonType::Array))
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut found = JsonType::Object;
        while let Some(key) = object.next_key_seed(AnyKey)? {
            object.next_value::<IgnoredAny>()?;
            if key == NUMBER {
                found = JsonType::Number;
            }
        }
        Ok(self.wrong_type(found))
    }
}

/// The only key of the object as which `serde_json` presents a number if its feature
/// `arbitrary_precision` is on. Any crate of a build may switch that on.
pub(crate) const NUMBER: &str = "$serde_json::private::Number";

/// Reads what is expected.
pub(crate) struct Seed<E>(pub(crate) E);

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

    fn visit_str<Err>(self, string: &str) -> Result<E::Value, Err> {
        Ok(self.0.string(Cow::Owned(string.into())))
    }

    fn visit_borrowed_str<Err>(self, string: &'de str) -> Result<E::Value, Err> {
        Ok(self.0.string(Cow::Borrowed(string)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, array: A) -> Result<E::Value, A::Error> {
        self.0.array(array)
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<E::Value, A::Error> {
        self.0.object(object)
    }
}

/// Any key of an object.
pub(crate) struct AnyKey;

impl<'de> DeserializeSeed<'de> for AnyKey {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for AnyKey {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<Err>(self, key: &str) -> Result<Self::Value, Err> {
        Ok(Cow::Owned(key.into()))
    }

    fn visit_borrowed_str<Err>(self, key: &'de str) -> Result<Self::Value, Err> {
        Ok(Cow::Borrowed(key))
    }
}

/// A key that an object must have.
pub(crate) struct Key<F: 'static> {
    pub(crate) name: &'static str,
    /// What the caller calls it.
    pub(crate) field: F,
    /// The path of its value.
    pub(crate) pattern: &'static str,
    /// The end of the message if it is missing or null, such as "; give [] if there are none".
    pub(crate) hint_if_absent: &'static str,
}

/// A string that is expected at a place. `None` for anything else, which is reported.
pub(crate) struct StringAt<'v> {
    pub(crate) path: Path,
    pub(crate) hint_if_null: &'static str,
    pub(crate) violations: &'v mut Violations,
}

impl<'de> Expected<'de> for StringAt<'_> {
    type Value = Option<Cow<'de, str>>;

    fn wrong_type(self, found: JsonType) -> Self::Value {
        let hint = match found {
            JsonType::Null => self.hint_if_null,
            JsonType::Number => "; put it in quotes",
            _ => "",
        };
        let kind = wrong_type(JsonType::String, found);
        self.violations.push_with_hint(self.path, kind, hint);
        None
    }

    fn string(self, string: Cow<'de, str>) -> Self::Value {
        Some(string)
    }
}

pub(crate) const fn wrong_type(expected: JsonType, found: JsonType) -> ViolationKind {
    ViolationKind::WrongType { expected, found }
}

/// The keys of one object: those that it must have, and those read so far.
pub(crate) struct Keys<F: 'static> {
    required: &'static [Key<F>],
    /// A bit for each of the required keys.
    seen: u32,
    /// The number of keys read.
    count: usize,
    /// Whether it is a number and not an object: see [`NUMBER`].
    is_number: bool,
    object: Path,
}

impl<F> Keys<F> {
    pub(crate) const fn of(required: &'static [Key<F>], object: Path) -> Self {
        assert!(required.len() <= u32::BITS as usize);
        Self {
            required,
            seen: 0,
            count: 0,
            is_number: false,
            object,
        }
    }

    /// The next key whose value is wanted. Unknown and duplicate keys are reported, and skipped
    /// with their values.
    pub(crate) fn next<'de, A: MapAccess<'de>>(
        &mut self,
        object: &mut A,
        violations: &mut Violations,
    ) -> Result<Option<&'static Key<F>>, A::Error> {
        while let Some(found) = object.next_key_seed(KeySeed(self.required))? {
            self.count += 1;
            match found {
                FoundKey::Required(index) => {
                    let key = &self.required[index];
                    let bit = 1 << index;
                    if self.seen & bit == 0 {
                        self.seen |= bit;
                        return Ok(Some(key));
                    }
                    let path = self.object.with_pattern(key.pattern);
                    violations.push(path, ViolationKind::DuplicateKey);
                }
                FoundKey::OfNumber => self.is_number = true,
                FoundKey::Unknown(name) => {
                    let position = self.count;
                    violations.push(self.object, ViolationKind::UnknownKey { name, position });
                }
            }
            object.next_value::<IgnoredAny>()?;
        }
        Ok(None)
    }

    /// Lets the key at an index be missing.
    pub(crate) const fn excuse(&mut self, index: usize) {
        self.seen |= 1 << index;
    }

    /// Reports the missing keys.
    pub(crate) fn finish(&self, violations: &mut Violations) {
        if self.is_number {
            violations.push(self.object, wrong_type(JsonType::Object, JsonType::Number));
            return;
        }
        for (index, key) in self.required.iter().enumerate() {
            if self.seen & (1 << index) == 0 {
                let path = self.object.with_pattern(key.pattern);
                violations.push_with_hint(path, ViolationKind::MissingKey, key.hint_if_absent);
            }
        }
    }
}

enum FoundKey {
    /// One of the required keys, by its index.
    Required(usize),
    /// The key of a number: see [`NUMBER`].
    OfNumber,
    /// An unknown key, with its name if it may be shown.
    Unknown(Option<Box<str>>),
}

struct KeySeed<F: 'static>(&'static [Key<F>]);

impl<'de, F> DeserializeSeed<'de> for KeySeed<F> {
    type Value = FoundKey;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<FoundKey, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<F> Visitor<'_> for KeySeed<F> {
    type Value = FoundKey;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<Err>(self, name: &str) -> Result<FoundKey, Err> {
        Ok(match self.0.iter().position(|key| key.name == name) {
            Some(index) => FoundKey::Required(index),
            None if name == NUMBER => FoundKey::OfNumber,
            None => FoundKey::Unknown(may_be_shown(name).then(|| name.into())),
        })
    }
}

/// Whether an error may show an unknown key. One that looks like a key may be shown; anything else
/// (a name, a phone number) may be personal data that was put in the place of a key.
pub(crate) fn may_be_shown(key: &str) -> bool {
    const MAX_LEN: usize = 40;
    const MAX_DIGITS: usize = 4;
    key.len() <= MAX_LEN
        && key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && key.bytes().filter(u8::is_ascii_digit).count() <= MAX_DIGITS
}
