//! The traits of the public types: threads, errors, comparison.

use std::error::Error as StdError;
use std::fmt::{Debug, Display};
use std::hash::Hash;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::thread;

use callbot_core::{
    AddBatchResponse, Algorithm, AlgorithmError, BaseUrlError, Batch, CallCallback, ContentError,
    Credentials, Document, EmptyBatchError, Envelope, Error, Extra, HeaderError, JsonType,
    KeptBatch, List, Order, OrderBytes, Param, ParamBytes, PhoneError, PhoneNumber, PointerError,
    RefusedPhone, RequestId, Rules, RulesError, SecretKey, SecretKeyError, Signature,
    SignedRequest, Task, TaskCallback, Timestamp, TimestampError, UrlError, Value, VerifyError,
    Violation, ViolationKind, Violations,
};

mod common;

fn moves_between_threads<T: Send + Sync + Unpin + UnwindSafe + RefUnwindSafe + Debug + 'static>() {}
fn is_an_error<T: StdError + Clone + Eq + Send + Sync + 'static>() {}
fn is_a_kind<T: Clone + Eq + Debug + Display>() {}
fn is_a_small_value<T: Copy + Eq + Hash + Debug + Display>() {}

#[test]
fn public_types_move_between_threads() {
    moves_between_threads::<AddBatchResponse>();
    moves_between_threads::<Algorithm>();
    moves_between_threads::<AlgorithmError>();
    moves_between_threads::<BaseUrlError>();
    moves_between_threads::<Batch>();
    moves_between_threads::<CallCallback>();
    moves_between_threads::<ContentError>();
    moves_between_threads::<Credentials>();
    moves_between_threads::<Document>();
    moves_between_threads::<EmptyBatchError>();
    moves_between_threads::<Envelope>();
    moves_between_threads::<Error>();
    moves_between_threads::<Extra>();
    moves_between_threads::<ViolationKind>();
    moves_between_threads::<HeaderError>();
    moves_between_threads::<JsonType>();
    moves_between_threads::<KeptBatch>();
    moves_between_threads::<List<RefusedPhone>>();
    moves_between_threads::<Order<'static>>();
    moves_between_threads::<OrderBytes<'static>>();
    moves_between_threads::<Param<'static>>();
    moves_between_threads::<ParamBytes<'static>>();
    moves_between_threads::<PhoneError>();
    moves_between_threads::<PhoneNumber>();
    moves_between_threads::<PointerError>();
    moves_between_threads::<RequestId>();
    moves_between_threads::<Rules>();
    moves_between_threads::<RulesError>();
    moves_between_threads::<SecretKey>();
    moves_between_threads::<SecretKeyError>();
    moves_between_threads::<Signature>();
    moves_between_threads::<SignedRequest>();
    moves_between_threads::<Task<'static>>();
    moves_between_threads::<TaskCallback>();
    moves_between_threads::<Timestamp>();
    moves_between_threads::<TimestampError>();
    moves_between_threads::<UrlError>();
    moves_between_threads::<Value<'static>>();
    moves_between_threads::<VerifyError>();
    moves_between_threads::<Violation>();
    moves_between_threads::<Violations>();
}

#[test]
fn errors_implement_error_and_kinds_implement_display() {
    is_an_error::<Error>();
    is_an_error::<Violations>();
    is_an_error::<PhoneError>();
    is_an_error::<AlgorithmError>();
    is_an_error::<BaseUrlError>();
    is_an_error::<ContentError>();
    is_an_error::<EmptyBatchError>();
    is_an_error::<HeaderError>();
    is_an_error::<PointerError>();
    is_an_error::<SecretKeyError>();
    is_an_error::<TimestampError>();
    is_an_error::<UrlError>();
    is_an_error::<VerifyError>();
    is_an_error::<RulesError>();
    is_a_kind::<Violation>();
    is_a_small_value::<Algorithm>();
    is_a_small_value::<PhoneNumber>();
    is_a_small_value::<Timestamp>();
}

#[test]
fn every_error_converts_with_the_question_mark() -> Result<(), Box<dyn StdError>> {
    fn refused_phone() -> Result<PhoneNumber, Error> {
        Ok(PhoneNumber::parse("+86")?)
    }
    fn refused_order() -> Result<(), Error> {
        Ok(common::batch().add(&Order::default())?)
    }
    assert_eq!(
        refused_phone(),
        Err(Error::Phone(PhoneError::Plus { position: 1 }))
    );
    assert!(matches!(refused_order(), Err(Error::Refused(violations)) if violations.len() == 2));

    let boxed: Box<dyn StdError + Send + Sync> = refused_order().unwrap_err().into();
    assert!(boxed.to_string().contains("[phone_empty]"));
    let phone: PhoneNumber = "8613800000001".parse()?;
    assert_eq!(phone.to_string(), "8613800000001");
    Ok(())
}

#[test]
fn several_threads_sign_with_one_account() {
    let credentials = common::credentials(Algorithm::Sha256);
    let sign = |i: u64| {
        credentials.sign(
            &common::request_id(&i.to_string()),
            common::timestamp(i + 1),
            &vec![b'x'; 1000],
        )
    };
    let alone: Vec<Signature> = (0..100).map(sign).collect();
    thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| (0..100).map(sign).collect::<Vec<_>>()))
            .collect();
        for thread in threads {
            assert_eq!(thread.join().expect("the thread signs"), alone);
        }
    });
}

#[test]
fn values_compare_by_content() {
    let phone = |digits: &str| PhoneNumber::parse(digits).expect("the phone number is valid");
    assert_eq!(phone("8613800000001"), phone("8613800000001"));
    assert_ne!(phone("8613800000001"), phone("86138000000010"));
    assert!(phone("8613800000001") < phone("8613800000002"));
    assert!(phone("8613800000001") < phone("86138000000010"));

    let sign = |algorithm, body: &[u8]| {
        common::credentials(algorithm).sign(&common::request_id("r"), common::timestamp(1), body)
    };
    for algorithm in [Algorithm::Md5, Algorithm::Sha256] {
        assert_eq!(sign(algorithm, b"a"), sign(algorithm, b"a"));
        assert_ne!(sign(algorithm, b"a"), sign(algorithm, b"b"));
        assert_eq!(
            sign(algorithm, b"a").to_string(),
            sign(algorithm, b"a").as_str()
        );
    }
    assert_ne!(sign(Algorithm::Md5, b"a"), sign(Algorithm::Sha256, b"a"));
    assert!(common::timestamp(1) < common::timestamp(2));
}
