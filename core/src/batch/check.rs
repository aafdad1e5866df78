//! The validation of a single order: a quick check that only says yes, and a thorough one that
//! reports.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::batch::order::{
    self, OrderFields, ParamFields, PartialOrder, PartialParam, path_of_param,
};
use crate::batch::param_names::ParamNames;
use crate::batch::rules::Rules;
use crate::batch::template::{Template, Variable};
use crate::check::memory::NoMemoryError;
use crate::check::path::Path;
use crate::check::violation::{ViolationKind, Violations};
use crate::check::{chars, country_code, ids, phone};
use crate::json::utf8::{Text, sealed::MaybeUtf8 as _};

/// An order that is valid by itself, and what is known of its params.
#[derive(Clone, Copy)]
pub(crate) struct Checked<'r> {
    /// The template's variables, if the order's params fill them in the template's order. Otherwise
    /// empty.
    pub(crate) variables: &'r [Arc<Variable>],
    /// Whether there are names that may be new to the batch.
    pub(crate) has_new_names: bool,
}

impl Checked<'_> {
    pub(crate) const WITHOUT_TEMPLATE: Self = Self {
        variables: &[],
        has_new_names: true,
    };
}

/// Validates an order quickly. `None` if something may be wrong: [`check`] tells what, if anything.
/// `names` are those of the batch's params, which are valid, unless there is a template.
pub(crate) fn quick_check<'r, O: OrderFields>(
    order: &O,
    rules: &'r Rules,
    names: Option<&ParamNames>,
) -> Option<Checked<'r>> {
    let code = phone::country_code_of(order.user_phone()?.bytes())?;
    let order_id = order.order_id()?.bytes();
    if order_id.is_empty() || !rules.allows_country_code(code) {
        return None;
    }
    let allows_blank_edges = rules.allows_blank_edges();
    if !ids::is_plain(order_id, allows_blank_edges) {
        return None;
    }
    let template = rules.template();
    let params = order.params();
    let is_filled = |param: &O::Param| param.value().is_some_and(|value| !value.bytes().is_empty());
    if !params.iter().all(is_filled) {
        return None;
    }
    if let Some(template) = template.filter(|template| template.is(params.iter().map(name_of))) {
        let variables = template.variables();
        return Some(Checked {
            variables,
            has_new_names: false,
        });
    }
    if names.is_some_and(|names| names.have_at_same_places(params)) {
        return Some(Checked {
            has_new_names: false,
            ..Checked::WITHOUT_TEMPLATE
        });
    }
    let has_plain_edges =
        |param: &O::Param| allows_blank_edges || ids::has_visible_edges(name_of(param));
    let are_valid = have_valid_names(params, template)
        // The names of a template may begin and end with anything.
        && (template.is_some() || params.iter().all(has_plain_edges));
    are_valid.then_some(Checked::WITHOUT_TEMPLATE)
}

/// Whether a short list of params has valid names, in any order.
fn have_valid_names<P: ParamFields>(params: &[P], template: Option<&Template>) -> bool {
    let names = params.iter().map(name_of);
    params.len() <= LINEAR_MAX
        && names.clone().enumerate().all(|(i, name)| {
            !name.is_empty() && !names.clone().take(i).any(|earlier| earlier == name)
        })
        // Same length, all known, all distinct: the sets are equal.
        && template.is_none_or(|template| {
            params.len() == template.variables().len()
                && names.clone().all(|name| template.contains(name))
        })
}

/// The name of a param; empty if it could not be read.
fn name_of<P: ParamFields>(param: &P) -> &[u8] {
    param.name().map_or(&[], |name| name.bytes())
}

