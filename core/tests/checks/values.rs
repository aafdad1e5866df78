//! Values outside of a batch: accounts, timestamps, algorithms, rules, base URLs.

use callbot_core::{
    Algorithm, Credentials, Error, HeaderErrorKind, PhoneNumber, RequestId, Rules, SecretKey,
    Timestamp, Violations, header,
};

use crate::common::{batch, credentials, request_id, timestamp};
use crate::support::request;

/// An error for each kind of invalid value outside of a batch.
pub(crate) fn value_errors() -> Vec<(Error, &'static str)> {
    [account_errors(), time_errors(), other_errors()]
        .into_iter()
        .flatten()
        .collect()
}

/// The error of an invalid value, as the crate's top-level error type.
fn refused<T>(result: Result<T, impl Into<Error>>) -> Error {
    result.err().expect("the value is refused").into()
}

fn account_errors() -> Vec<(Error, &'static str)> {
    let token_129 = "a".repeat(129);
    let uuid = |uuid: &str| {
        let key = SecretKey::new("k").expect("the secret key is valid");
        refused(Credentials::new(uuid, key, Algorithm::Md5))
    };
    let secret = |key: &str| refused(SecretKey::new(key));
    let id = |id: &str| {
        assert_eq!(id.parse::<RequestId>(), RequestId::new(id));
        refused(RequestId::new(id))
    };
    vec![
        (secret(""), "secret_key_empty"),
        (secret(" "), "secret_key_blank_at_start"),
        (secret(" key"), "secret_key_blank_at_start"),
        (secret("\u{feff}key"), "secret_key_blank_at_start"),
        (secret("\0key"), "secret_key_blank_at_start"),
        (secret("key\n"), "secret_key_blank_at_end"),
        (secret("key\r\n"), "secret_key_blank_at_end"),
        (secret("key\t"), "secret_key_blank_at_end"),
        (secret("key\u{a0}"), "secret_key_blank_at_end"),
        (secret("key\u{200b}"), "secret_key_blank_at_end"),
        (secret("key\u{7f}"), "secret_key_blank_at_end"),
        (secret("\"k3yk3yk3y\""), "secret_key_quoted"),
        (secret("'k3yk3yk3y'"), "secret_key_quoted"),
        (secret("“k3yk3yk3y”"), "secret_key_quoted"),
        (secret("‘k3yk3yk3y’"), "secret_key_quoted"),
        (secret("`k3yk3yk3y`"), "secret_key_quoted"),
        (secret("\"\""), "secret_key_quoted"),
        (
            secret("CALLBOT_SECRET_KEY=k3yk3yk3y"),
            "secret_key_assignment",
        ),
        (secret("KEY2=\"k3yk3yk3y\""), "secret_key_assignment"),
        (secret("_KEY = k3yk3yk3y"), "secret_key_assignment"),
        (secret("export KEY='k3yk3yk3y'"), "secret_key_assignment"),
        (secret("K=k"), "secret_key_assignment"),
        (secret("SECRET_KEY="), "secret_key_assignment"),
        (secret("export KEY="), "secret_key_assignment"),
        (uuid("\"acct-1\""), "uuid_quoted"),
        (uuid("'acct-1'"), "uuid_quoted"),
        (uuid("„acct-1“"), "uuid_quoted"),
        (uuid("CALLBOT_UUID=acct-1"), "uuid_assignment"),
        (uuid("export UUID=acct-1"), "uuid_assignment"),
        (uuid("uuid=acct-1"), "uuid_assignment"),
        (uuid("callbot.uuid = acct-1"), "uuid_assignment"),
        (uuid("$env:UUID=acct-1"), "uuid_assignment"),
        (uuid("UUID="), "uuid_assignment"),
        (uuid("\u{feff}UUID=acct-1\r"), "uuid_assignment"),
        (uuid(" \"acct-1\"\n"), "uuid_quoted"),
        (uuid("YWNjdC0x="), "uuid_character"),
        (uuid("=acct-1"), "uuid_character"),
        (uuid("UUID=\"acct-1\""), "uuid_assignment"),
        (uuid("\"acct-1"), "uuid_character"),
        (uuid("k"), "uuid_is_secret_key"),
        (id("\"r\""), "request_id_character"),
        (uuid(""), "uuid_empty"),
        (uuid(&token_129), "uuid_too_long"),
        (uuid("a&requestID=b"), "uuid_character"),
        (uuid("a\n"), "uuid_character"),
        (uuid("a b"), "uuid_character"),
        (uuid("ü"), "uuid_character"),
        (id(""), "request_id_empty"),
        (id(&token_129), "request_id_too_long"),
        (id("a&uuid=b"), "request_id_character"),
        (id("a=b"), "request_id_character"),
        (id("a\r\nx: y"), "request_id_character"),
        (id("a/b"), "request_id_character"),
        (id("{a}"), "request_id_character"),
    ]
}

