//! The programs of `ffi-tests/cpp`, and the example in C++, which use the library through
//! `include/callbot.hpp` as C++ programs do. The matrix (`.ci/run matrix`) adds the shared library,
//! the sanitizers and the later standards.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use support::{Link, root, run, scratch};

const EXAMPLE: &str = "examples/campaign.cpp";

/// The warnings with which the header and every program must compile, as users may have them on.
const WARNINGS: &[&str] = &[
    "-Wall",
    "-Wextra",
    "-Wpedantic",
    "-Wconversion",
    "-Wshadow",
    "-Wnon-virtual-dtor",
    "-Werror",
];

const SANITIZERS: &[&str] = &[
    "-g",
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
];

/// C++17, for which the header is written, and the later standards. The last is C++23, in the
/// spelling that older compilers know too.
const STANDARDS: &[&str] = &["-std=c++17", "-std=c++20", "-std=c++2b"];

fn compiler() -> Option<String> {
    support::tool("CXX", &["g++", "c++", "clang++"])
}

fn folder() -> PathBuf {
    root().join("ffi-tests/cpp")
}

/// All programs in `folder`. Fails for a file that is neither a program nor one of `others`, since
/// it would never run.
fn programs(folder: &Path, others: &[&str]) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder of the programs");
    let mut programs: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    programs.retain(|path| {
        !path
            .file_name()
            .is_some_and(|name| others.iter().any(|other| name == *other))
    });
    programs.sort();
    assert!(!programs.is_empty(), "{} is empty", folder.display());
    for path in &programs {
        assert!(
            path.is_file() && path.extension().is_some_and(|extension| extension == "cpp"),
            "nobody runs {}",
            path.display()
        );
    }
    programs
}

/// The programs with checks of their own. The example has none.
fn every_test() -> Vec<PathBuf> {
    programs(&folder(), &["check.hpp", "files.hpp", "faulty", "refused"])
}

fn every_program() -> Vec<PathBuf> {
    let mut programs = every_test();
    programs.push(root().join(EXAMPLE));
    programs
}

fn stem(path: &Path) -> &str {
    path.file_stem()
        .and_then(|stem| stem.to_str())
        .expect("a plain name")
}

/// The compiler with the header's folder and all warnings.
fn compile(compiler: &str, standard: &str) -> Command {
    let mut command = Command::new(compiler);
    command
        .arg(standard)
        .args(WARNINGS)
        .arg("-I")
        .arg(root().join("include"));
    command
}

/// Compiles a program and links it with the library.
fn build(compiler: &str, source: &Path, link: Link, more: &[&str], into: &Path) -> PathBuf {
    let program = into.join(stem(source));
    run(compile(compiler, STANDARDS[0])
        .args(more)
        .arg("-o")
        .arg(&program)
        .arg(source)
        .args(link.arguments(support::library())));
    program
}

/// Builds and runs every program. Each test prints at its end how many checks it made.
fn build_and_run_all(scratch_name: &str, link: Link, more: &[&str]) {
    let Some(compiler) = compiler() else { return };
    let into = scratch(scratch_name);
    let example = build(&compiler, &root().join(EXAMPLE), link, more, &into);
    support::assert_campaign(&mut sanitized(&example));
    for source in every_test() {
        let program = build(&compiler, &source, link, more, &into);
        let output = run(sanitized(&program).arg(root().join("vectors")));
        let output = String::from_utf8(output.stdout).expect("text");
        let checks = output
            .lines()
            .last()
            .and_then(|line| line.strip_suffix(" checks"));
        assert!(
            checks.is_some_and(|checks| checks.parse().is_ok_and(|checks: u64| checks > 0)),
            "{} does not say at its end how many checks it made: {output:?}",
            source.display()
        );
    }
}

/// A program with the sanitizers' options, which have no effect without sanitizers.
fn sanitized(program: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env("ASAN_OPTIONS", "detect_leaks=1")
        .env("UBSAN_OPTIONS", "print_stacktrace=1")
        .env_remove("LSAN_OPTIONS");
    command
}

#[test]
#[ignore = "part of the matrix: .ci/run matrix"]
fn every_program_runs_with_the_shared_library() {
    build_and_run_all("cpp-shared", Link::Shared, &[]);
}

#[test]
fn every_program_runs_with_the_static_library() {
    build_and_run_all("cpp-static", Link::Static, &[]);
}

#[test]
#[ignore = "part of the matrix: .ci/run matrix"]
fn every_program_runs_under_the_sanitizers() {
    build_and_run_all("cpp-sanitized", Link::Static, SANITIZERS);
}

