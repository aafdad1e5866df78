//! Which column is what.

use callbot_core::Violation;
use csv::ByteRecord;

use crate::check::settings::Settings;
use crate::failure::{Failure, misuse};
use crate::visible::visible;

/// The fields of an order, by the API's names.
const FIELDS: [&str; 5] = ["orderID", "userPhone", "userName", "customerName", "other"];
const ORDER_ID: usize = 0;
const USER_PHONE: usize = 1;
const USER_NAME: usize = 2;
const CUSTOMER_NAME: usize = 3;
const OTHER: usize = 4;

/// What the columns of a list are.
pub(super) struct Columns {
    /// The column of each of the [`FIELDS`].
    fields: [Option<usize>; FIELDS.len()],
    /// The params' names and their columns.
    params: Vec<(Vec<u8>, usize)>,
    /// The columns that are not sent.
    unsent: Vec<usize>,
    count: usize,
}

impl Columns {
    pub(super) fn find(header: &ByteRecord, settings: &Settings) -> Result<Self, Failure> {
        let mut columns = Self {
            fields: [None; FIELDS.len()],
            params: Vec::new(),
            unsent: Vec::new(),
            count: header.len(),
        };
        let mut is_open = vec![true; header.len()];
        for (name, column) in &settings.map {
            let index = position(header, column)
                .ok_or_else(|| no_column("--map", column, header, settings))?;
            if !std::mem::replace(&mut is_open[index], false) {
                return Err(misuse("--map: one column is mapped twice; map each once"));
            }
            columns.set(name.as_bytes(), index)?;
        }
        for column in &settings.ignore {
            let index = position(header, column)
                .ok_or_else(|| no_column("--ignore", column, header, settings))?;
            if std::mem::replace(&mut is_open[index], false) {
                columns.unsent.push(index);
            }
        }
        let mut further = Vec::new();
        for (index, name) in header
            .iter()
            .enumerate()
            .filter(|(index, _)| is_open[*index])
        {
            match FIELDS.iter().position(|field| is_like(name, field)) {
                // A column that was mapped comes before one that only has the name.
                Some(field) if columns.fields[field].is_none() => {
                    columns.fields[field] = Some(index);
                }
                Some(_) => {
                    return Err(misuse(format!(
                        "columns with the name of one field are there twice, the second one is \
                         column {}; give one with --map, and the other one with --ignore",
                        index + 1
                    )));
                }
                None if name.is_empty() => columns.unsent.push(index),
                None => further.push(index),
            }
        }
        for (field, name) in [(ORDER_ID, "orderID"), (USER_PHONE, "userPhone")] {
            if columns.fields[field].is_none() {
                return Err(misuse(format!(
                    "no column is named {name}; name it with --map {name}=COLUMN. {}",
                    there_are(header, settings)
                )));
            }
        }
        columns.add_params(header, further, settings)?;
        columns.unsent.sort_unstable();
        Ok(columns)
    }

    /// Further columns are params; of a known template, those with its names.
    fn add_params(
        &mut self,
        header: &ByteRecord,
        further: Vec<usize>,
        settings: &Settings,
    ) -> Result<(), Failure> {
        for index in further {
            let name = &header[index];
            let is_sent = match &settings.params {
                Some(params) => params.iter().any(|param| param.as_bytes() == name),
                None => true,
            };
            if is_sent {
                self.set(name, index)?;
            } else {
                self.unsent.push(index);
            }
        }
        for param in settings.params.iter().flatten() {
            if !self.params.iter().any(|(name, _)| name == param.as_bytes()) {
                return Err(no_column("--param", param, header, settings));
            }
        }
        Ok(())
    }

    fn set(&mut self, name: &[u8], index: usize) -> Result<(), Failure> {
        let twice = || {
            misuse(format!(
                "two columns have one name, the second one is column {}; rename it, or leave it out \
                 with --ignore",
                index + 1
            ))
        };
        if let Some(field) = FIELDS.iter().position(|field| field.as_bytes() == name) {
            return match self.fields[field].replace(index) {
                Some(_) => Err(twice()),
                None => Ok(()),
            };
        }
        if self.params.iter().any(|(known, _)| known == name) {
            return Err(twice());
        }
        self.params.push((name.into(), index));
        Ok(())
    }

