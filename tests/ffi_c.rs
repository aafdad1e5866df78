//! Compiles the programs of `ffi-tests/c`, and the example in C, as strictly as a C compiler can,
//! and runs them with the static library. The matrix (`.ci/run matrix`) runs them with the shared
//! library, under the address and undefined-behaviour sanitizers, and under valgrind. The programs
//! of `ffi-tests/c/faulty` have mistakes that these tools have to find, so that a missing tool does
//! not look like one that finds nothing.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use support::Link;

const EXAMPLE: &str = "examples/campaign.c";

const STRICT: &[&str] = &["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"];

const SANITIZE: &[&str] = &[
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
    "-fno-omit-frame-pointer",
];

/// Valgrind's exit code for a finding.
const VALGRIND_FOUND: i32 = 99;

/// The faulty programs, the report of the sanitizers for each, and whether valgrind finds it too.
const FAULTY: &[(&str, &str, bool)] = &[
    ("leak", "LeakSanitizer: detected memory leaks", true),
    ("overflow", "AddressSanitizer: heap-buffer-overflow", true),
    ("undefined", "runtime error: signed integer overflow", false),
    (
        "use_after_free",
        "AddressSanitizer: heap-use-after-free",
        true,
    ),
];

#[test]
#[ignore = "part of the matrix: .ci/run matrix"]
fn with_the_shared_library() {
    run_all(Link::Shared);
}

#[test]
fn with_the_static_library() {
    run_all(Link::Static);
}

fn run_all(link: Link) {
    let Some(compiler) = compiler() else { return };
    let folder = support::scratch(&format!("c-{link:?}"));
    for source in programs() {
        let program = compile(&compiler, &source, link, &[], &folder);
        run_and_check(&source, &mut Command::new(program));
    }
    // Without the tools, the faulty programs succeed.
    let leak = compile(&compiler, &faulty("leak"), link, &[], &folder);
    support::run(&mut Command::new(leak));
}

#[test]
#[ignore = "part of the matrix: .ci/run matrix"]
fn with_the_sanitizers() {
    let Some(compiler) = compiler() else { return };
    let folder = support::scratch("c-sanitizers");
    if !has_sanitizers(&compiler, &folder) {
        support::skip(&format!("{compiler} has no sanitizers"));
        return;
    }
    for source in programs() {
        let program = compile(&compiler, &source, Link::Static, SANITIZE, &folder);
        run_and_check(&source, &mut sanitized(&program));
    }
    for (name, wanted, _) in faulty_programs() {
        let program = compile(&compiler, &faulty(name), Link::Static, SANITIZE, &folder);
        let output = run(&mut sanitized(&program));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{name}: nothing was found");
        assert!(said.contains(wanted), "{name}: {said}");
    }
}

#[test]
#[ignore = "part of the matrix: .ci/run matrix"]
fn with_valgrind() {
    let Some(compiler) = compiler() else { return };
    let Some(valgrind) = support::tool("VALGRIND", &["valgrind"]) else {
        return;
    };
    let valgrind = |program: &Path| {
        let mut command = Command::new(&valgrind);
        command.args([
            "--quiet",
            "--leak-check=full",
            "--show-leak-kinds=all",
            "--errors-for-leak-kinds=definite,indirect,possible",
        ]);
        command.arg(format!("--error-exitcode={VALGRIND_FOUND}"));
        command.arg(program);
        command
    };
    let folder = support::scratch("c-valgrind");
    for source in programs() {
        let program = compile(&compiler, &source, Link::Shared, &[], &folder);
        run_and_check(&source, &mut valgrind(&program));
    }
    for (name, _, found) in faulty_programs() {
        let program = compile(&compiler, &faulty(name), Link::Shared, &[], &folder);
        let output = run(&mut valgrind(&program));
        let wanted = if found { VALGRIND_FOUND } else { 0 };
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(wanted), "{name}: {said}");
    }
}

/// The header includes what it needs, and may be included twice.
#[test]
fn the_header_alone() {
    let c = (support::tool("CC", &["cc", "gcc", "clang"]), "c", "c99");
    let cpp = (
        support::tool("CXX", &["c++", "g++", "clang++"]),
        "c++",
        "c++17",
    );
    let folder = support::scratch("c-header");
    for (compiler, language, standard) in [c, cpp] {
        let Some(compiler) = compiler else { continue };
        let source = folder.join(format!("{standard}.source"));
        let text = "#include \"callbot.h\"\n#include \"callbot.h\"\n\
            callbot_status use(callbot_error **error);\n\
            callbot_status use(callbot_error **error) { return callbot_phone_check(CALLBOT_STR(\"1\"), error); }\n";
        fs::write(&source, text).expect("the source");
        support::run(
            Command::new(compiler)
                .args(["-x", language, &format!("-std={standard}")])
                .args(STRICT)
                .args(["-fsyntax-only", "-I"])
                .arg(support::root().join("include"))
                .arg(source),
        );
    }
}

