//! Reads a document by its [`Table`] and writes it in the body's form: compact, in the order of the
//! table, then what an open object has besides.

use alloc::string::String;
use alloc::vec::Vec;

use crate::check::ids;
use crate::check::memory::{self, NoMemoryError};
use crate::check::path::Path;
use crate::check::violation::{JsonType, ViolationKind, Violations};
use crate::json::compact::compact;
use crate::json::escape::{push, push_string};
use crate::json::key_set::KeySet;
use crate::json::reader::{self, Parsed, Reader, Token, wrong_type};
use crate::json::schema::{Kind, Row, Rule, Table};

/// Reads a whole document. Returns it in the body's form.
///
/// # Errors
///
/// Everything that is wrong with it. A syntax error ends the reading and is listed last.
pub(crate) fn read(
    json: &[u8],
    table: &'static Table,
    allows_blank_edges: bool,
) -> Result<Vec<u8>, Violations> {
    let mut violations = Violations::new();
    let mut body = Vec::new();
    match reader::string_of(json) {
        Ok(json) => {
            let mut reader = Reader::new(json);
            let mut reading = Reading {
                reader: &mut reader,
                violations: &mut violations,
                allows_blank_edges,
            };
            match reading.document(table) {
                Ok(Some(members)) => {
                    if let Err(error) = members.write(&mut body) {
                        violations.fail(error);
                    }
                }
                Ok(None) => {}
                Err(error) => {
                    reader.report_error(error, Path::ROOT, &mut violations);
                }
            }
        }
        Err(kind) => violations.push(Path::ROOT, kind),
    }
    violations.into_result().map(|()| body)
}

/// A string in the body's form.
fn string_of(string: &str) -> Result<Vec<u8>, NoMemoryError> {
    let mut written = Vec::new();
    push_string(&mut written, string)?;
    Ok(written)
}

/// The keys that tell what a received message is. A request that had one could be sent back to us,
/// with its genuine signature, as a message of the provider.
const KEYS_OF_MESSAGES: [&str; 2] = ["callbackType", "retCode"];

/// Enough for the start of most documents with orders, in bytes.
const HEAD_LEN: usize = 512;

/// A document that is being read.
pub(crate) struct Reading<'r, 'j> {
    pub(crate) reader: &'r mut Reader<'j>,
    pub(crate) violations: &'r mut Violations,
    /// Whether the rules allow whitespace at the edges of IDs.
    pub(crate) allows_blank_edges: bool,
}

/// The members of an object, as far as they were read.
pub(crate) struct Members {
    table: &'static Table,
    path: Path,
    /// The value of each row in the body's form. `None` if it is missing, invalid, or kept by the
    /// caller. A constant is there from the start.
    values: Vec<Option<Vec<u8>>>,
    /// A bit for each row whose key was read.
    seen: u32,
    /// The other members of an open object, each after a comma.
    extra: Vec<u8>,
    extra_keys: KeySet<String>,
}

/// What a key is.
pub(crate) enum Member {
    /// The key of a row, by its index.
    Row(usize),
    /// Another key of an open object.
    Extra,
    /// A key whose value is not wanted.
    Skipped,
}

impl Members {
    pub(crate) fn new(table: &'static Table, path: Path) -> Result<Self, NoMemoryError> {
        assert!(table.rows.len() <= u32::BITS as usize);
        let mut values = Vec::new();
        values.try_reserve_exact(table.rows.len())?;
        for row in table.rows {
            values.push(match row.rule {
                Rule::Constant(value) => Some(string_of(value)?),
                _ => None,
            });
        }
        Ok(Self {
            table,
            path,
            values,
            seen: 0,
            extra: Vec::new(),
            extra_keys: KeySet::default(),
        })
    }

