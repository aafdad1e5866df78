//! The rules of a campaign.

use std::ptr;

use callbot_core::{Rules, RulesError};

use crate::abi::boundary::{self, fallible, free};
use crate::abi::failure::{Failure, callbot_error};
use crate::abi::memory::Watch;
use crate::abi::pointer::{Handle, Poison, borrow_handle_mut, from_handle, into_handle};
use crate::abi::string::{borrow_str, callbot_str};
use crate::status::callbot_status;

/// What a campaign requires of its orders beyond the API's own rules.
///
/// Made by callbot_rules_new; freed by callbot_rules_free. A batch copies the rules when it is
/// made; later changes do not affect it.
pub struct callbot_rules(Poison<Rules>);

impl Handle for callbot_rules {}

/// Copies the caller's rules. NULL means no rules.
///
/// # Safety
///
/// As [`from_handle`].
pub(crate) unsafe fn copy(rules: *const callbot_rules) -> Result<Rules, Failure> {
    if rules.is_null() {
        return Ok(Rules::new());
    }
    // SAFETY: the same contract.
    unsafe { from_handle(rules, "rules") }?.0.read().cloned()
}

/// Changes rules. If memory is short, they stay as they were.
fn change(
    rules: &mut callbot_rules,
    change: impl FnOnce(&mut Rules) -> Result<(), RulesError>,
) -> Result<(), Failure> {
    rules.0.write(|rules| {
        let watch = Watch::new();
        let mut changed = rules.clone();
        change(&mut changed)?;
        if watch.is_short() {
            return Err(Failure::NoMemory);
        }
        *rules = changed;
        Ok(())
    })?
}

/// Makes rules that require nothing yet.
///
/// Returns an object that the caller frees. NULL if an allocation fails, or after an internal error
/// in the library.
#[unsafe(no_mangle)]
pub extern "C" fn callbot_rules_new() -> *mut callbot_rules {
    boundary::value(ptr::null_mut(), || {
        into_handle(callbot_rules(Poison::new(Rules::new())))
    })
}

/// Adds a variable of the script template. Every order must then fill each added variable exactly
/// once, and no other. The console shows the names under script management, variable settings.
///
/// Fails with CALLBOT_RULES if the name is empty or was added before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_rules_require_param(
    rules: *mut callbot_rules,
    name: callbot_str,
    error: *mut *mut callbot_error,
) -> callbot_status {
    fallible!(error, || {
        let rules = borrow_handle_mut!(rules)?;
        let name = borrow_str!(name)?;
        change(rules, |rules| rules.require_param(name).map(drop))
    })
}

/// Declares that the script template has no other variables than those added. If none is added, no
/// order may have params.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_rules_require_no_other_params(
    rules: *mut callbot_rules,
    error: *mut *mut callbot_error,
) -> callbot_status {
    fallible!(error, || {
        let rules = borrow_handle_mut!(rules)?;
        change(rules, |rules| {
            rules.require_no_other_params();
            Ok(())
        })
    })
}

/// Allows a country code, such as "86". Once a code is allowed, a number with any other country
/// code is refused. That finds numbers without their country code, and prevents toll fraud. "1" is
/// the whole North American Numbering Plan, the Caribbean included.
///
/// Fails with CALLBOT_RULES unless digits is an assigned E.164 country code, without + or leading
/// zeros.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_rules_allow_country_code(
    rules: *mut callbot_rules,
    digits: callbot_str,
    error: *mut *mut callbot_error,
) -> callbot_status {
    fallible!(error, || {
        let rules = borrow_handle_mut!(rules)?;
        let digits = borrow_str!(digits)?;
        change(rules, |rules| rules.allow_country_code(digits).map(drop))
    })
}

/// Sets the maximum number of orders in a batch. The provider publishes no figure, only an error
/// for too many.
///
/// Fails with CALLBOT_RULES for 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_rules_max_orders(
    rules: *mut callbot_rules,
    max: usize,
    error: *mut *mut callbot_error,
) -> callbot_status {
    fallible!(error, || {
        let rules = borrow_handle_mut!(rules)?;
        change(rules, |rules| rules.max_orders(max).map(drop))
    })
}

/// Allows whitespace, control and invisible characters at the start and end of orderID, userTaskID
/// and the names of params, for callers whose IDs are so. Otherwise they are refused.
/// callbot_request_from_json_with allows the IDs in any other request.
///
/// A variation selector or a tag belongs to the visible character before it, as in an emoji or a
/// Chinese character, and is an edge only at the start and after ASCII.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_rules_allow_blank_edges(
    rules: *mut callbot_rules,
    error: *mut *mut callbot_error,
) -> callbot_status {
    fallible!(error, || {
        let rules = borrow_handle_mut!(rules)?;
        rules.0.write(|rules| {
            rules.allow_blank_edges();
        })
    })
}

/// Refuses an order whose phone number another order of the batch has already, so that nobody is
/// called twice. The batch then keeps an index of the numbers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_rules_unique_phones(
    rules: *mut callbot_rules,
    error: *mut *mut callbot_error,
) -> callbot_status {
    fallible!(error, || {
        let rules = borrow_handle_mut!(rules)?;
        rules.0.write(|rules| {
            rules.unique_phones();
        })
    })
}

/// Frees rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_rules_free(rules: *mut callbot_rules) {
    free!(rules);
}

#[cfg(test)]
mod tests {
    use std::panic::{self, AssertUnwindSafe};
    use std::ptr;

    use super::*;
    use crate::batch::callbot_batch_new;
    use crate::status::{CALLBOT_OK, CALLBOT_PANIC};

    /// After a panic nobody knows what the rules require, so no batch can be made with them.
    #[test]
    fn poisoned_rules_are_refused() {
        let url = callbot_str::borrow("https://a.example/");
        let name = callbot_str::borrow("86");
        let nowhere = ptr::null_mut();
        let mut batch = ptr::dangling_mut();
        // SAFETY: the strings are static; the rules came from the first call and are freed once.
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
                callbot_rules_allow_blank_edges(rules, nowhere),
                callbot_rules_unique_phones(rules, nowhere),
                callbot_batch_new(rules, name, url, url, &raw mut batch, nowhere),
            ] {
                assert_eq!(status, CALLBOT_PANIC);
            }
            assert!(batch.is_null());
            callbot_rules_free(rules);
        }
    }
}
