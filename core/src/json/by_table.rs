//! Reads a document by its [`Table`] and writes it in the body's form: compact, in the order of the
//! table, then what an open object has besides.

use alloc::borrow::Cow;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use serde::de::{IgnoredAny, MapAccess, SeqAccess};
use serde_json::value::RawValue;

use crate::check::ids;
use crate::check::path::Path;
use crate::check::violation::{JsonType, ViolationKind, Violations};
use crate::json::compact::{self, Flaw};
use crate::json::escape::push_string;
use crate::json::reader::{self, AnyKey, Expected, NUMBER, may_be_shown, wrong_type};
use crate::json::schema::{Kind, Row, Rule, Table};

/// Reads a whole document. Returns it in the body's form.
///
/// # Errors
///
/// Everything that is wrong with it. A syntax error ends the reading and is listed last.
pub(crate) fn read(json: &[u8], table: &'static Table) -> Result<Vec<u8>, Violations> {
    let mut violations = Violations::new();
    let mut body = Vec::new();
    match reader::string_of(json) {
        Ok(json) => {
            let mut reading = Reading {
                json,
                violations: &mut violations,
                allows_blank_edges: None,
            };
            if let Some(members) = reading.object(table, Path::ROOT, json) {
                members.write(&mut body);
            }
        }
        Err(kind) => violations.push(Path::ROOT, kind),
    }
    violations.into_result().map(|()| body)
}

/// Enough for the start of most documents with orders, in bytes.
const HEAD_LEN: usize = 512;

/// A document that is being read.
pub(crate) struct Reading<'v, 'de> {
    /// The whole document, for positions in it.
    pub(crate) json: &'de str,
    pub(crate) violations: &'v mut Violations,
    /// Whether the rules, if there are any, allow whitespace at the edges of IDs.
    pub(crate) allows_blank_edges: Option<bool>,
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
    extra_keys: BTreeSet<String>,
    /// The number of keys read.
    count: usize,
    /// Whether it is a number and not an object: see [`NUMBER`].
    is_number: bool,
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
    pub(crate) fn new(table: &'static Table, path: Path) -> Self {
        let constant = |row: &Row| match row.rule {
            Rule::Constant(value) => {
                let mut written = Vec::new();
                push_string(&mut written, value);
                Some(written)
            }
            _ => None,
        };
        assert!(table.rows.len() <= u32::BITS as usize);
        Self {
            table,
            path,
            values: table.rows.iter().map(constant).collect(),
            seen: 0,
            extra: Vec::new(),
            extra_keys: BTreeSet::new(),
            count: 0,
            is_number: false,
        }
    }

    /// Tells what a key is. Unknown and duplicate keys are reported.
    pub(crate) fn begin(&mut self, key: &str, violations: &mut Violations) -> Member {
        self.count += 1;
        if let Some(index) = self.table.rows.iter().position(|row| row.key == key) {
            let bit = 1 << index;
            if self.seen & bit != 0 {
                let path = self.path.with_pattern(self.table.rows[index].path);
                violations.push(path, ViolationKind::DuplicateKey);
                return Member::Skipped;
            }
            self.seen |= bit;
            return Member::Row(index);
        }
        if key == NUMBER {
            self.is_number = true;
            return Member::Skipped;
        }
        if self.table.is_open {
            if !self.extra_keys.insert(key.into()) {
                violations.push(self.path, ViolationKind::DuplicateKey);
                return Member::Skipped;
            }
            return Member::Extra;
        }
        let name = may_be_shown(key).then(|| key.into());
        let position = self.count;
        violations.push(self.path, ViolationKind::UnknownKey { name, position });
        Member::Skipped
    }

