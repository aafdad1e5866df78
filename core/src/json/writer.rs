//! Writes JSON's parts one after another: fixed fragments, and texts between them.
//!
//! Text stays UTF-8 as it is; only what JSON demands is escaped (`"`, `\`, and controls as `\b \f \n \r \t` or `\u00xx`
//! with lower-case digits).
#![expect(
    clippy::inline_always,
    reason = "measured: behind a call each text of an order costs half as much again"
)]

use alloc::vec::Vec;
use core::convert::Infallible;

use crate::batch::order::Text;
use crate::check::chars;
use crate::json::escape::{self, Copied, Escape};

/// Bytes that were written, and behind them room for more, which safe code has to fill with zeros first.
#[derive(Clone, Default)]
pub(crate) struct Output {
    bytes: Vec<u8>,
    /// How many of the bytes were written.
    len: usize,
}

impl Output {
    /// How much room is made at once at least.
    const PIECE: usize = 4000;

    /// How much room is made at once where as much was written before: little enough to stay near the processor until it is
    /// written.
    const LARGE_PIECE: usize = 16_000;

    /// How much of it is filled with zeros by one call. From 2 KiB on memset takes a way that begins slowly.
    const ZEROS: usize = 2000;

    #[inline]
    pub(crate) fn written(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    pub(crate) fn into_written(mut self) -> Vec<u8> {
        self.bytes.truncate(self.len);
        self.bytes
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

    /// Writes something that begins at `at`, in the place of all from there on. Where it fails, what stood there is to be
    /// written again.
    #[inline(always)]
    pub(crate) fn try_write<R, E>(
        &mut self,
        at: usize,
        write: impl FnOnce(Writer<'_>) -> Result<(Writer<'_>, R), E>,
    ) -> Result<R, E> {
        let room = &mut self.bytes[at..];
        let (writer, outcome) = write(Writer { room })?;
        let left = writer.left();
        self.len = self.bytes.len() - left;
        Ok(outcome)
    }

    /// Appends what `write` writes. It is called again, from the beginning, with more room where there was too little.
    pub(crate) fn append(&mut self, write: impl Fn(Writer<'_>) -> Result<Writer<'_>, NoRoom>) {
        while let Err(NoRoom) = self.try_write(self.len, |writer| Ok((write(writer)?, ()))) {
            self.make_room(0);
        }
    }

    /// Appends bytes as they are.
    pub(crate) fn copy(&mut self, bytes: &[u8]) {
        self.append(|writer| writer.copy(bytes));
    }

    /// Makes more room, for `least` bytes at least: as much as was written, from [`PIECE`](Self::PIECE) to
    /// [`LARGE_PIECE`](Self::LARGE_PIECE), or twice what was too little. What is still reserved comes first.
    #[cold]
    pub(crate) fn make_room(&mut self, least: usize) {
        let room_len = self.bytes.len() - self.len;
        let wanted = least
            .max(2 * room_len)
            .max(self.len.clamp(Self::PIECE, Self::LARGE_PIECE));
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

/// There is too little room for what is to be written.
pub(crate) struct NoRoom;

/// Why a text cannot be written.
pub(crate) enum Stop<N> {
    NoRoom,
    /// It is not UTF-8.
    NotUtf8(N),
}

impl<N> From<NoRoom> for Stop<N> {
    fn from(NoRoom: NoRoom) -> Self {
        Self::NoRoom
    }
}

impl From<Stop<Infallible>> for NoRoom {
    fn from(Stop::NoRoom: Stop<Infallible>) -> Self {
        Self
    }
}

/// Writes into the room that an [`Output`] has, each part behind the one before. It goes from hand to hand by value, so
/// that the place to write at can stay in the processor's registers.
#[must_use]
pub(crate) struct Writer<'r> {
    /// What is not written yet.
    room: &'r mut [u8],
}

impl Writer<'_> {
    /// How much room is left, in bytes.
    pub(crate) const fn left(&self) -> usize {
        self.room.len()
    }

    /// Copies bytes of any length.
    #[inline]
    pub(crate) fn copy(self, bytes: &[u8]) -> Result<Self, NoRoom> {
        let (to, room) = self.room.split_at_mut_checked(bytes.len()).ok_or(NoRoom)?;
        to.copy_from_slice(bytes);
        Ok(Self { room })
    }

    /// Copies bytes like [`copy`](Self::copy), which are likely to be from 8 to 64: those without a call.
    #[inline(always)]
    pub(crate) fn copy_few(self, bytes: &[u8]) -> Result<Self, NoRoom> {
        let (to, room) = self.room.split_at_mut_checked(bytes.len()).ok_or(NoRoom)?;
        let is_copied = match bytes.len() {
            8..=16 => chars::copy_ends::<8>(bytes, to).is_some(),
            17..=32 => chars::copy_ends::<16>(bytes, to).is_some(),
            33..=64 => chars::copy_ends::<32>(bytes, to).is_some(),
            _ => false,
        };
        if !is_copied {
            to.copy_from_slice(bytes);
        }
        Ok(Self { room })
    }

    /// Writes bytes as they are.
    #[inline(always)]
    pub(crate) fn fragment<const N: usize>(self, bytes: &[u8; N]) -> Result<Self, NoRoom> {
        let (to, room) = self.room.split_first_chunk_mut().ok_or(NoRoom)?;
        *to = *bytes;
        Ok(Self { room })
    }

    /// Writes a text, with what escapes it needs.
    #[inline(always)]
    pub(crate) fn text<T: Text + ?Sized>(self, text: &T) -> Result<Self, Stop<T::NotUtf8>> {
        let len = text.bytes().len();
        let (to, _) = self.room.split_at_mut_checked(len).ok_or(NoRoom)?;
        match escape::copy(text, to) {
            Copied::Plain => {}
            Copied::Unproven => text.prove().map_err(Stop::NotUtf8)?,
            Copied::Escapes => {
                let written = write_escaped(text, self.room)?;
                let room = &mut self.room[written..];
                return Ok(Self { room });
            }
        }
        let (_, room) = self.room.split_at_mut(len);
        Ok(Self { room })
    }

    /// Writes a text, if it is there.
    #[inline(always)]
    pub(crate) fn text_if<T: Text + ?Sized>(
        self,
        text: Option<&T>,
    ) -> Result<Self, Stop<T::NotUtf8>> {
        match text {
            Some(text) => self.text(text),
            None => Ok(self),
        }
    }
}

/// Writes a text that needs escapes. Returns how many bytes it wrote.
#[inline(never)]
fn write_escaped<T: Text + ?Sized>(text: &T, room: &mut [u8]) -> Result<usize, Stop<T::NotUtf8>> {
    text.prove().map_err(Stop::NotUtf8)?;
    let mut text = text.bytes();
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
            return Ok(written);
        };
        let room = &mut room[written..];
        written += match escape::of(byte) {
            Escape::None => {
                *room.first_mut().ok_or(NoRoom)? = byte;
                1
            }
            Escape::Short(escape) => {
                *room.first_chunk_mut().ok_or(NoRoom)? = escape;
                escape.len()
            }
            Escape::Long(escape) => {
                *room.first_chunk_mut().ok_or(NoRoom)? = escape;
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

    /// The same for a text that is not known to be UTF-8; `None` where it is not. What was not written stays a `#`.
    fn written_if_utf8(text: &[u8]) -> Option<Vec<u8>> {
        let mut output = Output::default();
        loop {
            let written = output.try_write(0, |writer| {
                let writer = writer.fragment(b"\"")?.text(text)?;
                Ok::<_, Stop<()>>((writer.fragment(b"\"")?, ()))
            });
            match written {
                Ok(()) => return Some(output.written().to_vec()),
                Err(Stop::NotUtf8(())) => return None,
                Err(Stop::NoRoom) => output.make_room(0),
            }
            output.bytes.fill(b'#');
        }
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

    /// Whether or not a text is known to be UTF-8, it is written as the format says.
    #[track_caller]
    fn check_written(text: &str) {
        let expected = plainly_written(text);
        assert_eq!(written(text), expected.as_bytes(), "{text:?}");
        let of_bytes = written_if_utf8(text.as_bytes());
        assert_eq!(of_bytes.as_deref(), Some(expected.as_bytes()), "{text:?}");
    }

    #[test]
    fn every_byte_at_every_place_of_a_word_is_written_as_the_format_says() {
        for c in ('\0'..='\u{ff}').chain(['\u{2028}', '中', '😀']) {
            for before in (0..40).chain([63, 64, 65, 79, 80, 81, 127]) {
                for after in [0, 1, 9] {
                    let text: String = core::iter::repeat_n('x', before)
                        .chain([c])
                        .chain(core::iter::repeat_n('é', after))
                        .collect();
                    check_written(&text);
                }
            }
        }
    }

    #[test]
    fn wherever_a_text_is_no_utf8_that_is_seen() {
        for len in 0..200 {
            for at in 0..len {
                for first in [b'x', b'"'] {
                    let mut text = alloc::vec![b'x'; len];
                    text[0] = first;
                    text[at] = 0xff;
                    assert!(written_if_utf8(&text).is_none(), "{at} of {len}");
                }
            }
        }
    }

    #[test]
    fn what_is_not_ascii_hides_no_quote_and_no_quote_hides_it() {
        for len in 0..200 {
            for (one, other) in [('é', '"'), ('"', 'é'), ('"', 'x'), ('é', 'x')] {
                let text: String = [one]
                    .into_iter()
                    .chain(core::iter::repeat_n('x', len))
                    .collect();
                let text = text + other.encode_utf8(&mut [0; 4]);
                check_written(&text);
            }
        }
    }

    #[test]
    fn a_few_bytes_are_copied_like_any_others() {
        for len in 0..=100 {
            let bytes: Vec<u8> = (b'0'..).take(len).collect();
            let mut output = Output::default();
            output.make_room(0);
            output.bytes.fill(b'#');
            output.append(|writer| writer.copy_few(&bytes));
            assert_eq!(output.written(), bytes, "{len}");
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
