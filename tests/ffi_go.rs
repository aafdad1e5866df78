//! Vets the Go package in `go/` and runs its tests and its example with the static library. The
//! matrix (`.ci/run matrix`) runs them with the shared library too, and again with each of Go's own
//! tools that look for mistakes: the race detector, both checks of what is passed to C, and the
//! fuzzer. Small faulty programs prove that these tools are at work, so that a missing tool does
//! not look like one that finds nothing.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};

use support::{Link, library, root, run, scratch};

/// A program with a data race.
const RACE: &str = r"
package main

func main() {
	done, counted := make(chan bool), 0
	go func() { counted++; done <- true }()
	counted++
	<-done
}
";

/// Passes C a pointer to Go memory that contains a Go pointer, which `GODEBUG=cgocheck=1` finds.
const POINTER_PASSED: &str = r#"
package main

// static void take(void *pointer) { (void)pointer; }
import "C"
import "unsafe"

func main() {
	pointer := new(*[16]byte)
	*pointer = new([16]byte)
	C.take(unsafe.Pointer(pointer))
}
"#;

/// Stores a Go pointer in C memory, which the experiment `cgocheck2` finds.
const POINTER_STORED: &str = r#"
package main

// #include <stdlib.h>
import "C"
import "unsafe"

var kept *[16]byte

func main() {
	kept = new([16]byte)
	place := (**[16]byte)(unsafe.Pointer(C.calloc(1, C.size_t(unsafe.Sizeof(kept)))))
	*place = kept
}
"#;

/// A program of another module, as a user writes it. It also prints which shared libraries it
/// needs.
const PROGRAM: &str = r#"
package main

import (
	"debug/elf"
	"fmt"
	"log"
	"os"
	"time"

	"callbot"
)

func main() {
	signer, err := callbot.NewSigner("Vh71ym3y", "u7Mf3zUN", callbot.MD5)
	check(err)
	batch, err := callbot.NewBatch(callbot.Task{"spring", "https://example.com/o", "https://example.com/c"}, nil)
	check(err)
	check(batch.Add(callbot.Order{OrderID: "1", UserPhone: "8613800000001"}))
	request, err := batch.Build(signer, callbot.WithRequestID("r-1"), callbot.At(time.Unix(1726200000, 0)))
	check(err)
	fmt.Println(callbot.Version(), request.Header().Get("sign"))
	program, err := elf.Open(os.Args[0])
	check(err)
	needed, err := program.ImportedLibraries()
	check(err)
	fmt.Println(needed)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
"#;

/// A library with another binary interface.
const OTHER_ABI: &str = "unsigned callbot_abi_version(void) { return 4711; }\n";

/// Makes the tests run one at a time: Go builds with all cores by itself, and they share its cache.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Go, for one test.
struct Go {
    program: String,
    _turn: MutexGuard<'static, ()>,
}

impl Go {
    /// `None`, with a visible line, if Go is not installed.
    fn find() -> Option<Self> {
        let program = support::tool("GO", &["go"])?;
        let turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        Some(Self {
            program,
            _turn: turn,
        })
    }

    /// The go command in a folder, with the library that was just built and without the caller's
    /// environment. It downloads nothing.
    fn command(&self, folder: &Path) -> Command {
        let library = library().display();
        let mut command = Command::new(&self.program);
        command
            .current_dir(folder)
            .env("CGO_ENABLED", "1")
            .env(
                "CGO_LDFLAGS",
                format!("'-L{library}' '-Wl,-rpath,{library}'"),
            )
            .env("GOFLAGS", "-mod=readonly -buildvcs=false")
            .env("GOPROXY", "off")
            .env("GOTOOLCHAIN", "local")
            .env("GOWORK", "off")
            .env_remove("GODEBUG")
            .env_remove("GOEXPERIMENT")
            .env_remove("CGO_CFLAGS");
        command
    }

    fn vet(&self, link: Link) {
        run(self
            .command(&package())
            .arg("vet")
            .args(tags(link))
            .arg("./..."));
    }

    /// Runs the package's tests and checks that each of them ran. With `short`, long ones may be
    /// skipped.
    fn test(&self, link: Link, arguments: &[&str], variables: &[(&str, &str)], short: bool) {
        // Go does not notice a changed library; -count=1 links and runs the tests again.
        let mut command = self.command(&package());
        command.args(["test", "-count=1", "-v"]).args(tags(link));
        command
            .args(arguments)
            .args(short.then_some("-short"))
            .arg("./...");
        command.envs(variables.iter().copied());
        let output = String::from_utf8(run(&mut command).stdout).expect("UTF-8");
        let outcomes = |outcome: &str| -> BTreeSet<String> {
            let lines = output.lines().filter_map(|line| line.strip_prefix(outcome));
            let names = lines.filter_map(|line| line.split_whitespace().next());
            names.map(ToString::to_string).collect()
        };
        let skipped = outcomes("--- SKIP: ");
        assert!(short || skipped.is_empty(), "skipped: {skipped:?}");
        let ran = &outcomes("--- PASS: ") | &skipped;
        assert_eq!(ran, declared_tests(), "{output}");
        assert!(!ran.is_empty() && skipped.len() < ran.len(), "{output}");
    }

    /// Builds and runs the example.
    fn campaign(&self, link: Link) {
        let program = scratch("go-campaign").join(format!("{link:?}"));
        run(self
            .command(&package())
            .args(["build", "-o"])
            .arg(&program)
            .args(tags(link))
            .arg("./examples/campaign"));
        support::assert_campaign(&mut Command::new(program));
    }

    /// Builds and runs a faulty program, which has to fail with a report of its fault.
    fn finds(
        &self,
        name: &str,
        program: &str,
        arguments: &[&str],
        variables: &[(&str, &str)],
        wanted: &str,
    ) {
        let folder = scratch(&format!("go-faulty-{name}"));
        fs::write(folder.join("main.go"), program).expect("the program");
        let mut build = self.command(&folder);
        build
            .args(["build", "-o", "faulty"])
            .args(arguments)
            .arg("main.go");
        run(build.envs(variables.iter().copied()));
        let output = support::output(
            Command::new(folder.join("faulty"))
                .env_remove("GODEBUG")
                .env_remove("GORACE")
                .envs(variables.iter().copied()),
        );
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{name}: nothing was found");
        assert!(said.contains(wanted), "{name}: {said}");
    }
}

fn package() -> std::path::PathBuf {
    root().join("go")
}

const fn tags(link: Link) -> &'static [&'static str] {
    match link {
        Link::Shared => &["-tags=callbot_shared"],
        Link::Static => &[],
    }
}

