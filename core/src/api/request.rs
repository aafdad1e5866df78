//! The finished request.

use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::panic::RefUnwindSafe;

use crate::api::base_url;
use crate::api::endpoint::Endpoint;
use crate::check::memory;
use crate::check::url::{self, BaseUrlError, PathError};
use crate::sign::credentials::Credentials;
use crate::sign::header::{self, RequestId};
use crate::sign::signature::{Algorithm, Signature};
use crate::sign::timestamp::Timestamp;

/// Immutable bytes, and their owner.
pub(crate) type SharedBytes = Arc<dyn AsRef<[u8]> + Send + Sync + RefUnwindSafe>;

/// The path of a request. Copies share it.
#[derive(Clone)]
enum RequestPath {
    Of(Endpoint),
    Own(Arc<PathAndBody>),
}

/// The path and the body of a request to any path, in one allocation.
struct PathAndBody {
    path: String,
    body: Vec<u8>,
}

impl AsRef<[u8]> for PathAndBody {
    fn as_ref(&self) -> &[u8] {
        &self.body
    }
}

/// One finished, signed HTTP request: send exactly this body with exactly these headers.
///
/// It is immutable and cheap to clone: all clones, and the batch that it came from, share the body.
///
/// Send it with a client that follows no redirects. By default reqwest and ureq follow them to any
/// host: both send the signed headers there, and with 307 and 308 reqwest sends the body, with all
/// contacts, too.
///
/// ```
/// let client = reqwest::Client::builder() // and reqwest::blocking::Client::builder()
///     .redirect(reqwest::redirect::Policy::none())
///     .build()?;
/// let agent = ureq::Agent::config_builder().max_redirects(0).build().new_agent();
/// # Ok::<(), reqwest::Error>(())
/// ```
///
/// API page:
/// [Callbot-API-addBatchOrder](https://github.com/nxtele/http-api-document-en/wiki/Callbot-API-addBatchOrder).
///
/// ```
/// # use callbot_core::{
/// #     Algorithm, Batch, Credentials, Order, RequestId, Rules, SecretKey, Task, Timestamp,
/// # };
/// # let mut batch = Batch::new(
/// #     &Task {
/// #         user_task_id: "t",
/// #         order_callback_url: "https://a.example/",
/// #         call_callback_url: "https://a.example/",
/// #     },
/// #     Rules::new(),
/// # )?;
/// # batch.add(&Order { order_id: "1", user_phone: "8613800000001", ..Order::default() })?;
/// # let credentials = Credentials::new("Vh71ym3y", SecretKey::new("u7Mf3zUN")?, Algorithm::Md5)?;
/// let now = Timestamp::from_unix_seconds(1_726_200_000)?;
/// let request = batch.sign(&credentials, RequestId::new("r1")?, now)?;
/// println!("{} {}", request.method(), request.path());
/// for (name, value) in request.headers() {
///     println!("{name}: {value}");
/// }
/// send(request.body());
///
/// // The provider did not answer, and did not accept the orders either. Retry with the same body,
/// // a new request ID, and the time of the new attempt.
/// let now = Timestamp::from_unix_seconds(1_726_200_030)?;
/// let retry = request.sign_again(&credentials, RequestId::new("r2")?, now);
/// assert_eq!(retry.body(), request.body());
/// # fn send(_: &[u8]) {}
/// # Ok::<(), callbot_core::Error>(())
/// ```
#[derive(Clone)]
pub struct SignedRequest {
    /// `None` for a path that the library does not know.
    endpoint: Option<Endpoint>,
    path: RequestPath,
    body: SharedBytes,
    request_id: RequestId,
    uuid: String,
    create_ts: Timestamp,
    /// In the form that is signed and sent.
    create_ts_digits: String,
    sign: Signature,
    algorithm: Algorithm,
}

/// What a response must match: four values of a request and the name of its endpoint.
///
/// They can be stored, so that a response can still be verified when the request with its body is
/// freed, or by another process.
///
/// ```
/// use callbot_core::{Algorithm, Sent};
///
/// let sent = Sent {
///     endpoint: "stopOrder",
///     request_id: "00000000000000000000000000000001",
///     uuid: "Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR",
///     algorithm: Algorithm::Md5,
/// };
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent<'a> {
    /// The name of the endpoint, such as `stopOrder`. Empty for a request to any other path.
    pub endpoint: &'a str,
    /// The request's ID.
    pub request_id: &'a str,
    /// The account's uuid.
    pub uuid: &'a str,
    /// The hash algorithm.
    pub algorithm: Algorithm,
}

impl SignedRequest {
    pub(crate) fn to_endpoint(
        endpoint: Endpoint,
        body: SharedBytes,
        credentials: &Credentials,
        request_id: RequestId,
        create_ts: Timestamp,
    ) -> Self {
        let path = RequestPath::Of(endpoint);
        Self::signed(
            Some(endpoint),
            path,
            body,
            credentials,
            request_id,
            create_ts,
        )
    }

