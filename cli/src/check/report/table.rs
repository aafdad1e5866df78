//! The report for people.

use std::io;

use crate::check::columns::Columns;
use crate::check::problem::Problem;
use crate::check::report::counts::Counts;
use crate::check::report::names::Names;
use crate::output::print;
use crate::style::{GOOD, WRONG};
use crate::visible::visible;

/// How many problems of a kind are shown.
const SHOWN: usize = 20;

/// The kinds of problems in the order in which they came.
#[derive(Default)]
pub(super) struct Table(Vec<Kind>);

struct Kind {
    code: &'static str,
    first: Vec<Problem>,
    count: u64,
}

impl Table {
    pub(super) fn add(&mut self, problem: Problem) {
        let known = self.0.iter().position(|kind| kind.code == problem.code);
        let index = known.unwrap_or_else(|| {
            self.0.push(Kind {
                code: problem.code,
                first: Vec::new(),
                count: 0,
            });
            self.0.len() - 1
        });
        let kind = &mut self.0[index];
        kind.count += 1;
        if kind.first.len() < SHOWN {
            kind.first.push(problem);
        }
    }

    pub(super) fn end(self, counts: &Counts, columns: &Columns, names: &Names) -> io::Result<()> {
        let mut out = String::new();
        for Kind { code, first, count } in &self.0 {
            let times = if *count == 1 {
                "once".into()
            } else {
                format!("{} times", grouped(*count))
            };
            out += &format!("{WRONG}{code}{WRONG:#}, {times}\n");
            let cells: Vec<_> = first
                .iter()
                .map(|one| (one.row.to_string(), names.of(one.column)))
                .collect();
            let width = |text: &str| text.chars().count();
            let row_width = cells
                .iter()
                .map(|(row, _)| row.len())
                .max()
                .unwrap_or_default();
            let column_width = cells
                .iter()
                .map(|(_, column)| width(column))
                .max()
                .unwrap_or_default();
            for (problem, (row, column)) in first.iter().zip(&cells) {
                let padding = " ".repeat(column_width - width(column));
                let line = format!(
                    "  row {row:>row_width$}  {column}{padding}  {}\n",
                    problem.message
                );
                out += &visible(&line);
            }
            if let Some(more @ 1..) = count.checked_sub(first.len() as u64) {
                out += &format!("  and {} more\n", grouped(more));
            }
        }
        if !self.0.is_empty() {
            out.push('\n');
        }
        for (index, name) in columns.names() {
            out += &visible(&format!("column {}: {name}\n", names.of(Some(index))));
        }
        for index in columns.unsent() {
            let name = names.of(Some(*index));
            out += &visible(&format!("column {name}: not sent\n"));
        }
        let Counts {
            accepted,
            rejected,
            empty,
            rewritten,
            batches,
            ..
        } = counts;
        out += &format!("{GOOD}{} accepted{GOOD:#}, ", grouped(*accepted));
        out += &if *rejected == 0 {
            "0 rejected".into()
        } else {
            format!("{WRONG}{} rejected{WRONG:#}", grouped(*rejected))
        };
        for (count, one, several, what) in [
            (
                *rewritten,
                "phone number",
                "phone numbers",
                "rewritten as digits",
            ),
            (*empty, "empty row", "empty rows", "passed over"),
            (*batches, "batch", "batches", "written"),
        ] {
            if count > 0 {
                let noun = if count == 1 { one } else { several };
                out += &format!(", {} {noun} {what}", grouped(count));
            }
        }
        out.push('\n');
        print(&out)
    }
}

/// A number with commas.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
