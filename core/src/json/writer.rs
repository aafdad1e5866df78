//! Writes JSON piece by piece: fixed fragments, and strings between them.
//!
//! Strings stay UTF-8; only what JSON requires is escaped (`"`, `\`, and control characters as
//! `\b \f \n \r \t` or `\u00xx` with lower-case digits).
#![expect(
    clippy::inline_always,
    reason = "measured: a call for each string of an order costs half as much again"
)]

use alloc::vec::Vec;
use core::convert::Infallible;

use crate::check::chars;
use crate::check::memory::NoMemoryError;
use crate::json::escape::{self, Copied, Escape};
use crate::json::utf8::MaybeUtf8;

/// A buffer: the bytes written so far, then zeroed room for more. Safe code cannot write into
/// uninitialised memory.
#[derive(Clone, Default)]
pub(crate) struct Output {
    bytes: Vec<u8>,
    /// The number of bytes written.
    len: usize,
}

impl Output {
    /// The least room made at once, in bytes.
    const MIN_ROOM: usize = 4000;

    /// The most room made at once unless one string needs more, so that it stays in the processor's
    /// cache until it is written.
    const MAX_ROOM: usize = 16_000;

    /// The bytes zeroed by one call. memset switches to `rep stosb` above ~2 KiB, which has a high
    /// startup cost.
    const ZEROED_AT_ONCE: usize = 2000;

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

    /// The bytes that it can hold without an allocation.
    pub(crate) fn capacity(&self) -> usize {
        self.bytes.capacity()
    }

    /// Reserves capacity for more bytes.
    pub(crate) fn reserve(&mut self, additional: usize) -> Result<(), NoMemoryError> {
        let needed = self
            .len
            .saturating_add(additional)
            .saturating_sub(self.bytes.len());
        Ok(self.bytes.try_reserve(needed)?)
    }

    /// Removes all but the first `len` bytes.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// Removes `len` bytes from `start` on.
    pub(crate) fn remove(&mut self, start: usize, len: usize) {
        self.bytes.copy_within(start + len..self.len, start);
        self.len -= len;
    }

    /// Moves everything from `start` on to the front.
    pub(crate) fn move_to_front(&mut self, start: usize) {
        self.bytes[..self.len].rotate_left(start);
    }

    /// Replaces everything from `at` on by what `write` writes. If it fails, the caller has to
    /// write that part again.
    #[inline(always)]
    pub(crate) fn try_write<R, E>(
        &mut self,
        at: usize,
        write: impl FnOnce(Writer<'_>) -> Result<(Writer<'_>, R), E>,
    ) -> Result<R, E> {
        let room = &mut self.bytes[at..];
        let (writer, outcome) = write(Writer { room })?;
        let remaining = writer.remaining();
        self.len = self.bytes.len() - remaining;
        Ok(outcome)
    }

    /// Appends what `write` writes. If there is too little room, it is called again with more.
    pub(crate) fn append(
        &mut self,
        write: impl Fn(Writer<'_>) -> Result<Writer<'_>, NoRoom>,
    ) -> Result<(), NoMemoryError> {
        while let Err(NoRoom) = self.try_write(self.len, |writer| Ok((write(writer)?, ()))) {
            self.make_room(0)?;
        }
        Ok(())
    }

    /// Appends bytes as they are.
    pub(crate) fn copy(&mut self, bytes: &[u8]) -> Result<(), NoMemoryError> {
        self.append(|writer| writer.copy(bytes))
    }

    /// Appends bytes that were there before the output was truncated, so that there is room.
    pub(crate) fn copy_again(&mut self, bytes: &[u8]) {
        let copied = self.try_write(self.len, |writer| {
            Ok::<_, NoRoom>((writer.copy(bytes)?, ()))
        });
        debug_assert!(copied.is_ok(), "the room was there before");
    }

    /// Makes room for at least `least` bytes: as much as was written so far, from
    /// [`MIN_ROOM`](Self::MIN_ROOM) to [`MAX_ROOM`](Self::MAX_ROOM), or twice what was too little.
    /// Reserved capacity is used first.
    #[cold]
    pub(crate) fn make_room(&mut self, least: usize) -> Result<(), NoMemoryError> {
        let room_len = self.bytes.len() - self.len;
        let wanted = least
            .max(2 * room_len)
            .max(self.len.clamp(Self::MIN_ROOM, Self::MAX_ROOM));
        if self.bytes.len() == self.bytes.capacity() {
            self.bytes.try_reserve(wanted - room_len)?;
        }
        let len = self.bytes.capacity().min(self.len + wanted);
        while self.bytes.len() < len {
            self.bytes
                .resize(len.min(self.bytes.len() + Self::ZEROED_AT_ONCE), 0);
        }
        Ok(())
    }
}

/// There is too little room.
pub(crate) struct NoRoom;

/// Why something could not be written. A string is invalid if it is not UTF-8, or has U+0000.
pub(crate) enum Stop<N> {
    NoRoom,
    NoMemory(NoMemoryError),
    Invalid(N),
}

impl<N> From<NoRoom> for Stop<N> {
    fn from(NoRoom: NoRoom) -> Self {
        Self::NoRoom
    }
}

impl From<Stop<Infallible>> for NoRoom {
    fn from(_: Stop<Infallible>) -> Self {
        Self
    }
}

/// Writes into the room of an [`Output`], piece after piece. It is passed by value, so that its
/// position stays in registers.
#[must_use]
pub(crate) struct Writer<'r> {
    /// The part that is not written yet.
    room: &'r mut [u8],
}

