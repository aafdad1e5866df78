//! The mistakes of one candidate.

use crate::diagnose::cause::Cause;

/// A set of causes, of which no more than two explain a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Causes {
    list: [Option<Cause>; 2],
    count: usize,
}

impl Causes {
    /// The most causes that are searched together.
    pub(super) const MAX: usize = 2;

    pub(super) const NONE: Self = Self {
        list: [None; 2],
        count: 0,
    };

    pub(super) const fn one(cause: Cause) -> Self {
        Self {
            list: [Some(cause), None],
            count: 1,
        }
    }

    /// Adds a cause, unless it is there. More than [`MAX`](Self::MAX) are only counted.
    pub(super) fn add(&mut self, cause: Cause) {
        if self.list.contains(&Some(cause)) {
            return;
        }
        if let Some(place) = self.list.get_mut(self.count) {
            *place = Some(cause);
        }
        self.count += 1;
    }

    /// The causes of both.
    pub(super) fn and(mut self, other: Self) -> Self {
        let more = other.count.saturating_sub(Self::MAX);
        for cause in other.list.into_iter().flatten() {
            self.add(cause);
        }
        self.count += more;
        self
    }

    pub(super) const fn count(self) -> usize {
        self.count
    }

    /// The causes in the order of [`Cause::ALL`].
    pub(super) fn sorted(self) -> impl Iterator<Item = Cause> {
        let mut list = self.list;
        // `None` would be first.
        if self.count > 1 {
            list.sort_unstable_by_key(|cause| cause.map(|cause| cause as usize));
        }
        list.into_iter().flatten()
    }
}
