//! The fields that an object has by the API's page, and how a document differs from them.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::check::violation::JsonType;
use crate::json::integer;
use crate::json::tape::Tape;

/// The fields of an object.
///
/// It is public because [`Object`](crate::json::content::Object) is; no path outside of the crate
/// leads to it.
#[derive(Debug)]
pub struct Table {
    pub(crate) rows: &'static [Row],
}

impl Table {
    /// Whether a row of it, or of an object in it, has this key.
    pub(crate) fn knows(&self, key: &str) -> bool {
        self.rows.iter().any(|row| {
            let inner = match row.kind {
                Kind::Object(table) | Kind::List(table) => Some(table),
                _ => None,
            };
            row.key == key || inner.is_some_and(|table| table.knows(key))
        })
    }
}

/// A field.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    pub(crate) key: &'static str,
    pub(crate) kind: Kind,
    pub(crate) presence: Presence,
    pub(crate) essential: Essential,
}

/// The type of a field.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    String,
    /// An integer that an `i64` holds.
    Integer,
    /// A string of the digits of such an integer.
    Digits,
    Number,
    Boolean,
    Object(&'static Table),
    /// An array of objects.
    List(&'static Table),
}

/// Whether a field must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    /// The page calls it required.
    Required,
    /// The page calls it optional.
    Optional,
    /// The page has it in an example only.
    Example,
}

/// Whether a document without a field can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Essential {
    /// Yes, since a program can do without it.
    No,
    /// No.
    Yes,
    /// Only if it has the field with this key.
    Or(&'static str),
}

impl Row {
    pub(crate) const fn required(key: &'static str, kind: Kind) -> Self {
        Self {
            key,
            kind,
            presence: Presence::Required,
            essential: Essential::No,
        }
    }

    pub(crate) const fn optional(key: &'static str, kind: Kind) -> Self {
        Self {
            presence: Presence::Optional,
            ..Self::required(key, kind)
        }
    }

    pub(crate) const fn example(key: &'static str, kind: Kind) -> Self {
        Self {
            presence: Presence::Example,
            ..Self::required(key, kind)
        }
    }

    pub(crate) const fn essential(key: &'static str, kind: Kind) -> Self {
        Self {
            essential: Essential::Yes,
            ..Self::required(key, kind)
        }
    }

    /// An essential integer that the page has as a string.
    pub(crate) const fn essential_digits(key: &'static str, _: Kind) -> Self {
        Self::essential(key, Kind::Digits)
    }

    pub(crate) const fn essential_or(key: &'static str, kind: Kind, other: &'static str) -> Self {
        Self {
            essential: Essential::Or(other),
            ..Self::required(key, kind)
        }
    }
}

impl Kind {
    /// The page's type, for people.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::String | Self::Digits => "a string",
            Self::Integer => "an integer",
            Self::Number => "a number",
            Self::Boolean => "a boolean",
            Self::Object(_) => "an object",
            Self::List(_) => "an array",
        }
    }

    /// What an essential field must be, for people.
    const fn required(self) -> &'static str {
        match self {
            Self::Integer | Self::Digits => "an integer, or a string of its digits",
            other => other.name(),
        }
    }

    /// Whether a value can be read as this type.
    fn is_readable(self, tape: &Tape, node: u32) -> bool {
        match self {
            Self::Integer | Self::Digits => integer::read(tape, node).is_some(),
            Self::Number => tape.number(node).is_some(),
            _ => self.is_type_of(tape, node),
        }
    }

    /// Whether a value has the page's type.
    fn is_type_of(self, tape: &Tape, node: u32) -> bool {
        let found = tape.json_type(node);
        match self {
            Self::String => found == JsonType::String,
            Self::Integer => found == JsonType::Number && tape.integer(node).is_some(),
            Self::Digits => found == JsonType::String && tape.integer(node).is_some(),
            Self::Number => found == JsonType::Number && tape.number(node).is_some(),
            Self::Boolean => found == JsonType::Boolean,
            Self::Object(_) => found == JsonType::Object,
            Self::List(_) => found == JsonType::Array,
        }
    }
}

/// An essential field is absent or cannot be read. Paths are JSON Pointers.
pub(crate) enum EssentialError {
    /// It is absent or null.
    Missing { path: String },
    /// It has another type.
    WrongType {
        path: String,
        expected: &'static str,
    },
}

impl Table {
    /// Checks that a document has the essential fields.
    pub(crate) fn check(&self, tape: &Tape) -> Result<(), EssentialError> {
        for row in self.rows {
            let is_readable = |row: &Row| {
                let node = tape.member(Tape::ROOT, row.key);
                node.is_some_and(|node| row.kind.is_readable(tape, node))
            };
            let is_enough = match row.essential {
                Essential::No => true,
                Essential::Yes => is_readable(row),
                Essential::Or(_) => is_readable(row) || self.other(row).is_some_and(is_readable),
            };
            if !is_enough {
                let is_there = |row: &&Row| {
                    let node = tape.member(Tape::ROOT, row.key);
                    node.is_some_and(|node| !tape.is_null(node))
                };
                let found = [Some(row), self.other(row)].into_iter().flatten();
                let path = |row: &Row| ["/", row.key].concat();
                return Err(match { found }.find(is_there) {
                    None => EssentialError::Missing { path: path(row) },
                    Some(row) => EssentialError::WrongType {
                        path: path(row),
                        expected: row.kind.required(),
                    },
                });
            }
        }
        Ok(())
    }

