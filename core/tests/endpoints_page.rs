//! `docs/endpoints.md` against `vectors/api.json`: each endpoint and callback has its section, and
//! each section the tables that callbot checks and reads by.
//!
//! `CALLBOT_WRITE_ENDPOINTS=1 cargo test -p callbot-core --test endpoints_page` writes the tables
//! again, below the line `<!-- tables -->` of each section.

mod common;

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use callbot_core::Endpoint;
use common::{names_in, path, read};
use serde_json::Value;

const PAGE: &str = "../docs/endpoints.md";
const MARK: &str = "<!-- tables -->\n";

const CALLBACKS: [&str; 3] = ["callCallback", "orderCallback", "taskCallback"];

/// Objects with a section of their own, and one of the places where each stands in the tables.
const SHARED: [(&str, &str); 5] = [
    ("callInfoList", "/requests/addBatchCall"),
    ("taskCreateSetting", "/requests/updateTask"),
    ("funcFlag", "/requests/updateTask"),
    ("callInfoDetail", "/callbacks/callCallback"),
    ("taskStat", "/callbacks/taskCallback"),
];

#[test]
fn the_page_has_the_tables() {
    let page = path(PAGE);
    let text = String::from_utf8(read(&page)).expect("UTF-8");
    let written = with_tables(&text);
    if env::var_os("CALLBOT_WRITE_ENDPOINTS").is_some() {
        fs::write(&page, &written).expect("the page can be written");
    }
    for (found, wanted) in text.lines().zip(written.lines()) {
        assert_eq!(
            found, wanted,
            "write the tables again, as the comment above says"
        );
    }
    assert_eq!(text, written);
}

/// Every endpoint and callback is in the summary, with names that each language has.
#[test]
fn the_summary_names_what_exists() {
    let text = String::from_utf8(read(path(PAGE))).expect("UTF-8");
    let rust = sources(&path("src"), "rs");
    let go = sources(&path("../go"), "go");
    let endpoints = Endpoint::ALL.iter().map(|endpoint| endpoint.name());
    for name in endpoints.chain(CALLBACKS) {
        let begin = format!("| [{name}](#{}) |", name.to_lowercase());
        let row = text.lines().find(|line| line.starts_with(&begin));
        let row = row.unwrap_or_else(|| panic!("the summary has no {name}"));
        let cells: Vec<&str> = row.split(" | ").collect();
        let [_, _, in_rust, in_go, received] = cells[..] else {
            panic!("{row}");
        };
        for word in words(in_rust).chain(words(received)) {
            let found = ["pub struct ", "pub fn "].map(|kind| format!("{kind}{word}"));
            assert!(
                found.iter().any(|found| rust.contains(found)),
                "{name}: {word}"
            );
        }
        for word in words(in_go).chain(words(received)) {
            let found = [format!("\ntype {word} "), format!("\nfunc {word}(")];
            assert!(
                found.iter().any(|found| go.contains(found)),
                "{name}: {word}"
            );
        }
    }
}

/// The names in a cell, such as `Batch` and `new` of `Batch::new`.
fn words(cell: &str) -> impl Iterator<Item = &str> {
    let words = cell.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.filter(|word| !word.is_empty())
}

/// The text of all sources below a folder.
fn sources(folder: &Path, extension: &str) -> String {
    let mut text = String::new();
    for name in names_in(folder) {
        let path = folder.join(name);
        if path.is_dir() {
            text.push_str(&sources(&path, extension));
        } else if path.extension().is_some_and(|found| found == extension) {
            text.push_str(&String::from_utf8(read(path)).expect("UTF-8"));
        }
    }
    text
}

/// The page with the tables of each section below its mark.
fn with_tables(page: &str) -> String {
    let tables = Tables::read();
    let mut sections = page.split("\n## ");
    let mut written = sections.next().expect("the page's head").to_owned();
    let mut names = Vec::new();
    for section in sections {
        let (name, _) = section.split_once('\n').expect("a heading's line");
        let _ = write!(written, "\n## ");
        if let Some((prose, _)) = section.split_once(MARK) {
            names.push(name);
            let _ = write!(written, "{prose}{MARK}\n{}", tables.of(name));
        } else {
            written.push_str(section);
        }
    }
    let endpoints = Endpoint::ALL.iter().map(|endpoint| endpoint.name());
    let wanted = endpoints
        .chain(CALLBACKS)
        .chain(SHARED.map(|(name, _)| name));
    assert_eq!(
        names,
        wanted.collect::<Vec<_>>(),
        "the sections with tables"
    );
    written
}

/// `vectors/api.json`.
struct Tables {
    api: Value,
}

impl Tables {
    fn read() -> Self {
        let api = serde_json::from_slice(&read(path("../vectors/api.json"))).expect("JSON");
        Self { api }
    }

