//! What a program sends and signs. It shares no code with the search.

use callbot_core::Algorithm;

use crate::document::{Doc, Habits};
use crate::signer::{Sent, base64, digest, url_encoded};

/// The body that is signed, or the one that is sent.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Side {
    Signed,
    Sent,
}

/// A change of the serialised body.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Whole {
    FinalNewline,
    Crlf,
    Quoted,
    Latin1,
    /// With the bytes that are kept, and what a space becomes.
    UrlEncoded(&'static str, &'static str),
    ByteOrderMark,
    Empty,
}

impl Whole {
    fn apply(self, body: Vec<u8>) -> Vec<u8> {
        // What is no UTF-8 any more is changed as bytes.
        let each = |f: &dyn Fn(u8) -> Vec<u8>| body.iter().flat_map(|&byte| f(byte)).collect();
        match self {
            Self::FinalNewline => [body.as_slice(), b"\n"].concat(),
            Self::Crlf => each(&|byte| match byte {
                b'\n' => b"\r\n".to_vec(),
                byte => vec![byte],
            }),
            Self::Quoted => {
                let inside: Vec<_> = each(&|byte| match byte {
                    b'\n' => b"\\n".to_vec(),
                    b'\r' => b"\\r".to_vec(),
                    b'\t' => b"\\t".to_vec(),
                    b'"' | b'\\' => vec![b'\\', byte],
                    byte => vec![byte],
                });
                [b"\"".as_slice(), &inside, b"\""].concat()
            }
            Self::Latin1 => match std::str::from_utf8(&body) {
                Ok(text) => {
                    let latin1 = |c: char| u8::try_from(u32::from(c)).unwrap_or(b'?');
                    text.chars().map(latin1).collect()
                }
                Err(_) => body,
            },
            Self::UrlEncoded(kept, space) => {
                let encoded = url_encoded(&body, kept);
                let text = String::from_utf8(encoded).expect("ASCII");
                text.replace("%20", space).into_bytes()
            }
            Self::ByteOrderMark => ["\u{feff}".as_bytes(), &body].concat(),
            Self::Empty => body,
        }
    }
}

/// Which sixteen digits of the signature are left.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cut {
    Start,
    Middle,
    End,
}

/// How the key is at the end of the string.
#[derive(Debug, Clone, Copy)]
pub(crate) enum End {
    No,
    /// After this label, and not at the start.
    Only(&'static str),
    /// After this label, and at the start.
    Too(&'static str),
}

#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) signed: String,
    pub(crate) left_out: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) key: String,
    pub(crate) uuid: String,
}

/// What is sent and signed.
#[derive(Debug, Clone)]
pub(crate) struct Recipe {
    pub(crate) account: Account,
    pub(crate) algorithm: Algorithm,
    /// With or without the key in the string.
    pub(crate) hmac: Option<bool>,
    pub(crate) lower: bool,
    pub(crate) base64: bool,
    pub(crate) cut: Option<Cut>,
    pub(crate) key: String,
    pub(crate) end: End,
    habits: [Habits; 2],
    whole: [Vec<Whole>; 2],
    /// Whether both bodies are indented if none is.
    pub(crate) has_lines: bool,
    /// The body (unused), createTs, requestID and uuid as they are signed.
    pub(crate) parts: [Part; 4],
    /// The same as they are sent. An empty one is not sent.
    pub(crate) headers: [String; 4],
    pub(crate) order: [usize; 4],
    pub(crate) names: [&'static str; 4],
    pub(crate) ampersands: [bool; 4],
    /// With a time in milliseconds or in seconds.
    pub(crate) other_scheme: Option<bool>,
}

impl Recipe {
    pub(crate) fn new(algorithm: Algorithm) -> Self {
        let account = Account {
            key: "u7Mf3zUN".into(),
            uuid: "Vh71ym3y".into(),
        };
        let values = [
            "",
            "1726200000",
            "5cfca4cfbb842cdb5cfca4cfbb842cdb",
            &account.uuid,
        ]
        .map(String::from);
        Self {
            algorithm,
            hmac: None,
            lower: false,
            base64: false,
            cut: None,
            key: account.key.clone(),
            end: End::No,
            habits: [Habits::default(); 2],
            whole: [Vec::new(), Vec::new()],
            has_lines: false,
            parts: values.clone().map(|signed| Part {
                signed,
                left_out: false,
            }),
            headers: values,
            order: [0, 1, 2, 3],
            names: ["body", "createTs", "requestID", "uuid"],
            ampersands: [true; 4],
            other_scheme: None,
            account,
        }
    }

    pub(crate) fn habits(&mut self, side: Side) -> &mut Habits {
        &mut self.habits[side as usize]
    }

    pub(crate) fn whole(&mut self, side: Side) -> &mut Vec<Whole> {
        &mut self.whole[side as usize]
    }

