//! The escapes of a body's strings.
//!
//! Outside of strings, JSON has none of the characters that are rewritten here, so the body is not
//! split into tokens.

use crate::diagnose::body::rewrite::{Rewritten, first_char, rewrite, stops, stops_outside_ascii};
use crate::diagnose::body::variant::Variant;

/// The case of the hex digits of an escape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::diagnose) enum Case {
    Lower,
    Upper,
}

impl Case {
    const fn digits(self) -> &'static [u8; 16] {
        match self {
            Self::Lower => b"0123456789abcdef",
            Self::Upper => b"0123456789ABCDEF",
        }
    }
}

/// The characters that a serialiser escapes for HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::diagnose) enum Html {
    /// Go's `encoding/json`.
    Go,
    /// Gson, and PHP's `JSON_HEX_TAG` and its like with another case.
    Gson,
    /// .NET's `System.Text.Json`.
    Net,
}

impl Html {
    const fn chars(self) -> &'static [u8] {
        match self {
            Self::Go => b"<>&",
            Self::Gson => b"<>&='",
            Self::Net => b"<>&'+`",
        }
    }

    const fn case(self) -> Case {
        match self {
            Self::Net => Case::Upper,
            _ => Case::Lower,
        }
    }
}

fn push_escape(unit: u16, case: Case, out: &mut Variant) {
    let digit = |shift: u16| case.digits()[usize::from(unit >> shift & 0xf)];
    out.extend_from_slice(&[b'\\', b'u', digit(12), digit(8), digit(4), digit(0)]);
}

/// The unit of the escape that the bytes start with.
fn unit(bytes: &[u8]) -> Option<u16> {
    let digits = bytes.strip_prefix(b"\\u")?.get(..4)?;
    let digits = digits.iter().all(u8::is_ascii_hexdigit).then_some(digits)?;
    u16::from_str_radix(core::str::from_utf8(digits).ok()?, 16).ok()
}

/// Copies an escape that stays: the backslash and the character after it.
fn keep_escape(from: &[u8], out: &mut Variant) -> Option<usize> {
    out.extend_from_slice(from.get(..2)?);
    Some(2)
}

/// Escapes all characters outside ASCII. Python, which writes lower case, also escapes U+007F.
pub(super) fn escape_outside_ascii(body: &[u8], case: Case, out: &mut Variant) -> Rewritten {
    let mut table = stops_outside_ascii();
    table[0x7f] = case == Case::Lower;
    rewrite(body, out, &table, |from, out| {
        let c = first_char(from)?;
        for unit in c.encode_utf16(&mut [0; 2]) {
            push_escape(*unit, case, out);
        }
        Some(c.len_utf8())
    })
}

/// Decodes the escapes of characters outside ASCII, and of U+007F.
pub(super) fn unescape_outside_ascii(body: &[u8], out: &mut Variant) -> Rewritten {
    rewrite(body, out, &stops(b"\\"), |from, out| {
        let Some(first @ 0x7f..) = unit(from) else {
            return keep_escape(from, out);
        };
        let second = from.get(6..).and_then(unit);
        let units = [first, second.unwrap_or_default()];
        let c = char::decode_utf16(units).next()?.ok()?;
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        Some(6 * c.len_utf16())
    })
}

pub(super) fn escape_slashes(body: &[u8], out: &mut Variant) -> Rewritten {
    rewrite(body, out, &stops(b"/\\"), |from, out| {
        if from[0] == b'\\' {
            return keep_escape(from, out);
        }
        out.extend_from_slice(b"\\/");
        Some(1)
    })
}

pub(super) fn unescape_slashes(body: &[u8], out: &mut Variant) -> Rewritten {
    rewrite(body, out, &stops(b"\\"), |from, out| {
        if !from.starts_with(b"\\/") {
            return keep_escape(from, out);
        }
        out.push(b'/');
        Some(2)
    })
}

pub(super) fn escape_html(body: &[u8], html: Html, out: &mut Variant) -> Rewritten {
    let mut table = stops(html.chars());
    match html {
        // The first byte of U+2028 and U+2029, which Go always escapes.
        Html::Go | Html::Gson => table[0xe2] = true,
        // .NET escapes a quotation mark by its number.
        Html::Net => table[usize::from(b'\\')] = true,
    }
    rewrite(body, out, &table, |from, out| match from {
        [b'\\', b'"', ..] => {
            push_escape(u16::from(b'"'), html.case(), out);
            Some(2)
        }
        [b'\\', ..] => keep_escape(from, out),
        [0xe2, 0x80, last @ 0xa8..=0xa9, ..] => {
            push_escape(0x2028 + u16::from(last - 0xa8), html.case(), out);
            Some(3)
        }
        [byte @ 0xe2, ..] => {
            out.push(*byte);
            Some(1)
        }
        [byte, ..] => {
            push_escape(u16::from(*byte), html.case(), out);
            Some(1)
        }
        [] => None,
    })
}

pub(super) fn unescape_html(body: &[u8], out: &mut Variant) -> Rewritten {
    rewrite(body, out, &stops(b"\\"), |from, out| {
        let c = unit(from).and_then(|unit| char::from_u32(unit.into()));
        match c {
            Some('"') => out.extend_from_slice(b"\\\""),
            Some(c @ ('<' | '>' | '&' | '=' | '\'' | '+' | '`' | '\u{2028}' | '\u{2029}')) => {
                out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
            _ => return keep_escape(from, out),
        }
        Some(6)
    })
}

/// Writes the body as a JSON string.
pub(super) fn quote(body: &[u8], out: &mut Variant) -> Rewritten {
    let mut table = stops(b"\"\\");
    table[..0x20].fill(true);
    out.push(b'"');
    rewrite(body, out, &table, |from, out| {
        let short = match from[0] {
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            0x08 => b'b',
            0x0c => b'f',
            byte @ (b'"' | b'\\') => byte,
            byte => {
                push_escape(u16::from(byte), Case::Lower, out);
                return Some(1);
            }
        };
        out.extend_from_slice(&[b'\\', short]);
        Some(1)
    })?;
    out.push(b'"');
    Some(())
}

/// Decodes a body that is a JSON string.
pub(super) fn unquote(body: &[u8], out: &mut Variant) -> Rewritten {
    let inside = body.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    rewrite(inside, out, &stops(b"\\\""), |from, out| {
        if let Some(first) = unit(from) {
            let units = [first, from.get(6..).and_then(unit).unwrap_or_default()];
            let c = char::decode_utf16(units).next()?.ok()?;
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            return Some(6 * c.len_utf16());
        }
        let [b'\\', escape, ..] = from else {
            return None;
        };
        out.push(match escape {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'b' => 0x08,
            b'f' => 0x0c,
            b'"' | b'\\' | b'/' => *escape,
            _ => return None,
        });
        Some(2)
    })
}
