//! Converts a file of orders, in the API's JSON form, to one signed request and prints it:
//!
//! ```text
//! cargo run --release --example sign_batch -- examples/batch.json
//! ```
//!
//! stdout gets a line `POST <path>`, a line `Name: value` for each header, an empty line, and the
//! body's bytes with nothing after them. `--help` lists the options. The exit code is
//!
//! - 0 if the request was printed,
//! - 1 if the batch is invalid: stderr has a line for each violation and stdout is empty; or if
//!   stdout cannot be written,
//! - 2 if the arguments are invalid.

use std::env::{self, VarError};
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use callbot_core::{
    Algorithm, AlgorithmError, Batch, Credentials, EmptyBatchError, HeaderError, RequestId, Rules,
    SecretKey, SecretKeyError, SignedRequest, Timestamp, TimestampError, Violations,
};
use lexopt::prelude::*;

const USAGE: &str = "Usage: sign_batch [OPTIONS] [--] <FILE>";

const HELP: &str = "
Converts the orders of FILE, JSON as the API documents it, to one signed request on stdout.

Options, with their defaults in brackets:
  --uuid <UUID>          the account's uuid [CALLBOT_UUID]
  --algorithm <NAME>     MD5 or SHA256 [CALLBOT_ALGORITHM, otherwise MD5]
  --request-id <ID>      the request's unique id [32 random hex digits]
  --create-ts <SECONDS>  the request's time in Unix seconds [now]
  -h, --help             this text

The secret key is read from CALLBOT_SECRET_KEY only: others can see a program's arguments.
If neither a uuid nor a secret key is given, the public sample's are used.
";

/// The credentials that the API's authorization page prints in its sample.
const SAMPLE_UUID: &str = "Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR";
const SAMPLE_SECRET_KEY: &str = "u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr";
const SAMPLE_NOTE: &str = "note: signed with the public sample's credentials; \
     set CALLBOT_UUID and CALLBOT_SECRET_KEY to sign with your own";

const SECRET_REFUSED: &str = "the secret key is never taken as an argument, where others can see it; \
     set CALLBOT_SECRET_KEY instead";
const NO_SECRET_KEY: &str = "there is a uuid but no secret key; set CALLBOT_SECRET_KEY";
const NO_UUID: &str = "there is a secret key but no uuid; set CALLBOT_UUID or give --uuid";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn run() -> Result<(), Failure> {
    let options = Options::from_arguments()?;
    if options.help {
        return write!(io::stdout(), "{USAGE}\n{HELP}").map_err(Failure::Output);
    }
    let account = Account::find(options.uuid, options.algorithm)?;
    let json = read_file(options.file)?;
    let request_id = options.request_id.map_or_else(random_request_id, Ok)?;
    let create_ts = options.create_ts.map_or_else(now, Ok)?;

    let batch = Batch::from_json(&json, Rules::new())?;
    let request = batch.sign(&account.credentials, request_id, create_ts)?;

    if account.is_sample {
        tell(SAMPLE_NOTE);
    }
    write_request(&request, &mut io::stdout().lock()).map_err(Failure::Output)
}

/// The command line's options.
#[derive(Default)]
struct Options {
    help: bool,
    file: Option<PathBuf>,
    uuid: Option<String>,
    algorithm: Option<String>,
    request_id: Option<RequestId>,
    create_ts: Option<Timestamp>,
}

impl Options {
    fn from_arguments() -> Result<Self, Failure> {
        let mut options = Self::default();
        let mut arguments = lexopt::Parser::from_env();
        while let Some(argument) = arguments.next()? {
            match argument {
                Short('h') | Long("help") => {
                    options.help = true;
                    break;
                }
                Long("uuid") => options.uuid = Some(value_of("--uuid", &mut arguments)?),
                Long("algorithm") => {
                    options.algorithm = Some(value_of("--algorithm", &mut arguments)?);
                }
                Long("request-id") => {
                    let id = value_of("--request-id", &mut arguments)?;
                    options.request_id = Some(RequestId::new(id)?);
                }
                Long("create-ts") => {
                    options.create_ts = Some(value_of("--create-ts", &mut arguments)?.parse()?);
                }
                Long(name) if name.starts_with("secret") => return Err(misuse(SECRET_REFUSED)),
                Value(file) if options.file.is_none() => options.file = Some(file.into()),
                // Not shown: it may be a secret key in the wrong place.
                Value(_) => return Err(misuse("there is more than one input file")),
                Short(_) | Long(_) => return Err(argument.unexpected().into()),
            }
        }
        Ok(options)
    }
}

