//! The parser: strict JSON, in one pass without recursion.

use alloc::boxed::Box;
use alloc::collections::TryReserveError;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::check::memory::NoMemoryError;
use crate::check::violation::Position;
use crate::json::escape::{first_mark, plain_len};
use crate::json::lexer::{Lexed, Lexer, Lines, Unexpected, escaped_len};
use crate::json::tape::{
    CONTAINER, Children, ESCAPED, IsKnown, LARGE, Large, Node, Rare, STEP, Tape, TapeError, text,
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
        keep: impl FnOnce() -> Result<Arc<String>, NoMemoryError>,
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
        let mut parser = Parser::new(json)?;
        if let Err(Unexpected { at }) = parser.document(start) {
            return Err(match at {
                NO_MEMORY => TapeError::NoMemory,
                at => parser.syntax_error(at),
            });
        }
        if let Some(rare) = &mut parser.rare {
            rare.large.sort_unstable_by_key(|large| large.node);
        }
        let tape = Self {
            json: keep()?,
            starts_with_mark,
            nodes: parser.nodes,
            rare: parser.rare,
            is_known,
        };
        match parser.duplicate {
            None => Ok(tape),
            Some(Duplicate { object, key }) => Err(TapeError::DuplicateKey {
                path: tape.path(object),
                position: Lines::new().position(json, tape.nodes[key as usize].start()),
            }),
        }
    }
}

/// Where a text is unexpected if an allocation failed. No text is so long.
const NO_MEMORY: usize = usize::MAX;

impl From<NoMemoryError> for Unexpected {
    fn from(_: NoMemoryError) -> Self {
        Self { at: NO_MEMORY }
    }
}

impl From<TryReserveError> for Unexpected {
    fn from(error: TryReserveError) -> Self {
        NoMemoryError::from(error).into()
    }
}

impl From<NoMemoryError> for TapeError {
    fn from(_: NoMemoryError) -> Self {
        Self::NoMemory
    }
}

/// Its functions are given where to parse, and return where they ended.
struct Parser<'j> {
    lexer: Lexer<'j>,
    nodes: Vec<Node>,
    has_grown: bool,
    rare: Option<Box<Rare>>,
    /// What is known of the keys of the open objects and arrays around the innermost one, by depth.
    /// Where they are nested deeper, it is not remembered.
    outer: [Seen; 8],
    /// The first key of the text that is a duplicate.
    duplicate: Option<Duplicate>,
}

/// A key that its object had before.
#[derive(Clone, Copy)]
struct Duplicate {
    object: u32,
    key: u32,
}

/// The innermost open object or array. It is apart from the parser so that it stays in registers.
#[derive(Clone, Copy)]
struct Open {
    /// The outermost has no parent, and has itself in place of it.
    node: u32,
    is_object: bool,
    /// The number of open objects and arrays.
    depth: usize,
    seen: Seen,
    /// Whether it is known to be an object that is checked when it ends.
    is_large: bool,
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a text has at most 2^31 bytes, and at most one node for each"
)]
impl<'j> Parser<'j> {
    fn new(json: &'j str) -> Result<Self, NoMemoryError> {
        let mut nodes = Vec::new();
        // Enough for most messages. Those below a kilobyte then take less than one, which is what
        // allocators give fastest.
        nodes.try_reserve_exact(json.len() / 8 + 32)?;
        Ok(Self {
            lexer: Lexer(json),
            nodes,
            has_grown: false,
            rare: None,
            outer: [Seen::default(); 8],
            duplicate: None,
        })
    }