/// Shows that the sanitizers are in the programs: each of these has a fault that they must find.
#[test]
#[ignore = "part of the matrix: .ci/run matrix"]
fn the_sanitizers_catch_every_faulty_program() {
    let Some(compiler) = compiler() else { return };
    let into = scratch("cpp-faulty");
    for source in programs(&folder().join("faulty"), &[]) {
        let text = fs::read_to_string(&source).expect("a program");
        let expected = text
            .lines()
            .next()
            .and_then(|line| line.strip_prefix("// Caught by: "))
            .expect("the first line says what the sanitizer reports");
        let program = build(&compiler, &source, Link::Static, SANITIZERS, &into);
        let output = support::output(&mut sanitized(&program));
        let report = String::from_utf8_lossy(&output.stderr);
        assert!(
            !output.status.success() && report.contains(expected),
            "{} is not caught: {}\n{report}",
            source.display(),
            output.status
        );
    }
}

/// Each of these programs would keep a view of something that is destroyed, so it must not compile.
/// With `RIGHT` it does the same without that, and compiles.
#[test]
fn what_would_dangle_does_not_compile() {
    let Some(compiler) = compiler() else { return };
    for source in programs(&folder().join("refused"), &[]) {
        let text = fs::read_to_string(&source).expect("a program");
        let expected = text
            .lines()
            .next()
            .and_then(|line| line.strip_prefix("// Refused: "))
            .expect("the first line says what the compiler reports");
        let mut command = compile(&compiler, STANDARDS[0]);
        command.arg("-fsyntax-only").arg(&source).env("LC_ALL", "C");
        let output = support::output(&mut command);
        let report = String::from_utf8_lossy(&output.stderr);
        assert!(
            !output.status.success() && report.contains(expected),
            "{}: {report}",
            source.display()
        );
        run(command.arg("-DRIGHT"));
    }
}

#[test]
fn the_header_compiles_alone_with_every_standard() {
    let Some(compiler) = compiler() else { return };
    let alone = scratch("cpp-alone").join("alone.cpp");
    fs::write(&alone, "#include <callbot.hpp>\n").expect("a file");
    for standard in STANDARDS {
        run(compile(&compiler, standard)
            .arg("-fsyntax-only")
            .arg(&alone));
    }
}

#[test]
#[ignore = "part of the matrix: .ci/run matrix"]
fn the_programs_compile_with_later_standards() {
    let Some(compiler) = compiler() else { return };
    for standard in &STANDARDS[1..] {
        for source in every_program() {
            run(compile(&compiler, standard)
                .arg("-fsyntax-only")
                .arg(source));
        }
    }
}

#[test]
fn the_example_in_the_header_runs() {
    let Some(compiler) = compiler() else { return };
    let header = fs::read_to_string(root().join("include/callbot.hpp")).expect("the header");
    // The lines indented by five spaces.
    let example: Vec<&str> = header
        .lines()
        .skip_while(|line| !line.starts_with(" *     #include"))
        .take_while(|line| line.starts_with(" *     ") || *line == " *")
        .map(|line| line.get(7..).unwrap_or_default())
        .collect();
    let into = scratch("cpp-example");
    let source = into.join("example.cpp");
    fs::write(&source, example.join("\n") + "\n").expect("a file");
    let program = build(&compiler, &source, Link::Static, &[], &into);
    let output = String::from_utf8(run(&mut Command::new(program)).stdout).expect("text");
    assert!(
        output.contains("\nsign: ") && output.contains("\n\n{\"productID\":\"callbot\","),
        "{output}"
    );
}

/// A function of the header that is not inline would be defined twice.
#[test]
fn several_files_of_a_program_may_include_the_header() {
    let Some(compiler) = compiler() else { return };
    let into = scratch("cpp-several");
    let other = into.join("other.cpp");
    fs::write(&other, "#include <callbot.hpp>\n#include <callbot.hpp>\n").expect("a file");
    let program = into.join("several");
    run(compile(&compiler, STANDARDS[0])
        .arg("-o")
        .arg(&program)
        .arg(folder().join("batch.cpp"))
        .arg(&other)
        .args(Link::Static.arguments(support::library())));
    run(&mut Command::new(program));
}

/// The include guard is the only macro that the header adds to those of its includes.
#[test]
fn the_header_leaks_no_macro() {
    let Some(compiler) = compiler() else { return };
    let into = scratch("cpp-macros");
    let header = fs::read_to_string(root().join("include/callbot.hpp")).expect("the header");
    let macros = |text: &str| -> BTreeSet<String> {
        let source = into.join("macros.cpp");
        fs::write(&source, text).expect("a file");
        let output = run(compile(&compiler, STANDARDS[0])
            .args(["-dM", "-E"])
            .arg(&source));
        let output = String::from_utf8(output.stdout).expect("text");
        output
            .lines()
            .filter_map(|line| line.strip_prefix("#define "))
            .map(ToString::to_string)
            .collect()
    };
    let includes: Vec<&str> = header
        .lines()
        .filter(|line| line.starts_with("#include "))
        .collect();
    let includes = includes.join("\n") + "\n";
    assert!(includes.contains("\"callbot.h\""), "{includes}");
    let before = macros(&includes);
    let added: Vec<String> = macros("#include <callbot.hpp>\n")
        .difference(&before)
        .cloned()
        .collect();
    assert_eq!(added, ["CALLBOT_HPP "]);
}
