//! What only the caller can know about a campaign.

use callbot_core::Rules;

use crate::boundary;
use crate::error::{Failure, callbot_error};
use crate::pointer::{self, Guarded, Handle, Out};
use crate::status::callbot_status;
use crate::text::callbot_str;

/// What a campaign demands of its orders beyond what the API itself does.
///
/// Made by callbot_rules_new; free it with callbot_rules_free. A batch takes a copy of the rules when it is made: later
/// changes do not reach it, and the rules may be freed.
pub struct callbot_rules(Guarded<Rules>);

impl Handle for callbot_rules {}

/// Copies the rules that a caller gave; NULL stands for none beyond the API's own.
///
/// # Safety
///
/// As [`pointer::get`].
pub(crate) unsafe fn copy(rules: *const callbot_rules) -> Result<Rules, Failure> {
    if rules.is_null() {
        return Ok(Rules::new());
    }
    // SAFETY: the same contract.
    unsafe { pointer::get(rules, "rules") }?.0.read().cloned()
}

/// Changes rules.
///
/// # Safety
///
/// `rules` as for [`pointer::get_mut`], `error` as for [`Out::new`].
unsafe fn change(
    rules: *mut callbot_rules,
    error: *mut *mut callbot_error,
    change: impl FnOnce(&mut Rules) -> Result<(), Failure>,
) -> callbot_status {
    // SAFETY: the same contract.
    boundary::status(unsafe { Out::new(error) }, || {
        // SAFETY: the same contract.
        let rules = unsafe { pointer::get_mut(rules, "rules") }?;
        rules.0.write(change)?
    })
}

/// Makes rules that demand nothing yet.
///
/// Returns an object that the caller frees; NULL only where the library has a fault in itself.
#[unsafe(no_mangle)]
pub extern "C" fn callbot_rules_new() -> *mut callbot_rules {
    boundary::value(std::ptr::null_mut(), || {
        pointer::give(callbot_rules(Guarded::new(Rules::new())))
    })
}

/// Names a variable of the script template. From then on every order must fill each variable that was named exactly
/// once, and no other. The names are found in the console under script management, variable settings.
///
/// Fails with CALLBOT_RULES when the name is empty or was named before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_rules_require_param(
    rules: *mut callbot_rules,
    name: callbot_str,
    error: *mut *mut callbot_error,
) -> callbot_status {
    // SAFETY: conventions 3 and 4 of the header: handles and output pointers are valid, or NULL.
    unsafe {
        change(rules, error, |rules| {
            // SAFETY: convention 2 of the header: a text points to len bytes.
            rules.require_param(name.text("name")?)?;
            Ok(())
        })
    }
}

/// Says that the script template has no variables but those that were named: without any, no order may have params.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_rules_require_no_other_params(
    rules: *mut callbot_rules,
    error: *mut *mut callbot_error,
) -> callbot_status {
    // SAFETY: conventions 3 and 4 of the header: handles and output pointers are valid, or NULL.
    unsafe {
        change(rules, error, |rules| {
            rules.require_no_other_params();
            Ok(())
        })
    }
}

/// Allows a country code, such as "86". Once one was allowed, a number with any other country code is refused: that finds
/// numbers whose country code was forgotten, and closes the door to toll fraud. "1" stands for all of the North American
/// Numbering Plan, the Caribbean included.
///
/// Fails with CALLBOT_RULES unless digits is an assigned E.164 country code, without + or zeros before it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_rules_allow_country_code(
    rules: *mut callbot_rules,
    digits: callbot_str,
    error: *mut *mut callbot_error,
) -> callbot_status {
    // SAFETY: conventions 3 and 4 of the header: handles and output pointers are valid, or NULL.
    unsafe {
        change(rules, error, |rules| {
            // SAFETY: convention 2 of the header: a text points to len bytes.
            rules.allow_country_code(digits.text("digits")?)?;
            Ok(())
        })
    }
}

/// Sets the most orders that one request may hold. The provider publishes no figure, only an error for too many.
///
/// Fails with CALLBOT_RULES for 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_rules_max_orders(
    rules: *mut callbot_rules,
    max: usize,
    error: *mut *mut callbot_error,
) -> callbot_status {
    // SAFETY: conventions 3 and 4 of the header: handles and output pointers are valid, or NULL.
    unsafe {
        change(rules, error, |rules| {
            rules.max_orders(max)?;
            Ok(())
        })
    }
}

/// Frees rules. NULL is fine. Batches that were made with them keep their copy.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_rules_free(rules: *mut callbot_rules) {
    // SAFETY: convention 3 of the header: a handle is freed once, or NULL.
    boundary::value((), || unsafe { pointer::free(rules) });
}

#[cfg(test)]
mod tests {
    use std::panic::{self, AssertUnwindSafe};
    use std::ptr;

    use super::*;
    use crate::batch::callbot_batch_new;
    use crate::status::{CALLBOT_OK, CALLBOT_PANIC};

    /// Rules whose writing panicked half-way demand nobody knows what: no batch can be made with them.
    #[test]
    fn half_written_rules_are_refused() {
        let url = callbot_str::lend(b"https://a.example/");
        let name = callbot_str::lend(b"86");
        let nowhere = ptr::null_mut();
        let mut batch = ptr::dangling_mut();
        // SAFETY: the texts are static, and the rules come from the first call and are freed once.
        unsafe {
            let rules = callbot_rules_new();
            assert_eq!(
                callbot_rules_require_param(rules, name, nowhere),
                CALLBOT_OK
            );

            let write = AssertUnwindSafe(|| (*rules).0.write(|_| panic!()));
            assert!(panic::catch_unwind(write).is_err());
            for status in [
                callbot_rules_require_param(rules, name, nowhere),
                callbot_rules_require_no_other_params(rules, nowhere),
                callbot_rules_allow_country_code(rules, name, nowhere),
                callbot_rules_max_orders(rules, 1, nowhere),
                callbot_batch_new(rules, name, url, url, &raw mut batch, nowhere),
            ] {
                assert_eq!(status, CALLBOT_PANIC);
            }
            assert!(batch.is_null());
            callbot_rules_free(rules);
        }
    }
}
