//! Whether the numbers of a response add up to what was sent.

use crate::api::envelope::{RetCode, Retry};
use crate::batch::outcome::kind::OutcomeKind;
use crate::json::value::Value;

/// What a response says of the orders as a whole.
#[derive(Debug, Clone, Copy)]
pub(super) struct Account {
    pub(super) code: RetCode,
    /// Orders received.
    pub(super) total: Count,
    /// Orders accepted.
    pub(super) accepted: Count,
    /// Whether nothing but the number of accepted orders can tell what was refused: there is no
    /// list, and the endpoint's page requires the number.
    pub(super) needs_counts: bool,
    /// Whether it has a list of refusals that cannot be read.
    pub(super) has_unreadable: bool,
}

/// A number of orders in a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Count {
    Absent,
    Orders(i64),
    /// It is there, and no integer. It may contradict everything else.
    Unreadable,
}

impl Count {
    pub(super) fn of(value: Option<Value<'_>>) -> Self {
        match value.filter(|value| !value.is_null()) {
            Some(value) => value.as_i64().map_or(Self::Unreadable, Self::Orders),
            None => Self::Absent,
        }
    }

    pub(super) fn is(self, orders: usize) -> bool {
        matches!(self, Self::Orders(count) if usize::try_from(count) == Ok(orders))
    }
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
    /// Whether the number of orders in the request affects the judgement of a response without a
    /// list of refusals.
    pub(super) fn needs_number(self) -> bool {
        !self.is_refused_whole()
    }

    /// Judges a request of `sent` orders.
    pub(super) fn judge(self, sent: usize, groups: &[Group]) -> OutcomeKind {
        // A row refuses at least one order, and at most all orders with its number.
        let least = groups.len();
        let most = groups.iter().map(|group| group.orders).sum();
        if !self.code.is_success() {
            let is_whole = groups.is_empty() || most == sent;
            return self.judge_failure(sent, is_whole);
        }
        let is_other_total = self.total != Count::Absent && !self.total.is(sent);
        if is_other_total || groups.iter().any(|group| group.orders == 0) {
            return OutcomeKind::Unaccounted;
        }
        let is_certain = groups.iter().all(|group| group.rows >= group.orders);
        let refused = match self.accepted {
            Count::Orders(accepted) => usize::try_from(accepted)
                .ok()
                .and_then(|accepted| sent.checked_sub(accepted)),
            Count::Unreadable => None,
            Count::Absent if self.has_unreadable => None,
            Count::Absent if self.needs_counts && groups.is_empty() => None,
            Count::Absent if is_certain => Some(most),
            Count::Absent => return OutcomeKind::Ambiguous,
        };
        match refused {
            Some(0) if most == 0 => OutcomeKind::Accepted,
            Some(refused) if refused == most && refused == sent => OutcomeKind::Refused,
            Some(refused) if refused == most => OutcomeKind::Partly,
            Some(refused) if !is_certain && (least..most).contains(&refused) => {
                OutcomeKind::Ambiguous
            }
            _ => OutcomeKind::Unaccounted,
        }
    }

    /// Judges a failure. One that accepted orders contradicts itself, and one that lists refusals
    /// of some orders says nothing of the others.
    fn judge_failure(self, sent: usize, is_whole: bool) -> OutcomeKind {
        let is_refused = self.accepted == Count::Orders(0) && self.total.is(sent);
        if is_refused || (is_whole && self.is_refused_whole()) {
            OutcomeKind::Refused
        } else {
            OutcomeKind::Unaccounted
        }
    }

    /// Whether the code is one of which the pages say that a later or no request can succeed, so
    /// that this one was not processed, and nothing beside it contradicts that.
    fn is_refused_whole(self) -> bool {
        matches!(self.code.retry(), Retry::Later | Retry::Never)
            && matches!(self.accepted, Count::Absent | Count::Orders(0))
            && !self.has_unreadable
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;
    use OutcomeKind::{Accepted, Ambiguous, Partly, Refused, Unaccounted};

    fn count(number: Option<i64>) -> Count {
        number.map_or(Count::Absent, Count::Orders)
    }

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
            total: count(total),
            accepted: count(accepted),
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
        // Each of the two is refused by a row of its own, and one is said to be accepted.
        check(0, [Some(3), Some(2)], 3, &[(2, 2)], Unaccounted);
    }

    #[test]
    fn a_failure_refuses_all_only_if_its_code_says_so() {
        for code in [2, 3, 4, 4001, 5, 6, 6001, 6002, 6003, 7, 1001] {
            check(code, [None, None], 2, &[], Refused);
            check(code, [Some(2), Some(0)], 2, &[(1, 1)], Refused);
            check(code, [Some(2), Some(1)], 2, &[], Unaccounted);
            check(code, [Some(2), Some(2)], 2, &[], Unaccounted);
            check(code, [None, None], 2, &[(1, 1)], Unaccounted);
            check(code, [None, None], 2, &[(1, 0)], Unaccounted);
            check(code, [None, None], 2, &[(1, 1), (1, 1)], Refused);
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
            total: Count::Absent,
            accepted: count(accepted),
            needs_counts: true,
            has_unreadable: false,
        };
        assert_eq!(account(Some(2)).judge(2, &[]), Accepted);
        assert_eq!(account(None).judge(2, &[]), Unaccounted);
        let one = Group { rows: 1, orders: 1 };
        assert_eq!(account(None).judge(2, &[one]), Partly);
    }

    #[test]
    fn a_count_that_cannot_be_read_accounts_for_nothing() {
        for (code, total, accepted) in [
            (0, Count::Orders(2), Count::Unreadable),
            (0, Count::Absent, Count::Unreadable),
            (0, Count::Unreadable, Count::Orders(2)),
            (0, Count::Unreadable, Count::Absent),
            (7, Count::Orders(2), Count::Unreadable),
            (1001, Count::Absent, Count::Unreadable),
        ] {
            let account = Account {
                code: RetCode(code),
                total,
                accepted,
                needs_counts: false,
                has_unreadable: false,
            };
            let one = Group { rows: 1, orders: 1 };
            assert_eq!(account.judge(2, &[]), Unaccounted);
            assert_eq!(account.judge(2, &[one]), Unaccounted);
        }
    }

    #[test]
    fn an_unreadable_list_needs_counts() {
        let account = |accepted| Account {
            code: RetCode(0),
            total: Count::Orders(2),
            accepted: count(accepted),
            needs_counts: false,
            has_unreadable: true,
        };
        assert_eq!(account(Some(2)).judge(2, &[]), Accepted);
        assert_eq!(account(Some(1)).judge(2, &[]), Unaccounted);
        assert_eq!(account(None).judge(2, &[]), Unaccounted);
        let busy = Account {
            code: RetCode(7),
            ..account(None)
        };
        assert_eq!(busy.judge(2, &[]), Unaccounted);
    }
}
