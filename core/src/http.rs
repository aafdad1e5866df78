//! Converts a signed request to a request of the `http` crate, for clients that are built on it.

use bytes::Bytes;
use http::request::Builder;
use http::{Request, Uri};

use crate::api::request::{SharedBytes, SignedRequest};
use crate::check::url::BaseUrlError;
use crate::check::url::error::UrlError;

impl SignedRequest {
    /// Converts to a request that reqwest and hyper send. The body is not copied: the [`Bytes`]
    /// share it.
    ///
    /// `base_url` is `https://nxbot.nxcloud.com` for the provider's production. A path in it, such
    /// as a proxy's, comes before the request's own path.
    ///
    /// The client must follow no redirects, which reqwest does by default: see [`SignedRequest`].
    ///
    /// # Errors
    ///
    /// [`BaseUrlError`] unless `base_url` is an absolute http or https URL without query and
    /// fragment, and without the path that is appended.
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
    /// # let secret_key = SecretKey::new("u7Mf3zUN")?;
    /// # let credentials = Credentials::new("Vh71ym3y", secret_key, Algorithm::Md5)?;
    /// # let now = Timestamp::from_unix_seconds(1_726_200_000)?;
    /// # let signed = batch.sign(&credentials, RequestId::new("r1")?, now)?;
    /// let request = signed.to_http("https://nxbot.nxcloud.com")?;
    /// assert_eq!(request.uri(), "https://nxbot.nxcloud.com/callcentre/api/v3/addBatchCall");
    /// // reqwest:  client.execute(signed.to_http(base_url)?.try_into()?).await?
    /// // hyper:    client.request(signed.to_http(base_url)?.map(Full::new)).await?
    /// # Ok::<(), callbot_core::Error>(())
    /// ```
    pub fn to_http(&self, base_url: &str) -> Result<Request<Bytes>, BaseUrlError> {
        let body = Bytes::from_owner(SharedBody(self.shared_body()));
        Ok(finish(self.http_head(base_url)?, body))
    }

    /// Converts to a request that borrows the body, as ureq sends it:
    /// `agent.run(signed.as_http(base_url)?)`.
    ///
    /// The agent must follow no redirects, which ureq does by default: see [`SignedRequest`].
    ///
    /// # Errors
    ///
    /// Those of [`to_http`](Self::to_http).
    pub fn as_http(&self, base_url: &str) -> Result<Request<&[u8]>, BaseUrlError> {
        Ok(finish(self.http_head(base_url)?, self.body()))
    }

    fn http_head(&self, base_url: &str) -> Result<Builder, BaseUrlError> {
        let uri = self.url(base_url)?;
        // The crate takes at most 64 KiB.
        let uri = Uri::try_from(uri).map_err(|_| BaseUrlError::Url(UrlError::Syntax))?;
        let head = Request::builder().method(self.method()).uri(uri);
        Ok(self
            .headers()
            .into_iter()
            .fold(head, |head, (name, value)| head.header(name, value)))
    }
}

fn finish<B>(head: Builder, body: B) -> Request<B> {
    head.body(body)
        .expect("the URL, the names and the values are valid")
}

/// Keeps the body alive for as long as the client needs it.
struct SharedBody(SharedBytes);

impl AsRef<[u8]> for SharedBody {
    fn as_ref(&self) -> &[u8] {
        (*self.0).as_ref()
    }
}
