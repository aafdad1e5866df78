//! The result of the search.

use crate::diagnose::cause::Cause;
use crate::diagnose::causes::Causes;

/// Whether a signature is right, and if not, which mistakes make it.
///
/// It is for the owner of the account. Never tell it to whoever sent a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explanation {
    matches: bool,
    causes: [Cause; 2],
    count: usize,
}

impl Explanation {
    pub(super) const fn right() -> Self {
        Self {
            matches: true,
            ..Self::unexplained()
        }
    }

    /// Wrong, for no reason that is known.
    pub(super) const fn unexplained() -> Self {
        Self {
            matches: false,
            // Not shown, since there are none.
            causes: [Cause::Algorithm; 2],
            count: 0,
        }
    }

    /// Wrong for one reason, or for two.
    pub(super) fn wrong(causes: Causes) -> Self {
        let mut explanation = Self::unexplained();
        for cause in causes.sorted() {
            explanation.causes[explanation.count] = cause;
            explanation.count += 1;
        }
        explanation
    }

    /// Whether the signature is right, and the message has no mistake that is known.
    #[must_use]
    pub const fn matches(&self) -> bool {
        self.matches
    }

    /// The one or two mistakes that together make the signature. Empty if it is right, and if none
    /// are found.
    #[must_use]
    pub fn causes(&self) -> &[Cause] {
        &self.causes[..self.count]
    }
}
