//! The kinds of content that a message from the provider has, and how each is declared.

use alloc::string::String;
use core::fmt;

use crate::json::content::{Object, ReadError};

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

/// A type that [`Verified::read`](crate::Verified::read) reads a body as.
///
/// The trait is sealed: it is implemented by the response and the callbacks of this crate.
pub trait Content: Object {
    /// The kind of message that has this content.
    const KIND: ContentKind;
}

/// Why a verified body does not have the expected content.
///
/// Its message names paths in the body, never the values at them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContentError {
    /// A response is read as a callback, or a callback as a response.
    OtherKind {
        /// What it was read as.
        read_as: ContentKind,
    },
    /// The body is not a single JSON object.
    Json {
        /// The line, counted from 1.
        line: usize,
        /// The column, counted in bytes from 1.
        column: usize,
    },
    /// An object has a duplicate key, so that two programs could each read another value.
    DuplicateKey {
        /// The object's JSON Pointer, which is empty for the whole body.
        path: String,
    },
    /// A field that the API's page calls required is absent or null.
    Missing {
        /// The field's JSON Pointer.
        path: String,
    },
    /// A field has another type than the API's page gives it.
    WrongType {
        /// The field's JSON Pointer.
        path: String,
        /// What it must be.
        expected: &'static str,
    },
}

impl ContentError {
    /// Returns the stable code of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::OtherKind { .. } => "content_other_kind",
            Self::Json { .. } => "content_json",
            Self::DuplicateKey { .. } => "content_repeated",
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
                "expected a response, found a callback; verify a response with the request that it answers",
            ),
            Self::OtherKind { .. } => f.write_str(
                "expected a callback, found a response; verify a callback as a callback",
            ),
            Self::Json { line, column } => write!(
                f,
                "the body is not a single JSON object (line {line}, column {column})"
            ),
            Self::DuplicateKey { path } if path.is_empty() => f.write_str("duplicate key in the body"),
            Self::DuplicateKey { path } => write!(f, "duplicate key in {path}"),
            Self::Missing { path } => write!(f, "{path}: missing"),
            Self::WrongType { path, expected } => write!(f, "{path}: expected {expected}"),
        }
    }
}

impl core::error::Error for ContentError {}

impl From<ReadError> for ContentError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Json { line, column } => Self::Json { line, column },
            ReadError::DuplicateKey { path } => Self::DuplicateKey { path },
            ReadError::Missing { path } => Self::Missing { path },
            ReadError::WrongType { path, expected } => Self::WrongType { path, expected },
        }
    }
}

/// Declares structs that are read from JSON objects, one line a field.
///
/// ```text
/// content! {
///     /// The documentation of the struct.
///     #[derive(Clone, PartialEq, Eq)]
///     pub struct PhoneCallback: Response {
///         order_id: String = "orderID";
///         /// The documentation of the field, after its key.
///         other: Option<String> = "other";
///         callback_type: i64 = "callbackType", integer_or_digits;
///     }
/// }
/// ```
///
/// - The struct's name is followed by its [`ContentKind`]; nested objects have none.
/// - A field's type tells how it is read: `T` is required, `Option<T>` and `Vec<T>` are known from
///   an example only. `T` is a `String`, an `i64`, an `f64`, a `bool` or another such struct.
/// - A field that is read in another way names a method of
///   [`Fields`](crate::json::content::Fields), whose argument may use the fields before it.
///
/// Fields are read and checked in the order of their lines. Every struct gets a field `extra` with
/// what was not read.
macro_rules! content {
    ($(
        $(#[$attribute:meta])*
        pub struct $Name:ident $(: $Kind:ident)? {$(
            $(#[$doc:meta])*
            $field:ident: $Type:ty = $key:literal $(, $reader:ident $(($argument:expr))?)?;
        )*}
    )+) => {$(
        $(#[$attribute])*
        #[non_exhaustive]
        pub struct $Name {
            $(
                #[doc = concat!("`", $key, "`.")]
                $(#[$doc])*
                pub $field: $Type,
            )*
            /// Fields that the API's page does not have, and those that it shows in an example
            /// only and that came with another type.
            pub extra: $crate::json::content::Extra,
        }

        impl $crate::json::content::Object for $Name {
            fn read(
                mut fields: $crate::json::content::Fields<'_>,
            ) -> Result<Self, $crate::json::content::ReadError> {
                $(
                    let $field: $Type = $crate::api::content::content!(
                        @read fields, $key $(, $reader $(($argument))?)?
                    );
                )*
                Ok(Self { $($field,)* extra: fields.rest() })
            }
        }

        $(
            impl $crate::api::content::Content for $Name {
                const KIND: $crate::api::content::ContentKind =
                    $crate::api::content::ContentKind::$Kind;
            }
        )?
    )+};
    (@read $fields:ident, $key:literal) => {
        $fields.take($key)?
    };
    (@read $fields:ident, $key:literal, $reader:ident $(($argument:expr))?) => {
        $fields.$reader($key $(, $argument)?)?
    };
}
pub(crate) use content;

/// Implements `Debug` for types whose fields are personal data: it shows the name of the type only.
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
