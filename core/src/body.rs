//! The body's format: compact JSON in the field order of the API's page.
//!
//! The format is a promise: the same orders give the same bytes in every release. Text stays UTF-8 as it is; only what
//! JSON demands is escaped (`"`, `\`, and controls as `\b \f \n \r \t` or `\u00xx` with lower-case digits).

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use crate::batch::Task;
use crate::order::{Fields, ParamFields};

// What stands before each string of an order.
const ORDER_ID: &[u8] = br#"{"orderID":"#;
const USER_PHONE: &[u8] = br#","userPhone":"#;
const OTHER: &[u8] = br#","other":"#;
const USER_NAME: &[u8] = br#","userName":"#;
const CUSTOMER_NAME: &[u8] = br#","customerName":"#;
const PARAMS: &[u8] = br#","params":["#;
const NAME: &[u8] = br#"{"name":"#;
const VALUE: &[u8] = br#","value":"#;

/// What closes the list of orders, the object around it, and the body.
const TAIL: &[u8] = b"]}}";

/// A body that is complete at every moment: a head, the orders, a tail.
#[derive(Clone)]
pub(crate) struct Body {
    bytes: Vec<u8>,
    head_len: usize,
}

impl Body {
    /// A body without orders. Until [`set_head`](Self::set_head) it has no head.
    pub(crate) fn new() -> Self {
        Self {
            bytes: TAIL.to_vec(),
            head_len: 0,
        }
    }

    /// A body of its own that is like `self` without its orders, and has room for as much.
    pub(crate) fn like(&self) -> Self {
        let mut bytes = Vec::with_capacity(self.bytes.capacity());
        bytes.extend_from_slice(&self.bytes[..self.head_len]);
        bytes.extend_from_slice(TAIL);
        Self {
            bytes,
            head_len: self.head_len,
        }
    }

    /// Puts everything before the first order in its place. Orders that are there already move.
    pub(crate) fn set_head(&mut self, task: &Task<'_>) {
        let mut head = Vec::new();
        head.extend_from_slice(br#"{"productID":"callbot","userTaskID":"#);
        write_string(&mut head, task.user_task_id);
        head.extend_from_slice(br#","callInfoList":{"orderCallbackUrl":"#);
        write_string(&mut head, task.order_callback_url);
        head.extend_from_slice(br#","callCallbackUrl":"#);
        write_string(&mut head, task.call_callback_url);
        head.extend_from_slice(br#","callList":["#);
        let new_len = head.len();
        self.bytes.splice(..self.head_len, head);
        self.head_len = new_len;
    }

    /// Makes room for more bytes, if there is any to be had.
    pub(crate) fn reserve(&mut self, additional: usize) {
        // Without the room the body grows as it is filled.
        let _ = self.bytes.try_reserve(additional);
    }

    /// The orders with the commas between them. Places in it stay when the head changes.
    pub(crate) fn orders(&self) -> &[u8] {
        &self.bytes[self.head_len..self.bytes.len() - TAIL.len()]
    }

    /// The same between [`begin_order`](Self::begin_order) and what ends it, when there is no tail.
    pub(crate) fn unfinished_orders(&self) -> &[u8] {
        &self.bytes[self.head_len..]
    }

    /// Takes back all orders but the first `len` bytes of [`orders`](Self::orders).
    pub(crate) fn truncate_orders(&mut self, len: usize) {
        self.bytes.truncate(self.head_len + len);
        self.bytes.extend_from_slice(TAIL);
    }

    /// Writes an order up to and including its orderID, and returns where in [`orders`](Self::orders) that stands.
    ///
    /// The body is not complete until the rest follows or it is taken back.
    pub(crate) fn begin_order(&mut self, order_id: &str) -> Range<usize> {
        self.bytes.truncate(self.bytes.len() - TAIL.len());
        if self.bytes.len() > self.head_len {
            self.bytes.push(b',');
        }
        self.bytes.extend_from_slice(ORDER_ID);
        let start = self.bytes.len() - self.head_len;
        write_string(&mut self.bytes, order_id);
        start..self.bytes.len() - self.head_len
    }

    /// The orders, read back.
    pub(crate) fn written_orders(&self) -> impl Iterator<Item = WrittenOrder<'_>> {
        WrittenOrders {
            orders: self.orders(),
            at: 0,
        }
    }

    /// Writes the rest of an order.
    pub(crate) fn finish_order<P: ParamFields>(&mut self, order: &Fields<'_, P>) {
        let out = &mut self.bytes;
        for (key, value) in [
            (USER_PHONE, order.user_phone),
            (OTHER, order.other),
            (USER_NAME, order.user_name),
            (CUSTOMER_NAME, order.customer_name),
        ] {
            out.extend_from_slice(key);
            write_string(out, value.unwrap_or_default());
        }
        out.extend_from_slice(PARAMS);
        for (i, param) in order.params.unwrap_or_default().iter().enumerate() {
            if i > 0 {
                out.push(b',');
            }
            out.extend_from_slice(NAME);
            write_string(out, param.name().unwrap_or_default());
            out.extend_from_slice(VALUE);
            write_string(out, param.value().unwrap_or_default());
            out.push(b'}');
        }
        out.extend_from_slice(b"]}");
        out.extend_from_slice(TAIL);
    }
}

/// An order as it stands in a body.
pub(crate) struct WrittenOrder<'b> {
    pub(crate) order_id: Cow<'b, str>,
    pub(crate) user_phone: &'b str,
}

/// Steps through the orders of a body. It knows the format that this module writes, and nothing else.
struct WrittenOrders<'b> {
    orders: &'b [u8],
    at: usize,
}

impl<'b> WrittenOrders<'b> {
    /// Steps over a key, or whatever stands between two strings, and then over a string, which it returns with its
    /// quotes.
    fn string_after(&mut self, fragment: &[u8]) -> &'b [u8] {
        let string = string_at(self.orders, self.at + fragment.len());
        self.at += fragment.len() + string.len();
        string
    }

