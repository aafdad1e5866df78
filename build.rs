//! Generates `include/callbot.h` from the exported functions and their documentation.

#[path = "src/abi/codes.rs"]
mod codes;

use std::error::Error;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

/// The header's sections: the first function, the title, and the rules that hold for the section.
const SECTIONS: &[(&str, &str, &[&str])] = &[
    ("callbot_string_get", "Strings that the caller owns", &[]),
    (
        "callbot_error_status",
        "Errors",
        &[
            "A violation is one thing that is wrong with a task, an order or a JSON body. If one of",
            "these is refused, the error lists all violations.",
            "",
            "A code lives as long as the program, and a NUL follows it.",
        ],
    ),
    (
        "callbot_signer_new",
        "The signer: the account that signs",
        &[],
    ),
    (
        "callbot_rules_new",
        "Rules: what a campaign requires of its orders",
        &[],
    ),
    (
        "callbot_batch_new",
        "The batch: orders in",
        &[
            "A function that fails with CALLBOT_REFUSED lists all violations in its error. The index",
            "of an order, in paths and from callbot_error_violation_order, continues from the orders",
            "that the batch had before the call. A string of an order that is not UTF-8 is a",
            "violation of that order.",
        ],
    ),
    ("callbot_build_batch", "The request: what to send", &[]),
    ("callbot_phone_check", "Phone numbers", &[]),
    ("callbot_headers_parse", "Received headers", &[]),
    (
        "callbot_verifier_new",
        "Verifying responses and callbacks",
        &[],
    ),
    ("callbot_verified_body", "Verified messages", &[]),
    (
        "callbot_content_new",
        "The content of verified messages",
        &[
            "The functions that take a pointer read one value of a content by its JSON Pointer (RFC 6901),",
            "such as \"/callInfoDetail/callStatus\" or \"/errList/0/phone\". They write the value only with",
            "CALLBOT_OK. They have no error, since the status says all:",
            "",
            "- CALLBOT_ABSENT if there is no such value, or it is null.",
            "- CALLBOT_WRONG_TYPE if it has another type.",
            "- CALLBOT_JSON_POINTER if the pointer is malformed.",
            "- The status of any other invalid argument.",
            "",
            "Strings live as long as the content. Going through all elements of an array, or all keys of",
            "an object, takes time linear in its length.",
        ],
    ),
    (
        "callbot_outcome_new",
        "What became of the orders of a request",
        &[],
    ),
    (
        "callbot_replays_new",
        "Replays: that no callback is processed twice",
        &[
            "A callback is claimed while it is processed, and done afterwards. A claim ends when its",
            "lease has run out, so that a callback whose worker died is processed again. Several threads",
            "may use a store at once without a lock. It is in memory, so it is for one server, and empty",
            "when the program starts.",
            "",
            "The key is what tells a callback: callbot_verified_uuid, the kind of callback, since a",
            "message can be replayed to the URL of another kind, and callbot_verified_request_id or, since",
            "a callback that is sent again may carry a new one, its order and call. It may be any bytes,",
            "and is not kept: the store has its SHA-256.",
            "",
            "The times are as for callbot_verify_callback: Unix seconds, and a now of 0 is the system's",
            "time. An invalid now fails with CALLBOT_CREATE_TS, and an invalid system clock with",
            "CALLBOT_CLOCK.",
        ],
    ),
    ("callbot_explain", "Why a signature is wrong", &[]),
    (
        "callbot_testing_sign_response",
        "Testing: the provider's side",
        &[],
    ),
    ("callbot_version", "Versions", &[]),
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rerun-if-changed=cbindgen.toml");
    let root = env::var("CARGO_MANIFEST_DIR")?;
    let root = Path::new(&root);
    let config = cbindgen::Config::from_file(root.join("cbindgen.toml"))?;
    let bindings = cbindgen::Builder::new()
        .with_crate(root)
        .with_config(config)
        .generate()?;
    let mut header = Vec::new();
    bindings.write(&mut header);
    let header = with_codes(&String::from_utf8(header)?)?;
    let header = with_sections(&header)?;
    let path = root.join("include/callbot.h");
    // An unchanged file is not written, so that a read-only source tree builds.
    if fs::read_to_string(&path).ok().as_ref() != Some(&header) {
        fs::create_dir_all(root.join("include"))?;
        fs::write(path, header)?;
    }
    Ok(())
}

/// Inserts the constants of the codes before the functions.
fn with_codes(header: &str) -> Result<String, Box<dyn Error>> {
    let functions = header.find("#ifdef __cplusplus\nextern \"C\"");
    let functions = functions.ok_or("the header does not begin with its functions")?;
    let mut lines = String::from(
        "/* ---- Codes ----\n\
        \x20*\n\
        \x20* The number of each code, to switch on: see callbot_error_code_number and\n\
        \x20* callbot_error_violation_code_number. docs/errors.md says what each means. A number never\n\
        \x20* changes its meaning and is never used again. Later releases may add numbers. */\n\n",
    );
    for (number, code) in codes::CODES {
        let code = code.to_str()?.to_uppercase();
        writeln!(lines, "#define CALLBOT_CODE_{code} {number}")?;
    }
    Ok([&header[..functions], &lines, "\n", &header[functions..]].concat())
}

/// Inserts the title and the rules of each section before its first function.
fn with_sections(header: &str) -> Result<String, Box<dyn Error>> {
    let mut header = header.to_owned();
    for (function, title, rules) in SECTIONS {
        let declaration = header
            .find(&format!(" {function}("))
            .or_else(|| header.find(&format!("*{function}(")))
            .ok_or_else(|| format!("the header has no function {function}"))?;
        let comment = header[..declaration]
            .rfind("/**")
            .ok_or_else(|| format!("{function} has no documentation"))?;
        let mut lines = format!("/* ---- {title} ----");
        if !rules.is_empty() {
            lines += "\n *";
            for rule in *rules {
                lines += if rule.is_empty() { "\n *" } else { "\n * " };
                lines += rule;
            }
        }
        header.insert_str(comment, &format!("{lines} */\n\n"));
    }
    Ok(header)
}
