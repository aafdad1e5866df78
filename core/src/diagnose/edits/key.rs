//! Mistakes in the secret key.

use alloc::vec::Vec;

use zeroize::Zeroizing;

use crate::diagnose::cause::Cause;
use crate::diagnose::causes::Causes;
use crate::diagnose::edit::{Change, Form, Slot};
use crate::diagnose::edits::Edits;
use crate::diagnose::plan::Id;

impl Edits {
    pub(super) fn add_keys(&mut self, key: &[u8], account: &str) {
        let one = Causes::one;
        let missing = one(Cause::SecretKeyMissing);
        self.add_key(missing, Form::Usual, b"");
        for placeholder in ["null", "None", "undefined", "nil", "secretKey"] {
            self.add_key(missing, Form::Rare, placeholder.as_bytes());
        }
        for (around, form) in QUOTES {
            let bytes = surrounded(key, around);
            self.add_key(one(Cause::SecretKeyQuotes), form, &bytes);
        }
        for (around, form) in WHITESPACE {
            let bytes = surrounded(key, around);
            self.add_key(one(Cause::SecretKeyWhitespace), form, &bytes);
        }
        // The mistakes that can be made together.
        let mut others = Vec::new();
        let mut bytes = Zeroizing::new(key.to_vec());
        bytes.make_ascii_uppercase();
        others.push((Cause::SecretKeyCase, bytes.clone()));
        bytes.make_ascii_lowercase();
        others.push((Cause::SecretKeyCase, bytes));
        others.push((
            Cause::SecretKeyIsUuid,
            Zeroizing::new(account.as_bytes().to_vec()),
        ));
        // No key is tried above.
        others.push((Cause::SecretKeyMissing, Zeroizing::default()));
        for upper in [true, false] {
            let mut bytes = account.as_bytes().to_vec();
            if upper {
                bytes.make_ascii_uppercase();
            } else {
                bytes.make_ascii_lowercase();
            }
            if bytes != account.as_bytes() {
                let causes = one(Cause::SecretKeyIsUuid).and(one(Cause::SecretKeyCase));
                self.add_key(causes, Form::Rare, &bytes);
            }
        }
        let common = |(around, form): &(Around, Form)| (*form != Form::Rare).then_some(*around);
        for (cause, bytes) in &others {
            if bytes.as_slice() == key {
                continue;
            }
            if !bytes.is_empty() {
                self.add_key(one(*cause), Form::Usual, bytes);
            }
            for (second, forms) in [
                (Cause::SecretKeyQuotes, &QUOTES[..]),
                (Cause::SecretKeyWhitespace, &WHITESPACE[..]),
            ] {
                for around in forms.iter().filter_map(common) {
                    let causes = one(*cause).and(one(second));
                    self.add_key(causes, Form::Rare, &surrounded(bytes, around));
                }
            }
        }
        let causes = one(Cause::SecretKeyQuotes).and(one(Cause::SecretKeyWhitespace));
        for quotes in QUOTES.iter().filter_map(common) {
            for blanks in WHITESPACE.iter().filter_map(common) {
                for [inner, outer] in [[quotes, blanks], [blanks, quotes]] {
                    let bytes = surrounded(&surrounded(key, inner), outer);
                    self.add_key(causes, Form::Rare, &bytes);
                }
            }
        }
    }

    fn add_key(&mut self, causes: Causes, form: Form, bytes: &[u8]) {
        let id = Id::Key(self.next_number());
        let change = Change::Key(id, Zeroizing::new(bytes.to_vec()));
        self.add(Slot::Key, causes, form, change);
    }
}

/// What is before and after the key.
type Around = (&'static str, &'static str);

const QUOTES: [(Around, Form); 5] = [
    (("\"", "\""), Form::Usual),
    (("'", "'"), Form::Usual),
    (("`", "`"), Form::Rare),
    (("\u{201c}", "\u{201d}"), Form::Rare),
    (("\\\"", "\\\""), Form::Rare),
];

const WHITESPACE: [(Around, Form); 11] = [
    (("", "\n"), Form::Usual),
    (("", "\r\n"), Form::Usual),
    (("", " "), Form::Usual),
    ((" ", ""), Form::Usual),
    (("", "\t"), Form::Rare),
    (("\t", ""), Form::Rare),
    ((" ", " "), Form::Rare),
    (("", "\r"), Form::Rare),
    (("\n", ""), Form::Rare),
    (("", "\u{a0}"), Form::Rare),
    (("\u{feff}", ""), Form::Rare),
];

fn surrounded(key: &[u8], (before, after): Around) -> Zeroizing<Vec<u8>> {
    Zeroizing::new([before.as_bytes(), key, after.as_bytes()].concat())
}