    fn steps_over(&mut self, fragment: &[u8]) -> bool {
        let there = self.orders[self.at..].starts_with(fragment);
        if there {
            self.at += fragment.len();
        }
        there
    }
}

impl<'b> Iterator for WrittenOrders<'b> {
    type Item = WrittenOrder<'b>;

    fn next(&mut self) -> Option<WrittenOrder<'b>> {
        self.steps_over(b",");
        if self.at == self.orders.len() {
            return None;
        }
        let order_id = self.string_after(ORDER_ID);
        let user_phone = self.string_after(USER_PHONE);
        for key in [OTHER, USER_NAME, CUSTOMER_NAME] {
            self.string_after(key);
        }
        self.steps_over(PARAMS);
        while !self.steps_over(b"]}") {
            self.steps_over(b",");
            self.string_after(NAME);
            self.string_after(VALUE);
            self.steps_over(b"}");
        }
        Some(WrittenOrder {
            order_id: text_of_string(order_id),
            // A phone number in a body is digits, which are written as they are.
            user_phone: core::str::from_utf8(&user_phone[1..user_phone.len() - 1]).unwrap_or(""),
        })
    }
}

/// The text that a written string stands for.
fn text_of_string(string: &[u8]) -> Cow<'_, str> {
    let written = core::str::from_utf8(string).unwrap_or("\"\"");
    if written.contains('\\') {
        Cow::Owned(serde_json::from_str(written).unwrap_or_default())
    } else {
        Cow::Borrowed(&written[1..written.len() - 1])
    }
}

impl AsRef<[u8]> for Body {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} bytes)", self.bytes.len())
    }
}

/// The string that begins at `start`, as it is written, with its quotes.
pub(crate) fn string_at(json: &[u8], start: usize) -> &[u8] {
    let mut end = start + 1;
    while json[end] != b'"' {
        end += if json[end] == b'\\' { 2 } else { 1 };
    }
    &json[start..=end]
}

/// Writes `text` as a JSON string.
fn write_string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let mut rest = text.as_bytes();
    loop {
        let plain = plain_len(rest);
        out.extend_from_slice(&rest[..plain]);
        let Some(&byte) = rest.get(plain) else { break };
        write_escape(out, byte);
        rest = &rest[plain + 1..];
    }
    out.push(b'"');
}

