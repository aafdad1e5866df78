//! Builds and runs every program in C, C++ and Go that a page shows, with the page's own commands.
//! (Programs in Rust are compiled and run as documentation tests of the core.)

mod support;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A program on a page: the first block of its language in a section.
struct Program {
    page: &'static str,
    heading: &'static str,
    language: &'static str,
    /// The section whose first block of shell commands builds and runs the program.
    commands: &'static str,
    /// The name under which those commands expect it.
    file: &'static str,
}

const README_C: Program = Program {
    page: "README.md",
    heading: "## C",
    language: "c",
    commands: "## C",
    file: "calls.c",
};

const C: Program = Program {
    page: "include/README.md",
    ..README_C
};

const C_CALLBACK: Program = Program {
    heading: "### A callback in C",
    ..C
};

const C_RESPONSE: Program = Program {
    heading: "### A response in C",
    ..C
};

const CPP: Program = Program {
    page: "include/README.md",
    heading: "## C++",
    language: "cpp",
    commands: "## C++",
    file: "calls.cpp",
};

const CPP_CALLBACK: Program = Program {
    heading: "### Callbacks and responses in C++",
    ..CPP
};

const GO: Program = Program {
    page: "go/README.md",
    heading: "## Building and signing a batch",
    language: "go",
    commands: "## Building and signing a batch",
    file: "calls.go",
};

const GO_CALL: Program = Program {
    heading: "## Any endpoint, and its response",
    file: "stop.go",
    ..GO
};

const GO_SERVER: Program = Program {
    heading: "## Verifying responses and callbacks",
    file: "callbacks.go",
    ..GO
};

const ALL: [&Program; 9] = [
    &README_C,
    &C,
    &C_CALLBACK,
    &C_RESPONSE,
    &CPP,
    &CPP_CALLBACK,
    &GO,
    &GO_CALL,
    &GO_SERVER,
];

impl Program {
    fn source(&self) -> String {
        block(self.page, self.heading, self.language)
    }

    fn commands(&self) -> String {
        block(self.page, self.commands, "sh")
    }

    /// A folder that looks like the repository, with the program in it.
    fn folder(&self) -> PathBuf {
        let library = support::library();
        let name = format!("readme-{}-{}", self.page, self.heading);
        let folder = support::scratch(&name.replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
        for name in ["include", "go"] {
            symlink(support::root().join(name), folder.join(name)).expect("a link");
        }
        let target = library.parent().expect("<target>/release");
        symlink(target, folder.join("target")).expect("a link");
        fs::write(folder.join(self.file), self.source()).expect("the program");
        folder
    }

    /// Builds and runs the program with the page's commands. Returns what it printed.
    fn build_and_run(&self) -> String {
        let folder = self.folder();
        let mut output = Vec::new();
        for command in self.commands().lines() {
            // `support::library` has run this one in the repository.
            if command != "cargo build --release -p callbot" {
                output = run(&folder, command);
            }
        }
        String::from_utf8(output).expect("UTF-8")
    }
}

/// The first fenced block of this language between this heading and the next one.
fn block(page: &str, heading: &str, language: &str) -> String {
    let text = read(page);
    let section = text
        .split_once(&format!("\n{heading}\n"))
        .unwrap_or_else(|| panic!("{page}: no section {heading}"))
        .1;
    let section = section.split("\n## ").next().unwrap_or(section);
    let section = section.split("\n### ").next().unwrap_or(section);
    let block = section
        .split_once(&format!("```{language}\n"))
        .unwrap_or_else(|| panic!("{page}: no {language} in {heading}"))
        .1;
    let block = block.split_once("```").expect("a fence that ends").0;
    block.to_owned()
}

fn read(path: &str) -> String {
    let path = support::root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn run(folder: &Path, command: &str) -> Vec<u8> {
    let mut shell = Command::new("sh");
    // Go resolves the link to the package's folder, and would look for the library beside the
    // link's target.
    let library = format!("-L{}", support::library().display());
    shell
        .args(["-euc", command])
        .current_dir(folder)
        .env("CGO_LDFLAGS", library);
    support::run(&mut shell).stdout
}

/// Whether the output ends with the body of a batch.
fn has_body(output: &str) -> bool {
    output.contains("8613800000001") && output.ends_with("]}}")
}

/// Builds and runs a program, which must print the request that it made.
fn makes_a_request(program: &Program) {
    let output = program.build_and_run();
    assert!(
        output.starts_with("POST /callcentre/api/v3/addBatchCall\n") && has_body(&output),
        "{output}"
    );
}

/// Builds and runs a program, which must print the callback that it verified.
fn reads_a_callback(program: &Program) {
    let output = program.build_and_run();
    assert_eq!(output, "order 1: call status 3\n");
}

#[test]
fn every_program_is_built() {
    for page in support::pages() {
        let text = read(&page);
        let shown: usize = ["c", "cpp", "go"]
            .iter()
            .map(|language| text.matches(&format!("\n```{language}\n")).count())
            .sum();
        let built = ALL.iter().filter(|program| program.page == page).count();
        assert_eq!(shown, built, "{page}: the programs shown, and those built");
    }
}

/// The documentation tests of the core take Rust from each page that shows any.
#[test]
fn every_rust_program_is_a_documentation_test() {
    let core = read("core/src/lib.rs");
    for page in support::pages() {
        if read(&page).contains("\n```rust\n") {
            let path = page
                .strip_prefix("core/")
                .map_or_else(|| format!("../../{page}"), |page| format!("../{page}"));
            let included = core.contains(&format!("include_str!(\"{path}\")"));
            assert!(included, "core/src/lib.rs does not include {page}");
        }
    }
}

#[test]
fn the_readmes_c_program_builds_and_runs() {
    if support::tool("CC", &["cc"]).is_some() {
        let output = README_C.build_and_run();
        assert!(output.contains("\nsign: ") && has_body(&output), "{output}");
    }
}

#[test]
fn the_c_program_builds_and_runs() {
    if support::tool("CC", &["cc"]).is_some() {
        makes_a_request(&C);
    }
}

#[test]
fn the_cpp_program_builds_and_runs() {
    if support::tool("CXX", &["c++"]).is_some() {
        makes_a_request(&CPP);
    }
}

#[test]
fn the_c_program_for_a_callback_builds_and_runs() {
    if support::tool("CC", &["cc"]).is_some() {
        reads_a_callback(&C_CALLBACK);
    }
}

#[test]
fn the_c_program_for_a_response_builds_and_runs() {
    if support::tool("CC", &["cc"]).is_some() {
        let output = C_RESPONSE.build_and_run();
        assert_eq!(output, "retCode 0: success\norder 1: not allowed\n");
    }
}

#[test]
fn the_cpp_program_for_a_callback_builds_and_runs() {
    if support::tool("CXX", &["c++"]).is_some() {
        reads_a_callback(&CPP_CALLBACK);
    }
}

#[test]
fn the_go_program_builds_and_runs() {
    if support::tool("GO", &["go"]).is_some() {
        makes_a_request(&GO);
    }
}

/// The server would run until it is stopped, and the other program needs the provider. They are
/// only built, with the first program's commands.
#[test]
fn the_go_programs_with_a_network_build() {
    if support::tool("GO", &["go"]).is_some() {
        for program in [&GO_CALL, &GO_SERVER] {
            let folder = program.folder();
            let name = program.file.trim_end_matches(".go");
            let commands = program.commands().replace("calls", name);
            for command in commands.lines().filter(|line| line.starts_with("go ")) {
                run(&folder, command);
            }
            run(&folder, &format!("go vet {}", program.file));
            assert!(folder.join(name).exists());
        }
    }
}
