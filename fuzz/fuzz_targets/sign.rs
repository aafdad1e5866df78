//! Arbitrary accounts, request IDs, times and bodies to sign.
#![no_main]

use arbitrary::Arbitrary;
use callbot_core::{
    Algorithm, Batch, Credentials, Error, Order, RequestId, Rules, SecretKey, SecretKeyError,
    Timestamp, header,
};
use callbot_fuzz::{TASK, check_code, check_one_line};
use libfuzzer_sys::fuzz_target;
use sha2::Digest;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    secret_key: &'a str,
    uuid: Token<'a>,
    request_id: Token<'a>,
    create_ts: Time,
    sha256: bool,
    body: &'a [u8],
}

#[derive(Arbitrary, Debug)]
enum Token<'a> {
    Any(&'a str),
    Made(&'a [u8]),
}

impl Token<'_> {
    const BYTES: &'static [u8] =
        b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.:";

    fn get(&self) -> String {
        match self {
            Self::Any(string) => (*string).into(),
            Self::Made(bytes) => bytes
                .iter()
                .map(|&b| char::from(Self::BYTES[usize::from(b) % Self::BYTES.len()]))
                .collect(),
        }
    }

    fn is_valid(string: &str) -> bool {
        (1..=header::MAX_TOKEN_LEN).contains(&string.len())
            && string.bytes().all(|b| Self::BYTES.contains(&b))
    }
}

#[derive(Arbitrary, Debug)]
enum Time {
    Any(u64),
    Made(u32),
}

fuzz_target!(|input: Input<'_>| {
    let secret = input.secret_key;
    let (uuid, request_id) = (input.uuid.get(), input.request_id.get());
    let seconds = match input.create_ts {
        Time::Any(seconds) => seconds,
        Time::Made(seconds) => seconds.into(),
    };
    let algorithm = [Algorithm::Md5, Algorithm::Sha256][usize::from(input.sha256)];

    let key = SecretKey::new(secret);
    check_secret_key(secret, &key);
    let id = RequestId::new(request_id.as_str());
    assert_eq!(id.is_ok(), Token::is_valid(&request_id));
    let create_ts = Timestamp::from_unix_seconds(seconds);
    assert_eq!(create_ts.is_ok(), (1..100_000_000_000).contains(&seconds));
    assert_eq!(seconds.to_string().parse(), create_ts);
    if let Ok(seconds) = i64::try_from(seconds) {
        assert_eq!(Timestamp::try_from(seconds), create_ts);
    }
    if let Err(error) = &create_ts {
        check_error(*error);
    }
    if let Err(error) = &id {
        check_error(*error);
    }

    let Ok(key) = key else { return };
    let credentials = Credentials::new(uuid.as_str(), key, algorithm);
    let is_valid = Token::is_valid(&uuid) && uuid != secret;
    assert_eq!(credentials.is_ok(), is_valid);
    if let Err(error) = &credentials {
        check_error(*error);
    }
    let (Ok(credentials), Ok(id), Ok(create_ts)) = (credentials, id, create_ts) else {
        return;
    };
    let debugged = format!("{credentials:?}");
    assert!(debugged.contains(&uuid) && debugged.contains("SecretKey(***)"));

    let joined = |secret: &str, body: &[u8]| {
        let mut all = secret.as_bytes().to_vec();
        all.extend_from_slice(b"&body=");
        all.extend_from_slice(body);
        all.extend_from_slice(
            format!("&createTs={seconds}&requestID={request_id}&uuid={uuid}").as_bytes(),
        );
        all
    };
    let sign = credentials.sign(&id, create_ts, input.body);
    assert_eq!(
        sign.as_str(),
        hashed(algorithm, &joined(secret, input.body))
    );
    assert_eq!(sign, credentials.sign(&id, create_ts, input.body));

    let masked = credentials.masked_signed_string(&id, create_ts, input.body);
    assert_eq!(masked, joined("***", input.body));

    // The same rule signs a whole request, over its body.
    let mut batch = Batch::new(&TASK, Rules::new()).expect("the task is valid");
    let order = Order {
        order_id: &request_id,
        user_phone: "8613800000001",
        // Such a character may not go out in a string.
        other: &String::from_utf8_lossy(input.body).replace('\0', "0"),
        ..Order::default()
    };
    batch.add(&order).expect("the order is valid");
    let request = batch
        .sign(&credentials, id, create_ts)
        .expect("the batch is not empty");
    assert_eq!(request.body(), batch.body());
    let wanted = hashed(algorithm, &joined(secret, request.body()));
    assert_eq!(
        request.headers(),
        [
            ("requestID", request_id.as_str()),
            ("uuid", uuid.as_str()),
            ("createTs", seconds.to_string().as_str()),
            ("sign", wanted.as_str()),
            ("algorithm", ["MD5", "SHA256"][usize::from(input.sha256)]),
            ("Content-Type", "application/json"),
        ]
    );
});

fn check_secret_key(secret: &str, key: &Result<SecretKey, SecretKeyError>) {
    let is_whitespace = |c: char| c.is_whitespace() || c.is_control();
    if secret.trim_matches(is_whitespace).len() < secret.len() || secret.is_empty() {
        assert!(key.is_err());
    }
    let is_plain = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    if !secret.contains('=')
        && is_plain(secret.chars().next())
        && is_plain(secret.chars().next_back())
    {
        assert!(key.is_ok());
    }
    match key {
        Ok(key) => assert_eq!(format!("{key:?}"), "SecretKey(***)"),
        Err(SecretKeyError::Assignment) => assert!(secret.contains('=')),
        Err(error) => {
            check_error(*error);
            // The error depends only on the two ends of the secret.
            let mut ends = secret.chars();
            let (first, last) = (ends.next(), ends.next_back());
            let other: String = first
                .into_iter()
                .chain(['x', 'y', 'z'])
                .chain(last)
                .collect();
            let other_error = SecretKey::new(if secret.is_empty() { "" } else { &other });
            assert_eq!(
                other_error.expect_err("a secret with the same ends is invalid too"),
                *error
            );
        }
    }
}

fn check_error(error: impl Into<Error>) {
    let error = error.into();
    check_code(error.code());
    check_one_line(&error.to_string());
}

fn hashed(algorithm: Algorithm, bytes: &[u8]) -> String {
    let digest = match algorithm {
        Algorithm::Md5 => md5::Md5::digest(bytes).to_vec(),
        Algorithm::Sha256 => sha2::Sha256::digest(bytes).to_vec(),
    };
    digest
        .iter()
        .fold(String::new(), |hex, b| hex + &format!("{b:02X}"))
}
