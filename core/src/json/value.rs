//! A value of a document, and how it is reached.

use core::fmt;

use crate::check::chars;
use crate::check::violation::JsonType;
use crate::json::integer;
use crate::json::tape::{Children, Tape};

/// A value of a [`Document`](crate::Document).
///
/// A value of another type than asked for is `None`. Reading by index is fast in long lists too:
/// going through all elements, or all keys, is linear.
///
/// Its `Debug` shows the type only.
#[derive(Clone, Copy)]
pub struct Value<'d> {
    tape: &'d Tape,
    node: u32,
}

impl<'d> Value<'d> {
    pub(crate) const fn new(tape: &'d Tape, node: u32) -> Self {
        Self { tape, node }
    }

    /// The JSON type.
    #[must_use]
    pub fn json_type(self) -> JsonType {
        self.tape.json_type(self.node)
    }

    /// The value as it was sent.
    #[must_use]
    pub fn json(self) -> &'d str {
        self.tape.json(self.node)
    }

    /// Whether it is null.
    #[must_use]
    pub fn is_null(self) -> bool {
        self.tape.is_null(self.node)
    }

    /// A string, without escapes. Half of a surrogate pair is U+FFFD.
    #[must_use]
    pub fn as_str(self) -> Option<&'d str> {
        self.tape.string(self.node)
    }

    /// An integer that an `i64` holds, or a string of its plain digits. 1.0 and 1e3 are integers;
    /// 1.5 and 2^63 are none.
    #[must_use]
    pub fn as_i64(self) -> Option<i64> {
        integer::read(self.tape, self.node)
    }

    /// A number, or a string of its plain digits. 1e400 is none: it is not finite.
    #[must_use]
    pub fn as_f64(self) -> Option<f64> {
        self.tape.number(self.node)
    }

    /// A boolean.
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        self.tape.boolean(self.node)
    }

    /// The number of an array's elements, or of an object's members.
    #[must_use]
    #[expect(
        clippy::len_without_is_empty,
        reason = "a value that has no length is not empty either"
    )]
    pub fn len(self) -> Option<usize> {
        self.tape.len(self.node)
    }

    /// The element of an array with this index.
    #[must_use]
    pub fn element(self, index: usize) -> Option<Self> {
        let is_array = self.json_type() == JsonType::Array;
        let node = is_array.then(|| self.tape.child(self.node, index))??;
        Some(Self::new(self.tape, node))
    }

    /// The key of an object with this index, in the order in which they were sent.
    #[must_use]
    pub fn key(self, index: usize) -> Option<&'d str> {
        let is_object = self.tape.is_object(self.node);
        let key = is_object.then(|| self.tape.child(self.node, index))??;
        Some(self.tape.text(key))
    }

    /// The value of an object with this key.
    #[must_use]
    pub fn member(self, key: &str) -> Option<Self> {
        let node = self.tape.member(self.node, key)?;
        Some(Self::new(self.tape, node))
    }

    /// The elements of an array. None of any other value.
    #[must_use]
    pub fn elements(self) -> Elements<'d> {
        let is_array = self.json_type() == JsonType::Array;
        Elements {
            tape: self.tape,
            nodes: is_array.then(|| self.tape.children(self.node)).flatten(),
        }
    }

    /// The members of an object, in the order in which they were sent. None of any other value.
    #[must_use]
    pub fn members(self) -> Members<'d> {
        let is_object = self.tape.is_object(self.node);
        Members {
            tape: self.tape,
            nodes: is_object.then(|| self.tape.children(self.node)).flatten(),
        }
    }

    /// The value at a JSON Pointer (RFC 6901) from here: `""` is this value itself. `None` if there
    /// is none.
    ///
    /// # Errors
    ///
    /// [`PointerError`] for a string that is not a JSON Pointer.
    pub fn get(self, pointer: &str) -> Result<Option<Self>, PointerError> {
        let has_escapes = check(pointer)?;
        let mut value = self;
        let mut rest = pointer.strip_prefix('/');
        while let Some(tokens) = rest {
            let (token, after) = first_token(tokens);
            rest = after;
            let child = if has_escapes && token.contains('~') && value.tape.is_object(value.node) {
                value.member_by_token(token)
            } else {
                value.child(token)
            };
            match child {
                Some(child) => value = child,
                None => return Ok(None),
            }
        }
        Ok(Some(value))
    }

    /// The value that a part of a pointer, without escapes, leads to.
    #[inline]
    fn child(self, token: &str) -> Option<Self> {
        if self.json_type() == JsonType::Array {
            self.element_at(token)
        } else {
            self.member(token)
        }
    }

    /// The value of an object whose key is a part of a pointer with escapes. It takes no memory.
    #[cold]
    fn member_by_token(self, token: &str) -> Option<Self> {
        let mut keys = self.tape.keys(self.node);
        let key = keys.find(|&key| is_token_of(self.tape.text(key), token))?;
        Some(Self::new(self.tape, key + 1))
    }

    /// The element of an array with this index.
    #[inline(never)]
    fn element_at(self, token: &str) -> Option<Self> {
        let is_index = token == "0" || !token.starts_with(['0', '+']);
        self.element(token.parse().ok().filter(|_| is_index)?)
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Value").field(&self.json_type()).finish()
    }
}

