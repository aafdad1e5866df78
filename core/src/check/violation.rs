//! What is wrong with a task, an order or a document, and where.

use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::{self, Vec};
use core::{fmt, slice};

use crate::check::chars::{Literal, Quoted};
use crate::check::memory::{self, NoMemoryError};
use crate::check::names::NameDifference;
use crate::check::path::Path;
use crate::check::phone::error::PhoneError;
use crate::check::url::error::UrlError;

/// The path of an order in the body.
pub(crate) const ORDER: &str = "/callInfoList/callList/*";

/// One thing that is wrong: a place in the body, and what is wrong there.
///
/// Its message names positions and at most one offending character: never the secret key, a phone
/// number or a name.
///
/// ```
/// use callbot_core::{Batch, Rules};
///
/// let json = br#"{"productID":"callbot","userTaskID":"t1","callInfoList":{
///     "orderCallbackUrl":"https://example.com/order","callCallbackUrl":"https://example.com/call",
///     "callList":[{"orderID":"1","userPhone":"+8613800000001",
///     "other":"","userName":"","customerName":"","params":[]}]}}"#;
/// let violations = Batch::from_json(json, Rules::new()).unwrap_err();
/// let violation = violations.iter().next().unwrap();
/// assert_eq!(violation.code(), "phone_plus");
/// assert_eq!(violation.path(), "/callInfoList/callList/0/userPhone");
/// assert_eq!(violation.order_index(), Some(0));
/// assert_eq!(violation.field(), "userPhone");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    path: Path,
    kind: ViolationKind,
    /// What else to do at this place. Empty, or the end of the message.
    hint: &'static str,
}

impl Violation {
    /// The stable code, for programs, such as `phone_plus`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// The place: a JSON Pointer (RFC 6901) into the body, such as
    /// `/callInfoList/callList/3/userPhone`. Empty for the document as a whole. Its indices count
    /// from 0.
    ///
    /// For an order that was added on its own, the index is the one that it would have had in the
    /// batch.
    #[must_use]
    pub fn path(&self) -> String {
        self.path.to_string()
    }

    /// What is wrong and what to do, for people. The wording may change between releases.
    #[must_use]
    pub fn message(&self) -> String {
        Message(self).to_string()
    }

    /// What is wrong, for programs that need more than the [`code`](Self::code).
    #[must_use]
    pub const fn kind(&self) -> &ViolationKind {
        &self.kind
    }

    /// The order's index in the list of orders (`callList`), counted from 0. `None` where no order
    /// is concerned.
    #[must_use]
    pub fn order_index(&self) -> Option<usize> {
        self.path.index_in(ORDER)
    }

    /// The field's key, such as `userPhone`: the last key of the [`path`](Self::path). Empty for
    /// the document as a whole.
    #[must_use]
    pub fn field(&self) -> &str {
        self.path.last_key()
    }

    /// The name of the template variable that is concerned, as the rules have it: the one that is
    /// missing, or that an unknown name nearly is. `None` where the rules name none: the name that
    /// an order gives may be personal data.
    #[must_use]
    pub fn param(&self) -> Option<&str> {
        match &self.kind {
            ViolationKind::MissingParam { name }
            | ViolationKind::UnknownParam {
                nearest: Some((name, _)),
            } => Some(name),
            _ => None,
        }
    }
}

impl fmt::Display for Violation {
    /// One line: path, message and code.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path();
        let path = if path.is_empty() {
            "the document"
        } else {
            &path
        };
        write!(f, "{path}: {} [{}]", Message(self), self.code())
    }
}

