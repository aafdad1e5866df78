//! The help, whose examples are run, completions and the manual.

use std::fs;
use std::path::Path;
use std::process::Command;

use callbot_core::{
    Algorithm, Batch, Credentials, RequestId, Rules, SecretKey, Timestamp, testing,
};

use crate::support::{BATCH, OWN, OWN_SECRET, OWN_UUID, folder, read, root, run_with};

const COMMANDS: [&str; 7] = [
    "sign",
    "check",
    "phone",
    "verify",
    "explain",
    "completions",
    "manual",
];

/// Writes the files that the examples name.
#[cfg(unix)]
fn files(folder: &Path) {
    let key = SecretKey::new(OWN_SECRET).unwrap();
    let credentials = Credentials::new(OWN_UUID, key, Algorithm::Md5).unwrap();
    let time = Timestamp::from_unix_seconds(1_726_200_000).unwrap();
    let id = RequestId::new("c1").unwrap();
    let lines = |headers: &[(&str, &str)]| -> String {
        headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\n"))
            .collect()
    };
    let write = |name: &str, content: &str| fs::write(folder.join(name), content).unwrap();

    let callback = r#"{"callbackType":"1","orderID":"1"}"#;
    let sent = testing::sign_callback(&credentials, &id, time, callback.as_bytes());
    write("callback.headers", &lines(&sent.headers()));
    write("callback.json", callback);
    let batch = read(BATCH);
    let request = Batch::from_json(batch.as_bytes(), Rules::new()).unwrap();
    let request = request.sign(&credentials, id, time).unwrap();
    write("batch.json", &batch);
    write("request.headers", &lines(&request.headers()));
    write("request.json", std::str::from_utf8(request.body()).unwrap());
    let response = r#"{"retCode":0}"#;
    let sent = testing::sign_response(&credentials, &request, time, response.as_bytes());
    write("headers.txt", &lines(&sent.headers()));
    write("body.json", response);
    write("numbers.txt", "+8613800000001\n");
    write(
        "contacts.csv",
        "orderID,userPhone,Mobile\n1,8613800000001,x\n",
    );
    write(
        "spring.toml",
        "user_task_id = 't'\norder_callback_url = 'https://a.example/'\ncall_callback_url = 'https://a.example/'\n",
    );
    fs::copy(
        root().join("cli/tests/data/contacts.xlsx"),
        folder.join("contacts.xlsx"),
    )
    .unwrap();
    std::os::unix::fs::symlink(root().join("examples"), folder.join("examples")).unwrap();
}

#[test]
#[cfg(unix)]
fn the_examples_of_the_help_run() {
    let folder = folder("examples");
    files(&folder);
    let program = Path::new(env!("CARGO_BIN_EXE_callbot")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let mut count = 0;
    for name in COMMANDS {
        let help = run_with(&[name, "--help"], &[]);
        let (_, examples) = help.success().split_once("Examples:\n").expect(name);
        let examples = examples.lines().take_while(|line| line.starts_with("  "));
        for example in examples.map(str::trim) {
            let mut shell = Command::new("sh");
            shell
                .args(["-c", example])
                .current_dir(&folder)
                .env("PATH", &path)
                .envs(OWN.iter().copied());
            let output = shell.output().unwrap();
            let code = output.status.code().unwrap();
            // Some find something wrong. None is refused, and the sample's signature is not ours.
            let is_expected = code == 0
                || code == 1 && ["check", "phone", "verify"].contains(&name)
                || name == "explain" && code != 2;
            assert!(
                is_expected,
                "{example}: {code}\n{}",
                String::from_utf8_lossy(&output.stderr)
            );
            count += 1;
        }
    }
    assert!(count >= 19, "{count}");
}

#[test]
fn every_command_has_its_page() {
    let all = run_with(&["manual"], &[]);
    assert!(all.success().contains(".TH callbot 1 "), "{}", all.stdout);
    for name in COMMANDS {
        assert!(
            all.stdout.contains(&format!("callbot\\-{name}(1)")),
            "{name}"
        );
        let page = run_with(&["manual", name], &[]);
        assert!(
            page.success().contains(&format!(".TH callbot-{name} 1 ")),
            "{}",
            page.stdout
        );
        assert!(page.stdout.contains("Examples:"), "{name}");
    }
    let unknown = run_with(&["manual", "curl"], &[]);
    assert_eq!((unknown.code, unknown.stdout.as_str()), (Some(2), ""));
}

#[test]
fn shells_get_completions() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = run_with(&["completions", shell], &[]);
        for word in ["explain", "request-id", "rejected"] {
            assert!(script.success().contains(word), "{shell}: {word}");
        }
    }
}

#[test]
#[cfg(unix)]
fn bash_takes_the_completions() {
    let script = run_with(&["completions", "bash"], &[]);
    let file = folder("completions").join("callbot.bash");
    fs::write(&file, script.success()).unwrap();
    let test = r#"source "$1"; COMP_WORDS=(callbot ex); COMP_CWORD=1; _callbot callbot ex callbot; echo "${COMPREPLY[*]}""#;
    let Ok(output) = Command::new("bash")
        .args(["-c", test, "bash"])
        .arg(file)
        .output()
    else {
        println!("SKIPPED: there is no bash");
        return;
    };
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "explain\n",
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
