//! Ownership across the boundary: C's pointers to Rust's references, and back.
//!
//! An object that C holds is a `Box` whose pointer came from [`into_handle`]. It is borrowed by
//! [`from_handle`] and [`from_handle_mut`], and freed once by [`free`]. The pointer has the
//! object's own type, so that using or freeing a handle as the wrong kind does not compile, neither
//! here nor in C.

use std::ptr;

use crate::abi::failure::Failure;
use crate::abi::memory;

/// A type whose objects C may hold. C may free an object on another thread than the one that made
/// it, and read it from several threads at once.
pub(crate) trait Handle: Send + Sync {}

/// The place where an object is handed out to C. NULL if the caller does not want the object.
pub(crate) struct Out<T: Handle>(*mut *mut T);

impl<T: Handle> Clone for Out<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Handle> Copy for Out<T> {}

impl<T: Handle> Out<T> {
    /// Takes a caller's output pointer and sets its target to NULL, the value after a failed call.
    ///
    /// # Safety
    ///
    /// `place` is NULL, or points to a pointer that can be written until the call returns.
    pub(crate) unsafe fn new(place: *mut *mut T) -> Self {
        let out = Self(place);
        out.write_pointer(ptr::null_mut());
        out
    }

    /// Fails if the output is NULL.
    pub(crate) fn required(self, name: &'static str) -> Result<(), Failure> {
        if self.0.is_null() {
            return Err(Failure::null_pointer(name));
        }
        Ok(())
    }

    /// Hands `object` to C, which owns it from then on; NULL for `None`.
    pub(crate) fn write_box(self, object: Option<Box<T>>) {
        if !self.0.is_null() {
            self.write_pointer(object.map_or(ptr::null_mut(), Box::into_raw));
        }
    }

    /// Hands a pointer to C.
    pub(crate) fn write_pointer(self, pointer: *mut T) {
        if !self.0.is_null() {
            // SAFETY: by the contract of `new`, a pointer that is not NULL can be written until the
            // call returns, and no `Out` outlives its call. The previous target is the caller's and
            // is not freed.
            unsafe { self.0.write(pointer) };
        }
    }
}

/// Moves an object to C, which owns it from then on. NULL if an allocation fails.
pub(crate) fn into_handle<T: Handle>(object: T) -> *mut T {
    memory::try_box(object).map_or(ptr::null_mut(), Box::into_raw)
}

/// Borrows an object. Fails for NULL.
///
/// # Safety
///
/// `object` is NULL, or came from [`into_handle`], was not freed, and is not written during `'a`.
pub(crate) unsafe fn from_handle<'a, T: Handle>(
    object: *const T,
    name: &'static str,
) -> Result<&'a T, Failure> {
    // SAFETY: the same contract.
    unsafe { object.as_ref() }.ok_or_else(|| Failure::null_pointer(name))
}

/// Borrows an object exclusively. Fails for NULL.
///
/// # Safety
///
/// `object` is NULL, or came from [`into_handle`], was not freed, and is not used by anyone else
/// during `'a`.
pub(crate) unsafe fn from_handle_mut<'a, T: Handle>(
    object: *mut T,
    name: &'static str,
) -> Result<&'a mut T, Failure> {
    // SAFETY: the same contract.
    unsafe { object.as_mut() }.ok_or_else(|| Failure::null_pointer(name))
}

/// Frees an object. Does nothing for NULL.
///
/// # Safety
///
/// `object` is NULL, or came from [`into_handle`] and is not used from now on.
pub(crate) unsafe fn free<T: Handle>(object: *mut T) {
    if !object.is_null() {
        // SAFETY: by the contract, the pointer is that of a box that nobody else owns.
        drop(unsafe { Box::from_raw(object) });
    }
}

/// Borrows the handle of an export: a `Result` that is an error for NULL.
macro_rules! borrow_handle {
    ($handle:ident) => {
        // SAFETY: convention 3 of the header: a handle is valid, or NULL.
        unsafe { $crate::abi::pointer::from_handle($handle, stringify!($handle)) }
    };
}