/// Reports everything that is wrong with an order by itself. The batch checks that its orderID is
/// unique.
pub(crate) fn check(
    order: &PartialOrder<'_>,
    path: Path,
    rules: &Rules,
    violations: &mut Violations,
) {
    let allows_blank_edges = rules.allows_blank_edges();
    if let Some(order_id) = str_of(order.order_id()) {
        let path = path.with_pattern(order::ORDER_ID);
        if order_id.is_empty() {
            violations.push(path, ViolationKind::Empty);
        }
        ids::check(order_id, allows_blank_edges, path, violations);
    }
    if let Some(user_phone) = str_of(order.user_phone()) {
        let path = path.with_pattern(order::USER_PHONE);
        phone::check(user_phone, |error| {
            violations.push(path, ViolationKind::Phone(error));
        });
        check_country_code(user_phone, rules, path, violations);
    }
    if let Some(params) = &order.params {
        check_params(params, path, rules, violations);
    }
}

fn str_of<'t>(text: Option<&'t Text<'_>>) -> Option<&'t str> {
    text.map(Text::as_str)
}

fn is_empty(text: Option<&Text<'_>>) -> bool {
    str_of(text) == Some("")
}

fn check_country_code(user_phone: &str, rules: &Rules, path: Path, violations: &mut Violations) {
    // Only a string of digits has a country code.
    if !chars::is_ascii_digits(user_phone.as_bytes()) {
        return;
    }
    if let Some(code) = country_code::of_digits(user_phone) {
        if !rules.allows_country_code(code.as_bytes()) {
            let country_code = code.parse().expect("a country code has 3 digits at most");
            violations.push(path, ViolationKind::CountryCodeNotAllowed { country_code });
        }
    }
}