    /// The row with which a document can be read without this one.
    fn other(&self, row: &Row) -> Option<&Row> {
        let Essential::Or(other) = row.essential else {
            return None;
        };
        self.rows.iter().find(|row| row.key == other)
    }

    /// Where a document differs from the page.
    pub(crate) fn deviations<'d>(&self, tape: &'d Tape) -> Deviations<'d> {
        let mut found = Deviations::default();
        if tape.starts_with_mark() {
            found.push(tape, Tape::ROOT, Problem::ByteOrderMark);
        }
        self.compare(tape, Tape::ROOT, true, &mut found);
        for &node in tape.halves() {
            found.push(tape, node, Problem::HalfOfPair);
        }
        found
    }

    /// Compares the object at `node` with the table. Tables are not nested in themselves.
    ///
    /// In an object that is known from an example only, nothing is required, although another page
    /// may document the same object.
    fn compare<'d>(
        &self,
        tape: &'d Tape,
        node: u32,
        is_documented: bool,
        found: &mut Deviations<'d>,
    ) {
        for row in self.rows {
            let value = tape.member(node, row.key);
            let is_required = is_documented && row.presence == Presence::Required;
            let Some(value) = value.filter(|&value| is_required || !tape.is_null(value)) else {
                if is_required {
                    found.push(tape, node, Problem::Missing { key: row.key });
                }
                continue;
            };
            if !found.check_type(tape, value, row.kind) {
                continue;
            }
            let is_documented = is_documented && row.presence != Presence::Example;
            match row.kind {
                Kind::Object(table) => table.compare(tape, value, is_documented, found),
                Kind::List(table) => {
                    for element in tape.children(value).into_iter().flatten() {
                        if found.check_type(tape, element, Kind::Object(table)) {
                            table.compare(tape, element, is_documented, found);
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

/// Where a document differs from what the API's page says. It is read all the same.
///
/// Unknown fields do not count: the provider may add some.
///
/// ```text
/// /userName: expected a string, found null
/// /other: missing
/// /taskStat/finishRate: expected a number, found a string
/// ```
#[derive(Debug, Clone, Default)]
pub struct Deviations<'d> {
    listed: Vec<Deviation<'d>>,
    count: usize,
}

impl<'d> Deviations<'d> {
    /// The maximum number of listed deviations.
    pub const MAX_LISTED: usize = 100;

    /// The number of all deviations, listed or not.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.count
    }

    /// The listed deviations: the first ones. First those of fields, in the order of the page, and
    /// then half surrogate pairs, in the order of the message.
    #[must_use]
    pub fn as_slice(&self) -> &[Deviation<'d>] {
        &self.listed
    }

    /// Goes through the listed deviations.
    pub fn iter(&self) -> core::slice::Iter<'_, Deviation<'d>> {
        self.listed.iter()
    }

    fn push(&mut self, tape: &'d Tape, node: u32, problem: Problem) {
        self.count += 1;
        // If an allocation fails, fewer are listed.
        if self.listed.len() < Self::MAX_LISTED && self.listed.try_reserve(1).is_ok() {
            self.listed.push(Deviation {
                tape,
                node,
                problem,
            });
        }
    }

    /// Reports a value of another type. Returns `false` for one.
    fn check_type(&mut self, tape: &'d Tape, node: u32, kind: Kind) -> bool {
        let is_expected = kind.is_type_of(tape, node);
        if !is_expected {
            self.push(tape, node, Problem::Type { expected: kind });
        }
        is_expected
    }
}

impl<'a, 'd> IntoIterator for &'a Deviations<'d> {
    type Item = &'a Deviation<'d>;
    type IntoIter = core::slice::Iter<'a, Deviation<'d>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// A place where a document differs from what the API's page says.
///
/// Its `Display` is the place and what was expected, never a value.
#[derive(Clone)]
pub struct Deviation<'d> {
    tape: &'d Tape,
    /// The value, its key, or the object that lacks a member.
    node: u32,
    problem: Problem,
}

#[derive(Clone)]
enum Problem {
    Missing { key: &'static str },
    Type { expected: Kind },
    HalfOfPair,
    ByteOrderMark,
}

impl Deviation<'_> {
    /// The JSON Pointer of the value. Empty for the whole message.
    ///
    /// It ends before the first key that no page has, which may be a name or a phone number. If it
    /// would be longer than 1,024 bytes, it is that of an outer value too.
    #[must_use]
    pub fn path(&self) -> String {
        let path = self.tape.path(self.node);
        match self.problem {
            Problem::Missing { key } => [&path, "/", key].concat(),
            _ => path,
        }
    }
}

impl fmt::Display for Deviation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Problem::ByteOrderMark = self.problem {
            return f.write_str("byte-order mark before the body, skipped");
        }
        let path = self.path();
        if !path.is_empty() {
            write!(f, "{path}: ")?;
        }
        match self.problem {
            Problem::Missing { .. } => f.write_str("missing"),
            Problem::Type { expected } => {
                let found = self.tape.json_type(self.node);
                write!(f, "expected {}, found {found}", expected.name())?;
                if matches!((expected, found), (Kind::Number, JsonType::Number)) {
                    f.write_str(" that is too large")?;
                }
                Ok(())
            }
            Problem::HalfOfPair | Problem::ByteOrderMark => {
                f.write_str("half of a surrogate pair, read as U+FFFD")
            }
        }
    }
}

/// Shows what its `Display` shows.
impl fmt::Debug for Deviation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