/// The tests, examples and fuzz targets in the sources of the package and of its programs.
fn declared_tests() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let folders = [package(), package().join("examples/exchange")];
    for entry in folders
        .iter()
        .flat_map(|folder| fs::read_dir(folder).expect("the package"))
    {
        let path = entry.expect("an entry").path();
        if !path.to_string_lossy().ends_with("_test.go") {
            continue;
        }
        let source = fs::read_to_string(&path).expect("a source file");
        for line in source.lines() {
            let name = line
                .strip_prefix("func ")
                .and_then(|line| line.split_once('('));
            let name = name.map_or("", |(name, _)| name);
            if ["Test", "Example", "Fuzz"]
                .iter()
                .any(|kind| name.starts_with(kind))
            {
                names.insert(name.to_string());
            }
        }
    }
    names
}

#[test]
fn the_sources_are_formatted_and_vetted() {
    let Some(go) = Go::find() else { return };
    let goroot = run(go.command(&package()).args(["env", "GOROOT"])).stdout;
    let goroot = String::from_utf8(goroot).expect("UTF-8");
    let gofmt = Path::new(goroot.trim()).join("bin/gofmt");
    let gofmt = if gofmt.exists() {
        gofmt
    } else {
        "gofmt".into()
    };
    let unformatted = run(Command::new(gofmt).args(["-l", "."]).current_dir(package())).stdout;
    assert_eq!(String::from_utf8_lossy(&unformatted), "");
    go.vet(Link::Static);
    // Nothing but Go's standard library and the package itself.
    let modules = run(go.command(&package()).args(["list", "-m", "all"])).stdout;
    assert_eq!(String::from_utf8_lossy(&modules), "callbot\n");
}

#[test]
fn with_the_static_library() {
    let Some(go) = Go::find() else { return };
    go.campaign(Link::Static);
    go.test(Link::Static, &[], &[], false);
}

#[test]
#[ignore = "part of the matrix: .ci/run matrix"]
fn with_the_shared_library() {
    let Some(go) = Go::find() else { return };
    go.vet(Link::Shared);
    go.campaign(Link::Shared);
    go.test(Link::Shared, &[], &[], false);
}

#[test]
#[ignore = "part of the matrix: .ci/run matrix"]
fn with_the_race_detector() {
    let Some(go) = Go::find() else { return };
    go.finds("race", RACE, &["-race"], &[], "WARNING: DATA RACE");
    for link in Link::BOTH {
        go.test(link, &["-race"], &[], true);
    }
}

