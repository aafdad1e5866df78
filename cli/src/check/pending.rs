//! Files that get their names when they are complete.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// A file under another name in the same folder, which is removed unless it is published.
pub(super) struct Pending {
    /// `None` for a device or a pipe, which is written as it is.
    temporary: Option<PathBuf>,
    target: PathBuf,
}

impl Pending {
    /// `suffix` keeps two files of one folder apart.
    pub(super) fn create(path: &Path, suffix: u64) -> io::Result<(Self, File)> {
        let metadata = fs::metadata(path).ok();
        let mut target = path.to_path_buf();
        if let Some(metadata) = &metadata {
            // A file that cannot be written is not replaced either.
            let file = OpenOptions::new().write(true).open(path)?;
            if !metadata.is_file() {
                let pending = Self {
                    temporary: None,
                    target,
                };
                return Ok((pending, file));
            }
            // A link stays one.
            target = path.canonicalize()?;
        }
        let temporary = target.with_file_name(format!(".callbot-{suffix:016x}.part"));
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&temporary)?;
        let pending = Self {
            temporary: Some(temporary),
            target,
        };
        if let Some(metadata) = metadata {
            file.set_permissions(metadata.permissions())?;
        }
        Ok((pending, file))
    }

    /// Gives the file its name, in the place of one that had it.
    pub(super) fn publish(mut self) -> io::Result<()> {
        if let Some(temporary) = &self.temporary {
            fs::rename(temporary, &self.target)?;
            self.temporary = None;
        }
        Ok(())
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if let Some(temporary) = &self.temporary {
            let _ = fs::remove_file(temporary);
        }
    }
}
