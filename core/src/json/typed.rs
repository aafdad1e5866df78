//! Typed values on their way into a draft.

use alloc::vec::Vec;
use core::fmt;
use core::fmt::Write as _;

use crate::check::path::Path;
use crate::check::violation::{ViolationKind, Violations};
use crate::json::escape::{push, push_string};
use crate::json::reader::Reader;
use crate::json::schema::Kind;

/// Any JSON value, for fields whose type the API's pages do not say.
///
/// Its `Debug` shows no content.
///
/// ```
/// use callbot_core::Json;
///
/// let values: [Json<'_>; 5] = [
///     "text".into(),
///     3.into(),
///     true.into(),
///     (&["1", "2"][..]).into(),
///     Json::raw(r#"{"gt": 1, "enable": true}"#),
/// ];
/// # assert_eq!(format!("{:?}", values[0]), "Json { .. }");
/// ```
#[derive(Clone, Copy, PartialEq)]
pub struct Json<'a>(Value<'a>);

#[derive(Clone, Copy, PartialEq)]
enum Value<'a> {
    String(&'a str),
    Strings(&'a [&'a str]),
    Integer(i64),
    Integers(&'a [i64]),
    Float(f64),
    Boolean(bool),
    Raw(&'a str),
}

impl<'a> Json<'a> {
    /// `null`.
    pub const NULL: Self = Self::raw("null");

    /// One value that is JSON already. It is validated when the request is signed.
    #[must_use]
    pub const fn raw(json: &'a str) -> Self {
        Self(Value::Raw(json))
    }
}

impl fmt::Debug for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Json").finish_non_exhaustive()
    }
}

/// Implements `From` for the types that a value can have.
macro_rules! from {
    ($($variant:ident($type:ty)),+ $(,)?) => {$(
        impl<'a> From<$type> for Json<'a> {
            fn from(value: $type) -> Self {
                Self(Value::$variant(value))
            }
        }
    )+};
}

from!(
    String(&'a str),
    Strings(&'a [&'a str]),
    Integer(i64),
    Integers(&'a [i64]),
    Float(f64),
    Boolean(bool),
);

/// A document that is being written. It is read by its table afterwards, which alone tells whether
/// it is right.
#[derive(Default)]
pub(crate) struct Draft {
    pub(crate) json: Vec<u8>,
    /// The raw values that are not JSON.
    pub(crate) violations: Violations,
}

impl Draft {
    /// Writes an object. Fails if an allocation does: the JSON is then cut off.
    pub(crate) fn of(object: &impl Field) -> Result<Self, Violations> {
        let mut draft = Self::default();
        object.write(&mut draft, Path::ROOT);
        match draft.violations.no_memory() {
            Some(error) => Err(Violations::of_memory(error)),
            None => Ok(draft),
        }
    }

    /// Writes one member of the object that was opened last, unless it is left out.
    pub(crate) fn member(&mut self, key: &str, value: &impl Field, path: Path) {
        if value.is_left_out() {
            return;
        }
        if self.json.last() != Some(&b'{') {
            self.push(b",");
        }
        self.string(key);
        self.push(b":");
        value.write(self, path);
    }

    /// Appends bytes. If an allocation fails, the draft is refused in the end.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        if let Err(error) = push(&mut self.json, bytes) {
            self.violations.fail(error);
        }
    }

    fn string(&mut self, string: &str) {
        if let Err(error) = push_string(&mut self.json, string) {
            self.violations.fail(error);
        }
    }

    /// Reports a value that is not JSON, and writes another one in its place.
    fn refuse(&mut self, path: Path, kind: ViolationKind) {
        self.violations.push(path, kind);
        self.push(b"null");
    }

    fn number(&mut self, number: impl fmt::Display) {
        let _ = write!(self, "{number}");
    }
}

impl fmt::Write for Draft {
    fn write_str(&mut self, string: &str) -> fmt::Result {
        self.push(string.as_bytes());
        Ok(())
    }
}

/// The type of a typed field: what its row in the table says, and how it is written.
pub(crate) trait Field {
    const KIND: Kind;
    /// The kind of a list of such values.
    const LIST: Kind = Kind::Any(None);
    const IS_REQUIRED: bool = true;

    fn is_left_out(&self) -> bool {
        false
    }

    fn write(&self, draft: &mut Draft, path: Path);
}

impl Field for &str {
    const KIND: Kind = Kind::String;
    const LIST: Kind = Kind::Strings;

    fn write(&self, draft: &mut Draft, _: Path) {
        draft.string(self);
    }
}

impl Field for i64 {
    const KIND: Kind = Kind::Integer;
    const LIST: Kind = Kind::Integers;

    fn write(&self, draft: &mut Draft, _: Path) {
        draft.number(self);
    }
}

impl Field for bool {
    const KIND: Kind = Kind::Boolean;

    fn write(&self, draft: &mut Draft, _: Path) {
        draft.number(self);
    }
}

impl<T: Field> Field for &[T] {
    const KIND: Kind = T::LIST;

    fn write(&self, draft: &mut Draft, path: Path) {
        draft.push(b"[");
        for (index, element) in self.iter().enumerate() {
            if index > 0 {
                draft.push(b",");
            }
            element.write(draft, path.in_list(index));
        }
        draft.push(b"]");
    }
}

impl<T: Field> Field for Option<T> {
    const KIND: Kind = T::KIND;
    const IS_REQUIRED: bool = false;

    fn is_left_out(&self) -> bool {
        self.is_none()
    }

    fn write(&self, draft: &mut Draft, path: Path) {
        if let Some(value) = self {
            value.write(draft, path);
        }
    }
}

impl Field for Json<'_> {
    const KIND: Kind = Kind::Any(None);

    fn write(&self, draft: &mut Draft, path: Path) {
        match self.0 {
            Value::String(string) => string.write(draft, path),
            Value::Strings(strings) => strings.write(draft, path),
            Value::Integer(number) => number.write(draft, path),
            Value::Integers(numbers) => numbers.write(draft, path),
            Value::Boolean(boolean) => boolean.write(draft, path),
            Value::Float(number) if number.is_finite() => draft.number(number),
            Value::Float(_) => {
                let detail = "JSON has no such number; give a finite one";
                let (line, column) = (1, 1);
                draft.refuse(
                    path,
                    ViolationKind::JsonSyntax {
                        line,
                        column,
                        detail,
                    },
                );
            }
            Value::Raw(json) => {
                // A part that is no JSON by itself could add keys to the draft.
                let mut reader = Reader::new(json);
                match reader.skip().and_then(|()| reader.end()) {
                    Ok(()) => draft.push(json.as_bytes()),
                    Err(error) => {
                        reader.report_error_in_value(error, path, &mut draft.violations);
                        draft.push(b"null");
                    }
                }
            }
        }
    }
}
