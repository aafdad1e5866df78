//! What is wrong with a task, an order or a document, and where.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::{self, Vec};
use core::{fmt, slice};

use crate::check::phone::PhoneError;
use crate::check::url::UrlError;

/// One thing that is wrong: a place in the body, and what is wrong there.
///
/// Its text names positions and at most one offending character: never the secret key, a phone number or a name.
///
/// ```
/// use callbot_core::{Batch, Rules};
///
/// let json = br#"{"productID":"callbot","userTaskID":"t1","callInfoList":{
///     "orderCallbackUrl":"https://example.com/order","callCallbackUrl":"https://example.com/call",
///     "callList":[{"orderID":"1","userPhone":"+8613800000001","other":"","userName":"","customerName":"","params":[]}]}}"#;
/// let violations = Batch::from_json(json, Rules::new()).unwrap_err();
/// let violation = violations.iter().next().unwrap();
/// assert_eq!(violation.code(), "phone_plus");
/// assert_eq!(violation.path(), "/callInfoList/callList/0/userPhone");
/// assert_eq!(violation.order_index(), Some(0));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    place: Place,
    fault: ViolationKind,
}

impl Violation {
    pub(crate) const fn new(place: Place, fault: ViolationKind) -> Self {
        Self { place, fault }
    }

    /// The stable code of what is wrong, for programs, such as `phone_plus`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.fault.code()
    }

    /// Where it is: a JSON Pointer (RFC 6901) into the body, such as `/callInfoList/callList/3/userPhone`. Empty for
    /// the document as a whole. The numbers in it count from 0.
    ///
    /// For an order that was added on its own, the number in the path is the place that it would have had in the batch.
    #[must_use]
    pub fn path(&self) -> String {
        match &self.fault {
            ViolationKind::UnknownKey {
                name: Some(name), ..
            } => alloc::format!("{}/{name}", self.place),
            _ => self.place.to_string(),
        }
    }

    /// What is wrong and what to do, for people. The wording may change between releases.
    #[must_use]
    pub fn message(&self) -> String {
        Message(self).to_string()
    }

    /// What is wrong, for programs that want more than the [`code`](Self::code).
    #[must_use]
    pub const fn kind(&self) -> &ViolationKind {
        &self.fault
    }

    /// The place in the list of orders (`callList`), counted from 0, when an order is concerned.
    #[must_use]
    pub const fn order_index(&self) -> Option<usize> {
        self.place.order_index()
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
    /// The text ends before the JSON does.
    JsonIncomplete {
        /// The last line, counted from 1.
        line: usize,
        /// How many bytes that line has.
        column: usize,
    },
    /// The text is not JSON.
    JsonSyntax {
        /// The line, counted from 1.
        line: usize,
        /// The column, counted in bytes from 1.
        column: usize,
        /// What the JSON reader says of it.
        detail: Box<str>,
    },
    /// Something other than blanks follows the JSON object.
    TrailingBytes {
        /// The line, counted from 1.
        line: usize,
        /// The column, counted in bytes from 1.
        column: usize,
    },
    /// The bytes are not UTF-8.
    NotUtf8 {
        /// The place of the first wrong byte, counted from 0.
        offset: usize,
    },
    /// A text of an order that came as bytes is not UTF-8: see [`OrderBytes`](crate::OrderBytes).
    TextNotUtf8 {
        /// The place of the first wrong byte in the text, counted from 0.
        offset: usize,
    },
    /// The text begins with a byte-order mark.
    ByteOrderMark,
    /// The text is UTF-16.
    Utf16,
    /// The value has another JSON type than it must.
    WrongType {
        /// The type that it must have.
        expected: JsonType,
        /// The type that it has.
        found: JsonType,
    },
    /// `userPhone` is a JSON number.
    PhoneJsonNumber,
    /// A required key is not there.
    MissingKey,
    /// A key stands twice in one object.
    RepeatedKey,
    /// The API knows no such key.
    UnknownKey {
        /// The key, if it looks like one; other text may be personal data and is not repeated.
        name: Option<Box<str>>,
        /// Which key of its object it is, counted from 1.
        position: usize,
    },
    /// The text must not be empty.
    Empty,
    /// `productID` is not `callbot`.
    ProductId,
    /// A callback URL.
    Url(UrlError),
    /// The phone number.
    Phone(PhoneError),
    /// The rules do not allow the number's country code.
    CountryCodeNotAllowed {
        /// The country code.
        country_code: u16,
    },
    /// Another order of the batch has the same orderID.
    DuplicateOrderId {
        /// That order's place in the list of orders, counted from 0.
        first: usize,
    },
    /// Another param of the order has the same name.
    DuplicateParam {
        /// That param's place in the list of params, counted from 0.
        first: usize,
    },
    /// A variable of the script template is not filled.
    MissingParam {
        /// Its name, as the rules have it.
        name: Arc<str>,
    },
    /// The script template has no variable of this name.
    UnknownParam,
    /// The rules allow no more orders in one request.
    TooManyOrders {
        /// How many they allow.
        max: usize,
    },
    /// The body has reached 4 GiB and takes no more orders.
    BodyTooLarge,
}

