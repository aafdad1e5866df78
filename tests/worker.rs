//! Runs the worker of `examples/worker.c` against the provider of `exchange/provider`, which has
//! faults of every kind. The provider's log says what became of the orders. The matrix runs it
//! under the sanitizers and valgrind too.

mod support;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use support::Link;

/// What the provider answers to the requests that add orders.
const FAULTS: &str = r#"{"maxOrders": 4, "answers": {"addBatchCall": [
    {"answer": "code", "retCode": 7, "times": 2}, {"answer": "success"}, {"answer": "close"},
    {"answer": "close", "taken": 0}, {"answer": "page", "taken": 2}, {"answer": "unsigned"},
    {"answer": "otherKey"}, {"answer": "code", "retCode": 5001, "taken": 1}, {"answer": "success"},
    {"answer": "partial", "phones": ["8613800000085", "8613800000086"], "times": 0}]}}"#;

const ORDERS: usize = 90;

#[test]
fn each_contact_ends_as_what_the_provider_has() {
    let Some(program) = compile("plain", &[]) else {
        return;
    };
    let states = run("plain", FAULTS, Command::new(program));
    // Some of them were not received: those of the connections that were closed, and others.
    assert!(count(&states, "accepted") > ORDERS / 2, "{states:?}");
    assert!(count(&states, "refused not_received") > 0, "{states:?}");
    assert_eq!(count(&states, "refused provider"), 2, "{states:?}");
    assert_eq!(states["bad"], "refused phone_plus");
}

#[test]
fn a_request_on_a_connection_that_breaks_is_sent_once() {
    let Some(program) = compile("once", &[]) else {
        return;
    };
    // libcurl uses the connection again, and sends the request again if that is closed.
    let scenario = r#"{"answers": {"addBatchCall": [{"answer": "success"}, {"answer": "close"}]}}"#;
    let states = run("once", scenario, Command::new(program));
    assert_eq!(count(&states, "accepted"), ORDERS, "{states:?}");
}

/// What is left if the program is killed between sending and reading.
#[test]
fn a_journal_without_answers_sends_nothing_again() {
    let Some(program) = compile("journal", &[]) else {
        return;
    };
    let folder = support::scratch("worker-journal-run");
    let provider = Provider::start(&folder, "{}");
    run_with(&folder, &provider, Command::new(&program));
    let journal = folder.join("journal");
    let lines = fs::read_to_string(&journal).expect("the journal");
    let (sent, answered): (Vec<_>, Vec<_>) = lines
        .split_inclusive('\n')
        .partition(|line| !line.starts_with("answered"));
    assert_eq!(answered.len(), ORDERS / 10);
    // One batch was answered, and of another one's answer only a part was written.
    let kept = sent.concat() + answered[0] + &answered[1][..answered[1].len() / 2];
    fs::write(&journal, kept).expect("the journal");
    let states = run_with(&folder, &provider, Command::new(&program));
    assert_eq!(count(&states, "accepted"), ORDERS, "{states:?}");
}

#[test]
fn memory_that_runs_out_loses_no_contact() {
    if !cfg!(target_os = "linux") {
        support::skip("--wrap is an option of GNU linkers");
        return;
    }
    let failing = support::root().join("ffi-tests/memory/failing.c");
    let mut arguments = vec!["-std=gnu99".to_owned(), failing.display().to_string()];
    arguments.extend(
        ["malloc", "calloc", "realloc", "posix_memalign"]
            .map(|function| format!("-Wl,--wrap={function}")),
    );
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let Some(program) = compile("memory", &arguments) else {
        return;
    };
    for every in [2, 3, 5, 7, 11, 31] {
        let mut command = Command::new(&program);
        command
            .env("FAIL_AFTER", "100")
            .env("FAIL_EVERY", every.to_string());
        run("memory", "{}", command);
    }
}

