//! Reads the rows of a CSV file in a thread of its own, ahead of their check.

use std::mem;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use csv::ByteRecord;

use crate::failure::Failure;
use crate::list::csv_file::CsvFile;
use crate::list::row::Found;

/// How many rows are handed over at once, and how many bytes at most before the last of them.
const CHUNK_ROWS: usize = 256;
const CHUNK_BYTES: usize = 1 << 20;
/// How many chunks may wait. So the memory does not depend on which thread is faster.
const WAITING: usize = 4;

/// Rows and what is known of them. The records of a chunk are used again for a later one.
#[derive(Default)]
struct Chunk {
    rows: Vec<(Found, ByteRecord)>,
    len: usize,
    /// How much of the file was read before.
    consumed: u64,
}

pub(super) struct Ahead {
    chunks: Receiver<Result<Chunk, Failure>>,
    used: SyncSender<Chunk>,
    chunk: Chunk,
    next: usize,
}

impl Ahead {
    pub(super) fn new(mut file: CsvFile) -> Self {
        let (send_chunk, chunks) = sync_channel(WAITING);
        let (used, take_used) = sync_channel(WAITING + 2);
        // It ends with the file, with an error, or when nobody takes its chunks any more.
        thread::spawn(move || {
            loop {
                let mut chunk: Chunk = take_used.try_recv().unwrap_or_default();
                let filled = chunk.fill(&mut file);
                let is_last = filled.is_err() || chunk.len == 0;
                if send_chunk.send(filled.map(|()| chunk)).is_err() || is_last {
                    return;
                }
            }
        });
        Self {
            chunks,
            used,
            chunk: Chunk::default(),
            next: 0,
        }
    }

    /// Reads the next row.
    pub(super) fn next(&mut self, row: &mut ByteRecord) -> Result<Option<Found>, Failure> {
        if self.next == self.chunk.len {
            // The thread has ended if there are no chunks, and what it sent last was empty.
            let Ok(chunk) = self.chunks.recv() else {
                return Ok(None);
            };
            let used = mem::replace(&mut self.chunk, chunk?);
            // Where the thread has enough of them, or has ended, it is dropped.
            let _ = self.used.try_send(used);
            self.next = 0;
        }
        let Some((found, cells)) = self.chunk.rows[..self.chunk.len].get_mut(self.next) else {
            return Ok(None);
        };
        mem::swap(row, cells);
        self.next += 1;
        Ok(Some(mem::take(found)))
    }

    /// How much was read of the file.
    pub(super) const fn consumed(&self) -> u64 {
        self.chunk.consumed
    }
}

impl Chunk {
    /// Reads the next rows; none at the end of the file.
    fn fill(&mut self, file: &mut CsvFile) -> Result<(), Failure> {
        self.len = 0;
        let mut bytes = 0;
        while self.len < CHUNK_ROWS && bytes < CHUNK_BYTES {
            if self.len == self.rows.len() {
                self.rows.push(Default::default());
            }
            let (known, row) = &mut self.rows[self.len];
            // A record keeps its memory, and each could have that of the longest row.
            if size_of_row(row) > CHUNK_BYTES {
                *row = ByteRecord::new();
            }
            let Some(found) = file.next(row)? else {
                break;
            };
            bytes += size_of_row(row);
            bytes += found.bad_cell.as_ref().map_or(0, |cell| cell.raw.len());
            *known = found;
            self.len += 1;
        }
        self.consumed = file.consumed();
        Ok(())
    }
}

/// The memory of a row: its cells, and where each of them ends.
fn size_of_row(row: &ByteRecord) -> usize {
    row.as_slice().len() + row.len() * size_of::<usize>()
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Cursor};
    use std::path::Path;

    use super::*;

    /// A row of a megabyte of commas takes eight.
    #[test]
    fn the_memory_of_a_chunk_is_bounded() {
        for row in [",".repeat(CHUNK_BYTES / 8 + 1), "x".repeat(CHUNK_BYTES)] {
            let list = format!("a\n{}", format!("{row}\n").repeat(4));
            let input = BufReader::new(Cursor::new(list.into_bytes()));
            let Ok((mut file, ..)) = CsvFile::open(input, None, Path::new("list")) else {
                panic!("it has a header");
            };
            let mut chunk = Chunk::default();
            for _ in 0..4 {
                assert!(chunk.fill(&mut file).is_ok());
                assert_eq!(chunk.len, 1);
            }
            assert!(chunk.fill(&mut file).is_ok());
            assert_eq!(chunk.len, 0);
        }
    }
}