impl ViolationKind {
    /// The stable code of this fault.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::JsonIncomplete { .. } => "json_incomplete",
            Self::JsonSyntax { .. } => "json_syntax",
            Self::TrailingBytes { .. } => "json_trailing_bytes",
            Self::NotUtf8 { .. } => "json_not_utf8",
            Self::TextNotUtf8 { .. } => "text_not_utf8",
            Self::ByteOrderMark => "json_byte_order_mark",
            Self::Utf16 => "json_utf16",
            Self::WrongType { .. } => "wrong_type",
            Self::PhoneJsonNumber => "phone_json_number",
            Self::MissingKey => "missing_key",
            Self::RepeatedKey => "repeated_key",
            Self::UnknownKey { .. } => "unknown_key",
            Self::Empty => "empty",
            Self::ProductId => "product_id",
            Self::Url(fault) => fault.code(),
            Self::Phone(fault) => fault.code(),
            Self::CountryCodeNotAllowed { .. } => "country_code_not_allowed",
            Self::DuplicateOrderId { .. } => "duplicate_order_id",
            Self::DuplicateParam { .. } => "duplicate_param",
            Self::MissingParam { .. } => "missing_param",
            Self::UnknownParam => "unknown_param",
            Self::TooManyOrders { .. } => "too_many_orders",
            Self::BodyTooLarge => "body_too_large",
        }
    }
}

/// A violation's message: what is wrong and what to do. Some hints depend on the place.
struct Message<'a>(&'a Violation);

impl fmt::Display for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Violation { place, fault } = self.0;
        match fault {
            ViolationKind::JsonIncomplete { line, column } => write!(
                f,
                "the text ends after line {line}, column {column}, before the JSON does; part of it was lost"
            ),
            ViolationKind::JsonSyntax { line, column, detail } => {
                write!(f, "the JSON cannot be read at line {line}, column {column}: {detail}")
            }
            ViolationKind::TrailingBytes { line, column } => write!(
                f,
                "something follows the JSON object at line {line}, column {column}; give one object and nothing else"
            ),
            ViolationKind::NotUtf8 { offset } => write!(
                f,
                "the bytes are not UTF-8, from byte {offset} on (counted from 0); save the text as UTF-8"
            ),
            ViolationKind::TextNotUtf8 { offset } => write!(
                f,
                "it is not UTF-8, from byte {offset} on (counted from 0); convert it from the encoding that it has"
            ),
            ViolationKind::ByteOrderMark => {
                f.write_str("the text begins with a byte-order mark; save it as UTF-8 without one")
            }
            ViolationKind::Utf16 => f.write_str("the text is UTF-16; save it as UTF-8"),
            ViolationKind::WrongType { expected, found } => {
                write!(f, "it is {found} and must be {expected}")?;
                f.write_str(place.type_hint(*expected, *found))
            }
            ViolationKind::PhoneJsonNumber => {
                f.write_str("the phone number is a JSON number; write it as a string, in quotes")
            }
            ViolationKind::MissingKey => {
                f.write_str("it is missing and the API requires it")?;
                f.write_str(place.empty_hint())
            }
            ViolationKind::RepeatedKey => {
                f.write_str("the key stands twice in this object; keep one, since the other would be lost")
            }
            ViolationKind::UnknownKey { name: Some(_), .. } => {
                f.write_str("the API knows no such key here; remove it, since it would be lost")
            }
            ViolationKind::UnknownKey { name: None, position } => write!(
                f,
                "the API knows no key like number {position} of this object; remove it, since it would be lost"
            ),
            ViolationKind::Empty => f.write_str("it is empty and must not be"),
            ViolationKind::ProductId => f.write_str("it must be exactly \"callbot\""),
            ViolationKind::Url(fault) => fault.fmt(f),
            ViolationKind::Phone(fault) => fault.fmt(f),
            ViolationKind::CountryCodeNotAllowed { country_code } => write!(
                f,
                "the number's country code {country_code} is not among those that the rules allow; perhaps the \
                 country code was forgotten"
            ),
            ViolationKind::DuplicateOrderId { first } => write!(
                f,
                "{} has the same orderID; give each order its own",
                Place::order(*first)
            ),
            ViolationKind::DuplicateParam { first } => {
                write!(f, "params/{first} of this order has the same name; fill each variable once")
            }
            ViolationKind::MissingParam { name } => {
                // As a literal: the message stays one line, whatever the name holds.
                write!(f, "the script template's variable {name:?} is not filled")
            }
            ViolationKind::UnknownParam => f.write_str(
                "the rules name no template variable like this; compare it with the console's variable settings",
            ),
            ViolationKind::TooManyOrders { max } => write!(
                f,
                "the rules allow {max} orders in one request; send this order and those after it in another one"
            ),
            ViolationKind::BodyTooLarge => f.write_str(
                "the body has reached 4 GiB; send this order and those after it in another request",
            ),
        }
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

