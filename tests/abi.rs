//! Tests the rules of the binary interface: the exports, the panic boundary, the types of handles,
//! the libraries to link, and the size.

mod source;
mod support;

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use source::{Function, MACROS, check_macro, functions, functions_of, without_comments};

/// The maximum size of the stripped shared library, in bytes. The search of `explain`, which is
/// compiled for each hash, takes a tenth of it.
const MOST_BYTES: u64 = 1_300_000;

/// The documents that may state the size, in the words that [`stated_sizes`] looks for.
const SIZE_DOCUMENTS: &[&str] = &["README.md", "include/README.md"];

/// Exported by builds for tests only.
const PLANTED: &str = "callbot_test_plant_panic";

/// The shared library exports exactly the listed functions. Any other change of them is a change of
/// the interface.
#[test]
fn exports_are_those_of_the_list() {
    let Some(nm) = support::tool("NM", &["nm", "llvm-nm"]) else {
        return;
    };
    let library = support::library().join("libcallbot.so");
    let output = support::run(
        Command::new(nm)
            .args(["--dynamic", "--defined-only", "--format=posix"])
            .arg(library),
    );
    let printed = String::from_utf8(output.stdout).expect("names in ASCII");
    let exported: Vec<_> = printed
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert_eq!(sorted(exported), list());
}

#[test]
fn the_list_is_sorted_and_has_only_our_names() {
    let text = read("tests/data/exports.txt");
    let lines: Vec<_> = text.lines().map(ToOwned::to_owned).collect();
    let sorted: Vec<_> = list().into_iter().collect();
    assert_eq!(lines, sorted);
    assert!(lines.iter().all(|name| name.starts_with("callbot_")));
}

#[test]
fn each_export_is_declared_in_the_header() {
    let header = without_comments(&read("include/callbot.h"));
    assert_eq!(called(&header), list());
}

#[test]
fn each_export_is_used_from_c() {
    // These programs pass NULL and invalid arguments to each function.
    let sources = [
        "calls.h",
        "errors.c",
        "headers.c",
        "verify.c",
        "content.c",
        "outcome.c",
        "explain.c",
        "replays.c",
    ]
    .map(|file| read(&format!("ffi-tests/c/{file}")))
    .concat();
    let missing = &list() - &called(&without_comments(&sources));
    assert!(missing.is_empty(), "no program calls {missing:?}");
    // This program plants a panic in each function that can fail.
    let can_fail = functions().into_iter().filter(Function::can_fail);
    let can_fail: BTreeSet<_> = can_fail.map(|function| function.name).collect();
    let missing = &can_fail - &called(&without_comments(&read("ffi-tests/c/panic.c")));
    assert!(missing.is_empty(), "panic.c does not call {missing:?}");
}

#[test]
fn each_export_is_used_by_the_cpp_layer() {
    let mut needed = list();
    // The failed function returned the status.
    assert!(needed.remove("callbot_error_status"));
    let missing = &needed - &named(&without_comments(&read("include/callbot.hpp")));
    assert!(missing.is_empty(), "callbot.hpp does not use {missing:?}");
}

/// The body of each exported function is one call of the boundary, or one of its macros.
#[test]
fn each_export_goes_through_the_boundary() {
    let boundary = without_comments(&read("src/abi/boundary.rs"));
    for (name, can_fail) in MACROS {
        check_macro(&boundary, name, *can_fail).unwrap_or_else(|why| panic!("{why}"));
    }
    let functions = functions();
    let mut exported: BTreeSet<_> = functions.iter().map(|f| f.name.clone()).collect();
    exported.remove(PLANTED);
    assert_eq!(exported, list(), "the exported functions of src/");
    for function in functions.iter().filter(|function| function.name != PLANTED) {
        if let Err(why) = function.check() {
            panic!("{} of {}: {why}", function.name, function.file);
        }
    }
}