impl Writer<'_> {
    /// The room that is left, in bytes.
    pub(crate) const fn remaining(&self) -> usize {
        self.room.len()
    }

    /// Copies bytes of any length.
    #[inline]
    pub(crate) fn copy(self, bytes: &[u8]) -> Result<Self, NoRoom> {
        let (to, room) = self.room.split_at_mut_checked(bytes.len()).ok_or(NoRoom)?;
        to.copy_from_slice(bytes);
        Ok(Self { room })
    }

    /// Copies bytes like [`copy`](Self::copy), but without a call to memcpy for 8 to 64 bytes.
    #[inline(always)]
    pub(crate) fn copy_short(self, bytes: &[u8]) -> Result<Self, NoRoom> {
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

    /// Writes a fragment of known length.
    #[inline(always)]
    pub(crate) fn fragment<const N: usize>(self, bytes: &[u8; N]) -> Result<Self, NoRoom> {
        let (to, room) = self.room.split_first_chunk_mut().ok_or(NoRoom)?;
        *to = *bytes;
        Ok(Self { room })
    }

    /// Writes a string with its escapes.
    #[inline(always)]
    pub(crate) fn string<S: MaybeUtf8 + ?Sized>(
        self,
        string: &S,
    ) -> Result<Self, Stop<S::Invalid>> {
        let len = string.bytes().len();
        let (to, _) = self.room.split_at_mut_checked(len).ok_or(NoRoom)?;
        match escape::copy(string, to) {
            Copied::Plain => {}
            Copied::NotAscii => string.validate().map_err(Stop::Invalid)?,
            Copied::Escapes => {
                let written = write_escaped(string, self.room)?;
                let room = &mut self.room[written..];
                return Ok(Self { room });
            }
        }
        let (_, room) = self.room.split_at_mut(len);
        Ok(Self { room })
    }

    /// Writes a string if there is one.
    #[inline(always)]
    pub(crate) fn string_if<S: MaybeUtf8 + ?Sized>(
        self,
        string: Option<&S>,
    ) -> Result<Self, Stop<S::Invalid>> {
        match string {
            Some(string) => self.string(string),
            None => Ok(self),
        }
    }
}

