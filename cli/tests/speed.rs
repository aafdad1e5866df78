//! The speed and the memory of `callbot check` for a million rows:
//!
//! ```text
//! cargo test --release -p callbot-cli --test speed -- --ignored --nocapture
//! ```
#![cfg(target_os = "linux")]

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const ROWS: u64 = 1_000_000;
/// At least this part of the rows that the csv crate's own `records` reads in the same time.
const LEAST_SPEED: f64 = 0.4;
/// The index of a million IDs takes 34 MiB; everything else does not grow.
const MOST_KIB: u64 = 64 << 10;

/// A list as a campaign has it.
fn list(rows: u64) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("contacts-{rows}.csv"));
    let mut file = BufWriter::new(File::create(&path).unwrap());
    writeln!(file, "orderID,userPhone,userName,customerName,amount,due_date,agent").unwrap();
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

/// The time of `records`, which makes a `StringRecord` of each row.
fn time_of_records(path: &Path) -> Duration {
    let start = Instant::now();
    let mut cells = 0;
    for record in csv::Reader::from_path(path).unwrap().records() {
        cells += record.unwrap().len();
    }
    assert_eq!(cells as u64, ROWS * 7);
    start.elapsed()
}

fn time_of_check(path: &Path) -> Duration {
    let start = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_callbot"));
    let status = command.arg("check").arg(path).stdout(Stdio::null()).status();
    assert!(status.unwrap().success());
    start.elapsed()
}

/// The most memory that a check takes, in KiB, as the system counts it.
fn memory_of_check(path: &Path) -> u64 {
    let command = Command::new("/usr/bin/time")
        .args(["-f", "%M", env!("CARGO_BIN_EXE_callbot"), "check"])
        .arg(path)
        .output()
        .unwrap();
    String::from_utf8(command.stderr).unwrap().trim().parse().unwrap()
}

#[test]
#[ignore = "it takes a release build and a quiet machine"]
fn a_million_rows_are_checked_at_the_speed_that_is_promised() {
    let path = list(ROWS);
    let least = |time: fn(&Path) -> Duration| (0..5).map(|_| time(&path)).min().unwrap();
    let (records, check) = (least(time_of_records), least(time_of_check));
    let speed = records.as_secs_f64() / check.as_secs_f64();
    println!("records {records:?}, check {check:?}: {speed:.2} times the speed");
    assert!(speed >= LEAST_SPEED, "{speed:.2}");
}
