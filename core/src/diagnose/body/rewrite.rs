//! Copies a body, and rewrites some of its bytes on the way.

use crate::diagnose::body::variant::Variant;

/// `None` if a body has no such variant.
pub(super) type Rewritten = Option<()>;

/// Rewrites what `f` takes, from each byte of the table on. `f` appends it and returns how many
/// bytes it took; `None` ends the whole.
pub(super) fn rewrite(
    body: &[u8],
    out: &mut Variant,
    stops: &[bool; 256],
    mut f: impl FnMut(&[u8], &mut Variant) -> Option<usize>,
) -> Rewritten {
    let mut rest = body;
    while let Some(run) = rest.iter().position(|&byte| stops[usize::from(byte)]) {
        let (same, from) = rest.split_at(run);
        out.extend_from_slice(same);
        let taken = f(from, out)?;
        rest = from.get(taken..)?;
    }
    out.extend_from_slice(rest);
    Some(())
}

/// A table for [`rewrite`].
pub(super) fn stops(stops: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    for &byte in stops {
        table[usize::from(byte)] = true;
    }
    table
}

/// The table of all bytes that are not ASCII.
pub(super) fn stops_outside_ascii() -> [bool; 256] {
    let mut table = [false; 256];
    table[128..].fill(true);
    table
}

/// The first character.
pub(super) fn first_char(bytes: &[u8]) -> Option<char> {
    let len = match bytes.first()? {
        0..0x80 => 1,
        0xc0..0xe0 => 2,
        0xe0..0xf0 => 3,
        _ => 4,
    };
    core::str::from_utf8(bytes.get(..len)?).ok()?.chars().next()
}
