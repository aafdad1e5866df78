//! A program that signs wrongly, in each way that `explain` knows. It shares no code with it.

use callbot_core::diagnose::{Cause, Explanation, Message, explain};
use callbot_core::{Algorithm, Credentials, SecretKey};
use proptest::prelude::*;
use sha2::Digest;

use crate::document::{Doc, Habits, document};

/// An account and a message.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) key: String,
    pub(crate) uuid: String,
    pub(crate) request_id: String,
    pub(crate) create_ts: u64,
    pub(crate) algorithm: Algorithm,
    pub(crate) document: Doc,
    /// Another choice among the forms of a mistake.
    pub(crate) form: usize,
    pub(crate) seconds_off: u64,
}

pub(crate) fn case() -> impl Strategy<Value = Case> {
    (
        "[a-z][A-Z][a-zA-Z0-9]{6,38}",
        "[a-z][A-Z][a-zA-Z0-9]{6,30}",
        prop_oneof![
            "[0-9][a-f][0-9a-f]{30}",
            "[0-9][a-f][0-9a-f]{6}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}",
        ],
        1_000_000_000..9_999_999_999_u64,
        prop_oneof![Just(Algorithm::Md5), Just(Algorithm::Sha256)],
        document(),
        any::<usize>(),
        1..=3_600_u64,
    )
        .prop_map(
            |(key, uuid, request_id, create_ts, algorithm, document, form, seconds_off)| Case {
                key,
                uuid,
                request_id,
                create_ts,
                algorithm,
                document,
                form,
                seconds_off,
            },
        )
}

/// A message as it was sent.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

impl Case {
    pub(crate) fn credentials(&self) -> Credentials {
        let key = SecretKey::new(self.key.as_str()).expect("a key");
        Credentials::new(self.uuid.as_str(), key, self.algorithm).expect("credentials")
    }

    fn pick<T: Copy>(&self, forms: &[T]) -> T {
        forms[self.form % forms.len()]
    }

    /// Signs with these mistakes.
    pub(crate) fn sign(&self, mistakes: &[Cause]) -> Sent {
        let has = |cause| mistakes.contains(&cause);
        let (body, signed) = self.bodies(mistakes);
        let key = self.key(mistakes);
        let string = if has(Cause::OtherScheme) {
            self.string_of_other_scheme(mistakes, &key, &signed)
        } else {
            self.string(mistakes, &key, &signed)
        };
        let mut algorithm = self.algorithm;
        if has(Cause::OtherScheme) {
            algorithm = Algorithm::Md5;
        }
        if has(Cause::Algorithm) {
            algorithm = match algorithm {
                Algorithm::Md5 => Algorithm::Sha256,
                Algorithm::Sha256 => Algorithm::Md5,
            };
        }
        let hmac_key = has(Cause::AlgorithmHmac).then_some(key.as_bytes());
        let digest = match algorithm {
            Algorithm::Md5 => digest::<md5::Md5>(&string, hmac_key),
            Algorithm::Sha256 => digest::<sha2::Sha256>(&string, hmac_key),
        };
        let mut headers = vec![
            ("requestID", self.request_id.clone()),
            ("uuid", self.uuid.clone()),
            ("createTs", self.create_ts.to_string()),
            ("sign", written(&digest, mistakes)),
        ];
        if has(Cause::OtherScheme) {
            headers.push(("action", "send".into()));
            headers.push(("bizType", "8".into()));
        }
        Sent { headers, body }
    }

    fn key(&self, mistakes: &[Cause]) -> String {
        let has = |cause| mistakes.contains(&cause);
        let mut key = self.key.clone();
        if has(Cause::SecretKeyIsUuid) {
            key.clone_from(&self.uuid);
        }
        if has(Cause::SecretKeyCase) {
            key = match self.form % 2 {
                0 => key.to_uppercase(),
                _ => key.to_lowercase(),
            };
        }
        if has(Cause::SecretKeyQuotes) {
            let quote = self.pick(&["\"", "'"]);
            key = format!("{quote}{key}{quote}");
        }
        if has(Cause::SecretKeyWhitespace) {
            let (before, after) = self.pick(&[("", "\n"), ("", "\r\n"), ("", " "), (" ", "")]);
            key = format!("{before}{key}{after}");
        }
        if has(Cause::SecretKeyMissing) {
            key.clear();
        }
        key
    }

