//! Rows become orders, which the core checks.

use callbot_core::{
    Batch, OrderBytes, ParamBytes, PhoneError, PhoneNumber, Violation, ViolationKind,
};
use csv::ByteRecord;

use crate::check::columns::Columns;
use crate::check::problem::Problem;
use crate::check::seen::Seen;
use crate::check::settings::Settings;
use crate::failure::{Failure, misuse};
use crate::phone::{self, Region};

/// The orders that a batch holds at most while nobody asks for batches, so that it stays in the
/// processor's cache.
const CHUNK: usize = 1024;

const FEW_PARAMS: usize = 8;

/// A code that the core does not have: it knows no rows.
pub(super) const ROW_LENGTH: &str = "row_length";

const DUPLICATE_ID: ViolationKind = ViolationKind::DuplicateOrderId { first: 0 };

fn duplicate_id(first: u32) -> String {
    format!("row {first} has this orderID already; give each order its own")
}

/// Checks rows.
pub(super) struct Orders<'s> {
    columns: &'s Columns,
    region: Option<&'s Region>,
    unique_phones: bool,
    /// The orders that were accepted since the last batch was full.
    batch: Batch,
    capacity: usize,
    /// Tells what else is wrong with an order that cannot be added for another reason.
    scratch: Batch,
    ids: Seen,
    phones: Seen,
    header: Header,
}

/// What became of a row.
pub(super) enum Verdict {
    /// The number in place of the cell, if it was not in the API's form.
    Accepted {
        rewritten: Option<PhoneNumber>,
    },
    Rejected,
}

impl<'s> Orders<'s> {
    pub(super) fn new(
        columns: &'s Columns,
        settings: &'s Settings,
        header_row: u64,
        needs_task: bool,
    ) -> Result<Self, Failure> {
        let task = settings.task(needs_task)?;
        let batch = Batch::new(&task, settings.rules.clone()).map_err(|violations| {
            let lines: Vec<_> = violations.iter().map(ToString::to_string).collect();
            misuse(lines.join("\n"))
        })?;
        Ok(Self {
            columns,
            region: settings.region.as_ref(),
            unique_phones: settings.unique_phones,
            scratch: batch.clone(),
            batch,
            capacity: settings.max_orders.filter(|_| needs_task).unwrap_or(CHUNK),
            ids: Seen::new()?,
            phones: Seen::new()?,
            header: Header {
                row: header_row,
                reported: Vec::new(),
            },
        })
    }

    /// Whether the batch has as many orders as it may have.
    pub(super) fn is_full(&self) -> bool {
        self.batch.len() >= self.capacity
    }

    /// The body of the orders that were accepted, if there are any.
    pub(super) fn body(&self) -> Option<&[u8]> {
        (!self.batch.is_empty()).then(|| self.batch.body())
    }

    pub(super) fn clear(&mut self) {
        self.batch.clear();
    }

    /// Checks the orderID of a row whose cells are uncertain from one of them on.
    pub(super) fn check_id(
        &mut self,
        number: u64,
        row: &ByteRecord,
        uncertain_from: usize,
    ) -> Option<Problem> {
        let column = self.columns.order_id_column();
        column.filter(|column| *column < uncertain_from)?;
        let first = self.ids.first(self.columns.order_id(row), number)?;
        Some(Problem {
            row: number,
            column,
            code: DUPLICATE_ID.code(),
            message: duplicate_id(first),
        })
    }

