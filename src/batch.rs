//! A batch of orders.

use callbot_core::{
    Batch, Endpoint, KeptBatch, OrderBytes, OrderEndpoint, ParamBytes, Policy, Task,
};

use crate::abi::boundary::{self, Made, accessor, fallible, free, produce};
use crate::abi::defaults;
use crate::abi::failure::{Failure, callbot_error, made};
use crate::abi::memory::Watch;
use crate::abi::pointer::{Handle, Poison, borrow_handle_mut};
use crate::abi::string::{array, borrow_bytes, borrow_str, callbot_str};
use crate::rules::{self, callbot_rules};
use crate::status::callbot_status;

/// Refuses all orders if one is invalid.
pub const CALLBOT_POLICY_REFUSE_ALL: i32 = 0;
/// Keeps the valid orders and refuses the others.
pub const CALLBOT_POLICY_KEEP_VALID: i32 = 1;

/// A variable of the script template and its value.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct callbot_param {
    /// The variable's name. Not empty.
    pub name: callbot_str,
    /// The variable's value. Not empty.
    pub value: callbot_str,
}

/// An order: one phone number to call, in one or more rounds.
///
/// A plain struct: zero it, then set what you have.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct callbot_order {
    /// orderID: your own globally unique ID, such as a UUID. The callbacks return it. Not empty.
    pub order_id: callbot_str,
    /// userPhone: 7 to 15 digits that begin with the country code, without any symbol.
    pub user_phone: callbot_str,
    /// other: your own data, which the callbacks return. May be empty.
    pub other: callbot_str,
    /// userName. May be empty.
    pub user_name: callbot_str,
    /// customerName. May be empty.
    pub customer_name: callbot_str,
    /// params: the values of the script template's variables. May be NULL if param_count is 0.
    pub params: *const callbot_param,
    /// The number of params.
    pub param_count: usize,
}

/// A batch of orders for one request.
///
/// Made by callbot_batch_new, callbot_batch_new_for or callbot_batch_from_json; freed by
/// callbot_batch_free. Each order is validated when it is added, and serialised into the request's
/// body. Nothing of it is needed afterwards.
pub struct callbot_batch(pub(crate) Poison<Batch>);

impl Handle for callbot_batch {}

/// Seeds the index of orderIDs with random numbers of the system, for each batch and again when it
/// is cleared. Forked workers and machines without address randomisation would otherwise share a
/// seed, and IDs that collide under it could be computed in advance.
fn reseed(batch: &mut Batch) {
    if let Some(seed) = defaults::index_seed() {
        batch.reseed(seed);
    }
}

fn policy_of(number: i32) -> Result<Policy, Failure> {
    match number {
        CALLBOT_POLICY_REFUSE_ALL => Ok(Policy::RefuseAll),
        CALLBOT_POLICY_KEEP_VALID => Ok(Policy::KeepValid),
        other => Err(Failure::unknown_constant("policy", other)),
    }
}

/// Borrows an order and passes it on. `params` is a buffer that is used again for each order.
///
/// # Safety
///
/// The order's strings and params are valid during the call.
unsafe fn with_order<'a, R>(
    order: &'a callbot_order,
    params: &mut Vec<ParamBytes<'a>>,
    take: impl FnOnce(&OrderBytes<'_>) -> R,
) -> Result<R, Failure> {
    params.clear();
    // SAFETY: the same contract.
    let given: &'a [callbot_param] = unsafe { array(order.params, order.param_count, "params") }?;
    made(params.try_reserve(given.len()))?;
    for param in given {
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

/// Makes an empty batch for a task, which must exist at the provider. rules may be NULL.
/// user_task_id is the task's ID. The URLs, absolute http or https, are called when an order or a
/// call has finished. All arguments are copied.
///
/// Returns CALLBOT_OK, and in *batch an object that the caller frees. Fails with CALLBOT_REFUSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_batch_new(
    rules: *const callbot_rules,
    user_task_id: callbot_str,
    order_callback_url: callbot_str,
    call_callback_url: callbot_str,
    batch: *mut *mut callbot_batch,
    error: *mut *mut callbot_error,
) -> callbot_status {
    produce!(batch, error, || {
        // SAFETY: convention 3 of the header: a handle is valid, or NULL.
        let rules = unsafe { rules::copy(rules) }?;
        let task = Task {
            user_task_id: borrow_str!(user_task_id)?,
            order_callback_url: borrow_str!(order_callback_url)?,
            call_callback_url: borrow_str!(call_callback_url)?,
        };
        let mut batch = Batch::new(&task, rules)?;
        reseed(&mut batch);
        Ok(callbot_batch(Poison::new(batch)))
    })
}

/// Adds an order, whose strings are copied. Fails with CALLBOT_REFUSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_batch_add(
    batch: *mut callbot_batch,
    order: *const callbot_order,
    error: *mut *mut callbot_error,
) -> callbot_status {
    fallible!(error, || {
        let batch = borrow_handle_mut!(batch)?;
        // SAFETY: the caller's order is NULL, or valid during the call.
        let order = unsafe { order.as_ref() }.ok_or_else(|| Failure::null_pointer("order"))?;
        batch.0.write(|batch| {
            let first = batch.len();
            let watch = Watch::new();
            let mut transaction = batch.begin(Policy::RefuseAll);
            let mut params = Vec::new();
            // SAFETY: convention 2 of the header: the order's strings point to len bytes.
            unsafe { with_order(order, &mut params, |order| transaction.add(order)) }?;
            if watch.is_short() {
                return Err(Failure::NoMemory);
            }
            let added = transaction.commit();
            added.map_err(|violations| Failure::added_after(first, violations))?;
            Ok(())
        })?
    })
}

