//! Mistakes in the secret key.

use alloc::vec::Vec;

use zeroize::Zeroizing;

use crate::check::memory::{self, NoMemoryError};
use crate::diagnose::cause::Cause;
use crate::diagnose::causes::Causes;
use crate::diagnose::edit::{Change, Form, Slot};
use crate::diagnose::edits::Edits;
use crate::diagnose::plan::Id;

impl Edits {
    pub(super) fn add_keys(&mut self, key: &[u8], account: &str) -> Result<(), NoMemoryError> {
        let one = Causes::one;
        let missing = one(Cause::SecretKeyMissing);
        self.add_key(missing, Form::Usual, &[])?;
        for placeholder in ["null", "None", "undefined", "nil", "secretKey"] {
            self.add_key(missing, Form::Rare, &[placeholder.as_bytes()])?;
        }
        for (around, form) in QUOTES {
            self.add_key(one(Cause::SecretKeyQuotes), form, &surrounded(key, around))?;
        }
        for (around, form) in WHITESPACE {
            let pieces = surrounded(key, around);
            self.add_key(one(Cause::SecretKeyWhitespace), form, &pieces)?;
        }
        let account = account.as_bytes();
        let both = [<[u8]>::make_ascii_uppercase, <[u8]>::make_ascii_lowercase];
        for change_case in both {
            let cased = in_case(account, change_case)?;
            if *cased != account {
                let causes = one(Cause::SecretKeyIsUuid).and(one(Cause::SecretKeyCase));
                self.add_key(causes, Form::Rare, &[&cased])?;
            }
        }
        // The mistakes that can be made together.
        for change_case in both {
            let cased = in_case(key, change_case)?;
            self.add_key_and_around(key, Cause::SecretKeyCase, &cased)?;
        }
        self.add_key_and_around(key, Cause::SecretKeyIsUuid, account)?;
        self.add_key_and_around(key, Cause::SecretKeyMissing, b"")?;
        let causes = one(Cause::SecretKeyQuotes).and(one(Cause::SecretKeyWhitespace));
        for quotes in QUOTES.iter().filter_map(common) {
            for blanks in WHITESPACE.iter().filter_map(common) {
                for [inner, outer] in [[quotes, blanks], [blanks, quotes]] {
                    let [first, _, last] = surrounded(key, outer);
                    let [second, key, second_last] = surrounded(key, inner);
                    let pieces = [first, second, key, second_last, last];
                    self.add_key(causes, Form::Rare, &pieces)?;
                }
            }
        }
        Ok(())
    }

    /// Adds what is used in place of the key, alone and with quotation marks or whitespace around
    /// it.
    fn add_key_and_around(
        &mut self,
        key: &[u8],
        cause: Cause,
        other: &[u8],
    ) -> Result<(), NoMemoryError> {
        if other == key {
            return Ok(());
        }
        let cause = Causes::one(cause);
        // No key is another edit.
        if !other.is_empty() {
            self.add_key(cause, Form::Usual, &[other])?;
        }
        for (second, forms) in [
            (Cause::SecretKeyQuotes, &QUOTES[..]),
            (Cause::SecretKeyWhitespace, &WHITESPACE[..]),
        ] {
            let causes = cause.and(Causes::one(second));
            for around in forms.iter().filter_map(common) {
                self.add_key(causes, Form::Rare, &surrounded(other, around))?;
            }
        }
        Ok(())
    }

    /// Adds a key that is these pieces.
    fn add_key(
        &mut self,
        causes: Causes,
        form: Form,
        pieces: &[&[u8]],
    ) -> Result<(), NoMemoryError> {
        let id = Id::Key(self.next_number());
        let change = Change::Key(id, Zeroizing::new(memory::concat(pieces)?));
        self.add(Slot::Key, causes, form, change)
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

fn common((around, form): &(Around, Form)) -> Option<Around> {
    (*form != Form::Rare).then_some(*around)
}

const fn surrounded(key: &[u8], (before, after): Around) -> [&[u8]; 3] {
    [before.as_bytes(), key, after.as_bytes()]
}

fn in_case(key: &[u8], change_case: fn(&mut [u8])) -> Result<Zeroizing<Vec<u8>>, NoMemoryError> {
    let mut cased = Zeroizing::new(memory::to_vec(key)?);
    change_case(&mut cased);
    Ok(cased)
}
