//! Escapes in JSON strings, found eight bytes at a time (SWAR).
#![expect(
    clippy::inline_always,
    reason = "measured: a call for each string of an order costs half as much again"
)]

use alloc::vec::Vec;

use crate::check::chars;
use crate::check::memory::NoMemoryError;
use crate::json::utf8::MaybeUtf8;

/// The number of bytes at the start of `string` that need no escape.
#[inline(always)]
pub(crate) fn plain_len(string: &[u8]) -> usize {
    let mut rest = string;
    while let Some((&word, after)) = rest.split_first_chunk() {
        let mark = first_mark(u64::from_le_bytes(word));
        if mark != 0 {
            return string.len() - rest.len() + mark.trailing_zeros() as usize / 8;
        }
        rest = after;
    }
    let plain = rest.iter().position(|&byte| needs_escape(byte));
    string.len() - rest.len() + plain.unwrap_or(rest.len())
}

/// The number of bytes at the start of `word` that need no escape.
#[inline(always)]
pub(crate) const fn plain_in(word: [u8; 8]) -> usize {
    first_mark(u64::from_le_bytes(word)).trailing_zeros() as usize / 8
}

/// The top bit of the first byte of `word` that needs an escape, among bits above it.
#[inline(always)]
pub(crate) const fn first_mark(word: u64) -> u64 {
    marks(word) & !word & TOPS
}

/// What was found while a string was copied.
pub(crate) enum Copied {
    /// It needs no escapes and is valid.
    Plain,
    /// It needs no escapes, and has to be validated as UTF-8.
    NotAscii,
    /// It needs escapes. It may not have been copied as a whole.
    Escapes,
}

/// Copies a string to `to`, which has the same length, and looks for bytes that need an escape.
#[inline(always)]
pub(crate) fn copy<S: MaybeUtf8 + ?Sized>(string: &S, to: &mut [u8]) -> Copied {
    let bytes = string.bytes();
    match bytes.len() {
        65.. => copy_long::<S>(bytes, to),
        33.. => copy_ends::<32, S>(bytes, to),
        16.. => copy_ends::<16, S>(bytes, to),
        8.. => copy_ends::<8, S>(bytes, to),
        4.. => copy_ends::<4, S>(bytes, to),
        2.. => copy_ends::<2, S>(bytes, to),
        1 => copy_ends::<1, S>(bytes, to),
        0 => Copied::Plain,
    }
}

/// Does the same for a string of `N` to `2 * N` bytes with two overlapping loads.
#[inline(always)]
fn copy_ends<const N: usize, S: MaybeUtf8 + ?Sized>(bytes: &[u8], to: &mut [u8]) -> Copied {
    match chars::copy_ends(bytes, to) {
        Some([first, last]) => find_escapes::<N, S>(first, last),
        None => Copied::Escapes,
    }
}

/// Does the same for a string of more than 16 bytes. Not inlined, to keep [`copy`] small.
#[inline(never)]
fn copy_long<S: MaybeUtf8 + ?Sized>(bytes: &[u8], to: &mut [u8]) -> Copied {
    let mut found = Copied::Plain;
    let last = bytes.len() - 16;
    for at in (0..last).step_by(16).chain([last]) {
        let piece = at..at + 16;
        match copy_ends::<16, S>(&bytes[piece.clone()], &mut to[piece]) {
            Copied::Plain => {}
            Copied::NotAscii => found = Copied::NotAscii,
            Copied::Escapes => return Copied::Escapes,
        }
    }
    found
}

