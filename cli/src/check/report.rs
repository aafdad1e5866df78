//! What is said about a list: a table for people, JSON or CSV for machines.

pub(super) mod counts;
mod csv_report;
mod json_report;
mod names;
mod table;

use std::io;

use clap::ValueEnum;
use csv::ByteRecord;

use crate::check::columns::Columns;
use crate::check::problem::Problem;
use crate::check::report::counts::Counts;
use crate::check::report::csv_report::CsvReport;
use crate::check::report::json_report::JsonReport;
use crate::check::report::names::Names;
use crate::check::report::table::Table;

/// The form of the report.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// For people: the first twenty problems of each kind, and how many there are
    Table,
    /// All problems, and the counts
    Json,
    /// All problems: row, column, code, message
    Csv,
}

/// A report, whose memory does not grow with the list.
pub(crate) struct Report {
    names: Names,
    form: Output,
}

enum Output {
    Table(Table),
    Json(JsonReport),
    Csv(Box<CsvReport>),
}

impl Report {
    pub(crate) fn new(form: Form, header: &ByteRecord) -> io::Result<Self> {
        let names = Names::of_header(header);
        let form = match form {
            Form::Table => Output::Table(Table::default()),
            Form::Json => Output::Json(JsonReport::begin()?),
            Form::Csv => Output::Csv(Box::new(CsvReport::begin()?)),
        };
        Ok(Self { names, form })
    }

    pub(crate) fn add(&mut self, problem: Problem) -> io::Result<()> {
        match &mut self.form {
            Output::Table(table) => {
                table.add(problem);
                Ok(())
            }
            Output::Json(json) => json.add(&problem, &self.names),
            Output::Csv(csv) => csv.add(&problem, &self.names),
        }
    }

    pub(crate) fn end(self, counts: &Counts, columns: &Columns) -> io::Result<()> {
        match self.form {
            Output::Table(table) => table.end(counts, columns, &self.names),
            Output::Json(json) => json.end(counts, columns, &self.names),
            Output::Csv(csv) => csv.end(),
        }
    }
}