    /// Tells what a key is. Unknown and duplicate keys are reported, and those that may not go out.
    pub(crate) fn begin(
        &mut self,
        key: &Token<'_>,
        reading: &mut Reading<'_, '_>,
    ) -> Parsed<Member> {
        let Reading {
            reader, violations, ..
        } = reading;
        let mut rows = self.table.rows.iter();
        if let Some(index) = rows.position(|row| row.key == key.string) {
            let bit = 1 << index;
            if self.seen & bit != 0 {
                let path = self.path.member(self.table.rows[index].path);
                reader.report_duplicate(key, path, violations);
                return Ok(Member::Skipped);
            }
            self.seen |= bit;
            return Ok(Member::Row(index));
        }
        if !key.flaws.is_none() {
            reader.report(key.flaws, self.path, violations);
        } else if !self.table.is_open || self.is_of_message(&key.string) {
            let known = self.table.rows.iter().map(|row| row.key);
            reader.report_unknown(key, known, self.path, violations);
        } else if self.extra_keys.contains(&key.string) {
            reader.report_duplicate(key, self.path, violations);
            return Ok(Member::Skipped);
        } else {
            self.extra_keys.insert(memory::to_string(&key.string)?)?;
        }
        Ok(if self.table.is_open {
            Member::Extra
        } else {
            Member::Skipped
        })
    }

    /// Whether a key would make a request readable as a message.
    fn is_of_message(&self, key: &str) -> bool {
        self.path == Path::ROOT && KEYS_OF_MESSAGES.contains(&key)
    }

    /// The row at an index that [`begin`](Self::begin) returned.
    pub(crate) fn row(&self, index: usize) -> &'static Row {
        &self.table.rows[index]
    }

    /// Reads the value of the key `key`, which [`begin`](Self::begin) told to be `member`.
    pub(crate) fn set(
        &mut self,
        member: &Member,
        key: &Token<'_>,
        reading: &mut Reading<'_, '_>,
    ) -> Parsed {
        match *member {
            Member::Row(index) => {
                self.values[index] = reading.value(self.row(index), self.path)?;
            }
            Member::Extra => {
                push(&mut self.extra, b",")?;
                push_string(&mut self.extra, &key.string)?;
                push(&mut self.extra, b":")?;
                reading.carried(self.path, &mut self.extra)?;
            }
            Member::Skipped => reading.reader.skip()?,
        }
        Ok(())
    }

    /// Ends the object: reports the missing keys.
    pub(crate) fn finish(&self, violations: &mut Violations) {
        for (index, row) in self.table.rows.iter().enumerate() {
            let is_missing = self.seen & (1 << index) == 0 && self.values[index].is_none();
            if is_missing && row.is_required {
                let path = self.path.member(row.path);
                violations.push(path, ViolationKind::MissingKey);
            }
        }
    }

    /// Writes the object.
    fn write(&self, out: &mut Vec<u8>) -> Result<(), NoMemoryError> {
        push(out, b"{")?;
        let start = out.len();
        self.write_rows(out, usize::MAX)?;
        let comma = usize::from(out.len() == start && !self.extra.is_empty());
        push(out, &self.extra[comma..])?;
        push(out, b"}")
    }

    /// Writes the members of the rows before `end`, with commas between them.
    fn write_rows(&self, out: &mut Vec<u8>, end: usize) -> Result<(), NoMemoryError> {
        let mut comma = "";
        for (row, value) in self.table.rows.iter().zip(&self.values).take(end) {
            if let Some(value) = value {
                push(out, comma.as_bytes())?;
                push_string(out, row.key)?;
                push(out, b":")?;
                push(out, value)?;
                comma = ",";
            }
        }
        Ok(())
    }

    /// The members that belong to no row, each after a comma.
    pub(crate) fn extra(&self) -> &[u8] {
        &self.extra
    }

    /// The start of the object: all rows before the one with this path. `None` if a required one
    /// has no value.
    pub(crate) fn rows_before(&self, path: &str) -> Result<Option<Vec<u8>>, NoMemoryError> {
        let rows = self.table.rows;
        let Some(end) = rows.iter().position(|row| row.path == path) else {
            return Ok(None);
        };
        let mut values = rows.iter().zip(&self.values).take(end);
        if values.any(|(row, value)| row.is_required && value.is_none()) {
            return Ok(None);
        }
        let mut out = Vec::new();
        out.try_reserve(HEAD_LEN)?;
        out.push(b'{');
        self.write_rows(&mut out, end)?;
        Ok(Some(out))
    }
}

