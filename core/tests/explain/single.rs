//! Each mistake alone.

use callbot_core::diagnose::Cause;
use proptest::prelude::*;

use crate::signer::{case, codes, explain_sent};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 2 } else { 32 }))]

    #[test]
    fn each_mistake_is_named(case in case()) {
        for &cause in Cause::ALL {
            let sent = case.sign(&[cause]);
            let explanation = explain_sent(&case, &sent);
            prop_assert!(!explanation.matches(), "{cause:?}");
            prop_assert_eq!(codes(&explanation), [cause.code()], "{:?}", sent);
        }
    }
}
