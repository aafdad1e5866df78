//! Runs a whole campaign: creates a task, adds orders, starts it, receives callbacks, looks up
//! orders whose answer was lost, stops an order, and completes the task.
//!
//! ```text
//! cargo run --example campaign -- examples/campaign.provider
//! ```
//!
//! [`Provider`] stands for the provider and its network, and the file is what it sends. In your own
//! program its place is taken by an HTTP client, which sends `request.path()`, `request.headers()`
//! and `request.body()`, and by a server, which passes on the headers and the raw body of each
//! callback. Request IDs and times are fixed here, so that the output is always the same; yours are
//! random IDs and the time by the system's clock.
//!
//! A server also refuses a callback that comes again: see the example `receive_callback`.

use std::collections::HashMap;
use std::error::Error;
use std::iter::Peekable;
use std::str::Lines;
use std::{env, fs};

use callbot_core::testing::{self, SignedMessage};
use callbot_core::{
    Algorithm, Batch, ContentKind, CreateTask, Credentials, ListOrderDetail, MgrTaskStatus, Order,
    OutcomeKind, Param, ReceivedHeaders, Request, RequestId, Rules, SecretKey, Sent, SignedRequest,
    StopOrder, Task, Timestamp, Verified, Verifier,
};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const TASK: Task<'_> = Task {
    user_task_id: "spring",
    order_callback_url: "https://example.com/callbot/order",
    call_callback_url: "https://example.com/callbot/call",
};

const LOST: &str = "the answer was lost; find out what became of the request";

/// The most orders that `listOrderDetail` takes.
const MAX_DETAILS: usize = 500;

fn main() -> Result<()> {
    let file = env::args_os().nth(1).ok_or("usage: campaign <FILE>")?;
    let script = fs::read_to_string(file)?;
    let credentials = Credentials::new(
        "Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR",
        SecretKey::new("u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr")?,
        Algorithm::Md5,
    )?;
    let mut campaign = Campaign {
        verifier: Verifier::new(credentials.clone()),
        provider: Provider {
            credentials: credentials.clone(),
            lines: script.lines().peekable(),
            callbacks: 0,
        },
        credentials,
        now: 1_726_200_000,
        requests: 0,
    };

    campaign.request(&CreateTask {
        user_task_id: TASK.user_task_id,
        scene_id: "scene-1",
        task_callback_url: Some("https://example.com/callbot/task".into()),
        ..CreateTask::default()
    })?;
    campaign.add(&[("order-1", "8613800000001"), ("order-2", "8613800000002")])?;
    campaign.add(&[
        ("order-3", "8613800000003"),
        ("order-4", "447700900123"),
        ("order-5", "8613800000005"),
    ])?;
    campaign.operate(1)?; // start
    campaign.receive_callbacks()?;

    campaign.add(&[("order-6", "8613800000006"), ("order-7", "8613800000007")])?;
    campaign.stop(&["order-5"])?;
    campaign.operate(3)?; // complete
    campaign.receive_callbacks()
}

/// A campaign, and what it needs to send and to receive.
struct Campaign<'s> {
    credentials: Credentials,
    verifier: Verifier,
    provider: Provider<'s>,
    now: u64,
    requests: u32,
}

/// What is stored of a request until its answer is there.
struct Pending {
    endpoint: String,
    request_id: String,
    uuid: String,
    algorithm: Algorithm,
    body: Vec<u8>,
}

impl Pending {
    fn new(request: &SignedRequest) -> Self {
        let sent = request.sent();
        Self {
            endpoint: sent.endpoint.into(),
            request_id: sent.request_id.into(),
            uuid: sent.uuid.into(),
            algorithm: sent.algorithm,
            body: request.body().into(),
        }
    }

    fn sent(&self) -> Sent<'_> {
        Sent {
            endpoint: &self.endpoint,
            request_id: &self.request_id,
            uuid: &self.uuid,
            algorithm: self.algorithm,
        }
    }
}

