//! URL-encoding, other character encodings, and line ends.

use crate::diagnose::body::rewrite::{Rewritten, first_char, rewrite, stops, stops_outside_ascii};
use crate::diagnose::body::variant::Variant;

/// A function that URL-encodes: what it keeps, what it makes of a space, and its hex digits.
pub(super) struct UrlEncoder {
    kept: &'static [u8],
    space_is_plus: bool,
    digits: &'static [u8; 16],
}

const UPPER: &[u8; 16] = b"0123456789ABCDEF";

/// The encoders that real programs use.
pub(super) const URL_ENCODERS: [UrlEncoder; 9] = [
    // encodeURIComponent of JavaScript.
    encoder(b"-_.!~*'()", false, UPPER),
    // RFC 3986: rawurlencode of PHP, and quote of Python with safe="".
    encoder(b"-_.~", false, UPPER),
    // quote of Python.
    encoder(b"-_.~/", false, UPPER),
    // quote_plus of Python, and QueryEscape of Go.
    encoder(b"-_.~", true, UPPER),
    // urlencode of PHP.
    encoder(b"-_.", true, UPPER),
    // URLEncoder of Java, and forms of browsers.
    encoder(b"-_.*", true, UPPER),
    // HttpUtility.UrlEncode of .NET.
    encoder(b"-_.!*()", true, b"0123456789abcdef"),
    // encodeURI of JavaScript.
    encoder(b"-_.!~*'();,/?:@&=+$#", false, UPPER),
    // WebUtility.UrlEncode of .NET.
    encoder(b"-_.!*()", true, UPPER),
];

const fn encoder(
    kept: &'static [u8],
    space_is_plus: bool,
    digits: &'static [u8; 16],
) -> UrlEncoder {
    UrlEncoder {
        kept,
        space_is_plus,
        digits,
    }
}

impl UrlEncoder {
    fn keeps(&self, byte: u8) -> bool {
        byte.is_ascii_alphanumeric() || self.kept.contains(&byte)
    }

    fn encode(&self, body: &[u8], out: &mut Variant) {
        out.reserve(body.len());
        let mut kept = [false; 256];
        for (byte, kept) in (0..=u8::MAX).zip(&mut kept) {
            *kept = self.keeps(byte);
        }
        for &byte in body {
            if kept[usize::from(byte)] {
                out.push(byte);
            } else if byte == b' ' && self.space_is_plus {
                out.push(b'+');
            } else {
                let digit = |digit: u8| self.digits[usize::from(digit)];
                out.extend_from_slice(&[b'%', digit(byte >> 4), digit(byte & 0xf)]);
            }
        }
    }

    /// Whether it makes the same of each byte as another encoder.
    fn is_same(&self, other: &Self, bytes: &[bool; 256]) -> bool {
        let any = |is_it: &dyn Fn(u8) -> bool| {
            (0..=u8::MAX).any(|byte| bytes[usize::from(byte)] && is_it(byte))
        };
        !any(&|byte| self.keeps(byte) != other.keeps(byte))
            && (self.space_is_plus == other.space_is_plus || !bytes[usize::from(b' ')])
            && self.digits == other.digits
    }
}

/// URL-encodes the body, unless an encoder before this one makes the same of it.
///
/// `has` tells which bytes the body has.
pub(super) fn url_encode(
    body: &[u8],
    has: &[bool; 256],
    encoder: usize,
    out: &mut Variant,
) -> Rewritten {
    let (before, from) = URL_ENCODERS.split_at_checked(encoder)?;
    let encoder = from.first()?;
    if before.iter().any(|other| encoder.is_same(other, has)) {
        return None;
    }
    encoder.encode(body, out);
    Some(())
}

/// Decodes a body that is URL-encoded.
pub(super) fn url_decode(body: &[u8], out: &mut Variant) -> Rewritten {
    // JSON begins with a bracket, which is encoded.
    if !body.starts_with(b"%") {
        return None;
    }
    rewrite(body, out, &stops(b"%+"), |from, out| {
        if from[0] == b'+' {
            out.push(b' ');
            return Some(1);
        }
        let digits = from.get(1..3)?;
        let mut byte = [0];
        hex::decode_to_slice(digits, &mut byte).ok()?;
        out.extend_from_slice(&byte);
        Some(3)
    })
}