/// A key of the body, or the document, an order or a param as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Document,
    ProductId,
    UserTaskId,
    CallInfoList,
    OrderCallbackUrl,
    CallCallbackUrl,
    CallList,
    Order,
    OrderId,
    UserPhone,
    Other,
    UserName,
    CustomerName,
    Params,
    Param,
    Name,
    Value,
}

/// A place in the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    field: Field,
    /// Means something from [`Field::Order`] on.
    order: usize,
    /// Means something from [`Field::Param`] on.
    param: usize,
}

impl Place {
    pub(crate) const fn top(field: Field) -> Self {
        Self {
            field,
            order: 0,
            param: 0,
        }
    }

    pub(crate) const fn order(order: usize) -> Self {
        Self::in_order(order, Field::Order)
    }

    pub(crate) const fn in_order(order: usize, field: Field) -> Self {
        Self {
            field,
            order,
            param: 0,
        }
    }

    pub(crate) const fn param(order: usize, param: usize) -> Self {
        Self::in_param(order, param, Field::Param)
    }

    pub(crate) const fn in_param(order: usize, param: usize, field: Field) -> Self {
        Self {
            field,
            order,
            param,
        }
    }

    /// The same order or param, another field of it.
    pub(crate) const fn with_field(self, field: Field) -> Self {
        Self { field, ..self }
    }

    pub(crate) const fn is_phone(self) -> bool {
        matches!(self.field, Field::UserPhone)
    }

    const fn order_index(self) -> Option<usize> {
        match self.field {
            Field::Document
            | Field::ProductId
            | Field::UserTaskId
            | Field::CallInfoList
            | Field::OrderCallbackUrl
            | Field::CallCallbackUrl
            | Field::CallList => None,
            _ => Some(self.order),
        }
    }

    /// What to write where there is nothing to say, for the fields that may be empty.
    const fn empty_hint(self) -> &'static str {
        match self.field {
            Field::Other | Field::UserName | Field::CustomerName => {
                "; give an empty string if there is none"
            }
            Field::Params => "; give [] if there are none",
            _ => "",
        }
    }

    const fn type_hint(self, expected: JsonType, found: JsonType) -> &'static str {
        match (self.field, expected, found) {
            (Field::CallInfoList, _, JsonType::Array) => ", despite its name",
            (_, JsonType::String, JsonType::Number) => "; put it in quotes",
            (_, _, JsonType::Null) => self.empty_hint(),
            _ => "",
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            field,
            order,
            param,
        } = self;
        let key = match field {
            Field::Document => return Ok(()),
            Field::ProductId => return f.write_str("/productID"),
            Field::UserTaskId => return f.write_str("/userTaskID"),
            Field::CallInfoList => return f.write_str("/callInfoList"),
            Field::OrderCallbackUrl => return f.write_str("/callInfoList/orderCallbackUrl"),
            Field::CallCallbackUrl => return f.write_str("/callInfoList/callCallbackUrl"),
            Field::CallList => return f.write_str("/callInfoList/callList"),
            Field::Order => "",
            Field::OrderId => "/orderID",
            Field::UserPhone => "/userPhone",
            Field::Other => "/other",
            Field::UserName => "/userName",
            Field::CustomerName => "/customerName",
            Field::Params | Field::Param | Field::Name | Field::Value => "/params",
        };
        write!(f, "/callInfoList/callList/{order}{key}")?;
        match field {
            Field::Param => write!(f, "/{param}"),
            Field::Name => write!(f, "/{param}/name"),
            Field::Value => write!(f, "/{param}/value"),
            _ => Ok(()),
        }
    }
}

/// Everything that is wrong with a task, an order or a document, in the order in which it was found.
///
/// Its `Display` has one line for each violation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Violations {
    listed: Vec<Violation>,
    unlisted: usize,
}

impl Violations {
    /// The most violations that are listed, so that a document made of nothing but mistakes cannot fill the memory.
    /// Beyond that they are only counted.
    pub const MAX_LISTED: usize = 1 << 20;

    pub(crate) const fn new() -> Self {
        Self {
            listed: Vec::new(),
            unlisted: 0,
        }
    }

    pub(crate) fn push(&mut self, place: Place, fault: ViolationKind) {
        if self.listed.len() < Self::MAX_LISTED {
            self.listed.push(Violation::new(place, fault));
        } else {
            self.unlisted += 1;
        }
    }

    /// `Ok` when there are none.
    pub(crate) fn into_result(self) -> Result<(), Self> {
        if self.is_empty() { Ok(()) } else { Err(self) }
    }

    /// How many there are, those that are not listed included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.listed.len() + self.unlisted
    }

    /// Whether nothing is wrong. Never the case for violations that were returned as an error.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// How many were counted but not listed: 0 but for more than [`MAX_LISTED`](Self::MAX_LISTED).
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
