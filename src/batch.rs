//! Orders in.

use callbot_core::{Batch, OrderBytes, ParamBytes, Policy, Task};

use crate::boundary;
use crate::error::{Failure, callbot_error};
use crate::pointer::{self, Guarded, Handle, Out};
use crate::rules::{self, callbot_rules};
use crate::status::callbot_status;
use crate::text::{self, callbot_str};

/// Refuse the whole list when anything is wrong, and tell everything.
pub const CALLBOT_POLICY_REFUSE_ALL: i32 = 0;
/// Keep the orders that are right, and tell what is wrong with the others.
pub const CALLBOT_POLICY_KEEP_VALID: i32 = 1;

/// One variable of the script template, and what it is filled with.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct callbot_param {
    /// The variable's name. Not empty.
    pub name: callbot_str,
    /// Its value. Not empty.
    pub value: callbot_str,
}

/// One person to call: one phone number, dialled in one or more rounds.
///
/// A plain struct: set what you have, and leave the rest zero. All texts are UTF-8.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct callbot_order {
    /// orderID: your own globally unique id; a UUID is recommended. It comes back in the callbacks. Not empty.
    pub order_id: callbot_str,
    /// userPhone: 7 to 15 digits with the country code and without any symbol.
    pub user_phone: callbot_str,
    /// other: handed back in the callbacks. May be empty.
    pub other: callbot_str,
    /// userName: may be empty.
    pub user_name: callbot_str,
    /// customerName: may be empty.
    pub customer_name: callbot_str,
    /// params: what the script template's variables are filled with. May be NULL when param_count is 0.
    pub params: *const callbot_param,
    /// How many params there are.
    pub param_count: usize,
}

/// A list of orders for one request.
///
/// Made by callbot_batch_new or callbot_batch_from_json; free it with callbot_batch_free. An order is checked in the
/// moment it is added, and written straight into the request's body: nothing of it is needed afterwards, and no second
/// copy is kept.
pub struct callbot_batch(pub(crate) Guarded<Batch>);

impl Handle for callbot_batch {}

fn policy_of(number: i32) -> Result<Policy, Failure> {
    match number {
        CALLBOT_POLICY_REFUSE_ALL => Ok(Policy::RefuseAll),
        CALLBOT_POLICY_KEEP_VALID => Ok(Policy::KeepValid),
        other => Err(Failure::unknown_constant("policy", other)),
    }
}

/// Borrows an order and passes it on. `params` is only there for its memory.
///
/// # Safety
///
/// The order's texts and its params are valid during the call.
unsafe fn with_order<'a, R>(
    order: &'a callbot_order,
    params: &mut Vec<ParamBytes<'a>>,
    take: impl FnOnce(&OrderBytes<'_>) -> R,
) -> Result<R, Failure> {
    params.clear();
    // SAFETY: the same contract.
    for param in unsafe { text::array(order.params, order.param_count, "params") }? {
        params.push(ParamBytes {
            // SAFETY: the same contract.
            name: unsafe { param.name.bytes("params[].name") }?,
            // SAFETY: the same contract.
            value: unsafe { param.value.bytes("params[].value") }?,
        });
    }
    // SAFETY: the same contract.
    let order = unsafe {
        OrderBytes {
            order_id: order.order_id.bytes("order_id")?,
            user_phone: order.user_phone.bytes("user_phone")?,
            other: order.other.bytes("other")?,
            user_name: order.user_name.bytes("user_name")?,
            customer_name: order.customer_name.bytes("customer_name")?,
            params,
        }
    };
    Ok(take(&order))
}

/// Makes an empty batch for a task, which has to exist at the provider.
///
/// rules may be NULL: then only the API's own rules hold. user_task_id is the task's id; the URLs, absolute http or
/// https, are called when an order or a call has finished. All are copied.
///
/// Returns CALLBOT_OK, and in *batch an object that the caller frees. Fails with CALLBOT_REFUSED, and the violations tell
/// all that is wrong.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_batch_new(
    rules: *const callbot_rules,
    user_task_id: callbot_str,
    order_callback_url: callbot_str,
    call_callback_url: callbot_str,
    batch: *mut *mut callbot_batch,
    error: *mut *mut callbot_error,
) -> callbot_status {
    // SAFETY: convention 4 of the header: an output pointer is NULL or may be written.
    let (batch, error) = unsafe { (Out::new(batch), Out::new(error)) };
    boundary::status(error, || {
        batch.needed("batch")?;
        // SAFETY: convention 3 of the header: a handle is valid, or NULL.
        let rules = unsafe { rules::copy(rules) }?;
        // SAFETY: convention 2 of the header: a text points to len bytes.
        let task = unsafe {
            Task {
                user_task_id: user_task_id.text("user_task_id")?,
                order_callback_url: order_callback_url.text("order_callback_url")?,
                call_callback_url: call_callback_url.text("call_callback_url")?,
            }
        };
        let made = Batch::new(&task, rules)?;
        batch.write(Some(callbot_batch(Guarded::new(made))));
        Ok(())
    })
}

