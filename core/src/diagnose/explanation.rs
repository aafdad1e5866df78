//! The result of the search.

use crate::diagnose::cause::Cause;

/// Whether a signature is right, and if not, which mistakes make it.
///
/// It is for the owner of the account. Never tell it to whoever sent a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explanation {
    matches: bool,
    causes: [Option<Cause>; 2],
}

impl Explanation {
    pub(super) const fn right() -> Self {
        Self {
            matches: true,
            causes: [None; 2],
        }
    }

    pub(super) const fn wrong(causes: [Option<Cause>; 2]) -> Self {
        Self {
            matches: false,
            causes,
        }
    }

    /// Whether the signature is right, and the message has no mistake that is known.
    #[must_use]
    pub const fn matches(&self) -> bool {
        self.matches
    }

    /// The one or two mistakes that together make the signature. Empty if it is right, and if none
    /// are found.
    pub fn causes(&self) -> impl ExactSizeIterator<Item = Cause> {
        let count = self.causes.iter().flatten().count();
        self.causes
            .into_iter()
            .take(count)
            .map(|cause| cause.expect("the causes come first"))
    }
}
