//! Which column is what.

use callbot_core::Violation;
use csv::ByteRecord;

use crate::check::settings::Settings;
use crate::failure::{Failure, misuse};

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
            let index = position(header, column)?;
            if !std::mem::replace(&mut is_open[index], false) {
                return Err(misuse("--map: one column is mapped twice; map each once"));
            }
            columns.set(name.as_bytes(), index)?;
        }
        for column in &settings.ignore {
            let index = position(header, column)?;
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
                    "no column is named {name}; name it with --map {name}=COLUMN. The first row has \
                     the columns' names"
                )));
            }
        }
        columns.add_params(header, further, settings)?;
        columns.unsent.sort_unstable();
        Ok(columns)
    }

    /// Further columns are params. Of a known template it is those with its names; if one of its
    /// variables has no column, all are, so that the core tells which of them nearly has its name.
    fn add_params(
        &mut self,
        header: &ByteRecord,
        further: Vec<usize>,
        settings: &Settings,
    ) -> Result<(), Failure> {
        let is_sent = |name: &[u8]| match &settings.params {
            Some(params) => params.iter().any(|param| param.as_bytes() == name),
            None => true,
        };
        let has_column = |param: &String| {
            let mut names = self.params.iter().map(|(name, _)| name.as_slice());
            let mut names = names
                .by_ref()
                .chain(further.iter().map(|&index| &header[index]));
            names.any(|name| name == param.as_bytes())
        };
        let is_complete = settings.params.iter().flatten().all(has_column);
        for index in further {
            let name = &header[index];
            if is_sent(name) || !is_complete {
                self.set(name, index)?;
            } else {
                self.unsent.push(index);
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
fn position(header: &ByteRecord, column: &str) -> Result<usize, Failure> {
    let exactly = header.iter().position(|name| name == column.as_bytes());
    let alike = || header.iter().position(|name| is_like(name, column));
    exactly.or_else(alike).ok_or_else(|| {
        misuse(
            "a column of --map or --ignore is not in the first row; write its name as it is there",
        )
    })
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
