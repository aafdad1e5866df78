//! The rules of a campaign, which only the caller can know.

use alloc::sync::Arc;
use core::fmt;

use crate::batch::template::Template;
use crate::check::country_code;
use crate::check::memory::NoMemoryError;
use crate::json::utf8::Text;

/// What a campaign requires of its orders beyond the API's own rules. Every rule is off until it is
/// set.
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
    /// Shared with the copies that batches keep.
    template: Option<Arc<Template>>,
    /// Empty: any country code.
    country_codes: CountryCodes,
    max_orders: Option<usize>,
    allows_blank_edges: bool,
    has_unique_phones: bool,
}

/// A set of country codes, which have at most three digits, and no zero before them.
#[derive(Debug, Clone, Default)]
struct CountryCodes {
    bits: [u64; 16],
    is_any: bool,
}

impl CountryCodes {
    fn add(&mut self, code: &[u8]) {
        let (word, bit) = Self::place(code);
        self.bits[word] |= bit;
        self.is_any = true;
    }

    fn contains(&self, code: &[u8]) -> bool {
        let (word, bit) = Self::place(code);
        self.bits[word] & bit != 0
    }

    /// The word and the bit of a code.
    fn place(code: &[u8]) -> (usize, u64) {
        let digit = |number: usize, digit: &u8| number * 10 + usize::from(digit & 0xf);
        let number = code.iter().fold(0, digit) % 1000;
        (number / 64, 1 << (number % 64))
    }
}

impl Rules {
    /// No rules beyond the API's own.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Names a variable of the script template. Every order must then fill each named variable
    /// exactly once, in any order, and no other.
    ///
    /// The names are found in the console under script management, variable settings.
    ///
    /// # Errors
    ///
    /// [`RulesError::EmptyParamName`] or [`RulesError::DuplicateParamName`].
    pub fn require_param(&mut self, name: &str) -> Result<&mut Self, RulesError> {
        if name.is_empty() {
            return Err(RulesError::EmptyParamName);
        }
        let name = Text::of(name).map_err(|_| RulesError::NulInParamName)?;
        let template = self.template.get_or_insert_default();
        if Arc::get_mut(template).is_none() {
            // A copy of the rules has it too.
            let copy = template.try_clone();
            *template = Arc::new(copy.map_err(|_| RulesError::NoMemory)?);
        }
        let added = Arc::get_mut(template).map_or(Err(NoMemoryError), |own| own.add(&name));
        match added {
            Ok(true) => Ok(self),
            Ok(false) => Err(RulesError::DuplicateParamName),
            Err(NoMemoryError) => Err(RulesError::NoMemory),
        }
    }

    /// States that the script template has no variables: no order may have any params.
    ///
    /// It has no effect if [`require_param`](Self::require_param) names a variable, before or
    /// after.
    pub fn require_no_other_params(&mut self) -> &mut Self {
        self.template.get_or_insert_default();
        self
    }

    /// Allows a country code, such as `86`. Once one is allowed, numbers with any other country
    /// code are refused. This finds numbers without a country code, and prevents toll fraud.
    ///
    /// `1` stands for the whole North American Numbering Plan, including the Caribbean, and `7` for
    /// Russia and Kazakhstan.
    ///
    /// # Errors
    ///
    /// [`RulesError::CountryCode`] unless `digits` is exactly an assigned country code, without `+`
    /// or leading zeros.
    pub fn allow_country_code(&mut self, digits: &str) -> Result<&mut Self, RulesError> {
        if !country_code::is_assigned(digits) {
            return Err(RulesError::CountryCode);
        }
        self.country_codes.add(digits.as_bytes());
        Ok(self)
    }

    /// Sets the maximum number of orders in one request. The provider publishes no figure, only an
    /// error for too many (code 4001).
    ///
    /// # Errors
    ///
    /// [`RulesError::NoOrders`] for 0.
    pub fn max_orders(&mut self, max: usize) -> Result<&mut Self, RulesError> {
        if max == 0 {
            return Err(RulesError::NoOrders);
        }
        self.max_orders = Some(max);
        Ok(self)
    }