fn check_params(
    params: &[PartialParam<'_>],
    order: Path,
    rules: &Rules,
    violations: &mut Violations,
) {
    for param in params {
        let path = path_of_param(order, param.index);
        if is_empty(param.name()) {
            violations.push(path.with_pattern(order::NAME), ViolationKind::Empty);
        }
        if is_empty(param.value()) {
            violations.push(path.with_pattern(order::VALUE), ViolationKind::Empty);
        }
    }
    let template = rules.template();
    if template.is_some_and(|template| template.is(params.iter().map(name_of))) {
        return;
    }
    if let Err(error) = check_names(params, order, rules, violations) {
        violations.fail(error);
    }
}

fn check_names(
    params: &[PartialParam<'_>],
    order: Path,
    rules: &Rules,
    violations: &mut Violations,
) -> Result<(), NoMemoryError> {
    let template = rules.template();
    let firsts = Firsts::of(params)?;
    // Sorted.
    let mut nearly_filled: Vec<Arc<String>> = Vec::new();
    for (i, param) in params.iter().enumerate() {
        let Some(name) = str_of(param.name()).filter(|name| !name.is_empty()) else {
            continue;
        };
        let path = path_of_param(order, param.index).with_pattern(order::NAME);
        match firsts.get(name) {
            Some(first) if first != i => {
                let first = params[first].index;
                violations.push(path, ViolationKind::DuplicateParam { first });
            }
            _ => {}
        }
        if template.is_none() {
            ids::check_edges(name, rules.allows_blank_edges(), path, violations);
        }
        if let Some(template) = template.filter(|template| !template.contains(name.as_bytes())) {
            let nearest = template.nearest(name);
            if let Some((variable, _)) = &nearest {
                if let Err(place) = nearly_filled.binary_search(variable) {
                    nearly_filled.try_reserve(1)?;
                    nearly_filled.insert(place, Arc::clone(variable));
                }
            }
            violations.push(path, ViolationKind::UnknownParam { nearest });
        }
    }
    for variable in template.map_or(&[][..], Template::variables) {
        let name = &variable.name;
        if firsts.get(name).is_none() {
            let is_nearly_filled = nearly_filled.binary_search(name).is_ok();
            let hint = if is_nearly_filled {
                "; one of the params nearly has this name"
            } else {
                ""
            };
            let kind = ViolationKind::MissingParam { name: name.clone() };
            violations.push_with_hint(order.with_pattern(order::PARAMS), kind, hint);
        }
    }
    Ok(())
}

/// The longest list of params that is searched linearly.
const LINEAR_MAX: usize = 16;

/// The first param of each name. A long list is sorted.
enum Firsts<'p, 'a> {
    Linear(&'p [PartialParam<'a>]),
    Sorted(Vec<(&'p str, usize)>),
}

impl<'p, 'a> Firsts<'p, 'a> {
    fn of(params: &'p [PartialParam<'a>]) -> Result<Self, NoMemoryError> {
        if params.len() <= LINEAR_MAX {
            return Ok(Self::Linear(params));
        }
        let mut firsts = Vec::new();
        firsts.try_reserve_exact(params.len())?;
        let names = params.iter().map(|param| str_of(param.name()));
        firsts.extend(names.enumerate().filter_map(|(i, name)| Some((name?, i))));
        firsts.sort_unstable();
        // Of equal names the first one stays.
        firsts.dedup_by_key(|(name, _)| *name);
        Ok(Self::Sorted(firsts))
    }

    fn get(&self, name: &str) -> Option<usize> {
        match self {
            Self::Linear(params) => params
                .iter()
                .position(|param| str_of(param.name()) == Some(name)),
            Self::Sorted(firsts) => {
                let found = firsts.binary_search_by_key(&name, |(name, _)| *name);
                found.ok().map(|place| firsts[place].1)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;
    use alloc::vec::Vec;

    use proptest::prelude::*;
    use proptest::sample::{select, subsequence};

    use super::*;
    use crate::batch::order::{Order, Param, path_of_order};

    fn rules() -> impl Strategy<Value = Rules> {
        let template = prop::option::of(subsequence(vec!["p", "quantity", "r"], 0..=3));
        (any::<bool>(), template).prop_map(|(only_china, template)| {
            let mut rules = Rules::new();
            if only_china {
                rules.allow_country_code("86").unwrap();
            }
            if let Some(names) = template {
                rules.require_no_other_params();
                for name in names {
                    rules.require_param(name).unwrap();
                }
            }
            rules
        })
    }

    proptest! {
        /// For at most [`LINEAR_MAX`] params.
        #[test]
        fn the_quick_check_agrees_with_the_thorough_one(
            order_id in select(vec!["", "1", "\u{4e2d}"]),
            user_phone in select(vec!["8613800000001", "14155550100", "+8613800000001", "861380", "", "2101234567"]),
            names in prop::collection::vec(select(vec!["p", "quantity", "r", "s", ""]), 0..5),
            filled in prop::collection::vec(prop::bool::weighted(0.9), 5),
            rules in rules(),
        ) {
            let value = |is_filled: bool| if is_filled { "v" } else { "" };
            let params: Vec<Param<'_>> = names
                .iter()
                .zip(filled)
                .map(|(name, is_filled)| Param { name, value: value(is_filled) })
                .collect();
            let order = Order { order_id, user_phone, params: &params, ..Order::default() };
            let mut violations = Violations::new();
            let path = path_of_order(0);
            let partial = order.to_partial(path, &mut violations);
            check(&partial, path, &rules, &mut violations);
            prop_assert_eq!(quick_check(&order, &rules, None).is_some(), violations.is_empty());
        }
    }

    #[test]
    fn a_long_list_passes_the_quick_check_only_in_the_order_of_the_template() {
        let names: Vec<_> = (0..=LINEAR_MAX).map(|i| alloc::format!("p{i}")).collect();
        let params: Vec<Param<'_>> = names
            .iter()
            .map(|name| Param { name, value: "v" })
            .collect();
        let reversed: Vec<_> = params.iter().rev().copied().collect();
        let mut rules = Rules::new();
        for name in &names {
            rules.require_param(name).unwrap();
        }
        let order = |params| Order {
            order_id: "1",
            user_phone: "8613800000001",
            params,
            ..Order::default()
        };
        assert!(quick_check(&order(&params), &rules, None).is_some());
        assert!(quick_check(&order(&reversed), &rules, None).is_none());
        let mut violations = Violations::new();
        let path = path_of_order(0);
        let partial = order(&reversed).to_partial(path, &mut violations);
        check(&partial, path, &rules, &mut violations);
        assert!(violations.is_empty());
    }
}
