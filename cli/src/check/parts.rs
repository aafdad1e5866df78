//! The accepted and the rejected part of a list, as CSV with all of its columns.

use std::io::Write;
use std::path::{Path, PathBuf};

use callbot_core::PhoneNumber;
use csv::{ByteRecord, Terminator, Writer, WriterBuilder};

use crate::check::encoded::Encoded;
use crate::check::pending::Pending;
use crate::failure::{Failure, misuse};
use crate::list::style::Style;
use crate::random;

const BUFFER: usize = 1 << 16;

/// A CSV file that is written like the list.
pub(super) struct Part {
    path: PathBuf,
    writer: Writer<Encoded>,
    line_end: &'static str,
    pending: Pending,
}

/// A part that is complete, and does not have its name yet.
pub(super) struct Complete {
    path: PathBuf,
    pending: Pending,
}

impl Complete {
    pub(super) fn publish(self) -> Result<(), Failure> {
        let Self { path, pending } = self;
        pending
            .publish()
            .map_err(|error| cannot_write(&path, &error))
    }
}

impl Part {
    pub(super) fn create(path: &Path, style: Style, header: &ByteRecord) -> Result<Self, Failure> {
        let failed = |error| cannot_write(path, &error);
        let suffix = u64::from_ne_bytes(random::bytes("")?);
        let (pending, file) = Pending::create(path, suffix).map_err(failed)?;
        let mut file = Encoded::new(file, style.utf16);
        if style.has_mark {
            file.write_all("\u{feff}".as_bytes()).map_err(failed)?;
        }
        if style.names_delimiter {
            let line = ["sep=", char::from(style.delimiter).encode_utf8(&mut [0; 4])].concat();
            file.write_all([&line, style.line_end].concat().as_bytes())
                .map_err(failed)?;
        }
        let terminator = match style.line_end {
            "\r\n" => Terminator::CRLF,
            "\r" => Terminator::Any(b'\r'),
            _ => Terminator::Any(b'\n'),
        };
        let writer = WriterBuilder::new()
            .delimiter(style.delimiter)
            .terminator(terminator)
            .flexible(true)
            .buffer_capacity(BUFFER)
            .from_writer(file);
        let mut part = Self {
            path: path.into(),
            writer,
            line_end: style.line_end,
            pending,
        };
        part.add(header)?;
        Ok(part)
    }

    pub(super) fn add(&mut self, row: &ByteRecord) -> Result<(), Failure> {
        self.writer
            .write_byte_record(row)
            .map_err(|error| cannot_write(&self.path, &error.into()))
    }

    /// Adds a row as it is, without its line end.
    pub(super) fn add_raw(&mut self, row: &[u8]) -> Result<(), Failure> {
        self.writer
            .flush()
            .and_then(|()| self.writer.get_ref().write_all(row))
            .and_then(|()| self.writer.get_ref().write_all(self.line_end.as_bytes()))
            .map_err(|error| cannot_write(&self.path, &error))
    }

    /// Adds a row with another phone number in one of its cells.
    pub(super) fn add_with(
        &mut self,
        row: &ByteRecord,
        column: Option<usize>,
        phone: &PhoneNumber,
    ) -> Result<(), Failure> {
        let cells = row.iter().enumerate();
        let cells = cells.map(|(index, cell)| {
            if Some(index) == column {
                phone.as_str().as_bytes()
            } else {
                cell
            }
        });
        self.writer
            .write_record(cells)
            .map_err(|error| cannot_write(&self.path, &error.into()))
    }

    pub(super) fn complete(self) -> Result<Complete, Failure> {
        let Self {
            path,
            mut writer,
            pending,
            ..
        } = self;
        writer
            .flush()
            .map_err(|error| cannot_write(&path, &error))?;
        Ok(Complete { path, pending })
    }
}

pub(super) fn cannot_write(path: &Path, error: &std::io::Error) -> Failure {
    misuse(format!("cannot write {}: {error}", path.display()))
}

/// Refuses to write over a file that is read, or to write two parts into one.
pub(super) fn refuse_same(paths: &[&Path]) -> Result<(), Failure> {
    let given: Vec<_> = paths.iter().map(|path| path.to_path_buf()).collect();
    let real: Vec<_> = paths
        .iter()
        .filter_map(|path| path.canonicalize().ok())
        .collect();
    if has_twice(&given) || has_twice(&real) || has_twice(&inodes(paths)) {
        return Err(misuse(
            "LIST, --rules, --accepted and --rejected are not all different; give each its own file",
        ));
    }
    Ok(())
}

fn has_twice<T: PartialEq>(items: &[T]) -> bool {
    (1..items.len()).any(|i| items[..i].contains(&items[i]))
}

/// The files' devices and inodes, which hard links share.
#[cfg(unix)]
fn inodes(paths: &[&Path]) -> Vec<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;

    let metadata = paths.iter().filter_map(|path| path.metadata().ok());
    metadata.map(|file| (file.dev(), file.ino())).collect()
}

#[cfg(not(unix))]
fn inodes(_paths: &[&Path]) -> Vec<(u64, u64)> {
    Vec::new()
}
