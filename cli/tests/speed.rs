//! The speed and the memory of `callbot check` for a million rows:
//!
//! ```text
//! cargo test --release -p callbot-cli --test speed -- --ignored --nocapture
//! ```
#![cfg(target_os = "linux")]

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const ROWS: u64 = 1_000_000;
/// At least this part of the rows that the csv crate's own `records` reads in the same time.
const LEAST_SPEED: f64 = 0.4;
/// The index of a million IDs takes 34 MiB; everything else does not grow.
const MOST_KIB: f64 = 64.0 * 1024.0;

/// A list as a campaign has it.
fn list(rows: u64) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("contacts-{rows}.csv"));
    let mut file = BufWriter::new(File::create(&path).unwrap());
    writeln!(
        file,
        "orderID,userPhone,userName,customerName,amount,due_date,agent"
    )
    .unwrap();
    for row in 0..rows {
        let phone = 8_613_800_000_000 + row * 7;
        writeln!(
            file,
            "7b0f2a60-2f0c-4a6e-9f0b-{row:012},{phone},\"Weiß, Jürgen {row}\",Bäckerei Groß & Söhne,\
             {}.50,2025-04-{:02},Anja",
            row % 1000,
            row % 28 + 1
        )
        .unwrap();
    }
    file.flush().unwrap();
    path
}

/// The seconds that this thread has been on a processor. A machine that does other things too
/// does not change them.
fn seconds_of_this_thread() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    let nanoseconds: u64 = stat.split(' ').next().unwrap().parse().unwrap();
    Duration::from_nanos(nanoseconds).as_secs_f64()
}

/// The seconds of `records`, which makes a `StringRecord` of each row.
fn seconds_of_records(path: &Path) -> f64 {
    let start = seconds_of_this_thread();
    let mut cells = 0;
    for record in csv::Reader::from_path(path).unwrap().records() {
        cells += record.unwrap().len();
    }
    assert_eq!(cells as u64, ROWS * 7);
    seconds_of_this_thread() - start
}

/// The seconds of a check, and its most memory in KiB, as the system counts them.
fn check(path: &Path) -> (f64, f64) {
    let run = Command::new("/usr/bin/time")
        .args(["-f", "%U %S %M", env!("CARGO_BIN_EXE_callbot"), "check"])
        .arg(path)
        .output()
        .unwrap();
    let measured = String::from_utf8(run.stderr).unwrap();
    let mut numbers = measured
        .split_whitespace()
        .map(|number| number.parse::<f64>().unwrap());
    let [user, system, memory] = [(); 3].map(|()| numbers.next().unwrap());
    (user + system, memory)
}

#[test]
#[ignore = "it takes a release build and a quiet machine"]
fn a_million_rows_are_checked_at_the_speed_that_is_promised() {
    let path = list(ROWS);
    let least = |seconds: fn(&Path) -> f64| (0..5).map(|_| seconds(&path)).fold(f64::MAX, f64::min);
    let (records, check) = (least(seconds_of_records), least(|path| check(path).0));
    let speed = records / check;
    println!("records {records:.2} s, check {check:.2} s: {speed:.2} times the speed");
    assert!(speed >= LEAST_SPEED, "{speed:.2}");
}

#[test]
#[ignore = "it takes a release build"]
fn the_memory_is_that_of_the_index_of_ids() {
    let [few, many] = [ROWS / 16, ROWS].map(|rows| check(&list(rows)).1);
    println!("{few} KiB for a sixteenth of the rows, {many} KiB for all");
    assert!(many <= MOST_KIB, "{many} KiB");
}
