//! The time now.

use std::time::{SystemTime, UNIX_EPOCH};

/// Unix seconds by the system's clock. A time before 1970 becomes 0, which is refused.
pub(crate) fn now() -> u64 {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH);
    since_1970.unwrap_or_default().as_secs()
}
