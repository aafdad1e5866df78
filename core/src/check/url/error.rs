//! The errors of URLs.

use core::fmt;

use crate::check::chars::Quoted;

/// A string that is not an absolute `http` or `https` URL.
///
/// The error never holds the URL, which may contain a password or a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum UrlError {
    /// The URL is empty.
    Empty,
    /// The URL has a character that must be percent-encoded.
    Character {
        /// The position of the first such character, counted in characters from 1.
        position: usize,
        /// That character.
        found: char,
    },
    /// The URL does not start with a scheme.
    NotAbsolute,
    /// The scheme is neither `http` nor `https`.
    Scheme,
    /// The URL has no host.
    NoHost,
    /// A character in the host that no host has, such as `%`.
    HostCharacter {
        /// The position of the first such character, counted in characters from 1.
        position: usize,
        /// That character.
        found: char,
    },
    /// The host has a character outside of ASCII.
    HostNotAscii {
        /// The position of the first such character, counted in characters from 1.
        position: usize,
        /// That character.
        found: char,
    },
    /// The host is a scheme, as in `https://https://example.com`.
    SchemeAsHost,
    /// The path contains a URL with the same host, as in `https://a.example/https://a.example/`.
    Joined,
    /// The host has an empty label: a dot at its start, or two dots in a row.
    EmptyLabel,
    /// A label of the host begins or ends with a hyphen, as that of `https://xn--/` does.
    LabelHyphen,
    /// The host has a label of more than 63 bytes.
    LabelTooLong {
        /// Its length in bytes.
        len: usize,
    },
    /// The host has more than 253 bytes.
    HostTooLong {
        /// Its length in bytes.
        len: usize,
    },
    /// The host ends in a number, but is not an IPv4 address.
    Ipv4,
    /// The brackets do not contain an IPv6 address, or one has no brackets.
    Ipv6,
    /// The port is not a number from 1 to 65535.
    Port,
    /// The URL has a fragment (`#...`), which HTTP requests do not carry.
    Fragment,
    /// The URL violates RFC 3986 in another way.
    Syntax,
}

impl UrlError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "url_empty",
            Self::Character { .. } => "url_character",
            Self::NotAbsolute => "url_not_absolute",
            Self::Scheme => "url_scheme",
            Self::NoHost => "url_no_host",
            Self::HostCharacter { .. } => "url_host_character",
            Self::HostNotAscii { .. } => "url_host_not_ascii",
            Self::SchemeAsHost => "url_scheme_as_host",
            Self::Joined => "url_joined",
            Self::EmptyLabel => "url_empty_label",
            Self::LabelHyphen => "url_label_hyphen",
            Self::LabelTooLong { .. } => "url_label_too_long",
            Self::HostTooLong { .. } => "url_host_too_long",
            Self::Ipv4 => "url_ipv4",
            Self::Ipv6 => "url_ipv6",
            Self::Port => "url_port",
            Self::Fragment => "url_fragment",
            Self::Syntax => "url_syntax",
        }
    }
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Empty => f.write_str("the URL is empty; use an absolute http or https URL"),
            Self::Character { position, found } => write!(
                f,
                "character {position} of the URL is {}; percent-encode or remove it",
                Quoted(found)
            ),
            Self::NotAbsolute => {
                f.write_str("the URL is not absolute; start with http:// or https://")
            }
            Self::Scheme => f.write_str("the URL's scheme must be http or https"),
            Self::NoHost => f.write_str("the URL has no host; add it after the scheme"),
            Self::HostCharacter {
                position,
                found: '%',
            } => write!(
                f,
                "character {position} of the URL is '%', but a host is not percent-encoded; \
                 write it as it is, and a name outside of ASCII in Punycode (xn--...)"
            ),
            Self::HostCharacter { position, found } => write!(
                f,
                "character {position} of the URL is {}, which no host has; \
                 remove it, or add the '/' that ends the host",
                Quoted(found)
            ),
            Self::HostNotAscii { position, found } => write!(
                f,
                "character {position} of the URL is {}, in its host; \
                 write the host in Punycode, as in xn--bcher-kva.example",
                Quoted(found)
            ),
            Self::SchemeAsHost => f.write_str(
                "the URL has a second scheme where its host ends; \
                 write the scheme once, and one URL",
            ),
            Self::Joined => f.write_str(
                "the URL's path contains a URL with the same host, so two were joined; keep one",
            ),
            Self::EmptyLabel => f.write_str(
                "the URL's host has an empty label; \
                 remove a dot at its start, or one of two dots in a row",
            ),
            Self::LabelHyphen => f.write_str(
                "the URL's host has a label that begins or ends with '-', as no host name may; \
                 look for what was cut off there",
            ),
            Self::LabelTooLong { len } => write!(
                f,
                "the URL's host has a label of {len} bytes; at most 63 are possible between dots"
            ),
            Self::HostTooLong { len } => write!(
                f,
                "the URL's host has {len} bytes; at most 253 are possible, so use a shorter name"
            ),
            Self::Ipv4 => f.write_str(
                "the URL's host ends in a number but is not an IPv4 address; \
                 write four numbers from 0 to 255, without leading zeros",
            ),
            Self::Ipv6 => f.write_str(
                "the URL's host is not an IPv6 address in brackets; write it as in [2001:db8::1]",
            ),
            Self::Port => f.write_str(
                "the URL's port must be a number from 1 to 65535; correct it, or remove the ':'",
            ),
            Self::Fragment => f.write_str(
                "the URL has a fragment, which HTTP requests do not carry; \
                 remove '#' and everything after it, or write '#' as %23",
            ),
            Self::Syntax => f.write_str(
                "the URL is malformed; check for stray brackets and incomplete %-escapes",
            ),
        }
    }
}

impl core::error::Error for UrlError {}
