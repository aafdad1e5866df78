//! Compiles the measured C programs, and links the C library of the release build.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    println!("cargo::rerun-if-env-changed=CALLBOT_LIBRARY");
    let library =
        env::var_os("CALLBOT_LIBRARY").map_or_else(|| root.join("target/release"), PathBuf::from);
    assert!(
        library.join("libcallbot.so").exists(),
        "the C library is not in {}; run cargo build --release -p callbot, or set CALLBOT_LIBRARY to its directory",
        library.display()
    );
    let yyjson = yyjson();
    cc::Build::new()
        .files(["c/jobs.c", "c/yyjson_job.c", "c/yyjson_callback.c"].map(PathBuf::from))
        .file(yyjson.join("yyjson.c"))
        .include(&yyjson)
        .include(root.join("include"))
        .opt_level(3)
        .flag("-Wno-deprecated-declarations") // OpenSSL's fastest hash functions are deprecated
        .compile("jobs");
    println!("cargo::rerun-if-changed=c");
    println!(
        "cargo::rerun-if-changed={}",
        library.join("libcallbot.so").display()
    );
    println!("cargo::rustc-link-search=native={}", library.display());
    println!("cargo::rustc-link-lib=dylib=callbot");
    println!("cargo::rustc-link-lib=dylib=crypto");
    println!("cargo::rustc-link-arg=-Wl,-rpath,{}", library.display());
}

/// Finds the C sources of yyjson, since their crate does not export the path.
fn yyjson() -> PathBuf {
    let output = Command::new(env::var_os("CARGO").expect("cargo sets it"))
        .args(["metadata", "--format-version=1", "--offline"])
        .arg("--filter-platform")
        .arg(env::var_os("TARGET").expect("cargo sets it"))
        .output()
        .expect("cargo metadata");
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let manifest = metadata["packages"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|package| package["name"] == "yyjson-sys")
        .and_then(|package| package["manifest_path"].as_str())
        .expect("yyjson-sys is a dependency");
    Path::new(manifest).with_file_name("yyjson").join("src")
}
