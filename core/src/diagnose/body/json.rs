//! The body's whitespace and the order of its keys.
//!
//! Numbers and strings stay as they are written. Invalid JSON is not reported: what cannot be split
//! into tokens has no variants here.

use alloc::vec::Vec;
use core::ops::Range;

use crate::check::memory::{self, NoMemoryError};
use crate::diagnose::body::variant::Variant;

/// The deepest nesting of a body that is rewritten.
const MAX_DEPTH: usize = 64;

/// How many times as long as the body its indented form may be.
const MAX_GROWTH: usize = 4;

/// The whitespace between tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::diagnose) enum Style<'a> {
    /// On one line, with these separators.
    Line { comma: &'a str, colon: &'a str },
    /// A line for each element and member, with this indentation for each level.
    Indented { indent: &'a str, colon: &'a str },
    /// Jackson's: elements share a line, and empty brackets have a space inside.
    Jackson,
}

impl Style<'_> {
    pub(super) const fn is_indented(self) -> bool {
        !matches!(self, Self::Line { .. })
    }
}

/// Where a token other than a comma or a colon starts: a bracket, a string, or another scalar. Its
/// end is found again, since a body can have as many tokens as bytes.
type Token = usize;

/// A body that is split into tokens.
pub(super) struct Json<'a> {
    bytes: &'a [u8],
    tokens: Vec<Token>,
    /// The first whitespace after a comma, after a colon and after an opening bracket.
    after: [Option<&'a str>; 3],
    /// Whether there is whitespace before a colon, as Jackson writes it.
    has_blank_before_colon: bool,
}

/// The open brackets, outermost first.
struct Open<T> {
    list: [T; MAX_DEPTH],
    count: usize,
}

impl<T: Copy + Default> Open<T> {
    fn new() -> Self {
        Self {
            list: [T::default(); MAX_DEPTH],
            count: 0,
        }
    }

    /// Opens one. `None` if that is too deep.
    fn push(&mut self, bracket: T) -> Option<()> {
        *self.list.get_mut(self.count)? = bracket;
        self.count += 1;
        Some(())
    }

    /// Closes the innermost one.
    fn pop(&mut self) -> Option<T> {
        let bracket = *self.list().last()?;
        self.count -= 1;
        Some(bracket)
    }

    fn list(&self) -> &[T] {
        &self.list[..self.count]
    }

    fn innermost(&mut self) -> Option<&mut T> {
        self.list[..self.count].last_mut()
    }
}

/// An open bracket of a body that is written.
#[derive(Clone, Copy, Default)]
struct Bracket {
    is_object: bool,
    has_content: bool,
    /// Whether a key was the last thing in it.
    has_key: bool,
}

const BOM: &[u8] = "\u{feff}".as_bytes();

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

impl<'a> Json<'a> {
    /// Splits a body. `None` if the brackets or quotes do not match, or it is nested too deeply.
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Option<Self>, NoMemoryError> {
        let mut json = Self {
            bytes,
            tokens: memory::with_capacity(bytes.len() / 16)?,
            after: [None; 3],
            has_blank_before_colon: false,
        };
        let mut open = Open::new();
        let mut place = if bytes.starts_with(BOM) { BOM.len() } else { 0 };
        while let Some(token) = json.next_token(&mut place, &mut open) {
            memory::reserve_one(&mut json.tokens)?;
            json.tokens.push(token);
        }
        let is_whole = place == bytes.len() && open.list().is_empty() && !json.tokens.is_empty();
        Ok(is_whole.then_some(json))
    }

    /// The next token from `place` on, which is then after it. `None` at the end, and before what
    /// cannot be a token.
    fn next_token(&mut self, place: &mut usize, open: &mut Open<u8>) -> Option<Token> {
        let bytes = self.bytes;
        loop {
            let start = *place;
            let lexeme = first_lexeme(&bytes[start..])?;
            let end = start + lexeme.len();
            let byte = lexeme[0];
            match byte {
                _ if is_blank(byte) => {
                    self.has_blank_before_colon |= bytes.get(end) == Some(&b':');
                    *place = end;
                    continue;
                }
                b',' | b':' => {
                    self.note_blanks(usize::from(byte == b':'), end);
                    *place = end;
                    continue;
                }
                b'{' | b'[' => {
                    open.push(byte)?;
                    self.note_blanks(2, end);
                }
                // '{' and '}' are two apart, as are '[' and ']'.
                b'}' | b']' => (open.pop()? + 2 == byte).then_some(())?,
                _ => {}
            }
            *place = end;
            return Some(start);
        }
    }

