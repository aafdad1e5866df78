//! Files of raw header lines.

use std::path::Path;

use callbot_core::HeaderBlock;

use crate::failure::{Failure, misuse};

/// Splits the lines of a file. Its first line may be a method and a path, as `callbot sign` writes
/// it.
pub(crate) fn parse<'b>(block: &'b [u8], path: &Path) -> Result<HeaderBlock<'b>, Failure> {
    HeaderBlock::parse(without_first_line(block))
        .map_err(|error| misuse(format!("{}: {error}", path.display())))
}

/// A status line, and a request line with a version, are the core's.
fn without_first_line(block: &[u8]) -> &[u8] {
    let end = block
        .iter()
        .position(|&b| b == b'\n')
        .map_or(block.len(), |end| end + 1);
    if block.starts_with(b"POST /") && !block[..end].trim_ascii_end()[6..].contains(&b' ') {
        &block[end..]
    } else {
        block
    }
}
