//! Builds and signs batches of outbound calls for the Callbot API.
//!
//! A list of people to call becomes one finished, signed HTTP request: the exact bytes and the
//! exact headers to send, or a list of everything that is wrong, each at its place. The crate opens
//! no socket and reads no clock and no file: the request ID, the time and the HTTP client are the
//! caller's own.
//!
//! ```
//! use callbot_core::{
//!     Algorithm, Batch, Credentials, Order, Param, RequestId, Rules, SecretKey, Task, Timestamp,
//! };
//!
//! let mut batch = Batch::new(
//!     &Task {
//!         user_task_id: "spring-campaign",
//!         order_callback_url: "https://example.com/callbot/order",
//!         call_callback_url: "https://example.com/callbot/call",
//!     },
//!     Rules::new(),
//! )?;
//! batch.add(&Order {
//!     order_id: "7b0f2a60-2f0c-4a6e-9f0b-0f6f1f0a2d11",
//!     user_phone: "8613800000001",
//!     user_name: "王芳",
//!     params: &[Param { name: "amount", value: "120.50" }],
//!     ..Order::default()
//! })?;
//!
//! let credentials = Credentials::new(
//!     "Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR",
//!     SecretKey::new("u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr")?,
//!     Algorithm::Md5,
//! )?;
//! let request = batch.sign(
//!     &credentials,
//!     RequestId::new("00000000000000000000000000000001")?,
//!     Timestamp::from_unix_seconds(1_726_200_000)?,
//! )?;
//!
//! assert_eq!(request.path(), "/callcentre/api/v3/addBatchCall");
//! for (name, value) in request.headers() {
//!     println!("{name}: {value}");
//! }
//! # Ok::<(), callbot_core::Error>(())
//! ```
//!
//! Next steps: [`Batch`] takes orders one by one or as JSON, [`Rules`] holds a campaign's own
//! limits, and [`PhoneNumber`] parses phone numbers. Each other endpoint has a struct such as
//! [`StopOrder`], [`SignedRequest::from_json`] takes the JSON of any endpoint, and
//! [`SignedRequest::new`] any path and body. [`Violation`] tells what is wrong. [`Verifier`]
//! verifies that a response or a callback came from the provider and is fresh, and [`Verified`]
//! returns its typed content. [`Replays`] prevents that one is processed twice.
//! [`diagnose::explain`] tells why a signature is wrong.
//!
//! # Features
//!
//! - `http` (off): [`SignedRequest`] as an `http::Request`, for reqwest, hyper and ureq.
//!   [`ReceivedHeaders`] reads an `http::HeaderMap` without it.
//! - `rustcrypto-md5` (off): MD5 by the `md-5` crate in place of this crate's own compression
//!   function, which is faster. For programs that may only use a hash that others have reviewed.
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod api;
mod batch;
mod check;
pub mod diagnose;
mod error;
#[cfg(feature = "http")]
mod http;
mod json;
mod replays;
mod sign;
pub mod testing;
mod verify;

pub use api::add_batch_call::{AddBatchResponse, RefusedPhone};
pub use api::base_url::join_stored as join_url;
pub use api::call_callback::CallCallback;
pub use api::call_info::{Agent, CallInfoDetail, FilledParam, Intent, Sms};
pub use api::call_info_list::CallInfoList;
pub use api::content::{Content, ContentError, ContentKind};
pub use api::create_and_call::{CreateAndCall, CreateAndCallResponse};
pub use api::create_task::{
    CreateTask, CreateTaskFuncFlag, CreateTaskResponse, CreateTaskSetting, CreateTaskSms,
};
pub use api::document::Document;
pub use api::endpoint::{Endpoint, EndpointError, OrderEndpoint};
pub use api::envelope::{Envelope, EnvelopeRef, RetCode, Retry};
pub use api::export_batch_call::{ExportBatchCall, ExportBatchResponse, ExportedCall};
pub use api::import_batch_call::ImportBatchResponse;
pub use api::list_call::{CallOptions, ListCall, ListCallResponse};
pub use api::list_order::{ListOrder, ListOrderResponse, OrderOptions, TurnTime};
pub use api::list_order_detail::{ListOrderDetail, ListOrderDetailResponse, OrderDetail};
pub use api::list_task::{ListTask, ListTaskResponse, QueryConditions, TaskData};
pub use api::mgr_task_status::{MgrTaskStatus, MgrTaskStatusResponse};
pub use api::order_callback::OrderCallback;
pub use api::ping::{Ping, PingResponse};
pub use api::request::{Sent, SignedRequest};
pub use api::stop_order::{RefusedOrder, StopOrder, StopOrderResponse};
pub use api::task::Task;
pub use api::task_callback::{TaskCallback, TaskStat};
pub use api::task_settings::{FuncFlag, ManualCallSetting, SmsFuncFlag, TaskSetting};
pub use api::typed::Request;
pub use api::update_task::{UpdateTask, UpdateTaskResponse};
pub use batch::order::{Order, OrderBytes, OrderOf, Param, ParamBytes, ParamOf};
pub use batch::outcome::Outcome;
pub use batch::outcome::error::OutcomeError;
pub use batch::outcome::kind::OutcomeKind;
pub use batch::outcome::refusal::Refusal;
pub use batch::rules::{Rules, RulesError};
pub use batch::transaction::{Policy, Transaction};
pub use batch::{Batch, EmptyBatchError, KeptBatch};
pub use check::memory::NoMemoryError;
#[doc(hidden)]
pub use check::memory::{RESERVE_BLOCK, RESERVE_IN_USE};
pub use check::names::NameDifference;
pub use check::phone::PhoneNumber;
pub use check::phone::change::PhoneChange;
pub use check::phone::error::{PhoneError, PhoneWrapper};
pub use check::url::error::UrlError;
pub use check::url::{BaseUrlError, JoinUrlError, PathError};
pub use check::violation::{JsonType, Position, Violation, ViolationKind, Violations};
pub use error::Error;
pub use json::content::extra::Extra;
pub use json::content::list::{List, ListIter};
pub use json::table::{Deviation, Deviations};
pub use json::typed::Json;
pub use json::utf8::MaybeUtf8;
pub use json::value::{Elements, Members, PointerError, Value};
pub use replays::{Claim, Replays, ReplaysError};
pub use sign::credentials::{Credentials, SecretKey, SecretKeyError};
pub use sign::header::{self, HeaderError, HeaderErrorKind, RequestId};
pub use sign::signature::{Algorithm, AlgorithmError, Signature};
pub use sign::timestamp::{Timestamp, TimestampError};
pub use verify::block::{HeaderBlock, HeaderBlockError, HeaderBlockErrorKind};
pub use verify::error::{RequestPart, VerifyError};
pub use verify::headers::ReceivedHeaders;
pub use verify::verified::Verified;
pub use verify::verifier::Verifier;

/// The pages' programs are compiled and run as documentation tests.
#[cfg(doctest)]
mod pages {
    #[doc = include_str!("../../README.md")]
    struct Repository;
    #[doc = include_str!("../README.md")]
    struct Crate;
}