    fn create_ts(&self, mistakes: &[Cause]) -> String {
        let has = |cause| mistakes.contains(&cause);
        let mut create_ts = self.create_ts;
        if has(Cause::CreateTsOther) {
            create_ts -= self.seconds_off;
        }
        if has(Cause::CreateTsMilliseconds) {
            // If the time comes before the body, only the first millisecond is tried.
            let is_first = has(Cause::PartOrder);
            let milliseconds = if is_first { 0 } else { self.form % 1000 };
            return format!("{create_ts}{milliseconds:03}");
        }
        create_ts.to_string()
    }

    fn request_id(&self, mistakes: &[Cause]) -> String {
        let has = |cause| mistakes.contains(&cause);
        let mut request_id = self.request_id.clone();
        if has(Cause::RequestIdHyphens) {
            if request_id.contains('-') {
                request_id = request_id.replace('-', "");
            } else {
                for place in [20, 16, 12, 8] {
                    request_id.insert(place, '-');
                }
            }
        }
        if has(Cause::RequestIdCase) {
            request_id = request_id.to_uppercase();
        }
        request_id
    }

    fn string(&self, mistakes: &[Cause], key: &str, body: &[u8]) -> Vec<u8> {
        let has = |cause| mistakes.contains(&cause);
        let text = |text: &str| text.as_bytes().to_vec();
        let name = |right: &'static str, wrong: &'static str| {
            if has(Cause::PartNames) { wrong } else { right }
        };
        let mut parts = vec![
            ("body", Some(body.to_vec())),
            (
                name("createTs", "timestamp"),
                Some(text(&self.create_ts(mistakes))),
            ),
            (
                name("requestID", "requestId"),
                Some(text(&self.request_id(mistakes))),
            ),
            ("uuid", Some(text(&self.uuid))),
        ];
        for (cause, part) in [
            (Cause::CreateTsMissing, 1),
            (Cause::RequestIdMissing, 2),
            (Cause::UuidMissing, 3),
        ] {
            if has(cause) {
                // In another order, what is left out does not show where it was.
                let is_empty = self.pick(&[true, false]) || has(Cause::PartOrder);
                parts[part].1 = is_empty.then(Vec::new);
            }
        }
        if has(Cause::PartOrder) {
            parts.rotate_left(1 + self.form % 3);
        }
        let mut string = Vec::new();
        if !has(Cause::KeyAtEnd) {
            string.extend_from_slice(key.as_bytes());
        }
        // Without the key at the start, the first ampersand may be missing too.
        let without = usize::from(has(Cause::KeyAtEnd));
        parts.retain(|(_, value)| value.is_some());
        for (place, (name, value)) in parts.into_iter().enumerate() {
            if !(has(Cause::AmpersandMissing) && place == without) {
                string.push(b'&');
            }
            string.extend_from_slice(name.as_bytes());
            string.push(b'=');
            string.extend(value.into_iter().flatten());
        }
        if has(Cause::KeyAtEnd) {
            string.extend_from_slice(self.pick(&["&", "", "&key="]).as_bytes());
            string.extend_from_slice(key.as_bytes());
        }
        string
    }

    fn string_of_other_scheme(&self, mistakes: &[Cause], key: &str, body: &[u8]) -> Vec<u8> {
        let unless = |cause, value: &str| {
            let value = if mistakes.contains(&cause) { "" } else { value };
            value.as_bytes().to_vec()
        };
        let create_ts = self.create_ts.to_string();
        [
            b"accessKey=".to_vec(),
            unless(Cause::UuidMissing, &self.uuid),
            b"&action=send&bizType=8&ts=".to_vec(),
            unless(Cause::CreateTsMissing, &create_ts),
            b"&body=".to_vec(),
            body.to_vec(),
            b"&accessSecret=".to_vec(),
            key.as_bytes().to_vec(),
        ]
        .concat()
    }