    /// The cell of a field in a row; empty if the list has no such column.
    fn cell<'r>(&self, field: usize, row: &'r ByteRecord) -> &'r [u8] {
        self.fields[field]
            .and_then(|index| row.get(index))
            .unwrap_or_default()
    }

    pub(super) fn order_id<'r>(&self, row: &'r ByteRecord) -> &'r [u8] {
        self.cell(ORDER_ID, row)
    }

    pub(super) fn user_phone<'r>(&self, row: &'r ByteRecord) -> &'r [u8] {
        self.cell(USER_PHONE, row)
    }

    pub(super) fn user_name<'r>(&self, row: &'r ByteRecord) -> &'r [u8] {
        self.cell(USER_NAME, row)
    }

    pub(super) fn customer_name<'r>(&self, row: &'r ByteRecord) -> &'r [u8] {
        self.cell(CUSTOMER_NAME, row)
    }

    pub(super) fn other<'r>(&self, row: &'r ByteRecord) -> &'r [u8] {
        self.cell(OTHER, row)
    }

    /// How many columns the list has.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// The column of the orders' IDs.
    pub(super) fn order_id_column(&self) -> Option<usize> {
        self.fields[ORDER_ID]
    }

    /// The column of the phone numbers.
    pub(super) fn user_phone_column(&self) -> Option<usize> {
        self.fields[USER_PHONE]
    }

    /// The params' names and columns.
    pub(super) fn params(&self) -> &[(Vec<u8>, usize)] {
        &self.params
    }

    /// The columns that are not sent.
    pub(super) fn unsent(&self) -> &[usize] {
        &self.unsent
    }

    /// What each other column is, by the API's names, for a report.
    pub(super) fn names(&self) -> Vec<(usize, String)> {
        let fields = FIELDS.iter().zip(self.fields);
        let fields = fields.filter_map(|(field, index)| Some((index?, (*field).to_owned())));
        let params = self
            .params
            .iter()
            .map(|(name, index)| (*index, String::from_utf8_lossy(name).into_owned()));
        let mut names: Vec<_> = fields.chain(params).collect();
        names.sort_unstable();
        names
    }

    /// The column that a violation is in. `None` if it is the whole row.
    pub(super) fn of_violation(&self, violation: &Violation) -> Option<usize> {
        let path = violation.path();
        if let Some((_, param)) = path.split_once("/params/") {
            let index: usize = param.split('/').next()?.parse().ok()?;
            return self.params.get(index).map(|(_, column)| *column);
        }
        let field = FIELDS
            .iter()
            .position(|field| *field == violation.field())?;
        self.fields[field]
    }
}

/// A column by its name, exactly or in another case.
fn position(header: &ByteRecord, column: &str) -> Option<usize> {
    let exactly = header.iter().position(|name| name == column.as_bytes());
    exactly.or_else(|| header.iter().position(|name| is_like(name, column)))
}

/// An option names a column that is not there, or that is not free for a param.
fn no_column(option: &str, name: &str, header: &ByteRecord, settings: &Settings) -> Failure {
    let shown = visible(&format!("{name:?}"));
    let is_there = header.iter().any(|column| column == name.as_bytes());
    let near = header.iter().any(|column| is_like(column, name));
    misuse(if is_there {
        format!(
            "{option} {shown}: the column with this name is used otherwise, as a field or by --map \
             or --ignore; name another one with --map"
        )
    } else if near {
        format!(
            "{option} {shown}: the column with this name is written otherwise in the first row; \
             rename it or name it with --map. {}",
            there_are(header, settings)
        )
    } else {
        format!(
            "{option} {shown}: no column has this name. {}",
            there_are(header, settings)
        )
    })
}

/// How many names are told at most.
const TOLD: usize = 50;

/// The names of the columns. They are told only if the first row has one of the names that were
/// looked for: otherwise it may be a contact.
fn there_are(header: &ByteRecord, settings: &Settings) -> String {
    let mapped = settings.map.iter().map(|(_, column)| column.as_str());
    let is_header = FIELDS[..=USER_PHONE]
        .iter()
        .copied()
        .chain(mapped)
        .any(|name| position(header, name).is_some());
    if !is_header {
        return "The first row has to have the columns' names".into();
    }
    let names: Vec<_> = header
        .iter()
        .take(TOLD)
        .map(|name| format!("{:?}", String::from_utf8_lossy(name)))
        .collect();
    let more = if header.len() > TOLD { ", ..." } else { "" };
    visible(&format!("The columns are {}{more}", names.join(", ")))
}

/// Whether a column's name has the letters and digits of another one, whatever their case and what
/// is between them: `user_phone` and `User Phone` are `userPhone`.
fn is_like(name: &[u8], other: &str) -> bool {
    let Ok(name) = std::str::from_utf8(name) else {
        return false;
    };
    let letters = |text: &str| -> String {
        let is_separator = |c: char| matches!(c, ' ' | '_' | '-');
        text.trim()
            .chars()
            .filter(|&c| !is_separator(c))
            .flat_map(char::to_lowercase)
            .collect()
    };
    let name = letters(name);
    !name.is_empty() && name == letters(other)
}
