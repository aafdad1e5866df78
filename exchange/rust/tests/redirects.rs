//! Shows what HTTP clients do with a signed request when the answer is a redirect to another host.
//!
//! By default reqwest and ureq follow it: both send the signed headers there, and with 307 and 308
//! reqwest sends the contacts too. Without redirects nothing arrives there, and the answer is the
//! redirect itself.

use std::error::Error;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use callbot_core::{
    Algorithm, Batch, Credentials, Order, RequestId, Rules, SecretKey, SignedRequest, Task,
    Timestamp,
};
use reqwest::blocking;
use reqwest::redirect::Policy;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const PHONE: &str = "8613800000001";
const STATUSES: [u16; 5] = [301, 302, 303, 307, 308];

/// Sends a request to a base URL, and returns the status of the answer.
type Send = fn(&SignedRequest, &str) -> Result<u16>;

fn by_reqwest(request: &SignedRequest, url: &str) -> Result<u16> {
    let client = blocking::Client::builder().no_proxy().build()?;
    send_by_reqwest(&client, request, url)
}

fn by_reqwest_without_redirects(request: &SignedRequest, url: &str) -> Result<u16> {
    let client = blocking::Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .build()?;
    send_by_reqwest(&client, request, url)
}

fn send_by_reqwest(client: &blocking::Client, request: &SignedRequest, url: &str) -> Result<u16> {
    let request = request.to_http(url)?.try_into()?;
    Ok(client.execute(request)?.status().as_u16())
}

fn by_ureq(request: &SignedRequest, url: &str) -> Result<u16> {
    let config = ureq::Agent::config_builder().proxy(None).build();
    send_by_ureq(&config.into(), request, url)
}

fn by_ureq_without_redirects(request: &SignedRequest, url: &str) -> Result<u16> {
    let config = ureq::Agent::config_builder()
        .proxy(None)
        .max_redirects(0)
        .build();
    send_by_ureq(&config.into(), request, url)
}

fn send_by_ureq(agent: &ureq::Agent, request: &SignedRequest, url: &str) -> Result<u16> {
    Ok(agent.run(request.as_http(url)?)?.status().as_u16())
}

/// What of a signed request came to a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Arrived {
    /// The headers with the signature, and the contacts.
    All,
    /// The headers with the signature alone.
    Headers,
    /// Neither.
    Nothing,
}

/// Answers the request of a connection. Returns what came.
fn serve(stream: &TcpStream, answer: &str) -> io::Result<Arrived> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    head.make_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.parse().expect("a number"));
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    reader.get_mut().write_all(answer.as_bytes())?;
    let has_headers = ["requestid", "uuid", "createts", "sign"]
        .iter()
        .all(|name| head.contains(&format!("\r\n{name}: ")));
    let has_contacts = String::from_utf8_lossy(&body).contains(PHONE);
    assert!(has_headers || !has_contacts);
    Ok(match (has_headers, has_contacts) {
        (_, true) => Arrived::All,
        (true, false) => Arrived::Headers,
        (false, false) => Arrived::Nothing,
    })
}

/// Starts a server at a local host, which ends with the receiver. Returns its address.
fn listen(host: &str, answer: String) -> Result<(SocketAddr, Receiver<Arrived>)> {
    let listener = TcpListener::bind((host, 0))?;
    let address = listener.local_addr()?;
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let arrived = stream.and_then(|stream| serve(&stream, &answer));
            if sender.send(arrived.expect("a request")).is_err() {
                break;
            }
        }
    });
    Ok((address, receiver))
}

fn answer(status: &str, location: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{location}Content-Length: 0\r\nConnection: close\r\n\r\n")
}

/// Sends a signed request to a server that redirects it. Returns the answer's status, and what
/// came to the other host.
fn redirected(send: Send, status: u16) -> Result<(Option<u16>, Arrived)> {
    let (other, at_other) = listen("127.0.0.2", answer("200 OK", ""))?;
    let location = format!("Location: http://{other}/elsewhere\r\n");
    let (first, at_first) = listen("127.0.0.1", answer(&status.to_string(), &location))?;
    let got = send(&signed_request()?, &format!("http://{first}")).ok();
    assert_eq!(at_first.recv()?, Arrived::All);
    // One request more, without a signature: what came before it is the client's.
    let mut stream = TcpStream::connect(other)?;
    stream.write_all(b"GET / HTTP/1.1\r\n\r\n")?;
    stream.read_to_string(&mut String::new())?;
    Ok((got, at_other.recv()?))
}

fn signed_request() -> Result<SignedRequest> {
    let task = Task {
        user_task_id: "t",
        order_callback_url: "https://a.example/order",
        call_callback_url: "https://a.example/call",
    };
    let mut batch = Batch::new(&task, Rules::new())?;
    batch.add(&Order {
        order_id: "1",
        user_phone: PHONE,
        ..Order::default()
    })?;
    let credentials = Credentials::new("Vh71ym3y", SecretKey::new("u7Mf3zUN")?, Algorithm::Md5)?;
    let now = Timestamp::from_unix_seconds(1_726_200_000)?;
    Ok(batch.sign(&credentials, RequestId::new("r1")?, now)?)
}

#[test]
fn reqwest_takes_headers_and_contacts_to_another_host() -> Result<()> {
    for status in [301, 302, 303] {
        assert_eq!(
            redirected(by_reqwest, status)?,
            (Some(200), Arrived::Headers)
        );
    }
    for status in [307, 308] {
        assert_eq!(redirected(by_reqwest, status)?, (Some(200), Arrived::All));
    }
    Ok(())
}

#[test]
fn ureq_takes_headers_to_another_host() -> Result<()> {
    for status in [301, 302, 303] {
        assert_eq!(redirected(by_ureq, status)?, (Some(200), Arrived::Headers));
    }
    for status in [307, 308] {
        // It does not send a body again: that is an error.
        assert_eq!(redirected(by_ureq, status)?, (None, Arrived::Nothing));
    }
    Ok(())
}

#[test]
fn without_redirects_the_answer_is_the_redirect() -> Result<()> {
    for status in STATUSES {
        for send in [by_reqwest_without_redirects, by_ureq_without_redirects] {
            assert_eq!(redirected(send, status)?, (Some(status), Arrived::Nothing));
        }
    }
    Ok(())
}