impl Reading<'_, '_> {
    /// Reads the whole document. `None` if it is not an object, which is reported.
    fn document(&mut self, table: &'static Table) -> Parsed<Option<Members>> {
        let found = self.reader.next_type()?;
        let members = if found == JsonType::Object {
            Some(self.object(table, Path::ROOT)?)
        } else {
            self.reader.skip()?;
            let kind = wrong_type(JsonType::Object, found);
            self.violations.push(Path::ROOT, kind);
            None
        };
        self.reader.end()?;
        Ok(members)
    }

    /// Reads the object that comes next.
    fn object(&mut self, table: &'static Table, path: Path) -> Parsed<Members> {
        let mut object = Members::new(table, path)?;
        let mut open = self.reader.open();
        while let Some(key) = self.reader.next_key(&mut open)? {
            let member = object.begin(&key, self)?;
            object.set(&member, &key, self)?;
        }
        object.finish(self.violations);
        Ok(object)
    }

    /// Reads the value of a row in the object at `object`. `None` if it is invalid, which is
    /// reported.
    fn value(&mut self, row: &'static Row, object: Path) -> Parsed<Option<Vec<u8>>> {
        let path = object.member(row.path);
        let found = self.reader.next_type()?;
        if found == JsonType::Null && row.is_nullable {
            return self.scalar();
        }
        match (row.kind, found) {
            (Kind::Object(table) | Kind::Any(Some(table)), JsonType::Object) => {
                self.nested(table, path)
            }
            (Kind::Any(Some(table)), JsonType::Array) => self.examples(table, row, path),
            (Kind::Any(_), _) => self.any(path),
            (Kind::String, JsonType::String) => self.string(row, row.rule, path),
            (Kind::Integer, JsonType::Number) => self.integer(row.rule, path),
            (Kind::Boolean, JsonType::Boolean) => self.scalar(),
            (Kind::Strings, JsonType::Array) => self.documented_list(row, path, JsonType::String),
            (Kind::Integers, JsonType::Array) => self.documented_list(row, path, JsonType::Number),
            (kind, _) => {
                let expected = match kind {
                    Kind::String => JsonType::String,
                    Kind::Integer => JsonType::Number,
                    Kind::Boolean => JsonType::Boolean,
                    Kind::Strings | Kind::Integers => JsonType::Array,
                    Kind::Object(_) | Kind::Any(_) => JsonType::Object,
                };
                let is_optional = !row.is_required || matches!(row.rule, Rule::Constant(_));
                self.wrong_type(path, expected, found, is_optional)
            }
        }
    }

    /// Reports a value of the wrong type and skips it.
    fn wrong_type(
        &mut self,
        path: Path,
        expected: JsonType,
        found: JsonType,
        is_optional: bool,
    ) -> Parsed<Option<Vec<u8>>> {
        let hint = match (expected, found) {
            (_, JsonType::Null) if is_optional => "; leave the key out if there is no value",
            (JsonType::String, JsonType::Number) => "; put it in quotes",
            (JsonType::Number | JsonType::Boolean, JsonType::String) => "; write it without quotes",
            _ => "",
        };
        self.reader.skip()?;
        let kind = wrong_type(expected, found);
        self.violations.push_with_hint(path, kind, hint);
        Ok(None)
    }

    fn nested(&mut self, table: &'static Table, path: Path) -> Parsed<Option<Vec<u8>>> {
        let members = self.object(table, path)?;
        let mut written = Vec::new();
        members.write(&mut written)?;
        Ok(Some(written))
    }

    fn scalar(&mut self) -> Parsed<Option<Vec<u8>>> {
        let scalar = self.reader.scalar()?;
        Ok(Some(memory::to_vec(scalar.as_bytes())?))
    }

