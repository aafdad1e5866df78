//! Writes JSON's parts one after another: fixed fragments, and texts between them.
//!
//! Text stays UTF-8 as it is; only what JSON demands is escaped (`"`, `\`, and controls as `\b \f \n \r \t` or `\u00xx`
//! with lower-case digits).
#![expect(
    clippy::inline_always,
    reason = "measured: behind a call each text of an order costs half as much again"
)]

use alloc::vec::Vec;
use core::str;

use crate::escape::{self, Escape};
use crate::order::Text;

/// Bytes that were written, and behind them room for more, which safe code has to fill with zeros first.
#[derive(Clone, Default)]
pub(crate) struct Output {
    bytes: Vec<u8>,
    /// How many of the bytes were written.
    len: usize,
}

impl Output {
    /// How much room is made at once, where it is enough: for many orders, and little enough to stay near the processor
    /// until they are written.
    const PIECE: usize = 4000;

    /// How much of it is filled with zeros by one call. From 2 KiB on memset takes a way that begins slowly.
    const ZEROS: usize = 2000;

    #[inline]
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

    /// Makes room for more bytes. `false` where there is none to be had; then the output grows as it is written.
    pub(crate) fn reserve(&mut self, additional: usize) -> bool {
        let needed = self
            .len
            .saturating_add(additional)
            .saturating_sub(self.bytes.len());
        self.bytes.try_reserve(needed).is_ok()
    }

    /// Takes back all but the first `len` bytes.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// Takes the first `len` bytes away.
    pub(crate) fn remove_front(&mut self, len: usize) {
        self.bytes.copy_within(len..self.len, 0);
        self.len -= len;
    }

    /// Moves all from `start` on to the front.
    pub(crate) fn move_to_front(&mut self, start: usize) {
        self.bytes[..self.len].rotate_left(start);
    }

    /// Writes something that begins at `at`, in the place of all from there on. `None` where there is too little room: what
    /// stood there is then to be written again.
    #[inline(always)]
    pub(crate) fn try_write<R>(
        &mut self,
        at: usize,
        write: impl FnOnce(Writer<'_>) -> Option<(Writer<'_>, R)>,
    ) -> Option<R> {
        let room = &mut self.bytes[at..];
        let writer = Writer {
            room_len: room.len(),
            room,
            is_utf8: true,
        };
        let (writer, outcome) = write(writer)?;
        self.len = at + writer.written();
        Some(outcome)
    }

    /// Appends what `write` writes. It is called again, from the beginning, with more room where there was too little.
    pub(crate) fn append(&mut self, write: impl Fn(Writer<'_>) -> Option<Writer<'_>>) {
        while self
            .try_write(self.len, |writer| Some((write(writer)?, ())))
            .is_none()
        {
            self.make_room(0);
        }
    }

    /// Appends bytes as they are.
    pub(crate) fn copy(&mut self, bytes: &[u8]) {
        self.append(|writer| writer.copy(bytes));
    }

    /// Makes more room, for `least` bytes at least: about twice as much as there is, and at first what is still reserved.
    #[cold]
    pub(crate) fn make_room(&mut self, least: usize) {
        let room_len = self.bytes.len() - self.len;
        let wanted = least.max(2 * room_len).max(Self::PIECE);
        if self.bytes.len() == self.bytes.capacity() {
            self.bytes.reserve(wanted - room_len);
        }
        let len = self.bytes.capacity().min(self.len + wanted);
        while self.bytes.len() < len {
            self.bytes
                .resize(len.min(self.bytes.len() + Self::ZEROS), 0);
        }
    }
}

/// Writes into the room that an [`Output`] has, each part behind the one before; `None` where it does not fit any
/// more. It goes from hand to hand by value, so that the place to write at can stay in the processor's registers.
#[must_use]
pub(crate) struct Writer<'r> {
    /// What is not written yet.
    room: &'r mut [u8],
    /// How much it was in the beginning.
    room_len: usize,
    /// Whether all texts were UTF-8.
    is_utf8: bool,
}

