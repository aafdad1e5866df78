//! The canonical body format: compact JSON in the field order of the API's page.
//!
//! The format is stable: the same orders give the same bytes in every release. Here are its fixed
//! fragments, and the reader that accepts this format and no other JSON.
#![expect(
    clippy::inline_always,
    reason = "measured: a call for each string of an order costs a fifth more"
)]

use alloc::vec::Vec;

use crate::api::task::Task;
use crate::batch::order::Param;
use crate::check::memory::NoMemoryError;
use crate::json::escape::{self, push_string};
use crate::json::utf8::{MaybeUtf8, Text};
use crate::json::writer::{Output, Stop, Writer};

pub(crate) const USER_TASK_ID: &[u8; 37] = br#"{"productID":"callbot","userTaskID":""#;
pub(crate) const ORDER_CALLBACK_URL: &[u8; 38] = br#"","callInfoList":{"orderCallbackUrl":""#;
pub(crate) const CALL_CALLBACK_URL: &[u8; 21] = br#"","callCallbackUrl":""#;
pub(crate) const CALL_LIST: &[u8; 14] = br#"","callList":["#;
/// Closes the list of orders, the object around it, and the body.
pub(crate) const TAIL: &[u8; 3] = b"]}}";

pub(crate) const ORDER_ID: &[u8; 12] = br#"{"orderID":""#;
pub(crate) const USER_PHONE: &[u8; 15] = br#"","userPhone":""#;
pub(crate) const OTHER: &[u8; 11] = br#"","other":""#;
pub(crate) const USER_NAME: &[u8; 14] = br#"","userName":""#;
pub(crate) const CUSTOMER_NAME: &[u8; 18] = br#"","customerName":""#;
pub(crate) const PARAMS: &[u8; 12] = br#"","params":["#;
pub(crate) const ORDER_END: &[u8; 2] = b"]}";

pub(crate) const NAME: &[u8; 9] = br#"{"name":""#;
pub(crate) const VALUE: &[u8; 11] = br#"","value":""#;
pub(crate) const PARAM_END: &[u8; 2] = br#""}"#;

/// Separates orders, and params.
pub(crate) const COMMA: &[u8; 1] = b",";
/// Ends a string.
pub(crate) const QUOTE: &[u8; 1] = b"\"";

/// The length in bytes of the shortest order: no params, empty strings.
pub(crate) const MIN_ORDER_LEN: usize = ORDER_ID.len()
    + USER_PHONE.len()
    + OTHER.len()
    + USER_NAME.len()
    + CUSTOMER_NAME.len()
    + PARAMS.len()
    + ORDER_END.len();
/// The length in bytes of a param without its strings, with a comma.
pub(crate) const PARAM_LEN: usize = COMMA.len() + NAME.len() + VALUE.len() + PARAM_END.len();

/// Everything before the first order of a task.
pub(crate) fn head_of(task: &Task<'_>) -> Result<Vec<u8>, NoMemoryError> {
    let start = &USER_TASK_ID[..USER_TASK_ID.len() - QUOTE.len()];
    let mut head = Vec::new();
    head.try_reserve(512)?;
    head.extend_from_slice(start);
    push_string(&mut head, task.user_task_id)?;
    push_urls(&mut head, task.order_callback_url, task.call_callback_url)?;
    Ok(head)
}

/// Ends a head: writes `callInfoList` up to its first order.
pub(crate) fn push_urls(
    head: &mut Vec<u8>,
    order_callback_url: &str,
    call_callback_url: &str,
) -> Result<(), NoMemoryError> {
    // Without the quotes of the strings around a fragment.
    let between = |fragment: &'static [u8]| &fragment[1..fragment.len() - 1];
    escape::push(head, between(ORDER_CALLBACK_URL))?;
    push_string(head, order_callback_url)?;
    escape::push(head, between(CALL_CALLBACK_URL))?;
    push_string(head, call_callback_url)?;
    escape::push(head, &CALL_LIST[1..])
}

/// The JSON between the value of the param before `index` and the value of this one.
pub(crate) fn param_prefix(index: usize, name: &Text<'_>) -> Result<Vec<u8>, NoMemoryError> {
    let mut output = Output::default();
    output.reserve(PARAM_LEN + name.as_str().len())?;
    output.append(|writer| Ok(write_param_prefix(writer, index, Some(name))?))?;
    Ok(output.into_written())
}

/// Writes the [`param_prefix`].
#[inline]
pub(crate) fn write_param_prefix<'r, S: MaybeUtf8 + ?Sized>(
    mut writer: Writer<'r>,
    index: usize,
    name: Option<&S>,
) -> Result<Writer<'r>, Stop<S::Invalid>> {
    if index > 0 {
        writer = writer.fragment(PARAM_END)?.fragment(COMMA)?;
    }
    Ok(writer.fragment(NAME)?.string_if(name)?.fragment(VALUE)?)
}

/// Reads a body in the canonical format. Every method returns `None` where the input deviates from
/// what this crate would write.
pub(crate) struct CanonicalReader<'t> {
    string: &'t str,
    at: usize,
}

