//! A signed request as a type of the `http` crate, and on the wire.

mod common;

use std::error::Error as StdError;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::LazyLock;
use std::thread::{self, JoinHandle};

use callbot_core::{Algorithm, BaseUrlError, Order, SignedRequest};
use common::{ORDER, batch, credentials, request_id, timestamp};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client as HyperClient;
use hyper_util::rt::TokioExecutor;
use proptest::prelude::*;

type Outcome = Result<(), Box<dyn StdError>>;

const PATH: &str = "/callcentre/api/v3/addBatchCall";

fn signed() -> SignedRequest {
    let mut batch = batch();
    // Strings that expose any change by a client or a server.
    let other = "  \u{1}\"\\/é中😀\r\n\r\n0\r\n\r\n ";
    for order_id in ["1", "2"] {
        let order = Order {
            order_id,
            other,
            ..ORDER
        };
        batch.add(&order).expect("the order is valid");
    }
    batch
        .sign(
            &credentials(Algorithm::Sha256),
            request_id("00000000000000000000000000000001"),
            timestamp(1_726_200_000),
        )
        .expect("the batch has orders")
}

#[test]
fn the_path_is_appended_to_the_base_url() {
    let signed = signed();
    for (base, expected) in [
        ("https://nxbot.nxcloud.com", "https://nxbot.nxcloud.com"),
        ("https://nxbot.nxcloud.com/", "https://nxbot.nxcloud.com"),
        ("https://nxbot.nxcloud.com//", "https://nxbot.nxcloud.com"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("http://a.example/proxy", "http://a.example/proxy"),
        ("http://a.example/proxy/", "http://a.example/proxy"),
        ("http://a.example/a%2Fb/c", "http://a.example/a%2Fb/c"),
        ("http://user:pass@a.example", "http://user:pass@a.example"),
    ] {
        let expected = format!("{expected}{PATH}");
        let owned = signed.to_http(base).expect(base);
        let borrowed = signed.as_http(base).expect(base);
        assert_eq!(owned.uri().to_string(), expected);
        assert_eq!(borrowed.uri(), owned.uri());
        assert_eq!(signed.url(base), Ok(expected));
    }
    // Only what is appended is refused.
    for base in [
        "https://a.example/callbot",
        "https://a.example/callcentre/api/v31",
        "https://a.example/xcallcentre/api",
    ] {
        assert!(signed.to_http(base).is_ok(), "{base}");
    }
    let loud = signed
        .to_http("HTTPS://A.example")
        .expect("the URL is valid");
    assert_eq!(loud.uri().path(), PATH);
    assert_eq!(loud.uri().host(), Some("A.example"));
}

#[test]
fn a_base_url_may_end_in_what_only_looks_like_the_path() {
    let sign = |path| {
        let (id, now) = (request_id("r"), timestamp(1_726_200_000));
        SignedRequest::new(path, "{}", &credentials(Algorithm::Md5), id, now).expect(path)
    };
    for (path, base, expected) in [
        ("/a", "https://a", Ok("/a")),
        ("/a", "https://b/a", Err("base_url_path")),
        ("/a?x=/y/z", "https://b/a/", Err("base_url_path")),
        ("/a?x=/y/z", "https://b/y", Ok("/y/a")),
        ("/", "https://b/", Ok("/")),
        ("/a/", "https://b/a", Err("base_url_path")),
        ("/a/b", "https://a/ab", Ok("/ab/a/b")),
        ("/a/b", "https://b/a/", Ok("/a/a/b")),
        ("/a/b", "https://b/x/a/b/", Err("base_url_path")),
        ("/api/health", "https://b/api", Ok("/api/api/health")),
        (
            "/callcentre/api/v3/routeList",
            "https://b/callcentre/api/v3",
            Err("base_url_path"),
        ),
        (
            "/callcentre/api/v33/x",
            "https://b/callcentre/api/v3",
            Ok("/callcentre/api/v3/callcentre/api/v33/x"),
        ),
    ] {
        let request = sign(path).to_http(base);
        let found = request.as_ref().map(|request| request.uri().path());
        assert_eq!(
            found.map_err(|error| error.code()),
            expected,
            "{base} {path}"
        );
    }
}

#[test]
fn a_stored_path_cannot_change_the_host() {
    let join = |path| callbot_core::join_url("https://b.example", path);
    assert_eq!(join("/a").as_deref(), Ok("https://b.example/a"));
    for (path, code) in [
        ("", "path_no_slash"),
        (".evil.example/x", "path_no_slash"),
        ("@evil.example/", "path_no_slash"),
        (":80@evil.example/", "path_no_slash"),
        ("//evil.example/", "path_slashes"),
        ("/\\evil.example/", "path_slashes"),
        ("/a b", "path_character"),
    ] {
        assert_eq!(
            join(path).map_err(callbot_core::JoinUrlError::code),
            Err(code),
            "{path}"
        );
    }
}

#[test]
fn invalid_base_urls_are_refused() {
    let signed = signed();
    for (base, code) in [
        ("", "url_empty"),
        ("nxbot.nxcloud.com", "url_not_absolute"),
        ("/", "url_not_absolute"),
        ("ftp://a.example", "url_scheme"),
        ("https://", "url_no_host"),
        ("https:///x", "url_no_host"),
        ("https://a.example:99999", "url_port"),
        ("https://a.example/ ", "url_character"),
        ("https://a.example\r\nx: y", "url_host_character"),
        ("https://https://a.example", "url_scheme_as_host"),
        ("https://bücher.example", "url_host_not_ascii"),
        ("https://a.example#f", "url_fragment"),
        ("https://a.example?", "base_url_query"),
        ("https://a.example/?a=b", "base_url_query"),
        (
            "https://a.example/callcentre/api/v3/addBatchCall",
            "base_url_path",
        ),
        (
            "https://a.example/proxy/callcentre/api/v3/addBatchCall/",
            "base_url_path",
        ),
        (
            "https://a.example/callcentre/api/v3/stopOrder",
            "base_url_path",
        ),
        ("https://a.example/callcentre/api/v3", "base_url_path"),
        ("https://a.example/callcentre/api/v3//", "base_url_path"),
        ("https://a.example/callcentre", "base_url_path"),
        ("https://a.example/api/v3/ping", "base_url_path"),
    ] {
        let error = signed.to_http(base).unwrap_err();
        assert_eq!(error.code(), code, "{base}");
        assert_eq!(signed.as_http(base).unwrap_err(), error, "{base}");
        assert_eq!(signed.url(base).unwrap_err(), error, "{base}");
        assert_eq!(
            matches!(error, BaseUrlError::Query),
            code == "base_url_query"
        );
    }
}

#[test]
fn urls_that_the_http_crate_refuses_are_refused() {
    let signed = signed();
    let long = format!("https://a.example/{}", "x".repeat(1 << 16));
    for base in ["https://a%20b.example", "https://%61.example:80/", &long] {
        assert!(signed.to_http(base).is_err(), "{base}");
        assert!(signed.as_http(base).is_err(), "{base}");
    }
}

proptest! {
    #![proptest_config(common::cases(1000))]

    #[test]
    fn no_base_url_causes_a_panic(
        base in prop_oneof![
            any::<String>(),
            "https?://([a-z0-9.:@]|[!$&'()*+,;=_~-]|%[0-9a-f]{2}|\\[[0-9a-fv.:]{0,6}\\]){0,8}(:[0-9]{0,6})?(/[a-z%20!$&'()*+,;=:@_~-]{0,8}){0,2}",
        ],
    ) {
        if let Ok(request) = SIGNED.to_http(&base) {
            let expected = format!("{}{PATH}", base.trim_end_matches('/'));
            let path = request.uri().path();
            prop_assert!(expected.ends_with(path) && path.ends_with(PATH), "{} for {}", path, base);
        }
    }
}

static SIGNED: LazyLock<SignedRequest> = LazyLock::new(signed);

#[test]
fn the_request_has_all_headers_and_the_method() {
    let signed = signed();
    let owned = signed
        .to_http("https://a.example")
        .expect("the URL is valid");
    let borrowed = signed
        .as_http("https://a.example")
        .expect("the URL is valid");
    assert_eq!(owned.method(), "POST");
    assert_eq!(borrowed.method(), "POST");
    assert_eq!(owned.headers(), borrowed.headers());
    assert_eq!(owned.headers().len(), signed.headers().len());
    for (name, value) in signed.headers() {
        let values: Vec<_> = owned.headers().get_all(name).iter().collect();
        assert_eq!(values, [value], "{name}");
    }
}

#[test]
fn the_body_is_not_copied() {
    let signed = signed();
    let place = signed.body().as_ptr_range();
    let owned = signed
        .to_http("https://a.example")
        .expect("the URL is valid");
    assert_eq!(owned.body().as_ptr_range(), place);
    let borrowed = signed
        .as_http("https://a.example")
        .expect("the URL is valid");
    assert_eq!(borrowed.body().as_ptr_range(), place);
}

#[test]
fn the_body_outlives_its_request() {
    let signed = signed();
    let body = signed.body().to_vec();
    let bytes = signed
        .to_http("https://a.example")
        .expect("the URL is valid")
        .into_body();
    drop(signed);
    let moved = thread::spawn(move || bytes.to_vec());
    assert_eq!(moved.join().expect("the thread only reads"), body);
}

/// A request that a server received.
struct Received {
    request_line: String,
    /// The names are in lower case.
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// Starts a server that answers one request.
fn serve() -> (String, JoinHandle<Received>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let base_url = format!(
        "http://{}",
        listener
            .local_addr()
            .expect("a bound socket has an address")
    );
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a client connects");
        let mut raw = Vec::new();
        let mut chunk = [0; 4096];
        loop {
            let n = stream.read(&mut chunk).expect("the stream is readable");
            assert_ne!(n, 0, "the request breaks off");
            raw.extend_from_slice(&chunk[..n]);
            if let Some(received) = parse(&raw) {
                let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\nConnection: close\r\n\r\n{\"retCode\":0}";
                stream.write_all(answer).expect("the stream is writable");
                return received;
            }
        }
    });
    (base_url, server)
}

/// Parses the request in `raw`; `None` until it is complete.
fn parse(raw: &[u8]) -> Option<Received> {
    let end = raw.windows(4).position(|bytes| bytes == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&raw[..end]).expect("a head is ASCII");
    let mut lines = head.split("\r\n");
    let request_line = lines.next()?.to_owned();
    let headers: Vec<(String, String)> = lines
        .map(|line| line.split_once(':').expect("a header has a colon"))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let (_, len) = headers.iter().find(|(name, _)| name == "content-length")?;
    let body = &raw[end + 4..];
    (body.len() >= len.parse().expect("a length is a number")).then(|| Received {
        request_line,
        headers,
        body: body.to_vec(),
    })
}

#[track_caller]
fn assert_arrived(received: &Received, signed: &SignedRequest, path: &str) {
    assert_eq!(received.request_line, format!("POST {path} HTTP/1.1"));
    assert!(received.body == signed.body());
    for (name, value) in signed.headers() {
        let name = name.to_ascii_lowercase();
        let values: Vec<&str> = (received.headers.iter())
            .filter(|(received, _)| *received == name)
            .map(|(_, value)| &**value)
            .collect();
        assert_eq!(values, [value], "{name}");
    }
    // The received body is the signed one.
    let sign = credentials(signed.algorithm()).sign(
        signed.request_id(),
        signed.create_ts(),
        &received.body,
    );
    assert_eq!(&sign, signed.signature());
}

#[test]
fn ureq_sends_the_signed_bytes() -> Outcome {
    let signed = signed();
    let (base_url, server) = serve();
    // Without `proxy`, it uses the environment's proxies.
    let agent = ureq::Agent::config_builder()
        .proxy(None)
        .max_redirects(0)
        .build()
        .new_agent();
    let answer = agent
        .run(signed.as_http(&base_url)?)?
        .body_mut()
        .read_to_string()?;
    assert_eq!(answer, "{\"retCode\":0}");
    assert_arrived(
        &server.join().expect("the request was received"),
        &signed,
        PATH,
    );
    let one_line = |base_url| Ok::<_, Box<dyn StdError>>(agent.run(signed.as_http(base_url)?)?);
    assert!(one_line("").is_err());
    Ok(())
}

#[test]
fn reqwest_sends_the_signed_bytes() -> Outcome {
    let signed = signed();
    let (base_url, server) = serve();
    let base_url = &format!("{base_url}/proxy/");
    let client = reqwest::Client::builder().no_proxy().build()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let response = client
            .execute(signed.to_http(base_url)?.try_into()?)
            .await?;
        assert_eq!(response.bytes().await?, "{\"retCode\":0}");
        Ok::<_, Box<dyn StdError>>(())
    })?;
    let received = server.join().expect("the request was received");
    assert_arrived(&received, &signed, &format!("/proxy{PATH}"));
    Ok(())
}

#[test]
fn hyper_sends_the_signed_bytes() -> Outcome {
    let signed = signed();
    let (base_url, server) = serve();
    let base_url = &base_url;
    let client = HyperClient::builder(TokioExecutor::new()).build_http();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let response = client
            .request(signed.to_http(base_url)?.map(Full::new))
            .await?;
        let answer = response.into_body().collect().await?.to_bytes();
        assert_eq!(answer, "{\"retCode\":0}");
        Ok::<_, Box<dyn StdError>>(())
    })?;
    assert_arrived(
        &server.join().expect("the request was received"),
        &signed,
        PATH,
    );
    Ok(())
}
