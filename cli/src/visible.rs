//! Text of others on a terminal.

/// The text with control, format and other invisible characters as escapes of JSON: a terminal
/// would obey them, or nobody would see them.
pub(crate) fn visible(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c == '\n' || c == '\\' || c == '"' || c == '\'' || c.escape_debug().len() == 1 {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out += &format!("\\u{unit:04x}");
            }
        }
    }
    out
}