    /// The token that starts at `start`.
    fn token(&self, start: Token) -> &'a [u8] {
        first_lexeme(&self.bytes[start..]).unwrap_or_default()
    }

    fn note_blanks(&mut self, kind: usize, place: usize) {
        if self.after[kind].is_none() {
            let rest = &self.bytes[place..];
            let blanks = &rest[..count(rest, is_blank)];
            self.after[kind] = core::str::from_utf8(blanks).ok();
        }
    }

    /// The style in which the body is written, as far as its first separators tell.
    pub(super) fn style(&self) -> Style<'a> {
        let [comma, colon, open] = self.after.map(Option::unwrap_or_default);
        let line = [open, comma]
            .into_iter()
            .find(|blanks| blanks.contains('\n'));
        match line {
            Some(_) if self.has_blank_before_colon => Style::Jackson,
            Some(line) => Style::Indented {
                indent: line.rsplit('\n').next().unwrap_or_default(),
                colon: if colon.is_empty() { ":" } else { ": " },
            },
            None => Style::Line {
                comma: if comma.is_empty() { "," } else { ", " },
                colon: if colon.is_empty() { ":" } else { ": " },
            },
        }
    }

    /// Writes the body in a style. Whitespace around the whole is kept. False if it would be too
    /// long.
    pub(super) fn write(&self, style: Style<'_>, out: &mut Variant) -> bool {
        let (comma, colon) = match style {
            Style::Line { comma, colon } => (comma, colon),
            Style::Indented { colon, .. } => (",", colon),
            Style::Jackson => (",", " : "),
        };
        let ends = self.bounds();
        out.extend_from_slice(&self.bytes[..ends.start]);
        let max_len = out.len() + MAX_GROWTH * self.bytes.len() + 1024;
        let mut open = Open::<Bracket>::new();
        for &token in &self.tokens {
            let first = self.bytes[token];
            if matches!(first, b'}' | b']') {
                match open.pop() {
                    Some(closed) if closed.has_content => {
                        end_line(style, closed.is_object, open.list(), out);
                    }
                    _ if style == Style::Jackson => out.push(b' '),
                    _ => {}
                }
                out.push(first);
                continue;
            }
            if let Some(bracket) = open.innermost() {
                if bracket.has_key {
                    out.extend_from_slice(colon.as_bytes());
                    bracket.has_key = false;
                } else {
                    if bracket.has_content {
                        out.extend_from_slice(comma.as_bytes());
                    }
                    bracket.has_content = true;
                    bracket.has_key = bracket.is_object;
                    begin_line(style, open.list(), out);
                }
            }
            out.extend_from_slice(self.token(token));
            if matches!(first, b'{' | b'[') {
                let bracket = Bracket {
                    is_object: first == b'{',
                    ..Bracket::default()
                };
                if open.push(bracket).is_none() {
                    return false;
                }
            }
            if out.len() > max_len {
                return false;
            }
        }
        out.extend_from_slice(&self.bytes[ends.end..]);
        true
    }

    /// Where the first token starts and the last one ends.
    fn bounds(&self) -> Range<usize> {
        let start = self.tokens.first().map_or(0, |&token| token);
        let end = |&token: &Token| token + self.token(token).len();
        start..self.tokens.last().map_or(start, end)
    }

    /// With the members of each object sorted by key, or only those of the outermost one. `None`
    /// if they are sorted.
    pub(super) fn sorted(&self, only_outermost: bool) -> Result<Option<Self>, NoMemoryError> {
        let mut sorting = Sorting {
            json: self,
            sorted: memory::with_capacity(self.tokens.len())?,
            members: Vec::new(),
            moved: Vec::new(),
        };
        let max_depth = if only_outermost { 1 } else { MAX_DEPTH };
        let end = sorting.value(0, max_depth)?;
        let sorted = sorting.sorted;
        let is_another = end == self.tokens.len() && sorted != self.tokens;
        Ok(is_another.then_some(Self {
            tokens: sorted,
            ..*self
        }))
    }
}

/// The tokens of a body, which are sorted.
struct Sorting<'j> {
    json: &'j Json<'j>,
    /// It has room for all tokens.
    sorted: Vec<Token>,
    /// Where the members of the open objects are in `sorted`.
    members: Vec<Range<usize>>,
    /// The tokens of an object while its members are moved.
    moved: Vec<Token>,
}

