//! Writing to stdout and stderr.

use std::io::{self, Write};

use anstream::{AutoStream, ColorChoice};
use serde::Serialize;

/// Writes a line to stderr. Unlike `eprintln!` it does not panic if stderr is closed.
pub(crate) fn tell(message: &str) {
    let _ = coloured(io::stderr()).write_all(format!("{message}\n").as_bytes());
}

/// Writes a text for people: colours reach a terminal only, and not under `NO_COLOR`.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut out = coloured(io::stdout().lock());
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// A stream that keeps colours only if it is a terminal, and the environment does not forbid them.
/// Nothing in the environment forces them.
fn coloured<S: anstream::stream::RawStream>(stream: S) -> AutoStream<S> {
    let choice = if stream.is_terminal() {
        AutoStream::choice(&stream)
    } else {
        ColorChoice::Never
    };
    AutoStream::new(stream, choice)
}

/// Writes one JSON document and a line end.
pub(crate) fn print_json(value: &impl Serialize) -> io::Result<()> {
    let mut out = io::stdout().lock();
    serde_json::to_writer(&mut out, value)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Writes bytes as they are.
pub(crate) fn print_bytes(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}
