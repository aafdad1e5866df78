//! What JSON escapes in a string, and finding it eight bytes at a time.
#![expect(
    clippy::inline_always,
    reason = "measured: behind a call each text of an order costs half as much again"
)]

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
    (marks(u64::from_le_bytes(word)) & TOPS).trailing_zeros() as usize / 8
}

/// Copies `text` to `to`, which has the same length. `false` when something in it needs an escape.
#[inline(always)]
pub(crate) fn copy_plain(text: &[u8], to: &mut [u8]) -> bool {
    match text.len() {
        65.. => copy_long(text, to),
        33.. => copy_ends::<32>(text, to),
        16.. => copy_ends::<16>(text, to),
        8.. => copy_ends::<8>(text, to),
        4.. => copy_ends::<4>(text, to),
        2.. => copy_ends::<2>(text, to),
        1 => copy_ends::<1>(text, to),
        0 => true,
    }
}

/// Copies the first `N` bytes and the last, which are the whole of the text: some of it twice where it is shorter than
/// both. So no byte is copied alone, and nothing is counted.
#[inline(always)]
fn copy_ends<const N: usize>(text: &[u8], to: &mut [u8]) -> bool {
    let (Some(&first), Some(&last)) = (text.first_chunk::<N>(), text.last_chunk::<N>()) else {
        return false;
    };
    if let Some(to) = to.first_chunk_mut() {
        *to = first;
    }
    if let Some(to) = to.last_chunk_mut() {
        *to = last;
    }
    !find_in(first, last)
}

/// Apart from [`copy_plain`], so that little is inlined.
#[inline(never)]
fn copy_long(text: &[u8], to: &mut [u8]) -> bool {
    let steps = (text.len() - 1) / 16;
    for (from, to) in text
        .chunks_exact(16)
        .zip(to.chunks_exact_mut(16))
        .take(steps)
    {
        let from: [u8; 16] = from.try_into().unwrap_or_default();
        to.copy_from_slice(&from);
        if find_in(from, [b' '; 16]) {
            return false;
        }
    }
    copy_ends::<16>(text, to)
}

/// Whether anything in two pieces of at most 32 bytes needs an escape.
#[inline(always)]
fn find_in<const N: usize>(first: [u8; N], last: [u8; N]) -> bool {
    let marks_in = |piece: [u8; N]| {
        let mut words = [[b' '; 8]; 4];
        words.as_flattened_mut()[..N].copy_from_slice(&piece);
        let [a, b, c, d] = words.map(|word| marks(u64::from_le_bytes(word)));
        a | b | c | d
    };
    (marks_in(first) | marks_in(last)) & TOPS != 0
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

/// Sets the top bit of each byte of `word` that needs an escape, beside other bits. Bytes above the first such byte may be
/// marked wrongly.
#[inline(always)]
const fn marks(word: u64) -> u64 {
    // With that bit turned, the quote follows the controls. The differences have a byte's top bit where it is below, or
    // equal, or had it before.
    let control_or_quote = (word ^ (ONES * 0x02)).wrapping_sub(ONES * 0x21);
    let backslash = (word ^ (ONES * b'\\' as u64)).wrapping_sub(ONES);
    (control_or_quote | backslash) & !word
}
