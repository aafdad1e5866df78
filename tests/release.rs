//! What those get to whom someone passes the libraries on.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

mod support;

use support::{root, run, target, tool};

/// A search for paths would also find nothing in a library that has none at all.
const REMAPPED: &str = "/cargo/hashbrown-";

#[test]
#[ignore = "builds the libraries a second time"]
fn the_libraries_do_not_contain_the_paths_of_the_builder() {
    let Some(make) = tool("MAKE", &["make"]) else {
        return;
    };
    let folder = target().join("passed-on");
    run(Command::new(make)
        .arg("release")
        .current_dir(root())
        .env("CARGO_TARGET_DIR", &folder));
    let paths = paths_of_the_builder(&folder);
    for name in ["libcallbot.so", "libcallbot.a"] {
        let library = fs::read(folder.join("release").join(name)).expect("the library");
        assert!(contains(&library, REMAPPED), "{name} has no {REMAPPED}");
        for path in &paths {
            assert!(!contains(&library, path), "{name} contains {path}");
        }
    }
}

/// The folders of this machine that a build reads from.
fn paths_of_the_builder(target: &Path) -> Vec<String> {
    let sysroot = run(Command::new("rustc").args(["--print", "sysroot"])).stdout;
    let home = env::home_dir().expect("a home folder");
    let cargo_home = env::var_os("CARGO_HOME").map_or_else(|| home.join(".cargo"), PathBuf::from);
    let sysroot = String::from_utf8(sysroot).expect("a path in UTF-8");
    [
        home,
        cargo_home,
        sysroot.trim().into(),
        root().into(),
        target.into(),
    ]
    .into_iter()
    .map(|path| path.into_os_string().into_string().expect("UTF-8"))
    .filter(|path| path.len() > 1)
    .chain(["registry/src".into()])
    .collect()
}

/// Whether a library has a string that contains `part`.
fn contains(library: &[u8], part: &str) -> bool {
    let first = part.as_bytes()[0];
    library
        .iter()
        .enumerate()
        .filter(|&(_, &byte)| byte == first)
        .any(|(at, _)| library[at..].starts_with(part.as_bytes()))
}
