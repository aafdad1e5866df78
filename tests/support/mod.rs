//! Builds the library as its users do, and runs compilers and programs.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test uses its own part of this"
)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use std::{env, fs, io};

/// The libraries to link with the static library, as rustc's `native-static-libs` prints them. A
/// test compares them with rustc and the README.
pub const NATIVE_STATIC_LIBS: &[&str] = &[
    "-lgcc_s",
    "-lutil",
    "-lrt",
    "-lpthread",
    "-lm",
    "-ldl",
    "-lc",
];

/// How a program is linked with the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    Shared,
    Static,
}

impl Link {
    pub const BOTH: [Self; 2] = [Self::Shared, Self::Static];

    /// The arguments for the compiler.
    pub fn arguments(self, library: &Path) -> Vec<String> {
        match self {
            Self::Shared => vec![
                format!("-L{}", library.display()),
                "-lcallbot".into(),
                format!("-Wl,-rpath,{}", library.display()),
            ],
            Self::Static => [library.join("libcallbot.a").display().to_string()]
                .into_iter()
                .chain(NATIVE_STATIC_LIBS.iter().map(ToString::to_string))
                .collect(),
        }
    }
}

/// The repository's root.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Where cargo builds.
pub fn target() -> PathBuf {
    // The test's own program lies in <target>/<profile>/deps.
    let program = env::current_exe().expect("the test's own path");
    let target = program
        .ancestors()
        .nth(3)
        .expect("<target>/<profile>/deps/<test>");
    target.to_owned()
}

/// The folder with the released library, built with the README's own command.
pub fn library() -> &'static Path {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        run(cargo()
            .args(["build", "--release", "-p", "callbot"])
            .arg("--target-dir")
            .arg(target()));
        target().join("release")
    })
}

/// The folder with a library that can be made to panic inside: see `callbot_test_plant_panic`.
pub fn library_with_planted_panic() -> &'static Path {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let target = target().join("planted");
        run(cargo()
            .args(["build", "--lib", "--features", "plant-panic"])
            .arg("--target-dir")
            .arg(&target));
        target.join("debug")
    })
}

pub fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root());
    cargo
}

/// A fresh folder for what one test builds.
pub fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a scratch folder");
    folder
}

/// A tool: `variable`'s value, or the first of `names` that can be started. `None`, with a visible
/// line, if there is none; a failure if `CI` is set.
pub fn tool(variable: &str, names: &[&str]) -> Option<String> {
    if let Ok(given) = env::var(variable) {
        return Some(given);
    }
    let found = names.iter().find(|name| {
        let starts = |argument| Command::new(name).arg(argument).output();
        starts("--version").is_ok_and(|output| output.status.success())
            || starts("version").is_ok_and(|output| output.status.success())
    });
    if found.is_none() {
        skip(&format!("none of {names:?} is there"));
    }
    found.map(ToString::to_string)
}

/// Skips what this machine cannot do, with a visible line. A failure if `CI` is set.
pub fn skip(reason: &str) {
    assert!(env::var_os("CI").is_none(), "{reason}, and CI is set");
    say(&format!("SKIPPED: {reason}"));
}

/// Shows a line even if the test passes; `println!` is shown only if it fails.
pub fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Runs a command to its end, whether it succeeds or not.
pub fn output(command: &mut Command) -> Output {
    // Cargo sets this variable for tests. It takes precedence over the folder that a program was
    // linked with, so that a library in cargo's own folders would be loaded instead.
    let output = command.env_remove("LD_LIBRARY_PATH").output();
    output.unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

/// Runs a command, which must succeed; otherwise the test fails with its output.
pub fn run(command: &mut Command) -> Output {
    let output = output(command);
    assert!(
        output.status.success(),
        "{command:?}\n{}\n{}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    output
}

/// Runs the example `campaign` in any language. It must print what `examples/campaign.expected` has.
pub fn assert_campaign(program: &mut Command) {
    let examples = root().join("examples");
    let expected = fs::read_to_string(examples.join("campaign.expected")).expect("the output");
    let output = run(program.arg(examples.join("campaign.provider")));
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

/// The pages of documentation, as paths from the root.
pub fn pages() -> Vec<String> {
    let mut pages = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root().join(&folder)).expect("a folder") {
            let entry = entry.expect("an entry");
            let name = entry.file_name().into_string().expect("a name in UTF-8");
            let path = folder.join(&name);
            if !entry.file_type().expect("its type").is_dir() {
                if path.extension().is_some_and(|found| found == "md") {
                    pages.push(path.to_str().expect("UTF-8").to_owned());
                }
            } else if !name.starts_with('.') && name != "target" && name != "vendor" {
                folders.push(path);
            }
        }
    }
    pages.sort();
    pages
}
