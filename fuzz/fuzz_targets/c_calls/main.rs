//! Calls of the C library in any sequence, with pointers as a program in C might pass them. Each
//! call does what the core does with the same orders, or fails as the header says. No object shows
//! anything of another one that was changed or freed.
#![no_main]
#![expect(unsafe_code, reason = "it is a caller of the C library")]
#![deny(clippy::undocumented_unsafe_blocks)]

mod input;
mod received;

use std::{ptr, slice, str};

#[expect(clippy::wildcard_imports, reason = "it is the whole interface")]
use callbot::*;
use callbot_core::{
    Algorithm, Batch, Credentials, OrderEndpoint, Policy, RequestId, Rules, RulesError, SecretKey,
    SignedRequest, Timestamp, Violations,
};
use callbot_fuzz::{TASK, check_one_line};
use libfuzzer_sys::fuzz_target;

use input::{
    Call, EndpointInput, Failed, Json, OrderInput, PolicyInput, RulesInput, Slot, Text, borrow,
};

/// The expected outcome of a call.
enum Outcome {
    Done,
    /// Success, with the violations of the refused orders.
    Kept(Violations),
    Refused(Violations),
    Failed(Failed),
}

impl From<Result<(), Violations>> for Outcome {
    fn from(result: Result<(), Violations>) -> Self {
        result.map_or_else(Self::Refused, |()| Self::Done)
    }
}

/// Reads a string of the library.
///
/// # Safety
///
/// The object that it was read from is alive.
unsafe fn read<'a>(text: callbot_str) -> &'a [u8] {
    if text.len == 0 {
        return &[];
    }
    // SAFETY: a string of the library points to len bytes.
    unsafe { slice::from_raw_parts(text.data.cast(), text.len) }
}

/// Checks the outcome of a call, and frees its error. `first` is the number of orders that the
/// batch had before the call.
fn check(status: callbot_status, error: *mut callbot_error, expected: &Outcome, first: usize) {
    let (wanted, violations) = match expected {
        Outcome::Done => (CALLBOT_OK, None),
        Outcome::Kept(violations) => (CALLBOT_OK, Some(violations)),
        Outcome::Refused(violations) => (CALLBOT_REFUSED, Some(violations)),
        Outcome::Failed(failed) => (*failed, None),
    };
    assert_eq!(status, wanted);
    let violations = violations.filter(|violations| !violations.is_empty());
    assert_eq!(
        error.is_null(),
        status == CALLBOT_OK && violations.is_none()
    );
    // SAFETY: the error is NULL or came from the call, and is freed once, after its last use.
    unsafe {
        let told = callbot_error_status(error);
        assert_eq!(
            told,
            if violations.is_some() {
                CALLBOT_REFUSED
            } else {
                status
            }
        );
        if !error.is_null() {
            check_one_line(str::from_utf8(read(callbot_error_message(error))).expect("UTF-8"));
        }
        let listed = violations.map_or(&[][..], Violations::as_slice);
        assert_eq!(callbot_error_violation_count(error), listed.len());
        for (i, violation) in listed.iter().enumerate() {
            let texts = [
                (
                    callbot_error_violation_code(error, i),
                    violation.code().into(),
                ),
                (callbot_error_violation_path(error, i), violation.path()),
                (
                    callbot_error_violation_field(error, i),
                    violation.field().into(),
                ),
                (
                    callbot_error_violation_param(error, i),
                    violation.param().unwrap_or_default().into(),
                ),
                (
                    callbot_error_violation_message(error, i),
                    violation.message(),
                ),
            ];
            for (text, expected) in texts {
                assert_eq!(read(text), expected.as_bytes());
            }
            let order = callbot_error_violation_order(error, i);
            assert_eq!(order, violation.order_index().unwrap_or(usize::MAX));
            let in_list = violation.order_index().map(|order| order - first);
            let found = callbot_error_violation_list_index(error, i);
            assert_eq!(found, in_list.unwrap_or(usize::MAX));
            assert!(callbot_error_violation_code_number(error, i) > 0);
        }
        callbot_error_free(error);
    }
}

