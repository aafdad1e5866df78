//! A signed request.

use std::ffi::CString;
use std::sync::OnceLock;

use callbot_core::{Endpoint, Rules, SignedRequest};

use crate::abi::boundary::{accessor, free, produce};
use crate::abi::defaults;
use crate::abi::failure::{Failure, callbot_error, made};
use crate::abi::memory::{self, Watch};
use crate::abi::pointer::{Handle, borrow_handle};
use crate::abi::string::{
    borrow_bytes, borrow_str, callbot_str, callbot_string, header_name, header_value,
};
use crate::batch::callbot_batch;
use crate::rules::{self, callbot_rules};
use crate::signer::{self, callbot_signer};
use crate::status::callbot_status;

/// A signed HTTP request: send exactly this body with exactly these headers.
///
/// Made by callbot_build_batch, callbot_request_from_json, callbot_request_new or
/// callbot_request_sign_again; freed by callbot_request_free. It never changes, so several threads
/// may read it at once, and it stays valid when its signer and batch are changed or freed.
pub struct callbot_request(
    pub(crate) SignedRequest,
    /// A line for each header, made on first use.
    OnceLock<Vec<CString>>,
);

impl Handle for callbot_request {}

impl callbot_request {
    /// `None` if an allocation fails; they are then made by a later call.
    fn lines(&self) -> Option<&[CString]> {
        if self.1.get().is_none() {
            let watch = Watch::new();
            let lines = self.0.headers().into_iter();
            // No header has a NUL.
            let lines = lines
                .filter_map(|(name, value)| CString::new(format!("{name}: {value}")).ok())
                .collect();
            if watch.is_short() {
                return None;
            }
            let _ = self.1.set(lines);
        }
        self.1.get().map(Vec::as_slice)
    }
}

impl From<SignedRequest> for callbot_request {
    fn from(request: SignedRequest) -> Self {
        Self(request, OnceLock::new())
    }
}

/// What a response must match: four values of a request and the name of its endpoint.
///
/// A program that stores them can verify the response after the request with its body is freed, or
/// after a restart. This struct never changes.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct callbot_sent {
    /// The name of the endpoint, such as "stopOrder". Empty for a request to any other path.
    pub endpoint: callbot_str,
    /// The request's ID.
    pub request_id: callbot_str,
    /// The account's uuid.
    pub uuid: callbot_str,
    /// One of the CALLBOT_ALGORITHM constants.
    pub algorithm: i32,
}

/// Builds the request of a batch, to addBatchCall or to the endpoint that the batch was made for.
///
/// An empty request_id means a random one, and a create_ts (Unix seconds) of 0 means now; the
/// request's headers show both. The batch can be used again. Signing does not copy its body; the
/// batch copies it on the first change while a request is alive (copy-on-write).
///
/// Returns CALLBOT_OK, and in *request an object that the caller frees. Fails with
/// CALLBOT_EMPTY_BATCH, CALLBOT_REQUEST_ID, CALLBOT_CREATE_TS, CALLBOT_NO_RANDOM and CALLBOT_CLOCK.
/// Several threads may call it at once with the same signer and batch.
///
/// Example:
///
///     callbot_request *request;
///     callbot_status status =
///         callbot_build_batch(signer, batch, CALLBOT_STR(""), 0, &request, NULL);
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_build_batch(
    signer: *const callbot_signer,
    batch: *const callbot_batch,
    request_id: callbot_str,
    create_ts: i64,
    request: *mut *mut callbot_request,
    error: *mut *mut callbot_error,
) -> callbot_status {
    produce!(request, error, || {
        let signer = borrow_handle!(signer)?;
        let batch = borrow_handle!(batch)?;
        let request_id = defaults::request_id(borrow_str!(request_id)?)?;
        let create_ts = defaults::create_ts(create_ts)?;
        let request = batch.0.read()?.sign(&signer.0, request_id, create_ts)?;
        Ok(callbot_request::from(request))
    })
}

