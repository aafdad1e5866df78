//! An allocation of what grows with the input fails, and an error tells so.

use callbot_core::{Batch, Error, NoMemoryError, Order, Rules, Task};

#[test]
fn a_reservation_that_fails_is_an_error_and_leaves_the_batch() {
    let task = Task {
        user_task_id: "t",
        order_callback_url: "https://a.example/",
        call_callback_url: "https://a.example/",
    };
    let mut batch = Batch::new(&task, Rules::new()).unwrap();
    let order = Order {
        order_id: "1",
        user_phone: "8613800000001",
        ..Order::default()
    };
    assert_eq!(batch.reserve(usize::MAX, usize::MAX), Err(NoMemoryError));
    batch.add(&order).unwrap();
    assert_eq!(batch.len(), 1);
    let error = Error::from(NoMemoryError);
    assert_eq!(error.code(), "no_memory");
    assert_eq!(error.to_string(), NoMemoryError::MESSAGE);
}
