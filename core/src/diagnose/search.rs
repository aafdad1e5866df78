//! The search: candidates with no mistake, then with one, then with two.

use crate::check::memory::{self, NoMemoryError};
use crate::diagnose::body::{Body, REWRITES, Rewrite, Variant};
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
pub(super) fn explain<M, S>(
    credentials: &Credentials,
    message: &Message<'_>,
) -> Result<(Explanation, u64), NoMemoryError>
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
    let milliseconds = memory::concat(&[message.create_ts.unwrap_or_default(), b"000"])?;
    let edits = Edits::all(key, credentials.uuid(), message)?;
    let mut common = memory::with_capacity(edits.len())?;
    let is_common = |edit: &&Edit| edit.form != Form::Rare && edit.causes.count() == 1;
    common.extend(edits.iter().filter(is_common));
    let mut search = Search {
        message,
        edits: &edits,
        common: &common,
        key,
        account: credentials.uuid(),
        milliseconds: &milliseconds,
        blocks: 0,
    };
    let targets = Target::all(message.sign, context)?;
    for count in 0..=Causes::MAX {
        for target in &targets {
            // The target has mistakes of its own, in how the digest is written.
            let Some(more) = count.checked_sub(target.causes.count()) else {
                continue;
            };
            let found = match target.algorithm {
                Algorithm::Md5 => search.for_target::<M>(target, more)?,
                Algorithm::Sha256 => search.for_target::<S>(target, more)?,
            };
            if let Some(causes) = found {
                let causes = target.causes.and(causes);
                let explanation = match causes.count() {
                    0 => Explanation::right(),
                    _ => Explanation::wrong(causes),
                };
                return Ok((explanation, search.blocks));
            }
        }
    }
    Ok((Explanation::unexplained(), search.blocks))
}

struct Search<'m> {
    message: &'m Message<'m>,
    edits: &'m [Edit],
    /// Those that are tried together with others.
    common: &'m [&'m Edit],
    key: &'m [u8],
    account: &'m str,
    /// The createTs in milliseconds, as the vendor's other scheme has it.
    milliseconds: &'m [u8],
    blocks: u64,
}

impl<'m> Search<'m> {
    /// Looks for a string with the target's digest that has `count` mistakes.
    fn for_target<H: Hash>(&mut self, target: &Target, count: usize) -> Found {
        let bound = MIN_BLOCKS.max(MAX_BODIES * (self.message.body.len() as u64 / 64));
        let max_blocks = if count < 2 { u64::MAX } else { bound };
        let mut work = Work::<H>::new(target, self.blocks, max_blocks)?;
        let (plans, required) = if target.is_other_scheme {
            (self.plans_of_other_scheme(), [None; 3])
        } else {
            ([Some(self.plan()), None, None, None], self.required())
        };
        let mut tries = Tries {
            work: &mut work,
            plans: &plans,
            edits: self.edits,
            common: self.common,
            required,
            body: self.message.body,
        };
        let found = match count {
            0 => tries.none(),
            1 => tries.one(),
            _ => tries.two(),
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
    fn required(&self) -> [Option<Slot>; 3] {
        let message = self.message;
        [
            (CREATE_TS, Time::of(message).is_mistake()),
            (REQUEST_ID, message.request_id.is_none()),
            (UUID, message.uuid.is_none()),
        ]
        .map(|(part, is_mistake)| is_mistake.then_some(Slot::Part(part)))
    }

    /// The strings of the vendor's other scheme: with its own headers if they are there, otherwise
    /// with those of this API in their place.
    fn plans_of_other_scheme(&self) -> Plans<'m> {
        let agent = self.message.agent;
        let mut plan = self.plan();
        if let Some(access_key) = agent.access_key {
            plan.parts[UUID] = Some(Piece {
                id: Id::Other(2),
                bytes: access_key,
            });
        }
        let times = match agent.ts {
            Some(ts) => [Some((ts, Id::Other(3))), None],
            None => [
                Some((
                    self.message.create_ts.unwrap_or_default(),
                    Id::Part(CREATE_TS, 0),
                )),
                Some((self.milliseconds, Id::Other(4))),
            ],
        };
        let given = OtherScheme::of_headers(agent);
        let has_neither = given.action.is_none() && given.biz_type.is_none();
        let schemes = [
            Some(given),
            has_neither.then_some(OtherScheme {
                action: Some(b""),
                biz_type: Some(b""),
            }),
        ];
        let plan = |scheme: Option<OtherScheme<'m>>, time: Option<(&'m [u8], Id)>| {
            let (bytes, id) = time?;
            let mut plan = plan;
            plan.other_scheme = Some(scheme?);
            plan.parts[CREATE_TS] = Some(Piece { id, bytes });
            Some(plan)
        };
        let [first, second] = schemes.map(|scheme| times.map(|time| plan(scheme, time)));
        [first[0], first[1], second[0], second[1]]
    }
}

/// What is found, if anything is.
type Found = Result<Option<Causes>, NoMemoryError>;

/// The candidates without a mistake; the vendor's other scheme has up to four.
type Plans<'a> = [Option<Plan<'a>>; 4];

/// The tries from some plans with the same body.
struct Tries<'s, 't, H: Hash> {
    work: &'s mut Work<'t, H>,
    plans: &'s Plans<'s>,
    edits: &'s [Edit],
    common: &'s [&'s Edit],
    required: [Option<Slot>; 3],
    body: &'s [u8],
}

