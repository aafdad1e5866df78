//! The mistakes outside of the body, each as a change of the plan.

use alloc::vec::Vec;

use zeroize::Zeroizing;

use crate::check::chars;
use crate::diagnose::cause::Cause;
use crate::diagnose::causes::Causes;
use crate::diagnose::plan::{
    BODY, CREATE_TS, Hmac, Id, KeyPlace, Names, Piece, Plan, REQUEST_ID, UUID,
};
use crate::sign::timestamp::Timestamp;

/// What a change is about. No two changes of one slot are tried together: where that makes sense,
/// one edit has both causes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    Hmac,
    Key,
    Order,
    KeyPlace,
    Ampersands,
    Names,
    Part(usize),
}

/// A change of the plan.
pub(super) enum Change {
    Hmac(Hmac),
    /// The key, and whether the string keeps its first ampersand.
    Key(Id, Zeroizing<Vec<u8>>, bool),
    Order([usize; 4]),
    KeyPlace(KeyPlace, bool),
    Ampersands([bool; 4]),
    Names(Names),
    /// A part; `None` leaves it out with its name.
    Part(usize, Option<(Id, Vec<u8>)>),
    /// Any createTs of these.
    CreateTs(Times),
}

/// The values of createTs that are searched.
#[derive(Debug, Clone, Copy)]
pub(super) enum Times {
    /// Within an hour of this second, from the nearest on.
    Near(u64),
    /// The milliseconds of this second.
    MillisecondsOf(u64),
}

impl Times {
    const HOUR: u64 = 3_600;

    pub(super) fn values(self) -> impl Iterator<Item = u64> {
        let (near, of) = match self {
            Self::Near(second) => (Some(second), None),
            Self::MillisecondsOf(second) => (None, Some(second)),
        };
        let near = near.into_iter().flat_map(|second| {
            let later = move |distance| second.saturating_add(distance);
            let earlier = move |distance| second.saturating_sub(distance);
            (0..=Self::HOUR).flat_map(move |distance| [later(distance), earlier(distance)])
        });
        let of = of.into_iter().flat_map(|second| {
            let first = second.saturating_mul(1000);
            first..first.saturating_add(1000)
        });
        near.chain(of)
    }
}

/// A mistake, or two in one slot.
pub(super) struct Edit {
    pub(super) slot: Slot,
    pub(super) causes: Causes,
    /// Whether it is also tried together with another edit: the common forms of each mistake.
    pub(super) is_common: bool,
    pub(super) change: Change,
}

impl Edit {
    /// Changes the plan. If the result has values, the createTs is one of these.
    pub(super) fn apply<'a>(&'a self, plan: &mut Plan<'a>) -> Option<Times> {
        match &self.change {
            Change::Hmac(hmac) => plan.hmac = *hmac,
            Change::Key(id, bytes, has_ampersand) => {
                plan.key = Piece { id: *id, bytes };
                plan.ampersands[0] &= has_ampersand;
            }
            Change::Order(order) => plan.order = *order,
            Change::KeyPlace(place, has_ampersand) => {
                plan.key_place = *place;
                plan.ampersands[0] &= has_ampersand;
            }
            Change::Ampersands(ampersands) => {
                for (old, new) in plan.ampersands.iter_mut().zip(ampersands) {
                    *old &= new;
                }
            }
            Change::Names(names) => plan.names = *names,
            Change::Part(part, value) => {
                let piece = |(id, bytes): &'a (Id, Vec<u8>)| Piece { id: *id, bytes };
                plan.parts[*part] = value.as_ref().map(piece);
            }
            Change::CreateTs(times) => {
                plan.parts[CREATE_TS] = Some(Piece {
                    id: Id::AnyCreateTs,
                    bytes: b"",
                });
                return Some(*times);
            }
        }
        None
    }

    /// Whether the two make sense together.
    pub(super) fn goes_with(&self, other: &Self) -> bool {
        // In most orders each time would take a hash of the body.
        let is_order = |edit: &Self| edit.slot == Slot::Order;
        let is_near = |edit: &Self| matches!(edit.change, Change::CreateTs(Times::Near(_)));
        self.slot != other.slot
            && !(is_order(self) && is_near(other))
            && !(is_near(self) && is_order(other))
    }
}

/// Adds edits of one slot. It numbers the variants.
pub(super) struct Edits(Vec<Edit>);

