//! A candidate for the string that was signed: which pieces, in which order.

use crate::diagnose::message::AgentHeaders;

/// The parts of the signed string after the secret key, in the rule's order.
pub(super) const BODY: usize = 0;
pub(super) const CREATE_TS: usize = 1;
pub(super) const REQUEST_ID: usize = 2;
pub(super) const UUID: usize = 3;

/// What a piece is. Two pieces with the same ID have the same bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Id {
    Label(&'static str),
    Key(usize),
    /// A part, and which of its variants.
    Part(usize, usize),
    /// A variant of the body, counted over the whole search.
    Body(usize),
    /// The createTs that [`find_create_ts`](super::work::Work::find_create_ts) fills in.
    AnyCreateTs,
    /// A value of the vendor's other scheme, which is the same in all plans that have it.
    Other(usize),
}

impl Id {
    pub(super) const fn is_body(self) -> bool {
        matches!(self, Self::Part(BODY, _) | Self::Body(_))
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Piece<'a> {
    pub(super) id: Id,
    pub(super) bytes: &'a [u8],
}

impl Piece<'static> {
    pub(super) const fn label(label: &'static str) -> Self {
        Self {
            id: Id::Label(label),
            bytes: label.as_bytes(),
        }
    }
}

/// The most pieces of a string: six members with name and value in the vendor's other scheme.
const MAX_PIECES: usize = 24;

/// The pieces of a string. They are not on the heap: a search has a million strings.
pub(super) struct Pieces<'a> {
    list: [Piece<'a>; MAX_PIECES],
    count: usize,
}

impl<'a> Pieces<'a> {
    const NONE: Self = Self {
        list: [Piece::label(""); MAX_PIECES],
        count: 0,
    };

    fn push(&mut self, piece: Piece<'a>) {
        self.list[self.count] = piece;
        self.count += 1;
    }

    fn push_name(&mut self, name: &'static str) {
        if !name.is_empty() {
            self.push(Piece::label(name));
            self.push(Piece::label("="));
        }
    }

    pub(super) fn as_slice(&self) -> &[Piece<'a>] {
        &self.list[..self.count]
    }
}

/// How the key enters the hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hmac {
    /// As a part of the string.
    No,
    /// As the key of an HMAC, and as a part of the string too.
    WithKey,
    /// As the key of an HMAC only.
    WithoutKey,
}

/// Where the key is in the string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyPlace {
    Start,
    /// After all parts and this label.
    End(&'static str),
    /// At the start, and again as at the end.
    Both(&'static str),
}

/// The names of the key and of the parts. An empty name has no equals sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Names {
    pub(super) key: &'static str,
    pub(super) parts: [&'static str; 4],
}

impl Names {
    pub(super) const RULE: Self = Self {
        key: "",
        parts: ["body", "createTs", "requestID", "uuid"],
    };
}

/// The values of the vendor's AI Agent scheme. What is `None` is left out.
#[derive(Debug, Clone, Copy)]
pub(super) struct OtherScheme<'a> {
    pub(super) action: Option<&'a [u8]>,
    pub(super) biz_type: Option<&'a [u8]>,
}

impl<'a> OtherScheme<'a> {
    pub(super) const fn of_headers(headers: AgentHeaders<'a>) -> Self {
        Self {
            action: headers.action,
            biz_type: headers.biz_type,
        }
    }
}

/// A candidate for the signed string.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan<'a> {
    pub(super) hmac: Hmac,
    pub(super) key: Piece<'a>,
    /// `None` where a part is left out with its name.
    pub(super) parts: [Option<Piece<'a>>; 4],
    pub(super) order: [usize; 4],
    pub(super) names: Names,
    /// Whether the ampersand is there, for each place of the order.
    pub(super) ampersands: [bool; 4],
    pub(super) key_place: KeyPlace,
    pub(super) other_scheme: Option<OtherScheme<'a>>,
}

impl<'a> Plan<'a> {
    /// The plan of the signing rule.
    pub(super) const fn new(key: &'a [u8], parts: [&'a [u8]; 4]) -> Self {
        const fn part(part: usize, bytes: &[u8]) -> Piece<'_> {
            let id = Id::Part(part, 0);
            Piece { id, bytes }
        }
        Self {
            hmac: Hmac::No,
            key: Piece {
                id: Id::Key(0),
                bytes: key,
            },
            parts: [
                Some(part(BODY, parts[BODY])),
                Some(part(CREATE_TS, parts[CREATE_TS])),
                Some(part(REQUEST_ID, parts[REQUEST_ID])),
                Some(part(UUID, parts[UUID])),
            ],
            order: [BODY, CREATE_TS, REQUEST_ID, UUID],
            names: Names::RULE,
            ampersands: [true; 4],
            key_place: KeyPlace::Start,
            other_scheme: None,
        }
    }

    /// The pieces of the string. Only this function knows how they are joined.
    pub(super) fn pieces(&self) -> Pieces<'a> {
        if let Some(scheme) = self.other_scheme {
            return self.pieces_of_other_scheme(scheme);
        }
        let mut pieces = Pieces::NONE;
        if self.hmac != Hmac::WithoutKey && !matches!(self.key_place, KeyPlace::End(_)) {
            pieces.push_name(self.names.key);
            pieces.push(self.key);
        }
        for (part, has_ampersand) in self.order.into_iter().zip(self.ampersands) {
            let Some(value) = self.parts[part] else {
                continue;
            };
            if has_ampersand {
                pieces.push(Piece::label("&"));
            }
            pieces.push_name(self.names.parts[part]);
            pieces.push(value);
        }
        if let KeyPlace::End(label) | KeyPlace::Both(label) = self.key_place {
            pieces.push(Piece::label(label));
            pieces.push(self.key);
        }
        pieces
    }

    /// `accessKey=..&action=..&bizType=..&ts=..&body=..&accessSecret=..`
    fn pieces_of_other_scheme(&self, scheme: OtherScheme<'a>) -> Pieces<'a> {
        let other = |place, bytes: Option<&'a [u8]>| {
            bytes.map(|bytes| Piece {
                id: Id::Other(place),
                bytes,
            })
        };
        let members = [
            ("accessKey", self.parts[UUID]),
            ("action", other(0, scheme.action)),
            ("bizType", other(1, scheme.biz_type)),
            ("ts", self.parts[CREATE_TS]),
            ("body", self.parts[BODY]),
            ("accessSecret", Some(self.key)),
        ];
        let mut pieces = Pieces::NONE;
        for (name, value) in members {
            let Some(value) = value else {
                continue;
            };
            if pieces.count > 0 {
                pieces.push(Piece::label("&"));
            }
            pieces.push_name(name);
            pieces.push(value);
        }
        pieces
    }
}
