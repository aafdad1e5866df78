//! What the README shows for C, C++ and Go is built and run with the commands that it shows. (Its Rust is compiled and
//! run as documentation tests of the core.)

mod support;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

const README: &str = include_str!("../README.md");

/// The first fenced block of this language in the section with this title.
fn block<'a>(title: &str, language: &str) -> &'a str {
    let heading = format!("\n## {title}\n");
    let section = README
        .split_once(&heading)
        .unwrap_or_else(|| panic!("no section {title}"))
        .1;
    let section = section.split("\n## ").next().unwrap_or(section);
    let fence = format!("```{language}\n");
    let block = section
        .split_once(&fence)
        .unwrap_or_else(|| panic!("no {language} in {title}"))
        .1;
    block.split_once("```").expect("a fence that ends").0
}

/// A folder that looks like the repository, with a program in it.
fn folder_with(name: &str, file: &str, program: &str) -> PathBuf {
    let library = support::library();
    let folder = support::scratch(&format!("readme-{name}"));
    for name in ["include", "go"] {
        symlink(support::root().join(name), folder.join(name)).expect("a link");
    }
    let target = library.parent().expect("<target>/release");
    symlink(target, folder.join("target")).expect("a link");
    fs::write(folder.join(file), program).expect("the program");
    folder
}

/// Saves a section's program, and runs a section's commands in a folder that looks like the repository. Returns what the
/// last of them printed.
fn build_and_run(program: &str, commands: &str, language: &str, file: &str) -> String {
    let name = format!("{language}-{}", program.replace(' ', "-"));
    let folder = folder_with(&name, file, block(program, language));
    let mut output = Vec::new();
    for command in block(commands, "sh").lines() {
        // `support::library` has run this one, where the sources are.
        if command != "cargo build --release" {
            output = run(&folder, command);
        }
    }
    String::from_utf8(output).expect("UTF-8")
}

/// Builds and runs a section's program, which has to print the request that it made.
fn makes_a_request(title: &str, language: &str, file: &str) {
    let output = build_and_run(title, title, language, file);
    assert!(
        output.starts_with("POST /callcentre/api/v3/addBatchCall\n"),
        "{output}"
    );
    assert!(
        output.contains("8613800000001") && output.ends_with("]}}"),
        "{output}"
    );
}

fn run(folder: &Path, command: &str) -> Vec<u8> {
    let mut shell = Command::new("sh");
    // Go resolves the link to the package's folder, and would look for the library beside the link's target.
    let library = format!("-L{}", support::library().display());
    shell
        .args(["-euc", command])
        .current_dir(folder)
        .env("CGO_LDFLAGS", library);
    support::run(&mut shell).stdout
}

#[test]
fn the_c_program_builds_and_runs() {
    if support::tool("CC", &["cc"]).is_some() {
        makes_a_request("Five minutes in C", "c", "calls.c");
    }
}

#[test]
fn the_cpp_program_builds_and_runs() {
    if support::tool("CXX", &["c++"]).is_some() {
        makes_a_request("Five minutes in C++", "cpp", "calls.cpp");
    }
}

#[test]
fn the_c_program_of_the_way_back_builds_and_runs() {
    if support::tool("CC", &["cc"]).is_some() {
        let output = build_and_run("The way back", "Five minutes in C", "c", "calls.c");
        assert!(
            output.starts_with("{\"callbackType\":1,") && output.ends_with("}\n"),
            "{output}"
        );
    }
}

#[test]
fn the_cpp_program_of_the_way_back_builds_and_runs() {
    if support::tool("CXX", &["c++"]).is_some() {
        let output = build_and_run("The way back", "Five minutes in C++", "cpp", "calls.cpp");
        assert!(
            output.starts_with("{\"callbackType\":1,") && output.ends_with("}\n"),
            "{output}"
        );
    }
}

#[test]
fn the_go_program_builds_and_runs() {
    if support::tool("GO", &["go"]).is_some() {
        makes_a_request("Five minutes in Go", "go", "calls.go");
    }
}

/// It would run until it is stopped, so that it is only built, with the commands of the other program.
#[test]
fn the_go_server_builds() {
    if support::tool("GO", &["go"]).is_some() {
        let folder = folder_with("go-server", "callbacks.go", block("The way back", "go"));
        let commands = block("Five minutes in Go", "sh").replace("calls", "callbacks");
        for command in commands.lines().filter(|line| line.starts_with("go ")) {
            run(&folder, command);
        }
        run(&folder, "go vet callbacks.go");
        assert!(folder.join("callbacks").exists());
    }
}
