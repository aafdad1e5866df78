//! The time of the message, as its header has it.

use crate::check::chars;
use crate::diagnose::message::Message;
use crate::sign::timestamp::Timestamp;

/// The createTs header.
pub(super) enum Time<'a> {
    /// It is missing; with the time now.
    Missing(Option<u64>),
    Seconds(u64),
    /// As it was sent, and in seconds.
    Milliseconds(&'a [u8], u64),
    Malformed,
}

impl<'a> Time<'a> {
    pub(super) fn of(message: &Message<'a>) -> Self {
        let Some(value) = message.create_ts else {
            return Self::Missing(message.now);
        };
        let number = core::str::from_utf8(value).ok();
        match number.and_then(chars::plain_number::<u64>) {
            Some(seconds @ ..=Timestamp::MAX_UNIX_SECONDS) => Self::Seconds(seconds),
            Some(finer) => {
                // Milliseconds, microseconds or nanoseconds.
                let mut seconds = finer;
                while seconds > Timestamp::MAX_UNIX_SECONDS {
                    seconds /= 1000;
                }
                Self::Milliseconds(value, seconds)
            }
            None => Self::Malformed,
        }
    }

    /// Whether the header is a mistake in itself.
    pub(super) const fn is_mistake(&self) -> bool {
        matches!(self, Self::Missing(_) | Self::Milliseconds(..))
    }
}