impl Edits {
    /// All edits: those that change what comes before the body first.
    pub(super) fn all(key: &[u8], account: &str, values: &Values<'_>) -> Vec<Edit> {
        let mut edits = Self(Vec::new());
        edits.add_hmac();
        edits.add_keys(key, account);
        edits.add_orders();
        edits.add_key_places();
        edits.add_ampersands();
        edits.add_names();
        edits.add_missing(UUID, Cause::UuidMissing);
        edits.add_request_ids(values.request_id);
        edits.add_missing(BODY, Cause::BodyEmpty);
        edits.add_times(values);
        edits.0
    }

    fn add(&mut self, slot: Slot, causes: Causes, is_common: bool, change: Change) {
        self.0.push(Edit {
            slot,
            causes,
            is_common,
            change,
        });
    }

    fn add_hmac(&mut self) {
        let causes = Causes::one(Cause::AlgorithmHmac);
        for hmac in [Hmac::WithKey, Hmac::WithoutKey] {
            self.add(Slot::Hmac, causes, true, Change::Hmac(hmac));
        }
    }

    fn add_keys(&mut self, key: &[u8], account: &str) {
        let one = Causes::one;
        let missing = one(Cause::SecretKeyMissing);
        for has_ampersand in [true, false] {
            let id = Id::Key(1);
            let change = Change::Key(id, Zeroizing::new(Vec::new()), has_ampersand);
            self.add(Slot::Key, missing, has_ampersand, change);
        }
        for placeholder in ["null", "None", "undefined", "nil", "secretKey"] {
            self.add_key(missing, false, placeholder.as_bytes());
        }
        for (form, is_common) in QUOTES {
            let bytes = surrounded(key, form);
            self.add_key(one(Cause::SecretKeyQuotes), is_common, &bytes);
        }
        for (form, is_common) in WHITESPACE {
            let bytes = surrounded(key, form);
            self.add_key(one(Cause::SecretKeyWhitespace), is_common, &bytes);
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
        for upper in [true, false] {
            let mut bytes = account.as_bytes().to_vec();
            if upper {
                bytes.make_ascii_uppercase();
            } else {
                bytes.make_ascii_lowercase();
            }
            if bytes != account.as_bytes() {
                let causes = one(Cause::SecretKeyIsUuid).and(one(Cause::SecretKeyCase));
                self.add_key(causes, false, &bytes);
            }
        }
        let common = |(form, is_common): &(_, bool)| is_common.then_some(*form);
        for (cause, bytes) in &others {
            if bytes.as_slice() == key {
                continue;
            }
            self.add_key(one(*cause), true, bytes);
            for (second, forms) in [
                (Cause::SecretKeyQuotes, &QUOTES[..]),
                (Cause::SecretKeyWhitespace, &WHITESPACE[..]),
            ] {
                for form in forms.iter().filter_map(common) {
                    let causes = one(*cause).and(one(second));
                    self.add_key(causes, false, &surrounded(bytes, form));
                }
            }
        }
        let causes = one(Cause::SecretKeyQuotes).and(one(Cause::SecretKeyWhitespace));
        for quotes in QUOTES.iter().filter_map(common) {
            for blanks in WHITESPACE.iter().filter_map(common) {
                for [inner, outer] in [[quotes, blanks], [blanks, quotes]] {
                    let bytes = surrounded(&surrounded(key, inner), outer);
                    self.add_key(causes, false, &bytes);
                }
            }
        }
    }

    fn add_key(&mut self, causes: Causes, is_common: bool, bytes: &[u8]) {
        let id = Id::Key(self.0.len() + 2);
        let change = Change::Key(id, Zeroizing::new(bytes.to_vec()), true);
        self.add(Slot::Key, causes, is_common, change);
    }

    fn add_orders(&mut self) {
        let causes = Causes::one(Cause::PartOrder);
        for number in 1..24 {
            let change = Change::Order(order(number));
            self.add(Slot::Order, causes, true, change);
        }
    }

    fn add_key_places(&mut self) {
        let causes = Causes::one(Cause::KeyAtEnd);
        for has_ampersand in [false, true] {
            for (label, is_common) in KEY_LABELS {
                let change = Change::KeyPlace(KeyPlace::End(label), has_ampersand);
                self.add(Slot::KeyPlace, causes, is_common, change);
            }
        }
        for (label, is_common) in KEY_LABELS {
            let change = Change::KeyPlace(KeyPlace::Both(label), true);
            let is_common = is_common && label.len() < 2;
            self.add(Slot::KeyPlace, causes, is_common, change);
        }
    }

    /// Each set of missing ampersands; those that miss the first one, which is before the body, are
    /// together.
    fn add_ampersands(&mut self) {
        let causes = Causes::one(Cause::AmpersandMissing);
        for missing in (1..16_u8).rev() {
            let ampersands = [8, 4, 2, 1].map(|bit| missing & bit == 0);
            let is_common = missing.count_ones() == 1 || missing == 15;
            let change = Change::Ampersands(ampersands);
            self.add(Slot::Ampersands, causes, is_common, change);
        }
    }

    fn add_names(&mut self) {
        let causes = Causes::one(Cause::PartNames);
        for names in COMMON_NAMES {
            self.add(Slot::Names, causes, true, Change::Names(names));
        }
        for key in ["secretKey", "secret", "key", "accessSecret"] {
            let names = Names { key, ..Names::RULE };
            self.add(Slot::Names, causes, false, Change::Names(names));
        }
        for body in NAMES[BODY] {
            for create_ts in NAMES[CREATE_TS] {
                for request_id in NAMES[REQUEST_ID] {
                    for uuid in NAMES[UUID] {
                        let names = Names {
                            key: "",
                            parts: [body, create_ts, request_id, uuid],
                        };
                        if names != Names::RULE && !COMMON_NAMES.contains(&names) {
                            self.add(Slot::Names, causes, false, Change::Names(names));
                        }
                    }
                }
            }
        }
    }

    /// Adds what is signed in place of a missing value.
    fn add_missing(&mut self, part: usize, cause: Cause) {
        let causes = Causes::one(cause);
        self.add(Slot::Part(part), causes, true, Change::Part(part, None));
        let objects: &[_] = if part == BODY {
            &["{}", "[]", "[object Object]", "Array"]
        } else {
            &["0"]
        };
        for placeholder in ["", "null", "None", "undefined", "nil"]
            .iter()
            .chain(objects)
        {
            let is_common = placeholder.is_empty();
            self.add_part(part, causes, is_common, placeholder.as_bytes().to_vec());
        }
    }

    fn add_part(&mut self, part: usize, causes: Causes, is_common: bool, bytes: Vec<u8>) {
        let id = Id::Part(part, self.0.len() + 1);
        let change = Change::Part(part, Some((id, bytes)));
        self.add(Slot::Part(part), causes, is_common, change);
    }

    fn add_request_ids(&mut self, value: Option<&[u8]>) {
        self.add_missing(REQUEST_ID, Cause::RequestIdMissing);
        let Some(value) = value else {
            return;
        };
        let hyphens = Causes::one(Cause::RequestIdHyphens);
        let mut variants = Vec::from([(Causes::NONE, value.to_vec())]);
        if value.contains(&b'-') {
            let plain = value.iter().copied().filter(|&c| c != b'-');
            variants.push((hyphens, plain.collect()));
        } else if value.len() == 32 && value.iter().all(u8::is_ascii_alphanumeric) {
            let groups = [0..8, 8..12, 12..16, 16..20, 20..32].map(|group| &value[group]);
            variants.push((hyphens, groups.join(&b'-')));
        }
        for (causes, variant) in variants {
            if causes != Causes::NONE {
                self.add_part(REQUEST_ID, causes, true, variant.clone());
            }
            for cased in [variant.to_ascii_uppercase(), variant.to_ascii_lowercase()] {
                if cased != variant {
                    let causes = causes.and(Causes::one(Cause::RequestIdCase));
                    let is_common = causes.count() == 1;
                    self.add_part(REQUEST_ID, causes, is_common, cased);
                }
            }
        }
    }

    fn add_times(&mut self, values: &Values<'_>) {
        let slot = Slot::Part(CREATE_TS);
        self.add_missing(CREATE_TS, Cause::CreateTsMissing);
        let missing = Causes::one(Cause::CreateTsMissing);
        let milliseconds = Causes::one(Cause::CreateTsMilliseconds);
        let other = Causes::one(Cause::CreateTsOther);
        match values.time() {
            Time::Missing(now) => {
                if let Some(now) = now {
                    let change = Change::CreateTs(Times::Near(now));
                    self.add(slot, missing, true, change);
                }
            }
            Time::Seconds(seconds) => {
                let mut digits = itoa::Buffer::new();
                let first = digits.format(seconds.saturating_mul(1000));
                self.add_part(CREATE_TS, milliseconds, true, first.as_bytes().to_vec());
                let change = Change::CreateTs(Times::MillisecondsOf(seconds));
                self.add(slot, milliseconds, true, change);
                let change = Change::CreateTs(Times::Near(seconds));
                self.add(slot, other, true, change);
            }
            Time::Milliseconds(as_sent, seconds) => {
                self.add_part(CREATE_TS, milliseconds, true, as_sent.to_vec());
                let mut digits = itoa::Buffer::new();
                let seconds_only = digits.format(seconds).as_bytes().to_vec();
                self.add_part(CREATE_TS, milliseconds, true, seconds_only);
                let change = Change::CreateTs(Times::MillisecondsOf(seconds));
                self.add(slot, milliseconds.and(other), false, change);
                let change = Change::CreateTs(Times::Near(seconds));
                self.add(slot, milliseconds.and(other), false, change);
            }
            Time::Malformed => {}
        }
    }
}

/// The values of the headers.
pub(super) struct Values<'a> {
    pub(super) request_id: Option<&'a [u8]>,
    pub(super) create_ts: Option<&'a [u8]>,
    pub(super) now: Option<u64>,
}

