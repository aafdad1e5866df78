//! The parser: strict JSON, in one pass without recursion.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::check::violation::Position;
use crate::json::lexer::{Lexed, Lexer, Lines, Unexpected};
use crate::json::tape::{
    Children, ESCAPED, IsKnown, LARGE, Large, Node, STEP, Tape, TapeError, Unescaped, text,
};

impl Tape {
    /// Parses a text that is the JSON of a single object.
    ///
    /// A byte-order mark before it is skipped. Half of a surrogate pair in an escape is read as
    /// U+FFFD.
    ///
    /// `keep` gives the text that the tape keeps. It is called last, so that a copy is not yet
    /// there while the list of values grows.
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

/// Marks the number of children of an object that has a duplicate key.
const DUPLICATE: u32 = 1 << 31;

/// Its functions are given where to parse, and return where they ended.
struct Parser<'j> {
    lexer: Lexer<'j>,
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
            lexer: Lexer(json),
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
        let (first, mut at) = self.lexer.token(start)?;
        if first != b'{' {
            return Err(Unexpected { at });
        }
        loop {
            if self.in_object {
                at = self.key(at)?;
            }
            self.count += 1;
            let (byte, start) = self.lexer.token(at)?;
            at = match byte {
                b'"' => self.string(start)?,
                b'{' | b'[' => {
                    self.open(start, byte == b'{')?;
                    at = start + 1;
                    // The brackets of either kind are two apart.
                    if self.lexer.token(at)?.0 != byte + 2 {
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
                let (byte, end) = self.lexer.token(at)?;
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
        match self.lexer.token(at) {
            Ok((_, at)) => Err(Unexpected { at }),
            Err(Unexpected { at }) if at < self.lexer.bytes().len() => Err(Unexpected { at }),
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
        self.in_object = self.lexer.bytes()[start as usize] == b'{';
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
        text(self.lexer.0, &self.strings, self.nodes[node as usize])
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
    fn key(&mut self, at: usize) -> Lexed {
        let (first, at) = self.lexer.token(at)?;
        if first != b'"' {
            return Err(Unexpected { at });
        }
        let end = self.lexer.plain_end(at + 1);
        let after = match self.lexer.byte(end)? {
            b'"' => {
                self.push_scalar(at, end + 1)?;
                self.check_key(hash_of(&self.lexer.bytes()[at + 1..end]));
                if self.lexer.is(end + 1, b':') {
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
        let (colon, at) = self.lexer.token(after)?;
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
        let found = earlier.find_key(self.lexer.0, &self.strings, self.text(last));
        found.is_some()
    }

    fn last(&self) -> u32 {
        self.nodes.len() as u32 - 1
    }

    #[inline]
    fn string(&mut self, at: usize) -> Lexed {
        let end = self.lexer.plain_end(at + 1);
        match self.lexer.byte(end)? {
            b'"' => self.push_scalar(at, end + 1),
            b'\\' => self.string_with_escapes(at, end),
            _ => Err(Unexpected { at: end }),
        }
    }

    /// Parses a string whose first escape is at `at`.
    #[cold]
    fn string_with_escapes(&mut self, start: usize, at: usize) -> Lexed {
        let to = &mut self.strings.text;
        let (flaws, end) = self.lexer.string_with_escapes(start, at, to)?;
        if flaws.half.is_some() {
            self.strings.halves.push(self.nodes.len() as u32);
        }
        let number = self.strings.ends.len() as u32;
        self.strings.ends.push(self.strings.text.len() as u32);
        self.push(start, end, ESCAPED | number)?;
        Ok(end)
    }

    #[inline]
    fn number(&mut self, start: usize) -> Lexed {
        let end = self.lexer.number(start)?;
        self.push_scalar(start, end)
    }

    fn literal(&mut self, start: usize, literal: &[u8]) -> Lexed {
        let end = self.lexer.literal(start, literal)?;
        self.push_scalar(start, end)
    }

    /// Adds the node of a value that has neither children nor escapes. Returns its end.
    #[inline]
    fn push_scalar(&mut self, start: usize, end: usize) -> Lexed {
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
        let rest = (self.lexer.bytes().len() - at) / 2 + 1;
        let most = self.lexer.bytes().len() / 2 + 1;
        self.nodes
            .reserve_exact(rest.min(most.saturating_sub(len)).max(1));
        Ok(())
    }

    fn syntax_error(&self, at: usize) -> TapeError {
        let json = self.lexer.0;
        let Position { line, column, .. } = Lines::new().position(json, at);
        // At the end of the text, the last byte is named.
        let is_end = at == json.len();
        TapeError::Syntax {
            line,
            column: (column - usize::from(is_end)).max(1),
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