/// An object of the library and its model; NULL and `None` for none.
struct Object<T, M> {
    pointer: *mut T,
    model: Option<M>,
    free: unsafe extern "C" fn(*mut T),
}

impl<T, M> Object<T, M> {
    fn none(free: unsafe extern "C" fn(*mut T)) -> Self {
        Self {
            pointer: ptr::null_mut(),
            model: None,
            free,
        }
    }

    /// Frees the object and puts another one in its place.
    fn replace(&mut self, pointer: *mut T, model: Option<M>) {
        assert_eq!(pointer.is_null(), model.is_none());
        // SAFETY: the object is NULL or came from the library, and is not used again.
        unsafe { (self.free)(self.pointer) };
        self.pointer = pointer;
        self.model = model;
    }
}

impl<T, M> Drop for Object<T, M> {
    fn drop(&mut self) {
        // SAFETY: as above.
        unsafe { (self.free)(self.pointer) };
    }
}

struct Program {
    signer: Object<callbot_signer, Credentials>,
    batches: [Object<callbot_batch, Batch>; 2],
    requests: [Object<callbot_request, SignedRequest>; 2],
}

const UUID: &str = "Vh71ym3y";
const SECRET_KEY: &str = "u7Mf3zUN";
const CREATE_TS: u32 = 1_726_200_000;

impl Program {
    fn new() -> Self {
        let mut signer = Object::none(callbot_signer_free);
        let (mut pointer, error) = (ptr::null_mut(), ptr::null_mut());
        let [uuid, secret_key] = [UUID, SECRET_KEY].map(|text| borrow(text.as_bytes()));
        // SAFETY: the strings are static, and the output is this function's own.
        let status = unsafe {
            callbot_signer_new(
                uuid,
                secret_key,
                CALLBOT_ALGORITHM_MD5,
                &raw mut pointer,
                error,
            )
        };
        assert_eq!(status, CALLBOT_OK);
        let secret_key = SecretKey::new(SECRET_KEY).expect("a secret key");
        let credentials = Credentials::new(UUID, secret_key, Algorithm::Md5).expect("an account");
        signer.replace(pointer, Some(credentials));
        Self {
            signer,
            batches: [(); 2].map(|()| Object::none(callbot_batch_free)),
            requests: [(); 2].map(|()| Object::none(callbot_request_free)),
        }
    }

    fn run(&mut self, call: &Call<'_>) {
        match *call {
            Call::NewBatch(at, ref rules) => self.new_batch(at, rules),
            Call::ReadBatch(at, ref rules, ref json, policy) => {
                self.read_batch(at, rules, json, policy);
            }
            Call::Add(to, ref order) => self.add(to, order),
            Call::AddAll(to, ref orders, policy) => self.add_all(to, orders, policy),
            Call::Reserve(at, orders, bytes) => {
                let batch = self.batches[at.index()].pointer;
                // SAFETY: the batch is valid, or NULL.
                unsafe { callbot_batch_reserve(batch, orders.into(), bytes.into()) };
            }
            Call::Clear(at) => {
                let batch = &mut self.batches[at.index()];
                // SAFETY: the batch is valid, or NULL.
                unsafe { callbot_batch_clear(batch.pointer) };
                batch.model.iter_mut().for_each(Batch::clear);
            }
            Call::FreeBatch(at) => self.batches[at.index()].replace(ptr::null_mut(), None),
            Call::Build { batch, to, id } => self.build(batch, to, id),
            Call::SignAgain { from, to, id } => self.sign_again(from, to, id),
            Call::FreeRequest(at) => self.requests[at.index()].replace(ptr::null_mut(), None),
            Call::BatchFor(at, ref rules, endpoint, ref json, policy) => {
                self.batch_for(at, rules, endpoint, json, policy);
            }
            Call::SignJson {
                to,
                endpoint,
                ref json,
                id,
            } => self.sign_json(to, endpoint, json, id),
            Call::SignAny { to, path, body, id } => self.sign_any(to, path, body, id),
            Call::Headers(ref lines) => received::headers(lines, &self.requests),
            Call::Url(of, base) => received::url(&self.requests[of.index()], base),
            Call::Content(of, ref input) => {
                received::content(&self.signer, &self.requests[of.index()], input);
            }
        }
    }

