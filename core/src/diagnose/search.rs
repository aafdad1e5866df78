//! The search: candidates with no mistake, then with one, then with two.

use alloc::vec::Vec;

use crate::diagnose::body::{Body, REWRITES, Rewrite};
use crate::diagnose::causes::Causes;
use crate::diagnose::edit::{Change, Edit, Form, Slot};
use crate::diagnose::edits::Edits;
use crate::diagnose::explanation::Explanation;
use crate::diagnose::hash::Hash;
use crate::diagnose::message::Message;
use crate::diagnose::plan::{
    BODY, CREATE_TS, Id, KeyPlace, Names, OtherScheme, Piece, Plan, REQUEST_ID, UUID,
};
use crate::diagnose::target::{Context, Target};
use crate::diagnose::time::Time;
use crate::diagnose::work::Work;
use crate::sign::credentials::Credentials;
use crate::sign::signature::Algorithm;

/// How often the body may be hashed in all, and how many blocks may be hashed for a short one.
pub(super) const MAX_BODIES: u64 = 2_700;
const MIN_BLOCKS: u64 = 4_000_000;

/// The longest body of which all pairs are tried. With a longer one, the pairs that take another
/// hash of the body are not.
pub(super) const MAX_PAIRED_BODY: usize = 1 << 20;

/// Explains a signature. Returns also how many blocks were hashed.
///
/// The hashes are parameters, so that tests can count.
pub(super) fn explain<M, S>(credentials: &Credentials, message: &Message<'_>) -> (Explanation, u64)
where
    M: Hash,
    S: Hash,
{
    let key = credentials.secret_key().as_bytes();
    let context = Context {
        algorithm: credentials.algorithm(),
        header: message.algorithm,
        received: message.received,
    };
    let milliseconds = [message.create_ts.unwrap_or_default(), b"000"].concat();
    let edits = Edits::all(key, credentials.uuid(), message);
    let mut search = Search {
        message,
        edits: &edits,
        key,
        account: credentials.uuid(),
        milliseconds: &milliseconds,
        blocks: 0,
    };
    let targets = Target::all(message.sign, context);
    for count in 0..=Causes::MAX {
        for target in &targets {
            // The target has mistakes of its own, in how the digest is written.
            let Some(more) = count.checked_sub(target.causes.count()) else {
                continue;
            };
            let found = match target.algorithm {
                Algorithm::Md5 => search.for_target::<M>(target, more),
                Algorithm::Sha256 => search.for_target::<S>(target, more),
            };
            if let Some(causes) = found {
                let causes = target.causes.and(causes);
                let explanation = match causes.count() {
                    0 => Explanation::right(),
                    _ => Explanation::wrong(causes),
                };
                return (explanation, search.blocks);
            }
        }
    }
    (Explanation::unexplained(), search.blocks)
}

struct Search<'m> {
    message: &'m Message<'m>,
    edits: &'m [Edit],
    key: &'m [u8],
    account: &'m str,
    /// The createTs in milliseconds, as the vendor's other scheme has it.
    milliseconds: &'m Vec<u8>,
    blocks: u64,
}

impl<'m> Search<'m> {
    /// Looks for a string with the target's digest that has `count` mistakes.
    fn for_target<H: Hash>(&mut self, target: &Target, count: usize) -> Option<Causes> {
        let bound = MIN_BLOCKS.max(MAX_BODIES * (self.message.body.len() as u64 / 64));
        let max_blocks = if count < 2 { u64::MAX } else { bound };
        let mut work = Work::<H>::new(target, self.blocks, max_blocks);
        let (plans, required) = if target.is_other_scheme {
            (self.plans_of_other_scheme(), Vec::new())
        } else {
            (Vec::from([self.plan()]), self.required())
        };
        let mut tries = Tries {
            work: &mut work,
            plans: &plans,
            edits: self.edits,
            required: &required,
            body: self.message.body,
        };
        let found = match count {
            0 => tries.none(),
            1 => tries.one_edit().or_else(|| tries.one_of_the_body()),
            _ => plans.iter().find_map(|plan| tries.two(plan)),
        };
        self.blocks = work.blocks();
        found
    }

