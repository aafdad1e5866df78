//! A JSON document as a flat list of its values, beside the text.
//!
//! The parser makes one pass without recursion. It converts nothing but strings with escapes:
//! values are read when they are asked for. A tape takes at most 8 times the length of its text,
//! plus a constant.

mod parse;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::check::chars::{eq_short, is_ascii_digits};
use crate::check::violation::{JsonType, Position};
use crate::json::escape::plain_len;

/// A document that was parsed.
///
/// The trait [`Object`](crate::json::content::Object) names it; no path outside of the crate leads
/// to it.
pub struct Tape {
    json: Arc<String>,
    starts_with_mark: bool,
    nodes: Vec<Node>,
    rare: Option<Box<Rare>>,
    is_known: IsKnown,
}

/// What a tape of most texts does not have.
#[derive(Default)]
struct Rare {
    strings: Unescaped,
    /// The containers with many children, by their node.
    large: Vec<Large>,
    /// Every [`STEP`]th child of each of them.
    steps: Vec<u32>,
    /// The keys of each object among them, sorted.
    sorted_keys: Vec<u32>,
}

/// Whether paths may show a key. Any other key may be a name or a phone number. A key that may be
/// shown has no `~` and no `/`, which a JSON Pointer escapes.
pub(crate) type IsKnown = fn(&str) -> bool;

/// A value, or a key, which is followed by its value.
///
/// Values follow each other in the order of the text, an object or array before what is in it. So
/// the first child is the next node.
#[derive(Clone, Copy)]
struct Node {
    /// Where the value begins in the text, and [`CONTAINER`]. The byte there tells its type.
    start: u32,
    /// The length of the value in the text. For an object or array the node after it with all that
    /// is in it; its parent while it is open. For a string with escapes [`ESCAPED`], and its number
    /// among them.
    rest: u32,
}

/// Marks the `start` of an object or array.
const CONTAINER: u32 = 1 << 31;
/// Marks the `rest` of a string with escapes.
const ESCAPED: u32 = 1 << 31;

impl Node {
    const fn start(self) -> usize {
        (self.start & !CONTAINER) as usize
    }

    const fn is_container(self) -> bool {
        self.start & CONTAINER != 0
    }

    const fn has_escapes(self) -> bool {
        self.rest & ESCAPED != 0 && !self.is_container()
    }

    /// The node after the value with all that is in it, if the value is at this one.
    const fn after(self, node: u32) -> u32 {
        if self.is_container() {
            self.rest
        } else {
            node + 1
        }
    }
}

/// The strings with escapes, without them.
#[derive(Default)]
struct Unescaped {
    text: String,
    /// Where each of them ends.
    ends: Vec<u32>,
    /// The nodes of those with half of a surrogate pair.
    halves: Vec<u32>,
}

impl Unescaped {
    fn get(&self, number: usize) -> &str {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start as usize..self.ends[number] as usize]
    }
}

/// An object or array with at least [`LARGE`] children.
struct Large {
    node: u32,
    /// The number of members or elements.
    len: u32,
    /// Its first one in `steps`.
    step: u32,
    /// Its first one in `sorted_keys`.
    key: u32,
}

/// From this number of children on, they are found by an index.
const LARGE: u32 = 32;
const STEP: usize = 16;

/// Why a text is not the JSON of a single object without duplicate keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TapeError {
    /// It is empty.
    Empty,
    /// It is longer than [`Tape::MAX_LEN`].
    TooLong,
    /// It is not a single JSON object. Line and column are counted from 1.
    Syntax { line: usize, column: usize },
    /// The object at `path` has a duplicate key, which begins at `position`.
    DuplicateKey { path: String, position: Position },
    /// An allocation failed.
    NoMemory,
}

impl Tape {
    /// The maximum length of a text.
    pub(crate) const MAX_LEN: usize = ESCAPED as usize - 1;

    /// The node of the whole document.
    pub(crate) const ROOT: u32 = 0;

    /// The maximum length of a path, so that errors and deviations stay small. A longer one ends at
    /// an outer value.
    const MAX_PATH: usize = 1024;

    /// Whether a byte-order mark before the document was skipped.
    pub(crate) const fn starts_with_mark(&self) -> bool {
        self.starts_with_mark
    }

    /// The nodes of strings and keys with half of a surrogate pair, in the order of the text.
    pub(crate) fn halves(&self) -> &[u32] {
        self.rare.as_ref().map_or(&[], |rare| &rare.strings.halves)
    }

    /// The value's JSON as it was sent.
    pub(crate) fn json(&self, node: u32) -> &str {
        let node = self.nodes[node as usize];
        let start = node.start();
        let end = if node.is_container() || node.has_escapes() {
            end_of(self.json.as_bytes(), start)
        } else {
            start + node.rest as usize
        };
        &self.json[start..end]
    }

