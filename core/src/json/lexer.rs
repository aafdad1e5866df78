//! The tokens of strict JSON (RFC 8259), and positions in a document.
//!
//! Both readers stand on it: the [tape](crate::json::tape), which takes what comes in, and the
//! [strict reader](crate::json::reader) of what goes out.

use alloc::string::String;

use crate::check::violation::Position;
use crate::json::escape::plain_len;

/// Reads the tokens of a document. Its functions are given where to read, and return where they
/// ended.
#[derive(Clone, Copy)]
pub(crate) struct Lexer<'j>(pub(crate) &'j str);

/// The byte at `at` cannot be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unexpected {
    pub(crate) at: usize,
}

/// Where the text continues.
pub(crate) type Lexed = Result<usize, Unexpected>;

/// What is wrong with a string that is JSON: the offset of the first escape of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Flaws {
    /// Half of a surrogate pair.
    pub(crate) half: Option<usize>,
    /// U+0000.
    pub(crate) nul: Option<usize>,
}

impl Flaws {
    pub(crate) fn is_none(self) -> bool {
        self == Self::default()
    }
}

impl<'j> Lexer<'j> {
    #[inline]
    pub(crate) fn bytes(self) -> &'j [u8] {
        self.0.as_bytes()
    }

    #[inline]
    pub(crate) fn byte(self, at: usize) -> Result<u8, Unexpected> {
        self.bytes().get(at).copied().ok_or(Unexpected { at })
    }

    #[inline]
    pub(crate) fn is(self, at: usize, byte: u8) -> bool {
        self.bytes().get(at) == Some(&byte)
    }

    /// The next byte that is not whitespace, and where it is.
    #[inline]
    pub(crate) fn token(self, at: usize) -> Result<(u8, usize), Unexpected> {
        match self.byte(at)? {
            byte if byte > b' ' => Ok((byte, at)),
            _ => self.after_whitespace(at),
        }
    }

    /// Like [`token`](Self::token), for a text that is not compact.
    #[inline(never)]
    fn after_whitespace(self, mut at: usize) -> Result<(u8, usize), Unexpected> {
        loop {
            match self.byte(at)? {
                b' ' | b'\n' | b'\r' | b'\t' => at += 1,
                byte => return Ok((byte, at)),
            }
        }
    }

    /// Where the part of a string that begins at `at` and has no escapes ends.
    #[inline]
    pub(crate) fn plain_end(self, at: usize) -> usize {
        at + plain_len(&self.bytes()[at..])
    }

    /// Reads the rest of the string whose quote is at `start` and whose first escape at `at`.
    /// Appends its content without escapes: half of a surrogate pair is read as U+FFFD.
    pub(crate) fn string_with_escapes(
        self,
        start: usize,
        mut at: usize,
        to: &mut String,
    ) -> Result<(Flaws, usize), Unexpected> {
        let mut flaws = Flaws::default();
        let mut plain = start + 1;
        while self.byte(at)? == b'\\' {
            to.push_str(&self.0[plain..at]);
            let (c, end) = self.escape(at + 1)?;
            match c {
                None => flaws.half = flaws.half.or(Some(at)),
                Some('\0') => flaws.nul = flaws.nul.or(Some(at)),
                Some(_) => {}
            }
            to.push(c.unwrap_or(char::REPLACEMENT_CHARACTER));
            plain = end;
            at = self.plain_end(end);
        }
        if self.byte(at)? != b'"' {
            return Err(Unexpected { at });
        }
        to.push_str(&self.0[plain..at]);
        Ok((flaws, at + 1))
    }

    /// Reads an escape after its backslash. `None` for half of a surrogate pair.
    fn escape(self, at: usize) -> Result<(Option<char>, usize), Unexpected> {
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

    /// Reads the `u` of an escape and what follows it.
    fn code_point(self, at: usize) -> Result<(Option<char>, usize), Unexpected> {
        let (first, after_first) = self.code_unit(at)?;
        let is_pair =
            (0xd800..0xdc00).contains(&first) && self.bytes()[after_first..].starts_with(b"\\u");
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

    /// Reads `u` and four hex digits.
    fn code_unit(self, at: usize) -> Result<(u32, usize), Unexpected> {
        let mut unit = 0;
        for at in at + 1..at + 5 {
            let digit = char::from(self.byte(at)?).to_digit(16);
            unit = unit << 4 | digit.ok_or(Unexpected { at })?;
        }
        Ok((unit, at + 5))
    }

    /// Reads a number, which begins at `start` with the byte `first`, a minus or a digit.
    #[inline]
    pub(crate) fn number(self, first: u8, start: usize) -> Lexed {
        let at = match first {
            b'0' => start + 1,
            b'-' if self.is(start + 1, b'0') => start + 2,
            b'-' => self.digits(start + 1)?,
            _ => self.digits(start)?,
        };
        match self.bytes().get(at) {
            Some(b'.' | b'e' | b'E') => self.after_integer(at),
            _ => Ok(at),
        }
    }

    /// Reads a fraction and an exponent, either of which may be absent.
    #[inline(never)]
    fn after_integer(self, mut at: usize) -> Lexed {
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
        Ok(at)
    }

    /// Reads at least one digit.
    #[inline]
    fn digits(self, start: usize) -> Lexed {
        let mut at = start;
        while matches!(self.bytes().get(at), Some(b'0'..=b'9')) {
            at += 1;
        }
        if at > start {
            Ok(at)
        } else {
            Err(Unexpected { at })
        }
    }

    /// Reads `true`, `false` or `null`.
    #[inline]
    pub(crate) fn literal(self, start: usize, literal: &[u8]) -> Lexed {
        for (at, &byte) in (start..).zip(literal) {
            if self.byte(at)? != byte {
                return Err(Unexpected { at });
            }
        }
        Ok(start + literal.len())
    }
}

/// Where a string with escapes ends, or the document. The first escape is at `at`.
pub(crate) fn escaped_len(json: &[u8], mut at: usize) -> usize {
    while json.get(at) == Some(&b'\\') {
        at = json.len().min(at + 2);
        at += plain_len(&json[at..]);
    }
    at
}

/// Finds line and column of offsets, each faster that follows the one before.
#[derive(Clone, Copy)]
pub(crate) struct Lines {
    line: usize,
    /// Where that line begins.
    start: usize,
    /// The offset up to which lines were counted.
    counted: usize,
}

impl Lines {
    pub(crate) const fn new() -> Self {
        Self {
            line: 1,
            start: 0,
            counted: 0,
        }
    }

    pub(crate) fn position(&mut self, json: &str, offset: usize) -> Position {
        if offset < self.counted {
            *self = Self::new();
        }
        let bytes = json.as_bytes();
        for (at, &byte) in (self.counted..).zip(&bytes[self.counted..offset]) {
            if byte == b'\n' {
                (self.line, self.start) = (self.line + 1, at + 1);
            }
        }
        self.counted = offset;
        Position {
            line: self.line,
            column: offset - self.start + 1,
            offset,
        }
    }
}
