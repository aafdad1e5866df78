//! `callbot check`: everything that is wrong with a list of contacts.

mod batches;
mod columns;
mod encoded;
mod orders;
mod parts;
mod pending;
mod problem;
mod progress;
mod report;
mod seen;
mod settings;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use csv::ByteRecord;

use crate::check::batches::Batches;
use crate::check::columns::Columns;
use crate::check::orders::{Orders, Verdict};
use crate::check::parts::Part;
use crate::check::problem::Problem;
use crate::check::progress::Progress;
use crate::check::report::counts::Counts;
use crate::check::report::{Form, Report};
use crate::check::settings::{RulesOptions, Settings};
use crate::failure::{Failure, WRONG, misuse};
use crate::input::{self, is_stdin};
use crate::list::List;
use crate::list::row::{BadCell, Found};

/// Tell everything that is wrong with a list of contacts
///
/// LIST is CSV (with commas, semicolons or tabs, in UTF-8 or UTF-16), XLSX or JSON; its first row
/// has the columns' names. The columns orderID, userPhone, userName, customerName and other are
/// found by their names; further columns become params.
#[derive(Args)]
#[command(after_help = "\
Examples:
  callbot check contacts.csv
  callbot check --map userPhone=Mobile --region 44 --ignore due contacts.xlsx
  callbot check --json --country 86 --country 44 contacts.csv
  callbot check --accepted good.csv --rejected bad.csv contacts.csv
  callbot check --batches out --max-orders 1000 --rules spring.toml contacts.csv

Phone numbers may be written as people do (+44 20 7946 0958): accepted rows and batches have their
digits, and the report says how many were rewritten. What is unclear is rejected.

Exit codes: 0 nothing is wrong, 1 something is, 2 a file or an argument cannot be used.")]
pub(crate) struct CheckOptions {
    /// The list; - is standard input
    #[arg(value_name = "LIST")]
    list: PathBuf,
    /// The form of the report
    #[arg(long = "as", value_name = "FORM", value_enum, default_value_t = Form::Table)]
    form: Form,
    /// The same as --as json
    #[arg(long, conflicts_with = "form")]
    json: bool,
    /// Write the rows with nothing wrong to a CSV file, with all of their columns, when the whole
    /// list is read
    #[arg(long, value_name = "FILE")]
    accepted: Option<PathBuf>,
    /// Write the other rows to a CSV file, as they are
    #[arg(long, value_name = "FILE")]
    rejected: Option<PathBuf>,
    /// Write the bodies of requests to a new folder, for callbot sign
    #[arg(long, value_name = "DIR")]
    batches: Option<PathBuf>,
    /// What is between the cells of CSV [default: as the first row has it]
    #[arg(long, value_name = "CHARACTER", value_parser = delimiter)]
    delimiter: Option<u8>,
    /// The sheet of a workbook [default: the first one]
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    #[command(flatten)]
    rules: RulesOptions,
}

/// Reads a character that can be between cells. Most shells leave `\t` as it is.
fn delimiter(text: &str) -> Result<u8, &'static str> {
    match text.as_bytes() {
        b"\\t" => Ok(b'\t'),
        &[byte @ (b'\t' | b' '..=b'~')] if byte != b'"' && !byte.is_ascii_alphanumeric() => {
            Ok(byte)
        }
        _ => Err(
            "give one character of ASCII such as ; or | (\\t is a tab), and no letter, digit, \
             quotation mark or line end",
        ),
    }
}

pub(crate) fn run(options: &CheckOptions) -> Result<ExitCode, Failure> {
    let CheckOptions {
        list,
        accepted,
        rejected,
        ..
    } = options;
    input::stdin_once(
        [Some(list.as_path()), options.rules.file()]
            .into_iter()
            .flatten(),
    )?;
    let written = [accepted, rejected, &options.batches];
    if written.into_iter().flatten().any(|path| is_stdin(path)) {
        return Err(misuse(
            "--accepted, --rejected and --batches do not write to stdout, which has the report; name \
             a file or a folder (./- is one named -)",
        ));
    }
    let paths = [
        Some(list.as_path()),
        options.rules.file(),
        accepted.as_deref(),
        rejected.as_deref(),
    ];
    parts::refuse_same(&paths.into_iter().flatten().collect::<Vec<_>>())?;
    let settings = options.rules.settings()?;
    let list = List::open(list, options.delimiter, options.sheet.as_deref())?;
    let columns = Columns::find(&list.header, &settings)?;
    Check::new(options, &settings, list, &columns)?.run()
}

/// A list that is being checked.
struct Check<'c> {
    list: List,
    columns: &'c Columns,
    orders: Orders<'c>,
    report: Report,
    counts: Counts,
    accepted: Option<Part>,
    rejected: Option<Part>,
    batches: Option<Batches>,
}

/// Rows between two looks at the clock.
const ROWS_PER_LOOK: u64 = 4096;