/// The createTs header.
enum Time<'a> {
    /// It is missing; with the time now.
    Missing(Option<u64>),
    Seconds(u64),
    /// As it was sent, and in seconds.
    Milliseconds(&'a [u8], u64),
    Malformed,
}

impl Values<'_> {
    fn time(&self) -> Time<'_> {
        let Some(value) = self.create_ts else {
            return Time::Missing(self.now);
        };
        let number = core::str::from_utf8(value).ok();
        match number.and_then(chars::plain_number::<u64>) {
            Some(seconds @ ..=Timestamp::MAX_UNIX_SECONDS) => Time::Seconds(seconds),
            Some(finer) => {
                // Milliseconds, microseconds or nanoseconds.
                let mut seconds = finer;
                while seconds > Timestamp::MAX_UNIX_SECONDS {
                    seconds /= 1000;
                }
                Time::Milliseconds(value, seconds)
            }
            None => Time::Malformed,
        }
    }

    /// Whether the createTs header is in milliseconds, which is a mistake in itself.
    pub(super) fn has_milliseconds(&self) -> bool {
        matches!(self.time(), Time::Milliseconds(..))
    }
}

/// What is before and after the key, and whether that is common.
type Form = (&'static str, &'static str);

const QUOTES: [(Form, bool); 5] = [
    (("\"", "\""), true),
    (("'", "'"), true),
    (("`", "`"), false),
    (("\u{201c}", "\u{201d}"), false),
    (("\\\"", "\\\""), false),
];

