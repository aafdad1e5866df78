//! Whether the numbers of a response add up to what was sent.

use crate::api::envelope::{RetCode, Retry};
use crate::batch::outcome::kind::OutcomeKind;

/// What a response says of the orders as a whole.
#[derive(Debug, Clone, Copy)]
pub(super) struct Account {
    pub(super) code: RetCode,
    /// Orders received.
    pub(super) total: Option<i64>,
    /// Orders accepted.
    pub(super) accepted: Option<i64>,
    /// Whether nothing but the number of accepted orders can tell what was refused: there is no
    /// list, and the endpoint's page requires the number.
    pub(super) needs_counts: bool,
    /// Whether it has a list of refusals that cannot be read.
    pub(super) has_unreadable: bool,
}

/// The refusals of one phone number or ID.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group {
    /// How often it is refused. At least 1.
    pub(super) rows: usize,
    /// How many orders of the request have it.
    pub(super) orders: usize,
}

impl Account {
    /// Judges a request of `sent` orders.
    pub(super) fn judge(self, sent: usize, groups: &[Group]) -> OutcomeKind {
        if !self.code.is_success() {
            return self.judge_failure(sent);
        }
        if self
            .total
            .is_some_and(|total| usize::try_from(total) != Ok(sent))
            || groups.iter().any(|group| group.orders == 0)
        {
            return OutcomeKind::Unaccounted;
        }
        // A row refuses at least one order, and at most all orders with its number.
        let least = groups.len();
        let most = groups.iter().map(|group| group.orders).sum();
        let refused = match self.accepted {
            Some(accepted) => usize::try_from(accepted)
                .ok()
                .and_then(|accepted| sent.checked_sub(accepted)),
            None if self.has_unreadable => None,
            None if self.needs_counts && groups.is_empty() => None,
            None if groups.iter().all(|group| group.rows >= group.orders) => Some(most),
            None => return OutcomeKind::Ambiguous,
        };
        match refused {
            Some(0) if most == 0 => OutcomeKind::Accepted,
            Some(refused) if refused == most && refused == sent => OutcomeKind::Refused,
            Some(refused) if refused == most => OutcomeKind::Partly,
            Some(refused) if (least..most).contains(&refused) => OutcomeKind::Ambiguous,
            _ => OutcomeKind::Unaccounted,
        }
    }

