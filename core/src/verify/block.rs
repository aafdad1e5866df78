//! Parsing a raw block of HTTP headers.

use alloc::vec::Vec;
use core::fmt;

use crate::check::memory::NoMemoryError;

/// The headers of a raw HTTP message, split into names and values.
///
/// A block is what comes before the body: an optional status or request line, lines of
/// `Name: value`, and an empty line, which may be missing at the end. Lines end with LF or CRLF.
/// Spaces and tabs around a value are removed.
///
/// The last of several blocks counts. `curl -D` writes one for each interim response (100, 103),
/// for the answer of a proxy to CONNECT and, with `-L`, for each redirect. Each further block must
/// begin with a status line, so that a body after the headers is not read as headers. So trailers
/// are refused, which `curl -D` writes after the last empty line: remove them.
///
/// ```
/// use callbot_core::{HeaderBlock, ReceivedHeaders};
///
/// let block = b"HTTP/1.1 100 Continue\r\n\r\n\
///     HTTP/1.1 200 OK\r\n\
///     Content-Type: application/json\r\n\
///     requestID: r1\r\n\
///     uuid: Vh71ym3y\r\n\
///     createTs: 1726200000\r\n\
///     sign:  0C5CCB060F0A05A9C513390519DC7B50 \r\n\r\n";
/// let block = HeaderBlock::parse(block)?;
/// let headers = ReceivedHeaders::from_pairs(block.pairs())?;
/// # Ok::<(), callbot_core::Error>(())
/// ```
///
/// Reference: [RFC 9112, section 5](https://www.rfc-editor.org/rfc/rfc9112#section-5).
#[derive(Clone)]
pub struct HeaderBlock<'b> {
    pairs: Vec<(&'b [u8], &'b [u8])>,
}

/// Shows the number of headers only: values may be personal data or secrets.
impl fmt::Debug for HeaderBlock<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.pairs.len();
        f.debug_struct("HeaderBlock")
            .field("headers", &count)
            .finish()
    }
}

impl<'b> HeaderBlock<'b> {
    /// Splits a block into its headers.
    ///
    /// # Errors
    ///
    /// [`HeaderBlockError`], with the number of the line, if two programs could read the block
    /// differently: whitespace before a colon, a folded line, a bare CR, a NUL, a line without a
    /// colon, an invalid name, or anything other than another block after the empty line.
    pub fn parse(block: &'b [u8]) -> Result<Self, HeaderBlockError> {
        let mut pairs = Vec::new();
        let mut place = Place::Start;
        for (line, bytes) in (1..).zip(lines(block)) {
            let error = |kind| HeaderBlockError { kind, line };
            if bytes.contains(&0) {
                return Err(error(HeaderBlockErrorKind::Nul));
            }
            if bytes.contains(&b'\r') {
                return Err(error(HeaderBlockErrorKind::BareCr));
            }
            match place {
                _ if bytes.is_empty() => place = Place::AfterEmptyLine,
                Place::AfterEmptyLine if is_status_line(bytes) => {
                    pairs.clear();
                    place = Place::Fields;
                }
                Place::AfterEmptyLine => return Err(error(HeaderBlockErrorKind::AfterEnd)),
                Place::Start if is_status_line(bytes) || is_request_line(bytes) => {
                    place = Place::Fields;
                }
                Place::Start | Place::Fields => {
                    let pair = field(bytes).map_err(error)?;
                    let has_room = pairs.try_reserve(1);
                    has_room.map_err(|_| error(HeaderBlockErrorKind::NoMemory))?;
                    pairs.push(pair);
                    place = Place::Fields;
                }
            }
        }
        Ok(Self { pairs })
    }

    /// The names and values, in their order.
    #[must_use]
    pub fn pairs(&self) -> impl ExactSizeIterator<Item = (&'b [u8], &'b [u8])> {
        self.pairs.iter().copied()
    }
}

/// What the next line can be.
#[derive(Clone, Copy)]
enum Place {
    /// It is the first line.
    Start,
    /// It is a header, or the empty line after the headers.
    Fields,
    /// It is the status line of another block, or one more empty line.
    AfterEmptyLine,
}

/// The lines without their ends. A CR at the end of the block stays: no LF follows it.
fn lines(block: &[u8]) -> impl Iterator<Item = &[u8]> {
    block
        .split_inclusive(|&b| b == b'\n')
        .map(|line| match line {
            [line @ .., b'\r', b'\n'] | [line @ .., b'\n'] => line,
            last => last,
        })
}

fn is_status_line(line: &[u8]) -> bool {
    line.starts_with(b"HTTP/")
}

