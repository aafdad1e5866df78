//! What a campaign asks of its list, from options and a TOML file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use callbot_core::{Rules, Task};
use clap::Args;
use serde::{Deserialize, Deserializer};

use crate::failure::{Failure, misuse};
use crate::input;
use crate::phone::Region;

/// The rules, each of which may be in a TOML file too. Options come first.
#[derive(Args, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[command(next_help_heading = "Rules")]
pub(crate) struct RulesOptions {
    /// A TOML file with any of these rules, as docs/command.md shows it
    #[arg(long = "rules", value_name = "FILE")]
    #[serde(skip)]
    file: Option<PathBuf>,
    /// A country code that may be called, such as 86; may be given several times
    #[arg(long = "country", value_name = "CC")]
    countries: Vec<String>,
    /// A variable of the script template, which each row then has to fill; may be given several
    /// times. Columns of other names are not sent
    #[arg(long = "param", value_name = "NAME")]
    params: Vec<String>,
    /// The script template has no variables: no further column is sent
    #[arg(long, conflicts_with = "params")]
    no_params: bool,
    /// Refuse a phone number that an earlier row has
    #[arg(long)]
    unique_phones: bool,
    /// Allow whitespace and invisible characters at the edges of IDs and names
    #[arg(long)]
    allow_blank_edges: bool,
    /// The country code of all numbers that have none, such as 44. Without it they are refused
    #[arg(long, value_name = "CC")]
    region: Option<String>,
    /// What a column is: orderID, userPhone, userName, customerName, other, or the name of a
    /// param; may be given several times
    #[arg(long, value_name = "NAME=COLUMN", value_parser = pair)]
    #[serde(deserialize_with = "table")]
    map: Vec<(String, String)>,
    /// A column that is not sent; may be given several times
    #[arg(long, value_name = "COLUMN")]
    ignore: Vec<String>,
    /// The most orders in one request
    #[arg(long, value_name = "N")]
    max_orders: Option<usize>,
    /// The task's ID, for --batches
    #[arg(long, value_name = "ID")]
    user_task_id: Option<String>,
    /// The URL for callbacks about orders, for --batches
    #[arg(long, value_name = "URL")]
    order_callback_url: Option<String>,
    /// The URL for callbacks about calls, for --batches
    #[arg(long, value_name = "URL")]
    call_callback_url: Option<String>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, column) = text.split_once('=').ok_or("write NAME=COLUMN")?;
    Ok((name.into(), column.into()))
}

/// In a file, a map is a table.
fn table<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<(String, String)>, D::Error> {
    let table = BTreeMap::<String, String>::deserialize(deserializer)?;
    Ok(table.into_iter().collect())
}

/// The rules after options and file are one.
pub(crate) struct Settings {
    pub(crate) rules: Rules,
    pub(crate) region: Option<Region>,
    pub(crate) map: Vec<(String, String)>,
    pub(crate) ignore: Vec<String>,
    /// The variables of the template; `None` if nothing is known of it.
    pub(crate) params: Option<Vec<String>>,
    pub(crate) unique_phones: bool,
    pub(crate) max_orders: Option<usize>,
    task: [Option<String>; 3],
}

impl RulesOptions {
    pub(crate) fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Reads the file and validates the rules.
    pub(crate) fn settings(&self) -> Result<Settings, Failure> {
        let file = self
            .file
            .as_deref()
            .map(read)
            .transpose()?
            .unwrap_or_default();
        let mut rules = Rules::new();
        for country_code in if self.countries.is_empty() {
            &file.countries
        } else {
            &self.countries
        } {
            rules
                .allow_country_code(country_code)
                .map_err(|error| misuse(format!("--country: {error}")))?;
        }
        let params = if self.params.is_empty() {
            &file.params
        } else {
            &self.params
        };
        for name in params {
            rules.require_param(name).map_err(misuse)?;
        }
        let no_params = self.no_params || (file.no_params && self.params.is_empty());
        if no_params {
            rules.require_no_other_params();
        }
        if self.allow_blank_edges || file.allow_blank_edges {
            rules.allow_blank_edges();
        }
        let region = self.region.as_ref().or(file.region.as_ref());
        let max_orders = self.max_orders.or(file.max_orders);
        if let Some(max) = max_orders {
            // Refuses 0. A batch is written when it has as many, so the rule itself is not needed.
            Rules::new().max_orders(max).map_err(misuse)?;
        }
        let or = |option: &Option<String>, of_file: &Option<String>| {
            option.as_ref().or(of_file.as_ref()).cloned()
        };
        Ok(Settings {
            rules,
            region: region
                .map(|digits| digits.parse())
                .transpose()
                .map_err(|error| misuse(format!("--region: {error}")))?,
            map: [file.map.as_slice(), &self.map].concat(),
            ignore: [file.ignore.as_slice(), &self.ignore].concat(),
            params: (no_params || !params.is_empty()).then(|| params.clone()),
            unique_phones: self.unique_phones || file.unique_phones,
            max_orders,
            task: [
                or(&self.user_task_id, &file.user_task_id),
                or(&self.order_callback_url, &file.order_callback_url),
                or(&self.call_callback_url, &file.call_callback_url),
            ],
        })
    }
}

/// The messages may show a value: rules are neither secret nor of a contact.
fn read(path: &Path) -> Result<RulesOptions, Failure> {
    let wrong = |what: &str| misuse(format!("{}: {what}", path.display()));
    let text = String::from_utf8(input::read(path)?).map_err(|_| wrong("it is not UTF-8"))?;
    let line_of = |error: &toml::de::Error| {
        let before = error
            .span()
            .and_then(|span| text.get(..span.start))
            .unwrap_or_default();
        before.matches('\n').count() + 1
    };
    toml::from_str(&text)
        .map_err(|error| wrong(&format!("line {}: {}", line_of(&error), error.message())))
}

impl Settings {
    /// The task of the batches. Without `--batches` nobody sees it, and any will do.
    pub(crate) fn task(&self, is_needed: bool) -> Result<Task<'_>, Failure> {
        let options = [
            "--user-task-id",
            "--order-callback-url",
            "--call-callback-url",
        ];
        let defaults = ["t", "https://example.com/", "https://example.com/"];
        let mut values = [""; 3];
        for (index, value) in self.task.iter().enumerate() {
            values[index] = match value {
                Some(value) => value,
                None if is_needed => {
                    return Err(misuse(format!("--batches needs {}", options[index])));
                }
                None => defaults[index],
            };
        }
        let [user_task_id, order_callback_url, call_callback_url] = values;
        Ok(Task {
            user_task_id,
            order_callback_url,
            call_callback_url,
        })
    }
}