impl Writer<'_> {
    /// Copies bytes of any length.
    #[inline]
    pub(crate) fn copy(self, bytes: &[u8]) -> Option<Self> {
        let (to, room) = self.room.split_at_mut_checked(bytes.len())?;
        to.copy_from_slice(bytes);
        Some(Self { room, ..self })
    }

    /// Writes bytes as they are.
    #[inline(always)]
    pub(crate) fn fragment<const N: usize>(self, bytes: &[u8; N]) -> Option<Self> {
        let (to, room) = self.room.split_first_chunk_mut()?;
        *to = *bytes;
        Some(Self { room, ..self })
    }

    /// Writes a text, with what escapes it needs.
    #[inline(always)]
    pub(crate) fn text<T: Text + ?Sized>(self, text: &T) -> Option<Self> {
        let bytes = text.bytes();
        let (to, _) = self.room.split_at_mut_checked(bytes.len())?;
        if escape::copy_usual(text, to) {
            let (_, room) = self.room.split_at_mut(bytes.len());
            return Some(Self { room, ..self });
        }
        let (written, is_utf8) = write_unusual(text, self.room)?;
        Some(Self {
            room: &mut self.room[written..],
            is_utf8: self.is_utf8 & is_utf8,
            ..self
        })
    }

    /// Writes a text, if it is there.
    #[inline(always)]
    pub(crate) fn text_if<T: Text + ?Sized>(self, text: Option<&T>) -> Option<Self> {
        match text {
            Some(text) => self.text(text),
            None => Some(self),
        }
    }

    /// Writes a text that is known to need no escapes.
    #[inline(always)]
    pub(crate) fn plain<T: Text + ?Sized>(self, text: &T) -> Option<Self> {
        let text = text.bytes();
        let (to, room) = self.room.split_at_mut_checked(text.len())?;
        // As long as a phone number, it is copied without a call.
        match (text.first_chunk::<8>(), text.last_chunk::<8>()) {
            (Some(first), Some(last)) if text.len() <= 16 => {
                *to.first_chunk_mut()? = *first;
                *to.last_chunk_mut()? = *last;
            }
            _ => to.copy_from_slice(text),
        }
        Some(Self { room, ..self })
    }

    /// Whether all texts were UTF-8.
    pub(crate) const fn is_utf8(&self) -> bool {
        self.is_utf8
    }

    /// How many bytes were written.
    pub(crate) const fn written(&self) -> usize {
        self.room_len - self.room.len()
    }
}

/// Writes a text that needs escapes or has to be proven UTF-8. Returns how many bytes it wrote, and whether it is UTF-8;
/// `None` where it does not fit.
#[inline(never)]
fn write_unusual<T: Text + ?Sized>(text: &T, room: &mut [u8]) -> Option<(usize, bool)> {
    let bytes = text.bytes();
    if !T::IS_PROVEN && !bytes.is_ascii() {
        let Ok(proven) = str::from_utf8(bytes) else {
            return Some((0, false));
        };
        if escape::copy_usual(proven, room.get_mut(..bytes.len())?) {
            return Some((bytes.len(), true));
        }
    }
    Some((write_escaped(bytes, room)?, true))
}

/// Writes a text that needs escapes. Returns how many bytes it wrote; `None` where it does not fit.
#[inline]
fn write_escaped(mut text: &[u8], room: &mut [u8]) -> Option<usize> {
    let mut written = 0;
    loop {
        while let (Some(&word), Some(to)) = (
            text.first_chunk::<8>(),
            room[written..].first_chunk_mut::<8>(),
        ) {
            *to = word;
            let plain = escape::plain_in(word);
            written += plain;
            text = &text[plain..];
            if plain < word.len() {
                break;
            }
        }
        let Some((&byte, rest)) = text.split_first() else {
            return Some(written);
        };
        let room = &mut room[written..];
        written += match escape::of(byte) {
            Escape::None => {
                *room.first_mut()? = byte;
                1
            }
            Escape::Short(escape) => {
                *room.first_chunk_mut()? = escape;
                escape.len()
            }
            Escape::Long(escape) => {
                *room.first_chunk_mut()? = escape;
                escape.len()
            }
        };
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
        output.copy(b"[");
        output.append(|writer| writer.fragment(b"\"")?.text(text)?.fragment(b"\""));
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
        const PIECE: usize = Output::PIECE;
        for count in [
            0,
            1,
            PIECE / 7,
            PIECE / 3,
            PIECE / 2 - 1,
            PIECE / 2,
            PIECE,
            10 * PIECE,
        ] {
            for c in ['"', '\u{1}'] {
                let text: String = core::iter::repeat_n(['a', c], count).flatten().collect();
                assert_eq!(written(&text), plainly_written(&text).as_bytes(), "{count}");
            }
        }
    }
}