/// What an encoder writes for a character outside ASCII.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::diagnose) enum Encoding {
    /// Latin-1, with `?` for what it does not have.
    Latin1,
    /// windows-1252, which many call Latin-1, with `?` for what it does not have.
    Windows1252,
    /// ASCII, with `?`: the default of `Encoding.ASCII` of .NET.
    Ascii,
    /// The low byte of each UTF-16 unit: `latin1` and `binary` of Node.js.
    LowBytes,
}

/// Encodes a body in UTF-8 otherwise.
pub(super) fn encode(body: &[u8], encoding: Encoding, out: &mut Variant) -> Rewritten {
    let mut has_other = false;
    rewrite(body, out, &stops_outside_ascii(), |from, out| {
        let c = first_char(from)?;
        let latin1 = u8::try_from(c).ok();
        has_other |= latin1.is_none();
        match encoding {
            Encoding::Latin1 => out.push(latin1.unwrap_or(b'?')),
            Encoding::Windows1252 => out.push(windows_1252(c)),
            Encoding::Ascii => out.push(b'?'),
            Encoding::LowBytes => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    out.push(unit.to_le_bytes()[0]);
                }
            }
        }
        Some(c.len_utf8())
    })?;
    // Otherwise it is the same as Latin-1.
    let differs = has_other || !matches!(encoding, Encoding::LowBytes | Encoding::Windows1252);
    differs.then_some(())
}

/// The characters of windows-1252 from 0x80 to 0x9f. The five bytes that have none are U+FFFD.
const WINDOWS_1252: &str = "€\u{fffd}‚ƒ„…†‡ˆ‰Š‹Œ\u{fffd}Ž\u{fffd}\u{fffd}‘’“”•–—˜™š›œ\u{fffd}žŸ";

fn windows_1252(c: char) -> u8 {
    let is_it = |(_, known): &(u8, char)| *known == c && c != char::REPLACEMENT_CHARACTER;
    let found = (0x80..).zip(WINDOWS_1252.chars()).find(is_it);
    let latin1 = u8::try_from(c).ok().filter(|byte| *byte >= 0xa0);
    found.map(|(byte, _)| byte).or(latin1).unwrap_or(b'?')
}

/// Encodes each byte as a character: Latin-1 as UTF-8, or UTF-8 that was read as Latin-1.
pub(super) fn encode_twice(body: &[u8], out: &mut Variant) -> Rewritten {
    rewrite(body, out, &stops_outside_ascii(), |from, out| {
        let c = char::from(from[0]);
        out.extend_from_slice(c.encode_utf8(&mut [0; 2]).as_bytes());
        Some(1)
    })
}

/// Writes LF as CRLF.
pub(super) fn to_crlf(body: &[u8], out: &mut Variant) -> Rewritten {
    rewrite(body, out, &stops(b"\r\n"), |from, out| {
        out.extend_from_slice(b"\r\n");
        Some(if from.starts_with(b"\r\n") { 2 } else { 1 })
    })
}

/// Writes CRLF as LF.
pub(super) fn to_lf(body: &[u8], out: &mut Variant) -> Rewritten {
    rewrite(body, out, &stops(b"\r"), |from, out| {
        out.push(if from.starts_with(b"\r\n") {
            b'\n'
        } else {
            b'\r'
        });
        Some(if from.starts_with(b"\r\n") { 2 } else { 1 })
    })
}

/// Removes the line ends at the end.
pub(super) fn without_final_newline(body: &[u8], out: &mut Variant) {
    let ends = body.iter().rev();
    let count = ends
        .take_while(|byte| matches!(byte, b'\n' | b'\r'))
        .count();
    out.extend_from_slice(&body[..body.len() - count]);
}
