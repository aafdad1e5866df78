//! JSON: an array of objects, or the body of a request with orders.

use std::fmt;

use csv::ByteRecord;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::list::table::{Table, TableRow};

/// An object's members in their order, each as it is written.
struct Members<'j>(Vec<(String, &'j RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

#[derive(Deserialize)]
struct Param<'j> {
    name: String,
    #[serde(borrow)]
    value: &'j RawValue,
}

const SHAPE: &str = "it is neither a JSON array of objects nor a request with a callList";

/// Rows count from 1, and there is no row of names. An error says what is wrong, and shows nothing
/// of the list.
pub(super) fn read(json: &[u8]) -> Result<Table, String> {
    let json = json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json);
    let json =
        std::str::from_utf8(json).map_err(|_| "it is not UTF-8; export it again, as UTF-8")?;
    let contacts = contacts(json)?;
    let mut columns = Vec::new();
    let mut rows = Vec::with_capacity(contacts.len());
    for (number, contact) in (1..).zip(contacts) {
        let mut cells = vec![None; columns.len()];
        for (name, cell) in cells_of(contact, number)? {
            let index = columns.iter().position(|column| *column == name);
            let index = index.unwrap_or_else(|| {
                columns.push(name);
                cells.push(None);
                columns.len() - 1
            });
            if cells[index].replace(cell).is_some() {
                return Err(format!(
                    "row {number} has a duplicate key; remove one of them"
                ));
            }
        }
        rows.push((number, cells));
    }
    let record = |(number, mut cells): (u64, Vec<Option<String>>)| {
        cells.resize(columns.len(), None);
        TableRow {
            number,
            cells: cells.into_iter().map(Option::unwrap_or_default).collect(),
            errors: Vec::new(),
        }
    };
    let rows = rows.into_iter().map(record).collect();
    Ok(Table {
        header: ByteRecord::from(columns),
        header_row: 0,
        rows,
    })
}

/// The objects of the array, or of the request's callList.
fn contacts(json: &str) -> Result<Vec<Members<'_>>, String> {
    // The message of another error may show a value.
    let failed = |error: serde_json::Error| {
        if error.is_syntax() || error.is_eof() {
            let (line, column) = (error.line(), error.column());
            format!("it is not JSON at line {line}, column {column}")
        } else {
            SHAPE.to_owned()
        }
    };
    if json.trim_start().starts_with('[') {
        return serde_json::from_str(json).map_err(failed);
    }
    let mut at = json;
    for key in ["callInfoList", "callList"] {
        let Members(members) = serde_json::from_str(at).map_err(failed)?;
        let found = members.into_iter().find(|(name, _)| name == key);
        at = found.ok_or(SHAPE)?.1.get();
    }
    serde_json::from_str(at).map_err(failed)
}

/// The cells of a contact. `params` of the API's form are a column each.
fn cells_of(Members(members): Members<'_>, number: u64) -> Result<Vec<(String, String)>, String> {
    let mut cells = Vec::with_capacity(members.len());
    for (name, value) in members {
        if name == "params" && value.get().starts_with('[') {
            let params: Vec<Param<'_>> = serde_json::from_str(value.get())
                .map_err(|_| format!("row {number}: params are objects with name and value"))?;
            cells.extend(
                params
                    .into_iter()
                    .map(|param| (param.name, text(param.value))),
            );
        } else {
            cells.push((name, text(value)));
        }
    }
    Ok(cells)
}

/// A string's content. A number has exactly the digits that were written, and null is empty.
fn text(value: &RawValue) -> String {
    match value.get() {
        "null" => String::new(),
        json => serde_json::from_str(json).unwrap_or_else(|_| json.to_owned()),
    }
}