/// Adds an order. Its texts are copied.
///
/// Fails with CALLBOT_REFUSED, and the violations tell all that is wrong with the order; in any case of failure the batch
/// is as it was before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_batch_add(
    batch: *mut callbot_batch,
    order: *const callbot_order,
    error: *mut *mut callbot_error,
) -> callbot_status {
    // SAFETY: convention 4 of the header: an output pointer is NULL or may be written.
    boundary::status(unsafe { Out::new(error) }, || {
        // SAFETY: convention 3 of the header: a handle is valid, or NULL.
        let batch = unsafe { pointer::get_mut(batch, "batch") }?;
        // SAFETY: the caller's order is NULL or valid during the call.
        let order = unsafe { order.as_ref() }.ok_or_else(|| Failure::null_pointer("order"))?;
        // SAFETY: convention 2 of the header: the order's texts point to len bytes.
        batch.0.write(|batch| unsafe {
            with_order(order, &mut Vec::new(), |order| {
                let mut transaction = batch.begin(Policy::RefuseAll);
                transaction.add(order);
                Ok::<_, Failure>(transaction.commit()?)
            })
        })???;
        Ok(())
    })
}

/// Adds an array of orders in one call, which takes less than a call for each. Their texts are copied.
///
/// policy is one of the CALLBOT_POLICY constants. With CALLBOT_POLICY_REFUSE_ALL all orders are added, or none; it fails
/// with CALLBOT_REFUSED when anything is wrong with any of them. With CALLBOT_POLICY_KEEP_VALID the orders that are right
/// are added and the call succeeds; where others were refused, *error is then an error that lists what is wrong with them
/// (NULL when nothing was). The numbers in paths count on from the orders that the batch had before.
///
/// A text that is not UTF-8 fails the call with either policy. In any case of failure the batch is as it was before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_batch_add_all(
    batch: *mut callbot_batch,
    orders: *const callbot_order,
    order_count: usize,
    policy: i32,
    error: *mut *mut callbot_error,
) -> callbot_status {
    // SAFETY: convention 4 of the header: an output pointer is NULL or may be written.
    let error = unsafe { Out::new(error) };
    boundary::status(error, || {
        // SAFETY: convention 3 of the header: a handle is valid, or NULL.
        let batch = unsafe { pointer::get_mut(batch, "batch") }?;
        // SAFETY: the caller's array has order_count elements that are valid during the call.
        let orders = unsafe { text::array(orders, order_count, "orders") }?;
        let policy = policy_of(policy)?;
        let refused = batch.0.write(|batch| {
            let mut params = Vec::new();
            let mut transaction = batch.begin(policy);
            for (index, order) in orders.iter().enumerate() {
                // SAFETY: convention 2 of the header: the orders' texts point to len bytes.
                unsafe { with_order(order, &mut params, |order| transaction.add(order)) }
                    .map_err(|failure| failure.in_order(index))?;
            }
            Ok::<_, Failure>(transaction.commit()?)
        })??;
        if !refused.is_empty() {
            error.write(Some(callbot_error::new(refused.into())));
        }
        Ok(())
    })
}

/// Reads a batch from the JSON body that the API documents.
///
/// rules may be NULL. The JSON is not needed afterwards. policy is one of the CALLBOT_POLICY constants. With
/// CALLBOT_POLICY_REFUSE_ALL it fails with CALLBOT_REFUSED when anything is wrong. With CALLBOT_POLICY_KEEP_VALID it
/// succeeds when nothing but single orders is wrong: the batch then holds the others, and *error is an error that lists
/// what was refused (NULL when nothing was). A caller that passes NULL for error then learns of refused orders only from
/// callbot_batch_len.
///
/// Returns CALLBOT_OK, and in *batch an object that the caller frees.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_batch_from_json(
    rules: *const callbot_rules,
    json: callbot_str,
    policy: i32,
    batch: *mut *mut callbot_batch,
    error: *mut *mut callbot_error,
) -> callbot_status {
    // SAFETY: convention 4 of the header: an output pointer is NULL or may be written.
    let (batch, error) = unsafe { (Out::new(batch), Out::new(error)) };
    boundary::status(error, || {
        batch.needed("batch")?;
        // SAFETY: convention 3 of the header: a handle is valid, or NULL.
        let rules = unsafe { rules::copy(rules) }?;
        // SAFETY: convention 2 of the header: a text points to len bytes.
        let json = unsafe { json.bytes("json") }?;
        let read = match policy_of(policy)? {
            Policy::RefuseAll => Batch::from_json(json, rules)?,
            Policy::KeepValid => {
                let kept = Batch::from_json_keep_valid(json, rules)?;
                if !kept.refused.is_empty() {
                    error.write(Some(callbot_error::new(kept.refused.into())));
                }
                kept.batch
            }
        };
        batch.write(Some(callbot_batch(Guarded::new(read))));
        Ok(())
    })
}

