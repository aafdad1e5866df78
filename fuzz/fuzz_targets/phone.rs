//! An arbitrary string as a phone number.
#![no_main]

use callbot_core::{Batch, Order, PhoneError, PhoneNumber, Rules};
use callbot_fuzz::{TASK, check_code, check_no_phone_number, check_one_line};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|string: &str| {
    let parsed = PhoneNumber::parse(string);
    let typed = PhoneNumber::from_typed(string);

    assert_eq!(string.parse(), parsed);
    match parsed {
        Ok(phone) => {
            assert!((7..=15).contains(&string.len()));
            assert!(string.bytes().all(|b| b.is_ascii_digit()));
            assert!(!string.starts_with('0'));
            assert_eq!(phone.as_str(), string);
            assert_eq!(typed, Ok(phone));
            check_number(phone);
        }
        Err(error) => {
            check_error(error);
        }
    }
    match typed {
        Ok(phone) => {
            assert_eq!(PhoneNumber::parse(phone.as_str()), Ok(phone));
            assert_eq!(PhoneNumber::from_typed(phone.as_str()), Ok(phone));
            check_number(phone);
            check_digits(string, phone.as_str());
        }
        Err(error) => {
            check_error(error);
        }
    }

    // A batch accepts the numbers that `parse` accepts. Its first violation is the same error.
    let order = Order {
        order_id: "1",
        user_phone: string,
        ..Order::default()
    };
    let mut batch = Batch::new(&TASK, Rules::new()).expect("the task is valid");
    match (batch.add(&order), parsed) {
        (Ok(()), Ok(_)) => {}
        (Err(violations), Err(error)) => {
            let code = violations.as_slice()[0].code();
            // No string may have it.
            let is_nul = string.contains('\0');
            assert_eq!(
                code,
                if is_nul {
                    "nul_character"
                } else {
                    error.code()
                }
            );
        }
        (added, parsed) => panic!("{added:?}, but {parsed:?}"),
    }
});

fn check_error(error: PhoneError) {
    check_code(error.code());
    check_one_line(&error.to_string());
    check_no_phone_number(&error);
}

fn check_number(phone: PhoneNumber) {
    let (digits, code) = (phone.as_str(), phone.country_code());
    assert!((1..=3).contains(&code.len()) && digits.starts_with(code));
    assert_eq!(phone.to_string(), digits);
    assert!(!format!("{phone:?}").contains(digits));
}

/// The digits stay the same in the same order, except zeros: a leading `00` and one `(0)`.
fn check_digits(typed: &str, digits: &str) {
    let typed: String = typed.chars().filter_map(digit_of).collect();
    assert!((0..=3).contains(&(typed.len() - digits.len())));
    assert_eq!(typed.replace('0', ""), digits.replace('0', ""));
}

/// The ASCII digit for a digit of any script: the one that `from_typed` makes of it.
fn digit_of(c: char) -> Option<char> {
    let phone = PhoneNumber::from_typed(&format!("861561234567{c}")).ok()?;
    phone.as_str().chars().nth(12)
}
