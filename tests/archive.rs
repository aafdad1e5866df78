//! Links the static library that is installed (`make archive`) beside another one in Rust, and into a
//! plug-in.

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use support::{root, run, scratch, target, tool};

#[test]
#[ignore = "part of the matrix: .ci/run matrix"]
fn two_libraries_in_rust_and_a_plugin_in_one_program() {
    let Some(compiler) = tool("CC", &["cc", "gcc", "clang"]) else {
        return;
    };
    let Some(archive) = archive() else { return };
    let folder = scratch("archive");
    let compile = |source: &str, arguments: &[&str], libraries: &[&Path], output: &Path| {
        let output = Command::new(&compiler)
            .args(["-std=c99", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror"])
            .args(arguments)
            .arg("-I")
            .arg(root().join("include"))
            .arg(root().join("ffi-tests/archive").join(source))
            .args(libraries)
            .args(["-ldl", "-lpthread", "-lm", "-o"])
            .arg(output)
            .output();
        output.expect("the compiler starts")
    };

    let plugin = folder.join("plugin.so");
    let built = compile("plugin.c", &["-shared", "-fPIC"], &[&archive], &plugin);
    assert!(built.status.success(), "{built:?}");
    let exported = run(Command::new("nm")
        .args(["--dynamic", "--defined-only", "--format=just-symbols"])
        .arg(&plugin));
    assert_eq!(String::from_utf8_lossy(&exported.stdout), "plugin_panic\n");

    let other = other(&folder);
    for (name, libraries) in [
        ("ours-first", [&*archive, &other]),
        ("other-first", [&other, &*archive]),
    ] {
        let program = folder.join(name);
        let built = compile("main.c", &[], &libraries, &program);
        assert!(built.status.success(), "{name}: {built:?}");
        run(Command::new(program).arg(&plugin));
    }

    // Without `make archive` they collide, or the test would prove nothing.
    let plain = support::library().join("libcallbot.a");
    let built = compile("main.c", &[], &[&plain, &other], &folder.join("plain"));
    let said = String::from_utf8_lossy(&built.stderr);
    assert!(said.contains("multiple definition"), "{said}");
}

/// The static library of a build that can be made to panic. What the linker could still do for it
/// takes long, and changes nothing here.
fn archive() -> Option<PathBuf> {
    let make = tool("MAKE", &["make"])?;
    let folder = target().join("planted");
    run(Command::new(make)
        .args(["archive", "FEATURES=plant-panic"])
        .current_dir(root())
        .env("CARGO_TARGET_DIR", &folder)
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"));
    Some(folder.join("release/package/libcallbot.a"))
}

/// Another static library, as rustc makes it.
fn other(folder: &Path) -> PathBuf {
    let library = folder.join("libother.a");
    run(Command::new("rustc")
        .args(["--edition=2024", "--crate-type=staticlib", "-O", "-o"])
        .arg(&library)
        .arg(root().join("ffi-tests/archive/other.rs")));
    library
}