fn time_errors() -> Vec<(Error, &'static str)> {
    let parsed = |seconds: &str| refused(seconds.parse::<Timestamp>());
    vec![
        (parsed(""), "create_ts_empty"),
        (parsed("0"), "create_ts_zero"),
        (parsed("01726200000"), "create_ts_leading_zero"),
        (parsed("00"), "create_ts_leading_zero"),
        (parsed("1726200000000"), "create_ts_milliseconds"),
        (parsed("100000000000"), "create_ts_milliseconds"),
        (
            parsed("99999999999999999999999999"),
            "create_ts_milliseconds",
        ),
        (parsed("-1"), "create_ts_character"),
        (parsed("+1"), "create_ts_character"),
        (parsed("1.5"), "create_ts_character"),
        (parsed(" 1"), "create_ts_character"),
        (parsed("1\n"), "create_ts_character"),
        (parsed("1e9"), "create_ts_character"),
        (parsed("١"), "create_ts_character"),
        (refused(Timestamp::from_unix_seconds(0)), "create_ts_zero"),
        (
            refused(Timestamp::from_unix_seconds(100_000_000_000)),
            "create_ts_milliseconds",
        ),
        (
            refused(Timestamp::from_unix_seconds(u64::MAX)),
            "create_ts_milliseconds",
        ),
        (refused(Timestamp::try_from(-1)), "create_ts_negative"),
        (refused(Timestamp::try_from(i64::MIN)), "create_ts_negative"),
        (refused(Timestamp::try_from(0)), "create_ts_zero"),
        (
            refused(Timestamp::try_from(i64::MAX)),
            "create_ts_milliseconds",
        ),
    ]
}

fn other_errors() -> Vec<(Error, &'static str)> {
    let phone = |typed: &str| refused(PhoneNumber::from_typed(typed));
    let mut once = Rules::new();
    once.require_param("a").expect("the name is new");
    let request = request();
    let base = |url: &str| {
        let error = request.to_http(url).unwrap_err();
        assert_eq!(request.as_http(url).unwrap_err(), error);
        Error::from(error)
    };
    vec![
        (refused("".parse::<Algorithm>()), "algorithm"),
        (refused("SHA-256".parse::<Algorithm>()), "algorithm"),
        (refused("SHA1".parse::<Algorithm>()), "algorithm"),
        (refused("MD5 ".parse::<Algorithm>()), "algorithm"),
        (refused(Rules::new().require_param("")), "rules_param_empty"),
        (
            refused(Rules::new().require_param("a\0")),
            "rules_param_nul",
        ),
        (refused(once.require_param("a")), "rules_param_repeated"),
        (
            refused(Rules::new().allow_country_code("")),
            "rules_country_code",
        ),
        (
            refused(Rules::new().allow_country_code("+86")),
            "rules_country_code",
        ),
        (
            refused(Rules::new().allow_country_code("086")),
            "rules_country_code",
        ),
        (
            refused(Rules::new().allow_country_code("861")),
            "rules_country_code",
        ),
        (
            refused(Rules::new().allow_country_code("8")),
            "rules_country_code",
        ),
        (refused(Rules::new().max_orders(0)), "rules_max_orders"),
        (phone("(415) 555-2671"), "phone_no_country_code"),
        (phone("+44 020 7946 0958"), "phone_trunk_zero"),
        (base(""), "url_empty"),
        (base("nxbot.nxcloud.com"), "url_not_absolute"),
        (base("https://nxbot.nxcloud.com/#"), "url_fragment"),
        (base("https://nxbot.nxcloud.com?"), "base_url_query"),
        (base("https://nxbot.nxcloud.com/a?b=c"), "base_url_query"),
        (
            base("https://nxbot.nxcloud.com/callcentre/api/v3"),
            "base_url_path",
        ),
        (
            refused(batch().sign(&credentials(Algorithm::Md5), request_id("r"), timestamp(1))),
            "empty_batch",
        ),
        (Error::from(Violations::default()), "refused"),
    ]
}

#[test]
fn each_invalid_value_has_its_code() {
    for (error, code) in value_errors() {
        assert_eq!(error.code(), code, "{error:?}");
    }
}

