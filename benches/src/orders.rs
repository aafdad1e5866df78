//! Realistic orders: about 255 bytes each in the body, a quarter of the names not ASCII, and one
//! param's value in eight with a quote and a backslash.

use std::fmt::Write;
use std::ops::Range;

use callbot_core::{Order, Param};

/// Contacts as if read from a file: all strings in one buffer.
#[derive(Debug)]
pub struct Contacts {
    strings: String,
    rows: Vec<Row>,
}

/// The strings of one contact: orderID, userPhone, other, userName, customerName, amount, note.
type Row = [Range<usize>; 7];

/// The form of the order IDs.
#[derive(Debug, Clone, Copy)]
pub enum Ids {
    /// UUIDs.
    Usual,
    /// As long as UUIDs, but different only in a few digits in the middle.
    Alike,
}

impl Contacts {
    /// Returns `count` contacts, the same ones on each call.
    #[must_use]
    pub fn new(count: usize) -> Self {
        Self::with_ids(count, Ids::Usual)
    }

    /// Returns `count` contacts with order IDs of a given form.
    #[must_use]
    pub fn with_ids(count: usize, ids: Ids) -> Self {
        let mut contacts = Self {
            strings: String::new(),
            rows: Vec::with_capacity(count),
        };
        for i in 0..count {
            contacts.push(i, ids);
        }
        contacts
    }

    fn push(&mut self, i: usize, ids: Ids) {
        let is_fourth = i.is_multiple_of(4);
        let order_id = match ids {
            Ids::Usual => uuid(i),
            Ids::Alike => format!("00000000-0000-4{:07}-0000-0000000000000", i % 10_000_000),
        };
        let user_phone = 8_613_800_000_000 + i;
        let user_name: &dyn std::fmt::Display = if is_fourth {
            &"王芳"
        } else {
            &format!("Ada {:05}", i % 100_000)
        };
        let customer_name = if is_fourth {
            "Ошондой"
        } else {
            "Lovelace & Co"
        };
        let amount = 100 + i % 900;
        let note = if is_fourth {
            "said \"call \\ later\" ok"
        } else {
            "please call after six"
        };
        let row = [
            self.push_string(format_args!("{order_id}")),
            self.push_string(format_args!("{user_phone}")),
            self.push_string(format_args!("batch 7, row {i:07}")),
            self.push_string(format_args!("{user_name}")),
            self.push_string(format_args!("{customer_name}")),
            self.push_string(format_args!("{amount}.50")),
            self.push_string(format_args!("{note}")),
        ];
        self.rows.push(row);
    }

    fn push_string(&mut self, string: std::fmt::Arguments<'_>) -> Range<usize> {
        let start = self.strings.len();
        self.strings
            .write_fmt(string)
            .expect("writing to a string cannot fail");
        start..self.strings.len()
    }

    /// Returns the params of each order.
    #[must_use]
    pub fn params(&self) -> Vec<[Param<'_>; 2]> {
        let params = |[.., amount, note]: &Row| {
            [("amount", amount), ("note", note)].map(|(name, value)| Param {
                name,
                value: &self.strings[value.clone()],
            })
        };
        self.rows.iter().map(params).collect()
    }

    /// Returns the orders.
    #[must_use]
    pub fn orders<'a>(&'a self, params: &'a [[Param<'a>; 2]]) -> Vec<Order<'a>> {
        let order = |(row, params): (&Row, &'a [Param<'a>; 2])| {
            let [order_id, user_phone, other, user_name, customer_name, ..] =
                row.each_ref().map(|range| &self.strings[range.clone()]);
            Order {
                order_id,
                user_phone,
                other,
                user_name,
                customer_name,
                params,
            }
        };
        self.rows.iter().zip(params).map(order).collect()
    }
}

/// Spreads the number over all digits, as in a random UUID.
fn uuid(i: usize) -> String {
    let random = (i as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    format!(
        "{:08x}-{:04x}-4{:03x}-9d0e-{:012x}",
        random >> 32,
        random >> 16 & 0xffff,
        random & 0xfff,
        i
    )
}