/// The check above finds functions that bypass the boundary.
#[test]
fn ways_round_the_boundary_are_found() {
    let status = "error: *mut *mut callbot_error) -> callbot_status";
    let good = [
        ("a: u8)", "free!(a)"),
        ("a: u8)", "boundary::value((), || { free(a) });"),
        (
            "a: u8) -> usize",
            "boundary::value(0, || { // one ( here\n a })",
        ),
        ("a: u8) -> usize", "accessor!(a, a.len())"),
        (
            "a: u8) -> usize",
            "accessor!(a, usize::MAX, { f(\")\", ')'); a.len() })",
        ),
        (status, "fallible!(error, || { f(\")\", ')') })"),
        (status, "produce!(a, error, || Ok(a))"),
    ];
    let bad = [
        ("a: u8)", ""),
        ("a: u8)", "free(a);"),
        ("a: u8)", "free!(compute())"),
        ("a: u8)", "drop(a); free!(a)"),
        ("a: u8)", "free!(a); drop(a)"),
        ("a: u8)", "drop(a); boundary::value((), || {});"),
        ("a: u8)", "boundary::value((), || {}); drop(a);"),
        (
            "a: u8)",
            "boundary::value((), || {}); boundary::value((), || {});",
        ),
        ("a: u8) -> usize", "boundary::value(compute(a), || a)"),
        ("a: u8) -> usize", "boundary::value(0, || a) + a.len()"),
        ("a: u8) -> usize", "boundary::value(0, compute)"),
        ("a: u8) -> usize", "boundary::value(0, a.len() || true)"),
        ("a: u8) -> usize", "other::value(0, || a)"),
        ("a: u8) -> usize", "// boundary::value(0, || a)\n a"),
        ("a: u8) -> usize", "// accessor!(a, a)\n a"),
        ("a: u8) -> usize", "unknown!(a, a)"),
        ("a: u8) -> usize", "accessor!(a, a.len()) + a.len()"),
        ("a: u8) -> usize", "accessor!(a, a.len()) + (1)"),
        ("a: u8) -> usize", "accessor!(a, compute(), a.len())"),
        ("a: u8) -> usize", "accessor!(compute(), a.len())"),
        ("a: u8) -> usize", "fallible!(a, || a.len())"),
        (status, "accessor!(error, 0)"),
        (status, "boundary::value(0, || Ok(()))"),
        (status, "compute(); fallible!(error, || Ok(()))"),
        (status, "fallible!(compute(), || Ok(()))"),
        (status, "produce!(compute(), error, || Ok(a))"),
    ];
    let check = |signature: &str, body: &str| {
        let text = format!("extern \"C\" fn callbot_f({signature} {{ {body} }}");
        let functions = functions_of("f.rs", &text);
        assert_eq!(functions.len(), 1, "{text}");
        functions[0].check()
    };
    for (signature, body) in good {
        assert_eq!(check(signature, body), Ok(()), "{body}");
    }
    for (signature, body) in bad {
        assert!(check(signature, body).is_err(), "{body}");
    }
}

/// The check above finds macros that bypass the boundary.
#[test]
fn macros_round_the_boundary_are_found() {
    let out = "let $error = unsafe { $crate::abi::pointer::Out::new($error) };";
    let good = [
        (
            false,
            "$crate::abi::boundary::value($default, || $value)".to_owned(),
        ),
        (
            false,
            "$crate::abi::boundary::m!($handle, Default::default(), $value)".to_owned(),
        ),
        (
            true,
            format!("{{ {out} $crate::abi::boundary::status($error, $function) }}"),
        ),
    ];
    let bad = [
        (false, "$value".to_owned()),
        (
            false,
            "$crate::abi::boundary::m!($handle, compute(), $value)".to_owned(),
        ),
        (
            false,
            "$crate::abi::boundary::value($value, || ())".to_owned(),
        ),
        (
            false,
            "$crate::abi::boundary::value($default, || $value) + $value".to_owned(),
        ),
        (true, format!("{{ {out} $function() }}")),
        (
            true,
            format!("{{ {out} $function(); $crate::abi::boundary::status($error, $function) }}"),
        ),
        (
            true,
            "{ let $error = $error(); $crate::abi::boundary::status($error, $function) }"
                .to_owned(),
        ),
    ];
    let check = |can_fail, body: &str| {
        let first = "($a:ident) => { $crate::abi::boundary::value((), || free($a)) };";
        let first = if can_fail { "" } else { first };
        let source = format!("macro_rules! m {{ {first} ($b:expr) => {{ {body} }}; }} fn f() {{}}");
        check_macro(&source, "m", can_fail)
    };
    for (can_fail, body) in &good {
        assert_eq!(check(*can_fail, body), Ok(()), "{body}");
    }
    for (can_fail, body) in &bad {
        assert!(check(*can_fail, body).is_err(), "{body}");
    }
}

/// Each handle freed as each other kind.
#[test]
fn a_handle_of_another_kind_does_not_compile() {
    const KINDS: &[&str] = &[
        "string",
        "error",
        "signer",
        "rules",
        "batch",
        "request",
        "headers",
        "verifier",
        "verified",
        "content",
        "outcome",
        "explanation",
        "replays",
        "testing_message",
    ];
    let Some(compiler) = support::tool("CC", &["cc", "gcc", "clang"]) else {
        return;
    };
    let freed: BTreeSet<_> = list()
        .into_iter()
        .filter(|name| name.ends_with("_free"))
        .collect();
    let known: BTreeSet<_> = KINDS
        .iter()
        .map(|kind| format!("callbot_{kind}_free"))
        .collect();
    assert_eq!(freed, known);

    let folder = support::scratch("abi-kinds");
    let source = folder.join("free.c");
    for kind in KINDS {
        for freed_as in KINDS {
            let text = format!(
                "#include \"callbot.h\"\n\
                void end(callbot_{kind} *object);\n\
                void end(callbot_{kind} *object) {{ callbot_{freed_as}_free(object); }}\n"
            );
            fs::write(&source, text).expect("the source");
            let output = Command::new(&compiler)
                .args([
                    "-std=c99",
                    "-Werror=incompatible-pointer-types",
                    "-fsyntax-only",
                    "-I",
                ])
                .arg(support::root().join("include"))
                .arg(&source)
                .env("LC_ALL", "C")
                .output()
                .expect("the compiler starts");
            let said = String::from_utf8_lossy(&output.stderr);
            let passed = output.status.success();
            assert_eq!(
                passed,
                kind == freed_as,
                "{kind} freed as {freed_as}: {said}"
            );
            assert!(passed || said.contains("incompatible"), "{said}");
        }
    }
}