impl Sorting<'_> {
    /// Appends the tokens of the value that starts at `place`, sorted. Returns where it ends.
    ///
    /// It recurses once a level, of which there are [`MAX_DEPTH`] at most.
    fn value(&mut self, mut place: usize, depth: usize) -> Result<usize, NoMemoryError> {
        let Json { bytes, tokens, .. } = self.json;
        let Some(&token) = tokens.get(place) else {
            return Ok(place);
        };
        self.sorted.push(token);
        place += 1;
        let first = bytes[token];
        if !matches!(first, b'{' | b'[') {
            return Ok(place);
        }
        let first_member = self.members.len();
        while let Some(&token) = tokens.get(place) {
            if matches!(bytes[token], b'}' | b']') {
                break;
            }
            let start = self.sorted.len();
            if first == b'{' {
                self.sorted.push(token);
                place += 1;
            }
            place = if depth > 1 {
                self.value(place, depth - 1)?
            } else {
                self.copy_value(place)
            };
            if first == b'{' {
                memory::reserve_one(&mut self.members)?;
                self.members.push(start..self.sorted.len());
            }
        }
        self.sort_members(first_member)?;
        if let Some(&close) = tokens.get(place) {
            self.sorted.push(close);
            place += 1;
        }
        Ok(place)
    }

    /// Sorts the last object's members, and removes them from the list.
    fn sort_members(&mut self, first_member: usize) -> Result<(), NoMemoryError> {
        let Self {
            json,
            sorted,
            members,
            moved,
        } = self;
        let key = |member: &Range<usize>| {
            let key = json.token(sorted[member.start]);
            // Without the closing quotation mark, so that "a" is before "a b".
            &key[..key.len().saturating_sub(1)]
        };
        let of_object = &mut members[first_member..];
        if !of_object.is_sorted_by_key(key) {
            let start = of_object.first().map_or(0, |member| member.start);
            // Those with the same key stay in their order.
            of_object.sort_unstable_by_key(|member| (key(member), member.start));
            moved.clear();
            moved.try_reserve(sorted.len() - start)?;
            for member in of_object.iter() {
                moved.extend_from_slice(&sorted[member.clone()]);
            }
            sorted[start..].copy_from_slice(moved);
        }
        members.truncate(first_member);
        Ok(())
    }

    /// Appends the tokens of the value that starts at `place`. Returns where it ends.
    fn copy_value(&mut self, start: usize) -> usize {
        let Json { bytes, tokens, .. } = self.json;
        let mut depth = 0;
        let mut place = start;
        while let Some(&token) = tokens.get(place) {
            match bytes[token] {
                b'{' | b'[' => depth += 1,
                b'}' | b']' if depth == 0 => break,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            place += 1;
            if depth == 0 {
                break;
            }
        }
        self.sorted.extend_from_slice(&tokens[start..place]);
        place
    }
}

/// What is before a member or element of the innermost of `open`.
fn begin_line(style: Style<'_>, open: &[Bracket], out: &mut Variant) {
    match style {
        Style::Line { .. } => {}
        Style::Indented { indent, .. } => new_line(indent, open.len(), out),
        Style::Jackson => match open.last() {
            Some(bracket) if bracket.is_object => new_line("  ", objects(open), out),
            _ => out.push(b' '),
        },
    }
}

/// What is before the bracket that closes an object or array with content, which is no more in
/// `open`.
fn end_line(style: Style<'_>, is_object: bool, open: &[Bracket], out: &mut Variant) {
    match style {
        Style::Line { .. } => {}
        Style::Indented { indent, .. } => new_line(indent, open.len(), out),
        Style::Jackson if is_object => new_line("  ", objects(open), out),
        Style::Jackson => out.push(b' '),
    }
}

fn objects(open: &[Bracket]) -> usize {
    open.iter().filter(|bracket| bracket.is_object).count()
}

fn new_line(indent: &str, depth: usize, out: &mut Variant) {
    out.push(b'\n');
    for _ in 0..depth {
        out.extend_from_slice(indent.as_bytes());
    }
}

/// How many bytes from the first on are of a kind.
fn count(bytes: &[u8], is_it: impl Fn(u8) -> bool) -> usize {
    let end = bytes.iter().position(|&byte| !is_it(byte));
    end.unwrap_or(bytes.len())
}

/// The first token, comma, colon or whitespace. `None` at the end of the bytes, and for a string
/// that has none.
fn first_lexeme(bytes: &[u8]) -> Option<&[u8]> {
    let (&first, rest) = bytes.split_first()?;
    let len = match first {
        b',' | b':' | b'{' | b'[' | b'}' | b']' => 0,
        b'"' => string_len(rest)?,
        _ if is_blank(first) => count(rest, is_blank),
        _ => count(rest, |byte| {
            !is_blank(byte) && !matches!(byte, b',' | b':' | b'{' | b'[' | b'}' | b']')
        }),
    };
    bytes.get(..=len)
}

/// The length of a string up to and with its closing quotation mark.
fn string_len(bytes: &[u8]) -> Option<usize> {
    let mut place = 0;
    loop {
        place += count(&bytes[place..], |byte| byte != b'"' && byte != b'\\');
        match bytes.get(place)? {
            b'"' => return Some(place + 1),
            _ => place += 2,
        }
        if place > bytes.len() {
            return None;
        }
    }
}
