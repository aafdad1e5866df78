//! Reading files.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use crate::failure::{Failure, misuse};

/// Whether a path means standard input.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Reads a whole file, or standard input for `-`.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let content = if is_stdin(path) {
        let mut content = Vec::new();
        io::stdin().read_to_end(&mut content).map(|_| content)
    } else {
        fs::read(path)
    };
    content.map_err(|error| cannot_read(path, &error))
}

pub(crate) fn cannot_read(path: &Path, error: &io::Error) -> Failure {
    misuse(format!("cannot read {}: {error}", path.display()))
}

/// Refuses standard input for more than one file: the second one would find it empty.
pub(crate) fn stdin_once<'p>(paths: impl IntoIterator<Item = &'p Path>) -> Result<(), Failure> {
    if paths.into_iter().filter(|path| is_stdin(path)).count() > 1 {
        return Err(misuse(
            "two files are -, and standard input is only one; name a file",
        ));
    }
    Ok(())
}
