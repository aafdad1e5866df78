//! Fast path for a document that is canonical already.
//!
//! Such documents are common, since many programs write compact JSON in the order of the API's
//! page. Each order is validated as always and then copied as it stands. At the first deviation or
//! possible error the whole document is left to the full reader, which alone reports what is wrong.

#[cfg(test)]
mod tests;

use alloc::vec::Vec;

use crate::api::task::Task;
use crate::batch::canonical::{self, COMMA, CanonicalReader, TAIL};
use crate::batch::transaction::{SAMPLE, Transaction};
use crate::check::violation::Violations;

/// Reads a document into an empty batch. `false` if it is left to the full reader; the batch is
/// then empty.
pub(crate) fn read(json: &str, transaction: &mut Transaction<'_>) -> bool {
    let is_read = try_read(json, transaction).is_some();
    if !is_read {
        transaction.roll_back();
    }
    is_read
}

fn try_read(json: &str, transaction: &mut Transaction<'_>) -> Option<()> {
    let mut reader = CanonicalReader::new(json);
    set_task(reader.head()?, transaction)?;
    let begin = reader.remaining();
    // An order is hardly shorter than its keys.
    let expected = SAMPLE.min(begin / 128);
    transaction.reserve(expected, expected * 256);
    let mut params = Vec::new();
    for count in 1.. {
        let order = reader.order(&mut params)?;
        // Names are compared with each other and with the template's.
        if params.iter().any(|param| param.name.contains('\\')) {
            return None;
        }
        if !transaction.add_canonical(&order, &params) {
            return None;
        }
        if count == SAMPLE {
            let rest = reader.remaining();
            transaction.reserve(rest / ((begin - rest) / SAMPLE) + 1, 0);
            transaction.reserve(1, rest);
        }
        if reader.fragment(COMMA).is_none() {
            break;
        }
    }
    reader.fragment(TAIL)?;
    transaction.resolve_duplicates();
    (reader.remaining() == 0 && transaction.violations().is_empty()).then_some(())
}

fn set_task(
    [user_task_id, order_callback_url, call_callback_url]: [&str; 3],
    transaction: &mut Transaction<'_>,
) -> Option<()> {
    let task = Task {
        user_task_id,
        order_callback_url,
        call_callback_url,
    };
    let mut violations = Violations::new();
    task.check(&mut violations);
    let has_no_escapes = [user_task_id, order_callback_url, call_callback_url]
        .iter()
        .all(|string| !string.contains('\\'));
    (has_no_escapes && violations.is_empty())
        .then(|| transaction.set_head(&canonical::head_of(&task)))
}