impl Campaign<'_> {
    /// Sends a request without orders, which must succeed, and reads the answer.
    fn request<R: Request>(&mut self, request: &R) -> Result<R::Response> {
        let (id, now) = self.next()?;
        let request = request.sign(&self.credentials, id, now)?;
        let answer = self.exchange(request)?;
        let (_, answer) = answer.ok_or(LOST)?;
        let code = answer.result()?.ret_code;
        if !code.is_success() {
            return Err(format!("the provider refused the request: {code}").into());
        }
        Ok(answer.read()?)
    }

    /// Adds a batch of orders, and looks them up if the answer is lost.
    fn add(&mut self, contacts: &[(&str, &str)]) -> Result<()> {
        let mut rules = Rules::new();
        rules.require_param("amount")?.allow_country_code("86")?;
        rules.allow_country_code("44")?;
        let mut batch = Batch::new(&TASK, rules)?;
        batch.add_all(contacts.iter().map(|&(order_id, user_phone)| Order {
            order_id,
            user_phone,
            params: &[Param {
                name: "amount",
                value: "120.50",
            }],
            ..Order::default()
        }))?;

        let (id, now) = self.next()?;
        let request = batch.sign(&self.credentials, id, now)?;
        if let Some((pending, answer)) = self.exchange(request)? {
            return report(&pending, &answer);
        }
        let order_ids: Vec<&str> = contacts.iter().map(|&(order_id, _)| order_id).collect();
        self.look_up(&order_ids)
    }

    /// Stops dialling orders, which cannot be undone.
    fn stop(&mut self, order_ids: &[&str]) -> Result<()> {
        let stop = StopOrder {
            user_task_id: TASK.user_task_id,
            order_ids,
            ..StopOrder::default()
        };
        let (id, now) = self.next()?;
        let request = stop.sign(&self.credentials, id, now)?;
        let (pending, answer) = self.exchange(request)?.ok_or(LOST)?;
        report(&pending, &answer)
    }

    /// Starts (1), pauses (2) or completes (3) the task.
    fn operate(&mut self, task_operate: i64) -> Result<()> {
        let task = self.request(&MgrTaskStatus {
            user_task_id: TASK.user_task_id,
            task_operate,
            ..MgrTaskStatus::default()
        })?;
        println!("  task status {}", shown(task.task_status));
        Ok(())
    }

    /// Finds out what became of orders whose answer was lost.
    fn look_up(&mut self, order_ids: &[&str]) -> Result<()> {
        for order_list in order_ids.chunks(MAX_DETAILS) {
            let details = self.request(&ListOrderDetail {
                user_task_id: TASK.user_task_id,
                order_list,
            })?;
            let mut listed = HashMap::new();
            for order in &details.order_detail_list {
                let order = order?;
                if let Some(order_id) = order.order_id.clone() {
                    listed.insert(order_id, order);
                }
            }
            for &order_id in order_list {
                match listed.get(order_id) {
                    Some(order) => {
                        let calls = order.call_info_detail_list.len();
                        println!("  {order_id}: listed, calls: {calls}");
                    }
                    None => println!("  {order_id}: not listed, so a person decides"),
                }
            }
        }
        Ok(())
    }

    /// Receives what the provider sends to the callback URLs.
    fn receive_callbacks(&mut self) -> Result<()> {
        while let Some((kind, message, body)) = self.provider.callback(self.now)? {
            let headers = ReceivedHeaders::from_pairs(message.headers())?;
            let message = self
                .verifier
                .verify_callback(&headers, body.as_bytes(), self.now)?;
            // Only the URL tells which kind of callback it is.
            match kind {
                "call" => {
                    let call = message.call_callback()?;
                    let detail = call.call_info_detail.unwrap_or_default();
                    let duration = shown(detail.call_duration);
                    println!("call for {}: duration {duration}", call.order_id);
                }
                "order" => {
                    let order = message.order_callback()?;
                    println!("{}: finished {}", order.order_id, shown(order.finish));
                }
                _ => {
                    let task = message.task_callback()?;
                    let stat = task.task_stat.unwrap_or_default();
                    let finished = shown(stat.finish_order_count);
                    let total = shown(stat.total_order_count);
                    println!("task: {finished} of {total} orders finished");
                }
            }
        }
        Ok(())
    }

    /// Sends a request, and verifies the answer with what was stored of the request. `None` if no
    /// answer comes.
    fn exchange(&mut self, request: SignedRequest) -> Result<Option<(Pending, Verified<'static>)>> {
        let pending = Pending::new(&request);
        println!("> {} {}", pending.endpoint, request.signature());
        let answer = self.provider.answer(&request)?;
        drop(request); // the answer is verified without it
        let Some((message, body)) = answer else {
            println!("  no answer");
            return Ok(None);
        };
        let headers = ReceivedHeaders::from_pairs(message.headers())?;
        let verified =
            self.verifier
                .verify_response(&pending.sent(), &headers, body.as_bytes(), self.now)?;
        println!("< {}", verified.result()?.ret_code);
        Ok(Some((pending, verified.into_owned())))
    }

    /// The next request's ID and time.
    fn next(&mut self) -> Result<(RequestId, Timestamp)> {
        self.requests += 1;
        self.now += 1;
        let id = RequestId::new(format!("request-{}", self.requests))?;
        Ok((id, Timestamp::from_unix_seconds(self.now)?))
    }
}