    /// Signs any path and any body as they are: for endpoints that the library does not know.
    ///
    /// # Errors
    ///
    /// [`PathError`] unless `path` begins with exactly one `/`, and is visible ASCII without `#`.
    /// So it cannot change the host of a base URL.
    ///
    /// ```
    /// # use callbot_core::{Algorithm, Credentials, RequestId, SecretKey, SignedRequest};
    /// # use callbot_core::Timestamp;
    /// # let key = SecretKey::new("u7Mf3zUN")?;
    /// # let credentials = Credentials::new("Vh71ym3y", key, Algorithm::Md5)?;
    /// # let now = Timestamp::from_unix_seconds(1_726_200_000)?;
    /// let path = "/callcentre/api/v3/routeList";
    /// let request = SignedRequest::new(path, "{}", &credentials, RequestId::new("r1")?, now)?;
    /// assert_eq!(request.endpoint(), None);
    /// # Ok::<(), callbot_core::Error>(())
    /// ```
    pub fn new(
        path: &str,
        body: impl Into<Vec<u8>>,
        credentials: &Credentials,
        request_id: RequestId,
        create_ts: Timestamp,
    ) -> Result<Self, PathError> {
        url::check_path(path)?;
        let path = memory::to_string(path).map_err(|_| PathError::NoMemory)?;
        let body = body.into();
        let own = Arc::new(PathAndBody { path, body });
        let body: SharedBytes = own.clone();
        let path = RequestPath::Own(own);
        Ok(Self::signed(
            None,
            path,
            body,
            credentials,
            request_id,
            create_ts,
        ))
    }

    fn signed(
        endpoint: Option<Endpoint>,
        path: RequestPath,
        body: SharedBytes,
        credentials: &Credentials,
        request_id: RequestId,
        create_ts: Timestamp,
    ) -> Self {
        let create_ts_digits = create_ts.to_string();
        Self {
            sign: credentials.sign_strings(
                request_id.as_str(),
                &create_ts_digits,
                (*body).as_ref(),
            ),
            endpoint,
            path,
            body,
            request_id,
            uuid: credentials.uuid().into(),
            create_ts,
            create_ts_digits,
            algorithm: credentials.algorithm(),
        }
    }

    /// Signs the same body again, for a retry, with a new request ID and the time of the new
    /// attempt. The body is not copied.
    ///
    /// After a lost answer or an internal error, the provider may have taken the orders already.
    /// What it does with a duplicate `orderID` is not published: it may call the same people twice.
    #[must_use]
    pub fn sign_again(
        &self,
        credentials: &Credentials,
        request_id: RequestId,
        create_ts: Timestamp,
    ) -> Self {
        Self::signed(
            self.endpoint,
            self.path.clone(),
            Arc::clone(&self.body),
            credentials,
            request_id,
            create_ts,
        )
    }

    /// The HTTP method: `POST`.
    #[must_use]
    pub const fn method(&self) -> &'static str {
        "POST"
    }

    /// The path below the provider's base URL.
    #[must_use]
    pub fn path(&self) -> &str {
        match &self.path {
            RequestPath::Of(endpoint) => endpoint.path(),
            RequestPath::Own(own) => &own.path,
        }
    }

    /// The URL of this request below a base URL, which is `https://nxbot.nxcloud.com` for the
    /// provider's production. A path in it, such as a proxy's, comes before the request's own path.
    ///
    /// # Errors
    ///
    /// [`BaseUrlError`] unless `base_url` is an absolute http or https URL without query and
    /// fragment, and without the path that is appended or the start that the API's own paths share.
    ///
    /// ```
    /// # use callbot_core::{Algorithm, Credentials, RequestId, SecretKey, SignedRequest};
    /// # use callbot_core::Timestamp;
    /// # let key = SecretKey::new("u7Mf3zUN")?;
    /// # let credentials = Credentials::new("Vh71ym3y", key, Algorithm::Md5)?;
    /// # let now = Timestamp::from_unix_seconds(1_726_200_000)?;
    /// let request = SignedRequest::new("/a", "{}", &credentials, RequestId::new("r1")?, now)?;
    /// assert_eq!(request.url("https://example.com/proxy/")?, "https://example.com/proxy/a");
    /// # Ok::<(), callbot_core::Error>(())
    /// ```
    pub fn url(&self, base_url: &str) -> Result<String, BaseUrlError> {
        base_url::join(base_url, self.path())
    }

    /// The endpoint. `None` for a request to any other path.
    #[must_use]
    pub const fn endpoint(&self) -> Option<Endpoint> {
        self.endpoint
    }

    /// What the response must match.
    #[must_use]
    pub fn sent(&self) -> Sent<'_> {
        Sent {
            endpoint: self.endpoint.map_or("", Endpoint::name),
            request_id: self.request_id.as_str(),
            uuid: &self.uuid,
            algorithm: self.algorithm,
        }
    }

    /// The headers to send, as names and values. Every value is ASCII without control characters.
    #[must_use]
    pub fn headers(&self) -> [(&'static str, &str); 6] {
        [
            (header::REQUEST_ID, self.request_id.as_str()),
            (header::UUID, &self.uuid),
            (header::CREATE_TS, &self.create_ts_digits),
            (header::SIGN, self.sign.as_str()),
            (header::ALGORITHM, self.algorithm.name()),
            (header::CONTENT_TYPE, "application/json"),
        ]
    }

    /// The bytes to send. They are signed: do not parse and serialise them again.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        (*self.body).as_ref()
    }

    /// The ID of this request.
    #[must_use]
    pub const fn request_id(&self) -> &RequestId {
        &self.request_id
    }

    /// The account's uuid.
    #[must_use]
    pub fn uuid(&self) -> &str {
        &self.uuid
    }

    /// The time of the request, which is signed.
    #[must_use]
    pub const fn create_ts(&self) -> Timestamp {
        self.create_ts
    }

    /// The signature.
    #[must_use]
    pub const fn signature(&self) -> &Signature {
        &self.sign
    }

    /// The hash algorithm.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    #[cfg(feature = "http")]
    pub(crate) fn shared_body(&self) -> SharedBytes {
        Arc::clone(&self.body)
    }
}

impl fmt::Debug for SignedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedRequest")
            .field("method", &self.method())
            .field("path", &self.path())
            .field("headers", &self.headers())
            .field("body", &format_args!("{} bytes", self.body().len()))
            .finish_non_exhaustive()
    }
}
