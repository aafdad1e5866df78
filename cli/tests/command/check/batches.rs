//! The bodies of requests.

use std::fs;

use callbot_core::{Batch, Order, Param, Rules, Task};

use super::check;
use crate::support::{OWN, assert_misuse, folder, run_with};

const USAGE: &str = "callbot check [OPTIONS] <LIST>";
const LIST: &str = "orderID,userPhone,userName,amount\n\
    1,+86 13800000001,王芳,1\n2,12345,x,2\n3,8613800000003,x,3\n4,8613800000004,x,4\n";
const URL: &str = "https://example.com/callbot";

fn task() -> [String; 3] {
    [
        "--user-task-id=spring".into(),
        format!("--order-callback-url={URL}"),
        format!("--call-callback-url={URL}"),
    ]
}

fn batches(test: &str, folder: &str, arguments: &[&str]) -> crate::support::Run {
    let task = task();
    let task = task.each_ref().map(String::as_str);
    check(
        test,
        LIST,
        &[&["--batches", folder], &task[..], arguments].concat(),
    )
}

#[test]
fn bodies_are_those_of_the_library_and_can_be_signed() {
    let folder = folder("batches").join("new");
    let path = folder.to_str().unwrap();
    let run = batches("batches-list", path, &["--max-orders=2"]);
    assert_eq!(run.code, Some(1));
    assert!(
        run.stdout
            .ends_with("1 phone number rewritten as digits, 2 batches written\n"),
        "{}",
        run.stdout
    );

    let task = Task {
        user_task_id: "spring",
        order_callback_url: URL,
        call_callback_url: URL,
    };
    let orders = [
        ("1", "8613800000001", "王芳", "1"),
        ("3", "8613800000003", "x", "3"),
        ("4", "8613800000004", "x", "4"),
    ];
    for (index, orders) in orders.chunks(2).enumerate() {
        let mut batch = Batch::new(&task, Rules::new()).unwrap();
        for (order_id, user_phone, user_name, value) in orders {
            let params = &[Param {
                name: "amount",
                value,
            }];
            batch
                .add(&Order {
                    order_id,
                    user_phone,
                    user_name,
                    params,
                    ..Order::default()
                })
                .unwrap();
        }
        let file = folder.join(format!("batch-{:06}.json", index + 1));
        assert_eq!(fs::read(&file).unwrap(), batch.body());
        run_with(&["sign", file.to_str().unwrap()], OWN).success();
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 2);

    // What was written before would be sent again.
    let run = batches("batches-again", path, &["--max-orders=2"]);
    assert_misuse(
        &run,
        USAGE,
        &format!("{path} is not empty; give a new folder"),
    );
}

#[test]
fn what_the_task_needs_is_asked_for() {
    let folder = folder("task");
    let path = folder.to_str().unwrap();
    let message = "--batches needs --max-orders; the provider publishes no figure";
    assert_misuse(&batches("no-max", path, &[]), USAGE, message);
    let zero = batches("zero", path, &["--max-orders=0"]);
    assert_misuse(
        &zero,
        USAGE,
        "a limit of 0 orders would refuse every batch; give at least 1",
    );
    let task = task();
    for (index, option) in [
        "--user-task-id",
        "--order-callback-url",
        "--call-callback-url",
    ]
    .into_iter()
    .enumerate()
    {
        let mut arguments = vec!["--batches", path, "--max-orders=2"];
        arguments.extend(
            task.iter()
                .enumerate()
                .filter(|(i, _)| *i != index)
                .map(|(_, option)| option.as_str()),
        );
        assert_misuse(
            &check("no-task", LIST, &arguments),
            USAGE,
            &format!("--batches needs {option}"),
        );
    }
    let run = check("url", LIST, &["--order-callback-url=example.com"]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("/callInfoList/orderCallbackUrl: "),
        "{}",
        run.stderr
    );
}
