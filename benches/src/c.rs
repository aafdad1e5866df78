//! The jobs that are written in C: those of OpenSSL and yyjson, and callbot's own through its C interface.

use std::ffi::{c_char, c_int, c_uchar, c_void};

use callbot_core::{Algorithm, Order};

#[repr(C)]
#[derive(Debug, Clone, Copy)]
struct Text {
    data: *const c_char,
    len: usize,
}

#[repr(C)]
#[derive(Debug)]
struct Param {
    name: Text,
    value: Text,
}

/// `callbot_order` of `callbot.h`.
#[repr(C)]
#[derive(Debug)]
struct COrder {
    order_id: Text,
    user_phone: Text,
    other: Text,
    user_name: Text,
    customer_name: Text,
    params: *const Param,
    param_count: usize,
}

unsafe extern "C" {
    fn job_hash(sha256: c_int, bytes: *const c_void, len: usize, digest: *mut c_uchar);
    fn job_signer(sha256: c_int) -> *mut c_void;
    fn job_callbot_sign(signer: *const c_void, body: *const c_char, len: usize, sign: *mut c_char);
    fn job_callbot_orders(
        signer: *const c_void,
        orders: *const COrder,
        count: usize,
        order_bytes: usize,
    ) -> usize;
    fn job_callbot_json(signer: *const c_void, json: *const c_char, len: usize) -> usize;
    fn job_yyjson(sha256: c_int, json: *const c_char, len: usize, sign: *mut c_char) -> usize;
}

const SIGN_CAPACITY: usize = 65;

/// OpenSSL's hash over some bytes.
#[must_use]
pub fn openssl_hash(algorithm: Algorithm, bytes: &[u8]) -> [u8; 32] {
    let mut digest = [0; 32];
    // SAFETY: the bytes are as many as are said, and the longest digest has 32.
    unsafe {
        job_hash(
            number(algorithm),
            bytes.as_ptr().cast(),
            bytes.len(),
            digest.as_mut_ptr(),
        );
    };
    digest
}

/// yyjson and OpenSSL: parse, check, write, hash. Returns the length of the body.
#[must_use]
pub fn yyjson(algorithm: Algorithm, json: &[u8]) -> usize {
    let mut sign = [0; SIGN_CAPACITY];
    // SAFETY: the bytes are as many as are said, and the longest signature with its NUL fits.
    unsafe {
        job_yyjson(
            number(algorithm),
            json.as_ptr().cast(),
            json.len(),
            sign.as_mut_ptr(),
        )
    }
}

const fn number(algorithm: Algorithm) -> c_int {
    match algorithm {
        Algorithm::Md5 => 0,
        Algorithm::Sha256 => 1,
    }
}

/// A signer of the C library. The program that measures never frees it.
#[derive(Debug, Clone, Copy)]
pub struct Signer(*const c_void);

impl Signer {
    /// Makes one.
    #[must_use]
    pub fn new(algorithm: Algorithm) -> Self {
        // SAFETY: it has no conditions.
        Self(unsafe { job_signer(number(algorithm)) })
    }

    /// `callbot_sign`.
    pub fn sign(self, body: &[u8]) {
        let mut sign = [0; SIGN_CAPACITY];
        // SAFETY: the signer lives on, the bytes are as many as are said, and the longest signature fits.
        unsafe { job_callbot_sign(self.0, body.as_ptr().cast(), body.len(), sign.as_mut_ptr()) };
    }

    /// The whole job from orders. Returns the length of the body.
    #[must_use]
    pub fn orders(self, orders: &Orders<'_>, order_bytes: usize) -> usize {
        let list = &orders.list;
        // SAFETY: the signer lives on, and the orders borrow all that they point to.
        unsafe { job_callbot_orders(self.0, list.as_ptr(), list.len(), order_bytes) }
    }

    /// The whole job from orders, `at_once` of them in a batch.
    pub fn orders_in_batches(self, orders: &Orders<'_>, at_once: usize, order_bytes: usize) {
        for list in orders.list.chunks(at_once) {
            // SAFETY: as above.
            unsafe { job_callbot_orders(self.0, list.as_ptr(), list.len(), order_bytes) };
        }
    }

    /// The whole job from JSON. Returns the length of the body.
    #[must_use]
    pub fn json(self, json: &[u8]) -> usize {
        // SAFETY: the signer lives on, and the bytes are as many as are said.
        unsafe { job_callbot_json(self.0, json.as_ptr().cast(), json.len()) }
    }
}

/// Orders as C has them.
#[derive(Debug)]
pub struct Orders<'a> {
    list: Vec<COrder>,
    _params: Vec<Box<[Param]>>,
    _borrowed: std::marker::PhantomData<&'a str>,
}

impl<'a> Orders<'a> {
    /// Makes them, once for all measurements.
    #[must_use]
    pub fn new(orders: &[Order<'a>]) -> Self {
        let text = |text: &str| Text {
            data: text.as_ptr().cast(),
            len: text.len(),
        };
        let params: Vec<Box<[Param]>> = orders
            .iter()
            .map(|order| {
                let params = order.params.iter();
                params
                    .map(|p| Param {
                        name: text(p.name),
                        value: text(p.value),
                    })
                    .collect()
            })
            .collect();
        let list = orders
            .iter()
            .zip(&params)
            .map(|(order, params)| COrder {
                order_id: text(order.order_id),
                user_phone: text(order.user_phone),
                other: text(order.other),
                user_name: text(order.user_name),
                customer_name: text(order.customer_name),
                params: params.as_ptr(),
                param_count: params.len(),
            })
            .collect();
        Self {
            list,
            _params: params,
            _borrowed: std::marker::PhantomData,
        }
    }
}

/// Tells glibc to keep large blocks of memory, in place of giving them back to the system and having them cleared anew.
/// It holds for the rest of the program.
pub fn keep_large_blocks() {
    const GIB: c_int = 1 << 30;
    // SAFETY: any values are allowed.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, GIB);
        libc::mallopt(libc::M_TRIM_THRESHOLD, GIB);
    }
}
