//! Tolerant reading of JSON objects: known fields become typed values, all others are kept.
//!
//! Nothing here is an error. A field that is missing or null is absent; one of another type is kept
//! as it was sent, and so is an unknown one.

pub(crate) mod extra;
pub(crate) mod list;

use alloc::string::String;
use alloc::sync::Arc;

use crate::check::memory::{self, NoMemoryError};
use crate::json::integer;
use crate::json::table::{Kind, Table};
use crate::json::tape::Tape;

/// A struct that is read from the fields of a JSON object.
///
/// `content!` implements it. The trait is public because it seals [`Content`](crate::Content); no
/// path outside of the crate leads to it.
pub trait Object: Sized {
    /// The fields.
    #[doc(hidden)]
    const TABLE: &'static Table;

    /// Reads an object. Of any other value, all is in `extra`.
    #[doc(hidden)]
    fn read_object(tape: &Arc<Tape>, node: u32) -> Result<Self, NoMemoryError>;
}

/// A type that a JSON value is read as.
pub(crate) trait Read: Sized {
    const KIND: Kind;

    /// Returns `None` if the value has another type.
    fn read(tape: &Arc<Tape>, node: u32) -> Result<Option<Self>, NoMemoryError>;
}

impl Read for String {
    const KIND: Kind = Kind::String;

    fn read(tape: &Arc<Tape>, node: u32) -> Result<Option<Self>, NoMemoryError> {
        tape.string(node).map(memory::to_string).transpose()
    }
}

impl Read for i64 {
    const KIND: Kind = Kind::Integer;

    fn read(tape: &Arc<Tape>, node: u32) -> Result<Option<Self>, NoMemoryError> {
        Ok(integer::read(tape, node))
    }
}

impl Read for f64 {
    const KIND: Kind = Kind::Number;

    fn read(tape: &Arc<Tape>, node: u32) -> Result<Option<Self>, NoMemoryError> {
        Ok(tape.number(node))
    }
}

impl Read for bool {
    const KIND: Kind = Kind::Boolean;

    fn read(tape: &Arc<Tape>, node: u32) -> Result<Option<Self>, NoMemoryError> {
        Ok(tape.boolean(node))
    }
}

impl<T: Object> Read for T {
    const KIND: Kind = Kind::Object(T::TABLE);

    fn read(tape: &Arc<Tape>, node: u32) -> Result<Option<Self>, NoMemoryError> {
        let is_object = tape.is_object(node);
        is_object.then(|| T::read_object(tape, node)).transpose()
    }
}

/// A type of a struct's field.
pub(crate) trait Field: Sized {
    const KIND: Kind;

    /// The value of a field that was not sent.
    fn absent() -> Self;

    /// Reads the field. Returns `false` if the value has another type, which null has not.
    fn set(&mut self, tape: &Arc<Tape>, node: u32) -> Result<bool, NoMemoryError>;
}

impl<T: Read> Field for Option<T> {
    const KIND: Kind = T::KIND;

    fn absent() -> Self {
        None
    }

    #[inline]
    fn set(&mut self, tape: &Arc<Tape>, node: u32) -> Result<bool, NoMemoryError> {
        *self = T::read(tape, node)?;
        Ok(self.is_some() || tape.is_null(node))
    }
}

/// An essential field: it is read only if the document has it.
macro_rules! essential {
    ($($Type:ty: $absent:expr),+ $(,)?) => {$(
        impl $crate::json::content::Field for $Type {
            const KIND: $crate::json::table::Kind = <$Type as $crate::json::content::Read>::KIND;

            fn absent() -> Self {
                $absent
            }

            fn set(
                &mut self,
                tape: &alloc::sync::Arc<$crate::json::tape::Tape>,
                node: u32,
            ) -> Result<bool, $crate::check::memory::NoMemoryError> {
                let value = <$Type as $crate::json::content::Read>::read(tape, node)?;
                let is_read = value.is_some();
                *self = value.unwrap_or(<$Type as $crate::json::content::Field>::absent());
                Ok(is_read)
            }
        }
    )+};
}
pub(crate) use essential;

essential! {
    String: Self::new(),
    i64: 0,
}