    pub(crate) fn json_type(&self, node: u32) -> JsonType {
        match self.first_byte(node) {
            b'{' => JsonType::Object,
            b'[' => JsonType::Array,
            b'"' => JsonType::String,
            b't' | b'f' => JsonType::Boolean,
            b'n' => JsonType::Null,
            _ => JsonType::Number,
        }
    }

    pub(crate) fn is_object(&self, node: u32) -> bool {
        self.first_byte(node) == b'{'
    }

    pub(crate) fn is_null(&self, node: u32) -> bool {
        self.first_byte(node) == b'n'
    }

    fn first_byte(&self, node: u32) -> u8 {
        self.json.as_bytes()[self.nodes[node as usize].start()]
    }

    /// The string at a node that is a string or a key.
    pub(crate) fn text(&self, node: u32) -> &str {
        text(&self.json, self.rare.as_deref(), self.nodes[node as usize])
    }

    pub(crate) fn string(&self, node: u32) -> Option<&str> {
        (self.first_byte(node) == b'"').then(|| self.text(node))
    }

    /// An integer, or a string of its plain digits.
    pub(crate) fn integer(&self, node: u32) -> Option<i64> {
        match self.first_byte(node) {
            b'-' | b'0'..=b'9' => self.json(node).parse().ok(),
            b'"' => {
                let string = self.text(node);
                let is_plain = string != "-0" && is_plain_integer(string);
                string.parse().ok().filter(|_| is_plain)
            }
            _ => None,
        }
    }

    /// A number, or a string of its plain digits: a JSON number without exponent.
    pub(crate) fn number(&self, node: u32) -> Option<f64> {
        let digits = match self.first_byte(node) {
            b'-' | b'0'..=b'9' => self.json(node),
            b'"' => Some(self.text(node)).filter(|string| is_plain_number(string))?,
            _ => return None,
        };
        digits
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite())
    }

    pub(crate) fn boolean(&self, node: u32) -> Option<bool> {
        match self.first_byte(node) {
            b't' => Some(true),
            b'f' => Some(false),
            _ => None,
        }
    }

    /// The number of an object's members or an array's elements.
    pub(crate) fn len(&self, node: u32) -> Option<usize> {
        let children = self.children(node)?;
        Some(match self.large(node) {
            Some((large, _)) => large.len as usize,
            None => children.count(),
        })
    }

    /// The nodes of an array's elements, or of an object's keys.
    pub(crate) fn children(&self, node: u32) -> Option<Children<'_>> {
        let is_object = match self.first_byte(node) {
            b'{' => true,
            b'[' => false,
            _ => return None,
        };
        Some(Children {
            nodes: &self.nodes,
            at: node + 1,
            end: self.nodes[node as usize].rest,
            is_object,
        })
    }

    /// The nodes of an object's keys. None of any other value.
    pub(crate) fn keys(&self, node: u32) -> impl Iterator<Item = u32> {
        let keys = self.children(node).filter(|children| children.is_object);
        keys.into_iter().flatten()
    }

    /// The node of the element, or of the key, with this index.
    pub(crate) fn child(&self, node: u32, index: usize) -> Option<u32> {
        let mut children = self.children(node)?;
        let mut rest = index;
        if let Some((large, rare)) = self.large(node) {
            if index >= large.len as usize {
                return None;
            }
            children.at = rare.steps[large.step as usize + index / STEP];
            rest %= STEP;
        }
        children.nth(rest)
    }

    /// The node of the value with this key.
    pub(crate) fn member(&self, node: u32, key: &str) -> Option<u32> {
        let keys = self.children(node).filter(|children| children.is_object)?;
        let found = match self.large(node) {
            Some((large, rare)) => {
                let sorted = &rare.sorted_keys[large.key as usize..][..large.len as usize];
                let index = sorted.binary_search_by(|&each| self.text(each).cmp(key));
                Some(sorted[index.ok()?])
            }
            None => keys.find_key(&self.json, self.rare.as_deref(), key),
        };
        found.map(|key| key + 1)
    }

    /// The capacity for some of an object's keys, so that a large list of them does not grow.
    pub(crate) fn capacity_for_keys(&self, node: u32) -> usize {
        self.large(node).map_or(0, |(large, _)| large.len as usize)
    }

    #[inline]
    fn large(&self, node: u32) -> Option<(&Large, &Rare)> {
        let rare = self.rare.as_deref()?;
        let index = rare.large.binary_search_by_key(&node, |large| large.node);
        Some((&rare.large[index.ok()?], rare))
    }

    /// The JSON Pointer of a value. That of a key is its value's. It ends before the first key that
    /// is not [known](IsKnown).
    pub(crate) fn path(&self, node: u32) -> String {
        let mut path = String::new();
        let mut outer = Self::ROOT;
        while let Some(mut children) = self.children(outer).filter(|_| outer < node) {
            let is_object = children.is_object;
            // The child that ends after the value.
            let is_before =
                |child: &u32| next_of(&self.nodes, child + u32::from(is_object)) <= node;
            let index = children.clone().take_while(is_before).count();
            let Some(child) = children.nth(index) else {
                break;
            };
            let key = is_object.then(|| self.text(child));
            if key.is_some_and(|key| !(self.is_known)(key)) {
                break;
            }
            let mut digits = itoa::Buffer::new();
            let part = key.unwrap_or_else(|| digits.format(index));
            let len = path.len() + 1 + part.len();
            // If an allocation fails, it ends there too.
            if len > Self::MAX_PATH || path.try_reserve(1 + part.len()).is_err() {
                break;
            }
            path.push('/');
            path.push_str(part);
            outer = child + u32::from(is_object);
        }
        path
    }
}

