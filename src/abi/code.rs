//! The code of an error or a violation as C programs read it: a string with a NUL, and a number.

use std::ffi::CStr;

use crate::abi::codes::CODES;
use crate::abi::string::callbot_str;

/// The code as a string that a NUL follows. It lives as long as the program.
pub(crate) fn string_of(code: &str) -> callbot_str {
    find(code).map_or(callbot_str::EMPTY, |(_, code)| {
        callbot_str::of_c_string(code)
    })
}

/// The number of a code.
pub(crate) fn number_of(code: &str) -> i32 {
    find(code).map_or(0, |(number, _)| number)
}

/// `tests/docs.rs` checks that the list has every code.
fn find(code: &str) -> Option<(i32, &'static CStr)> {
    let is_it = |(_, listed): &&(i32, &CStr)| listed.to_bytes() == code.as_bytes();
    CODES.iter().find(is_it).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_count_from_1() {
        for (wanted, (number, code)) in (1..).zip(CODES) {
            assert_eq!(*number, wanted, "{code:?}");
        }
    }

    #[test]
    fn each_code_is_listed_once() {
        for (number, code) in CODES {
            let code = code.to_str().expect("a code is ASCII");
            assert_eq!(number_of(code), *number, "{code}");
        }
        assert_eq!(number_of("phone"), 0);
        assert_eq!(string_of("phone").len, 0);
    }
}