/// Makes room for more orders, of order_bytes bytes each in the body, keys and escapes included, so that adding them needs
/// no further allocation. It is a hint: NULL, or a size that cannot be had, does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_batch_reserve(
    batch: *mut callbot_batch,
    orders: usize,
    order_bytes: usize,
) {
    boundary::value((), || {
        // SAFETY: convention 3 of the header: a handle is valid, or NULL.
        if let Ok(batch) = unsafe { pointer::get_mut(batch, "batch") } {
            let _ = batch.0.write(|batch| batch.reserve(orders, order_bytes));
        }
    });
}

/// How many orders the batch holds. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_batch_len(batch: *const callbot_batch) -> usize {
    boundary::value(0, || {
        // SAFETY: convention 3 of the header: a handle is valid, or NULL.
        let batch = unsafe { pointer::get(batch, "batch") };
        batch.and_then(|batch| batch.0.read()).map_or(0, Batch::len)
    })
}

/// Takes all orders out; the task and the rules stay. The memory is kept, so that filling the batch again needs no new
/// allocation, unless a request that was built from it still lives. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_batch_clear(batch: *mut callbot_batch) {
    boundary::value((), || {
        // SAFETY: convention 3 of the header: a handle is valid, or NULL.
        if let Ok(batch) = unsafe { pointer::get_mut(batch, "batch") } {
            batch.0.write_anew(Batch::clear);
        }
    });
}

/// Frees a batch. NULL is fine. Requests that were built from it live on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_batch_free(batch: *mut callbot_batch) {
    // SAFETY: convention 3 of the header: a handle is freed once, or NULL.
    boundary::value((), || unsafe { pointer::free(batch) });
}

#[cfg(test)]
mod tests {
    use std::panic::{self, AssertUnwindSafe};
    use std::ptr;

    use super::*;
    use crate::request::{callbot_build_batch, callbot_request};
    use crate::signer::{CALLBOT_ALGORITHM_MD5, callbot_signer_free, callbot_signer_new};
    use crate::status::{CALLBOT_EMPTY_BATCH, CALLBOT_OK, CALLBOT_PANIC};

    /// A batch whose writing panicked half-way may still be cleared and freed, and nothing else.
    #[test]
    fn a_half_written_batch_is_refused_until_it_is_cleared() {
        let text = |text: &'static str| callbot_str::lend(text.as_bytes());
        let url = text("https://a.example/");
        let order = callbot_order {
            order_id: text("1"),
            user_phone: text("8613800000001"),
            other: callbot_str::EMPTY,
            user_name: callbot_str::EMPTY,
            customer_name: callbot_str::EMPTY,
            params: ptr::null(),
            param_count: 0,
        };
        let nowhere = ptr::null_mut();
        let mut signer = ptr::null_mut();
        let mut batch = ptr::null_mut();
        // SAFETY: the texts are static, the objects come from the calls before, and each is freed once.
        unsafe {
            let md5 = CALLBOT_ALGORITHM_MD5;
            let status = callbot_signer_new(text("u"), text("s"), md5, &raw mut signer, nowhere);
            assert_eq!(status, CALLBOT_OK);
            let status =
                callbot_batch_new(ptr::null(), text("t"), url, url, &raw mut batch, nowhere);
            assert_eq!(status, CALLBOT_OK);
            let add = || callbot_batch_add(batch, &raw const order, nowhere);
            let add_all = || callbot_batch_add_all(batch, &raw const order, 1, 0, nowhere);
            let build = || {
                let mut request = ptr::dangling_mut::<callbot_request>();
                let out = &raw mut request;
                let status = callbot_build_batch(signer, batch, text("r"), 1, out, nowhere);
                assert!(request.is_null());
                status
            };
            assert_eq!(add(), CALLBOT_OK);

            let write = AssertUnwindSafe(|| (*batch).0.write(|_| panic!()));
            assert!(panic::catch_unwind(write).is_err());
            assert_eq!(add(), CALLBOT_PANIC);
            assert_eq!(add_all(), CALLBOT_PANIC);
            assert_eq!(build(), CALLBOT_PANIC);
            assert_eq!(callbot_batch_len(batch), 0);
            callbot_batch_reserve(batch, 1, 1);
            assert_eq!(add(), CALLBOT_PANIC);

            callbot_batch_clear(batch);
            assert_eq!(build(), CALLBOT_EMPTY_BATCH);
            assert_eq!(add(), CALLBOT_OK);
            assert_eq!(callbot_batch_len(batch), 1);

            callbot_batch_free(batch);
            callbot_signer_free(signer);
        }
    }
}