#[test]
#[ignore = "part of the matrix: .ci/run matrix"]
fn under_the_thread_sanitizer() {
    if let Some(program) = compile("tsan", &["-fsanitize=thread"]) {
        run("tsan", FAULTS, Command::new(program));
    }
}

#[test]
#[ignore = "part of the matrix: .ci/run matrix"]
fn under_the_address_sanitizer() {
    let sanitize = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
    if let Some(program) = compile("asan", &sanitize) {
        let mut command = Command::new(program);
        command.env("ASAN_OPTIONS", "detect_leaks=1");
        run("asan", FAULTS, command);
    }
}

#[test]
#[ignore = "part of the matrix: .ci/run matrix"]
fn under_valgrind() {
    let Some(valgrind) = support::tool("VALGRIND", &["valgrind"]) else {
        return;
    };
    let Some(program) = compile("valgrind", &[]) else {
        return;
    };
    let mut command = Command::new(valgrind);
    command.args(["--quiet", "--leak-check=full", "--error-exitcode=99"]);
    command.arg("--errors-for-leak-kinds=definite,indirect,possible");
    command.arg(program);
    run("valgrind", FAULTS, command);
}

/// A tool finds a fault that is planted, so that it does not pass because it is not there.
#[test]
#[ignore = "part of the matrix: .ci/run matrix"]
fn the_thread_sanitizer_finds_a_race() {
    let source = support::scratch("worker-unlocked").join("unlocked.c");
    let text = "#include <pthread.h>\n\
        int __wrap_pthread_mutex_lock(pthread_mutex_t *lock);\n\
        int __wrap_pthread_mutex_unlock(pthread_mutex_t *lock);\n\
        int __wrap_pthread_mutex_lock(pthread_mutex_t *lock) { return lock == NULL; }\n\
        int __wrap_pthread_mutex_unlock(pthread_mutex_t *lock) { return lock == NULL; }\n";
    fs::write(&source, text).expect("the source");
    let arguments = [
        "-fsanitize=thread",
        "-Wl,--wrap=pthread_mutex_lock",
        "-Wl,--wrap=pthread_mutex_unlock",
        source.to_str().expect("UTF-8"),
    ];
    let Some(program) = compile("race", &arguments) else {
        return;
    };
    let folder = support::scratch("worker-race-run");
    let provider = Provider::start(&folder, "{}");
    let output = support::output(&mut worker(Command::new(program), &folder, &provider));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("ThreadSanitizer: data race"), "{said}");
}

#[test]
fn the_worker_is_short_enough_to_be_copied() {
    let source = fs::read_to_string(support::root().join("examples/worker.c")).expect("worker.c");
    assert!(source.lines().count() < 250);
}

/// Compiles the worker. `None`, with a visible line, if a tool is missing.
fn compile(name: &str, arguments: &[&str]) -> Option<PathBuf> {
    let compiler = support::tool("CC", &["cc", "gcc", "clang"])?;
    support::tool("PYTHON", &["python3"])?;
    support::tool("CURL_CONFIG", &["curl-config"])?;
    let folder = support::scratch(&format!("worker-{name}"));
    let program = folder.join("worker");
    let mut sources: Vec<_> = fs::read_dir(support::root().join("examples"))
        .expect("the examples")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("worker") && name.ends_with(".c")
        })
        .collect();
    sources.sort();
    support::run(
        Command::new(compiler)
            .args(["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion"])
            .args(["-Werror", "-g", "-O1", "-pthread"])
            .args(arguments)
            .arg("-I")
            .arg(support::root().join("include"))
            .args(sources)
            .arg("-o")
            .arg(&program)
            .arg("-lcurl")
            .args(Link::Static.arguments(support::library())),
    );
    Some(program)
}

/// The provider, which ends with the test.
struct Provider {
    process: Child,
    port: String,
    log: PathBuf,
}

