//! The content of a genuine message, and what the API's page says otherwise.

use callbot_core::{ContentError, ContentKind, Document, JsonType, Value, Verified};
use clap::ValueEnum;

use crate::visible::visible;

/// What a callback is read as.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// After each call
    Call,
    /// After an order has ended
    Order,
    /// The status of a task
    Task,
}

impl Kind {
    const fn content(self) -> ContentKind {
        match self {
            Self::Call => ContentKind::CallCallback,
            Self::Order => ContentKind::OrderCallback,
            Self::Task => ContentKind::TaskCallback,
        }
    }
}

pub(super) const fn name_of(kind: ContentKind) -> &'static str {
    match kind {
        ContentKind::CallCallback => "call callback",
        ContentKind::OrderCallback => "order callback",
        ContentKind::TaskCallback => "task callback",
        _ => "response",
    }
}

/// Reads a callback. Only the URL that it came to tells a call callback from an order callback, so
/// that without `kind` the page counts that it is nearest to.
pub(super) fn of_callback(
    message: &Verified<'_>,
    kind: Option<Kind>,
) -> Result<Document, ContentError> {
    if let Some(kind) = kind {
        return message.document(kind.content());
    }
    let kinds = [
        ContentKind::TaskCallback,
        ContentKind::CallCallback,
        ContentKind::OrderCallback,
    ];
    let read = kinds.map(|kind| message.document(kind));
    let [task, call, order] = read;
    match (task, call, order) {
        (Ok(task), Err(_), _) => Ok(task),
        (_, Ok(call), Ok(order)) if order.deviations().count() < call.deviations().count() => {
            Ok(order)
        }
        (_, call, _) => call,
    }
}

/// The content in lines for people. A value is as it was sent, but for characters that a terminal
/// obeys or that nobody sees.
pub(super) fn lines(value: Value<'_>) -> String {
    let mut out = String::new();
    write_value(value, 1, &mut out);
    out.push('\n');
    out
}

fn write_value(value: Value<'_>, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    let is_empty = value.len() == Some(0);
    match value.json_type() {
        JsonType::Object if !is_empty => {
            out.push('{');
            for (index, (key, member)) in value.members().enumerate() {
                let key = serde_json::Value::from(key).to_string();
                let comma = if index == 0 { "" } else { "," };
                *out += &format!("{comma}\n{indent}  {}: ", visible(&key));
                write_value(member, depth + 1, out);
            }
            *out += &format!("\n{indent}}}");
        }
        JsonType::Array if !is_empty => {
            out.push('[');
            for (index, element) in value.elements().enumerate() {
                let comma = if index == 0 { "" } else { "," };
                *out += &format!("{comma}\n{indent}  ");
                write_value(element, depth + 1, out);
            }
            *out += &format!("\n{indent}]");
        }
        _ => out.push_str(&visible(value.json())),
    }
}