    /// Reads a string of a row or of its list, by the rule that applies to it.
    fn string(&mut self, row: &'static Row, rule: Rule, path: Path) -> Parsed<Option<Vec<u8>>> {
        let Some(string) = self.reader.string(path, self.violations)? else {
            return Ok(None);
        };
        match rule {
            Rule::NotEmpty if string.as_str().is_empty() => {
                self.violations.push(path, ViolationKind::Empty);
            }
            Rule::Constant(value) if string.as_str() != value => {
                self.violations.push(path, ViolationKind::ProductId);
            }
            _ => {}
        }
        if row.is_id {
            ids::check(
                string.as_str(),
                self.allows_blank_edges,
                path,
                self.violations,
            );
        }
        Ok(Some(string_of(string.as_str())?))
    }

    fn integer(&mut self, rule: Rule, path: Path) -> Parsed<Option<Vec<u8>>> {
        let json = self.reader.scalar()?;
        // Only a number without fraction and exponent is parsed.
        match (json.parse::<i64>(), rule) {
            (Err(_), _) => self.violations.push(path, ViolationKind::NotInteger),
            (Ok(number), Rule::Range(min, max)) if !(min..=max).contains(&number) => {
                let kind = ViolationKind::OutOfRange { min, max };
                self.violations.push(path, kind);
            }
            _ => return Ok(Some(memory::to_vec(json.as_bytes())?)),
        }
        Ok(None)
    }

    /// Reads a list of strings or numbers.
    fn documented_list(
        &mut self,
        row: &'static Row,
        path: Path,
        expected: JsonType,
    ) -> Parsed<Option<Vec<u8>>> {
        let mut count = 0;
        // No order has an empty ID.
        let rule = if row.is_id {
            Rule::NotEmpty
        } else {
            Rule::None
        };
        let list = self.list(row, path, |reading, path, found| {
            count += 1;
            match (expected, found) {
                (JsonType::String, JsonType::String) => reading.string(row, rule, path),
                (JsonType::Number, JsonType::Number) => reading.integer(Rule::None, path),
                (_, found) => reading.wrong_type(path, expected, found, false),
            }
        })?;
        match row.rule {
            Rule::NotEmpty if count == 0 => self.violations.push(path, ViolationKind::Empty),
            Rule::AtMost(max) if count > max => {
                let kind = ViolationKind::TooManyElements { max };
                self.violations.push(path, kind);
            }
            _ => {}
        }
        Ok(list)
    }

    /// Reads a list whose objects have a table.
    fn examples(
        &mut self,
        table: &'static Table,
        row: &'static Row,
        path: Path,
    ) -> Parsed<Option<Vec<u8>>> {
        self.list(row, path, |reading, path, found| match found {
            JsonType::Object => reading.nested(table, path),
            _ => reading.any(path),
        })
    }

    /// Reads the elements of a list. `None` if one of them is invalid.
    fn list(
        &mut self,
        row: &'static Row,
        path: Path,
        mut read: impl FnMut(&mut Self, Path, JsonType) -> Parsed<Option<Vec<u8>>>,
    ) -> Parsed<Option<Vec<u8>>> {
        let mut written = Some(memory::to_vec(b"[")?);
        let mut open = self.reader.open();
        for index in 0.. {
            if !self.reader.next_element(&mut open)? {
                break;
            }
            let path = path.in_list(index).with_pattern(row.element);
            let found = self.reader.next_type()?;
            let element = read(self, path, found)?;
            written = match (written, element) {
                (Some(mut written), Some(element)) => {
                    let comma = usize::from(written.len() > 1);
                    push(&mut written, &b","[..comma])?;
                    push(&mut written, &element)?;
                    Some(written)
                }
                _ => None,
            };
        }
        if let Some(written) = &mut written {
            push(written, b"]")?;
        }
        Ok(written)
    }

    /// Reads any value.
    fn any(&mut self, path: Path) -> Parsed<Option<Vec<u8>>> {
        let mut written = Vec::new();
        self.carried(path, &mut written)?;
        Ok(Some(written))
    }

    /// Carries any value on. What is wrong in it is reported at `path`.
    fn carried(&mut self, path: Path, out: &mut Vec<u8>) -> Parsed {
        compact(self.reader, path, self.violations, out)
    }
}