/// What is wrong at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ViolationKind {
    /// The document ends before its JSON is complete.
    JsonIncomplete {
        /// The last line, counted from 1.
        line: usize,
        /// The length of that line in bytes. 0 in line 1 for an empty document.
        column: usize,
    },
    /// The document is not JSON.
    JsonSyntax {
        /// The line, counted from 1.
        line: usize,
        /// The column, counted in bytes from 1.
        column: usize,
        /// What is wrong there, and what to do.
        detail: &'static str,
    },
    /// Something other than whitespace follows the JSON object.
    TrailingBytes {
        /// The line, counted from 1.
        line: usize,
        /// The column, counted in bytes from 1.
        column: usize,
    },
    /// The document is not UTF-8.
    NotUtf8 {
        /// The offset of the first invalid byte, counted from 0.
        offset: usize,
    },
    /// A string of an order is not UTF-8.
    StringNotUtf8 {
        /// The offset of the first invalid byte in the string, counted from 0.
        offset: usize,
    },
    /// The document begins with a byte-order mark.
    ByteOrderMark,
    /// The document is UTF-16.
    Utf16,
    /// The value has the wrong JSON type.
    WrongType {
        /// The type that it must have.
        expected: JsonType,
        /// The type that it has.
        found: JsonType,
    },
    /// The number is not an integer of 64 bits.
    NotInteger,
    /// The integer is outside of what the API's page allows.
    OutOfRange {
        /// The least allowed value.
        min: i64,
        /// The greatest allowed value.
        max: i64,
    },
    /// The list has more elements than the API's page allows.
    TooManyElements {
        /// How many it allows.
        max: usize,
    },
    /// `userPhone` is a JSON number.
    PhoneJsonNumber,
    /// A required key is missing.
    MissingKey,
    /// A string or key has half of a surrogate pair, as an escape such as `\ud83d`: a character
    /// that was cut in two.
    HalfSurrogate {
        /// Where that escape is. `None` for a typed request.
        position: Option<Position>,
    },
    /// A string or key has U+0000.
    NulCharacter {
        /// Where its escape is in the document. `None` for a string that was not read from one.
        position: Option<Position>,
    },
    /// A key occurs twice in one object.
    DuplicateKey {
        /// Where it occurs again. `None` for a typed request.
        position: Option<Position>,
    },
    /// The API has no such key in this object.
    ///
    /// The key itself may be personal data that was put in the place of a key, and is never told.
    UnknownKey {
        /// Where the key is.
        position: Position,
        /// The key of the API that it nearly is, if there is one, and how it differs.
        nearest: Option<(&'static str, NameDifference)>,
    },
    /// The string is empty and must not be.
    Empty,
    /// An ID or a name begins or ends with a character that nobody sees.
    BlankEdge {
        /// The whitespace, control or invisible character.
        character: char,
        /// Whether the string begins with it. Otherwise it ends with it.
        is_at_start: bool,
    },
    /// An orderID or userTaskID is so long that it is surely something else.
    IdTooLong {
        /// Its length in bytes.
        len: usize,
    },
    /// `productID` is not `callbot`.
    ProductId,
    /// A callback URL is invalid.
    Url(UrlError),
    /// The phone number is invalid.
    Phone(PhoneError),
    /// The rules do not allow the number's country code.
    CountryCodeNotAllowed {
        /// The country code.
        country_code: u16,
    },
    /// Another order of the batch has the same orderID.
    DuplicateOrderId {
        /// That order's index in the list of orders.
        first: usize,
    },
    /// Another param of the order has the same name.
    DuplicateParam {
        /// That param's index in the list of params.
        first: usize,
    },
    /// The name of another param of the batch looks equal to this one's.
    SimilarParam {
        /// The index of its order in the list of orders.
        first_order: usize,
        /// Its index in that order's list of params.
        first: usize,
        /// How this name differs from that one.
        difference: NameDifference,
    },
    /// The rules allow each phone number once, and another order of the batch has it.
    DuplicatePhone {
        /// That order's index in the list of orders.
        first: usize,
    },
    /// A variable of the script template is not filled.
    MissingParam {
        /// Its name, as the rules have it.
        name: Arc<String>,
    },
    /// The script template has no variable of this name.
    UnknownParam {
        /// The variable that it nearly is, and how the name differs from it. The name itself may be
        /// personal data.
        nearest: Option<(Arc<String>, NameDifference)>,
    },
    /// The rules allow no more orders in one request.
    TooManyOrders {
        /// How many they allow.
        max: usize,
    },
    /// The body has reached 4 GiB and takes no more orders.
    BodyTooLarge,
}

