//! A file that tells a later run what this one has sent.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt as _;

use callbot_core::Sent;

use crate::Result;
use crate::fate::Fate;

/// The journal.
pub(crate) struct Journal {
    file: File,
    has_task: bool,
    /// What became of the orders that an earlier run has sent.
    pub(crate) fates: HashMap<String, Fate>,
}

impl Journal {
    /// Opens or creates the file, and reads what an earlier run has written.
    pub(crate) fn open(path: &str) -> Result<Self> {
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .mode(0o600)
            .open(path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        // The program was killed while it wrote the rest: what that says has not been done.
        let end = bytes.iter().rposition(|&byte| byte == b'\n');
        bytes.truncate(end.map_or(0, |end| end + 1));
        file.set_len(bytes.len() as u64)?;
        let mut journal = Self {
            file,
            has_task: false,
            fates: HashMap::new(),
        };
        let text = String::from_utf8(bytes)?;
        let mut sent = HashMap::new();
        for line in text.lines() {
            journal
                .take(line, &mut sent)
                .ok_or("the journal has a malformed line")?;
        }
        Ok(journal)
    }

    /// Takes what a line says. `None` if it is malformed.
    fn take<'t>(&mut self, line: &'t str, sent: &mut HashMap<&'t str, Vec<&'t str>>) -> Option<()> {
        let fields: Vec<&str> = line.split('\t').collect();
        match *fields.as_slice() {
            ["task"] => self.has_task = true,
            ["sent", _, request_id, _, _, ref order_ids @ ..] => {
                for &order_id in order_ids {
                    self.fates
                        .insert(order_id.into(), Fate::unknown("interrupted"));
                }
                sent.insert(request_id, order_ids.to_vec());
            }
            ["answered", request_id, ref fates @ ..] => {
                let order_ids = sent.remove(request_id)?;
                if order_ids.len() != fates.len() {
                    return None;
                }
                for (order_id, fate) in order_ids.into_iter().zip(fates) {
                    self.fates.insert(order_id.into(), fate.parse().ok()?);
                }
            }
            _ => return None,
        }
        Some(())
    }

    /// Whether the task exists.
    pub(crate) fn has_task(&self) -> bool {
        self.has_task
    }

    /// Notes that the task exists.
    pub(crate) fn task(&mut self) -> Result<()> {
        self.has_task = true;
        self.write(&["task"])
    }

    /// Notes the orders of a request that is about to be sent.
    pub(crate) fn sent(&mut self, sent: &Sent<'_>, order_ids: &[&str]) -> Result<()> {
        let algorithm = sent.algorithm.to_string();
        let fields = [
            "sent",
            sent.endpoint,
            sent.request_id,
            sent.uuid,
            &algorithm,
        ];
        self.write(&[&fields, order_ids].concat())
    }

    /// Notes what became of the orders of a request.
    pub(crate) fn answered(&mut self, request_id: &str, fates: &[Fate]) -> Result<()> {
        let fates: Vec<String> = fates.iter().map(Fate::to_string).collect();
        let mut fields = vec!["answered", request_id];
        fields.extend(fates.iter().map(String::as_str));
        self.write(&fields)
    }

    /// Writes a line by one call: if the program is killed, the operating system still has it.
    /// Where the machine may fail too, `sync_data` belongs here.
    fn write(&mut self, fields: &[&str]) -> Result<()> {
        let line = fields.join("\t") + "\n";
        Ok(self.file.write_all(line.as_bytes())?)
    }
}
