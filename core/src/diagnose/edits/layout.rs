//! Mistakes in how the parts are joined, and how the key enters the hash.

use crate::check::memory::NoMemoryError;
use crate::diagnose::cause::Cause;
use crate::diagnose::causes::Causes;
use crate::diagnose::edit::{Change, Form, Slot};
use crate::diagnose::edits::Edits;
use crate::diagnose::plan::{BODY, CREATE_TS, Hmac, KeyPlace, Names, REQUEST_ID, UUID};

impl Edits {
    pub(super) fn add_hmac(&mut self) -> Result<(), NoMemoryError> {
        let causes = Causes::one(Cause::AlgorithmHmac);
        for (hmac, has_ampersand, form) in [
            (Hmac::WithKey, true, Form::Usual),
            (Hmac::WithoutKey, true, Form::Usual),
            // Without the key, the first ampersand makes no sense.
            (Hmac::WithoutKey, false, Form::Usual),
        ] {
            self.add(Slot::Hmac, causes, form, Change::Hmac(hmac, has_ampersand))?;
        }
        Ok(())
    }

    pub(super) fn add_orders(&mut self) -> Result<(), NoMemoryError> {
        let causes = Causes::one(Cause::PartOrder);
        for number in 1..24 {
            let change = Change::Order(order(number));
            self.add(Slot::Order, causes, Form::Usual, change)?;
        }
        Ok(())
    }

    pub(super) fn add_key_places(&mut self) -> Result<(), NoMemoryError> {
        let causes = Causes::one(Cause::KeyAtEnd);
        for has_ampersand in [false, true] {
            for (label, form) in KEY_LABELS {
                let change = Change::KeyPlace(KeyPlace::End(label), has_ampersand);
                self.add(Slot::KeyPlace, causes, form, change)?;
            }
        }
        for (label, form) in KEY_LABELS {
            let change = Change::KeyPlace(KeyPlace::Both(label), true);
            let form = if label.len() < 2 { form } else { Form::Rare };
            self.add(Slot::KeyPlace, causes, form, change)?;
        }
        Ok(())
    }

    /// Each set of missing ampersands; those that miss the first one, which is before the body, are
    /// together.
    pub(super) fn add_ampersands(&mut self) -> Result<(), NoMemoryError> {
        let causes = Causes::one(Cause::AmpersandMissing);
        for missing in (1..16_u8).rev() {
            let ampersands = [8, 4, 2, 1].map(|bit| missing & bit == 0);
            let form = match missing {
                // All of them, or one.
                15 | 8 | 4 | 2 | 1 => Form::Usual,
                // Those after the body: they share the state there.
                7 | 6 | 5 | 3 => Form::Common,
                _ => Form::Rare,
            };
            let change = Change::Ampersands(ampersands);
            self.add(Slot::Ampersands, causes, form, change)?;
        }
        Ok(())
    }

    pub(super) fn add_names(&mut self) -> Result<(), NoMemoryError> {
        let causes = Causes::one(Cause::PartNames);
        for (names, form) in NAMES_TOGETHER {
            self.add(Slot::Names, causes, form, Change::Names(names))?;
        }
        for key in ["secretKey", "secret", "key", "accessSecret"] {
            let names = Names { key, ..Names::RULE };
            self.add(Slot::Names, causes, Form::Rare, Change::Names(names))?;
        }
        let is_common = |names| NAMES_TOGETHER.iter().any(|(common, _)| *common == names);
        for body in NAMES[BODY] {
            for create_ts in NAMES[CREATE_TS] {
                for request_id in NAMES[REQUEST_ID] {
                    for uuid in NAMES[UUID] {
                        let names = Names {
                            key: "",
                            parts: [body, create_ts, request_id, uuid],
                        };
                        if names == Names::RULE || is_common(names) {
                            continue;
                        }
                        // One name after the body: its state is shared.
                        let others = names.parts.iter().zip(Names::RULE.parts);
                        let count = others.filter(|(name, right)| *name != right).count();
                        let form = if count == 1 && *body == Names::RULE.parts[BODY] {
                            Form::Common
                        } else {
                            Form::Rare
                        };
                        self.add(Slot::Names, causes, form, Change::Names(names))?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// What is before the key at the end.
const KEY_LABELS: [(&str, Form); 8] = [
    ("", Form::Usual),
    ("&", Form::Usual),
    ("&secretKey=", Form::Usual),
    ("&key=", Form::Usual),
    ("&secret=", Form::Rare),
    ("&secretkey=", Form::Rare),
    ("&accessSecret=", Form::Rare),
    ("&appSecret=", Form::Rare),
];

/// The names that are tried together with other mistakes. Those that keep the body's are last, so
/// that they share the state after it.
const NAMES_TOGETHER: [(Names, Form); 12] = [
    (names(["", "", "", ""]), Form::Usual),
    (
        names(["data", "createTs", "requestID", "uuid"]),
        Form::Common,
    ),
    (
        names(["Body", "CreateTs", "RequestID", "Uuid"]),
        Form::Common,
    ),
    (
        names(["body", "createTs", "requestId", "uuid"]),
        Form::Usual,
    ),
    (
        names(["body", "timestamp", "requestID", "uuid"]),
        Form::Usual,
    ),
    (
        names(["body", "timestamp", "requestId", "uuid"]),
        Form::Usual,
    ),
    (names(["body", "ts", "requestID", "uuid"]), Form::Usual),
    (names(["body", "ts", "requestId", "uuid"]), Form::Usual),
    (
        names(["body", "createts", "requestid", "uuid"]),
        Form::Usual,
    ),
    (
        names(["body", "create_ts", "request_id", "uuid"]),
        Form::Usual,
    ),
    (
        names(["body", "createTs", "requestID", "UUID"]),
        Form::Usual,
    ),
    (
        names(["body", "createTs", "requestID", "accessKey"]),
        Form::Usual,
    ),
];

const fn names(parts: [&'static str; 4]) -> Names {
    Names { key: "", parts }
}

/// The names that are tried alone, each with each. The rule's own are first.
const NAMES: [&[&str]; 4] = [
    &[
        "body", "data", "content", "params", "Body", "payload", "BODY",
    ],
    &[
        "createTs",
        "timestamp",
        "ts",
        "createTS",
        "createts",
        "create_ts",
        "createTime",
        "time",
        "CreateTs",
        "CREATETS",
    ],
    &[
        "requestID",
        "requestId",
        "requestid",
        "request_id",
        "RequestID",
        "RequestId",
        "REQUESTID",
        "reqId",
        "nonce",
    ],
    &["uuid", "UUID", "Uuid", "accessKey", "appKey", "userId"],
];

/// The order of the parts with this number in lexicographic order, from the rule's own on. Those
/// that start alike are neighbours.
fn order(mut number: usize) -> [usize; 4] {
    let mut order = [BODY, CREATE_TS, REQUEST_ID, UUID];
    for (place, step) in [6, 2, 1].into_iter().enumerate() {
        // The part with this number among those that are left comes before them.
        order[place..=place + number / step].rotate_right(1);
        number %= step;
    }
    order
}
