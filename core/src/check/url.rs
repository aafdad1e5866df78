//! Validation of callback URLs and of the provider's base URL.

use alloc::string::String;
use core::fmt;

use iri_string::types::UriStr;

use crate::check::chars::Quoted;

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
    let authority = uri.authority_components().ok_or(UrlError::NoHost)?;
    if authority.host().is_empty() {
        return Err(UrlError::NoHost);
    }
    let port = authority.port().unwrap_or("");
    if !port.is_empty() && port.parse::<u16>().is_err() {
        return Err(UrlError::Port);
    }
    if uri.fragment().is_some() {
        return Err(UrlError::Fragment);
    }
    Ok(())
}

/// Appends the path of a request to a base URL, which may have a path of its own.
///
/// It is for a path that was stored; see [`SignedRequest::url`](crate::SignedRequest::url).
///
/// # Errors
///
/// [`BaseUrlError`] unless `base` is an absolute http or https URL without query and fragment.
///
/// ```
/// let url = callbot_core::join_url("https://example.com/proxy/", "/callcentre/api/v3/ping")?;
/// assert_eq!(url, "https://example.com/proxy/callcentre/api/v3/ping");
/// # Ok::<(), callbot_core::Error>(())
/// ```
pub fn join(base: &str, path: &str) -> Result<String, BaseUrlError> {
    check(base)?;
    if base.contains('?') {
        return Err(BaseUrlError::Query);
    }
    Ok([base.trim_end_matches('/'), path].concat())
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
    if let Some((position, found)) = (1..).zip(url.chars()).find(is_wrong) {
        return UrlError::Character { position, found };
    }
    if url.contains("://") {
        UrlError::Syntax
    } else {
        UrlError::NotAbsolute
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
}

impl PathError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoSlash => "path_no_slash",
            Self::Slashes => "path_slashes",
            Self::Character { .. } => "path_character",
        }
    }
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
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
    /// The port is not a number from 0 to 65535.
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
            Self::Port => f.write_str("the URL's port must be a number from 0 to 65535"),
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
}

impl BaseUrlError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Url(error) => error.code(),
            Self::Query => "base_url_query",
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
        }
    }
}

impl core::error::Error for BaseUrlError {}

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
            "http://localhost:/x",
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
            (
                "https://例.com/",
                UrlError::Character {
                    position: 9,
                    found: '例',
                },
            ),
            ("example.com/x", UrlError::NotAbsolute),
            ("example.com:80/x", UrlError::NotAbsolute),
            ("/x", UrlError::NotAbsolute),
            ("//example.com/x", UrlError::NotAbsolute),
            ("ftp://example.com/x", UrlError::Scheme),
            ("http:/x", UrlError::NoHost),
            ("http:///x", UrlError::NoHost),
            ("http://:80/x", UrlError::NoHost),
            ("http://example.com:65536/", UrlError::Port),
            ("https://example.com/x#y", UrlError::Fragment),
            ("https://example.com/%zz", UrlError::Syntax),
            ("https://exa[mple.com/", UrlError::Syntax),
        ] {
            assert_eq!(check(url), Err(error), "{url}");
        }
    }
}