/// Adds an array of orders in one call, which is faster than a call for each. policy is a
/// CALLBOT_POLICY constant.
///
/// CALLBOT_POLICY_REFUSE_ALL adds all orders or none; it fails with CALLBOT_REFUSED if any is
/// invalid. CALLBOT_POLICY_KEEP_VALID adds the valid orders and succeeds. If it refused others,
/// *error is then an error that lists their violations; otherwise it is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_batch_add_all(
    batch: *mut callbot_batch,
    orders: *const callbot_order,
    order_count: usize,
    policy: i32,
    error: *mut *mut callbot_error,
) -> callbot_status {
    fallible!(error, || {
        let batch = borrow_handle_mut!(batch)?;
        // SAFETY: the caller's array has order_count elements that are valid during the call.
        let orders = unsafe { array(orders, order_count, "orders") }?;
        let policy = policy_of(policy)?;
        let refused = batch.0.write(|batch| {
            let first = batch.len();
            let watch = Watch::new();
            let mut params = Vec::new();
            let mut transaction = batch.begin(policy);
            for (index, order) in orders.iter().enumerate() {
                // SAFETY: convention 2 of the header: the orders' strings point to len bytes.
                unsafe { with_order(order, &mut params, |order| transaction.add(order)) }
                    .map_err(|failure| failure.in_order(index))?;
            }
            // Made before anything is final. The list of the violations stays where it is.
            let refused = if policy == Policy::KeepValid && !transaction.check().is_empty() {
                let refused = transaction.check().try_clone()?;
                Some(made(callbot_error::new(Failure::added_after(
                    first, refused,
                )))?)
            } else {
                None
            };
            if watch.is_short() {
                return Err(Failure::NoMemory);
            }
            let committed = transaction.commit();
            committed.map_err(|violations| Failure::added_after(first, violations))?;
            Ok(refused)
        })??;
        error.write_box(refused);
        Ok(())
    })
}

/// Reads a batch from a JSON body as the API documents it. rules may be NULL. policy is a
/// CALLBOT_POLICY constant. The JSON is not needed afterwards.
///
/// CALLBOT_POLICY_REFUSE_ALL fails with CALLBOT_REFUSED if there is any violation.
/// CALLBOT_POLICY_KEEP_VALID succeeds if the violations are in single orders. The batch then has
/// the other orders, and *error is an error that lists the violations, or NULL if there are none. A
/// caller that passes NULL for error learns of refused orders only from callbot_batch_len.
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
    produce!(batch, error, || {
        // SAFETY: convention 3 of the header: a handle is valid, or NULL.
        let rules = unsafe { rules::copy(rules) }?;
        let json = borrow_bytes!(json)?;
        let policy = policy_of(policy)?;
        let kept = Batch::read_json(json, rules, policy, defaults::index_seed())?;
        Ok(keep(kept))
    })
}

