//! A signed request as the `http` crate has it, for the clients that are built on it.

use bytes::Bytes;
use http::request::Builder;
use http::{Request, Uri};

use crate::api::request::{SharedBytes, SignedRequest};
use crate::check::url::{self, UrlError};
use crate::error::Error;

impl SignedRequest {
    /// The request to the provider at `base_url`, with a body that reqwest and hyper take. The body is not copied: it
    /// lives as long as the [`Bytes`] does.
    ///
    /// `base_url` is `https://nxbot.nxcloud.com` for the provider's production; a path in it (a proxy's, for instance)
    /// comes before the request's own.
    ///
    /// # Errors
    ///
    /// [`Error::BaseUrl`] unless `base_url` is an absolute http or https URL without a fragment, and
    /// [`Error::BaseUrlQuery`] when it has a query.
    ///
    /// ```
    /// # use callbot_core::{Algorithm, Batch, Credentials, Order, RequestId, Rules, SecretKey, Task, Timestamp};
    /// # let mut batch = Batch::new(
    /// #     &Task { user_task_id: "t", order_callback_url: "https://a.example/", call_callback_url: "https://a.example/" },
    /// #     Rules::new(),
    /// # )?;
    /// # batch.add(&Order { order_id: "1", user_phone: "8613800000001", ..Order::default() })?;
    /// # let credentials = Credentials::new("Vh71ym3y", SecretKey::new("u7Mf3zUN")?, Algorithm::Md5)?;
    /// # let signed = batch.sign(&credentials, RequestId::new("r1")?, Timestamp::from_unix_seconds(1_726_200_000)?)?;
    /// let request = signed.to_http("https://nxbot.nxcloud.com")?;
    /// assert_eq!(request.uri(), "https://nxbot.nxcloud.com/callcentre/api/v3/addBatchCall");
    /// // reqwest:  client.execute(signed.to_http(base_url)?.try_into()?).await?
    /// // hyper:    client.request(signed.to_http(base_url)?.map(Full::new)).await?
    /// # Ok::<(), callbot_core::Error>(())
    /// ```
    pub fn to_http(&self, base_url: &str) -> Result<Request<Bytes>, Error> {
        let body = Bytes::from_owner(SharedBody(self.shared_body()));
        Ok(finish(self.http_head(base_url)?, body))
    }

    /// The same with a body that is borrowed from this request, as ureq takes it:
    /// `ureq::run(signed.as_http(base_url)?)`.
    ///
    /// # Errors
    ///
    /// As [`to_http`](Self::to_http).
    pub fn as_http(&self, base_url: &str) -> Result<Request<&[u8]>, Error> {
        Ok(finish(self.http_head(base_url)?, self.body()))
    }

    fn http_head(&self, base_url: &str) -> Result<Builder, Error> {
        url::check(base_url).map_err(Error::BaseUrl)?;
        if base_url.contains('?') {
            return Err(Error::BaseUrlQuery);
        }
        let uri = alloc::format!("{}{}", base_url.trim_end_matches('/'), self.path());
        // The crate takes less than RFC 3986 does: no percent-escape in a host, and no more than 64 KiB.
        let uri = Uri::try_from(uri).map_err(|_| Error::BaseUrl(UrlError::Syntax))?;
        let head = Request::builder().method(self.method()).uri(uri);
        Ok(self
            .headers()
            .into_iter()
            .fold(head, |head, (name, value)| head.header(name, value)))
    }
}

fn finish<B>(head: Builder, body: B) -> Request<B> {
    head.body(body)
        .expect("the URL, the names and the values were checked")
}

/// Keeps a body alive for as long as a client needs it.
struct SharedBody(SharedBytes);

impl AsRef<[u8]> for SharedBody {
    fn as_ref(&self) -> &[u8] {
        (*self.0).as_ref()
    }
}
