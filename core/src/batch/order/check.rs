//! What an order must be on its own.

use alloc::collections::BTreeMap;

use super::{OrderFields, ParamFields, Text};
use crate::batch::rules::{Rules, Template, Variable};
use crate::check::violation::{Field, Place, ViolationKind, Violations};
use crate::check::{chars, country_code, phone};

/// What is known of an order with which nothing is wrong on its own.
#[derive(Clone, Copy)]
pub(crate) struct Right<'r> {
    /// The template's variables, if the order's params fill them one after another. Empty where there is no template, or
    /// where the params have another sequence.
    pub(crate) variables: &'r [Variable],
}

impl Right<'_> {
    /// Nothing but that.
    pub(crate) const UNLIKE_TEMPLATE: Self = Self { variables: &[] };
}

/// Looks at an order quickly. `None` where something may be wrong: [`check`] says what is, if anything.
pub(crate) fn look_at<'r, O: OrderFields>(order: &O, rules: &'r Rules) -> Option<Right<'r>> {
    let code = phone::country_code_of(order.user_phone()?.bytes())?;
    if order.order_id()?.bytes().is_empty() || !rules.allows_country_code(code) {
        return None;
    }
    let template = rules.template();
    let params = order.params()?;
    let is_filled = |param: &O::Param| param.value().is_some_and(|value| !value.bytes().is_empty());
    if !params.iter().all(is_filled) {
        return None;
    }
    if let Some(template) = template.filter(|template| template.is(params.iter().map(name_of))) {
        let variables = template.variables();
        return Some(Right { variables });
    }
    are_names_right(params, template).then_some(Right::UNLIKE_TEMPLATE)
}

/// Whether few params have the names that they should, in any order.
fn are_names_right<P: ParamFields>(params: &[P], template: Option<&Template>) -> bool {
    let names = params.iter().map(name_of);
    // Each one of the template's, each another one, and as many: then they are all of them.
    params.len() <= FEW
        && names.clone().enumerate().all(|(i, name)| {
            !name.is_empty() && !names.clone().take(i).any(|earlier| earlier == name)
        })
        && template.is_none_or(|template| {
            params.len() == template.variables().len()
                && names.clone().all(|name| template.contains(name))
        })
}

/// The name of a param; empty where it could not be read.
fn name_of<P: ParamFields>(param: &P) -> &[u8] {
    param.name().map_or(&[], Text::bytes)
}

/// Reports all that is wrong with an order on its own; the batch alone knows whether its orderID is new.
pub(crate) fn check<O: OrderFields<Text = str>>(
    order: &O,
    index: usize,
    rules: &Rules,
    violations: &mut Violations,
) {
    if order.order_id() == Some("") {
        violations.push(Place::in_order(index, Field::OrderId), ViolationKind::Empty);
    }
    if let Some(user_phone) = order.user_phone() {
        let place = Place::in_order(index, Field::UserPhone);
        phone::check(user_phone, |fault| {
            violations.push(place, ViolationKind::Phone(fault));
        });
        check_country_code(user_phone, rules, place, violations);
    }
    if let Some(params) = order.params() {
        check_params(params, index, rules, violations);
    }
}

#[inline]
fn check_country_code(user_phone: &str, rules: &Rules, place: Place, violations: &mut Violations) {
    // A number that is no number has no country code to speak of.
    if !chars::all_digits(user_phone.as_bytes()) {
        return;
    }
    if let Some(code) = country_code::of_digits(user_phone) {
        if !rules.allows_country_code(code.as_bytes()) {
            let country_code = code.parse().expect("a country code has 3 digits at most");
            violations.push(place, ViolationKind::CountryCodeNotAllowed { country_code });
        }
    }
}

fn check_params<P: ParamFields<Text = str>>(
    params: &[P],
    order: usize,
    rules: &Rules,
    violations: &mut Violations,
) {
    for (i, param) in params.iter().enumerate() {
        let i = param.index(i);
        if param.name() == Some("") {
            violations.push(Place::in_param(order, i, Field::Name), ViolationKind::Empty);
        }
        if param.value() == Some("") {
            violations.push(
                Place::in_param(order, i, Field::Value),
                ViolationKind::Empty,
            );
        }
    }
    let template = rules.template();
    let names = params.iter().map(name_of);
    if template.is_some_and(|template| template.is(names)) {
        return;
    }
    let firsts = Firsts::of(params);
    for (i, param) in params.iter().enumerate() {
        let Some(name) = param.name().filter(|name| !name.is_empty()) else {
            continue;
        };
        let place = Place::in_param(order, param.index(i), Field::Name);
        match firsts.get(name) {
            Some(first) if first != i => {
                let first = params[first].index(first);
                violations.push(place, ViolationKind::DuplicateParam { first });
            }
            _ => {}
        }
        if template.is_some_and(|template| !template.contains(name.as_bytes())) {
            violations.push(place, ViolationKind::UnknownParam);
        }
    }
    for variable in template.map_or(&[][..], Template::variables) {
        let name = &variable.name;
        if firsts.get(name).is_none() {
            let fault = ViolationKind::MissingParam { name: name.clone() };
            violations.push(Place::in_order(order, Field::Params), fault);
        }
    }
}

/// How many params are few.
const FEW: usize = 16;

/// Where each name stands first. Few params are searched through; many would take too long that way.
enum Firsts<'a, P> {
    Few(&'a [P]),
    Many(BTreeMap<&'a str, usize>),
}

impl<'a, P: ParamFields<Text = str>> Firsts<'a, P> {
    fn of(params: &'a [P]) -> Self {
        if params.len() <= FEW {
            return Self::Few(params);
        }
        let mut firsts = BTreeMap::new();
        for (i, param) in params.iter().enumerate() {
            if let Some(name) = param.name() {
                firsts.entry(name).or_insert(i);
            }
        }
        Self::Many(firsts)
    }

    fn get(&self, name: &str) -> Option<usize> {
        match self {
            Self::Few(params) => params.iter().position(|param| param.name() == Some(name)),
            Self::Many(firsts) => firsts.get(name).copied(),
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
    use crate::batch::order::{Order, Param};

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
        /// With up to [`FEW`] params; of more than that a quick look tells nothing.
        #[test]
        fn a_quick_look_tells_what_a_thorough_one_does(
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
            check(&order, 0, &rules, &mut violations);
            prop_assert_eq!(look_at(&order, &rules).is_some(), violations.is_empty());
        }
    }

    #[test]
    fn of_many_params_a_quick_look_tells_only_whether_they_are_the_template() {
        let names: Vec<_> = (0..=FEW).map(|i| alloc::format!("p{i}")).collect();
        let params: Vec<Param<'_>> = names
            .iter()
            .map(|name| Param { name, value: "v" })
            .collect();
        let turned: Vec<_> = params.iter().rev().copied().collect();
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
        assert!(look_at(&order(&params), &rules).is_some());
        assert!(look_at(&order(&turned), &rules).is_none());
        let mut violations = Violations::new();
        check(&order(&turned), 0, &rules, &mut violations);
        assert!(violations.is_empty());
    }
}
