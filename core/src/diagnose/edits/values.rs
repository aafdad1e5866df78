//! Mistakes in the values of createTs, requestID and uuid.

use crate::check::memory::{self, NoMemoryError};
use crate::diagnose::cause::Cause;
use crate::diagnose::causes::Causes;
use crate::diagnose::edit::{Change, Form, Slot, Times};
use crate::diagnose::edits::Edits;
use crate::diagnose::plan::{BODY, CREATE_TS, Id, REQUEST_ID, UUID};
use crate::diagnose::time::Time;

impl Edits {
    /// Adds what is signed in place of a missing value.
    pub(super) fn add_missing(&mut self, part: usize, cause: Cause) -> Result<(), NoMemoryError> {
        let causes = Causes::one(cause);
        self.add(
            Slot::Part(part),
            causes,
            Form::Usual,
            Change::Part(part, None),
        )?;
        let objects: &[_] = if part == BODY {
            &["{}", "[]", "[object Object]", "Array"]
        } else {
            &["0"]
        };
        for placeholder in ["", "null", "None", "undefined", "nil"]
            .iter()
            .chain(objects)
        {
            let form = if placeholder.is_empty() {
                Form::Usual
            } else {
                Form::Common
            };
            self.add_part(part, causes, form, placeholder.as_bytes())?;
        }
        Ok(())
    }

    /// Adds the account's uuid, which is signed where the header is missing.
    pub(super) fn add_uuid(&mut self, account: &str) -> Result<(), NoMemoryError> {
        let causes = Causes::one(Cause::UuidMissing);
        self.add_part(UUID, causes, Form::Usual, account.as_bytes())
    }

    fn add_part(
        &mut self,
        part: usize,
        causes: Causes,
        form: Form,
        bytes: &[u8],
    ) -> Result<(), NoMemoryError> {
        let id = Id::Part(part, self.next_number());
        let change = Change::Part(part, Some((id, memory::to_vec(bytes)?)));
        self.add(Slot::Part(part), causes, form, change)
    }

    pub(super) fn add_request_ids(&mut self, value: Option<&[u8]>) -> Result<(), NoMemoryError> {
        self.add_missing(REQUEST_ID, Cause::RequestIdMissing)?;
        let Some(value) = value else {
            return Ok(());
        };
        self.add_request_id(Causes::NONE, value)?;
        let hyphens = Causes::one(Cause::RequestIdHyphens);
        if value.contains(&b'-') {
            let mut plain = memory::to_vec(value)?;
            plain.retain(|&c| c != b'-');
            self.add_request_id(hyphens, &plain)?;
        } else if value.len() == 32 && value.iter().all(u8::is_ascii_alphanumeric) {
            let groups = [0..8, 8..12, 12..16, 16..20, 20..32].map(|group| &value[group]);
            let grouped = memory::concat(&[
                groups[0], b"-", groups[1], b"-", groups[2], b"-", groups[3], b"-", groups[4],
            ])?;
            self.add_request_id(hyphens, &grouped)?;
        }
        Ok(())
    }

    /// Adds a variant of the request ID, unless it has no cause, and its two cases.
    fn add_request_id(&mut self, causes: Causes, variant: &[u8]) -> Result<(), NoMemoryError> {
        if causes != Causes::NONE {
            self.add_part(REQUEST_ID, causes, Form::Usual, variant)?;
        }
        for change_case in [<[u8]>::make_ascii_uppercase, <[u8]>::make_ascii_lowercase] {
            let mut cased = memory::to_vec(variant)?;
            change_case(&mut cased);
            if cased != variant {
                let causes = causes.and(Causes::one(Cause::RequestIdCase));
                self.add_part(REQUEST_ID, causes, Form::Usual, &cased)?;
            }
        }
        Ok(())
    }

    pub(super) fn add_times(&mut self, time: &Time<'_>) -> Result<(), NoMemoryError> {
        let slot = Slot::Part(CREATE_TS);
        self.add_missing(CREATE_TS, Cause::CreateTsMissing)?;
        let missing = Causes::one(Cause::CreateTsMissing);
        let milliseconds = Causes::one(Cause::CreateTsMilliseconds);
        let other = Causes::one(Cause::CreateTsOther);
        match *time {
            Time::Missing(now) => {
                if let Some(now) = now {
                    let change = Change::CreateTs(Times::Near(now));
                    self.add(slot, missing, Form::Usual, change)?;
                }
            }
            Time::Seconds(seconds) => {
                let mut digits = itoa::Buffer::new();
                let first = digits.format(seconds.saturating_mul(1000));
                self.add_part(CREATE_TS, milliseconds, Form::Usual, first.as_bytes())?;
                let change = Change::CreateTs(Times::MillisecondsOf(seconds));
                self.add(slot, milliseconds, Form::Usual, change)?;
                let change = Change::CreateTs(Times::Near(seconds));
                self.add(slot, other, Form::Usual, change)?;
            }
            Time::Milliseconds(as_sent, seconds) => {
                self.add_part(CREATE_TS, milliseconds, Form::Usual, as_sent)?;
                let mut digits = itoa::Buffer::new();
                let seconds_only = digits.format(seconds).as_bytes();
                self.add_part(CREATE_TS, milliseconds, Form::Usual, seconds_only)?;
                let change = Change::CreateTs(Times::MillisecondsOf(seconds));
                self.add(slot, milliseconds.and(other), Form::Rare, change)?;
                let change = Change::CreateTs(Times::Near(seconds));
                self.add(slot, milliseconds.and(other), Form::Rare, change)?;
            }
            Time::Malformed => {}
        }
        Ok(())
    }
}