/// The libraries to link with the static library, here and in the README, are those that rustc
/// names.
#[test]
fn native_libraries_are_those_that_rustc_names() {
    const BEGIN: &str = "native-static-libs: ";
    let output = support::run(
        support::cargo()
            .args([
                "rustc",
                "--lib",
                "--crate-type",
                "staticlib",
                "--target-dir",
            ])
            .arg(support::target())
            .args(["--", "--print", "native-static-libs"]),
    );
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.lines().find_map(|line| line.split_once(BEGIN));
    let (_, line) = line.unwrap_or_else(|| panic!("no line with {BEGIN:?} in\n{said}"));
    let named = sorted(line.split_whitespace());
    assert_eq!(named, sorted(support::NATIVE_STATIC_LIBS.iter().copied()));

    let wanted = support::NATIVE_STATIC_LIBS.join(" ");
    assert!(
        read("README.md").contains(&wanted),
        "the README does not say {wanted}"
    );
}

/// A program that was compiled with the first header of this ABI version runs with the library of now.
#[test]
fn a_program_of_the_first_header_runs() {
    let Some(compiler) = support::tool("CC", &["cc", "gcc", "clang"]) else {
        return;
    };
    let kept = support::root().join("ffi-tests/kept/abi_4.c");
    let program = support::scratch("abi-kept").join("abi_4");
    support::run(
        Command::new(compiler)
            .args(["-std=c99", "-Wall", "-Wextra", "-Werror"])
            .arg(kept)
            .arg("-o")
            .arg(&program)
            .args(support::Link::Shared.arguments(support::library())),
    );
    support::run(&mut Command::new(program));
}

#[test]
fn the_stripped_shared_library_is_small() {
    let Some(strip) = support::tool("STRIP", &["strip", "llvm-strip"]) else {
        return;
    };
    let stripped = support::scratch("abi-size").join("libcallbot.so");
    support::run(
        Command::new(strip)
            .arg("-o")
            .arg(&stripped)
            .arg(support::library().join("libcallbot.so")),
    );
    let bytes = fs::metadata(stripped).expect("the stripped library").len();
    support::say(&format!("libcallbot.so, stripped: {bytes} bytes"));
    assert!(bytes < MOST_BYTES, "{bytes}");

    let mut stated = 0;
    for document in SIZE_DOCUMENTS {
        for kilobytes in stated_sizes(&read(document)) {
            let wrong_by = bytes.abs_diff(kilobytes * 1000);
            assert!(
                wrong_by <= kilobytes * 100,
                "{document} says {kilobytes} kB, and the library has {bytes} bytes"
            );
            stated += 1;
        }
    }
    assert!(stated > 0, "none of {SIZE_DOCUMENTS:?} says the size");
}

/// The sizes in kB that a document states.
fn stated_sizes(document: &str) -> Vec<u64> {
    const BEGIN: &str = "The stripped shared library has ";
    let document = document.split_whitespace().collect::<Vec<_>>().join(" ");
    let sizes = document.split(BEGIN).skip(1).map(|from_size| {
        let size = from_size.split_once(" kB").expect("a size in kB").0;
        size.replace(',', "").parse().expect("a whole number of kB")
    });
    sizes.collect()
}

fn read(path: &str) -> String {
    let path = support::root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The committed list of exports.
fn list() -> BTreeSet<String> {
    sorted(read("tests/data/exports.txt").lines())
}

fn sorted<'a>(names: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    names.into_iter().map(ToOwned::to_owned).collect()
}

/// The names that start with `callbot_` and are followed by an opening bracket.
fn called(text: &str) -> BTreeSet<String> {
    let name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.split('(')
        .map(|before| &before[before.trim_end_matches(name).len()..])
        .filter(|name| name.starts_with("callbot_"))
        .map(ToOwned::to_owned)
        .collect()
}

/// The names that start with `callbot_`.
fn named(text: &str) -> BTreeSet<String> {
    sorted(
        text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .filter(|name| name.starts_with("callbot_")),
    )
}
