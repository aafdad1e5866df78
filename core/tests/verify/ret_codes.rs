//! The return codes: their meaning, and whether a retry helps.

use callbot_core::{RetCode, Retry};

/// The table of the API's pages, and whether a retry helps.
const RET_CODES: [(i64, &str, Retry); 14] = [
    (0, "success", Retry::Succeeded),
    (1, "general error", Retry::Unknown),
    (2, "a parameter is missing", Retry::Never),
    (3, "a parameter has the wrong format", Retry::Never),
    (4, "a parameter has an invalid value", Retry::Never),
    (
        4001,
        "content too large: too many array elements",
        Retry::Never,
    ),
    (5, "server under maintenance", Retry::Later),
    (5001, "internal server error", Retry::Unknown),
    (6, "signature wrong", Retry::Never),
    (6001, "signature missing", Retry::Never),
    (6002, "account does not exist", Retry::Never),
    (6003, "user has no permission", Retry::Never),
    (7, "system busy", Retry::Later),
    (
        1001,
        "a batch import is running, so import and export are refused",
        Retry::Later,
    ),
];

#[test]
fn the_codes_have_their_documented_meaning() {
    for (code, meaning, retry) in RET_CODES {
        let code = RetCode(code);
        assert_eq!(code.meaning(), Some(meaning));
        assert_eq!(code.retry(), retry, "{code}");
        assert_eq!(code.is_success(), code.0 == 0);
        assert_eq!(code.to_string(), format!("{} ({meaning})", code.0));
    }
    let others = (-10..10_000)
        .chain([i64::MIN, i64::MAX])
        .filter(|&code| RET_CODES.iter().all(|&(known, ..)| known != code));
    for code in others.map(RetCode) {
        assert_eq!(code.meaning(), None);
        assert_eq!(code.retry(), Retry::Unknown);
        assert!(!code.is_success());
        assert_eq!(code.to_string(), code.0.to_string());
    }
}
