//! The parser: strict JSON, in one pass without recursion.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::json::escape::plain_len;
use crate::json::tape::{
    Children, ESCAPED, IsKnown, LARGE, Large, Node, STEP, Tape, TapeError, Unescaped, text,
};

impl Tape {
    /// Parses a text that is the JSON of a single object.
    ///
    /// A byte-order mark before it is skipped. Half of a surrogate pair in an escape is read as
    /// U+FFFD.
    ///
    /// `keep` gives the text that the tape keeps. It is called last, so that a copy is not yet there
    /// while the list of values grows.
    pub(crate) fn parse(
        json: &str,
        keep: impl FnOnce() -> Arc<str>,
        is_known: IsKnown,
    ) -> Result<Self, TapeError> {
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
        let mut parser = Parser::new(json);
        if let Err(Unexpected { at }) = parser.document(start) {
            return Err(parser.syntax_error(at));
        }
        parser.large.sort_unstable_by_key(|large| large.node);
        let tape = Self {
            json: keep(),
            starts_with_mark,
            nodes: parser.nodes,
            strings: parser.strings,
            large: parser.large,
            steps: parser.steps,
            sorted_keys: parser.sorted_keys,
            is_known,
        };
        match parser.duplicate_in {
            None => Ok(tape),
            Some(object) => Err(TapeError::DuplicateKey {
                path: tape.path(object),
            }),
        }
    }
}

/// The byte at `at` cannot be there.
struct Unexpected {
    at: usize,
}

/// Where the text continues.
type Parsed = Result<usize, Unexpected>;

/// Marks the number of children of an object that has a duplicate key.
const DUPLICATE: u32 = 1 << 31;

