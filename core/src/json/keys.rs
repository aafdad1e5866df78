//! The keys of objects that have exactly these, such as an order.

use crate::check::path::Path;
use crate::check::violation::{ViolationKind, Violations};
use crate::json::reader::{Open, Parsed, Reader};

/// A key that an object must have.
pub(crate) struct Key<F: 'static> {
    pub(crate) name: &'static str,
    /// What the caller calls it.
    pub(crate) field: F,
    /// The path of its value.
    pub(crate) pattern: &'static str,
    /// The end of the message if it is missing or null, such as "; give [] if there are none".
    pub(crate) hint_if_absent: &'static str,
}

/// The keys of one object: those that it must have, and those read so far.
pub(crate) struct Keys<F: 'static> {
    required: &'static [Key<F>],
    /// A bit for each of the required keys.
    seen: u32,
    open: Open,
    object: Path,
}

impl<F> Keys<F> {
    /// Begins the object that comes next.
    pub(crate) fn of(required: &'static [Key<F>], object: Path, reader: &mut Reader<'_>) -> Self {
        assert!(required.len() <= u32::BITS as usize);
        Self {
            required,
            seen: 0,
            open: reader.open(),
            object,
        }
    }

    /// The next key whose value is wanted. Unknown and duplicate keys are reported, and skipped
    /// with their values.
    pub(crate) fn next(
        &mut self,
        reader: &mut Reader<'_>,
        violations: &mut Violations,
    ) -> Parsed<Option<&'static Key<F>>> {
        while let Some(found) = reader.next_key(&mut self.open)? {
            let mut required = self.required.iter();
            if let Some(index) = required.position(|key| key.name == found.string) {
                let key = &self.required[index];
                let bit = 1 << index;
                if self.seen & bit == 0 {
                    self.seen |= bit;
                    return Ok(Some(key));
                }
                let path = self.object.with_pattern(key.pattern);
                reader.report_duplicate(&found, path, violations);
            } else if found.flaws.is_none() {
                let known = self.required.iter().map(|key| key.name);
                reader.report_unknown(&found, known, self.object, violations);
            } else {
                reader.report(found.flaws, self.object, violations);
            }
            reader.skip()?;
        }
        Ok(None)
    }

    /// Lets the key at an index be missing.
    pub(crate) const fn excuse(&mut self, index: usize) {
        self.seen |= 1 << index;
    }

    /// Reports the missing keys.
    pub(crate) fn finish(&self, violations: &mut Violations) {
        for (index, key) in self.required.iter().enumerate() {
            if self.seen & (1 << index) == 0 {
                let path = self.object.with_pattern(key.pattern);
                violations.push_with_hint(path, ViolationKind::MissingKey, key.hint_if_absent);
            }
        }
    }
}
