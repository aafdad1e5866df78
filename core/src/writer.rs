//! Writes JSON's parts one after another: fixed fragments, and texts between them.
//!
//! Text stays UTF-8 as it is; only what JSON demands is escaped (`"`, `\`, and controls as `\b \f \n \r \t` or `\u00xx`
//! with lower-case digits).
#![expect(
    clippy::inline_always,
    reason = "measured: behind a call each text of an order costs half as much again"
)]

use alloc::vec::Vec;

use crate::escape;

/// How many bytes there are to spare for escapes at first. Few orders need more.
const SPARE: usize = 64;

/// Bytes that were written, and behind them room for more, which safe code has to fill with zeros first.
#[derive(Clone, Default)]
pub(crate) struct Output {
    bytes: Vec<u8>,
    /// How many of the bytes were written.
    len: usize,
}

impl Output {
    /// How much room is filled with zeros at once: for some orders, and little enough to stay near the processor until
    /// they are written. From 2 KiB on memset takes a way that begins slowly.
    const PIECE: usize = 2000;

    pub(crate) fn written(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    /// An empty output that has room for as much as this one.
    pub(crate) fn like(&self) -> Self {
        Self {
            bytes: Vec::with_capacity(self.bytes.capacity()),
            len: 0,
        }
    }

    /// Makes room for more bytes, if there is any to be had.
    pub(crate) fn reserve(&mut self, additional: usize) {
        let needed = self
            .len
            .saturating_add(additional)
            .saturating_add(SPARE)
            .saturating_sub(self.bytes.len());
        // Without the room the output grows as it is written.
        let _ = self.bytes.try_reserve(needed);
    }

    /// Takes back all but the first `len` bytes.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// Puts other bytes in the place of the first `len`.
    pub(crate) fn replace_front(&mut self, len: usize, front: &Self) {
        self.bytes.splice(..len, front.written().iter().copied());
        self.len = self.len - len + front.len;
    }

    /// Appends what `write` writes: `len` bytes, and what escapes add to them.
    ///
    /// `write` is called again, from the beginning, when the escapes need more room than there was to spare.
    #[inline]
    pub(crate) fn append<R>(
        &mut self,
        len: usize,
        write: impl Fn(Writer<'_>) -> (Writer<'_>, R),
    ) -> R {
        let mut spare = SPARE;
        loop {
            let room_len = len + spare;
            if self.bytes.len() - self.len < room_len {
                self.make_room(room_len);
            }
            let (writer, outcome) = write(Writer {
                room: &mut self.bytes[self.len..self.len + room_len],
                room_len,
                spare,
                failed: false,
            });
            if !writer.failed {
                self.len += writer.written();
                return outcome;
            }
            spare *= 4;
        }
    }

    #[cold]
    fn make_room(&mut self, room_len: usize) {
        self.bytes.reserve(self.len + room_len - self.bytes.len());
        let piece = self.len + room_len.max(Self::PIECE);
        self.bytes.resize(piece.min(self.bytes.capacity()), 0);
    }
}

/// Writes into the room that [`Output::append`] made. It goes from hand to hand by value, so that the place to write at
/// can stay in the processor's registers.
#[must_use]
pub(crate) struct Writer<'r> {
    /// What is not written yet.
    room: &'r mut [u8],
    /// How much it was in the beginning.
    room_len: usize,
    /// How much of it may still go to escapes.
    spare: usize,
    /// Whether that was too little, so that something is missing.
    failed: bool,
}