    /// The row at an index that [`begin`](Self::begin) returned.
    pub(crate) fn row(&self, index: usize) -> &'static Row {
        &self.table.rows[index]
    }

    /// Reads the value of the key `key`, which [`begin`](Self::begin) told to be `member`.
    pub(crate) fn set<'de>(
        &mut self,
        member: &Member,
        key: &str,
        value: &'de str,
        reading: &mut Reading<'_, 'de>,
    ) {
        match *member {
            Member::Row(index) => {
                self.values[index] = reading.value(self.row(index), self.path, value);
            }
            Member::Extra => {
                self.extra.push(b',');
                push_string(&mut self.extra, key);
                self.extra.push(b':');
                self.extra.extend(reading.carried(self.path, value));
            }
            Member::Skipped => {}
        }
    }

    /// Ends the object: reports the missing keys.
    pub(crate) fn finish(&self, violations: &mut Violations) {
        if self.is_number {
            violations.push(self.path, wrong_type(JsonType::Object, JsonType::Number));
            return;
        }
        for (index, row) in self.table.rows.iter().enumerate() {
            let is_missing = self.seen & (1 << index) == 0 && self.values[index].is_none();
            if is_missing && row.is_required {
                let path = self.path.with_pattern(row.path);
                violations.push(path, ViolationKind::MissingKey);
            }
        }
    }

    /// Writes the object.
    fn write(&self, out: &mut Vec<u8>) {
        out.push(b'{');
        let start = out.len();
        self.write_rows(out, usize::MAX);
        let comma = usize::from(out.len() == start && !self.extra.is_empty());
        out.extend_from_slice(&self.extra[comma..]);
        out.push(b'}');
    }

    /// Writes the members of the rows before `end`, with commas between them.
    fn write_rows(&self, out: &mut Vec<u8>, end: usize) {
        let mut comma = "";
        for (row, value) in self.table.rows.iter().zip(&self.values).take(end) {
            if let Some(value) = value {
                out.extend_from_slice(comma.as_bytes());
                push_string(out, row.key);
                out.push(b':');
                out.extend_from_slice(value);
                comma = ",";
            }
        }
    }

    /// The members that belong to no row, each after a comma.
    pub(crate) fn extra(&self) -> &[u8] {
        &self.extra
    }

    /// The start of the object: all rows before the one with this path. `None` if a required one
    /// has no value.
    pub(crate) fn rows_before(&self, path: &str) -> Option<Vec<u8>> {
        let rows = self.table.rows;
        let end = rows.iter().position(|row| row.path == path)?;
        let mut values = rows.iter().zip(&self.values).take(end);
        if values.any(|(row, value)| row.is_required && value.is_none()) {
            return None;
        }
        let mut out = Vec::with_capacity(HEAD_LEN);
        out.push(b'{');
        self.write_rows(&mut out, end);
        Some(out)
    }
}