    fn new_batch(&mut self, at: Slot, rules: &RulesInput<'_>) {
        let (rules, model) = make_rules(rules);
        let (mut pointer, mut error) = (ptr::dangling_mut(), ptr::dangling_mut());
        let text = |text: &str| borrow(text.as_bytes());
        let [order_url, call_url] = [TASK.order_callback_url, TASK.call_callback_url].map(text);
        // SAFETY: the rules and the strings are alive, and the outputs are this function's own.
        let status = unsafe {
            let (batch, error) = (&raw mut pointer, &raw mut error);
            callbot_batch_new(
                rules.pointer,
                text(TASK.user_task_id),
                order_url,
                call_url,
                batch,
                error,
            )
        };
        check(status, error, &Outcome::Done, 0);
        drop(rules);
        let model = Batch::new(&TASK, model).expect("the task is right");
        self.batches[at.index()].replace(pointer, Some(model));
    }

    fn read_batch(
        &mut self,
        at: Slot,
        rules: &RulesInput<'_>,
        json: &Json<'_>,
        policy: PolicyInput,
    ) {
        let (rules, model) = make_rules(rules);
        let body = self.body_of(json);
        let json = json.text_of(&body);
        let (mut pointer, mut error) = (ptr::dangling_mut(), ptr::dangling_mut());
        // SAFETY: the rules are alive, the string is valid or is refused, and the outputs are this
        // function's own.
        let status = unsafe {
            let (batch, error) = (&raw mut pointer, &raw mut error);
            callbot_batch_from_json(rules.pointer, json.for_c(), policy.for_c(), batch, error)
        };
        drop(rules);
        let read = json.bytes().and_then(|json| Ok((json, policy.policy()?)));
        let (model, expected) = match read {
            Err(failed) => (None, Outcome::Failed(failed)),
            Ok((json, Policy::RefuseAll)) => match Batch::from_json(json, model) {
                Ok(batch) => (Some(batch), Outcome::Done),
                Err(violations) => (None, Outcome::Refused(violations)),
            },
            Ok((json, Policy::KeepValid)) => match Batch::from_json_keep_valid(json, model) {
                Ok(kept) => (Some(kept.batch), Outcome::Kept(kept.refused)),
                Err(violations) => (None, Outcome::Refused(violations)),
            },
        };
        check(status, error, &expected, 0);
        self.batches[at.index()].replace(pointer, model);
    }

    fn batch_for(
        &mut self,
        at: Slot,
        rules: &RulesInput<'_>,
        endpoint: EndpointInput<'_>,
        json: &Json<'_>,
        policy: PolicyInput,
    ) {
        let (rules, model) = make_rules(rules);
        let body = self.body_of(json);
        let json = json.text_of(&body);
        let (mut pointer, mut error) = (ptr::dangling_mut(), ptr::dangling_mut());
        // SAFETY: the rules are alive, the strings are valid or are refused, and the outputs are
        // this function's own.
        let status = unsafe {
            callbot_batch_new_for(
                rules.pointer,
                endpoint.for_c(),
                json.for_c(),
                policy.for_c(),
                &raw mut pointer,
                &raw mut error,
            )
        };
        drop(rules);
        let read = || {
            let endpoint = OrderEndpoint::try_from(endpoint.endpoint()?);
            let endpoint = endpoint.map_err(|_| CALLBOT_ENDPOINT)?;
            let json = json.bytes()?;
            let policy = policy.policy()?;
            Ok(Batch::read_json_for(endpoint, json, model, policy, None))
        };
        let (model, expected) = match read() {
            Err(failed) => (None, Outcome::Failed(failed)),
            Ok(Ok(kept)) => (Some(kept.batch), Outcome::Kept(kept.refused)),
            Ok(Err(violations)) => (None, Outcome::Refused(violations)),
        };
        check(status, error, &expected, 0);
        self.batches[at.index()].replace(pointer, model);
    }

