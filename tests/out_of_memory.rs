//! Makes each allocation of the C library fail, one after the other: see `ffi-tests/memory`. The
//! matrix does the same under `LeakSanitizer`.

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use support::Link;

struct Language {
    variable: &'static str,
    compilers: &'static [&'static str],
    standard: &'static str,
}

const C: Language = Language {
    variable: "CC",
    compilers: &["cc", "gcc", "clang"],
    standard: "-std=gnu99",
};

const CPP: Language = Language {
    variable: "CXX",
    compilers: &["g++", "c++", "clang++"],
    standard: "-std=c++17",
};

/// The linker gives the library's calls of these to the program.
const WRAPPED: &[&str] = &["malloc", "calloc", "realloc", "posix_memalign"];

const SANITIZERS: &[&str] = &["-fsanitize=address,undefined"];

#[test]
fn a_failed_allocation_is_a_status() {
    torture("plain", &C, "torture.c", &[]);
}

#[test]
#[ignore = "part of the matrix: .ci/run matrix"]
fn a_failed_allocation_leaks_nothing() {
    torture("sanitized", &C, "torture.c", SANITIZERS);
}

#[test]
fn a_failed_allocation_is_bad_alloc_in_cpp() {
    torture("cpp-plain", &CPP, "torture.cpp", &[]);
}

#[test]
#[ignore = "part of the matrix: .ci/run matrix"]
fn a_failed_allocation_leaks_nothing_in_cpp() {
    torture("cpp-sanitized", &CPP, "torture.cpp", SANITIZERS);
}

/// It has 106 MB of JSON, and 120 MB of address space left.
#[test]
fn an_address_space_that_is_too_small_is_a_status() {
    if !cfg!(target_os = "linux") {
        support::skip("the size of the address space is read from /proc");
        return;
    }
    let program = support::scratch("memory-limit").join("limit");
    if compile(&C, &[], "limit.c", &program) {
        support::run(&mut Command::new(program));
    }
}

#[test]
fn each_function_is_among_the_calls() {
    let folder = support::root().join("ffi-tests/memory");
    let read = |path: &Path| fs::read_to_string(path).expect("a file of the sources");
    let calls: String = ["objects.h", "sending.h", "receiving.h", "torture.c"]
        .map(|file| read(&folder.join(file)))
        .concat();
    let exports = read(&support::root().join("tests/data/exports.txt"));
    let is_called = |name: &&str| calls.contains(&format!("{name}("));
    // The macro MAKING frees what the calls make.
    let is_freed = |name: &&str| {
        let made = name.strip_suffix("_free");
        made.is_some_and(|made| calls.contains(&format!("MAKING({made},")))
    };
    let missing: Vec<_> = exports
        .lines()
        .filter(|name| !is_called(name) && !is_freed(name))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

fn torture(name: &str, language: &Language, source: &str, arguments: &[&str]) {
    if !cfg!(target_os = "linux") {
        support::skip("--wrap is an option of GNU linkers");
        return;
    }
    let folder = support::scratch(&format!("memory-{name}"));
    let program = folder.join("torture");
    let wrapped: Vec<_> = WRAPPED
        .iter()
        .map(|name| format!("-Wl,--wrap={name}"))
        .collect();
    let mut arguments = arguments.to_vec();
    arguments.extend(wrapped.iter().map(String::as_str));
    if !compile(language, &arguments, source, &program) {
        return;
    }
    let output = support::run(
        Command::new(program).env("ASAN_OPTIONS", "detect_leaks=1:allocator_may_return_null=1"),
    );
    let printed = String::from_utf8_lossy(&output.stdout);
    let failures = printed.strip_suffix(" failures\n");
    assert!(
        failures.is_some_and(|n| n.parse::<u32>().is_ok()),
        "{printed}"
    );
}

/// Returns whether there is a compiler.
fn compile(language: &Language, arguments: &[&str], source: &str, program: &Path) -> bool {
    let Some(compiler) = support::tool(language.variable, language.compilers) else {
        return false;
    };
    let source = support::root().join("ffi-tests/memory").join(source);
    support::run(
        Command::new(compiler)
            .args([
                language.standard,
                "-Wall",
                "-Wextra",
                "-Werror",
                "-g",
                "-O1",
                "-pthread",
            ])
            .args(arguments)
            .arg("-I")
            .arg(support::root().join("include"))
            .arg(source)
            .arg("-o")
            .arg(program)
            .args(Link::Static.arguments(support::library())),
    );
    true
}