impl<'de> Reading<'_, 'de> {
    /// Reads an object. `None` if it cannot be read to its end.
    fn object(&mut self, table: &'static Table, path: Path, json: &'de str) -> Option<Members> {
        let mut members = Vec::new();
        let end = reader::read(json, ObjectOf(&mut members));
        let mut object = Members::new(table, path);
        for (key, value) in members {
            let member = object.begin(&key, self.violations);
            object.set(&member, &key, value, self);
        }
        match end {
            Ok(None) => {
                object.finish(self.violations);
                return Some(object);
            }
            Ok(Some(found)) => {
                let kind = wrong_type(JsonType::Object, found);
                self.violations.push(path, kind);
            }
            Err(kind) => self.syntax_error(path, json, kind),
        }
        None
    }

    /// Reads the value of a row in the object at `object`. `None` if it is invalid, which is
    /// reported.
    fn value(&mut self, row: &'static Row, object: Path, json: &'de str) -> Option<Vec<u8>> {
        let path = object.with_pattern(row.path);
        let found = type_of(json);
        if found == JsonType::Null && row.is_nullable {
            return Some(json.into());
        }
        match (row.kind, found) {
            (Kind::Object(table) | Kind::Any(Some(table)), JsonType::Object) => {
                self.nested(table, path, json)
            }
            (Kind::Any(Some(table)), JsonType::Array) => {
                self.list(row, path, json, |reading, path, json| match type_of(json) {
                    JsonType::Object => reading.nested(table, path, json),
                    _ => Some(reading.carried(path, json)),
                })
            }
            (Kind::Any(_), _) => Some(self.carried(path, json)),
            (Kind::String, JsonType::String) => self.string(row, row.rule, path, json),
            (Kind::Integer, JsonType::Number) => self.integer(row.rule, path, json),
            (Kind::Boolean, JsonType::Boolean) => Some(json.into()),
            (Kind::Strings, JsonType::Array) => {
                self.documented_list(row, path, json, JsonType::String)
            }
            (Kind::Integers, JsonType::Array) => {
                self.documented_list(row, path, json, JsonType::Number)
            }
            (kind, _) => {
                let expected = match kind {
                    Kind::String => JsonType::String,
                    Kind::Integer => JsonType::Number,
                    Kind::Boolean => JsonType::Boolean,
                    Kind::Strings | Kind::Integers => JsonType::Array,
                    Kind::Object(_) | Kind::Any(_) => JsonType::Object,
                };
                let is_optional = !row.is_required || matches!(row.rule, Rule::Constant(_));
                self.wrong_type(path, expected, found, is_optional);
                None
            }
        }
    }

    fn wrong_type(&mut self, path: Path, expected: JsonType, found: JsonType, is_optional: bool) {
        let hint = match (expected, found) {
            (_, JsonType::Null) if is_optional => "; leave the key out if there is no value",
            (JsonType::String, JsonType::Number) => "; put it in quotes",
            (JsonType::Number | JsonType::Boolean, JsonType::String) => "; write it without quotes",
            _ => "",
        };
        let kind = wrong_type(expected, found);
        self.violations.push_with_hint(path, kind, hint);
    }

    fn nested(&mut self, table: &'static Table, path: Path, json: &'de str) -> Option<Vec<u8>> {
        let members = self.object(table, path, json)?;
        let mut written = Vec::new();
        members.write(&mut written);
        Some(written)
    }

    /// Reads a string of a row or of its list, by the rule that applies to it.
    fn string(
        &mut self,
        row: &'static Row,
        rule: Rule,
        path: Path,
        json: &'de str,
    ) -> Option<Vec<u8>> {
        let string = match compact::unescape(json) {
            Ok(string) => string,
            Err(error) => {
                self.syntax_error(path, json, reader::syntax_error(&error));
                return None;
            }
        };
        match rule {
            Rule::NotEmpty if string.is_empty() => {
                self.violations.push(path, ViolationKind::Empty);
            }
            Rule::Constant(value) if string != value => {
                self.violations.push(path, ViolationKind::ProductId);
            }
            _ => {}
        }
        if row.is_id {
            ids::check(&string, self.allows_blank_edges, path, self.violations);
        }
        let mut written = Vec::new();
        push_string(&mut written, &string);
        Some(written)
    }

    fn integer(&mut self, rule: Rule, path: Path, json: &str) -> Option<Vec<u8>> {
        // Only a number without fraction and exponent is parsed.
        match (json.parse::<i64>(), rule) {
            (Err(_), _) => self.violations.push(path, ViolationKind::NotInteger),
            (Ok(number), Rule::Range(min, max)) if !(min..=max).contains(&number) => {
                let kind = ViolationKind::OutOfRange { min, max };
                self.violations.push(path, kind);
            }
            _ => return Some(json.into()),
        }
        None
    }

    /// Reads a list of strings or numbers.
    fn documented_list(
        &mut self,
        row: &'static Row,
        path: Path,
        json: &'de str,
        expected: JsonType,
    ) -> Option<Vec<u8>> {
        let mut count = 0;
        let list = self.list(row, path, json, |reading, path, json| {
            count += 1;
            match (expected, type_of(json)) {
                (JsonType::String, JsonType::String) => reading.string(row, Rule::None, path, json),
                (JsonType::Number, JsonType::Number) => reading.integer(Rule::None, path, json),
                (_, found) => {
                    reading.wrong_type(path, expected, found, false);
                    None
                }
            }
        });
        match row.rule {
            Rule::NotEmpty if count == 0 => self.violations.push(path, ViolationKind::Empty),
            Rule::AtMost(max) if count > max => {
                let kind = ViolationKind::TooManyElements { max };
                self.violations.push(path, kind);
            }
            _ => {}
        }
        list
    }

    /// Reads the elements of a list. `None` if one of them is invalid.
    fn list(
        &mut self,
        row: &'static Row,
        path: Path,
        json: &'de str,
        mut read: impl FnMut(&mut Self, Path, &'de str) -> Option<Vec<u8>>,
    ) -> Option<Vec<u8>> {
        let elements = match reader::read(json, ArrayOf) {
            Ok(elements) => elements,
            Err(kind) => {
                self.syntax_error(path, json, kind);
                return None;
            }
        };
        let mut written = Some(Vec::from(*b"["));
        for (index, element) in elements.into_iter().enumerate() {
            let path = path.in_list(index).with_pattern(row.element);
            let element = read(self, path, element);
            written = written.zip(element).map(|(mut written, element)| {
                if written.len() > 1 {
                    written.push(b',');
                }
                written.extend(element);
                written
            });
        }
        let mut written = written?;
        written.push(b']');
        Some(written)
    }

    /// Carries any value on. What is wrong in it is reported at `path`; it is then `null`.
    fn carried(&mut self, path: Path, json: &'de str) -> Vec<u8> {
        let mut written = Vec::new();
        match compact::compact(json, &mut written) {
            Ok(()) => return written,
            Err(Flaw::DuplicateKey) => self.violations.push(path, ViolationKind::DuplicateKey),
            Err(Flaw::String { token, error }) => {
                self.syntax_error(path, token, reader::syntax_error(&error));
            }
        }
        b"null".into()
    }

    /// Reports a syntax error in a part of the document.
    fn syntax_error(&mut self, path: Path, part: &str, mut kind: ViolationKind) {
        if let ViolationKind::JsonSyntax { line, column, .. }
        | ViolationKind::JsonIncomplete { line, column }
        | ViolationKind::TrailingBytes { line, column } = &mut kind
        {
            let start = part.as_ptr().addr() - self.json.as_ptr().addr();
            let mut lines = self.json[..start].split('\n');
            let last_line = lines.next_back().unwrap_or_default();
            if *line == 1 {
                *column += last_line.len();
            }
            *line += lines.count();
        }
        self.violations.push(path, kind);
    }
}