    /// Judges a failure. A code of which the pages say that a later or no request can succeed means
    /// that the request was not processed. A failure that accepted orders contradicts itself.
    fn judge_failure(self, sent: usize) -> OutcomeKind {
        let total = self.total.map(usize::try_from);
        match (self.code.retry(), self.accepted) {
            (Retry::Later | Retry::Never, None | Some(0)) => OutcomeKind::Refused,
            (_, Some(0)) if total == Some(Ok(sent)) => OutcomeKind::Refused,
            _ => OutcomeKind::Unaccounted,
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;
    use OutcomeKind::{Accepted, Ambiguous, Partly, Refused, Unaccounted};

    #[track_caller]
    fn check(
        code: i64,
        [total, accepted]: [Option<i64>; 2],
        sent: usize,
        groups: &[(usize, usize)],
        expected: OutcomeKind,
    ) {
        let account = Account {
            code: RetCode(code),
            total,
            accepted,
            needs_counts: false,
            has_unreadable: false,
        };
        let groups: Vec<_> = groups
            .iter()
            .map(|&(rows, orders)| Group { rows, orders })
            .collect();
        assert_eq!(account.judge(sent, &groups), expected);
    }

    #[test]
    fn the_counts_decide_if_nothing_is_listed() {
        check(0, [Some(2), Some(2)], 2, &[], Accepted);
        check(0, [None, Some(2)], 2, &[], Accepted);
        check(0, [Some(2), None], 2, &[], Accepted);
        check(0, [None, None], 2, &[], Accepted);
        check(0, [Some(2), Some(1)], 2, &[], Unaccounted);
        check(0, [None, Some(1)], 2, &[], Unaccounted);
        check(0, [None, Some(3)], 2, &[], Unaccounted);
        check(0, [Some(1), Some(1)], 2, &[], Unaccounted);
        check(0, [Some(3), None], 2, &[], Unaccounted);
        check(0, [Some(2), Some(0)], 2, &[], Unaccounted);
        check(0, [Some(2), Some(-1)], 2, &[], Unaccounted);
        check(0, [Some(-2), Some(2)], 2, &[], Unaccounted);
    }

    #[test]
    fn each_refusal_needs_its_order() {
        check(0, [Some(3), Some(2)], 3, &[(1, 1)], Partly);
        check(0, [None, None], 3, &[(1, 1)], Partly);
        check(0, [Some(3), Some(1)], 3, &[(1, 1), (1, 1)], Partly);
        check(0, [Some(3), Some(2)], 3, &[(2, 1)], Partly);
        check(0, [Some(3), Some(0)], 3, &[(1, 1), (1, 1), (1, 1)], Refused);
        check(0, [None, None], 1, &[(1, 1)], Refused);
        check(0, [Some(3), Some(2)], 3, &[(1, 0)], Unaccounted);
        check(0, [Some(3), Some(2)], 3, &[(1, 1), (1, 0)], Unaccounted);
        check(0, [Some(3), Some(3)], 3, &[(1, 1)], Unaccounted);
        check(0, [Some(3), Some(1)], 3, &[(1, 1)], Unaccounted);
        check(0, [Some(2), Some(1)], 3, &[(1, 1)], Unaccounted);
    }

    #[test]
    fn orders_with_one_number_are_ambiguous_unless_all_are_refused() {
        check(0, [Some(3), Some(2)], 3, &[(1, 2)], Ambiguous);
        check(0, [None, None], 3, &[(1, 2)], Ambiguous);
        check(0, [Some(4), Some(2)], 4, &[(2, 3)], Ambiguous);
        check(0, [Some(4), Some(2)], 4, &[(1, 3)], Ambiguous);
        check(0, [Some(3), Some(1)], 3, &[(1, 2)], Partly);
        check(0, [Some(3), Some(1)], 3, &[(2, 2)], Partly);
        check(0, [None, None], 3, &[(2, 2)], Partly);
        check(0, [Some(3), Some(1)], 3, &[(1, 2), (1, 1)], Ambiguous);
        check(0, [Some(4), Some(3)], 4, &[(1, 2), (1, 1)], Unaccounted);
        check(0, [Some(4), Some(0)], 4, &[(1, 2), (1, 1)], Unaccounted);
    }

    #[test]
    fn a_failure_refuses_all_only_if_its_code_says_so() {
        for code in [2, 3, 4, 4001, 5, 6, 6001, 6002, 6003, 7, 1001] {
            check(code, [None, None], 2, &[], Refused);
            check(code, [Some(2), Some(0)], 2, &[(1, 1)], Refused);
            check(code, [Some(2), Some(1)], 2, &[], Unaccounted);
            check(code, [Some(2), Some(2)], 2, &[], Unaccounted);
        }
        for code in [1, 5001, 4711, -1] {
            check(code, [None, None], 2, &[], Unaccounted);
            check(code, [Some(2), Some(0)], 2, &[], Refused);
            check(code, [Some(1), Some(0)], 2, &[], Unaccounted);
            check(code, [Some(2), Some(1)], 2, &[(1, 1)], Unaccounted);
        }
    }

    #[test]
    fn counts_that_the_page_requires_are_needed() {
        let account = |accepted| Account {
            code: RetCode(0),
            total: None,
            accepted,
            needs_counts: true,
            has_unreadable: false,
        };
        assert_eq!(account(Some(2)).judge(2, &[]), Accepted);
        assert_eq!(account(None).judge(2, &[]), Unaccounted);
        let one = Group { rows: 1, orders: 1 };
        assert_eq!(account(None).judge(2, &[one]), Partly);
    }

    #[test]
    fn an_unreadable_list_needs_counts() {
        let account = |accepted| Account {
            code: RetCode(0),
            total: Some(2),
            accepted,
            needs_counts: false,
            has_unreadable: true,
        };
        assert_eq!(account(Some(2)).judge(2, &[]), Accepted);
        assert_eq!(account(Some(1)).judge(2, &[]), Unaccounted);
        assert_eq!(account(None).judge(2, &[]), Unaccounted);
    }
}