#[test]
fn an_error_of_an_id_has_its_header_and_kind() {
    let key = SecretKey::new("k").expect("the secret key is valid");
    let uuid = Credentials::new("a&", key, Algorithm::Md5).unwrap_err();
    let id = RequestId::new("a&").unwrap_err();
    let kind = HeaderErrorKind::Character {
        position: 2,
        found: '&',
    };
    assert_eq!((uuid.header(), uuid.kind()), (header::UUID, kind));
    assert_eq!((id.header(), id.kind()), (header::REQUEST_ID, kind));
    assert_ne!(uuid, id);
    assert_eq!(
        uuid.to_string(),
        "character 2 of uuid is '&' (U+0026); \
         use only ASCII letters, digits, '-', '_', '.' and ':'"
    );
    let empty = RequestId::new("").unwrap_err();
    assert_eq!(empty.kind(), HeaderErrorKind::Empty);
    assert_eq!(
        empty.to_string(),
        "requestID is empty; use 1 to 128 characters"
    );
    let long = RequestId::new("a".repeat(129)).unwrap_err();
    assert_eq!(long.kind(), HeaderErrorKind::TooLong { len: 129 });
}

#[test]
fn each_error_type_has_a_complete_message_and_converts_to_the_top_level_error() {
    let all = [
        (
            refused(SecretKey::new("")),
            "the secret key is empty; copy it from the console's Developer page",
        ),
        (
            refused("0".parse::<Timestamp>()),
            "the timestamp is 0, so it was never set; use Unix seconds",
        ),
        (
            refused(PhoneNumber::parse("0044")),
            "phone number: it starts with 00; remove that and start with the country code",
        ),
        (
            refused(PhoneNumber::parse("")),
            "the phone number is empty; enter digits that start with the country code",
        ),
        (
            refused(request().to_http("")),
            "base URL: the URL is empty; use an absolute http or https URL",
        ),
        (
            refused(batch().sign(&credentials(Algorithm::Md5), request_id("r"), timestamp(1))),
            "the batch has no orders; add one before it is signed",
        ),
    ];
    for (error, message) in all {
        assert_eq!(error.to_string(), message, "{error:?}");
    }
    // Only a phone number's message has no subject, since a violation shows it after its path.
    let plain = "1\n".parse::<Timestamp>().unwrap_err();
    assert_eq!(Error::from(plain).to_string(), plain.to_string());
}

#[test]
fn boundary_values_are_valid() {
    for string in ["1", "1726200000", "99999999999"] {
        let parsed: Timestamp = string.parse().expect(string);
        assert_eq!(parsed.to_string(), string);
        let seconds: u64 = string.parse().expect("digits");
        assert_eq!(Timestamp::from_unix_seconds(seconds), Ok(parsed));
        let signed = i64::try_from(seconds).expect("it fits an i64");
        assert_eq!(Timestamp::try_from(signed), Ok(parsed));
    }
    assert_eq!(Timestamp::MAX_UNIX_SECONDS, 99_999_999_999);
    for token in ["a", "-", "_", ".", ":", "AZaz09-_.:", &"x".repeat(128)] {
        let id = RequestId::new(token).expect(token);
        assert_eq!((id.as_str(), id.to_string()), (token, token.to_owned()));
        assert_eq!(token.parse(), Ok(id));
        let key = SecretKey::new("k").expect("the secret key is valid");
        let credentials = Credentials::new(token, key, Algorithm::Sha256).expect(token);
        assert_eq!(credentials.uuid(), token);
        assert_eq!(credentials.algorithm(), Algorithm::Sha256);
    }
    for key in ["k", "a b", "&body=", "ключ", "😀"] {
        assert!(SecretKey::new(key).is_ok(), "{key}");
    }
    for (name, algorithm) in [
        ("MD5", Algorithm::Md5),
        ("md5", Algorithm::Md5),
        ("SHA256", Algorithm::Sha256),
        ("sha256", Algorithm::Sha256),
    ] {
        assert_eq!(name.parse(), Ok(algorithm));
        assert_eq!(algorithm.name(), name.to_uppercase());
        assert_eq!(algorithm.to_string(), algorithm.name());
    }
    assert_eq!(Algorithm::default(), Algorithm::Md5);
}

#[test]
fn a_secret_key_may_look_like_what_is_refused() {
    for key in [
        // Base64 with padding is no assignment.
        "QUJD=", "QUJDRA==", "ABC123=", "abc=def", "aB=c", "1A=b", "=a", "A-B=c", "A B=c",
        // One quotation mark, or two that do not belong together.
        "\"", "\"a", "a'", "'a\"", "a\"b\"c", "exporta",
    ] {
        let secret_key = SecretKey::new(key).expect(key);
        assert!(Credentials::new("acct-1", secret_key, Algorithm::Md5).is_ok());
    }
}

#[test]
fn an_error_shows_nothing_of_a_key_or_uuid_that_was_copied_with_more() {
    for (error, _) in account_errors() {
        for shown in [error.to_string(), format!("{error:?}")] {
            for part in ["k3y", "KEY", "acct", "CALLBOT"] {
                assert!(!shown.contains(part), "{shown}");
            }
        }
    }
}