impl Provider {
    fn start(folder: &Path, scenario: &str) -> Self {
        fs::write(folder.join("scenario"), scenario).expect("the scenario");
        let log = folder.join("log");
        let mut process = account(&mut Command::new("python3"))
            .arg(support::root().join("exchange/provider/provider.py"))
            .arg("--scenario")
            .arg(folder.join("scenario"))
            .arg("--log")
            .arg(&log)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the provider");
        let mut line = String::new();
        let output = process.stdout.take().expect("its output");
        BufReader::new(output)
            .read_line(&mut line)
            .expect("its port");
        let port = line.trim().strip_prefix("listening ").expect("its port");
        Self {
            port: port.to_owned(),
            process,
            log,
        }
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn account(command: &mut Command) -> &mut Command {
    command
        .env("CALLBOT_UUID", "Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR")
        .env("CALLBOT_SECRET_KEY", "u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr")
        .env("CALLBOT_ALGORITHM", "SHA256")
}

fn worker(mut command: Command, folder: &Path, provider: &Provider) -> Command {
    let mut contacts = String::from("bad,+8613800000001\n");
    for i in 0..ORDERS {
        let _ = writeln!(contacts, "order-{i},86138{i:08}");
    }
    fs::write(folder.join("contacts"), contacts).expect("the contacts");
    account(&mut command)
        .env("EXCHANGE_THREADS", "3")
        .env("EXCHANGE_MAX_ORDERS", "10")
        .env("EXCHANGE_TIMEOUT_MS", "5000")
        .env("EXCHANGE_WAIT_MS", "200")
        .env("EXCHANGE_BACKOFF_MS", "5")
        .arg(format!("http://127.0.0.1:{}", provider.port))
        .arg("spring")
        .arg(folder.join("contacts"))
        .arg(folder.join("journal"));
    command
}

/// Runs the worker, and compares what it says of each contact with the provider's log.
fn run(name: &str, scenario: &str, command: Command) -> BTreeMap<String, String> {
    let folder = support::scratch(&format!("worker-{name}-run"));
    let provider = Provider::start(&folder, scenario);
    run_with(&folder, &provider, command)
}

fn run_with(folder: &Path, provider: &Provider, command: Command) -> BTreeMap<String, String> {
    let mut command = worker(command, folder, provider);
    let output = support::run(&mut command);
    let printed = String::from_utf8(output.stdout).expect("UTF-8");
    let states: BTreeMap<_, _> = printed
        .lines()
        .map(|line| line.split_once(' ').expect("a state"))
        .map(|(order, state)| (order.to_owned(), state.trim().to_owned()))
        .collect();
    assert_eq!(printed.lines().count(), ORDERS + 1);
    assert_eq!(states.len(), ORDERS + 1);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("86138"), "a phone: {said}");

    let taken = taken(&provider.log);
    for (order, state) in &states {
        let times = taken.get(order).copied().unwrap_or_default();
        match state.split(' ').next() {
            Some("accepted") => assert_eq!(times, 1, "{order} {state}"),
            Some("refused") => assert_eq!(times, 0, "{order} {state}"),
            _ => assert!(times <= 1, "{order} {state}"),
        }
    }
    states
}

/// How often the provider took each order. Every request must have been genuine.
fn taken(log: &Path) -> BTreeMap<String, usize> {
    let log = fs::read_to_string(log).expect("the log");
    let mut taken = BTreeMap::new();
    for line in log.lines() {
        if line.contains(r#""event": "request""#) {
            assert!(line.contains(r#""verdict": "genuine""#), "{line}");
        }
        if line.contains(r#""event": "order""#) {
            let (_, rest) = line.split_once(r#""orderID": ""#).expect("an orderID");
            let (order, _) = rest.split_once('"').expect("its end");
            *taken.entry(order.to_owned()).or_default() += 1;
        }
    }
    taken
}

fn count(states: &BTreeMap<String, String>, wanted: &str) -> usize {
    states.values().filter(|state| *state == wanted).count()
}
