//! XLSX workbooks.

use std::io::{Read, Seek};

use calamine::{Data, ExcelDateTime, ExcelDateTimeType, Reader, Xlsx};
use csv::ByteRecord;

use crate::list::table::{Table, TableRow};

/// Reads a sheet of a workbook, or the first one. An error says what is wrong.
pub(super) fn read(file: impl Read + Seek, sheet: Option<&str>) -> Result<Table, String> {
    let failed =
        |_| "it is not a readable XLSX workbook; save it again, without a password".to_owned();
    let mut workbook = Xlsx::new(file).map_err(failed)?;
    let names = workbook.sheet_names();
    let name = match sheet {
        Some(sheet) => names.into_iter().find(|name| name == sheet),
        None => names.into_iter().next(),
    };
    let name = name.ok_or("it has no sheet of this name; give one of its own with --sheet")?;
    let range = workbook.worksheet_range(&name).map_err(failed)?;
    let first = range.start().map_or(1, |(row, _)| u64::from(row) + 1);

    let mut rows = (first..)
        .zip(range.rows())
        .map(|(number, cells)| table_row(number, cells))
        .filter(|row| !is_empty(&row.cells));
    let header = rows
        .next()
        .ok_or("its sheet is empty; the first row has the columns' names")?;
    Ok(Table {
        header: header.cells,
        header_row: header.number,
        rows: rows.collect(),
    })
}

fn table_row(number: u64, cells: &[Data]) -> TableRow {
    let failed = cells.iter().enumerate();
    let failed = failed.filter(|(_, cell)| matches!(cell, Data::Error(_)));
    TableRow {
        number,
        cells: cells.iter().map(text).collect(),
        errors: failed.map(|(column, _)| column).collect(),
    }
}

fn is_empty(cells: &ByteRecord) -> bool {
    cells.iter().all(<[u8]>::is_empty)
}

/// What a cell has: a number with its digits, dates and times in the forms that docs/command.md
/// describes.
fn text(cell: &Data) -> String {
    match cell {
        Data::DateTime(time) => date_or_time(time).unwrap_or_else(|| number(time.as_f64())),
        Data::Float(value) => number(*value),
        Data::Bool(value) => value.to_string().to_uppercase(),
        other => other.to_string(),
    }
}

/// The digits that a spreadsheet shows: a fraction has up to 15, and further ones are noise of its
/// arithmetic. A whole number has all, without an exponent.
fn number(value: f64) -> String {
    let shown = format!("{value:.14e}").parse().ok();
    let shown = shown.filter(|_| value.fract() != 0.0);
    shown.unwrap_or(value).to_string()
}

const MS_PER_DAY: f64 = 86_400_000.0;
/// The first day after 9999, which no spreadsheet shows.
const END: f64 = 2_958_466.0;

/// `None` if it is out of the range that spreadsheets show.
fn date_or_time(time: &ExcelDateTime) -> Option<String> {
    let value = time.as_f64();
    if value.abs() >= END || (time.is_datetime() && value < 0.0) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the range is checked above"
    )]
    let ms = (value * MS_PER_DAY).round() as i64;
    let of_day = ms % 86_400_000;
    if time.is_duration() {
        let sign = if ms < 0 { "-" } else { "" };
        return Some(format!("{sign}{}", clock(ms.abs())));
    }
    // A time of no day is stored as one of day 0.
    if ms < 86_400_000 {
        return Some(clock(of_day));
    }
    // The whole day, since calamine rounds the day and the time of it apart. The epoch is private.
    let is_1904 = *time == ExcelDateTime::new(value, ExcelDateTimeType::DateTime, true);
    #[expect(clippy::cast_precision_loss, reason = "the range is checked above")]
    let day = (ms / 86_400_000) as f64;
    let day = ExcelDateTime::new(day, ExcelDateTimeType::DateTime, is_1904);
    let (year, month, day, ..) = day.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    Some(if of_day == 0 {
        date
    } else {
        format!("{date}T{}", clock(of_day))
    })
}

/// Hours, minutes and seconds, and milliseconds if there are any.
fn clock(ms: i64) -> String {
    let (seconds, ms) = (ms / 1000, ms % 1000);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let fraction = if ms == 0 {
        String::new()
    } else {
        format!(".{ms:03}")
    };
    format!("{hours:02}:{minutes:02}:{seconds:02}{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(value: f64, kind: ExcelDateTimeType) -> String {
        text(&Data::DateTime(ExcelDateTime::new(value, kind, false)))
    }

    #[test]
    fn dates_times_and_durations_are_told_apart() {
        use ExcelDateTimeType::{DateTime, TimeDelta};
        for (value, kind, expected) in [
            (45_775.0, DateTime, "2025-04-28"),
            (45_775.5, DateTime, "2025-04-28T12:00:00"),
            (45_775.000_001_5, DateTime, "2025-04-28T00:00:00.130"),
            (45_775.999_999_999_9, DateTime, "2025-04-29"),
            (61.0, DateTime, "1900-03-01"),
            (0.0, DateTime, "00:00:00"),
            (0.5, DateTime, "12:00:00"),
            (0.395_833_333_333_333, DateTime, "09:30:00"),
            (1.5, TimeDelta, "36:00:00"),
            (0.041_666_666_666_666_7, TimeDelta, "01:00:00"),
            (-0.5, TimeDelta, "-12:00:00"),
            // Nothing is a date here.
            (-1.0, DateTime, "-1"),
            (1e300, DateTime, &1e300.to_string()),
            (3_000_000.5, TimeDelta, "3000000.5"),
        ] {
            assert_eq!(shown(value, kind), expected, "{value}");
        }
    }

    #[test]
    fn a_workbook_may_count_from_1904() {
        let time = ExcelDateTime::new(44_313.25, ExcelDateTimeType::DateTime, true);
        assert_eq!(text(&Data::DateTime(time)), "2025-04-28T06:00:00");
    }

    #[test]
    fn numbers_are_those_that_are_shown() {
        for (value, expected) in [
            (8_613_800_000_001.0, "8613800000001"),
            (120.5, "120.5"),
            (0.1 + 0.2, "0.3"),
            (120.100_000_000_000_01, "120.1"),
            (1_234_567_890_123_456.0, "1234567890123456"),
            (-0.07, "-0.07"),
        ] {
            assert_eq!(text(&Data::Float(value)), expected);
        }
        assert_eq!(text(&Data::Bool(true)), "TRUE");
    }
}
