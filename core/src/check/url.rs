//! What a callback URL, or the base URL of the testing, may be.

use core::fmt;

use iri_string::types::UriStr;

use crate::check::chars::Shown;

/// Reports the first thing that keeps `url` from being an absolute `http` or `https` URL.
pub(crate) fn check(url: &str) -> Result<(), UrlError> {
    let uri = UriStr::new(url).map_err(|_| diagnose(url))?;
    let scheme = uri.scheme_str();
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        // `example.com:8080/x` and `localhost:80` parse as a URI whose scheme is the host's name.
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

/// Says why `url`, which is known to be no URI, is none.
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

/// Whether RFC 3986 lets `byte` stand anywhere in a URI.
const fn is_uri_byte(byte: u8) -> bool {
    matches!(
        byte,
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9'
            | b'-' | b'.' | b'_' | b'~' | b':' | b'/' | b'?' | b'#' | b'[' | b']' | b'@' | b'!'
            | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=' | b'%'
    )
}

/// Why a text is not an absolute `http` or `https` URL. It never holds the URL, which may carry a password or a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum UrlError {
    /// There is no text.
    Empty,
    /// It holds a character that no URL may hold as it is.
    Character {
        /// The place of the first such character, counted in characters from 1.
        position: usize,
        /// That character.
        found: char,
    },
    /// It does not begin with a scheme.
    NotAbsolute,
    /// Its scheme is neither `http` nor `https`.
    Scheme,
    /// It names no host.
    NoHost,
    /// Its port is no number from 0 to 65535.
    Port,
    /// It has a fragment (`#...`), which no HTTP request carries.
    Fragment,
    /// It is not written as RFC 3986 has it in some other way.
    Syntax,
}

impl UrlError {
    /// The stable code of this fault.
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
            Self::Empty => f.write_str("the URL is empty; give an absolute http or https URL"),
            Self::Character { position, found } => write!(
                f,
                "character {position} is {}, which a URL cannot hold as it is; percent-encode or remove it",
                Shown(found)
            ),
            Self::NotAbsolute => f.write_str("the URL is not absolute; begin with http:// or https://"),
            Self::Scheme => f.write_str("the URL is neither http nor https"),
            Self::NoHost => f.write_str("the URL names no host"),
            Self::Port => f.write_str("the URL's port is not a number from 0 to 65535"),
            Self::Fragment => f.write_str(
                "the URL has a fragment, which no HTTP request carries; remove '#' and what follows, or write '#' as %23",
            ),
            Self::Syntax => {
                f.write_str("the URL is malformed; look for stray brackets and incomplete %-escapes")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absolute_http_urls_pass() {
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
    fn each_fault_is_told_apart() {
        for (url, fault) in [
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
            assert_eq!(check(url), Err(fault), "{url}");
        }
    }
}
