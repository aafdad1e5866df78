//! What is said about a genuine message.

use callbot_core::{ContentError, Document, Endpoint, Outcome, OutcomeKind, Retry, Verified};
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::style::{GOOD, WRONG as RED};
use crate::verify::content;
use crate::visible::visible;

/// A genuine message.
pub(super) struct Report<'r> {
    pub(super) message: &'r Verified<'r>,
    pub(super) document: &'r Result<Document, ContentError>,
    pub(super) outcome: Option<&'r Outcome>,
}

impl Report<'_> {
    /// For people.
    pub(super) fn lines(&self) -> String {
        let message = self.message;
        let mut out = format!(
            "{GOOD}genuine{GOOD:#}\n  uuid {}\n  requestID {}\n  createTs {}\n  a replay is possible until {}\n",
            message.uuid(),
            message.request_id(),
            message.create_ts(),
            message.replay_expires_at(),
        );
        let document = match self.document {
            Ok(document) => document,
            Err(error) => {
                return out + &format!("{RED}unreadable{RED:#}: {error} [{}]\n", error.code());
            }
        };
        let kind = content::name_of(document.kind());
        out += &format!("{kind}\n  {}", content::lines(document.root()));
        if let Ok(result) = message.result() {
            out += &format!(
                "result\n  {}, {}\n",
                result.ret_code,
                retry(result.ret_code.retry())
            );
        }
        if let Some(outcome) = self.outcome {
            out += &format!("orders\n  {}\n", outcome_name(outcome.kind()));
            for refusal in outcome.refused() {
                let index = refusal
                    .order
                    .map_or("no order of the request".into(), |i| format!("order {i}"));
                let id = refusal.order_id.as_deref().unwrap_or_default();
                let reason = refusal.message.as_deref().map_or("", String::as_str);
                out += &visible(&format!("  {index} {id}: {reason}\n"));
            }
            if outcome.unlisted() > 0 {
                out += &format!("  and {} of no order\n", outcome.unlisted());
            }
        }
        let deviations = document.deviations();
        if deviations.count() > 0 {
            out += "differs from the API's page\n";
        }
        for deviation in &deviations {
            out += &format!("  {deviation}\n");
        }
        out
    }

    /// For machines.
    pub(super) fn json(&self) -> impl Serialize {
        let message = self.message;
        let mut out = json!({
            "genuine": true,
            "uuid": message.uuid(),
            "requestID": message.request_id(),
            "createTs": message.create_ts(),
            "replayExpiresAt": message.replay_expires_at(),
        });
        let document = match self.document {
            Ok(document) => document,
            Err(error) => {
                out["error"] = json!({"code": error.code(), "message": error.to_string()});
                return Json {
                    rest: out,
                    content: None,
                };
            }
        };
        out["kind"] = content::name_of(document.kind()).into();
        out["endpoint"] = document.endpoint().map(Endpoint::name).into();
        let deviations = document.deviations();
        let listed = deviations
            .iter()
            .map(|one| json!({"path": one.path(), "message": one.to_string()}));
        out["deviations"] = listed.collect();
        if let Ok(result) = message.result() {
            out["result"] = json!({
                "code": result.ret_code.0,
                "meaning": result.ret_code.meaning(),
                "retry": retry(result.ret_code.retry()),
            });
        }
        if let Some(outcome) = self.outcome {
            let refused = outcome.refused().iter().map(|one| {
                json!({
                    "order": one.order,
                    "orderID": one.order_id,
                    "message": one.message.as_deref().map(String::as_str),
                    "isAmbiguous": one.is_ambiguous,
                })
            });
            out["orders"] = json!({
                "outcome": outcome_name(outcome.kind()),
                "retry": retry(outcome.retry()),
                "refused": refused.collect::<Vec<_>>(),
                "unlisted": outcome.unlisted(),
            });
        }
        let content = RawValue::from_string(document.root().json().into()).ok();
        Json { rest: out, content }
    }
}

/// The content is as it was sent: a number of JSON has more digits than most programs keep.
#[derive(Serialize)]
struct Json {
    #[serde(flatten)]
    rest: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<Box<RawValue>>,
}

const fn retry(retry: Retry) -> &'static str {
    match retry {
        Retry::Succeeded => "do not send it again",
        Retry::Later => "try again later",
        Retry::Never => "the same request will fail again",
        _ => "whether the orders were taken is not known",
    }
}

const fn outcome_name(kind: OutcomeKind) -> &'static str {
    match kind {
        OutcomeKind::Accepted => "accepted",
        OutcomeKind::Partly => "partly",
        OutcomeKind::Refused => "refused",
        OutcomeKind::Ambiguous => "ambiguous",
        _ => "unaccounted",
    }
}