/// An order in a canonical body. Its strings are still escaped.
pub(crate) struct CanonicalOrder<'t> {
    /// The whole order.
    pub(crate) json: &'t str,
    pub(crate) order_id: &'t str,
    pub(crate) user_phone: &'t str,
}

impl<'t> CanonicalReader<'t> {
    pub(crate) const fn new(string: &'t str) -> Self {
        Self { string, at: 0 }
    }

    /// What is not read yet.
    pub(crate) fn remaining(&self) -> &'t str {
        &self.string[self.at..]
    }

    /// Skips a fragment.
    #[inline(always)]
    pub(crate) fn fragment<const N: usize>(&mut self, fragment: &[u8; N]) -> Option<()> {
        let rest = &self.string.as_bytes()[self.at..];
        let found = rest.first_chunk::<N>()? == fragment;
        self.at += if found { N } else { 0 };
        found.then_some(())
    }

    /// Reads a string up to its closing quote.
    #[inline(always)]
    pub(crate) fn string(&mut self) -> Option<&'t str> {
        let start = self.at;
        let bytes = self.string.as_bytes();
        self.at += escape::plain_len(&bytes[start..]);
        while *bytes.get(self.at)? != b'"' {
            self.at += escape::written_len(&bytes[self.at..])?;
            self.at += escape::plain_len(&bytes[self.at..]);
        }
        Some(&self.string[start..self.at])
    }

    /// Reads an order. Its params go into `params`, which keeps its memory from order to order.
    #[inline]
    pub(crate) fn order(&mut self, params: &mut Vec<Param<'t>>) -> Option<CanonicalOrder<'t>> {
        params.clear();
        let start = self.at;
        self.fragment(ORDER_ID)?;
        let order_id = self.string()?;
        self.fragment(USER_PHONE)?;
        let user_phone = self.string()?;
        self.fragment(OTHER)?;
        self.string()?;
        self.fragment(USER_NAME)?;
        self.string()?;
        self.fragment(CUSTOMER_NAME)?;
        self.string()?;
        self.fragment(PARAMS)?;
        while self.fragment(ORDER_END).is_none() {
            if !params.is_empty() {
                self.fragment(COMMA)?;
            }
            self.fragment(NAME)?;
            let name = self.string()?;
            self.fragment(VALUE)?;
            let value = self.string()?;
            self.fragment(PARAM_END)?;
            // The full reader reports it.
            params.try_reserve(1).ok()?;
            params.push(Param { name, value });
        }
        let json = &self.string[start..self.at];
        Some(CanonicalOrder {
            json,
            order_id,
            user_phone,
        })
    }
}

/// The canonical string at the start of `json`, with its closing quote.
pub(crate) fn string_with_quote(json: &[u8]) -> &[u8] {
    let mut end = 0;
    loop {
        end += escape::plain_len(&json[end..]);
        if json[end] == QUOTE[0] {
            return &json[..=end];
        }
        // A backslash and the byte that it escapes; a body has no control characters.
        end += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::writer::Output;

    #[test]
    fn a_written_string_is_read_back() {
        for string in [
            "",
            "a",
            "\"",
            "\\",
            "\\\"",
            "a\\",
            "\u{1}中",
            "a text that is longer \\\" than a word",
        ] {
            let mut output = Output::default();
            let text = Text::of(string).unwrap();
            let appended = output.append(|writer| writer.string(&text)?.fragment(QUOTE));
            appended.unwrap();
            let written = output.written();
            let with_more = [written, b",\"x\"]"].concat();
            assert_eq!(string_with_quote(&with_more), written, "{string:?}");
            let with_more = core::str::from_utf8(&with_more).unwrap();
            let found = CanonicalReader::new(with_more).string().unwrap();
            assert_eq!(found.len() + 1, written.len());
            let json = alloc::format!("\"{found}\"");
            assert_eq!(
                serde_json::from_str::<alloc::string::String>(&json).unwrap(),
                string
            );
        }
    }

    #[test]
    fn only_canonical_escapes_are_accepted() {
        for written in [
            r#"\""#, r"\\", r"\b", r"\f", r"\n", r"\r", r"\t", r"\u0001", r"\u001f", r"\u000b",
        ] {
            let json = alloc::format!("{written}\"");
            assert_eq!(CanonicalReader::new(&json).string(), Some(written));
        }
        for other in [
            r"\/",
            r"\u0000",
            r"\u0008",
            r"\u0009",
            r"\u000a",
            r"\u000c",
            r"\u000d",
            r"\u0020",
            r"\u001F",
            r"\u000B",
            r"\u0061",
            r"\u4e2d",
            r"\ud83d\ude00",
            r"\U0000",
            r"\x00",
            r"\u00",
            r"\u",
            r"\",
            r"\u00+1",
            "\n",
            "\u{1}",
        ] {
            for json in [alloc::format!("{other}\""), other.into()] {
                assert_eq!(CanonicalReader::new(&json).string(), None, "{json:?}");
            }
        }
    }
}