fn compiler() -> Option<String> {
    support::tool("CC", &["cc", "gcc", "clang"])
}

/// All programs of the folder, and the example.
fn programs() -> Vec<PathBuf> {
    let mut programs = vec![support::root().join(EXAMPLE)];
    for entry in fs::read_dir(support::root().join("ffi-tests/c")).expect("the programs") {
        let path = entry.expect("an entry").path();
        match path.file_name().and_then(|name| name.to_str()) {
            Some("faulty" | "calls.h" | "check.h" | "files.h" | "request.h" | "verified.h") => {}
            _ if path.extension().is_some_and(|e| e == "c") => programs.push(path),
            _ => panic!("nobody runs {}", path.display()),
        }
    }
    assert!(programs.len() > 1);
    programs.sort();
    programs
}

fn faulty(name: &str) -> PathBuf {
    let folder = support::root().join("ffi-tests/c/faulty");
    folder.join(name).with_extension("c")
}

/// The faulty programs, after a check that the list is complete.
fn faulty_programs() -> impl Iterator<Item = (&'static str, &'static str, bool)> {
    let folder = fs::read_dir(support::root().join("ffi-tests/c/faulty")).expect("the programs");
    let there: BTreeSet<_> = folder
        .map(|entry| entry.expect("an entry").path())
        .collect();
    let known: BTreeSet<_> = FAULTY.iter().map(|(name, ..)| faulty(name)).collect();
    assert_eq!(there, known);
    FAULTY.iter().copied()
}

/// Compiles a program. `panic.c` gets a library that can be made to panic.
fn compile(
    compiler: &str,
    source: &Path,
    link: Link,
    arguments: &[&str],
    folder: &Path,
) -> PathBuf {
    let name = source.file_stem().expect("a name");
    let library = if name == "panic" {
        support::library_with_planted_panic()
    } else {
        support::library()
    };
    let program = folder.join(name);
    support::run(
        Command::new(compiler)
            .args(["-std=c99", "-g", "-O1", "-pthread"])
            .args(STRICT)
            .args(arguments)
            .arg("-I")
            .arg(support::root().join("include"))
            .arg(source)
            .arg("-o")
            .arg(&program)
            .args(link.arguments(library)),
    );
    program
}

fn has_sanitizers(compiler: &str, folder: &Path) -> bool {
    let source = folder.join("has_sanitizers.c");
    fs::write(&source, "int main(void) { return 0; }\n").expect("the source");
    let mut command = Command::new(compiler);
    command.args(SANITIZE).arg(&source).arg("-o");
    command.arg(folder.join("has_sanitizers"));
    run(&mut command).status.success()
}

fn sanitized(program: &Path) -> Command {
    let mut command = Command::new(program);
    // An allocation that is too large returns NULL, as the library expects, and is not a report.
    command.env(
        "ASAN_OPTIONS",
        "detect_leaks=1:detect_stack_use_after_return=1:allocator_may_return_null=1",
    );
    command
}

/// Runs a command to its end, whether it succeeds or not.
fn run(command: &mut Command) -> Output {
    let command = command
        .current_dir(support::root())
        .env("RUST_BACKTRACE", "0");
    support::output(command)
}

fn run_and_check(source: &Path, command: &mut Command) {
    if source.ends_with(EXAMPLE) {
        support::assert_campaign(command);
    } else {
        check(source, &run(command));
    }
}

/// Checks that a program succeeded, and has read all vectors of its kind.
fn check(source: &Path, output: &Output) {
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{}: {}\n{printed}\n{}",
        source.display(),
        output.status,
        String::from_utf8_lossy(&output.stderr),
    );
    for (program, kind) in [
        ("vectors.c", "signature/"),
        ("request_vectors.c", "request/"),
    ] {
        if source.ends_with(program) {
            assert_eq!(printed, format!("{} vectors\n", vectors(kind)));
        }
    }
}

/// The number of vectors of a kind.
fn vectors(kind: &str) -> usize {
    let manifest = fs::read_to_string(support::root().join("vectors/MANIFEST")).expect("MANIFEST");
    manifest
        .lines()
        .filter(|line| line.starts_with(kind))
        .count()
}
