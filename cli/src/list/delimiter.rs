//! What separates the cells of a CSV file.

/// The delimiters that are told apart. The first one is that of a header with one column.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// The delimiter that the first line names, as `sep=;`, which spreadsheets write and obey.
pub(super) fn named(start: &[u8]) -> Option<(u8, usize)> {
    let line = start.split(|&b| b == b'\n').next()?;
    let delimiter = match line.trim_ascii_end().strip_prefix(b"sep=") {
        Some(&[delimiter]) => delimiter,
        // A tab is whitespace too.
        _ => *line.strip_prefix(b"sep=\t").map(|_| &b'\t')?,
    };
    Some((delimiter, line.len() + 1))
}

/// The delimiter that occurs most often in the header, outside of quotation marks.
pub(super) fn of_header(start: &[u8]) -> u8 {
    let mut counts = [0; DELIMITERS.len()];
    let mut is_quoted = false;
    for &byte in start {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\n' | b'\r' if !is_quoted => break,
            _ if !is_quoted => {
                if let Some(index) = DELIMITERS.iter().position(|&delimiter| delimiter == byte) {
                    counts[index] += 1;
                }
            }
            _ => {}
        }
    }
    let most = counts.iter().copied().max().unwrap_or_default();
    let index = counts.iter().position(|&count| count == most);
    DELIMITERS[index.unwrap_or_default()]
}

/// The end of the first line, outside of quotation marks.
pub(super) fn line_end(start: &[u8]) -> &'static str {
    let mut is_quoted = false;
    for (index, &byte) in start.iter().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\n' if !is_quoted => return "\n",
            b'\r' if !is_quoted && start.get(index + 1) == Some(&b'\n') => return "\r\n",
            b'\r' if !is_quoted => return "\r",
            _ => {}
        }
    }
    "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_tells_the_delimiter() {
        for (header, delimiter) in [
            ("orderID,userPhone\n1;2;3;4", b','),
            ("orderID;userPhone\r\n", b';'),
            ("orderID\tuserPhone", b'\t'),
            ("\"a,b,c\";d", b';'),
            ("\"a\"\"b,\n,c\";d", b';'),
            ("orderID", b','),
            ("", b','),
        ] {
            assert_eq!(of_header(header.as_bytes()), delimiter, "{header:?}");
        }
    }

    #[test]
    fn a_first_line_may_name_it() {
        assert_eq!(named(b"sep=;\r\na;b"), Some((b';', 7)));
        assert_eq!(named(b"sep=|\na|b"), Some((b'|', 6)));
        assert_eq!(named(b"sep=\t\r\na"), Some((b'\t', 7)));
        assert_eq!(named(b"sep=;;\n"), None);
        assert_eq!(named(b"separator;b\n"), None);
    }
}
