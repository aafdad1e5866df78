//! What is right is never called wrong.

use proptest::prelude::*;

use crate::signer::{case, explain_sent};

proptest! {
    #[test]
    fn a_right_signature_matches(case in case()) {
        let explanation = explain_sent(&case, &case.sign(&[]));
        prop_assert!(explanation.matches());
        prop_assert_eq!(explanation.causes().len(), 0);
    }
}
