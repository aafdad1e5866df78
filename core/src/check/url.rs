//! Validation of callback URLs and of the provider's base URL.

pub(crate) mod error;
mod host;

use core::fmt;

use iri_string::types::UriStr;

use crate::check::chars::Quoted;
use crate::check::memory::NoMemoryError;
use crate::check::url::error::UrlError;
use crate::check::url::host::Authority;

/// Validates an absolute `http` or `https` URL, and returns the first error.
pub(crate) fn check(url: &str) -> Result<(), UrlError> {
    let uri = UriStr::new(url).map_err(|_| diagnose(url))?;
    let scheme = uri.scheme_str();
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        // `example.com:8080/x` and `localhost:80` parse as a URI whose scheme is the host name.
        return Err(if url.contains("://") {
            UrlError::Scheme
        } else {
            UrlError::NotAbsolute
        });
    }
    let authority = Authority::of(url).ok_or(UrlError::NoHost)?;
    authority.check()?;
    if authority.is_joined() {
        return Err(UrlError::Joined);
    }
    if uri.fragment().is_some() {
        return Err(UrlError::Fragment);
    }
    Ok(())
}

/// The path of a URL, without query and fragment.
pub(crate) fn path_of(url: &str) -> &str {
    Authority::of(url).map_or("", |authority| authority.path)
}

/// Validates the path of a request, which may have a query.
pub(crate) fn check_path(path: &str) -> Result<(), PathError> {
    let is_invalid = |&(_, c): &(usize, char)| !c.is_ascii_graphic() || c == '#';
    if let Some((position, found)) = (1..).zip(path.chars()).find(is_invalid) {
        return Err(PathError::Character { position, found });
    }
    // Two slashes, or one and a backslash, begin a host.
    match path.as_bytes() {
        [b'/', b'/' | b'\\', ..] => Err(PathError::Slashes),
        [b'/', ..] => Ok(()),
        _ => Err(PathError::NoSlash),
    }
}

/// Says why `url` is not a URI, which is known.
#[cold]
fn diagnose(url: &str) -> UrlError {
    if url.is_empty() {
        return UrlError::Empty;
    }
    let is_wrong = |&(_, c): &(usize, char)| !u8::try_from(c).is_ok_and(is_uri_byte);
    let authority = Authority::of(url);
    if let Some((position, found)) = (1..).zip(url.chars()).find(is_wrong) {
        let is_in_host = (authority.as_ref()).is_some_and(|a| a.host_contains(position));
        let of_host = authority
            .filter(|_| is_in_host)
            .and_then(|a| a.check().err());
        return of_host.unwrap_or(UrlError::Character { position, found });
    }
    match authority.map(|authority| authority.check()) {
        Some(Ok(())) => UrlError::Syntax,
        Some(Err(error)) => error,
        None => UrlError::NotAbsolute,
    }
}

/// Whether RFC 3986 allows `byte` anywhere in a URI.
const fn is_uri_byte(byte: u8) -> bool {
    matches!(
        byte,
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9'
            | b'-' | b'.' | b'_' | b'~' | b':' | b'/' | b'?' | b'#' | b'[' | b']' | b'@' | b'!'
            | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=' | b'%'
    )
}

/// Why a base URL and a path cannot be joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum JoinUrlError {
    /// The base URL is invalid.
    Base(BaseUrlError),
    /// The path is invalid.
    Path(PathError),
}

impl JoinUrlError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Base(error) => error.code(),
            Self::Path(error) => error.code(),
        }
    }
}

impl fmt::Display for JoinUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Base(error) => error.fmt(f),
            Self::Path(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for JoinUrlError {}

/// Why a string cannot be the path of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathError {
    /// It does not begin with `/`.
    NoSlash,
    /// It begins with two slashes, or a slash and a backslash, which would name a host.
    Slashes,
    /// A character is not visible ASCII, or is `#`.
    Character {
        /// The position of the first such character, counted in characters from 1.
        position: usize,
        /// The character.
        found: char,
    },
    /// An allocation failed.
    NoMemory,
}

impl PathError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoSlash => "path_no_slash",
            Self::Slashes => "path_slashes",
            Self::Character { .. } => "path_character",
            Self::NoMemory => NoMemoryError.code(),
        }
    }
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NoMemory => f.write_str(NoMemoryError::MESSAGE),
            Self::NoSlash => f.write_str("the path does not begin with '/'; give the path alone"),
            Self::Slashes => {
                f.write_str("the path begins with two slashes, which would name a host; use one")
            }
            Self::Character { position, found } => write!(
                f,
                "character {position} of the path is {}; percent-encode or remove it",
                Quoted(found)
            ),
        }
    }
}

impl core::error::Error for PathError {}

/// A string that is not a valid base URL.
///
/// The error never holds the URL, which may contain a password or a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BaseUrlError {
    /// The string is not an absolute `http` or `https` URL.
    Url(UrlError),
    /// The URL has a query (`?...`), so no path can be appended to it.
    Query,
    /// The URL already has the path of the request or of another endpoint, or ends with a part that
    /// all endpoints share, such as `/callcentre`.
    Path,
    /// An allocation failed.
    NoMemory,
}