/// Its functions are given where to parse, and return where they ended.
struct Parser<'j> {
    json: &'j str,
    bytes: &'j [u8],
    nodes: Vec<Node>,
    has_grown: bool,
    strings: Unescaped,
    /// The innermost open object or array. Itself for the outermost, which has no parent.
    open: u32,
    in_object: bool,
    /// The number of its children so far, and [`DUPLICATE`].
    count: u32,
    /// The number of open objects and arrays.
    depth: usize,
    /// The [hashes](hash_of) of the keys so far of the open objects, by depth. Where objects are
    /// nested deeper, they are not remembered.
    seen: [Seen; 16],
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
    fn new(json: &'j str) -> Self {
        Self {
            json,
            bytes: json.as_bytes(),
            // Enough for most messages; together with what `push` adds, less than 8 times the text.
            nodes: Vec::with_capacity(json.len() / 8 + 64),
            has_grown: false,
            strings: Unescaped::default(),
            open: Tape::ROOT,
            in_object: false,
            count: 0,
            depth: 0,
            seen: [Seen::default(); 16],
            duplicate_in: None,
            large: Vec::new(),
            steps: Vec::new(),
            sorted_keys: Vec::new(),
        }
    }

    fn document(&mut self, start: usize) -> Result<(), Unexpected> {
        let (first, mut at) = self.token(start)?;
        if first != b'{' {
            return Err(Unexpected { at });
        }
        loop {
            if self.in_object {
                at = self.key(at)?;
            }
            self.count += 1;
            let (byte, start) = self.token(at)?;
            at = match byte {
                b'"' => self.string(start)?,
                b'{' | b'[' => {
                    self.open(start, byte == b'{')?;
                    at = start + 1;
                    // The brackets of either kind are two apart.
                    if self.token(at)?.0 != byte + 2 {
                        continue;
                    }
                    // What follows it closes it.
                    at
                }
                b'-' | b'0'..=b'9' => self.number(start)?,
                b't' => self.literal(start, b"true")?,
                b'f' => self.literal(start, b"false")?,
                b'n' => self.literal(start, b"null")?,
                _ => return Err(Unexpected { at: start }),
            };
            loop {
                let (byte, end) = self.token(at)?;
                at = end + 1;
                if byte == b',' {
                    break;
                }
                let closing = if self.in_object { b'}' } else { b']' };
                if byte != closing {
                    return Err(Unexpected { at: end });
                }
                if self.close(at) {
                    return self.end(at);
                }
            }
        }
    }

    /// Parses what follows the document.
    fn end(&self, at: usize) -> Result<(), Unexpected> {
        match self.token(at) {
            Ok((_, at)) => Err(Unexpected { at }),
            Err(Unexpected { at }) if at < self.bytes.len() => Err(Unexpected { at }),
            Err(_) => Ok(()),
        }
    }

    /// Begins an object or array.
    fn open(&mut self, at: usize, is_object: bool) -> Result<(), Unexpected> {
        let node = self.nodes.len() as u32;
        let parent = self.open;
        if let Some(parent) = self.nodes.get_mut(parent as usize) {
            parent.end = self.count;
        }
        self.push(at, 0, parent)?;
        (self.open, self.in_object, self.count) = (node, is_object, 0);
        self.depth += 1;
        if let Some(seen) = self.seen.get_mut(self.depth) {
            *seen = Seen::default();
        }
        Ok(())
    }

    /// Ends the innermost object or array before `at`, and continues with its parent. Returns
    /// whether it was the outermost one.
    fn close(&mut self, at: usize) -> bool {
        let next = self.nodes.len() as u32;
        let (closed, len) = (self.open, self.count & !DUPLICATE);
        let node = &mut self.nodes[closed as usize];
        let parent = node.next;
        (node.end, node.next) = (at as u32, next);
        if len >= LARGE {
            self.index(closed, len);
        } else if self.count & DUPLICATE != 0 {
            self.duplicate_in.get_or_insert(closed);
        }
        let Node { start, end, .. } = self.nodes[parent as usize];
        self.in_object = self.bytes[start as usize] == b'{';
        (self.open, self.count) = (parent, end);
        self.depth -= 1;
        self.depth == 0
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

    /// Makes the index of a large object or array, which also finds duplicate keys.
    #[cold]
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
    #[inline]
    fn key(&mut self, at: usize) -> Parsed {
        let (first, at) = self.token(at)?;
        if first != b'"' {
            return Err(Unexpected { at });
        }
        let end = self.plain_end(at + 1);
        let after = match self.byte(end)? {
            b'"' => {
                self.push_scalar(at, end + 1)?;
                self.check_key(hash_of(&self.bytes[at + 1..end]));
                if self.is(end + 1, b':') {
                    return Ok(end + 2);
                }
                end + 1
            }
            b'\\' => {
                let end = self.string_with_escapes(at, end)?;
                self.check_key(hash_of(self.text(self.last()).as_bytes()));
                end
            }
            _ => return Err(Unexpected { at: end }),
        };
        let (colon, at) = self.token(after)?;
        if colon == b':' {
            Ok(at + 1)
        } else {
            Err(Unexpected { at })
        }
    }

    /// Compares the last node, which is a key, with the earlier keys of the object. An object with
    /// many keys is checked when it ends.
    #[inline]
    fn check_key(&mut self, hash: u32) {
        let seen = self.seen.get_mut(self.depth);
        let may_be_duplicate = seen.is_none_or(|seen| seen.add(hash));
        if may_be_duplicate && self.count < LARGE && self.has_earlier() {
            self.count |= DUPLICATE;
        }
    }

    #[inline(never)]
    fn has_earlier(&self) -> bool {
        let last = self.last();
        let earlier = Children {
            nodes: &self.nodes,
            at: self.open + 1,
            end: last,
            is_object: true,
        };
        let found = earlier.find_key(self.json, &self.strings, self.text(last));
        found.is_some()
    }

    fn last(&self) -> u32 {
        self.nodes.len() as u32 - 1
    }

    #[inline]
    fn string(&mut self, at: usize) -> Parsed {
        let end = self.plain_end(at + 1);
        match self.byte(end)? {
            b'"' => self.push_scalar(at, end + 1),
            b'\\' => self.string_with_escapes(at, end),
            _ => Err(Unexpected { at: end }),
        }
    }

    /// Parses a string whose first escape is at `at`.
    #[cold]
    fn string_with_escapes(&mut self, start: usize, mut at: usize) -> Parsed {
        let mut plain = start + 1;
        let mut has_half = false;
        while self.byte(at)? == b'\\' {
            self.strings.text.push_str(&self.json[plain..at]);
            let c;
            (c, at) = self.escape(at + 1)?;
            has_half |= c.is_none();
            self.strings
                .text
                .push(c.unwrap_or(char::REPLACEMENT_CHARACTER));
            plain = at;
            at = self.plain_end(at);
        }
        if self.byte(at)? != b'"' {
            return Err(Unexpected { at });
        }
        self.strings.text.push_str(&self.json[plain..at]);
        if has_half {
            self.strings.halves.push(self.nodes.len() as u32);
        }
        let number = self.strings.ends.len() as u32;
        self.strings.ends.push(self.strings.text.len() as u32);
        self.push(start, at + 1, ESCAPED | number)?;
        Ok(at + 1)
    }

    /// Parses an escape after its backslash. `None` for half of a surrogate pair.
    fn escape(&self, at: usize) -> Result<(Option<char>, usize), Unexpected> {
        let c = match self.byte(at)? {
            c @ (b'"' | b'\\' | b'/') => char::from(c),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.code_point(at),
            _ => return Err(Unexpected { at }),
        };
        Ok((Some(c), at + 1))
    }

    /// Parses the `u` of an escape and what follows it.
    fn code_point(&self, at: usize) -> Result<(Option<char>, usize), Unexpected> {
        let (first, after_first) = self.code_unit(at)?;
        let is_pair =
            (0xd800..0xdc00).contains(&first) && self.bytes[after_first..].starts_with(b"\\u");
        if !is_pair {
            return Ok((char::from_u32(first), after_first));
        }
        let (second, at) = self.code_unit(after_first + 1)?;
        if !(0xdc00..0xe000).contains(&second) {
            // It is a character of its own, or another half.
            return Ok((None, after_first));
        }
        let pair = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        Ok((char::from_u32(pair), at))
    }

    /// Parses `u` and four hex digits.
    fn code_unit(&self, at: usize) -> Result<(u32, usize), Unexpected> {
        let mut unit = 0;
        for at in at + 1..at + 5 {
            let digit = char::from(self.byte(at)?).to_digit(16);
            unit = unit << 4 | digit.ok_or(Unexpected { at })?;
        }
        Ok((unit, at + 5))
    }

    #[inline]
    fn number(&mut self, start: usize) -> Parsed {
        let mut at = start;
        if self.is(at, b'-') {
            at += 1;
        }
        if self.is(at, b'0') {
            at += 1;
        } else {
            at = self.digits(at)?;
        }
        if self.is(at, b'.') {
            at = self.digits(at + 1)?;
        }
        if self.is(at, b'e') || self.is(at, b'E') {
            at += 1;
            if self.is(at, b'+') || self.is(at, b'-') {
                at += 1;
            }
            at = self.digits(at)?;
        }
        self.push_scalar(start, at)
    }

    /// Parses at least one digit.
    #[inline]
    fn digits(&self, start: usize) -> Parsed {
        let mut at = start;
        while matches!(self.bytes.get(at), Some(b'0'..=b'9')) {
            at += 1;
        }
        if at > start {
            Ok(at)
        } else {
            Err(Unexpected { at })
        }
    }

    fn literal(&mut self, start: usize, literal: &[u8]) -> Parsed {
        for (at, &byte) in (start..).zip(literal) {
            if self.byte(at)? != byte {
                return Err(Unexpected { at });
            }
        }
        self.push_scalar(start, start + literal.len())
    }

    /// Adds the node of a value that has neither children nor escapes. Returns its end.
    #[inline]
    fn push_scalar(&mut self, start: usize, end: usize) -> Parsed {
        self.push(start, end, self.nodes.len() as u32 + 1)?;
        Ok(end)
    }

    /// Adds a node.
    ///
    /// The list grows once at most, to as many nodes as a valid text can have: each value takes two
    /// bytes, itself and a comma, colon or bracket. Where there are more, more brackets are open
    /// than can be closed in what remains.
    #[inline]
    fn push(&mut self, start: usize, end: usize, next: u32) -> Result<(), Unexpected> {
        if self.nodes.len() == self.nodes.capacity() {
            self.grow(start)?;
        }
        self.nodes.push(Node {
            start: start as u32,
            end: end as u32,
            next,
        });
        Ok(())
    }

    #[cold]
    fn grow(&mut self, at: usize) -> Result<(), Unexpected> {
        if self.has_grown {
            return Err(Unexpected { at });
        }
        self.has_grown = true;
        let len = self.nodes.len();
        let rest = (self.bytes.len() - at) / 2 + 1;
        let most = self.bytes.len() / 2 + 1;
        self.nodes
            .reserve_exact(rest.min(most.saturating_sub(len)).max(1));
        Ok(())
    }

    #[inline]
    fn byte(&self, at: usize) -> Result<u8, Unexpected> {
        self.bytes.get(at).copied().ok_or(Unexpected { at })
    }

    #[inline]
    fn is(&self, at: usize, byte: u8) -> bool {
        self.bytes.get(at) == Some(&byte)
    }

    #[inline]
    fn plain_end(&self, at: usize) -> usize {
        at + plain_len(&self.bytes[at..])
    }

    /// The next byte that is not whitespace, and where it is.
    #[inline]
    fn token(&self, at: usize) -> Result<(u8, usize), Unexpected> {
        match self.byte(at)? {
            byte if byte > b' ' => Ok((byte, at)),
            _ => self.after_whitespace(at),
        }
    }

    /// Like [`token`](Self::token), for a text that is not compact.
    #[inline(never)]
    fn after_whitespace(&self, mut at: usize) -> Result<(u8, usize), Unexpected> {
        loop {
            match self.byte(at)? {
                b' ' | b'\n' | b'\r' | b'\t' => at += 1,
                byte => return Ok((byte, at)),
            }
        }
    }

    fn syntax_error(&self, at: usize) -> TapeError {
        let before = &self.bytes[..at.min(self.bytes.len())];
        let line_start = before
            .iter()
            .rposition(|&byte| byte == b'\n')
            .map_or(0, |at| at + 1);
        let lines = before.split(|&byte| byte == b'\n').count();
        // At the end of the text, the last byte is named.
        let column = (at + 1).min(self.bytes.len()) - line_start;
        TapeError::Syntax {
            line: lines,
            column: column.max(1),
        }
    }
}

