//! Base URLs, to which the path of a request is appended.

use alloc::string::String;
use alloc::vec::Vec;

use crate::api::endpoint::{DIRECTORY, Endpoint};
use crate::check::memory::{self, NoMemoryError};
use crate::check::url::{self, BaseUrlError, JoinUrlError};

/// Appends a path that was stored to a base URL, which may have a path of its own.
///
/// For the path of a request see [`SignedRequest::url`](crate::SignedRequest::url).
///
/// # Errors
///
/// [`JoinUrlError::Path`] for a path that no request has, since it could change the host. Otherwise
/// [`JoinUrlError::Base`] unless `base` is an absolute http or https URL without query and
/// fragment, and without the path that is appended or the start that the API's own paths share.
///
/// ```
/// let url = callbot_core::join_url("https://example.com/proxy/", "/callcentre/api/v3/ping")?;
/// assert_eq!(url, "https://example.com/proxy/callcentre/api/v3/ping");
/// # Ok::<(), callbot_core::Error>(())
/// ```
pub fn join_stored(base: &str, path: &str) -> Result<String, JoinUrlError> {
    url::check_path(path).map_err(JoinUrlError::Path)?;
    join(base, path).map_err(JoinUrlError::Base)
}

/// Appends the path of a request to a base URL.
pub(crate) fn join(base: &str, path: &str) -> Result<String, BaseUrlError> {
    url::check(base)?;
    if base.contains('?') {
        return Err(BaseUrlError::Query);
    }
    if contains_path(base, path)? {
        return Err(BaseUrlError::Path);
    }
    Ok(memory::concat_strings(&[base.trim_end_matches('/'), path])?)
}

/// Whether a base URL has what is appended to it already: its path ends with the path of the
/// request. For a path of the API, it also may not contain the directory of all of them, or end
/// with the start of that directory or with the path of another endpoint.
///
/// Case and empty segments do not count. A gateway's own prefix may be anything else.
fn contains_path(base: &str, path: &str) -> Result<bool, NoMemoryError> {
    let base = segments(url::path_of(base))?;
    let path = segments(path.split('?').next().unwrap_or(path))?;
    let directory = segments(DIRECTORY)?;
    if !path.is_empty() && base.ends_with(&path) {
        return Ok(true);
    }
    let is_endpoint = |name: &Segment<'_>| {
        let names = Endpoint::ALL.iter().map(|endpoint| endpoint.name());
        { names }.any(|known| Segment(known) == *name)
    };
    // Without the directory's first segment, which a gateway may add.
    let ends_with_endpoint = || {
        let last = base.split_last();
        last.is_some_and(|(name, before)| before.ends_with(&directory[1..]) && is_endpoint(name))
    };
    Ok(path.starts_with(&directory)
        && (base.windows(directory.len()).any(|part| part == directory)
            || (1..directory.len()).any(|len| base.ends_with(&directory[..len]))
            || ends_with_endpoint()))
}

/// A segment of a path. Case does not count.
struct Segment<'p>(&'p str);

impl PartialEq for Segment<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(other.0)
    }
}

/// The segments of a path without the empty ones.
fn segments(path: &str) -> Result<Vec<Segment<'_>>, NoMemoryError> {
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    let mut list = Vec::new();
    list.try_reserve_exact(segments.clone().count())?;
    list.extend(segments.map(Segment));
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: &str = "/callcentre/api/v3/stopOrder";

    #[test]
    fn a_gateway_may_have_a_prefix_of_its_own() {
        for base in [
            "https://gw.example",
            "https://gw.example//",
            "https://gw.example/callbot",
            "https://gw.example/callcentre-proxy",
            "https://gw.example/callcentre/eu",
            "https://gw.example/callcentres",
            "https://gw.example/api",
            "https://gw.example/api/v3",
            "https://gw.example/v3/telephony",
            "https://gw.example/stopOrder",
            "https://callcentre/",
        ] {
            assert!(join(base, PATH).is_ok(), "{base}");
        }
        assert!(join("https://h/api", "/api/health").is_ok());
        assert!(join("https://h/callcentre", "/callcentre/health").is_ok());
    }

    #[test]
    fn a_base_url_has_a_host_after_its_scheme() {
        for base in [
            "http:https://gw.example",
            "https:gw://gw.example/",
            "https:/gw://gw.example",
        ] {
            let error = BaseUrlError::Url(crate::check::url::error::UrlError::NoHost);
            assert_eq!(join(base, PATH), Err(error), "{base}");
        }
    }

    #[test]
    fn what_is_appended_may_not_be_there_in_whole_or_in_part() {
        for path in [
            "/callcentre",
            "/callcentre/",
            "/callcentre/api",
            "/gw/callcentre/api/v3",
            "/callcentre/api/v3/stopOrder",
            "/callcentre/api/v3/ping/",
            "/callcentre/api/v3/gateway",
            "/CallCentre/API/v3/stoporder",
            "/CALLCENTRE",
            "/callcentre//api/v3",
            "//callcentre///api//",
            "/api/v3/stopOrder",
            "/api/v3/ping",
            "/API//v3/Ping/",
        ] {
            let base = alloc::format!("https://gw.example{path}");
            assert_eq!(join(&base, PATH), Err(BaseUrlError::Path), "{base}");
        }
    }
}
