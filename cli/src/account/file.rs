//! Credentials from a TOML file.
//!
//! No error shows any of it: where it is wrong, a key or a line may be the secret key.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use toml::{Table, Value};

use crate::account::parts::Parts;
use crate::failure::{Failure, misuse};
use crate::input::{cannot_read, is_stdin};

/// Reads a file that nobody else can read.
pub(super) fn read(path: &Path) -> Result<Parts, Failure> {
    let mut text = String::new();
    let read = if is_stdin(path) {
        io::stdin().read_to_string(&mut text)
    } else {
        open(path)?.read_to_string(&mut text)
    };
    read.map_err(|error| cannot_read(path, &error))?;
    let wrong = |what: &str| misuse(format!("{}: {what}", path.display()));

    let table: Table = text.parse().map_err(|error: toml::de::Error| {
        let before = error.span().and_then(|span| text.get(..span.start));
        let line = before.map_or(1, |before| before.matches('\n').count() + 1);
        wrong(&format!(
            "line {line} is not TOML; write lines like uuid = \"...\""
        ))
    })?;
    let mut parts = Parts {
        uuid: None,
        secret_key: None,
        algorithm: None,
    };
    for (key, value) in table {
        let part = match key.as_str() {
            "uuid" | "CALLBOT_UUID" => &mut parts.uuid,
            "secret_key" | "CALLBOT_SECRET_KEY" => &mut parts.secret_key,
            "algorithm" | "CALLBOT_ALGORITHM" => &mut parts.algorithm,
            _ => {
                return Err(wrong(
                    "unknown key; it has only uuid, secret_key and algorithm",
                ));
            }
        };
        let Value::String(value) = value else {
            return Err(wrong("a value is not a string; put it in quotation marks"));
        };
        if part.replace(value).is_some() {
            return Err(wrong("a key occurs under two names; keep one of them"));
        }
    }
    if parts.uuid.is_none() || parts.secret_key.is_none() {
        return Err(wrong("it has no uuid or no secret_key; write both"));
    }
    Ok(parts)
}

/// The mode is that of the open file, which cannot be exchanged in between.
fn open(path: &Path) -> Result<File, Failure> {
    let file = File::open(path).map_err(|error| cannot_read(path, &error))?;
    let metadata = file.metadata().map_err(|error| cannot_read(path, &error))?;
    if metadata.is_dir() {
        return Err(misuse(format!(
            "{} is a folder; name the file with the credentials",
            path.display()
        )));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if metadata.permissions().mode() & 0o077 != 0 {
            let path = path.display();
            return Err(misuse(format!(
                "{path}: others can read or change it; run chmod 600 on it, and renew the secret \
                 key if others could see it"
            )));
        }
    }
    Ok(file)
}
