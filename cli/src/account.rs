//! The account whose credentials sign and verify.

mod file;
mod parts;

use std::env::{self, VarError};
use std::path::{Path, PathBuf};

use callbot_core::{Algorithm, Credentials, SecretKey};
use clap::Args;

use crate::account::parts::Parts;
use crate::failure::{Failure, misuse};
use crate::output::tell;

/// The credentials that the API's authorization page prints in its sample.
const SAMPLE_UUID: &str = "Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR";
const SAMPLE_SECRET_KEY: &str = "u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr";
const NO_SECRET_KEY: &str = "there is a uuid but no secret key; set CALLBOT_SECRET_KEY";
const NO_UUID: &str = "there is a secret key but no uuid; set CALLBOT_UUID or give --uuid";
const NONE: &str =
    "there are no credentials; set CALLBOT_UUID and CALLBOT_SECRET_KEY, or give --credentials";

/// Where the credentials come from. The secret key is never an argument, where others can see it.
#[derive(Args)]
#[command(next_help_heading = "Account")]
pub(crate) struct AccountOptions {
    /// A TOML file with uuid, secret_key and algorithm, which nobody else may read; - is standard
    /// input. CALLBOT_UUID, CALLBOT_SECRET_KEY and CALLBOT_ALGORITHM are then not used
    #[arg(long, value_name = "FILE", conflicts_with_all = ["uuid", "algorithm"])]
    pub(crate) credentials: Option<PathBuf>,
    /// The account's uuid [default: CALLBOT_UUID]
    #[arg(long)]
    uuid: Option<String>,
    /// MD5 or SHA256, as the console says [default: CALLBOT_ALGORITHM, otherwise MD5]
    #[arg(long, value_name = "NAME")]
    algorithm: Option<String>,
}

impl AccountOptions {
    /// The file of credentials.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.credentials.as_deref()
    }

    /// The user's credentials.
    pub(crate) fn own(&self) -> Result<Credentials, Failure> {
        self.find()?.ok_or_else(|| misuse(NONE))
    }

    /// The user's credentials, or the public sample's with a note on stderr. The two are never
    /// mixed.
    pub(crate) fn own_or_sample(&self) -> Result<Account, Failure> {
        if let Some(credentials) = self.find()? {
            return Ok(Account {
                credentials,
                is_sample: false,
            });
        }
        let parts = self.parts()?;
        let key = SecretKey::new(SAMPLE_SECRET_KEY).map_err(misuse)?;
        Ok(Account {
            credentials: credentials(SAMPLE_UUID.into(), key, parts.algorithm)?,
            is_sample: true,
        })
    }

    /// `None` if there is neither a uuid nor a secret key.
    fn find(&self) -> Result<Option<Credentials>, Failure> {
        let Parts {
            uuid,
            secret_key,
            algorithm,
        } = self.parts()?;
        let secret_key = secret_key.map(SecretKey::new).transpose().map_err(misuse)?;
        match (uuid, secret_key) {
            (Some(uuid), Some(key)) => credentials(uuid, key, algorithm).map(Some),
            (None, None) => Ok(None),
            (Some(_), None) => Err(misuse(NO_SECRET_KEY)),
            (None, Some(_)) => Err(misuse(NO_UUID)),
        }
    }

    fn parts(&self) -> Result<Parts, Failure> {
        if let Some(path) = &self.credentials {
            return file::read(path);
        }
        let or_variable = |option: &Option<String>, name| match option {
            Some(value) => Ok(Some(value.clone())),
            None => variable(name),
        };
        Ok(Parts {
            uuid: or_variable(&self.uuid, "CALLBOT_UUID")?,
            secret_key: variable("CALLBOT_SECRET_KEY")?,
            algorithm: or_variable(&self.algorithm, "CALLBOT_ALGORITHM")?,
        })
    }
}

fn credentials(
    uuid: String,
    key: SecretKey,
    algorithm: Option<String>,
) -> Result<Credentials, Failure> {
    let algorithm = match algorithm {
        Some(name) => name.parse().map_err(misuse)?,
        None => Algorithm::default(),
    };
    Credentials::new(uuid, key, algorithm).map_err(misuse)
}

fn variable(name: &str) -> Result<Option<String>, Failure> {
    match env::var(name) {
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        // This error would show the value, which may be the secret key.
        Err(VarError::NotUnicode(_)) => Err(misuse(format!("{name}: its value is not UTF-8"))),
    }
}

/// Credentials, which may be the public sample's.
pub(crate) struct Account {
    pub(crate) credentials: Credentials,
    is_sample: bool,
}

impl Account {
    /// Says that the sample's credentials were used for what was done. A command says it when
    /// nothing else is wrong.
    pub(crate) fn note_sample(&self, done: &str) {
        if self.is_sample {
            tell(&format!(
                "note: {done} with the public sample's credentials; set CALLBOT_UUID and \
                 CALLBOT_SECRET_KEY to use your own"
            ));
        }
    }
}
