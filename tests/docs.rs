//! Compares the pages with the sources: every relative link has its target, and `docs/errors.md`
//! lists every code.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const ERRORS: &str = "docs/errors.md";

/// The most lines of the README.
const MAX_README_LINES: usize = 200;

#[test]
fn the_readme_is_short() {
    let lines = read("README.md").lines().count();
    assert!(lines <= MAX_README_LINES, "{lines} lines");
}

#[test]
fn every_relative_link_has_its_target() {
    let mut checked = 0;
    for page in support::pages() {
        let text = read(&page);
        for link in links(&text) {
            if !link.contains("://") {
                checked += 1;
                if let Err(why) = check_link(&page, link) {
                    panic!("{page}: the link {link}: {why}");
                }
            }
        }
    }
    assert!(checked > 30, "only {checked} links were found");
}

/// crates.io shows this page without the repository beside it.
#[test]
fn the_crates_page_links_to_nothing_beside_it() {
    let text = read("core/README.md");
    for link in links(&text) {
        let works = link.starts_with('#') || link.starts_with("https://");
        assert!(works, "core/README.md: the link {link}");
    }
}

/// The checks above find links that lead nowhere.
#[test]
fn wrong_links_are_found() {
    let text =
        "[a](README.md) and\n```text\n[b](no.md)\n```\n`[c](no.md)` [d](docs/errors.md#errors)";
    assert_eq!(links(text), ["README.md", "docs/errors.md#errors"]);
    assert_eq!(check_link("README.md", "docs/errors.md#errors"), Ok(()));
    assert_eq!(check_link(ERRORS, "../README.md"), Ok(()));
    assert_eq!(check_link(ERRORS, "#errors"), Ok(()));
    assert!(check_link("README.md", "docs/error.md").is_err());
    assert!(check_link("README.md", "docs/errors.md#error").is_err());
    assert!(check_link(ERRORS, "README.md").is_err());
    let headings = "# The `a_b` key, \"c\"\n## C\n## C++\n```sh\n# no heading\n```\n";
    assert_eq!(anchors(headings), ["the-a_b-key-c", "c", "c-1"]);
}

#[test]
fn every_code_is_listed() {
    let in_sources = codes_in_sources();
    let text = read(ERRORS);
    let rows: Vec<_> = text.lines().filter_map(code_of_row).collect();
    let listed: BTreeSet<_> = rows.iter().map(|&code| code.to_owned()).collect();
    assert_eq!(listed.len(), rows.len(), "{ERRORS} lists a code twice");
    let missing: Vec<_> = in_sources.difference(&listed).collect();
    assert!(missing.is_empty(), "{ERRORS} does not list {missing:?}");
    let gone: Vec<_> = listed.difference(&in_sources).collect();
    assert!(gone.is_empty(), "no source has the codes {gone:?}");
}

/// Every code of Rust has a constant in the C header.
#[test]
fn every_code_of_rust_is_a_constant_of_c() {
    let header = read("include/callbot.h");
    let names = header.split("#define CALLBOT_CODE_").skip(1);
    let constants: BTreeSet<_> = names
        .map(|name| name.split(' ').next().expect("a name").to_lowercase())
        .collect();
    assert_eq!(constants, codes_of_rust());
}

/// The code in the first cell of a table's row, as in ``| `phone_plus` | ... | ... |``.
fn code_of_row(line: &str) -> Option<&str> {
    let (code, rest) = line.strip_prefix("| `")?.split_once("` | ")?;
    let cells = rest.trim_end_matches(" |").split(" | ");
    assert!(
        cells.clone().count() >= 2 && cells.clone().all(|cell| !cell.is_empty()),
        "{line}"
    );
    Some(code)
}

/// Returns every code of an error, from the places where each language has them.
fn codes_in_sources() -> BTreeSet<String> {
    let mut codes = codes_of_rust();
    codes.extend(codes_after_statuses(&["include/callbot.hpp".into()]));
    for expected in ["null_pointer", "panic", "abi_version"] {
        assert!(codes.contains(expected), "C and C++ have only {codes:?}");
    }

    // The errors of the Go package.
    for file in files("go", "go") {
        let text = read(&file);
        codes.extend(text.split("Code: ").skip(1).filter_map(first_code));
    }
    assert!(codes.contains("replays_full"), "Go has only {codes:?}");
    codes
}

