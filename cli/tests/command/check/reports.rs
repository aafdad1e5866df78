//! The three forms of the report.

use std::fmt::Write;

use serde_json::json;

use super::{check, problems, report};

const LIST: &str = "orderID,userPhone,userName,amount\n\
    1,+86 13800000001,王芳,120.50\n\
    2,13800,Ann,\n\
    ,,,\n\
    1,8613800000002,Bob,7\n\
    3,8613800000003,Eve\n";

#[test]
fn a_table_tells_row_column_and_hint() {
    let run = check("table", LIST, &[]);
    assert_eq!(run.code, Some(1));
    assert_eq!(
        run.stdout,
        "phone_too_short, once\n  \
           row 3  userPhone  it has 5 digits; at least 7 are required, including the country code\n\
         empty, 2 times\n  \
           row 3  amount  must not be empty\n  \
           row 6  amount  must not be empty\n\
         duplicate_order_id, once\n  \
           row 5  orderID  row 2 has this orderID already; give each order its own\n\
         row_length, once\n  \
           row 6    the row has 3 cells and the first row 4; look for a delimiter or a quotation mark\n\
         \n\
         column orderID: orderID\n\
         column userPhone: userPhone\n\
         column userName: userName\n\
         column amount: amount\n\
         1 accepted, 3 rejected, 1 phone number rewritten as digits, 1 empty row passed over\n"
    );
    assert_eq!(run.stderr, "");
}

#[test]
fn a_list_with_nothing_wrong_succeeds() {
    let run = check("right", "orderID,userPhone\n1,8613800000001\n", &[]);
    assert!(
        run.success().ends_with("\n1 accepted, 0 rejected\n"),
        "{}",
        run.stdout
    );
    assert_eq!(
        report(0, "right", "orderID,userPhone\n", &[])["accepted"],
        0
    );
}

#[test]
fn json_has_everything() {
    let report = report(1, "json", LIST, &[]);
    assert_eq!(
        problems(&report),
        [
            (3, "userPhone", "phone_too_short"),
            (3, "amount", "empty"),
            (5, "orderID", "duplicate_order_id"),
            (6, "", "row_length"),
            (6, "amount", "empty"),
        ]
    );
    assert_eq!(report["problems"][3]["column"], json!(null));
    assert_eq!(report["problems"][1]["message"], "must not be empty");
    let counts = [
        "accepted",
        "rejected",
        "emptyRows",
        "rewrittenPhones",
        "batches",
    ]
    .map(|key| report[key].as_u64().unwrap());
    assert_eq!(counts, [1, 3, 1, 1, 0]);
    assert_eq!(
        report["columns"][3],
        json!({"column": "amount", "becomes": "amount"})
    );
    assert_eq!(report["notSent"], json!([]));
}

#[test]
fn csv_has_a_row_for_each_problem() {
    let run = check("csv", LIST, &["--as=csv"]);
    assert_eq!(run.code, Some(1));
    let lines: Vec<_> = run.stdout.lines().collect();
    assert_eq!(lines[0], "row,column,code,message");
    assert_eq!(lines[2], "3,amount,empty,must not be empty");
    assert_eq!(lines.len(), 6);
}

#[test]
fn the_table_shows_twenty_of_a_kind_and_the_others_all() {
    let mut list = String::from("orderID,userPhone\n");
    for row in 0..1_030 {
        writeln!(list, "{row},12345").unwrap();
    }
    let run = check("many", &list, &[]);
    assert!(
        run.stdout.starts_with("phone_too_short, 1,030 times\n"),
        "{}",
        run.stdout
    );
    assert_eq!(run.stdout.matches("\n  row ").count(), 20);
    assert!(
        run.stdout.contains("\n  and 1,010 more\n"),
        "{}",
        run.stdout
    );
    assert_eq!(
        report(1, "many", &list, &[])["problems"]
            .as_array()
            .unwrap()
            .len(),
        1_030
    );
}

#[test]
fn messages_show_no_contact() {
    let list = "orderID,userPhone,secret of Ann\n77-Ann,+44 7700 9001234567890,Ann\n77-Ann,Ann,\n";
    for form in ["table", "csv", "json"] {
        let run = check("privacy", list, &["--as", form]);
        let messages = run.stdout.replace("secret of Ann", "");
        for contact in ["77-Ann", "9001234567890", "Ann"] {
            assert!(!messages.contains(contact), "{}", run.stdout);
        }
    }
}

#[test]
fn a_column_cannot_command_a_terminal() {
    let run = check(
        "escapes",
        "orderID,userPhone,\u{1b}[2J\u{202e}\n1,x,\n",
        &[],
    );
    assert!(
        run.stdout.contains("column \\u001b[2J\\u202e: "),
        "{}",
        run.stdout
    );
    assert!(!run.stdout.contains(['\u{1b}', '\u{202e}']));
}

#[test]
fn one_is_not_told_as_several() {
    let run = check(
        "one",
        "orderID,userPhone\n1\n\"\",\n2,+8613800000001\n",
        &[],
    );
    for told in [
        "the row has 1 cell and the first row 2;",
        ", 1 phone number rewritten",
        ", 1 empty row passed over",
    ] {
        assert!(run.stdout.contains(told), "{}", run.stdout);
    }
}
