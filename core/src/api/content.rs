//! The kinds of content that a message from the provider has, and how each is declared.

use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;

use crate::api::endpoint::Endpoint;
use crate::check::memory::NoMemoryError;
use crate::check::violation::{At, Position};
use crate::json::content::Object;
use crate::json::table::EssentialError;
use crate::json::tape::{Tape, TapeError};

/// What a verified body is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContentKind {
    /// The response to the request that the message was verified with.
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
/// The trait is sealed: it is implemented by the responses and the callbacks of this crate.
pub trait Content: Object {
    /// The kind of message that has this content.
    const KIND: ContentKind;

    /// The endpoint whose response it is. `None` for callbacks, and for [`Envelope`].
    ///
    /// [`Envelope`]: crate::Envelope
    const ENDPOINT: Option<Endpoint>;

    /// Reads a document that has the essential fields.
    #[doc(hidden)]
    fn read_document(tape: &Arc<Tape>, _endpoint: Option<Endpoint>) -> Result<Self, NoMemoryError> {
        Self::read_object(tape, Tape::ROOT)
    }
}

/// Why a verified body does not have the expected content.
///
/// The message is still proven: [`Verified::body`](crate::Verified::body) returns its bytes.
///
/// The error names paths in the body, never the values at them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContentError {
    /// A response is read as a callback, a callback as a response, or a document as another kind
    /// than it was made for.
    OtherKind {
        /// What it was read as.
        read_as: ContentKind,
    },
    /// A response is read as the response to another endpoint.
    OtherEndpoint {
        /// The endpoint that it was read for.
        read_as: Endpoint,
    },
    /// The body is empty.
    Empty,
    /// The body has 2 GiB or more.
    TooLarge,
    /// The body is not a single JSON object.
    Json {
        /// The line, counted from 1.
        line: usize,
        /// The column, counted in bytes from 1.
        column: usize,
    },
    /// An object has a duplicate key, so that two programs could each read another value.
    ///
    /// Keys are compared as they are read. Two that differ in halves of surrogate pairs only are
    /// duplicates, since each half is read as U+FFFD: whoever asks for that key could not tell them
    /// apart.
    DuplicateKey {
        /// The object's JSON Pointer, which is empty for the whole body. It ends before the first
        /// key that no page has.
        path: String,
        /// Where the key is for the second time: the first such place of the body.
        position: Position,
    },
    /// An essential field is absent or null.
    Missing {
        /// The field's JSON Pointer.
        path: String,
    },
    /// An essential field has another type.
    WrongType {
        /// The field's JSON Pointer.
        path: String,
        /// What it must be.
        expected: &'static str,
    },
    /// An allocation failed.
    NoMemory,
}

impl ContentError {
    /// Returns the stable code of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::OtherKind { .. } | Self::OtherEndpoint { .. } => "content_other_kind",
            Self::Empty | Self::Json { .. } => "content_json",
            Self::TooLarge => "content_too_large",
            Self::DuplicateKey { .. } => "content_repeated",
            Self::Missing { .. } => "content_missing",
            Self::WrongType { .. } => "content_wrong_type",
            Self::NoMemory => NoMemoryError.code(),
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
                "not a callback of this kind; verify a callback as a callback, and read each kind at its own URL",
            ),
            Self::OtherEndpoint { read_as } => write!(
                f,
                "not the response to {read_as}; read it as the response to the request that it was verified with"
            ),
            Self::Empty => f.write_str(
                "the body is empty; pass the raw body, before anything else reads it",
            ),
            Self::TooLarge => f.write_str("the body is too large; limit what is received"),
            Self::Json { line, column } => write!(
                f,
                "the body is not a single JSON object (line {line}, column {column})"
            ),
            Self::DuplicateKey { path, position } => {
                let object = if path.is_empty() { "the body" } else { path };
                write!(f, "duplicate key in {object}{}", At(Some(*position)))
            }
            Self::NoMemory => f.write_str(NoMemoryError::MESSAGE),
            Self::Missing { path } => write!(f, "{path}: missing"),
            Self::WrongType { path, expected } => write!(f, "{path}: expected {expected}"),
        }
    }
}

impl core::error::Error for ContentError {}

