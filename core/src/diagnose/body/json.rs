//! The body's whitespace and the order of its keys.
//!
//! Numbers and strings stay as they are written. Invalid JSON is not reported: what cannot be split
//! into tokens has no variants here.

use alloc::vec::Vec;
use core::ops::Range;

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

/// A token other than a comma or a colon: a bracket, a string, or another scalar.
type Token = Range<usize>;

/// A body that is split into tokens.
pub(super) struct Json<'a> {
    bytes: &'a [u8],
    tokens: Vec<Token>,
    /// The first whitespace after a comma, after a colon and after an opening bracket.
    after: [Option<&'a str>; 3],
    /// Whether there is whitespace before a colon, as Jackson writes it.
    has_blank_before_colon: bool,
}

const BOM: &[u8] = "\u{feff}".as_bytes();

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

impl<'a> Json<'a> {
    /// Splits a body. `None` if the brackets or quotes do not match, or it is nested too deeply.
    pub(super) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let mut json = Self {
            bytes,
            tokens: Vec::with_capacity(bytes.len() / 16),
            after: [None; 3],
            has_blank_before_colon: false,
        };
        let mut open = Vec::new();
        let mut place = if bytes.starts_with(BOM) { BOM.len() } else { 0 };
        while let Some(&byte) = bytes.get(place) {
            let start = place;
            place += 1;
            match byte {
                b' ' | b'\n' | b'\r' | b'\t' => {
                    place += count(&bytes[place..], is_blank);
                    json.has_blank_before_colon |= bytes.get(place) == Some(&b':');
                    continue;
                }
                b',' | b':' => {
                    json.note_blanks(usize::from(byte == b':'), place);
                    continue;
                }
                b'{' | b'[' => {
                    open.push(byte);
                    if open.len() > MAX_DEPTH {
                        return None;
                    }
                    json.note_blanks(2, place);
                }
                b'}' | b']' => {
                    // '{' and '}' are two apart, as are '[' and ']'.
                    if open.pop()? + 2 != byte {
                        return None;
                    }
                }
                b'"' => place += string_len(&bytes[place..])?,
                _ => {
                    let is_scalar = |byte: u8| {
                        !is_blank(byte) && !matches!(byte, b',' | b':' | b'{' | b'[' | b'}' | b']')
                    };
                    place += count(&bytes[place..], is_scalar);
                }
            }
            json.tokens.push(start..place);
        }
        (open.is_empty() && !json.tokens.is_empty()).then_some(json)
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
    pub(super) fn write(&self, style: Style<'_>, out: &mut Vec<u8>) -> bool {
        let (comma, colon) = match style {
            Style::Line { comma, colon } => (comma, colon),
            Style::Indented { colon, .. } => (",", colon),
            Style::Jackson => (",", " : "),
        };
        let ends = self.bounds();
        out.extend_from_slice(&self.bytes[..ends.start]);
        let max_len = out.len() + MAX_GROWTH * self.bytes.len() + 1024;
        // Whether each open bracket is an object's, whether it has content, and whether a key was
        // the last thing in it.
        let mut open: Vec<(bool, bool, bool)> = Vec::new();
        for token in &self.tokens {
            let first = self.bytes[token.start];
            if matches!(first, b'}' | b']') {
                match open.pop() {
                    Some((is_object, true, _)) => end_line(style, is_object, &open, out),
                    _ if style == Style::Jackson => out.push(b' '),
                    _ => {}
                }
                out.push(first);
                continue;
            }
            if let Some((is_object, has_content, has_key)) = open.last_mut() {
                if *has_key {
                    out.extend_from_slice(colon.as_bytes());
                    *has_key = false;
                } else {
                    if *has_content {
                        out.extend_from_slice(comma.as_bytes());
                    }
                    *has_content = true;
                    *has_key = *is_object;
                    begin_line(style, &open, out);
                }
            }
            out.extend_from_slice(&self.bytes[token.clone()]);
            if matches!(first, b'{' | b'[') {
                open.push((first == b'{', false, false));
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
        let start = self.tokens.first().map_or(0, |token| token.start);
        start..self.tokens.last().map_or(start, |token| token.end)
    }

    /// With the members of each object sorted by key, or only those of the outermost one. `None`
    /// if they are sorted.
    pub(super) fn sorted(&self, only_outermost: bool) -> Option<Self> {
        let mut sorted = Vec::with_capacity(self.tokens.len());
        let max_depth = if only_outermost { 1 } else { MAX_DEPTH };
        let end = self.sort_value(0, max_depth, &mut sorted);
        let is_another = end == self.tokens.len() && sorted != self.tokens;
        is_another.then_some(Self {
            tokens: sorted,
            ..*self
        })
    }

    /// Appends the tokens of the value that starts at `place`, sorted. Returns where it ends.
    ///
    /// It recurses once a level, of which there are [`MAX_DEPTH`] at most.
    fn sort_value(&self, mut place: usize, depth: usize, sorted: &mut Vec<Token>) -> usize {
        let Some(token) = self.tokens.get(place) else {
            return place;
        };
        sorted.push(token.clone());
        place += 1;
        let first = self.bytes[token.start];
        if !matches!(first, b'{' | b'[') {
            return place;
        }
        let start = sorted.len();
        let mut members: Vec<Range<usize>> = Vec::new();
        while let Some(token) = self.tokens.get(place) {
            if matches!(self.bytes[token.start], b'}' | b']') {
                break;
            }
            let member = sorted.len();
            if first == b'{' {
                sorted.push(token.clone());
                place += 1;
            }
            place = if depth > 1 {
                self.sort_value(place, depth - 1, sorted)
            } else {
                self.copy_value(place, sorted)
            };
            members.push(member..sorted.len());
        }
        if first == b'{' {
            let key = |member: &Range<usize>| {
                let token = sorted[member.start].clone();
                // Without the closing quotation mark, so that "a" is before "a b".
                &self.bytes[token.start..token.end.saturating_sub(1)]
            };
            if !members.is_sorted_by_key(key) {
                members.sort_by_key(key);
                let tokens = members.iter().flat_map(|member| &sorted[member.clone()]);
                let tokens: Vec<_> = tokens.cloned().collect();
                sorted.truncate(start);
                sorted.extend(tokens);
            }
        }
        if let Some(close) = self.tokens.get(place) {
            sorted.push(close.clone());
            place += 1;
        }
        place
    }

    /// Appends the tokens of the value that starts at `place`. Returns where it ends.
    fn copy_value(&self, start: usize, sorted: &mut Vec<Token>) -> usize {
        let mut depth = 0;
        let mut place = start;
        while let Some(token) = self.tokens.get(place) {
            match self.bytes[token.start] {
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
        sorted.extend_from_slice(&self.tokens[start..place]);
        place
    }
}

/// What is before a member or element of the innermost of `open`.
fn begin_line(style: Style<'_>, open: &[(bool, bool, bool)], out: &mut Vec<u8>) {
    match style {
        Style::Line { .. } => {}
        Style::Indented { indent, .. } => new_line(indent, open.len(), out),
        Style::Jackson => match open.last() {
            Some((true, ..)) => new_line("  ", objects(open), out),
            _ => out.push(b' '),
        },
    }
}

/// What is before the bracket that closes an object or array with content, which is no more in
/// `open`.
fn end_line(style: Style<'_>, is_object: bool, open: &[(bool, bool, bool)], out: &mut Vec<u8>) {
    match style {
        Style::Line { .. } => {}
        Style::Indented { indent, .. } => new_line(indent, open.len(), out),
        Style::Jackson if is_object => new_line("  ", objects(open), out),
        Style::Jackson => out.push(b' '),
    }
}

fn objects(open: &[(bool, bool, bool)]) -> usize {
    open.iter().filter(|(is_object, ..)| *is_object).count()
}

fn new_line(indent: &str, depth: usize, out: &mut Vec<u8>) {
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
