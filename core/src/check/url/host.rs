//! Validation of a URL's host and port.
//!
//! RFC 3986 allows hosts that no machine can have. Names follow DNS here: labels of 1 to 63 bytes,
//! 253 bytes in all, and an empty label only after a final dot. Underscores are allowed, which
//! names in private networks have.

use core::net::{Ipv4Addr, Ipv6Addr};

use crate::check::chars;
use crate::check::url::error::UrlError;

/// The maximum length of a label, in bytes.
const MAX_LABEL_LEN: usize = 63;
/// The maximum length of a host without its final dot, in bytes.
const MAX_HOST_LEN: usize = 253;

/// The part of a URL between `://` and the path, and what follows it.
pub(crate) struct Authority<'u> {
    /// The host and port as they are written.
    host_and_port: &'u str,
    /// The host, with the brackets of an IPv6 address.
    host: &'u str,
    /// The number of characters before the host.
    before: usize,
    port: Option<&'u str>,
    /// The path, without query and fragment.
    pub(crate) path: &'u str,
}

impl<'u> Authority<'u> {
    /// Splits a URL, which may be malformed. `None` if its first colon is not that of a `://`: a
    /// later `://` is in the path or the query, as in `https:/x://y/`.
    pub(crate) fn of(url: &'u str) -> Option<Self> {
        let (_, after_colon) = url.split_once(':')?;
        let after_scheme = after_colon.strip_prefix("//")?;
        let (authority, rest) = split_authority(after_scheme);
        let host_and_port = without_user(authority);
        let (host, port) = split_port(host_and_port);
        let before = url.len() - rest.len() - host_and_port.len();
        Some(Self {
            host_and_port,
            host,
            before: url[..before].chars().count(),
            port,
            path: rest.split(['?', '#']).next().unwrap_or(rest),
        })
    }

    /// The first error of the host and the port.
    pub(crate) fn check(&self) -> Result<(), UrlError> {
        let is_ipv6 = |string: &str| string.parse::<Ipv6Addr>().is_ok();
        if let Some(address) = self.host.strip_prefix('[') {
            let address = address.strip_suffix(']');
            if !address.is_some_and(is_ipv6) {
                return Err(UrlError::Ipv6);
            }
        } else if is_ipv6(self.host_and_port) {
            return Err(UrlError::Ipv6);
        } else {
            self.check_name()?;
        }
        match self.port.map(str::parse) {
            None | Some(Ok(1..=u16::MAX)) => Ok(()),
            Some(_) => Err(UrlError::Port),
        }
    }

    fn check_name(&self) -> Result<(), UrlError> {
        if let Some(error) = self.character_error() {
            return Err(error);
        }
        if self.host.is_empty() {
            return Err(UrlError::NoHost);
        }
        // `https://https://example.com`: a host, a port without digits and a path.
        let name = without_dot(self.host);
        let is_scheme = ["http", "https"]
            .iter()
            .any(|scheme| name.eq_ignore_ascii_case(scheme));
        if is_scheme || self.port == Some("") && self.path.starts_with("//") {
            return Err(UrlError::SchemeAsHost);
        }
        for label in name.split('.') {
            match label.len() {
                0 => return Err(UrlError::EmptyLabel),
                _ if label.starts_with('-') || label.ends_with('-') => {
                    return Err(UrlError::LabelHyphen);
                }
                1..=MAX_LABEL_LEN => {}
                len => return Err(UrlError::LabelTooLong { len }),
            }
        }
        if name.len() > MAX_HOST_LEN {
            return Err(UrlError::HostTooLong { len: name.len() });
        }
        let last = name.rsplit('.').next().unwrap_or(name);
        if is_number(last) && name.parse::<Ipv4Addr>().is_err() {
            return Err(UrlError::Ipv4);
        }
        Ok(())
    }

    /// The error of the first character that no host has.
    fn character_error(&self) -> Option<UrlError> {
        let is_wrong = |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '.' | '_');
        let (position, found) = (self.before + 1..)
            .zip(self.host.chars())
            .find(|&(_, c)| is_wrong(c))?;
        Some(
            if found.is_ascii() || chars::is_whitespace_or_invisible(found) {
                UrlError::HostCharacter { position, found }
            } else {
                UrlError::HostNotAscii { position, found }
            },
        )
    }

    /// Whether the character at this position belongs to the host.
    pub(crate) fn host_contains(&self, position: usize) -> bool {
        position > self.before && position <= self.before + self.host.chars().count()
    }

    /// Whether the path contains a URL with this same host and port, so that two were joined.
    ///
    /// The time is linear: what is read of a URL in the path ends before the next one.
    pub(crate) fn is_joined(&self) -> bool {
        self.path.match_indices("://").any(|(at, separator)| {
            let (before, after) = (&self.path[..at], &self.path[at + separator.len()..]);
            let ends_with = |scheme: &str| {
                let start = before.len().checked_sub(scheme.len());
                start
                    .and_then(|start| before.get(start..))
                    .is_some_and(|s| s.eq_ignore_ascii_case(scheme))
            };
            let (authority, _) = split_authority(after);
            let (host, port) = split_port(without_user(authority));
            (ends_with("http") || ends_with("https"))
                && without_dot(host).eq_ignore_ascii_case(without_dot(self.host))
                && without_default(port) == without_default(self.port)
        })
    }
}

/// Splits what follows `://` before the path.
fn split_authority(after_scheme: &str) -> (&str, &str) {
    let end = after_scheme.find(['/', '?', '#', '\\']);
    after_scheme.split_at(end.unwrap_or(after_scheme.len()))
}

fn without_user(authority: &str) -> &str {
    authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host)
}

/// Splits a host, which may be in brackets, and its port.
fn split_port(host_and_port: &str) -> (&str, Option<&str>) {
    let host_len = match host_and_port.find(']') {
        Some(end) if host_and_port.starts_with('[') => end + 1,
        _ => host_and_port.find(':').unwrap_or(host_and_port.len()),
    };
    let (host, after_host) = host_and_port.split_at(host_len);
    (host, after_host.strip_prefix(':'))
}

/// A host without the final dot that DNS allows.
fn without_dot(host: &str) -> &str {
    host.strip_suffix('.').unwrap_or(host)
}

/// A port, unless it is the one of http or https.
fn without_default(port: Option<&str>) -> Option<u16> {
    let port = port.and_then(|port| port.parse().ok());
    port.filter(|port| !matches!(port, 80 | 443))
}

/// Whether a host that ends in this label can only be an IPv4 address, as the URL Standard has it:
/// digits, or hex digits after `0x`.
fn is_number(label: &str) -> bool {
    let hex = label
        .strip_prefix("0x")
        .or_else(|| label.strip_prefix("0X"));
    chars::is_ascii_digits(label.as_bytes())
        || hex.is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()))
}
