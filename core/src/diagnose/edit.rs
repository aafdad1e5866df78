//! A mistake outside of the body, as a change of the plan.

use alloc::vec::Vec;
use core::ops::RangeInclusive;

use zeroize::Zeroizing;

use crate::diagnose::cause::Cause;
use crate::diagnose::causes::Causes;
use crate::diagnose::plan::{CREATE_TS, Hmac, Id, KeyPlace, Names, Piece, Plan};

/// What a change is about. No two changes of one slot are tried together: where that makes sense,
/// one edit has both causes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    Hmac,
    Key,
    Order,
    KeyPlace,
    Ampersands,
    Names,
    Part(usize),
}

/// A change of the plan.
pub(super) enum Change {
    /// How the key enters the hash, and whether the string keeps its first ampersand.
    Hmac(Hmac, bool),
    Key(Id, Zeroizing<Vec<u8>>),
    Order([usize; 4]),
    /// Where the key is, and whether the string keeps its first ampersand.
    KeyPlace(KeyPlace, bool),
    Ampersands([bool; 4]),
    Names(Names),
    /// A part; `None` leaves it out with its name.
    Part(usize, Option<(Id, Vec<u8>)>),
    /// Any createTs of these.
    CreateTs(Times),
}

/// The values of createTs that are searched.
#[derive(Debug, Clone, Copy)]
pub(super) enum Times {
    /// Within an hour of this second.
    Near(u64),
    /// The milliseconds of this second.
    MillisecondsOf(u64),
}

impl Times {
    const HOUR: u64 = 3_600;

    pub(super) const fn values(self) -> RangeInclusive<u64> {
        match self {
            Self::Near(second) => {
                second.saturating_sub(Self::HOUR)..=second.saturating_add(Self::HOUR)
            }
            Self::MillisecondsOf(second) => {
                let first = second.saturating_mul(1000);
                first..=first.saturating_add(999)
            }
        }
    }
}

/// How common a form of a mistake is, which decides what it is tried together with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// Tried alone only.
    Rare,
    /// Tried together with other mistakes, but not with costly ones.
    Common,
    /// Tried together with all other mistakes.
    Usual,
}

/// A mistake, or two in one slot.
pub(super) struct Edit {
    pub(super) slot: Slot,
    pub(super) causes: Causes,
    pub(super) form: Form,
    pub(super) change: Change,
}

impl Edit {
    /// Changes the plan. If the result has values, the createTs is one of these.
    pub(super) fn apply<'a>(&'a self, plan: &mut Plan<'a>) -> Option<Times> {
        match &self.change {
            Change::Hmac(hmac, has_ampersand) => {
                plan.hmac = *hmac;
                plan.ampersands[0] &= has_ampersand;
            }
            Change::Key(id, bytes) => plan.key = Piece { id: *id, bytes },
            Change::Order(order) => plan.order = *order,
            Change::KeyPlace(place, has_ampersand) => {
                plan.key_place = *place;
                plan.ampersands[0] &= has_ampersand;
            }
            Change::Ampersands(ampersands) => {
                for (old, new) in plan.ampersands.iter_mut().zip(ampersands) {
                    *old &= new;
                }
            }
            Change::Names(names) => plan.names = *names,
            Change::Part(part, value) => {
                let piece = |(id, bytes): &'a (Id, Vec<u8>)| Piece { id: *id, bytes };
                plan.parts[*part] = value.as_ref().map(piece);
            }
            Change::CreateTs(times) => {
                plan.parts[CREATE_TS] = Some(Piece {
                    id: Id::AnyCreateTs,
                    bytes: b"",
                });
                return Some(*times);
            }
        }
        None
    }

    /// Whether the two are tried together.
    pub(super) fn goes_with(&self, other: &Self) -> bool {
        let is_order = |edit: &Self| edit.slot == Slot::Order;
        let is_near = |edit: &Self| matches!(edit.change, Change::CreateTs(Times::Near(_)));
        // In most orders each second would take a hash of the body.
        let is_too_costly =
            (is_order(self) && is_near(other)) || (is_near(self) && is_order(other));
        // No key is nowhere, unless it has a label.
        let is_bare_place = |edit: &Self| match edit.change {
            Change::KeyPlace(KeyPlace::End(label) | KeyPlace::Both(label), _) => label.is_empty(),
            _ => false,
        };
        let has_no_key = |edit: &Self| edit.causes == Causes::one(Cause::SecretKeyMissing);
        let is_senseless = (has_no_key(self) && is_bare_place(other))
            || (is_bare_place(self) && has_no_key(other));
        let is_costly = |edit: &Self| is_order(edit) || is_near(edit);
        let needed = if is_costly(self) || is_costly(other) {
            Form::Usual
        } else {
            Form::Common
        };
        let is_apart = self.slot != other.slot && !is_too_costly && !is_senseless;
        is_apart && self.form.min(other.form) >= needed
    }
}