impl<'s, H: Hash> Tries<'s, '_, H> {
    fn none(&mut self) -> Found {
        if self.covers(&[]) {
            for plan in self.plans.iter().flatten() {
                if self.work.is_match(plan)? {
                    return Ok(Some(Causes::NONE));
                }
            }
        }
        Ok(None)
    }

    fn one(&mut self) -> Found {
        match self.one_edit()? {
            None => self.one_of_the_body(),
            found => Ok(found),
        }
    }

    fn one_edit(&mut self) -> Found {
        for plan in self.plans.iter().flatten() {
            for edit in self.edits.iter().filter(|edit| edit.causes.count() == 1) {
                let is_tried = self.covers(&[edit.slot]) && can_differ(plan, edit);
                if is_tried && self.is_match(*plan, &[edit])? {
                    return Ok(Some(edit.causes));
                }
            }
        }
        Ok(None)
    }

    fn one_of_the_body(&mut self) -> Found {
        if !self.covers(&[]) {
            return Ok(None);
        }
        let body = Body::new(self.body);
        let mut variant = Variant::default();
        for (_, rewrite, is_common) in rewrites() {
            // In the other scheme, it is together with another mistake.
            if !is_common && self.is_other_scheme() {
                continue;
            }
            let Some((cause, bytes)) = rewrite.apply(&body, &mut variant)? else {
                continue;
            };
            let id = self.work.new_body();
            for plan in self.plans.iter().flatten() {
                if self.work.is_match(&with_body(*plan, id, bytes))? {
                    return Ok(Some(Causes::one(cause)));
                }
            }
        }
        Ok(None)
    }

    /// The cheap and frequent ones first: the bound may end the search.
    fn two(&mut self) -> Found {
        let steps = [
            Self::two_of_one_slot,
            Self::two_of_the_body,
            Self::body_and_another,
            Self::two_outside_the_body,
        ];
        for plan in self.plans.iter().flatten() {
            for step in steps {
                if let Some(causes) = step(self, plan)? {
                    return Ok(Some(causes));
                }
            }
        }
        Ok(None)
    }

    fn two_of_one_slot(&mut self, plan: &Plan<'s>) -> Found {
        for edit in self.edits.iter().filter(|edit| edit.causes.count() == 2) {
            let is_tried = self.covers(&[edit.slot]) && self.can_be_a_pair(&[edit]);
            if is_tried && self.is_match(*plan, &[edit])? {
                return Ok(Some(edit.causes));
            }
        }
        Ok(None)
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

    fn two_outside_the_body(&mut self, plan: &Plan<'s>) -> Found {
        for (place, &one) in self.common.iter().enumerate() {
            for &other in &self.common[place + 1..] {
                if one.goes_with(other)
                    && self.covers(&[one.slot, other.slot])
                    && self.can_be_a_pair(&[one, other])
                    && self.is_match(*plan, &[one, other])?
                {
                    return Ok(Some(one.causes.and(other.causes)));
                }
            }
        }
        Ok(None)
    }

    fn body_and_another(&mut self, plan: &Plan<'s>) -> Found {
        if self.is_long() {
            return Ok(None);
        }
        let body = Body::new(self.body);
        let mut variant = Variant::default();
        for (_, rewrite) in common_rewrites() {
            if self.work.is_exhausted() {
                break;
            }
            let Some((cause, bytes)) = rewrite.apply(&body, &mut variant)? else {
                continue;
            };
            let plan = with_body(*plan, self.work.new_body(), bytes);
            // Those that keep what comes before the body are the last ones.
            for &edit in self.common.iter().rev() {
                let is_tried = edit.slot != Slot::Part(BODY) && self.covers(&[edit.slot]);
                if is_tried && self.is_match(plan, &[edit])? {
                    return Ok(Some(Causes::one(cause).and(edit.causes)));
                }
            }
        }
        Ok(None)
    }

    fn two_of_the_body(&mut self, plan: &Plan<'s>) -> Found {
        if self.is_long() || !self.covers(&[]) {
            return Ok(None);
        }
        let body = Body::new(self.body);
        let (mut first, mut second) = (Variant::default(), Variant::default());
        for (place, one) in common_rewrites() {
            let Some((cause, bytes)) = one.apply(&body, &mut first)? else {
                continue;
            };
            let first = Body::new(bytes);
            for (later, other) in common_rewrites() {
                let can_follow =
                    one.cause() != other.cause() && one.can_precede(other, [place, later]);
                if !can_follow || self.work.is_exhausted() {
                    continue;
                }
                let Some((second_cause, bytes)) = other.apply(&first, &mut second)? else {
                    continue;
                };
                if second_cause == cause {
                    continue;
                }
                let plan = with_body(*plan, self.work.new_body(), bytes);
                if self.work.is_match(&plan)? {
                    return Ok(Some(Causes::one(cause).and(Causes::one(second_cause))));
                }
            }
        }
        Ok(None)
    }

    /// Whether the plan has the target's digest after these edits.
    fn is_match<'a>(
        &mut self,
        mut plan: Plan<'a>,
        edits: &[&'a Edit],
    ) -> Result<bool, NoMemoryError> {
        let mut times = None;
        for edit in edits {
            times = edit.apply(&mut plan).or(times);
        }
        match times {
            Some(times) => self.work.find_create_ts(&plan, times.values()),
            None => self.work.is_match(&plan),
        }
    }

    fn is_other_scheme(&self) -> bool {
        self.plans
            .iter()
            .flatten()
            .all(|plan| plan.other_scheme.is_some())
    }

    /// Whether the body is too long for all pairs.
    const fn is_long(&self) -> bool {
        self.body.len() > MAX_PAIRED_BODY
    }

    /// Whether the edits of these slots mend all that is wrong in the headers themselves.
    fn covers(&self, slots: &[Slot]) -> bool {
        self.required
            .iter()
            .flatten()
            .all(|slot| slots.contains(slot))
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
