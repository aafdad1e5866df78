//! Makes each allocation of the C library fail, one after the other: see `ffi-tests/memory`. The
//! matrix does the same under `LeakSanitizer`.

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use support::Link;

/// The linker gives the library's calls of these to the program.
const WRAPPED: &[&str] = &["malloc", "calloc", "realloc", "posix_memalign"];

#[test]
fn a_failed_allocation_is_a_status() {
    torture("plain", &[]);
}

#[test]
#[ignore = "part of the matrix: .ci/run matrix"]
fn a_failed_allocation_leaks_nothing() {
    torture("sanitized", &["-fsanitize=address,undefined"]);
}

/// It has 106 MB of JSON, and 120 MB of address space left.
#[test]
fn an_address_space_that_is_too_small_is_a_status() {
    if !cfg!(target_os = "linux") {
        support::skip("the size of the address space is read from /proc");
        return;
    }
    let Some(compiler) = support::tool("CC", &["cc", "gcc", "clang"]) else {
        return;
    };
    let program = support::scratch("memory-limit").join("limit");
    compile(&compiler, &[], "limit.c", &program);
    support::run(&mut Command::new(program));
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

fn torture(name: &str, arguments: &[&str]) {
    if !cfg!(target_os = "linux") {
        support::skip("--wrap is an option of GNU linkers");
        return;
    }
    let Some(compiler) = support::tool("CC", &["cc", "gcc", "clang"]) else {
        return;
    };
    let folder = support::scratch(&format!("memory-{name}"));
    let program = folder.join("torture");
    let wrapped: Vec<_> = WRAPPED
        .iter()
        .map(|name| format!("-Wl,--wrap={name}"))
        .collect();
    let mut arguments = arguments.to_vec();
    arguments.extend(wrapped.iter().map(String::as_str));
    compile(&compiler, &arguments, "torture.c", &program);
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

fn compile(compiler: &str, arguments: &[&str], source: &str, program: &Path) {
    let source = support::root().join("ffi-tests/memory").join(source);
    support::run(
        Command::new(compiler)
            .args([
                "-std=gnu99",
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
}
