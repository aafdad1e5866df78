//! The bodies of requests, a file each.

use std::fs;
use std::path::PathBuf;

use crate::check::parts::cannot_write;
use crate::failure::{Failure, misuse};

/// A folder of bodies.
pub(super) struct Batches {
    folder: PathBuf,
    pub(super) count: u64,
}

impl Batches {
    /// Bodies of an earlier list would be sent again: the folder has to be empty.
    pub(super) fn create(folder: PathBuf) -> Result<Self, Failure> {
        fs::create_dir_all(&folder).map_err(|error| cannot_write(&folder, &error))?;
        let mut entries = fs::read_dir(&folder).map_err(|error| cannot_write(&folder, &error))?;
        if entries.next().is_some() {
            return Err(misuse(format!(
                "{} is not empty; give a new folder",
                folder.display()
            )));
        }
        Ok(Self { folder, count: 0 })
    }

    pub(super) fn write(&mut self, body: &[u8]) -> Result<(), Failure> {
        self.count += 1;
        let path = self.folder.join(format!("batch-{:06}.json", self.count));
        fs::write(&path, body).map_err(|error| cannot_write(&path, &error))
    }
}