impl Writer<'_> {
    /// Copies bytes of any length.
    #[inline]
    pub(crate) fn copy(self, bytes: &[u8]) -> Self {
        let (to, room) = self.room.split_at_mut(bytes.len());
        to.copy_from_slice(bytes);
        Self { room, ..self }
    }

    /// Writes bytes as they are.
    #[inline(always)]
    pub(crate) fn fragment<const N: usize>(self, bytes: &[u8; N]) -> Self {
        let (to, room) = self.room.split_at_mut(N);
        to.copy_from_slice(bytes);
        Self { room, ..self }
    }

    /// Writes a text, with what escapes it needs.
    #[inline(always)]
    pub(crate) fn text(self, text: &str) -> Self {
        let text = text.as_bytes();
        let (to, _) = self.room.split_at_mut(text.len());
        if escape::copy_plain(text, to) {
            let (_, room) = self.room.split_at_mut(text.len());
            return Self { room, ..self };
        }
        match write_escaped(text, self.room, self.spare) {
            Some((written, spare)) => {
                let (_, room) = self.room.split_at_mut(written);
                Self {
                    room,
                    spare,
                    ..self
                }
            }
            None => Self {
                failed: true,
                ..self
            },
        }
    }

    /// How many bytes were written.
    pub(crate) const fn written(&self) -> usize {
        self.room_len - self.room.len()
    }
}

/// Writes a text that needs escapes. Returns how many bytes it wrote, and how many there are still to spare; `None` when
/// those are too few.
#[inline(never)]
fn write_escaped(mut text: &[u8], room: &mut [u8], mut spare: usize) -> Option<(usize, usize)> {
    let mut written = 0;
    loop {
        let (plain, rest) = text.split_at(escape::plain_len(text));
        room[written..written + plain.len()].copy_from_slice(plain);
        written += plain.len();
        let Some((&byte, rest)) = rest.split_first() else {
            return Some((written, spare));
        };
        let (escape, len) = escape::of(byte);
        spare = spare.checked_sub(len - 1)?;
        room[written..written + len].copy_from_slice(&escape[..len]);
        written += len;
        text = rest;
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::String;
    use alloc::vec::Vec;

    use super::*;

    fn written(text: &str) -> Vec<u8> {
        let mut output = Output::default();
        output.append(1, |writer| (writer.fragment(b"["), ()));
        output.append(text.len() + 2, |writer| {
            (writer.fragment(b"\"").text(text).fragment(b"\""), ())
        });
        output.written()[1..].to_vec()
    }

    /// The format's definition, one character at a time.
    fn plainly_written(text: &str) -> String {
        const HEX: &str = "0123456789abcdef";
        let mut out = String::from("\"");
        for c in text.chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\u{8}' => out.push_str("\\b"),
                '\u{c}' => out.push_str("\\f"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\0'..='\u{1f}' => out.extend([
                    "\\u00",
                    ["0", "1"][c as usize / 16],
                    &HEX[c as usize % 16..][..1],
                ]),
                c => out.push(c),
            }
        }
        out.push('"');
        out
    }

    #[test]
    fn every_byte_at_every_place_of_a_word_is_written_as_the_format_says() {
        for c in ('\0'..='\u{ff}').chain(['\u{2028}', '中', '😀']) {
            for before in 0..40 {
                for after in [0, 1, 9] {
                    let text: String = core::iter::repeat_n('x', before)
                        .chain([c])
                        .chain(core::iter::repeat_n('é', after))
                        .collect();
                    assert_eq!(
                        written(&text),
                        plainly_written(&text).as_bytes(),
                        "{text:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn neighbours_that_need_escapes_do_not_hide_each_other() {
        for a in [
            '\0', '\u{1f}', ' ', '!', '"', '#', '[', '\\', ']', '\u{7f}', '\u{80}',
        ] {
            for b in [
                '\0', '\u{1f}', ' ', '!', '"', '#', '[', '\\', ']', '\u{7f}', '\u{80}',
            ] {
                let text: String =
                    ["abc", "d"].concat() + &String::from_iter([a, b, a, b, a]) + "efghijk";
                assert_eq!(
                    written(&text),
                    plainly_written(&text).as_bytes(),
                    "{text:?}"
                );
            }
        }
    }

    #[test]
    fn escapes_have_all_the_room_that_they_need() {
        for count in [0, 1, SPARE / 5, SPARE - 1, SPARE, SPARE + 1, 100 * SPARE] {
            for c in ['"', '\u{1}'] {
                let text: String = core::iter::repeat_n(['a', c], count).flatten().collect();
                assert_eq!(written(&text), plainly_written(&text).as_bytes(), "{count}");
            }
        }
    }
}
