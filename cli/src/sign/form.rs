//! The forms in which a signed request is printed.

use callbot_core::SignedRequest;
use clap::ValueEnum;
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::failure::{Failure, misuse};

/// What is printed of a request.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// A line with method and path, the header lines, an empty line, and the body with nothing
    /// after it
    Http,
    /// A command for a POSIX shell that sends it
    Curl,
    /// The header lines
    Headers,
    /// One JSON object: method, path, url, headers, body
    Json,
}

impl Form {
    pub(crate) fn write(self, request: &SignedRequest, base_url: &str) -> Result<Vec<u8>, Failure> {
        let url = || request.url(base_url).map_err(misuse);
        Ok(match self {
            Self::Http => {
                let mut out = format!("{} {}\n", request.method(), request.path());
                out += &header_lines(request);
                out += "\n";
                [out.as_bytes(), request.body()].concat()
            }
            Self::Curl => curl(request, &url()?),
            Self::Headers => header_lines(request).into_bytes(),
            Self::Json => {
                let mut out = serde_json::to_vec(&Json {
                    request,
                    url: url()?,
                })
                .map_err(misuse)?;
                out.push(b'\n');
                out
            }
        })
    }
}

fn header_lines(request: &SignedRequest) -> String {
    let line = |(name, value)| format!("{name}: {value}\n");
    request.headers().map(line).concat()
}

/// The body goes through a pipe: as an argument it would be limited to 128 KiB on Linux. `printf`
/// is part of the shell, and has no such limit.
fn curl(request: &SignedRequest, url: &str) -> Vec<u8> {
    let body = String::from_utf8_lossy(request.body());
    let headers = request
        .headers()
        .map(|(name, value)| format!(" --header {}", quoted(&format!("{name}: {value}"))));
    let command = format!(
        "printf %s {} | curl --request POST{} --data-binary @- {}\n",
        quoted(&body),
        headers.concat(),
        quoted(url)
    );
    command.into_bytes()
}

/// A word of a POSIX shell.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

struct Json<'r> {
    request: &'r SignedRequest,
    url: String,
}

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(5))?;
        map.serialize_entry("method", self.request.method())?;
        map.serialize_entry("path", self.request.path())?;
        map.serialize_entry("url", &self.url)?;
        map.serialize_entry("headers", &Headers(self.request))?;
        map.serialize_entry("body", &String::from_utf8_lossy(self.request.body()))?;
        map.end()
    }
}

struct Headers<'r>(&'r SignedRequest);

impl Serialize for Headers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.headers())
    }
}
