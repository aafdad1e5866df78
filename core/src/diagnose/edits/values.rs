//! Mistakes in the values of createTs, requestID and uuid.

use alloc::vec::Vec;

use crate::diagnose::cause::Cause;
use crate::diagnose::causes::Causes;
use crate::diagnose::edit::{Change, Form, Slot, Times};
use crate::diagnose::edits::Edits;
use crate::diagnose::plan::{BODY, CREATE_TS, Id, REQUEST_ID, UUID};
use crate::diagnose::time::Time;

impl Edits {
    /// Adds what is signed in place of a missing value.
    pub(super) fn add_missing(&mut self, part: usize, cause: Cause) {
        let causes = Causes::one(cause);
        self.add(
            Slot::Part(part),
            causes,
            Form::Usual,
            Change::Part(part, None),
        );
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
            self.add_part(part, causes, form, placeholder.as_bytes().to_vec());
        }
    }

    /// Adds the account's uuid, which is signed where the header is missing.
    pub(super) fn add_uuid(&mut self, account: &str) {
        let causes = Causes::one(Cause::UuidMissing);
        self.add_part(UUID, causes, Form::Usual, account.into());
    }

    fn add_part(&mut self, part: usize, causes: Causes, form: Form, bytes: Vec<u8>) {
        let id = Id::Part(part, self.next_number());
        let change = Change::Part(part, Some((id, bytes)));
        self.add(Slot::Part(part), causes, form, change);
    }

    pub(super) fn add_request_ids(&mut self, value: Option<&[u8]>) {
        self.add_missing(REQUEST_ID, Cause::RequestIdMissing);
        let Some(value) = value else {
            return;
        };
        let hyphens = Causes::one(Cause::RequestIdHyphens);
        let mut variants = Vec::from([(Causes::NONE, value.to_vec())]);
        if value.contains(&b'-') {
            let plain = value.iter().copied().filter(|&c| c != b'-');
            variants.push((hyphens, plain.collect()));
        } else if value.len() == 32 && value.iter().all(u8::is_ascii_alphanumeric) {
            let groups = [0..8, 8..12, 12..16, 16..20, 20..32].map(|group| &value[group]);
            variants.push((hyphens, groups.join(&b'-')));
        }
        for (causes, variant) in variants {
            if causes != Causes::NONE {
                self.add_part(REQUEST_ID, causes, Form::Usual, variant.clone());
            }
            for cased in [variant.to_ascii_uppercase(), variant.to_ascii_lowercase()] {
                if cased != variant {
                    let causes = causes.and(Causes::one(Cause::RequestIdCase));
                    self.add_part(REQUEST_ID, causes, Form::Usual, cased);
                }
            }
        }
    }

    pub(super) fn add_times(&mut self, time: &Time<'_>) {
        let slot = Slot::Part(CREATE_TS);
        self.add_missing(CREATE_TS, Cause::CreateTsMissing);
        let missing = Causes::one(Cause::CreateTsMissing);
        let milliseconds = Causes::one(Cause::CreateTsMilliseconds);
        let other = Causes::one(Cause::CreateTsOther);
        match *time {
            Time::Missing(now) => {
                if let Some(now) = now {
                    let change = Change::CreateTs(Times::Near(now));
                    self.add(slot, missing, Form::Usual, change);
                }
            }
            Time::Seconds(seconds) => {
                let mut digits = itoa::Buffer::new();
                let first = digits.format(seconds.saturating_mul(1000));
                self.add_part(
                    CREATE_TS,
                    milliseconds,
                    Form::Usual,
                    first.as_bytes().to_vec(),
                );
                let change = Change::CreateTs(Times::MillisecondsOf(seconds));
                self.add(slot, milliseconds, Form::Usual, change);
                let change = Change::CreateTs(Times::Near(seconds));
                self.add(slot, other, Form::Usual, change);
            }
            Time::Milliseconds(as_sent, seconds) => {
                self.add_part(CREATE_TS, milliseconds, Form::Usual, as_sent.to_vec());
                let mut digits = itoa::Buffer::new();
                let seconds_only = digits.format(seconds).as_bytes().to_vec();
                self.add_part(CREATE_TS, milliseconds, Form::Usual, seconds_only);
                let change = Change::CreateTs(Times::MillisecondsOf(seconds));
                self.add(slot, milliseconds.and(other), Form::Rare, change);
                let change = Change::CreateTs(Times::Near(seconds));
                self.add(slot, milliseconds.and(other), Form::Rare, change);
            }
            Time::Malformed => {}
        }
    }
}
