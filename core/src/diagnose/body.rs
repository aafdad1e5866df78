//! The variants of a body: how it can have been signed, if it was not signed as it was sent.

mod bytes;
mod escapes;
mod json;
mod rewrite;
#[cfg(test)]
mod tests;
mod variant;

use core::cell::OnceCell;

use crate::check::memory::NoMemoryError;
use crate::diagnose::body::bytes::Encoding;
use crate::diagnose::body::escapes::{Case, Html};
use crate::diagnose::body::json::{Json, Style};
pub(super) use crate::diagnose::body::variant::Variant;
use crate::diagnose::cause::Cause;

/// A way in which a body can be written otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rewrite {
    WithoutByteOrderMark,
    WithoutFinalNewline,
    UrlDecode,
    Unquote,
    Decode,
    EncodeTwice,
    UnescapeOutsideAscii,
    UnescapeSlashes,
    UnescapeHtml,
    Sort { only_outermost: bool },
    Style(Style<'static>),
    EscapeOutsideAscii(Case),
    EscapeSlashes,
    EscapeHtml(Html),
    ToLf,
    ToCrlf,
    FinalNewline(&'static str),
    Quote,
    UrlEncode(usize),
    Encode(Encoding),
    ByteOrderMark,
}

use Rewrite::{
    ByteOrderMark, Decode, Encode, EncodeTwice, EscapeHtml, EscapeOutsideAscii, EscapeSlashes,
    FinalNewline, Quote, Sort, ToCrlf, ToLf, UnescapeHtml, UnescapeOutsideAscii, UnescapeSlashes,
    Unquote, UrlDecode, UrlEncode, WithoutByteOrderMark, WithoutFinalNewline,
};

const fn line(comma: &'static str, colon: &'static str) -> Rewrite {
    Rewrite::Style(Style::Line { comma, colon })
}

const fn indented(indent: &'static str, colon: &'static str) -> Rewrite {
    Rewrite::Style(Style::Indented { indent, colon })
}

/// All rewrites, in the order in which programs apply them, and whether each is also tried together
/// with another mistake.
pub(super) const REWRITES: &[(Rewrite, bool)] = &[
    (WithoutByteOrderMark, true),
    (WithoutFinalNewline, true),
    (UrlDecode, true),
    (Unquote, true),
    (Decode, true),
    (EncodeTwice, false),
    (UnescapeOutsideAscii, true),
    (UnescapeSlashes, true),
    (UnescapeHtml, true),
    (
        Sort {
            only_outermost: false,
        },
        true,
    ),
    (
        Sort {
            only_outermost: true,
        },
        false,
    ),
    (line(",", ":"), true),
    (line(", ", ": "), true),
    (line(",", ": "), false),
    (line(", ", ":"), false),
    (indented("  ", ": "), true),
    (indented("    ", ": "), true),
    (indented("\t", ": "), true),
    (indented("\t", ":"), false),
    (Rewrite::Style(Style::Jackson), false),
    (EscapeOutsideAscii(Case::Lower), true),
    (EscapeOutsideAscii(Case::Upper), false),
    (EscapeSlashes, true),
    (EscapeHtml(Html::Go), true),
    (EscapeHtml(Html::Gson), false),
    (EscapeHtml(Html::Net), false),
    (ToLf, true),
    (ToCrlf, true),
    (FinalNewline("\n"), true),
    (FinalNewline("\r\n"), false),
    (Quote, true),
    (UrlEncode(0), true),
    (UrlEncode(1), true),
    (UrlEncode(2), true),
    (UrlEncode(3), true),
    (UrlEncode(4), false),
    (UrlEncode(5), false),
    (UrlEncode(6), false),
    (UrlEncode(7), false),
    (UrlEncode(8), false),
    (Encode(Encoding::Latin1), true),
    (Encode(Encoding::Windows1252), false),
    (Encode(Encoding::Ascii), false),
    (Encode(Encoding::LowBytes), false),
    (ByteOrderMark, true),
];

/// A body that is rewritten. What is known of it is found once.
pub(super) struct Body<'a> {
    bytes: &'a [u8],
    json: OnceCell<Option<Json<'a>>>,
    /// Which bytes it has.
    has: OnceCell<[bool; 256]>,
}

impl<'a> Body<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            json: OnceCell::new(),
            has: OnceCell::new(),
        }
    }

    fn has(&self) -> &[bool; 256] {
        self.has.get_or_init(|| {
            let mut has = [false; 256];
            for &byte in self.bytes {
                has[usize::from(byte)] = true;
            }
            has
        })
    }

    fn json(&self) -> Result<Option<&Json<'a>>, NoMemoryError> {
        if let Some(json) = self.json.get() {
            return Ok(json.as_ref());
        }
        let json = Json::parse(self.bytes)?;
        Ok(self.json.get_or_init(|| json).as_ref())
    }
}

const BOM: &[u8] = "\u{feff}".as_bytes();

