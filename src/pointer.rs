//! From C's pointers to Rust's references and back: who owns what.
//!
//! An object that C holds is a `Box` whose pointer was handed out by [`give`]. It comes back either borrowed
//! ([`get`], [`get_mut`]) or, once, to be freed ([`free`]). The pointer's type is the object's own type, so that a handle
//! that is freed or used as the wrong kind does not compile, neither here nor in C.

use std::ptr;

use crate::error::Failure;

/// A type whose objects C may hold. C may free them in another thread than the one that made them, and read them in
/// several at once.
pub(crate) trait Handle: Send + Sync {}

/// Where an object is handed out to C. It may be NULL only where the caller may do without the object.
pub(crate) struct Out<T: Handle>(*mut *mut T);

impl<T: Handle> Clone for Out<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Handle> Copy for Out<T> {}

impl<T: Handle> Out<T> {
    /// Takes a caller's output pointer and sets what it points to NULL, so that a failed call leaves NULL behind.
    ///
    /// # Safety
    ///
    /// `place` is NULL, or points to a pointer that may be written until the call returns.
    pub(crate) unsafe fn new(place: *mut *mut T) -> Self {
        let out = Self(place);
        out.write(None);
        out
    }

    /// Refuses an output that is needed and that the caller has no place for.
    pub(crate) fn needed(self, name: &'static str) -> Result<(), Failure> {
        if self.0.is_null() {
            return Err(Failure::null_pointer(name));
        }
        Ok(())
    }

    /// Hands `object` to C, which owns it from then on; NULL for `None`.
    pub(crate) fn write(self, object: Option<T>) {
        if !self.0.is_null() {
            let pointer = object.map_or(ptr::null_mut(), give);
            // SAFETY: by the contract of `new` a pointer that is not NULL may be written until the call returns, and no
            // `Out` outlives its call. What stood there before is not freed: it is the caller's.
            unsafe { self.0.write(pointer) };
        }
    }
}

/// Gives an object to C, which owns it from then on.
pub(crate) fn give<T: Handle>(object: T) -> *mut T {
    Box::into_raw(Box::new(object))
}

/// Borrows an object.
///
/// # Safety
///
/// `object` is NULL, or was handed out by [`give`], was not freed, and is not written by anyone during `'a`.
pub(crate) unsafe fn get<'a, T: Handle>(
    object: *const T,
    name: &'static str,
) -> Result<&'a T, Failure> {
    // SAFETY: the same contract.
    unsafe { object.as_ref() }.ok_or_else(|| Failure::null_pointer(name))
}

/// Borrows an object to write it.
///
/// # Safety
///
/// `object` is NULL, or was handed out by [`give`], was not freed, and is not used by anyone else during `'a`.
pub(crate) unsafe fn get_mut<'a, T: Handle>(
    object: *mut T,
    name: &'static str,
) -> Result<&'a mut T, Failure> {
    // SAFETY: the same contract.
    unsafe { object.as_mut() }.ok_or_else(|| Failure::null_pointer(name))
}

/// Frees an object. NULL is fine.
///
/// # Safety
///
/// `object` is NULL, or was handed out by [`give`] and is not used by anyone from now on.
pub(crate) unsafe fn free<T: Handle>(object: *mut T) {
    if !object.is_null() {
        // SAFETY: by the contract the pointer is that of a box which nobody else owns.
        drop(unsafe { Box::from_raw(object) });
    }
}

/// An object that a panic could leave half-written. After one it can only be freed, or begun anew.
pub(crate) struct Guarded<T> {
    object: T,
    broken: bool,
}

impl<T> Guarded<T> {
    pub(crate) const fn new(object: T) -> Self {
        Self {
            object,
            broken: false,
        }
    }

    pub(crate) fn read(&self) -> Result<&T, Failure> {
        if self.broken {
            return Err(Failure::broken());
        }
        Ok(&self.object)
    }

    pub(crate) fn write<R>(&mut self, write: impl FnOnce(&mut T) -> R) -> Result<R, Failure> {
        if self.broken {
            return Err(Failure::broken());
        }
        Ok(self.write_anew(write))
    }

    /// Writes the object even after a panic, for what makes it whole again.
    pub(crate) fn write_anew<R>(&mut self, write: impl FnOnce(&mut T) -> R) -> R {
        self.broken = true;
        let outcome = write(&mut self.object);
        self.broken = false;
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
    fn what_is_handed_out_is_freed_once() {
        let alive = Arc::new(());
        let object = give(Object(Arc::clone(&alive)));
        assert_eq!(Arc::strong_count(&alive), 2);
        // SAFETY: the pointer was handed out before, and is freed once.
        unsafe {
            assert!(Arc::ptr_eq(&get(object, "object").unwrap().0, &alive));
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
        out.needed("place").unwrap();
        out.write(Some(Object(Arc::default())));
        assert!(!place.is_null());
        // SAFETY: what was handed out is freed once.
        unsafe { free(place) };

        // SAFETY: NULL is no place.
        let nowhere = unsafe { Out::<Object>::new(ptr::null_mut()) };
        let alive = Arc::new(());
        nowhere.write(Some(Object(Arc::clone(&alive))));
        assert_eq!(Arc::strong_count(&alive), 1, "what nobody takes is freed");
        assert!(nowhere.needed("place").is_err());
    }

    #[test]
    fn what_a_panic_left_half_written_is_refused_until_it_is_begun_anew() {
        let mut guarded = Guarded::new(vec![1]);
        guarded.write(|list| list.push(2)).unwrap();
        let write = AssertUnwindSafe(|| {
            guarded.write(|list| {
                list.push(3);
                panic!();
            })
        });
        assert!(panic::catch_unwind(write).is_err());

        assert_eq!(guarded.read().unwrap_err().status(), CALLBOT_PANIC);
        let mut called = false;
        let refused = guarded.write(|_| called = true).unwrap_err();
        assert_eq!(refused.status(), CALLBOT_PANIC);
        assert!(!called);

        // One that panics again leaves it as refused as before.
        let anew = AssertUnwindSafe(|| guarded.write_anew(|_| panic!()));
        assert!(panic::catch_unwind(anew).is_err());
        assert!(guarded.read().is_err());

        guarded.write_anew(Vec::clear);
        guarded.write(|list| list.push(4)).unwrap();
        assert_eq!(guarded.read().unwrap(), &[4]);
    }
}