/// Checks a request against the API's page, and signs it. endpoint is the API's own name, such as
/// "stopOrder". json is the request as the page documents it. Whitespace and the order of the keys
/// do not matter, productID is added if it is left out, and the body is compact. What a page shows
/// in an example only may have any value.
///
/// For addBatchCall, importBatchCall and createAndCall, all orders are refused if one is invalid.
/// callbot_request_from_json_with takes rules. request_id and create_ts are as for
/// callbot_build_batch. The JSON is not needed afterwards.
///
/// Returns CALLBOT_OK, and in *request an object that the caller frees. Fails with CALLBOT_ENDPOINT
/// if there is no such endpoint, with CALLBOT_REFUSED and a list of violations, and with
/// CALLBOT_REQUEST_ID, CALLBOT_CREATE_TS, CALLBOT_NO_RANDOM and CALLBOT_CLOCK.
///
/// Example:
///
///     const char *json = "{\"userTaskID\": \"spring\", \"orderIDs\": [\"1\", \"2\"]}";
///     callbot_str string = {json, strlen(json)};
///     callbot_request *request;
///     callbot_status status =
///         callbot_request_from_json(signer, CALLBOT_STR("stopOrder"), string, CALLBOT_STR(""), 0,
///                                   &request, &error);
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_request_from_json(
    signer: *const callbot_signer,
    endpoint: callbot_str,
    json: callbot_str,
    request_id: callbot_str,
    create_ts: i64,
    request: *mut *mut callbot_request,
    error: *mut *mut callbot_error,
) -> callbot_status {
    produce!(request, error, || {
        let signer = borrow_handle!(signer)?;
        let endpoint = borrow_str!(endpoint)?.parse()?;
        let json = borrow_bytes!(json)?;
        let request_id = borrow_str!(request_id)?;
        from_json(signer, &Rules::new(), endpoint, json, request_id, create_ts)
    })
}

/// Checks and signs a request as callbot_request_from_json does, with the rules of a campaign,
/// which may be NULL.
///
/// For addBatchCall, importBatchCall and createAndCall they are the rules of the batch. For any
/// other endpoint callbot_rules_allow_blank_edges is the only one with an effect: a task or an
/// order whose ID begins or ends with whitespace can be stopped and listed as well.
///
/// The arguments, *request and the failures are as for callbot_request_from_json.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_request_from_json_with(
    signer: *const callbot_signer,
    rules: *const callbot_rules,
    endpoint: callbot_str,
    json: callbot_str,
    request_id: callbot_str,
    create_ts: i64,
    request: *mut *mut callbot_request,
    error: *mut *mut callbot_error,
) -> callbot_status {
    produce!(request, error, || {
        let signer = borrow_handle!(signer)?;
        // SAFETY: convention 3 of the header: a handle is valid, or NULL.
        let rules = unsafe { rules::copy(rules) }?;
        let endpoint = borrow_str!(endpoint)?.parse()?;
        let json = borrow_bytes!(json)?;
        let request_id = borrow_str!(request_id)?;
        from_json(signer, &rules, endpoint, json, request_id, create_ts)
    })
}

fn from_json(
    signer: &callbot_signer,
    rules: &Rules,
    endpoint: Endpoint,
    json: &[u8],
    request_id: &str,
    create_ts: i64,
) -> Result<callbot_request, Failure> {
    let request_id = defaults::request_id(request_id)?;
    let create_ts = defaults::create_ts(create_ts)?;
    let request =
        SignedRequest::from_json_with(rules, endpoint, json, &signer.0, request_id, create_ts)?;
    Ok(callbot_request::from(request))
}

/// Signs any path and any body as they are: for endpoints that the library does not know.
///
/// path begins with exactly one "/", and is visible ASCII without "#", so that it cannot change the
/// host of a base URL. body is copied. request_id and create_ts are as for callbot_build_batch.
///
/// Returns CALLBOT_OK, and in *request an object that the caller frees. Fails with CALLBOT_PATH,
/// CALLBOT_REQUEST_ID, CALLBOT_CREATE_TS, CALLBOT_NO_RANDOM and CALLBOT_CLOCK.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_request_new(
    signer: *const callbot_signer,
    path: callbot_str,
    body: callbot_str,
    request_id: callbot_str,
    create_ts: i64,
    request: *mut *mut callbot_request,
    error: *mut *mut callbot_error,
) -> callbot_status {
    produce!(request, error, || {
        let signer = borrow_handle!(signer)?;
        let path = borrow_str!(path)?;
        let body = borrow_bytes!(body)?;
        let request_id = defaults::request_id(borrow_str!(request_id)?)?;
        let create_ts = defaults::create_ts(create_ts)?;
        let request = SignedRequest::new(
            path,
            made(memory::try_vec(body))?,
            &signer.0,
            request_id,
            create_ts,
        )?;
        Ok(callbot_request::from(request))
    })
}

/// Signs a request's body again, for a retry: the provider requires a new request ID for each
/// attempt. The body is not copied, and the first request does not change.
///
/// If an answer was lost or was an internal error (5001), the provider may have accepted the
/// orders. What it does with a duplicate orderID is not published: it may call the same people
/// twice.
///
/// The arguments, *again and the failures are as for callbot_build_batch.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_request_sign_again(
    request: *const callbot_request,
    signer: *const callbot_signer,
    request_id: callbot_str,
    create_ts: i64,
    again: *mut *mut callbot_request,
    error: *mut *mut callbot_error,
) -> callbot_status {
    produce!(again, error, || {
        let request = borrow_handle!(request)?;
        let signer = borrow_handle!(signer)?;
        let request_id = defaults::request_id(borrow_str!(request_id)?)?;
        let create_ts = defaults::create_ts(create_ts)?;
        let again = request.0.sign_again(&signer.0, request_id, create_ts);
        Ok(callbot_request::from(again))
    })
}

