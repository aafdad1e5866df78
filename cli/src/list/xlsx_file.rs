//! XLSX workbooks.

use std::io::{Read, Seek};

use calamine::{Data, ExcelDateTime, Reader, Xlsx};
use csv::ByteRecord;

use crate::list::table::Table;

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
        .zip(range.rows().map(record))
        .filter(|(_, cells)| !is_empty(cells));
    let (header_row, header) = rows
        .next()
        .ok_or("its sheet is empty; the first row has the columns' names")?;
    Ok(Table {
        header,
        header_row,
        rows: rows.collect(),
    })
}

fn record(cells: &[Data]) -> ByteRecord {
    cells.iter().map(text).collect()
}

fn is_empty(cells: &ByteRecord) -> bool {
    cells.iter().all(<[u8]>::is_empty)
}

/// What a cell has, not what it shows: a number has all of its digits, and a date is in the form of
/// ISO 8601.
fn text(cell: &Data) -> String {
    match cell {
        Data::DateTime(time) if time.is_datetime() => date(time),
        // A number of up to 15 digits is exact, and `Display` writes no exponent.
        other => other.to_string(),
    }
}

fn date(time: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) {
        date
    } else {
        format!("{date}T{hour:02}:{minute:02}:{second:02}")
    }
}