/// Whether the line is a method, a target and a version, with one space between them. No header is:
/// it has a colon before its first space, or a space before its colon, which is refused.
fn is_request_line(line: &[u8]) -> bool {
    let mut words = line.split(|&b| b == b' ');
    let (method, target) = (words.next(), words.next());
    let (version, rest) = (words.next(), words.next());
    method.is_some_and(|method| !method.is_empty() && method.iter().all(|&b| is_token(b)))
        && target.is_some_and(|target| {
            target.starts_with(b"/") || target == b"*" || target.windows(3).any(|w| w == b"://")
        })
        && version.is_some_and(|version| version.starts_with(b"HTTP/"))
        && rest.is_none()
}

/// Splits a line at its first colon.
fn field(line: &[u8]) -> Result<(&[u8], &[u8]), HeaderBlockErrorKind> {
    if is_blank(line[0]) {
        return Err(HeaderBlockErrorKind::Folded);
    }
    let colon = line.iter().position(|&b| b == b':');
    let (name, value) = line.split_at(colon.ok_or(HeaderBlockErrorKind::NoColon)?);
    match name.last() {
        Some(&last) if is_blank(last) => Err(HeaderBlockErrorKind::BlankBeforeColon),
        Some(_) if name.iter().all(|&b| is_token(b)) => Ok((name, trim(&value[1..]))),
        _ => Err(HeaderBlockErrorKind::Name),
    }
}

fn trim(value: &[u8]) -> &[u8] {
    let is_kept = |&b: &u8| !is_blank(b);
    let first = value.iter().position(is_kept).unwrap_or(value.len());
    let end = value
        .iter()
        .rposition(is_kept)
        .map_or(first, |last| last + 1);
    &value[first..end]
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Whether a name can have this character: `tchar` of RFC 9110.
const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#'
                | b'$'
                | b'%'
                | b'&'
                | b'\''
                | b'*'
                | b'+'
                | b'-'
                | b'.'
                | b'^'
                | b'_'
                | b'`'
                | b'|'
                | b'~'
        )
}

/// A raw header block that is malformed.
///
/// The error holds the number of the line, never its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeaderBlockError {
    kind: HeaderBlockErrorKind,
    line: usize,
}

/// What is wrong with a header block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeaderBlockErrorKind {
    /// A line has whitespace between its name and its colon.
    BlankBeforeColon,
    /// A line begins with whitespace: it continues the line before it, which is obsolete.
    Folded,
    /// A line has a CR that no LF follows.
    BareCr,
    /// A line has a NUL.
    Nul,
    /// A line has no colon.
    NoColon,
    /// The name of a header is empty or has a character that no name can have.
    Name,
    /// Something other than a status line follows the empty line at the end of the headers: the
    /// body, or trailers.
    AfterEnd,
    /// An allocation failed.
    NoMemory,
}

impl HeaderBlockError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self.kind {
            HeaderBlockErrorKind::BlankBeforeColon => "header_line_blank_before_colon",
            HeaderBlockErrorKind::Folded => "header_line_folded",
            HeaderBlockErrorKind::BareCr => "header_line_bare_cr",
            HeaderBlockErrorKind::Nul => "header_line_nul",
            HeaderBlockErrorKind::NoColon => "header_line_no_colon",
            HeaderBlockErrorKind::Name => "header_line_name",
            HeaderBlockErrorKind::AfterEnd => "header_line_after_end",
            HeaderBlockErrorKind::NoMemory => NoMemoryError.code(),
        }
    }

    /// What is wrong.
    #[must_use]
    pub const fn kind(self) -> HeaderBlockErrorKind {
        self.kind
    }

    /// The number of the line, counted from 1.
    #[must_use]
    pub const fn line(self) -> usize {
        self.line
    }
}

impl fmt::Display for HeaderBlockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} of the headers ", self.line)?;
        f.write_str(match self.kind {
            HeaderBlockErrorKind::BlankBeforeColon => {
                "has whitespace before its colon; refuse the message, as RFC 9112 requires"
            }
            HeaderBlockErrorKind::Folded => "begins with whitespace; pass each header in one line",
            HeaderBlockErrorKind::NoMemory => "cannot be listed: not enough memory",
            HeaderBlockErrorKind::BareCr => {
                "has a CR without a LF; pass the headers as they were received"
            }
            HeaderBlockErrorKind::Nul => "has a NUL; pass the headers as they were received",
            HeaderBlockErrorKind::NoColon => {
                "has no colon; pass lines of \"Name: value\" without the body"
            }
            HeaderBlockErrorKind::Name => {
                "has an empty or invalid name; pass lines of \"Name: value\" without the body"
            }
            HeaderBlockErrorKind::AfterEnd => {
                "follows the empty line and is no status line; pass the headers without the body and \
                 without trailers"
            }
        })
    }
}

impl core::error::Error for HeaderBlockError {}