/// Returns the codes of the core and of the C library.
fn codes_of_rust() -> BTreeSet<String> {
    // The functions `code`.
    let mut codes = BTreeSet::new();
    for file in files("core/src", "rs").iter().chain(&files("src", "rs")) {
        for body in read(file).split("fn code(").skip(1).map(body_of_function) {
            codes.extend(strings(body).filter(|string| is_code(string)));
        }
    }
    assert!(codes.len() > 60, "the core has only {codes:?}");
    codes.extend(codes_after_statuses(&files("src", "rs")));
    codes
}

/// Returns the codes of failures in C and C++: each comes after a status.
fn codes_after_statuses(files: &[String]) -> BTreeSet<String> {
    let name = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    let mut codes = BTreeSet::new();
    for file in files {
        for after in read(file).split("CALLBOT_").skip(1) {
            let after = after.trim_start_matches(name).strip_prefix(',');
            codes.extend(after.and_then(first_code));
        }
    }
    codes
}

/// Returns the string literal that a piece of source starts with, if it is a code.
fn first_code(text: &str) -> Option<String> {
    let string = text.trim_start().strip_prefix('"')?;
    let (code, _) = string.split_once('"')?;
    is_code(code).then(|| code.to_owned())
}

fn is_code(string: &str) -> bool {
    !string.is_empty()
        && string
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
}

/// The text up to the bracket that closes the first one opened.
fn body_of_function(text: &str) -> &str {
    let mut depth = 0;
    for (place, found) in text.char_indices() {
        match found {
            // A declaration without a body.
            ';' if depth == 0 => return "",
            '{' => depth += 1,
            '}' if depth == 1 => return &text[..place],
            '}' => depth -= 1,
            _ => {}
        }
    }
    text
}

/// The string literals of a piece of Rust, without those of attributes. None of them has an escape.
fn strings(text: &str) -> impl Iterator<Item = String> {
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("#["));
    lines.flat_map(|line| line.split('"').skip(1).step_by(2).map(ToOwned::to_owned))
}

/// The sources in a folder, without tests, as paths from the root.
fn files(folder: &str, extension: &str) -> Vec<String> {
    let mut found = Vec::new();
    let entries = fs::read_dir(support::root().join(folder)).expect("a folder of sources");
    for entry in entries {
        let entry = entry.expect("an entry");
        let name = entry.file_name().into_string().expect("a name in UTF-8");
        let path = format!("{folder}/{name}");
        if entry.path().is_dir() {
            found.extend(files(&path, extension));
        } else if Path::new(&name)
            .extension()
            .is_some_and(|found| found == extension)
            && !name.ends_with("_test.go")
            && name != "tests.rs"
        {
            found.push(path);
        }
    }
    found
}

/// The targets of the links of a page, without those in code.
fn links(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for line in prose(text) {
        // What stands between backticks is code, except for the text of a link.
        for (place, _) in line.match_indices("](") {
            let in_code = line[..place].matches('`').count() % 2 == 1;
            let target = line[place + 2..].split(')').next();
            found.extend(target.filter(|_| !in_code));
        }
    }
    found
}

/// The lines outside of fenced blocks.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut is_code = false;
    text.lines().filter(move |line| {
        let is_fence = line.starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    })
}

fn check_link(page: &str, link: &str) -> Result<(), String> {
    let (path, anchor) = link
        .split_once('#')
        .map_or((link, None), |(path, anchor)| (path, Some(anchor)));
    let page = support::root().join(page);
    let target = match path {
        "" => page,
        _ => page.parent().expect("a folder").join(path),
    };
    if !target.exists() {
        return Err("there is no such file".into());
    }
    let Some(anchor) = anchor else {
        return Ok(());
    };
    let text = fs::read_to_string(&target).map_err(|error| error.to_string())?;
    if anchors(&text).iter().any(|found| found == anchor) {
        Ok(())
    } else {
        Err(format!("no heading has the anchor {anchor}"))
    }
}

/// The anchors of the headings of a page, as GitHub makes them.
fn anchors(text: &str) -> Vec<String> {
    let mut made: Vec<String> = Vec::new();
    let mut found = Vec::new();
    for line in prose(text) {
        let title = line.trim_start_matches('#');
        let Some(title) = title.strip_prefix(' ').filter(|_| line.starts_with('#')) else {
            continue;
        };
        let slug: String = title
            .to_lowercase()
            .chars()
            .filter(|&c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
            .map(|c| if c == ' ' { '-' } else { c })
            .collect();
        let before = made.iter().filter(|&made| *made == slug).count();
        found.push(match before {
            0 => slug.clone(),
            _ => format!("{slug}-{before}"),
        });
        made.push(slug);
    }
    found
}

fn read(path: &str) -> String {
    let path = support::root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
