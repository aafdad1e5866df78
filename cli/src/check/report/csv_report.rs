//! All problems as CSV.

use std::io::{self, BufWriter, Stdout};

use csv::Writer;

use crate::check::problem::Problem;
use crate::check::report::names::Names;

pub(super) struct CsvReport(Writer<BufWriter<Stdout>>);

impl CsvReport {
    pub(super) fn begin() -> io::Result<Self> {
        let mut writer = Writer::from_writer(BufWriter::new(io::stdout()));
        writer.write_record(["row", "column", "code", "message"])?;
        Ok(Self(writer))
    }

    pub(super) fn add(&mut self, problem: &Problem, names: &Names) -> io::Result<()> {
        let Problem {
            row,
            column,
            code,
            message,
        } = problem;
        self.0
            .write_record([&row.to_string(), names.of(*column), code, message])?;
        Ok(())
    }

    pub(super) fn end(mut self) -> io::Result<()> {
        self.0.flush()
    }
}
