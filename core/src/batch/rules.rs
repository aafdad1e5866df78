//! What only the caller can know about a campaign, and what every order is then held to.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use crate::batch::body;
use crate::check::{chars, country_code};
use crate::error::Error;

/// What a campaign demands of its orders beyond what the API itself does. Nothing is assumed that was not said here.
///
/// ```
/// use callbot_core::{Batch, Order, Param, Rules, Task};
///
/// let mut rules = Rules::new();
/// rules
///     .require_param("amount")?
///     .allow_country_code("86")?
///     .max_orders(1000)?;
///
/// let task = Task {
///     user_task_id: "spring",
///     order_callback_url: "https://example.com/order",
///     call_callback_url: "https://example.com/call",
/// };
/// let mut batch = Batch::new(&task, rules)?;
/// let refused = batch
///     .add(&Order { order_id: "1", user_phone: "4915112345678", ..Order::default() })
///     .unwrap_err();
/// let codes: Vec<_> = refused.iter().map(|violation| violation.code()).collect();
/// assert_eq!(codes, ["country_code_not_allowed", "missing_param"]);
/// # Ok::<(), callbot_core::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// Every batch has a copy of the rules, and they share it.
    template: Option<Arc<Template>>,
    /// Empty: any country code.
    country_codes: Vec<String>,
    max_orders: Option<usize>,
}

impl Rules {
    /// No rules beyond the API's own.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Names a variable of the script template. From then on every order must fill each variable that was named exactly
    /// once, in any order, and no other.
    ///
    /// The names are found in the console under script management, variable settings.
    ///
    /// # Errors
    ///
    /// [`Error::Rules`] when the name is empty or was named before.
    pub fn require_param(&mut self, name: &str) -> Result<&mut Self, Error> {
        if name.is_empty() {
            return Err(RulesError::EmptyParamName.into());
        }
        let template = self.template.get_or_insert_default();
        let Err(place) = template.search(name.as_bytes()) else {
            return Err(RulesError::RepeatedParamName.into());
        };
        Arc::make_mut(template).insert(place, name);
        Ok(self)
    }

    /// Says that the script template has no variables: no order may then have any params.
    ///
    /// It changes nothing once [`require_param`](Self::require_param) has named a variable.
    pub fn require_no_other_params(&mut self) -> &mut Self {
        self.template.get_or_insert_default();
        self
    }

    /// Allows a country code, such as `86`. Once one was allowed, a number with any other country code is refused. That
    /// finds numbers whose country code was forgotten, and closes the door to toll fraud.
    ///
    /// `1` stands for all of the North American Numbering Plan, the Caribbean included, and `7` for Russia and Kazakhstan.
    ///
    /// # Errors
    ///
    /// [`Error::Rules`] unless `digits` is an assigned country code as a whole, without `+` or zeros before it.
    pub fn allow_country_code(&mut self, digits: &str) -> Result<&mut Self, Error> {
        if !country_code::is_assigned(digits) {
            return Err(RulesError::CountryCode.into());
        }
        if !self.country_codes.iter().any(|code| code == digits) {
            self.country_codes.push(digits.into());
        }
        Ok(self)
    }

    /// Sets the most orders that one request may hold. The provider publishes no figure, only an error for too many
    /// (code 4001).
    ///
    /// # Errors
    ///
    /// [`Error::Rules`] for 0.
    pub fn max_orders(&mut self, max: usize) -> Result<&mut Self, Error> {
        if max == 0 {
            return Err(RulesError::NoOrders.into());
        }
        self.max_orders = Some(max);
        Ok(self)
    }

    pub(crate) fn template(&self) -> Option<&Template> {
        self.template.as_deref()
    }

    pub(crate) fn most_orders(&self) -> usize {
        self.max_orders.unwrap_or(usize::MAX)
    }

    #[inline]
    pub(crate) fn allows_country_code(&self, code: &[u8]) -> bool {
        self.country_codes.is_empty()
            || self
                .country_codes
                .iter()
                .any(|allowed| allowed.as_bytes() == code)
    }
}

/// The variables of a script template, each once.
#[derive(Clone, Default)]
pub(crate) struct Template {
    /// As they were named.
    variables: Vec<Variable>,
    /// Their names, sorted, so that one is found fast.
    sorted: Vec<Arc<str>>,
}

/// A variable of a script template.
#[derive(Clone)]
pub(crate) struct Variable {
    pub(crate) name: Arc<str>,
    /// What stands in the body before the value that fills it, and behind that of the variable before it.
    pub(crate) written: Vec<u8>,
}

impl Template {
    /// Adds a name that is not there yet. `place` is where it belongs among the sorted ones.
    fn insert(&mut self, place: usize, name: &str) {
        let written = body::param_begin(self.variables.len(), name);
        let name: Arc<str> = name.into();
        self.sorted.insert(place, name.clone());
        self.variables.push(Variable { name, written });
    }

    pub(crate) fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// Whether these are the names of its variables, in its order, which nearly always they are.
    #[inline]
    pub(crate) fn is<'n>(&self, names: impl ExactSizeIterator<Item = &'n [u8]>) -> bool {
        names.len() == self.variables.len()
            && self
                .variables
                .iter()
                .zip(names)
                .all(|(variable, other)| chars::are_equal(variable.name.as_bytes(), other))
    }

    pub(crate) fn contains(&self, name: &[u8]) -> bool {
        self.search(name).is_ok()
    }

    /// Where a name is among the sorted ones, or else where it belongs.
    fn search(&self, name: &[u8]) -> Result<usize, usize> {
        self.sorted
            .binary_search_by(|probe| probe.as_bytes().cmp(name))
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.variables.iter().map(|variable| &variable.name);
        f.debug_list().entries(names).finish()
    }
}

/// Why a rule cannot be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RulesError {
    /// A template variable's name is empty.
    EmptyParamName,
    /// A template variable was named before.
    RepeatedParamName,
    /// It is not an assigned country code.
    CountryCode,
    /// A limit of 0 orders would refuse every batch.
    NoOrders,
}

impl RulesError {
    /// The stable code of this fault.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::EmptyParamName => "rules_param_empty",
            Self::RepeatedParamName => "rules_param_repeated",
            Self::CountryCode => "rules_country_code",
            Self::NoOrders => "rules_max_orders",
        }
    }
}

impl fmt::Display for RulesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EmptyParamName => "a template variable's name is empty",
            Self::RepeatedParamName => "this template variable was named before; name each once",
            Self::CountryCode => {
                "this is not an assigned country code; give its digits alone, such as 86 or 1"
            }
            Self::NoOrders => "a limit of 0 orders would refuse every batch; give at least 1",
        })
    }
}