fn write_escape(out: &mut Vec<u8>, byte: u8) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    match byte {
        b'"' => out.extend_from_slice(br#"\""#),
        b'\\' => out.extend_from_slice(br"\\"),
        0x08 => out.extend_from_slice(br"\b"),
        0x0c => out.extend_from_slice(br"\f"),
        b'\n' => out.extend_from_slice(br"\n"),
        b'\r' => out.extend_from_slice(br"\r"),
        b'\t' => out.extend_from_slice(br"\t"),
        _ => {
            out.extend_from_slice(br"\u00");
            out.push(HEX[usize::from(byte >> 4)]);
            out.push(HEX[usize::from(byte & 15)]);
        }
    }
}

/// How many bytes at the start of `text` need no escape.
fn plain_len(text: &[u8]) -> usize {
    const WORD: usize = size_of::<u64>();
    let words = text.chunks_exact(WORD);
    let done = text.len() - words.remainder().len();
    for (i, word) in words.enumerate() {
        let word = word.try_into().expect("a word has eight bytes");
        let found = needs_escape(u64::from_le_bytes(word));
        if found != 0 {
            return i * WORD + found.trailing_zeros() as usize / 8;
        }
    }
    text[done..]
        .iter()
        .position(|&b| b < 0x20 || b == b'"' || b == b'\\')
        .map_or(text.len(), |at| done + at)
}

/// Sets the top bit of each byte of `word` that needs an escape. Bytes above the first such byte may be marked wrongly.
const fn needs_escape(word: u64) -> u64 {
    const ONES: u64 = u64::MAX / 255;
    const TOPS: u64 = ONES << 7;
    let quote = word ^ (ONES * b'"' as u64);
    let backslash = word ^ (ONES * b'\\' as u64);
    let control = word.wrapping_sub(ONES * 0x20);
    let is_zero = quote.wrapping_sub(ONES) & !quote | backslash.wrapping_sub(ONES) & !backslash;
    (is_zero | control & !word) & TOPS
}

#[cfg(test)]
mod tests {
    use alloc::string::String;
    use alloc::vec::Vec;

    use super::*;

    fn written(text: &str) -> Vec<u8> {
        let mut out = Vec::new();
        write_string(&mut out, text);
        out
    }

    /// The format's definition, one character at a time.
    fn plainly_written(text: &str) -> String {
        const HEX: &str = "0123456789abcdef";
        let mut out = String::from("\"");
        for c in text.chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\u{8}' => out.push_str("\\b"),
                '\u{c}' => out.push_str("\\f"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\0'..='\u{1f}' => out.extend([
                    "\\u00",
                    ["0", "1"][c as usize / 16],
                    &HEX[c as usize % 16..][..1],
                ]),
                c => out.push(c),
            }
        }
        out.push('"');
        out
    }

    #[test]
    fn every_byte_at_every_place_of_a_word_is_written_as_the_format_says() {
        for c in ('\0'..='\u{ff}').chain(['\u{2028}', '中', '😀']) {
            for before in 0..18 {
                for after in [0, 1, 9] {
                    let text: String = core::iter::repeat_n('x', before)
                        .chain([c])
                        .chain(core::iter::repeat_n('é', after))
                        .collect();
                    assert_eq!(
                        written(&text),
                        plainly_written(&text).as_bytes(),
                        "{text:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn neighbours_that_need_escapes_do_not_hide_each_other() {
        for a in [
            '\0', '\u{1f}', ' ', '!', '"', '#', '[', '\\', ']', '\u{7f}', '\u{80}',
        ] {
            for b in [
                '\0', '\u{1f}', ' ', '!', '"', '#', '[', '\\', ']', '\u{7f}', '\u{80}',
            ] {
                let text: String =
                    ["abc", "d"].concat() + &String::from_iter([a, b, a, b, a]) + "efghijk";
                assert_eq!(
                    written(&text),
                    plainly_written(&text).as_bytes(),
                    "{text:?}"
                );
            }
        }
    }

    #[test]
    fn a_string_is_found_again_whole() {
        for text in ["", "a", "\"", "\\", "\\\"", "a\\", "\u{1}中"] {
            let json = written(text);
            let with_more = [&b"[,"[..], &json, b",\"x\"]"].concat();
            assert_eq!(string_at(&with_more, 2), json, "{text:?}");
        }
    }
}
