//! A list of objects, each read when it is asked for.

use alloc::sync::Arc;
use core::fmt;
use core::marker::PhantomData;

use crate::check::memory::NoMemoryError;
use crate::json::content::{Field, Object};
use crate::json::table::Kind;
use crate::json::tape::{Children, Tape};

/// A list of objects, each read when it is asked for. Empty if the field is absent.
///
/// It keeps the document that it was read from, and takes no memory for each element.
///
/// Its `Debug` shows its length only.
pub struct List<T> {
    /// `None` if the field is absent.
    array: Option<(Arc<Tape>, u32)>,
    elements: PhantomData<fn() -> T>,
}

impl<T: Object> List<T> {
    /// The number of elements.
    #[must_use]
    pub fn len(&self) -> usize {
        self.array
            .as_ref()
            .and_then(|(tape, array)| tape.len(*array))
            .unwrap_or_default()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.iter()
            .nodes
            .is_none_or(|mut nodes| nodes.next().is_none())
    }

    /// Reads the element with this index.
    ///
    /// An element that is not an object has nothing but its JSON, under the empty key of its
    /// `extra`. So each element has the index that it was sent with.
    ///
    /// # Errors
    ///
    /// [`NoMemoryError`].
    pub fn get(&self, index: usize) -> Result<Option<T>, NoMemoryError> {
        let array = self.array.as_ref();
        let element = array.and_then(|(tape, array)| Some((tape, tape.child(*array, index)?)));
        let read = |(tape, node)| T::read_object(tape, node);
        element.map(read).transpose()
    }

    /// Reads one element after the other. An element is a [`NoMemoryError`] if an allocation fails;
    /// the next one can be read all the same.
    #[must_use]
    pub fn iter(&self) -> ListIter<'_, T> {
        let array = self.array.as_ref();
        ListIter {
            tape: array.map(|(tape, _)| tape),
            nodes: array.and_then(|(tape, array)| tape.children(*array)),
            elements: PhantomData,
        }
    }
}

impl<T: Object> Field for List<T> {
    const KIND: Kind = Kind::List(T::TABLE);

    fn absent() -> Self {
        Self::default()
    }

    fn set(&mut self, tape: &Arc<Tape>, node: u32) -> Result<bool, NoMemoryError> {
        let is_array = !tape.is_object(node) && tape.children(node).is_some();
        self.array = is_array.then(|| (Arc::clone(tape), node));
        Ok(is_array || tape.is_null(node))
    }
}

/// Reads the elements of a [`List`].
pub struct ListIter<'l, T> {
    tape: Option<&'l Arc<Tape>>,
    nodes: Option<Children<'l>>,
    elements: PhantomData<fn() -> T>,
}

impl<T: Object> Iterator for ListIter<'_, T> {
    type Item = Result<T, NoMemoryError>;

    fn next(&mut self) -> Option<Self::Item> {
        let node = self.nodes.as_mut()?.next()?;
        Some(T::read_object(self.tape?, node))
    }
}

impl<'l, T: Object> IntoIterator for &'l List<T> {
    type Item = Result<T, NoMemoryError>;
    type IntoIter = ListIter<'l, T>;

    fn into_iter(self) -> ListIter<'l, T> {
        self.iter()
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self {
            array: None,
            elements: PhantomData,
        }
    }
}

impl<T> Clone for List<T> {
    fn clone(&self) -> Self {
        Self {
            array: self.array.clone(),
            elements: PhantomData,
        }
    }
}

/// Two are equal if they have equal elements. If an allocation fails, they are not.
impl<T: Object + PartialEq> PartialEq for List<T> {
    fn eq(&self, other: &Self) -> bool {
        let is_equal = |elements| matches!(elements, (Ok(one), Ok(other)) if one == other);
        self.len() == other.len() && self.iter().zip(other).all(is_equal)
    }
}

impl<T: Object + Eq> Eq for List<T> {}

impl<T: Object> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("List")
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for ListIter<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ListIter").finish_non_exhaustive()
    }
}
