//! `callbot sign`: one signed request for any endpoint.

mod form;

use std::path::PathBuf;
use std::process::ExitCode;

use callbot_core::{Endpoint, EndpointError, RequestId, SignedRequest, Timestamp};
use clap::Args;

use crate::account::AccountOptions;
use crate::failure::{Failure, misuse};
use crate::sign::form::Form;
use crate::{clock, input, random, violations};

/// Turn the JSON of a request into one signed HTTP request
///
/// FILE has the JSON that the endpoint's page documents. It is validated and written in the API's
/// form; what goes to stdout is signed, and must be sent as it is.
#[derive(Args)]
#[command(after_help = "\
Examples:
  callbot sign examples/batch.json
  callbot sign --as curl examples/batch.json
  echo '{\"userTaskID\":\"spring\",\"orderIDs\":[\"7\"]}' | callbot sign --endpoint stopOrder -

If neither a uuid nor a secret key is given, the public sample's are used, with a note.

Exit codes: 0 signed, 1 the request is invalid, 2 a file or an argument cannot be used.")]
pub(crate) struct SignOptions {
    /// The request's JSON; - is standard input
    file: PathBuf,
    /// The endpoint, by the API's own name
    #[arg(long, value_name = "NAME", default_value = "addBatchCall")]
    endpoint: String,
    /// The request's unique ID [default: 32 random hex digits]
    #[arg(long, value_name = "ID")]
    request_id: Option<String>,
    /// The request's time in Unix seconds [default: now]
    #[arg(long, value_name = "SECONDS")]
    create_ts: Option<String>,
    /// What to print: the whole request, a command for a shell, the header lines only, or JSON
    #[arg(long = "as", value_name = "FORM", value_enum, default_value_t = Form::Http)]
    form: Form,
    /// The same as --as json; what is invalid is JSON on stdout too
    #[arg(long, conflicts_with = "form")]
    json: bool,
    /// The server that --as curl sends to
    #[arg(long, value_name = "URL", default_value = "https://nxbot.nxcloud.com")]
    base_url: String,
    #[command(flatten)]
    account: AccountOptions,
}

pub(crate) fn run(options: &SignOptions) -> Result<ExitCode, Failure> {
    let SignOptions { file, account, .. } = options;
    let form = if options.json {
        Form::Json
    } else {
        options.form
    };
    input::stdin_once([Some(file.as_path()), account.path()].into_iter().flatten())?;
    let endpoint = options.endpoint.parse().map_err(unknown_endpoint)?;
    let request_id = match &options.request_id {
        Some(id) => RequestId::new(id),
        None => RequestId::new(format!(
            "{:032x}",
            u128::from_ne_bytes(random::bytes(", give --request-id")?)
        )),
    };
    let request_id = request_id.map_err(misuse)?;
    let create_ts = match &options.create_ts {
        Some(seconds) => seconds.parse(),
        None => Timestamp::from_unix_seconds(clock::now()),
    };
    let create_ts = create_ts.map_err(misuse)?;
    let account = account.own_or_sample()?;
    let json = input::read(file)?;

    let signed =
        SignedRequest::from_json(endpoint, &json, &account.credentials, request_id, create_ts);
    let request = match signed {
        Ok(request) => request,
        Err(violations) => return violations::report(&violations, form == Form::Json),
    };
    let written = form.write(&request, &options.base_url)?;
    account.note_sample("signed");
    crate::output::print_bytes(&written)?;
    Ok(ExitCode::SUCCESS)
}

/// The core names the nearest endpoint. If none is near, all are named.
fn unknown_endpoint(error: EndpointError) -> Failure {
    if let EndpointError::Unknown { nearest: None } = error {
        let names: Vec<_> = Endpoint::ALL.iter().map(|one| one.name()).collect();
        return misuse(format!("unknown endpoint; use one of {}", names.join(", ")));
    }
    misuse(error)
}
