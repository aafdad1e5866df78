//! Any text as a phone number.
#![no_main]

use callbot_core::{Batch, Order, PhoneError, PhoneNumber, Rules};
use callbot_fuzz::{TASK, check_code, check_no_phone_number, check_one_line};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let parsed = PhoneNumber::parse(text);
    let typed = PhoneNumber::from_typed(text);

    assert_eq!(text.parse(), parsed);
    match parsed {
        Ok(phone) => {
            assert!((7..=15).contains(&text.len()));
            assert!(text.bytes().all(|b| b.is_ascii_digit()));
            assert!(!text.starts_with('0'));
            assert_eq!(phone.as_str(), text);
            assert_eq!(typed, Ok(phone));
            check_number(phone);
        }
        Err(fault) => {
            check_fault(fault);
        }
    }
    match typed {
        Ok(phone) => {
            assert_eq!(PhoneNumber::parse(phone.as_str()), Ok(phone));
            assert_eq!(PhoneNumber::from_typed(phone.as_str()), Ok(phone));
            check_number(phone);
            check_digits(text, phone.as_str());
        }
        Err(fault) => {
            check_fault(fault);
        }
    }

    // A batch takes the numbers that `parse` takes, and its first complaint is the same.
    let order = Order {
        order_id: "1",
        user_phone: text,
        ..Order::default()
    };
    let mut batch = Batch::new(&TASK, Rules::new()).expect("the task is right");
    match (batch.add(&order), parsed) {
        (Ok(()), Ok(_)) => {}
        (Err(violations), Err(fault)) => assert_eq!(violations.as_slice()[0].code(), fault.code()),
        (added, parsed) => panic!("{added:?}, but {parsed:?}"),
    }
});

fn check_fault(fault: PhoneError) {
    check_code(fault.code());
    check_one_line(&fault.to_string());
    check_no_phone_number(&fault);
}

fn check_number(phone: PhoneNumber) {
    let (digits, code) = (phone.as_str(), phone.country_code());
    assert!((1..=3).contains(&code.len()) && digits.starts_with(code));
    assert_eq!(phone.to_string(), digits);
    assert!(!format!("{phone:?}").contains(digits));
}

/// No digit that was typed is lost or moved, but zeros: a leading `00` and one `(0)`.
fn check_digits(typed: &str, digits: &str) {
    const ZEROS: [char; 7] = [
        '0', '０', '\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{e50}',
    ];
    let typed: String = typed
        .chars()
        .filter_map(|c| {
            let values = ZEROS
                .iter()
                .map(|&zero| u32::from(c).wrapping_sub(u32::from(zero)));
            values.min().and_then(|value| char::from_digit(value, 10))
        })
        .collect();
    assert!((0..=3).contains(&(typed.len() - digits.len())));
    assert_eq!(typed.replace('0', ""), digits.replace('0', ""));
}
