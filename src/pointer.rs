//! From C's pointers to Rust's references and back: who owns what.
//!
//! An object that C holds is a `Box` whose pointer was handed out by [`give`]. It comes back either borrowed
//! ([`get`], [`get_mut`]) or, once, to be freed ([`free`]). The pointer's type is the object's own type, so that a handle
//! that is freed or used as the wrong kind does not compile, neither here nor in C.

use std::ptr;

use crate::error::Failure;

/// A type whose objects C may hold.
pub(crate) trait Handle {}

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

    /// The same for an output that is needed.
    ///
    /// # Safety
    ///
    /// As [`new`](Self::new).
    pub(crate) unsafe fn needed(place: *mut *mut T, name: &'static str) -> Result<Self, Failure> {
        if place.is_null() {
            return Err(Failure::null_pointer(name));
        }
        // SAFETY: the same contract.
        Ok(unsafe { Self::new(place) })
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
    unsafe { object.as_ref() }.ok_or(Failure::null_pointer(name))
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
    unsafe { object.as_mut() }.ok_or(Failure::null_pointer(name))
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
