//! The vectors of responses and callbacks that all languages share: every folder is read, and none may be missing.

use std::collections::BTreeSet;
use std::path::PathBuf;

use callbot_core::{
    Algorithm, ContentError, Credentials, ReceivedHeaders, RequestId, SecretKey, SignedRequest,
    Timestamp, Verifier, VerifyError,
};

use crate::common::{ORDER, batch, names_in, path, read, timestamp};

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

/// What must come of a message, in the order of the checks.
const EXPECTED: [&str; 15] = [
    "header_repeated",
    "header_missing",
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

/// The first of [`EXPECTED`] for which something is hashed.
const FIRST_WITH_HASH: &str = "verify_mismatch";

/// What stands in place of the secret key in the masked string.
const MASK: &[u8] = b"***";

/// The lines of MANIFEST that are of a kind.
fn listed(kind: &str) -> Vec<String> {
    let text = String::from_utf8(read(path("../vectors/MANIFEST"))).expect("MANIFEST is UTF-8");
    text.lines()
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
fn every_vector_comes_out_as_it_says() {
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
    // Nothing that can come out is without a vector.
    for expected in EXPECTED {
        assert!(
            KINDS
                .iter()
                .any(|kind| seen.contains(&(kind, expected.into()))),
            "{expected}"
        );
    }
    assert!(stages >= 200, "the stages of {stages} were compared");
}

/// One folder.
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
        vector.now = vector.text("now").parse().expect("it is a number");
        vector.expected = vector.text("expected");

        let mut files: BTreeSet<&str> = FILES.into();
        if is_response {
            files.extend(["request.algorithm", "request.requestID", "request.uuid"]);
        } else {
            files.insert("kind");
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

    fn text(&self, file: &str) -> String {
        let path = self.folder.join(file);
        String::from_utf8(read(&path)).unwrap_or_else(|_| panic!("{}", path.display()))
    }

    /// Whether the checks get so far that something is hashed.
    fn is_hashed(&self) -> bool {
        let place = |code: &str| EXPECTED.iter().position(|&each| each == code);
        place(&self.expected).expect("a code") >= place(FIRST_WITH_HASH).expect("a code")
    }

    fn credentials(&self, prefix: &str, secret_key: &str) -> Credentials {
        let secret_key = SecretKey::new(secret_key).expect("it is a key");
        let algorithm: Algorithm = self
            .text(&format!("{prefix}algorithm"))
            .parse()
            .expect("it is an algorithm");
        Credentials::new(self.text(&format!("{prefix}uuid")), secret_key, algorithm)
            .expect("it is a uuid")
    }

    /// The verifier of the case alone, and together with another secret key; with the place of the right credentials.
    fn verifiers(&self) -> [(Verifier, usize); 3] {
        let right = self.credentials("", &self.text("secretKey"));
        let another = self.credentials("", "another secret key");
        [
            (Verifier::new(right.clone()), 0),
            (
                Verifier::new(right.clone()).with_credentials(another.clone()),
                0,
            ),
            (Verifier::new(another).with_credentials(right), 1),
        ]
    }

    /// The request that a response has to answer.
    fn request(&self) -> SignedRequest {
        let mut batch = batch();
        batch.add(&ORDER).expect("the order is right");
        let request_id = RequestId::new(self.text("request.requestID")).expect("it is an id");
        let credentials = self.credentials("request.", "whichever");
        batch
            .sign(&credentials, request_id, timestamp(1_726_199_999))
            .expect("it has an order")
    }

    /// Names and values as they were received.
    fn pairs(&self) -> Vec<(&[u8], &[u8])> {
        let lines = self
            .headers
            .strip_suffix(b"\n")
            .expect("it ends with a line feed");
        lines
            .split(|&byte| byte == b'\n')
            .map(|line| {
                let border = line.windows(2).position(|pair| pair == b": ");
                let border = border.expect("a line has a name and a value");
                (&line[..border], &line[border + 2..])
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
            verifier.verify_response(&self.request(), &headers, &self.body, self.now)
        } else {
            verifier.verify_callback(&headers, &self.body, self.now)
        };
        let message = found.map_err(VerifyError::code)?;

        assert_eq!(message.body(), self.body);
        assert_eq!(message.credentials_index(), index);
        let received = |name| received(&pairs, name).expect("it was verified");
        assert_eq!(message.uuid(), received("uuid"));
        assert_eq!(message.request_id(), received("requestID"));
        assert_eq!(message.create_ts().to_string(), received("createTs"));

        let content = if self.is_response {
            message.response().map(drop)
        } else {
            match self.text("kind").as_str() {
                "call" => message.call_callback().map(drop),
                "order" => message.order_callback().map(drop),
                "task" => message.task_callback().map(drop),
                other => panic!("{other} is no callback"),
            }
        };
        content.as_ref().map_err(ContentError::code).copied()
    }

    /// Compares the signed string and the signature, where they are there and our own requests could have their parts.
    fn check_stages(&self) -> bool {
        let pairs = self.pairs();
        if self.is_hashed() {
            let headers = ReceivedHeaders::from_pairs(pairs.iter().copied()).expect("well formed");
            let masked = headers.masked_signed_string(&self.body);
            let auth_raw = read(self.folder.join("authRaw"));
            let secret_key = self.text("secretKey");
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
        let secret_key = self.text("secretKey");
        let credentials = self.credentials("", &secret_key);
        let sign = credentials.sign(&request_id, create_ts, &self.body);
        assert_eq!(
            sign.as_str(),
            self.text("sign"),
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

/// The value of the first header of this name, where it is ASCII.
fn received<'h>(pairs: &[(&'h [u8], &'h [u8])], name: &str) -> Option<&'h str> {
    let (_, value) = pairs
        .iter()
        .find(|(each, _)| each.eq_ignore_ascii_case(name.as_bytes()))?;
    std::str::from_utf8(value).ok()
}