impl ViolationKind {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::JsonIncomplete { .. } => "json_incomplete",
            Self::JsonSyntax { .. } => "json_syntax",
            Self::TrailingBytes { .. } => "json_trailing_bytes",
            Self::NotUtf8 { .. } => "json_not_utf8",
            Self::StringNotUtf8 { .. } => "text_not_utf8",
            Self::ByteOrderMark => "json_byte_order_mark",
            Self::Utf16 => "json_utf16",
            Self::WrongType { .. } => "wrong_type",
            Self::NotInteger => "not_integer",
            Self::OutOfRange { .. } => "out_of_range",
            Self::TooManyElements { .. } => "too_many_elements",
            Self::PhoneJsonNumber => "phone_json_number",
            Self::MissingKey => "missing_key",
            Self::HalfSurrogate { .. } => "half_surrogate",
            Self::NulCharacter { .. } => "nul_character",
            Self::DuplicateKey { .. } => "repeated_key",
            Self::UnknownKey { .. } => "unknown_key",
            Self::Empty => "empty",
            Self::BlankEdge { .. } => "blank_edge",
            Self::IdTooLong { .. } => "id_too_long",
            Self::ProductId => "product_id",
            Self::Url(error) => error.code(),
            Self::Phone(error) => error.code(),
            Self::CountryCodeNotAllowed { .. } => "country_code_not_allowed",
            Self::DuplicateOrderId { .. } => "duplicate_order_id",
            Self::DuplicateParam { .. } => "duplicate_param",
            Self::SimilarParam { .. } => "similar_param",
            Self::DuplicatePhone { .. } => "duplicate_phone",
            Self::MissingParam { .. } => "missing_param",
            Self::UnknownParam { .. } => "unknown_param",
            Self::TooManyOrders { .. } => "too_many_orders",
            Self::BodyTooLarge => "body_too_large",
        }
    }
}

/// A position in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The line, counted from 1.
    pub line: usize,
    /// The column, counted in bytes from 1.
    pub column: usize,
    /// The offset in bytes, counted from 0.
    pub offset: usize,
}

/// A position in a message, if it is known.
pub(crate) struct At(pub(crate) Option<Position>);

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(Position {
            line,
            column,
            offset,
        }) = self.0
        else {
            return Ok(());
        };
        write!(
            f,
            " at line {line}, column {column} (byte {offset}, counted from 0)"
        )
    }
}

/// A violation's message: what is wrong, then what to do.
struct Message<'a>(&'a Violation);