/// Prints what became of the orders of a request.
fn report(pending: &Pending, answer: &Verified<'_>) -> Result<()> {
    let outcome = answer
        .document(ContentKind::Response)?
        .outcome(&pending.body)?;
    match outcome.kind() {
        OutcomeKind::Accepted => println!("  accepted"),
        OutcomeKind::Partly => println!("  partly accepted"),
        // What the answer leaves open is neither a success nor safe to send again.
        other => return Err(format!("{other:?}: retry {:?}", outcome.retry()).into()),
    }
    for refused in outcome.refused() {
        let order_id = refused.order_id.as_deref().unwrap_or("?");
        let message = refused
            .message
            .as_deref()
            .map_or("no reason", String::as_str);
        println!("  {order_id} refused: {message}");
    }
    Ok(())
}

/// A value, or `?` if it is absent.
fn shown<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "?".into(), |value| value.to_string())
}

/// The provider and its network: verifies each request, and answers it with the next line of a
/// file.
///
/// A line has the name of an endpoint and the answer's body, or no body if the answer is lost; or
/// the kind of a callback and its body.
struct Provider<'s> {
    credentials: Credentials,
    lines: Peekable<Lines<'s>>,
    callbacks: u32,
}

impl<'s> Provider<'s> {
    /// The answer to a request. `None` if it is lost.
    fn answer(&mut self, request: &SignedRequest) -> Result<Option<(SignedMessage, &'s str)>> {
        let (id, create_ts) = (request.request_id(), request.create_ts());
        let expected = self.credentials.sign(id, create_ts, request.body());
        if !request.headers().contains(&("sign", expected.as_str())) {
            return Err("provider: the signature is wrong".into());
        }
        let line = self.lines.next().ok_or("provider: one request too many")?;
        let (endpoint, body) = line.split_once(' ').unwrap_or((line, ""));
        if request.path() != format!("/callcentre/api/v3/{endpoint}") {
            return Err(format!("provider: {endpoint} is expected").into());
        }
        Ok((!body.is_empty()).then(|| {
            let bytes = body.as_bytes();
            let message = testing::sign_response(&self.credentials, request, create_ts, bytes);
            (message, body)
        }))
    }

    /// The next callback: its kind, its headers and its body. `None` if a request comes first.
    fn callback(&mut self, now: u64) -> Result<Option<(&'s str, SignedMessage, &'s str)>> {
        let is_callback = |line: &&str| {
            ["call ", "order ", "task "]
                .iter()
                .any(|kind| line.starts_with(kind))
        };
        let Some((kind, body)) = self
            .lines
            .next_if(is_callback)
            .and_then(|line| line.split_once(' '))
        else {
            return Ok(None);
        };
        let now = Timestamp::from_unix_seconds(now)?;
        self.callbacks += 1;
        let id = RequestId::new(format!("callback-{}", self.callbacks))?;
        let message = testing::sign_callback(&self.credentials, &id, now, body.as_bytes());
        Ok(Some((kind, message, body)))
    }
}
