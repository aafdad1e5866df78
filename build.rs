//! Makes `include/callbot.h` out of the exported functions and their documentation.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

/// The header's sections: the first function of each, and its title.
const SECTIONS: &[(&str, &str)] = &[
    ("callbot_string_get", "Texts that the library made"),
    ("callbot_error_status", "Errors"),
    ("callbot_signer_new", "The signer: the account that signs"),
    (
        "callbot_rules_new",
        "Rules: what a campaign demands of its orders",
    ),
    ("callbot_batch_new", "The batch: orders in"),
    ("callbot_build_batch", "The request: what to send"),
    ("callbot_phone_check", "Phone numbers"),
    (
        "callbot_verifier_new",
        "The way back: is it from the provider?",
    ),
    ("callbot_verified_json", "The content of what was verified"),
    (
        "callbot_testing_sign_response",
        "The provider's side, for tests",
    ),
    ("callbot_version", "Versions"),
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
    let header = with_sections(&String::from_utf8(header)?)?;
    let path = root.join("include/callbot.h");
    // A file that is right is not touched: its time stays, and a read-only source tree builds.
    if fs::read_to_string(&path).ok().as_ref() != Some(&header) {
        fs::create_dir_all(root.join("include"))?;
        fs::write(path, header)?;
    }
    Ok(())
}

/// Puts a title before each group of functions.
fn with_sections(header: &str) -> Result<String, Box<dyn Error>> {
    let mut header = header.to_owned();
    for (function, title) in SECTIONS {
        let declaration = header
            .find(&format!(" {function}("))
            .or_else(|| header.find(&format!("*{function}(")))
            .ok_or_else(|| format!("the header has no function {function}"))?;
        let comment = header[..declaration]
            .rfind("/**")
            .ok_or_else(|| format!("{function} has no documentation"))?;
        header.insert_str(comment, &format!("/* ---- {title} ---- */\n\n"));
    }
    Ok(header)
}
