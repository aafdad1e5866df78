//! The bodies of requests, a file each.

use std::fs;
use std::path::PathBuf;

use crate::check::parts::cannot_write;
use crate::failure::{Failure, misuse};

/// A folder of bodies, which get their names when all are there, and are removed otherwise: some of
/// a list's batches may not be taken for all.
pub(super) struct Batches {
    folder: PathBuf,
    is_new: bool,
    count: u64,
    is_published: bool,
}

impl Batches {
    /// Bodies of an earlier list would be sent again: the folder has to be empty.
    pub(super) fn create(folder: PathBuf) -> Result<Self, Failure> {
        let is_new = !folder.exists();
        fs::create_dir_all(&folder).map_err(|error| cannot_write(&folder, &error))?;
        let mut entries = fs::read_dir(&folder).map_err(|error| cannot_write(&folder, &error))?;
        if entries.next().is_some() {
            return Err(misuse(format!(
                "{} is not empty; give a new folder",
                folder.display()
            )));
        }
        Ok(Self {
            folder,
            is_new,
            count: 0,
            is_published: false,
        })
    }

    pub(super) fn write(&mut self, body: &[u8]) -> Result<(), Failure> {
        self.count += 1;
        let path = self.temporary(self.count);
        fs::write(&path, body).map_err(|error| cannot_write(&path, &error))
    }

    /// Gives all files their names. Returns how many they are.
    pub(super) fn publish(mut self) -> Result<u64, Failure> {
        for number in 1..=self.count {
            let path = self.file(number);
            fs::rename(self.temporary(number), &path)
                .map_err(|error| cannot_write(&path, &error))?;
        }
        self.is_published = true;
        Ok(self.count)
    }

    fn file(&self, number: u64) -> PathBuf {
        self.folder.join(format!("batch-{number:06}.json"))
    }

    fn temporary(&self, number: u64) -> PathBuf {
        self.folder.join(format!("batch-{number:06}.json.part"))
    }
}

impl Drop for Batches {
    fn drop(&mut self) {
        if self.is_published {
            return;
        }
        for number in 1..=self.count {
            let _ = fs::remove_file(self.temporary(number));
            let _ = fs::remove_file(self.file(number));
        }
        if self.is_new {
            let _ = fs::remove_dir(&self.folder);
        }
    }
}