    fn body(&self, document: &Doc, side: Side) -> Vec<u8> {
        let mut habits = self.habits[side as usize];
        if self.has_lines && self.habits.iter().all(|habits| habits.indent.is_none()) {
            habits.indent = Some("  ");
        }
        let is_empty = |whole: &Whole| matches!(whole, Whole::Empty);
        if self.whole[side as usize].iter().any(is_empty) {
            return Vec::new();
        }
        let body = document.write(habits).into_bytes();
        let whole = self.whole[side as usize].iter();
        whole.fold(body, |body, whole| whole.apply(body))
    }

    pub(crate) fn remove_crlf(&mut self) {
        for whole in &mut self.whole {
            whole.retain(|whole| !matches!(whole, Whole::Crlf));
        }
    }

    /// Whether only the body that is sent has lines.
    pub(crate) fn signs_one_line(&self) -> bool {
        !self.has_lines_on(Side::Signed)
    }

    fn has_lines_on(&self, side: Side) -> bool {
        let is_indented = |habits: &Habits| habits.indent.is_some();
        is_indented(&self.habits[side as usize])
            || (self.has_lines && !self.habits.iter().any(is_indented))
    }

    pub(crate) fn time_is_before_body(&self) -> bool {
        let place = |part| self.order.iter().position(|one| *one == part);
        place(1) < place(0)
    }

    /// The message with its signature.
    pub(crate) fn sign(&self, document: &Doc) -> Sent {
        let signed = self.body(document, Side::Signed);
        let string = match self.other_scheme {
            Some(has_milliseconds) => self.string_of_other_scheme(has_milliseconds, &signed),
            None => self.string(&signed),
        };
        let hmac_key = self.hmac.map(|_| self.key.as_bytes());
        let digest = match self.algorithm {
            Algorithm::Md5 => digest::<md5::Md5>(&string, hmac_key),
            Algorithm::Sha256 => digest::<sha2::Sha256>(&string, hmac_key),
        };
        let [_, create_ts, request_id, uuid] = self.headers.clone();
        let mut headers = vec![
            ("requestID", request_id),
            ("uuid", uuid),
            ("createTs", create_ts),
            ("sign", self.written(&digest)),
        ];
        headers.retain(|(_, value)| !value.is_empty());
        if self.other_scheme.is_some() {
            headers.push(("action", "send".into()));
            headers.push(("bizType", "8".into()));
        }
        Sent {
            headers,
            body: self.body(document, Side::Sent),
        }
    }

    fn string(&self, body: &[u8]) -> Vec<u8> {
        let mut string = Vec::new();
        if self.hmac != Some(false) && !matches!(self.end, End::Only(_)) {
            string.extend_from_slice(self.key.as_bytes());
        }
        for (part, has_ampersand) in self.order.into_iter().zip(self.ampersands) {
            let Part { signed, left_out } = &self.parts[part];
            if *left_out {
                continue;
            }
            if has_ampersand {
                string.push(b'&');
            }
            if !self.names[part].is_empty() {
                string.extend_from_slice(self.names[part].as_bytes());
                string.push(b'=');
            }
            string.extend_from_slice(if part == 0 { body } else { signed.as_bytes() });
        }
        if let End::Only(label) | End::Too(label) = self.end {
            string.extend_from_slice(label.as_bytes());
            string.extend_from_slice(self.key.as_bytes());
        }
        string
    }

    fn string_of_other_scheme(&self, has_milliseconds: bool, body: &[u8]) -> Vec<u8> {
        let [body_part, create_ts, _, uuid] = &self.parts;
        let has_milliseconds = has_milliseconds && !create_ts.signed.is_empty();
        let milliseconds = if has_milliseconds { "000" } else { "" };
        let time = format!("{}{milliseconds}", create_ts.signed);
        let members = [
            ("accessKey", uuid.left_out, uuid.signed.as_bytes()),
            ("action", false, b"send"),
            ("bizType", false, b"8"),
            ("ts", create_ts.left_out, time.as_bytes()),
            ("body", body_part.left_out, body),
            ("accessSecret", false, self.key.as_bytes()),
        ];
        let members = members.iter().filter(|(_, left_out, _)| !left_out);
        let members = members.map(|(name, _, value)| [name.as_bytes(), b"=", value].concat());
        members.collect::<Vec<_>>().join(&b'&')
    }

    fn written(&self, digest: &[u8]) -> String {
        let digits = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let digit = |digit: u8| char::from_digit(u32::from(digit), 16).expect("a digit");
        let digits: Vec<_> = digits.collect();
        let all = digits.len();
        let digits = match self.cut {
            None => &digits[..],
            Some(Cut::Start) => &digits[..16],
            Some(Cut::Middle) => &digits[all / 2 - 8..all / 2 + 8],
            Some(Cut::End) => &digits[all - 16..],
        };
        let mut hex: String = digits.iter().map(|&value| digit(value)).collect();
        if !self.lower && self.other_scheme.is_none() {
            hex.make_ascii_uppercase();
        }
        match self.base64 {
            true if self.lower => base64(hex.as_bytes()),
            true => {
                let bytes = digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]);
                base64(&bytes.collect::<Vec<_>>())
            }
            false => hex,
        }
    }
}