    /// Checks a row and takes its order into the batch, or reports everything that is wrong.
    pub(super) fn check(
        &mut self,
        number: u64,
        row: &ByteRecord,
        report: &mut impl FnMut(Problem),
    ) -> Verdict {
        let columns = self.columns;
        let mut problems = Vec::new();
        let mut problem = |column, code, message| {
            problems.push(Problem {
                row: number,
                column,
                code,
                message,
            });
        };

        if row.len() != columns.count() {
            let (cells, names) = (row.len(), columns.count());
            let message = format!(
                "the row has {cells} {} and the first row {names}; look for a delimiter or a quotation mark",
                if cells == 1 { "cell" } else { "cells" }
            );
            problem(None, ROW_LENGTH, message);
        }
        let typed = columns.user_phone(row);
        let phone = Phone::read(typed, self.region);
        let digits = match &phone {
            Phone::AsItIs => typed,
            Phone::Rewritten(phone) => phone.as_str().as_bytes(),
            // The violation that this makes is left out below.
            Phone::Unclear(error) => {
                problem(columns.user_phone_column(), error.code(), error.to_string());
                b""
            }
        };
        let order_id = columns.order_id(row);
        if let Some(first) = self.ids.first(order_id, number) {
            problem(
                columns.order_id_column(),
                DUPLICATE_ID.code(),
                duplicate_id(first),
            );
        }
        let phone_key = self.unique_phones.then(|| self.phones.key(digits));
        if let Some(first) = phone_key.and_then(|key| self.phones.row(key)) {
            let code = ViolationKind::DuplicatePhone { first: 0 }.code();
            let message = format!("row {first} has this phone number already; keep one of them");
            problem(columns.user_phone_column(), code, message);
        }

        // Most lists have few params, which then need no allocation.
        let params = columns.params();
        let param = |(name, column): &'s (Vec<u8>, usize)| ParamBytes {
            name,
            value: row.get(*column).unwrap_or_default(),
        };
        let (mut few, many);
        let params = if params.len() <= FEW_PARAMS {
            few = [ParamBytes {
                name: &[],
                value: &[],
            }; FEW_PARAMS];
            for (slot, found) in few.iter_mut().zip(params) {
                *slot = param(found);
            }
            &few[..params.len()]
        } else {
            many = params.iter().map(param).collect::<Vec<_>>();
            &many
        };
        let order = OrderBytes {
            order_id,
            user_phone: digits,
            user_name: columns.user_name(row),
            customer_name: columns.customer_name(row),
            other: columns.other(row),
            params,
        };
        let batch = if problems.is_empty() {
            &mut self.batch
        } else {
            self.scratch.clear();
            &mut self.scratch
        };
        if let Err(violations) = batch.add(&order) {
            for violation in &violations {
                let is_replaced =
                    violation.field() == "userPhone" && matches!(phone, Phone::Unclear(_));
                if !is_replaced {
                    let column = columns.of_violation(violation);
                    problems.extend(self.header.problem(violation, column, number));
                }
            }
        } else if problems.is_empty() {
            if let Some(key) = phone_key {
                self.phones
                    .insert(key, u32::try_from(number).unwrap_or(u32::MAX));
            }
            return Verdict::Accepted {
                rewritten: phone.rewritten(),
            };
        }
        problems.into_iter().for_each(report);
        Verdict::Rejected
    }
}

/// What a cell with a phone number becomes.
enum Phone {
    AsItIs,
    Rewritten(PhoneNumber),
    Unclear(PhoneError),
}

impl Phone {
    fn read(cell: &[u8], region: Option<&Region>) -> Self {
        // Digits that start with a country code, or that the core then refuses.
        let is_plain =
            region.is_none() && !cell.starts_with(b"0") && cell.iter().all(u8::is_ascii_digit);
        if is_plain {
            return Self::AsItIs;
        }
        // The core refuses bytes that are not UTF-8.
        let Ok(text) = std::str::from_utf8(cell) else {
            return Self::AsItIs;
        };
        match phone::read(text, region) {
            Ok(phone) if phone.as_str() == text => Self::AsItIs,
            Ok(phone) => Self::Rewritten(phone),
            Err(error) => Self::Unclear(error),
        }
    }

    fn rewritten(self) -> Option<PhoneNumber> {
        match self {
            Self::Rewritten(phone) => Some(phone),
            Self::AsItIs | Self::Unclear(_) => None,
        }
    }
}

/// What is wrong with the columns' names. Every row repeats it, and it is reported once.
struct Header {
    row: u64,
    reported: Vec<(Option<usize>, String)>,
}

impl Header {
    /// The problem of a violation: in its row, or once in the header.
    fn problem(
        &mut self,
        violation: &Violation,
        column: Option<usize>,
        row: u64,
    ) -> Option<Problem> {
        let message = violation.message();
        let is_of_header = violation.field() == "name"
            || matches!(
                violation.kind(),
                ViolationKind::MissingParam { .. } | ViolationKind::UnknownParam { .. }
            );
        let row = if is_of_header {
            let is_known =
                |(known, text): &(Option<usize>, String)| *known == column && *text == message;
            if self.reported.iter().any(is_known) {
                return None;
            }
            self.reported.push((column, message.clone()));
            self.row
        } else {
            row
        };
        Some(Problem {
            row,
            column,
            code: violation.code(),
            message,
        })
    }
}