    /// Allows whitespace, control and invisible characters at the start and end of `orderID`,
    /// `userTaskID` and the names of params. Otherwise they are refused, since they nearly always
    /// come from a file's line ends or from copying, and nobody sees them.
    ///
    /// The names of variables that [`require_param`](Self::require_param) names may begin and end
    /// with anything. [`SignedRequest::from_json_with`](crate::SignedRequest::from_json_with) and
    /// [`from_request`](crate::SignedRequest::from_request) allow the IDs in any other request.
    ///
    /// A variation selector or a tag belongs to the visible character before it, as in an emoji or
    /// a Chinese character, and is an edge only at the start and after ASCII.
    ///
    /// ```
    /// # use callbot_core::{Batch, Order, Rules, Task};
    /// # let task = Task {
    /// #     user_task_id: "t",
    /// #     order_callback_url: "https://a.example/",
    /// #     call_callback_url: "https://a.example/",
    /// # };
    /// let order = Order { order_id: "A-1\r", user_phone: "8613800000001", ..Order::default() };
    /// let mut batch = Batch::new(&task, Rules::new())?;
    /// let refused = batch.add(&order).unwrap_err();
    /// assert_eq!(refused.iter().next().unwrap().code(), "blank_edge");
    ///
    /// let mut rules = Rules::new();
    /// rules.allow_blank_edges();
    /// Batch::new(&task, rules)?.add(&order)?;
    /// # Ok::<(), callbot_core::Error>(())
    /// ```
    pub fn allow_blank_edges(&mut self) -> &mut Self {
        self.allows_blank_edges = true;
        self
    }

    /// Refuses an order whose phone number another order of the batch has already, so that nobody
    /// is called twice.
    ///
    /// It is off by default: one number may stand for several people. The batch then keeps an index
    /// of the numbers, beside that of the orderIDs.
    ///
    /// ```
    /// # use callbot_core::{Batch, Order, Rules, Task};
    /// # let task = Task {
    /// #     user_task_id: "t",
    /// #     order_callback_url: "https://a.example/",
    /// #     call_callback_url: "https://a.example/",
    /// # };
    /// let mut rules = Rules::new();
    /// rules.unique_phones();
    /// let mut batch = Batch::new(&task, rules)?;
    /// let order = Order { order_id: "1", user_phone: "8613800000001", ..Order::default() };
    /// batch.add(&order)?;
    /// let refused = batch.add(&Order { order_id: "2", ..order }).unwrap_err();
    /// assert_eq!(refused.iter().next().unwrap().code(), "duplicate_phone");
    /// # Ok::<(), callbot_core::Error>(())
    /// ```
    pub fn unique_phones(&mut self) -> &mut Self {
        self.has_unique_phones = true;
        self
    }

    pub(crate) const fn has_unique_phones(&self) -> bool {
        self.has_unique_phones
    }

    pub(crate) const fn allows_blank_edges(&self) -> bool {
        self.allows_blank_edges
    }

    pub(crate) fn template(&self) -> Option<&Template> {
        self.template.as_deref()
    }

    pub(crate) fn order_limit(&self) -> usize {
        self.max_orders.unwrap_or(usize::MAX)
    }

    #[inline]
    pub(crate) fn allows_country_code(&self, code: &[u8]) -> bool {
        !self.country_codes.is_any || self.country_codes.contains(code)
    }
}

/// Why a rule cannot be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RulesError {
    /// The name of a template variable is empty.
    EmptyParamName,
    /// The name of a template variable has U+0000, which no order may have.
    NulInParamName,
    /// The template variable was named before.
    DuplicateParamName,
    /// Not an assigned country code.
    CountryCode,
    /// A limit of 0 orders, which would refuse every batch.
    NoOrders,
    /// An allocation failed.
    NoMemory,
}

impl RulesError {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::EmptyParamName => "rules_param_empty",
            Self::NulInParamName => "rules_param_nul",
            Self::DuplicateParamName => "rules_param_repeated",
            Self::CountryCode => "rules_country_code",
            Self::NoOrders => "rules_max_orders",
            Self::NoMemory => NoMemoryError.code(),
        }
    }
}

impl fmt::Display for RulesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EmptyParamName => "the name of a required param must not be empty",
            Self::NulInParamName => {
                "the name of a required param has U+0000; give it without the NUL, as in the console"
            }
            Self::DuplicateParamName => "duplicate required param; name each once",
            Self::CountryCode => {
                "not an assigned country code; give its digits alone, such as 86 or 1"
            }
            Self::NoMemory => NoMemoryError::MESSAGE,
            Self::NoOrders => "a limit of 0 orders would refuse every batch; give at least 1",
        })
    }
}

impl core::error::Error for RulesError {}
