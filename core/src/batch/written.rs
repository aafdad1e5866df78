//! Reads what is written in the body's format, and nothing else.
#![expect(
    clippy::inline_always,
    reason = "measured: behind a call each text of an order costs a fifth more"
)]

use alloc::borrow::Cow;
use alloc::vec::Vec;

use crate::batch::format::{
    CALL_CALLBACK_URL, CALL_LIST, COMMA, CUSTOMER_NAME, NAME, ORDER_CALLBACK_URL, ORDER_END,
    ORDER_ID, OTHER, PARAM_END, PARAMS, QUOTE, USER_NAME, USER_PHONE, USER_TASK_ID, VALUE,
};
use crate::batch::order::Param;
use crate::json::escape;

/// Steps through text in the body's format. Everything is `None` where the text is another one than this crate would
/// write.
pub(crate) struct Reader<'t> {
    text: &'t str,
    at: usize,
}

/// An order as it stands in a body. Its texts are as they are written, with their escapes.
pub(crate) struct WrittenOrder<'t> {
    /// The whole of it.
    pub(crate) json: &'t str,
    pub(crate) order_id: &'t str,
    pub(crate) user_phone: &'t str,
}

impl<'t> Reader<'t> {
    pub(crate) const fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// How many bytes are still to be read.
    pub(crate) const fn left(&self) -> usize {
        self.text.len() - self.at
    }

    /// Steps over a fragment.
    #[inline(always)]
    pub(crate) fn fragment<const N: usize>(&mut self, fragment: &[u8; N]) -> Option<()> {
        let rest = &self.text.as_bytes()[self.at..];
        let found = rest.first_chunk::<N>()? == fragment;
        self.at += if found { N } else { 0 };
        found.then_some(())
    }

    /// Reads a text up to the quote that ends it.
    #[inline(always)]
    pub(crate) fn text(&mut self) -> Option<&'t str> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        self.at += escape::plain_len(&bytes[start..]);
        while *bytes.get(self.at)? != b'"' {
            self.at += escape::written_len(&bytes[self.at..])?;
            self.at += escape::plain_len(&bytes[self.at..]);
        }
        Some(&self.text[start..self.at])
    }

    /// Reads the task's three texts, up to where the first order begins.
    pub(crate) fn head(&mut self) -> Option<[&'t str; 3]> {
        self.fragment(USER_TASK_ID)?;
        let user_task_id = self.text()?;
        self.fragment(ORDER_CALLBACK_URL)?;
        let order_callback_url = self.text()?;
        self.fragment(CALL_CALLBACK_URL)?;
        let call_callback_url = self.text()?;
        self.fragment(CALL_LIST)?;
        Some([user_task_id, order_callback_url, call_callback_url])
    }

    /// Reads an order, and its params into a list that was kept for its memory.
    #[inline]
    pub(crate) fn order(&mut self, params: &mut Vec<Param<'t>>) -> Option<WrittenOrder<'t>> {
        params.clear();
        let start = self.at;
        self.fragment(ORDER_ID)?;
        let order_id = self.text()?;
        self.fragment(USER_PHONE)?;
        let user_phone = self.text()?;
        self.fragment(OTHER)?;
        self.text()?;
        self.fragment(USER_NAME)?;
        self.text()?;
        self.fragment(CUSTOMER_NAME)?;
        self.text()?;
        self.fragment(PARAMS)?;
        while self.fragment(ORDER_END).is_none() {
            if !params.is_empty() {
                self.fragment(COMMA)?;
            }
            self.fragment(NAME)?;
            let name = self.text()?;
            self.fragment(VALUE)?;
            let value = self.text()?;
            self.fragment(PARAM_END)?;
            params.push(Param { name, value });
        }
        let json = &self.text[start..self.at];
        Some(WrittenOrder {
            json,
            order_id,
            user_phone,
        })
    }
}

impl<'t> WrittenOrder<'t> {
    /// The text that the orderID stands for.
    pub(crate) fn read_order_id(&self) -> Cow<'t, str> {
        read_text(self.order_id)
    }
}

/// The text that a written one stands for.
fn read_text(written: &str) -> Cow<'_, str> {
    if written.contains('\\') {
        let json = alloc::format!("\"{written}\"");
        Cow::Owned(serde_json::from_str(&json).unwrap_or_default())
    } else {
        Cow::Borrowed(written)
    }
}

/// The text that `json` begins with, as it is written, with the quote that ends it.
pub(crate) fn text_with_quote(json: &[u8]) -> &[u8] {
    let mut end = 0;
    loop {
        end += escape::plain_len(&json[end..]);
        if json[end] == QUOTE[0] {
            return &json[..=end];
        }
        // A backslash and what it escapes. No control stands in a body.
        end += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::writer::Output;

    #[test]
    fn a_text_is_found_again_whole() {
        for text in [
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
            output.append(|writer| writer.text(text)?.fragment(QUOTE));
            let written = output.written();
            let with_more = [written, b",\"x\"]"].concat();
            assert_eq!(text_with_quote(&with_more), written, "{text:?}");
            let with_more = core::str::from_utf8(&with_more).unwrap();
            let found = Reader::new(with_more).text().unwrap();
            assert_eq!(found.len() + 1, written.len());
            assert_eq!(read_text(found), text);
        }
    }

    #[test]
    fn only_the_escapes_that_are_written_are_read() {
        for written in [
            r#"\""#, r"\\", r"\b", r"\f", r"\n", r"\r", r"\t", r"\u0000", r"\u001f", r"\u000b",
        ] {
            let json = alloc::format!("{written}\"");
            assert_eq!(Reader::new(&json).text(), Some(written));
        }
        for other in [
            r"\/",
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
                assert_eq!(Reader::new(&json).text(), None, "{json:?}");
            }
        }
    }
}
