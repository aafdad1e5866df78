//! Property tests of messages against simple reference code.

mod content;
mod json;
mod messages;
mod outcome;

use callbot_core::{Algorithm, Credentials, RequestId, SecretKey, Timestamp};
use proptest::prelude::*;
use proptest::sample::select;

use crate::common::request_id;

fn algorithm() -> impl Strategy<Value = Algorithm> {
    select(vec![Algorithm::Md5, Algorithm::Sha256])
}

prop_compose! {
    fn any_credentials()(
        uuid in "[A-Za-z0-9_.:-]{1,128}",
        // No whitespace at either end and no name or quotation mark before, any characters between.
        secret_key in ("[a-z0-9#%é中😀]", any::<String>(), "[!-~é中😀]"),
        algorithm in algorithm(),
    ) -> Credentials {
        let secret_key = secret_key.0 + &secret_key.1 + &secret_key.2;
        let secret_key = SecretKey::new(secret_key).expect("the secret key is valid");
        Credentials::new(uuid, secret_key, algorithm).expect("the uuid is valid")
    }
}

prop_compose! {
    fn any_request_id()(id in "[A-Za-z0-9_.:-]{1,128}") -> RequestId {
        request_id(&id)
    }
}

fn any_seconds() -> impl Strategy<Value = u64> {
    1..=Timestamp::MAX_UNIX_SECONDS
}