#[test]
#[ignore = "part of the matrix: .ci/run matrix"]
fn with_a_check_of_what_is_passed_to_c() {
    let Some(go) = Go::find() else { return };
    let variables = [("GODEBUG", "cgocheck=1")];
    let wanted = "Go pointer to unpinned Go pointer";
    go.finds("passed", POINTER_PASSED, &[], &variables, wanted);
    for link in Link::BOTH {
        go.test(link, &[], &variables, true);
    }
}

#[test]
#[ignore = "part of the matrix: .ci/run matrix"]
fn with_a_check_of_what_is_stored_in_c() {
    let Some(go) = Go::find() else { return };
    let variables = [("GOEXPERIMENT", "cgocheck2")];
    let wanted = "unpinned Go pointer stored into non-Go memory";
    go.finds("stored", POINTER_STORED, &[], &variables, wanted);
    for link in Link::BOTH {
        go.test(link, &[], &variables, true);
    }
}

/// A short run of Go's fuzz targets: packing of orders, and reading of JSON.
#[test]
#[ignore = "part of the matrix: .ci/run matrix"]
fn with_input_from_the_fuzzer() {
    let Some(go) = Go::find() else { return };
    for target in ["-fuzz=^FuzzAdd$", "-fuzz=^FuzzBody$"] {
        let mut command = go.command(&package());
        command.args(["test", "-run=^$", target, "-fuzztime=20000x", "."]);
        let output = String::from_utf8(run(&mut command).stdout).expect("UTF-8");
        // Several workers may run a few more inputs than asked for.
        let count = |line: &str| {
            line.split("execs: ")
                .nth(1)?
                .split(' ')
                .next()?
                .parse()
                .ok()
        };
        let executions: Option<u32> = output.lines().filter_map(count).max();
        assert!(executions >= Some(20_000), "{output}");
    }
}

/// Uses the package from another module, as its documentation says.
#[test]
#[ignore = "part of the matrix: .ci/run matrix"]
fn a_program_of_another_module() {
    let Some(go) = Go::find() else { return };
    let folder = scratch("go-program");
    fs::write(folder.join("main.go"), PROGRAM).expect("the program");
    run(go.command(&folder).args(["mod", "init", "dialler"]));
    let replace = format!("-replace=callbot={}", package().display());
    run(go
        .command(&folder)
        .args(["mod", "edit", "-require=callbot@v0.0.0", &replace]));

    let standalone = [
        "-tags=netgo,osusergo",
        "-ldflags=-linkmode external -extldflags -static",
    ];
    let builds: [(&str, &[&str]); 3] = [
        ("static", &[]),
        ("standalone", &standalone),
        ("shared", tags(Link::Shared)),
    ];
    for (name, arguments) in builds {
        run(go
            .command(&folder)
            .args(["build", "-o", name])
            .args(arguments));
        let output = run(Command::new(folder.join(name)).current_dir("/").env_clear()).stdout;
        let output = String::from_utf8(output).expect("UTF-8");
        let (signed, needed) = output.split_once('\n').expect("two lines");
        assert_eq!(
            signed,
            format!("{} {SIGN}", env!("CARGO_PKG_VERSION")),
            "{name}"
        );
        let needs = |library| needed.contains(library);
        match name {
            "static" => assert!(
                needs("libc.so") && !needs("libcallbot") && !needs("libgcc_s"),
                "{needed}"
            ),
            "standalone" => assert_eq!(needed, "[]\n"),
            _ => assert!(needs("libcallbot.so"), "{needed}"),
        }
    }
}

/// The signature of [`PROGRAM`]'s request, computed with Python's hashlib.
const SIGN: &str = "CF66A75BBA7DF7E9B817CD4541F81EAE";

/// A program does not run with a library of another binary interface.
#[test]
#[ignore = "part of the matrix: .ci/run matrix"]
fn another_binary_interface_is_refused() {
    let Some(go) = Go::find() else { return };
    let Some(cc) = support::tool("CC", &["cc", "gcc", "clang"]) else {
        return;
    };
    let folder = scratch("go-other-abi");
    fs::write(folder.join("other.c"), OTHER_ABI).expect("the other library");
    run(Command::new(cc)
        .args(["-shared", "-fPIC", "-o", "other.so", "other.c"])
        .current_dir(&folder));
    let program = folder.join("program");
    run(go
        .command(&package())
        .args(["test", "-c", "-tags=callbot_shared", "-o"])
        .arg(&program));
    let version = || {
        let mut command = Command::new(&program);
        command.args(["-test.run=^TestVersion$", "-test.v"]);
        command
    };
    run(&mut version());
    let output = support::output(version().env("LD_PRELOAD", folder.join("other.so")));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "it runs");
    assert!(
        said.contains("panic: callbot: ") && said.contains("has version 4711"),
        "{said}"
    );
}