    /// The rule's string. What a missing header leaves empty is filled in by an edit.
    fn plan(&self) -> Plan<'m> {
        let uuid = self.message.uuid.unwrap_or(self.account.as_bytes());
        let mut parts = [b"".as_slice(); 4];
        parts[BODY] = self.message.body;
        parts[CREATE_TS] = self.message.create_ts.unwrap_or_default();
        parts[REQUEST_ID] = self.message.request_id.unwrap_or_default();
        parts[UUID] = uuid;
        Plan::new(self.key, parts)
    }

    /// The parts in which the headers themselves have a mistake, so that one of its edits applies
    /// in any case.
    fn required(&self) -> Vec<Slot> {
        let message = self.message;
        let mut required = Vec::new();
        if Time::of(message).is_mistake() {
            required.push(Slot::Part(CREATE_TS));
        }
        if message.request_id.is_none() {
            required.push(Slot::Part(REQUEST_ID));
        }
        if message.uuid.is_none() {
            required.push(Slot::Part(UUID));
        }
        required
    }

    /// The strings of the vendor's other scheme: with its own headers if they are there, otherwise
    /// with those of this API in their place.
    fn plans_of_other_scheme(&self) -> Vec<Plan<'m>> {
        let agent = self.message.agent;
        let mut plan = self.plan();
        if let Some(access_key) = agent.access_key {
            plan.parts[UUID] = Some(Piece {
                id: Id::Other(2),
                bytes: access_key,
            });
        }
        let times = match agent.ts {
            Some(ts) => Vec::from([(ts, Id::Other(3))]),
            None => Vec::from([
                (
                    self.message.create_ts.unwrap_or_default(),
                    Id::Part(CREATE_TS, 0),
                ),
                (self.milliseconds.as_slice(), Id::Other(4)),
            ]),
        };
        let given = OtherScheme::of_headers(agent);
        let mut schemes = Vec::from([given]);
        if given.action.is_none() && given.biz_type.is_none() {
            schemes.push(OtherScheme {
                action: Some(b""),
                biz_type: Some(b""),
            });
        }
        let mut plans = Vec::new();
        for scheme in schemes {
            for (bytes, id) in &times {
                let mut plan = plan;
                plan.other_scheme = Some(scheme);
                plan.parts[CREATE_TS] = Some(Piece { id: *id, bytes });
                plans.push(plan);
            }
        }
        plans
    }
}

/// The tries from some plans with the same body.
struct Tries<'s, 't, H: Hash> {
    work: &'s mut Work<'t, H>,
    plans: &'s [Plan<'s>],
    edits: &'s [Edit],
    required: &'s [Slot],
    body: &'s [u8],
}