/// Borrows the handle of an export exclusively: a `Result` that is an error for NULL.
macro_rules! borrow_handle_mut {
    ($handle:ident) => {
        // SAFETY: conventions 3 and 7 of the header: a handle is valid, or NULL, and one that is
        // not const is used by this call only.
        unsafe { $crate::abi::pointer::from_handle_mut($handle, stringify!($handle)) }
    };
}

pub(crate) use {borrow_handle, borrow_handle_mut};

/// An object that a panic can leave half-written. After a panic it can only be freed or reset, like
/// a poisoned mutex.
pub(crate) struct Poison<T> {
    object: T,
    poisoned: bool,
}

impl<T> Poison<T> {
    pub(crate) const fn new(object: T) -> Self {
        Self {
            object,
            poisoned: false,
        }
    }

    pub(crate) fn read(&self) -> Result<&T, Failure> {
        if self.poisoned {
            return Err(Failure::poisoned());
        }
        Ok(&self.object)
    }

    pub(crate) fn write<R>(&mut self, write: impl FnOnce(&mut T) -> R) -> Result<R, Failure> {
        if self.poisoned {
            return Err(Failure::poisoned());
        }
        Ok(self.reset(write))
    }

    /// Writes the object even if it is poisoned, for a `reset` that makes it whole again.
    pub(crate) fn reset<R>(&mut self, reset: impl FnOnce(&mut T) -> R) -> R {
        self.poisoned = true;
        let outcome = reset(&mut self.object);
        self.poisoned = false;
        outcome
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{self, AssertUnwindSafe};
    use std::sync::Arc;

    use super::*;
    use crate::status::CALLBOT_PANIC;

    #[derive(Debug)]
    struct Object(Arc<()>);

    impl Handle for Object {}

    #[test]
    fn a_handle_is_freed_once() {
        let alive = Arc::new(());
        let object = into_handle(Object(Arc::clone(&alive)));
        assert_eq!(Arc::strong_count(&alive), 2);
        // SAFETY: the pointer came from the line above, and is freed once.
        unsafe {
            let borrowed = from_handle(object, "object").unwrap();
            assert!(Arc::ptr_eq(&borrowed.0, &alive));
            free(object);
        }
        assert_eq!(Arc::strong_count(&alive), 1);
    }

    #[test]
    fn an_output_is_null_until_it_is_written() {
        let mut place = ptr::dangling_mut::<Object>();
        // SAFETY: the place is this function's own.
        let out = unsafe { Out::new(&raw mut place) };
        assert!(place.is_null());
        out.required("place").unwrap();
        out.write_box(Some(Box::new(Object(Arc::default()))));
        assert!(!place.is_null());
        // SAFETY: the object came from the line above, and is freed once.
        unsafe { free(place) };

        // SAFETY: NULL is allowed.
        let nowhere = unsafe { Out::<Object>::new(ptr::null_mut()) };
        let alive = Arc::new(());
        nowhere.write_box(Some(Box::new(Object(Arc::clone(&alive)))));
        assert_eq!(Arc::strong_count(&alive), 1, "an unwanted object is freed");
        assert!(nowhere.required("place").is_err());
    }

    #[test]
    fn a_poisoned_object_is_refused_until_it_is_reset() {
        let mut object = Poison::new(vec![1]);
        object.write(|list| list.push(2)).unwrap();
        let write = AssertUnwindSafe(|| {
            object.write(|list| {
                list.push(3);
                panic!();
            })
        });
        assert!(panic::catch_unwind(write).is_err());

        assert_eq!(object.read().unwrap_err().status(), CALLBOT_PANIC);
        let mut called = false;
        let refused = object.write(|_| called = true).unwrap_err();
        assert_eq!(refused.status(), CALLBOT_PANIC);
        assert!(!called);

        // A reset that panics leaves the object poisoned.
        let reset = AssertUnwindSafe(|| object.reset(|_| panic!()));
        assert!(panic::catch_unwind(reset).is_err());
        assert!(object.read().is_err());

        object.reset(Vec::clear);
        object.write(|list| list.push(4)).unwrap();
        assert_eq!(object.read().unwrap(), &[4]);
    }
}
