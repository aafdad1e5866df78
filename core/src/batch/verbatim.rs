//! A document that is already as this crate would write it.
//!
//! Such documents are common, since many programs write compact JSON in the order of the API's page. Each order is checked
//! as ever, and then copied as it stands. At the first thing that is written in another way, or is wrong in any way, the
//! whole document is left to the reader of all JSON, which alone reports what is wrong.

#[cfg(test)]
mod tests;

use alloc::vec::Vec;

use crate::batch::Task;
use crate::batch::filling::Filling;
use crate::batch::format::{COMMA, TAIL};
use crate::batch::written::Reader;
use crate::check::violation::Violations;

/// Reads a document into an empty batch. `false` when it is left to another reader; the batch is then empty.
pub(crate) fn read(json: &str, batch: &mut Filling<'_>) -> bool {
    let mark = batch.mark();
    let read = try_read(json, batch).is_some();
    if !read {
        batch.roll_back(mark);
    }
    read
}

fn try_read(json: &str, batch: &mut Filling<'_>) -> Option<()> {
    let mut reader = Reader::new(json);
    set_task(reader.head()?, batch)?;
    let begin = reader.left();
    // An order is hardly shorter than the names of its keys.
    batch.reserve(
        Filling::TRIED.min(begin / 128),
        Filling::TRIED.min(begin / 128) * 256,
    );
    let mut params = Vec::new();
    for count in 1.. {
        let order = reader.order(&mut params)?;
        // Names are compared with each other and with the template.
        if params.iter().any(|param| param.name.contains('\\')) {
            return None;
        }
        if !batch.add_written(&order, &params) {
            return None;
        }
        if count == Filling::TRIED {
            let left = reader.left();
            batch.reserve(left / ((begin - left) / Filling::TRIED) + 1, 0);
            batch.reserve(1, left);
        }
        if reader.fragment(COMMA).is_none() {
            break;
        }
    }
    reader.fragment(TAIL)?;
    let mut violations = Violations::new();
    batch.settle(&mut violations);
    (reader.left() == 0 && violations.is_empty()).then_some(())
}

fn set_task(
    [user_task_id, order_callback_url, call_callback_url]: [&str; 3],
    batch: &mut Filling<'_>,
) -> Option<()> {
    let task = Task {
        user_task_id,
        order_callback_url,
        call_callback_url,
    };
    let mut violations = Violations::new();
    task.check(&mut violations);
    let written_alike = [user_task_id, order_callback_url, call_callback_url]
        .iter()
        .all(|text| !text.contains('\\'));
    (written_alike && violations.is_empty()).then(|| batch.set_task(&task))
}