impl From<NoMemoryError> for ContentError {
    fn from(_: NoMemoryError) -> Self {
        Self::NoMemory
    }
}

impl From<TapeError> for ContentError {
    fn from(error: TapeError) -> Self {
        match error {
            TapeError::NoMemory => Self::NoMemory,
            TapeError::Empty => Self::Empty,
            TapeError::TooLong => Self::TooLarge,
            TapeError::Syntax { line, column } => Self::Json { line, column },
            TapeError::DuplicateKey { path, position } => Self::DuplicateKey { path, position },
        }
    }
}

impl From<EssentialError> for ContentError {
    fn from(error: EssentialError) -> Self {
        match error {
            EssentialError::Missing { path } => Self::Missing { path },
            EssentialError::WrongType { path, expected } => Self::WrongType { path, expected },
        }
    }
}

/// Declares structs that are read from JSON objects, one line a field.
///
/// ```text
/// content! {
///     /// The documentation of the struct.
///     #[derive(Clone, PartialEq, Eq)]
///     pub struct PhoneCallback: CallCallback {
///         order_id: String = "orderID", essential;
///         /// The documentation of the field, after its key.
///         other: Option<String> = "other", required;
///         attempts: List<Attempt> = "attempts", example;
///     }
/// }
/// ```
///
/// - The struct's name is followed by its [`ContentKind`], and that by the endpoint of a response:
///   `Response(StopOrder)`. Nested objects have neither.
/// - A field has its type, its key, and a constructor of [`Row`](crate::json::table::Row), which
///   says whether the page calls it required or optional, has it in an example only, or a document
///   without it cannot be read. `Option<T>` is a string, an integer, a number, a boolean or another
///   such struct, and `List<T>` a list of such structs. Essential fields need no `Option`.
///
/// Every struct gets a field `extra` with what was not read.
macro_rules! content {
    ($(
        $(#[$attribute:meta])*
        $visibility:vis struct $Name:ident $(: $Kind:ident $(($Endpoint:ident))?)? {$(
            $(#[$doc:meta])*
            $field:ident: $Type:ty = $key:literal, $row:ident $(($argument:expr))?;
        )*}
    )+) => {$(
        $(#[$attribute])*
        #[non_exhaustive]
        $visibility struct $Name {
            $(
                #[doc = concat!("`", $key, "`.")]
                $(#[$doc])*
                pub $field: $Type,
            )*
            /// Fields that the API's page does not have, and those that came with another type.
            pub extra: $crate::json::content::extra::Extra,
        }

        impl $crate::json::content::Object for $Name {
            const TABLE: &'static $crate::json::table::Table = &$crate::json::table::Table {
                rows: &[$(
                    $crate::json::table::Row::$row(
                        $key,
                        <$Type as $crate::json::content::Field>::KIND
                        $(, $argument)?
                    ),
                )*],
            };

            fn read_object(
                tape: &alloc::sync::Arc<$crate::json::tape::Tape>,
                node: u32,
            ) -> Result<Self, $crate::check::memory::NoMemoryError> {
                $(
                    let mut $field = <$Type as $crate::json::content::Field>::absent();
                )*
                let mut extra =
                    $crate::check::memory::with_capacity(tape.capacity_for_keys(node))?;
                for key in tape.keys(node) {
                    let is_read = match tape.text(key) {
                        $(
                            $key => $crate::json::content::Field::set(&mut $field, tape, key + 1)?,
                        )*
                        _ => false,
                    };
                    if !is_read {
                        extra.try_reserve(1)?;
                        extra.push(key);
                    }
                }
                Ok(Self {
                    $($field,)*
                    extra: $crate::json::content::extra::Extra::new(tape, node, extra),
                })
            }
        }

        $(
            impl $crate::api::content::Content for $Name {
                const KIND: $crate::api::content::ContentKind =
                    $crate::api::content::ContentKind::$Kind;
                const ENDPOINT: Option<$crate::api::endpoint::Endpoint> =
                    $crate::api::content::content!(@endpoint $($Endpoint)?);
            }
        )?
    )+};
    (@endpoint) => {
        None
    };
    (@endpoint $Endpoint:ident) => {
        Some($crate::api::endpoint::Endpoint::$Endpoint)
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
