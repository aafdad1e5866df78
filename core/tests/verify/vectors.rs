//! The vectors of responses and callbacks that all languages share. A missing or unread folder
//! fails the test.

use std::collections::BTreeSet;
use std::path::PathBuf;

use callbot_core::{
    Algorithm, ContentError, ContentKind, Credentials, Deviations, Document, ReceivedHeaders,
    RequestId, SecretKey, Sent, Timestamp, Verifier, VerifyError,
};

use crate::common::{names_in, path, read};
use crate::responses::read_typed;

const KINDS: [&str; 2] = ["callback", "response"];

const FILES: [&str; 8] = [
    "README",
    "algorithm",
    "body",
    "expected",
    "headers",
    "now",
    "secretKey",
    "uuid",
];

/// The possible outcomes, in the order of the checks.
const EXPECTED: [&str; 17] = [
    "header_repeated",
    "header_missing",
    "header_cgi_name",
    "header_joined",
    "header_malformed",
    "verify_algorithm",
    "verify_unknown_uuid",
    "verify_mismatch",
    "verify_not_utf8",
    "verify_too_old",
    "verify_too_new",
    "verify_other_request",
    "content_json",
    "content_repeated",
    "content_missing",
    "content_wrong_type",
    "ok",
];

/// The first of [`EXPECTED`] that needs the hash.
const FIRST_WITH_HASH: &str = "verify_mismatch";

/// Replaces the secret key in the masked string.
const MASK: &[u8] = b"***";

/// The names of a kind in MANIFEST.
fn listed(kind: &str) -> Vec<String> {
    let manifest = String::from_utf8(read(path("../vectors/MANIFEST"))).expect("MANIFEST is UTF-8");
    manifest
        .lines()
        .filter_map(|line| line.strip_prefix(kind)?.strip_prefix('/'))
        .map(Into::into)
        .collect()
}

#[test]
fn the_manifest_lists_each_folder_on_disk_once_and_in_order() {
    for kind in KINDS {
        let on_disk = names_in(&path("../vectors").join(kind));
        assert_eq!(listed(kind), on_disk, "{kind}");
        assert!(on_disk.len() >= 100, "{} of {kind}", on_disk.len());
    }
}

#[test]
fn every_vector_has_its_expected_outcome() {
    let mut seen = BTreeSet::new();
    let mut stages = 0;
    for kind in KINDS {
        let mut read_folders = Vec::new();
        for name in listed(kind) {
            let vector = Vector::read(kind, &name);
            for (verifier, index) in vector.verifiers() {
                let outcome = vector.outcome(&verifier, index);
                assert_eq!(outcome, vector.expected, "{kind}/{name}");
            }
            stages += usize::from(vector.check_stages());
            seen.insert((kind, vector.expected));
            read_folders.push(name);
        }
        assert_eq!(read_folders, names_in(&path("../vectors").join(kind)));
    }
    // Every outcome has a vector.
    for expected in EXPECTED {
        assert!(
            KINDS
                .iter()
                .any(|kind| seen.contains(&(kind, expected.into()))),
            "{expected}"
        );
    }
    assert!(stages >= 200, "only {stages} vectors had stages to compare");
}

/// The content of one folder.
struct Vector {
    folder: PathBuf,
    is_response: bool,
    headers: Vec<u8>,
    body: Vec<u8>,
    now: u64,
    expected: String,
}

impl Vector {
    fn read(kind: &str, name: &str) -> Self {
        let folder = path("../vectors").join(kind).join(name);
        let is_response = kind == "response";
        let mut vector = Self {
            is_response,
            headers: read(folder.join("headers")),
            body: read(folder.join("body")),
            now: 0,
            expected: String::new(),
            folder,
        };
        vector.now = vector.read_string("now").parse().expect("now is a number");
        vector.expected = vector.read_string("expected");

        let mut files: BTreeSet<&str> = FILES.into();
        if is_response {
            files.extend(["request.algorithm", "request.endpoint"]);
            files.extend(["request.requestID", "request.uuid"]);
        } else {
            files.insert("kind");
        }
        if vector.expected == "ok" {
            files.insert("expected.deviations");
        }
        if vector.is_hashed() {
            files.extend(["authRaw", "sign"]);
        }
        assert!(
            names_in(&vector.folder).iter().eq(files.iter()),
            "{kind}/{name}"
        );
        vector
    }

    fn read_string(&self, file: &str) -> String {
        let path = self.folder.join(file);
        String::from_utf8(read(&path)).unwrap_or_else(|_| panic!("{}", path.display()))
    }

    /// Whether the checks reach the hash.
    fn is_hashed(&self) -> bool {
        let place = |code: &str| EXPECTED.iter().position(|&each| each == code);
        place(&self.expected).expect("a code") >= place(FIRST_WITH_HASH).expect("a code")
    }

    fn credentials(&self, prefix: &str, secret_key: &str) -> Credentials {
        let secret_key = SecretKey::new(secret_key).expect("the secret key is valid");
        let algorithm: Algorithm = self
            .read_string(&format!("{prefix}algorithm"))
            .parse()
            .expect("the algorithm is valid");
        Credentials::new(
            self.read_string(&format!("{prefix}uuid")),
            secret_key,
            algorithm,
        )
        .expect("the uuid is valid")
    }

