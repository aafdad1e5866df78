//! The parser: strict JSON, in one pass without recursion.

use alloc::vec::Vec;

use crate::json::escape::plain_len;
use crate::json::tape::{
    Children, ESCAPED, LARGE, Large, Node, STEP, Tape, TapeError, Unescaped, text,
};

impl Tape {
    /// Parses a text that is the JSON of a single object.
    ///
    /// A byte-order mark before it is skipped. Half of a surrogate pair in an escape is read as
    /// U+FFFD.
    pub(crate) fn parse(json: &str) -> Result<Self, TapeError> {
        const BYTE_ORDER_MARK: &str = "\u{feff}";
        if json.len() > Self::MAX_LEN {
            return Err(TapeError::TooLong);
        }
        let starts_with_mark = json.starts_with(BYTE_ORDER_MARK);
        let start = if starts_with_mark {
            BYTE_ORDER_MARK.len()
        } else {
            0
        };
        if json.len() == start {
            return Err(TapeError::Empty);
        }
        let mut parser = Parser::new(json, start);
        if parser.document().is_err() {
            return Err(parser.syntax_error());
        }
        parser.large.sort_unstable_by_key(|large| large.node);
        let tape = Self {
            json: json.into(),
            starts_with_mark,
            nodes: parser.nodes,
            strings: parser.strings,
            large: parser.large,
            steps: parser.steps,
            sorted_keys: parser.sorted_keys,
        };
        match parser.duplicate_in {
            None => Ok(tape),
            Some(object) => Err(TapeError::DuplicateKey {
                path: tape.path(object),
            }),
        }
    }
}

/// The byte at [`Parser::at`] cannot be there.
struct Unexpected;

type Parsed<T = ()> = Result<T, Unexpected>;

struct Parser<'j> {
    json: &'j str,
    bytes: &'j [u8],
    at: usize,
    nodes: Vec<Node>,
    has_grown: bool,
    strings: Unescaped,
    /// The innermost open object or array. Itself for the outermost, which has no parent.
    open: u32,
    in_object: bool,
    /// The number of its children so far.
    count: u32,
    /// The first object with a duplicate key.
    duplicate_in: Option<u32>,
    large: Vec<Large>,
    steps: Vec<u32>,
    sorted_keys: Vec<u32>,
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a text has at most 2^31 bytes, and at most one node for each"
)]
impl<'j> Parser<'j> {
    fn new(json: &'j str, start: usize) -> Self {
        Self {
            json,
            bytes: json.as_bytes(),
            at: start,
            // Enough for most messages; together with what `push` adds, less than 8 times the text.
            nodes: Vec::with_capacity(json.len() / 8 + 64),
            has_grown: false,
            strings: Unescaped::default(),
            open: Tape::ROOT,
            in_object: false,
            count: 0,
            duplicate_in: None,
            large: Vec::new(),
            steps: Vec::new(),
            sorted_keys: Vec::new(),
        }
    }

    fn document(&mut self) -> Parsed {
        self.skip_whitespace();
        if self.peek() != Some(b'{') {
            return Err(Unexpected);
        }
        loop {
            let is_open = self.value()?;
            if !is_open && self.end_of_value()? {
                self.skip_whitespace();
                return if self.at == self.bytes.len() {
                    Ok(())
                } else {
                    Err(Unexpected)
                };
            }
        }
    }

    /// Parses a value. Returns whether it is an object or array that is still open, before the
    /// value of its first child.
    fn value(&mut self) -> Parsed<bool> {
        self.count += 1;
        let start = self.at;
        match self.peek().ok_or(Unexpected)? {
            b'"' => self.string()?,
            b'{' => {
                self.open(true)?;
                if self.peek() != Some(b'}') {
                    self.key()?;
                    return Ok(true);
                }
                self.close();
            }
            b'[' => {
                self.open(false)?;
                if self.peek() != Some(b']') {
                    return Ok(true);
                }
                self.close();
            }
            b'-' | b'0'..=b'9' => {
                self.number()?;
                self.push_scalar(start)?;
            }
            b't' => self.literal(b"true")?,
            b'f' => self.literal(b"false")?,
            b'n' => self.literal(b"null")?,
            _ => return Err(Unexpected),
        }
        Ok(false)
    }

    /// Parses what follows a value, up to the next value. Returns whether the document ends.
    fn end_of_value(&mut self) -> Parsed<bool> {
        // The outermost value is an object. When it closes, it is its own parent.
        while !self.is_closed() {
            self.skip_whitespace();
            match self.peek().ok_or(Unexpected)? {
                b',' => {
                    self.at += 1;
                    self.skip_whitespace();
                    if self.in_object {
                        self.key()?;
                    }
                    return Ok(false);
                }
                b'}' if self.in_object => self.close(),
                b']' if !self.in_object => self.close(),
                _ => return Err(Unexpected),
            }
        }
        Ok(true)
    }

