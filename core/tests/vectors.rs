//! The signature vectors that all languages share. A missing or unread folder fails the test.

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

/// Replaces the secret key in the masked string.
const MASK: &[u8] = b"***";

/// The lines of MANIFEST.
fn manifest() -> Vec<String> {
    let manifest = String::from_utf8(read(path("../vectors/MANIFEST"))).expect("MANIFEST is UTF-8");
    manifest.lines().map(Into::into).collect()
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
fn every_vector_has_the_expected_signature() {
    let mut read_folders = BTreeSet::new();
    for line in manifest() {
        // Other kinds have tests of their own.
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
    let read_string = |file: &str| {
        String::from_utf8(read(folder.join(file))).unwrap_or_else(|_| panic!("{name}/{file}"))
    };
    let secret_key = read_string("secretKey");
    let body = read(folder.join("body"));
    let request_id =
        RequestId::new(read_string("requestID")).unwrap_or_else(|e| panic!("{name}: {e}"));
    let create_ts: Timestamp = read_string("createTs")
        .parse()
        .unwrap_or_else(|e| panic!("{name}: {e}"));
    assert_eq!(create_ts.to_string(), read_string("createTs"), "{name}");

    for (algorithm, file) in [
        (Algorithm::Md5, "sign.MD5"),
        (Algorithm::Sha256, "sign.SHA256"),
    ] {
        let secret = SecretKey::new(secret_key.as_str()).unwrap_or_else(|e| panic!("{name}: {e}"));
        let credentials = Credentials::new(read_string("uuid"), secret, algorithm)
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        let sign = credentials.sign(&request_id, create_ts, &body);
        assert_eq!(sign.as_str(), read_string(file), "{name}/{file}");

        // Only the secret is replaced.
        let masked = credentials.masked_signed_string(&request_id, create_ts, &body);
        let after_mask = masked
            .strip_prefix(MASK)
            .expect("the string starts with the mask");
        let auth_raw = read(folder.join("authRaw"));
        let behind_secret = auth_raw
            .strip_prefix(secret_key.as_bytes())
            .expect("the string starts with the secret key");
        assert!(after_mask == behind_secret, "{name}/authRaw");
    }
}