impl fmt::Display for Message<'_> {
    #[expect(clippy::too_many_lines, reason = "an arm for each kind")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Violation { path, kind, hint } = self.0;
        match kind {
            ViolationKind::JsonIncomplete { line: 1, column: 0 } => f.write_str(
                "the document is empty; look whether the whole of it was read, and give its JSON",
            ),
            ViolationKind::JsonIncomplete { line, column: 0 } => write!(
                f,
                "the document ends at the start of line {line}, before its JSON is complete; look \
                 for what cut it off"
            ),
            ViolationKind::JsonIncomplete { line, column } => write!(
                f,
                "the document ends at line {line}, column {column}, before its JSON is complete; \
                 look for what cut it off"
            ),
            ViolationKind::JsonSyntax {
                line,
                column,
                detail,
            } => write!(f, "invalid JSON at line {line}, column {column}: {detail}"),
            ViolationKind::TrailingBytes { line, column } => write!(
                f,
                "unexpected data after the JSON object at line {line}, column {column}; give one \
                 object only"
            ),
            ViolationKind::NotUtf8 { offset } => write!(
                f,
                "the document is not UTF-8 from byte {offset} on (counted from 0); save it as UTF-8"
            ),
            ViolationKind::StringNotUtf8 { offset } => write!(
                f,
                "the string is not UTF-8 from byte {offset} on (counted from 0); convert it to \
                 UTF-8"
            ),
            ViolationKind::ByteOrderMark => f.write_str(
                "the document begins with a byte-order mark; save it as UTF-8 without one",
            ),
            ViolationKind::Utf16 => f.write_str("the document is UTF-16; save it as UTF-8"),
            ViolationKind::WrongType { expected, found } => {
                write!(f, "expected {expected}, found {found}")
            }
            ViolationKind::NotInteger => f.write_str(
                "must be an integer of 64 bits; write it as digits without fraction and exponent",
            ),
            ViolationKind::OutOfRange { min, max } => write!(f, "must be from {min} to {max}"),
            ViolationKind::TooManyElements { max } => write!(
                f,
                "the API allows {max} elements in one request; split the list into several requests"
            ),
            ViolationKind::PhoneJsonNumber => {
                f.write_str("the phone number is a JSON number; write it as a string, in quotes")
            }
            ViolationKind::MissingKey if hint.is_empty() => {
                f.write_str("required key is missing; add it")
            }
            ViolationKind::MissingKey => f.write_str("required key is missing"),
            ViolationKind::HalfSurrogate { position } => write!(
                f,
                "half of a surrogate pair{}: a character was cut in two; write the whole \
                 character, or leave it out",
                At(*position)
            ),
            ViolationKind::NulCharacter { position } => write!(
                f,
                "the character NUL (U+0000){}; remove it, and give the string's own length where \
                 it comes from a buffer",
                At(*position)
            ),
            ViolationKind::DuplicateKey { position } => {
                write!(f, "duplicate key{}; remove one of them", At(*position))
            }
            ViolationKind::UnknownKey {
                position,
                nearest: None,
            } => write!(f, "unknown key{}; remove it", At(Some(*position))),
            ViolationKind::UnknownKey {
                position,
                nearest: Some((known, difference)),
            } => write!(
                f,
                "unknown key{}, which differs from {} {difference}; correct it or remove it",
                At(Some(*position)),
                Literal(known)
            ),
            ViolationKind::Empty => f.write_str("must not be empty"),
            ViolationKind::BlankEdge {
                character,
                is_at_start,
            } => write!(
                f,
                "{} with {}; remove it",
                if *is_at_start { "starts" } else { "ends" },
                Quoted(*character)
            ),
            ViolationKind::IdTooLong { len } => write!(
                f,
                "{len} bytes are surely no ID; look whether a whole record or file was passed in \
                 its place (an ID has at most 4096 bytes)"
            ),
            ViolationKind::ProductId => f.write_str("must be exactly \"callbot\""),
            ViolationKind::Url(error) => error.fmt(f),
            ViolationKind::Phone(error) => error.fmt(f),
            ViolationKind::CountryCodeNotAllowed { country_code } => write!(
                f,
                "the rules do not allow the country code {country_code}; check whether the \
                 number's own country code was left out"
            ),
            ViolationKind::DuplicateOrderId { first } => write!(
                f,
                "duplicate orderID, first used at {}; give each order its own",
                path.sibling(*first)
            ),
            ViolationKind::DuplicateParam { first } => write!(
                f,
                "duplicate param, first used at {}; fill each variable once",
                path.sibling(*first)
            ),
            ViolationKind::SimilarParam {
                first_order,
                first,
                difference,
            } => write!(
                f,
                "the name differs from that of {} {difference}, which nobody sees; write both \
                 alike",
                path.in_other(*first_order).sibling(*first)
            ),
            ViolationKind::DuplicatePhone { first } => write!(
                f,
                "duplicate phone number, first used at {}; call each number once, or take the \
                 rule off",
                path.sibling(*first)
            ),
            // As a literal, so that the message stays one line whatever the name contains.
            ViolationKind::MissingParam { name } => {
                write!(
                    f,
                    "the script template's variable {} is not filled{}",
                    Literal(name),
                    if hint.is_empty() { "; add a param" } else { "" }
                )
            }
            ViolationKind::UnknownParam {
                nearest: Some((name, difference)),
            } => write!(
                f,
                "the name differs from the template variable {} {difference}; write it exactly so",
                Literal(name)
            ),
            ViolationKind::UnknownParam { nearest: None } => f.write_str(
                "the rules name no template variable like this; compare it with the console's \
                 variable settings",
            ),
            ViolationKind::TooManyOrders { max } => write!(
                f,
                "the rules allow {max} orders in one request; send this order and those after it \
                 in another one"
            ),
            ViolationKind::BodyTooLarge => f.write_str(
                "the body has reached 4 GiB; send this order and those after it in another request",
            ),
        }?;
        f.write_str(hint)
    }
}

/// The types that a JSON value can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "these are JSON's own names")]
pub enum JsonType {
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
}

impl fmt::Display for JsonType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        })
    }
}

/// Everything that is wrong with a task, an order or a document, in the order of discovery.
///
/// Its `Display` has one line for each violation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Violations {
    listed: Vec<Violation>,
    unlisted: usize,
    /// Set if an allocation failed.
    no_memory: Option<NoMemoryError>,
}

impl Violations {
    /// The maximum number of listed violations. Further ones are only counted, so that a document
    /// of nothing but mistakes cannot exhaust the memory.
    pub const MAX_LISTED: usize = 1 << 20;