impl<'c> Check<'c> {
    fn new(
        options: &CheckOptions,
        settings: &'c Settings,
        list: List,
        columns: &'c Columns,
    ) -> Result<Self, Failure> {
        if options.batches.is_some() && settings.max_orders.is_none() {
            return Err(misuse(
                "--batches needs --max-orders; the provider publishes no figure",
            ));
        }
        let orders = Orders::new(
            columns,
            settings,
            list.header_row,
            options.batches.is_some(),
        )?;
        let part = |path: &Option<PathBuf>| {
            let part = path
                .as_deref()
                .map(|path| Part::create(path, list.style, &list.header));
            part.transpose()
        };
        let form = if options.json {
            Form::Json
        } else {
            options.form
        };
        Ok(Self {
            accepted: part(&options.accepted)?,
            rejected: part(&options.rejected)?,
            batches: options.batches.clone().map(Batches::create).transpose()?,
            report: Report::new(form, &list.header)?,
            counts: Counts::default(),
            list,
            columns,
            orders,
        })
    }

    fn run(mut self) -> Result<ExitCode, Failure> {
        let mut progress = Progress::new();
        let mut row = ByteRecord::new();
        while let Some(found) = self.list.next(&mut row)? {
            let number = found.number;
            self.row(&found, &row)?;
            if number % ROWS_PER_LOOK == 0 {
                progress.show(self.list.progress());
            }
        }
        self.write_batch()?;
        progress.end();
        // Nothing gets its name before everything is written.
        let parts = [self.accepted, self.rejected].into_iter().flatten();
        let parts: Vec<_> = parts.map(Part::complete).collect::<Result<_, _>>()?;
        if let Some(batches) = self.batches {
            self.counts.batches = batches.publish()?;
        }
        for part in parts {
            part.publish()?;
        }
        self.report.end(&self.counts, self.columns)?;
        Ok(if self.counts.problems == 0 {
            ExitCode::SUCCESS
        } else {
            WRONG.into()
        })
    }

    fn row(&mut self, found: &Found, row: &ByteRecord) -> Result<(), Failure> {
        if let Some(cell) = &found.bad_cell {
            return self.malformed_row(found.number, cell, row);
        }
        if row.as_slice().is_empty() {
            self.counts.empty += 1;
            return Ok(());
        }
        let sent = |column: &&usize| !self.columns.unsent().contains(column);
        if let Some(&column) = found.errors.iter().find(sent) {
            return self.failed_formula(found.number, column, row);
        }
        let mut problems = Vec::new();
        match self
            .orders
            .check(found.number, row, &mut |problem| problems.push(problem))
        {
            Verdict::Accepted { rewritten } => {
                self.counts.accepted += 1;
                self.counts.rewritten += u64::from(rewritten.is_some());
                if let Some(part) = &mut self.accepted {
                    match rewritten {
                        Some(phone) => {
                            part.add_with(row, self.columns.user_phone_column(), &phone)?;
                        }
                        None => part.add(row)?,
                    }
                }
                if self.orders.is_full() {
                    self.write_batch()?;
                }
            }
            Verdict::Rejected => {
                self.counts.rejected += 1;
                if let Some(part) = &mut self.rejected {
                    part.add(row)?;
                }
                for problem in problems {
                    self.problem(problem)?;
                }
            }
        }
        Ok(())
    }

    /// Rejects a row in which a value that would be sent is the error of a formula.
    fn failed_formula(
        &mut self,
        number: u64,
        column: usize,
        row: &ByteRecord,
    ) -> Result<(), Failure> {
        self.counts.rejected += 1;
        if let Some(part) = &mut self.rejected {
            part.add(row)?;
        }
        self.problem(Problem {
            row: number,
            column: Some(column),
            code: "failed_formula",
            message:
                "the cell's formula has failed, and what it shows is no value; mend it in the \
                      workbook"
                    .into(),
        })?;
        if self.columns.order_id_column() == Some(column) {
            return Ok(());
        }
        match self.orders.check_id(number, row, usize::MAX) {
            Some(problem) => self.problem(problem),
            None => Ok(()),
        }
    }

    /// Rejects a row whose cells are uncertain from its malformed one on.
    fn malformed_row(
        &mut self,
        number: u64,
        cell: &BadCell,
        row: &ByteRecord,
    ) -> Result<(), Failure> {
        self.counts.rejected += 1;
        if let Some(part) = &mut self.rejected {
            part.add_raw(&cell.raw)?;
        }
        self.problem(Problem {
            row: number,
            column: Some(cell.column).filter(|column| *column < self.columns.count()),
            code: cell.code(),
            message: cell.message(),
        })?;
        match self.orders.check_id(number, row, cell.column) {
            Some(problem) => self.problem(problem),
            None => Ok(()),
        }
    }

    fn problem(&mut self, problem: Problem) -> Result<(), Failure> {
        self.counts.problems += 1;
        Ok(self.report.add(problem)?)
    }

    fn write_batch(&mut self) -> Result<(), Failure> {
        if let (Some(batches), Some(body)) = (&mut self.batches, self.orders.body()) {
            batches.write(body)?;
        }
        self.orders.clear();
        Ok(())
    }
}