/// The account that signs.
struct Account {
    credentials: Credentials,
    is_sample: bool,
}

impl Account {
    /// Returns the user's account or the sample's. The two are never mixed.
    fn find(uuid: Option<String>, algorithm: Option<String>) -> Result<Self, Failure> {
        let secret_key = variable("CALLBOT_SECRET_KEY")?
            .map(SecretKey::new)
            .transpose()?;
        let algorithm = match or_variable(algorithm, "CALLBOT_ALGORITHM")? {
            Some(name) => name.parse()?,
            None => Algorithm::default(),
        };
        let (uuid, secret_key, is_sample) = match (or_variable(uuid, "CALLBOT_UUID")?, secret_key) {
            (Some(uuid), Some(secret_key)) => (uuid, secret_key, false),
            (None, None) => (SAMPLE_UUID.into(), SecretKey::new(SAMPLE_SECRET_KEY)?, true),
            (Some(_), None) => return Err(misuse(NO_SECRET_KEY)),
            (None, Some(_)) => return Err(misuse(NO_UUID)),
        };
        let credentials = Credentials::new(uuid, secret_key, algorithm)?;
        Ok(Self {
            credentials,
            is_sample,
        })
    }
}

fn value_of(option: &str, arguments: &mut lexopt::Parser) -> Result<String, Failure> {
    let value = arguments.value()?;
    value
        .into_string()
        .map_err(|_| misuse(format!("{option}: its value is not UTF-8")))
}

fn or_variable(option: Option<String>, name: &str) -> Result<Option<String>, Failure> {
    option.map_or_else(|| variable(name), |value| Ok(Some(value)))
}

fn variable(name: &str) -> Result<Option<String>, Failure> {
    match env::var(name) {
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        // This error would show the value, which may be the secret key.
        Err(VarError::NotUnicode(_)) => Err(misuse(format!("{name}: its value is not UTF-8"))),
    }
}

fn read_file(file: Option<PathBuf>) -> Result<Vec<u8>, Failure> {
    let file = file.ok_or_else(|| misuse("there is no input file"))?;
    fs::read(&file).map_err(|error| misuse(format!("cannot read {}: {error}", file.display())))
}

fn random_request_id() -> Result<RequestId, Failure> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)
        .map_err(|error| misuse(format!("no random request id, give --request-id: {error}")))?;
    let id = format!("{:032x}", u128::from_ne_bytes(bytes));
    Ok(RequestId::new(id)?)
}

/// Returns the time by the system's clock. A time before 1970 becomes 0, which is refused.
fn now() -> Result<Timestamp, Failure> {
    let since_1970 = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Ok(Timestamp::from_unix_seconds(since_1970.as_secs())?)
}

fn write_request(request: &SignedRequest, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{} {}", request.method(), request.path())?;
    for (name, value) in request.headers() {
        writeln!(out, "{name}: {value}")?;
    }
    writeln!(out)?;
    out.write_all(request.body())?;
    out.flush()
}

/// Writes a line to stderr. Unlike `eprintln!` it does not panic if stderr is closed.
fn tell(message: &str) {
    let _ = io::stderr().write_all(format!("{message}\n").as_bytes());
}

/// A failure of the program, by its exit code.
enum Failure {
    /// An argument or a variable is invalid.
    Misuse(String),
    /// The batch is invalid.
    Batch(String),
    /// stdout could not be written.
    Output(io::Error),
}

fn misuse(message: impl Into<String>) -> Failure {
    Failure::Misuse(message.into())
}

impl Failure {
    fn report(&self) -> ExitCode {
        match self {
            Self::Misuse(message) => {
                tell(&format!("error: {message}\n{USAGE}   (--help says more)"));
                return ExitCode::from(2);
            }
            Self::Batch(message) => tell(message),
            // The reader closed the pipe, as `head` does. That is not an error for the user.
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            Self::Output(error) => tell(&format!("error: cannot write to stdout: {error}")),
        }
        ExitCode::from(1)
    }
}

/// Converts errors to a failure. None of their messages shows a value.
macro_rules! failure_from {
    ($variant:ident: $($error:ty),+) => {$(
        impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::$variant(error.to_string())
            }
        }
    )+};
}

failure_from!(Misuse: AlgorithmError, HeaderError, SecretKeyError, TimestampError, lexopt::Error);
failure_from!(Batch: EmptyBatchError, Violations);