/// A set of hashes that may seem to have others too.
#[derive(Clone, Copy, Default)]
struct Seen([u64; 2]);

impl Seen {
    /// Adds a hash. Returns `false` if it was surely not there.
    #[inline]
    fn add(&mut self, hash: u32) -> bool {
        let bits = [1 << (hash % 64), 1 << (hash / 64 % 64)];
        let [a, b] = &mut self.0;
        let found = *a & bits[0] != 0 && *b & bits[1] != 0;
        *a |= bits[0];
        *b |= bits[1];
        found
    }
}

/// A number below 4,096 that is mostly another one for another key.
#[inline]
fn hash_of(key: &[u8]) -> u32 {
    let word = if let Some((first, last)) = ends::<8>(key) {
        u64::from_le_bytes(first) ^ u64::from_le_bytes(last).rotate_left(29)
    } else if let Some((first, last)) = ends::<4>(key) {
        u64::from(u32::from_le_bytes(first)) << 32 | u64::from(u32::from_le_bytes(last))
    } else {
        let byte = |index: usize| u64::from(key.get(index).copied().unwrap_or_default());
        byte(0) << 16 | byte(1) << 8 | byte(2)
    };
    let hash = (word ^ key.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (hash >> 52) as u32
}

/// The first and the last bytes of a key that is long enough. They may overlap.
#[inline]
fn ends<const N: usize>(key: &[u8]) -> Option<([u8; N], [u8; N])> {
    Some((*key.first_chunk()?, *key.last_chunk()?))
}