    /// Whether the outermost object is closed: it then ends after its start.
    fn is_closed(&self) -> bool {
        self.nodes[0].next > 0
    }

    /// Begins an object or array.
    fn open(&mut self, is_object: bool) -> Parsed {
        let node = self.nodes.len() as u32;
        let start = self.at as u32;
        let parent = self.open;
        if let Some(parent) = self.nodes.get_mut(parent as usize) {
            parent.end = self.count;
        }
        self.push(Node {
            start,
            end: 0,
            next: parent,
        })?;
        (self.open, self.in_object, self.count) = (node, is_object, 0);
        self.at += 1;
        self.skip_whitespace();
        Ok(())
    }

    /// Ends the innermost object or array, and continues with its parent.
    fn close(&mut self) {
        self.at += 1;
        let next = self.nodes.len() as u32;
        let (closed, len) = (self.open, self.count);
        let node = &mut self.nodes[closed as usize];
        let parent = node.next;
        (node.end, node.next) = (self.at as u32, next);
        if len >= LARGE {
            self.index(closed, len);
        } else if self.in_object && len > 1 && self.has_duplicate(closed) {
            self.duplicate_in.get_or_insert(closed);
        }
        let Node { start, end, .. } = self.nodes[parent as usize];
        self.in_object = self.bytes[start as usize] == b'{';
        (self.open, self.count) = (parent, end);
    }

