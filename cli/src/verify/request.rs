//! The request that a response answers, in one of the forms that `callbot sign` prints.

use std::path::Path;

use callbot_core::{Algorithm, Endpoint, Sent};
use serde_json::Value;

use crate::failure::{Failure, misuse};
use crate::{headers, input};

/// What is known of a request that was sent.
pub(super) struct Request {
    endpoint: Option<Endpoint>,
    id: String,
    uuid: String,
    algorithm: Algorithm,
    pub(super) body: Vec<u8>,
}

impl Request {
    pub(super) fn read(file: &Path) -> Result<Self, Failure> {
        let content = input::read(file)?;
        let parts = if content.starts_with(b"{") {
            Parts::of_json(&content)
        } else {
            Parts::of_http(&content, file)?
        };
        let not_one = || {
            let file = file.display();
            misuse(format!(
                "{file}: not a request; give what callbot sign printed, as http or json"
            ))
        };
        let Parts {
            path,
            headers,
            body,
        } = parts.ok_or_else(not_one)?;
        let value = |name| headers.iter().find(|(found, _)| found == name);
        let value = |name| {
            value(name)
                .map(|(_, value)| value.clone())
                .ok_or_else(not_one)
        };
        let is_it = |endpoint: &&Endpoint| endpoint.path() == path;
        Ok(Self {
            endpoint: Endpoint::ALL.iter().find(is_it).copied(),
            id: value("requestID")?,
            uuid: value("uuid")?,
            algorithm: value("algorithm")?.parse().map_err(misuse)?,
            body,
        })
    }

    pub(super) fn sent(&self) -> Sent<'_> {
        Sent {
            endpoint: self.endpoint.map_or("", Endpoint::name),
            request_id: &self.id,
            uuid: &self.uuid,
            algorithm: self.algorithm,
        }
    }
}

struct Parts {
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Parts {
    fn of_json(content: &[u8]) -> Option<Self> {
        let request: Value = serde_json::from_slice(content).ok()?;
        let headers = request["headers"].as_object()?.iter();
        Some(Self {
            path: request["path"].as_str()?.into(),
            headers: headers
                .map(|(name, value)| Some((name.clone(), value.as_str()?.into())))
                .collect::<Option<_>>()?,
            body: request["body"].as_str()?.into(),
        })
    }

    fn of_http(content: &[u8], file: &Path) -> Result<Option<Self>, Failure> {
        let Some(end) = content.windows(2).position(|two| two == b"\n\n") else {
            return Ok(None);
        };
        let (head, body) = (&content[..=end], &content[end + 2..]);
        let Some(line) = head
            .strip_prefix(b"POST ")
            .and_then(|rest| rest.split(|&b| b == b'\n').next())
        else {
            return Ok(None);
        };
        let string = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let pairs = headers::parse(head, file)?;
        Ok(Some(Self {
            path: string(line),
            headers: pairs
                .pairs()
                .map(|(name, value)| (string(name), string(value)))
                .collect(),
            body: body.into(),
        }))
    }
}
