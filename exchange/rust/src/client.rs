//! Puts orders into a task.

use std::collections::{HashMap, HashSet};
use std::thread;

use callbot_core::{
    Batch, ContentKind, CreateTask, ListOrderDetail, ListTask, ListTaskResponse, MgrTaskStatus,
    Order, OutcomeKind, QueryConditions, Retry, Rules, SignedRequest, Task, Verified,
};

use crate::fate::Fate;
use crate::http::{Answer, Failure, Http};
use crate::journal::Journal;
use crate::settings::Settings;
use crate::{Contact, Result};

/// How often a request is sent that may be sent again.
const MAX_TRIES: u32 = 5;
/// The maximum number of orders in a `listOrderDetail`.
const MAX_DETAILS: usize = 500;
/// The `retCode` for too many orders in a request.
const TOO_MANY: &str = "ret_code_4001";

pub(crate) struct Client<'s> {
    task: &'s str,
    settings: &'s Settings,
    journal: Journal,
    http: Http,
    /// By order ID.
    fates: HashMap<String, Fate>,
}

/// What an answer says of the orders of a request.
enum Judgement {
    /// What became of each.
    Known(Vec<Fate>),
    /// Nothing was taken, for this reason: all may be sent again.
    Again(String),
}

impl<'s> Client<'s> {
    pub(crate) fn new(task: &'s str, settings: &'s Settings, journal: Journal, http: Http) -> Self {
        Self {
            task,
            settings,
            journal,
            http,
            fates: HashMap::new(),
        }
    }

    /// Returns what became of each contact. If several have an order ID, the first one is meant.
    pub(crate) fn run(mut self, contacts: &[Contact]) -> Result<HashMap<String, Fate>> {
        let mut fresh = Vec::new();
        for contact in contacts {
            let id = &contact.order_id;
            if self.fates.contains_key(id) {
                continue;
            }
            let fate = match self.journal.fates.get(id) {
                // The journal has tabs between IDs.
                _ if id.contains('\t') => Fate::refused("tab"),
                Some(known) if *known != Fate::Again => known.clone(),
                _ => {
                    fresh.push(contact);
                    Fate::refused("task")
                }
            };
            self.fates.insert(id.clone(), fate);
        }
        if self.create_task()? {
            self.add_all(&fresh)?;
            self.start()?;
        }
        self.look_up()?;
        Ok(self.fates)
    }

    // --- The task ---

    /// Returns whether the task exists now.
    fn create_task(&mut self) -> Result<bool> {
        let callback_url = format!("{}/task", self.settings.callback_url);
        for attempt in 0..MAX_TRIES {
            if self.journal.has_task() {
                break;
            }
            self.pause(attempt);
            let answer = self.http.call(&CreateTask {
                user_task_id: self.task,
                scene_id: "scene-1",
                task_callback_url: Some(callback_url.as_str().into()),
                ..CreateTask::default()
            })?;
            if let Err(Failure::NoAnswer | Failure::NotVerified) = answer {
                thread::sleep(self.settings.wait); // the request may be on its way
            }
            let exists = match answer {
                Ok(_) => true,
                Err(Failure::NotSent) => false,
                // The ID of a task is unique. If the task exists, an earlier try has created it.
                Err(_) => self.is_listed()?,
            };
            if exists {
                self.journal.task()?;
            }
        }
        Ok(self.journal.has_task())
    }