    /// Verifiers with the vector's credentials, alone or with other ones, and the index of the
    /// former.
    fn verifiers(&self) -> [(Verifier, usize); 3] {
        let ours = self.credentials("", &self.read_string("secretKey"));
        let another = self.credentials("", "another secret key");
        [
            (Verifier::new(ours.clone()), 0),
            (
                Verifier::new(ours.clone()).with_credentials(another.clone()),
                0,
            ),
            (Verifier::new(another).with_credentials(ours), 1),
        ]
    }

    /// The received names and values.
    fn pairs(&self) -> Vec<(&[u8], &[u8])> {
        let lines = self
            .headers
            .strip_suffix(b"\n")
            .expect("the file ends with a line feed");
        lines
            .split(|&byte| byte == b'\n')
            .map(|line| {
                let colon = line.windows(2).position(|pair| pair == b": ");
                let colon = colon.expect("a line has a name and a value");
                (&line[..colon], &line[colon + 2..])
            })
            .collect()
    }

    fn outcome(&self, verifier: &Verifier, index: usize) -> &'static str {
        self.accept(verifier, index).err().unwrap_or("ok")
    }

    fn accept(&self, verifier: &Verifier, index: usize) -> Result<(), &'static str> {
        let pairs = self.pairs();
        let headers =
            ReceivedHeaders::from_pairs(pairs.iter().copied()).map_err(VerifyError::code)?;
        let found = if self.is_response {
            let sent = Sent {
                endpoint: &self.read_string("request.endpoint"),
                request_id: &self.read_string("request.requestID"),
                uuid: &self.read_string("request.uuid"),
                algorithm: self
                    .read_string("request.algorithm")
                    .parse()
                    .expect("the algorithm is valid"),
            };
            verifier.verify_response(&sent, &headers, &self.body, self.now)
        } else {
            verifier.verify_callback(&headers, &self.body, self.now)
        };
        let message = found.map_err(VerifyError::code)?;

        assert_eq!(message.body(), self.body);
        assert_eq!(message.credentials_index(), index);
        let received = |name| received(&pairs, name).expect("a verified message has the header");
        assert_eq!(message.uuid(), received("uuid"));
        assert_eq!(message.request_id(), received("requestID"));
        assert_eq!(message.create_ts().to_string(), received("createTs"));

        let kind = if self.is_response {
            ContentKind::Response
        } else {
            match self.read_string("kind").as_str() {
                "call" => ContentKind::CallCallback,
                "order" => ContentKind::OrderCallback,
                "task" => ContentKind::TaskCallback,
                other => panic!("unknown callback {other}"),
            }
        };
        let document = message
            .document(kind)
            .map_err(|error: ContentError| error.code())?;
        read_typed(&document);
        self.check_deviations(&document);
        Ok(())
    }

    fn check_deviations(&self, document: &Document) {
        let deviations = document.deviations();
        let listed = deviations.iter().map(|each| format!("{each}\n"));
        let mut found: String = listed.collect();
        let unlisted = deviations.count() - deviations.as_slice().len();
        if unlisted > 0 {
            assert_eq!(deviations.as_slice().len(), Deviations::MAX_LISTED);
            found = format!("{found}and {unlisted} more\n");
        }
        let expected = self.read_string("expected.deviations");
        assert_eq!(found, expected, "{}", self.folder.display());
    }

    /// Compares the signed string and the signature, if the vector has them. Returns whether the
    /// parts are valid in a request of ours, so that both could be compared.
    fn check_stages(&self) -> bool {
        let pairs = self.pairs();
        if self.is_hashed() {
            let headers = ReceivedHeaders::from_pairs(pairs.iter().copied())
                .expect("the headers are well-formed");
            let masked = headers.masked_signed_string(&self.body);
            let auth_raw = read(self.folder.join("authRaw"));
            let secret_key = self.read_string("secretKey");
            let same = masked.strip_prefix(MASK) == auth_raw.strip_prefix(secret_key.as_bytes());
            assert!(same, "{}", self.folder.display());
        }
        let parts = || {
            let request_id = RequestId::new(received(&pairs, "requestID")?).ok()?;
            let create_ts: Timestamp = received(&pairs, "createTs")?.parse().ok()?;
            Some((request_id, create_ts))
        };
        let Some((request_id, create_ts)) = parts().filter(|_| self.is_hashed()) else {
            return false;
        };
        let secret_key = self.read_string("secretKey");
        let credentials = self.credentials("", &secret_key);
        let sign = credentials.sign(&request_id, create_ts, &self.body);
        assert_eq!(
            sign.as_str(),
            self.read_string("sign"),
            "{}",
            self.folder.display()
        );

        let masked = credentials.masked_signed_string(&request_id, create_ts, &self.body);
        let auth_raw = read(self.folder.join("authRaw"));
        let same = masked.strip_prefix(MASK) == auth_raw.strip_prefix(secret_key.as_bytes());
        assert!(same, "{}", self.folder.display());
        true
    }
}

/// The value of the first header with this name, if it is UTF-8.
fn received<'h>(pairs: &[(&'h [u8], &'h [u8])], name: &str) -> Option<&'h str> {
    let (_, value) = pairs
        .iter()
        .find(|(each, _)| each.eq_ignore_ascii_case(name.as_bytes()))?;
    std::str::from_utf8(value).ok()
}