const WHITESPACE: [(Form, bool); 11] = [
    (("", "\n"), true),
    (("", "\r\n"), true),
    (("", " "), true),
    ((" ", ""), true),
    (("", "\t"), false),
    (("\t", ""), false),
    ((" ", " "), false),
    (("", "\r"), false),
    (("\n", ""), false),
    (("", "\u{a0}"), false),
    (("\u{feff}", ""), false),
];

/// What is before the key at the end.
const KEY_LABELS: [(&str, bool); 8] = [
    ("", true),
    ("&", true),
    ("&secretKey=", true),
    ("&key=", true),
    ("&secret=", false),
    ("&secretkey=", false),
    ("&accessSecret=", false),
    ("&appSecret=", false),
];

/// The names that are tried together with other mistakes. Those that keep the body's are last, so
/// that they share the state after it.
const COMMON_NAMES: [Names; 12] = [
    names(["", "", "", ""]),
    names(["data", "createTs", "requestID", "uuid"]),
    names(["Body", "CreateTs", "RequestID", "Uuid"]),
    names(["body", "createTs", "requestId", "uuid"]),
    names(["body", "timestamp", "requestID", "uuid"]),
    names(["body", "timestamp", "requestId", "uuid"]),
    names(["body", "ts", "requestID", "uuid"]),
    names(["body", "ts", "requestId", "uuid"]),
    names(["body", "createts", "requestid", "uuid"]),
    names(["body", "create_ts", "request_id", "uuid"]),
    names(["body", "createTs", "requestID", "UUID"]),
    names(["body", "createTs", "requestID", "accessKey"]),
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

fn surrounded(key: &[u8], (before, after): Form) -> Zeroizing<Vec<u8>> {
    Zeroizing::new([before.as_bytes(), key, after.as_bytes()].concat())
}

/// The order of the parts with this number in lexicographic order, from the rule's own on. Those
/// that start alike are neighbours.
fn order(mut number: usize) -> [usize; 4] {
    let mut left = Vec::from([BODY, CREATE_TS, REQUEST_ID, UUID]);
    [6, 2, 1, 1].map(|step| {
        let part = left.remove(number / step);
        number %= step;
        part
    })
}
