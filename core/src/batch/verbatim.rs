//! Fast path for a document that is canonical already.
//!
//! Such documents are common, since many programs write compact JSON in the order of the API's
//! page. The full reader reads what is around the orders, and must write it unchanged. Each order
//! is validated as always and then copied unchanged. At the first deviation or possible error, the
//! full reader reads the whole document again: it alone reports what is wrong.

#[cfg(test)]
mod tests;

use alloc::vec::Vec;

use crate::batch::canonical::{COMMA, CanonicalReader};
use crate::batch::transaction::{SAMPLE, Transaction};
use crate::check::memory;

/// The key of the list of orders, and its beginning. In a string its quotes would be escaped.
const CALL_LIST: &str = "\"callList\":[";

/// What follows the orders if the document has nothing after `callInfoList`.
const TAIL: &str = "]}}";

/// Reads a document into an empty batch. `false` if it is left to the full reader; the batch is
/// then empty. `read_any` is the full reader.
pub(crate) fn read<'b>(
    json: &str,
    transaction: &mut Transaction<'b>,
    read_any: impl Fn(&str, &mut Transaction<'b>),
) -> bool {
    let is_read = try_read(json, transaction, read_any).is_some();
    if !is_read {
        transaction.roll_back();
    }
    is_read
}

fn try_read<'b>(
    json: &str,
    transaction: &mut Transaction<'b>,
    read_any: impl Fn(&str, &mut Transaction<'b>),
) -> Option<()> {
    let (head, orders) = json.split_at(json.find(CALL_LIST)? + CALL_LIST.len());
    let read_around = |tail: &str, transaction: &mut Transaction<'b>| {
        // If an allocation fails, the full reader tells.
        read_any(&memory::concat_strings(&[head, tail]).ok()?, transaction);
        (transaction.violations().is_empty() && transaction.is_around(head, tail)).then_some(())
    };
    read_around(TAIL, transaction)?;
    let mut reader = CanonicalReader::new(orders);
    // An order is hardly shorter than its keys.
    let expected = SAMPLE.min(orders.len() / 128);
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
            let rest = reader.remaining().len();
            transaction.reserve(rest / ((orders.len() - rest) / SAMPLE) + 1, 0);
            transaction.reserve(1, rest);
        }
        if reader.fragment(COMMA).is_none() {
            break;
        }
    }
    let tail = reader.remaining();
    if tail != TAIL {
        read_around(tail, transaction)?;
    }
    transaction.resolve_duplicates();
    transaction.violations().is_empty().then_some(())
}