impl BaseUrlError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Url(error) => error.code(),
            Self::Query => "base_url_query",
            Self::Path => "base_url_path",
            Self::NoMemory => NoMemoryError.code(),
        }
    }
}

impl fmt::Display for BaseUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(error) => write!(f, "base URL: {error}"),
            Self::Query => f.write_str(
                "the base URL has a query, so no path can be appended to it; \
                 remove '?' and everything after it",
            ),
            Self::Path => f.write_str(
                "the base URL already has the path of the request, or a part of it, which is \
                 appended to it; remove that path from the base URL",
            ),
            Self::NoMemory => f.write_str(NoMemoryError::MESSAGE),
        }
    }
}

impl core::error::Error for BaseUrlError {}

impl From<NoMemoryError> for BaseUrlError {
    fn from(_: NoMemoryError) -> Self {
        Self::NoMemory
    }
}

impl From<UrlError> for BaseUrlError {
    fn from(error: UrlError) -> Self {
        Self::Url(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absolute_http_urls_are_valid() {
        for url in [
            "http://example.com",
            "https://example.com/",
            "HTTPS://EXAMPLE.com:8443/a/b?c=d&e=%2F",
            "http://user:password@10.0.0.1:80/x",
            "http://[2001:db8::1]/x",
            "http://localhost:1/x",
            "https://localhost:65535/x",
            "https://user:8@[::ffff:10.0.0.1]:8080/x",
            "https://dial.example./cb",
            "https://my_service/cb",
            "https://xn--bcher-kva.example/cb",
            "https://255.255.255.255/cb",
            "https://10.0.0.1./cb",
            "https://1.2.3.example/cb",
            "https://0xab.example/cb",
            "https://http.example/cb",
            "https://https-proxy/cb",
            "https://dial.example/b%C3%BCcher",
            "https://b%C3%BCcher:%FC@dial.example/cb",
            "https://dial.example/cb?next=https://dial.example/cb",
            "https://proxy.example/https://dial.example/cb",
            "https://dial.example/https://dial.example.org/cb",
            "https://dial.example:8443/https://dial.example/cb",
            "https://dial.example/https://proxy@proxy.example/cb",
            "https://r3---sn-5hne.example/cb",
            "https://dial.example/xhttp://dial",
        ] {
            assert_eq!(check(url), Ok(()), "{url}");
        }
    }

    #[test]
    fn each_error_is_distinguished() {
        for (url, error) in [
            ("", UrlError::Empty),
            (
                "https://example.com/a b",
                UrlError::Character {
                    position: 22,
                    found: ' ',
                },
            ),
            (
                "https://example.com/\n",
                UrlError::Character {
                    position: 21,
                    found: '\n',
                },
            ),
            ("example.com/x", UrlError::NotAbsolute),
            ("example.com:80/x", UrlError::NotAbsolute),
            ("/x", UrlError::NotAbsolute),
            ("//example.com/x", UrlError::NotAbsolute),
            ("ftp://example.com/x", UrlError::Scheme),
            ("http:/x", UrlError::NoHost),
            ("http:///x", UrlError::NoHost),
            ("http:https://dial.example/x", UrlError::NoHost),
            ("https:dial://dial.example/x", UrlError::NoHost),
            ("https:/dial://dial.example/x", UrlError::NoHost),
            ("http:?://dial.example", UrlError::NoHost),
            ("http:#://dial.example", UrlError::NoHost),
            ("http:@dial.example/x", UrlError::NoHost),
            ("https:dial.example", UrlError::NoHost),
            ("http://:80/x", UrlError::NoHost),
            ("http://@/x", UrlError::NoHost),
            ("http://user@:80/x", UrlError::NoHost),
            ("http://example.com:65536/", UrlError::Port),
            ("http://example.com:0/", UrlError::Port),
            ("http://example.com:000/", UrlError::Port),
            ("http://example.com:/", UrlError::Port),
            ("http://example.com:", UrlError::Port),
            ("http://[::1]:/", UrlError::Port),
            ("http://example.com:port/", UrlError::Port),
            ("http://example.com:80:80/", UrlError::Port),
            ("https://dial..example/cb", UrlError::EmptyLabel),
            ("https://dial.example../cb", UrlError::EmptyLabel),
            ("https://.dial.example/cb", UrlError::EmptyLabel),
            ("https://./cb", UrlError::EmptyLabel),
            ("https://../cb", UrlError::EmptyLabel),
            ("https://https://dial.example/cb", UrlError::SchemeAsHost),
            ("https://HTTP://dial.example/cb", UrlError::SchemeAsHost),
            ("https://https//dial.example/cb", UrlError::SchemeAsHost),
            ("https://http:80/cb", UrlError::SchemeAsHost),
            ("https://wss://dial.example/cb", UrlError::SchemeAsHost),
            (
                "https://dial.examplehttps://dial.example/cb",
                UrlError::SchemeAsHost,
            ),
            ("https://256.0.0.1/cb", UrlError::Ipv4),
            ("https://10.0.0/cb", UrlError::Ipv4),
            ("https://10.0.0.0.1/cb", UrlError::Ipv4),
            ("https://10.0.0.01/cb", UrlError::Ipv4),
            ("https://2130706433/cb", UrlError::Ipv4),
            ("https://dial.5/cb", UrlError::Ipv4),
            ("https://dial.5./cb", UrlError::Ipv4),
            ("https://0x7f.1/cb", UrlError::Ipv4),
            ("https://10.0.0.0x1/cb", UrlError::Ipv4),
            ("https://[2001:db8:::1]/cb", UrlError::Ipv6),
            ("https://[1:2:3:4:5:6:7:8:9]/cb", UrlError::Ipv6),
            ("https://[::10000]/cb", UrlError::Ipv6),
            ("https://[::256.0.0.1]/cb", UrlError::Ipv6),
            ("https://[fe80::1%25eth0]/cb", UrlError::Ipv6),
            ("https://[v1.a]/cb", UrlError::Ipv6),
            ("https://[10.0.0.1]/cb", UrlError::Ipv6),
            ("https://[dial.example]/cb", UrlError::Ipv6),
            ("https://[]/cb", UrlError::Ipv6),
            ("https://[::1/cb", UrlError::Ipv6),
            ("https://2001:db8::1/cb", UrlError::Ipv6),
            ("https://example.com/x#y", UrlError::Fragment),
            ("https://example.com/%zz", UrlError::Syntax),
            ("https://dial.example/[a]", UrlError::Syntax),
            ("https://[::1]a/", UrlError::Syntax),
        ] {
            assert_eq!(check(url), Err(error), "{url}");
        }
    }

    #[test]
    fn two_urls_that_were_joined_are_told() {
        for url in [
            "https://dial.example/https://dial.example/cb",
            "https://dial.example/a/HTTP://DIAL.example",
            "https://u@dial.example:8080/http://dial.example:8080/",
            "https://dial.example:443/https://dial.example/cb",
            "https://dial.example/http://dial.example:80/cb",
            "https://dial.example./a//https://user@Dial.Example?x",
        ] {
            assert_eq!(check(url), Err(UrlError::Joined), "{url}");
        }
    }

    #[test]
    fn no_label_begins_or_ends_with_a_hyphen() {
        for url in [
            "https://xn--/cb",
            "https://-dial.example/cb",
            "https://dial-.example/cb",
            "https://a.-.example/cb",
            "https://dial.example-./cb",
        ] {
            assert_eq!(check(url), Err(UrlError::LabelHyphen), "{url}");
        }
    }

    #[test]
    fn a_character_of_the_host_is_told_from_one_of_the_rest() {
        for (url, position, found) in [
            ("https://dial example/cb", 13, ' '),
            ("https://dial.example\r\nx: y", 21, '\r'),
            ("https://{host}/cb", 9, '{'),
            ("https://dial*.example", 13, '*'),
            ("https://dial,example", 13, ','),
            ("https://exa[mple.com/", 12, '['),
            ("https://dial\u{200b}.example", 13, '\u{200b}'),
            ("https://dial\u{a0}.example", 13, '\u{a0}'),
            ("https://b%C3%BCcher.example/cb", 10, '%'),
            ("https://a:b@dial%2eexample", 17, '%'),
        ] {
            let error = UrlError::HostCharacter { position, found };
            assert_eq!(check(url), Err(error), "{url}");
        }
        for (url, position, found) in [
            ("https://例.com/", 9, '例'),
            ("https://bücher.example/cb", 10, 'ü'),
            ("https://dial。example/cb", 13, '。'),
            ("https://a:b@bücher.example:80?x", 14, 'ü'),
            ("https://bücher.example/bücher", 10, 'ü'),
        ] {
            let error = UrlError::HostNotAscii { position, found };
            assert_eq!(check(url), Err(error), "{url}");
        }
        for (url, position, found) in [
            ("https://dial.example/bücher", 23, 'ü'),
            ("https://dial.example?bücher", 23, 'ü'),
            ("https://ü@dial.example/", 9, 'ü'),
            ("https://dial.example\\cb", 21, '\\'),
            ("https:\\\\dial.example", 7, '\\'),
            ("bücher.example", 2, 'ü'),
        ] {
            let error = UrlError::Character { position, found };
            assert_eq!(check(url), Err(error), "{url}");
        }
    }

    #[test]
    fn labels_and_hosts_have_the_lengths_of_dns() {
        let label = |len| "a".repeat(len);
        let url = |host: &str| alloc::format!("https://{host}/cb");
        assert_eq!(check(&url(&label(63))), Ok(()));
        let error = Err(UrlError::LabelTooLong { len: 64 });
        assert_eq!(check(&url(&label(64))), error);
        assert_eq!(check(&url(&alloc::format!("{}.example", label(64)))), error);
        let of_253 = alloc::format!("{0}.{0}.{0}.{1}", label(63), label(61));
        assert_eq!(check(&url(&of_253)), Ok(()));
        assert_eq!(check(&url(&alloc::format!("{of_253}."))), Ok(()));
        let error = Err(UrlError::HostTooLong { len: 254 });
        assert_eq!(check(&url(&alloc::format!("{of_253}a"))), error);
    }
}
