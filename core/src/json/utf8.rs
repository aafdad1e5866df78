//! Strings that may not have been validated as UTF-8.

use core::convert::Infallible;

/// A string: `str`, or bytes that have not been validated as UTF-8, such as a string from C.
///
/// Bytes are validated while they are copied, which is cheaper than a separate pass. No other type
/// implements it.
pub trait MaybeUtf8: sealed::MaybeUtf8 {}

impl MaybeUtf8 for str {}
impl MaybeUtf8 for [u8] {}

pub(crate) mod sealed {
    use super::Infallible;

    /// What the crate needs of such strings.
    pub trait MaybeUtf8 {
        /// Whether every value is UTF-8 by its type.
        const IS_UTF8: bool;
        /// The result for a string that is not UTF-8. `str` has no such value.
        type NotUtf8;

        fn bytes(&self) -> &[u8];
        fn validate(&self) -> Result<(), Self::NotUtf8>;
        /// The string, or the offset of its first invalid byte.
        fn as_str(&self) -> Result<&str, usize>;
    }

    impl MaybeUtf8 for str {
        const IS_UTF8: bool = true;
        type NotUtf8 = Infallible;

        fn bytes(&self) -> &[u8] {
            self.as_bytes()
        }

        fn validate(&self) -> Result<(), Infallible> {
            Ok(())
        }

        fn as_str(&self) -> Result<&str, usize> {
            Ok(self)
        }
    }

    impl MaybeUtf8 for [u8] {
        const IS_UTF8: bool = false;
        type NotUtf8 = ();

        fn bytes(&self) -> &[u8] {
            self
        }

        #[inline(never)]
        fn validate(&self) -> Result<(), ()> {
            // Most strings that get here are ASCII with an escape.
            let is_utf8 = self.is_ascii() || core::str::from_utf8(self).is_ok();
            is_utf8.then_some(()).ok_or(())
        }

        // Inlined, it is compiled to a branch on bytes of an error that does not exist, which
        // valgrind reports.
        #[inline(never)]
        fn as_str(&self) -> Result<&str, usize> {
            core::str::from_utf8(self).map_err(|error| error.valid_up_to())
        }
    }
}