/// The elements of an array. [`Value::elements`] returns it.
#[derive(Clone)]
pub struct Elements<'d> {
    tape: &'d Tape,
    nodes: Option<Children<'d>>,
}

impl<'d> Iterator for Elements<'d> {
    type Item = Value<'d>;

    fn next(&mut self) -> Option<Value<'d>> {
        let node = self.nodes.as_mut()?.next()?;
        Some(Value::new(self.tape, node))
    }
}

/// The members of an object: keys and values. [`Value::members`] returns it.
#[derive(Clone)]
pub struct Members<'d> {
    tape: &'d Tape,
    nodes: Option<Children<'d>>,
}

impl<'d> Iterator for Members<'d> {
    type Item = (&'d str, Value<'d>);

    fn next(&mut self) -> Option<Self::Item> {
        let key = self.nodes.as_mut()?.next()?;
        Some((self.tape.text(key), Value::new(self.tape, key + 1)))
    }
}

/// Implements `Debug` for types that lead to content: it shows the name of the type only.
macro_rules! debug_name_only {
    ($($name:ident),+ $(,)?) => {$(
        impl fmt::Debug for $name<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+};
}

debug_name_only!(Elements, Members);

/// A string that is not a JSON Pointer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PointerError;

impl PointerError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        "content_pointer"
    }
}

impl fmt::Display for PointerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "malformed JSON Pointer; begin it with /, write ~1 for / in a key and ~0 for ~, or \
             pass an empty string for the whole",
        )
    }
}

impl core::error::Error for PointerError {}

/// The part of a pointer before the next slash, and what follows the slash.
#[inline]
fn first_token(tokens: &str) -> (&str, Option<&str>) {
    match chars::position(tokens.as_bytes(), b'/') {
        Some(end) => (&tokens[..end], Some(&tokens[end + 1..])),
        None => (tokens, None),
    }
}

/// Whether a key is written like this in a pointer.
fn is_token_of(key: &str, token: &str) -> bool {
    let mut rest = token;
    for part in key.split_inclusive(['~', '/']) {
        let (plain, escape) = if let Some(plain) = part.strip_suffix('~') {
            (plain, "~0")
        } else if let Some(plain) = part.strip_suffix('/') {
            (plain, "~1")
        } else {
            (part, "")
        };
        let after = rest.strip_prefix(plain);
        match after.and_then(|after| after.strip_prefix(escape)) {
            Some(after) => rest = after,
            None => return false,
        }
    }
    rest.is_empty()
}

/// Returns whether a pointer has escapes.
#[inline]
fn check(pointer: &str) -> Result<bool, PointerError> {
    let has_start = pointer.is_empty() || pointer.starts_with('/');
    let has_escapes = chars::position(pointer.as_bytes(), b'~').is_some();
    let is_valid = |rest: &str| rest.starts_with(['0', '1']);
    if has_start && (!has_escapes || pointer.split('~').skip(1).all(is_valid)) {
        Ok(has_escapes)
    } else {
        Err(PointerError)
    }
}
