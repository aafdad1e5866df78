//! Runs the example `campaign` in Rust as its users do. `ffi_c.rs`, `ffi_cpp.rs` and `ffi_go.rs`
//! run the same campaign in their languages, and compare with the same file.

mod support;

use std::process::Command;

#[test]
fn the_campaign_in_rust_prints_what_is_expected() {
    let name = format!("campaign{}", std::env::consts::EXE_SUFFIX);
    let tests = std::env::current_exe().expect("the test's own path");
    let folder = tests.ancestors().nth(2).expect("<target>/<profile>");
    let program = folder.join("examples").join(name);
    assert!(
        program.exists(),
        "the example is not built; `cargo test` does that, but `cargo test --test campaign` does not"
    );
    support::assert_campaign(&mut Command::new(program));
}
