//! Strings that may not have been validated as UTF-8.

use alloc::borrow::Cow;
use core::convert::Infallible;

use crate::check::violation::ViolationKind;

/// A string: `str`, or bytes that have not been validated as UTF-8, such as a string from C.
///
/// Bytes are validated while they are copied, which is cheaper than a separate pass. No other type
/// implements it.
pub trait MaybeUtf8: sealed::MaybeUtf8 {}

impl MaybeUtf8 for str {}
impl MaybeUtf8 for [u8] {}
impl MaybeUtf8 for Text<'_> {}

/// A string that may go out: UTF-8 without U+0000.
#[derive(Clone)]
pub(crate) struct Text<'a>(pub(in crate::json) Cow<'a, str>);

impl<'a> Text<'a> {
    /// Validates a string.
    pub(crate) fn of<S: MaybeUtf8 + ?Sized>(string: &'a S) -> Result<Self, ViolationKind> {
        let string = sealed::MaybeUtf8::as_str(string)
            .map_err(|offset| ViolationKind::StringNotUtf8 { offset })?;
        if string.contains('\0') {
            return Err(ViolationKind::NulCharacter { position: None });
        }
        Ok(Self(Cow::Borrowed(string)))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

pub(crate) mod sealed {
    use super::{Infallible, Text};

    /// What the crate needs of such strings.
    pub trait MaybeUtf8 {
        /// Whether every value is UTF-8 by its type.
        const IS_UTF8: bool;
        /// Why a string may not go out. [`Text`] has no such value.
        type Invalid;

        fn bytes(&self) -> &[u8];
        /// Validates it as UTF-8.
        fn validate(&self) -> Result<(), Self::Invalid>;
        /// The result for a string with U+0000.
        fn with_nul() -> Result<(), Self::Invalid>;
        /// The string, or the offset of its first invalid byte.
        fn as_str(&self) -> Result<&str, usize>;
    }

    impl MaybeUtf8 for str {
        const IS_UTF8: bool = true;
        type Invalid = ();

        fn bytes(&self) -> &[u8] {
            self.as_bytes()
        }

        fn validate(&self) -> Result<(), ()> {
            Ok(())
        }

        fn with_nul() -> Result<(), ()> {
            Err(())
        }

        fn as_str(&self) -> Result<&str, usize> {
            Ok(self)
        }
    }

    impl MaybeUtf8 for [u8] {
        const IS_UTF8: bool = false;
        type Invalid = ();

        fn bytes(&self) -> &[u8] {
            self
        }

        #[inline(never)]
        fn validate(&self) -> Result<(), ()> {
            // Most strings that get here are ASCII with an escape.
            let is_utf8 = self.is_ascii() || core::str::from_utf8(self).is_ok();
            is_utf8.then_some(()).ok_or(())
        }

        fn with_nul() -> Result<(), ()> {
            Err(())
        }

        // Inlined, it is compiled to a branch on bytes of an error that does not exist, which
        // valgrind reports.
        #[inline(never)]
        fn as_str(&self) -> Result<&str, usize> {
            core::str::from_utf8(self).map_err(|error| error.valid_up_to())
        }
    }
    impl MaybeUtf8 for Text<'_> {
        const IS_UTF8: bool = true;
        type Invalid = Infallible;

        fn bytes(&self) -> &[u8] {
            self.0.as_bytes()
        }

        fn validate(&self) -> Result<(), Infallible> {
            Ok(())
        }

        fn with_nul() -> Result<(), Infallible> {
            // It has none.
            Ok(())
        }

        fn as_str(&self) -> Result<&str, usize> {
            Ok(&self.0)
        }
    }
}
