//! The jobs in C: OpenSSL, yyjson, and callbot through its C interface.

use std::ffi::{c_char, c_int, c_uchar, c_void};
use std::marker::PhantomData;

use callbot_core::{Algorithm, Order};

use crate::callback::Headers;
use crate::signed_with::CREATE_TS;

#[repr(C)]
#[derive(Debug, Clone, Copy)]
struct Str {
    data: *const c_char,
    len: usize,
}

impl Str {
    const fn borrow(string: &str) -> Self {
        Self {
            data: string.as_ptr().cast(),
            len: string.len(),
        }
    }
}

#[repr(C)]
#[derive(Debug)]
struct Param {
    name: Str,
    value: Str,
}

/// `callbot_order` of `callbot.h`.
#[repr(C)]
#[derive(Debug)]
struct COrder {
    order_id: Str,
    user_phone: Str,
    other: Str,
    user_name: Str,
    customer_name: Str,
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
    fn job_verifier(signer: *const c_void) -> *mut c_void;
    fn job_callbot_callback(
        verifier: *const c_void,
        headers: *const Header,
        count: usize,
        body: *const c_char,
        len: usize,
        now: i64,
        fields: *mut Fields,
    );
    fn job_yyjson_callback(
        sha256: c_int,
        headers: *const Header,
        count: usize,
        body: *const c_char,
        len: usize,
        now: i64,
        fields: *mut Fields,
    );
}

const SIGN_CAPACITY: usize = 65;