/// Makes a batch for an endpoint that takes orders: "addBatchCall", "importBatchCall" or
/// "createAndCall". json is the request as the endpoint's page documents it. Its callList may have
/// orders, be empty, or be missing; more orders are added as always. productID is added if it is
/// left out. rules and policy are as for callbot_batch_from_json, and so is *error under
/// CALLBOT_POLICY_KEEP_VALID.
///
/// Returns CALLBOT_OK, and in *batch an object that the caller frees. Fails with CALLBOT_ENDPOINT
/// for any other endpoint, and with CALLBOT_REFUSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_batch_new_for(
    rules: *const callbot_rules,
    endpoint: callbot_str,
    json: callbot_str,
    policy: i32,
    batch: *mut *mut callbot_batch,
    error: *mut *mut callbot_error,
) -> callbot_status {
    produce!(batch, error, || {
        // SAFETY: convention 3 of the header: a handle is valid, or NULL.
        let rules = unsafe { rules::copy(rules) }?;
        let endpoint: Endpoint = borrow_str!(endpoint)?.parse()?;
        let endpoint = OrderEndpoint::try_from(endpoint)?;
        let json = borrow_bytes!(json)?;
        let policy = policy_of(policy)?;
        let kept = Batch::read_json_for(endpoint, json, rules, policy, defaults::index_seed())?;
        Ok(keep(kept))
    })
}

/// Hands out a batch that was read, and what was refused.
fn keep(kept: KeptBatch) -> Made<callbot_batch> {
    Made {
        object: callbot_batch(Poison::new(kept.batch)),
        beside: (!kept.refused.is_empty()).then(|| kept.refused.into()),
    }
}

/// Reserves memory for more orders, of order_bytes bytes each in the body, keys and escapes
/// included. It is a hint: if the allocation fails, nothing happens.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_batch_reserve(
    batch: *mut callbot_batch,
    orders: usize,
    order_bytes: usize,
) {
    boundary::value((), || {
        if let Ok(batch) = borrow_handle_mut!(batch) {
            let _ = batch
                .0
                .write(|batch| batch.reserve(orders, order_bytes).is_ok());
        }
    });
}

/// Returns the number of orders in the batch.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_batch_len(batch: *const callbot_batch) -> usize {
    accessor!(batch, batch.0.read().map_or(0, Batch::len))
}

/// Removes all orders; the task and the rules stay. The memory is kept, so that filling the batch
/// again allocates nothing, unless a request of this batch is still alive.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_batch_clear(batch: *mut callbot_batch) {
    boundary::value((), || {
        if let Ok(batch) = borrow_handle_mut!(batch) {
            batch.0.reset(|batch| {
                batch.clear();
                reseed(batch);
            });
        }
    });
}

/// Frees a batch. Requests that were built from it stay valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_batch_free(batch: *mut callbot_batch) {
    free!(batch);
}

#[cfg(test)]
mod tests {
    use std::panic::{self, AssertUnwindSafe};
    use std::ptr;

    use super::*;
    use crate::request::{callbot_build_batch, callbot_request};
    use crate::signer::{CALLBOT_ALGORITHM_MD5, callbot_signer_free, callbot_signer_new};
    use crate::status::{CALLBOT_EMPTY_BATCH, CALLBOT_OK, CALLBOT_PANIC};

    /// After a panic a batch can only be cleared and freed.
    #[test]
    fn a_poisoned_batch_is_refused_until_it_is_cleared() {
        let string = |string: &'static str| callbot_str::borrow(string);
        let url = string("https://a.example/");
        let order = callbot_order {
            order_id: string("1"),
            user_phone: string("8613800000001"),
            other: callbot_str::EMPTY,
            user_name: callbot_str::EMPTY,
            customer_name: callbot_str::EMPTY,
            params: ptr::null(),
            param_count: 0,
        };
        let nowhere = ptr::null_mut();
        let mut signer = ptr::null_mut();
        let mut batch = ptr::null_mut();
        // SAFETY: the strings are static; each object came from a call above and is freed once.
        unsafe {
            let md5 = CALLBOT_ALGORITHM_MD5;
            let status =
                callbot_signer_new(string("u"), string("s"), md5, &raw mut signer, nowhere);
            assert_eq!(status, CALLBOT_OK);
            let status =
                callbot_batch_new(ptr::null(), string("t"), url, url, &raw mut batch, nowhere);
            assert_eq!(status, CALLBOT_OK);
            let add = || callbot_batch_add(batch, &raw const order, nowhere);
            let add_all = || callbot_batch_add_all(batch, &raw const order, 1, 0, nowhere);
            let build = || {
                let mut request = ptr::dangling_mut::<callbot_request>();
                let out = &raw mut request;
                let status = callbot_build_batch(signer, batch, string("r"), 1, out, nowhere);
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
