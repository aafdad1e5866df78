//! What JSON escapes in a string, and finding it eight bytes at a time.
#![expect(
    clippy::inline_always,
    reason = "measured: behind a call each text of an order costs half as much again"
)]

use crate::batch::order::Text;
use crate::check::chars;

/// How many bytes at the start of `text` need no escape.
#[inline(always)]
pub(crate) fn plain_len(text: &[u8]) -> usize {
    let mut len = 0;
    while let Some(&word) = text[len..].first_chunk() {
        let plain = plain_in(word);
        len += plain;
        if plain < word.len() {
            return len;
        }
    }
    while len < text.len() && !is_needed(text[len]) {
        len += 1;
    }
    len
}

/// How many bytes at the start of `word` need no escape.
#[inline(always)]
pub(crate) const fn plain_in(word: [u8; 8]) -> usize {
    let word = u64::from_le_bytes(word);
    (marks(word) & !word & TOPS).trailing_zeros() as usize / 8
}

/// What was seen of a text while it was copied.
pub(crate) enum Copied {
    /// It is written as it stands.
    Plain,
    /// The same if it is UTF-8, which is not known.
    Unproven,
    /// Something in it needs an escape. Not all of it may have been copied.
    Escapes,
}

/// Copies a text to `to`, which has the same length, and looks whether anything in it needs an escape.
#[inline(always)]
pub(crate) fn copy<T: Text + ?Sized>(text: &T, to: &mut [u8]) -> Copied {
    let text = text.bytes();
    match text.len() {
        65.. => copy_long::<T>(text, to),
        33.. => copy_ends::<32, T>(text, to),
        16.. => copy_ends::<16, T>(text, to),
        8.. => copy_ends::<8, T>(text, to),
        4.. => copy_ends::<4, T>(text, to),
        2.. => copy_ends::<2, T>(text, to),
        1 => copy_ends::<1, T>(text, to),
        0 => Copied::Plain,
    }
}

/// The same for a text that is no longer than `N` bytes twice, and no shorter than `N`.
#[inline(always)]
fn copy_ends<const N: usize, T: Text + ?Sized>(text: &[u8], to: &mut [u8]) -> Copied {
    match chars::copy_ends(text, to) {
        Some([first, last]) => look_at::<N, T>(first, last),
        None => Copied::Escapes,
    }
}

/// Apart from [`copy`], so that little is inlined.
#[inline(never)]
fn copy_long<T: Text + ?Sized>(text: &[u8], to: &mut [u8]) -> Copied {
    let mut seen = Copied::Plain;
    let last = text.len() - 16;
    for at in (0..last).step_by(16).chain([last]) {
        let piece = at..at + 16;
        match copy_ends::<16, T>(&text[piece.clone()], &mut to[piece]) {
            Copied::Plain => {}
            Copied::Unproven => seen = Copied::Unproven,
            Copied::Escapes => return Copied::Escapes,
        }
    }
    seen
}

/// Looks at two pieces of at most 32 bytes.
#[inline(always)]
fn look_at<const N: usize, T: Text + ?Sized>(first: [u8; N], last: [u8; N]) -> Copied {
    // As few words as both pieces fill; the others are constant.
    let mut words = [[b' '; 8]; 8];
    let (to_first, to_last) = words.as_flattened_mut().split_at_mut(N);
    to_first.copy_from_slice(&first);
    to_last[..N].copy_from_slice(&last);
    let words = words.map(u64::from_le_bytes);
    let fold = |of: fn(u64) -> u64| words.iter().fold(0, |all, &word| all | of(word)) & TOPS;
    let escapes = |word| marks(word) & !word;
    if T::IS_PROVEN {
        match fold(escapes) {
            0 => Copied::Plain,
            _ => Copied::Escapes,
        }
    } else if fold(|word| marks(word) | word) == 0 {
        Copied::Plain
    } else if fold(escapes) == 0 {
        Copied::Unproven
    } else {
        Copied::Escapes
    }
}

/// Whether JSON demands that a byte is escaped.
const fn is_needed(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// How long the escape is that `written` begins with. `None` where it is none, or none that this crate would write.
pub(crate) fn written_len(written: &[u8]) -> Option<usize> {
    match written {
        [b'\\', b'"' | b'\\' | b'b' | b'f' | b'n' | b'r' | b't', ..] => Some(2),
        [
            b'\\',
            b'u',
            b'0',
            b'0',
            b'0',
            b'0'..=b'7' | b'b' | b'e' | b'f',
            ..,
        ]
        | [b'\\', b'u', b'0', b'0', b'1', b'0'..=b'9' | b'a'..=b'f', ..] => Some(6),
        _ => None,
    }
}

/// What is written for a byte.
pub(crate) enum Escape {
    /// The byte itself.
    None,
    /// A backslash and a letter.
    Short([u8; 2]),
    /// The byte's number.
    Long([u8; 6]),
}

/// How a byte is written.
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

const ONES: u64 = u64::MAX / 255;
const TOPS: u64 = ONES << 7;

/// Sets the top bit of each byte of `word` that is ASCII and needs an escape, beside other bits. Bytes that are not ASCII,
/// and those above the first one that needs an escape, may be marked wrongly.
#[inline(always)]
const fn marks(word: u64) -> u64 {
    // With that bit turned, the quote follows the controls. The differences have a byte's top bit where it is below, or
    // equal, or had it before.
    let control_or_quote = (word ^ (ONES * 0x02)).wrapping_sub(ONES * 0x21);
    let backslash = (word ^ (ONES * b'\\' as u64)).wrapping_sub(ONES);
    control_or_quote | backslash
}
