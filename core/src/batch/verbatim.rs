//! Fast path for a document that is canonical already.
//!
//! Such documents are common, since many programs write compact JSON in the order of the API's
//! page. Each order is validated as always and then copied as it stands. At the first deviation or
//! possible error the whole document is left to the full reader, which alone reports what is wrong.

#[cfg(test)]
mod tests;

use alloc::vec::Vec;

use crate::api::task::Task;
use crate::batch::canonical::{COMMA, Reader, TAIL};
use crate::batch::transaction::{SAMPLE, Transaction};
use crate::check::violation::Violations;

/// Reads a document into an empty batch. `false` if it is left to the full reader; the batch is
/// then empty.
pub(crate) fn read(json: &str, batch: &mut Transaction<'_>) -> bool {
    let is_read = try_read(json, batch).is_some();
    if !is_read {
        batch.roll_back();
    }
    is_read
}

fn try_read(json: &str, batch: &mut Transaction<'_>) -> Option<()> {
    let mut reader = Reader::new(json);
    set_task(reader.head()?, batch)?;
    let begin = reader.remaining();
    // An order is hardly shorter than its keys.
    let expected = SAMPLE.min(begin / 128);
    batch.reserve(expected, expected * 256);
    let mut params = Vec::new();
    for count in 1.. {
        let order = reader.order(&mut params)?;
        // Names are compared with each other and with the template's.
        if params.iter().any(|param| param.name.contains('\\')) {
            return None;
        }
        if !batch.add_canonical(&order, &params) {
            return None;
        }
        if count == SAMPLE {
            let rest = reader.remaining();
            batch.reserve(rest / ((begin - rest) / SAMPLE) + 1, 0);
            batch.reserve(1, rest);
        }
        if reader.fragment(COMMA).is_none() {
            break;
        }
    }
    reader.fragment(TAIL)?;
    batch.resolve_duplicates();
    (reader.remaining() == 0 && batch.violations().is_empty()).then_some(())
}

fn set_task(
    [user_task_id, order_callback_url, call_callback_url]: [&str; 3],
    batch: &mut Transaction<'_>,
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
    (has_no_escapes && violations.is_empty()).then(|| batch.set_task(&task))
}
