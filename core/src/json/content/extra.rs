//! The fields that have no place in a typed value.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use crate::json::tape::Tape;

/// Fields that have no place in a typed value, each as the JSON that was sent.
///
/// They are unknown, or have another type than the API's page says.
///
/// Its `Debug` shows their number only.
#[derive(Clone, Default)]
pub struct Extra {
    /// `None` if there are no fields.
    tape: Option<Arc<Tape>>,
    fields: Fields,
}

#[derive(Clone)]
enum Fields {
    /// The nodes of the keys.
    Keys(Vec<u32>),
    /// The node of a value that is not an object.
    Whole(u32),
}

impl Default for Fields {
    fn default() -> Self {
        Self::Keys(Vec::new())
    }
}

impl Extra {
    /// The members of the object at `node` with these keys. If it is no object, all of it.
    pub(crate) fn new(tape: &Arc<Tape>, node: u32, keys: Vec<u32>) -> Self {
        if !tape.is_object(node) {
            return Self {
                tape: Some(Arc::clone(tape)),
                fields: Fields::Whole(node),
            };
        }
        Self {
            tape: (!keys.is_empty()).then(|| Arc::clone(tape)),
            fields: Fields::Keys(keys),
        }
    }

    /// The number of fields.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.fields {
            Fields::Keys(keys) => keys.len(),
            Fields::Whole(_) => 1,
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The field with this key, as the JSON that was sent.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        let mut fields = self.iter();
        fields.find(|&(each, _)| each == key).map(|(_, json)| json)
    }

    /// All fields, in the order in which they were sent: keys, and the JSON of their values.
    ///
    /// An element of a list that should be an object and is not has its JSON under the empty key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let (keys, whole) = match &self.fields {
            Fields::Keys(keys) => (&keys[..], None),
            Fields::Whole(node) => (&[][..], Some(*node)),
        };
        self.tape.iter().flat_map(move |tape| {
            let fields = keys.iter().map(|&key| (tape.text(key), tape.json(key + 1)));
            fields.chain(whole.map(|node| ("", tape.json(node))))
        })
    }

    fn sorted(&self) -> Vec<(&str, &str)> {
        let mut fields: Vec<_> = self.iter().collect();
        fields.sort_unstable();
        fields
    }
}

/// Two are equal if they have equal fields, in any order.
impl PartialEq for Extra {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.sorted() == other.sorted()
    }
}

impl Eq for Extra {}

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Extra")
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}