    pub(crate) const fn new() -> Self {
        Self {
            listed: Vec::new(),
            unlisted: 0,
            no_memory: None,
        }
    }

    pub(crate) fn push(&mut self, path: Path, kind: ViolationKind) {
        self.push_with_hint(path, kind, "");
    }

    /// Adds a violation whose message ends with a hint, such as "; give an empty string".
    pub(crate) fn push_with_hint(&mut self, path: Path, kind: ViolationKind, hint: &'static str) {
        if self.listed.len() < Self::MAX_LISTED {
            match memory::reserve_one(&mut self.listed) {
                Ok(()) => self.listed.push(Violation { path, kind, hint }),
                Err(error) => self.fail(error),
            }
        } else {
            self.unlisted += 1;
        }
    }

    /// Notes that an allocation failed: whatever was found is not all.
    pub(crate) const fn fail(&mut self, error: NoMemoryError) {
        self.no_memory = Some(error);
    }

    /// Whether an allocation failed. The violations, if there are any, are then not all, and
    /// nothing was changed: [`Error::from`](crate::Error) makes
    /// [`Error::NoMemory`](crate::Error::NoMemory) of them.
    #[must_use]
    pub const fn no_memory(&self) -> Option<NoMemoryError> {
        self.no_memory
    }

    /// A copy. Unlike `clone`, it fails if an allocation does.
    ///
    /// # Errors
    ///
    /// [`NoMemoryError`].
    pub fn try_clone(&self) -> Result<Self, NoMemoryError> {
        let mut listed = Vec::new();
        listed.try_reserve_exact(self.listed.len())?;
        listed.extend_from_slice(&self.listed);
        Ok(Self { listed, ..*self })
    }

    /// None, except that an allocation failed.
    pub(crate) const fn of_memory(error: NoMemoryError) -> Self {
        let mut violations = Self::new();
        violations.fail(error);
        violations
    }

    /// Adds all of `other`.
    pub(crate) fn append(&mut self, other: Self) {
        self.unlisted += other.unlisted;
        self.no_memory = self.no_memory.or(other.no_memory);
        for violation in other.listed {
            let Violation { path, kind, hint } = violation;
            self.push_with_hint(path, kind, hint);
        }
    }

    /// Removes the positions in a document that the caller does not have.
    pub(crate) fn without_positions(mut self) -> Self {
        for violation in &mut self.listed {
            if let ViolationKind::HalfSurrogate { position }
            | ViolationKind::NulCharacter { position }
            | ViolationKind::DuplicateKey { position } = &mut violation.kind
            {
                *position = None;
            }
        }
        self
    }

    /// `Ok` when there are none.
    pub(crate) fn into_result(self) -> Result<(), Self> {
        if self.is_empty() { Ok(()) } else { Err(self) }
    }

    /// The number of violations, including those that are not listed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.listed.len() + self.unlisted
    }

    /// Whether there are none, and no allocation failed. Never true for violations that were
    /// returned as an error.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty() && self.no_memory.is_none()
    }

    /// The number of violations beyond [`MAX_LISTED`](Self::MAX_LISTED), which are not listed.
    #[must_use]
    pub const fn unlisted(&self) -> usize {
        self.unlisted
    }

    /// The listed violations.
    pub fn iter(&self) -> slice::Iter<'_, Violation> {
        self.listed.iter()
    }

    /// The listed violations as a slice.
    #[must_use]
    pub fn as_slice(&self) -> &[Violation] {
        &self.listed
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, violation) in self.iter().enumerate() {
            let line_feed = if i == 0 { "" } else { "\n" };
            write!(f, "{line_feed}{violation}")?;
        }
        if self.unlisted > 0 {
            write!(f, "\nand {} more", self.unlisted)?;
        }
        if let Some(error) = self.no_memory {
            let line_feed = if self.listed.is_empty() { "" } else { "\n" };
            write!(f, "{line_feed}{error}")?;
        }
        Ok(())
    }
}

impl core::error::Error for Violations {}

impl IntoIterator for Violations {
    type Item = Violation;
    type IntoIter = vec::IntoIter<Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.listed.into_iter()
    }
}

impl<'a> IntoIterator for &'a Violations {
    type Item = &'a Violation;
    type IntoIter = slice::Iter<'a, Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