/// Looks for escapes in two pieces of at most 32 bytes.
#[inline(always)]
fn find_escapes<const N: usize, S: MaybeUtf8 + ?Sized>(first: [u8; N], last: [u8; N]) -> Copied {
    // As few words as both pieces fill; the others are constant.
    let mut words = [[b' '; 8]; 8];
    let (to_first, to_last) = words.as_flattened_mut().split_at_mut(N);
    to_first.copy_from_slice(&first);
    to_last[..N].copy_from_slice(&last);
    let words = words.map(u64::from_le_bytes);
    let fold = |of: fn(u64) -> u64| words.iter().fold(0, |all, &word| all | of(word)) & TOPS;
    let escapes = |word| marks(word) & !word;
    if S::IS_UTF8 {
        match fold(escapes) {
            0 => Copied::Plain,
            _ => Copied::Escapes,
        }
    } else if fold(|word| marks(word) | word) == 0 {
        Copied::Plain
    } else if fold(escapes) == 0 {
        Copied::NotAscii
    } else {
        Copied::Escapes
    }
}

/// Whether JSON requires an escape for a byte.
const fn needs_escape(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// The length of the escape at the start of `written`. `None` unless this crate would write it so:
/// U+0000 does not go out.
pub(crate) fn written_len(written: &[u8]) -> Option<usize> {
    match written {
        [b'\\', b'"' | b'\\' | b'b' | b'f' | b'n' | b'r' | b't', ..] => Some(2),
        [
            b'\\',
            b'u',
            b'0',
            b'0',
            b'0',
            b'1'..=b'7' | b'b' | b'e' | b'f',
            ..,
        ]
        | [b'\\', b'u', b'0', b'0', b'1', b'0'..=b'9' | b'a'..=b'f', ..] => Some(6),
        _ => None,
    }
}

/// The JSON of a byte.
pub(crate) enum Escape {
    /// The byte itself.
    None,
    /// A backslash and a letter.
    Short([u8; 2]),
    /// The code point in hex.
    Long([u8; 6]),
}

/// The JSON of a byte.
pub(crate) const fn of(byte: u8) -> Escape {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let letter = match byte {
        b'"' | b'\\' => byte,
        0x08 => b'b',
        0x0c => b'f',
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        0x20.. => return Escape::None,
        _ => {
            let digits = [HEX[(byte >> 4) as usize], HEX[(byte & 15) as usize]];
            return Escape::Long([b'\\', b'u', b'0', b'0', digits[0], digits[1]]);
        }
    };
    Escape::Short([b'\\', letter])
}

/// Appends bytes.
pub(crate) fn push(out: &mut Vec<u8>, bytes: &[u8]) -> Result<(), NoMemoryError> {
    out.try_reserve(bytes.len())?;
    out.extend_from_slice(bytes);
    Ok(())
}

/// Appends a string in quotes, where speed does not matter.
pub(crate) fn push_string(out: &mut Vec<u8>, string: &str) -> Result<(), NoMemoryError> {
    out.try_reserve(string.len() + 2)?;
    out.push(b'"');
    let mut rest = string.as_bytes();
    loop {
        let (plain, after) = rest.split_at(plain_len(rest));
        push(out, plain)?;
        let Some((&byte, after)) = after.split_first() else {
            break;
        };
        match of(byte) {
            Escape::None => push(out, &[byte])?,
            Escape::Short(escape) => push(out, &escape)?,
            Escape::Long(escape) => push(out, &escape)?,
        }
        rest = after;
    }
    push(out, b"\"")
}

const ONES: u64 = u64::MAX / 255;
const TOPS: u64 = ONES << 7;

/// Sets the top bit of each byte of `word` that is ASCII and needs an escape (SWAR), among other
/// bits. The top bits of other bytes are arbitrary if they are not ASCII or follow such a byte.
#[inline(always)]
const fn marks(word: u64) -> u64 {
    // Flipping bit 1 moves the quote next to the control characters, so that one subtraction finds
    // both: it borrows into the top bit of each byte that is less.
    let control_or_quote = (word ^ (ONES * 0x02)).wrapping_sub(ONES * 0x21);
    let backslash = (word ^ (ONES * b'\\' as u64)).wrapping_sub(ONES);
    control_or_quote | backslash
}
