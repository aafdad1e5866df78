//! The mistakes outside of the body.

mod key;
mod layout;
mod values;

use alloc::vec::Vec;

use crate::check::memory::{self, NoMemoryError};
use crate::diagnose::cause::Cause;
use crate::diagnose::causes::Causes;
use crate::diagnose::edit::{Change, Edit, Form, Slot};
use crate::diagnose::message::Message;
use crate::diagnose::plan::{BODY, UUID};
use crate::diagnose::time::Time;

/// Collects edits, and numbers the variants of their slots.
pub(super) struct Edits(Vec<Edit>);

impl Edits {
    /// All edits: those that change what comes before the body first.
    pub(super) fn all(
        key: &[u8],
        account: &str,
        message: &Message<'_>,
    ) -> Result<Vec<Edit>, NoMemoryError> {
        let mut edits = Self(Vec::new());
        edits.add_hmac()?;
        edits.add_keys(key, account)?;
        edits.add_orders()?;
        edits.add_key_places()?;
        edits.add_ampersands()?;
        edits.add_names()?;
        if message.uuid.is_none() {
            edits.add_uuid(account)?;
        }
        edits.add_missing(UUID, Cause::UuidMissing)?;
        edits.add_request_ids(message.request_id)?;
        edits.add_missing(BODY, Cause::BodyEmpty)?;
        edits.add_times(&Time::of(message))?;
        Ok(edits.0)
    }

    fn add(
        &mut self,
        slot: Slot,
        causes: Causes,
        form: Form,
        change: Change,
    ) -> Result<(), NoMemoryError> {
        memory::reserve_one(&mut self.0)?;
        self.0.push(Edit {
            slot,
            causes,
            form,
            change,
        });
        Ok(())
    }

    /// A number that no variant has yet. The rule's own values have 0.
    fn next_number(&self) -> usize {
        self.0.len() + 1
    }
}
