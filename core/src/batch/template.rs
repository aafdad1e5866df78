//! The script template: the variables that every order has to fill.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use crate::batch::canonical;
use crate::check::memory::{self, NoMemoryError};
use crate::check::names::NameDifference;
use crate::check::{chars, names};
use crate::json::utf8::Text;

/// The variables of a script template, each once.
#[derive(Default)]
pub(crate) struct Template {
    /// In the order in which they were named.
    variables: Vec<Arc<Variable>>,
    /// Their names, sorted for binary search.
    sorted: Vec<Arc<String>>,
}

/// A variable of a script template.
pub(crate) struct Variable {
    pub(crate) name: Arc<String>,
    /// The JSON between the previous param's value and this one's.
    pub(crate) prefix: Vec<u8>,
}

impl Template {
    /// Adds a variable. `false` if it is there already. If an allocation fails, nothing happens.
    pub(crate) fn add(&mut self, name: &Text<'_>) -> Result<bool, NoMemoryError> {
        let Err(index) = self.search(name.as_str().as_bytes()) else {
            return Ok(false);
        };
        let prefix = canonical::param_prefix(self.variables.len(), name)?;
        self.sorted.try_reserve(1)?;
        self.variables.try_reserve(1)?;
        let name = Arc::new(memory::to_string(name.as_str())?);
        self.sorted.insert(index, Arc::clone(&name));
        self.variables.push(Arc::new(Variable { name, prefix }));
        Ok(true)
    }

    /// A copy, which shares the variables.
    pub(crate) fn try_clone(&self) -> Result<Self, NoMemoryError> {
        let mut copy = Self::default();
        copy.variables.try_reserve_exact(self.variables.len())?;
        copy.sorted.try_reserve_exact(self.sorted.len())?;
        copy.variables.extend_from_slice(&self.variables);
        copy.sorted.extend_from_slice(&self.sorted);
        Ok(copy)
    }

    pub(crate) fn variables(&self) -> &[Arc<Variable>] {
        &self.variables
    }

    /// Whether these are the variables' names in the template's order, as they nearly always are.
    #[inline]
    pub(crate) fn is<'n>(&self, names: impl ExactSizeIterator<Item = &'n [u8]>) -> bool {
        names.len() == self.variables.len()
            && self
                .variables
                .iter()
                .zip(names)
                .all(|(variable, name)| chars::eq_short(variable.name.as_bytes(), name))
    }

    pub(crate) fn contains(&self, name: &[u8]) -> bool {
        self.search(name).is_ok()
    }

    /// The variable that an unknown name nearly is.
    pub(crate) fn nearest(&self, name: &str) -> Option<(Arc<String>, NameDifference)> {
        let known = self.variables.iter().map(|variable| Known(variable));
        let (Known(variable), difference) = names::nearest(name, known)?;
        Some((Arc::clone(&variable.name), difference))
    }

    fn search(&self, name: &[u8]) -> Result<usize, usize> {
        self.sorted
            .binary_search_by(|probe| probe.as_bytes().cmp(name))
    }
}

/// A variable by its name.
struct Known<'t>(&'t Variable);

impl AsRef<str> for Known<'_> {
    fn as_ref(&self) -> &str {
        &self.0.name
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.variables.iter().map(|variable| &variable.name);
        f.debug_list().entries(names).finish()
    }
}