    fn document(&mut self, start: usize) -> Result<(), Unexpected> {
        let lexer = self.lexer;
        let (first, mut at) = lexer.token(start)?;
        if first != b'{' {
            return Err(Unexpected { at });
        }
        let mut inner = Open {
            node: Tape::ROOT,
            is_object: false,
            depth: 0,
            seen: Seen::default(),
            is_large: false,
        };
        loop {
            let (byte, start) = if inner.is_object {
                self.key(lexer, at, &mut inner)?
            } else {
                lexer.token(at)?
            };
            at = match byte {
                b'"' => self.string(lexer, start)?,
                b'{' | b'[' => {
                    self.open(start, byte == b'{', &mut inner)?;
                    at = start + 1;
                    // The brackets of either kind are two apart.
                    if lexer.token(at)?.0 != byte + 2 {
                        continue;
                    }
                    // What follows it closes it.
                    at
                }
                b'-' | b'0'..=b'9' => self.number(lexer, byte, start)?,
                b't' => self.literal(start, b"true")?,
                b'f' => self.literal(start, b"false")?,
                b'n' => self.literal(start, b"null")?,
                _ => return Err(Unexpected { at: start }),
            };
            // In most places a comma follows at once.
            if lexer.is(at, b',') {
                at += 1;
                continue;
            }
            loop {
                let (byte, end) = lexer.token(at)?;
                at = end + 1;
                if byte == b',' {
                    break;
                }
                let closing = if inner.is_object { b'}' } else { b']' };
                if byte != closing {
                    return Err(Unexpected { at: end });
                }
                self.close(lexer, &mut inner)?;
                if inner.depth == 0 {
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
    #[inline]
    fn open(&mut self, at: usize, is_object: bool, inner: &mut Open) -> Result<(), Unexpected> {
        if let Some(outer) = self.outer.get_mut(inner.depth) {
            *outer = inner.seen;
        }
        let node = self.nodes.len() as u32;
        self.push(at as u32 | CONTAINER, inner.node)?;
        *inner = Open {
            node,
            is_object,
            depth: inner.depth + 1,
            seen: Seen::default(),
            is_large: false,
        };
        Ok(())
    }

    /// Ends the innermost object or array, and continues with its parent.
    #[inline]
    fn close(&mut self, lexer: Lexer<'j>, inner: &mut Open) -> Result<(), Unexpected> {
        let (closed, next) = (inner.node, self.nodes.len() as u32);
        let parent = core::mem::replace(&mut self.nodes[closed as usize].rest, next);
        if next - closed > LARGE {
            self.index(closed, inner.is_object)?;
        }
        let depth = inner.depth - 1;
        let start = self.nodes[parent as usize].start();
        *inner = Open {
            node: parent,
            is_object: lexer.bytes()[start] == b'{',
            depth,
            seen: self.outer.get(depth).copied().unwrap_or(Seen::ANY),
            is_large: false,
        };
        Ok(())
    }

    fn children(&self, node: u32, is_object: bool) -> Children<'_> {
        Children {
            nodes: &self.nodes,
            at: node + 1,
            end: self.nodes[node as usize].rest,
            is_object,
        }
    }

    fn text(&self, node: u32) -> &str {
        text(
            self.lexer.0,
            self.rare.as_deref(),
            self.nodes[node as usize],
        )
    }

    /// Makes the index of an object or array if it is large, which also finds duplicate keys.
    #[cold]
    fn index(&mut self, node: u32, is_object: bool) -> Result<(), Unexpected> {
        let mut children = self.children(node, is_object);
        if children.nth(LARGE as usize - 1).is_none() {
            return Ok(());
        }
        let len = LARGE + children.count() as u32;
        let mut rare = self.rare.take().unwrap_or_default();
        rare.large.try_reserve(1)?;
        rare.steps.try_reserve(len as usize / STEP + 1)?;
        rare.large.push(Large {
            node,
            len,
            step: rare.steps.len() as u32,
            key: rare.sorted_keys.len() as u32,
        });
        let children = self.children(node, is_object);
        rare.steps.extend(children.clone().step_by(STEP));
        if is_object {
            let mut keys = core::mem::take(&mut rare.sorted_keys);
            let start = keys.len();
            keys.try_reserve(len as usize)?;
            keys.extend(children);
            let text = |key: u32| text(self.lexer.0, Some(&rare), self.nodes[key as usize]);
            let sorted = &mut keys[start..];
            // Of equal keys the earlier one comes first, so that each but it is a duplicate.
            sorted.sort_unstable_by(|&a, &b| text(a).cmp(text(b)).then(a.cmp(&b)));
            let duplicates = sorted
                .windows(2)
                .filter(|pair| text(pair[0]) == text(pair[1]));
            let first = duplicates.map(|pair| pair[1]).min();
            rare.sorted_keys = keys;
            if let Some(key) = first {
                self.found_duplicate(node, key);
            }
        }
        self.rare = Some(rare);
        Ok(())
    }

    /// Parses a key. Returns the first byte of its value, and where it is.
    #[inline]
    fn key(
        &mut self,
        lexer: Lexer<'j>,
        at: usize,
        inner: &mut Open,
    ) -> Result<(u8, usize), Unexpected> {
        let at = if lexer.is(at, b'"') {
            at
        } else {
            match lexer.token(at)? {
                (b'"', at) => at,
                (_, at) => return Err(Unexpected { at }),
            }
        };
        let (end, hash) = key_end(lexer.bytes(), at + 1);
        let after = match lexer.bytes().get(end..) {
            Some([b'"', after @ ..]) => {
                self.push_scalar(at, end + 1)?;
                self.check_key(hash, inner);
                // In most texts the value follows at once.
                if let &[b':', first @ b'!'..=u8::MAX, ..] = after {
                    return Ok((first, end + 2));
                }
                end + 1
            }
            Some([b'\\', ..]) => {
                let end = self.string_with_escapes(at, end)?;
                self.check_key(hash_of(self.text(self.last()).as_bytes()), inner);
                end
            }
            _ => return Err(Unexpected { at: end }),
        };
        let (colon, at) = lexer.token(after)?;
        if colon == b':' {
            lexer.token(at + 1)
        } else {
            Err(Unexpected { at })
        }
    }

    /// Compares the last node, which is a key, with the earlier keys of the object.
    #[inline]
    fn check_key(&mut self, hash: u64, inner: &mut Open) {
        if inner.seen.add(hash) && !inner.is_large {
            inner.is_large = self.compare_key(inner.node);
        }
    }

    /// Does the same one by one. An object with many keys is checked when it ends: then returns
    /// `true`.
    #[inline(never)]
    fn compare_key(&mut self, object: u32) -> bool {
        let last = self.last();
        let earlier = Children {
            nodes: &self.nodes,
            at: object + 1,
            end: last,
            is_object: true,
        };
        if earlier.clone().nth(LARGE as usize - 2).is_some() {
            return true;
        }
        let found = earlier.find_key(self.lexer.0, self.rare.as_deref(), self.text(last));
        if found.is_some() {
            self.found_duplicate(object, last);
        }
        false
    }

    /// Remembers a duplicate if it is the first one. Those of an object that is checked when it
    /// ends are found after those inside of it.
    fn found_duplicate(&mut self, object: u32, key: u32) {
        if self.duplicate.is_none_or(|first| key < first.key) {
            self.duplicate = Some(Duplicate { object, key });
        }
    }

    fn last(&self) -> u32 {
        self.nodes.len() as u32 - 1
    }

    #[inline]
    fn string(&mut self, lexer: Lexer<'j>, at: usize) -> Lexed {
        let end = lexer.plain_end(at + 1);
        match lexer.byte(end)? {
            b'"' => self.push_scalar(at, end + 1),
            b'\\' => self.string_with_escapes(at, end),
            _ => Err(Unexpected { at: end }),
        }
    }

    /// Parses a string whose first escape is at `at`.
    #[cold]
    fn string_with_escapes(&mut self, start: usize, at: usize) -> Lexed {
        let strings = &mut self.rare.get_or_insert_default().strings;
        // Without its escapes it is shorter.
        let len = escaped_len(self.lexer.bytes(), at) - start;
        strings.text.try_reserve(len)?;
        strings.ends.try_reserve(1)?;
        let (flaws, end) = self
            .lexer
            .string_with_escapes(start, at, &mut strings.text)?;
        if flaws.half.is_some() {
            strings.halves.try_reserve(1)?;
            strings.halves.push(self.nodes.len() as u32);
        }
        let number = strings.ends.len() as u32;
        strings.ends.push(strings.text.len() as u32);
        self.push(start as u32, ESCAPED | number)?;
        Ok(end)
    }

    #[inline]
    fn number(&mut self, lexer: Lexer<'j>, first: u8, start: usize) -> Lexed {
        let end = lexer.number(first, start)?;
        self.push_scalar(start, end)
    }

    fn literal(&mut self, start: usize, literal: &[u8]) -> Lexed {
        let end = self.lexer.literal(start, literal)?;
        self.push_scalar(start, end)
    }

    /// Adds the node of a value that has neither children nor escapes. Returns its end.
    #[inline]
    fn push_scalar(&mut self, start: usize, end: usize) -> Lexed {
        self.push(start as u32, (end - start) as u32)?;
        Ok(end)
    }

    /// Adds a node.
    ///
    /// The list grows once at most, to as many nodes as a valid text can have: each value takes two
    /// bytes, itself and a comma, colon or bracket. Where there are more, more brackets are open
    /// than can be closed in what remains.
    #[inline]
    fn push(&mut self, start: u32, rest: u32) -> Result<(), Unexpected> {
        if self.nodes.len() == self.nodes.capacity() {
            self.grow((start & !CONTAINER) as usize)?;
        }
        self.nodes.push(Node { start, rest });
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
            .try_reserve_exact(rest.min(most.saturating_sub(len)).max(1))?;
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

/// A set of the [hashes](hash_of) of an object's keys that may seem to have others too.
#[derive(Clone, Copy, Default)]
struct Seen([u64; 2]);

impl Seen {
    /// Seems to have all.
    const ANY: Self = Self([u64::MAX; 2]);

    /// Adds a hash. Returns `false` if it was surely not there.
    #[inline]
    fn add(&mut self, hash: u64) -> bool {
        let hash = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let bits = [1 << (hash >> 58), 1 << (hash >> 52 & 63)];
        let [a, b] = &mut self.0;
        let found = *a & bits[0] != 0 && *b & bits[1] != 0;
        *a |= bits[0];
        *b |= bits[1];
        found
    }
}

/// Where the part of a key that begins at `at` and has no escapes ends, and its [hash](hash_of).
#[inline]
fn key_end(json: &[u8], at: usize) -> (usize, u64) {
    let mut hash = 0;
    let mut rest = &json[at..];
    while let Some((&word, after)) = rest.split_first_chunk() {
        let word = u64::from_le_bytes(word);
        let mark = first_mark(word);
        // What follows the quotation mark does not count.
        hash = mix(hash, word & (mark ^ mark.wrapping_sub(1)));
        if mark != 0 {
            let end = json.len() - rest.len() + mark.trailing_zeros() as usize / 8;
            return (end, hash);
        }
        rest = after;
    }
    let end = at + plain_len(&json[at..]);
    (end, hash_of(&json[at..end]))
}

/// A number that is mostly another one for another key.
#[cold]
fn hash_of(key: &[u8]) -> u64 {
    let mut hash = 0;
    let mut rest = key;
    while let Some((&word, after)) = rest.split_first_chunk() {
        hash = mix(hash, u64::from_le_bytes(word));
        rest = after;
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    last[rest.len()] = b'"';
    mix(hash, u64::from_le_bytes(last))
}

#[inline]
const fn mix(hash: u64, word: u64) -> u64 {
    hash.rotate_left(29) ^ word
}