impl Rewrite {
    /// Writes the variant of a body to `out`, and returns its bytes and the cause. `None` if there
    /// is none, or if it is the body itself.
    pub(super) fn apply<'o>(
        self,
        body: &Body<'_>,
        out: &'o mut Variant,
    ) -> Result<Option<(Cause, &'o [u8])>, NoMemoryError> {
        out.clear();
        if let Some(bytes) = self.changed() {
            if !bytes.iter().any(|byte| body.has()[usize::from(*byte)]) {
                return Ok(None);
            }
        }
        let cause = match self {
            Sort { only_outermost } => sort(body, only_outermost, out)?,
            Rewrite::Style(style) => write_in_style(body, style, out)?,
            _ => self.write(body, out),
        };
        let bytes = out.finish()?;
        let is_another = bytes != body.bytes;
        Ok(cause.filter(|_| is_another).map(|cause| (cause, bytes)))
    }

    /// Whether another rewrite can be applied after this one, which is at the given places of
    /// [`REWRITES`]. What is done to the whole after it was serialised can be in either order, and
    /// the JSON in a string can be serialised by a program that escapes.
    pub(super) const fn can_precede(self, other: Self, places: [usize; 2]) -> bool {
        let [place, of_other] = places;
        let escapes = matches!(other, EscapeOutsideAscii(_) | EscapeSlashes | EscapeHtml(_));
        place < of_other
            || (self.is_of_the_whole() && other.is_of_the_whole())
            || (self.undoes_the_whole() && other.undoes_the_whole())
            || (matches!(self, Quote) && escapes)
    }

    /// Whether it takes back what was done to the whole of the body that is sent.
    const fn undoes_the_whole(self) -> bool {
        matches!(
            self,
            WithoutByteOrderMark | WithoutFinalNewline | UrlDecode | Unquote
        )
    }

    /// Whether it changes the body as bytes, after it was serialised.
    pub(super) const fn is_of_the_whole(self) -> bool {
        matches!(
            self,
            ToLf | ToCrlf | FinalNewline(_) | Quote | UrlEncode(_) | Encode(_) | ByteOrderMark
        )
    }

    /// The bytes of which it changes one at least, if these are few.
    const fn changed(self) -> Option<&'static [u8]> {
        match self {
            UnescapeOutsideAscii | UnescapeSlashes | UnescapeHtml => Some(b"\\"),
            EscapeSlashes => Some(b"/"),
            ToLf => Some(b"\r"),
            ToCrlf | WithoutFinalNewline => Some(b"\r\n"),
            _ => None,
        }
    }

    /// Writes a variant for which the body is not split into tokens.
    fn write(self, of: &Body<'_>, out: &mut Variant) -> Option<Cause> {
        let body = of.bytes;
        match self {
            WithoutByteOrderMark => out.extend_from_slice(body.strip_prefix(BOM)?),
            ByteOrderMark if body.starts_with(BOM) => return None,
            ByteOrderMark => {
                out.extend_from_slice(BOM);
                out.extend_from_slice(body);
            }
            WithoutFinalNewline => bytes::without_final_newline(body, out),
            FinalNewline(end) => {
                out.extend_from_slice(body);
                out.extend_from_slice(end.as_bytes());
            }
            UrlDecode => bytes::url_decode(body, out)?,
            UrlEncode(encoder) => bytes::url_encode(body, of.has(), encoder, out)?,
            Unquote => escapes::unquote(body, out)?,
            Quote => escapes::quote(body, out)?,
            // The bytes of Latin-1 are its characters.
            Decode if core::str::from_utf8(body).is_ok() => return None,
            EncodeTwice if core::str::from_utf8(body).is_err() => return None,
            Decode | EncodeTwice => bytes::encode_twice(body, out)?,
            Encode(encoding) => bytes::encode(body, encoding, out)?,
            UnescapeOutsideAscii => escapes::unescape_outside_ascii(body, out)?,
            EscapeOutsideAscii(case) => escapes::escape_outside_ascii(body, case, out)?,
            UnescapeSlashes => escapes::unescape_slashes(body, out)?,
            EscapeSlashes => escapes::escape_slashes(body, out)?,
            UnescapeHtml => escapes::unescape_html(body, out)?,
            EscapeHtml(html) => escapes::escape_html(body, html, out)?,
            ToLf => bytes::to_lf(body, out)?,
            ToCrlf => bytes::to_crlf(body, out)?,
            Sort { .. } | Rewrite::Style(_) => return None,
        }
        Some(self.cause())
    }

    /// What it is a sign of, but for a body that is indented.
    pub(super) const fn cause(self) -> Cause {
        match self {
            WithoutByteOrderMark | ByteOrderMark => Cause::BodyByteOrderMark,
            WithoutFinalNewline | FinalNewline(_) => Cause::BodyFinalNewline,
            UrlDecode | UrlEncode(_) => Cause::BodyUrlEncoded,
            Unquote | Quote => Cause::BodyQuoted,
            Decode | EncodeTwice | Encode(_) => Cause::BodyLatin1,
            UnescapeOutsideAscii | EscapeOutsideAscii(_) => Cause::BodyAsciiEscapes,
            UnescapeSlashes | EscapeSlashes => Cause::BodyEscapedSlashes,
            UnescapeHtml | EscapeHtml(_) => Cause::BodyHtmlEscapes,
            ToLf | ToCrlf => Cause::BodyCrlf,
            Sort { .. } => Cause::BodySorted,
            Rewrite::Style(_) => Cause::BodySeparators,
        }
    }
}

fn sort(
    body: &Body<'_>,
    only_outermost: bool,
    out: &mut Variant,
) -> Result<Option<Cause>, NoMemoryError> {
    let Some(json) = body.json()? else {
        return Ok(None);
    };
    let Some(sorted) = json.sorted(only_outermost)? else {
        return Ok(None);
    };
    Ok(sorted.write(json.style(), out).then_some(Cause::BodySorted))
}

fn write_in_style(
    body: &Body<'_>,
    style: Style<'_>,
    out: &mut Variant,
) -> Result<Option<Cause>, NoMemoryError> {
    let Some(json) = body.json()? else {
        return Ok(None);
    };
    let cause = if style.is_indented() || json.style().is_indented() {
        Cause::BodyIndented
    } else {
        Cause::BodySeparators
    };
    Ok(json.write(style, out).then_some(cause))
}
