//! The strict reader of JSON that is to be sent: every violation at its place.
//!
//! It reads a document once, from front to back, value by value as they are asked for. It does not
//! stop at a value of the wrong type or a wrong key: these are reported and skipped, so that
//! everything is reported at once. Only a syntax error ends it.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use crate::check::memory::NoMemoryError;
use crate::check::names;
use crate::check::path::Path;
use crate::check::violation::{JsonType, Position, ViolationKind, Violations};
use crate::json::lexer::{Flaws, Lexer, Lines, Unexpected, escaped_len};
use crate::json::utf8::Text;

/// A document as a string.
pub(crate) fn string_of(json: &[u8]) -> Result<&str, ViolationKind> {
    match json {
        [0xef, 0xbb, 0xbf, ..] => return Err(ViolationKind::ByteOrderMark),
        [0xfe, 0xff, ..] | [0xff, 0xfe, ..] | [0, b'{', ..] | [b'{', 0, ..] => {
            return Err(ViolationKind::Utf16);
        }
        _ => {}
    }
    core::str::from_utf8(json).map_err(|error| ViolationKind::NotUtf8 {
        offset: error.valid_up_to(),
    })
}

/// What is not JSON, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    at: usize,
    expected: Expected,
}

/// What would be JSON in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    Value,
    Key,
    Colon,
    EndOfMember,
    EndOfElement,
    Digit,
    /// The rest of a string.
    String,
    End,
    /// Memory: an allocation failed.
    Memory,
}

impl Expected {
    /// What is wrong, then what to do. `found` is the byte that is there.
    const fn detail(self, found: u8) -> &'static str {
        match self {
            Self::Value => {
                "expected a value; give a string in double quotes, a number, an object, an array, \
                 true, false or null"
            }
            Self::Key => "expected a key; put each in double quotes, and no comma after the last",
            Self::Colon => "expected a colon; put one between key and value",
            Self::EndOfMember => "expected a comma or '}'; put a comma between two members",
            Self::EndOfElement => "expected a comma or ']'; put a comma between two elements",
            Self::Digit => "expected a digit; complete the number",
            Self::String if found < b' ' => {
                "control character in a string; write it as an escape, such as \\n"
            }
            Self::String => "invalid escape in a string; write a backslash as \\\\",
            Self::End => "unexpected data after the value; give one value only",
            Self::Memory => NoMemoryError::MESSAGE,
        }
    }

    fn at<T>(self, at: usize) -> Parsed<T> {
        Err(SyntaxError { at, expected: self })
    }

    /// A function for `map_err`.
    fn from(self) -> impl Fn(Unexpected) -> SyntaxError {
        move |Unexpected { at }| SyntaxError { at, expected: self }
    }
}

pub(crate) type Parsed<T = ()> = Result<T, SyntaxError>;

impl From<NoMemoryError> for SyntaxError {
    fn from(NoMemoryError: NoMemoryError) -> Self {
        Self {
            at: 0,
            expected: Expected::Memory,
        }
    }
}

/// Reads a document. Each function that reads a value expects to be at its first byte, where
/// [`next_type`](Self::next_type) moves it.
pub(crate) struct Reader<'j> {
    lexer: Lexer<'j>,
    /// The offset of the next byte.
    at: usize,
    lines: Lines,
}

/// An object or array whose members or elements are being read.
pub(crate) struct Open {
    is_first: bool,
}

/// A string or a key as it was read.
pub(crate) struct Token<'j> {
    pub(crate) string: Cow<'j, str>,
    pub(crate) flaws: Flaws,
    /// The offset of its first quote.
    pub(crate) start: usize,
}