    fn is_listed(&self) -> Result<bool> {
        let request = ListTask {
            page: 1,
            size: 100,
            query_conditions: QueryConditions {
                user_task_id: Some(&[self.task]),
                ..QueryConditions::default()
            },
        };
        let Ok(message) = self.http.call(&request)? else {
            return Ok(false);
        };
        let listed: ListTaskResponse = message.read()?;
        for task in &listed.task_data {
            if task?.user_task_id.as_deref() == Some(self.task) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Starts the task. To start it twice is harmless.
    fn start(&self) -> Result<()> {
        for attempt in 0..MAX_TRIES {
            self.pause(attempt);
            let answer = self.http.call(&MgrTaskStatus {
                user_task_id: self.task,
                task_operate: 1,
                ..MgrTaskStatus::default()
            })?;
            if answer.is_ok() {
                return Ok(());
            }
        }
        eprintln!("the task was not started");
        Ok(())
    }

    /// Waits before a further try, the first of which is 1.
    fn pause(&self, attempt: u32) {
        if attempt > 0 {
            thread::sleep(self.settings.backoff * 2_u32.pow(attempt - 1));
        }
    }

    // --- The orders ---

    fn add_all(&mut self, contacts: &[&Contact]) -> Result<()> {
        let task = Task {
            user_task_id: self.task,
            order_callback_url: &format!("{}/order", self.settings.callback_url),
            call_callback_url: &format!("{}/call", self.settings.callback_url),
        };
        let mut batch = Batch::new(&task, Rules::new())?;
        for some in contacts.chunks(self.settings.max_orders) {
            self.submit(&mut batch, some)?;
        }
        Ok(())
    }

    /// Fills the batch with contacts. Returns the IDs of those that the library takes.
    fn fill<'c>(&mut self, batch: &mut Batch, contacts: &[&'c Contact]) -> Result<Vec<&'c str>> {
        let mut taken = Vec::new();
        batch.clear(); // keeps its memory
        for Contact { order_id, phone } in contacts {
            let added = batch.add(&Order {
                order_id,
                user_phone: phone,
                ..Order::default()
            });
            match added {
                Ok(()) => taken.push(order_id.as_str()),
                Err(violations) => {
                    let Some(first) = violations.iter().next() else {
                        return Err(violations.into()); // there is no memory
                    };
                    let fate = Fate::refused(first.code());
                    self.fates.insert(order_id.clone(), fate);
                }
            }
        }
        Ok(taken)
    }

    /// Sends contacts until it is known what became of them, or unknown.
    fn submit(&mut self, batch: &mut Batch, contacts: &[&Contact]) -> Result<()> {
        let ids = self.fill(batch, contacts)?;
        if ids.is_empty() {
            return Ok(());
        }
        for attempt in 0..MAX_TRIES {
            self.pause(attempt);
            let request = self.http.sign(batch)?; // with an ID and a time of its own
            self.journal.sent(&request.sent(), &ids)?;
            let answer = self.http.send(&request)?;
            let judgement = judge(&request, answer, ids.len());
            let is_too_many = matches!(&judgement, Judgement::Again(why) if why == TOO_MANY);
            let is_last = is_too_many || attempt + 1 == MAX_TRIES;
            let goes_on = is_too_many && ids.len() > 1 || !is_last;
            let (fates, is_known) = match judgement {
                Judgement::Known(fates) => (fates, true),
                Judgement::Again(_) if goes_on => (vec![Fate::Again; ids.len()], false),
                Judgement::Again(why) => (vec![Fate::Refused(why); ids.len()], true),
            };
            self.journal.answered(request.sent().request_id, &fates)?;
            for (id, fate) in ids.iter().zip(fates) {
                self.fates.insert((*id).into(), fate);
            }
            if is_known {
                return Ok(());
            }
            if is_too_many {
                let (first, second) = contacts.split_at(contacts.len() / 2);
                self.submit(batch, first)?;
                return self.submit(batch, second);
            }
        }
        Ok(())
    }

    // --- What became of unknown orders ---

    /// Asks for the orders of which it is not known whether the provider has them. They are not
    /// sent again: the people may be called twice.
    fn look_up(&mut self) -> Result<()> {
        let unknown =
            |(id, fate): (&String, &Fate)| matches!(fate, Fate::Unknown(_)).then(|| id.clone());
        let ids: Vec<String> = self.fates.iter().filter_map(unknown).collect();
        if !ids.is_empty() {
            thread::sleep(self.settings.wait); // a request may be on its way
        }
        for some in ids.chunks(MAX_DETAILS) {
            let some: Vec<&str> = some.iter().map(String::as_str).collect();
            let Some(listed) = self.listed(&some)? else {
                continue; // they stay unknown
            };
            for id in some {
                let fate = if listed.contains(id) {
                    Fate::Accepted
                } else {
                    Fate::refused("not_received")
                };
                self.fates.insert(id.into(), fate);
            }
        }
        Ok(())
    }

    /// Returns which orders the provider has. `None` if it did not tell.
    fn listed(&self, ids: &[&str]) -> Result<Option<HashSet<String>>> {
        for attempt in 0..MAX_TRIES {
            self.pause(attempt);
            let request = ListOrderDetail {
                user_task_id: self.task,
                order_list: ids,
            };
            let answer = self.http.call(&request)?;
            let listed = answer.ok().as_ref().and_then(read_ids);
            if listed.is_some() {
                return Ok(listed);
            }
        }
        Ok(None)
    }
}

/// The IDs of the listed orders. An answer without a list says nothing, and one with an order that
/// cannot be read does not say that others are missing.
fn read_ids(message: &Verified<'_>) -> Option<HashSet<String>> {
    let document = message.document(ContentKind::Response).ok()?;
    let list = document.get("/orderDetailList").ok()??;
    list.len()?; // it is an array
    list.elements()
        .map(|order| Some(order.member("orderID")?.as_str()?.to_owned()))
        .collect()
}

/// Tells what became of the orders of a request.
fn judge(request: &SignedRequest, answer: Answer, count: usize) -> Judgement {
    let all = |fate| Judgement::Known(vec![fate; count]);
    let message = match answer {
        Ok(message) => message,
        Err(Failure::NotSent) => return Judgement::Again(Failure::NotSent.reason().into()),
        Err(failure) => return all(Fate::unknown(failure.reason())),
    };
    let outcome = message
        .document(ContentKind::Response)
        .ok()
        .and_then(|document| document.outcome(request.body()).ok());
    let (Some(outcome), Ok(result)) = (outcome, message.result()) else {
        return all(Fate::unknown("unaccounted"));
    };
    match outcome.kind() {
        OutcomeKind::Accepted | OutcomeKind::Partly | OutcomeKind::Ambiguous => {
            let mut fates = vec![Fate::Accepted; count];
            for refusal in outcome.refused() {
                if let Some(index) = refusal.order {
                    fates[index] = if refusal.is_ambiguous {
                        Fate::unknown("ambiguous")
                    } else {
                        Fate::refused("provider")
                    };
                }
            }
            Judgement::Known(fates)
        }
        OutcomeKind::Refused => {
            let why = format!("ret_code_{}", result.ret_code.0);
            if why == TOO_MANY || outcome.retry() == Retry::Later {
                Judgement::Again(why)
            } else if result.ret_code.is_success() {
                all(Fate::refused("provider"))
            } else {
                all(Fate::Refused(why))
            }
        }
        _ => all(Fate::unknown("unaccounted")),
    }
}