    /// The body as it is sent, and as it is signed.
    fn bodies(&self, mistakes: &[Cause]) -> (Vec<u8>, Vec<u8>) {
        let has = |cause| mistakes.contains(&cause);
        let mut habits = Habits::default();
        // Only a body with lines has line ends.
        if has(Cause::BodyCrlf) && !has(Cause::BodyIndented) {
            habits.indent = Some("  ");
        }
        let sent = self.document.write(habits);
        habits.blanks = has(Cause::BodySeparators);
        if has(Cause::BodyIndented) {
            habits.indent = Some(self.pick(&["  ", "    ", "\t"]));
        }
        habits.sorted = has(Cause::BodySorted);
        habits.ascii = has(Cause::BodyAsciiEscapes);
        habits.slashes = has(Cause::BodyEscapedSlashes);
        habits.html = has(Cause::BodyHtmlEscapes);
        let mut text = self.document.write(habits);
        if has(Cause::BodyFinalNewline) {
            text.push('\n');
        }
        if has(Cause::BodyCrlf) {
            text = text.replace('\n', "\r\n");
        }
        if has(Cause::BodyQuoted) {
            text = serde_json::to_string(&text).expect("a string");
        }
        let mut bytes = text.into_bytes();
        if has(Cause::BodyLatin1) {
            let text = String::from_utf8(bytes).expect("UTF-8");
            let latin1 = |c: char| u8::try_from(u32::from(c)).unwrap_or(b'?');
            bytes = text.chars().map(latin1).collect();
        }
        if has(Cause::BodyUrlEncoded) {
            let kept = self.pick(&["-_.~", "-_.!~*'()", "-_.~/"]);
            bytes = url_encoded(&bytes, kept);
        }
        if has(Cause::BodyByteOrderMark) {
            bytes.splice(0..0, "\u{feff}".bytes());
        }
        if has(Cause::BodyEmpty) {
            bytes.clear();
        }
        (sent.into_bytes(), bytes)
    }
}

pub(crate) fn url_encoded(bytes: &[u8], kept: &str) -> Vec<u8> {
    let encode = |&byte: &u8| {
        if byte.is_ascii_alphanumeric() || kept.as_bytes().contains(&byte) {
            vec![byte]
        } else {
            format!("%{byte:02X}").into_bytes()
        }
    };
    bytes.iter().flat_map(encode).collect()
}

/// The digest, or the HMAC with a key (RFC 2104).
pub(crate) fn digest<D: Digest>(string: &[u8], key: Option<&[u8]>) -> Vec<u8> {
    let Some(key) = key else {
        return D::digest(string).to_vec();
    };
    let mut block = if key.len() > 64 {
        D::digest(key).to_vec()
    } else {
        key.to_vec()
    };
    block.resize(64, 0);
    let pad = |byte: u8| block.iter().map(|key| key ^ byte).collect::<Vec<_>>();
    let inner = D::digest([&pad(0x36), string].concat());
    D::digest([&pad(0x5c), inner.as_slice()].concat()).to_vec()
}

fn written(digest: &[u8], mistakes: &[Cause]) -> String {
    let has = |cause| mistakes.contains(&cause);
    let mut hex = digest
        .iter()
        .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    if !has(Cause::LowerCase) && !has(Cause::OtherScheme) {
        hex.make_ascii_uppercase();
    }
    let mut count = digest.len();
    if has(Cause::Truncated) {
        count /= 2;
        hex.truncate(2 * count);
    }
    match has(Cause::Base64) {
        true if has(Cause::LowerCase) => base64(hex.as_bytes()),
        true => base64(&digest[..count]),
        false => hex,
    }
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |place: usize| u32::from(chunk.get(place).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            out.push(if place <= chunk.len() {
                char::from(DIGITS[(bits >> (18 - 6 * place) & 63) as usize])
            } else {
                '='
            });
        }
    }
    out
}

/// Explains a message that is sent.
pub(crate) fn explain_sent(case: &Case, sent: &Sent) -> Explanation {
    let pairs = sent
        .headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()));
    let message = Message::from_pairs(pairs, &sent.body).expect("a signature");
    explain(&case.credentials(), &message).expect("memory")
}

/// The codes of an explanation.
pub(crate) fn codes(explanation: &Explanation) -> Vec<&'static str> {
    explanation
        .causes()
        .iter()
        .map(|cause| cause.code())
        .collect()
}