/// The type of a valid JSON value.
fn type_of(json: &str) -> JsonType {
    match json.as_bytes().first() {
        Some(b'n') => JsonType::Null,
        Some(b't' | b'f') => JsonType::Boolean,
        Some(b'"') => JsonType::String,
        Some(b'[') => JsonType::Array,
        Some(b'{') => JsonType::Object,
        _ => JsonType::Number,
    }
}

/// The members of an object, as far as they can be read. The value is the type of anything else.
struct ObjectOf<'m, 'de>(&'m mut Vec<(Cow<'de, str>, &'de str)>);

impl<'de> Expected<'de> for ObjectOf<'_, 'de> {
    type Value = Option<JsonType>;

    fn wrong_type(self, found: JsonType) -> Self::Value {
        Some(found)
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        while let Some(key) = object.next_key_seed(AnyKey)? {
            let value = if key == NUMBER {
                object.next_value::<IgnoredAny>()?;
                ""
            } else {
                object.next_value::<&'de RawValue>()?.get()
            };
            self.0.push((key, value));
        }
        Ok(None)
    }
}

/// The elements of a list.
struct ArrayOf;

impl<'de> Expected<'de> for ArrayOf {
    type Value = Vec<&'de str>;

    fn wrong_type(self, _: JsonType) -> Self::Value {
        Vec::new()
    }

    fn array<A: SeqAccess<'de>>(self, mut array: A) -> Result<Self::Value, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = array.next_element::<&'de RawValue>()? {
            elements.push(element.get());
        }
        Ok(elements)
    }
}
