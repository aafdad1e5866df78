//! All problems as JSON, which is written while the list is read.

use std::io::{self, BufWriter, Stdout, Write};

use serde::Serialize;

use crate::check::columns::Columns;
use crate::check::problem::Problem;
use crate::check::report::counts::Counts;
use crate::check::report::names::Names;

pub(super) struct JsonReport {
    out: BufWriter<Stdout>,
    is_first: bool,
}

#[derive(Serialize)]
struct Entry<'p> {
    row: u64,
    /// `null` for the whole row.
    column: Option<&'p str>,
    code: &'p str,
    message: &'p str,
}

#[derive(Serialize)]
struct Column<'n> {
    column: &'n str,
    becomes: String,
}

impl JsonReport {
    pub(super) fn begin() -> io::Result<Self> {
        let mut out = BufWriter::new(io::stdout());
        out.write_all(b"{\"problems\":[")?;
        Ok(Self {
            out,
            is_first: true,
        })
    }

    pub(super) fn add(&mut self, problem: &Problem, names: &Names) -> io::Result<()> {
        if !std::mem::take(&mut self.is_first) {
            self.out.write_all(b",")?;
        }
        let Problem {
            row,
            column,
            code,
            message,
        } = problem;
        let column = column.map(|_| names.of(*column));
        let entry = Entry {
            row: *row,
            column,
            code,
            message,
        };
        Ok(serde_json::to_writer(&mut self.out, &entry)?)
    }

    pub(super) fn end(
        mut self,
        counts: &Counts,
        columns: &Columns,
        names: &Names,
    ) -> io::Result<()> {
        let column = |(index, becomes)| Column {
            column: names.of(Some(index)),
            becomes,
        };
        let sent: Vec<_> = columns.names().into_iter().map(column).collect();
        let unsent: Vec<_> = columns
            .unsent()
            .iter()
            .map(|index| names.of(Some(*index)))
            .collect();
        let Counts {
            accepted,
            rejected,
            empty,
            rewritten,
            batches,
            ..
        } = counts;
        writeln!(
            self.out,
            "],\"accepted\":{accepted},\"rejected\":{rejected},\"emptyRows\":{empty},\
             \"rewrittenPhones\":{rewritten},\"batches\":{batches},\"columns\":{},\"notSent\":{}}}",
            serde_json::to_string(&sent)?,
            serde_json::to_string(&unsent)?,
        )?;
        self.out.flush()
    }
}