    fn children(&self, node: u32, is_object: bool) -> Children<'_> {
        Children {
            nodes: &self.nodes,
            at: node + 1,
            end: self.nodes[node as usize].next,
            is_object,
        }
    }

    fn text(&self, node: u32) -> &str {
        text(self.json, &self.strings, self.nodes[node as usize])
    }

    /// Whether an object with few members has a duplicate key.
    fn has_duplicate(&self, object: u32) -> bool {
        let mut seen = 0_u64;
        for key in self.children(object, true) {
            let bytes = self.key_bytes(key);
            let bit = 1 << (hint_of(bytes) % u64::BITS);
            if seen & bit != 0 {
                let mut earlier = self.children(object, true).take_while(|&each| each < key);
                if earlier.any(|each| self.key_bytes(each) == bytes) {
                    return true;
                }
            }
            seen |= bit;
        }
        false
    }

    fn key_bytes(&self, key: u32) -> &[u8] {
        let node = self.nodes[key as usize];
        if node.next & ESCAPED == 0 {
            // A `str` would be cut with a look at its characters.
            &self.bytes[node.start as usize + 1..node.end as usize - 1]
        } else {
            text(self.json, &self.strings, node).as_bytes()
        }
    }

    /// Makes the index of a large object or array, which also finds duplicate keys.
    fn index(&mut self, node: u32, len: u32) {
        self.large.push(Large {
            node,
            len,
            step: self.steps.len() as u32,
            key: self.sorted_keys.len() as u32,
        });
        let mut steps = core::mem::take(&mut self.steps);
        steps.extend(self.children(node, self.in_object).step_by(STEP));
        self.steps = steps;
        if self.in_object {
            let mut keys = core::mem::take(&mut self.sorted_keys);
            let start = keys.len();
            keys.reserve(len as usize);
            keys.extend(self.children(node, true));
            let sorted = &mut keys[start..];
            sorted.sort_unstable_by(|&a, &b| self.text(a).cmp(self.text(b)));
            if sorted
                .windows(2)
                .any(|pair| self.text(pair[0]) == self.text(pair[1]))
            {
                self.duplicate_in.get_or_insert(node);
            }
            self.sorted_keys = keys;
        }
    }

    /// Parses a key, up to its value.
    fn key(&mut self) -> Parsed {
        if self.peek() != Some(b'"') {
            return Err(Unexpected);
        }
        self.string()?;
        self.skip_whitespace();
        if self.peek() != Some(b':') {
            return Err(Unexpected);
        }
        self.at += 1;
        self.skip_whitespace();
        Ok(())
    }

    fn string(&mut self) -> Parsed {
        let start = self.at;
        self.at += 1;
        self.skip_plain();
        match self.peek() {
            Some(b'"') => {
                self.at += 1;
                self.push_scalar(start)
            }
            Some(b'\\') => self.string_with_escapes(start),
            _ => Err(Unexpected),
        }
    }

    #[cold]
    fn string_with_escapes(&mut self, start: usize) -> Parsed {
        let mut plain = start + 1;
        let mut has_half = false;
        while self.peek() == Some(b'\\') {
            self.strings.text.push_str(&self.json[plain..self.at]);
            let c = self.escape()?;
            has_half |= c.is_none();
            self.strings
                .text
                .push(c.unwrap_or(char::REPLACEMENT_CHARACTER));
            plain = self.at;
            self.skip_plain();
        }
        if self.peek() != Some(b'"') {
            return Err(Unexpected);
        }
        self.strings.text.push_str(&self.json[plain..self.at]);
        self.at += 1;
        if has_half {
            self.strings.halves.push(self.nodes.len() as u32);
        }
        let number = self.strings.ends.len() as u32;
        self.strings.ends.push(self.strings.text.len() as u32);
        self.push(Node {
            start: start as u32,
            end: self.at as u32,
            next: ESCAPED | number,
        })
    }

    /// Parses an escape. `None` for half of a surrogate pair.
    fn escape(&mut self) -> Parsed<Option<char>> {
        self.at += 1;
        let c = match self.peek().ok_or(Unexpected)? {
            c @ (b'"' | b'\\' | b'/') => char::from(c),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.code_point(),
            _ => return Err(Unexpected),
        };
        self.at += 1;
        Ok(Some(c))
    }

    /// Parses the `u` of an escape and what follows it.
    fn code_point(&mut self) -> Parsed<Option<char>> {
        let first = self.code_unit()?;
        if !(0xd800..0xdc00).contains(&first) || !self.bytes[self.at..].starts_with(b"\\u") {
            return Ok(char::from_u32(first));
        }
        let after_first = self.at;
        self.at += 1;
        let second = self.code_unit()?;
        if !(0xdc00..0xe000).contains(&second) {
            // It is a character of its own, or another half.
            self.at = after_first;
            return Ok(None);
        }
        let pair = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        Ok(char::from_u32(pair))
    }

    /// Parses `u` and four hex digits.
    fn code_unit(&mut self) -> Parsed<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            self.at += 1;
            let digit = char::from(self.peek().ok_or(Unexpected)?).to_digit(16);
            unit = unit << 4 | digit.ok_or(Unexpected)?;
        }
        self.at += 1;
        Ok(unit)
    }

    fn number(&mut self) -> Parsed {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    /// Parses at least one digit.
    fn digits(&mut self) -> Parsed {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at > start {
            Ok(())
        } else {
            Err(Unexpected)
        }
    }

    fn literal(&mut self, literal: &[u8]) -> Parsed {
        let start = self.at;
        for &byte in literal {
            if self.peek() != Some(byte) {
                return Err(Unexpected);
            }
            self.at += 1;
        }
        self.push_scalar(start)
    }

    /// Adds the node of a value that ends here and has neither children nor escapes.
    fn push_scalar(&mut self, start: usize) -> Parsed {
        self.push(Node {
            start: start as u32,
            end: self.at as u32,
            next: self.nodes.len() as u32 + 1,
        })
    }

    /// Adds a node.
    ///
    /// The list grows once at most, to as many nodes as a valid text can have: each value takes two
    /// bytes, itself and a comma, colon or bracket. Where there are more, more brackets are open
    /// than can be closed in what remains.
    #[inline]
    fn push(&mut self, node: Node) -> Parsed {
        if self.nodes.len() == self.nodes.capacity() {
            self.grow()?;
        }
        self.nodes.push(node);
        Ok(())
    }

    #[cold]
    fn grow(&mut self) -> Parsed {
        if self.has_grown {
            return Err(Unexpected);
        }
        self.has_grown = true;
        let len = self.nodes.len();
        let rest = (self.bytes.len() - self.at) / 2 + 1;
        let most = self.bytes.len() / 2 + 1;
        self.nodes
            .reserve_exact(rest.min(most.saturating_sub(len)).max(1));
        Ok(())
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline]
    fn skip_plain(&mut self) {
        self.at += plain_len(&self.bytes[self.at..]);
    }

    #[inline]
    fn skip_whitespace(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn syntax_error(&self) -> TapeError {
        let before = &self.bytes[..self.at.min(self.bytes.len())];
        let line_start = before
            .iter()
            .rposition(|&byte| byte == b'\n')
            .map_or(0, |at| at + 1);
        let lines = before.split(|&byte| byte == b'\n').count();
        // At the end of the text, the last byte is named.
        let column = (self.at + 1).min(self.bytes.len()) - line_start;
        TapeError::Syntax {
            line: lines,
            column: column.max(1),
        }
    }
}

/// A number that is often another one for another key.
fn hint_of(key: &[u8]) -> u32 {
    match key {
        [] => 0,
        [only] => u32::from(*only),
        [first, rest @ .., last] => {
            let middle = rest.get(rest.len() / 2).copied().unwrap_or_default();
            let length = u8::try_from(key.len()).unwrap_or_default();
            [*first, middle, *last, length]
                .iter()
                .fold(0, |hint, &byte| (hint * 7) ^ u32::from(byte))
        }
    }
}