impl<'s, H: Hash> Tries<'s, '_, H> {
    fn none(&mut self) -> Option<Causes> {
        let is_match = |plan| self.work.is_match(plan);
        (self.required.is_empty() && self.plans.iter().any(is_match)).then_some(Causes::NONE)
    }

    fn one_edit(&mut self) -> Option<Causes> {
        for plan in self.plans {
            for edit in self.edits.iter().filter(|edit| edit.causes.count() == 1) {
                let is_tried = self.covers(&[edit.slot]) && can_differ(plan, edit);
                if is_tried && self.is_match(*plan, &[edit]) {
                    return Some(edit.causes);
                }
            }
        }
        None
    }

    fn one_of_the_body(&mut self) -> Option<Causes> {
        if !self.covers(&[]) {
            return None;
        }
        let body = Body::new(self.body);
        let mut variant = Vec::new();
        for (_, rewrite, is_common) in rewrites() {
            // In the other scheme, it is together with another mistake.
            if !is_common && self.is_other_scheme() {
                continue;
            }
            let Some(cause) = rewrite.apply(&body, &mut variant) else {
                continue;
            };
            let id = self.work.new_body();
            for plan in self.plans {
                if self.work.is_match(&with_body(*plan, id, &variant)) {
                    return Some(Causes::one(cause));
                }
            }
        }
        None
    }

    /// The cheap and frequent ones first: the bound may end the search.
    fn two(&mut self, plan: &Plan<'s>) -> Option<Causes> {
        if self.is_long() {
            let one_slot = self.two_of_one_slot(plan);
            return one_slot.or_else(|| self.two_outside_the_body(plan));
        }
        self.two_of_one_slot(plan)
            .or_else(|| self.two_of_the_body(plan))
            .or_else(|| self.body_and_another(plan))
            .or_else(|| self.two_outside_the_body(plan))
    }

    fn two_of_one_slot(&mut self, plan: &Plan<'s>) -> Option<Causes> {
        for edit in self.edits.iter().filter(|edit| edit.causes.count() == 2) {
            let is_tried = self.covers(&[edit.slot]) && self.can_be_a_pair(&[edit]);
            if is_tried && self.is_match(*plan, &[edit]) {
                return Some(edit.causes);
            }
        }
        None
    }

    /// Whether the edits leave a long body's hash as it is.
    fn can_be_a_pair(&self, edits: &[&Edit]) -> bool {
        let is_after_body = |edit: &&Edit| match edit.change {
            Change::Ampersands([of_body, ..]) => of_body,
            Change::KeyPlace(KeyPlace::Both(_), _) | Change::CreateTs(_) => true,
            Change::Names(names) => names.parts[BODY] == Names::RULE.parts[BODY],
            Change::Order([first, ..]) => first == BODY,
            Change::Part(part, _) => part != BODY,
            Change::Hmac(..) | Change::Key(..) | Change::KeyPlace(..) => false,
        };
        !self.is_long() || edits.iter().all(is_after_body)
    }

    fn two_outside_the_body(&mut self, plan: &Plan<'s>) -> Option<Causes> {
        let common = self.common_edits();
        for (place, &one) in common.iter().enumerate() {
            for &other in &common[place + 1..] {
                if one.goes_with(other)
                    && self.covers(&[one.slot, other.slot])
                    && self.can_be_a_pair(&[one, other])
                    && self.is_match(*plan, &[one, other])
                {
                    return Some(one.causes.and(other.causes));
                }
            }
        }
        None
    }

    fn body_and_another(&mut self, plan: &Plan<'s>) -> Option<Causes> {
        let body = Body::new(self.body);
        let mut variant = Vec::new();
        let mut common = self.common_edits();
        common.retain(|edit| edit.slot != Slot::Part(BODY) && self.covers(&[edit.slot]));
        for (_, rewrite) in common_rewrites() {
            if self.work.is_exhausted() {
                break;
            }
            let Some(cause) = rewrite.apply(&body, &mut variant) else {
                continue;
            };
            let plan = with_body(*plan, self.work.new_body(), &variant);
            // Those that keep what comes before the body are the last ones.
            for &edit in common.iter().rev() {
                if self.is_match(plan, &[edit]) {
                    return Some(Causes::one(cause).and(edit.causes));
                }
            }
        }
        None
    }

    fn two_of_the_body(&mut self, plan: &Plan<'s>) -> Option<Causes> {
        if !self.covers(&[]) {
            return None;
        }
        let body = Body::new(self.body);
        let (mut first, mut second) = (Vec::new(), Vec::new());
        for (place, one) in common_rewrites() {
            let Some(cause) = one.apply(&body, &mut first) else {
                continue;
            };
            let first = Body::new(&first);
            for (later, other) in common_rewrites() {
                let can_follow =
                    one.cause() != other.cause() && one.can_precede(other, [place, later]);
                if !can_follow || self.work.is_exhausted() {
                    continue;
                }
                let Some(second_cause) = other.apply(&first, &mut second) else {
                    continue;
                };
                if second_cause == cause {
                    continue;
                }
                let plan = with_body(*plan, self.work.new_body(), &second);
                if self.work.is_match(&plan) {
                    return Some(Causes::one(cause).and(Causes::one(second_cause)));
                }
            }
        }
        None
    }

    /// Whether the plan has the target's digest after these edits.
    fn is_match<'a>(&mut self, mut plan: Plan<'a>, edits: &[&'a Edit]) -> bool {
        let mut times = None;
        for edit in edits {
            times = edit.apply(&mut plan).or(times);
        }
        match times {
            Some(times) => self.work.find_create_ts(&plan, times.values()),
            None => self.work.is_match(&plan),
        }
    }

    fn common_edits(&self) -> Vec<&'s Edit> {
        let edits = self.edits.iter();
        let is_common = |edit: &&Edit| edit.form != Form::Rare && edit.causes.count() == 1;
        edits.filter(is_common).collect()
    }

    fn is_other_scheme(&self) -> bool {
        self.plans.iter().all(|plan| plan.other_scheme.is_some())
    }

    /// Whether the body is too long for all pairs.
    const fn is_long(&self) -> bool {
        self.body.len() > MAX_PAIRED_BODY
    }

    /// Whether the edits of these slots mend all that is wrong in the headers themselves.
    fn covers(&self, slots: &[Slot]) -> bool {
        self.required.iter().all(|slot| slots.contains(slot))
    }
}

/// All rewrites with their places, and whether each is common. What is done to the whole is first
/// and the whitespace is last: an indented body with other line ends is also another indented body,
/// but that is no explanation.
fn rewrites() -> impl Iterator<Item = (usize, Rewrite, bool)> {
    let rank = |rewrite: Rewrite| match rewrite {
        Rewrite::Style(_) => 2,
        _ if rewrite.is_of_the_whole() => 0,
        _ => 1,
    };
    (0..3).flat_map(move |wanted| {
        let all = REWRITES.iter().enumerate();
        let all = all.map(|(place, &(rewrite, is_common))| (place, rewrite, is_common));
        all.filter(move |(_, rewrite, _)| rank(*rewrite) == wanted)
    })
}

fn common_rewrites() -> impl Iterator<Item = (usize, Rewrite)> {
    rewrites().filter_map(|(place, rewrite, is_common)| is_common.then_some((place, rewrite)))
}

/// Whether an edit changes the plan's string: the other scheme has its own order and names.
const fn can_differ(plan: &Plan<'_>, edit: &Edit) -> bool {
    let in_any = matches!(
        edit.slot,
        Slot::Hmac | Slot::Key | Slot::Part(BODY | CREATE_TS | UUID)
    );
    in_any || plan.other_scheme.is_none()
}

fn with_body<'a>(mut plan: Plan<'a>, id: Id, bytes: &'a [u8]) -> Plan<'a> {
    plan.parts[BODY] = Some(Piece { id, bytes });
    plan
}
