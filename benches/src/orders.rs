//! Orders as a campaign has them: about 255 bytes each in the body, a quarter of the names not ASCII, and one param's
//! value in eight with a quote and a backslash.

use std::fmt::Write;
use std::ops::Range;

use callbot_core::{Order, Param};

/// Contacts as they are read from a file: their texts one behind the other.
#[derive(Debug)]
pub struct Contacts {
    text: String,
    rows: Vec<Row>,
}

/// Where the texts of one contact stand: orderID, userPhone, other, userName, customerName, amount, note.
type Row = [Range<usize>; 7];

/// What the orderIDs look like.
#[derive(Debug, Clone, Copy)]
pub enum Ids {
    /// UUIDs.
    Usual,
    /// As long as UUIDs, and different in a few digits in the middle only.
    Alike,
}

impl Contacts {
    /// So many contacts, always the same ones.
    #[must_use]
    pub fn new(count: usize) -> Self {
        Self::with_ids(count, Ids::Usual)
    }

    /// The same with such orderIDs.
    #[must_use]
    pub fn with_ids(count: usize, ids: Ids) -> Self {
        let mut contacts = Self {
            text: String::new(),
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
            self.text(format_args!("{order_id}")),
            self.text(format_args!("{user_phone}")),
            self.text(format_args!("batch 7, row {i:07}")),
            self.text(format_args!("{user_name}")),
            self.text(format_args!("{customer_name}")),
            self.text(format_args!("{amount}.50")),
            self.text(format_args!("{note}")),
        ];
        self.rows.push(row);
    }

    fn text(&mut self, text: std::fmt::Arguments<'_>) -> Range<usize> {
        let start = self.text.len();
        self.text.write_fmt(text).expect("a string takes all");
        start..self.text.len()
    }

    /// Their params.
    #[must_use]
    pub fn params(&self) -> Vec<[Param<'_>; 2]> {
        let params = |[.., amount, note]: &Row| {
            [("amount", amount), ("note", note)].map(|(name, value)| Param {
                name,
                value: &self.text[value.clone()],
            })
        };
        self.rows.iter().map(params).collect()
    }

    /// Their orders.
    #[must_use]
    pub fn orders<'a>(&'a self, params: &'a [[Param<'a>; 2]]) -> Vec<Order<'a>> {
        let order = |(row, params): (&Row, &'a [Param<'a>; 2])| {
            let [order_id, user_phone, other, user_name, customer_name, ..] =
                row.each_ref().map(|range| &self.text[range.clone()]);
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

/// Spreads the number over all digits, as in a UUID that was drawn by chance.
fn uuid(i: usize) -> String {
    let chance = (i as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    format!(
        "{:08x}-{:04x}-4{:03x}-9d0e-{:012x}",
        chance >> 32,
        chance >> 16 & 0xffff,
        chance & 0xfff,
        i
    )
}