    /// The tables of a section.
    fn of(&self, name: &str) -> String {
        let mut text = String::new();
        let mut add = |title: &str, object: &Value| {
            let _ = writeln!(text, "{title}\n");
            let _ = writeln!(
                text,
                "| Key | Type | Required | Rule |\n| --- | --- | --- | --- |"
            );
            self.rows(object, "", &mut text);
            text.push('\n');
            if object["open"] == true {
                text.push_str("Further keys are allowed.\n\n");
            }
        };
        if let Some((_, place)) = SHARED.iter().find(|(shared, _)| *shared == name) {
            add("Its fields:", self.shared(name, place));
        } else if CALLBACKS.contains(&name) {
            add("The callback:", &self.api["callbacks"][name]);
        } else {
            add("The request:", &self.api["requests"][name]);
            add("The response:", &self.api["responses"][name]);
        }
        // The blank line before the next heading is the split's.
        text.pop();
        text
    }

    /// The object that has a section of its own.
    fn shared(&self, name: &str, place: &str) -> &Value {
        let rows = self.api.pointer(place).expect("a table")["rows"].as_array();
        let mut rows = rows.expect("rows").iter();
        &rows
            .find(|row| row["key"] == name)
            .expect("the object's row")["object"]
    }

    fn rows(&self, object: &Value, before: &str, text: &mut String) {
        for row in object["rows"].as_array().expect("rows") {
            let key = row["key"].as_str().expect("a key");
            let key = if key.ends_with(' ') {
                format!("{before}\"{key}\"")
            } else {
                format!("{before}{key}")
            };
            let nested = &row["object"];
            let own = SHARED.iter().find(|(name, place)| {
                !nested.is_null() && same_rows(self.shared(name, place), nested)
            });
            let mut rules = rules(row);
            if let Some((name, _)) = own {
                rules.push(format!("[{name}](#{})", name.to_lowercase()));
            }
            let (kind, presence) = (type_of(row), presence(row));
            let rules = rules.join(", ");
            let _ = writeln!(text, "| `{key}` | {kind} | {presence} | {rules} |");
            if own.is_none() && !nested.is_null() {
                let list = if is_list(row) { "[]" } else { "" };
                self.rows(nested, &format!("{key}{list}."), text);
            }
        }
    }
}

/// Whether two objects have the same rows, wherever they stand.
fn same_rows(a: &Value, b: &Value) -> bool {
    fn without_paths(object: &Value) -> String {
        let mut text = String::new();
        for row in object["rows"].as_array().expect("rows") {
            let object = &row["object"];
            let nested = (!object.is_null()).then(|| without_paths(object));
            let _ = write!(
                text,
                "{} {} {:?} {nested:?};",
                row["key"],
                row["kind"],
                rules(row)
            );
        }
        text
    }
    without_paths(a) == without_paths(b)
}

/// Whether the elements of an array have the object's rows. The type of an array that is known from
/// an example only is not told by its kind.
fn is_list(row: &Value) -> bool {
    let path = row["path"].as_str().unwrap_or_default();
    let first = row["object"]["rows"][0]["path"]
        .as_str()
        .unwrap_or_default();
    row["kind"] == "objects" || first.starts_with(&format!("{path}/*/"))
}

fn type_of(row: &Value) -> &'static str {
    match row["kind"].as_str().expect("a kind") {
        "any" => "any",
        "boolean" => "boolean",
        "digits" => "string of digits",
        "integer" => "integer",
        "integers" => "array of integers",
        "number" => "number",
        "object" => "object",
        "objects" => "array of objects",
        "string" => "string",
        "strings" => "array of strings",
        other => panic!("a name for the type {other}"),
    }
}

fn presence(row: &Value) -> &'static str {
    match row["presence"].as_str().expect("a presence") {
        "required" => "yes",
        "optional" => "no",
        "example" => "example",
        other => panic!("a name for the presence {other}"),
    }
}

fn rules(row: &Value) -> Vec<String> {
    let members = row.as_object().expect("an object").iter();
    let rule = |(name, value): (&String, &Value)| {
        Some(match name.as_str() {
            "key" | "path" | "kind" | "presence" | "object" => return None,
            "constant" => format!("`{value}`"),
            "notEmpty" => "not empty".into(),
            "null" => "or null".into(),
            "id" => "an ID".into(),
            "range" => format!("{} to {}", value[0], value[1]),
            "atMost" => format!("at most {value}"),
            "essential" => "essential".into(),
            "essentialOr" => format!("essential, or `{}`", value.as_str().expect("a key")),
            other => panic!("a name for the rule {other}"),
        })
    };
    members.filter_map(rule).collect()
}
