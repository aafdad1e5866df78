//! Puts contacts into a task of the provider, over a network that may fail, and says of each what
//! became of it. `exchange/README.md` of the repository describes what it does step by step.
//!
//! ```text
//! cd exchange/rust && cargo run --release -- BASE_URL TASK CONTACTS JOURNAL
//! ```
//!
//! No order is lost, and none is sent twice: an order whose answer was lost is not sent again, but
//! asked for. The journal makes that hold too if the program is killed, and is started again.

mod client;
mod fate;
mod http;
mod journal;
mod settings;

use std::collections::{HashMap, HashSet};
use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;
use std::{env, fs};

use callbot_core::{Credentials, SecretKey};

use crate::client::Client;
use crate::fate::Fate;
use crate::http::Http;
use crate::journal::Journal;
use crate::settings::Settings;

/// A result whose error ends the run.
type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// A line of the contacts.
#[derive(Clone)]
struct Contact {
    order_id: String,
    phone: String,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [base_url, task, contacts, journal] = arguments.as_slice() else {
        eprintln!("usage: exchange BASE_URL TASK CONTACTS JOURNAL");
        return ExitCode::from(2);
    };
    match run(base_url, task, contacts, journal) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(base_url: &str, task: &str, contacts: &str, journal: &str) -> Result<()> {
    let settings = Settings::read()?;
    let contacts = read_contacts(contacts)?;
    let credentials = Credentials::new(
        env::var("CALLBOT_UUID").unwrap_or_default(),
        SecretKey::new(env::var("CALLBOT_SECRET_KEY").unwrap_or_default())?,
        settings::variable("CALLBOT_ALGORITHM", "MD5").parse()?,
    )?;
    let journal = Journal::open(journal)?;
    let http = Http::new(credentials, base_url, settings.timeout)?;
    let fates = Client::new(task, &settings, journal, http).run(&contacts)?;
    write(&contacts, &fates)
}

/// Reads lines of `orderID,phone`.
fn read_contacts(path: &str) -> Result<Vec<Contact>> {
    let text = fs::read_to_string(path).map_err(|error| format!("the contacts: {error}"))?;
    let mut contacts = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let (order_id, phone) = line
            .split_once(',')
            .ok_or_else(|| format!("line {number} of the contacts has no comma"))?;
        contacts.push(Contact {
            order_id: order_id.into(),
            phone: phone.into(),
        });
    }
    Ok(contacts)
}

/// Writes a line for each contact.
fn write(contacts: &[Contact], fates: &HashMap<String, Fate>) -> Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut written = HashSet::new();
    let duplicate = Fate::refused("duplicate_order_id");
    for Contact { order_id, .. } in contacts {
        let is_first = written.insert(order_id);
        let fate = if is_first {
            &fates[order_id]
        } else {
            &duplicate
        };
        writeln!(out, "{order_id} {fate}")?;
    }
    Ok(out.flush()?)
}