/// Returns the HTTP method: "POST".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_request_method(request: *const callbot_request) -> callbot_str {
    accessor!(request, callbot_str::borrow(request.0.method()))
}

/// Returns the path, to be appended to the provider's base URL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_request_path(request: *const callbot_request) -> callbot_str {
    accessor!(request, callbot_str::borrow(request.0.path()))
}

/// Writes the URL to send the request to: base_url, which is "https://nxbot.nxcloud.com" for the
/// provider's production, and the path. A path in base_url, such as a proxy's, comes before the
/// request's own.
///
/// Returns CALLBOT_OK, and in *url an object that the caller frees with callbot_string_free. Fails
/// with CALLBOT_BASE_URL unless base_url is an absolute http or https URL without query and
/// fragment, and without the path that is appended or the start that the API's own paths share.
///
/// Example:
///
///     callbot_string *url;
///     if (callbot_request_url(request, base_url, &url, &error) == CALLBOT_OK) {
///         curl_easy_setopt(curl, CURLOPT_URL, callbot_string_get(url).data);
///         callbot_string_free(url);
///     }
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_request_url(
    request: *const callbot_request,
    base_url: callbot_str,
    url: *mut *mut callbot_string,
    error: *mut *mut callbot_error,
) -> callbot_status {
    produce!(url, error, || {
        let request = borrow_handle!(request)?;
        let url = request.0.url(borrow_str!(base_url)?)?;
        callbot_string::new(url)
    })
}

/// Writes the URL of a path that was stored, as callbot_request_url does for that of a request.
///
/// Returns CALLBOT_OK, and in *url an object that the caller frees with callbot_string_free. Fails
/// with CALLBOT_PATH for a path that callbot_request_new refuses, and with CALLBOT_BASE_URL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_url_join(
    base_url: callbot_str,
    path: callbot_str,
    url: *mut *mut callbot_string,
    error: *mut *mut callbot_error,
) -> callbot_status {
    produce!(url, error, || {
        let url = callbot_core::join_url(borrow_str!(base_url)?, borrow_str!(path)?)?;
        callbot_string::new(url)
    })
}

/// Returns the name of the endpoint: "addBatchCall". Empty for a request of callbot_request_new.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_request_endpoint(request: *const callbot_request) -> callbot_str {
    accessor!(request, {
        let endpoint = request.0.endpoint();
        callbot_str::borrow_or_empty(endpoint.map(Endpoint::name))
    })
}

/// Returns what the response must match. Copy the strings to keep them longer than the request.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_request_sent(request: *const callbot_request) -> callbot_sent {
    accessor!(request, {
        let sent = request.0.sent();
        callbot_sent {
            endpoint: callbot_str::borrow(sent.endpoint),
            request_id: callbot_str::borrow(sent.request_id),
            uuid: callbot_str::borrow(sent.uuid),
            algorithm: signer::constant_of(sent.algorithm),
        }
    })
}

/// Returns the bytes to send. They are signed: do not parse and serialise them again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_request_body(request: *const callbot_request) -> callbot_str {
    accessor!(request, callbot_str::borrow(request.0.body()))
}

/// Returns the number of headers to send.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_request_header_count(request: *const callbot_request) -> usize {
    accessor!(request, request.0.headers().len())
}

/// Returns the name of the header at index.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_request_header_name(
    request: *const callbot_request,
    index: usize,
) -> callbot_str {
    accessor!(request, header_name(&request.0.headers(), index))
}

/// Returns the value of the header at index: ASCII without control characters.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_request_header_value(
    request: *const callbot_request,
    index: usize,
) -> callbot_str {
    accessor!(request, header_value(&request.0.headers(), index))
}

/// Returns the header at index as a line "Name: value" without a line end. A NUL follows it, as
/// curl_slist_append needs. The string is empty, and its data NULL, if an allocation fails.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_request_header_line(
    request: *const callbot_request,
    index: usize,
) -> callbot_str {
    accessor!(request, {
        let line = request.lines().and_then(|lines| lines.get(index));
        line.map_or(callbot_str::EMPTY, |line| callbot_str::of_c_string(line))
    })
}

/// Frees a request.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callbot_request_free(request: *mut callbot_request) {
    free!(request);
}
