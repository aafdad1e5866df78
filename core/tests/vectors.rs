//! The signature vectors that all languages share: every folder is read, and none may be missing.

mod common;

use std::collections::BTreeSet;
use std::path::Path;

use callbot_core::{Algorithm, Credentials, RequestId, SecretKey, Timestamp};
use common::{names_in, path, read};

const FILES: [&str; 9] = [
    "README",
    "authRaw",
    "body",
    "createTs",
    "requestID",
    "secretKey",
    "sign.MD5",
    "sign.SHA256",
    "uuid",
];

/// What stands in place of the secret key in the masked string.
const MASK: &[u8] = b"***";

/// The lines of MANIFEST.
fn manifest() -> Vec<String> {
    let text = String::from_utf8(read(path("../vectors/MANIFEST"))).expect("MANIFEST is UTF-8");
    text.lines().map(Into::into).collect()
}

#[test]
fn the_manifest_lists_each_folder_on_disk_once_and_in_order() {
    let listed: Vec<String> = manifest()
        .into_iter()
        .filter(|line| line.starts_with("signature/"))
        .collect();
    let on_disk: Vec<String> = names_in(&path("../vectors/signature"))
        .into_iter()
        .map(|name| format!("signature/{name}"))
        .collect();
    assert_eq!(listed, on_disk);
    assert!(listed.len() >= 24, "{} vectors", listed.len());
}

#[test]
fn every_vector_is_signed_as_it_says() {
    let mut read_folders = BTreeSet::new();
    for line in manifest() {
        // Other kinds belong to other tests.
        if let Some(name) = line.strip_prefix("signature/") {
            check_vector(&path("../vectors/signature").join(name));
            read_folders.insert(name.to_owned());
        }
    }
    let on_disk = names_in(&path("../vectors/signature"));
    assert_eq!(read_folders, on_disk.into_iter().collect());
}

fn check_vector(folder: &Path) {
    let name = folder.display();
    assert_eq!(names_in(folder), FILES, "{name}");
    let text = |file: &str| {
        String::from_utf8(read(folder.join(file))).unwrap_or_else(|_| panic!("{name}/{file}"))
    };
    let secret_key = text("secretKey");
    let body = read(folder.join("body"));
    let request_id = RequestId::new(text("requestID")).unwrap_or_else(|e| panic!("{name}: {e}"));
    let create_ts: Timestamp = text("createTs")
        .parse()
        .unwrap_or_else(|e| panic!("{name}: {e}"));
    assert_eq!(create_ts.to_string(), text("createTs"), "{name}");

    for (algorithm, file) in [
        (Algorithm::Md5, "sign.MD5"),
        (Algorithm::Sha256, "sign.SHA256"),
    ] {
        let secret = SecretKey::new(secret_key.as_str()).unwrap_or_else(|e| panic!("{name}: {e}"));
        let credentials = Credentials::new(text("uuid"), secret, algorithm)
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        let sign = credentials.sign(&request_id, create_ts, &body);
        assert_eq!(sign.as_str(), text(file), "{name}/{file}");

        // The mask stands in place of the secret, and nothing else differs.
        let masked = credentials.masked_signed_string(&request_id, create_ts, &body);
        let behind_mask = masked.strip_prefix(MASK).expect("it begins with the mask");
        let auth_raw = read(folder.join("authRaw"));
        let behind_secret = auth_raw
            .strip_prefix(secret_key.as_bytes())
            .expect("it begins with the secret key");
        assert!(behind_mask == behind_secret, "{name}/authRaw");
    }
}