/// Writes a string that needs escapes. Returns the number of bytes written.
#[inline(never)]
fn write_escaped<S: MaybeUtf8 + ?Sized>(
    string: &S,
    room: &mut [u8],
) -> Result<usize, Stop<S::Invalid>> {
    string.validate().map_err(Stop::Invalid)?;
    let mut rest = string.bytes();
    let mut written = 0;
    loop {
        while let (Some(&word), Some(to)) = (
            rest.first_chunk::<8>(),
            room[written..].first_chunk_mut::<8>(),
        ) {
            *to = word;
            let plain = escape::plain_in(word);
            written += plain;
            rest = &rest[plain..];
            if plain < word.len() {
                break;
            }
        }
        let Some((&byte, after)) = rest.split_first() else {
            return Ok(written);
        };
        let room = &mut room[written..];
        if byte == 0 {
            S::with_nul().map_err(Stop::Invalid)?;
        }
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
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use alloc::borrow::Cow;
    use alloc::string::String;
    use alloc::vec::Vec;

    use super::*;
    use crate::json::utf8::Text;

    fn written(string: &str) -> Vec<u8> {
        let mut output = Output::default();
        output.copy(b"[").unwrap();
        let text = Text(Cow::Borrowed(string));
        let written =
            output.append(|writer| writer.fragment(b"\"")?.string(&text)?.fragment(b"\""));
        written.unwrap();
        output.written()[1..].to_vec()
    }

    /// The same for bytes; `None` if they are not UTF-8 or have U+0000. Bytes that were not written
    /// stay `#`.
    fn written_if_utf8(string: &[u8]) -> Option<Vec<u8>> {
        let mut output = Output::default();
        loop {
            let written = output.try_write(0, |writer| {
                let writer = writer.fragment(b"\"")?.string(string)?;
                Ok::<_, Stop<()>>((writer.fragment(b"\"")?, ()))
            });
            match written {
                Ok(()) => return Some(output.written().to_vec()),
                Err(Stop::Invalid(())) => return None,
                Err(Stop::NoRoom) => output.make_room(0).unwrap(),
                Err(Stop::NoMemory(error)) => panic!("{error}"),
            }
            output.bytes.fill(b'#');
        }
    }

    /// The format's definition, one character at a time.
    fn reference_written(string: &str) -> String {
        const HEX: &str = "0123456789abcdef";
        let mut out = String::from("\"");
        for c in string.chars() {
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

    /// Asserts that a string and its bytes are written in the format.
    #[track_caller]
    fn check_written(string: &str) {
        let expected = reference_written(string);
        assert_eq!(written(string), expected.as_bytes(), "{string:?}");
        let of_bytes = written_if_utf8(string.as_bytes());
        let is_refused = string.contains('\0');
        let of_valid = (!is_refused).then_some(expected.as_bytes());
        assert_eq!(of_bytes.as_deref(), of_valid, "{string:?}");
        let mut pushed = Vec::new();
        escape::push_string(&mut pushed, string).unwrap();
        assert_eq!(pushed, expected.as_bytes(), "{string:?}");
    }

    #[test]
    fn every_byte_at_every_offset_is_written_in_the_format() {
        for c in ('\0'..='\u{ff}').chain(['\u{2028}', '中', '😀']) {
            for before in (0..40).chain([63, 64, 65, 79, 80, 81, 127]) {
                for after in [0, 1, 9] {
                    let string: String = core::iter::repeat_n('x', before)
                        .chain([c])
                        .chain(core::iter::repeat_n('é', after))
                        .collect();
                    check_written(&string);
                }
            }
        }
    }

    #[test]
    fn invalid_utf8_is_found_at_every_offset() {
        for len in 0..200 {
            for at in 0..len {
                for first in [b'x', b'"'] {
                    let mut string = alloc::vec![b'x'; len];
                    string[0] = first;
                    string[at] = 0xff;
                    assert!(written_if_utf8(&string).is_none(), "{at} of {len}");
                }
            }
        }
    }

    #[test]
    fn non_ascii_and_quotes_do_not_hide_each_other() {
        for len in 0..200 {
            for (one, other) in [('é', '"'), ('"', 'é'), ('"', 'x'), ('é', 'x')] {
                let string: String = [one]
                    .into_iter()
                    .chain(core::iter::repeat_n('x', len))
                    .collect();
                let string = string + other.encode_utf8(&mut [0; 4]);
                check_written(&string);
            }
        }
    }

    #[test]
    fn short_copies_are_like_long_ones() {
        for len in 0..=100 {
            let bytes: Vec<u8> = (b'0'..).take(len).collect();
            let mut output = Output::default();
            output.make_room(0).unwrap();
            output.bytes.fill(b'#');
            output.append(|writer| writer.copy_short(&bytes)).unwrap();
            assert_eq!(output.written(), bytes, "{len}");
        }
    }

    #[test]
    fn adjacent_escapes_do_not_hide_each_other() {
        for a in [
            '\0', '\u{1f}', ' ', '!', '"', '#', '[', '\\', ']', '\u{7f}', '\u{80}',
        ] {
            for b in [
                '\0', '\u{1f}', ' ', '!', '"', '#', '[', '\\', ']', '\u{7f}', '\u{80}',
            ] {
                let string: String =
                    ["abc", "d"].concat() + &String::from_iter([a, b, a, b, a]) + "efghijk";
                assert_eq!(
                    written(&string),
                    reference_written(&string).as_bytes(),
                    "{string:?}"
                );
            }
        }
    }

    #[test]
    fn escapes_get_the_room_they_need() {
        const ROOM: usize = Output::MIN_ROOM;
        for count in [
            0,
            1,
            ROOM / 7,
            ROOM / 3,
            ROOM / 2 - 1,
            ROOM / 2,
            ROOM,
            10 * ROOM,
        ] {
            for c in ['"', '\u{1}'] {
                let string: String = core::iter::repeat_n(['a', c], count).flatten().collect();
                assert_eq!(
                    written(&string),
                    reference_written(&string).as_bytes(),
                    "{count}"
                );
            }
        }
    }
}
