//! `vectors/api.json`: the tables of requests and of received messages, for tests in any language.
//!
//! `CALLBOT_WRITE_API_JSON=1 cargo test -p callbot-core --lib api_json` writes it again.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use std::path::Path;
use std::{env, fs};

use crate::api::content::ContentKind;
use crate::api::contents;
use crate::api::endpoint::Endpoint;
use crate::api::{tables, task};
use crate::batch::from_json::{CALL_LIST, ORDER_KEYS, PARAM_KEYS};
use crate::batch::order::{ORDER_ID, PARAMS};
use crate::check::violation::ORDER;
use crate::json::keys::Key;
use crate::json::schema::{Kind, Row, Rule, Table};
use crate::json::table;

/// The members of a JSON object, one after the other.
type Members = Vec<(&'static str, String)>;

fn quoted(string: &str) -> String {
    serde_json::to_string(string).expect("a string is JSON")
}

fn line(members: &Members) -> String {
    let members: Vec<String> = members
        .iter()
        .map(|(key, value)| format!("\"{key}\": {value}"))
        .collect();
    format!("{{{}}}", members.join(", "))
}

/// An object of rows, each on a line of its own.
fn object(is_open: Option<bool>, rows: &[Members], indent: usize) -> String {
    let pad = " ".repeat(indent);
    let open = is_open.map_or(String::new(), |is_open| format!("\"open\": {is_open}, "));
    if rows.is_empty() {
        return format!("{{{open}\"rows\": []}}");
    }
    let rows: Vec<String> = rows
        .iter()
        .map(|row| format!("{pad}  {}", line(row)))
        .collect();
    format!("{{{open}\"rows\": [\n{}\n{pad}]}}", rows.join(",\n"))
}

fn request(table: &Table, indent: usize) -> String {
    let rows: Vec<Members> = table
        .rows
        .iter()
        .map(|row| request_row(row, indent + 2))
        .collect();
    object(Some(table.is_open), &rows, indent)
}

fn request_row(row: &Row, indent: usize) -> Members {
    let (kind, presence, nested) = match row.kind {
        Kind::String => ("string", "documented", None),
        Kind::Integer => ("integer", "documented", None),
        Kind::Boolean => ("boolean", "documented", None),
        Kind::Strings => ("strings", "documented", None),
        Kind::Integers => ("integers", "documented", None),
        Kind::Object(table) => ("object", "documented", Some(table)),
        Kind::Any(table) => ("any", "example", table),
    };
    let presence = match (presence, row.is_required) {
        ("documented", true) => "required",
        ("documented", false) => "optional",
        _ => "example",
    };
    let mut members = Vec::from([
        ("key", quoted(row.key)),
        ("path", quoted(row.path)),
        ("presence", quoted(presence)),
        ("kind", quoted(kind)),
    ]);
    if row.is_nullable {
        members.push(("null", "true".into()));
    }
    match row.rule {
        Rule::None => {}
        Rule::NotEmpty => members.push(("notEmpty", "true".into())),
        Rule::Constant(value) => members.push(("constant", quoted(value))),
        Rule::Range(min, max) => members.push(("range", format!("[{min}, {max}]"))),
        Rule::AtMost(max) => members.push(("atMost", format!("{max}"))),
    }
    if row.is_id {
        members.push(("id", "true".into()));
    }
    if row.path == task::CALL_INFO_LIST {
        members.push(("object", call_info_list(nested, indent)));
    } else if let Some(table) = nested {
        members.push(("object", request(table, indent)));
    }
    members
}

/// `callInfoList` with its orders, which are read without a table.
fn call_info_list(table: Option<&Table>, indent: usize) -> String {
    let rows = table.into_iter().flat_map(|table| table.rows);
    let mut rows: Vec<Members> = rows.map(|row| request_row(row, indent + 2)).collect();
    rows.push(Vec::from([
        ("key", quoted("callList")),
        ("path", quoted(CALL_LIST)),
        ("presence", quoted("required")),
        ("kind", quoted("objects")),
        ("object", keys(ORDER_KEYS, indent + 2)),
    ]));
    object(Some(false), &rows, indent)
}

fn keys<F>(keys: &[Key<F>], indent: usize) -> String {
    let row = |key: &Key<F>| {
        let is_list = key.pattern == PARAMS;
        let mut members = Vec::from([
            ("key", quoted(key.name)),
            ("path", quoted(key.pattern)),
            ("presence", quoted("required")),
            ("kind", quoted(if is_list { "objects" } else { "string" })),
        ]);
        if key.pattern == ORDER_ID {
            members.push(("id", "true".into()));
        }
        if is_list {
            members.push(("object", self::keys(PARAM_KEYS, indent + 2)));
        }
        members
    };
    let rows: Vec<Members> = keys.iter().map(row).collect();
    object(Some(false), &rows, indent)
}

fn message(table: &table::Table, indent: usize) -> String {
    let row = |row: &table::Row| {
        let (kind, nested) = match row.kind {
            table::Kind::String => ("string", None),
            table::Kind::Integer => ("integer", None),
            table::Kind::Digits => ("digits", None),
            table::Kind::Number => ("number", None),
            table::Kind::Boolean => ("boolean", None),
            table::Kind::Object(table) => ("object", Some(table)),
            table::Kind::List(table) => ("objects", Some(table)),
        };
        let presence = match row.presence {
            table::Presence::Required => "required",
            table::Presence::Optional => "optional",
            table::Presence::Example => "example",
        };
        let mut members = Vec::from([
            ("key", quoted(row.key)),
            ("presence", quoted(presence)),
            ("kind", quoted(kind)),
        ]);
        match row.essential {
            table::Essential::No => {}
            table::Essential::Yes => members.push(("essential", "true".into())),
            table::Essential::Or(other) => members.push(("essentialOr", quoted(other))),
        }
        if let Some(table) = nested {
            members.push(("object", message(table, indent + 2)));
        }
        members
    };
    let rows: Vec<Members> = table.rows.iter().map(row).collect();
    object(None, &rows, indent)
}

fn section(name: &str, entries: impl Iterator<Item = (&'static str, String)>) -> String {
    let entries: Vec<String> = entries
        .map(|(name, table)| format!("    \"{name}\": {table}"))
        .collect();
    format!("  \"{name}\": {{\n{}\n  }}", entries.join(",\n"))
}

fn api_json() -> String {
    let endpoints = || Endpoint::ALL.iter().copied();
    let requests =
        endpoints().map(|endpoint| (endpoint.name(), request(tables::of_request(endpoint), 4)));
    let responses = endpoints().map(|endpoint| {
        let table = contents::table_of(ContentKind::Response, Some(endpoint));
        (endpoint.name(), message(table, 4))
    });
    let callbacks = [
        ("callCallback", ContentKind::CallCallback),
        ("orderCallback", ContentKind::OrderCallback),
        ("taskCallback", ContentKind::TaskCallback),
    ];
    let callbacks =
        callbacks.map(|(name, kind)| (name, message(contents::table_of(kind, None), 4)));
    let sections = [
        section("requests", requests),
        section("responses", responses),
        section("callbacks", callbacks.into_iter()),
    ];
    format!("{{\n{}\n}}\n", sections.join(",\n"))
}

#[test]
fn the_exported_tables_are_these() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors/api.json");
    let made = api_json();
    if env::var_os("CALLBOT_WRITE_API_JSON").is_some() {
        fs::write(&path, &made).expect("the file can be written");
    }
    let committed = fs::read_to_string(&path).expect("the file can be read");
    assert!(
        made == committed,
        "vectors/api.json is not what the tables say; write it again as the comment above says"
    );
}

/// A row's path is the key's, below the path of its object.
#[test]
fn every_path_ends_with_its_key() {
    fn check(table: &Table, parent: &str) {
        for row in table.rows {
            assert_eq!(row.path, format!("{parent}/{}", row.key));
            match row.kind {
                Kind::Object(table) => check(table, row.path),
                // Its rows may be those of an object, or of the objects in a list.
                Kind::Any(Some(table)) => {
                    let is_list = table.rows[0].path.starts_with(row.element);
                    check(table, if is_list { row.element } else { row.path });
                }
                Kind::Strings | Kind::Integers => {
                    assert_eq!(row.element, format!("{}/*", row.path));
                }
                _ => {}
            }
        }
    }
    for &endpoint in Endpoint::ALL {
        check(tables::of_request(endpoint), "");
    }
    for key in ORDER_KEYS {
        assert_eq!(key.pattern, format!("{ORDER}/{}", key.name));
    }
    for key in PARAM_KEYS {
        assert_eq!(key.pattern, format!("{PARAMS}/*/{}", key.name));
    }
    assert_eq!(ORDER, format!("{CALL_LIST}/*"));
}