/// What a value consists of, in the order of the document.
pub(crate) enum Event<'j> {
    /// An object (`true`) or an array begins.
    Begin(bool),
    /// It ends.
    End(bool),
    /// A key, which is followed by its value.
    Key(Token<'j>),
    String(Token<'j>),
    /// A number, a boolean or null, as it is written.
    Scalar(&'j str),
}

impl<'j> Reader<'j> {
    pub(crate) const fn new(json: &'j str) -> Self {
        Self {
            lexer: Lexer(json),
            at: 0,
            lines: Lines::new(),
        }
    }

    /// The number of bytes that were read.
    pub(crate) const fn offset(&self) -> usize {
        self.at
    }

    pub(crate) const fn len(&self) -> usize {
        self.lexer.0.len()
    }

    /// Line and column of an offset. Offsets are asked for in their order, since it is slow
    /// otherwise.
    fn position(&mut self, offset: usize) -> Position {
        self.lines.position(self.lexer.0, offset)
    }

    /// Reports that a document is not JSON, or that an allocation failed.
    pub(crate) fn report_error(
        &mut self,
        error: SyntaxError,
        path: Path,
        violations: &mut Violations,
    ) {
        if error.expected == Expected::Memory {
            return violations.fail(NoMemoryError);
        }
        let kind = self.syntax_error(error);
        violations.push(path, kind);
    }

    /// The same for a value that is a part of a document.
    pub(crate) fn report_error_in_value(
        &mut self,
        error: SyntaxError,
        path: Path,
        violations: &mut Violations,
    ) {
        if error.expected == Expected::Memory {
            return violations.fail(NoMemoryError);
        }
        let kind = self.syntax_error_in_value(error);
        violations.push(path, kind);
    }

    /// The violation of a document that is not JSON.
    fn syntax_error(&mut self, error: SyntaxError) -> ViolationKind {
        match self.syntax_error_in_value(error) {
            ViolationKind::JsonSyntax { line, column, .. } if error.expected == Expected::End => {
                ViolationKind::TrailingBytes { line, column }
            }
            kind => kind,
        }
    }

    /// The same for a value that is a part of a document.
    fn syntax_error_in_value(&mut self, error: SyntaxError) -> ViolationKind {
        let SyntaxError { at, expected } = error;
        let Position { line, column, .. } = self.position(at);
        match self.lexer.byte(at) {
            Ok(found) => ViolationKind::JsonSyntax {
                line,
                column,
                detail: expected.detail(found),
            },
            // The last byte is named.
            Err(_) => ViolationKind::JsonIncomplete {
                line,
                column: column - 1,
            },
        }
    }

    /// Moves to the next byte that is not whitespace.
    #[inline]
    fn next(&mut self, expected: Expected) -> Parsed<u8> {
        let (byte, at) = self.lexer.token(self.at).map_err(expected.from())?;
        self.at = at;
        Ok(byte)
    }

    /// Ends the document.
    pub(crate) fn end(&mut self) -> Parsed {
        match self.next(Expected::End) {
            Ok(_) => Expected::End.at(self.at),
            Err(_) => Ok(()),
        }
    }

    /// The type of the value that comes next, by its first byte. The rest may still be invalid, so
    /// that a wrong type is reported after the value was read.
    #[inline]
    pub(crate) fn next_type(&mut self) -> Parsed<JsonType> {
        Ok(match self.next(Expected::Value)? {
            b'"' => JsonType::String,
            b'{' => JsonType::Object,
            b'[' => JsonType::Array,
            b'-' | b'0'..=b'9' => JsonType::Number,
            b't' | b'f' => JsonType::Boolean,
            b'n' => JsonType::Null,
            _ => return Expected::Value.at(self.at),
        })
    }

    /// Begins the object or array that comes next.
    #[inline]
    pub(crate) fn open(&mut self) -> Open {
        self.at += 1;
        Open { is_first: true }
    }

    /// The next key of an object, up to its value. `None` at the end of the object.
    #[inline]
    pub(crate) fn next_key(&mut self, object: &mut Open) -> Parsed<Option<Token<'j>>> {
        if self.next_in(object, true)? {
            return self.key().map(Some);
        }
        Ok(None)
    }

    /// Moves to the next element of an array. `false` at the end of the array.
    #[inline]
    pub(crate) fn next_element(&mut self, array: &mut Open) -> Parsed<bool> {
        self.next_in(array, false)
    }

    /// Moves to the next member or element. `false` at the end of the object or array.
    #[inline]
    fn next_in(&mut self, open: &mut Open, is_object: bool) -> Parsed<bool> {
        let (end, otherwise) = if is_object {
            (b'}', Expected::EndOfMember)
        } else {
            (b']', Expected::EndOfElement)
        };
        let next = self.next(otherwise)?;
        let is_end = next == end;
        if is_end || !open.is_first {
            if !is_end && next != b',' {
                return otherwise.at(self.at);
            }
            self.at += 1;
        }
        open.is_first = false;
        Ok(!is_end)
    }

    /// Reads a key, up to its value.
    #[inline]
    fn key(&mut self) -> Parsed<Token<'j>> {
        if self.next(Expected::Key)? != b'"' {
            return Expected::Key.at(self.at);
        }
        let key = self.token()?;
        if self.next(Expected::Colon)? != b':' {
            return Expected::Colon.at(self.at);
        }
        self.at += 1;
        Ok(key)
    }

    /// Reads a string, whatever it holds.
    #[inline]
    fn token(&mut self) -> Parsed<Token<'j>> {
        let start = self.at;
        let end = self.lexer.plain_end(start + 1);
        let found = self.lexer.byte(end).map_err(Expected::String.from())?;
        if found != b'"' {
            return self.token_with_escapes(start, end);
        }
        self.at = end + 1;
        Ok(Token {
            string: Cow::Borrowed(&self.lexer.0[start + 1..end]),
            flaws: Flaws::default(),
            start,
        })
    }

    #[cold]
    fn token_with_escapes(&mut self, start: usize, at: usize) -> Parsed<Token<'j>> {
        let mut string = String::new();
        // Without its escapes it is shorter.
        let len = escaped_len(self.lexer.bytes(), at) - start;
        string.try_reserve(len).map_err(NoMemoryError::from)?;
        let read = self.lexer.string_with_escapes(start, at, &mut string);
        let (flaws, end) = read.map_err(Expected::String.from())?;
        self.at = end;
        Ok(Token {
            string: Cow::Owned(string),
            flaws,
            start,
        })
    }

    /// Reads a number, a boolean or null, as it is written.
    pub(crate) fn scalar(&mut self) -> Parsed<&'j str> {
        let start = self.at;
        let literal = |literal| self.lexer.literal(start, literal);
        let end = match self.lexer.byte(start) {
            Ok(b't') => literal(b"true"),
            Ok(b'f') => literal(b"false"),
            Ok(b'n') => literal(b"null"),
            first => {
                let end = first.and_then(|first| self.lexer.number(first, start));
                self.at = end.map_err(Expected::Digit.from())?;
                return Ok(&self.lexer.0[start..self.at]);
            }
        };
        self.at = end.map_err(Expected::Value.from())?;
        Ok(&self.lexer.0[start..self.at])
    }

    /// Skips any value. Only its syntax is checked.
    pub(crate) fn skip(&mut self) -> Parsed {
        self.walk(|_, _| Ok(()))
    }

    /// Reads any value without recursion, and calls `visit` with everything in it.
    pub(crate) fn walk(&mut self, mut visit: impl FnMut(&mut Self, Event<'j>) -> Parsed) -> Parsed {
        // Whether each open value is an object.
        let mut stack: Vec<bool> = Vec::new();
        // The innermost one. The others have a member or an element.
        let mut open = Open { is_first: false };
        loop {
            match self.next_type()? {
                found @ (JsonType::Object | JsonType::Array) => {
                    let is_object = found == JsonType::Object;
                    open = self.open();
                    stack.try_reserve(1).map_err(NoMemoryError::from)?;
                    stack.push(is_object);
                    visit(self, Event::Begin(is_object))?;
                }
                JsonType::String => {
                    let string = self.token()?;
                    visit(self, Event::String(string))?;
                }
                _ => {
                    let scalar = self.scalar()?;
                    visit(self, Event::Scalar(scalar))?;
                }
            }
            // Up to the next value, or to the end of the outermost one.
            loop {
                let Some(&is_object) = stack.last() else {
                    return Ok(());
                };
                if self.next_in(&mut open, is_object)? {
                    if is_object {
                        let key = self.key()?;
                        visit(self, Event::Key(key))?;
                    }
                    break;
                }
                stack.pop();
                visit(self, Event::End(is_object))?;
            }
        }
    }

    /// Reads a string. `None` if it may not go out, which is reported.
    #[inline]
    pub(crate) fn string(
        &mut self,
        path: Path,
        violations: &mut Violations,
    ) -> Parsed<Option<Text<'j>>> {
        let Token { string, flaws, .. } = self.token()?;
        if flaws.is_none() {
            return Ok(Some(Text(string)));
        }
        self.report(flaws, path, violations);
        Ok(None)
    }

    /// Reads a value that must be a string. `None` for anything else, which is reported.
    pub(crate) fn string_at(
        &mut self,
        path: Path,
        hint_if_null: &'static str,
        violations: &mut Violations,
    ) -> Parsed<Option<Text<'j>>> {
        let found = self.next_type()?;
        if found == JsonType::String {
            return self.string(path, violations);
        }
        let hint = match found {
            JsonType::Null => hint_if_null,
            JsonType::Number => "; put it in quotes",
            _ => "",
        };
        self.skip()?;
        violations.push_with_hint(path, wrong_type(JsonType::String, found), hint);
        Ok(None)
    }

    /// Reports what is wrong with a string.
    #[cold]
    pub(crate) fn report(&mut self, flaws: Flaws, path: Path, violations: &mut Violations) {
        let half = flaws.half.map(|at| (at, true));
        let nul = flaws.nul.map(|at| (at, false));
        let mut found = [half, nul];
        found.sort_unstable();
        for (at, is_half) in found.into_iter().flatten() {
            let position = Some(self.position(at));
            violations.push(
                path,
                if is_half {
                    ViolationKind::HalfSurrogate { position }
                } else {
                    ViolationKind::NulCharacter { position }
                },
            );
        }
    }

    /// Reports a key that its closed object may not have.
    #[cold]
    pub(crate) fn report_unknown(
        &mut self,
        key: &Token<'_>,
        known: impl IntoIterator<Item = &'static str>,
        object: Path,
        violations: &mut Violations,
    ) {
        let kind = ViolationKind::UnknownKey {
            position: self.position(key.start),
            nearest: names::nearest(&key.string, known),
        };
        violations.push(object, kind);
    }

    /// Reports a key that its object has already.
    #[cold]
    pub(crate) fn report_duplicate(
        &mut self,
        key: &Token<'_>,
        path: Path,
        violations: &mut Violations,
    ) {
        let position = Some(self.position(key.start));
        violations.push(path, ViolationKind::DuplicateKey { position });
    }
}

pub(crate) const fn wrong_type(expected: JsonType, found: JsonType) -> ViolationKind {
    ViolationKind::WrongType { expected, found }
}