    /// The body of the batch that the input names, if it names one.
    fn body_of(&self, json: &Json<'_>) -> Vec<u8> {
        let Json::Body(of, _) = *json else {
            return Vec::new();
        };
        let model = self.batches[of.index()].model.as_ref();
        model.map_or(Vec::new(), |batch| batch.body().to_vec())
    }

    fn add(&mut self, to: Slot, order: &OrderInput<'_>) {
        let batch = &mut self.batches[to.index()];
        let params = order.params_for_c();
        let for_c = order.for_c(&params);
        let mut error = ptr::dangling_mut();
        // SAFETY: the batch is valid, or NULL; the order's strings are valid or are refused; the
        // output is this function's own.
        let status = unsafe { callbot_batch_add(batch.pointer, &raw const for_c, &raw mut error) };
        let first = batch.model.as_ref().map_or(0, Batch::len);
        let expected = match &mut batch.model {
            None => Outcome::Failed(CALLBOT_NULL_POINTER),
            Some(model) => match order.read_params() {
                Err(failed) => Outcome::Failed(failed),
                Ok(params) => {
                    let order = order.order(&params).expect("it was read");
                    model.add(&order).into()
                }
            },
        };
        check(status, error, &expected, first);
    }

    fn add_all(&mut self, to: Slot, orders: &[OrderInput<'_>], policy: PolicyInput) {
        let batch = &mut self.batches[to.index()];
        let params: Vec<_> = orders.iter().map(OrderInput::params_for_c).collect();
        let for_c: Vec<_> = orders
            .iter()
            .zip(&params)
            .map(|(order, params)| order.for_c(params))
            .collect();
        let mut error = ptr::dangling_mut();
        // SAFETY: the batch is valid, or NULL; the orders' strings are valid or are refused; the
        // output is this function's own.
        let status = unsafe {
            callbot_batch_add_all(
                batch.pointer,
                for_c.as_ptr(),
                for_c.len(),
                policy.for_c(),
                &raw mut error,
            )
        };
        let first = batch.model.as_ref().map_or(0, Batch::len);
        let mut read = || {
            let model = batch.model.as_mut().ok_or(CALLBOT_NULL_POINTER)?;
            let policy = policy.policy()?;
            let params: Vec<_> = orders
                .iter()
                .map(OrderInput::read_params)
                .collect::<Result<_, _>>()?;
            let mut transaction = model.begin(policy);
            for (order, params) in orders.iter().zip(&params) {
                transaction.add(&order.order(params)?);
            }
            Ok(transaction
                .commit()
                .map_or_else(Outcome::Refused, Outcome::Kept))
        };
        check(
            status,
            error,
            &read().unwrap_or_else(Outcome::Failed),
            first,
        );
    }

    fn build(&mut self, batch: Slot, to: Slot, id: u8) {
        let batch = &self.batches[batch.index()];
        let (mut pointer, mut error) = (ptr::dangling_mut(), ptr::dangling_mut());
        let id = format!("{id}");
        // SAFETY: the batch is valid, or NULL; the string is alive; the outputs are this function's
        // own.
        let status = unsafe {
            let (signer, id) = (self.signer.pointer, borrow(id.as_bytes()));
            callbot_build_batch(
                signer,
                batch.pointer,
                id,
                CREATE_TS.into(),
                &raw mut pointer,
                &raw mut error,
            )
        };
        let signed = match &batch.model {
            None => Err(Outcome::Failed(CALLBOT_NULL_POINTER)),
            Some(model) => model
                .sign(self.credentials(), request_id(&id), create_ts())
                .map_err(|_| Outcome::Failed(CALLBOT_EMPTY_BATCH)),
        };
        self.put_request(to, pointer, status, error, signed);
    }

    fn sign_again(&mut self, from: Slot, to: Slot, id: u8) {
        let from = &self.requests[from.index()];
        let (mut pointer, mut error) = (ptr::dangling_mut(), ptr::dangling_mut());
        let id = format!("{id}");
        // SAFETY: the request is valid, or NULL; the string is alive; the outputs are this
        // function's own.
        let status = unsafe {
            let (signer, id) = (self.signer.pointer, borrow(id.as_bytes()));
            callbot_request_sign_again(
                from.pointer,
                signer,
                id,
                CREATE_TS.into(),
                &raw mut pointer,
                &raw mut error,
            )
        };
        let signed = from
            .model
            .as_ref()
            .ok_or(Outcome::Failed(CALLBOT_NULL_POINTER))
            .map(|request| request.sign_again(self.credentials(), request_id(&id), create_ts()));
        self.put_request(to, pointer, status, error, signed);
    }

    fn sign_json(&mut self, to: Slot, endpoint: EndpointInput<'_>, json: &Json<'_>, id: u8) {
        let body = self.body_of(json);
        let json = json.text_of(&body);
        let (mut pointer, mut error) = (ptr::dangling_mut(), ptr::dangling_mut());
        let id = format!("{id}");
        // SAFETY: the strings are valid or are refused; the outputs are this function's own.
        let status = unsafe {
            callbot_request_from_json(
                self.signer.pointer,
                endpoint.for_c(),
                json.for_c(),
                borrow(id.as_bytes()),
                CREATE_TS.into(),
                &raw mut pointer,
                &raw mut error,
            )
        };
        let read = || {
            let (endpoint, json) = (endpoint.endpoint()?, json.bytes()?);
            let id = request_id(&id);
            let credentials = self.credentials();
            let request = SignedRequest::from_json(endpoint, json, credentials, id, create_ts());
            Ok(request)
        };
        let signed = match read() {
            Err(failed) => Err(Outcome::Failed(failed)),
            Ok(request) => request.map_err(Outcome::Refused),
        };
        self.put_request(to, pointer, status, error, signed);
    }

    fn sign_any(&mut self, to: Slot, path: Text<'_>, body: Text<'_>, id: u8) {
        let (mut pointer, mut error) = (ptr::dangling_mut(), ptr::dangling_mut());
        let id = format!("{id}");
        // SAFETY: the strings are valid or are refused; the outputs are this function's own.
        let status = unsafe {
            callbot_request_new(
                self.signer.pointer,
                path.for_c(),
                body.for_c(),
                borrow(id.as_bytes()),
                CREATE_TS.into(),
                &raw mut pointer,
                &raw mut error,
            )
        };
        let sign = || {
            let (path, body) = (path.text()?, body.bytes()?);
            SignedRequest::new(path, body, self.credentials(), request_id(&id), create_ts())
                .map_err(|_| CALLBOT_PATH)
        };
        let signed = sign().map_err(Outcome::Failed);
        self.put_request(to, pointer, status, error, signed);
    }

    fn put_request(
        &mut self,
        to: Slot,
        pointer: *mut callbot_request,
        status: callbot_status,
        error: *mut callbot_error,
        signed: Result<SignedRequest, Outcome>,
    ) {
        let (model, expected) = match signed {
            Ok(request) => (Some(request), Outcome::Done),
            Err(outcome) => (None, outcome),
        };
        check(status, error, &expected, 0);
        self.requests[to.index()].replace(pointer, model);
    }

    fn credentials(&self) -> &Credentials {
        self.signer.model.as_ref().expect("it was made")
    }

    /// Checks each object against its model.
    fn check(&self) {
        for batch in &self.batches {
            // SAFETY: the batch is valid, or NULL.
            let len = unsafe { callbot_batch_len(batch.pointer) };
            assert_eq!(len, batch.model.as_ref().map_or(0, Batch::len));
        }
        for request in &self.requests {
            let model = request.model.as_ref();
            let headers = model.map(SignedRequest::headers);
            // SAFETY: the request is valid, or NULL, and is alive while its strings are read.
            unsafe {
                let body = read(callbot_request_body(request.pointer));
                assert_eq!(body, model.map_or(&[][..], SignedRequest::body));
                let sent = callbot_request_sent(request.pointer);
                let found = [sent.endpoint, sent.request_id, sent.uuid].map(|text| read(text));
                let expected = model.map_or([""; 3], |model| {
                    let sent = model.sent();
                    [sent.endpoint, sent.request_id, sent.uuid]
                });
                assert_eq!(found, expected.map(str::as_bytes));
                let endpoint = read(callbot_request_endpoint(request.pointer));
                assert_eq!(endpoint, expected[0].as_bytes());
                let count = callbot_request_header_count(request.pointer);
                let found: Vec<_> = (0..count)
                    .map(|i| {
                        let name = read(callbot_request_header_name(request.pointer, i));
                        (name, read(callbot_request_header_value(request.pointer, i)))
                    })
                    .collect();
                let headers = headers.iter().flatten();
                let expected = headers.map(|(name, value)| (name.as_bytes(), value.as_bytes()));
                assert_eq!(found, expected.collect::<Vec<_>>());
            }
        }
    }
}

fn request_id(id: &str) -> RequestId {
    RequestId::new(id).expect("digits")
}

fn create_ts() -> Timestamp {
    Timestamp::from_unix_seconds(CREATE_TS.into()).expect("a time")
}

/// The library's rules and the core's. Both refuse the same ones.
fn make_rules(input: &RulesInput<'_>) -> (Object<callbot_rules, ()>, Rules) {
    let mut rules = Object::none(callbot_rules_free);
    rules.replace(callbot_rules_new(), Some(()));
    let mut model = Rules::new();
    let nowhere = ptr::null_mut();
    let failed =
        |result: Result<&mut Rules, RulesError>| result.map(|_| ()).map_err(|_| CALLBOT_RULES);
    let agree = |status, expected: Result<(), Failed>| {
        assert_eq!(status, expected.err().unwrap_or(CALLBOT_OK));
    };
    // SAFETY: the rules are alive, and the strings are valid or are refused.
    unsafe {
        for name in &input.params {
            let status = callbot_rules_require_param(rules.pointer, name.for_c(), nowhere);
            agree(
                status,
                name.text()
                    .and_then(|name| failed(model.require_param(name))),
            );
        }
        if input.no_other_params {
            let status = callbot_rules_require_no_other_params(rules.pointer, nowhere);
            model.require_no_other_params();
            agree(status, Ok(()));
        }
        if let Some(code) = input.country_code {
            let status = callbot_rules_allow_country_code(rules.pointer, code.for_c(), nowhere);
            agree(
                status,
                code.text()
                    .and_then(|code| failed(model.allow_country_code(code))),
            );
        }
        if let Some(max) = input.max_orders {
            let status = callbot_rules_max_orders(rules.pointer, max.into(), nowhere);
            agree(status, failed(model.max_orders(max.into())));
        }
        if input.allow_blank_edges {
            let status = callbot_rules_allow_blank_edges(rules.pointer, nowhere);
            model.allow_blank_edges();
            agree(status, Ok(()));
        }
        if input.unique_phones {
            let status = callbot_rules_unique_phones(rules.pointer, nowhere);
            model.unique_phones();
            agree(status, Ok(()));
        }
    }
    (rules, model)
}

fuzz_target!(|calls: Vec<Call<'_>>| {
    let mut program = Program::new();
    for call in &calls {
        program.run(call);
        program.check();
    }
});