/// Goes through the elements of an array, or the keys of an object, without what is in them.
#[derive(Clone)]
pub(crate) struct Children<'t> {
    nodes: &'t [Node],
    at: u32,
    end: u32,
    is_object: bool,
}

impl Children<'_> {
    /// The node of a key. Like a comparison of each [`text`], but faster.
    #[expect(
        clippy::inline_always,
        reason = "counted: a call takes 25 of the 180 instructions of a short search"
    )]
    #[inline(always)]
    fn find_key(&self, json: &str, rare: Option<&Rare>, key: &str) -> Option<u32> {
        let key = key.as_bytes();
        // With its quotation marks.
        let len = key.len() + 2;
        let mut at = self.at;
        let mut rest = self.nodes.get(at as usize..self.end as usize)?;
        while let [node, value, after @ ..] = rest {
            if node.rest as usize == len {
                let start = node.start as usize + 1;
                let sent = json.as_bytes().get(start..start + key.len());
                if sent.is_some_and(|sent| eq_short(sent, key)) {
                    return Some(at);
                }
            }
            if node.rest & ESCAPED != 0 {
                seldom();
                if text(json, rare, *node).as_bytes() == key {
                    return Some(at);
                }
            }
            (at, rest) = (at + 2, after);
            if value.is_container() {
                seldom();
                rest = rest.get((value.rest - at) as usize..)?;
                at = value.rest;
            }
        }
        None
    }
}

impl Iterator for Children<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let node = self.at;
        if node >= self.end {
            return None;
        }
        self.at = next_of(self.nodes, node + u32::from(self.is_object));
        Some(node)
    }
}

/// Tells the compiler that a branch is seldom taken. It then stays a branch, and what follows does
/// not wait for its condition.
#[cold]
const fn seldom() {}

/// The node after a value with all that is in it.
fn next_of(nodes: &[Node], node: u32) -> u32 {
    nodes[node as usize].after(node)
}

/// The string of a node that is a string or a key.
fn text<'t>(json: &'t str, rare: Option<&'t Rare>, node: Node) -> &'t str {
    if node.rest & ESCAPED == 0 {
        let start = node.start as usize;
        &json[start + 1..start + node.rest as usize - 1]
    } else {
        let number = (node.rest & !ESCAPED) as usize;
        rare.map_or("", |rare| rare.strings.get(number))
    }
}

/// Where the object, array or string that begins at `start` ends. The text is valid.
fn end_of(json: &[u8], start: usize) -> usize {
    let (mut at, mut depth) = (start, 0);
    let mut in_string = false;
    loop {
        let byte = json[at];
        at += 1;
        match byte {
            b'\\' => at += 1,
            b'"' => in_string = !in_string,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        if in_string {
            // Up to the next escape, or to the quotation mark.
            at += plain_len(&json[at..]);
        } else if depth == 0 {
            return at;
        }
    }
}

/// Whether a string is a JSON number without fraction and exponent.
fn is_plain_integer(string: &str) -> bool {
    let digits = string.strip_prefix('-').unwrap_or(string).as_bytes();
    match digits {
        [] => false,
        [b'0', rest @ ..] => rest.is_empty(),
        digits => is_ascii_digits(digits),
    }
}

/// Whether a string is a JSON number without exponent.
fn is_plain_number(string: &str) -> bool {
    match string.split_once('.') {
        None => is_plain_integer(string),
        Some((integer, fraction)) => {
            let fraction = fraction.as_bytes();
            is_plain_integer(integer) && !fraction.is_empty() && is_ascii_digits(fraction)
        }
    }
}
