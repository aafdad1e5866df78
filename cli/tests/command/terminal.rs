//! What only a terminal gets: colours and a progress bar. The terminal is a pseudo-terminal.
#![cfg(unix)]

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::support::{callbot, run};

/// The two ends of a pseudo-terminal: ours and the command's.
fn terminal() -> (File, File) {
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&ours).unwrap();
    unlockpt(&ours).unwrap();
    let name = ptsname(&ours, Vec::new()).unwrap();
    let theirs = File::options()
        .read(true)
        .write(true)
        .open(name.to_str().unwrap())
        .unwrap();
    (File::from(ours), theirs)
}

/// What reached the terminal. It has to be closed by all who have the other end.
fn shown(mut ours: File) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    // Linux ends it with an error, not with an empty read.
    while let Ok(len @ 1..) = ours.read(&mut buffer) {
        bytes.extend_from_slice(&buffer[..len]);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn on_terminal(command: &mut Command) -> String {
    let (ours, theirs) = terminal();
    command.env("TERM", "xterm-256color").stdin(Stdio::null());
    let mut child = command
        .stdout(theirs.try_clone().unwrap())
        .stderr(theirs)
        .spawn()
        .unwrap();
    // The command keeps the other end until it is dropped.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let shown = shown(ours);
    child.wait().unwrap();
    shown
}

#[test]
fn colours_reach_a_terminal_only() {
    let arguments = ["phone", "+8613800000001", "1"];
    let coloured = on_terminal(&mut callbot(&arguments));
    assert!(
        coloured.contains("\u{1b}[1m\u{1b}[32m8613800000001\u{1b}[0m"),
        "{coloured:?}"
    );
    assert!(
        coloured.contains("\u{1b}[1m\u{1b}[31munclear\u{1b}[0m"),
        "{coloured:?}"
    );
    let plain = on_terminal(callbot(&arguments).env("NO_COLOR", "1"));
    assert!(
        plain.contains("unclear") && !plain.contains('\u{1b}'),
        "{plain:?}"
    );
    // Nothing else has colours, whatever the environment wants.
    let piped = run(callbot(&arguments).env("CLICOLOR_FORCE", "1"));
    assert!(
        piped.stdout.contains("unclear") && !piped.stdout.contains('\u{1b}'),
        "{piped:?}"
    );
    let help = on_terminal(&mut callbot(&["sign", "--help"]));
    assert!(help.contains('\u{1b}'), "{help:?}");
    let help = on_terminal(callbot(&["sign", "--help"]).env("NO_COLOR", "1"));
    assert!(!help.contains('\u{1b}'), "{help:?}");
}

/// Checks a list that comes so slowly that it takes longer than a second.
fn feed(child: &mut Child) {
    let mut stdin = child.stdin.take().unwrap();
    let rows = |from: u32| -> String {
        (from..from + 20_000)
            .map(|row| format!("{row},8613800000001\n"))
            .collect()
    };
    stdin
        .write_all(format!("orderID,userPhone\n{}", rows(0)).as_bytes())
        .unwrap();
    thread::sleep(Duration::from_millis(1300));
    stdin.write_all(rows(20_000).as_bytes()).unwrap();
}

#[test]
fn a_terminal_shows_what_takes_longer_than_a_second() {
    let (ours, theirs) = terminal();
    let mut command = callbot(&["check", "-"]);
    command
        .env("TERM", "xterm-256color")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = command.stderr(theirs).spawn().unwrap();
    command.stderr(Stdio::null());
    feed(&mut child);
    let bar = shown(ours);
    assert!(bar.contains("checking "), "{bar:?}");
    let output = child.wait_with_output().unwrap();
    let report = String::from_utf8(output.stdout).unwrap();
    assert!(
        report.ends_with("\n40,000 accepted, 0 rejected\n"),
        "{report}"
    );
    assert!(!report.contains("checking"));
}

#[test]
fn nothing_else_shows_progress() {
    let mut command = callbot(&["check", "-"]);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    feed(&mut child);
    assert_eq!(
        String::from_utf8(child.wait_with_output().unwrap().stderr).unwrap(),
        ""
    );

    // Nor does a list that is checked at once.
    let rows: String = (0..9000)
        .map(|row| format!("{row},8613800000001\n"))
        .collect();
    let list = crate::support::write("quick", "list.csv", format!("orderID,userPhone\n{rows}"));
    let shown = on_terminal(&mut callbot(&["check", list.to_str().unwrap()]));
    assert!(!shown.contains("checking"), "{shown:?}");
}
