//! The task that orders belong to, as the body of an endpoint with orders begins.

use core::fmt;

use crate::check::path::Path;
use crate::check::violation::{ViolationKind, Violations};
use crate::check::{ids, url};
use crate::json::utf8::Text;

// The paths of its strings in the body.
pub(crate) const USER_TASK_ID: &str = "/userTaskID";
pub(crate) const CALL_INFO_LIST: &str = "/callInfoList";
pub(crate) const ORDER_CALLBACK_URL: &str = "/callInfoList/orderCallbackUrl";
pub(crate) const CALL_CALLBACK_URL: &str = "/callInfoList/callCallbackUrl";

/// The task that a batch of orders belongs to, and the URLs of its callbacks. The task must exist
/// at the provider.
///
/// Its `Debug` shows no content, since a URL may carry a password or a token.
///
/// API page:
/// [Callbot-API-addBatchOrder](https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-addBatchOrder).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Task<'a> {
    /// `userTaskID`: the caller's own unique ID of the task. Not empty.
    pub user_task_id: &'a str,
    /// `orderCallbackUrl`: absolute http or https URL, called when an order has finished.
    pub order_callback_url: &'a str,
    /// `callCallbackUrl`: absolute http or https URL, called when a call has finished.
    pub call_callback_url: &'a str,
}

impl fmt::Debug for Task<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task").finish_non_exhaustive()
    }
}

impl Task<'_> {
    pub(crate) fn check(&self, allows_blank_edges: bool, violations: &mut Violations) {
        let path = Path::new(USER_TASK_ID);
        match Text::of(self.user_task_id) {
            Ok(id) if id.as_str().is_empty() => violations.push(path, ViolationKind::Empty),
            Ok(id) => ids::check(id.as_str(), allows_blank_edges, path, violations),
            Err(kind) => violations.push(path, kind),
        }
        check_callback_url(ORDER_CALLBACK_URL, self.order_callback_url, violations);
        check_callback_url(CALL_CALLBACK_URL, self.call_callback_url, violations);
    }
}

/// Validates the callback URL at a path.
pub(crate) fn check_callback_url(pattern: &'static str, url: &str, violations: &mut Violations) {
    let found = match Text::of(url) {
        Ok(url) => url::check(url.as_str()).map_err(ViolationKind::Url),
        Err(kind) => Err(kind),
    };
    if let Err(kind) = found {
        violations.push(Path::new(pattern), kind);
    }
}