/// Hashes bytes with OpenSSL.
#[must_use]
pub fn openssl_hash(algorithm: Algorithm, bytes: &[u8]) -> [u8; 32] {
    let mut digest = [0; 32];
    // SAFETY: pointer and length are those of a slice, and the longest digest has 32 bytes.
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

/// Parses, checks, writes and hashes with yyjson and OpenSSL. Returns the length of the body.
#[must_use]
pub fn yyjson(algorithm: Algorithm, json: &[u8]) -> usize {
    let mut sign = [0; SIGN_CAPACITY];
    // SAFETY: pointer and length are those of a slice, and the longest signature with its NUL fits.
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

/// A signer of the C library. It is never freed.
#[derive(Debug, Clone, Copy)]
pub struct Signer(*const c_void);

impl Signer {
    /// Creates a signer.
    #[must_use]
    pub fn new(algorithm: Algorithm) -> Self {
        // SAFETY: the function has no preconditions.
        Self(unsafe { job_signer(number(algorithm)) })
    }

    /// `callbot_sign`.
    pub fn sign(self, body: &[u8]) {
        let mut sign = [0; SIGN_CAPACITY];
        // SAFETY: the signer is never freed, pointer and length are those of a slice, and the
        // longest signature fits.
        unsafe { job_callbot_sign(self.0, body.as_ptr().cast(), body.len(), sign.as_mut_ptr()) };
    }

    /// Builds and signs a request from orders. Returns the length of the body.
    #[must_use]
    pub fn orders(self, orders: &Orders<'_>, order_bytes: usize) -> usize {
        let list = &orders.list;
        // SAFETY: the signer is never freed, and the orders borrow everything they point to.
        unsafe { job_callbot_orders(self.0, list.as_ptr(), list.len(), order_bytes) }
    }

    /// Builds and signs requests from orders, `at_once` of them in a batch.
    pub fn orders_in_batches(self, orders: &Orders<'_>, at_once: usize, order_bytes: usize) {
        for list in orders.list.chunks(at_once) {
            // SAFETY: as above.
            unsafe { job_callbot_orders(self.0, list.as_ptr(), list.len(), order_bytes) };
        }
    }

    /// Builds and signs a request from JSON. Returns the length of the body.
    #[must_use]
    pub fn json(self, json: &[u8]) -> usize {
        // SAFETY: the signer is never freed, and pointer and length are those of a slice.
        unsafe { job_callbot_json(self.0, json.as_ptr().cast(), json.len()) }
    }
}

/// Orders as the C library takes them.
#[derive(Debug)]
pub struct Orders<'a> {
    list: Vec<COrder>,
    _params: Vec<Box<[Param]>>,
    _borrowed: PhantomData<&'a str>,
}

impl<'a> Orders<'a> {
    /// Converts orders, once for all measurements.
    #[must_use]
    pub fn new(orders: &[Order<'a>]) -> Self {
        let borrow = Str::borrow;
        let params: Vec<Box<[Param]>> = orders
            .iter()
            .map(|order| {
                let params = order.params.iter();
                params
                    .map(|p| Param {
                        name: borrow(p.name),
                        value: borrow(p.value),
                    })
                    .collect()
            })
            .collect();
        let list = orders
            .iter()
            .zip(&params)
            .map(|(order, params)| COrder {
                order_id: borrow(order.order_id),
                user_phone: borrow(order.user_phone),
                other: borrow(order.other),
                user_name: borrow(order.user_name),
                customer_name: borrow(order.customer_name),
                params: params.as_ptr(),
                param_count: params.len(),
            })
            .collect();
        Self {
            list,
            _params: params,
            _borrowed: PhantomData,
        }
    }
}

/// `callbot_header` of `callbot.h`.
#[repr(C)]
#[derive(Debug)]
struct Header {
    name: Str,
    value: Str,
}

/// Four fields of a call callback: the lengths of two strings, and two integers.
#[repr(C)]
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Fields {
    order_id_len: usize,
    audio_url_len: usize,
    status: i64,
    duration: i64,
}

/// A callback as the C library takes it.
#[derive(Debug)]
pub struct Callback<'a> {
    headers: Vec<Header>,
    body: &'a [u8],
    now: i64,
}

impl<'a> Callback<'a> {
    /// Converts a callback, once for all measurements.
    ///
    /// # Panics
    ///
    /// Never.
    #[must_use]
    pub fn new(headers: &'a Headers, body: &'a [u8]) -> Self {
        let headers = headers.iter().map(|(name, value)| Header {
            name: Str::borrow(name),
            value: Str::borrow(value),
        });
        Self {
            headers: headers.collect(),
            body,
            now: i64::try_from(CREATE_TS).expect("a time"),
        }
    }

    /// Verifies it and reads four fields with yyjson and OpenSSL.
    #[must_use]
    pub fn by_yyjson(&self, algorithm: Algorithm) -> Fields {
        let mut fields = Fields::default();
        // SAFETY: pointers and lengths are those of slices, and the headers borrow their strings.
        unsafe {
            job_yyjson_callback(
                number(algorithm),
                self.headers.as_ptr(),
                self.headers.len(),
                self.body.as_ptr().cast(),
                self.body.len(),
                self.now,
                &raw mut fields,
            );
        }
        fields
    }
}

/// A verifier of the C library. It is never freed.
#[derive(Debug, Clone, Copy)]
pub struct Verifier(*const c_void);

impl Verifier {
    /// Creates a verifier.
    #[must_use]
    pub fn new(algorithm: Algorithm) -> Self {
        // SAFETY: the signer is never freed.
        Self(unsafe { job_verifier(Signer::new(algorithm).0) })
    }

    /// Verifies a callback and reads four fields.
    #[must_use]
    pub fn fields(self, callback: &Callback<'_>) -> Fields {
        let mut fields = Fields::default();
        // SAFETY: the verifier is never freed, pointers and lengths are those of slices, and the
        // headers borrow their strings.
        unsafe {
            job_callbot_callback(
                self.0,
                callback.headers.as_ptr(),
                callback.headers.len(),
                callback.body.as_ptr().cast(),
                callback.body.len(),
                callback.now,
                &raw mut fields,
            );
        }
        fields
    }
}

/// Tells glibc to keep large blocks of memory. By default it returns them to the system, which
/// clears them again on the next use. The setting lasts until the program ends.
pub fn keep_large_blocks() {
    const GIB: c_int = 1 << 30;
    // SAFETY: any values are allowed.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, GIB);
        libc::mallopt(libc::M_TRIM_THRESHOLD, GIB);
    }
}
